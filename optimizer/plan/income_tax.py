"""Income tax of a plan: what capital saves by depreciation, year by year (docs/economics.md, section 13)."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from optimizer import catalog
from optimizer.plan.times import Floats, Times
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Scenario


def deductions(scenario: Scenario, t: Times, asset_class: str) -> dict[int, dict[int, float]]:
    """Nominal deductions of a nominal dollar spent in each period, by the period they fall into.

    Parameters
    ----------
    scenario : Scenario
        With `money.income_tax`.
    t : Times
    asset_class : str
        facility, power or chips; land is not written off.

    Returns
    -------
    dict of int to dict of int to float
        Period of spending -> period -> share; periods go on after the study.
    """
    tax = scenario.money.income_tax
    if tax is None or asset_class == "land":
        return {}
    economics = economics_of(scenario)
    hall = economics.shell_share + economics.electrical_share + economics.mechanical_share
    plant_bonus = 0.0 if tax.plant == "straight_39" else tax.bonus_share
    parts: dict[str, list[tuple[float, tuple[float, ...]]]] = {
        "facility": [
            (economics.shell_share / hall, catalog.depreciation("straight_39", 0.0)),
            (1 - economics.shell_share / hall, catalog.depreciation(tax.plant, plant_bonus)),
        ],
        "power": [(1.0, catalog.depreciation(tax.power, tax.bonus_share))],
        "chips": [(1.0, catalog.depreciation(tax.chips, tax.bonus_share))],
    }
    by_year = _periods_of_years(t)
    result: dict[int, dict[int, float]] = {}
    for period in range(t.count):
        year = _tax_year(t, period)
        shares: dict[int, float] = defaultdict(float)
        for part, schedule in parts[asset_class]:
            shares[period] += part * schedule[0]
            for later, share in enumerate(schedule[1:], start=1):
                periods = by_year[year + later]
                for at in periods:
                    shares[at] += part * share / len(periods)
        result[period] = {at: share for at, share in shares.items() if share}
    return result


def _tax_year(t: Times, period: int) -> int:
    """Calendar year in which the middle of a period lies."""
    return math.floor((t.start + (period + 0.5) * t.step) / 12 + 1e-9)


def _periods_of_years(t: Times) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for period in range(t.count + 42 * 12 // t.step):
        found[_tax_year(t, period)].append(period)
    return found


def weights(scenario: Scenario, t: Times, asset_class: str) -> Floats:
    """What a dollar spent in a period costs after the tax that its depreciation saves, shape (T,)."""
    tax, result = scenario.money.income_tax, np.ones(t.count)
    if tax is None:
        return result
    discounted = (1 + scenario.money.wacc) ** -t.years
    for period, shares in deductions(scenario, t, asset_class).items():
        saved = sum(share * discounted ** (at - period) for at, share in shares.items())
        result[period] -= tax.rate * saved
    return result


def kept_share(scenario: Scenario) -> float:
    """What is left of a dollar of income, or of cost, after tax."""
    tax = scenario.money.income_tax
    return 1.0 if tax is None else 1 - tax.rate
