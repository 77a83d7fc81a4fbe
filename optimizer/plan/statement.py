"""The plan's statement: every period's money in nominal dollars, to the cent (docs/statement.md)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimizer.plan.accounts import Accounts
from optimizer.plan.debt import Facility, roll_forward
from optimizer.plan.income_tax import in_study
from optimizer.plan.records import PlanContent
from optimizer.plan.returns import Returns, returns_of
from optimizer.plan.settled import settled_draws
from optimizer.plan.times import Floats, Times
from optimizer.scenario.schema import ASSET_CLASSES, Scenario, revenue_path

Cents = NDArray[np.int64]

OPERATIONS = "operations"


@dataclass(frozen=True)
class Statement:
    """Money by period; cents of nominal dollars, shape (T + 1,): the last entry is the end of the study.

    Attributes
    ----------
    revenue : Cents
        Compute served at its price; zero where it has none.
    operating : dict of str to Cents
        Cost by line, positive.
    tax : Cents
        Income tax before interest; negative where it is saved.
    uses : dict of str to Cents
        Capital by asset class, planning periods and tail.
    sources : dict of str to Cents
        Draws by source; `operations` pays what no source does.
    fees : dict of str to Cents
        Fees of rounds by source, paid on top of its draws.
    sales : dict of str to Cents
        Sales of chips and plant, and what is left at the end, by line.
    facilities : tuple of Facility
        Sources that are paid back, with their balance.
    interest_tax : Cents
        Tax that interest saves.
    years : ndarray of shape (T + 1,)
        Time of each entry since the start of the horizon [years].
    deflator : ndarray of shape (T + 1,)
        Dollars of the base year that a nominal one is worth.
    wacc : float
    equity : tuple of str
        Sources that own what is left.
    """

    times: Times
    revenue: Cents
    operating: dict[str, Cents]
    tax: Cents
    uses: dict[str, Cents]
    sources: dict[str, Cents]
    fees: dict[str, Cents]
    sales: dict[str, Cents]
    facilities: tuple[Facility, ...]
    interest_tax: Cents
    years: Floats
    deflator: Floats
    wacc: float
    equity: tuple[str, ...] = field(default=())

    @property
    def ebitda(self) -> Cents:
        """Revenue less operating cost."""
        return self.revenue - self._sum(self.operating)

    @property
    def free_cash_flow(self) -> Cents:
        """What is left before any source: income, cost, tax, capital, sales."""
        return self.ebitda - self.tax - self._sum(self.uses) + self._sum(self.sales)

    @property
    def to_owners(self) -> Cents:
        """Free cash flow with what lenders give and take, fees paid; negative: owners pay in."""
        total = self.free_cash_flow + self.interest_tax - self._sum(self.fees)
        for facility in self.facilities:
            total = total + facility.drawn - facility.service
        return total

    def _sum(self, lines: dict[str, Cents]) -> Cents:
        return sum(lines.values(), start=np.zeros(self.times.count + 1, dtype=np.int64))

    def served_up_to(self, rank: int) -> Cents:
        """Service of all sources of a rank and of those before it."""
        return self._sum({f.name: f.service for f in self.facilities if f.rank <= rank})

    def cover(self, facility: Facility) -> Floats:
        """(Revenue - operating cost) / service up to a source's rank; nan where the source is not served, and at the end."""
        due = np.where(facility.service > 0, self.served_up_to(facility.rank), 0)
        due[-1] = 0
        result: Floats = np.full(len(due), np.nan)
        np.divide(self.ebitda, due, out=result, where=due > 0)
        return result

    def npv_usd(self, flow: Cents) -> float:
        """Net present value at the start of the horizon, nominal dollars of that day at the WACC [USD]."""
        return float((flow / 100.0 * (1 + self.wacc) ** -self.years).sum())

    def returns(self, flow: Cents) -> Returns:
        """Net present value, internal and modified rates of return of a flow."""
        return returns_of(flow / 100.0, self.years, self.wacc)

    def irr(self, flow: Cents) -> float:
        """Internal rate of return a year; nan where there is none, or more than one."""
        return self.returns(flow).irr

    def half_periods(self, flow: Cents) -> Cents:
        """A flow on a grid of half periods: mid-periods at odd places, the end of the study at the last."""
        grid = np.zeros(2 * self.times.count + 1, dtype=np.int64)
        grid[1::2] = flow[:-1]
        grid[-1] += flow[-1]
        return grid


def cents(usd: Floats) -> Cents:
    """Dollars as whole cents."""
    whole: Cents = np.rint(np.asarray(usd, dtype=float) * 100).astype(np.int64)
    return whole


def statement(scenario: Scenario, books: Accounts, content: PlanContent) -> Statement:
    """Draw up the statement of a plan."""
    t = books.times
    deflator = np.append(t.deflator, t.deflator_end)

    def flows(rows: list[tuple[str, int, float]]) -> dict[str, Cents]:
        sums: dict[str, Floats] = defaultdict(lambda: np.zeros(t.count + 1))
        for line, period, usd in rows:
            sums[line][period] += usd
        return {line: cents(real / deflator) for line, real in sums.items()}

    revenue = np.append(revenue_usd(scenario, t, content), 0.0)
    operating = flows([(item.line, item.period, item.usd) for item in books.opex])
    uses = flows([(item.asset_class, item.period, item.usd) for item in books.capital])
    uses = {name: uses.get(name, np.zeros(t.count + 1, dtype=np.int64)) for name in ASSET_CLASSES}
    sales = flows([(c.line, t.count if c.period is None else c.period, c.usd) for c in books.credits])
    income = cents(revenue / deflator)
    settled = settled_draws(scenario, books, content, {name: flow[:-1] for name, flow in uses.items()})
    none = np.zeros(t.count, dtype=np.int64)
    drawn = {name: sum(by_class.values(), start=none) for name, by_class in settled.items()}
    sources = {name: np.append(flow, 0) for name, flow in drawn.items()}
    facilities = tuple(
        roll_forward(scenario, t, source, drawn[source.name])
        for source in scenario.finance.sources
        if source.kind != "equity"
    )
    used = sum(uses.values(), start=np.zeros(t.count + 1, dtype=np.int64))
    sources[OPERATIONS] = used - sum(sources.values(), start=np.zeros(t.count + 1, dtype=np.int64))
    tax, interest_tax = _taxes(scenario, t, income, operating, uses, sales, facilities)
    return Statement(
        times=t,
        revenue=income,
        operating=operating,
        tax=tax,
        uses=uses,
        sources=sources,
        fees=flows(list(books.fees)),
        sales=sales,
        facilities=facilities,
        interest_tax=interest_tax,
        years=np.append((np.arange(t.count) + 0.5) * t.years, t.count * t.years),
        deflator=deflator,
        wacc=scenario.money.wacc,
        equity=tuple(s.name for s in scenario.finance.sources if s.kind == "equity"),
    )


def revenue_usd(scenario: Scenario, t: Times, content: PlanContent) -> Floats:
    """Compute served at its price by period, shape (T,), real [USD]."""
    prices = revenue_path(scenario.money)
    price = np.zeros(t.count) if prices is None else t.path(prices)
    result = np.zeros(t.count)
    for given in content.served:
        result[given.period] += given.amount * price[given.period] * t.hours
    return result


def _taxes(
    scenario: Scenario,
    t: Times,
    revenue: Cents,
    operating: dict[str, Cents],
    uses: dict[str, Cents],
    sales: dict[str, Cents],
    facilities: tuple[Facility, ...],
) -> tuple[Cents, Cents]:
    """Income tax before interest, and what interest saves of it."""
    tax, none = scenario.money.income_tax, np.zeros(t.count + 1, dtype=np.int64)
    if tax is None:
        return none, none
    taxable = (revenue - sum(operating.values(), start=none)).astype(float)
    for line, flow in sales.items():
        if line != "residual_land":
            taxable += flow
    for name, spent in uses.items():
        taxable -= spent[:-1] @ in_study(scenario, t, name)
    saved = np.zeros(t.count + 1)
    for facility in facilities:
        saved += tax.rate * (facility.interest + facility.capitalised)
    return np.rint(tax.rate * taxable).astype(np.int64), np.rint(saved).astype(np.int64)
