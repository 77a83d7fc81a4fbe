"""A year of a facility: PUE, water, energy and peak from hourly weather."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import optimizer._core.facility as kernel
from optimizer.physics.design_inputs import SYSTEMS, DesignError, design_inputs
from optimizer.physics.weather import Weather

Floats = NDArray[np.float64]

HOURS_PER_YEAR = 8760.0
_RESULT = {name: i for i, name in enumerate(kernel.RESULTS)}


@dataclass(frozen=True)
class Climate:
    """What all designs share of a weather, by hour.

    Attributes
    ----------
    dry_bulb_c, wet_bulb_c, humidity_ratio, density_ratio : ndarray of shape (n_hours,)
        Density beside 1.2 kg/m3.
    pressure_pa : float
        Mean.
    """

    dry_bulb_c: Floats
    wet_bulb_c: Floats
    humidity_ratio: Floats
    density_ratio: Floats
    pressure_pa: float


def climate_of(weather: Weather) -> Climate:
    """Wet bulb, humidity and density of a weather's hours."""
    dry_bulb = np.ascontiguousarray(weather.dry_bulb_c, dtype=np.float64)
    wet_bulb, ratio, density = (np.empty_like(dry_bulb) for _ in range(3))
    kernel.weather_terms(
        dry_bulb,
        np.ascontiguousarray(weather.rh, dtype=np.float64),
        np.ascontiguousarray(weather.pressure_pa, dtype=np.float64),
        wet_bulb,
        ratio,
        density,
    )
    return Climate(dry_bulb, wet_bulb, ratio, density, float(np.mean(weather.pressure_pa)))


@dataclass(frozen=True)
class Years:
    """Yearly figures of designs per unit of IT power at full load; arrays of shape (n_designs,).

    Attributes
    ----------
    facility_h, compressor_h : ndarray
        Facility and chiller energy [kWh per kW], for a year of 8,760 h.
    water_kg : ndarray
        [kg per kW]
    cost : ndarray
        Sum of facility power times price [kWh · USD/MWh per kW].
    peak : ndarray
        Facility power of the worst hour at full IT load.
    hours_over_temperature : ndarray
        Hours at full load in which the supply temperature can't be held.
    it_h : ndarray
        IT energy [kWh per kW].
    """

    facility_h: Floats
    compressor_h: Floats
    water_kg: Floats
    cost: Floats
    peak: Floats
    hours_over_temperature: Floats
    it_h: Floats


def years(cooling: str, inputs: Floats, load: Floats, climate: Climate, price: Floats | None = None) -> Years:
    """Run the kernel over a weather; years of any length count as 8,760 h.

    Parameters
    ----------
    cooling : str
    inputs : ndarray of shape (n_designs, n_parameters)
    load : ndarray of shape (n_designs,)
        Mean over peak IT power.
    climate : Climate
    price : ndarray of shape (n_hours,), optional
        [USD/MWh]
    """
    hours = len(climate.dry_bulb_c)
    out = np.zeros((len(inputs), len(kernel.RESULTS)))
    flat = np.zeros(hours) if price is None else np.ascontiguousarray(price, dtype=np.float64)
    kernel.facility_years(
        SYSTEMS.index(cooling),
        inputs,
        load,
        climate.dry_bulb_c,
        climate.wet_bulb_c,
        climate.humidity_ratio,
        climate.density_ratio,
        flat,
        out,
    )
    year = HOURS_PER_YEAR / hours
    return Years(
        facility_h=out[:, _RESULT["facility_h"]] * year,
        compressor_h=out[:, _RESULT["compressor_h"]] * year,
        water_kg=out[:, _RESULT["water_kg_h_per_kw_s"]] * 3600.0 * year,
        cost=out[:, _RESULT["cost"]] * year,
        peak=out[:, _RESULT["peak"]].copy(),
        hours_over_temperature=out[:, _RESULT["hours_over_temperature"]] * year,
        it_h=load * HOURS_PER_YEAR,
    )


@dataclass(frozen=True)
class FacilityYear:
    """A year of a facility; figures are numbers, or arrays of shape (n_samples,) if a parameter was one.

    Attributes
    ----------
    pue : float or ndarray
        Facility energy over IT energy.
    pue_peak : float or ndarray
        Facility over IT power in the worst hour at full IT load.
    wue_l_per_kwh : float or ndarray
        Water over IT energy [L/kWh].
    energy_mwh, water_m3, peak_mw, hours_over_temperature : float or ndarray
    cooling : str
    it_mw, utilisation : float
    """

    pue: Any
    pue_peak: Any
    wue_l_per_kwh: Any
    energy_mwh: Any
    water_m3: Any
    peak_mw: Any
    hours_over_temperature: Any
    cooling: str
    it_mw: float
    utilisation: float
    _inputs: Floats = field(repr=False)
    _climate: Climate = field(repr=False)

    @cached_property
    def hourly(self) -> Any:
        """Hour by hour, first sample (columns of `hourly_frame`)."""
        return hourly_frame(self.cooling, self._inputs[0], self.utilisation, self.it_mw, self._climate)


def facility_year(
    weather: Weather,
    cooling: str = "dlc_dry",
    it_mw: float = 100.0,
    utilisation: float = 0.8,
    redundancy: str = "N+1",
    **parameters: ArrayLike,
) -> FacilityYear:
    """A year of a facility on a weather.

    Parameters
    ----------
    weather : Weather
    cooling : str
        Cooling id.
    it_mw : float
        IT power [MW], > 0.
    utilisation : float
        Mean over peak IT power, 0..1.
    redundancy : {"N", "N+1", "4N/3", "2N"}
    **parameters : float or ndarray of shape (n_samples,)
        Replace the catalog's (`optimizer.catalog.cooling(id).parameters`, `electrical()`), or `liquid_share`.

    Raises
    ------
    DesignError, CatalogError
    """
    if not (np.isfinite(it_mw) and it_mw > 0):
        raise DesignError(f"it_mw: expected more than 0, found {it_mw}")
    if not 0 < utilisation <= 1:
        raise DesignError(f"utilisation: expected more than 0 and at most 1, found {utilisation}")
    if cooling not in SYSTEMS:
        raise DesignError(f"no cooling system {cooling!r}; there are {', '.join(SYSTEMS)}")
    climate = climate_of(weather)
    inputs = design_inputs(cooling, redundancy, climate.pressure_pa, **parameters)
    found = years(cooling, inputs, np.full(len(inputs), utilisation), climate)
    single = all(np.ndim(value) == 0 for value in parameters.values())

    def shaped(values: Floats) -> Any:
        return float(values[0]) if single else values

    return FacilityYear(
        pue=shaped(found.facility_h / found.it_h),
        pue_peak=shaped(found.peak),
        wue_l_per_kwh=shaped(found.water_kg / found.it_h),
        energy_mwh=shaped(found.facility_h * it_mw),
        water_m3=shaped(found.water_kg * it_mw),
        peak_mw=shaped(found.peak * it_mw),
        hours_over_temperature=shaped(found.hours_over_temperature),
        cooling=cooling,
        it_mw=it_mw,
        utilisation=utilisation,
        _inputs=inputs,
        _climate=climate,
    )


def hourly_frame(cooling: str, inputs: Floats, load: float, it_mw: float, climate: Climate) -> Any:
    """Hour by hour of one design.

    Returns
    -------
    DataFrame
        Index hour; it_mw, facility_mw, pue, water_m3, mode (free, mixed, mechanical; `+wet` with wetted pads
        or humidification), dry_bulb_c, wet_bulb_c, over_temperature.
    """
    import pandas as pd

    hours = len(climate.dry_bulb_c)
    out = np.zeros((hours, len(kernel.HOURLY)))
    kernel.facility_hours(
        SYSTEMS.index(cooling),
        np.ascontiguousarray(inputs),
        load,
        climate.dry_bulb_c,
        climate.wet_bulb_c,
        climate.humidity_ratio,
        climate.density_ratio,
        out,
    )
    column = {name: out[:, i] for i, name in enumerate(kernel.HOURLY)}
    mechanical = column["mechanical"]
    mode = np.where(mechanical <= 0, "free", np.where(mechanical < 1, "mixed", "mechanical")).astype(object)
    mode = np.where(column["wet"] > 0, mode + "+wet", mode)
    return pd.DataFrame(
        {
            "it_mw": load * it_mw,
            "facility_mw": column["facility"] * it_mw,
            "pue": column["facility"] / load,
            "water_m3": column["water_kg_s"] * 3600.0 * it_mw,
            "mode": mode,
            "dry_bulb_c": climate.dry_bulb_c,
            "wet_bulb_c": climate.wet_bulb_c,
            "over_temperature": column["over"] > 0,
        },
        index=pd.RangeIndex(hours, name="hour"),
    )
