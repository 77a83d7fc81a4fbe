"""Given plans of the minimal case, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import optimizer
from optimizer.plan import Plan, Violation
from optimizer.scenario import GivenPlan, Scenario

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


TWO = [build(200), build(200, "2028-01", PORT, "vera_rubin_nvl144")]


def named(plan: Plan, rule: str, where: str, period: str, unit: str) -> list[Violation]:
    return [
        found
        for found in plan.report.violations
        if (found.rule, found.period, found.unit) == (rule, period, unit) and where in found.where
    ]
