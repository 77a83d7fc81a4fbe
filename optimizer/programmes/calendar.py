"""Periods of a study and the discounting that goes with them (docs/economics.md, section 1)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.scenario.schema import Horizon, Money, month_label

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calendar:
    """The study's periods.

    Attributes
    ----------
    start : int
        First month, counted from year 0.
    months_per_period : int
    planning : int
        P, number of planning periods.
    periods : int
        T, number of all periods, the operating tail included.
    period_years : float
        Length of a period [years].
    hours : float
        Hours of a period (8,760 a year) [h].
    discount : ndarray of shape (T,)
        Factor at mid-period, real.
    discount_end : float
        Factor at the end of the study.
    deflator : ndarray of shape (T,)
        Real dollars of the base year per nominal dollar of the period.
    year : ndarray of shape (T,)
        Calendar time of mid-period [years].
    base_time : float
        Middle of the base year [years].
    """

    start: int
    months_per_period: int
    planning: int
    periods: int
    period_years: float
    hours: float
    discount: Floats
    discount_end: float
    deflator: Floats
    year: Floats
    base_time: float

    def period_of(self, month: int) -> int:
        """First period that starts on or after `month`, never below 0."""
        return max(0, math.ceil((month - self.start) / self.months_per_period))

    def whole_periods(self, months: float) -> int:
        """Lead time rounded up to whole periods."""
        return math.ceil(months / self.months_per_period - 1e-9)

    def label(self, period: int) -> str:
        """`YYYY-MM` of the first month of a period."""
        return month_label(self.start + period * self.months_per_period)

    def steps(self, path: dict[int, float], hold_after_planning: bool = False) -> Floats:
        """A dated step path by period, 0 before its first entry.

        Parameters
        ----------
        path : dict of int to float
            Month count -> value, ascending.
        hold_after_planning : bool
            Whether the last planning period's value holds in the tail.

        Returns
        -------
        ndarray of shape (T,)
        """
        values = np.zeros(self.periods)
        for month, value in path.items():
            values[self.period_of(month) :] = value
        if hold_after_planning:
            values[self.planning :] = values[self.planning - 1]
        return values


def calendar(horizon: Horizon, money: Money) -> Calendar:
    """Periods of `horizon`, discounted with the real WACC of `money`."""
    months = horizon.months_per_period
    end = horizon.operate_until
    periods = horizon.periods
    if end is not None:
        periods = max(periods, math.ceil((end + 1 - horizon.start) / months))
    years = months / 12
    real = (1 + money.wacc) / (1 + money.inflation) - 1
    mid = np.arange(periods) + 0.5
    year = (horizon.start + mid * months) / 12
    base_time = money.base_year + 0.5
    return Calendar(
        start=horizon.start,
        months_per_period=months,
        planning=horizon.periods,
        periods=periods,
        period_years=years,
        hours=8760.0 * years,
        discount=(1 + real) ** -(mid * years),
        discount_end=float((1 + real) ** -(periods * years)),
        deflator=(1 + money.inflation) ** -(year - base_time),
        year=year,
        base_time=base_time,
    )
