"""Facility location as a planning case: a facility is a site with one hall, a client a region, one period."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.data import (
    Periods,
    PlanningData,
    Services,
    Sites,
    no_curtailment,
    no_jobs,
    no_power_limits,
)
from optimizer.planning.shared import no_developments, no_exemptions, no_leases, no_stocks
from optimizer.programmes.halls import Pools, Programmes
from optimizer.programmes.paths import no_paths

Floats = NDArray[np.float64]


def location_case(
    fixed: Floats, capacity: Floats, demand: Floats, unit_cost: Floats, single_source: bool = False
) -> PlanningData:
    """Planning arrays of a facility location instance.

    Parameters
    ----------
    fixed : ndarray of shape (n_facilities,)
        Cost of opening.
    capacity : ndarray of shape (n_facilities,)
        Demand that a facility can serve; inf for the uncapacitated problem.
    demand : ndarray of shape (n_clients,)
        Positive.
    unit_cost : ndarray of shape (n_facilities, n_clients)
        Cost of serving one unit of demand.
    single_source : bool
        Whether each client is served from one facility.

    Returns
    -------
    PlanningData
        With money and compute in the instance's own units.
    """
    facilities, clients = unit_cost.shape
    one = np.ones((facilities, 1))
    none = np.zeros((facilities, 1))
    halls = np.arange(facilities, dtype=np.int32)
    yields = np.minimum(capacity, demand.sum())[:, None]
    return PlanningData(
        aim="cost",
        periods=Periods(1, 1.0, 1.0, np.ones(1), np.ones(1), 1.0),
        sites=Sites(
            name=tuple(f"facility-{i}" for i in range(facilities)),
            halls_mw_max=np.ones(facilities),
            starts_max=None,
            opening_usd=np.zeros(facilities),
            water_max_m3_per_year=np.full(facilities, np.inf),
        ),
        programmes=Programmes(
            site=halls,
            block=np.full(facilities, -1, dtype=np.int32),
            start=np.zeros(facilities, dtype=np.int32),
            commission=np.zeros(facilities, dtype=np.int32),
            cooling=np.zeros(facilities, dtype=np.int32),
            stages=np.tile(np.array([0, 0, 1, 0], dtype=np.int32), (facilities, 1, 1)),
            leased=np.zeros(facilities, dtype=bool),
            hall_mw=np.ones(facilities),
            it_mw=one,
            peak_mw=none,
            energy_mwh=none,
            water_m3=none,
            facility_usd=none,
            chips_usd=none,
            opex_usd=none,
            sales_tax_usd=np.zeros((facilities, 2, 1)),
            embodied_kg=none,
            stranded_mw=none,
            cost_usd=fixed.astype(float),
            pool=halls[:, None],
            racks=np.zeros((facilities, 1, 1), dtype=np.float32),
        ),
        pools=Pools(
            site=halls,
            chip=np.zeros(facilities, dtype=np.int32),
            run_on=np.zeros(facilities, dtype=bool),
            hall_mw=np.ones(facilities),
            racks=np.zeros(facilities),
            yields=yields,
            peak_mw=np.zeros(facilities),
        ),
        paths=no_paths(1),
        services=Services(
            region=tuple(f"client-{j}" for j in range(clients)),
            workload=np.zeros(clients, dtype=np.int32),
            workload_names=("service",),
            demand=demand[:, None].astype(float),
            reach=np.ones((facilities, clients), dtype=bool),
            serving_usd=unit_cost.astype(float),
            unserved_usd=np.full(clients, np.nan),
            single_source=single_source,
        ),
        jobs=no_jobs(facilities),
        curtailment=no_curtailment(facilities, 1),
        power_limits=no_power_limits(1, 1),
        n_blocks=0,
        floor_mw=np.zeros(1),
        starts_max=None,
        racks_max=np.full((1, 1), np.inf),
        sources=(),
        budget_usd=None,
        revenue_usd_per_unit=np.zeros(1),
        stocks=no_stocks(1),
        developments=no_developments(),
        exemptions=no_exemptions(1),
        leases=no_leases(clients, 1),
        money_unit=1.0,
        compute_unit=1.0,
    )
