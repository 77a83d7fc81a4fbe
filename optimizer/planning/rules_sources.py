"""Rules of sources: commitments and rounds, loan to cost, conditions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.ceilings import most_spending
from optimizer.planning.columns import Columns
from optimizer.planning.data import PlanningData, SourceTerms
from optimizer.planning.model import NONE, Ids, ModelBuilder

Floats = NDArray[np.float64]


def add_commitments(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Nominal draws up to t <= what the source has committed by t; what is not used carries over, or lapses."""
    nominal = 1.0 / data.periods.deflator
    for i, source in enumerate(data.sources):
        if source.windows:
            rows = builder.rows(
                f"commitment_{i}",
                {
                    "source": np.full(len(source.windows), i),
                    "period": [end - 1 for _, end, _ in source.windows],
                },
                upper=np.array([usd for _, _, usd in source.windows]) / data.money_unit,
            )
            for row, (first, end, _) in zip(rows.ids, source.windows, strict=True):
                c, t = np.nonzero(columns.draws[i, :, first:end] != NONE)
                builder.add(row, columns.draws[i, c, t + first], nominal[t + first])
        if source.ceiling_usd is None:
            continue
        periods = np.arange(source.first, source.end)
        if not len(periods):
            continue
        # A ceiling that does not rise needs one row, at the end of the window.
        last = np.append(np.diff(source.ceiling_usd[periods]) > 0, True)
        last |= bool(source.rounds)
        rows = builder.rows(
            f"commitment_{i}",
            {"source": np.full(int(last.sum()), i), "period": periods[last]},
            upper=source.ceiling_usd[periods[last]] / data.money_unit,
        )
        for row, period in zip(rows.ids, periods[last], strict=True):
            c, t = np.nonzero(columns.draws[i, :, : period + 1] != NONE)
            builder.add(row, columns.draws[i, c, t], nominal[t])
            own, t = np.nonzero(columns.raised[i, :, : period + 1] != NONE)
            builder.add(row, columns.raised[i, own, t], -1.0)
        if source.charges_fees:
            _add_rounds(builder, columns, data, i)
            continue
        for n, part in enumerate(source.rounds):
            assert part.online_mw is not None  # others stand in the ceiling
            closed = _gate(builder, columns, data, f"round_{i}_{n}", i, part.online_mw)
            later = periods[last] >= part.first
            builder.add(rows.ids[later], closed[periods[last][later]], -part.usd / data.money_unit)


def _add_rounds(builder: ModelBuilder, columns: Columns, data: PlanningData, i: int) -> None:
    """What is drawn from rounds <= draws, period by period; from each one up to t <= what it has brought."""
    planning = data.periods.planning
    nominal = 1.0 / data.periods.deflator
    t = np.arange(planning)
    rows = builder.rows(f"raised_{i}", {"source": np.full(planning, i), "period": t}, upper=0.0)
    own, at = np.nonzero(columns.raised[i] != NONE)
    builder.add(rows.first + at, columns.raised[i, own, at], 1.0)
    c, at = np.nonzero(columns.draws[i] != NONE)
    builder.add(rows.first + at, columns.draws[i, c, at], -nominal[at])
    for n, part in enumerate(data.sources[i].rounds):
        at = np.flatnonzero(columns.raised[i, n] != NONE)
        if not len(at):
            continue
        usd = part.usd / data.money_unit
        if part.online_mw is None:
            rows = builder.rows(f"round_usd_{i}_{n}", {"source": [i], "period": [at[-1]]}, upper=usd)
            builder.add(rows.first, columns.raised[i, n, at], 1.0)
            continue
        closed = _gate(builder, columns, data, f"round_{i}_{n}", i, part.online_mw)
        rows = builder.rows(f"round_usd_{i}_{n}", {"source": np.full(len(at), i), "period": at}, upper=0.0)
        builder.add(rows.ids, closed[at], -usd)
        for row, period in zip(rows.ids, at, strict=True):
            builder.add(row, columns.raised[i, n, at[at <= period]], 1.0)


def add_loan_to_cost(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Nominal draws up to t of loans up to a source's rank <= loan to cost x nominal spending on what it funds up to t.

    Where other loans may have passed the limit while this one is not drawn, a choice says whether it has been drawn.
    """
    planning = data.periods.planning
    nominal = 1.0 / data.periods.deflator
    most = most_spending(data) / data.money_unit * nominal[:planning]
    for i, source in enumerate(data.sources):
        if source.loan_to_cost is None:
            continue
        others = _loans_beside(data.sources, i)
        gated = any(not _implies(data.sources[k], source) for k in others)
        # Without others the limit can't be passed when nothing is drawn any more.
        periods = np.arange(source.first, planning if others else source.end)
        if not len(periods):
            continue
        axes = {"source": np.full(len(periods), i), "period": periods}
        of_class = list(source.classes)
        spent = np.array([most[of_class, : t + 1].sum() for t in periods])
        slack = spent * (1 - source.loan_to_cost)
        rows = builder.rows(f"loan_to_cost_{i}", axes, upper=slack if gated else 0.0)
        if gated:
            lent = builder.columns(f"lent_{i}", axes, upper=1.0, integer=True)
            builder.add(rows.ids, lent.ids, slack)
            own = builder.rows(f"lent_{i}", axes, upper=0.0)
            builder.add(own.ids, lent.ids, -spent)
            for row, period in zip(own.ids, periods, strict=True):
                c, t = np.nonzero(columns.draws[i, :, : period + 1] != NONE)
                builder.add(row, columns.draws[i, c, t], nominal[t])
        for row, period in zip(rows.ids, periods, strict=True):
            for asset_class in source.classes:
                for k in (i, *others):
                    t = np.flatnonzero(columns.draws[k, asset_class, : period + 1] != NONE)
                    builder.add(row, columns.draws[k, asset_class, t], nominal[t])
                # Spending is what all sources draw for the class: sources = uses holds every period.
                all_of_them, t = np.nonzero(columns.draws[:, asset_class, : period + 1] != NONE)
                drawn = columns.draws[all_of_them, asset_class, t]
                builder.add(row, drawn, -source.loan_to_cost * nominal[t])


def _loans_beside(sources: tuple[SourceTerms, ...], i: int) -> list[int]:
    """Other loans that count against a source's loan to cost."""
    own = sources[i]
    return [
        k
        for k, other in enumerate(sources)
        if k != i
        and other.loan_to_cost is not None
        and other.rank <= own.rank
        and set(other.classes) & set(own.classes)
    ]


def _implies(other: SourceTerms, own: SourceTerms) -> bool:
    """Whether another loan keeps a source's limit by its own, so that the limit may always stand."""
    assert other.loan_to_cost is not None
    assert own.loan_to_cost is not None
    same = other.rank == own.rank and set(other.classes) == set(own.classes)
    return same and other.loan_to_cost <= own.loan_to_cost


def add_conditions(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """No draw before the IT power in operation has once reached the condition's megawatts."""
    planning = data.periods.planning
    nominal = 1.0 / data.periods.deflator
    for i, source in enumerate(data.sources):
        if source.online_mw is None:
            continue
        t = np.arange(planning)
        gate = builder.rows(f"gate_{i}", {"source": np.full(planning, i), "period": t}, upper=0.0)
        ceiling = (
            source.ceiling_usd.max() / data.money_unit
            if source.ceiling_usd is not None and not source.rounds
            else float((most_spending(data) * nominal[:planning]).sum()) / data.money_unit
        )
        c, at = np.nonzero(columns.draws[i] != NONE)
        builder.add(gate.first + at, columns.draws[i, c, at], nominal[at])
        builder.add(gate.ids, columns.released[i], -ceiling)
        _gate(builder, columns, data, str(i), i, source.online_mw, columns.released[i])


def _gate(
    builder: ModelBuilder,
    columns: Columns,
    data: PlanningData,
    name: str,
    source: int,
    online_mw: float,
    released: Ids | None = None,
) -> Ids:
    """Columns, by planning period, that are 1 only from when the IT power in operation has once reached a level."""
    planning = data.periods.planning
    t = np.arange(planning)
    axes = {"source": np.full(planning, source), "period": t}
    if released is None:
        released = builder.columns(f"released_{name}", axes, upper=1.0, integer=True).ids
    # Released by t: released already, or the power is there now.
    reached = builder.columns(f"reached_{name}", axes, upper=1.0, integer=True)
    step = builder.rows(f"release_{name}", axes, upper=0.0)
    builder.add(step.ids, released, 1.0)
    builder.add(step.first + t[1:], released[:-1], -1.0)
    builder.add(step.ids, reached.ids, -1.0)
    power = builder.rows(f"online_{name}", axes, lower=0.0)
    j, at = np.nonzero(data.programmes.it_mw[:, :planning])
    builder.add(power.first + at, columns.halls.first + j, data.programmes.it_mw[j, at])
    builder.add(power.ids, reached.ids, -online_mw)
    return released
