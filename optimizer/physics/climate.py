"""What all designs share of a weather: moist air by hour, and the series that the kernel runs over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

import optimizer._core.facility as kernel
from optimizer.physics.weather import Weather, possible

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Climate:
    """What all designs share of a weather, by hour.

    Attributes
    ----------
    dry_bulb_c, wet_bulb_c, humidity_ratio, rh, density_ratio : ndarray of shape (n_hours,)
        Density beside 1.2 kg/m3.
    pressure_pa : float
        Mean.
    """

    dry_bulb_c: Floats
    wet_bulb_c: Floats
    humidity_ratio: Floats
    rh: Floats
    density_ratio: Floats
    pressure_pa: float


def climate_of(weather: Weather, warming_k: float = 0.0) -> Climate:
    """Wet bulb, humidity and density of a weather's hours.

    Parameters
    ----------
    weather : Weather
    warming_k : float
        Added to every hour's dry bulb at the same relative humidity [K].

    Raises
    ------
    WeatherError
        A value that is not finite or that no place on earth has, by its row.
    """
    if warming_k:
        weather = replace(weather, dry_bulb_c=weather.dry_bulb_c + warming_k)
    possible(weather, lambda hour: f"{weather.id}: hour {hour}")
    dry_bulb = np.ascontiguousarray(weather.dry_bulb_c, dtype=np.float64)
    wet_bulb, ratio, density = (np.empty_like(dry_bulb) for _ in range(3))
    rh = np.minimum(np.ascontiguousarray(weather.rh, dtype=np.float64), 1.0)
    kernel.weather_terms(
        dry_bulb,
        rh,
        np.ascontiguousarray(weather.pressure_pa, dtype=np.float64),
        wet_bulb,
        ratio,
        density,
    )
    return Climate(dry_bulb, wet_bulb, ratio, rh, density, float(np.mean(weather.pressure_pa)))


def kernel_hours(
    climate: Climate,
    profile: Floats | None = None,
    price: Floats | None = None,
    carbon: Floats | None = None,
) -> Floats:
    """Series for the kernel, shape (10, n_hours).

    Parameters
    ----------
    climate : Climate
    profile : ndarray of shape (n_hours,), optional
        IT load beside its mean; 1 if not given.
    price, carbon : ndarray of shape (n_hours,), optional
        Of a unit of energy; 0 if not given.
    """
    n = len(climate.dry_bulb_c)
    rows = np.empty((10, n))
    rows[0] = 1.0 if profile is None else profile
    rows[1] = climate.dry_bulb_c
    rows[2] = climate.wet_bulb_c
    rows[3] = climate.humidity_ratio
    rows[4] = climate.rh
    rows[5] = climate.density_ratio
    rows[6] = 1.0 / climate.density_ratio**2
    rows[7] = climate.density_ratio**0.75
    rows[8] = 0.0 if price is None else price
    rows[9] = 0.0 if carbon is None else carbon
    return rows
