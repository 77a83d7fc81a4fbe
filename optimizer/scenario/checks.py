"""Cross checks: what no single value shows. Every finding names the value that is best changed."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer import catalog
from optimizer.scenario.checks_chips import catalog_id, chip_findings, used_chips
from optimizer.scenario.checks_economics import economics_findings
from optimizer.scenario.checks_leases import lease_findings
from optimizer.scenario.checks_money import money_findings
from optimizer.scenario.checks_places import place_findings
from optimizer.scenario.checks_power import fleet_findings
from optimizer.scenario.checks_racks import rack_findings
from optimizer.scenario.checks_sites import site_findings
from optimizer.scenario.checks_tax import tax_findings
from optimizer.scenario.findings import Finding, duplicates, unknown
from optimizer.scenario.schema import Scenario, Workload, month_label, work_kind
from optimizer.scenario.study_periods import last_month


def find_problems(scenario: Scenario) -> tuple[Finding, ...]:
    """All findings of a scenario that fits the schema."""
    return (
        *_horizon(scenario),
        *_demand(scenario),
        *_jobs(scenario),
        *chip_findings(scenario),
        *rack_findings(scenario),
        *_cooling(scenario),
        *economics_findings(scenario),
        *site_findings(scenario),
        *tax_findings(scenario),
        *place_findings(scenario),
        *fleet_findings(scenario),
        *lease_findings(scenario),
        *money_findings(scenario),
    )


def _end(scenario: Scenario) -> int:
    """First month after the last planning period."""
    return scenario.horizon.start + scenario.horizon.periods * scenario.horizon.months_per_period


def _horizon(scenario: Scenario) -> Iterator[Finding]:
    until = scenario.horizon.operate_until
    if until is not None and until < _end(scenario) - 1:
        yield Finding(
            "E205",
            ("horizon", "operate_until"),
            f"expected {month_label(_end(scenario) - 1)} or later, the end of the last planning period,"
            f" found {month_label(until)}",
        )
    if until is not None and until > scenario.horizon.start + 12 * 60:
        yield Finding("E205", ("horizon", "operate_until"), "expected at most 60 years of operation")


def _within(scenario: Scenario, month: int) -> bool:
    return month <= _end(scenario) - scenario.horizon.months_per_period


def _demand(scenario: Scenario) -> Iterator[Finding]:
    demand = scenario.demand
    regions = [region.name for region in demand.regions]
    yield from duplicates("region", regions, ("demand", "regions"))
    yield from duplicates("workload", (w.name for w in demand.workloads), ("demand", "workloads"))
    late = "lies after the start of the last planning period and would never hold"
    for month in demand.min_it_mw:
        if not _within(scenario, month):
            path = ("demand", "min_it_mw", month_label(month))
            yield Finding("E205", path, f"{month_label(month)} {late}", True)
    for i, workload in enumerate(demand.workloads):
        at = ("demand", "workloads", i)
        for month in workload.path:
            if not _within(scenario, month):
                yield Finding("E205", (*at, "path", month_label(month)), f"{month_label(month)} {late}", True)
        if not workload.path:
            yield Finding(
                "E106", (*at, "path"), "expected at least one date with a demand, found an empty mapping"
            )
        if workload.max_rtt_ms is not None and not regions:
            yield Finding("E213", (*at, "max_rtt_ms"), "a latency limit needs demand.regions; there are none")
        if workload.shares is not None and workload.max_rtt_ms is None:
            yield Finding(
                "E213", (*at, "shares"), "shares of regions need max_rtt_ms; without it work has no region"
            )
        for region in workload.shares or ():
            if region not in regions:
                yield unknown("region", region, regions, (*at, "shares", region), True)
        if workload.shares is not None and abs(sum(workload.shares.values()) - 1) > 1e-6:
            total = sum(workload.shares.values())
            yield Finding("E204", (*at, "shares"), f"shares expected to add up to 1, found {total:g}", True)
        if workload.unit == "tokens_per_s" and workload.flop_per_token is None:
            yield Finding("E213", (*at, "unit"), "tokens need flop_per_token, the operations that one takes")
        if workload.unit != "tokens_per_s" and workload.flop_per_token is not None:
            text = f"flop_per_token needs unit: tokens_per_s, found {workload.unit}"
            yield Finding("E213", (*at, "flop_per_token"), text, True)
        yield from _doable(scenario, workload, i)
    yield from _shocks(scenario)


def _shocks(scenario: Scenario) -> Iterator[Finding]:
    names = [workload.name for workload in scenario.demand.workloads]
    for i, shock in enumerate(scenario.demand.shocks):
        at = ("demand", "shocks", i)
        if not _within(scenario, shock.date):
            late = "lies after the start of the last planning period and would never hold"
            yield Finding("E205", (*at, "date"), f"{month_label(shock.date)} {late}")
        for n, name in enumerate(shock.workloads or ()):
            if name not in names:
                yield unknown("workload", name, names, (*at, "workloads", n))


def _doable(scenario: Scenario, workload: Workload, i: int) -> Iterator[Finding]:
    kind, at = work_kind(workload), ("demand", "workloads", i)
    if workload.unit == "cpu_chips" and kind != "cpu":
        text = f"cpu_chips counts processors at cpu work; the workload's kind is {kind}"
        yield Finding("E213", (*at, "unit"), text)
    leased = any(
        kind != "cpu" if lease.workloads is None else workload.name in lease.workloads
        for lease in scenario.leases
    )
    known = {chip: name for chip in used_chips(scenario) if (name := catalog_id(scenario, chip))}
    memory_gb = [
        _memory_gb(scenario, chip, name) for chip, name in known.items() if _does(scenario, chip, name, kind)
    ]
    if not known or leased:
        return
    if not memory_gb:
        path = (*at, "kind" if workload.kind is not None else "name")
        yield Finding("E211", path, f"no chip on offer can do {kind} work")
    elif workload.min_memory_gb is not None and max(memory_gb) < workload.min_memory_gb:
        text = (
            f"no chip on offer that can do {kind} work has so much memory; the most is {max(memory_gb):g} GB"
        )
        yield Finding("E211", (*at, "min_memory_gb"), f"{text}, found {workload.min_memory_gb:g}")


def _memory_gb(scenario: Scenario, chip: str, name: str) -> float:
    own = scenario.chips.settings.get(chip)
    return float(catalog.chip(name).hbm_gb if own is None or own.hbm_gb is None else own.hbm_gb)


def _does(scenario: Scenario, chip: str, name: str, kind: str) -> bool:
    own = scenario.chips.settings.get(chip)
    shares = catalog.chip(name).utilisation
    if own is not None:
        shares = shares | {str(k): share for k, share in own.utilisation.items()}
    return shares.get(kind, 0.0) > 0


def _jobs(scenario: Scenario) -> Iterator[Finding]:
    jobs, end = scenario.demand.jobs, last_month(scenario.horizon)
    workloads = [workload.name for workload in scenario.demand.workloads]
    yield from duplicates("job", (job.name for job in jobs), ("demand", "jobs"))
    for i, job in enumerate(jobs):
        at = ("demand", "jobs", i)
        if job.workload not in workloads:
            steps = (*at, "workload") if "workload" in job.model_fields_set else at
            yield unknown("workload", job.workload, workloads, steps)
        first = scenario.horizon.start
        if not first <= job.from_ <= _end(scenario) - scenario.horizon.months_per_period:
            text = f"expected a month from {month_label(first)} to the start of the last planning period"
            yield Finding("E205", (*at, "from"), f"{text}, found {month_label(job.from_)}")
        elif job.from_ + job.months - 1 > end:
            most = end - job.from_ + 1
            text = f"expected at most {most} months, until the study ends in {month_label(end)}, found {job.months}"
            yield Finding("E205", (*at, "months"), text)


# The parameter that a system must have for an option to mean something, and what it belongs to.
_NEEDS = {
    "dec_policy": ("dec_effectiveness", "outdoor air"),
    "water_heat_basis": ("water_on_compressor", "tower"),
    "ashrae_liquid": ("tcs_supply_c", "liquid"),
}


def _cooling(scenario: Scenario) -> Iterator[Finding]:
    for cooling, options in scenario.cooling_options.items():
        system = catalog.cooling(cooling)
        if options.rejection is not None and not system.liquid:
            liquid = ", ".join(name for name in catalog.cooling_ids() if catalog.cooling(name).liquid)
            text = f"{cooling} has no liquid; a rejection goes with {liquid}"
            yield Finding("E208", ("cooling_options", cooling, "rejection"), text)
            continue
        known = system.parameters_with(options.air_side, options.rejection)
        for name, (parameter, needed) in _NEEDS.items():
            if getattr(options, name) is not None and parameter not in known:
                text = f"{cooling} has no {needed} that {name} could rule"
                yield Finding("E208", ("cooling_options", cooling, name), text)
    for cooling, values in scenario.cooling_parameters.items():
        chosen = scenario.cooling_options.get(cooling)
        facts = catalog.cooling(cooling).parameters_with(
            chosen.air_side if chosen else None, chosen.rejection if chosen else None
        )
        for name, value in values.items():
            path = ("cooling_parameters", cooling, name)
            if name not in facts:
                yield unknown(f"parameter of {cooling}:", name, facts, path, True)
                continue
            low, high = facts[name].low, facts[name].high
            if low is not None and high is not None and not _near(value, low, high):
                text = f"expected {low:g} to {high:g} {facts[name].unit} or near it, found {value:g}"
                yield Finding("E104", path, text)


def _near(value: float, low: float, high: float) -> bool:
    """Within a published range, widened by its own width: what lies beyond is a wrong unit."""
    width = max(high - low, 0.5 * abs(high), 1e-9)
    return low - width <= value <= high + width
