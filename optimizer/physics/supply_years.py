"""A year of each supply option in each of its states: the load that it carries, what that costs and emits, how clean it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.site_hours import SiteHours
from optimizer.physics.supply import SupplySeries, dispatch
from optimizer.physics.supply.assets import BTU_PER_KWH_TO_MMBTU_PER_MWH, PlantTerms, plant_terms, storage_mix
from optimizer.physics.supply_options import SupplyOption, supply_options
from optimizer.scenario.grid_steps import at_month, curtailable_steps, firm_steps
from optimizer.scenario.schema import Plant, Scenario, Site, plants_of

Floats = NDArray[np.float64]

DAYS = 365.0
HOURS_PER_YEAR = 8760.0
# Loads tried at once, and how often their span is narrowed, to find what a mix carries.
LOADS, ROUNDS = 24, 3
# Added to a plant's price until it keeps its run hours [USD/MWh].
ADDERS = (0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 1e3, 1e4)
# Less of a load than this is rounding.
DUST = 1e-9
# A load that is short is served at any price first.
ANY_PRICE = 1e6

OPTION_COLUMNS = (
    "plant",
    "units",
    "unit_mw",
    "solar_mw",
    "wind_mw",
    "battery_mw",
    "battery_mwh",
    "plant_from",
    "rest_from",
    "leaves",
    "then",
    "ppa",
)
YEAR_COLUMNS = (
    "grid_mw",
    "tranche_mw",
    "firm_mw",
    "curtailable_mw",
    "energy_mwh",
    "grid_usd_per_mwh",
    "other_usd_per_mwh",
    "kg_per_mwh",
    "market_kg_per_mwh",
    "hour_kg_per_mwh",
    "clean_year",
    "clean_hour",
    "grid_mwh",
    "plant_mwh",
    "solar_mwh",
    "wind_mwh",
    "battery_out_mwh",
    "spilled_mwh",
    "ppa_usd_per_year",
    "unserved_share",
    "hours_unserved",
    "plant_run_hours",
    "plant_starts",
)
COLUMNS = ("site", "path", "from_month", *YEAR_COLUMNS, *OPTION_COLUMNS)


@dataclass(frozen=True, eq=False)
class _State:
    """What stands in a state of an option, as dispatch takes it; `uncut` are its hours with the tranche always there."""

    series: SupplySeries
    uncut: SupplySeries
    mix: dict[str, float]
    plant: Plant | None
    terms: PlantTerms | None
    nameplate_mw: float


def supply_rows(scenario: Scenario, site: Site, hours: SiteHours) -> list[tuple[Any, ...]]:
    """Rows of all options of a site: one an option and state, in the order of `COLUMNS`.

    A state holds from a month on, until the next one of its option.
    """
    rows = []
    for option in supply_options(scenario, site, hours):
        before: tuple[Any, ...] | None = None
        own = tuple(getattr(option, name) for name in OPTION_COLUMNS)
        for month in _months(scenario, site, option):
            year = _year(scenario, site, hours, option, month)
            if year != before:
                rows.append((site.name, option.name, month, *year, *own))
            before = year
    return rows


def option_of(row: Mapping[str, Any]) -> SupplyOption:
    """The option of a row of `supply_rows`."""
    base = str(row["path"]).partition(",")[0].split("+")
    months: dict[str, Any] = {
        name: None if row[name] is None or math.isnan(row[name]) else int(row[name])
        for name in ("plant_from", "rest_from", "leaves")
    }
    sizes: dict[str, Any] = {name: row[name] for name in OPTION_COLUMNS if name not in months}
    sizes["units"] = int(sizes["units"])
    return SupplyOption(
        name=row["path"], grid="grid" in base, curtailable="curtailable" in base, **sizes, **months
    )


def supply_hours(scenario: Scenario, site: Site, hours: SiteHours, option: SupplyOption, month: int) -> Any:
    """Hour by hour of an option in the state of a month, at the load that it carries.

    Returns
    -------
    DataFrame
        As `DispatchYears.hourly`, with `price_usd_per_mwh` and `cut`.
    """
    state = _state(scenario, site, hours, option, month)
    load, _, adder, _ = _carried(scenario, state)
    frame = dispatch(state.series, **_at(state, load, adder)).hourly()
    return frame.assign(price_usd_per_mwh=state.series.price_usd_per_mwh, cut=hours.cut)


def _months(scenario: Scenario, site: Site, option: SupplyOption) -> list[int]:
    start = scenario.horizon.start
    months = {start}
    if option.grid:
        months |= set(firm_steps(scenario, site))
    if option.curtailable:
        months |= set(curtailable_steps(scenario, site))
    if option.ppa:
        months |= {ppa.from_ for ppa in site.ppa}
    months |= {m for m in (option.plant_from, option.rest_from, option.leaves) if m is not None}
    return sorted(max(month, start) for month in months)


def _state(scenario: Scenario, site: Site, hours: SiteHours, option: SupplyOption, month: int) -> _State:
    def there(since: int | None) -> bool:
        return since is not None and month >= since

    gone = option.leaves is not None and month >= option.leaves
    plant, technology = plants_of(site.onsite).get(option.plant, (None, ""))
    has_plant = plant is not None and there(option.plant_from) and not gone
    terms = plant_terms(plant, technology) if plant is not None and has_plant else None
    loss = 0.0 if site.grid is None else site.grid.loss
    mix: dict[str, float] = {"unserved_usd_per_mwh": ANY_PRICE}
    if option.grid:
        mix["firm_mw"] = at_month(firm_steps(scenario, site), month) * (1.0 - loss)
    if option.curtailable:
        mix["curtailable_mw"] = at_month(curtailable_steps(scenario, site), month) * (1.0 - loss)
    nameplate = 0.0
    series = hours.with_plant(terms, 0 if plant is None else plant.spare_units)
    if terms is not None and plant is not None:
        nameplate = option.units * option.unit_mw
        running = max(0, option.units - plant.spare_units) * option.unit_mw
        if plant.max_mmbtu_per_day is not None and running > 0:
            burns = terms.heat_rate_btu_per_kwh * BTU_PER_KWH_TO_MMBTU_PER_MWH * series.heat_rate
            most = plant.max_mmbtu_per_day / 24.0 / burns
            series = replace(series, plant=np.minimum(series.plant, most / running))
        mix |= {
            "plant_mw": running,
            "unit_mw": option.unit_mw,
            "plant_usd_per_mwh": terms.usd_per_mwh,
            "plant_kg_per_mwh": terms.kg_per_mwh,
            "no_load_share": terms.technology.no_load_share,
            "start_usd": terms.technology.start_usd_per_mw * option.unit_mw,
        }
    if there(option.rest_from):
        mix |= {name: getattr(option, name) for name in ("solar_mw", "wind_mw", "battery_mw", "battery_mwh")}
        if option.battery_mw > 0 and site.onsite is not None and site.onsite.battery is not None:
            mix |= storage_mix(site.onsite.battery)
    cut = replace(series, curtailable=np.where(hours.cut, 0.0, 1.0))
    return _State(cut, series, mix, plant, terms, nameplate)


def _at(state: _State, load: Any, adder: float) -> dict[str, Any]:
    mix: dict[str, Any] = dict(state.mix, load_mw=load)
    if adder:
        mix["plant_usd_per_mwh"] = mix["plant_usd_per_mwh"] + adder
    return mix


def _carried(scenario: Scenario, state: _State) -> tuple[float, float, float, Any]:
    """Load carried in all, load carried firmly [MW], what is added to the plant's price, and the year of the firm load."""
    mix = state.mix
    most = sum(
        mix.get(name, 0.0)
        for name in ("firm_mw", "curtailable_mw", "plant_mw", "battery_mw", "solar_mw", "wind_mw")
    )
    limited = state.plant is not None and state.plant.max_run_hours is not None
    for adder in ADDERS if limited and mix.get("plant_mw", 0.0) > 0 else (0.0,):
        firm = _largest(scenario, state.series, state, most, adder)
        in_all = firm
        if mix.get("curtailable_mw", 0.0) > 0:
            in_all = max(firm, _largest(scenario, state.uncut, state, most, adder))
        if not limited or in_all <= 0:
            break
        years = dispatch(state.series, **_at(state, in_all, adder))
        if _run_hours(state, years) <= float(state.plant.max_run_hours or 0.0):  # type: ignore[union-attr]
            break
    years = dispatch(state.series, **_at(state, max(firm, 1e-6), adder))
    return in_all, firm, adder, years


def _largest(scenario: Scenario, series: SupplySeries, state: _State, most: float, adder: float) -> float:
    """Largest load whose unserved energy keeps within the limit, and whose plant keeps its run hours [MW]."""
    low, high = 0.0, most
    for _ in range(ROUNDS):
        if high <= 0:
            return 0.0
        loads = np.linspace(low, high, LOADS + 1)[1:]
        years = dispatch(series, **_at(state, loads, adder))
        short = years.unserved_mwh / np.maximum(years.load_mwh, 1e-9)
        fits = short <= scenario.power.max_unserved_share + 1e-12
        limit = None if state.plant is None else state.plant.max_run_hours
        if limit is not None and adder == ADDERS[-1] and state.terms is not None:
            fits &= _run_hours(state, years) <= limit
        first = int(np.argmin(fits)) if not fits.all() else LOADS
        low, high = (loads[first - 1] if first else low), (loads[first] if first < LOADS else high)
        if first == LOADS:
            return float(high)
    return float(low)


def _fuel_mwh(state: _State, years: Any, adder: float) -> Any:
    """Energy that the plant's fuel would give at full load [MWh]."""
    starts = years.starts * state.mix.get("start_usd", 0.0)
    return (years.plant_usd - starts) / max(state.mix["plant_usd_per_mwh"] + adder, 1e-9)


def _run_hours(state: _State, years: Any) -> Any:
    """Full-load hours of all units."""
    return years.plant_mwh / max(state.nameplate_mw, 1e-9)


def _year(
    scenario: Scenario, site: Site, hours: SiteHours, option: SupplyOption, month: int
) -> tuple[float, ...]:
    """Figures of a state, in the order of `YEAR_COLUMNS`."""
    state = _state(scenario, site, hours, option, month)
    load, firm, adder, firm_year = _carried(scenario, state)
    grid_mw = at_month(firm_steps(scenario, site), month) if option.grid else 0.0
    tranche = at_month(curtailable_steps(scenario, site), month) if option.curtailable else 0.0
    if load <= 1e-6:
        return (grid_mw, tranche, *(0.0,) * (len(YEAR_COLUMNS) - 2))
    run = firm_year if load == firm else dispatch(state.series, **_at(state, load, adder))
    year = {name: float(values[0]) for name, values in run.figures.items()}
    hourly = run.hourly()
    scale = HOURS_PER_YEAR / len(hourly)
    energy = year["load_mwh"] - year["unserved_mwh"] - year["waited_mwh"]
    wear = state.mix.get("wear_usd_per_mwh", 0.0) * year["discharged_mwh"]
    plant_usd, fuel_mwh = 0.0, 0.0
    if state.terms is not None and state.plant is not None and state.mix.get("plant_mw", 0.0) > 0:
        fuel_mwh = float(_fuel_mwh(state, run, adder)[0])
        starts = year["starts"] * state.mix["start_usd"]
        per_mwh = state.terms.heat_rate_btu_per_kwh * BTU_PER_KWH_TO_MMBTU_PER_MWH
        paid = max(0.0, state.plant.min_mmbtu_per_day * DAYS - fuel_mwh * per_mwh)
        plant_usd = fuel_mwh * state.terms.usd_per_mwh + starts + paid * state.terms.fuel_usd_per_mmbtu
    short = float(firm_year.unserved_mwh[0] / max(firm_year.load_mwh[0], 1e-9)) if firm > 0 else 0.0
    other = (plant_usd + wear) / energy + short * scenario.power.unserved_usd_per_mwh
    ppa_usd, ppa_mw = _contracts(site, option, month, state.series)
    grid_h = hourly["grid"].to_numpy()
    served = (hourly["load"] - hourly["unserved"] - hourly["waited"]).to_numpy()
    kg = state.series.carbon_kg_per_mwh
    burnt_kg = year["co2_kg"] - float(grid_h @ kg) * scale
    matched = np.minimum(grid_h, ppa_mw)
    share = 0.0 if site.grid is None else site.grid.clean_share
    own_clean = _own_clean(hourly, served, state.mix.get("plant_kg_per_mwh", 0.0) == 0.0)
    by_hour = float((own_clean + matched + share * (grid_h - matched)).sum())
    from_grid = max(0.0, float(grid_h.sum() - np.sum(ppa_mw)))
    by_year = float(own_clean.sum() + np.sum(ppa_mw)) + share * from_grid
    all_grid_kg = float(grid_h @ kg)
    in_year = from_grid / max(float(grid_h.sum()), 1e-9) * all_grid_kg
    return (
        grid_mw,
        tranche,
        firm,
        load - firm,
        energy,
        year["grid_usd"] / energy - (hours.shape_usd_per_mwh if site.price is not None else 0.0),
        other,
        year["co2_kg"] / energy,
        (in_year * scale + burnt_kg) / energy,
        (float((grid_h - matched) @ kg) * scale + burnt_kg) / energy,
        min(1.0, by_year / float(served.sum())),
        min(1.0, by_hour / float(served.sum())),
        year["grid_mwh"],
        year["plant_mwh"],
        year["solar_mwh"],
        year["wind_mwh"],
        year["discharged_mwh"],
        year["spilled_mwh"],
        ppa_usd,
        short,
        float(firm_year.unserved_hours[0]) if firm > 0 else 0.0,
        year["plant_mwh"] / state.nameplate_mw if state.nameplate_mw else 0.0,
        year["starts"],
    )


def _own_clean(hourly: Any, served: Floats, plant_is_clean: bool) -> Floats:
    """Load served by clean sources of the site, hour by hour [MW]; of a battery's output the share that was charged clean."""
    made = (hourly["solar"] + hourly["wind"] - hourly["spilled"]).to_numpy()
    if plant_is_clean:
        made = made + hourly["plant"].to_numpy()
    charged, out = hourly["charged"].to_numpy(), hourly["discharged"].to_numpy()
    direct = np.clip(made, 0.0, served)
    stored = np.minimum(charged, np.maximum(made - direct, 0.0))
    share = float(stored.sum() / charged.sum()) if charged.sum() > 0 else 0.0
    clean: Floats = np.minimum(served, direct + share * out)
    clean[clean < DUST * served] = 0.0
    return clean


def _contracts(site: Site, option: SupplyOption, month: int, series: SupplySeries) -> tuple[float, Floats]:
    """What contracts for clean energy cost a year beside the market [USD], and their energy by the hour [MWh]."""
    output = np.zeros(len(series.load))
    usd = 0.0
    if option.ppa:
        for ppa in site.ppa:
            if ppa.from_ <= month:
                made = ppa.mw * getattr(series, ppa.technology)
                usd += float(made @ (ppa.usd_per_mwh - series.price_usd_per_mwh))
                output += made
    return usd * HOURS_PER_YEAR / len(output), output
