"""A place that can hold halls."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from optimizer.scenario.schema.base import (
    CountryCode,
    Fraction,
    Identifier,
    Month,
    PositiveMw,
    Record,
    Usd,
    Years,
    quantity,
)
from optimizer.scenario.schema.power import Grid, Onsite, Ppa, Price
from optimizer.scenario.schema.technology import BuildToSuit, CoolingId

WEATHER_SUFFIXES = (".epw", ".csv", ".gz", ".tm3", ".tmy")


def names_weather_file(name: str) -> bool:
    """Whether a site's `weather` names a file rather than an entry of the catalog."""
    return "/" in name or "\\" in name or name.lower().endswith(WEATHER_SUFFIXES)


class HallBlock(Record):
    """Halls that stand (`existing`: sunk) or are decided (`committed`: costed, not chosen)."""

    online: Month
    """Month of commissioning [YYYY-MM]."""
    it_mw: PositiveMw
    """IT power [MW]."""
    chip: str
    """Chips installed [catalog id]."""
    cooling: CoolingId
    """Cooling system [id]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Land(Record):
    """Land on offer."""

    acres: quantity("acres", gt=0)  # type: ignore[valid-type]
    """Area [acres]."""
    acres_per_mw: quantity("acres/MW", gt=0) = 0.9  # type: ignore[valid-type]
    """Area that one megawatt of IT needs [acres/MW]."""
    usd_per_acre: quantity("USD/acre", ge=0) = 0.0  # type: ignore[valid-type]
    """Price; the whole area is paid when the site opens [USD/acre]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Water(Record):
    """Water on offer."""

    usd_per_m3: quantity("USD/m3", ge=0) = 2.0  # type: ignore[valid-type]
    """Price, supply and sewer [USD/m3]."""
    max_m3_per_year: quantity("m3/year", ge=0) | None = None  # type: ignore[valid-type]
    """Ceiling for the whole site [m3/year]."""


class PropertyAbatement(Record):
    """Property tax that is waived for years from each hall's commissioning on."""

    share: Fraction
    """Share that is waived [fraction]."""
    years: Years
    """How long, from each hall's commissioning (of halls that stand: from `online`) [years]."""
    chips: bool = False
    """Whether the tax on chips, property_rate_chips, is waived alike [truth value]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class SiteTax(Record):
    """Taxes at the site."""

    sales_exempt: bool = False
    """Whether chips and plant are exempt from sales tax [truth value]."""
    sales_exempt_from_usd: Usd | None = None
    """Capital in all planning periods from which the site is exempt: many states ask for a least investment [USD]."""
    sales_exempt_by_state: bool = False
    """Whether the least investment is the one that the catalog has for the site's market, in place of sales_exempt_from_usd [truth value]."""
    sales_rate: Fraction | None = None
    """Sales or use tax, state and local [fraction]. Default: the market's."""
    property_rate: Fraction | None = None
    """Property tax a year, of facility value [fraction]. Default: the market's."""
    property_rate_chips: Fraction = 0.0
    """Property tax a year on equipment, of the resale value of chips with network and storage [fraction]."""
    property_abatement: PropertyAbatement | None = None
    """Property tax that is waived."""


class Site(Record):
    """A place that can hold halls: weather, power, prices, land, taxes, limits."""

    name: Identifier
    """Name of the site, once in a scenario."""
    lat: quantity("degrees north", ge=-90, le=90)  # type: ignore[valid-type]
    """Latitude [degrees north]."""
    lon: quantity("degrees east", ge=-180, le=180)  # type: ignore[valid-type]
    """Longitude [degrees east]."""
    weather: str
    """Weather of the catalog [id] or a file [path: EPW, TMY3, NSRDB, CSV]."""
    elevation_m: quantity("m", ge=-430, le=5000) | None = None  # type: ignore[valid-type]
    """Height above sea level [m]. Default: the weather station's."""
    market: str | None = None
    """Construction, labour and tax market of the catalog [id]. Default: read from `state` or `country`."""
    country: CountryCode = "US"
    """Country [ISO 3166 two letters]."""
    state: Annotated[str, Field(min_length=2, max_length=3)] | None = None
    """State or province [letters]."""
    grid: Grid | None = None
    """The grid's offer. A site has a grid offer, plant of its own, or both."""
    price: Price | None = None
    """Price of grid energy."""
    carbon_kg_per_mwh: quantity("kg/MWh", ge=0) | None = None  # type: ignore[valid-type]
    """CO2 of grid energy. Default: the catalog's for `carbon_region`, the state or the country [kg/MWh]."""
    carbon_region: str | None = None
    """eGRID subregion or other carbon region of the catalog [id]."""
    onsite: Onsite | None = None
    """Ways to megawatts beside the grid."""
    ppa: tuple[Ppa, ...] = ()
    """Clean energy on offer by contract."""
    land: Land | None = None
    """Land on offer; without it land is free and not a limit."""
    water: Water = Water()
    """Water on offer."""
    tax: SiteTax = SiteTax()
    """Taxes at the site."""
    available_from: Month | None = None
    """First month in which construction may start: permits, zoning [YYYY-MM]."""
    max_it_mw: PositiveMw | None = None
    """Ceiling on IT power at the site [MW]."""
    staff_for_mw: PositiveMw | None = None
    """IT power the site is staffed for: staff per MW falls with it beyond economics.staff_flat_mw [MW]. Default: staff per MW is that of a small site."""
    cooling: Annotated[tuple[CoolingId, ...], Field(min_length=1)] | None = None
    """Cooling systems allowed here [ids]. Default: the scenario's."""
    existing: tuple[HallBlock, ...] = ()
    """Halls that stand: their first cost is sunk."""
    committed: tuple[HallBlock, ...] = ()
    """Halls that are decided: costed, not chosen."""
    build_to_suit: BuildToSuit | None = None
    """Halls on offer by a developer here. Default: hall.build_to_suit."""
    partners: str | None = None
    """Who builds and runs the site [text]."""
    source: str | None = None
    """Where the site's facts are from, or `assumption` [text]."""
