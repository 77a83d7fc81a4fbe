"""A plan of the user's own: which halls, where, when and with which chips."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from optimizer.scenario.findings import Finding, unknown
from optimizer.scenario.layers import read_layers
from optimizer.scenario.messages import problems_of
from optimizer.scenario.nodes import path_text, plain
from optimizer.scenario.origins import Origins
from optimizer.scenario.problems import ScenarioError, problem_at
from optimizer.scenario.schema import CoolingId, Month, Record, Scenario, month_label
from optimizer.scenario.schema.base import PositiveMw

# Halls of a build may miss a whole number by the rounding of its megawatts only.
_WHOLE = 1e-6


class GivenBuild(Record):
    """Halls that the plan builds."""

    site: str
    """Site of the scenario [name]."""
    online: Month
    """Month of commissioning [YYYY-MM]."""
    it_mw: PositiveMw
    """IT power, a whole number of the scenario's halls [MW]."""
    chip: str
    """First chips [id]."""
    cooling: CoolingId | None = None
    """Cooling system [id]. Default: the cheapest that goes with the rest."""
    leased: bool | None = None
    """Whether the building is a developer's [truth value]. Default: what is cheaper."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class GivenPlan(Record):
    """Halls and ways of supply that are given; what is left open is chosen at least cost."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    """Name of the plan."""
    description: str = ""
    """What it is [text]."""
    builds: Annotated[tuple[GivenBuild, ...], Field(min_length=1)]
    """All new halls; blocks that stand or are decided come on top."""
    paths: Annotated[dict[str, str], Field(default_factory=dict)]
    """Way of supply by site, as in the table `supply_options` or `grid` [names]. Default: chosen."""


def load_given(path: str | Path, scenario: Scenario) -> GivenPlan:
    """Read a given plan and hold it against a scenario.

    Parameters
    ----------
    path : str or Path
        YAML file.
    scenario : Scenario

    Raises
    ------
    ScenarioError
        Every problem with file, line, column, code, path and message.
    """
    root = read_layers(Path(path), {})
    origins = Origins(root)
    try:
        given = GivenPlan.model_validate(plain(root))
    except ValidationError as error:
        raise ScenarioError(tuple(problems_of(error, origins))) from None
    findings = _findings(given, scenario)
    if findings:
        raise ScenarioError(
            tuple(
                problem_at(
                    origins.key(f.path) if f.at_key else origins.value(f.path),
                    f.code,
                    path_text(f.path),
                    f.message,
                )
                for f in findings
            )
        )
    return given


def _findings(given: GivenPlan, scenario: Scenario) -> list[Finding]:
    found: list[Finding] = []
    sites = {site.name: site for site in scenario.sites}
    horizon = scenario.horizon
    last = horizon.start + (horizon.periods - 1) * horizon.months_per_period
    each = scenario.hall.it_mw
    for i, build in enumerate(given.builds):
        at = ("builds", i)
        if build.site not in sites:
            found.append(unknown("site", build.site, sites, (*at, "site")))
        if build.chip not in scenario.chips.offered:
            found.append(unknown("chip on offer:", build.chip, scenario.chips.offered, (*at, "chip")))
        if not horizon.start <= build.online <= last:
            text = f"expected a month from {month_label(horizon.start)} to {month_label(last)}, the last period's start"
            found.append(Finding("E205", (*at, "online"), f"{text}, found {month_label(build.online)}"))
        if build.cooling is not None and build.site in sites:
            offered = sites[build.site].cooling or scenario.cooling
            if build.cooling not in offered:
                found.append(unknown("cooling on offer:", build.cooling, offered, (*at, "cooling")))
        halls = build.it_mw / each
        if abs(halls - round(halls)) > _WHOLE or round(halls) < 1:
            text = f"expected a whole number of halls of {each:g} MW (hall.it_mw), found {build.it_mw:g} MW"
            found.append(Finding("E204", (*at, "it_mw"), text))
    for site in given.paths:
        if site not in sites:
            found.append(unknown("site", site, sites, ("paths", site), True))
    return found
