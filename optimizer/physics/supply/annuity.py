"""Level payments."""

from __future__ import annotations


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
