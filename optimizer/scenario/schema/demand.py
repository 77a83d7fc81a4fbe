"""Who needs compute, of what kind, where and when."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from optimizer.scenario.schema.base import (
    Country,
    H100e,
    Identifier,
    Month,
    Mw,
    Record,
    WholeNumber,
    dated,
    quantity,
)

WorkKind = Literal["training", "inference", "batch", "cpu"]
WORK_KINDS: tuple[str, ...] = get_args(WorkKind)


class Region(Record):
    """A place that needs compute."""

    name: Identifier
    """Name of the region."""
    lat: quantity("degrees north", ge=-90, le=90)  # type: ignore[valid-type]
    """Latitude [degrees north]."""
    lon: quantity("degrees east", ge=-180, le=180)  # type: ignore[valid-type]
    """Longitude [degrees east]."""
    served_from: Annotated[tuple[Country, ...], Field(min_length=1)] | None = None
    """Countries whose sites may serve the region: sovereignty [ISO 3166 two letters]. Default: any."""


class Workload(Record):
    """A kind of work and how much of it is wanted."""

    name: Identifier
    """Name of the workload."""
    kind: WorkKind | None = None
    """Which utilisation figures of the chips apply; by default read from the name, else inference [name]."""
    path: dated(H100e)  # type: ignore[valid-type]
    """Demand over all regions from each date on, a step path [unit of demand.metric, or as `unit` says]."""
    unit: Literal["metric", "useful_pflops", "tokens_per_s", "cpu_chips"] = "metric"
    """What the path counts: units of demand.metric, floating-point operations that the model itself needs [PFLOP/s], tokens [1/s], or, for cpu work, processors at work like those of the catalog's arm_cpu_rack; prices stay by the unit of demand.metric, of which a processor is 0.0121 h100e [name]."""
    flop_per_token: quantity("FLOP", gt=0) | None = None  # type: ignore[valid-type]
    """Operations that a token takes: about 2 for each active parameter in inference, 6 in training (Kaplan et al. 2020, arXiv 2001.08361) [FLOP]. Needed for tokens."""
    growth_per_year: quantity("fraction", ge=-0.9, le=20) = 0.0  # type: ignore[valid-type]
    """Growth of the work that is wanted, from each date of the path until the next [fraction a year]."""
    efficiency_gain_per_year: quantity("ratio", gt=0, le=100) = 1.0  # type: ignore[valid-type]
    """Factor by which algorithms need less compute for the same work each year, from each date of the path until the next [ratio a year]."""
    elasticity: quantity("ratio", ge=0, le=5) = 1.0  # type: ignore[valid-type]
    """Price elasticity of demand: work that gets s times cheaper in compute is wanted s^elasticity times; 1: demand in compute stays, above 1 it grows (Jevons) [ratio]."""
    precision: Literal["bf16", "fp8", "fp4"] | None = None
    """Arithmetic that the work runs in: compute is then counted against an H100 in that arithmetic (in FP8 where it is fp4) [name]. Default: demand.metric's."""
    min_memory_gb: quantity("GB", gt=0) | None = None  # type: ignore[valid-type]
    """Memory that a chip must have at least to do the work [GB]. Default: any will do."""
    cluster_chips: quantity("chips", gt=0) | None = None  # type: ignore[valid-type]
    """Chips that work in step in one synchronous run: each interruption stops them all for restart_minutes [chips]. Default: interruptions are in the chips' availability."""
    max_rtt_ms: quantity("ms", gt=0) | None = None  # type: ignore[valid-type]
    """Longest round trip between site and region [ms]. Without it the work has no region."""
    shares: dict[str, quantity("fraction", ge=0, le=1)] | None = None  # type: ignore[valid-type]
    """Share of each region in the demand, adding up to 1 [fraction]. Default: equal shares when max_rtt_ms is given."""
    served_from: Annotated[tuple[Country, ...], Field(min_length=1)] | None = None
    """Countries whose sites may do the work [ISO 3166 two letters]. Default: any."""
    serving_usd_per_h100e_hour_1000km: quantity("USD/h100e-hour", ge=0) = 0.0  # type: ignore[valid-type]
    """Cost of carrying the work between site and region, by distance [USD per unit of demand.metric, hour and 1000 km]."""
    unserved_usd_per_h100e_hour: quantity("USD/h100e-hour", ge=0) | None = None  # type: ignore[valid-type]
    """Cost of this demand not served [USD per unit of demand.metric and hour]. Default: money.unserved_usd_per_h100e_hour."""
    flexible: bool | None = None
    """Whether halls at this work may stand on a curtailable tranche of the grid [truth value]. Default: all but inference."""
    made_up_share: quantity("fraction", ge=0, le=1) = 0.0  # type: ignore[valid-type]
    """Share of the work lost in curtailed hours that is shifted to other hours [fraction]."""
    cut_usd_per_h100e_hour: quantity("USD/h100e-hour", ge=0) = 0.0  # type: ignore[valid-type]
    """Stated value of compute lost in curtailed hours, on top of what replaces it [USD per unit of demand.metric and hour]."""


def is_flexible(workload: Workload) -> bool:
    """Whether halls at this work may stand on a curtailable tranche."""
    return work_kind(workload) != "inference" if workload.flexible is None else workload.flexible


def work_kind(workload: Workload) -> str:
    """Kind of a workload: as given, or by its name, else inference."""
    if workload.kind is not None:
        return workload.kind
    return workload.name if workload.name in WORK_KINDS else "inference"


class Job(Record):
    """A synchronous training run: one site for its whole duration."""

    name: Identifier
    """Name of the job."""
    h100e: quantity("h100e", gt=0)  # type: ignore[valid-type]
    """Compute that the job holds while it runs [unit of demand.metric]."""
    from_: Annotated[Month, Field(alias="from")]
    """First month [YYYY-MM]."""
    months: Annotated[WholeNumber, Field(ge=1, le=240)]
    """Duration [months]."""
    workload: str = "training"
    """Workload whose compute the job uses [name]."""


class Shock(Record):
    """A one-off gain in algorithmic efficiency, such as DeepSeek's in January 2025."""

    date: Month
    """Month from which it holds [YYYY-MM]."""
    factor: quantity("ratio", gt=0, le=1000)  # type: ignore[valid-type]
    """How many times less compute the same work needs [ratio]."""
    elasticity: quantity("ratio", ge=0, le=5) | None = None  # type: ignore[valid-type]
    """Price elasticity of demand for this shock [ratio]. Default: the workload's."""
    workloads: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Workloads that it touches [names]. Default: all but cpu work."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Demand(Record):
    """Demand in compute, and a floor in megawatts beside it."""

    metric: Literal["h100e", "h100e_8bit", "pflops"] = "h100e"
    """Unit of compute: H100 equivalents at dense BF16, the same at dense FP8/INT8, or dense BF16 PFLOP/s [name]."""
    min_it_mw: dated(Mw) = {}  # type: ignore[valid-type]
    """Least IT megawatts in operation from each date on [MW]."""
    target_it_mw: quantity("MW", gt=0) | None = None  # type: ignore[valid-type]
    """IT megawatts in operation whose date is the objective `earliest_target`, or stands under bounds.target_by [MW]."""
    regions: tuple[Region, ...] = ()
    """Regions with latency-bound demand."""
    workloads: tuple[Workload, ...] = ()
    """Kinds of work."""
    jobs: tuple[Job, ...] = ()
    """Synchronous training runs."""
    shocks: tuple[Shock, ...] = ()
    """One-off gains in efficiency: compute wanted changes by factor^(elasticity - 1) from their date on."""


def shocks_of(demand: Demand, workload: Workload) -> tuple[Shock, ...]:
    """Shocks that touch a workload."""
    return tuple(
        shock
        for shock in demand.shocks
        if (workload.name in shock.workloads if shock.workloads is not None else work_kind(workload) != "cpu")
    )


def unserved_price(money_usd_per_h100e_hour: float | None, workload: Workload) -> float | None:
    """Price of a workload's demand that is not served: its own, else the scenario's; None: it must be served."""
    own = workload.unserved_usd_per_h100e_hour
    return money_usd_per_h100e_hour if own is None else own
