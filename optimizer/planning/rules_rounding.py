"""Rules that follow from the others for whole halls, unseen by the relaxation: rounded-up counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.columns import Columns, serves_demand
from optimizer.planning.data import PlanningData
from optimizer.planning.model import NONE, ModelBuilder

ROUND = 1e-6


def add_least_halls_for_floor(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """New halls >= ceil((floor - all blocks) / largest new hall), by period."""
    programmes = data.programmes
    new = programmes.block < 0
    for period in np.flatnonzero(data.floor_mw > 0):
        in_blocks = _most_by_block(programmes.it_mw[:, period], programmes.block, data.n_blocks).sum()
        here = np.flatnonzero(new & (programmes.it_mw[:, period] > 0))
        _at_least(
            builder,
            columns,
            f"least_halls_floor_{period}",
            here,
            data.floor_mw[period] - in_blocks,
            float(programmes.it_mw[here, period].max(initial=0.0)),
        )


def add_least_halls_for_demand(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """New halls >= ceil of the hall time that demand takes at the best yields, where all must be served."""
    services, programmes = data.services, data.programmes
    if bool(np.isfinite(services.unserved_usd).any()) or data.leases.name or not serves_demand(data):
        return
    yields = np.vstack((data.pools.yields, np.zeros((1, data.pools.yields.shape[1]))))[programmes.pool]
    new = programmes.block < 0
    for period in range(data.periods.count):
        best = yields[:, period].max(axis=0, initial=0.0)
        wanted = np.bincount(
            services.workload, weights=services.demand[:, period], minlength=len(best)
        ).astype(float)
        if (wanted <= 0).all() or (best[wanted > 0] <= 0).any():
            continue
        # A hall's time divided by what each workload could get out of it at best.
        time = float((wanted[wanted > 0] / best[wanted > 0]).sum())
        share = np.where(best > 0, yields[:, period] / np.where(best > 0, best, 1.0), 0.0).max(axis=1)
        in_blocks = _most_by_block(share, programmes.block, data.n_blocks).sum()
        here = np.flatnonzero(new & (share > 0))
        _at_least(builder, columns, f"least_halls_demand_{period}", here, time - in_blocks, 1.0)


def _most_by_block(values: NDArray[np.float64], block: NDArray[np.int32], blocks: int) -> NDArray[np.float64]:
    most = np.zeros(blocks)
    inside = block >= 0
    np.maximum.at(most, block[inside], values[inside])
    return most


def _at_least(
    builder: ModelBuilder,
    columns: Columns,
    name: str,
    programmes: NDArray[np.intp],
    amount: float,
    most_each: float,
) -> None:
    if amount <= ROUND or most_each <= 0 or not len(programmes):
        return
    least = np.ceil(amount / most_each - ROUND)
    rows = builder.rows(name, {"all": [0]}, lower=least)
    builder.add(rows.first, columns.halls.first + programmes, 1.0)


def add_strong_service(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Service <= demand x halls, where a site holds at most one hall."""
    programmes = data.programmes
    smallest = np.full(len(data.sites.name), np.inf)
    np.minimum.at(smallest, programmes.site, programmes.hall_mw)
    built = np.isfinite(smallest)
    single = built & (data.sites.halls_mw_max < (2 - 1e-9) * np.where(built, smallest, 0.0))
    site, service, period = np.nonzero((columns.served != NONE) & single[:, None, None])
    if not len(site):
        return
    rows = builder.rows("strong_service", {"site": site, "service": service, "period": period}, upper=0.0)
    builder.add(rows.ids, columns.served[site, service, period], 1.0)
    demand = data.services.demand[service, period] / data.compute_unit
    rows_of = {int(s): np.flatnonzero(site == s) for s in np.unique(site)}
    for j in range(len(programmes)):
        at = rows_of.get(int(programmes.site[j]))
        if at is None:
            continue
        runs = programmes.pool[j, period[at]] >= 0
        builder.add(rows.first + at[runs], columns.halls.first + j, -demand[at[runs]])
