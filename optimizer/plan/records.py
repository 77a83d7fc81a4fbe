"""The plan's nouns: lives of halls, their use, service, energy and draws. Plain records, periods by index."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Origin = Literal["new", "existing", "committed"]
Status = Literal["optimal", "feasible", "infeasible", "no_plan", "interrupted"]
Sense = Literal["min", "max"]


@dataclass(frozen=True)
class Stage:
    """Chips in a hall from period `first` until before period `end`."""

    chip: str
    first: int
    end: int
    run_on: bool = False


@dataclass(frozen=True)
class Life:
    """`halls` equal halls at a site that share one life (docs/economics.md, section 2).

    Attributes
    ----------
    site : str
        Name of the site.
    origin : {"new", "existing", "committed"}
        Whether the plan chose it, it stands already, or it is decided.
    block : int or None
        Index in the site's `existing` or `committed` list; None for new halls.
    cooling : str
        Cooling id.
    it_mw : float
        IT power of one hall [MW].
    halls : int
        Number of halls.
    commission : int
        Period in which they come into operation.
    stages : tuple of Stage
        Chips, in order of time. After the last stage the hall is retired.
    leased : bool
        Whether the building is a developer's.
    """

    site: str
    origin: Origin
    block: int | None
    cooling: str
    it_mw: float
    halls: int
    commission: int
    stages: tuple[Stage, ...]
    leased: bool = False


@dataclass(frozen=True)
class Use:
    """Halls (a continuous number) of one kind at work on one workload; `racks` where they are not full."""

    site: str
    chip: str
    run_on: bool
    it_mw: float
    workload: str
    period: int
    halls: float
    racks: int | None = None


@dataclass(frozen=True)
class Cut(Use):
    """Halls of one kind at work on one workload that stand on a curtailable tranche of the grid."""


@dataclass(frozen=True)
class Served:
    """Compute served from a site, or by a lease, to a region (`""`: work without a region) [unit of demand.metric]."""

    site: str
    region: str
    workload: str
    period: int
    amount: float


@dataclass(frozen=True)
class Unserved:
    """Demand that is not served [unit of demand.metric]."""

    region: str
    workload: str
    period: int
    amount: float


@dataclass(frozen=True)
class Billed:
    """Energy billed by a block of a site's supply path, at the site's meter [MWh]."""

    site: str
    block: str
    period: int
    mwh: float


@dataclass(frozen=True)
class Draw:
    """Money drawn from a source for an asset class, real [USD of base year]."""

    source: str
    asset_class: str
    period: int
    usd: float


@dataclass(frozen=True)
class Raised:
    """What of a source's draws comes from one of its rounds, fee apart, real [USD of base year]."""

    source: str
    number: int
    period: int
    usd: float


@dataclass(frozen=True)
class Contract:
    """Compute leased from period `first` until before period `end` [unit of demand.metric]."""

    lease: str
    first: int
    end: int
    amount: float


@dataclass(frozen=True)
class Idle:
    """Leased compute of a contract that is not used in a period, and not paid in full."""

    lease: str
    first: int
    end: int
    period: int
    amount: float


@dataclass(frozen=True)
class Rebate:
    """Sales tax that comes back to an exempt site, real [USD of base year]."""

    site: str
    asset_class: str
    period: int
    usd: float


@dataclass(frozen=True)
class PlanContent:
    """All decisions of a plan; with the scenario and the designs it fixes every figure.

    Attributes
    ----------
    lives : tuple of Life
        New halls, existing and committed blocks.
    paths : dict of str to str
        Supply path taken, by site: `grid`, or the name of a supply option.
    uses, cuts, served, unserved, billed, draws : tuples of records
        Positive entries only.
    jobs : dict of str to (str or None)
        Site of each job; None if it is missed.
    developed : tuple of str
        Own chips that are developed.
    contracts, idle, rebates : tuples of records
        Positive entries only.
    raised : tuple of Raised
        Draws by round, of sources with a round that charges a fee.
    """

    lives: tuple[Life, ...]
    paths: dict[str, str] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    served: tuple[Served, ...] = ()
    unserved: tuple[Unserved, ...] = ()
    billed: tuple[Billed, ...] = ()
    draws: tuple[Draw, ...] = ()
    jobs: dict[str, str | None] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()
    developed: tuple[str, ...] = ()
    contracts: tuple[Contract, ...] = ()
    idle: tuple[Idle, ...] = ()
    rebates: tuple[Rebate, ...] = ()
    raised: tuple[Raised, ...] = ()


@dataclass(frozen=True)
class SolveRecord:
    """How the plan came about.

    Attributes
    ----------
    status : str
        optimal (requested gap met), feasible (a limit came first), infeasible, no_plan, interrupted.
    sense : {"min", "max"}
    objective, bound, gap : float
        Money in USD (min) or discounted unit-hours of compute (max); gap = |objective - bound| / max(|objective|, 1e-9).
    solve_seconds : float
        Wall clock of the whole solve, model building included.
    solver : str
        Name and version.
    details : dict
        Model size, phases, options.
    """

    status: Status
    sense: Sense
    objective: float
    bound: float
    gap: float
    solve_seconds: float
    solver: str
    details: dict[str, Any] = field(default_factory=dict)
