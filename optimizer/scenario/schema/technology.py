"""What may be built: chips, halls, cooling."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from optimizer.scenario.schema.base import (
    Identifier,
    Months,
    Mw,
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


class BuildToSuit(Record):
    """A developer builds the hall and rents it out; chips stay the tenant's, who also pays upkeep, insurance and taxes."""

    usd_per_kw_month: quantity("USD/kW-month", gt=0, le=2000)  # type: ignore[valid-type]
    """Rent of shell and plant per kW of IT from commissioning on, base-year money [USD/kW-month]."""
    years: Years
    """Term; the rent is owed for it whether the hall is used or not, and stays the same after it [years]."""
    exit_fee_months: Months | None = None
    """Most months of rent that leaving before the end costs [months]. Default: all that are left."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Crew(Record):
    """Builders and commissioning teams: a limit on what is under construction."""

    name: Identifier
    """Name of the limit."""
    max_it_mw: dated(Mw)  # type: ignore[valid-type]
    """IT power of halls under construction, from each date on [MW]."""
    states: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """States or provinces whose sites it counts [letters]. Default: all sites."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class LeadItem(Record):
    """A part with a long lead time: transformers, switchgear, chillers, gensets."""

    name: Identifier
    """Name of the part."""
    per_it_mw: quantity("units/MW", gt=0)  # type: ignore[valid-type]
    """Units that a new hall takes per MW of IT [units/MW]."""
    months_before: Months = 6.0
    """How long before commissioning they must be on site, rounded up to whole periods [months]."""
    deliveries: dated(quantity("units", ge=0))  # type: ignore[valid-type]
    """Units that arrive at each date over all sites; what is not used stays [units]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


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
    density_headroom: quantity("ratio", ge=1, le=20) | None = None  # type: ignore[valid-type]
    """How much denser a later rack may be than the racks the hall was built for, in one rack position; a denser one takes several and strands power [ratio]. Default: no limit."""
    max_rack_kw: quantity("kW", gt=0) | None = None  # type: ignore[valid-type]
    """Heaviest rack that halls take, first or later: IT power with its share of network and storage; racks that stand already may be heavier [kW]. Default: no limit."""
    build_to_suit: BuildToSuit | None = None
    """Halls on offer by a developer, beside building one's own."""
    crews: tuple[Crew, ...] = ()
    """Limits on halls under construction."""
    lead_items: tuple[LeadItem, ...] = ()
    """Parts with long lead times, as deliveries over all sites."""
    embodied_kg_per_kw: quantity("kg/kW", ge=0) | None = None  # type: ignore[valid-type]
    """CO2 of building shell and plant per kW of IT [kg/kW]. Default: the catalog's."""
