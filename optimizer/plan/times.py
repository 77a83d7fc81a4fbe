"""Periods and discounting of a plan's accounts, written from docs/economics.md, section 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.scenario.schema import Scenario, month_label

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Times:
    """The study's periods.

    Attributes
    ----------
    start, step : int
        First month (counted from year 0) and months a period.
    planning, count : int
        Planning periods P, all periods T.
    years : float
        Length of a period [years].
    hours : float
        Length of a period [h].
    labels : tuple of str
        First month of each period.
    discount, deflator, year, since_base : ndarray of shape (T,)
        δ(t); real dollars a nominal one; calendar time of mid-period [years]; the same from mid base year.
    discount_end, deflator_end : float
        The same at the end of the study.
    """

    start: int
    step: int
    planning: int
    count: int
    years: float
    hours: float
    labels: tuple[str, ...]
    discount: Floats
    deflator: Floats
    year: Floats
    since_base: Floats
    discount_end: float
    deflator_end: float

    def period_of(self, month: int) -> int:
        """First period that starts on or after a month; 0 for earlier ones."""
        late = month - self.start
        return 0 if late <= 0 else (late + self.step - 1) // self.step

    def periods_in(self, months: float) -> int:
        """Months as whole periods, rounded up."""
        whole = int(months / self.step)
        return whole if months - whole * self.step < 1e-9 * self.step else whole + 1

    def path(self, dated: Mapping[int, float], held: bool = False) -> Floats:
        """A step path by period, shape (T,); `held`: the last planning period's value goes on."""
        values = np.zeros(self.count)
        for t in range(self.count):
            reached = [
                month for month in dated if self.period_of(month) <= min(t, self.planning - 1 if held else t)
            ]
            if reached:
                values[t] = dated[max(reached)]
        return values


def times(scenario: Scenario) -> Times:
    """Periods of a scenario."""
    horizon, money = scenario.horizon, scenario.money
    step, count = horizon.months_per_period, horizon.periods
    if horizon.operate_until is not None:
        count = max(count, (horizon.operate_until - horizon.start) // step + 1)
    years = step / 12
    rate = (1 + money.wacc) / (1 + money.inflation)
    t = np.arange(count)
    year = (horizon.start + (t + 0.5) * step) / 12
    since_base = year - money.base_year - 0.5
    return Times(
        start=horizon.start,
        step=step,
        planning=horizon.periods,
        count=count,
        years=years,
        hours=8760 * years,
        labels=tuple(month_label(horizon.start + int(i) * step) for i in t),
        discount=rate ** (-(t + 0.5) * years),
        deflator=(1 + money.inflation) ** -since_base,
        year=year,
        since_base=since_base,
        discount_end=float(rate ** (-count * years)),
        deflator_end=float(
            (1 + money.inflation) ** -((horizon.start + count * step) / 12 - money.base_year - 0.5)
        ),
    )
