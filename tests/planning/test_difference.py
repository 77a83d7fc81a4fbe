"""Plans that differ most: brute force agrees with the model on random tiny cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer.planning.aims import with_row
from optimizer.planning.build import build_model
from optimizer.planning.difference import difference, extended, most_different, standing
from optimizer.planning.mathopt import SolverOptions, solve

from .cases import Case, planning_case
from .random_cases import random_case
from .test_aims import MOST, amounts_of_all

TINY = 60
WITHIN = 0.3


def _case(seed: int) -> Case:
    case = random_case(20_000 + seed, programmes=4)
    halls = tuple(replace(h, it_mw=float(1 + j % 3)) for j, h in enumerate(case.halls))
    return replace(
        case, halls=halls, maximize=False, jobs=(), sources=(), budget=None, target_mw=1.0, bounds={}
    )


@pytest.mark.parametrize("seed", range(TINY))
def test_brute_force_agrees(seed: int) -> None:
    case = _case(seed)
    data = planning_case(case)
    model, columns = build_model(data)
    new = np.array([h.block < 0 for h in case.halls])
    ids = columns.halls.ids
    model.upper[ids[new]] = np.minimum(model.upper[ids[new]], MOST)
    plans = amounts_of_all(case)
    if not plans:
        return
    kinds = standing(data)
    best = min(plans, key=lambda counts: plans[counts]["cost"])
    limit = plans[best]["cost"] * (1 + WITHIN)
    near = [counts for counts, amounts in plans.items() if amounts["cost"] <= limit + 1e-9]
    megawatts = {counts: kinds.of(np.array(counts, dtype=float)) for counts in near}
    former = [megawatts[best]]
    for _ in range(2):
        if not any(mw.sum() for mw in former):
            return
        shared = min(max(np.minimum(mw, old).sum() for old in former) for mw in megawatts.values())
        inside = with_row(model, "within", model.cost, limit - model.offset)
        apart = most_different(inside, columns.halls.first, kinds, former)
        solution = solve(apart, SolverOptions(relative_gap=1e-9))
        assert solution.x is not None
        known = extended(solution.x[: model.n_columns], kinds.of(solution.x[ids]), former)
        assert apart.violation(known) < 1e-6
        assert apart.cost @ known == pytest.approx(solution.objective, abs=1e-6)
        found = kinds.of(np.rint(solution.x[ids]))
        overlap = max(np.minimum(found, old).sum() for old in former)
        # The sum of overlaps counts a little beside the largest.
        assert overlap == pytest.approx(shared, abs=0.02 * (1 + shared))
        assert solution.bound <= shared + 1e-3 * sum(old.sum() for old in former) + 1e-6
        former.append(found)


def test_difference() -> None:
    a, b = np.array([300.0, 0.0, 100.0]), np.array([100.0, 200.0, 100.0])
    assert difference(a, a) == 0.0
    assert difference(a, b) == pytest.approx(0.5)
    assert difference(a, np.array([0.0, 50.0, 0.0])) == 1.0
    assert difference(0 * a, 0 * a) == 0.0
