"""Rules of money: sources = uses by class, commitments, loan to cost, conditions, service cover, budget."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.ceilings import UNLIMITED_HALLS, most_halls, most_spending
from optimizer.planning.columns import MWH_UNIT, Columns
from optimizer.planning.data import CLASSES, PlanningData
from optimizer.planning.lease_columns import contract_runs
from optimizer.planning.model import NONE, Ids, ModelBuilder

Floats = NDArray[np.float64]

LAND, FACILITY, POWER, CHIPS = range(len(CLASSES))


def add_sources_and_uses(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Draws for a class in a planning period = what is spent on it."""
    if not data.sources:
        return
    classes, periods = (i.ravel() for i in np.indices((len(CLASSES), data.periods.planning)))
    rows = builder.rows("money", {"class": classes, "period": periods}, lower=0.0, upper=0.0)
    row_of = rows.ids.reshape(len(CLASSES), -1)
    i, c, t = np.nonzero(columns.draws != NONE)
    builder.add(row_of[c, t], columns.draws[i, c, t], 1.0)
    _add_spending(builder, columns, data, row_of, np.full(data.periods.planning, -1.0), tuple(range(4)))


def _add_spending(
    builder: ModelBuilder,
    columns: Columns,
    data: PlanningData,
    row_of: NDArray[np.int64],
    weight: NDArray[np.float64],
    classes: tuple[int, ...],
) -> None:
    """Add weight(t) x spending of `classes` in period t to row_of[class, t]; later periods are left out."""
    horizon = row_of.shape[1]
    for c, flows in ((FACILITY, data.programmes.facility_usd), (CHIPS, data.programmes.chips_usd)):
        if c in classes:
            j, t = np.nonzero(flows[:, :horizon])
            builder.add(row_of[c, t], columns.halls.first + j, weight[t] * flows[j, t] / data.money_unit)
    own = data.developments
    if CHIPS in classes:
        inside = own.period < horizon
        at = own.period[inside]
        spent = weight[at] * own.usd[inside] / data.money_unit
        builder.add(row_of[CHIPS, at], columns.developed[inside], spent)
    for n, c in enumerate((FACILITY, CHIPS)):
        if c in classes:
            e, t = np.nonzero(columns.rebate[:, n, :horizon] != NONE)
            builder.add(row_of[c, t], columns.rebate[e, n, t], -weight[t])
    if POWER in classes and len(data.paths.site):
        m, t = np.nonzero(data.paths.capital_usd[:, :horizon])
        builder.add(
            row_of[POWER, t],
            columns.paths.first + m,
            weight[t] * data.paths.capital_usd[m, t] / data.money_unit,
        )
    if LAND in classes:
        s, t = np.nonzero(columns.opened != NONE)
        price = data.sites.opening_usd[s] / data.money_unit
        builder.add(row_of[LAND, t], columns.opened[s, t], weight[t] * price)
        # The price is paid in the first open period only.
        later = t + 1 < min(horizon, data.periods.planning)
        s, t, price = s[later], t[later], price[later]
        builder.add(row_of[LAND, t + 1], columns.opened[s, t], -weight[t + 1] * price)


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
        for n, (first, usd, online_mw) in enumerate(source.rounds):
            closed = _gate(builder, columns, data, f"round_{i}_{n}", i, online_mw)
            later = periods[last] >= first
            builder.add(rows.ids[later], closed[periods[last][later]], -usd / data.money_unit)


def add_loan_to_cost(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Nominal draws up to t <= loan to cost x nominal spending on the classes funded up to t."""
    nominal = 1.0 / data.periods.deflator
    for i, source in enumerate(data.sources):
        if source.loan_to_cost is None:
            continue
        periods = np.arange(source.first, source.end)
        rows = builder.rows(
            f"loan_to_cost_{i}", {"source": np.full(len(periods), i), "period": periods}, upper=0.0
        )
        for row, period in zip(rows.ids, periods, strict=True):
            which, t = np.nonzero(columns.draws[i, :, : period + 1] != NONE)
            builder.add(row, columns.draws[i, which, t], nominal[t])
            # Spending is what all sources draw for the class: sources = uses holds every period.
            for c in source.classes:
                k, t = np.nonzero(columns.draws[:, c, : period + 1] != NONE)
                builder.add(row, columns.draws[k, c, t], -source.loan_to_cost * nominal[t])


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


def add_service_cover(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Cover x debt service <= revenue of served compute - operating cost, every period in which the source is served."""
    count = data.periods.count
    drawable, running = most_spending(data) / data.money_unit, _most_operating_cost(data)
    for i, source in enumerate(data.sources):
        if source.min_dscr is None:
            continue
        c, u = np.nonzero(columns.draws[i] != NONE)
        served = (source.service[u] > 0).any(axis=0)
        t = np.flatnonzero(served)
        if not len(t):
            continue
        # A source that is not drawn asks nothing: a choice for each period says whether it is served there.
        owing = builder.columns(
            f"owing_{i}", {"source": np.full(len(t), i), "period": t}, upper=1.0, integer=True
        )
        drawn = builder.rows(f"owing_{i}", {"source": np.full(len(t), i), "period": t}, upper=0.0)
        most = np.zeros(len(t))
        for column, asset_class, lent in zip(columns.draws[i, c, u], c, u, strict=True):
            due = source.service[lent, t] > 0
            builder.add(drawn.ids[due], column, 1.0)
            most[due] += drawable[asset_class, lent]
        builder.add(drawn.ids, owing.ids, -most)
        rows = builder.rows(
            f"service_cover_{i}", {"source": np.full(len(t), i), "period": t}, upper=running[t]
        )
        builder.add(rows.ids, owing.ids, running[t])
        row_of = np.full(count, NONE, dtype=np.int64)
        row_of[t] = rows.ids
        for column, lent in zip(columns.draws[i, c, u], u, strict=True):
            builder.add(rows.ids, column, source.min_dscr * source.service[lent, t])
        _add_operating_cost(builder, columns, data, row_of)
        if data.revenue_usd_per_unit:
            revenue = data.revenue_usd_per_unit * data.compute_unit / data.money_unit
            s, d, at = np.nonzero((columns.served != NONE) & served)
            builder.add(row_of[at], columns.served[s, d, at], -revenue)
            s, d, at = np.nonzero((columns.leased != NONE) & served)
            builder.add(row_of[at], columns.leased[s, d, at], -revenue)


def _most_operating_cost(data: PlanningData) -> Floats:
    """Ceiling on operating cost by period, shape (T,), with energy at its most [money unit]."""
    halls = np.minimum(most_halls(data), UNLIMITED_HALLS)
    dearest = np.zeros((len(halls), data.periods.count))
    np.maximum.at(dearest, data.programmes.site, data.programmes.opex_usd)
    energy = data.paths.block_mw * data.periods.hours * np.maximum(data.paths.usd_per_mwh, 0.0)
    carried = data.services.demand * data.services.serving_usd.max(axis=0, initial=0.0)[:, None]
    lost = data.curtailment.lost_share.max(initial=0.0) * data.curtailment.cut_usd.max(initial=0.0)
    cut = halls.sum() * data.pools.yields.max(initial=0.0) * lost
    rent = (data.leases.most * _dearest_lease(data)[:, None]).sum(axis=0)
    most: Floats = (
        rent
        + halls @ dearest
        + energy.sum(axis=0)
        + data.paths.fixed_usd.sum(axis=0)
        + carried.sum(axis=0)
        + cut
    ) / data.money_unit
    return most


def _dearest_lease(data: PlanningData) -> Floats:
    """Most that a unit of leased compute can cost in a period, by offer."""
    dearest = np.zeros(len(data.leases.name))
    np.maximum.at(dearest, data.leases.lease, data.leases.usd + data.leases.fee_usd)
    most: Floats = dearest + data.leases.serving_usd.max(axis=1, initial=0.0)
    return most


def _add_operating_cost(builder: ModelBuilder, columns: Columns, data: PlanningData, row_of: Ids) -> None:
    """Operating cost, energy and fixed cost of power in the rows of the periods that have one."""
    has = row_of != NONE
    j, t = np.nonzero((data.programmes.opex_usd != 0) & has)
    builder.add(row_of[t], columns.halls.first + j, data.programmes.opex_usd[j, t] / data.money_unit)
    b, t = np.nonzero((columns.billed != NONE) & has)
    price = data.paths.usd_per_mwh[b, t] * MWH_UNIT / data.money_unit
    builder.add(row_of[t], columns.billed[b, t], price)
    m, t = np.nonzero((data.paths.fixed_usd != 0) & has)
    builder.add(row_of[t], columns.paths.first + m, data.paths.fixed_usd[m, t] / data.money_unit)
    s, d, t = np.nonzero((columns.served != NONE) & has)
    carried = data.services.serving_usd[s, d] * data.compute_unit / data.money_unit
    builder.add(row_of[t], columns.served[s, d, t], carried)
    _add_lease_cost(builder, columns, data, row_of)
    p, w, t = np.nonzero((columns.cut != NONE) & has)
    lost = (
        data.curtailment.lost(data.pools.site[p], w) * data.pools.yields[p, w] * data.curtailment.cut_usd[w]
    )
    builder.add(row_of[t], columns.cut[p, w, t], lost / data.money_unit)


def _add_lease_cost(builder: ModelBuilder, columns: Columns, data: PlanningData, row_of: Ids) -> None:
    """Rent of leased compute in the rows of the periods that have one."""
    if not (columns.signed != NONE).any():
        return
    terms, has = data.leases, row_of != NONE
    unit = data.compute_unit / data.money_unit
    contract, t = np.nonzero(contract_runs(data) & has)
    builder.add(row_of[t], columns.signed[contract], terms.usd[contract] * unit)
    left = np.flatnonzero(terms.end < data.periods.count)
    left = left[has[terms.end[left]]]
    builder.add(row_of[terms.end[left]], columns.signed[left], terms.fee_usd[left] * unit)
    contract, t = np.nonzero((columns.idle != NONE) & has)
    saved = terms.usd[contract] * (1 - terms.take[contract])
    builder.add(row_of[t], columns.idle[contract, t], -saved * unit)
    lease, d, t = np.nonzero((columns.leased != NONE) & has)
    builder.add(row_of[t], columns.leased[lease, d, t], terms.serving_usd[lease, d] * unit)


def add_budget(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Capital over all periods, real, <= the budget."""
    if data.budget_usd is None:
        return
    rows = builder.rows("budget", {"all": [0]}, upper=data.budget_usd / data.money_unit)
    row_of = np.full((len(CLASSES), data.periods.count), rows.first)
    _add_spending(builder, columns, data, row_of, np.ones(data.periods.count), tuple(range(4)))
