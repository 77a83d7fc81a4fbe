"""The page and the folder of a study: several plans of one scenario, a whole run directory for each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.plan.save import CONFIG_NAME, MANIFEST_NAME, STUDY_NAME, json_text, versions, write_table
from optimizer.report import charts, wording
from optimizer.report.page import Page, rendered, write_text
from optimizer.report.part import Figure, Part, Tile, marked_up
from optimizer.report.run_folder import write_plan
from optimizer.report.study_charts import frontier_chart
from optimizer.report.tables import Table, plain_table
from optimizer.scenario import dump_yaml
from optimizer.studies import Alternatives, FrontierFound
from optimizer.studies.side_by_side import AMOUNT_COLUMNS

Study = FrontierFound | Alternatives


@dataclass(frozen=True)
class _Words:
    kicker: str
    sentence: str
    texts: tuple[str, ...]
    tiles: tuple[Tile, ...]
    figures: tuple[Figure, ...]


def study_tables(study: Study) -> tuple[Table, ...]:
    """The plans beside one another, for terminal and page."""
    title = "Plans on the frontier" if isinstance(study, FrontierFound) else "Plans"
    table = study.table()
    if isinstance(study, FrontierFound):
        table = table.rename(columns={"bound": f"bound_{AMOUNT_COLUMNS[study.between[0]]}"})
    return plain_table(table, title), plain_table(
        study.sites(), "IT megawatts at the end of planning, by site"
    )


def study_sentence(study: Study) -> str:
    """The study in one sentence."""
    return _words(study, drawn=False).sentence


def write_study(
    study: Study,
    folder: Path,
    argv: tuple[str, ...] = (),
    inputs: Mapping[str, Path] | None = None,
    page: bool = True,
) -> None:
    """Write a study: study.json, plans.csv, sites.csv, a page, and a run directory for each plan.

    Parameters
    ----------
    study : FrontierFound or Alternatives
    folder : Path
        New; the caller puts it in its place.
    argv : tuple of str
        The command line, for the manifests.
    inputs : mapping of str to Path, optional
        Files that entered, for their hashes.
    page : bool
        Whether to write pages and workbooks.
    """
    folder.mkdir(parents=True)
    table = study.table()
    write_table(table, folder / "plans.csv")
    write_table(study.sites(), folder / "sites.csv")
    for name, plan in study.named.items():
        write_plan(plan, folder / name, argv, inputs, page)
    document = {
        "scenario": next(iter(study.named.values())).scenario.name,
        "kind": _kind(study),
        "between": list(study.between) if isinstance(study, FrontierFound) else None,
        "within": study.within if isinstance(study, Alternatives) else None,
        "plans": table.to_dict(orient="records"),
    }
    scenario = study.scenario if isinstance(study, FrontierFound) else study.best.scenario
    for name, text in (
        (STUDY_NAME, json_text(document)),
        (CONFIG_NAME, dump_yaml(scenario)),
        (MANIFEST_NAME, json_text({"study": _kind(study), "argv": list(argv), "versions": versions()})),
    ):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    if page:
        write_text(study_page(study), folder / "report.html")


def study_page(study: Study) -> str:
    """The page of a study as HTML text."""
    scenario = study.scenario if isinstance(study, FrontierFound) else study.best.scenario
    words = _words(study, drawn=True)
    plans, sites = study_tables(study)
    page = Page(
        name=scenario.name,
        description=scenario.description,
        sentence=words.sentence,
        verified=study.verified,
        violations=tuple(
            f"{name}: {violation}"
            for name, plan in study.named.items()
            for violation in plan.report.violations
        ),
        tiles=words.tiles,
        parts=(
            Part("plans", "Plans", texts=words.texts, figures=words.figures, tables=(plans,)),
            Part("sites", "Where they build", tables=(sites,)),
        ),
        colophon=f"Money is in real {scenario.money.base_year} dollars.",
        kicker=words.kicker,
        links=tuple((name, f"{name}/report.html") for name in study.named),
    )
    return rendered(page)


def _kind(study: Study) -> str:
    return "frontier" if isinstance(study, FrontierFound) else "alternatives"


def _words(study: Study, drawn: bool) -> _Words:
    return _of_frontier(study, drawn) if isinstance(study, FrontierFound) else _of_alternatives(study)


def _of_frontier(study: FrontierFound, drawn: bool) -> _Words:
    first, second = study.between
    metric = study.scenario.demand.metric

    def said(plan: Any, aim: str) -> str:
        return wording.objective(plan.amounts[aim], aim, metric)

    near, far = study.plans[0], study.plans[-1]
    worst = max(plan.gap for plan in study.plans)
    sentence = (
        f"One plan is the best in both, {wording.aim_name(first)} {said(near, first)} with {wording.aim_name(second)} "
        f"{said(near, second)}: here the two do not conflict; proven to {wording.percent(worst)} or better; {_checked(study)}."
        if len(study.plans) == 1
        else f"{len(study.plans)} plans from {wording.aim_name(first)} {said(near, first)} with {wording.aim_name(second)} "
        f"{said(near, second)} to {said(far, first)} with {said(far, second)}; each proven to {wording.percent(worst)} "
        f"or better; {_checked(study)}."
    )
    texts = (
        f"Each plan is the best in {wording.aim_name(first)} among all that are no worse than it in "
        f"{wording.aim_name(second)}, up to its gap. The tick below a dot is what no plan at that level can better.",
    )
    tiles = tuple(
        Tile(f"Point {n}", said(plan, first), f"{wording.aim_name(second)} {said(plan, second)}")
        for n, plan in enumerate(study.plans, start=1)
    )
    figures: tuple[Figure, ...] = ()
    if drawn:
        title = f"{wording.aim_name(first)} over {wording.aim_name(second)}"
        figures = (
            marked_up(
                {width: frontier_chart(study, width) for width in (charts.WIDE, charts.NARROW)},
                "frontier",
                title,
                f"{title[:1].upper()}{title[1:]}; every dot is a checked plan.",
            ),
        )
    return _Words(
        "Frontier", sentence, texts, tiles[:4] if len(tiles) <= 4 else (tiles[0], tiles[-1]), figures
    )


def _of_alternatives(study: Alternatives) -> _Words:
    metric, aim = study.best.scenario.demand.metric, study.best.aim
    table = study.table()
    apart = float(table["different_share_nearest"].iloc[1:].min()) if len(study.others) else 0.0
    best = wording.objective(study.best.objective, aim, metric)
    others = (
        f"{f'{len(study.others)} others lie' if len(study.others) > 1 else 'one other lies'} within "
        f"{wording.percent(study.within)} of it, each with at least {math.floor(100 * apart + 1e-9)} % of "
        "its megawatts elsewhere or with other chips than any plan before"
        if study.others
        else f"no other within {wording.percent(study.within)} of it was found"
    )
    sentence = (
        f"The best plan found has {wording.aim_name(aim)} {best} (gap {wording.percent(study.best.gap)}); {others}; "
        f"{_checked(study)}."
    )
    texts = (
        "Each alternative keeps every limit and differs as much as was found from all plans before it, measured by IT megawatts "
        "at the end of planning, by site and chip.",
    )
    tiles = tuple(
        Tile(
            name,
            wording.objective(plan.objective, aim, metric),
            f"{row.sites} sites, {row.it_mw:,.0f} MW of IT",
        )
        for (name, plan), row in zip(study.named.items(), table.itertuples(), strict=True)
    )
    return _Words("Near-best plans", sentence, texts, tiles, ())


def _checked(study: Study) -> str:
    return (
        "all verified by the independent check"
        if study.verified
        else "NOT all verified: the independent check found faults"
    )
