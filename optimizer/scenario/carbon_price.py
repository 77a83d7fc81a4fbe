"""The price of emitted CO2 by date (docs/economics.md, section 1)."""

from __future__ import annotations

from typing import Any

from optimizer.scenario.schema import Scenario


def carbon_path(scenario: Scenario) -> dict[int, float]:
    """Price of CO2 from each month on, also where one is given for all [USD/t]."""
    price: Any = scenario.money.carbon_usd_per_t
    return dict(price) if isinstance(price, dict) else {scenario.horizon.start: float(price)}


def mean_carbon_usd_per_t(scenario: Scenario) -> float:
    """Mean price of CO2 over the months of the study [USD/t]."""
    horizon = scenario.horizon
    end = horizon.start + horizon.periods * horizon.months_per_period
    if horizon.operate_until is not None:
        end = max(end, horizon.operate_until + 1)
    steps = sorted(carbon_path(scenario).items())
    total = 0.0
    for i, (month, usd) in enumerate(steps):
        until = steps[i + 1][0] if i + 1 < len(steps) else end
        total += usd * max(0, min(until, end) - max(month, horizon.start))
    return total / (end - horizon.start)
