"""Cross checks of the common cost terms and the price of carbon: shares that must add up, dates that must hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optimizer.scenario.economics import SPLIT, economics_of
from optimizer.scenario.findings import Finding
from optimizer.scenario.schema import Scenario, month_label

_TOLERANCE = 1e-6


def economics_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of `economics` and of `money.carbon_usd_per_t`."""
    yield from _carbon(scenario)
    own, merged = scenario.economics, economics_of(scenario)
    given = [name for name in SPLIT if getattr(own, name) is not None]
    total = sum(getattr(merged, name) for name in SPLIT)
    if given and abs(total - 1) > _TOLERANCE:
        text = f"{', '.join(SPLIT)} expected to add up to 1, found {total:g}"
        if len(given) < len(SPLIT):
            rest = [name for name in SPLIT if name not in given]
            text += " with the catalog's " + ", ".join(f"{name} {getattr(merged, name):g}" for name in rest)
        yield Finding("E204", ("economics", given[0]), text)
    if own.spend_curve is not None and abs(sum(merged.spend_curve) - 1) > _TOLERANCE:
        text = f"first, second and third expected to add up to 1, found {sum(merged.spend_curve):g}"
        yield Finding("E204", ("economics", "spend_curve"), text, True)
    parts = sum(merged.rack_bill.values())
    if parts > 1 + _TOLERANCE:
        text = f"accelerators, hosts and network expected to be at most 1 together, found {parts:g}"
        yield Finding("E204", ("economics", "rack_bill"), text, True)


def _carbon(scenario: Scenario) -> Iterator[Finding]:
    """A path of prices has a date, and each comes before the study ends."""
    horizon = scenario.horizon
    price: Any = scenario.money.carbon_usd_per_t
    if not isinstance(price, dict):
        return
    at = ("money", "carbon_usd_per_t")
    if not price:
        yield Finding("E106", at, "expected a price or at least one date with one, found an empty mapping")
    end = horizon.start + horizon.periods * horizon.months_per_period
    if horizon.operate_until is not None:
        end = max(end, horizon.operate_until + 1)
    for month in price:
        if month >= end:
            text = f"{month_label(month)} lies after the end of the study and would never hold"
            yield Finding("E205", (*at, month_label(month)), text, True)
