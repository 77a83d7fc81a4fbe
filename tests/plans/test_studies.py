"""Frontiers and near-best alternatives of whole scenarios: ends, proofs, files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer.cli.entry import invoke
from optimizer.scenario import Scenario
from optimizer.studies import Alternatives, FrontierFound

from .conftest import CONFIGS

BASE = CONFIGS / "minimal.yaml"
GAP = 1e-4


def scenario(**settings: Any) -> Scenario:
    return optimizer.load(BASE, {key.replace("__", "."): value for key, value in settings.items()})


@pytest.fixture(scope="module")
def carbon() -> FrontierFound:
    return optimizer.frontier(scenario(objective="{pareto: [cost, carbon], points: 4}"), gap=GAP)


@pytest.fixture(scope="module")
def others() -> Alternatives:
    return optimizer.alternatives(scenario(), within=0.05, count=2, time_limit=60, gap=GAP)


def test_ends_are_the_best_of_each_aim(carbon: FrontierFound) -> None:
    cheapest = optimizer.solve(scenario(), gap=GAP)
    cleanest = optimizer.solve(scenario(objective="minimize_carbon"), gap=GAP)
    assert cheapest.verified
    assert cleanest.verified
    assert cleanest.objective == pytest.approx(cleanest.amounts["carbon"])
    assert carbon.plans[0].amounts["cost"] == pytest.approx(cheapest.objective, rel=2 * GAP)
    assert carbon.plans[-1].amounts["carbon"] == pytest.approx(cleanest.objective, rel=2 * GAP)
    assert cleanest.amounts["carbon"] < 0.99 * cheapest.amounts["carbon"]


def test_points_are_proven_and_none_beats_another(carbon: FrontierFound) -> None:
    table = carbon.table()
    assert len(table) >= 3
    assert carbon.verified
    assert table["status"].eq("optimal").all()
    assert (np.diff(table["cost_usd"]) > 0).all()
    assert (np.diff(table["co2_t"]) < 0).all()
    assert (table["bound"] <= table["cost_usd"] * (1 + 1e-9)).all()


def test_no_plan_beats_the_proof_of_a_frontier(carbon: FrontierFound, others: Alternatives) -> None:
    """A plan that is no worse in the second aim than a point costs no less than that point's bound."""
    for plan in others.named.values():
        for point in carbon.plans:
            level = point.scenario.bounds.max_co2_t
            if level is not None and plan.amounts["carbon"] <= level:
                assert plan.amounts["cost"] >= point.bound * (1 - 1e-9)


def test_bound_on_carbon_is_checked(carbon: FrontierFound) -> None:
    """The check holds a bound by itself: the cheapest plan under a bound that it breaks is refused."""
    from optimizer.plan import make_plan

    plan = carbon.plans[0]
    tight = plan.scenario.model_copy(
        update={"bounds": plan.scenario.bounds.model_copy(update={"max_co2_t": 0.9 * plan.amounts["carbon"]})}
    )
    again = make_plan(tight, plan.designs, plan.content, plan.record, plan.supply)
    assert not again.verified
    assert any("bound on carbon" in str(violation) for violation in again.report.violations)


@pytest.mark.parametrize(("objective", "aim"), [("minimize_water", "water"), ("earliest_target", "date")])
def test_other_aims(objective: str, aim: str) -> None:
    plan = optimizer.solve(scenario(objective=objective, demand__target_it_mw=400), gap=GAP)
    cheapest = optimizer.solve(scenario(demand__target_it_mw=400), gap=GAP)
    assert plan.verified, plan.report.violations
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(plan.amounts[aim])
    assert plan.objective <= cheapest.amounts[aim] + 1e-9
    assert plan.amounts["cost"] >= cheapest.objective * (1 - 2 * GAP)


def test_date_against_cost_has_a_point_a_period() -> None:
    found = optimizer.frontier(
        scenario(demand__target_it_mw=400, demand__min_it_mw="{}"), ("cost", "date"), points=6, gap=GAP
    )
    assert found.verified
    years = [plan.amounts["date"] for plan in found.plans]
    assert years == sorted(years, reverse=True)
    assert all(abs(2 * year - round(2 * year)) < 1e-9 for year in years)


def test_compute_against_cost() -> None:
    settings = {"money__budget_usd": 12e9, "demand__min_it_mw": "{}"}
    found = optimizer.frontier(scenario(**settings), ("cost", "compute"), points=4, gap=GAP)
    assert found.verified
    assert len(found.plans) >= 2
    most = optimizer.solve(scenario(objective="maximize_compute", **settings), gap=GAP)
    assert found.plans[-1].amounts["compute"] == pytest.approx(most.objective, rel=3 * GAP)


def test_alternatives_are_near_and_differ(others: Alternatives) -> None:
    table = others.table()
    assert others.verified
    assert len(table) == 3
    assert (table["change_share"] <= 0.05 + 1e-6).all()
    assert (table["different_share_nearest"].iloc[1:] > 0.2).all()
    sites = others.sites().set_index("site")
    assert sites.loc[:, "best"].sum() == pytest.approx(table["it_mw"].iloc[0])


def test_runs_of_studies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "frontier"
    command = [
        "run",
        str(BASE),
        "--set",
        "objective={pareto: [cost, water], points: 3}",
        "--out",
        str(run),
        "--json",
    ]
    assert invoke(command) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "optimal"
    assert document["verified"]
    assert [point["plan"] for point in document["points"]] == [
        f"point-{n}" for n in range(1, len(document["points"]) + 1)
    ]
    assert (run / "report.html").stat().st_size > 5000
    for point in document["points"]:
        assert invoke(["verify", point["run_dir"]]) == 0
    assert invoke(["verify", str(run)]) == 0
    capsys.readouterr()
    # A former study is replaced, as a former run is.
    again = [
        "alternatives",
        str(BASE),
        "--count",
        "1",
        "--within",
        "5%",
        "--time-limit",
        "30s",
        "--out",
        str(run),
    ]
    assert invoke(again) == 0
    assert (run / "alternative-1" / "plan.json").is_file()
    assert not (run / "point-1").exists()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["pareto", str(BASE)], "between which aims"),
        (["pareto", str(BASE), "--between", "cost", "cost"], "two different aims"),
        (["pareto", str(BASE), "--between", "cost", "date"], "target_it_mw"),
        (["pareto", str(BASE), "--between", "cost", "compute"], "limit on money"),
        (["alternatives", str(BASE), "--set", "objective={pareto: [cost, carbon]}"], "frontier"),
    ],
)
def test_what_a_study_lacks_is_said(
    command: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(command) == 2
    assert words in capsys.readouterr().err
