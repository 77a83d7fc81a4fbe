"""Level payments."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def capital_recovery_factor(rate: float, payments: float) -> float:
    """Level payment a period that pays back one dollar with interest: r / (1 - (1 + r)^-n).

    Parameters
    ----------
    rate : float
        Interest a period [fraction].
    payments : float
        Number of periods.

    Examples
    --------
    >>> round(capital_recovery_factor(0.08, 5), 5)
    0.25046
    """
    return rate / (1 - (1 + rate) ** -payments) if rate else 1 / payments


def capital_recovery_factors(rate: Floats, payments: Floats) -> Floats:
    """`capital_recovery_factor` over arrays.

    Parameters
    ----------
    rate : ndarray
        Interest a period [fraction], above -1.
    payments : ndarray
        Number of periods, above 0; broadcasts against `rate`.
    """
    # Without interest the formula is 0/0; any rate may stand in where its result is not taken.
    interest = np.where(rate == 0, 1.0, rate)
    found: Floats = np.where(rate == 0, 1.0 / payments, interest / (1 - (1 + interest) ** -payments))
    return found
