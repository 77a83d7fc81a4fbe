"""The check has teeth: plans corrupted at random are refused."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from optimizer.plan import Plan, check

from .corruptions import CORRUPTIONS


def _refused(plan: Plan, wanted: int, seed: int) -> tuple[int, Counter[str]]:
    """How many plans were corrupted, and how many passed by kind of corruption."""
    rng = np.random.default_rng(seed)
    tried, passed = 0, Counter[str]()
    while tried < wanted:
        corrupt = CORRUPTIONS[int(rng.integers(len(CORRUPTIONS)))]
        spoilt = corrupt(plan.content, plan.scenario, rng)
        if spoilt is None:
            continue
        tried += 1
        report = check(plan.scenario, plan.designs, spoilt, plan.objective, plan.bound, supply=plan.supply)
        if report.ok:
            passed[corrupt.__name__] += 1
    return tried, passed


def test_corrupted_stargate_plans_are_refused(stargate: Plan) -> None:
    assert stargate.verified
    tried, passed = _refused(stargate, 400, seed=1)
    assert sum(passed.values()) <= 0.02 * tried, passed


def test_corrupted_minimal_plans_are_refused(minimal: Plan) -> None:
    assert minimal.verified
    tried, passed = _refused(minimal, 200, seed=2)
    assert sum(passed.values()) <= 0.05 * tried, passed


def test_limits_hold_without_the_claimed_objective(stargate: Plan) -> None:
    """Most corruptions break a limit, not the objective alone."""
    rng = np.random.default_rng(3)
    caught, tried = 0, 0
    while tried < 200:
        corrupt = CORRUPTIONS[int(rng.integers(len(CORRUPTIONS)))]
        spoilt = corrupt(stargate.content, stargate.scenario, rng)
        if spoilt is not None:
            tried += 1
            caught += not check(stargate.scenario, stargate.designs, spoilt, supply=stargate.supply).ok
    assert caught >= 0.8 * tried


def test_wrong_objective_and_bound_are_refused(minimal: Plan) -> None:
    for objective, bound, rule in (
        (minimal.objective * 1.00001, minimal.bound, "objective claimed"),
        (minimal.objective * 0.99, minimal.bound, "objective claimed"),
        (minimal.objective, minimal.objective * 1.001, "bound"),
    ):
        report = check(
            minimal.scenario, minimal.designs, minimal.content, objective, bound, supply=minimal.supply
        )
        assert [violation.rule for violation in report.violations] == [rule]


def test_a_violation_is_one_sentence_with_limit_and_found(minimal: Plan) -> None:
    rng = np.random.default_rng(4)
    spoilt = next(c for c in CORRUPTIONS if c.__name__ == "less_energy")(
        minimal.content, minimal.scenario, rng
    )
    assert spoilt is not None
    report = check(minimal.scenario, minimal.designs, spoilt, supply=minimal.supply)
    violation = next(v for v in report.violations if v.rule == "energy")
    assert violation.found < violation.limit
    assert violation.unit == "MWh"
    assert violation.where in str(violation)
    assert violation.period in str(violation)
    assert "\n" not in str(violation)
    assert math.isfinite(report.objective)
