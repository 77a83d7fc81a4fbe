"""Brute force agrees with the model on sources of several ranks, with rounds that charge fees and tranches that lapse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer.planning.build import build_model
from optimizer.planning.data import RoundTerms, SourceTerms
from optimizer.planning.mathopt import SolverOptions, solve

from .brute_force import best_plan
from .cases import Case, Hall, planning_case

TINY = 40
PERIODS = 3


def money_case(seed: int) -> Case:
    """Two to four halls that cost land and building, served by equity, two or three loans of any rank, and a fund in tranches."""
    g = np.random.default_rng(seed)
    halls = tuple(
        Hall(
            site=int(g.integers(2)),
            commission=int(g.integers(PERIODS)),
            capital=float(g.integers(5, 30)),
            compute=(float(g.integers(1, 5)),),
        )
        for _ in range(3)
    )
    return Case(
        periods=PERIODS,
        sites=2,
        halls=halls,
        demand=g.integers(1, 7, (1, PERIODS)).astype(float),
        unserved=float(g.integers(5, 30)),
        discount=tuple((0.9 ** np.arange(PERIODS)).tolist()),
        opening=tuple(float(g.integers(0, 20)) for _ in range(2)),
        sources=sources(g),
    )


def sources(g: np.random.Generator) -> tuple[SourceTerms, ...]:
    def source(name: str, classes: tuple[int, ...], cost: float, **terms: object) -> SourceTerms:
        plain = SourceTerms(
            name=name,
            classes=classes,
            first=0,
            end=PERIODS,
            ceiling_usd=None,
            loan_to_cost=None,
            premium=np.full(PERIODS, cost) * 0.9 ** np.arange(PERIODS),
            service=np.zeros((PERIODS, PERIODS)),
            min_dscr=None,
            online_mw=None,
        )
        return replace(plain, **terms)  # type: ignore[arg-type]

    def share() -> float:
        return float(g.integers(2, 10)) / 10

    found = [source("equity", (0, 1), 0.4)]
    for name in ("a", "b", "c")[: int(g.integers(2, 4))]:
        classes = ((1,), (0, 1))[int(g.integers(2))]
        after = 1.0 if g.random() < 0.2 else None
        found.append(
            source(
                name,
                classes,
                float(g.integers(-3, 3)) / 10,
                loan_to_cost=share(),
                rank=int(g.integers(1, 3)),
                online_mw=after,
                first=int(g.random() < 0.2),
            )
        )
    if g.random() < 0.5:
        rounds = tuple(
            RoundTerms(
                first=int(g.integers(PERIODS)),
                usd=float(g.integers(5, 40)),
                online_mw=1.0 if g.random() < 0.4 else None,
                fee=float(g.integers(0, 3)) / 10,
            )
            for _ in range(2)
        )
        if any(part.fee > 0 for part in rounds):
            own = np.full(PERIODS, float(g.integers(0, 10)))
            found.append(source("rounds", (0, 1), 0.05, ceiling_usd=own, rounds=rounds))
    if g.random() < 0.5:
        first = int(g.integers(PERIODS))
        windows = ((first, first + 1, float(g.integers(5, 30))),) if g.random() < 0.8 else ()
        found.append(source("lapsing", (1,), -0.05, windows=windows, lapsing=True))
    return tuple(found)


@pytest.mark.parametrize("seed", range(TINY))
def test_brute_force_agrees(seed: int) -> None:
    case = money_case(seed)
    data = planning_case(case)
    model, columns = build_model(data)
    model.upper[columns.halls.ids] = np.minimum(model.upper[columns.halls.ids], 2)
    solution = solve(model, SolverOptions(relative_gap=1e-9))
    best = best_plan(case, 2)
    assert best.halls is not None
    assert solution.status == "optimal"
    assert solution.objective == pytest.approx(best.value, rel=1e-6, abs=1e-6)
