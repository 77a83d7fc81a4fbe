"""Fit the first guess of the wet bulb: a polynomial in dry bulb, relative humidity and pressure.

The guess is within 0.8 K over -50..55 degC, 1..100 % and 60..106 kPa; two Newton steps follow in the kernel.
Run by hand: `python docs/tools/fit_wet_bulb.py`.
"""

import numpy as np
from fit_saturation import log_saturation_pressure

DEGREES = (3, 3, 1)  # dry bulb, relative humidity, pressure


def saturated(t_c: np.ndarray, p_pa: np.ndarray, ice: bool) -> np.ndarray:
    """Humidity ratio at saturation."""
    pw = np.exp(log_saturation_pressure(t_c, ice))
    return 0.621945 * pw / (p_pa - pw)


def wet_bulb(t_c: np.ndarray, rh: np.ndarray, p_pa: np.ndarray) -> np.ndarray:
    """Wet bulb by bisection, ice below 0 degC (ASHRAE Fundamentals 2017, chapter 1, equations 33 and 35)."""
    over = np.where(t_c < 0, log_saturation_pressure(np.minimum(t_c, 0.01), True), 0.0)
    over = np.where(t_c < 0, over, log_saturation_pressure(np.maximum(t_c, 0.0), False))
    pw = rh * np.exp(over)
    w = np.maximum(0.621945 * pw / (p_pa - pw), 1e-7)

    def balance(wb: np.ndarray, ice: bool) -> np.ndarray:
        ws = saturated(wb, p_pa, ice)
        if ice:
            return (2830 - 0.24 * wb) * ws - 1.006 * (t_c - wb) - (2830 + 1.86 * t_c - 2.1 * wb) * w
        return (2501 - 2.326 * wb) * ws - 1.006 * (t_c - wb) - (2501 + 1.86 * t_c - 4.186 * wb) * w

    water = balance(np.zeros_like(t_c), False) <= 0
    result = []
    for ice in (False, True):
        low, high = np.full_like(t_c, -80.0), t_c + 1e-9
        for _ in range(60):
            middle = (low + high) / 2
            above = balance(middle, ice) > 0
            high, low = np.where(above, middle, high), np.where(above, low, middle)
        result.append((low + high) / 2)
    return np.where(water, *result)


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    n = 60_000
    t, rh, p = rng.uniform(-50, 55, n), rng.uniform(0.01, 1, n), rng.uniform(60e3, 106e3, n)
    a, b, c = DEGREES
    basis = np.stack(
        [t**i * rh**j * (p / 1e5) ** k for i in range(a + 1) for j in range(b + 1) for k in range(c + 1)],
        axis=1,
    )
    scale = np.abs(basis).max(axis=0)
    exact = wet_bulb(t, rh, p)
    coefficients = np.linalg.lstsq(basis / scale, exact, rcond=None)[0] / scale
    print(f"largest error of the guess {np.abs(basis @ coefficients - exact).max():.3f} K")
    for i in range(a + 1):
        for j in range(b + 1):
            print(i, j, *(f"{x:.9e}" for x in coefficients[(i * (b + 1) + j) * (c + 1) :][: c + 1]))
