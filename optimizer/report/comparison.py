"""Two plans side by side: what changes in cost, megawatts, compute, dates, sites and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from optimizer.errors import OptimizerError
from optimizer.plan import Plan
from optimizer.report import frames, wording
from optimizer.report.comparison_figures import COST_OF, costs, figures, limits_broken, shown
from optimizer.report.tables import Table, billions, by_period, plain_table
from optimizer.scenario import Scenario

BEST = "best"  # a plan that was chosen, beside a given one


class ComparisonError(OptimizerError):
    """Plans that can't be set side by side: the message says why."""

    exit_code = 2


@dataclass(frozen=True)
class Comparison:
    """What changes from a first plan to a second one.

    Attributes
    ----------
    first, second : Plan
    names : tuple of str
        What the plans are called: by scenario, and where that is the same, by given plan.
    figures : DataFrame
        figure, unit, first, second, change: cost without shortage, shortage, capital a GW, levelised cost, dates, limits broken.
    cost : DataFrame
        line, first_usd, second_usd, change_usd: discounted cost, sales and residual values negative; what is not
        served stands apart from the rest.
    it_mw : DataFrame
        figure (first, second, change), period, mw.
    compute : DataFrame
        figure, period, served (all workloads together) [unit of demand.metric].
    sites : DataFrame
        site, first_it_mw, second_it_mw (largest in the planning periods), first_path, second_path; sites that differ.
    dates : DataFrame
        it_mw (a level), first, second (month from which it stands), months_later.
    limits : DataFrame
        plan, limit, where, periods (how many), from, found, allowed: limits that are broken.
    """

    first: Plan
    second: Plan
    names: tuple[str, str]
    figures: Any
    cost: Any
    it_mw: Any
    compute: Any
    sites: Any
    dates: Any
    limits: Any

    @property
    def change_of_objective(self) -> float:
        """Objective of the second plan less that of the first [unit of the objective]."""
        return self.second.objective - self.first.objective

    @property
    def change_of_shortage_usd(self) -> float:
        """Change of the discounted cost of compute that is not served [USD]."""
        return float(self.figures.set_index("figure")["change"][COST_OF])


def comparison(first: Plan, second: Plan) -> Comparison:
    """Set two plans side by side.

    Raises
    ------
    ComparisonError
        One minimises cost and the other maximises compute, or they count compute or dollars differently.
    """
    check_comparable(first.scenario, second.scenario)
    names = names_of(first, second)
    return Comparison(
        first,
        second,
        names,
        figures(first, second),
        costs(first, second),
        *_paths(first, second),
        _sites(first, second),
        _dates(first, second),
        limits_broken({names[0]: first, names[1]: second}),
    )


def check_comparable(first: Scenario, second: Scenario) -> None:
    """Raise a ComparisonError where plans of two scenarios can't be set side by side."""
    for name, own, other in (
        ("objective", first.objective, second.objective),
        ("demand.metric", first.demand.metric, second.demand.metric),
        ("money.base_year", first.money.base_year, second.money.base_year),
    ):
        if own != other:
            raise ComparisonError(f"{name}: the plans can't be compared: {own} beside {other}")


def names_of(first: Plan, second: Plan) -> tuple[str, str]:
    """What two plans are called beside each other.

    A given plan goes by its own name. One that was chosen goes by its scenario, or is the best beside a given one of
    the same scenario.
    """
    same = first.scenario.name == second.scenario.name
    beside_given = same and (first.given is None) != (second.given is None)
    names = tuple(
        plan.name if plan.given is not None or not beside_given else BEST for plan in (first, second)
    )
    if names[0] != names[1]:
        return names[0], names[1]
    return f"{names[0]}, first", f"{names[1]}, second"


def comparison_tables(found: Comparison) -> list[Table]:
    """The comparison as tables of text."""
    unit = wording.compute_unit(found.first.scenario.demand.metric)
    limits = (plain_table(found.limits, "Limits that are broken"),) if len(found.limits) else ()
    return [
        shown(found.figures, found.names),
        *limits,
        _named(plain_table(found.cost, "Discounted cost by line", total=True), found.names),
        by_period(_by_name(found, found.it_mw), ("figure",), "mw", "IT megawatts in operation"),
        by_period(
            _by_name(found, found.compute),
            ("figure",),
            "served",
            f"Compute served, thousand {unit}",
            lambda v: wording.number(v / 1000),
        ),
        _named(plain_table(found.dates, "When capacity stands"), found.names),
        _named(plain_table(found.sites, "Sites that differ"), found.names),
    ]


def _by_name(found: Comparison, frame: Any) -> Any:
    """A frame by figure with the plans' names for first and second."""
    names = dict(zip(("first", "second"), found.names, strict=True))
    return frame.assign(figure=frame["figure"].replace(names))


def _named(table: Table, names: tuple[str, str]) -> Table:
    """A table with the plans' names in its heading."""
    header = tuple(
        head.replace("first", names[0], 1)
        if head.startswith("first")
        else head.replace("second", names[1], 1)
        for head in table.header
    )
    return Table(table.title, header, table.rows, table.figures, table.total)


def change_in_words(found: Comparison) -> str:
    """How much more the second plan costs, shortage apart."""
    more, short = found.change_of_objective, found.change_of_shortage_usd
    one, two = (called(name) for name in found.names)
    text = f"{two[:1].upper()}{two[1:]} costs {_more(more)} than {one}"
    if abs(short) < 1e5:
        return f"{text}."
    return f"{text}: {_more(more - short)} without shortage, {_more(short)} for compute that is not served."


def called(name: str) -> str:
    """A plan's name in a sentence."""
    return "the best plan" if name == BEST else f"“{name}”"


def _more(usd: float) -> str:
    return f"{billions(abs(usd))} billion USD {'more' if usd >= 0 else 'less'}"


def long_form(found: Comparison) -> Any:
    """All of the comparison in one frame: table, item, period, unit, and a column for each plan and the change."""
    import pandas as pd

    one, two = found.names
    parts = [
        found.figures.assign(table="figures", item=found.figures["figure"], period=""),
        found.cost.rename(
            columns={"line": "item", "first_usd": "first", "second_usd": "second", "change_usd": "change"}
        ).assign(table="discounted cost", unit="USD", period=""),
        _wide(found.it_mw, "mw").assign(table="IT power", item="in operation", unit="MW"),
        _wide(found.compute, "served").assign(
            table="compute", item="served", unit=found.first.scenario.demand.metric
        ),
        found.dates.rename(columns={"months_later": "change"}).assign(
            table="dates", item=[f"{mw:g} MW stand" for mw in found.dates["it_mw"]], unit="month", period=""
        ),
    ]
    names = ["table", "item", "period", "unit", "first", "second", "change"]
    whole = pd.concat([part[names].astype(object) for part in parts], ignore_index=True)
    return whole.rename(columns={"first": one, "second": two})


def _wide(frame: Any, value: str) -> Any:
    """A frame by figure and period with a column for each figure."""
    return frame.pivot_table(index="period", columns="figure", values=value, sort=False).reset_index()


def _paths(first: Plan, second: Plan) -> tuple[Any, Any]:
    import pandas as pd

    def sides(table: str, value: str, name: str) -> Any:
        by_plan = [plan.tables()[table].groupby("period")[value].sum() for plan in (first, second)]
        wide = pd.concat(by_plan, axis=1, keys=["first", "second"]).fillna(0.0)
        wide["change"] = wide["second"] - wide["first"]
        return wide.rename_axis("period").reset_index().melt("period", var_name="figure", value_name=name)

    return sides("sites_by_period", "it_mw", "mw"), sides("demand", "served", "served")


def _sites(first: Plan, second: Plan) -> Any:
    import pandas as pd

    rows: dict[str, list[Any]] = {}
    for side, plan in enumerate((first, second)):
        largest = frames.planning_only(plan, plan.tables()["sites_by_period"]).groupby("site")["it_mw"].max()
        for site, it_mw in largest.items():
            row = rows.setdefault(str(site), [0.0, 0.0, "–", "–"])
            row[side], row[2 + side] = float(it_mw), plan.content.paths.get(str(site), "–")
    kept = [
        (site, *row) for site, row in sorted(rows.items()) if abs(row[0] - row[1]) > 1e-6 or row[2] != row[3]
    ]
    names = ["site", "first_it_mw", "second_it_mw", "first_path", "second_path"]
    return pd.DataFrame(kept, columns=names)


def _dates(first: Plan, second: Plan) -> Any:
    """Months from which quarters of the first plan's largest capacity stand."""
    import pandas as pd

    totals = [plan.tables()["sites_by_period"].groupby("period")["it_mw"].sum() for plan in (first, second)]
    most = float(totals[0].max()) if len(totals[0]) else 0.0
    rows = []
    for level in (0.25 * most, 0.5 * most, 0.75 * most, most):
        months = []
        for total in totals:
            reached = [str(period) for period, mw in total.items() if mw >= level - 1e-6]
            months.append(min(reached) if reached else "never")
        known = "never" not in months
        rows.append(
            (level, *months, float(_months(months[1]) - _months(months[0])) if known else float("nan"))
        )
    return pd.DataFrame(rows, columns=["it_mw", "first", "second", "months_later"])


def _months(label: str) -> int:
    return 12 * int(label[:4]) + int(label[5:7])
