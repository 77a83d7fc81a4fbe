"""Plans of the user's own, costed by the same code: the best plan given back costs the same, any other no less, and whatever limit
one breaks is named."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import optimizer
from optimizer.cli.entry import invoke
from optimizer.plan import Plan, Violation, make_plan
from optimizer.scenario import GivenPlan, Scenario, ScenarioError, load_given

from .conftest import CONFIGS

GAP = 1e-6
BASE = CONFIGS / "minimal.yaml"
ABILENE, PORT = "abilene", "port-washington"
SETTINGS = dict[str, Any]


def build(
    it_mw: float, online: str = "2027-07", site: str = ABILENE, chip: str = "gb300_nvl72", **more: Any
) -> Any:
    return {"site": site, "online": online, "it_mw": it_mw, "chip": chip, **more}


def written(folder: Path, builds: list[dict[str, Any]], **more: Any) -> Path:
    file = folder / "given.yaml"
    file.write_text(
        yaml.safe_dump({"name": "mine", "builds": builds, **more}, sort_keys=False), encoding="utf-8"
    )
    return file


def given(builds: list[dict[str, Any]], **more: Any) -> GivenPlan:
    return GivenPlan.model_validate({"name": "mine", "builds": builds, **more})


def costed(
    builds: list[dict[str, Any]], settings: SETTINGS | None = None, gap: float = GAP, **more: Any
) -> Plan:
    return optimizer.solve(scenario(settings), gap=gap, given=given(builds, **more))


def scenario(settings: SETTINGS | None = None) -> Scenario:
    return optimizer.load(BASE, settings or {})


def builds_of(plan: Plan) -> list[dict[str, Any]]:
    labels = plan.accounts.times.labels
    return [
        build(
            life.it_mw * life.halls,
            labels[life.commission],
            life.site,
            life.stages[0].chip,
            cooling=life.cooling,
        )
        for life in plan.content.lives
        if life.origin == "new"
    ]


def megawatts(plan: Plan) -> dict[tuple[str, str, str], float]:
    table = plan.builds[plan.builds["action"] == "build"]
    found: dict[tuple[str, str, str], float] = (
        table.groupby(["site", "period", "chip"])["it_mw"].sum().to_dict()
    )
    return found


@pytest.fixture(scope="module")
def best() -> Plan:
    return optimizer.solve(scenario(), gap=GAP)


def test_the_best_plan_given_back_costs_the_same(best: Plan, tmp_path: Path) -> None:
    plan = optimizer.solve(
        scenario(), gap=GAP, given=load_given(written(tmp_path, builds_of(best)), scenario())
    )
    assert plan.verified
    assert plan.objective == pytest.approx(best.objective, rel=3 * GAP)
    assert plan.record.details["given_plan"] == plan.name == "mine"


def test_another_plan_costs_no_less_and_is_built_as_given(best: Plan) -> None:
    plan = costed([build(200), build(200, "2028-01", PORT, "vera_rubin_nvl144", cooling="dlc_tower")])
    assert plan.verified, plan.report.violations
    assert plan.objective >= best.objective * (1 - 2 * GAP)
    assert megawatts(plan) == {
        (ABILENE, "2027-07", "gb300_nvl72"): 200.0,
        (PORT, "2028-01", "vera_rubin_nvl144"): 200.0,
    }


ALL = "[land, facility, power, chips]"
TWO = [build(200), build(200, "2028-01", PORT, "vera_rubin_nvl144")]


def fund(terms: str) -> SETTINGS:
    return {"finance": f"{{sources: [{{name: fund, kind: equity, cost: 0.1, {terms}}}]}}"}


# What a plan breaks: builds, settings of the scenario, then rule, place, period, unit of what must be named.
BROKEN: dict[str, tuple[list[Any], SETTINGS, tuple[str, str, str, str]]] = {
    "power": ([build(400)], {}, ("power", ABILENE, "2027-07", "MW")),
    "power, twice": ([build(1000)], {}, ("energy of the block", "abilene, grid", "2027-07", "MWh")),
    "power that is not there yet": (
        [build(100)],
        {"sites[abilene].grid.offer_mw": "{2028-07: 400}"},
        ("power", ABILENE, "2028-01", "MW"),
    ),
    "supply that is not there yet": (
        [build(100)],
        {"sites[abilene].onsite": "{engines: {max_mw: 400, lead_months: 30, sizes: [1]}}", "sites[abilene].grid": "null"},
        ("energy", ABILENE, "2027-07", "MWh"),
    ),
    "no power in the study": (
        [build(100)],
        {"sites[abilene].grid.offer_mw": "{2040-01: 400}"},
        ("power", ABILENE, "2032-01", "MW"),
    ),
    "firm power": (
        [build(300)],
        {"sites[abilene].grid.curtailable": "{offer_mw: {2027-07: 300}, hours_per_year: 40}",
         "sites[abilene].grid.offer_mw": "{2027-07: 100}",
         "demand.workloads": "[{name: inference, path: {2027-07: 1.0e5}}]"},
        ("firm power", ABILENE, "2027-07", "MW"),
    ),
    "land": (TWO, {"sites[abilene].land.acres": 90}, ("land", ABILENE, "", "acres")),
    "permit": ([build(200)], {"sites[abilene].max_it_mw": 100}, ("IT power of the site", ABILENE, "", "MW")),
    "racks": (
        [build(200)],
        {"chips.supply_racks": "{gb300_nvl72: {2026-07: 100}}"},
        ("chip supply", "gb300_nvl72", "2027-07", "racks"),
    ),
    "starts at a site": (
        [build(200)],
        {"hall.max_starts_per_site": 1},
        ("starts at the site", ABILENE, "2026-01", "halls"),
    ),
    "starts": ([build(200)], {"hall.max_starts": 1}, ("starts over all sites", "", "2026-01", "halls")),
    "crews": (
        [build(200)],
        {"hall.crews": "[{name: c, max_it_mw: {2026-01: 100}}]"},
        ("crews", "c", "2026-07", "MW"),
    ),
    "parts": (
        [build(200)],
        {"hall.lead_items": "[{name: transformer, per_it_mw: 0.1, deliveries: {2026-01: 2}}]"},
        ("lead items", "transformer", "2027-01", "units"),
    ),
    "vendor's share": (
        [build(200)],
        {"chips.max_vendor_share": "{NVIDIA: 0.5}"},
        ("vendor's share", "NVIDIA", "", "USD"),
    ),
    "vendor's racks": (
        [build(200)],
        {"chips.supply_vendor_racks": "{NVIDIA: {2026-01: 100}}"},
        ("vendor's supply", "NVIDIA", "2027-07", "racks"),
    ),
    "own chips": (
        [build(50)],
        {"chips.settings": "{gb300_nvl72: {development_usd: 1.0e8, min_racks: 5000}}", "chips.supply_racks": "{}"},
        ("least volume", "gb300_nvl72", "", "racks"),
    ),
    "units": (
        [build(50)],
        {"sites[abilene].onsite": "{engines: {max_mw: 200, lead_months: 12, sizes: [1]}}",
         "sites[abilene].grid": "null",
         "power": "{unit_slots: {gas_reciprocating: {2028-07: 1}}}"},
        ("unit slots", "gas_reciprocating", "2027-07", "units"),
    ),
    "budget": (TWO, {"money.budget_usd": 1e9}, ("budget", "", "", "USD")),
    "money": (TWO, fund(f"commit_usd: 1.0e9, funds: {ALL}"), ("money drawn", "chips", "2028-01", "USD")),
    "money for chips": (
        [build(200)],
        {"finance": "{sources: [{name: owners, kind: equity, cost: 0.09, commit_usd: 1.0e11, funds: [land, facility, power]}, "
         "{name: vendor, kind: vendor, cost: 0.09, commit_usd: 1.0e6, funds: [chips]}]}"},
        ("money drawn", "chips", "2027-07", "USD"),
    ),
    "tranches": (
        [build(200)],
        fund(f"tranches: {{2028-01: 1.0e11}}, funds: {ALL}"),
        ("money drawn", "facility", "2026-07", "USD"),
    ),
    "condition": (
        [build(200)],
        fund(f"commit_usd: 1.0e11, after: {{online_mw: 100}}, funds: {ALL}"),
        ("money drawn", "facility", "2027-01", "USD"),
    ),
    "service cover": (
        [build(200)],
        {"money.revenue_usd_per_h100e_hour": 0.01,
         "finance": f"{{sources: [{{name: bank, kind: debt, rate: 0.06, commit_usd: 1.0e12, min_dscr: 1.3, funds: {ALL}}}]}}"},
        ("money drawn", "chips", "2027-07", "USD"),
    ),
    "water": (
        [build(200, cooling="dlc_tower")],
        {"sites[abilene].water.max_m3_per_year": 10},
        ("water", ABILENE, "2027-07", "m3/year"),
    ),
    "CO2": ([build(200)], {"power": "{max_co2_t_per_year: {2026-01: 100}}"}, ("CO2", "", "2027-07", "t")),
    "clean energy": ([build(200)], {"power": "{clean_share: {2026-01: 0.99}}"}, ("clean share", "", "2027-07", "MWh")),
    "bound on cost": ([build(200)], {"bounds": "{max_cost_usd: 1.0e9}"}, ("bound on cost", "", "", "USD")),
    "bound on compute": (
        [build(50)],
        {"bounds": "{min_h100e_hours: 1.0e12}"},
        ("least compute", "", "", "unit-hours"),
    ),
    "bound on date": (
        [build(200)],
        {"bounds": "{target_by: 2027-07}", "demand.target_it_mw": 400},
        ("date of the target", "", "", "years"),
    ),
    "demand without a price": (
        [build(50)],
        {"money.unserved_usd_per_h100e_hour": "null"},
        ("demand not served", "training", "2028-01", "h100e"),
    ),
    "job without a price": (
        [build(50)],
        {"money.unserved_usd_per_h100e_hour": "null",
         "demand.jobs": "[{name: run, workload: training, h100e: 4.0e5, from: 2028-01, months: 6}]"},
        ("job", "run", "", ""),
    ),
    "floor": ([build(50)], {}, ("IT power in operation", "", "2028-01", "MW")),
    "a site that is not to be had": (
        [build(50)],
        {"sites[abilene].available_from": "2027-01"},
        ("start", ABILENE, "2027-07", ""),
    ),
    "chips before their release": (
        [build(50, chip="vera_rubin_nvl144")],
        {"chips.settings": "{vera_rubin_nvl144: {release: 2028-01}}"},
        ("chip", ABILENE, "2027-07", ""),
    ),
    "chips that are sold no more": (
        [build(50)],
        {"chips.settings": "{gb300_nvl72: {last_sale: 2026-12}}"},
        ("chip", ABILENE, "2027-07", ""),
    ),
    "export rules": (
        [build(50)],
        {"sites[port-washington].country": "CA", "chips.settings": "{gb300_nvl72: {barred_countries: [US]}}"},
        ("export rules", ABILENE, "2027-07", ""),
    ),
}  # fmt: skip


def named(plan: Plan, rule: str, where: str, period: str, unit: str) -> list[Violation]:
    return [
        found
        for found in plan.report.violations
        if (found.rule, found.period, found.unit) == (rule, period, unit) and where in found.where
    ]


@pytest.mark.parametrize("case", BROKEN)
def test_every_limit_that_the_halls_break_is_named(case: str) -> None:
    builds, settings, wanted = BROKEN[case]
    plan = costed(builds, settings, gap=1e-3)
    (found, *_) = named(plan, *wanted)
    assert found.unit in found.message
    assert plan.objective > 0
    # Nothing but limits: the solver's cost is the check's own, and the halls are those that were given.
    assert plan.broken_limits == plan.report.violations
    assert sum(megawatts(plan).values()) == sum(item["it_mw"] for item in builds)


def test_all_limits_at_once_are_named() -> None:
    settings: SETTINGS = {}
    for name in (
        "land",
        "starts at a site",
        "starts",
        "crews",
        "parts",
        "vendor's racks",
        "budget",
        "CO2",
        "money",
        "floor",
    ):
        settings |= BROKEN[name][1]
    settings |= {"sites[abilene].water.max_m3_per_year": 1, "money.unserved_usd_per_h100e_hour": "null"}
    plan = costed([build(500)], settings)
    rules = {found.rule for found in plan.report.violations}
    assert rules >= {
        "land", "starts at the site", "starts over all sites", "crews", "lead items", "vendor's supply", "budget", "CO2",
        "money drawn", "power", "chip supply", "demand not served",
    }  # fmt: skip
    assert plan.broken_limits == plan.report.violations


@pytest.mark.parametrize("seed", range(8))
def test_any_plan_under_any_limits_is_costed(seed: int) -> None:
    draw = random.Random(seed)
    settings: SETTINGS = {"money.unserved_usd_per_h100e_hour": draw.choice(["4", "null"])}
    for name in draw.sample(sorted(BROKEN), 4):
        settings |= BROKEN[name][1]
    builds = []
    for _ in range(draw.randint(1, 4)):
        places = (draw.choice([ABILENE, PORT]), draw.choice(["gb300_nvl72", "vera_rubin_nvl144"]))
        more = {"cooling": draw.choice(["dlc_dry", "dlc_tower"])} if draw.random() < 0.5 else {}
        builds.append(build(50 * draw.randint(1, 6), draw.choice(["2027-07", "2028-07"]), *places, **more))
    plan = costed(builds, settings, gap=1e-3)
    assert plan.status == "optimal"
    assert plan.broken_limits == plan.report.violations
    assert sum(megawatts(plan).values()) == sum(item["it_mw"] for item in builds)
    # A limit that is named is missed by more than rounding.
    for found in plan.broken_limits:
        assert not found.unit or abs(found.found - found.limit) > 1e-4 * max(1.0, abs(found.limit)), found


@pytest.mark.parametrize("aim", ["minimize_carbon", "minimize_water", "earliest_target", "maximize_compute"])
def test_limits_are_named_whatever_is_best(aim: str) -> None:
    settings = {"objective": aim, "demand.target_it_mw": 400, "money.budget_usd": 1e10}
    plan = costed([build(500)], settings, gap=1e-3)
    assert named(plan, "power", ABILENE, "2027-07", "MW")
    assert plan.broken_limits == plan.report.violations


def test_limits_give_way_no_more_than_the_halls_ask_for() -> None:
    """Three of eight halls have no power; when the chips' life ends only as many are refreshed as have."""
    settings = {"sites[abilene].grid.offer_mw": "{2027-07: 300}"}
    plan = costed([build(400)], settings)
    power = plan.tables()["sites_by_period"].set_index(["site", "period"])["peak_mw"][ABILENE]
    assert power["2032-01"] > 300
    assert 0 < power["2032-07"] <= 300
    assert [found.period for found in plan.report.violations if found.rule == "power"][-1] == "2032-01"


def test_what_is_chosen_keeps_to_a_limit_that_given_halls_break() -> None:
    """Chip supply is broken by the first chips of one generation only: refreshes with another keep to their own."""
    settings: SETTINGS = {
        "horizon": {"start": "2026-01", "periods": 14, "months_per_period": 6, "operate_until": "2037-12"},
        "demand.min_it_mw": {},
        "demand.workloads": [{"name": "training", "path": {"2027-07": 1.0e5, "2032-01": 5.0e5}}],
        "chips.run_on": True,
        "chips.supply_racks": {"gb300_nvl72": {"2026-07": 1100}, "vera_rubin_nvl144": {"2027-01": 5}},
    }
    best = optimizer.solve(scenario(settings), gap=1e-5)
    assert best.verified
    again = costed(builds_of(best), settings, gap=1e-5)
    assert again.verified, again.report.violations
    assert again.objective == pytest.approx(best.objective, rel=3e-5)
    more = costed([build(200)], settings)
    assert {found.where for found in more.report.violations if found.rule == "chip supply"} == {"gb300_nvl72"}


OVERLAPPING = [
    ([build(100), build(100, cooling="dlc_dry")], {"dlc_dry": 100.0}),
    ([build(50), build(150, cooling="dlc_dry")], {"dlc_dry": 150.0}),
    ([build(50, cooling="dlc_tower"), build(50), build(50, cooling="dlc_dry"), build(50)], {"dlc_tower": 50.0, "dlc_dry": 50.0}),
]  # fmt: skip


@pytest.mark.parametrize(("builds", "least"), OVERLAPPING)
def test_builds_of_one_site_date_and_chip_add_up(builds: list[Any], least: dict[str, float]) -> None:
    plan = costed(builds, {"demand.min_it_mw": {}})
    assert plan.verified, plan.report.violations
    assert sum(megawatts(plan).values()) == 200
    by_cooling = plan.builds[plan.builds["action"] == "build"].groupby("cooling")["it_mw"].sum()
    for cooling, megawatt in least.items():
        assert by_cooling[cooling] >= megawatt


def test_builds_that_share_cooling_and_tenure_are_told_apart() -> None:
    """Cooling named by one, tenure by another: each hall stands for one of them."""
    settings = {"hall.build_to_suit": "{usd_per_kw_month: 300, years: 15}", "demand.min_it_mw": {}}
    builds = [
        build(100, cooling="dlc_tower"),
        build(50, leased=True),
        build(50, leased=True, cooling="dlc_tower"),
    ]
    plan = costed(builds, settings)
    assert plan.verified, plan.report.violations
    lives = [(life.cooling, life.leased, life.it_mw * life.halls) for life in plan.content.lives]
    assert sum(mw for *_, mw in lives) == 200
    assert sum(mw for cooling, _, mw in lives if cooling == "dlc_tower") >= 150
    assert sum(mw for _, leased, mw in lives if leased) >= 100


def test_the_check_compares_what_is_built_with_what_was_given() -> None:
    plan = costed([build(100), build(100, cooling="dlc_dry")], {"demand.min_it_mw": {}})

    def checked(content: Any) -> list[str]:
        again = make_plan(plan.scenario, plan.designs, content, plan.record, plan.supply, plan.given)
        return [found.message for found in again.report.violations if found.rule.startswith("given")]

    assert checked(plan.content) == []
    first, *others = plan.content.lives
    fewer = replace(plan.content, lives=(replace(first, halls=first.halls - 1), *others))
    assert any("found 150" in text or "found 50" in text for text in checked(fewer))
    towers = replace(
        plan.content, lives=tuple(replace(life, cooling="dlc_tower") for life in plan.content.lives)
    )
    assert any("100 MW are not as given" in text for text in checked(towers))


def test_a_way_of_supply_that_is_given_is_taken_though_another_is_better(tmp_path: Path) -> None:
    settings = {
        "sites[abilene].grid.contract": "{years: 5, exit_fee_months: 6}",
        "sites[abilene].grid.min_take": 0.5,
    }
    other = "grid, left 2030-01"
    plan = costed([build(200)], settings, paths={ABILENE: other})
    assert plan.content.paths[ABILENE] == other
    assert named(plan, "power", ABILENE, "2030-01", "MW")
    with pytest.raises(ScenarioError, match="no way of supply named 'gas' there; known: grid"):
        optimizer.solve(
            scenario(), given=load_given(written(tmp_path, [build(200)], paths={ABILENE: "gas"}), scenario())
        )


def test_builds_that_cannot_be_are_named_all_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(
        tmp_path,
        [
            build(50, "2026-07"),
            build(75),
            build(50, leased=True),
            build(50, "2027-01"),
            build(50, chip="h100"),
        ],
    )
    for command in (["run", str(BASE), "--plan", str(file)], ["validate", str(BASE), "--plan", str(file)]):
        assert invoke([*command, "--json"]) == 2
        out = json.loads(capsys.readouterr().out)
        problems = out["configs"][0]["problems"] if command[0] == "validate" else out["error"]["problems"]
        assert [(problem["code"], problem["path"]) for problem in problems] == [
            ("E205", "builds[0].online"),
            ("E204", "builds[1].it_mw"),
            ("E213", "builds[2].leased"),
            ("E205", "builds[3].online"),
            ("E201", "builds[4].chip"),
        ]
        assert "construction takes 15 months" in problems[0]["message"]
        assert {problem["file"] for problem in problems} == {str(file)}
        assert all(problem["line"] > 1 and problem["column"] > 1 for problem in problems)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"site": "abilen"}, "E201", "abilene"),
        ({"chip": "gb200_nvl72"}, "E201", "chip on offer"),
        ({"online": "2031-01"}, "E205", "last period"),
        ({"online": "2026-07"}, "E205", "construction takes 15 months"),
        ({"it_mw": 75}, "E204", "whole number of halls"),
        ({"cooling": "immersion"}, "E201", "cooling on offer"),
        ({"cooler": "dlc_dry"}, "E102", "did you mean 'cooling'"),
        ({"it_mw": -50}, "E104", "above 0"),
    ],
)
def test_bad_builds_are_named_by_line(tmp_path: Path, change: dict[str, Any], code: str, words: str) -> None:
    file = written(tmp_path, [{**build(100), **change}])
    with pytest.raises(ScenarioError) as caught:
        load_given(file, scenario())
    (problem,) = caught.value.problems
    assert problem.code == code
    assert words in problem.message
    key = next(iter(change))
    assert key in file.read_text().splitlines()[problem.line - 1]


def test_chips_need_their_cooling(tmp_path: Path) -> None:
    case = scenario({"cooling": "[dlc_dry, air_chiller]"})
    with pytest.raises(ScenarioError, match="takes liquid cooling; air_chiller does not give it"):
        load_given(written(tmp_path, [build(100, cooling="air_chiller")]), case)


def test_a_given_plan_is_costed_in_words_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, run = written(tmp_path, [build(400)]), tmp_path / "run"
    assert invoke(["run", str(BASE), "--plan", str(file), "--out", str(run), "--json"]) == 6
    said = json.loads(capsys.readouterr().out)
    assert {"status", "objective", "bound", "gap", "verified", "solve_seconds", "run_dir", "sense"} <= set(
        said
    )
    assert (said["status"], said["verified"], said["given_plan"]) == ("optimal", False, "mine")
    assert said["headline"].startswith("costed; breaks 3 limits: discounted cost $")
    assert "with these halls no plan costs less than" in said["headline"]
    power = [item for item in said["violations"] if item["rule"] == "power"]
    assert power[0]["period"] == "2027-07"
    assert power[0]["limit"] == 400
    assert power[0]["unit"] == "MW"
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "costed; breaks 3 limits" in page
    assert "power (abilene 2027-07 to 2032-01)" in page
    assert "✗ limits broken" in page
    assert "not verified" not in page
    assert invoke(["verify", str(run)]) == 6
    plan = optimizer.load_plan(run)
    assert plan.given == given([build(400)])
    assert invoke(["run", str(BASE), "--plan", str(file), "--out", str(run)]) == 6
    out = capsys.readouterr()
    assert "costed; breaks 3 limits" in out.out
    assert "broken limit: power (abilene 2027-07 to 2032-01): expected at most 400 MW" in out.err
    assert "NOT verified" not in out.out


def test_a_plan_that_keeps_all_limits_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, TWO)
    assert (
        invoke(["run", str(BASE), "--plan", str(file), "--out", str(tmp_path / "run"), "--gap", "0.01"]) == 0
    )
    assert "costed; keeps every limit" in capsys.readouterr().out


def test_beside_the_best_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, run = written(tmp_path, [build(400)]), tmp_path / "run"
    command = ["run", str(BASE), "--plan", str(file), "--beside", "best", "--out", str(run)]
    assert invoke([*command, "--json"]) == 6
    said = json.loads(capsys.readouterr().out)
    figures = {row["figure"]: row for row in said["comparison"]["figures"]}
    cost, without, short = (
        figures[name] for name in ("discounted cost", "cost without shortage", "shortage, at its price")
    )
    assert (said["comparison"]["first"], said["comparison"]["second"]) == ("mine", "best")
    assert cost["first"] == pytest.approx(said["objective"])
    assert cost["second"] == pytest.approx(said["beside"]["objective"])
    for plan in ("first", "second", "change"):
        assert cost[plan] == pytest.approx(without[plan] + short[plan])
    assert figures["limits broken"]["first"] == 3
    assert figures["limits broken"]["second"] == 0
    assert figures["capital per GW of IT"]["first"] > 3e10
    lines = [row["line"] for row in said["comparison"]["cost"]]
    assert lines[-3:] == ["without shortage", "unserved", "total"]
    # The folder holds both plans, and what they differ by.
    assert optimizer.load_plan(run / "beside").verified
    table = (run / "comparison.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == "table,item,period,unit,mine,best,change"
    assert {line.split(",")[0] for line in table[1:]} == {
        "figures",
        "discounted cost",
        "IT power",
        "compute",
        "dates",
    }
    assert "Beside the best plan" in (run / "report.html").read_text(encoding="utf-8")
    assert invoke(["report", str(run)]) == 0
    assert "Beside the best plan" in (run / "report.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert invoke(["compare", str(run), str(run / "beside")]) == 0
    shown = capsys.readouterr().out
    assert "The best plan costs " in shown
    assert "for compute that is not served" in shown


def test_beside_a_finished_run(best: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    best.save(tmp_path / "best")
    file, run = written(tmp_path, TWO), tmp_path / "run"
    beside = ["--beside", str(tmp_path / "best"), "--out", str(run)]
    assert invoke(["run", str(BASE), "--plan", str(file), *beside, "--gap", "0.01"]) == 0
    assert "Side by side" in capsys.readouterr().out
    assert (run / "comparison.csv").is_file()
    assert invoke(["run", str(BASE), "--beside", "best"]) == 2
    other = ["run", str(BASE), "--set", "demand.metric=pflops", "--plan", str(file), *beside]
    assert invoke(other) == 2
    assert "can't be compared" in capsys.readouterr().err


def test_a_scenario_without_a_plan_leaves_the_given_one_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The floor can't be met by any plan; a given one is costed all the same."""
    file, run = written(tmp_path, [build(50)]), tmp_path / "run"
    settings = ["--set", "demand.min_it_mw={2026-01: 400}"]
    command = ["run", str(BASE), *settings, "--plan", str(file), "--beside", "best", "--out", str(run)]
    assert invoke([*command, "--gap", "0.05"]) == 6
    assert "no plan beside it" in capsys.readouterr().err
    assert not (run / "beside").exists()


def test_a_finished_run_is_costed_under_another_scenario(
    best: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best.save(tmp_path / "best")
    for source in (tmp_path / "best", tmp_path / "best" / "plan.json"):
        halls = optimizer.load_given(source, scenario())
        assert halls.name == "minimal"
        again = optimizer.solve(scenario(), gap=GAP, given=halls)
        assert again.verified
        assert again.objective == pytest.approx(best.objective, rel=3 * GAP)
    late = ["--set", "power.grid_delay_months=24"]
    run = ["run", str(BASE), *late, "--plan", str(tmp_path / "best"), "--out", str(tmp_path / "run")]
    assert invoke(run) == 6
    assert "broken limit: power (abilene 2027-07" in capsys.readouterr().err
    assert invoke(["run", str(BASE), "--set", "hall.it_mw=40", "--plan", str(tmp_path / "best")]) == 2
    assert "plan.json  E204 builds[" in capsys.readouterr().err
