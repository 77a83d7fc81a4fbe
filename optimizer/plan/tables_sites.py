"""Tables of power, energy, water, carbon and compute of a plan."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_halls import racks_in
from optimizer.plan.accounts_sites import racks_at_work
from optimizer.plan.records import PlanContent
from optimizer.plan.tables_decisions import frame


def sites_by_period(accounts: Accounts, content: PlanContent) -> Any:
    """What a site runs, needs and emits.

    Returns
    -------
    DataFrame
        site, period, it_mw, peak_mw, power_mw (deliverable to the halls), energy_mwh and water_m3 (of the halls in the
        period), co2_t (of energy billed). Sites with halls only, all periods.
    """
    t = accounts.times
    names = list(dict.fromkeys(book.life.site for book in accounts.halls))
    zeros = {name: np.zeros(t.count) for name in names}
    sums = {
        key: {n: z.copy() for n, z in zeros.items()} for key in ("it_mw", "peak_mw", "energy_mwh", "water_m3")
    }
    for book in accounts.halls:
        for key, by_site in sums.items():
            by_site[book.life.site] += getattr(book, key)
    power = {n: z.copy() for n, z in zeros.items()}
    carbon = {n: z.copy() for n, z in zeros.items()}
    for name, path in accounts.taken.items():
        kg = {block.name: block.kg_per_mwh for block in path}
        for block in path:
            power[name] += block.mw * block.delivered
        for bill in content.billed:
            if bill.site == name:
                carbon[name][bill.period] += bill.mwh * float(kg[bill.block][bill.period]) / 1000
    figures = [sums["it_mw"], sums["peak_mw"], power, sums["energy_mwh"], sums["water_m3"], carbon]
    rows = [
        (name, accounts.labels[i], *(float(by_site[name][i]) for by_site in figures))
        for name in sorted(names)
        for i in range(t.count)
    ]
    kinds = dict.fromkeys(("it_mw", "peak_mw", "power_mw", "energy_mwh", "water_m3", "co2_t"), "float64")
    return frame(rows, site="object", period="object", **kinds)


def compute(accounts: Accounts) -> Any:
    """Compute by workload [unit of demand.metric].

    Returns
    -------
    DataFrame
        workload, period, capacity (all running halls at this work), used (as the plan shares their time).
    """
    t = accounts.times
    rows = []
    for workload in accounts.terms.scenario.demand.workloads:
        capacity = np.zeros(t.count)
        for book in accounts.halls:
            life = book.life
            for stage in life.stages:
                racks = racks_in(accounts.terms, life, stage)
                each = accounts.terms.chips[stage.chip].yield_of(racks, workload, stage.run_on)
                capacity[stage.first : stage.end] += life.halls * each
        used = np.zeros(t.count)
        for (_, name, period), amount in accounts.yields.items():
            if name == workload.name:
                used[period] += amount
        rows += [
            (workload.name, accounts.labels[i], float(capacity[i]), float(used[i])) for i in range(t.count)
        ]
    return frame(rows, workload="object", period="object", capacity="float64", used="float64")


def work(accounts: Accounts, content: PlanContent) -> Any:
    """What halls yield at work: workload, site, chip, period, unit_hours."""
    workloads = {workload.name: workload for workload in accounts.terms.scenario.demand.workloads}
    sums: dict[tuple[int, str, str, str], float] = defaultdict(float)
    for use in content.uses:
        chip = accounts.terms.chips[use.chip]
        each = chip.yield_of(racks_at_work(chip, use), workloads[use.workload], use.run_on)
        sums[use.period, use.workload, use.site, use.chip] += use.halls * each * accounts.times.hours
    rows = [(w, site, chip, accounts.labels[t], value) for (t, w, site, chip), value in sorted(sums.items())]
    return frame(rows, workload="object", site="object", chip="object", period="object", unit_hours="float64")
