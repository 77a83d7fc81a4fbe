"""Plans of the user's own, costed by the same code: the best plan given back costs the same, any other no less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import optimizer
from optimizer.cli.entry import invoke
from optimizer.plan import Plan
from optimizer.scenario import ScenarioError, load_given

from .conftest import CONFIGS

GAP = 1e-6
BASE = CONFIGS / "minimal.yaml"


def written(folder: Path, builds: list[dict[str, Any]], **more: Any) -> Path:
    file = folder / "given.yaml"
    file.write_text(yaml.safe_dump({"name": "mine", "builds": builds, **more}), encoding="utf-8")
    return file


def builds_of(plan: Plan) -> list[dict[str, Any]]:
    labels = plan.accounts.times.labels
    return [
        {
            "site": life.site,
            "online": labels[life.commission],
            "it_mw": life.it_mw * life.halls,
            "chip": life.stages[0].chip,
            "cooling": life.cooling,
        }
        for life in plan.content.lives
        if life.origin == "new"
    ]


@pytest.fixture(scope="module")
def best() -> Plan:
    return optimizer.solve(optimizer.load(BASE), gap=GAP)


def test_the_best_plan_given_back_costs_the_same(best: Plan, tmp_path: Path) -> None:
    scenario = optimizer.load(BASE)
    given = load_given(written(tmp_path, builds_of(best)), scenario)
    plan = optimizer.solve(scenario, gap=GAP, given=given)
    assert plan.verified
    assert plan.objective == pytest.approx(best.objective, rel=3 * GAP)
    assert plan.record.details["given_plan"] == "mine"


def test_another_plan_costs_no_less_and_is_built_as_given(best: Plan, tmp_path: Path) -> None:
    scenario = optimizer.load(BASE)
    builds = [
        {"site": "abilene", "online": "2027-07", "it_mw": 200, "chip": "gb300_nvl72"},
        {
            "site": "port-washington",
            "online": "2028-01",
            "it_mw": 200,
            "chip": "vera_rubin_nvl144",
            "cooling": "dlc_tower",
        },
    ]
    plan = optimizer.solve(scenario, gap=GAP, given=load_given(written(tmp_path, builds), scenario))
    assert plan.verified, plan.report.violations
    assert plan.objective >= best.objective * (1 - 2 * GAP)
    made = plan.builds[plan.builds["action"] == "build"].groupby(["site", "period", "chip"])["it_mw"].sum()
    assert made.to_dict() == {
        ("abilene", "2027-07", "gb300_nvl72"): 200.0,
        ("port-washington", "2028-01", "vera_rubin_nvl144"): 200.0,
    }


def test_limits_that_the_halls_break_are_named(tmp_path: Path) -> None:
    file = written(tmp_path, [{"site": "abilene", "online": "2027-07", "it_mw": 250, "chip": "gb300_nvl72"}])
    assert invoke(["run", str(BASE), "--plan", str(file), "--out", str(tmp_path / "run")]) == 6
    assert invoke(["verify", str(tmp_path / "run")]) == 6


def test_what_cannot_be_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    early = written(tmp_path, [{"site": "abilene", "online": "2026-07", "it_mw": 50, "chip": "gb300_nvl72"}])
    assert invoke(["run", str(BASE), "--plan", str(early), "--out", str(tmp_path / "run")]) == 3
    assert "construction takes 15 months" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"site": "abilen"}, "E201", "abilene"),
        ({"chip": "gb200_nvl72"}, "E201", "chip on offer"),
        ({"online": "2031-01"}, "E205", "last period"),
        ({"it_mw": 75}, "E204", "whole number of halls"),
        ({"cooling": "immersion"}, "E201", "cooling on offer"),
    ],
)
def test_bad_builds_are_named_by_line(tmp_path: Path, change: dict[str, Any], code: str, words: str) -> None:
    build = {"site": "abilene", "online": "2027-07", "it_mw": 100, "chip": "gb300_nvl72", **change}
    file = written(tmp_path, [build])
    with pytest.raises(ScenarioError) as caught:
        load_given(file, optimizer.load(BASE))
    (problem,) = caught.value.problems
    assert problem.code == code
    assert words in problem.message
    key = next(iter(change))
    assert key in file.read_text().splitlines()[problem.line - 1]
