"""Sources of money in the model's terms: ceilings, premium, debt service (docs/economics.md, section 10)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.supply.annuity import capital_recovery_factor
from optimizer.planning.data import CLASSES, SourceTerms
from optimizer.programmes.calendar import Calendar
from optimizer.programmes.tax import after_tax
from optimizer.scenario.schema import Scenario, Source

Floats = NDArray[np.float64]

DEFAULT_YEARS = {"debt": 15.0, "lease": 5.0, "vendor": 5.0}


def source_terms(scenario: Scenario, calendar: Calendar) -> tuple[SourceTerms, ...]:
    """Terms of all sources of a scenario."""
    return tuple(_terms(source, scenario, calendar) for source in scenario.finance.sources)


def least_premium(sources: tuple[SourceTerms, ...], classes: tuple[str, ...], planning: int) -> Floats:
    """The cheapest money for each class and planning period beside the WACC, 0 or less, shape (n_classes, P)."""
    found = np.zeros((len(classes), planning))
    for source in sources:
        for row, name in enumerate(classes):
            if CLASSES.index(name) in source.classes:
                found[row] = np.minimum(found[row], source.premium[:planning])
    return found


def balance(age_years: Floats, rate: float, years: float, grace_years: float) -> Floats:
    """Balance of one dollar after some years: interest capitalised during grace, then a level annuity.

    Parameters
    ----------
    age_years : ndarray
        Time since the draw [years].
    rate : float
        Nominal interest a year [fraction].
    years : float
        Time over which it is paid back, after grace [years].
    grace_years : float
    """
    paid = np.clip(age_years - grace_years, 0.0, years)
    if rate == 0:
        remaining = 1 - paid / years
    else:
        remaining = ((1 + rate) ** years - (1 + rate) ** paid) / ((1 + rate) ** years - 1)
    grown = (1 + rate) ** np.minimum(age_years, grace_years)
    result: Floats = np.where(age_years >= grace_years + years, 0.0, grown * remaining)
    return result


def _terms(source: Source, scenario: Scenario, calendar: Calendar) -> SourceTerms:
    planning = calendar.planning
    rate = source.rate if source.kind == "debt" else source.cost
    if rate is None:
        rate = source.rate if source.rate is not None else source.cost
    assert rate is not None  # the scenario's checks refuse a source without a price
    grace = calendar.whole_periods(scenario.hall.build_months) if source.kind == "debt" else 0
    first = 0 if source.from_ is None else calendar.period_of(source.from_)
    # Periods that start in the month of `until` or before it.
    end = planning if source.until is None else min(planning, calendar.period_of(source.until + 1))
    return SourceTerms(
        name=source.name,
        classes=tuple(CLASSES.index(c) for c in dict.fromkeys(source.funds)),
        first=min(first, planning),
        end=max(end, min(first, planning)),
        ceiling_usd=_ceiling(source, calendar),
        windows=_windows(source, calendar),
        rounds=tuple(
            (calendar.period_of(r.date), r.usd * (1 - r.fee_share), r.after.online_mw)
            for r in source.raises
            if r.after is not None
        ),
        loan_to_cost=source.loan_to_cost,
        premium=_premium(source, rate, grace, scenario, calendar),
        service=_service(source, rate, grace, calendar),
        min_dscr=source.min_dscr,
        online_mw=None if source.after is None else source.after.online_mw,
    )


def _ceiling(source: Source, calendar: Calendar) -> Floats | None:
    """Nominal dollars that may have been drawn up to a period; raises on a condition come on top."""
    total = np.zeros(calendar.planning)
    if source.tranche_months is None:
        for month, usd in source.tranches.items():
            total[calendar.period_of(month) :] += usd
    if source.commit_usd is not None:
        total += source.commit_usd
    for raised in source.raises:
        if raised.after is None:
            total[calendar.period_of(raised.date) :] += raised.usd * (1 - raised.fee_share)
    lapsing = source.tranche_months is not None
    limited = source.commit_usd is not None or source.raises or (source.tranches and not lapsing)
    return total if limited else None


def _windows(source: Source, calendar: Calendar) -> tuple[tuple[int, int, float], ...]:
    """Tranches that lapse: first period, end period, nominal dollars."""
    if source.tranche_months is None:
        return ()
    found = []
    for month, usd in source.tranches.items():
        first = min(calendar.period_of(month), calendar.planning)
        end = min(calendar.period_of(month + math.ceil(source.tranche_months)), calendar.planning)
        if end > first:
            found.append((first, end, usd))
    return tuple(found)


def _years(source: Source, drawn: int, calendar: Calendar) -> float:
    if source.years is not None:
        return float(source.years)
    default = DEFAULT_YEARS.get(source.kind)
    return default if default is not None else (calendar.periods - drawn) * calendar.period_years


def _premium(source: Source, rate: float, grace: int, scenario: Scenario, calendar: Calendar) -> Floats:
    """Discounted cost of one real dollar drawn in each planning period beside its repayment at the WACC.

    Interest of debt, lease and vendor finance is deducted from taxed income; the cost of equity is not.
    """
    step, money = calendar.period_years, scenario.money
    price = rate if source.kind == "equity" else rate * after_tax(scenario, calendar).interest
    result = np.zeros(calendar.planning)
    for u in range(calendar.planning):
        age: Floats = np.arange(calendar.periods - u, dtype=float) * step
        owed = balance(age, rate, _years(source, u, calendar), grace * step)
        result[u] = calendar.discount[u] * float(
            ((price - money.wacc) * step * owed * (1 + money.wacc) ** -age).sum()
        )
    return result


def _service(source: Source, rate: float, grace: int, calendar: Calendar) -> Floats:
    """Real debt service by period of one real dollar drawn in each planning period, shape (P, T)."""
    step = calendar.period_years
    by_period = (1 + rate) ** step - 1
    result = np.zeros((calendar.planning, calendar.periods))
    for u in range(calendar.planning):
        payments = _years(source, u, calendar) / step
        pay = (1 + rate) ** (grace * step) * capital_recovery_factor(by_period, payments)
        since = np.arange(calendar.periods) - u
        due = (since >= grace) & (since < grace + payments)
        result[u] = due * pay * calendar.deflator / calendar.deflator[u]
    return result
