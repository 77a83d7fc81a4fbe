"""Accounts of a plan: every quantity and every dollar that follows from its decisions.

Written from docs/economics.md and nothing of the programmes or the planning model.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optimizer.plan.accounts_halls import (
    Bought,
    Capital,
    Credit,
    HallBooks,
    HallTerms,
    Opex,
    hall_books,
    hall_terms,
)
from optimizer.plan.accounts_sites import (
    cut_books,
    energy_books,
    land_books,
    power_books,
    racks_at_work,
    serving_books,
)
from optimizer.plan.accounts_supply import BlockTerms, blocks
from optimizer.plan.accounts_wide import lease_books, own_chips, tax_back
from optimizer.plan.finance import cost_of_draw, fee_of
from optimizer.plan.income_tax import kept_share, weights
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats, Times, times
from optimizer.scenario.schema import ASSET_CLASSES, Scenario, aim_of, unserved_price


@dataclass(frozen=True)
class Accounts:
    """Books of a plan; T periods, money real and not discounted.

    Attributes
    ----------
    times : Times
    terms : HallTerms
    halls : tuple of HallBooks
        One for each life.
    taken : dict of str to tuple of BlockTerms
        Supply path taken by site.
    capital, opex, credits, bought : tuples of records
    unserved : tuple of (workload, period, usd)
        Price of demand that is not served, missed jobs included.
    premiums : tuple of (source, period, usd)
        Cost of money beside the WACC before tax, of draws and fees, at the time of the draw.
    shields : tuple of (source, period, usd)
        Tax that the interest on them saves, at the time of the draw.
    fees : tuple of (source, period, usd)
        Fees of the rounds that are drawn.
    yields : dict of (site, workload, period) to float
        Compute of halls at work [unit of demand.metric].
    objective : float
        What the scenario makes least or most, in its unit: USD, unit-hours, t, m3, years.
    cost_usd : float
        Discounted cost, whatever the objective is [USD].
    """

    times: Times
    terms: HallTerms
    halls: tuple[HallBooks, ...]
    taken: dict[str, tuple[BlockTerms, ...]]
    capital: tuple[Capital, ...]
    opex: tuple[Opex, ...]
    credits: tuple[Credit, ...]
    bought: tuple[Bought, ...]
    unserved: tuple[tuple[str, int, float], ...]
    premiums: tuple[tuple[str, int, float], ...]
    shields: tuple[tuple[str, int, float], ...]
    fees: tuple[tuple[str, int, float], ...]
    yields: dict[tuple[str, str, int], float]
    objective: float
    cost_usd: float

    @property
    def labels(self) -> tuple[str, ...]:
        """First month of each period."""
        return self.times.labels

    @property
    def discount(self) -> Floats:
        """Discount factor of each period, shape (T,)."""
        return self.times.discount

    def spent(self) -> dict[tuple[str, int], float]:
        """Capital by class and period."""
        sums: dict[tuple[str, int], float] = defaultdict(float)
        for item in self.capital:
            sums[item.asset_class, item.period] += item.usd
        return sums

    def operating(self) -> Floats:
        """Operating cost with energy, carbon and fixed cost of power by period, shape (T,)."""
        total = np.zeros(self.times.count)
        for item in self.opex:
            total[item.period] += item.usd
        return total


def accounts(scenario: Scenario, designs: Any, content: PlanContent, supply: Any = None) -> Accounts:
    """Books of a plan.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Result of `evaluate`.
    content : PlanContent
        Its lives must name designs that exist and lie within the study; `check` says so first.
    supply : DataFrame, optional
        Supply options of `evaluate`.
    """
    t = times(scenario)
    terms = hall_terms(scenario, t, designs, supply)
    halls = tuple(hall_books(terms, life) for life in content.lives)
    occupied = {life.site for life in content.lives}
    sites = {site.name: site for site in scenario.sites}
    taken = {
        name: blocks(terms, sites[name], path)
        for name, path in content.paths.items()
        if name in occupied and name in sites
    }
    of_halls = [item for book in halls for item in book.capital]
    capital = list(of_halls)
    credits = [item for book in halls for item in book.credits]
    for name in sorted(occupied & set(sites)):
        for bought, left in (
            land_books(terms, content, sites[name]),
            power_books(name, taken.get(name, ())),
        ):
            capital += bought
            credits += left
    capital += own_chips(terms, content) + tax_back(content, of_halls)
    opex = [item for book in halls for item in book.opex]
    opex += [item for item in lease_books(terms, content) if item.usd]
    opex += [item for item in energy_books(terms, content, taken) if item.usd]
    opex += [item for item in cut_books(terms, content) if item.usd]
    opex += [item for item in serving_books(terms, content) if item.usd]
    unserved = tuple(_unserved(scenario, t, content))
    fees = _fees(scenario, t, content)
    premiums, shields = _premiums(scenario, t, content, fees)
    yields = _yields(terms, content)
    books = Accounts(
        times=t,
        terms=terms,
        halls=halls,
        taken=taken,
        capital=tuple(capital),
        opex=tuple(opex),
        credits=tuple(credits),
        bought=tuple(item for book in halls for item in book.bought),
        unserved=unserved,
        premiums=premiums,
        shields=shields,
        fees=fees,
        yields=yields,
        objective=0.0,
        cost_usd=_cost(scenario, t, capital, opex, credits, unserved)
        + sum(usd * t.discount[period] for _, period, usd in (*premiums, *fees))
        - sum(usd * t.discount[period] for _, period, usd in shields),
    )
    books = replace(books, objective=amounts(books, content)[aim_of(scenario.objective)])
    return books


def amounts(books: Accounts, content: PlanContent) -> dict[str, float]:
    """What plans are compared by: cost [USD], carbon [t], water [m3], compute [unit-hours]; with a target, date [years]."""
    t, scenario = books.times, books.terms.scenario
    tonnes = sum(float(book.embodied_kg.sum()) for book in books.halls) / 1000
    for site, path in books.taken.items():
        kg = {block.name: block.kg_per_mwh for block in path}
        tonnes += sum(
            bill.mwh * float(kg[bill.block][bill.period]) / 1000
            for bill in content.billed
            if bill.site == site and bill.block in kg and 0 <= bill.period < t.count
        )
    online = sum((book.it_mw for book in books.halls), start=np.zeros(t.count))[: t.planning]
    target = scenario.demand.target_it_mw
    found = {
        "cost": books.cost_usd,
        "carbon": tonnes,
        "water": sum(float(book.water_m3.sum()) for book in books.halls),
        "compute": float(sum(t.discount[p] * t.hours * made for (_, _, p), made in books.yields.items())),
    }
    if target is not None:
        below = np.flatnonzero(online < target * (1 - 1e-6))
        found["date"] = (float(below.max()) + 1) * t.years if len(below) else 0.0
    return found


def _cost(
    scenario: Scenario,
    t: Times,
    capital: list[Capital],
    opex: list[Opex],
    credits: list[Credit],
    unserved: tuple[tuple[str, int, float], ...],
) -> float:
    """Discounted cost before what sources charge beside the WACC."""
    weight = {name: weights(scenario, t, name) for name in ASSET_CLASSES}
    kept = kept_share(scenario)
    flows = [item.usd * t.discount[item.period] * weight[item.asset_class][item.period] for item in capital]
    flows += [kept * item.usd * t.discount[item.period] for item in opex]
    flows += [kept * usd * t.discount[period] for _, period, usd in unserved]
    for credit in credits:
        factor = t.discount_end if credit.period is None else t.discount[credit.period]
        # Land comes back at what was paid for it: no income.
        flows.append(-credit.usd * factor * (1.0 if credit.line == "residual_land" else kept))
    return float(np.sum(np.sort(np.array(flows, dtype=float))))


def _unserved(scenario: Scenario, t: Times, content: PlanContent) -> list[tuple[str, int, float]]:
    general = scenario.money.unserved_usd_per_h100e_hour
    prices = {w.name: unserved_price(general, w) or 0.0 for w in scenario.demand.workloads}
    rows = [
        (u.workload, u.period, u.amount * prices.get(u.workload, 0.0) * t.hours) for u in content.unserved
    ]
    for job in scenario.demand.jobs:
        if content.jobs.get(job.name, "") is None:
            rows += [
                (job.workload, period, job.h100e * prices[job.workload] * t.hours)
                for period in job_periods(t, job.from_, job.months)
            ]
    return [row for row in rows if row[2]]


def job_periods(t: Times, first_month: int, months: int) -> range:
    """Periods in which a job runs."""
    first = t.period_of(first_month)
    return range(first, min(t.count, first + t.periods_in(months)))


Rows = tuple[tuple[str, int, float], ...]


def _fees(scenario: Scenario, t: Times, content: PlanContent) -> Rows:
    """Fees of rounds by source and period."""
    rounds = {
        (source.name, n): fee_of(raised)
        for source in scenario.finance.sources
        for n, raised in enumerate(source.raises)
    }
    found: dict[tuple[str, int], float] = defaultdict(float)
    for part in content.raised:
        fee = rounds.get((part.source, part.number), 0.0)
        if fee and 0 <= part.period < t.count:
            found[part.source, part.period] += fee * part.usd
    return tuple((name, period, usd) for (name, period), usd in sorted(found.items()))


def _premiums(scenario: Scenario, t: Times, content: PlanContent, fees: Rows) -> tuple[Rows, Rows]:
    """Cost beside the WACC of what is drawn and of fees, which the source pays too; and tax that interest saves."""
    sources = {source.name: source for source in scenario.finance.sources}
    found: dict[tuple[str, int], float] = defaultdict(float)
    for name, period, usd in [*((d.source, d.period, d.usd) for d in content.draws), *fees]:
        if name in sources and 0 <= period < t.count:
            found[name, period] += usd
    premiums, shields = [], []
    for (name, period), usd in sorted(found.items()):
        cost, saved = cost_of_draw(scenario, t, sources[name], period)
        premiums.append((name, period, usd * cost))
        if saved:
            shields.append((name, period, usd * saved))
    return tuple(premiums), tuple(shields)


def _yields(terms: HallTerms, content: PlanContent) -> dict[tuple[str, str, int], float]:
    workloads = {workload.name: workload for workload in terms.scenario.demand.workloads}
    found: dict[tuple[str, str, int], float] = defaultdict(float)
    for use in content.uses:
        if use.chip in terms.chips and use.workload in workloads:
            chip = terms.chips[use.chip]
            each = chip.yield_of(racks_at_work(chip, use), workloads[use.workload], use.run_on)
            found[use.site, use.workload, use.period] += use.halls * each
    return dict(found)
