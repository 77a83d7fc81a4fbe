"""Small planning cases from plain lists, for tests of the model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimizer.planning.data import Jobs, Periods, PlanningData, Services, Sites, SourceTerms
from optimizer.programmes.halls import Pools, Programmes
from optimizer.programmes.paths import SupplyPaths


@dataclass(frozen=True)
class Hall:
    """One programme: a hall at `site`, in operation from `commission` until the end."""

    site: int
    commission: int
    capital: float = 0.0
    running: float = 0.0
    peak_mw: float = 0.0
    it_mw: float = 1.0
    compute: tuple[float, ...] = (1.0,)
    chip: int = 0
    racks: float = 0.0
    block: int = -1


@dataclass(frozen=True)
class Case:
    """A planning case; lists by site or period."""

    periods: int
    sites: int
    halls: tuple[Hall, ...]
    demand: np.ndarray  # (D, T)
    workload: tuple[int, ...] = (0,)
    reach: np.ndarray | None = None  # (S, D)
    serving: np.ndarray | None = None
    unserved: float | None = None
    discount: tuple[float, ...] | None = None
    discount_end: float = 0.0
    halls_max: tuple[float, ...] | None = None
    opening: tuple[float, ...] | None = None
    power_mw: np.ndarray | None = None  # (S, T); one path a site
    path_cost: tuple[float, ...] | None = None
    energy_price: float = 0.0
    floor_mw: tuple[float, ...] | None = None
    starts_max: int | None = None
    site_starts_max: int | None = None
    racks_max: np.ndarray | None = None  # (G, T)
    sources: tuple[SourceTerms, ...] = ()
    budget: float | None = None
    maximize: bool = False
    jobs: tuple[tuple[int, float, int, int], ...] = field(default=())  # workload, amount, first, end


def planning_case(case: Case) -> PlanningData:
    """Arrays of a case, in units of one."""
    n, periods, n_sites = len(case.halls), case.periods, case.sites
    discount = np.array(case.discount if case.discount is not None else np.ones(periods))
    t = np.arange(periods)
    running = np.array([(t >= h.commission) for h in case.halls]).reshape(n, periods)
    first = np.array([(t == h.commission) for h in case.halls]).reshape(n, periods)
    capital = first * np.array([h.capital for h in case.halls])[:, None]
    opex = running * np.array([h.running for h in case.halls])[:, None]
    chips = max((h.chip for h in case.halls), default=0) + 1
    if case.racks_max is not None:
        chips = len(case.racks_max)
    racks = np.zeros((n, chips, periods), dtype=np.float32)
    keys = sorted({(h.site, h.chip, h.compute) for h in case.halls})
    pool = np.full((n, periods), -1, dtype=np.int32)
    for j, hall in enumerate(case.halls):
        racks[j, hall.chip, hall.commission] = hall.racks
        pool[j, hall.commission :] = keys.index((hall.site, hall.chip, hall.compute))
    # Without a power limit the halls of a case need no power.
    peak = running * np.array([h.peak_mw for h in case.halls])[:, None] * (case.power_mw is not None)
    services = len(case.demand)
    return PlanningData(
        maximize_compute=case.maximize,
        periods=Periods(periods, 1.0, 1.0, discount, np.ones(periods), case.discount_end),
        sites=Sites(
            name=tuple(f"s{i}" for i in range(n_sites)),
            halls_mw_max=np.array(
                case.halls_max if case.halls_max is not None else [np.inf] * n_sites, dtype=float
            ),
            starts_max=case.site_starts_max,
            opening_usd=np.array(case.opening if case.opening is not None else [0.0] * n_sites),
            water_max_m3_per_year=np.full(n_sites, np.inf),
        ),
        programmes=Programmes(
            site=np.array([h.site for h in case.halls], dtype=np.int32),
            block=np.array([h.block for h in case.halls], dtype=np.int32),
            start=np.array([-1 if h.block >= 0 else h.commission for h in case.halls], dtype=np.int32),
            commission=np.array([h.commission for h in case.halls], dtype=np.int32),
            cooling=np.zeros(n, dtype=np.int32),
            stages=np.array([[[h.chip, h.commission, periods, 0]] for h in case.halls], dtype=np.int32),
            hall_mw=np.array([h.it_mw for h in case.halls]),
            it_mw=running * np.array([h.it_mw for h in case.halls])[:, None],
            peak_mw=peak,
            energy_mwh=peak,
            water_m3=np.zeros((n, periods)),
            facility_usd=capital,
            chips_usd=np.zeros((n, periods)),
            opex_usd=opex,
            cost_usd=(capital + opex) @ discount,
            pool=pool,
            racks=racks,
        ),
        pools=Pools(
            site=np.array([k[0] for k in keys], dtype=np.int32),
            chip=np.array([k[1] for k in keys], dtype=np.int32),
            run_on=np.zeros(len(keys), dtype=bool),
            hall_mw=np.ones(len(keys)),
            yields=np.array([k[2] for k in keys], dtype=float),
        ),
        paths=_paths(case),
        services=Services(
            region=tuple(f"r{d}" for d in range(services)),
            workload=np.array(case.workload, dtype=np.int32),
            workload_names=tuple(f"w{w}" for w in range(max(case.workload) + 1)),
            demand=np.asarray(case.demand, dtype=float),
            reach=np.ones((n_sites, services), bool) if case.reach is None else case.reach,
            serving_usd=np.zeros((n_sites, services)) if case.serving is None else case.serving,
            unserved_usd=case.unserved,
        ),
        jobs=Jobs(
            name=tuple(f"j{q}" for q in range(len(case.jobs))),
            workload=np.array([j[0] for j in case.jobs], dtype=np.int32),
            amount=np.array([j[1] for j in case.jobs], dtype=float),
            first=np.array([j[2] for j in case.jobs], dtype=np.int32),
            end=np.array([j[3] for j in case.jobs], dtype=np.int32),
        ),
        n_blocks=max((h.block for h in case.halls), default=-1) + 1,
        floor_mw=np.array(case.floor_mw if case.floor_mw is not None else np.zeros(periods)),
        starts_max=case.starts_max,
        racks_max=np.full((chips, periods), np.inf) if case.racks_max is None else case.racks_max,
        sources=case.sources,
        budget_usd=case.budget,
        revenue_usd_per_unit=0.0,
        money_unit=1.0,
        compute_unit=1.0,
    )


def _paths(case: Case) -> SupplyPaths:
    power = case.power_mw
    n = 0 if power is None else case.sites
    mw = np.zeros((0, case.periods)) if power is None else np.asarray(power, dtype=float)
    zero = np.zeros((n, case.periods))
    return SupplyPaths(
        site=np.arange(n, dtype=np.int32),
        name=("grid",) * n,
        capital_usd=zero,
        fixed_usd=zero,
        cost_usd=np.array(case.path_cost if case.path_cost is not None else [0.0] * n),
        block_path=np.arange(n, dtype=np.int32),
        block_name=("grid",) * n,
        block_mw=mw,
        delivered=np.ones(n),
        usd_per_mwh=np.full((n, case.periods), case.energy_price),
        kg_per_mwh=np.zeros(n),
        min_take=np.zeros(n),
    )
