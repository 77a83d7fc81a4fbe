"""Money in plans: leases beside owning, tax, raises and tranches, currencies."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

import optimizer
from optimizer.plan import Plan
from optimizer.scenario import ScenarioError

from .conftest import CONFIGS

GAP = 1e-6
BASE = CONFIGS / "minimal.yaml"
ALL = ["land", "facility", "power", "chips"]


def solved(settings: dict[str, Any]) -> Plan:
    plan = optimizer.solve(optimizer.load(BASE, settings), time_limit=120, gap=GAP)
    assert plan.verified, plan.report.violations[:3]
    assert plan.status == "optimal"
    return plan


@pytest.fixture(scope="module")
def base() -> Plan:
    return solved({})


# Leases

CLOUD = {
    "name": "cloud",
    "available": {"2027-01": 1.0e5},
    "usd_per_h100e_hour": 1.5,
    "months": 24,
    "take_or_pay": 0.6,
    "exit_after_months": 12,
    "exit_fee_months": 3,
    "lat": 32.9,
    "lon": -97.0,
}


def test_a_cheap_cloud_is_used_and_a_dear_one_is_not(base: Plan) -> None:
    cheap = solved({"leases": [{**CLOUD, "usd_per_h100e_hour": 0.2}], "demand.min_it_mw": {}})
    assert cheap.content.contracts
    assert cheap.objective < base.objective
    served = sum(s.amount for s in cheap.content.served if s.site == "cloud")
    assert served > 0
    dear = solved({"leases": [{**CLOUD, "usd_per_h100e_hour": 50}]})
    assert not dear.content.contracts
    assert dear.objective == pytest.approx(base.objective, rel=3 * GAP)


def test_one_contract_by_hand() -> None:
    """All work leased: no hall can be built in time, and the price of shortage is above the lease's."""
    early = {
        "horizon": {"start": "2026-01", "periods": 2, "months_per_period": 6, "operate_until": "2027-12"},
        "demand.min_it_mw": {},
        "demand.workloads": [{"name": "training", "path": {"2026-01": 1000}}],
        "leases": [
            {
                **CLOUD,
                "available": {"2026-01": 800},
                "months": 12,
                "exit_after_months": None,
                "take_or_pay": 1.0,
            }
        ],
        "chips.supply_racks": {},
        "chips.offered": ["gb300_nvl72"],
    }
    plan = solved(early)
    half_year = 8760 / 2
    lines = plan.tables()["money_by_period"].groupby("line")["usd"].sum()
    assert lines["lease"] == pytest.approx(800 * 1.5 * half_year * 4)
    assert lines["unserved"] == pytest.approx(200 * 4 * half_year * 4)


def test_an_exit_costs_its_fee() -> None:
    settings = {
        "leases": [
            {**CLOUD, "months": 60, "take_or_pay": 1.0, "exit_fee_months": 6, "usd_per_h100e_hour": 1.0}
        ],
        "demand.min_it_mw": {},
    }
    plan = solved(settings)
    left = [c for c in plan.content.contracts if c.end < c.first + 10 and c.end < plan.accounts.times.count]
    lines = plan.tables()["money_by_period"].groupby("line")["usd"].sum()
    fee = sum(c.amount * 1.0 * 8760 / 12 * 6 for c in left)
    assert lines.get("lease_exit", 0.0) == pytest.approx(fee, rel=1e-9, abs=1.0)


def test_a_developer_s_hall_beside_one_s_own(base: Plan) -> None:
    offer = {"usd_per_kw_month": 40, "years": 15, "exit_fee_months": 12}
    cheap = solved({"hall.build_to_suit": offer})
    assert any(life.leased for life in cheap.content.lives)
    lines = cheap.tables()["money_by_period"].groupby("line")["usd"].sum()
    assert lines["rent"] > 0
    assert cheap.objective < base.objective
    dear = solved({"hall.build_to_suit": {**offer, "usd_per_kw_month": 1500}})
    assert not any(life.leased for life in dear.content.lives)
    assert dear.objective == pytest.approx(base.objective, rel=3 * GAP)


# Tax


def test_tax_on_cash_flow_scales_all_costs(base: Plan) -> None:
    """With everything written off at once a tax takes its share of every cost: the plan stays, land apart."""
    no_land = {"sites[abilene].land.usd_per_acre": 0, "sites[port-washington].land.usd_per_acre": 0}
    plain = solved(no_land)
    tax = {"money.income_tax": {"rate": 0.25, "bonus_share": 1.0}, "hall.capex_scale": 1e-6}
    bare = solved({**no_land, "hall.capex_scale": 1e-6})
    taxed = solved({**no_land, **tax})
    # Without the shell, which is written off over 39 years, nothing is left that tax treats otherwise.
    assert taxed.objective == pytest.approx(0.75 * bare.objective, rel=1e-5)
    dearer = solved({**no_land, "money.income_tax": {"rate": 0.25, "bonus_share": 0.0}})
    sooner = solved({**no_land, "money.income_tax": {"rate": 0.25, "bonus_share": 1.0}})
    assert 0.75 * plain.objective < sooner.objective < dearer.objective < plain.objective


# Raises and tranches


def sources(**terms: Any) -> dict[str, Any]:
    return {"finance.sources": [{"name": "fund", "kind": "equity", "cost": 0.09, "funds": ALL, **terms}]}


def drawn(plan: Plan, until: str) -> float:
    """Nominal dollars drawn in periods before a month."""
    times = plan.accounts.times
    return sum(
        d.usd / float(times.deflator[d.period]) for d in plan.content.draws if times.labels[d.period] < until
    )


def test_money_that_comes_later_builds_later(base: Plan) -> None:
    free = {"demand.min_it_mw": {}}
    at_once = solved({**free, **sources(commit_usd=8.0e10)})
    rounds = [{"date": "2026-01", "usd": 3.0e9}, {"date": "2027-07", "usd": 7.7e10, "fee_share": 0.02}]
    later = solved({**free, **sources(raises=rounds)})
    assert drawn(later, "2027-07") <= 3.0e9 * (1 + 1e-9)
    assert later.objective > at_once.objective


def test_a_round_waits_for_its_condition() -> None:
    free = {"demand.min_it_mw": {}}
    rounds = [{"date": "2026-01", "usd": 4.0e9}, {"date": "2026-07", "usd": 7.6e10}]
    open_round = solved({**free, **sources(raises=rounds)})
    rounds[1]["after"] = {"online_mw": 50}
    waiting = solved({**free, **sources(raises=rounds)})
    assert waiting.objective >= open_round.objective * (1 - 2 * GAP)
    online = waiting.tables()["sites_by_period"].groupby("period")["it_mw"].sum()
    first = min(online[online >= 50].index, default="2029-01")
    assert drawn(waiting, first) <= 4.0e9 * (1 + 1e-9)


def test_tranches_that_lapse() -> None:
    free = {"demand.min_it_mw": {}}
    tranches = {"2026-01": 2.0e10, "2027-01": 2.0e10, "2028-01": 2.0e10}
    carried = solved({**free, **sources(tranches=tranches)})
    lapsing = solved({**free, **sources(tranches=tranches, tranche_months=12)})
    assert lapsing.objective >= carried.objective * (1 - 2 * GAP)
    times = lapsing.accounts.times
    by_year: dict[str, float] = {}
    for d in lapsing.content.draws:
        year = times.labels[d.period][:4]
        by_year[year] = by_year.get(year, 0.0) + d.usd / float(times.deflator[d.period])
    assert all(usd <= 2.0e10 * (1 + 1e-9) for usd in by_year.values())


def test_removing_a_source_never_helps() -> None:
    fund = {"name": "fund", "kind": "equity", "cost": 0.10, "commit_usd": 3.0e10, "funds": ALL}
    lent = ["land", "facility", "power"]
    bank = {"name": "bank", "kind": "debt", "rate": 0.06, "loan_to_cost": 0.6, "funds": lent}
    cloud = {"name": "vendor", "kind": "vendor", "cost": 0.09, "commit_usd": 1.0e10, "funds": ["chips"]}
    free = {"demand.min_it_mw": {}}
    every = solved({**free, "finance.sources": [fund, bank, cloud]})
    for rest in ([fund, bank], [fund, cloud], [bank, cloud]):
        fewer = solved({**free, "finance.sources": rest})
        assert fewer.objective >= every.objective * (1 - 2 * GAP)


def test_more_budget_never_costs_compute() -> None:
    most = [
        solved({"objective": "maximize_compute", "money.budget_usd": usd, "demand.min_it_mw": {}}).objective
        for usd in (3e9, 6e9, 1.2e10, 2.4e10)
    ]
    assert all(later >= earlier * (1 - 2 * GAP) for earlier, later in pairwise(most))


# Currencies


def test_money_in_another_currency(base: Plan) -> None:
    settings = {
        "money.currencies": {"EUR": 1.25},
        "sites[abilene].price.adder_usd_per_mwh": "11.2 EUR/MWh",
        "sites[abilene].land.usd_per_acre": "9600 EUR/acre",
    }
    plan = solved(settings)
    assert plan.objective == pytest.approx(base.objective, rel=3 * GAP)


@pytest.mark.parametrize(
    ("settings", "code", "path", "words"),
    [
        (
            sources(tranches={"2026-01": 1e9, "2026-07": 1e9}, tranche_months=12),
            "E214",
            "tranches",
            "expected 2027-01 or later, as it overlaps the tranche of 2026-01, which may be drawn for 12 months, found 2026-07",
        ),
        (sources(commit_usd=1e9, until="2025-06"), "E205", "until", "expected 2026-01 or later, the start"),
        (
            {
                "finance.sources": [
                    {"name": "b", "kind": "debt", "rate": 0.05, "loan_to_cost": 1.2, "funds": ALL}
                ]
            },
            "E104",
            "loan_to_cost",
            "at most 1",
        ),
        (
            {"finance.sources": [{"name": "b", "kind": "debt", "rate": 0.05, "min_dscr": 1.2, "funds": ALL}]},
            "E212",
            "min_dscr",
            "revenue",
        ),
        ({"chips.offered": ["gb400"]}, "E201", "chips.offered", "unknown chip"),
        ({"chips.settings.gb300_nvl72.release": "2040-01"}, "E205", "release", "after the horizon"),
        (
            {"demand.workloads[training].path": {"2028-01": 2.0, "2027-01": 1.0}},
            "E106",
            "path",
            "out of order",
        ),
        ({"money.budget_usd": "5 B EUR"}, "E106", "budget_usd", "currency with a rate"),
    ],
)
def test_bad_money_is_named(settings: dict[str, Any], code: str, path: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        optimizer.load(BASE, settings)
    problem = next(p for p in caught.value.problems if p.code == code)
    assert path in problem.path
    assert words in problem.message
