"""What the planning model is built from: arrays only, from a scenario or given directly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.shared import Developments, Exemptions, LeaseTerms, Stocks
from optimizer.programmes.halls import Pools, Programmes
from optimizer.programmes.paths import SupplyPaths

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

CLASSES = ("land", "facility", "power", "chips")


@dataclass(frozen=True)
class Periods:
    """T periods, the first `planning` of them open for building.

    Attributes
    ----------
    planning : int
    hours : float
        Hours of a period [h].
    years : float
        Length of a period [years].
    discount, deflator : ndarray of shape (T,)
    discount_end : float
    """

    planning: int
    hours: float
    years: float
    discount: Floats
    deflator: Floats
    discount_end: float

    @property
    def count(self) -> int:
        """T."""
        return len(self.discount)


@dataclass(frozen=True)
class Sites:
    """S sites.

    Attributes
    ----------
    name : tuple of str
    halls_mw_max : ndarray of shape (S,)
        Ceiling on IT power of all halls, inf if there is none [MW].
    starts_max : int or None
        Halls that may be started at one site in one period.
    opening_usd : ndarray of shape (S,)
        Land, paid when the site opens; 0 where it is sunk or free.
    water_max_m3_per_year : ndarray of shape (S,)
        inf if there is no ceiling.
    """

    name: tuple[str, ...]
    halls_mw_max: Floats
    starts_max: int | None
    opening_usd: Floats
    water_max_m3_per_year: Floats


@dataclass(frozen=True)
class Services:
    """D demands, each a workload in a region (or of no region).

    Attributes
    ----------
    region : tuple of str
        `""` for work without a region.
    workload : ndarray of shape (D,)
    workload_names : tuple of str
    demand : ndarray of shape (D, T)
        [unit of demand.metric].
    reach : ndarray of bool, shape (S, D)
        Whether the site may serve it.
    serving_usd : ndarray of shape (S, D)
        Cost of serving one unit for a period.
    unserved_usd : ndarray of shape (D,)
        Cost of one unit not served for a period; nan: all must be served.
    single_source : bool
        Whether each demand is served from one site.
    """

    region: tuple[str, ...]
    workload: Ints
    workload_names: tuple[str, ...]
    demand: Floats
    reach: NDArray[np.bool_]
    serving_usd: Floats
    unserved_usd: Floats
    single_source: bool = False


@dataclass(frozen=True)
class Curtailment:
    """What standing on a curtailable tranche of the grid means.

    Attributes
    ----------
    lost_share : ndarray of shape (S,)
        Share of a site's hours in which its tranche is cut.
    made_up, cut_usd : ndarray of shape (W,)
        Share of the lost work that is shifted to other hours; cost of one unit of compute lost for a period.
    flexible : ndarray of bool, shape (W,)
        Whether halls at this work may stand on a tranche.
    """

    lost_share: Floats
    made_up: Floats
    cut_usd: Floats
    flexible: NDArray[np.bool_]

    def lost(self, site: NDArray[Any], workload: NDArray[Any]) -> Floats:
        """Share of a hall's time that is lost at a site on a workload."""
        result: Floats = self.lost_share[site] * (1.0 - self.made_up[workload])
        return result


def no_curtailment(sites: int, workloads: int) -> Curtailment:
    """Nothing is ever cut."""
    return Curtailment(
        np.zeros(sites), np.zeros(workloads), np.zeros(workloads), np.ones(workloads, dtype=bool)
    )


@dataclass(frozen=True)
class PowerLimits:
    """Limits over the power of all sites.

    Attributes
    ----------
    units_max : ndarray of shape (K, P)
        Units delivered up to a period, by the technologies of the paths.
    clean_share : ndarray of shape (T,)
        Least clean share of all energy; 0 where nothing is asked.
    co2_t_max : ndarray of shape (T,)
        Most CO2 in a period, inf where nothing is asked.
    """

    units_max: Floats
    clean_share: Floats
    co2_t_max: Floats


def no_power_limits(planning: int, periods: int) -> PowerLimits:
    """Nothing is limited."""
    return PowerLimits(np.zeros((0, planning)), np.zeros(periods), np.full(periods, np.inf))


@dataclass(frozen=True)
class Jobs:
    """Q synchronous training runs.

    Attributes
    ----------
    name : tuple of str
    workload : ndarray of shape (Q,)
    amount : ndarray of shape (Q,)
        Compute held [unit of demand.metric].
    first, end : ndarray of shape (Q,)
        Periods first … end - 1.
    missed_usd : ndarray of shape (Q,)
        Cost of one unit of a missed job for a period; nan: it may not be missed.
    reach : ndarray of bool, shape (S, Q)
        Whether the site may do the job.
    """

    name: tuple[str, ...]
    workload: Ints
    amount: Floats
    first: Ints
    end: Ints
    missed_usd: Floats
    reach: NDArray[np.bool_]


def no_jobs(sites: int) -> Jobs:
    """No synchronous runs."""
    none = np.zeros(0, dtype=np.int32)
    return Jobs((), none, np.zeros(0), none, none, np.zeros(0), np.zeros((sites, 0), dtype=bool))


@dataclass(frozen=True)
class RoundTerms:
    """A raise that a source's commitment does not hold already.

    Attributes
    ----------
    first : int
        Period from which it may be drawn.
    usd : float
        What is left of it when the fee is paid, nominal.
    online_mw : float or None
        IT power that must be in operation first.
    fee : float
        Fee a dollar that is drawn.
    """

    first: int
    usd: float
    online_mw: float | None = None
    fee: float = 0.0


@dataclass(frozen=True)
class SourceTerms:
    """A source of money in the model's terms.

    Attributes
    ----------
    name : str
    classes : tuple of int
        Index into CLASSES.
    first, end : int
        Periods in which it may be drawn.
    ceiling_usd : ndarray of shape (P,) or None
        Cumulative commitment by period, nominal.
    loan_to_cost : float or None
    premium : ndarray of shape (P,)
        Discounted cost of one real dollar drawn in a period beside the WACC.
    service : ndarray of shape (P, T)
        Real payments in period t for one real dollar drawn in u; 0 for equity.
    min_dscr : float or None
    online_mw : float or None
        IT power that must be in operation first.
    rounds : tuple of RoundTerms
        Raises on a condition; where one charges a fee, all.
    windows : tuple of (int, int, float)
        First period, end period and nominal dollars of tranches that lapse.
    lapsing : bool
        Whether nothing may be drawn but in `windows`.
    rank : int
        1 is senior.
    """

    name: str
    classes: tuple[int, ...]
    first: int
    end: int
    ceiling_usd: Floats | None
    loan_to_cost: float | None
    premium: Floats
    service: Floats
    min_dscr: float | None
    online_mw: float | None
    rounds: tuple[RoundTerms, ...] = ()
    windows: tuple[tuple[int, int, float], ...] = ()
    lapsing: bool = False
    rank: int = 1

    @property
    def charges_fees(self) -> bool:
        """Whether it matters from which round a dollar comes."""
        return any(part.fee > 0 for part in self.rounds)

    def drawable(self) -> NDArray[np.intp]:
        """Periods in which it may be drawn."""
        window = np.arange(self.first, self.end)
        if self.lapsing:
            inside = np.zeros(len(window), dtype=bool)
            for first, end, _ in self.windows:
                inside |= (window >= first) & (window < end)
            window = window[inside]
        return window


@dataclass(frozen=True)
class PlanningData:
    """All that the model needs.

    Attributes
    ----------
    aim : {"cost", "compute", "carbon", "water", "date"}
        What is best: least of it, or most compute.
    periods, sites, programmes, pools, paths, services, jobs, curtailment, power_limits
    n_blocks : int
        Blocks whose life must be chosen.
    floor_mw : ndarray of shape (P,)
        Least IT power in operation [MW].
    starts_max : int or None
        Halls that may be started over all sites in one period.
    racks_max : ndarray of shape (G, P)
        Racks delivered up to a period, inf if not limited.
    sources : tuple of SourceTerms
    budget_usd : float or None
        Ceiling on capital over all periods, real.
    revenue_usd_per_unit : ndarray of shape (T,)
        Revenue of one unit served for a period.
    stocks, developments, exemptions, leases
    operating_weight : float
        What a dollar of operating cost is after tax.
    bounds : dict of str to float
        Most of an aim's amount in its own unit [USD, t, m3, years]; least, for compute.
    target_mw : float or None
        IT power whose date is an aim.
    money_unit, compute_unit : float
        Scale of the model's numbers: dollars and units of compute to one.
    """

    aim: str
    periods: Periods
    sites: Sites
    programmes: Programmes
    pools: Pools
    paths: SupplyPaths
    services: Services
    jobs: Jobs
    curtailment: Curtailment
    power_limits: PowerLimits
    n_blocks: int
    floor_mw: Floats
    starts_max: int | None
    racks_max: Floats
    sources: tuple[SourceTerms, ...]
    budget_usd: float | None
    revenue_usd_per_unit: Floats
    stocks: Stocks
    developments: Developments
    exemptions: Exemptions
    leases: LeaseTerms
    operating_weight: float = 1.0
    bounds: dict[str, float] = field(default_factory=dict)
    target_mw: float | None = None
    money_unit: float = 1e6
    compute_unit: float = 1e3

    @property
    def maximize_compute(self) -> bool:
        """Whether most compute is wanted."""
        return self.aim == "compute"
