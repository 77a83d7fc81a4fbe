"""What may be built: chips, halls, cooling."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from optimizer.scenario.schema.base import (
    Fraction,
    Month,
    Months,
    Record,
    UsdPerKw,
    WholeNumber,
    Years,
    dated,
    quantity,
)

CoolingId = Literal[
    "air_chiller",
    "water_chiller_economizer",
    "air_economizer",
    "air_economizer_dec",
    "indirect_evaporative",
    "dlc_dry",
    "dlc_adiabatic",
    "dlc_tower",
    "dlc_chiller",
    "dlc_hybrid",
    "immersion",
]
COOLING_IDS: tuple[str, ...] = get_args(CoolingId)
AIR_SYSTEMS: tuple[str, ...] = (
    "air_chiller",
    "water_chiller_economizer",
    "air_economizer",
    "air_economizer_dec",
    "indirect_evaporative",
)


class CoolingOptions(Record):
    """What else cools a system's room or liquid, and by which rules."""

    air_side: (
        Literal[
            "air_chiller", "water_chiller", "air_economizer", "air_economizer_tower", "indirect_evaporative"
        ]
        | None
    ) = None
    """What cools the room's air instead of the system's usual [name]."""
    rejection: Literal["dry", "adiabatic", "tower", "chiller", "hybrid"] | None = None
    """What cools the liquid instead of the system's usual; for systems with a liquid [name]."""
    dec_policy: Literal["lei2022", "lei2022_midsize", "full"] | None = None
    """Outdoor air that is hot or damp: `full` wets media, mixes and trims as an operator would; `lei2022` shuts it out, as Lei and Masanet 2022 do, and `lei2022_midsize` has no humidifiers either [name]."""
    water_heat_basis: Literal["q", "q_plus_compressor"] | None = None
    """Heat that tower water is counted for: without or with the compressors' [name]."""

    ashrae_air: Literal["recommended", "A1", "A2", "A3", "A4"] | None = None
    """Envelope of the room's air by ASHRAE TC 9.9 (2021): supply temperature, and the box of outdoor air [name]."""
    ashrae_liquid: Literal["W17", "W27", "W32", "W40", "W45"] | None = None
    """Class of the facility water by ASHRAE TC 9.9: its warmest supply in degC, no warmer than the chips allow [name]."""

    def given(self) -> dict[str, str]:
        """The options that are set, by name."""
        return {name: value for name, value in self if value is not None}


def goes_with(cooling: str, chip_cooling: str) -> bool:
    """Whether a chip (`air`, `liquid`, `either`) can be cooled by a system."""
    return chip_cooling in (("air", "either") if cooling in AIR_SYSTEMS else ("liquid", "either"))


class ChipSettings(Record):
    """Values that replace the catalog's for one chip; a chip unknown to the catalog needs `based_on`."""

    based_on: str | None = None
    """Catalog chip whose other values are taken [id]."""
    release: Month | None = None
    """First month in which racks can be energised [YYYY-MM]."""
    last_sale: Month | None = None
    """Last month in which racks can be bought [YYYY-MM]. Default: the catalog's; none where no end is known."""
    rack_price_usd: quantity("USD", gt=0) | None = None  # type: ignore[valid-type]
    """Price of a rack with hosts and scale-up network at release [USD]."""
    network_storage_share: Fraction | None = None
    """Scale-out network and storage on top of the rack price [fraction]."""
    price_decline_per_year: Fraction | None = None
    """Fall of the rack price after release [fraction a year]."""
    life_years: Years | None = None
    """Life in the first use [years]."""
    it_kw_per_rack: quantity("kW", gt=0) | None = None  # type: ignore[valid-type]
    """IT power of a rack with its share of network and storage [kW]."""
    bf16_tflops: quantity("TFLOP/s", gt=0) | None = None  # type: ignore[valid-type]
    """Dense BF16 rate of one chip [TFLOP/s]."""
    fp8_tflops: quantity("TFLOP/s", gt=0) | None = None  # type: ignore[valid-type]
    """Dense FP8 or INT8 rate of one chip [TFLOP/s]."""
    availability: Fraction | None = None
    """Share of installed chips that do useful work: failures, repair, restarts; spares count against failures [fraction]."""


class Chips(Record):
    """Chips on offer and how many racks can be had."""

    offered: Annotated[tuple[str, ...], Field(min_length=1)]
    """Chips that may be bought [catalog ids or keys of `settings`]."""
    supply_racks: dict[str, dated(quantity("racks", ge=0))] = {}  # type: ignore[valid-type]
    """Deliveries by chip: racks that arrive for this programme at each date; racks not bought stay available [racks]. A chip without an entry is not limited."""
    settings: dict[str, ChipSettings] = {}
    """Values that replace the catalog's, by chip."""
    refresh: Literal["all", "same_family", "none"] = "all"
    """What may follow at the end of a chip's life beside retiring: every compatible chip on sale, the same family only, or nothing [name]."""
    run_on: bool = True
    """Whether chips may run on after their life at rising failure rates [truth value]."""


class Hall(Record):
    """The block that is built."""

    it_mw: quantity("MW", gt=0, le=2000) = 100.0  # type: ignore[valid-type]
    """IT power of one hall [MW]."""
    build_months: Months = 15.0
    """Start of construction to commissioning, rounded up to whole periods [months]."""
    max_starts_per_site: Annotated[WholeNumber, Field(ge=0)] | None = None
    """Halls that may be started at one site in one period [halls]."""
    max_starts: Annotated[WholeNumber, Field(ge=0)] | None = None
    """Halls that may be started over all sites in one period: crews and long-lead items [halls]."""
    redundancy: Literal["N", "N+1", "4N/3", "2N"] = "N+1"
    """Redundancy of the electrical chain [name]."""
    utilisation: quantity("fraction", gt=0, le=1) = 0.8  # type: ignore[valid-type]
    """Mean over peak IT power [fraction]."""
    load_profile: Literal["flat", "training", "inference", "idle"] = "flat"
    """Shape of IT power over the day; its mean is `utilisation` [name]."""
    load_file: str | None = None
    """IT power by hour in any unit instead of a shape: CSV with one column and 8,760 or 8,784 rows; its mean is `utilisation` [path]."""
    capex_usd_per_kw: UsdPerKw | None = None
    """Shell, electrical and mechanical cost per kW of IT before the market's index and the cooling system's difference [USD/kW]. Default: the catalog's."""
    capex_scale: quantity("fraction", gt=0) = 1.0  # type: ignore[valid-type]
    """Multiplier on the facility cost of every hall [fraction]."""
    life_years: Years = 20.0
    """Life of shell, electrical and mechanical plant, for residual value [years]."""
