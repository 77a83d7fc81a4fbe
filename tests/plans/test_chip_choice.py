"""Which chips do which work and stand in which hall: memory, rack power, cooling, processors, early refresh; both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer import catalog
from optimizer.plan import Plan, check
from optimizer.plan.chip_facts import chip_facts
from optimizer.plan.times import times
from optimizer.plan.wanted import wanted
from optimizer.programmes.calendar import calendar
from optimizer.programmes.chips import chips_in, rack_usd, yields
from optimizer.programmes.demand import demand_by_period
from optimizer.scenario import ScenarioError

from .conftest import CONFIGS

GAP = 1e-6
BASE = CONFIGS / "minimal.yaml"
FREE: dict[str, Any] = {"chips.supply_racks": {}, "demand.min_it_mw": {}}


def loaded(settings: dict[str, Any]) -> optimizer.Scenario:
    return optimizer.load(BASE, settings)


def solved(settings: dict[str, Any]) -> Plan:
    plan = optimizer.solve(loaded(settings), time_limit=120, gap=GAP)
    assert plan.verified, plan.report.violations[:3]
    assert plan.status == "optimal"
    return plan


def broken(plan: Plan, settings: dict[str, Any], content: Any = None) -> set[str]:
    """Limits that a plan breaks under other settings."""
    scenario = loaded(settings)
    designs = optimizer.evaluate(scenario).designs
    report = check(scenario, designs, plan.content if content is None else content, supply=plan.supply)
    return {violation.rule for violation in report.violations}


@pytest.fixture(scope="module")
def base() -> Plan:
    return solved(FREE)


# Both sides alike


ALL_WORK = [{"name": name, "path": {"2027-07": 100}} for name in ("training", "batch", "cpu", "chat")]
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "sparse racks": {"chips_per_rack": 36, "host": "vera"},
    "generation": {"release": "2029-01", "flops_per_watt_gain_per_year": 0.4, "it_kw_per_rack": 300},
    "cheaper": {"release": "2029-01", "usd_per_flops_decline_per_year": 0.3, "fp8_tflops": 9000},
    "both": {
        "release": "2028-01",
        "usd_per_flops_decline_per_year": 0.3,
        "flops_per_watt_gain_per_year": 0.4,
        "chips_per_rack": 144,
        "bf16_tflops": 6000,
        "host": "x86",
    },
    "broken often": {"failures_per_chip_year": 4.0, "repair_hours": 300},
    "own": {"family": "f", "cooling": "either", "hbm_gb": 60, "cpu_chips": 0.7, "vendor": "Own"},
    "earlier": {"release": "2024-01", "flops_per_watt_gain_per_year": 0.4, "last_sale": "2030-01"},
}


@pytest.mark.parametrize("based_on", ["gb300_nvl72", "trainium2", "tpu_v6e", "arm_cpu_rack", "x86_cpu_rack"])
@pytest.mark.parametrize("metric", ["h100e", "h100e_8bit", "pflops"])
def test_programmes_and_check_read_the_same_of_a_chip(based_on: str, metric: str) -> None:
    for name, values in VARIANTS.items():
        own = {"based_on": based_on, **values}
        if "cpu" in based_on:
            own.pop("host", None)
        if based_on == "trainium2" and "cooling" in own:
            own["liquid_share"] = 0.5
        settings = {
            "chips.offered": ["gb300_nvl72", "own"],
            "chips.settings.own": own,
            "chips.price_cut_per_generation": 0.1,
            "cooling": ["dlc_dry", "air_chiller"],
            "demand.metric": metric,
            "demand.workloads": [
                *ALL_WORK,
                {"name": "precise", "path": {"2027-07": 1}, "precision": "fp4", "cluster_chips": 9000},
                {"name": "big", "path": {"2027-07": 1}, "min_memory_gb": 100},
                {"name": "jobs", "kind": "cpu", "path": {"2027-07": 1}, "precision": "fp8"},
            ],
            "horizon.operate_until": "2036-12",
        }
        scenario = loaded(settings)
        chip = next(c for c in chips_in(scenario) if c.id == "own")
        fact = chip_facts(scenario)["own"]
        for programme, checked in (
            (chip.it_kw_per_rack, fact.it_kw_per_rack),
            (chip.availability, fact.availability),
            (chip.restart_share, fact.stopped_share),
            (chip.embodied_kg * chip.chips_per_rack, fact.embodied_kg_per_rack),
            (chip.life_years, fact.life_years),
        ):
            assert programme == pytest.approx(checked, rel=1e-12), name
        assert (chip.family, chip.vendor, chip.cooling, chip.last_sale, chip.release) == (
            fact.family, fact.vendor, fact.cooling, fact.last_sale, fact.release
        )  # fmt: skip
        years = np.arange(2025.0, 2036.0, 0.25)
        assert rack_usd(chip, years) == pytest.approx([fact.rack_usd_at(y) for y in years], rel=1e-12)
        made = yields(chip, 7, scenario.demand.workloads, metric)
        expected = [fact.yield_of(7, w, False) for w in scenario.demand.workloads]
        assert made == pytest.approx(expected, rel=1e-12), name


# Memory


def test_work_needs_memory(base: Plan) -> None:
    """GB300 holds 287.5 GB (Epoch AI), Rubin 288."""
    before = base.tables()["work"].query("workload == 'training'")
    assert "gb300_nvl72" in set(before["chip"])
    wants = {**FREE, "demand.workloads[training].min_memory_gb": 288}
    plan = solved(wants)
    work = plan.tables()["work"]
    assert set(work.query("workload == 'training'")["chip"]) == {"vera_rubin_nvl144"}
    assert plan.objective > base.objective
    assert broken(base, wants)  # their GB300 train no more
    same = solved({**FREE, "demand.workloads[training].min_memory_gb": 287})
    assert same.objective == pytest.approx(base.objective, rel=3 * GAP)


def test_memory_that_nobody_has_is_refused() -> None:
    with pytest.raises(ScenarioError, match="the most is 288 GB, found 500"):
        loaded({"demand.workloads[training].min_memory_gb": 500})
    loaded(
        {
            "demand.workloads[training].min_memory_gb": 500,
            "chips.settings.vera_rubin_nvl144.hbm_gb": 512,
        }
    )


# Rack power


def chips_used(plan: Plan) -> set[str]:
    return {stage.chip for life in plan.content.lives for stage in life.stages}


def test_racks_that_halls_do_not_take() -> None:
    cheap = {**FREE, "chips.settings.vera_rubin_nvl144.rack_price_usd": 4.0e6}
    free = solved(cheap)
    assert "vera_rubin_nvl144" in chips_used(free)
    racks = {**cheap, "hall.max_rack_kw": 150}
    plan = solved(racks)
    assert chips_used(plan) == {"gb300_nvl72"}
    assert plan.objective > free.objective
    assert broken(free, racks) == {"rack power"}
    assert solved({**cheap, "hall.max_rack_kw": 210}).objective == pytest.approx(free.objective, rel=3 * GAP)


def test_racks_that_stand_may_be_heavier() -> None:
    """A block stays as it is; what follows in it keeps to the limit."""
    block = {"online": "2026-07", "it_mw": 50, "chip": "vera_rubin_nvl144", "cooling": "dlc_dry"}
    settings = {
        **FREE,
        "hall.max_rack_kw": 150,
        "chips.settings.vera_rubin_nvl144": {"release": "2026-01", "life_years": 2},
        "chips.run_on": False,
        "sites[abilene].committed": [block],
    }
    plan = solved(settings)
    (life,) = [life for life in plan.content.lives if life.origin == "committed"]
    assert [stage.chip for stage in life.stages] == ["vera_rubin_nvl144", "gb300_nvl72"]
    heavy = replace(life, stages=tuple(replace(stage, chip="vera_rubin_nvl144") for stage in life.stages))
    others = tuple(other for other in plan.content.lives if other is not life)
    assert "rack power" in broken(plan, settings, replace(plan.content, lives=(*others, heavy)))


def test_halls_that_take_no_rack_are_refused() -> None:
    with pytest.raises(ScenarioError, match="the lightest takes 140 kW, found 100"):
        loaded({"hall.max_rack_kw": 100})
    loaded({"hall.max_rack_kw": 100, "chips.settings.gb300_nvl72.chips_per_rack": 36})


# Cooling of generations to come


def designs(settings: dict[str, Any]) -> Any:
    frame = optimizer.evaluate(loaded(settings)).designs
    return frame[frame["site"] == "abilene"].set_index(["cooling", "chip"])


def test_cooling_of_a_generation_to_come_reaches_the_physics() -> None:
    offered = {"chips.offered": ["gb300_nvl72", "own"], "cooling": ["dlc_dry", "dlc_tower", "air_chiller"]}

    def of(**own: Any) -> Any:
        return designs({**offered, "chips.settings.own": {"based_on": "gb300_nvl72", **own}})

    same = of()
    figures = ["energy_mwh", "water_m3", "peak_mw"]
    for cooling in ("dlc_dry", "dlc_tower"):
        assert (same.loc[(cooling, "own"), figures] == same.loc[(cooling, "gb300_nvl72"), figures]).all()
    less = of(liquid_share=0.6)
    assert less.loc[("dlc_dry", "own"), "energy_mwh"] > same.loc[("dlc_dry", "own"), "energy_mwh"]
    cold = of(supply_c_max=24)
    assert cold.loc[("dlc_dry", "own"), "energy_mwh"] > same.loc[("dlc_dry", "own"), "energy_mwh"]
    air = of(cooling="air")
    assert ("dlc_dry", "own") not in air.index
    assert ("air_chiller", "own") in air.index
    assert {("dlc_dry", "own"), ("air_chiller", "own")} <= set(of(cooling="either").index)


def test_an_air_cooled_generation_is_planned_and_checked() -> None:
    own = {"based_on": "gb300_nvl72", "cooling": "air", "rack_price_usd": 2.0e6}
    settings = {**FREE, "chips.offered": ["gb300_nvl72", "own"], "cooling": ["dlc_dry", "air_chiller"]}
    plan = solved({**settings, "chips.settings.own": own})
    used = {(life.cooling, stage.chip) for life in plan.content.lives for stage in life.stages}
    assert ("air_chiller", "own") in used
    assert "cooling" in broken(plan, {**settings, "chips.settings.own": {**own, "cooling": "liquid"}})


@pytest.mark.parametrize(
    ("own", "code", "key"),
    [
        ({"based_on": "trainium2", "cooling": "either"}, "E213", "cooling"),
        ({"based_on": "gb300_nvl72", "cooling": "air", "liquid_share": 0.5}, "E208", "liquid_share"),
        ({"based_on": "trainium2", "supply_c_max": 30}, "E208", "supply_c_max"),
    ],
)
def test_cooling_that_does_not_hang_together_is_refused(own: dict[str, Any], code: str, key: str) -> None:
    settings = {"chips.offered": ["gb300_nvl72", "own"], "cooling": ["dlc_dry", "air_chiller"]}
    with pytest.raises(ScenarioError) as caught:
        loaded({**settings, "chips.settings.own": own})
    assert [(p.code, p.path) for p in caught.value.problems] == [(code, f"chips.settings.own.{key}")]


def test_a_block_stands_under_what_cools_its_chip() -> None:
    block = {"online": "2026-07", "it_mw": 5, "chip": "gb300_nvl72", "cooling": "air_chiller"}
    blocks = {"sites[abilene].committed": [block], "cooling": ["dlc_dry", "air_chiller"]}
    with pytest.raises(ScenarioError, match="gb300_nvl72 takes liquid cooling"):
        loaded(blocks)
    loaded({**blocks, "chips.settings.gb300_nvl72.cooling": "either"})


# CPU work


SERVICES = {"name": "services", "kind": "cpu", "unit": "cpu_chips", "unserved_usd_per_h100e_hour": 300}


def cpu_work(settings: dict[str, Any], chip_id: str) -> tuple[float, float]:
    """Processors like the reference's that a rack is worth, by programmes and by check."""
    scenario = loaded({"demand.workloads": [{**SERVICES, "path": {"2027-07": 1}}], **settings})
    unit = catalog.chip("arm_cpu_rack").h100e
    chip = next(c for c in chips_in(scenario) if c.id == chip_id)
    programme = float(yields(chip, 1, scenario.demand.workloads, "h100e")[0])
    return programme / unit, chip_facts(scenario)[chip_id].yield_of(
        1, scenario.demand.workloads[0], False
    ) / unit


@pytest.mark.parametrize("host", ["x86", "grace", "vera", "arm_server"])
def test_hosts_do_cpu_work(host: str) -> None:
    settings = {
        "chips.offered": ["gb300_nvl72", "own"],
        "chips.settings.own": {"based_on": "gb300_nvl72", "host": host},
    }
    expected = 72 * catalog.host(host).cpu_chips_per_accelerator * catalog.chip("gb300_nvl72").availability
    assert cpu_work(settings, "own") == pytest.approx((expected, expected))


def test_hosts_rank_as_their_processors() -> None:
    """A Vera does twice a Grace's work; a rack of servers more than any rack of accelerators."""
    hosts = {name: host.cpu_chips_per_accelerator for name, host in catalog.hosts().items()}
    assert hosts["vera"] > 1.5 * hosts["grace"] > 1.5 * hosts["x86"]
    arm, x86 = (catalog.chip(name) for name in ("arm_cpu_rack", "x86_cpu_rack"))
    assert arm.cpu_chips == 1.0 < x86.cpu_chips
    racks = {chip.id: chip.cpu_chips / chip.it_kw_per_chip for chip in catalog.chips().values()}
    assert sorted(racks, key=lambda name: racks[name])[-2:] == ["arm_cpu_rack", "x86_cpu_rack"]


def test_vector_units_do_no_general_work() -> None:
    """AVX-512 gives an x86 socket five times the BF16 rate, not five times the work."""
    both = {"chips.offered": ["arm_cpu_rack", "x86_cpu_rack"], "chips.supply_racks": {}}
    arm, x86 = (cpu_work(both, name)[0] for name in ("arm_cpu_rack", "x86_cpu_rack"))
    assert arm == pytest.approx(64 * 0.99)
    assert x86 == pytest.approx(64 * 0.99 * catalog.chip("x86_cpu_rack").cpu_chips)


@pytest.mark.parametrize("metric", ["h100e", "h100e_8bit", "pflops"])
def test_processors_are_worth_their_dense_rate(metric: str) -> None:
    settings = {"demand.metric": metric, "demand.workloads": [{**SERVICES, "path": {"2027-07": 60000}}]}
    scenario = loaded(settings)
    each = {"h100e": 12 / 989.5, "h100e_8bit": 24 / 1979, "pflops": 0.012}[metric]
    (workload,) = scenario.demand.workloads
    programme = demand_by_period(scenario, workload, calendar(scenario.horizon, scenario.money))
    assert programme[3:] == pytest.approx([60000 * each] * len(programme[3:]))
    assert wanted(scenario, workload, times(scenario)) == pytest.approx(programme)


def test_processors_are_for_cpu_work() -> None:
    with pytest.raises(ScenarioError, match="counts processors at cpu work"):
        loaded({"demand.workloads[training].unit": "cpu_chips"})


@pytest.mark.parametrize(("processors", "chosen"), [(60000, "arm_cpu_rack"), (100000, "x86_cpu_rack")])
def test_arm_and_x86_servers_are_a_choice(processors: float, chosen: str) -> None:
    """A hall of Arm servers is cheaper, one of x86 servers does more."""
    settings = {
        **FREE,
        "chips.offered": ["gb300_nvl72", "arm_cpu_rack", "x86_cpu_rack"],
        "demand.workloads": [
            {**SERVICES, "path": {"2027-07": processors}},
            {"name": "training", "path": {"2027-07": 5e4}},
        ],
    }
    plan = solved(settings)
    work = plan.tables()["work"].query("workload == 'services' and period == '2027-07'")
    assert set(work["chip"]) == {chosen}
    shown = plan.tables()["demand"].query("workload == 'services' and period == '2027-07'")
    assert shown["demand"].sum() == pytest.approx(processors * 12 / 989.5)
    assert shown["unserved"].sum() == pytest.approx(0.0, abs=1e-6)


# Early refresh


SCARCE: dict[str, Any] = {
    **FREE,
    "chips.offered": ["gb300_nvl72", "next"],
    "chips.settings.next": {
        "based_on": "gb300_nvl72",
        "release": "2029-07",
        "flops_per_watt_gain_per_year": 0.6,
        "usd_per_flops_decline_per_year": 0.4,
    },
    "demand.workloads[training].path": {"2027-07": 1e5, "2028-07": 9e5},
    "sites[abilene].max_it_mw": 150,
    "sites[port-washington].max_it_mw": 1,
}


def refreshes(plan: Plan) -> set[str]:
    return set(plan.builds.query("action == 'refresh'")["period"])


def test_chips_may_go_before_their_life_ends() -> None:
    """Power is short and a far better generation comes after two years."""
    plans = [
        solved({**SCARCE, "chips.early_refresh_years": years} if years else SCARCE)
        for years in ((), (3,), (2, 3))
    ]
    assert [refreshes(plan) for plan in plans] == [{"2032-07"}, {"2030-07"}, {"2029-07"}]
    costs = [plan.objective for plan in plans]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > 1.5 * costs[1]
    # What is sold is worth its age.
    sales = plans[1].tables()["money_by_period"].query("line == 'chip_sales' and usd != 0")
    assert set(sales["period"]) == {"2030-07"}
    for plan, years in ((plans[1], ()), (plans[1], (2,)), (plans[2], (3,))):
        assert "life" in broken(plan, {**SCARCE, "chips.early_refresh_years": list(years)})


def test_chips_do_not_retire_or_run_on_early() -> None:
    settings = {**SCARCE, "chips.early_refresh_years": [3]}
    plan = solved(settings)
    (life,) = plan.content.lives
    for stages in (
        life.stages[:1],
        (life.stages[0], replace(life.stages[1], chip="gb300_nvl72", run_on=True)),
    ):
        assert "life" in broken(plan, settings, replace(plan.content, lives=(replace(life, stages=stages),)))


def lives(plan: Plan, origin: str) -> Iterable[Any]:
    return [life for life in plan.content.lives if life.origin == origin]


def test_standing_halls_count_from_their_own_start() -> None:
    block = {"online": "2025-11", "it_mw": 50, "chip": "gb300_nvl72", "cooling": "dlc_dry"}
    settings = {
        **SCARCE,
        "chips.settings.next.release": "2028-07",
        "chips.settings.gb300_nvl72": {"release": "2025-10"},
        "sites[abilene].existing": [block],
        "sites[abilene].grid.offer_mw": {"2026-01": 400},
        "chips.early_refresh_years": [3],
    }
    plan = solved(settings)
    (life,) = lives(plan, "existing")
    label = plan.builds.query("action == 'refresh'")["period"].min()
    assert [stage.chip for stage in life.stages][:2] == ["gb300_nvl72", "next"]
    assert label == "2029-01"  # the first period that starts three years after November 2025
    assert "life" in broken(plan, {**settings, "chips.early_refresh_years": []})
