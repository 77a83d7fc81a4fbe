"""Draws settled to the cent: they meet the uses and pass no limit (docs/statement.md)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from optimizer.plan.accounts import Accounts
from optimizer.plan.finance import committed_usd, windows_of
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Times
from optimizer.scenario.schema import ASSET_CLASSES, Scenario, Source

# A source that is drawn with less than this asks nothing of the others.
DUST_CENTS = 100_000
# What the solver misses of a class in a period at most: 100 dollars, or this share of it.
MISSED_CENTS, MISSED_SHARE = 10_000, 1e-6

Cents = NDArray[np.int64]
ByClass = dict[str, Cents]


def settled_draws(
    scenario: Scenario, books: Accounts, content: PlanContent, uses: ByClass
) -> dict[str, ByClass]:
    """Draws by source, class and period; cents of nominal dollars, shape (T,).

    The plan's draws come from a solver and are right to about a dollar. What they miss is drawn from the
    source with room that pays for most of the class. What they miss beyond that, in a plan that is short of money, and
    what no source can pay is left for operations: more debt would ask for more cover than the plan kept to.
    """
    t, sources = books.times, scenario.finance.sources
    drawn = {s.name: {c: np.zeros(t.count, dtype=np.int64) for c in ASSET_CLASSES} for s in sources}
    wished: dict[tuple[str, str, int], float] = {}
    for draw in content.draws:
        key = (draw.source, draw.asset_class, draw.period)
        wished[key] = wished.get(key, 0.0) + 100.0 * draw.usd / float(t.deflator[draw.period])
    online = sum((book.it_mw for book in books.halls), start=np.zeros(t.count))
    room = {s.name: [_Ceiling(t, s, online, drawn[s.name])] for s in sources}
    loans = [_Loans(source, sources, uses, drawn) for source in sources if source.loan_to_cost is not None]

    def left(source: Source, asset_class: str, period: int) -> int:
        most = min(ceiling.left(period) for ceiling in room[source.name])
        return min([most, *(loan.left(source, asset_class, period) for loan in loans)])

    for period in range(t.planning):
        for asset_class, flow in uses.items():
            due = int(flow[period])
            wants = sorted(
                ((wished.get((s.name, asset_class, period), 0.0), s) for s in sources),
                key=lambda pair: -pair[0],
            )
            missed = max(MISSED_CENTS, MISSED_SHARE * float(due))
            for cents, source in [*wants, *((missed, s) for cents, s in wants if cents > 0)]:
                take = max(0, min(round(cents), due, left(source, asset_class, period)))
                drawn[source.name][asset_class][period] += take
                due -= take
    return drawn


class _Ceiling:
    """What a source has committed, in cents."""

    def __init__(self, t: Times, source: Source, online: NDArray[np.float64], drawn: ByClass) -> None:
        ceiling = committed_usd(t, source, online)
        self._ceiling = None if ceiling is None else np.floor(ceiling * 100 + 1e-6)
        self._windows = [(first, end, math.floor(usd * 100)) for first, end, usd in windows_of(t, source)]
        self._lapsing = source.tranche_months is not None
        self._drawn = drawn
        self._planning = t.planning

    def left(self, period: int) -> int:
        """Cents that may be drawn in a period, no later one's limit passed."""
        drawn = sum(self._drawn.values(), start=np.zeros(1, dtype=np.int64))
        most = 2**62
        if self._ceiling is not None:
            cumulative = np.cumsum(drawn)[: self._planning]
            most = min(most, int((self._ceiling - cumulative)[period:].min()))
        if self._lapsing:
            inside = [
                cents - int(drawn[first:end].sum())
                for first, end, cents in self._windows
                if first <= period < end
            ]
            most = min([most, *inside]) if inside else 0
        return most


class _Loans:
    """Loan to cost of one source: what all loans up to its rank may have lent, in cents."""

    def __init__(
        self, source: Source, sources: tuple[Source, ...], uses: ByClass, drawn: dict[str, ByClass]
    ) -> None:
        assert source.loan_to_cost is not None
        cost = sum((uses[c] for c in source.funds), start=np.zeros(1, dtype=np.int64))
        self._source = source
        self._most = np.floor(source.loan_to_cost * np.cumsum(cost) + 1e-6)
        self._beside = {s.name for s in sources if s.loan_to_cost is not None and s.rank <= source.rank}
        self._drawn = drawn

    def left(self, source: Source, asset_class: str, period: int) -> int:
        """Cents that a source may draw for a class in a period; the limit holds from this one's first draw on."""
        own, until = self._source, period + 1
        if source.name not in self._beside or asset_class not in own.funds:
            return 2**62
        drawn = sum(int(flow[:until].sum()) for flow in self._drawn[own.name].values())
        if source.name != own.name and drawn <= DUST_CENTS:
            return 2**62
        lent = sum(int(self._drawn[name][c][:until].sum()) for name in self._beside for c in own.funds)
        return int(self._most[period]) - lent
