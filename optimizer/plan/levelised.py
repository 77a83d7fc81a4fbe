"""Levelised cost of compute of a plan, by site and generation of chips, leases apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_halls import Capital, HallBooks
from optimizer.plan.accounts_sites import racks_at_work
from optimizer.plan.finance import premium
from optimizer.plan.income_tax import kept_share, weights
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats
from optimizer.scenario.schema import ASSET_CLASSES, Scenario

# Dense BF16 PFLOP/s of one unit of demand.metric; 8-bit units are counted at half their rate.
_PFLOPS = {"h100e": 0.9895, "h100e_8bit": 0.9895, "pflops": 1.0}


# In place of a chip: rows of leased compute, by the lease's name, and of demand that is not served.
LEASED, UNSERVED = "leased", "unserved"

Row = tuple[str, str]
Shares = dict[Row, float]


@dataclass(frozen=True)
class Levelised:
    """Discounted cost and compute of the halls of a site with one chip, or of a lease.

    Attributes
    ----------
    site, chip : str
        `leased` in place of a chip: the site is the lease. `unserved`: what demand that is not served is priced at.
    usd : float
        Discounted cost after tax, credit for sales and residual value in; sites' land, power and energy are shared
        by the energy that halls use, an own chip's development by its racks, the cost of money by what it paid for [USD].
    unit_hours : float
        Discounted compute at work, of leases: served [unit of demand.metric times h].
    """

    site: str
    chip: str
    usd: float
    unit_hours: float
    pflops: float

    @property
    def of_halls(self) -> bool:
        """Whether it is of halls, not of a lease or of what is not served."""
        return self.chip not in (LEASED, UNSERVED)

    @property
    def usd_per_unit_hour(self) -> float:
        """Levelised cost [USD per unit of demand.metric and hour]; nan without compute."""
        return self.usd / self.unit_hours if self.unit_hours > 0 else float("nan")

    @property
    def usd_per_pflop_hour(self) -> float:
        """The same by dense BF16 PFLOP/s [USD/PFLOP-h]."""
        return self.usd_per_unit_hour / self.pflops


def levelised(scenario: Scenario, books: Accounts, content: PlanContent) -> tuple[Levelised, ...]:
    """Cost and compute of every pair of site and chip and of every lease; costs add up to the plan's."""
    cost = _costs(scenario, books, content)
    t = books.times
    compute: dict[Row, float] = defaultdict(float)
    workloads = {workload.name: workload for workload in scenario.demand.workloads}
    for use in content.uses:
        facts = books.terms.chips[use.chip]
        each = facts.yield_of(racks_at_work(facts, use), workloads[use.workload], use.run_on)
        compute[use.site, use.chip] += use.halls * each * t.hours * t.discount[use.period]
    leases = {lease.name for lease in scenario.leases}
    for served in content.served:
        if served.site in leases:
            compute[served.site, LEASED] += served.amount * t.hours * t.discount[served.period]
    pflops = _PFLOPS[scenario.demand.metric]
    # Sites first, then leases, then what is not served.
    order = sorted(cost, key=lambda row: (row[1] == UNSERVED, row[1] == LEASED, row))
    return tuple(Levelised(*row, cost[row], compute[row], pflops) for row in order)


def _costs(scenario: Scenario, books: Accounts, content: PlanContent) -> dict[Row, float]:
    t, kept = books.times, kept_share(scenario)
    weight = {name: weights(scenario, t, name) for name in ASSET_CLASSES}
    cost: dict[Row, float] = defaultdict(float)
    # What each row spent of a class in a period: the money drawn for it costs more or less than the WACC.
    spent: dict[tuple[str, int], Shares] = defaultdict(lambda: defaultdict(float))

    def add(shares: Shares, usd: float) -> None:
        for row, share in shares.items():
            cost[row] += share * usd

    def invest(item: Capital, shares: Shares) -> None:
        add(shares, item.usd * t.discount[item.period] * weight[item.asset_class][item.period])
        for row, share in shares.items():
            spent[item.asset_class, item.period][row] += share * item.usd

    def factor(period: int | None) -> float:
        return float(t.discount_end if period is None else t.discount[period])

    of_halls: set[int] = set()
    for book in books.halls:
        of_halls |= {id(item) for item in (*book.capital, *book.opex, *book.credits)}
        site, owner = book.life.site, _owners(book, t.count)
        for item in book.capital:
            invest(item, {(site, _chip_of(book, item.period)): 1.0} if item.asset_class == "chips" else owner)
        for opex in book.opex:
            chip = _chip_of(book, min(opex.period, max(book.life.stages[-1].end - 1, 0)))
            add({(site, chip): 1.0}, kept * opex.usd * factor(opex.period))
        for credit in book.credits:
            last = (t.count if credit.period is None else credit.period) - 1
            of_chip = {(site, _chip_of(book, last)): 1.0}
            shares = owner if credit.line == "residual_facility" else of_chip
            add(shares, -kept * credit.usd * factor(credit.period))
    places = _Places(books)
    for item in books.capital:
        if id(item) not in of_halls:
            invest(item, places.by_racks(item.chip) if item.chip else places.by_energy(item.site))
    for opex in books.opex:
        if id(opex) not in of_halls:
            add(places.by_energy(opex.site, opex.period), kept * opex.usd * factor(opex.period))
    for credit in books.credits:
        if id(credit) not in of_halls:
            income = 1.0 if credit.line == "residual_land" else kept
            add(places.by_energy(credit.site), -income * credit.usd * factor(credit.period))
    sources = {source.name: source for source in scenario.finance.sources}
    for draw in content.draws:
        if draw.source not in sources:
            continue
        usd = draw.usd * premium(scenario, t, sources[draw.source], draw.period) * factor(draw.period)
        paid = {row: amount for row, amount in spent[draw.asset_class, draw.period].items() if amount > 0}
        total = sum(paid.values())
        add({row: amount / total for row, amount in paid.items()}, usd)
    if books.unserved:
        cost["", UNSERVED] = sum(kept * usd * factor(period) for _, period, usd in books.unserved)
    return cost


class _Places:
    """How what belongs to a site, or to a chip, is shared by rows."""

    def __init__(self, books: Accounts) -> None:
        count = books.times.count
        self._energy: dict[str, dict[str, Floats]] = {}
        self._racks: dict[str, Shares] = defaultdict(lambda: defaultdict(float))
        for book in books.halls:
            of_site = self._energy.setdefault(book.life.site, {})
            for stage in book.life.stages:
                at = slice(stage.first, min(stage.end, count))
                of_site.setdefault(stage.chip, np.zeros(count))[at] += book.energy_mwh[at]
        for bought in books.bought:
            self._racks[bought.chip][bought.site, bought.chip] += bought.racks

    def by_energy(self, site: str, period: int | None = None) -> Shares:
        """By the energy of a site's halls in a period, or in all; a lease has one row."""
        if site not in self._energy:
            return {(site, LEASED): 1.0}
        whole = {chip: float(mwh.sum()) for chip, mwh in self._energy[site].items()}
        amounts = whole
        if period is not None:
            amounts = {chip: float(mwh[period]) for chip, mwh in self._energy[site].items()}
        if sum(amounts.values()) <= 0:
            amounts = whole
        total = sum(amounts.values())
        return {(site, chip): amount / total for chip, amount in amounts.items()}

    def by_racks(self, chip: str) -> Shares:
        """By the racks of a chip that sites buy."""
        racks = self._racks.get(chip)
        if not racks:
            return {("", chip): 1.0}
        total = sum(racks.values())
        return {row: count / total for row, count in racks.items()}


def _owners(book: HallBooks, count: int) -> Shares:
    """Share of a hall's running time that each chip has."""
    time: Shares = defaultdict(float)
    for stage in book.life.stages:
        time[book.life.site, stage.chip] += min(stage.end, count) - stage.first
    total = sum(time.values())
    return {row: periods / total for row, periods in time.items()}


def _chip_of(book: HallBooks, period: int) -> str:
    """Chip in a hall in a period; before and after its life the first or the last."""
    for stage in book.life.stages:
        if period < stage.end:
            return stage.chip
    return book.life.stages[-1].chip
