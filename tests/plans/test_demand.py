"""Demand that grows, becomes cheaper, is bound to countries: the shipped minimal case with more said of its work."""

from __future__ import annotations

from typing import Any

import pytest

import optimizer
from optimizer.plan import Plan
from optimizer.scenario import ScenarioError

from .conftest import CONFIGS

GAP = 1e-6
BASE = CONFIGS / "minimal.yaml"
TRAINING, INFERENCE = "demand.workloads[training]", "demand.workloads[inference]"
SHOCK = {"date": "2028-01", "factor": 6.0}


def solved(settings: dict[str, Any]) -> Plan:
    plan = optimizer.solve(optimizer.load(BASE, settings), time_limit=120, gap=GAP)
    assert plan.verified, plan.report.violations[:3]
    assert plan.status == "optimal"
    return plan


def wanted(settings: dict[str, Any], workload: str = "training") -> dict[str, float]:
    frame = solved(settings).tables()["demand"]
    rows = frame[frame["workload"] == workload].groupby("period")["demand"].sum()
    return {str(period): float(amount) for period, amount in rows.items()}


@pytest.fixture(scope="module")
def base() -> Plan:
    return solved({"demand.min_it_mw": {}})


@pytest.mark.parametrize(("elasticity", "times"), [(0.5, 6**-0.5), (1.0, 1.0), (1.7, 6**0.7)])
def test_shock_changes_compute_by_factor_to_the_elasticity_less_one(elasticity: float, times: float) -> None:
    one = {"demand.min_it_mw": {}, f"{TRAINING}.path": {"2027-07": 1.0e5}}
    before = wanted(one)
    after = wanted({**one, "demand.shocks": [{**SHOCK, "elasticity": elasticity}]})
    for period, amount in after.items():
        assert amount == pytest.approx(before[period] * (times if period >= "2028-01" else 1.0))


def test_shock_at_elasticity_one_leaves_spending_unchanged(base: Plan) -> None:
    plan = solved({"demand.min_it_mw": {}, "demand.shocks": [{**SHOCK, "elasticity": 1.0}]})
    assert plan.objective == pytest.approx(base.objective, rel=2 * GAP)
    spent = [p.tables()["money_by_period"].groupby("line")["usd"].sum() for p in (base, plan)]
    assert spent[1].to_dict() == pytest.approx(spent[0].to_dict(), rel=1e-6, abs=1e4)


@pytest.mark.parametrize(("elasticity", "dearer"), [(0.5, False), (1.7, True)])
def test_shock_moves_spending_the_way_the_elasticity_says(
    elasticity: float, dearer: bool, base: Plan
) -> None:
    plan = solved({"demand.min_it_mw": {}, "demand.shocks": [{**SHOCK, "elasticity": elasticity}]})
    assert (plan.objective > base.objective) == dearer


def test_growth_and_efficiency_run_from_each_date_of_the_path() -> None:
    settings = {
        "demand.min_it_mw": {},
        f"{TRAINING}.path": {"2027-01": 1.0e5, "2028-01": 1.2e5},
        f"{TRAINING}.growth_per_year": 0.4,
        f"{TRAINING}.efficiency_gain_per_year": 3.0,
        f"{TRAINING}.elasticity": 0.8,
    }
    found = wanted(settings)
    yearly = 1.4 * 3.0**-0.2
    assert found["2027-01"] == pytest.approx(1.0e5 * yearly**0.25)
    assert found["2027-07"] == pytest.approx(1.0e5 * yearly**0.75)
    assert found["2028-01"] == pytest.approx(1.2e5 * yearly**0.25)
    assert found["2031-01"] == found["2028-07"]  # the last planning period's demand holds on


def test_tokens_are_worth_their_operations() -> None:
    # Two operations for each of 37 billion active parameters; an H100 at 20 % of 989.5 TFLOP/s.
    tokens = {"demand.min_it_mw": {}, f"{INFERENCE}.path": {"2027-07": 1.0e8}}
    tokens |= {f"{INFERENCE}.unit": "tokens_per_s", f"{INFERENCE}.flop_per_token": 74e9}
    found = wanted(tokens, "inference")
    assert found["2027-07"] == pytest.approx(1.0e8 * 74e9 / (989.5e12 * 0.20))


def test_tokens_without_operations_are_refused() -> None:
    with pytest.raises(ScenarioError, match="flop_per_token"):
        optimizer.load(BASE, {f"{INFERENCE}.unit": "tokens_per_s"})


def test_work_stays_in_its_countries(base: Plan) -> None:
    sites = {site.name: site.country for site in base.scenario.sites}
    assert set(sites.values()) == {"US"}
    plan = solved(
        {
            "demand.min_it_mw": {},
            "sites[abilene].country": "CA",
            "sites[abilene].market": "us-tx",
            f"{TRAINING}.served_from": ["US"],
        }
    )
    given = {s.site for s in plan.content.served if s.workload == "training"}
    assert given <= {"port-washington"}
    assert plan.objective >= base.objective * (1 - 2 * GAP)


def test_distance_costs(base: Plan) -> None:
    plan = solved({"demand.min_it_mw": {}, f"{INFERENCE}.serving_usd_per_h100e_hour_1000km": 0.05})
    lines = plan.tables()["money_by_period"].groupby("line")["usd"].sum()
    assert lines["serving"] > 0
    assert plan.objective >= base.objective * (1 - 2 * GAP)


def test_a_workload_has_its_own_price_of_shortage(base: Plan) -> None:
    plan = solved({"demand.min_it_mw": {}, f"{TRAINING}.unserved_usd_per_h100e_hour": 0.01})
    short, before = (p.tables()["demand"].groupby("workload")["unserved"].sum() for p in (plan, base))
    assert short["training"] > 2 * before["training"]
    money = plan.tables()["money_by_period"]
    price = {"training": 0.01, "inference": 4.0}
    paid = sum(short[name] * usd for name, usd in price.items()) * 8760 / 2
    assert money[money["line"] == "unserved"]["usd"].sum() == pytest.approx(paid, rel=1e-6)
