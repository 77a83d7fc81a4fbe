"""Cross checks of leased compute, crews and parts."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.scenario.checks_racks import never_arrives
from optimizer.scenario.findings import Finding, duplicates, unknown
from optimizer.scenario.schema import Scenario, aims_of, month_label
from optimizer.scenario.study_periods import last_start


def lease_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of leases and of what all halls share."""
    horizon = scenario.horizon
    last = last_start(horizon)
    names = [workload.name for workload in scenario.demand.workloads]
    sites = {site.name for site in scenario.sites}
    yield from duplicates("lease", (lease.name for lease in scenario.leases), ("leases",))
    yield from duplicates("crew", (crew.name for crew in scenario.hall.crews), ("hall", "crews"))
    yield from duplicates("part", (item.name for item in scenario.hall.lead_items), ("hall", "lead_items"))
    for i, crew in enumerate(scenario.hall.crews):
        yield from never_arrives(scenario, ("hall", "crews", i, "max_it_mw"), crew.max_it_mw, "megawatts")
    for i, item in enumerate(scenario.hall.lead_items):
        yield from never_arrives(scenario, ("hall", "lead_items", i, "deliveries"), item.deliveries, "units")
    for i, lease in enumerate(scenario.leases):
        at = ("leases", i)
        if lease.name in sites:
            yield Finding("E202", (*at, "name"), f"a site is named {lease.name!r}; names are unique")
        if not lease.available:
            yield Finding(
                "E106", (*at, "available"), "expected at least one date with compute, found an empty mapping"
            )
        elif min(lease.available) > last:
            text = f"{month_label(min(lease.available))} lies after the start of the last planning period"
            yield Finding("E205", (*at, "available"), text)
        if (lease.lat is None) != (lease.lon is None):
            yield Finding(
                "E213", (*at, "lon" if lease.lat is None else "lat"), "a place needs lat and lon", True
            )
        for n, name in enumerate(lease.workloads or ()):
            if name not in names:
                yield unknown("workload", name, names, (*at, "workloads", n))
        if lease.exit_after_months is not None and lease.exit_after_months >= lease.months:
            text = f"expected less than {lease.months:g} months, the term, found {lease.exit_after_months:g}"
            yield Finding("E205", (*at, "exit_after_months"), text)
        if not set(aims_of(scenario.objective)) <= {"cost", "date"}:
            text = "leased compute is compared by cost: it needs objective minimize_cost, earliest_target or a frontier of both"
            yield Finding("E210", at, text)
