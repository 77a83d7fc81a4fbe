"""Rules of demand: hall time shared among workloads, yield, service within reach, jobs."""

from __future__ import annotations

import numpy as np

from optimizer.planning.columns import Columns, serves_demand, shares_time
from optimizer.planning.data import PlanningData
from optimizer.planning.model import NONE, Ids, ModelBuilder


def add_hall_time(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Halls of a pool at work on all workloads, and time lost on a curtailable tranche <= halls of the pool that run."""
    shared = (columns.use != NONE).any(axis=1)
    pool, period = np.nonzero(shared)
    if not len(pool):
        return
    rows = builder.rows("hall_time", {"pool": pool, "period": period}, upper=0.0)
    row_of = np.full(shared.shape, NONE, dtype=np.int64)
    row_of[pool, period] = rows.ids
    p, w, t = np.nonzero(columns.use != NONE)
    builder.add(row_of[p, t], columns.use[p, w, t], 1.0)
    p, w, t = np.nonzero(columns.cut != NONE)
    builder.add(row_of[p, t], columns.cut[p, w, t], data.curtailment.lost(data.pools.site[p], w))
    j, t = np.nonzero(data.programmes.pool >= 0)
    row = row_of[data.programmes.pool[j, t], t]
    keep = row != NONE
    builder.add(row[keep], columns.halls.first + j[keep], -1.0)


def add_yield(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Compute served and held by jobs <= compute of the halls at work on the workload, by site."""
    if not serves_demand(data):
        return
    services, jobs = data.services, data.jobs
    n_sites, count = len(data.sites.name), data.periods.count
    workloads = data.pools.yields.shape[1]
    needed = np.zeros((n_sites, workloads, count), dtype=bool)
    site, service, period = np.nonzero(columns.served != NONE)
    needed[site, services.workload[service], period] = True
    for q in range(len(jobs.name)):
        needed[:, jobs.workload[q], jobs.first[q] : jobs.end[q]] = True
    at_site, at_workload, at_period = np.nonzero(needed)
    if not len(at_site):
        return
    rows = builder.rows("yield", {"site": at_site, "workload": at_workload, "period": at_period}, upper=0.0)
    row_of = np.full(needed.shape, NONE, dtype=np.int64)
    row_of[at_site, at_workload, at_period] = rows.ids
    builder.add(row_of[site, services.workload[service], period], columns.served[site, service, period], 1.0)
    for q in range(len(jobs.name)):
        able = np.flatnonzero(columns.jobs[:, q] != NONE)
        for t in range(jobs.first[q], jobs.end[q]):
            rows_q = row_of[able, jobs.workload[q], t]
            builder.add(rows_q, columns.jobs[able, q], jobs.amount[q] / data.compute_unit)
    _add_yield_of_halls(builder, columns, data, row_of)


def _add_yield_of_halls(builder: ModelBuilder, columns: Columns, data: PlanningData, row_of: Ids) -> None:
    pools = data.pools
    p, w, t = np.nonzero(columns.use != NONE)
    row = row_of[pools.site[p], w, t]
    keep = row != NONE
    amount = pools.yields / data.compute_unit
    builder.add(row[keep], columns.use[p, w, t][keep], -amount[p, w][keep])
    # Where a pool can do one kind of work only, the halls themselves yield.
    single = (pools.yields > 0).any(axis=1) & ~shares_time(data)
    only = np.argmax(pools.yields > 0, axis=1)
    j, t = np.nonzero(data.programmes.pool >= 0)
    pool = data.programmes.pool[j, t]
    row = np.where(single[pool], row_of[pools.site[pool], only[pool], t], NONE)
    keep = row != NONE
    builder.add(row[keep], columns.halls.first + j[keep], -amount[pool, only[pool]][keep])


def add_demand(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Compute served to a region, and what is not served, make up its demand."""
    if not serves_demand(data):
        return
    demand = data.services.demand
    service, period = np.nonzero(demand > 0)
    if not len(service):
        return
    wanted = demand[service, period] / data.compute_unit
    # What is served beyond demand earns nothing.
    earning = any(source.min_dscr is not None for source in data.sources)
    rows = builder.rows(
        "demand", {"service": service, "period": period}, lower=wanted, upper=wanted if earning else np.inf
    )
    row_of = np.full(demand.shape, NONE, dtype=np.int64)
    row_of[service, period] = rows.ids
    site, s, t = np.nonzero(columns.served != NONE)
    builder.add(row_of[s, t], columns.served[site, s, t], 1.0)
    lease, s, t = np.nonzero(columns.leased != NONE)
    builder.add(row_of[s, t], columns.leased[lease, s, t], 1.0)
    s, t = np.nonzero(columns.unserved != NONE)
    builder.add(row_of[s, t], columns.unserved[s, t], 1.0)


def add_jobs(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """A job runs on one site, or is missed where that has a price."""
    if not len(data.jobs.name) or not serves_demand(data):
        return
    rows = builder.rows("job", {"job": np.arange(len(data.jobs.name))}, lower=1.0, upper=1.0)
    site, job = np.nonzero(columns.jobs != NONE)
    builder.add(rows.first + job, columns.jobs[site, job], 1.0)
    q = np.flatnonzero(columns.missed != NONE)
    builder.add(rows.first + q, columns.missed[q], 1.0)


def add_single_source(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Each demand from one site: service is all of the demand or nothing."""
    if not data.services.single_source:
        return
    site, service, period = np.nonzero(columns.served != NONE)
    chosen = builder.columns(
        "assigned",
        {"site": site, "service": service, "period": period},
        upper=1.0,
        integer=True,
    )
    demand = data.services.demand[service, period] / data.compute_unit
    rows = builder.rows(
        "single_source", {"site": site, "service": service, "period": period}, lower=0.0, upper=0.0
    )
    builder.add(rows.ids, columns.served[site, service, period], 1.0)
    builder.add(rows.ids, chosen.ids, -demand)
