"""Small planning cases from plain lists, for tests of the model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimizer.planning.data import (
    Curtailment,
    Jobs,
    Periods,
    PlanningData,
    PowerLimits,
    Services,
    Sites,
    SourceTerms,
)
from optimizer.planning.shared import no_developments, no_exemptions, no_leases, no_stocks
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
    embodied_kg: float = 0.0
    water_m3: float = 0.0  # a period


@dataclass(frozen=True)
class Way:
    """One supply path of a site; lists by period."""

    site: int
    mw: tuple[float, ...]
    curtailable_mw: tuple[float, ...]
    price: tuple[float, ...]
    cost: float = 0.0
    kg: float = 0.0
    clean: float = 0.0
    min_take: tuple[float, ...] | None = None
    units: int = 0


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
    aim: str = "cost"
    bounds: dict[str, float] = field(default_factory=dict)
    target_mw: float | None = None
    energy_kg: float = 0.0
    jobs: tuple[tuple[int, float, int, int], ...] = field(default=())  # workload, amount, first, end
    ways: tuple[Way, ...] = ()  # in place of power_mw
    lost_share: tuple[float, ...] | None = None  # by site
    made_up: tuple[float, ...] | None = None  # by workload, as the next two
    flexible: tuple[bool, ...] | None = None
    cut_usd: tuple[float, ...] | None = None
    units_max: tuple[float, ...] | None = None
    clean_share: tuple[float, ...] | None = None
    co2_t_max: tuple[float, ...] | None = None

    @property
    def powered(self) -> bool:
        """Whether halls need power."""
        return self.power_mw is not None or bool(self.ways)


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
    peak = running * np.array([h.peak_mw for h in case.halls])[:, None] * case.powered
    services = len(case.demand)
    return PlanningData(
        aim="compute" if case.maximize else case.aim,
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
            water_m3=running * np.array([h.water_m3 for h in case.halls])[:, None],
            facility_usd=capital,
            chips_usd=np.zeros((n, periods)),
            opex_usd=opex,
            sales_tax_usd=np.zeros((n, 2, periods)),
            embodied_kg=first * np.array([h.embodied_kg for h in case.halls])[:, None],
            stranded_mw=np.zeros((n, periods)),
            leased=np.zeros(n, dtype=bool),
            cost_usd=(capital + opex) @ discount,
            pool=pool,
            racks=racks,
        ),
        pools=Pools(
            site=np.array([k[0] for k in keys], dtype=np.int32),
            chip=np.array([k[1] for k in keys], dtype=np.int32),
            run_on=np.zeros(len(keys), dtype=bool),
            hall_mw=np.ones(len(keys)),
            racks=np.ones(len(keys)),
            yields=np.array([k[2] for k in keys], dtype=float),
            peak_mw=np.array(
                [min(h.peak_mw for h in case.halls if (h.site, h.chip, h.compute) == k) for k in keys]
            ),
        ),
        paths=_paths(case),
        services=Services(
            region=tuple(f"r{d}" for d in range(services)),
            workload=np.array(case.workload, dtype=np.int32),
            workload_names=tuple(f"w{w}" for w in range(max(case.workload) + 1)),
            demand=np.asarray(case.demand, dtype=float),
            reach=np.ones((n_sites, services), bool) if case.reach is None else case.reach,
            serving_usd=np.zeros((n_sites, services)) if case.serving is None else case.serving,
            unserved_usd=np.full(services, np.nan if case.unserved is None else case.unserved),
        ),
        jobs=Jobs(
            name=tuple(f"j{q}" for q in range(len(case.jobs))),
            workload=np.array([j[0] for j in case.jobs], dtype=np.int32),
            amount=np.array([j[1] for j in case.jobs], dtype=float),
            first=np.array([j[2] for j in case.jobs], dtype=np.int32),
            end=np.array([j[3] for j in case.jobs], dtype=np.int32),
            missed_usd=np.full(len(case.jobs), np.nan if case.unserved is None else case.unserved),
            reach=np.ones((n_sites, len(case.jobs)), dtype=bool),
        ),
        curtailment=_curtailment(case),
        power_limits=PowerLimits(
            units_max=np.atleast_2d(case.units_max or np.zeros(periods)),
            clean_share=np.array(case.clean_share or np.zeros(periods)),
            co2_t_max=np.array(case.co2_t_max or np.full(periods, np.inf)),
        ),
        n_blocks=max((h.block for h in case.halls), default=-1) + 1,
        floor_mw=np.array(case.floor_mw if case.floor_mw is not None else np.zeros(periods)),
        starts_max=case.starts_max,
        racks_max=np.full((chips, periods), np.inf) if case.racks_max is None else case.racks_max,
        sources=case.sources,
        budget_usd=case.budget,
        revenue_usd_per_unit=np.zeros(periods),
        stocks=no_stocks(periods),
        developments=no_developments(),
        exemptions=no_exemptions(periods),
        leases=no_leases(services, periods),
        bounds=case.bounds,
        target_mw=case.target_mw,
        money_unit=1.0,
        compute_unit=1.0,
    )


def _curtailment(case: Case) -> Curtailment:
    works = max(case.workload) + 1
    return Curtailment(
        lost_share=np.array(case.lost_share or np.zeros(case.sites)),
        made_up=np.array(case.made_up or np.zeros(works)),
        cut_usd=np.array(case.cut_usd or np.zeros(works)),
        flexible=np.array(case.flexible or [True] * works, dtype=bool),
    )


def _paths(case: Case) -> SupplyPaths:
    ways = case.ways
    if case.power_mw is not None:
        cost = case.path_cost if case.path_cost is not None else [0.0] * case.sites
        same = (case.energy_price,) * case.periods
        none = (0.0,) * case.periods
        ways = tuple(
            Way(s, tuple(mw), none, same, cost[s], kg=case.energy_kg)
            for s, mw in enumerate(np.asarray(case.power_mw, float))
        )
    n = len(ways)

    def table(name: str) -> np.ndarray:
        return np.array([getattr(way, name) for way in ways], dtype=float).reshape(n, case.periods)

    flat = np.ones((1, case.periods))
    return SupplyPaths(
        site=np.array([way.site for way in ways], dtype=np.int32),
        name=tuple(f"way-{m}" for m in range(n)),
        capital_usd=np.zeros((n, case.periods)),
        fixed_usd=np.zeros((n, case.periods)),
        cost_usd=np.array([way.cost for way in ways], dtype=float),
        units=np.array([way.units for way in ways], dtype=float).reshape(n, 1, 1) * flat[None],
        technology=("unit",),
        block_path=np.arange(n, dtype=np.int32),
        block_name=("supply",) * n,
        block_mw=table("mw"),
        curtailable_mw=table("curtailable_mw"),
        delivered=np.ones(n),
        usd_per_mwh=table("price"),
        kg_per_mwh=np.array([way.kg for way in ways]).reshape(n, 1) * flat,
        clean_share=np.array([way.clean for way in ways]).reshape(n, 1) * flat,
        min_take=np.array([way.min_take or (0.0,) * case.periods for way in ways]).reshape(n, case.periods),
    )
