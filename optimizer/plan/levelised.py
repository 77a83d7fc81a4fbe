"""Levelised cost of compute of a plan, by site and generation of chips, leases apart (docs/statement.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_halls import Capital, HallBooks
from optimizer.plan.accounts_sites import racks_at_work
from optimizer.plan.income_tax import kept_share, weights
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats
from optimizer.scenario.schema import ASSET_CLASSES, Scenario, revenue_path

# Dense BF16 PFLOP/s of an H100.
_PFLOPS = 0.9895
# H100s of one unit of leased compute: of which chips it is made nobody says.
_H100E = {"h100e": 1.0, "h100e_8bit": 1.0, "pflops": 1 / _PFLOPS}

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
    unit_hours, h100e_hours : float
        Discounted compute at work, of leases: served [unit of demand.metric times h; the same in H100s at dense BF16].
    revenue_usd : float
        Discounted revenue of what is served, after tax, shared among a site's chips as they are at work [USD].
    """

    site: str
    chip: str
    usd: float
    unit_hours: float
    h100e_hours: float
    revenue_usd: float

    @property
    def of_halls(self) -> bool:
        """Whether it is of halls, not of a lease or of what is not served."""
        return self.chip not in (LEASED, UNSERVED)

    @property
    def usd_per_unit_hour(self) -> float:
        """Levelised cost [USD per unit of demand.metric and hour]; nan without compute."""
        return _ratio(self.usd, self.unit_hours)

    @property
    def usd_per_h100e_hour(self) -> float:
        """The same by H100s at dense BF16, whatever demand.metric is [USD/H100e-h]; nan for processors."""
        return _ratio(self.usd, self.h100e_hours)

    @property
    def usd_per_pflop_hour(self) -> float:
        """The same by dense BF16 PFLOP/s [USD/PFLOP-h]."""
        return _ratio(self.usd, self.h100e_hours * _PFLOPS)

    @property
    def revenue_usd_per_unit_hour(self) -> float:
        """What an hour of it brings after tax; what is above its cost is earned [USD per unit of demand.metric and hour]."""
        return _ratio(self.revenue_usd, self.unit_hours)


def _ratio(usd: float, hours: float) -> float:
    return usd / hours if hours > 0 else float("nan")


def together(parts: Iterable[Levelised]) -> Levelised:
    """Cost and compute of several rows as one without a name."""
    rows = [(r.usd, r.unit_hours, r.h100e_hours, r.revenue_usd) for r in parts]
    usd, hours, h100e, revenue = (sum(column) for column in zip(*rows, strict=True)) if rows else (0.0,) * 4
    return Levelised("", "", usd, hours, h100e, revenue)


def levelised(scenario: Scenario, books: Accounts, content: PlanContent) -> tuple[Levelised, ...]:
    """Cost and compute of every pair of site and chip and of every lease; costs add up to the plan's."""
    cost = _costs(scenario, books, content)
    t = books.times
    compute: dict[Row, float] = defaultdict(float)
    h100e: dict[Row, float] = defaultdict(float)
    at_work: dict[tuple[str, str, int], Shares] = defaultdict(lambda: defaultdict(float))
    workloads = {workload.name: workload for workload in scenario.demand.workloads}
    for use in content.uses:
        facts, workload = books.terms.chips[use.chip], workloads[use.workload]
        racks, hours = racks_at_work(facts, use), use.halls * t.hours * t.discount[use.period]
        row, made = (use.site, use.chip), hours * facts.yield_of(racks, workload, use.run_on)
        compute[row] += made
        at_work[use.site, use.workload, use.period][row] += made
        if facts.kind != "cpu":
            # The same work at dense BF16: only the rate and what it is counted against change.
            plain = workload.model_copy(update={"precision": None})
            h100e[row] += hours * replace(facts, metric="h100e").yield_of(racks, plain, use.run_on)
    leases = {lease.name for lease in scenario.leases}
    for served in content.served:
        if served.site in leases:
            row, made = (served.site, LEASED), served.amount * t.hours * t.discount[served.period]
            compute[row] += made
            h100e[row] += made * _H100E[scenario.demand.metric]
            at_work[served.site, served.workload, served.period][row] += made
    income = _revenue(scenario, books, content, at_work)
    # Sites first, then leases, then what is not served.
    order = sorted(cost, key=lambda row: (row[1] == UNSERVED, row[1] == LEASED, row))
    return tuple(Levelised(*row, cost[row], compute[row], h100e[row], income[row]) for row in order)


def _revenue(
    scenario: Scenario, books: Accounts, content: PlanContent, at_work: dict[tuple[str, str, int], Shares]
) -> dict[Row, float]:
    """Discounted revenue after tax of what is served, shared by what is at work for it."""
    t, kept, prices = books.times, kept_share(scenario), revenue_path(scenario.money)
    found: dict[Row, float] = defaultdict(float)
    if prices is None:
        return found
    price = t.path(prices)
    for given in content.served:
        rows = at_work.get((given.site, given.workload, given.period), {})
        total = sum(rows.values())
        usd = kept * given.amount * price[given.period] * t.hours * t.discount[given.period]
        for row, made in rows.items():
            found[row] += usd * made / total
    return found


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
    drawn: dict[tuple[str, int], float] = defaultdict(float)
    for draw in content.draws:
        drawn[draw.source, draw.period] += draw.usd
    # What a source charges beside the WACC in a period, fees in it, falls on what its draws pay for.
    charged: dict[tuple[str, int], float] = defaultdict(float)
    for sign, rows in ((1, books.premiums), (1, books.fees), (-1, books.shields)):
        for name, period, usd in rows:
            charged[name, period] += sign * usd
    for draw in content.draws:
        key = (draw.source, draw.period)
        usd = draw.usd / drawn[key] * charged[key] * factor(draw.period) if drawn[key] else 0.0
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
