"""Who needs compute, of what kind, where and when."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from optimizer.scenario.schema.base import H100e, Identifier, Month, Mw, Record, WholeNumber, dated, quantity

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


class Workload(Record):
    """A kind of work and how much of it is wanted."""

    name: Identifier
    """Name of the workload."""
    kind: WorkKind | None = None
    """Which utilisation figures of the chips apply; by default read from the name, else inference [name]."""
    path: dated(H100e)  # type: ignore[valid-type]
    """Demand over all regions from each date on, a step path [unit of demand.metric]."""
    max_rtt_ms: quantity("ms", gt=0) | None = None  # type: ignore[valid-type]
    """Longest round trip between site and region [ms]. Without it the work has no region."""
    shares: dict[str, quantity("fraction", ge=0, le=1)] | None = None  # type: ignore[valid-type]
    """Share of each region in the demand, adding up to 1 [fraction]. Default: equal shares when max_rtt_ms is given."""
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


class Demand(Record):
    """Demand in compute, and a floor in megawatts beside it."""

    metric: Literal["h100e", "h100e_8bit", "pflops"] = "h100e"
    """Unit of compute: H100 equivalents at dense BF16, the same at dense FP8/INT8, or dense BF16 PFLOP/s [name]."""
    min_it_mw: dated(Mw) = {}  # type: ignore[valid-type]
    """Least IT megawatts in operation from each date on [MW]."""
    regions: tuple[Region, ...] = ()
    """Regions with latency-bound demand."""
    workloads: tuple[Workload, ...] = ()
    """Kinds of work."""
    jobs: tuple[Job, ...] = ()
    """Synchronous training runs."""
