"""Periods of a study, as the cross checks need them (docs/economics.md, section 1)."""

from __future__ import annotations

from math import ceil

from optimizer.scenario.schema import Horizon


def last_start(horizon: Horizon) -> int:
    """First month of the last planning period."""
    return horizon.start + (horizon.periods - 1) * horizon.months_per_period


def count(horizon: Horizon) -> int:
    """Number of all periods: the last one holds `operate_until`."""
    until = horizon.operate_until
    months = 0 if until is None else until + 1 - horizon.start
    return max(horizon.periods, ceil(months / horizon.months_per_period))


def last_month(horizon: Horizon) -> int:
    """Last month of the study."""
    return horizon.start + count(horizon) * horizon.months_per_period - 1


def period_of(horizon: Horizon, month: int) -> int:
    """First period that starts in a month or after it."""
    return max(0, ceil((month - horizon.start) / horizon.months_per_period))


def whole_periods(horizon: Horizon, months: float) -> int:
    """Months rounded up to whole periods."""
    return ceil(months / horizon.months_per_period - 1e-9)
