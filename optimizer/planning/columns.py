"""Columns of the model, a family a decision, with ids by index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.ceilings import UNLIMITED_HALLS, halls_upper, most_halls, most_spending
from optimizer.planning.data import PlanningData
from optimizer.planning.lease_columns import lease_columns
from optimizer.planning.model import NONE, Family, Ids, ModelBuilder

MWH_UNIT = 1e3  # energy columns are in GWh


@dataclass(frozen=True)
class Columns:
    """Families of columns and dense maps from indices to column ids (NONE where there is no column).

    Attributes
    ----------
    halls : Family
        x, halls by programme; column id = halls.first + programme.
    paths : Family
        v, by path.
    opened : ndarray of shape (S, P)
        y, site open by period.
    billed : ndarray of shape (B, T)
        GWh at the meter.
    use : ndarray of shape (n_pools, W, T)
        h, halls of a pool at work on a workload; only where the pool has a choice of work, or a tranche that may be cut.
    cut : ndarray of shape (n_pools, W, T)
        Halls of a pool at work on a workload that stand on a curtailable tranche.
    served : ndarray of shape (S, D, T)
        a [compute_unit].
    unserved : ndarray of shape (D, T)
        [compute_unit].
    draws : ndarray of shape (n_sources, n_classes, P)
        [money_unit].
    jobs : ndarray of shape (S, Q)
    missed : ndarray of shape (Q,)
    raised : ndarray of shape (n_sources, n_rounds, P)
        What of the draws comes from each round, nominal, where rounds charge fees [money_unit].
    released : ndarray of shape (n_sources, P)
        Whether a source's condition has been met.
    developed : ndarray of shape (V,)
        Whether an own chip is developed.
    exempt : ndarray of shape (E,)
        Whether a site has capital enough for its exemption.
    rebate : ndarray of shape (E, 2, T)
        Sales tax that comes back [money_unit].
    signed : ndarray of shape (C,)
        Compute leased by contract [compute_unit].
    idle : ndarray of shape (C, T)
        Of it, what is not used and not paid in full [compute_unit].
    leased : ndarray of shape (L, D, T)
        Leased compute served [compute_unit].
    reached : ndarray of shape (P,)
        Whether the target in IT power has been reached.
    """

    halls: Family
    paths: Family
    opened: Ids
    billed: Ids
    use: Ids
    cut: Ids
    served: Ids
    unserved: Ids
    draws: Ids
    raised: Ids
    jobs: Ids
    missed: Ids
    released: Ids
    developed: Ids
    exempt: Ids
    rebate: Ids
    signed: Ids
    idle: Ids
    leased: Ids
    reached: Ids


def serves_demand(data: PlanningData) -> bool:
    """Whether demand counts: not when most compute is wanted and shortage has a price, unless revenue has to cover debt."""
    covered = any(source.min_dscr is not None for source in data.sources)
    priced = np.append(data.services.unserved_usd, data.jobs.missed_usd)
    return covered or not (data.maximize_compute and bool(np.isfinite(priced).any()))


def pools_running(data: PlanningData) -> NDArray[np.bool_]:
    """Whether any programme can be in a pool in a period, shape (n_pools, T)."""
    pool = data.programmes.pool
    present = np.zeros((len(data.pools.site), data.periods.count), dtype=bool)
    _, periods = np.nonzero(pool >= 0)
    present[pool[pool >= 0], periods] = True
    return present


def shares_time(data: PlanningData) -> NDArray[np.bool_]:
    """Whether a pool's time is shared by columns of its own: there is a choice of work, or a tranche; shape (n_pools,)."""
    able = data.pools.yields > 0
    curtailed: NDArray[np.bool_] = np.any(data.paths.curtailed(len(data.sites.name)), axis=1)
    result: NDArray[np.bool_] = (able.sum(axis=1) > 1) | (able.any(axis=1) & curtailed[data.pools.site])
    return result


def add_columns(builder: ModelBuilder, data: PlanningData) -> Columns:
    """Add all columns with their bounds, and what they cost: what else is made least or most, `aims` puts in its place."""
    periods, paths = data.periods, data.paths
    planning, count = periods.planning, periods.count
    n_sites = len(data.sites.name)
    usd = 1.0 / data.money_unit
    running_usd = usd * data.operating_weight

    halls = builder.columns(
        "halls",
        {"programme": np.arange(len(data.programmes))},
        upper=halls_upper(data),
        cost=data.programmes.cost_usd * usd,
        integer=True,
    )
    taken = builder.columns(
        "path", {"path": np.arange(len(paths.site))}, upper=1.0, cost=paths.cost_usd * usd, integer=True
    )

    opened = np.full((n_sites, planning), NONE, dtype=np.int64)
    site, period = np.nonzero((data.sites.opening_usd > 0)[:, None] & np.ones(planning, dtype=bool))
    if len(site):
        # Open by t: the price falls in the first such period and comes back at the end of the study.
        price = data.sites.opening_usd[site]
        later = np.append(periods.discount[1:planning], periods.discount_end)
        cost = price * (periods.discount[:planning] - later)[period]
        family = builder.columns(
            "open", {"site": site, "period": period}, upper=1.0, cost=cost * usd, integer=True
        )
        opened[site, period] = family.ids

    billed = np.full((len(paths.block_name), count), NONE, dtype=np.int64)
    block, period = np.nonzero(paths.block_mw > 0)
    if len(block):
        family = builder.columns(
            "billed",
            {"block": block, "period": period},
            upper=paths.block_mw[block, period] * periods.hours / MWH_UNIT,
            cost=paths.usd_per_mwh[block, period] * periods.discount[period] * MWH_UNIT * running_usd,
        )
        billed[block, period] = family.ids

    use = _use_columns(builder, data)
    cut = _cut_columns(builder, data, use, running_usd)
    served, unserved = _service_columns(builder, data, running_usd)

    draws = np.full((len(data.sources), 4, planning), NONE, dtype=np.int64)
    released = np.full((len(data.sources), planning), NONE, dtype=np.int64)
    most = most_spending(data)
    for i, source in enumerate(data.sources):
        for c in source.classes:
            window = source.drawable()
            if not len(window):
                continue
            family = builder.columns(
                f"draw_{i}_{c}",
                {"source": np.full(len(window), i), "class": np.full(len(window), c), "period": window},
                upper=most[c, window] / data.money_unit,
                cost=source.premium[window],
            )
            draws[i, c, window] = family.ids
        if source.online_mw is not None:
            family = builder.columns(
                f"released_{i}",
                {"source": np.full(planning, i), "period": np.arange(planning)},
                upper=1.0,
                integer=True,
            )
            released[i] = family.ids

    raised = _raised_columns(builder, data)
    jobs, missed = _job_columns(builder, data, running_usd)
    developed, exempt, rebate = _choices_of_money(builder, data, usd)
    signed, idle, leased = lease_columns(builder, data, running_usd, serves_demand(data))
    return Columns(
        halls=halls,
        paths=taken,
        opened=opened,
        billed=billed,
        use=use,
        cut=cut,
        served=served,
        unserved=unserved,
        draws=draws,
        raised=raised,
        jobs=jobs,
        missed=missed,
        released=released,
        developed=developed,
        exempt=exempt,
        rebate=rebate,
        signed=signed,
        idle=idle,
        leased=leased,
        reached=_target_columns(builder, data),
    )


def _raised_columns(builder: ModelBuilder, data: PlanningData) -> Ids:
    """Draws from rounds; a dollar costs its fee, and what the source charges for that."""
    periods, most = data.periods, max((len(s.rounds) for s in data.sources), default=0)
    raised = np.full((len(data.sources), most, periods.planning), NONE, dtype=np.int64)
    for i, source in enumerate(data.sources):
        window = source.drawable()
        for n, part in enumerate(source.rounds if source.charges_fees else ()):
            at = window[window >= part.first]
            if not len(at):
                continue
            family = builder.columns(
                f"raised_{i}_{n}",
                {"source": np.full(len(at), i), "period": at},
                upper=part.usd / data.money_unit,
                cost=part.fee * periods.deflator[at] * (periods.discount[at] + source.premium[at]),
            )
            raised[i, n, at] = family.ids
    return raised


def _target_columns(builder: ModelBuilder, data: PlanningData) -> Ids:
    planning = data.periods.planning
    reached = np.full(planning, NONE, dtype=np.int64)
    if data.target_mw is not None and (data.aim == "date" or "date" in data.bounds):
        family = builder.columns("target", {"period": np.arange(planning)}, upper=1.0, integer=True)
        reached[:] = family.ids
    return reached


def _choices_of_money(builder: ModelBuilder, data: PlanningData, usd: float) -> tuple[Ids, Ids, Ids]:
    """Own chips developed, sites exempt from sales tax, and the tax that comes back."""
    own, free = data.developments, data.exemptions
    developed = np.full(len(own.chip), NONE, dtype=np.int64)
    exempt = np.full(len(free.site), NONE, dtype=np.int64)
    rebate = np.full((len(free.site), 2, data.periods.count), NONE, dtype=np.int64)
    if len(own.chip):
        family = builder.columns(
            "developed", {"chip": own.chip}, upper=1.0, cost=own.usd * own.weight * usd, integer=True
        )
        developed[:] = family.ids
    if len(free.site):
        exempt[:] = builder.columns("exempt", {"site": free.site}, upper=1.0, integer=True).ids
        tax = np.zeros((len(data.sites.name), 2, data.periods.count))
        np.maximum.at(tax, data.programmes.site, data.programmes.sales_tax_usd)
        e, c, t = np.nonzero(tax[free.site] > 0)
        if len(e):
            family = builder.columns(
                "rebate",
                {"site": free.site[e], "class": c, "period": t},
                upper=np.minimum(most_halls(data), UNLIMITED_HALLS)[free.site[e]]
                * tax[free.site[e], c, t]
                / data.money_unit,
                cost=-free.weight[c, t] * usd * data.money_unit,
            )
            rebate[e, c, t] = family.ids
    return developed, exempt, rebate


def _use_columns(builder: ModelBuilder, data: PlanningData) -> Ids:
    count = data.periods.count
    workloads = data.pools.yields.shape[1]
    use = np.full((len(data.pools.site), workloads, count), NONE, dtype=np.int64)
    able = data.pools.yields > 0
    choice = shares_time(data)
    pool, workload, period = np.nonzero(
        (able & choice[:, None])[:, :, None] & pools_running(data)[:, None, :]
    )
    if len(pool):
        family = builder.columns(
            "use",
            {"pool": pool, "workload": workload, "period": period},
            upper=most_halls(data)[data.pools.site[pool]],
        )
        use[pool, workload, period] = family.ids
    return use


def _cut_columns(builder: ModelBuilder, data: PlanningData, use: Ids, usd: float) -> Ids:
    cut = np.full(use.shape, NONE, dtype=np.int64)
    terms, pools = data.curtailment, data.pools
    curtailed = data.paths.curtailed(len(data.sites.name))
    pool, workload, period = np.nonzero(
        (use != NONE) & curtailed[pools.site][:, None, :] & terms.flexible[None, :, None]
    )
    if len(pool):
        lost = terms.lost(pools.site[pool], workload) * pools.yields[pool, workload]
        family = builder.columns(
            "cut",
            {"pool": pool, "workload": workload, "period": period},
            upper=most_halls(data)[pools.site[pool]],
            cost=lost * terms.cut_usd[workload] * data.periods.discount[period] * usd,
        )
        cut[pool, workload, period] = family.ids
    return cut


def _service_columns(builder: ModelBuilder, data: PlanningData, usd: float) -> tuple[Ids, Ids]:
    services, periods = data.services, data.periods
    n_sites, n_services, count = len(data.sites.name), len(services.region), periods.count
    served = np.full((n_sites, n_services, count), NONE, dtype=np.int64)
    unserved = np.full((n_services, count), NONE, dtype=np.int64)
    if not serves_demand(data):
        return served, unserved
    able = np.zeros((n_sites, data.pools.yields.shape[1], count), dtype=bool)
    running = pools_running(data)
    for w in range(able.shape[1]):
        pool, period = np.nonzero(running & (data.pools.yields[:, w] > 0)[:, None])
        able[data.pools.site[pool], w, period] = True
    site, service, period = np.nonzero(
        services.reach[:, :, None] & able[:, services.workload, :] & (services.demand > 0)[None]
    )
    if len(site):
        family = builder.columns(
            "served",
            {"site": site, "service": service, "period": period},
            upper=services.demand[service, period] / data.compute_unit,
            cost=services.serving_usd[site, service] * periods.discount[period] * data.compute_unit * usd,
        )
        served[site, service, period] = family.ids
    service, period = np.nonzero((services.demand > 0) & np.isfinite(services.unserved_usd)[:, None])
    if len(service):
        price = services.unserved_usd[service] * periods.discount[period]
        family = builder.columns(
            "unserved",
            {"service": service, "period": period},
            upper=services.demand[service, period] / data.compute_unit,
            cost=price * data.compute_unit * usd,
        )
        unserved[service, period] = family.ids
    return served, unserved


def _job_columns(builder: ModelBuilder, data: PlanningData, usd: float) -> tuple[Ids, Ids]:
    n_sites, n_jobs = len(data.sites.name), len(data.jobs.name)
    jobs = np.full((n_sites, n_jobs), NONE, dtype=np.int64)
    missed = np.full(n_jobs, NONE, dtype=np.int64)
    if n_jobs and serves_demand(data):
        site, job = np.nonzero(data.jobs.reach)
        jobs[site, job] = builder.columns("job", {"site": site, "job": job}, upper=1.0, integer=True).ids
        priced = np.flatnonzero(np.isfinite(data.jobs.missed_usd))
        if len(priced):
            held = np.array(
                [data.periods.discount[data.jobs.first[q] : data.jobs.end[q]].sum() for q in priced]
            )
            missed[priced] = builder.columns(
                "missed",
                {"job": priced},
                upper=1.0,
                cost=data.jobs.missed_usd[priced] * data.jobs.amount[priced] * held * usd,
                integer=True,
            ).ids
    return jobs, missed
