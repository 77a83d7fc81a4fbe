"""Hall time, service within reach, demand, jobs, floor and chip supply (docs/economics.md, section 9)."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from optimizer.plan.accounts import Accounts, job_periods
from optimizer.plan.accounts_halls import racks_in
from optimizer.plan.accounts_sites import lost_share, racks_at_work
from optimizer.plan.records import PlanContent, Use
from optimizer.plan.tables_decisions import shares_of
from optimizer.plan.violations import Findings
from optimizer.plan.wanted import round_trip_ms
from optimizer.plan.wanted import wanted as wanted_by_period
from optimizer.scenario.schema import unserved_price

HALLS = 1e-6


def check_demand(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """All limits of demand."""
    _hall_time(books, content, findings)
    _served(books, content, findings)
    _demand(books, content, findings)
    _jobs(books, content, findings)
    _floor(books, findings)
    _chip_supply(books, findings)


def _counts(books: Accounts, content: PlanContent) -> bool:
    """Whether demand must be met or priced."""
    scenario = books.terms.scenario
    general = scenario.money.unserved_usd_per_h100e_hour
    priced = any(unserved_price(general, w) is not None for w in scenario.demand.workloads)
    return not (scenario.objective == "maximize_compute" and priced)


def _hall_time(books: Accounts, content: PlanContent, findings: Findings) -> None:
    running: dict[tuple[str, str, bool, float, int, int], float] = defaultdict(float)
    for life in content.lives:
        for stage in life.stages:
            racks = racks_in(books.terms, life, stage)
            for t in range(stage.first, stage.end):
                running[life.site, stage.chip, stage.run_on, life.it_mw, racks, t] += life.halls
    used: dict[tuple[str, str, bool, float, int, int], float] = defaultdict(float)

    def kind(use: Use) -> tuple[str, str, bool, float, int, int]:
        chip = books.terms.chips.get(use.chip)
        racks = 0 if chip is None else racks_at_work(chip, use)
        return use.site, use.chip, use.run_on, use.it_mw, racks, use.period

    for use in content.uses:
        if not (math.isfinite(use.halls) and use.halls >= 0):
            findings.wrong("hall time", use.site, f"{use.halls:g} halls at work", use.period)
            continue
        if not _able(books, use):
            findings.wrong("hall time", use.site, f"{use.chip} can't do {use.workload} work", use.period)
        used[kind(use)] += use.halls
    workloads = {workload.name: workload for workload in books.terms.scenario.demand.workloads}
    for cut in content.cuts:
        if cut.workload in workloads and math.isfinite(cut.halls):
            lost = cut.halls * lost_share(books.terms, cut.site, workloads[cut.workload])
            used[kind(cut)] += lost
    for key, halls in used.items():
        findings.at_most("hall time", f"{key[0]}, {key[1]}", key[5], halls, running[key], "halls", 1.0)


def _able(books: Accounts, use: Use) -> bool:
    workloads = {workload.name: workload for workload in books.terms.scenario.demand.workloads}
    if use.chip not in books.terms.chips or use.workload not in workloads:
        return False
    chip = books.terms.chips[use.chip]
    return chip.yield_of(racks_at_work(chip, use), workloads[use.workload], use.run_on) > 0


def _served(books: Accounts, content: PlanContent, findings: Findings) -> None:
    scenario = books.terms.scenario
    regions = {region.name: region for region in scenario.demand.regions}
    workloads = {workload.name: workload for workload in scenario.demand.workloads}
    leases = {lease.name for lease in scenario.leases}
    taken: dict[tuple[str, str, int], float] = defaultdict(float)
    for given in content.served:
        workload, place = workloads.get(given.workload), books.terms.places.get(given.site)
        if given.site in leases and workload is not None and given.amount >= 0:
            continue  # check_leases looks at these
        if workload is None or place is None or not (math.isfinite(given.amount) and given.amount >= 0):
            findings.wrong("service", given.site, f"{given.amount:g} of {given.workload}", given.period)
            continue
        _sovereign(books, given.site, workload.served_from, workload.name, given.period, findings)
        if workload.max_rtt_ms is not None:
            region = regions.get(given.region)
            if region is None:
                findings.wrong("latency", given.site, f"no region {given.region!r}", given.period)
            else:
                where = f"{given.site} to {given.region}, {given.workload}"
                trip = round_trip_ms(place.site, region)
                findings.at_most("latency", where, given.period, trip, workload.max_rtt_ms, "ms")
                _sovereign(books, given.site, region.served_from, where, given.period, findings)
        elif given.region:
            findings.wrong("service", given.site, f"{given.workload} has no region", given.period)
        taken[given.site, given.workload, given.period] += given.amount
    for job in scenario.demand.jobs:
        site = content.jobs.get(job.name)
        if site is not None:
            for t in job_periods(books.times, job.from_, job.months):
                taken[site, job.workload, t] += job.h100e
    for (site, name, t), amount in taken.items():
        most = books.yields.get((site, name, t), 0.0)
        findings.at_most("compute", f"{site}, {name}", t, amount, most, scenario.demand.metric, 1.0)


def _sovereign(
    books: Accounts,
    site: str,
    countries: tuple[str, ...] | None,
    where: str,
    period: int | None,
    findings: Findings,
) -> None:
    country = books.terms.places[site].site.country
    if countries is not None and country not in countries:
        text = f"served from {site} in {country}; only {', '.join(countries)} may"
        findings.wrong("sovereignty", where, text, period)


def _demand(books: Accounts, content: PlanContent, findings: Findings) -> None:
    scenario = books.terms.scenario
    served: dict[tuple[str, str, int], float] = defaultdict(float)
    short: dict[tuple[str, str, int], float] = defaultdict(float)
    for given in content.served:
        served[given.workload, given.region, given.period] += given.amount
    for missing in content.unserved:
        if not (math.isfinite(missing.amount) and missing.amount >= 0):
            findings.wrong("demand", missing.workload, f"{missing.amount:g} not served", missing.period)
        short[missing.workload, missing.region, missing.period] += missing.amount
    metric = scenario.demand.metric
    wanted_keys = set()
    for workload in scenario.demand.workloads:
        path = wanted_by_period(scenario, workload, books.times)
        priced = unserved_price(scenario.money.unserved_usd_per_h100e_hour, workload) is not None
        for region, share in shares_of(scenario, workload):
            for t in range(books.times.count):
                key = (workload.name, region, t)
                wanted_keys.add(key)
                wanted, where = share * path[t], f"{workload.name} {region}".strip()
                findings.at_most("served beyond demand", where, t, served[key], wanted, metric, 1.0)
                if _counts(books, content):
                    total = served[key] + short[key]
                    findings.at_least("demand", where, t, total, wanted, metric, 1.0)
                if not priced:
                    findings.at_most("demand not served", where, t, short[key], 0.0, metric, max(1.0, wanted))
    for key in (*served, *short):
        if key not in wanted_keys:
            findings.wrong("demand", f"{key[0]} {key[1]}".strip(), "nobody asked for it", key[2])


def _jobs(books: Accounts, content: PlanContent, findings: Findings) -> None:
    scenario = books.terms.scenario
    if not _counts(books, content):
        return
    workloads = {workload.name: workload for workload in scenario.demand.workloads}
    for job in scenario.demand.jobs:
        workload = workloads[job.workload]
        priced = unserved_price(scenario.money.unserved_usd_per_h100e_hour, workload) is not None
        if job.name not in content.jobs:
            findings.wrong("job", job.name, "the plan does not say where it runs")
        elif content.jobs[job.name] is None and not priced:
            findings.wrong("job", job.name, "missed")
        elif content.jobs[job.name] is not None and content.jobs[job.name] not in books.terms.places:
            findings.wrong("job", job.name, f"no site {content.jobs[job.name]}")
        elif content.jobs[job.name] is not None:
            _sovereign(books, str(content.jobs[job.name]), workload.served_from, job.name, None, findings)
    for name in content.jobs:
        if name not in {job.name for job in scenario.demand.jobs}:
            findings.wrong("job", name, "the scenario has no such job")


def _floor(books: Accounts, findings: Findings) -> None:
    t = books.times
    online = np.zeros(t.count)
    for book in books.halls:
        online += book.it_mw
    floor = t.path(books.terms.scenario.demand.min_it_mw)
    for period in range(t.planning):
        findings.at_least("IT power in operation", "", period, online[period], floor[period], "MW")


def _chip_supply(books: Accounts, findings: Findings) -> None:
    t = books.times
    for chip, deliveries in books.terms.scenario.chips.supply_racks.items():
        come, bought = np.zeros(t.count), np.zeros(t.count)
        for month, racks in deliveries.items():
            first = t.period_of(month)
            come[first:] += racks
        for item in books.bought:
            if item.chip == chip:
                bought[item.period :] += item.racks
        for period in range(t.planning):
            findings.at_most("chip supply", chip, period, bought[period], come[period], "racks")
