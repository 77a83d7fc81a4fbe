"""Brute force agrees with the model on random tiny cases; SCIP agrees with HiGHS on middle ones."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.planning.build import build_model
from optimizer.planning.mathopt import SolverOptions, solve

from .brute_force import best_plan
from .cases import planning_case
from .random_cases import random_case

TINY = 240
MIDDLE = 30


@pytest.mark.parametrize("seed", range(TINY))
def test_brute_force_agrees(seed: int) -> None:
    case = random_case(seed, programmes=3 + seed % 3)
    most = 2
    data = planning_case(case)
    model, columns = build_model(data)
    new = np.array([h.block < 0 for h in case.halls])
    halls = columns.halls.ids
    model.upper[halls[new]] = np.minimum(model.upper[halls[new]], most)
    solution = solve(model, SolverOptions(relative_gap=1e-9))
    best = best_plan(case, most)
    if best.halls is None:
        assert solution.status == "infeasible"
        return
    assert solution.status == "optimal"
    found = -solution.objective if case.maximize else solution.objective
    assert found == pytest.approx(best.value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(1000, 1000 + MIDDLE))
def test_scip_agrees_with_highs(seed: int) -> None:
    case = random_case(seed, sites=5, periods=4, programmes=40)
    model, columns = build_model(planning_case(case))
    model.upper[columns.halls.ids] = np.minimum(model.upper[columns.halls.ids], 6)
    first = solve(model, SolverOptions(relative_gap=1e-8, solver="highs"))
    second = solve(model, SolverOptions(relative_gap=1e-8, solver="scip"))
    assert first.status == second.status
    if first.x is not None:
        assert second.objective == pytest.approx(first.objective, rel=1e-6, abs=1e-6)
        assert first.bound <= second.objective + 1e-6 * abs(second.objective) + 1e-6
