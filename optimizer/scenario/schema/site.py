"""A place that can hold halls."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from optimizer.scenario.schema.base import (
    Fraction,
    Identifier,
    Month,
    Months,
    Mw,
    PositiveMw,
    Record,
    UsdPerKw,
    UsdPerMwh,
    WholeNumber,
    dated,
    quantity,
)
from optimizer.scenario.schema.technology import CoolingId

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


class Grid(Record):
    """The grid's offer."""

    offer_mw: dated(Mw)  # type: ignore[valid-type]
    """Firm megawatts at the site's meter from each date on, a step path [MW]."""
    connection_usd_per_kw: UsdPerKw = 150.0
    """Connection and upgrades, paid once per kW of the largest offer, when the site opens and as steps are energised [USD/kW]."""
    substation_usd_per_kw: UsdPerKw = 0.0
    """Substation, same basis [USD/kW]."""
    loss: quantity("fraction", ge=0, lt=1) = 0.0  # type: ignore[valid-type]
    """Losses between the meter and the halls [fraction of metered energy]."""
    min_take: Fraction = 0.0
    """Share of the energised megawatts that is billed even if it is not used [fraction]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Price(Record):
    """Price of grid energy: exactly one of hub, retail_state, flat_usd_per_mwh, file, tariff."""

    hub: str | None = None
    """Hourly wholesale series of the catalog [id]."""
    year: Annotated[WholeNumber, Field(ge=2000, le=2100)] | None = None
    """Year of the hub's series [year]. Default: the latest complete one."""
    adder_usd_per_mwh: UsdPerMwh = 0.0
    """Transmission, retail and other charges on top of the hub's price [USD/MWh]."""
    retail_state: Annotated[str, Field(min_length=2, max_length=2)] | None = None
    """US state whose mean industrial price is taken, flat [two letters]."""
    flat_usd_per_mwh: UsdPerMwh | None = None
    """Flat price, all charges in [USD/MWh]."""
    file: str | None = None
    """CSV with one price column and 8,760 or 8,784 rows [path; USD/MWh]."""
    tariff: str | None = None
    """Tariff as OpenEI's Utility Rate Database publishes it, billed at the largest offer of the grid: energy, demand, ratchet, fixed and least charges [path; JSON]."""
    escalation_per_year: quantity("fraction", ge=-0.5, le=0.5) = 0.0  # type: ignore[valid-type]
    """Real yearly growth of the price [fraction]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class OnsiteGas(Record):
    """Gas turbines or engines on the site, run around the clock beside the grid."""

    max_mw: PositiveMw
    """Net firm power [MW]."""
    lead_months: Months = 18.0
    """Decision to operation, from the start of the horizon [months]."""
    technology: str = "gas_aero_simple"
    """Catalog supply technology [id]."""
    usd_per_mmbtu: quantity("USD/MMBtu", gt=0) | None = None  # type: ignore[valid-type]
    """Price of gas, delivered [USD/MMBtu]. Default: the catalog's."""
    sunk: bool = False
    """Whether the plant stands already, so that its capital is not counted [truth value]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Onsite(Record):
    """Ways to megawatts beside the grid."""

    gas: OnsiteGas | None = None
    """Gas plant."""


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


class SiteTax(Record):
    """Taxes at the site."""

    sales_exempt: bool = False
    """Whether chips and plant are exempt from sales tax [truth value]."""
    sales_rate: Fraction | None = None
    """Sales or use tax, state and local [fraction]. Default: the market's."""
    property_rate: Fraction | None = None
    """Property tax a year, of facility value [fraction]. Default: the market's."""


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
    country: Annotated[str, Field(min_length=2, max_length=2)] = "US"
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
    cooling: Annotated[tuple[CoolingId, ...], Field(min_length=1)] | None = None
    """Cooling systems allowed here [ids]. Default: the scenario's."""
    existing: tuple[HallBlock, ...] = ()
    """Halls that stand: their first cost is sunk."""
    committed: tuple[HallBlock, ...] = ()
    """Halls that are decided: costed, not chosen."""
    partners: str | None = None
    """Who builds and runs the site [text]."""
    source: str | None = None
    """Where the site's facts are from, or `assumption` [text]."""
