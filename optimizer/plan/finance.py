"""What a source's money costs beside the WACC, and its service (docs/economics.md, section 10)."""

from __future__ import annotations

import math

import numpy as np

from optimizer.plan.income_tax import kept_share
from optimizer.plan.times import Floats, Times
from optimizer.scenario.schema import Scenario, Source

DEFAULT_YEARS = {"debt": 15.0, "lease": 5.0, "vendor": 5.0}


def rate_of(source: Source) -> float:
    """Yearly nominal price of a source."""
    rate = source.rate if source.kind == "debt" else source.cost
    assert rate is not None  # the scenario's checks refuse a source without a price
    return float(rate)


def grace_periods(scenario: Scenario, times: Times, source: Source) -> int:
    """Periods after a draw in which debt is not served: interest is capitalised while halls are built."""
    return times.periods_in(scenario.hall.build_months) if source.kind == "debt" else 0


def years_of(source: Source, times: Times, drawn: int) -> float:
    """Time over which a draw is paid back."""
    if source.years is not None:
        return float(source.years)
    return DEFAULT_YEARS.get(source.kind, (times.count - drawn) * times.years)


def owed(age: float, rate: float, years: float, grace: float) -> float:
    """Balance of a dollar drawn `age` years ago."""
    if age < grace:
        return float((1 + rate) ** age)
    if age >= grace + years:
        return 0.0
    grown = (1 + rate) ** grace
    if rate == 0:
        return float(grown * (1 - (age - grace) / years))
    final = (1 + rate) ** years
    return float(grown * (final - (1 + rate) ** (age - grace)) / (final - 1))


def premium(scenario: Scenario, times: Times, source: Source, drawn: int) -> float:
    """Cost of a real dollar drawn in a period beside repayment at the WACC, at the time of the draw."""
    wacc, rate = scenario.money.wacc, rate_of(source)
    # Interest is deducted from taxed income, the cost of equity is not.
    price = rate if source.kind == "equity" else rate * kept_share(scenario)
    grace = grace_periods(scenario, times, source) * times.years
    years = years_of(source, times, drawn)
    total = 0.0
    for t in range(drawn, times.count):
        age = (t - drawn) * times.years
        total += (price - wacc) * times.years * owed(age, rate, years, grace) / (1 + wacc) ** age
    return total


def service(scenario: Scenario, times: Times, source: Source, drawn: int, period: int) -> float:
    """Real debt service in a period of a real dollar drawn in another."""
    rate, years = rate_of(source), years_of(source, times, drawn)
    grace = grace_periods(scenario, times, source)
    payments = years / times.years
    if not grace <= period - drawn < grace + payments:
        return 0.0
    by_period = (1 + rate) ** times.years - 1
    level = 1 / payments if by_period == 0 else by_period / (1 - math.exp(-payments * math.log1p(by_period)))
    nominal = (1 + rate) ** (grace * times.years) * level
    return float(nominal * times.deflator[period] / times.deflator[drawn])


def committed_usd(times: Times, source: Source, online_mw: Floats) -> Floats | None:
    """Nominal dollars that a source may have given up to each planning period, shape (P,); None: no such limit.

    Parameters
    ----------
    times : Times
    source : Source
    online_mw : ndarray of shape (T,)
        IT power in operation, for raises on a condition.
    """
    lapsing = source.tranche_months is not None
    if source.commit_usd is None and not source.raises and (lapsing or not source.tranches):
        return None
    total = np.full(times.planning, source.commit_usd or 0.0)
    for period in range(times.planning):
        if not lapsing:
            total[period] += sum(
                usd for month, usd in source.tranches.items() if times.period_of(month) <= period
            )
        for raised in source.raises:
            needed = 0.0 if raised.after is None else raised.after.online_mw * (1 - 1e-6)
            if times.period_of(raised.date) <= period and online_mw[: period + 1].max() >= needed:
                total[period] += raised.usd * (1 - raised.fee_share)
    return total


def windows_of(times: Times, source: Source) -> list[tuple[int, int, float]]:
    """Tranches that lapse: first period, end period, nominal dollars."""
    if source.tranche_months is None:
        return []
    return [
        (
            times.period_of(month),
            min(times.planning, times.period_of(month + math.ceil(source.tranche_months))),
            usd,
        )
        for month, usd in source.tranches.items()
    ]
