"""Moist air written out with NumPy, in the clearest rather than the fastest way; wet bulb and dew point by bisection.

Source: ASHRAE Handbook of Fundamentals 2017, chapter 1 (Hyland and Wexler 1983).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LEAST_HUMIDITY_RATIO = 1e-7
BISECTIONS = 60


def saturation_pressure(t_c: ArrayLike) -> Floats:
    """Over ice below 0 degC, else over water [Pa]."""
    t = np.asarray(t_c, dtype=float)
    return np.where(t < 0.0, over_ice(t), over_water(t))


def over_ice(t_c: Floats) -> Floats:
    k = t_c + 273.15
    return np.exp(
        -5.6745359e3 / k
        + 6.3925247
        - 9.677843e-3 * k
        + 6.2215701e-7 * k**2
        + 2.0747825e-9 * k**3
        - 9.484024e-13 * k**4
        + 4.1635019 * np.log(k)
    )


def over_water(t_c: Floats) -> Floats:
    k = t_c + 273.15
    return np.exp(
        -5.8002206e3 / k
        + 1.3914993
        - 4.8640239e-2 * k
        + 4.1764768e-5 * k**2
        - 1.4452093e-8 * k**3
        + 6.5459673 * np.log(k)
    )


def mixing(vapour_pa: Floats, p_pa: Floats) -> Floats:
    """Humidity ratio at a vapour pressure [kg/kg]."""
    return np.maximum(0.621945 * vapour_pa / (p_pa - vapour_pa), LEAST_HUMIDITY_RATIO)


def humidity_ratio(t_c: ArrayLike, rh: ArrayLike, p_pa: ArrayLike) -> Floats:
    return mixing(np.asarray(rh, dtype=float) * saturation_pressure(t_c), np.asarray(p_pa, dtype=float))


def at_wet_bulb(t_c: ArrayLike, wet_bulb_c: ArrayLike, p_pa: ArrayLike, ice: ArrayLike) -> Floats:
    """Humidity ratio of air whose wet bulb is known, over ice or over water [kg/kg]."""
    t, b, p = (np.asarray(a, dtype=float) for a in (t_c, wet_bulb_c, p_pa))
    over_w, over_i = mixing(over_water(b), p), mixing(over_ice(b), p)
    water = ((2501.0 - 2.326 * b) * over_w - 1.006 * (t - b)) / (2501.0 + 1.86 * t - 4.186 * b)
    frozen = ((2830.0 - 0.24 * b) * over_i - 1.006 * (t - b)) / (2830.0 + 1.86 * t - 2.1 * b)
    return np.where(ice, frozen, water)


def wet_bulb(t_c: ArrayLike, rh: ArrayLike, p_pa: ArrayLike) -> Floats:
    """Thermodynamic wet bulb [degC].

    At 0 degC both branches exist; air drier than at a wet bulb of 0 degC over water has its wet bulb over ice.
    """
    t, r, p = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (t_c, rh, p_pa)))
    wanted = humidity_ratio(t, r, p)
    ice = wanted < at_wet_bulb(t, np.zeros_like(t), p, False)
    low = np.full_like(t, -90.0)
    high = np.where(ice, np.minimum(t, 0.0), t)
    return bisect(lambda b: at_wet_bulb(t, b, p, ice) < wanted, low, high)


def dew_point(t_c: ArrayLike, rh: ArrayLike) -> Floats:
    """Dew point, or frost point below 0 degC [degC]."""
    t, r = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (t_c, rh)))
    vapour = r * saturation_pressure(t)
    return bisect(lambda d: saturation_pressure(d) < vapour, np.full_like(t, -90.0), t)


def bisect(below: Callable[[Floats], NDArray[np.bool_]], low: Floats, high: Floats) -> Floats:
    """Where a rising condition turns from true to false."""
    low, high = low.copy(), high.copy()
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        rises = below(middle)
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    return 0.5 * (low + high)


def enthalpy(t_c: ArrayLike, humidity: ArrayLike) -> Floats:
    """[J per kg of dry air]"""
    t, w = np.asarray(t_c, dtype=float), np.asarray(humidity, dtype=float)
    return 1006.0 * t + w * (2.501e6 + 1860.0 * t)


def density(t_c: ArrayLike, humidity: ArrayLike, p_pa: ArrayLike) -> Floats:
    """(1 + W) over the volume of a kg of dry air with its vapour [kg/m3]."""
    t, w, p = (np.asarray(a, dtype=float) for a in (t_c, humidity, p_pa))
    volume = 287.042 * (t + 273.15) * (1.0 + 1.607858 * w) / p
    return (1.0 + w) / volume
