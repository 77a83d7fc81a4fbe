"""Leased compute: what is on offer, signed, used, and where it may serve (docs/economics.md, section 9)."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.records import Contract, PlanContent
from optimizer.plan.times import Floats, Times
from optimizer.plan.violations import Findings
from optimizer.plan.wanted import round_trip_between_ms
from optimizer.scenario.schema import Lease, Region, Workload, work_kind


def check_leases(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """All limits of leased compute."""
    t, leases = books.times, {lease.name: lease for lease in books.terms.scenario.leases}
    metric = books.terms.scenario.demand.metric
    running: dict[str, Floats] = {name: np.zeros(t.count) for name in leases}
    amounts: dict[tuple[str, int, int], float] = defaultdict(float)
    for contract in content.contracts:
        lease = leases.get(contract.lease)
        if lease is None or not (math.isfinite(contract.amount) and contract.amount >= 0):
            findings.wrong("lease", contract.lease, f"no such offer, or {contract.amount:g} {metric} of it")
        elif not _may_run(t, lease, contract):
            text = f"no contract runs from period {contract.first} to {contract.end}"
            findings.wrong("lease", contract.lease, text, contract.first)
        else:
            running[contract.lease][contract.first : contract.end] += contract.amount
            amounts[contract.lease, contract.first, contract.end] += contract.amount
    spare = {name: amount.copy() for name, amount in running.items()}
    for idle in content.idle:
        key = (idle.lease, idle.first, idle.end)
        if key not in amounts or not idle.first <= idle.period < idle.end:
            findings.wrong("lease", idle.lease, "idle without a contract", idle.period)
            continue
        findings.at_most("idle", idle.lease, idle.period, idle.amount, amounts[key], metric, 1.0)
        spare[idle.lease][idle.period] -= idle.amount
    for name, lease in leases.items():
        offered = t.path(lease.available)
        for period in range(t.count):
            findings.at_most("lease offer", name, period, running[name][period], offered[period], metric, 1.0)
    _used(books, content, spare, leases, findings)


def _may_run(t: Times, lease: Lease, contract: Contract) -> bool:
    """Whether a contract may begin and end when it does."""
    if not 0 <= contract.first < min(t.planning, contract.end) or contract.end > t.count:
        return False
    full = contract.first + max(1, t.periods_in(lease.months))
    if contract.end in (min(full, t.count), t.count):
        return True
    earliest = lease.exit_after_months
    return earliest is not None and contract.first + max(1, t.periods_in(earliest)) <= contract.end < full


def _used(
    books: Accounts,
    content: PlanContent,
    spare: dict[str, Floats],
    leases: dict[str, Lease],
    findings: Findings,
) -> None:
    scenario = books.terms.scenario
    workloads = {workload.name: workload for workload in scenario.demand.workloads}
    regions = {region.name: region for region in scenario.demand.regions}
    used: dict[str, Floats] = {name: np.zeros(books.times.count) for name in leases}
    for given in content.served:
        lease, workload = leases.get(given.site), workloads.get(given.workload)
        if lease is None or workload is None:
            continue
        used[lease.name][given.period] += given.amount
        region = regions.get(given.region)
        if not _may_serve(lease, workload, region):
            text = f"may not serve {given.workload} {given.region}".strip()
            findings.wrong("lease", lease.name, text, given.period)
    for name, amount in used.items():
        for period in range(books.times.count):
            most = spare[name][period]
            findings.at_most(
                "leased compute", name, period, amount[period], most, scenario.demand.metric, 1.0
            )


def _may_serve(lease: Lease, workload: Workload, region: Region | None) -> bool:
    if lease.workloads is None:
        if work_kind(workload) == "cpu":
            return False
    elif workload.name not in lease.workloads:
        return False
    if workload.served_from is not None and lease.country not in workload.served_from:
        return False
    if workload.max_rtt_ms is None:
        return region is None
    if region is None or lease.lat is None or lease.lon is None:
        return False
    if region.served_from is not None and lease.country not in region.served_from:
        return False
    return bool(round_trip_between_ms(lease.lat, lease.lon, region) <= workload.max_rtt_ms * (1 + 1e-9))
