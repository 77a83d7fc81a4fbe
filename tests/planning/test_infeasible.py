"""Why no plan exists: what is said to be enough, applied to the scenario, gives a plan; in the units of its keys."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import optimizer
from optimizer.planning.infeasible import Change, InfeasibleError, Limit
from optimizer.scenario import from_document
from optimizer.scenario.layers import steps_of

PERIODS = ("2026-01", "2026-07", "2027-01", "2027-07")
BASE: dict[str, Any] = {
    "name": "three halls",
    "horizon": {"start": "2026-01", "periods": 4, "months_per_period": 6},
    "money": {"wacc": 0.08},
    "demand": {"min_it_mw": {"2026-07": 30}},
    "chips": {"offered": ["gb300_nvl72"]},
    "hall": {"it_mw": 10, "build_months": 6},
    "cooling": ["dlc_dry"],
    "sites": [
        {
            "name": "abilene",
            "lat": 32.4,
            "lon": -99.7,
            "state": "TX",
            "weather": "usa-tx-abilene",
            "grid": {"offer_mw": {"2026-01": 60}},
            "price": {"flat_usd_per_mwh": 60},
            "land": {"acres": 100, "acres_per_mw": 0.9, "usd_per_acre": 1000},
        }
    ],
}
PARTS = {"name": "transformers", "per_it_mw": 0.1, "deliveries": {"2026-01": 1}}
CREW = {"name": "texans", "max_it_mw": {"2026-01": 12}}
OWN = {"based_on": "gb300_nvl72", "vendor": "Own", "development_usd": 1e8, "min_racks": 1000}
CLOUD = {"name": "cloud", "available": {"2026-01": 1000, "2027-01": 3000}, "usd_per_h100e_hour": 2}
FUND = {"name": "fund", "kind": "equity", "cost": 0.1, "funds": ["land", "facility", "power", "chips"]}
# Keys that hold what arrives at each date; other dated keys are levels.
DELIVERIES = ("deliveries", "supply_racks", "supply_vendor_racks", "tranches")


def with_values(document: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    result = copy.deepcopy(document)
    for path, value in values.items():
        holder, key = place(result, path)
        holder[key] = value
    return result


def place(document: dict[str, Any], path: str) -> tuple[Any, Any]:
    """Mapping or list that holds a path's value, and the value's key."""
    *steps, last = steps_of(path) or ()
    holder: Any = document
    for step in steps:
        holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
    return holder, last


def applied(document: dict[str, Any], changes: tuple[Change, ...]) -> dict[str, Any]:
    """The scenario with the changes made, and nothing else."""
    result = copy.deepcopy(document)
    for change in changes:
        holder, key = place(result, change.path)
        value = holder[key]
        if change.unit == "months":
            year, month = map(int, str(value).split("-"))
            months = year * 12 + month - 1 + round(change.amount)
            holder[key] = f"{months // 12}-{months % 12 + 1:02d}"
        elif change.month is None:
            holder[key] = value + change.amount
        elif any(word in change.path for word in DELIVERIES):
            holder[key] = dict(
                sorted({**value, change.month: value.get(change.month, 0) + change.amount}.items())
            )
        else:
            levels = {month: level_at(value, month) for month in PERIODS if month >= min(value)}
            # Power that comes stays.
            lasts = "grid" in change.path
            for month in levels:
                if month == change.month or (lasts and month > change.month):
                    levels[month] += change.amount
            holder[key] = levels
    return result


def level_at(path: dict[str, float], month: str) -> float:
    return [value for date, value in path.items() if date <= month][-1]


def refused(document: dict[str, Any]) -> tuple[Limit, ...]:
    with pytest.raises(InfeasibleError) as caught:
        optimizer.solve(from_document(document), time_limit=30)
    return caught.value.limits


# Values over the base, the key that is in the way, what is said of it.
CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "parts": ({"hall.lead_items": [PARTS]}, "hall.lead_items[0].deliveries", "2 units more of transformers by 2026-01"),
    "crews": (
        {"hall.crews": [CREW]},
        "hall.crews[0].max_it_mw",
        "18 MW under construction more of crew texans in 2026-01",
    ),
    "vendor": (
        {"chips.supply_vendor_racks": {"NVIDIA": {"2026-01": 80}}},
        "chips.supply_vendor_racks.NVIDIA",
        "133 racks more of NVIDIA by 2026-07",
    ),
    "share": (
        {"chips.max_vendor_share": {"NVIDIA": 0.6}},
        "chips.max_vendor_share.NVIDIA",
        "0.4 of all spending on racks more of NVIDIA",
    ),
    "racks": (
        {"chips.supply_racks": {"gb300_nvl72": {"2026-01": 80}}},
        "chips.supply_racks.gb300_nvl72",
        "133 racks more of gb300_nvl72 by 2026-07",
    ),
    "volume": (
        {"chips.offered": ["own"], "chips.settings": {"own": OWN}, "sites[0].max_it_mw": 30},
        "chips.settings.own.min_racks",
        "787 racks less of own",
    ),
    "lease": (
        {
            "demand": {"workloads": [{"name": "training", "path": {"2026-01": 2000, "2026-07": 4000}}]},
            "leases": [CLOUD],
            "hall.build_months": 24,
        },
        "leases[0].available",
        "3,000 h100e more from cloud in 2026-07 and 1,000 h100e more from cloud in 2026-01",
    ),
    "land": ({"sites[0].land.acres": 15}, "sites[0].land.acres", "12 acres more at abilene"),
    "permit": ({"sites[0].max_it_mw": 25}, "sites[0].max_it_mw", "5 MW of IT more at abilene"),
    "starts": ({"hall.max_starts": 1}, "hall.max_starts", "2 halls more"),
    "starts at a site": (
        {"hall.max_starts_per_site": 1},
        "hall.max_starts_per_site",
        "2 halls more at abilene",
    ),
    "power": (
        {"sites[0].grid": {"offer_mw": {"2026-01": 20}, "loss": 0}},
        "sites[0].grid.offer_mw",
        "MW at the halls more at abilene by 2026-07",
    ),
    "budget": ({"money.budget_usd": 5e8}, "money.budget_usd", "USD more"),
    "commitment": (
        {"finance": {"sources": [{**FUND, "commit_usd": 5e8}]}},
        "finance.sources[0].commit_usd",
        "USD more from fund",
    ),
    "tranches": (
        {"finance": {"sources": [{**FUND, "tranches": {"2026-01": 1e8, "2026-07": 4e8}}]}},
        "finance.sources[0].tranches",
        "USD more from fund by 2026-07 and",
    ),
    "water": (
        {"cooling": ["dlc_tower"], "sites[0].water": {"max_m3_per_year": 10000}},
        "sites[0].water.max_m3_per_year",
        "m3 a year more at abilene",
    ),
    "carbon a year": (
        {"power": {"max_co2_t_per_year": {"2026-07": 1000}}},
        "power.max_co2_t_per_year",
        "t of CO2 a year more",
    ),
    "cost": ({"bounds": {"max_cost_usd": 5e8}}, "bounds.max_cost_usd", "USD more"),
    "carbon": ({"bounds": {"max_co2_t": 5e4}}, "bounds.max_co2_t", "t of CO2 more"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_what_is_enough_gives_a_plan(name: str) -> None:
    values, path, words = CASES[name]
    document = with_values(BASE, values)
    (limit,) = [limit for limit in refused(document) if limit.path == path and not limit.wanted]
    assert limit.message.startswith("enough would be: ")
    assert words in limit.message
    assert optimizer.solve(from_document(applied(document, limit.changes)), time_limit=30).verified


@pytest.mark.parametrize("name", ["parts", "crews", "vendor", "volume", "lease", "starts", "land"])
def test_less_than_is_said_is_not_enough(name: str) -> None:
    values, path, _ = CASES[name]
    document = with_values(BASE, values)
    (limit,) = [limit for limit in refused(document) if limit.path == path and not limit.wanted]
    for i, change in enumerate(limit.changes):
        less = Change(change.path, 0.9 * change.amount, change.unit, change.month)
        if name == "starts":
            less = Change(change.path, change.amount - 1, change.unit, change.month)
        refused(applied(document, (*limit.changes[:i], less, *limit.changes[i + 1 :])))


def test_limits_that_stand_in_the_way_together_are_told_together() -> None:
    document = with_values(BASE, {"hall.lead_items": [PARTS], "hall.crews": [CREW]})
    limits = [limit for limit in refused(document) if not limit.wanted]
    (both,) = limits
    assert {change.path for change in both.changes} == {
        "hall.lead_items[0].deliveries",
        "hall.crews[0].max_it_mw",
    }
    assert optimizer.solve(from_document(applied(document, both.changes)), time_limit=30).verified
    for change in both.changes:
        refused(applied(document, (change,)))


WANTED: dict[str, tuple[dict[str, Any], str, str]] = {
    "floor": ({"sites[0].max_it_mw": 20}, "demand.min_it_mw", "30 MW of IT wanted by 2026-07, at most 20 can be had"),
    "compute": (
        {
            "demand": {"workloads": [{"name": "training", "path": {"2026-01": 1}}]},
            "money.unserved_usd_per_h100e_hour": 1,
            "bounds": {"min_h100e_hours": 1e9},
            "sites[0].max_it_mw": 20,
        },
        "bounds.min_h100e_hours",
        "1e+09 h100e-hours wanted",
    ),
    "date": (
        {"demand": {"target_it_mw": 30}, "bounds": {"target_by": "2026-01"}, "hall.build_months": 12},
        "bounds.target_by",
        "30 MW of IT wanted by 2026-01, the earliest is 2027-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(WANTED))
def test_what_can_be_had_gives_a_plan(name: str) -> None:
    values, path, words = WANTED[name]
    document = with_values(BASE, values)
    (limit,) = [limit for limit in refused(document) if limit.path == path and limit.wanted]
    assert words in limit.message
    assert optimizer.solve(from_document(applied(document, limit.changes)), time_limit=30).verified


def test_a_target_out_of_reach_is_no_matter_of_its_date() -> None:
    values = {"demand": {"target_it_mw": 30}, "bounds": {"target_by": "2026-07"}, "sites[0].max_it_mw": 20}
    document = with_values(BASE, values)
    first, *rest = refused(document)
    assert first.path == "bounds.target_by"
    assert "can't be had in any planning period" in first.message
    assert not first.changes
    (land,) = [limit for limit in rest if limit.path == "sites[0].max_it_mw"]
    assert optimizer.solve(from_document(applied(document, land.changes)), time_limit=30).verified
