"""Cross checks of a given plan: what no hall of the scenario can be, and what the scenario does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from optimizer import catalog
from optimizer.scenario.checks_chips import catalog_id
from optimizer.scenario.findings import Finding, unknown
from optimizer.scenario.schema import Scenario, Site, goes_with, month_label
from optimizer.scenario.study_periods import last_start

# Halls of a build may miss a whole number by the rounding of its megawatts only.
_WHOLE = 1e-6


class Builds(Protocol):
    """What of a given plan is held against a scenario."""

    @property
    def builds(self) -> tuple[Any, ...]:
        """Builds with site, online, it_mw, chip, cooling, leased."""

    @property
    def paths(self) -> dict[str, str]:
        """Way of supply by site."""


def given_findings(given: Builds, scenario: Scenario) -> list[Finding]:
    """All findings of a plan that fits its schema.

    A limit that halls can break and still be costed is none of them: the independent check names it in the plan.
    """
    found: list[Finding] = []
    sites = {site.name: site for site in scenario.sites}
    for i, build in enumerate(given.builds):
        at = ("builds", i)
        if build.site not in sites:
            found.append(unknown("site", build.site, sites, (*at, "site")))
        if build.chip not in scenario.chips.offered:
            found.append(unknown("chip on offer:", build.chip, scenario.chips.offered, (*at, "chip")))
        found += _date(scenario, build.online, (*at, "online"))
        found += _halls(scenario, build.it_mw, (*at, "it_mw"))
        if build.site in sites:
            found += _fitting(scenario, sites[build.site], build, at)
    for name in given.paths:
        if name not in sites:
            found.append(unknown("site", name, sites, ("paths", name), True))
    return found


def _date(scenario: Scenario, online: int, path: tuple[str | int, ...]) -> Iterator[Finding]:
    horizon, build_months = scenario.horizon, scenario.hall.build_months
    step = horizon.months_per_period
    last = last_start(horizon)
    if not horizon.start <= online <= last:
        text = f"expected a month from {month_label(horizon.start)} to {month_label(last)}, the last period's start"
        yield Finding("E205", path, f"{text}, found {month_label(online)}")
        return
    whole = int(-(-(build_months - 1e-9) // step))
    first = horizon.start + whole * step
    # A hall stands in the first period that starts on or after its month.
    if -(-(online - horizon.start) // step) < whole:
        text = (
            f"construction takes {build_months:g} months, so that the first halls can stand in {month_label(first)}"
            f"; found {month_label(online)} (halls that are under way at the start belong to sites[].committed)"
        )
        yield Finding("E205", path, text)


def _halls(scenario: Scenario, it_mw: float, path: tuple[str | int, ...]) -> Iterator[Finding]:
    each = scenario.hall.it_mw
    halls = it_mw / each
    if abs(halls - round(halls)) > _WHOLE * max(1.0, halls) or round(halls) < 1:
        text = f"expected a whole number of halls of {each:g} MW (hall.it_mw), found {it_mw:g} MW"
        yield Finding("E204", path, text)


def _fitting(scenario: Scenario, site: Site, build: Any, at: tuple[str | int, ...]) -> Iterator[Finding]:
    """Cooling and tenure that are on offer at the site and go with the chips."""
    offered = site.cooling or scenario.cooling
    name = catalog_id(scenario, build.chip) if build.chip in scenario.chips.offered else None
    wanted = None if name is None else catalog.chip(name).cooling
    if build.cooling is not None and build.cooling not in offered:
        yield unknown("cooling on offer:", build.cooling, offered, (*at, "cooling"))
    elif wanted is not None and not any(
        goes_with(cooling, wanted) for cooling in ([build.cooling] if build.cooling else offered)
    ):
        who = build.cooling or f"what is on offer at {site.name} ({', '.join(offered)})"
        key = "cooling" if build.cooling else "chip"
        yield Finding("E211", (*at, key), f"{build.chip} takes {wanted} cooling; {who} does not give it")
    if build.leased and (site.build_to_suit or scenario.hall.build_to_suit) is None:
        text = f"no developer offers halls at {site.name}; build_to_suit of the site or of hall says at which rent"
        yield Finding("E213", (*at, "leased"), text)
