"""The shipped cases of a shock, of Arm and of the whole world: their plans keep what their scenarios say."""

from __future__ import annotations

import pytest

import optimizer
from optimizer import catalog
from optimizer.plan import Plan
from optimizer.programmes.calendar import calendar
from optimizer.programmes.demand import demand_by_period
from optimizer.report.comparison import comparison
from optimizer.scenario import Scenario

from .conftest import CONFIGS

SHOCK = CONFIGS / "deepseek-shock.yaml"


def wanted(scenario: Scenario) -> dict[str, list[float]]:
    periods = calendar(scenario.horizon, scenario.money)
    return {
        work.name: demand_by_period(scenario, work, periods).tolist() for work in scenario.demand.workloads
    }


def of_elasticity(elasticity: float) -> Scenario:
    return optimizer.load(SHOCK, {"demand.shocks[0].elasticity": elasticity})


def megawatts_of_2029(plan: Plan) -> float:
    """IT megawatts at the end of planning."""
    return float(plan.tables()["sites_by_period"].query("period == '2029-07'")["it_mw"].sum())


@pytest.fixture(scope="module")
def arm() -> Plan:
    return optimizer.solve(optimizer.load(CONFIGS / "arm.yaml"), time_limit=300, gap=0.01, threads=2)


@pytest.fixture(scope="module")
def x86() -> Plan:
    return optimizer.solve(optimizer.load(CONFIGS / "arm-x86-only.yaml"), time_limit=300, gap=0.01, threads=2)


def test_shock_of_elasticity_one_changes_nothing() -> None:
    """All that tells the two scenarios apart is what is wanted, and that is the same."""
    without = optimizer.load(SHOCK, {"demand.shocks": []})
    one = of_elasticity(1.0)
    assert wanted(one) == wanted(without)
    assert one.sites == without.sites
    assert one.chips == without.chips


@pytest.mark.parametrize(("elasticity", "times"), [(0.5, 6**-0.5), (1.7, 6**0.7)])
def test_shock_moves_what_is_wanted_from_its_date_on(elasticity: float, times: float) -> None:
    before = wanted(optimizer.load(SHOCK, {"demand.shocks": []}))
    after = wanted(of_elasticity(elasticity))
    assert {"training", "inference"} < set(before)
    for name in before:
        factor = times if name in {"training", "inference"} else 1.0
        assert after[name][:5] == before[name][:5]
        assert after[name][5:] == pytest.approx([factor * amount for amount in before[name][5:]])


def test_what_was_feared_of_deepseek_halves_stargate(stargate: Plan) -> None:
    """At an elasticity of 0.5 a factor of 6 leaves 41 % of the compute wanted: fewer halls, less money, none of them idle."""
    plan = optimizer.solve(of_elasticity(0.5), time_limit=300, gap=0.02, threads=2)
    assert plan.verified, plan.report.violations[:5]
    assert plan.objective < 0.6 * stargate.bound
    mw = [megawatts_of_2029(one) for one in (plan, stargate)]
    assert 0.25 * mw[1] < mw[0] < 0.6 * mw[1]


@pytest.mark.slow
@pytest.mark.parametrize("elasticity", [1.0, 1.7])
def test_jevons_builds_no_less_than_before(stargate: Plan, elasticity: float) -> None:
    plan = optimizer.solve(of_elasticity(elasticity), time_limit=400, gap=0.01, threads=2)
    assert plan.verified, plan.report.violations[:5]
    mw = [megawatts_of_2029(one) for one in (plan, stargate)]
    if elasticity == 1.0:
        assert plan.objective == pytest.approx(stargate.objective, rel=0.016)
        assert mw[0] == pytest.approx(mw[1], rel=0.05)
    else:
        assert mw[0] > 1.1 * mw[1]


def test_arm_keeps_vendor_share_and_least_order(arm: Plan) -> None:
    assert arm.verified, arm.report.violations[:5]
    bought = arm.tables()["chips_bought"]
    racks = bought.groupby("chip")["racks"].sum()
    assert racks.get("own_accelerator", 2000.0) >= 2000
    assert racks.get("own_cpu_rack", 500.0) >= 500
    nvidia = bought[bought["chip"].isin(["gb300_nvl72", "vera_rubin_nvl144"])]["usd"].sum()
    assert 0 < nvidia <= 0.6 * bought["usd"].sum() * (1 + 1e-9)


def test_arm_does_the_work_of_cpus_on_cpus(arm: Plan) -> None:
    work = arm.tables()["work"]
    done = work[work["workload"] == "cpu"]
    assert len(done)
    assert {"arm_cpu_rack", "arm_agi_rack", "x86_cpu_rack", "own_cpu_rack"} & set(done["chip"])
    others = set(work.loc[work["workload"] != "cpu", "chip"])
    assert not others & {"arm_cpu_rack", "arm_agi_rack", "x86_cpu_rack", "own_cpu_rack"}


def test_a_choice_of_arm_costs_nothing(arm: Plan, x86: Plan) -> None:
    """Law: what may be bought beside the rest never hurts."""
    assert x86.verified, x86.report.violations[:5]
    assert arm.bound <= x86.objective
    assert arm.objective <= x86.objective * (1 + arm.gap)
    assert not {"arm_cpu_rack", "arm_agi_rack"} & set(x86.tables()["chips_bought"]["chip"])


def test_world_keeps_data_and_new_chips_where_they_may_be(world: Plan) -> None:
    countries = {site.name: site.country for site in world.scenario.sites}
    countries |= {lease.name: lease.country for lease in world.scenario.leases}
    answered = [(one.region, countries[one.site]) for one in world.content.served if one.region]
    assert {country for region, country in answered if region == "europe"} <= {"GB", "DE"}
    assert {country for region, country in answered if region == "south-asia"} == {"IN"}
    allies = {"US", "CA", "GB", "DE", "JP", "KR", "AU"}
    builds = world.builds
    newest = builds.loc[builds["chip"] == "vera_rubin_nvl144", "site"]
    assert len(newest)
    assert {countries[site] for site in newest} <= allies
    assert {countries[site] for site in builds["site"]} - allies, "older chips stand elsewhere"


def test_world_rents_compute_where_the_grid_makes_it_wait(world: Plan) -> None:
    leases = world.tables()["leases_by_period"]
    assert {"neocloud-europe"} == set(leases["lease"])
    assert (leases["running"] <= 40_000 * (1 + 1e-9)).all()
    demand = world.tables()["demand"].query("region == 'europe' and period == '2028-07'")
    assert demand["served"].sum() == pytest.approx(40_000, rel=1e-6)


def test_world_reads_local_money(world: Plan) -> None:
    prices = {site.name: site.price.flat_usd_per_mwh for site in world.scenario.sites}
    assert prices["london"] == pytest.approx(114 * 1.32)
    assert prices["frankfurt"] == pytest.approx(106 * 1.13)
    assert prices["tokyo"] == pytest.approx(21_000 * 0.0067)
    assert prices["sydney"] == pytest.approx(147 * 0.645)
    rents = {s.name: s.build_to_suit.usd_per_kw_month for s in world.scenario.sites if s.build_to_suit}
    assert rents == pytest.approx({"tokyo": 19_000 * 0.0067, "singapore": 200.0})


def test_world_stands_on_six_continents(world: Plan) -> None:
    assert set(world.builds["site"]) <= {site.name for site in world.scenario.sites}
    countries = {site.name: site.country for site in world.scenario.sites}
    assert {"US", "DE", "IN", "ZA", "AU", "BR"} <= {countries[site] for site in world.builds["site"]}
    assert all(site.weather in set(catalog.weather_ids()) for site in world.scenario.sites)


def test_a_comparison_says_the_cost_of_compute_that_each_plan_says(arm: Plan, x86: Plan) -> None:
    """Servers of processors count in a unit of their own, here as there."""
    found = comparison(arm, x86).figures.set_index("figure").loc["levelised cost of compute"]
    for plan, column in ((arm, "first"), (x86, "second")):
        table = plan.tables()["levelised_by_generation"]
        assert found[column] == pytest.approx(table.loc[table["chip"] == "", "usd_per_unit_hour"].iloc[0])
