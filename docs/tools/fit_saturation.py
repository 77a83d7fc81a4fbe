"""Fit the eighth root of saturation pressure by polynomials: the coefficients in `_core/psychrometric_laws.pxd`.

Source of the equations: Hyland and Wexler 1983, as in ASHRAE Handbook of Fundamentals 2017, chapter 1, equations 5 and 6.
Run by hand: `python docs/tools/fit_saturation.py`.
"""

import numpy as np

DEGREE = 6


def log_saturation_pressure(t_c: np.ndarray, ice: bool) -> np.ndarray:
    """Natural logarithm of saturation pressure [Pa] over ice or water."""
    k = t_c + 273.15
    if ice:
        return (
            -5.6745359e3 / k
            + 6.3925247
            - 9.677843e-3 * k
            + 6.2215701e-7 * k**2
            + 2.0747825e-9 * k**3
            - 9.484024e-13 * k**4
            + 4.1635019 * np.log(k)
        )
    return (
        -5.8002206e3 / k
        + 1.3914993
        - 4.8640239e-2 * k
        + 4.1764768e-5 * k**2
        - 1.4452093e-8 * k**3
        + 6.5459673 * np.log(k)
    )


def fit(low_c: float, high_c: float, ice: bool) -> tuple[np.ndarray, float]:
    """Coefficients, constant first, in T [°C], and the largest relative error of the pressure."""
    middle, half = (low_c + high_c) / 2, (high_c - low_c) / 2
    nodes = np.cos(np.pi * (np.arange(400) + 0.5) / 400)
    t = middle + half * nodes
    root = np.exp(log_saturation_pressure(t, ice) / 8)
    # Relative error counts, so the fit is weighted by the inverse; Chebyshev nodes make it near-minimax.
    basis = np.polynomial.chebyshev.chebvander(nodes, DEGREE) / root[:, None]
    coefficients = np.linalg.lstsq(basis, np.ones(len(t)), rcond=None)[0]
    in_nodes = np.polynomial.chebyshev.cheb2poly(coefficients)
    shifted = np.polynomial.Polynomial(in_nodes)(np.polynomial.Polynomial([-middle / half, 1 / half]))
    grid = np.linspace(low_c, high_c, 20001)
    error = shifted(grid) ** 8 / np.exp(log_saturation_pressure(grid, ice)) - 1
    return shifted.coef, float(np.abs(error).max())


if __name__ == "__main__":
    for name, low, high, ice in (("water", -5.0, 65.0, False), ("ice", -65.0, 0.01, True)):
        coefficients, error = fit(low, high, ice)
        print(name, f"{low}..{high} degC, largest relative error {error:.2e}")
        for coefficient in coefficients:
            print(f"    {coefficient:.17e}")
