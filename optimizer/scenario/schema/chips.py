"""Chips on offer: what replaces the catalog's figures, supply, vendors."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optimizer.scenario.schema.base import (
    Country,
    Fraction,
    Month,
    Record,
    Usd,
    WholeNumber,
    Years,
    dated,
    quantity,
)
from optimizer.scenario.schema.demand import WorkKind

Precision = Literal["bf16", "fp8", "fp4"]


class ChipSettings(Record):
    """Values that replace the catalog's for one chip; a chip unknown to the catalog needs `based_on`."""

    based_on: str | None = None
    """Catalog chip whose other values are taken [id]."""
    vendor: str | None = None
    """Who sells it [name]."""
    family: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    """Generation that it belongs to, for chips.refresh and chips.price_cut_per_generation [name]. Default: the catalog's; its own id for a generation to come, which is released after `based_on` and has a gain or a decline a year."""
    release: Month | None = None
    """First month in which racks can be energised [YYYY-MM]."""
    last_sale: Month | None = None
    """Last month in which racks can be bought [YYYY-MM]. Default: the catalog's; none where no end is known, or where `release` is later than the catalog's."""
    flops_per_watt_gain_per_year: quantity("fraction", ge=-0.5, le=2) | None = None  # type: ignore[valid-type]
    """A generation to come: how much more a watt computes for every year between the release of `based_on` and its own; rates that are given stand as they are [fraction a year]. Epoch AI: about 0.4."""
    usd_per_flops_decline_per_year: quantity("fraction", ge=0, le=0.9) | None = None  # type: ignore[valid-type]
    """A generation to come: how much cheaper a dense BF16 FLOP/s of a rack is at release for every year since the release of `based_on`, where no price is given [fraction a year]. Epoch AI: about 0.3."""
    rack_price_usd: quantity("USD", gt=0) | None = None  # type: ignore[valid-type]
    """Price of a rack with hosts and scale-up network at release [USD]."""
    rack_price_path: dated(quantity("USD", gt=0)) = {}  # type: ignore[valid-type]
    """Price of a rack from each date on in place of rack_price_usd; price_decline_per_year goes on from each [USD]."""
    network_storage_share: Fraction | None = None
    """Scale-out network and storage on top of the rack price [fraction]."""
    price_decline_per_year: Fraction | None = None
    """Fall of the rack price after release [fraction a year]."""
    host: str | None = None
    """Processors beside the accelerators in place of the catalog's: power, price and CPU work of the rack change with them [catalog id: grace, vera, x86, arm_server]."""
    life_years: Years | None = None
    """Life in the first use [years]."""
    chips_per_rack: Annotated[WholeNumber, Field(ge=1, le=10000)] | None = None
    """Chips in a rack [chips]. Default: the catalog's. Power and price of the rack change in proportion where they are not given."""
    it_kw_per_rack: quantity("kW", gt=0) | None = None  # type: ignore[valid-type]
    """IT power of a rack with its share of network and storage [kW]."""
    cooling: Literal["air", "liquid", "either"] | None = None
    """What cools it [name]. Default: the catalog's."""
    liquid_share: Fraction | None = None
    """Share of its heat that cold plates take [fraction]. Default: the catalog's."""
    supply_c_max: quantity("degC", ge=10, le=70) | None = None  # type: ignore[valid-type]
    """Warmest liquid supply that it takes [degC]. Default: the catalog's."""
    bf16_tflops: quantity("TFLOP/s", gt=0) | None = None  # type: ignore[valid-type]
    """Dense BF16 rate of one chip [TFLOP/s]."""
    fp8_tflops: quantity("TFLOP/s", gt=0) | None = None  # type: ignore[valid-type]
    """Dense FP8 or INT8 rate of one chip [TFLOP/s]."""
    fp4_tflops: quantity("TFLOP/s", gt=0) | None = None  # type: ignore[valid-type]
    """Dense FP4 rate of one chip [TFLOP/s]. Default: the catalog's; FP8's where the chip has no FP4."""
    hbm_gb: quantity("GB", gt=0) | None = None  # type: ignore[valid-type]
    """Memory of one chip, for workloads with min_memory_gb [GB]. Default: the catalog's."""
    cpu_chips: quantity("processors", ge=0, le=1000) | None = None  # type: ignore[valid-type]
    """CPU work of one chip, of an accelerator by its hosts, in processors of the catalog's arm_cpu_rack [processors]. Default: the catalog's, by `host`."""
    utilisation: dict[WorkKind, Fraction] = {}
    """Share of the dense rate that a kind of work uses, by kind [fraction]."""
    availability: Fraction | None = None
    """Share of installed chips that do useful work: planned stops, restarts, and failures beyond the spares [fraction]. Default: the catalog's, less what failures_per_chip_year and repair_hours take beyond the spares."""
    failures_per_chip_year: quantity("1/year", ge=0, le=100) | None = None  # type: ignore[valid-type]
    """Unexpected interruptions that a chip causes [1/year]."""
    repair_hours: quantity("h", ge=0, le=8760) | None = None  # type: ignore[valid-type]
    """Time until a failed chip works again, for availability in place of the catalog's; not with `availability` [h]."""
    restart_minutes: quantity("min", ge=0, le=10000) | None = None  # type: ignore[valid-type]
    """What an interruption costs a synchronous run: restart and the work since its last checkpoint [min]. Default: the catalog's."""
    countries: Annotated[tuple[Country, ...], Field(min_length=1)] | None = None
    """Countries in which it may stand: export rules [ISO 3166 two letters]. Default: any."""
    barred_countries: tuple[Country, ...] = ()
    """Countries in which it may not stand [ISO 3166 two letters]."""
    development_usd: Usd | None = None
    """Own chip: what its development costs, paid once if any rack is bought [USD]."""
    development_from: Month | None = None
    """Month in which development is paid [YYYY-MM]. Default: the start of the horizon."""
    min_racks: quantity("racks", ge=0) | None = None  # type: ignore[valid-type]
    """Own chip: least number of racks in all planning periods if any is bought [racks]."""
    embodied_kg_per_chip: quantity("kg", ge=0) | None = None  # type: ignore[valid-type]
    """CO2 of making one chip with its share of the server [kg]. Default: the catalog's."""


class Chips(Record):
    """Chips on offer and how many racks can be had."""

    offered: Annotated[tuple[str, ...], Field(min_length=1)]
    """Chips that may be bought [catalog ids or keys of `settings`]."""
    supply_racks: dict[str, dated(quantity("racks", ge=0))] = {}  # type: ignore[valid-type]
    """Deliveries by chip: racks that arrive for this programme at each date; racks not bought stay available [racks]. A chip without an entry is not limited."""
    supply_vendor_racks: dict[str, dated(quantity("racks", ge=0))] = {}  # type: ignore[valid-type]
    """Deliveries by vendor: racks of all its chips together that arrive at each date [racks]."""
    max_vendor_share: dict[str, Fraction] = {}
    """Ceiling on a vendor's share of what is spent on racks in the planning periods [fraction]."""
    price_cut_per_generation: Fraction = 0.0
    """Fall of a chip's price each time a later generation (family) of the same vendor and kind comes out, on offer here or not [fraction]."""
    settings: dict[str, ChipSettings] = {}
    """Values that replace the catalog's, by chip. A generation that is not on offer, with a release, counts for price_cut_per_generation alone."""
    refresh: Literal["all", "same_family", "none"] = "all"
    """What may follow at the end of a chip's life beside retiring: every compatible chip on sale, the same family only, or nothing [name]."""
    early_refresh_years: tuple[Years, ...] = ()
    """Lives after which chips may be replaced before their end, beside life_years [years]. Default: none; each one multiplies the lives that a hall can have."""
    run_on: bool = True
    """Whether chips may run on after their life at rising failure rates [truth value]."""
