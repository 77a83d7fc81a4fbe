"""Supply paths, power, energy, curtailable tranches, unit slots and clean energy of a plan (docs/economics.md, section 8)."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_sites import lost_share, racks_at_work
from optimizer.plan.accounts_supply import path_names
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats
from optimizer.plan.violations import Findings
from optimizer.scenario.schema import is_flexible

DUST_MWH = 1.0


def check_power(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """All limits of power."""
    _paths(books, content, findings)
    _power(books, content, findings)
    _cuts(books, content, findings)
    _slots(books, findings)
    _clean(books, content, findings)


def _paths(books: Accounts, content: PlanContent, findings: Findings) -> None:
    for name in sorted({life.site for life in content.lives}):
        offered = path_names(books.terms, books.terms.places[name].site)
        taken = content.paths.get(name)
        if taken not in offered:
            findings.wrong("supply path", name, f"expected one of {', '.join(offered)}, found {taken}")
    for name in content.paths:
        if name not in books.taken and name not in {life.site for life in content.lives}:
            findings.wrong("supply path", name, "a path without halls")


def _power(books: Accounts, content: PlanContent, findings: Findings) -> None:
    t = books.times
    peak: dict[str, Floats] = defaultdict(lambda: np.zeros(t.count))
    energy: dict[str, Floats] = defaultdict(lambda: np.zeros(t.count))
    for book in books.halls:
        peak[book.life.site] += book.peak_mw
        energy[book.life.site] += book.energy_mwh
    billed = _billed(books, content, findings)
    for name in peak:
        path = books.taken.get(name, ())
        carried, firm, supplied = (np.zeros(t.count) for _ in range(3))
        for block in path:
            metered = billed.get((name, block.name), np.zeros(t.count))
            carried += block.mw * block.delivered
            firm += (block.mw - block.curtailable_mw) * block.delivered
            supplied += metered * block.delivered
            for period in range(t.count):
                most = block.mw[period] * t.hours
                where = f"{name}, {block.name}"
                findings.at_most("energy of the block", where, period, metered[period], most, "MWh", DUST_MWH)
                least = float(block.min_take[period]) * most
                findings.at_least("minimum take", where, period, metered[period], least, "MWh", DUST_MWH)
        on_tranche = _on_tranche(books, content, name)
        for period in range(t.count):
            findings.at_most("power", name, period, peak[name][period], carried[period], "MW")
            # Where all megawatts are firm it is the same limit.
            if firm[period] < carried[period]:
                rest = peak[name][period] - on_tranche[period]
                findings.at_most("firm power", name, period, rest, firm[period], "MW")
            findings.at_least("energy", name, period, supplied[period], energy[name][period], "MWh", DUST_MWH)


def _billed(books: Accounts, content: PlanContent, findings: Findings) -> dict[tuple[str, str], Floats]:
    billed: dict[tuple[str, str], Floats] = {}
    for bill in content.billed:
        known = any(block.name == bill.block for block in books.taken.get(bill.site, ()))
        if not known or not 0 <= bill.period < books.times.count:
            findings.wrong("energy of the block", bill.site, f"no block {bill.block} is taken", bill.period)
        elif not (math.isfinite(bill.mwh) and bill.mwh >= 0):
            findings.wrong("energy of the block", bill.site, f"{bill.mwh:g} MWh of {bill.block}", bill.period)
        else:
            row = billed.setdefault((bill.site, bill.block), np.zeros(books.times.count))
            row[bill.period] += bill.mwh
    return billed


def _on_tranche(books: Accounts, content: PlanContent, site: str) -> Floats:
    """Megawatts of peak that stand on a site's curtailable tranche, counted at the least peak of their chips there."""
    scenario = books.terms.scenario
    least: dict[str, float] = {}
    for (name, _, chip), row in books.terms.designs.items():
        if name == site:
            per_mw = row["peak_mw"] / row["it_mw"]
            least[chip] = min(least.get(chip, math.inf), per_mw)
    total = np.zeros(books.times.count)
    flexible = {w.name for w in scenario.demand.workloads if is_flexible(w)}
    for cut in content.cuts:
        known = cut.site == site and cut.chip in least and cut.workload in flexible
        if known and 0 <= cut.period < books.times.count:
            facts = books.terms.chips[cut.chip]
            share = racks_at_work(facts, cut) / max(1, facts.racks(cut.it_mw))
            total[cut.period] += cut.halls * cut.it_mw * least[cut.chip] * share
    return total


def _cuts(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """Halls on a tranche are at work that can be cut, as far as their time is not lost."""
    workloads = {workload.name: workload for workload in books.terms.scenario.demand.workloads}
    at_work: dict[tuple[str, str, bool, float, int | None, str, int], float] = defaultdict(float)
    for use in content.uses:
        at_work[use.site, use.chip, use.run_on, use.it_mw, use.racks, use.workload, use.period] += use.halls
    cut_there: dict[tuple[str, str, bool, float, int | None, str, int], float] = defaultdict(float)
    for cut in content.cuts:
        workload = workloads.get(cut.workload)
        if workload is None or not (math.isfinite(cut.halls) and cut.halls >= 0):
            findings.wrong(
                "curtailable power", cut.site, f"{cut.halls:g} halls of {cut.workload}", cut.period
            )
        elif not is_flexible(workload):
            findings.wrong("curtailable power", cut.site, f"{cut.workload} can't be cut", cut.period)
        else:
            share = 1 - lost_share(books.terms, cut.site, workload)
            key = (cut.site, cut.chip, cut.run_on, cut.it_mw, cut.racks, cut.workload, cut.period)
            cut_there[key] += cut.halls * share
    for key, halls in cut_there.items():
        where = f"{key[0]}, {key[1]}, {key[5]}"
        findings.at_most("curtailable power", where, key[6], halls, at_work[key], "halls", 1.0)


def _slots(books: Accounts, findings: Findings) -> None:
    t = books.times
    for technology, deliveries in books.terms.scenario.power.unit_slots.items():
        come, used = np.zeros(t.count), np.zeros(t.count)
        for month, units in deliveries.items():
            come[t.period_of(month) :] += units
        for path in books.taken.values():
            for block in path:
                if block.technology == technology:
                    used += block.units
        for period in range(t.planning):
            findings.at_most("unit slots", technology, period, used[period], come[period], "units")


def _clean(books: Accounts, content: PlanContent, findings: Findings) -> None:
    t, power = books.times, books.terms.scenario.power
    energy, clean, tonnes = (np.zeros(t.count) for _ in range(3))
    known = {(site, block.name): block for site, path in books.taken.items() for block in path}
    for bill in content.billed:
        block = known.get((bill.site, bill.block))
        if block is not None and 0 <= bill.period < t.count:
            delivered = bill.mwh * block.delivered
            energy[bill.period] += delivered
            clean[bill.period] += delivered * block.clean_share[bill.period]
            tonnes[bill.period] += bill.mwh * block.kg_per_mwh[bill.period] / 1000
    asked = t.path(power.clean_share)
    ceiling = t.path(power.max_co2_t_per_year)
    for period in range(t.count):
        least = asked[period] * energy[period]
        findings.at_least("clean share", "", period, clean[period], least, "MWh", DUST_MWH)
        limited = any(t.period_of(month) <= period for month in power.max_co2_t_per_year)
        if limited:
            most = ceiling[period] * t.years
            findings.at_most("CO2", "", period, tonnes[period], most, "t", 1.0)
