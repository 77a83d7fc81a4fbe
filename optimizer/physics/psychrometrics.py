"""Moist air: arrays in, arrays out, by broadcasting.

Source: ASHRAE Handbook of Fundamentals 2017, chapter 1 (Hyland and Wexler 1983). Relative humidity is a fraction 0..1.
Saturation below 0 degC is over ice. The wet bulb takes the water branch if the air is at least as humid as at a wet bulb of
0 degC over water, else the ice branch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

import optimizer._core.psychrometrics as kernel
from optimizer.errors import OptimizerError

Floats = NDArray[np.float64]

T_VALID_C = (-65.0, 65.0)
RH_MOST = 1.05  # readers' rounding; above it the unit is wrong


class PsychrometricsError(OptimizerError):
    """An input is out of the laws' range."""

    exit_code = 2


def _flat(*arrays: ArrayLike) -> tuple[tuple[int, ...], list[Floats]]:
    broadcast = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in arrays))
    return broadcast[0].shape, [np.ascontiguousarray(a).ravel() for a in broadcast]


def _check(name: str, values: Floats, low: float, high: float, unit: str) -> None:
    bad = ~((values >= low) & (values <= high))
    if bad.any():
        at = int(np.argmax(bad))
        raise PsychrometricsError(
            f"{name}: expected {low:g} to {high:g} {unit}, found {values[at]:g} at position {at}"
        )


def _check_state(t_c: Floats, rh: Floats, p_pa: Floats) -> None:
    _check("t_c", t_c, *T_VALID_C, "degC")
    _check("rh", rh, 0.0, RH_MOST, "(a fraction)")
    _check("p_pa", p_pa, 30_000.0, 120_000.0, "Pa")


def saturation_pressure(t_c: ArrayLike) -> Floats:
    """Saturation pressure of water [Pa], over ice below 0 degC.

    Parameters
    ----------
    t_c : array_like
        [°C], valid -65..65.
    """
    shape, (t,) = _flat(t_c)
    _check("t_c", t, *T_VALID_C, "degC")
    out = np.empty_like(t)
    kernel.saturation_pressure(t, out)
    return out.reshape(shape)


def humidity_ratio(t_c: ArrayLike, rh: ArrayLike, p_pa: ArrayLike = 101325.0) -> Floats:
    """Humidity ratio [kg of water per kg of dry air], at least 1e-7.

    .. math:: W = 0.621945 p_w / (p - p_w)

    Parameters
    ----------
    t_c, rh, p_pa : array_like
        [°C], valid -65..65; fraction 0..1; [Pa].
    """
    shape, (t, r, p) = _flat(t_c, rh, p_pa)
    _check_state(t, r, p)
    out = np.empty_like(t)
    kernel.humidity_ratio(t, r, p, out)
    return out.reshape(shape)


def wet_bulb(t_c: ArrayLike, rh: ArrayLike, p_pa: ArrayLike = 101325.0) -> Floats:
    """Thermodynamic wet bulb [°C].

    Parameters
    ----------
    t_c, rh, p_pa : array_like
        [°C], valid -65..65; fraction 0..1; [Pa].
    """
    shape, (t, r, p) = _flat(t_c, rh, p_pa)
    _check_state(t, r, p)
    out = np.empty_like(t)
    kernel.wet_bulb(t, r, p, out)
    return out.reshape(shape)


def dew_point(t_c: ArrayLike, rh: ArrayLike) -> Floats:
    """Dew point, or frost point below 0 °C [°C]: where the vapour's pressure is the saturation pressure.

    Parameters
    ----------
    t_c, rh : array_like
        [°C], valid -65..65; fraction, above 0.
    """
    shape, (t, r) = _flat(t_c, rh)
    _check("t_c", t, *T_VALID_C, "degC")
    _check("rh", r, 1e-6, RH_MOST, "(a fraction)")
    vapour = r * saturation_pressure(t)
    low, high = np.full_like(t, T_VALID_C[0]), t.copy()
    for _ in range(50):
        middle = 0.5 * (low + high)
        below = saturation_pressure(middle) < vapour
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.minimum(0.5 * (low + high), t).reshape(shape)


def enthalpy(t_c: ArrayLike, humidity: ArrayLike) -> Floats:
    """Enthalpy of moist air [J per kg of dry air].

    Parameters
    ----------
    t_c, humidity : array_like
        [°C]; humidity ratio [kg/kg].
    """
    t, w = np.asarray(t_c, dtype=np.float64), np.asarray(humidity, dtype=np.float64)
    result: Floats = 1006.0 * t + w * (2.501e6 + 1860.0 * t)
    return result


def density(t_c: ArrayLike, humidity: ArrayLike, p_pa: ArrayLike = 101325.0) -> Floats:
    """Density of moist air [kg/m3].

    Parameters
    ----------
    t_c, humidity, p_pa : array_like
        [°C]; humidity ratio [kg/kg]; [Pa].
    """
    t, w, p = (np.asarray(a, dtype=np.float64) for a in (t_c, humidity, p_pa))
    result: Floats = (1.0 + w) * p / (287.042 * (t + 273.15) * (1.0 + 1.607858 * w))
    return result


def standard_pressure(elevation_m: ArrayLike) -> Floats:
    """Pressure of the standard atmosphere [Pa].

    Parameters
    ----------
    elevation_m : array_like
        [m], valid -500..11000.
    """
    z = np.asarray(elevation_m, dtype=np.float64)
    result: Floats = 101325.0 * (1.0 - 2.25577e-5 * z) ** 5.2559
    return result
