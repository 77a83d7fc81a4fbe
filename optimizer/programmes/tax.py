"""What a dollar costs after income tax (docs/economics.md, section 13)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer import catalog
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Scenario

# Periods after the study in which depreciation may still run: 39 years of months.
_LONGEST_YEARS = 41


@dataclass(frozen=True)
class AfterTax:
    """Weights of money in the objective; all 1 where plans are before tax.

    Attributes
    ----------
    operating : float
        Of operating cost, sales and residual values: 1 - rate.
    interest : float
        Of interest: 1 - rate.
    facility, power, chips : ndarray of shape (T,)
        Of capital spent in a period: what depreciation saves in tax is taken off.
    """

    operating: float
    interest: float
    facility: Floats
    power: Floats
    chips: Floats


def after_tax(scenario: Scenario, calendar: Calendar) -> AfterTax:
    """Weights under `money.income_tax`."""
    tax = scenario.money.income_tax
    one = np.ones(calendar.periods)
    if tax is None:
        return AfterTax(1.0, 1.0, one, one, one)

    def shield(schedule: str, bonus: float | None) -> Floats:
        saved: Floats = tax.rate * _present(catalog.depreciation(schedule, bonus), scenario, calendar)
        return saved

    economics = economics_of(scenario)
    shell = economics.shell_share
    shell /= shell + economics.electrical_share + economics.mechanical_share
    plant = shield(tax.plant, 0.0 if tax.plant == "straight_39" else tax.bonus_share)
    building = shield("straight_39", 0.0)
    return AfterTax(
        operating=1 - tax.rate,
        interest=1 - tax.rate,
        facility=1 - shell * building - (1 - shell) * plant,
        power=1 - shield(tax.power, tax.bonus_share),
        chips=1 - shield(tax.chips, tax.bonus_share),
    )


def _present(shares: tuple[float, ...], scenario: Scenario, calendar: Calendar) -> Floats:
    """Value of a schedule's deductions for a dollar spent in each period, in that period's money, shape (T,).

    Deductions are nominal and keep the purchase's dollars. The first year's falls in the period of the purchase,
    a later year's evenly over the periods of that calendar year.
    """
    money, months = scenario.money, calendar.months_per_period
    count = calendar.periods + _LONGEST_YEARS * 12 // months
    year = (calendar.start + (np.arange(count) + 0.5) * months) / 12
    # Real discount and deflation together are the nominal discount.
    nominal = (1 + money.wacc) ** -(year - calendar.start / 12)
    tax_year = np.floor(year + 1e-9).astype(int)
    first = tax_year[0]
    by_year = np.bincount(tax_year - first, weights=nominal) / np.bincount(tax_year - first)
    result = np.empty(calendar.periods)
    for t in range(calendar.periods):
        later = by_year[tax_year[t] - first + 1 : tax_year[t] - first + len(shares)]
        result[t] = shares[0] + float(np.dot(shares[1:], later)) / nominal[t]
    return result
