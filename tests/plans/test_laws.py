"""Laws of whole scenarios: a looser limit never costs more, dearer inputs never make it cheaper."""

from __future__ import annotations

from typing import Any

import pytest

import optimizer
from optimizer.plan import Plan

from .conftest import CONFIGS

GAP = 1e-6
BASE = CONFIGS / "minimal.yaml"


def solved(**settings: Any) -> Plan:
    overrides = {key.replace("__", "."): value for key, value in settings.items()}
    plan = optimizer.solve(optimizer.load(BASE, overrides), time_limit=120, gap=GAP)
    assert plan.verified, plan.report.violations[:3]
    assert plan.status == "optimal"
    short = plan.bound <= plan.objective * (1 + 1e-9)
    assert short if plan.record.sense == "min" else plan.bound >= plan.objective * (1 - 1e-9)
    return plan


@pytest.fixture(scope="module")
def base() -> Plan:
    return solved()


DEARER = {
    "higher floor": {"demand__min_it_mw": {"2028-01": 550}},
    "fewer starts": {"hall__max_starts_per_site": 2},
    "dearer halls": {"hall__capex_scale": 1.2},
    "dearer energy": {"sites[abilene]__price__adder_usd_per_mwh": 40},
    "carbon price": {"money__carbon_usd_per_t": 100},
    "one chip only": {"chips__offered": ["vera_rubin_nvl144"], "chips__supply_racks": {}},
    "no running on": {"chips__run_on": False},
    "no refresh": {"chips__refresh": "none"},
    "one cooling system": {"cooling": ["dlc_tower"]},
    "less land": {"sites[abilene]__land__acres": 150},
    "sales tax": {"sites[abilene]__tax__sales_exempt": False},
    "minimum take": {"sites[abilene]__grid__min_take": 1.0},
    "less water": {"sites[abilene]__water__max_m3_per_year": 0.0},
    "closer service": {"demand__workloads[inference]__max_rtt_ms": 12},
    "more demand": {"demand__workloads[training]__path": {"2027-07": 2.0e5, "2028-01": 6.0e5}},
    "a costly source": {
        "finance__sources": [
            {"name": "fund", "kind": "equity", "cost": 0.15, "funds": ["land", "facility", "power", "chips"]}
        ]
    },
}


@pytest.mark.parametrize("name", DEARER)
def test_tighter_or_dearer_never_costs_less(name: str, base: Plan) -> None:
    assert solved(**DEARER[name]).objective >= base.objective * (1 - 3 * GAP)


def test_cheap_money_costs_less(base: Plan) -> None:
    source = {
        "name": "loan",
        "kind": "debt",
        "rate": 0.05,
        "loan_to_cost": 0.6,
        "funds": ["facility", "chips"],
    }
    rest = {"name": "own", "kind": "equity", "cost": 0.08, "funds": ["land", "facility", "power", "chips"]}
    plan = solved(finance__sources=[source, rest])
    assert plan.objective < base.objective
    drawn = plan.tables()["sources_and_uses"]
    assert drawn[drawn["source"] == "loan"]["usd"].sum() > 0


def test_more_money_buys_more_compute() -> None:
    compute = [
        solved(objective="maximize_compute", money__budget_usd=budget, demand__min_it_mw={}).objective
        for budget in (4e9, 8e9, 16e9)
    ]
    assert compute[0] < compute[1] < compute[2]


def test_what_stands_must_be_served_by_its_site() -> None:
    block = {"online": "2026-01", "it_mw": 40, "chip": "gb200_nvl72", "cooling": "dlc_dry"}
    settings = {"sites[abilene]__grid__offer_mw": {"2026-01": 60, "2026-07": 100, "2027-07": 400}}
    plan = solved(**{"sites[abilene]__existing": [block]}, **settings)
    rows = plan.builds
    assert rows[rows["action"] == "existing"]["it_mw"].tolist() == [40.0]


@pytest.mark.parametrize("months", [1, 3, 12])
def test_other_periods(months: int) -> None:
    count = {1: 24, 3: 10, 12: 4}[months]
    plan = solved(
        horizon__months_per_period=months,
        horizon__periods=count,
        demand__min_it_mw={"2027-10": 100} if months < 12 else {"2028-01": 100},
        demand__workloads=[
            {"name": "training", "path": {"2027-10": 5.0e4} if months < 12 else {"2028-01": 5.0e4}}
        ],
    )
    assert plan.tables()["sites_by_period"]["it_mw"].max() >= 100
