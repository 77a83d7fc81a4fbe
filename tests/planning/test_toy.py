"""V29: a toy plan whose optimum is known by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimizer.planning.build import build_model
from optimizer.planning.solve import Limits, solve_planning

from .cases import Case, Hall, planning_case


def toy(**changes: object) -> Case:
    """Sites A (fixed 50, hall 1000, 100 a period, one hall) and B (0, 1200, 80, three); demand 1 then 2; δ = 1, 0.9."""
    halls = tuple(
        Hall(site, k, capital, running)
        for site, capital, running in ((0, 1000, 100), (1, 1200, 80))
        for k in (0, 1)
    )
    values: dict[str, object] = {
        "periods": 2,
        "sites": 2,
        "halls": halls,
        "demand": np.array([[1.0, 2.0]]),
        "discount": (1.0, 0.9),
        "halls_max": (1.0, 3.0),
        "opening": (50.0, 0.0),
    }
    return Case(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("solver", ["highs", "scip"])
def test_toy_optimum(solver: str) -> None:
    """B first, A second: 1352 + 1035 = 2387."""
    outcome = solve_planning(planning_case(toy()), Limits(gap=1e-9, solver=solver))
    assert outcome.status == "optimal"
    assert outcome.objective == pytest.approx(2387.0, rel=1e-9)
    assert outcome.bound == pytest.approx(2387.0, rel=1e-9)
    assert outcome.x is not None
    assert np.rint(outcome.x[outcome.columns.halls.ids]).tolist() == [0, 1, 1, 0]


def test_toy_second_best() -> None:
    """With A open first (its hall fixed to start at once) the cost is 2392."""
    data = planning_case(toy())
    model, columns = build_model(data)
    model.lower[columns.halls.first] = 1.0
    outcome = solve_planning(data, Limits(gap=1e-9), model=(model, columns))
    assert outcome.objective == pytest.approx(2392.0, rel=1e-9)


def test_toy_without_enough_halls_is_infeasible() -> None:
    outcome = solve_planning(planning_case(toy(halls_max=(1.0, 0.0))), Limits())
    assert outcome.status == "infeasible"
    assert outcome.x is None


def test_toy_model_is_as_written() -> None:
    """Golden file: every row and column of the toy by name; read the difference before changing it."""
    model, _ = build_model(planning_case(toy()))
    golden = Path(__file__).with_name("toy.lp").read_text(encoding="utf-8")
    assert "\n".join(model.lp_text()) + "\n" == golden
