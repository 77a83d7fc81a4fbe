"""Cross checks of places: countries, states, and whether work can be served from anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.scenario.findings import Finding, unknown
from optimizer.scenario.latency import round_trip_ms
from optimizer.scenario.nodes import Step
from optimizer.scenario.schema import Lease, Region, Scenario, Site, Workload, unserved_price, work_kind


def place_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of places."""
    yield from _sovereignty(scenario)
    yield from _export_rules(scenario)
    states = {site.state for site in scenario.sites if site.state is not None}
    for i, crew in enumerate(scenario.hall.crews):
        for n, state in enumerate(crew.states or ()):
            if state not in states:
                yield unknown("state of a site:", state, states, ("hall", "crews", i, "states", n))
    for i, workload in enumerate(scenario.demand.workloads):
        yield from _out_of_reach(scenario, workload, ("demand", "workloads", i))


def _sovereignty(scenario: Scenario) -> Iterator[Finding]:
    """Rules on where work is done that leave no place for it."""
    countries = {site.country for site in scenario.sites} | {lease.country for lease in scenario.leases}
    demand = scenario.demand
    rules = [("regions", i, region.served_from) for i, region in enumerate(demand.regions)]
    rules += [("workloads", i, workload.served_from) for i, workload in enumerate(demand.workloads)]
    for key, i, allowed in rules:
        if allowed is not None and not countries & set(allowed):
            text = f"no site or lease stands in {' or '.join(allowed)}; they stand in {_listed(countries)}"
            yield Finding("E201", ("demand", key, i, "served_from"), text, True)


def _export_rules(scenario: Scenario) -> Iterator[Finding]:
    """Chips that may stand nowhere, and decided halls where theirs may not. Those that stand already are facts."""
    countries = {site.country for site in scenario.sites}
    for chip in scenario.chips.offered:
        own = scenario.chips.settings.get(chip)
        if own is not None and not any(_may_stand(scenario, chip, country) for country in countries):
            key = "barred_countries" if own.countries is None else "countries"
            if own.countries is not None and not set(own.countries) - set(own.barred_countries):
                continue  # a finding of its own
            text = f"no site stands where {chip!r} may; they stand in {_listed(countries)}"
            yield Finding("E201", ("chips", "settings", chip, key), text, True)
    for s, site in enumerate(scenario.sites):
        for n, block in enumerate(site.committed):
            if not _may_stand(scenario, block.chip, site.country):
                text = f"export rules keep {block.chip} out of {site.country} (chips.settings.{block.chip})"
                yield Finding("E208", ("sites", s, "committed", n, "chip"), text)


def _may_stand(scenario: Scenario, chip: str, country: str) -> bool:
    own = scenario.chips.settings.get(chip)
    if own is None:
        return True
    return country not in own.barred_countries and (own.countries is None or country in own.countries)


def _out_of_reach(scenario: Scenario, workload: Workload, at: tuple[Step, ...]) -> Iterator[Finding]:
    """Work that must be served in a region and that no place can serve."""
    general = scenario.money.unserved_usd_per_h100e_hour
    if workload.max_rtt_ms is None or unserved_price(general, workload) is not None:
        return
    if not any(workload.path.values()):
        return
    for region in scenario.demand.regions:
        if workload.shares is not None and not workload.shares.get(region.name):
            continue
        trips = _round_trips(scenario, workload, region)
        if trips and min(trips.values()) > workload.max_rtt_ms:
            nearest = min(trips, key=lambda name: trips[name])
            text = (
                f"{region.name} must be served, and nothing lies within {workload.max_rtt_ms:g} ms of it; "
                f"expected {trips[nearest]:.1f} ms or more ({nearest} is nearest), or a price of what is not served"
            )
            yield Finding("E211", (*at, "max_rtt_ms"), text)
        both = workload.served_from is not None and region.served_from is not None
        if both and not set(workload.served_from or ()) & set(region.served_from or ()):
            text = (
                f"{region.name} must be served, and no country is in both served_from, its own and the work's"
            )
            yield Finding("E211", (*at, "served_from"), text, True)


def _round_trips(scenario: Scenario, workload: Workload, region: Region) -> dict[str, float]:
    """Round trip to each site and lease that may serve the work in a region [ms], by name."""
    places: list[Site | Lease] = [*scenario.sites]
    for lease in scenario.leases:
        does = work_kind(workload) != "cpu" if lease.workloads is None else workload.name in lease.workloads
        if does and lease.lat is not None and lease.lon is not None:
            places.append(lease)
    allowed = [
        place
        for place in places
        if all(rule is None or place.country in rule for rule in (workload.served_from, region.served_from))
    ]
    here = np.array(region.lat), np.array(region.lon)
    return {
        place.name: float(round_trip_ms(np.array(place.lat), np.array(place.lon), *here)) for place in allowed
    }


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))
