"""How a site gets its megawatts: the grid's offer and terms, its price, plant of its own, contracts for clean power."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optimizer.scenario.schema.base import (
    Fraction,
    Identifier,
    Month,
    Months,
    Mw,
    PositiveMw,
    Record,
    Usd,
    UsdPerKw,
    UsdPerMwh,
    WholeNumber,
    Years,
    dated,
    quantity,
)

HoursPerYear = quantity("h/year", gt=0, le=8760)


class Curtailable(Record):
    """A tranche of the grid that opens earlier and is cut in the system's worst hours."""

    offer_mw: dated(Mw)  # type: ignore[valid-type]
    """Megawatts on top of the firm offer from each date on, a step path [MW]."""
    hours_per_year: HoursPerYear = 44.0  # type: ignore[valid-type]
    """Hours of a year in which it is cut [h/year]. Default: half a percent, the middle of the Duke study's 0.25-1 %."""
    by: Literal["price", "temperature", "load"] = "price"
    """Which hours: those of the highest price, of the greatest heat, or of the highest load in `load_file` [name]. A flat price takes heat."""
    load_file: str | None = None
    """Load of the system: CSV with one column of numbers and 8,760 or 8,784 rows [path]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class QueuePosition(Record):
    """A request for connection: its megawatts come when study and building are over."""

    mw: PositiveMw
    """Firm megawatts that it adds [MW]."""
    requested: Month
    """Month of the request [YYYY-MM]."""
    study_months: Months = 24.0
    """Queue and studies [months]. Default: weak; large loads wait 36 to 84 months in all."""
    build_months: Months = 24.0
    """Upgrades and connection [months]. Default: weak, as study_months."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class LargeLoadContract(Record):
    """Terms of a large-load tariff beside `min_take` (AEP Ohio's data-centre tariff is of this kind)."""

    years: Years = 12.0
    """Years from first power for which the minimum take holds [years]."""
    ramp: tuple[Fraction, ...] = ()
    """Share of the minimum take asked in each year from first power on; all of it after [fraction]."""
    exit_fee_months: quantity("months", gt=0) | None = None  # type: ignore[valid-type]
    """Minimum bills due when the site leaves before the end [months]. Without it a site never leaves."""
    collateral_usd_per_kw: UsdPerKw = 0.0
    """Security posted per kW under contract, as long as it runs [USD/kW]."""
    collateral_cost_per_year: Fraction = 0.02
    """What posting it costs a year: fee of a letter of credit [fraction]. Default: weak, 1-3 %."""
    study_usd: Usd = 0.0
    """Studies, paid when the site is taken [USD]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Grid(Record):
    """The grid's offer."""

    offer_mw: dated(Mw) = {}  # type: ignore[valid-type]
    """Firm megawatts at the site's meter from each date on, a step path [MW]."""
    queue: tuple[QueuePosition, ...] = ()
    """Requests for connection, on top of `offer_mw`."""
    delay_months: Months = 0.0
    """How much later than said everything comes that is not there at the start [months]."""
    n_minus_1_circuits: Annotated[WholeNumber, Field(ge=2, le=20)] | None = None
    """Equal circuits of which one may fail: of the offer (n - 1)/n is firm [number]. Default: the offer is firm."""
    curtailable: Curtailable | None = None
    """A tranche that opens earlier and is cut in some hours."""
    contract: LargeLoadContract | None = None
    """Large-load terms."""
    connection_usd_per_kw: UsdPerKw = 150.0
    """Connection and upgrades, paid once per kW of the largest offer, when the site opens and as steps are energised [USD/kW]."""
    substation_usd_per_kw: UsdPerKw = 0.0
    """Substation, same basis [USD/kW]."""
    loss: quantity("fraction", ge=0, lt=1) = 0.0  # type: ignore[valid-type]
    """Losses between the meter and the halls [fraction of metered energy]."""
    min_take: Fraction = 0.0
    """Share of the energised megawatts that is billed even if it is not used [fraction]."""
    clean_share: Fraction = 0.0
    """Share of grid energy that counts as clean where clean power is asked for [fraction]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Rider(Record):
    """A charge on top of a price: by energy, by monthly peak, or a share of both."""

    name: Identifier
    """Name of the rider."""
    usd_per_mwh: UsdPerMwh = 0.0
    """On energy [USD/MWh]."""
    usd_per_kw_month: quantity("USD/kW-month", ge=-100, le=1000) = 0.0  # type: ignore[valid-type]
    """On each month's peak [USD/kW-month]."""
    share: quantity("fraction", ge=-1, le=10) = 0.0  # type: ignore[valid-type]
    """On everything before riders [fraction]."""


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
    demand_usd_per_kw_month: quantity("USD/kW-month", ge=0, le=1000) = 0.0  # type: ignore[valid-type]
    """Demand charge on each month's peak, on top of the energy price [USD/kW-month]."""
    demand_ratchet: Fraction = 0.0
    """Share of the year's highest peak below which no month's billed demand falls [fraction]."""
    coincident_usd_per_kw_year: quantity("USD/kW-year", ge=0, le=10000) = 0.0  # type: ignore[valid-type]
    """Charge on the load in the system's peak hours, ERCOT's 4CP for instance [USD/kW-year]."""
    coincident_months: tuple[Annotated[WholeNumber, Field(ge=1, le=12)], ...] = (6, 7, 8, 9)
    """Months with one peak hour each: the hour of the highest price, of the greatest heat where the price is flat [numbers]."""
    riders: tuple[Rider, ...] = ()
    """Further charges."""
    escalation_per_year: quantity("fraction", ge=-0.5, le=0.5) = 0.0  # type: ignore[valid-type]
    """Real yearly growth of the price [fraction]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Asset(Record):
    """What can be built beside the grid: size, dates, costs over the catalog's."""

    max_mw: PositiveMw
    """Largest size: nameplate of all units; for solar, peak of the modules [MW]."""
    lead_months: Months | None = None
    """Order to operation, from the start of the horizon [months]. Default: the catalog's for the technology."""
    permit_months: Months = 0.0
    """Permits before the order [months]."""
    capex_usd_per_kw: UsdPerKw | None = None
    """Capital cost [USD/kW]. Default: the catalog's."""
    fom_usd_per_kw_year: quantity("USD/kW-year", ge=0) | None = None  # type: ignore[valid-type]
    """Fixed operating cost [USD/kW-year]. Default: the catalog's."""
    sunk: bool = False
    """Whether it stands already, so that its capital is not counted [truth value]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Plant(Asset):
    """Units that burn fuel on the site."""

    technology: str | None = None
    """Catalog supply technology [id]. Default: aeroderivative turbines, engines, solid oxide fuel cells or small reactors, by the key."""
    unit_mw: PositiveMw | None = None
    """Nameplate of one unit [MW]. Default: the catalog's."""
    spare_units: Annotated[WholeNumber, Field(ge=0, le=100)] = 1
    """Units that firm power does not count on: N+1 keeps one [number]. Without a spare the mean of forced outages is taken off."""
    sizes: Annotated[tuple[quantity("fraction", gt=0, le=1), ...], Field(min_length=1)] = (0.5, 1.0)  # type: ignore[valid-type]
    """Sizes on offer beside `max_mw`, each a supply path of its own [fractions]."""
    order_after_months: Annotated[tuple[Months, ...], Field(min_length=1)] = (0.0,)
    """Months after the start at which it may be ordered, each a supply path of its own [months]."""
    usd_per_mmbtu: quantity("USD/MMBtu", gt=0) | None = None  # type: ignore[valid-type]
    """Price of fuel, delivered [USD/MMBtu]. Default: the catalog's price of gas; a reactor's fuel is in its variable cost."""
    heat_rate_btu_per_kwh: quantity("Btu/kWh", gt=0) | None = None  # type: ignore[valid-type]
    """Heat rate at full load and 15 degC, higher heating value [Btu/kWh]. Default: the catalog's."""
    vom_usd_per_mwh: quantity("USD/MWh", ge=0) | None = None  # type: ignore[valid-type]
    """Variable operating cost without fuel [USD/MWh]. Default: the catalog's."""
    max_run_hours: HoursPerYear | None = None  # type: ignore[valid-type]
    """Full-load hours that its emission permit allows a year [h/year]."""
    max_mmbtu_per_day: quantity("MMBtu/day", gt=0) | None = None  # type: ignore[valid-type]
    """Most fuel that can be had [MMBtu/day]."""
    min_mmbtu_per_day: quantity("MMBtu/day", ge=0) = 0.0  # type: ignore[valid-type]
    """Fuel that is paid for whether it is burnt or not [MMBtu/day]."""
    then: Annotated[tuple[Literal["stay", "sold", "moved"], ...], Field(min_length=1)] = ("stay",)
    """What may become of it when the grid's last step has come, each a supply path of its own: stays as backup and runs where it is cheaper, is sold, or moves to another site [names]."""
    resale_share: Fraction = 0.7
    """Share of what is left of its value (linear over its life) that a sale brings [fraction]. Default: weak."""
    moving_usd_per_kw: UsdPerKw = 100.0
    """Cost of moving it; its units are then free for another site (`power.unit_slots`) [USD/kW]. Default: weak."""


class Solar(Asset):
    """Photovoltaics on one-axis trackers; MW of DC modules, cost per kW of them."""


class Wind(Asset):
    """Wind turbines."""


class Battery(Asset):
    """A battery; power and energy are sized apart."""

    max_mwh: quantity("MWh", gt=0)  # type: ignore[valid-type]
    """Largest energy [MWh]."""
    capex_usd_per_kwh: quantity("USD/kWh", ge=0) | None = None  # type: ignore[valid-type]
    """Capital cost of energy, beside that of power [USD/kWh]. Default: the catalog's."""
    round_trip: quantity("fraction", gt=0, le=1) = 0.9  # type: ignore[valid-type]
    """Energy out beside energy in [fraction]. Default: 0.88-0.92."""
    wear_usd_per_mwh: quantity("USD/MWh", ge=0) = 5.0  # type: ignore[valid-type]
    """Wear of a MWh discharged [USD/MWh]. Default: weak."""


class Onsite(Record):
    """Ways to megawatts beside the grid. One kind of plant goes into a path, with or without sun, wind and battery."""

    gas: Plant | None = None
    """Gas turbines; any technology of the catalog that burns fuel."""
    engines: Plant | None = None
    """Gas engines."""
    fuel_cells: Plant | None = None
    """Fuel cells."""
    reactor: Plant | None = None
    """Small reactors."""
    solar: Solar | None = None
    """Photovoltaics."""
    wind: Wind | None = None
    """Wind."""
    battery: Battery | None = None
    """Battery."""
    load_mw: tuple[PositiveMw, ...] = ()
    """Loads for which mixes of sun, wind, battery and plant are sized [MW]. Default: the grid's last step; without a grid, half of the plant."""


# Plants that a site may offer, each with its usual technology of the catalog.
PLANT_TECHNOLOGIES = {
    "gas": "gas_aero_simple",
    "engines": "gas_reciprocating",
    "fuel_cells": "fuel_cell_sofc",
    "reactor": "smr",
}


def plants_of(onsite: Onsite | None) -> dict[str, tuple[Plant, str]]:
    """Plants on offer by key, each with its technology."""
    offered = {} if onsite is None else {key: getattr(onsite, key) for key in PLANT_TECHNOLOGIES}
    return {
        key: (plant, plant.technology or PLANT_TECHNOLOGIES[key])
        for key, plant in offered.items()
        if plant is not None
    }


class Ppa(Record):
    """Clean energy bought by contract: the difference between strike and the site's hourly price is paid."""

    technology: Literal["solar", "wind"]
    """What makes it; its hours are those of the site's own weather [name]."""
    mw: PositiveMw
    """Size [MW]."""
    usd_per_mwh: quantity("USD/MWh", ge=0)  # type: ignore[valid-type]
    """Strike price [USD/MWh]."""
    from_: Annotated[Month, Field(alias="from")]
    """First month [YYYY-MM]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Power(Record):
    """What holds for the power of all sites."""

    grid_delay_months: Months = 0.0
    """How much later than said every grid step comes that is not there yet [months]."""
    grid_delay_from: Month | None = None
    """First month whose steps are late; what stands before it is there [YYYY-MM]. Default: the month after the start."""
    unit_slots: dict[str, dated(quantity("units", ge=0))] = {}  # type: ignore[valid-type]
    """Units that makers deliver from each date on, added to those before, by catalog technology; over all sites [units]."""
    clean_share: dated(Fraction) = {}  # type: ignore[valid-type]
    """Least clean share of all energy from each date on [fraction]."""
    clean_matching: Literal["year", "hour"] = "year"
    """Whether clean energy is matched with the load over the year or hour by hour [name]."""
    max_co2_t_per_year: dated(quantity("t/year", ge=0)) = {}  # type: ignore[valid-type]
    """Most CO2 of all energy from each date on, by location [t/year]."""
    unserved_usd_per_mwh: quantity("USD/MWh", gt=0, le=100000) = 2000.0  # type: ignore[valid-type]
    """Cost of a MWh that a mix can't supply; what a MWh of compute earns [USD/MWh]. Default: weak."""
    max_unserved_share: quantity("fraction", ge=0, le=0.05) = 0.0001  # type: ignore[valid-type]
    """Most of a year's energy that a mix may leave unserved at the load that it is said to carry [fraction]. Backup engines of the halls are not counted."""
    mix_carbon_usd_per_t: Annotated[tuple[quantity("USD/t", ge=0), ...], Field(min_length=1)] = (0.0, 100.0)  # type: ignore[valid-type]
    """Prices of carbon at which mixes are sized, on top of `money.carbon_usd_per_t`; each gives paths [USD/t]."""
