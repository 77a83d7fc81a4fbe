"""Income tax of a plan: what capital saves by depreciation, year by year (docs/economics.md, section 13)."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from optimizer import catalog
from optimizer.plan.times import Floats, Times
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Scenario


@dataclass(frozen=True)
class Part:
    """What of an asset class is written off by one schedule.

    Attributes
    ----------
    name, schedule : str
    share : float
        Of the class [fraction].
    by_year : tuple of float
        Shares by tax year, bonus in the first.
    """

    name: str
    schedule: str
    share: float
    by_year: tuple[float, ...]


def parts_of(scenario: Scenario, asset_class: str) -> tuple[Part, ...]:
    """Schedules of a class; none for land, and none without `money.income_tax`."""
    tax = scenario.money.income_tax
    if tax is None or asset_class == "land":
        return ()
    if asset_class == "facility":
        economics = economics_of(scenario)
        hall = economics.shell_share + economics.electrical_share + economics.mechanical_share
        shell = economics.shell_share / hall
        bonus = 0.0 if tax.plant == "straight_39" else tax.bonus_share
        return (
            Part("shell", "straight_39", shell, catalog.depreciation("straight_39", 0.0)),
            Part("plant", tax.plant, 1 - shell, catalog.depreciation(tax.plant, bonus)),
        )
    schedule = tax.power if asset_class == "power" else tax.chips
    return (Part(asset_class, schedule, 1.0, catalog.depreciation(schedule, tax.bonus_share)),)


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
    parts = parts_of(scenario, asset_class)
    if not parts:
        return {}
    by_year = _periods_of_years(t)
    result: dict[int, dict[int, float]] = {}
    for period in range(t.count):
        year = tax_year(t, period)
        shares: dict[int, float] = defaultdict(float)
        for part in parts:
            shares[period] += part.share * part.by_year[0]
            for later, share in enumerate(part.by_year[1:], start=1):
                periods = by_year[year + later]
                for at in periods:
                    shares[at] += part.share * share / len(periods)
        result[period] = {at: share for at, share in shares.items() if share}
    return result


def in_study(scenario: Scenario, t: Times, asset_class: str) -> Floats:
    """Deductions of a nominal dollar spent in u that count in t, shape (T, T + 1): u, t.

    What is written off after the study stands at its end, as it is worth there at the WACC.
    """
    result = np.zeros((t.count, t.count + 1))
    for period, shares in deductions(scenario, t, asset_class).items():
        for at, share in shares.items():
            if at < t.count:
                result[period, at] += share
            else:
                late = (at + 0.5 - t.count) * t.years
                result[period, -1] += share * (1 + scenario.money.wacc) ** -late
    return result


def tax_year(t: Times, period: int) -> int:
    """Calendar year in which the middle of a period lies."""
    return math.floor((t.start + (period + 0.5) * t.step) / 12 + 1e-9)


def _periods_of_years(t: Times) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for period in range(t.count + 42 * 12 // t.step):
        found[tax_year(t, period)].append(period)
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
