"""Levelised cost of compute of a plan, by site and generation of chips (docs/statement.md)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_halls import HallBooks
from optimizer.plan.accounts_sites import racks_at_work
from optimizer.plan.income_tax import kept_share, weights
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats, Times
from optimizer.scenario.schema import ASSET_CLASSES, Scenario, revenue_path

# Dense BF16 PFLOP/s of an H100.
_PFLOPS = 0.9895


@dataclass(frozen=True)
class Levelised:
    """Discounted cost and compute of the halls of a site with one chip.

    Attributes
    ----------
    site, chip : str
    usd : float
        Discounted cost after tax, credit for sales and residual value in; sites' land, power and energy are shared
        by the energy that halls use [USD].
    unit_hours, h100e_hours : float
        Discounted compute at work [unit of demand.metric times h; the same counted in H100s at dense BF16].
    revenue_usd : float
        Discounted revenue of what is served, after tax, shared among chips as they are at work [USD].
    """

    site: str
    chip: str
    usd: float
    unit_hours: float
    h100e_hours: float
    revenue_usd: float

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
        """What an hour of it brings after tax; above the cost it pays [USD per unit of demand.metric and hour]."""
        return _ratio(self.revenue_usd, self.unit_hours)


def _ratio(usd: float, hours: float) -> float:
    return usd / hours if hours > 0 else float("nan")


def levelised(scenario: Scenario, books: Accounts, content: PlanContent) -> tuple[Levelised, ...]:
    """Cost and compute of every pair of site and chip; the costs add up to those of all sites."""
    t = books.times
    weight = {name: weights(scenario, t, name) for name in ASSET_CLASSES}
    kept = kept_share(scenario)
    cost: dict[tuple[str, str], float] = defaultdict(float)
    energy: dict[tuple[str, str], Floats] = defaultdict(lambda: np.zeros(t.count))
    of_halls: set[int] = set()
    for book in books.halls:
        owner = _owners(book, t.count)
        for item in book.capital:
            of_halls.add(id(item))
            usd = item.usd * t.discount[item.period] * weight[item.asset_class][item.period]
            if item.asset_class == "chips":
                chip = _chip_of(book, item.period)
                cost[book.life.site, chip] += usd
            else:
                _share_out(cost, book.life.site, owner, usd)
        for opex in book.opex:
            of_halls.add(id(opex))
            chip = _chip_of(book, min(opex.period, max(book.life.stages[-1].end - 1, 0)))
            cost[book.life.site, chip] += kept * opex.usd * t.discount[opex.period]
        for credit in book.credits:
            of_halls.add(id(credit))
            factor = t.discount_end if credit.period is None else t.discount[credit.period]
            usd = -kept * credit.usd * factor
            if credit.line == "residual_facility":
                _share_out(cost, book.life.site, owner, usd)
            else:
                period = t.count if credit.period is None else credit.period
                cost[book.life.site, _chip_of(book, period - 1)] += usd
        for stage in book.life.stages:
            at = slice(stage.first, min(stage.end, t.count))
            energy[book.life.site, stage.chip][at] += book.energy_mwh[at]
    _site_costs(scenario, books, cost, energy, of_halls)
    compute: dict[tuple[str, str], float] = defaultdict(float)
    h100e: dict[tuple[str, str], float] = defaultdict(float)
    at_work: dict[tuple[str, str, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    workloads = {workload.name: workload for workload in scenario.demand.workloads}
    for use in content.uses:
        facts, workload = books.terms.chips[use.chip], workloads[use.workload]
        hours = use.halls * t.hours * t.discount[use.period]
        made = hours * facts.yield_of(racks_at_work(facts, use), workload, use.run_on)
        compute[use.site, use.chip] += made
        at_work[use.site, use.workload, use.period][use.chip] += made
        if facts.kind != "cpu":
            # The same work in another unit: only rate and reference change.
            as_h100 = replace(facts, metric="h100e")
            plain = workload.model_copy(update={"precision": None})
            h100e[use.site, use.chip] += hours * as_h100.yield_of(
                racks_at_work(facts, use), plain, use.run_on
            )
    income = _revenue(scenario, t, content, at_work)
    return tuple(
        Levelised(*key, cost[key], compute[key], h100e[key], kept * income[key]) for key in sorted(cost)
    )


def _revenue(
    scenario: Scenario, t: Times, content: PlanContent, at_work: dict[tuple[str, str, int], dict[str, float]]
) -> dict[tuple[str, str], float]:
    """Discounted revenue of what sites serve, by site and chip."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    prices = revenue_path(scenario.money)
    if prices is None:
        return found
    price = t.path(prices)
    for given in content.served:
        chips = at_work.get((given.site, given.workload, given.period), {})
        total = sum(chips.values())
        usd = given.amount * price[given.period] * t.hours * t.discount[given.period]
        for chip, made in chips.items():
            found[given.site, chip] += usd * made / total
    return found


def _owners(book: HallBooks, count: int) -> dict[str, float]:
    """Share of a hall's running time that each chip has."""
    time: dict[str, float] = defaultdict(float)
    for stage in book.life.stages:
        time[stage.chip] += min(stage.end, count) - stage.first
    total = sum(time.values())
    return {chip: periods / total for chip, periods in time.items()}


def _chip_of(book: HallBooks, period: int) -> str:
    """Chip in a hall in a period; before and after its life the first or the last."""
    for stage in book.life.stages:
        if period < stage.end:
            return stage.chip
    return book.life.stages[-1].chip


def _share_out(cost: dict[tuple[str, str], float], site: str, owner: dict[str, float], usd: float) -> None:
    for chip, share in owner.items():
        cost[site, chip] += share * usd


def _site_costs(
    scenario: Scenario,
    books: Accounts,
    cost: dict[tuple[str, str], float],
    energy: dict[tuple[str, str], Floats],
    of_halls: set[int],
) -> None:
    """Land, power, energy and what else belongs to a site, shared by the energy that halls use."""
    t, kept = books.times, kept_share(scenario)
    shares: dict[str, dict[str, Floats]] = {}
    for (site, chip), mwh in energy.items():
        shares.setdefault(site, {})[chip] = mwh
    whole = {site: {c: float(m.sum()) for c, m in by_chip.items()} for site, by_chip in shares.items()}

    def add(site: str, usd: float, period: int | None) -> None:
        if site not in shares:
            return
        weights_of = whole[site] if period is None else {c: float(m[period]) for c, m in shares[site].items()}
        if sum(weights_of.values()) <= 0:
            weights_of = whole[site]
        total = sum(weights_of.values())
        for chip, share in weights_of.items():
            cost[site, chip] += usd * share / total

    for item in books.capital:
        if id(item) not in of_halls:
            weight = weights(scenario, t, item.asset_class)[item.period]
            add(item.site, item.usd * t.discount[item.period] * weight, None)
    for opex in books.opex:
        if id(opex) not in of_halls:
            add(opex.site, kept * opex.usd * t.discount[opex.period], opex.period)
    for credit in books.credits:
        if id(credit) not in of_halls:
            factor = t.discount_end if credit.period is None else t.discount[credit.period]
            add(credit.site, -credit.usd * factor * (1.0 if credit.line == "residual_land" else kept), None)
