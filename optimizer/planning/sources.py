"""Sources of money in the model's terms: ceilings, premium, debt service (docs/economics.md, section 10)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.data import CLASSES, RoundTerms, SourceTerms
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


def owed_after(age: Floats, rate: float, grace: int, payments: int) -> Floats:
    """What is owed of one dollar some periods after the draw, the payment then due made.

    Parameters
    ----------
    age : ndarray
        Whole periods since the draw.
    rate : float
        Nominal interest a period [fraction].
    grace : int
        Periods in which interest is capitalised.
    payments : int
        Level payments in the periods after those.
    """
    made = np.clip(age - grace, 0, payments)
    if rate == 0:
        left = 1 - made / payments
    else:
        force = np.log1p(rate)
        left = np.expm1(force * (made - payments)) / np.expm1(-force * payments)
    result: Floats = np.where(age <= grace, (1 + rate) ** age, (1 + rate) ** grace * left)
    return result


def _terms(source: Source, scenario: Scenario, calendar: Calendar) -> SourceTerms:
    planning = calendar.planning
    rate = source.rate if source.kind == "debt" else source.cost
    assert rate is not None  # the scenario's checks refuse a source without a price
    by_period = (1 + rate) ** calendar.period_years - 1
    grace = calendar.whole_periods(scenario.hall.build_months) if source.kind == "debt" else 0
    premium, service = _paid_back(source, by_period, grace, scenario, calendar)
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
        lapsing=source.tranche_months is not None,
        rounds=_rounds(source, calendar),
        loan_to_cost=source.loan_to_cost,
        premium=premium,
        service=service,
        min_dscr=source.min_dscr,
        online_mw=None if source.after is None else source.after.online_mw,
        rank=source.rank,
    )


def _rounds(source: Source, calendar: Calendar) -> tuple[RoundTerms, ...]:
    """Raises that the ceiling does not hold: those on a condition, or all where one charges a fee."""
    charged = any(raised.fee_share > 0 for raised in source.raises)
    return tuple(
        RoundTerms(
            first=calendar.period_of(raised.date),
            usd=raised.usd * (1 - raised.fee_share),
            online_mw=None if raised.after is None else raised.after.online_mw,
            fee=raised.fee_share / (1 - raised.fee_share),
        )
        for raised in source.raises
        if charged or raised.after is not None
    )


def _ceiling(source: Source, calendar: Calendar) -> Floats | None:
    """Nominal dollars that may have been drawn up to a period; `_rounds` come on top."""
    lapsing = source.tranche_months is not None
    if source.commit_usd is None and not source.raises and (lapsing or not source.tranches):
        return None
    total = np.full(calendar.planning, source.commit_usd or 0.0)
    if not lapsing:
        for month, usd in source.tranches.items():
            total[calendar.period_of(month) :] += usd
    if not any(raised.fee_share > 0 for raised in source.raises):
        for raised in source.raises:
            if raised.after is None:
                total[calendar.period_of(raised.date) :] += raised.usd
    return total


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


def _paid_back(
    source: Source, rate: float, grace: int, scenario: Scenario, calendar: Calendar
) -> tuple[Floats, Floats]:
    """Discounted cost beside the WACC, shape (P,), and real payments by period, shape (P, T), of a real dollar drawn.

    Interest of debt, lease and vendor finance is deducted from taxed income; the cost of equity is not.
    """
    count, step, equity = calendar.periods, calendar.period_years, source.kind == "equity"
    saved = 0.0 if equity else 1 - after_tax(scenario, calendar).interest
    wacc = scenario.money.wacc
    premium, service = np.zeros(calendar.planning), np.zeros((calendar.planning, count))
    for u in range(calendar.planning):
        years = source.years
        if years is None:
            years = DEFAULT_YEARS.get(source.kind, (count - u) * step)
        payments = max(1, math.ceil(years / step - 1e-9))
        age = np.arange(count - u, dtype=float)
        owed = owed_after(age, rate, grace, payments)
        # Interest falls a period after what it is owed for; at the end of the study half a period after.
        interest = np.append(rate * owed[:-1], ((1 + rate) ** 0.5 - 1) * owed[-1])
        paid = interest + np.append(owed[:-1] - owed[1:], owed[-1])
        worth = (1 + wacc) ** (-step * np.append(age[1:], count - u - 0.5))
        premium[u] = calendar.discount[u] * (float((paid - saved * interest) @ worth) - 1)
        if not equity:
            service[u, u + 1 :] = paid[:-1] * calendar.deflator[u + 1 :] / calendar.deflator[u]
    return premium, service
