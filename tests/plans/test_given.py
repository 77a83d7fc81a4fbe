"""Plans of the user's own, costed by the same code: the best plan given back costs the same, any other no less."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import optimizer
from optimizer.cli.entry import invoke
from optimizer.plan import Plan, make_plan
from optimizer.scenario import ScenarioError, load_given

from .given_plans import (
    ABILENE,
    BASE,
    GAP,
    PORT,
    TWO,
    build,
    builds_of,
    costed,
    given,
    megawatts,
    named,
    scenario,
    written,
)


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
