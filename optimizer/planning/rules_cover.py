"""Service cover: what compute earns less what it costs, against what sources are served."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.ceilings import UNLIMITED_HALLS, most_halls, most_spending
from optimizer.planning.columns import MWH_UNIT, Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.lease_columns import contract_runs
from optimizer.planning.model import NONE, Ids, ModelBuilder

Floats = NDArray[np.float64]


def add_service_cover(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Cover x service of a source and of those up to its rank <= revenue - operating cost, where the source is served."""
    if all(source.min_dscr is None for source in data.sources):
        return
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
        beside = [k for k, other in enumerate(data.sources) if other.rank <= source.rank]
        # Where the source is not served the row is open: by operating cost, and by what others are served at most.
        slack = running[t].copy()
        for k in beside:
            c, u = np.nonzero(columns.draws[k] != NONE)
            if k != i:
                slack += source.min_dscr * drawable[c, u] @ data.sources[k].service[u][:, t]
        rows = builder.rows(f"service_cover_{i}", {"source": np.full(len(t), i), "period": t}, upper=slack)
        builder.add(rows.ids, owing.ids, slack)
        for k in beside:
            c, u = np.nonzero(columns.draws[k] != NONE)
            for column, lent in zip(columns.draws[k, c, u], u, strict=True):
                builder.add(rows.ids, column, source.min_dscr * data.sources[k].service[lent, t])
        row_of = np.full(count, NONE, dtype=np.int64)
        row_of[t] = rows.ids
        _add_operating_cost(builder, columns, data, row_of)
        revenue = np.broadcast_to(data.revenue_usd_per_unit, count) * data.compute_unit / data.money_unit
        for family in (columns.served, columns.leased):
            s, d, at = np.nonzero((family != NONE) & served)
            builder.add(row_of[at], family[s, d, at], -revenue[at])


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
