"""Variants of the small scenario that ask for what is seldom asked: each has a plan that the check confirms, or a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import optimizer
from optimizer.cli.entry import invoke
from optimizer.plan import Plan
from optimizer.planning.infeasible import InfeasibleError
from optimizer.scenario import ScenarioError

from .conftest import CONFIGS

EQUITY = {"name": "own", "kind": "equity", "cost": 0.12, "funds": ["land", "facility", "power", "chips"]}
BANK = {"name": "bank", "kind": "debt", "rate": 0.06, "loan_to_cost": 0.6, "funds": ["facility"]}
MOST_COMPUTE = {"objective": "maximize_compute", "money.budget_usd": 3e9, "demand.min_it_mw": None}


def solved(**overrides: Any) -> Plan:
    plan = optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", overrides=overrides), time_limit=60)
    assert plan.verified, plan.report.violations[:3]
    return plan


def test_chips_with_dates_of_their_own() -> None:
    late = solved(
        **{"chips.settings": {"vera_rubin_nvl144": {"release": "2028-03"}}, "demand.min_it_mw": None}
    )
    starts = late.builds.query("chip == 'vera_rubin_nvl144' and action == 'online'")["period"]
    assert (starts >= "2028-07").all()
    gone = solved(**{"chips.settings": {"gb300_nvl72": {"last_sale": "2027-06"}}})
    bought = gone.tables()["chips_bought"].query("chip == 'gb300_nvl72'")["period"]
    assert (bought <= "2027-01").all()


def test_building_nothing_is_a_plan(tmp_path: Path) -> None:
    arguments = ["--set", "demand.min_it_mw=null", "--set", "money.unserved_usd_per_h100e_hour=0.3"]
    run = tmp_path / "run"
    assert invoke(["run", str(CONFIGS / "minimal.yaml"), *arguments, "--out", str(run)]) == 0
    assert "The plan builds nothing" in (run / "report.html").read_text()
    assert (run / "plan.xlsx").stat().st_size > 0
    assert invoke(["verify", str(run)]) == 0


def test_megawatts_alone_may_be_asked_for() -> None:
    plan = solved(**{"demand.workloads": []})
    assert plan.tables()["sites_by_period"].groupby("period")["it_mw"].sum()["2028-01"] == 400
    assert plan.tables()["work"].empty


@pytest.mark.parametrize("key", ["hall.build_months", "sites"])
def test_no_hall_in_time_is_infeasible(key: str) -> None:
    overrides: dict[str, Any] = {"hall.build_months": 60}
    if key == "sites":
        names = ("abilene", "port-washington")
        overrides = {f"sites[{name}].available_from": "2028-07" for name in names}
    with pytest.raises(InfeasibleError, match=r"400 MW of IT wanted.*(no|first) hall can be in operation"):
        solved(**overrides)


def test_a_source_that_opens_late_is_not_drawn_before() -> None:
    late = {"name": "late", "kind": "lease", "cost": 0.01, "from": "2027-08", "funds": ["chips"]}
    plan = solved(**{"finance.sources": [EQUITY, late]})
    drawn = plan.tables()["sources_and_uses"].query("source == 'late' and usd > 1")
    assert len(drawn)
    assert drawn["period"].min() >= "2028-01"
    with pytest.raises(optimizer.ScenarioError, match="expected 2028-07 or earlier"):
        solved(**{"finance.sources": [EQUITY, {**late, "from": "2028-08"}]})


def test_no_draw_after_the_last_month() -> None:
    cheap = {**EQUITY, "name": "cheap", "cost": 0.05, "until": "2027-02"}
    draws = solved(**{"finance.sources": [EQUITY, cheap]}).tables()["sources_and_uses"]
    assert draws.query("source == 'cheap' and usd > 1")["period"].max() == "2027-01"


def test_land_is_bought_where_halls_are_started() -> None:
    """Most compute does not pay, cheap debt lends on land, discounts may rise: no site opens without a hall for it."""
    lends = {**BANK, "rate": 0.0, "loan_to_cost": 0.8, "funds": ["land", "facility"]}
    for overrides in (
        {**MOST_COMPUTE, "finance.sources": [EQUITY]},
        {"finance.sources": [EQUITY, lends]},
        {"money.wacc": 0.0, "money.inflation": 0.025},
    ):
        plan = solved(**overrides)
        used = set(plan.builds["site"])
        land = plan.tables()["capex_by_class"].query("asset_class == 'land' and usd > 0")
        assert len(land) <= len(used)


def test_most_compute_is_billed_for_what_it_uses() -> None:
    plan = solved(**MOST_COMPUTE)
    billed = plan.tables()["power"]["mwh"].sum()
    assert billed == pytest.approx(plan.tables()["sites_by_period"]["energy_mwh"].sum(), rel=1e-6)


def test_cover_asks_nothing_of_a_source_that_is_not_drawn() -> None:
    """Equity that pays for everything, and a bank whose cover no revenue could carry."""
    demanding = {**BANK, "rate": 0.2, "min_dscr": 5.0}
    revenue = {"money.revenue_usd_per_h100e_hour": 0.1}
    alone = solved(**{"finance.sources": [EQUITY], **revenue})
    plan = solved(**{"finance.sources": [EQUITY, demanding], **revenue})
    assert plan.objective == pytest.approx(alone.objective, rel=0.006)
    assert "bank" not in set(plan.tables()["sources_and_uses"].query("usd > 1e4")["source"])


def test_every_kind_of_shortfall_is_named() -> None:
    """More power and more compute than can be had: both are said."""
    with pytest.raises(InfeasibleError) as caught:
        solved(**{"demand.min_it_mw": {"2028-01": 5000}, "demand.workloads[training].path": {"2027-07": 1e8},
                  "money.unserved_usd_per_h100e_hour": None})  # fmt: skip
    paths = [limit.path for limit in caught.value.limits if limit.wanted]
    assert any(path == "demand.min_it_mw" for path in paths)
    assert any(path.startswith("demand.workloads") for path in paths)


def test_out_of_reach_is_said() -> None:
    """By the line of the key; and by the plan that does not exist, where a program has made the scenario."""
    must = {"money.unserved_usd_per_h100e_hour": None}
    with pytest.raises(
        ScenarioError, match=r"max_rtt_ms: texas must be served, and nothing lies within 0.001 ms"
    ):
        solved(**{"demand.workloads[inference].max_rtt_ms": 0.001}, **must)
    scenario = optimizer.load(CONFIGS / "minimal.yaml", overrides=must)
    work = [
        w.model_copy(update={"max_rtt_ms": 0.001}) if w.max_rtt_ms else w for w in scenario.demand.workloads
    ]
    demand = scenario.demand.model_copy(update={"workloads": tuple(work)})
    with pytest.raises(InfeasibleError, match="no site lies within the workload's max_rtt_ms"):
        optimizer.solve(scenario.model_copy(update={"demand": demand}), time_limit=60)
