"""Draws settled to the cent, and what is owed for them period by period (docs/statement.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.plan.accounts import Accounts
from optimizer.plan.finance import committed_usd, grace_periods, rate_of, windows_of, years_of
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Times
from optimizer.scenario.schema import Scenario, Source

Cents = NDArray[np.int64]


@dataclass(frozen=True)
class Facility:
    """A source that is paid back; cents of nominal dollars, shape (T + 1,), the last entry the end of the study.

    Attributes
    ----------
    name : str
    opening, drawn, capitalised, interest, repaid, closing : Cents
        opening + drawn + capitalised - repaid = closing, and closing is the next period's opening. What is still
        owed at the end of the study is repaid there.
    """

    name: str
    opening: Cents
    drawn: Cents
    capitalised: Cents
    interest: Cents
    repaid: Cents
    closing: Cents

    @property
    def service(self) -> Cents:
        """Interest paid and repayment."""
        return self.interest + self.repaid


def settled_draws(
    scenario: Scenario, books: Accounts, content: PlanContent, uses: dict[str, Cents]
) -> dict[str, Cents]:
    """Draws by source and period that meet the uses to the cent and no commitment is passed by; cents, shape (T,).

    The plan's draws come from a solver and are right to about a dollar. What they miss is drawn from the
    source with room that pays for most of the class; what no source can pay is left for operations.
    """
    t, sources = books.times, scenario.finance.sources
    drawn = {source.name: np.zeros(t.count, dtype=np.int64) for source in sources}
    wished: dict[tuple[str, str, int], float] = {}
    for draw in content.draws:
        key = (draw.source, draw.asset_class, draw.period)
        wished[key] = wished.get(key, 0.0) + 100.0 * draw.usd / float(t.deflator[draw.period])
    online = sum((book.it_mw for book in books.halls), start=np.zeros(t.count))
    room = {source.name: _Room(scenario, t, source, online) for source in sources}
    for period in range(t.planning):
        for asset_class, flow in uses.items():
            left = int(flow[period])
            wants = sorted(
                ((wished.get((s.name, asset_class, period), 0.0), s) for s in sources),
                key=lambda pair: -pair[0],
            )
            for cents, source in wants:
                take = max(0, min(round(cents), left, room[source.name].left(period)))
                drawn[source.name][period] += take
                room[source.name].take(period, take)
                left -= take
            for cents, source in wants:
                if left > 0 and cents > 0:
                    take = max(0, min(left, room[source.name].left(period)))
                    drawn[source.name][period] += take
                    room[source.name].take(period, take)
                    left -= take
    return drawn


class _Room:
    """What a source may still give, in cents."""

    def __init__(self, scenario: Scenario, t: Times, source: Source, online: NDArray[np.float64]) -> None:
        ceiling = committed_usd(t, source, online)
        self._ceiling = None if ceiling is None else np.floor(ceiling * 100 + 1e-6)
        self._windows = [(first, end, math.floor(usd * 100)) for first, end, usd in windows_of(t, source)]
        self._drawn = np.zeros(t.count, dtype=np.int64)
        self._planning = t.planning

    def left(self, period: int) -> int:
        """Cents that may be drawn in a period, no later one's limit passed."""
        most = 2**62
        if self._ceiling is not None:
            cumulative = np.cumsum(self._drawn)[: self._planning]
            most = min(most, int((self._ceiling - cumulative)[period:].min()))
        for first, end, cents in self._windows:
            if first <= period < end:
                most = min(most, cents - int(self._drawn[first:end].sum()))
        return most

    def take(self, period: int, cents: int) -> None:
        """Note what is drawn."""
        self._drawn[period] += cents


def roll_forward(scenario: Scenario, t: Times, source: Source, drawn: Cents) -> Facility:
    """Balance of a source: each draw bears interest from its period on, capitalised during grace, then a level annuity."""
    rate = rate_of(source)
    by_period = (1 + rate) ** t.years - 1
    grace = grace_periods(scenario, t, source)
    flows = {name: np.zeros(t.count + 1, dtype=np.int64) for name in ("capitalised", "interest", "repaid")}
    for u in np.flatnonzero(drawn):
        payments = max(1, math.ceil(years_of(source, t, int(u)) / t.years - 1e-9))
        _annuity(int(drawn[u]), int(u), grace, payments, by_period, flows, t.count)
    opening = np.zeros(t.count + 1, dtype=np.int64)
    closing = np.zeros(t.count + 1, dtype=np.int64)
    given = np.append(drawn, 0)
    owed = 0
    for period in range(t.count + 1):
        opening[period] = owed
        owed += int(given[period] + flows["capitalised"][period] - flows["repaid"][period])
        closing[period] = owed
    return Facility(source.name, opening, given, closing=closing, **flows)


def _annuity(
    drawn: int, u: int, grace: int, payments: int, by_period: float, flows: dict[str, Cents], count: int
) -> None:
    """Interest and repayment of one draw, in cents; what is left at the end of the study is repaid there."""
    owed = drawn
    for period in range(u, min(u + grace, count)):
        interest = round(owed * by_period)
        flows["capitalised"][period] += interest
        owed += interest
    level = 0
    for n in range(payments):
        period = u + grace + n
        if period >= count:
            break
        if n == 0:
            share = 1 / payments if by_period == 0 else by_period / (1 - (1 + by_period) ** -payments)
            level = round(owed * share)
        interest = round(owed * by_period)
        repaid = owed if n == payments - 1 else min(owed, level - interest)
        flows["interest"][period] += interest
        flows["repaid"][period] += repaid
        owed -= repaid
    flows["repaid"][count] += owed
