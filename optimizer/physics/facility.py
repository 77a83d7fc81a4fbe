"""A year of a facility: PUE, water, energy and peak from hourly weather."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimizer import catalog
from optimizer.physics.climate import Climate, climate_of
from optimizer.physics.design_inputs import Design, DesignError, design_inputs
from optimizer.physics.hourly import Components, components_of, hourly_frame, peaks_of
from optimizer.physics.load_profiles import profile_of
from optimizer.physics.weather import Weather
from optimizer.physics.years import years

Floats = NDArray[np.float64]

# The hour that 0.4 % of a year's hours exceed, as ASHRAE's design conditions have it.
DESIGN_SHARE = 0.996


@dataclass(frozen=True)
class FacilityYear:
    """A year of a facility.

    Figures are numbers; with arrays of parameters they have shape (n_samples,), with several weathers an axis of
    weathers stands before it.

    Attributes
    ----------
    pue : float or ndarray
        Facility energy over IT energy.
    pue_peak : float or ndarray
        Facility over IT power in the worst hour at full IT load.
    wue_l_per_kwh : float or ndarray
        Water over IT energy [L/kWh].
    energy_mwh, water_m3, peak_mw, hours_over_temperature : float or ndarray
    over_temperature_k : float or ndarray
        How far above its set point the supply lies in the worst hour at full load [K].
    energy_usd, co2_t : float or ndarray
        At the hourly price and carbon that were given; 0 without.
    cooling : str
    it_mw, utilisation : float
    grid_water_l_per_kwh : float
        Water consumed per kWh of electricity where it is generated [L/kWh].
    """

    pue: Any
    pue_peak: Any
    wue_l_per_kwh: Any
    energy_mwh: Any
    water_m3: Any
    peak_mw: Any
    hours_over_temperature: Any
    over_temperature_k: Any
    energy_usd: Any
    co2_t: Any
    cooling: str
    it_mw: float
    utilisation: float
    grid_water_l_per_kwh: float
    _design: tuple[Design, ...] = field(repr=False)
    _climate: tuple[Climate, ...] = field(repr=False)
    _profile: Floats | None = field(repr=False)
    _shape: tuple[int, ...] = field(repr=False)

    @property
    def source_water_l_per_kwh(self) -> Any:
        """Water over IT energy [L/kWh], with what power plants consume for the facility's electricity."""
        return self.wue_l_per_kwh + self.grid_water_l_per_kwh * self.pue

    @cached_property
    def hourly(self) -> Any:
        """Hour by hour, first weather and first sample (columns of `hourly_frame`)."""
        return hourly_frame(self._design[0], self.utilisation, self.it_mw, self._climate[0], self._profile)

    @cached_property
    def components(self) -> Components:
        """Energy, water, heat handed on and hours by mode; worked out when asked for."""
        return components_of(
            self._design, self.utilisation, self.it_mw, self._climate, self._profile, self._shape
        )

    @cached_property
    def peak_design_mw(self) -> Any:
        """Facility power at full IT load that 0.4 % of the hours exceed [MW]."""
        peaks = peaks_of(self._design, self._climate, DESIGN_SHARE) * self.it_mw
        return _shaped(peaks, self._shape)

    @cached_property
    def server_fan_saving_mwh(self) -> float:
        """Energy of server fans that immersion makes unnecessary, beside air-cooled servers [MWh]; not in PUE."""
        fact = catalog.cooling(self.cooling).own.get("server_fan_share")
        if fact is None:
            return 0.0
        it_mwh = self.it_mw * self.utilisation * 8760.0
        return it_mwh * fact.value / (1.0 - fact.value)


def facility_year(
    weather: Weather | Sequence[Weather],
    cooling: str = "dlc_dry",
    it_mw: float = 100.0,
    utilisation: float = 0.8,
    redundancy: str = "N+1",
    *,
    load_profile: str | ArrayLike = "flat",
    price_usd_per_mwh: ArrayLike | None = None,
    carbon_kg_per_mwh: ArrayLike | None = None,
    grid_water_l_per_kwh: float | None = None,
    warming_k: float = 0.0,
    dtype: str = "float64",
    threads: int = 1,
    **parameters: Any,
) -> FacilityYear:
    """A year of a facility on a weather, or on each of several.

    Parameters
    ----------
    weather : Weather or sequence of Weather
    cooling : str
        Cooling id.
    it_mw : float
        IT power [MW], > 0.
    utilisation : float
        Mean over peak IT power, 0..1.
    redundancy : {"N", "N+1", "4N/3", "2N"}
    load_profile : str or array_like of shape (n_hours,)
        "flat", "training", "inference" or "idle", or IT load by hour in any unit: its shape counts, its mean is
        `utilisation`.
    price_usd_per_mwh, carbon_kg_per_mwh : float or array_like of shape (n_hours,), optional
    grid_water_l_per_kwh : float, optional
        Water consumed per kWh generated, for `source_water_l_per_kwh` [L/kWh]; the catalog's without.
    warming_k : float
        Added to every hour's dry bulb at the same relative humidity [K].
    dtype : {"float64", "float32"}
    threads : int
    **parameters : float, ndarray of shape (n_samples,), or str
        Replace the catalog's (`optimizer.catalog.cooling(id).parameters`, `electrical()`); `air_side` and `rejection`
        choose what else cools room and liquid; `dec_policy`, `water_heat_basis`.

    Raises
    ------
    DesignError, CatalogError, WeatherError
    """
    if not (np.isfinite(it_mw) and it_mw > 0):
        raise DesignError(f"it_mw: expected more than 0, found {it_mw}")
    if not 0 < utilisation <= 1:
        raise DesignError(f"utilisation: expected more than 0 and at most 1, found {utilisation}")
    if grid_water_l_per_kwh is None:
        grid_water_l_per_kwh = catalog.grid_water().value
    if not (np.isfinite(grid_water_l_per_kwh) and grid_water_l_per_kwh >= 0):
        raise DesignError(f"grid_water_l_per_kwh: expected 0 or more, found {grid_water_l_per_kwh}")
    places = (weather,) if isinstance(weather, Weather) else tuple(weather)
    if not places:
        raise DesignError("weather: expected at least one")
    profile = profile_of(load_profile, places[0].n_hours, utilisation)
    climates = tuple(climate_of(place, warming_k) for place in places)
    designs = tuple(design_inputs(cooling, redundancy, c.pressure_pa, **parameters) for c in climates)
    rows = [
        years(
            design,
            np.full(len(design.inputs), utilisation),
            climate,
            _series("price_usd_per_mwh", price_usd_per_mwh, climate),
            _series("carbon_kg_per_mwh", carbon_kg_per_mwh, climate),
            profile,
            dtype,
            threads,
        )
        for design, climate in zip(designs, climates, strict=True)
    ]
    samples = () if all(np.ndim(v) == 0 for v in parameters.values()) else (len(designs[0].inputs),)
    shape = (() if isinstance(weather, Weather) else (len(places),)) + samples

    def joined(name: str) -> Floats:
        return np.stack([getattr(row, name) for row in rows])

    def ratio(name: str) -> Any:
        return _shaped(joined(name) / joined("it_h"), shape)

    def scaled(name: str, factor: float) -> Any:
        return _shaped(joined(name) * factor, shape)

    return FacilityYear(
        pue=ratio("facility_h"),
        pue_peak=scaled("peak", 1.0),
        wue_l_per_kwh=ratio("water_kg"),
        energy_mwh=scaled("facility_h", it_mw),
        water_m3=scaled("water_kg", it_mw),
        peak_mw=scaled("peak", it_mw),
        hours_over_temperature=scaled("hours_over_temperature", 1.0),
        over_temperature_k=scaled("over_k", 1.0),
        energy_usd=scaled("cost", it_mw),
        co2_t=scaled("carbon", it_mw / 1000.0),
        cooling=cooling,
        it_mw=it_mw,
        utilisation=utilisation,
        grid_water_l_per_kwh=grid_water_l_per_kwh,
        _design=designs,
        _climate=climates,
        _profile=profile,
        _shape=shape,
    )


def _shaped(values: Floats, shape: tuple[int, ...]) -> Any:
    return values.reshape(shape) if shape else float(values.reshape(-1)[0])


def _series(name: str, values: ArrayLike | None, climate: Climate) -> Floats | None:
    if values is None:
        return None
    hours = len(climate.dry_bulb_c)
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0:
        array = np.full(hours, float(array))
    if array.shape != (hours,):
        raise DesignError(f"{name}: expected a number or {hours} hours, found shape {array.shape}")
    if not np.isfinite(array).all():
        raise DesignError(f"{name}: hour {int(np.argmin(np.isfinite(array)))} is not finite")
    return array
