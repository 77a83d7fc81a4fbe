"""The report page: one file, no script, no request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.plan import Plan
from optimizer.report import given_plan, palette, wording
from optimizer.report.comparison import called, change_in_words, comparison, comparison_tables
from optimizer.report.part import Part, Tile
from optimizer.report.parts import parts
from optimizer.report.summary import tiles


@dataclass(frozen=True)
class Page:
    """What the template prints."""

    name: str
    description: str
    sentence: str
    verified: bool
    violations: tuple[str, ...]
    tiles: tuple[Tile, ...]
    parts: tuple[Part, ...]
    colophon: str
    kicker: str = "Build plan"
    badge: str | None = None
    links: tuple[tuple[str, str], ...] = ()


def write_page(plan: Plan, path: Path, beside: Plan | None = None) -> None:
    """Write the report page of a plan.

    Parameters
    ----------
    plan : Plan
    path : Path
        Written beside itself first, then put in its place.
    beside : Plan, optional
        A plan to set beside it.
    """
    write_text(page_text(plan, beside), path)


def write_text(text: str, path: Path) -> None:
    """Write a page beside itself first, then put it in its place."""
    partial = path.with_name(f".partial-{path.name}")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def page_text(plan: Plan, beside: Plan | None = None) -> str:
    """The page as HTML text; every name and number in it is escaped."""
    scenario = plan.scenario
    page = Page(
        name=scenario.name,
        description=given_plan.description(plan),
        sentence=given_plan.headline(plan),
        verified=plan.verified,
        violations=tuple(given_plan.broken_lines(plan)),
        tiles=given_plan.own_tiles(plan, tiles(plan)),
        parts=(*beside_part(plan, beside), *given_plan.own_parts(plan, parts(plan))),
        colophon=(
            f"Money is in real {scenario.money.base_year} dollars. Solved by {plan.record.solver} in "
            f"{wording.number(plan.record.solve_seconds)} s. "
            "Outlines: Natural Earth and US Census, public domain."
        ),
        kicker=given_plan.kicker(plan),
        badge=given_plan.badge(plan),
    )
    return rendered(page)


def beside_part(plan: Plan, beside: Plan | None) -> tuple[Part, ...]:
    """The section that sets a plan beside another one; none without one."""
    if beside is None:
        return ()
    found = comparison(plan, beside)
    figures, *rest = comparison_tables(found)
    texts = (change_in_words(found),) if plan.aim == "cost" else ()
    return (Part("beside", f"Beside {called(found.names[1])}", texts, tables=(figures,), folded=tuple(rest)),)


def rendered(page: Page) -> str:
    """A page as HTML text."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("optimizer.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("report.html.j2")
    return template.render(page=page, style=Markup(_style(environment)))


def _style(environment: Any) -> str:
    """The style sheet with the palette filled in, and the charts' dark colours."""
    source, _, _ = environment.loader.get_source(environment, "report.css")
    names = [(role.replace("_", "-"), light, dark) for role, (light, dark) in palette.ROLES.items()]
    rules = "".join(
        f'figure [fill="{light}"]{{fill:{dark}}}figure [stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in palette.dark_pairs()
    )
    text: str = source
    text = text.replace("LIGHT_ROLES", "".join(f"--{name}:{light};" for name, light, _ in names))
    text = text.replace("DARK_ROLES", "".join(f"--{name}:{dark};" for name, _, dark in names))
    return text.replace("DARK_CHARTS", rules)
