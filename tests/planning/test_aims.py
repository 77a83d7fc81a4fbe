"""Aims beside cost and bounds on each: brute force agrees with the model on random tiny cases."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from optimizer.planning.aims import unit_of
from optimizer.planning.build import build_model
from optimizer.planning.mathopt import SolverOptions, solve
from optimizer.planning.solve import Limits, made_exact, solve_planning

from .brute_force import _cost_of_halls, _rest, _running, _whole_rules_hold
from .cases import Case, planning_case
from .random_cases import random_case

TINY = 120
MOST = 2
AIMS = ("cost", "carbon", "water", "compute", "date")


def aims_case(seed: int) -> Case:
    """A random case whose halls also emit and take water, with an aim and bounds on some of the others."""
    g = np.random.default_rng(10_000 + seed)
    case = random_case(seed, programmes=3 + seed % 2)
    halls = tuple(
        replace(h, embodied_kg=1e3 * g.integers(0, 20), water_m3=float(g.integers(0, 9))) for h in case.halls
    )
    case = replace(
        case,
        halls=halls,
        maximize=False,
        jobs=(),
        sources=(),
        budget=None,
        energy_kg=float(g.integers(0, 500)),
        target_mw=float(g.integers(1, 4)),
        aim=AIMS[seed % len(AIMS)],
    )
    found = list(amounts_of_all(case).values())
    bounds: dict[str, float] = {}
    for name in AIMS:
        # A bound that some plans keep and some do not: the amount of one of them.
        if found and name != case.aim and g.random() < 0.4:
            bounds[name] = found[int(g.integers(len(found)))][name]
    if case.aim == "compute" and "cost" not in bounds and found:
        bounds["cost"] = float(np.median([amounts["cost"] for amounts in found]))
    return replace(case, bounds=bounds)


def amounts_of_all(case: Case) -> dict[tuple[int, ...], dict[str, float]]:
    """Every plan that keeps the rules, with what it costs, emits, takes and yields."""
    discount = np.array(case.discount)
    ranges = [range(2) if h.block >= 0 else range(MOST + 1) for h in case.halls]
    found = {}
    for counts in itertools.product(*ranges):
        if not _whole_rules_hold(case, counts):
            continue
        # Where most compute is wanted and shortage has a price, demand is left out.
        left_out = case.aim == "compute" and case.unserved is not None
        rest = 0.0 if left_out else _rest(case, counts, discount)
        if rest is not None:
            amounts = _amounts(case, counts, discount)
            amounts["cost"] = _cost_of_halls(case, counts, discount) + rest
            found[counts] = amounts
    return found


def _amounts(case: Case, counts: tuple[int, ...], discount: np.ndarray) -> dict[str, float]:
    carbon = water = compute = 0.0
    below = -1
    for j, n in enumerate(counts):
        carbon += n * case.halls[j].embodied_kg / 1e3
    for t in range(case.periods):
        online = 0.0
        for j, n in _running(case, counts, t):
            hall = case.halls[j]
            online += n * hall.it_mw
            water += n * hall.water_m3
            compute += n * max(hall.compute) * discount[t]
            if case.powered:
                carbon += n * hall.peak_mw * case.energy_kg / 1e3
        assert case.target_mw is not None
        if online < case.target_mw - 1e-9:
            below = t
    return {"carbon": carbon, "water": water, "compute": compute, "date": float(below + 1)}


def _kept(amounts: dict[str, float], bounds: dict[str, float]) -> bool:
    return all(
        amounts[name] >= bound - 1e-9 if name == "compute" else amounts[name] <= bound + 1e-9
        for name, bound in bounds.items()
    )


@pytest.mark.parametrize("seed", range(TINY))
def test_brute_force_agrees(seed: int) -> None:
    case = aims_case(seed)
    data = planning_case(case)
    model, columns = build_model(data)
    new = np.array([h.block < 0 for h in case.halls])
    halls = columns.halls.ids
    model.upper[halls[new]] = np.minimum(model.upper[halls[new]], MOST)
    solution = solve(model, SolverOptions(relative_gap=1e-9))
    plans = [amounts for amounts in amounts_of_all(case).values() if _kept(amounts, case.bounds)]
    if not plans:
        assert solution.status == "infeasible"
        return
    assert solution.status == "optimal"
    best = min if case.aim != "compute" else max
    expected = best(amounts[case.aim] for amounts in plans)
    assert solution.objective * unit_of(data, case.aim) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_bounds_bind_in_many_of_the_cases() -> None:
    dearer = 0
    for seed in range(TINY):
        case = aims_case(seed)
        plans = list(amounts_of_all(case).values())
        sign = -1.0 if case.aim == "compute" else 1.0
        kept = [sign * a[case.aim] for a in plans if _kept(a, case.bounds)]
        dearer += bool(kept) and min(kept) > min(sign * a[case.aim] for a in plans) + 1e-9
    assert dearer >= TINY // 10


@pytest.mark.parametrize("seed", [s for s in range(TINY) if AIMS[s % len(AIMS)] != "cost"][:24])
def test_cheapest_of_the_best(seed: int) -> None:
    """What is made exact costs no more than the best halls must."""
    case = aims_case(seed)
    data = planning_case(case)
    outcome = solve_planning(data, Limits(time_limit_s=30, gap=1e-9))
    if outcome.x is None:
        return
    exact = made_exact(outcome, data, 1e-9)
    assert exact.x is not None
    assert exact.objective == pytest.approx(outcome.objective, rel=1e-6, abs=1e-6)
    assert outcome.model.violation(exact.x) < 1e-6
