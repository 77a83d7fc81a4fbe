"""Exact frontiers between two aims: least of one at each of several levels of the other (epsilon constraint).

Haimes, Lasdon and Wismer 1971, IEEE Transactions on Systems, Man, and Cybernetics 1(3): every point is a whole plan
with its own proof, so that points between the corners of the convex hull are found too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.physics import Evaluation, evaluate
from optimizer.pipeline import NoPlanError, solve
from optimizer.plan import Plan
from optimizer.planning.child import Progress
from optimizer.planning.infeasible import InfeasibleError
from optimizer.programmes.calendar import Calendar, calendar
from optimizer.scenario import Scenario
from optimizer.scenario.schema import OBJECTIVES, Frontier
from optimizer.studies.side_by_side import amounts_of, it_mw_by_site

# Key of the scenario's bounds that holds an aim, in the aim's own unit.
BOUND_KEYS = {
    "cost": "max_cost_usd",
    "carbon": "max_co2_t",
    "water": "max_water_m3",
    "compute": "min_h100e_hours",
    "date": "target_by",
}
# A level is eased by so much, so that the plan that set it keeps it.
ROOM = 1e-6
# Plans that differ by less in both aims are one.
SAME = 1e-9


@dataclass(frozen=True)
class FrontierFound:
    """Plans between two aims, from the best of the first to the best of the second.

    Attributes
    ----------
    scenario : Scenario
    between : tuple of str
        The two aims.
    plans : tuple of Plan
        None is beaten by another in both aims. Each is least (most, of compute) in the first aim, up to its own gap, among
        all plans that are no worse in the second.
    """

    scenario: Scenario
    between: tuple[str, str]
    plans: tuple[Plan, ...]

    @property
    def named(self) -> dict[str, Plan]:
        """Plans by name: point-1, point-2, …"""
        return {f"point-{n}": plan for n, plan in enumerate(self.plans, start=1)}

    @property
    def verified(self) -> bool:
        """Whether the independent check agrees with every plan."""
        return all(plan.verified for plan in self.plans)

    def table(self) -> Any:
        """A row a plan: what it costs, yields, emits, takes and when the target stands; its bound and gap in the first aim.

        Returns
        -------
        DataFrame
            plan, cost_usd, h100e_hours [unit of demand.metric], co2_t, water_m3, target_years (with a target), bound, gap,
            status, verified.
        """
        import pandas as pd

        rows = [
            {
                "plan": name,
                **amounts_of(plan),
                "bound": plan.bound,
                "gap": plan.gap,
                "status": plan.status,
                "verified": plan.verified,
            }
            for name, plan in self.named.items()
        ]
        return pd.DataFrame(rows)

    def sites(self) -> Any:
        """IT megawatts at the end of planning by site, a column a plan (DataFrame)."""
        return it_mw_by_site(self.named)


def frontier(
    scenario: Scenario,
    between: tuple[str, str] | None = None,
    points: int | None = None,
    time_limit: float = 600.0,
    gap: float = 0.005,
    threads: int = 1,
    deterministic: bool = False,
    on_progress: Callable[[int, int, Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    evaluation: Evaluation | None = None,
) -> FrontierFound:
    """Find the plans between two aims.

    Parameters
    ----------
    scenario : Scenario
    between : tuple of two of cost, compute, carbon, water, date, optional
        Default: the scenario's `objective.pareto`.
    points : int, optional
        Levels of the second aim, ends in. Default: `objective.points`, else 7. A frontier with a date has a point a period at most.
    time_limit : float
        Wall clock of all plans together [s]; each gets its share of what is left.
    gap : float
        Relative gap in the first aim at which a plan is good enough.
    threads, deterministic, stop, evaluation
        As of `solve`.
    on_progress : callable, optional
        Called with the point's number, how many there are, and the state of its solve.

    Raises
    ------
    ValueError
        No aims are given.
    InfeasibleError
        No plan keeps the scenario's own limits.
    NoPlanError
        The time limit, or a stop, came before the first plan.
    """
    own = scenario.objective
    aims = between if between is not None else own.pareto if isinstance(own, Frontier) else ()
    if len(aims) != 2 or len(set(aims)) != 2 or not set(aims) <= set(OBJECTIVES):
        raise ValueError(f"between: expected two different ones of {', '.join(OBJECTIVES)}, found {aims!r}")
    first, second = aims
    count = points if points is not None else own.points if isinstance(own, Frontier) else 7
    found = evaluation if evaluation is not None else evaluate(scenario, threads=threads)
    deadline = time.monotonic() + time_limit
    periods = calendar(scenario.horizon, scenario.money)
    total = count + 1
    stopped = False

    def asked_to_stop() -> bool:
        nonlocal stopped
        stopped = stopped or (stop is not None and stop())
        return stopped

    def solved(n: int, aim: str, level: float | None) -> Plan:
        changed = with_aim(scenario, aim, None if level is None else (second, level), periods)
        report = None if on_progress is None else lambda state: on_progress(n, total, state)
        share = max(1.0, (deadline - time.monotonic()) / max(1, total - n + 1))
        return solve(changed, share, gap, threads, deterministic, report, asked_to_stop, found)

    plans = [solved(1, first, None)]
    far = None if asked_to_stop() else _tried(lambda: solved(2, second, None))
    if far is not None:
        levels = _levels(plans[0], far, second, count, periods)
        for n, level in enumerate(levels, start=3):
            if asked_to_stop() or time.monotonic() >= deadline:
                break
            plan = _tried(lambda n=n, level=level: solved(n, first, level))  # type: ignore[misc]
            if plan is not None:
                plans.append(plan)
    return FrontierFound(scenario, (first, second), _unbeaten(plans, first, second))


def with_aim(scenario: Scenario, aim: str, bound: tuple[str, float] | None, periods: Calendar) -> Scenario:
    """The scenario with one plain objective and, of one more aim, a bound in that aim's unit."""
    bounds = scenario.bounds
    if bound is not None:
        name, level = bound
        value: Any = level
        if name == "date":
            value = periods.start + round(level / periods.period_years) * periods.months_per_period
        bounds = bounds.model_copy(update={BOUND_KEYS[name]: value})
    return scenario.model_copy(update={"objective": OBJECTIVES[aim], "bounds": bounds})


def _tried(solved: Callable[[], Plan]) -> Plan | None:
    """A plan, or none where the time was too short or the last level can't be kept within the solver's tolerance."""
    try:
        return solved()
    except (NoPlanError, InfeasibleError):
        return None


def _levels(near: Plan, far: Plan, aim: str, count: int, periods: Calendar) -> list[float]:
    """Levels of the second aim between the two ends, the nearest first; the far end is the last."""
    start, end = near.amounts[aim], far.amounts[aim]
    if aim == "date":
        step = periods.period_years
        inner = np.arange(round(start / step) - 1, round(end / step) - 1, -1) * step
        chosen = inner[
            np.unique(np.linspace(0, len(inner) - 1, min(count - 1, len(inner))).round().astype(int))
        ]
        return [float(level) for level in chosen]
    better = -1.0 if aim == "compute" else 1.0
    if better * (start - end) <= SAME * max(1.0, abs(start)):
        return []
    eased = np.linspace(start, end, count)[1:]
    return [float(level + better * ROOM * abs(level)) for level in eased]


def _unbeaten(plans: list[Plan], first: str, second: str) -> tuple[Plan, ...]:
    """Plans that no other one beats, by falling quality in the first aim; of equal ones the first stays."""
    sign = {aim: -1.0 if aim == "compute" else 1.0 for aim in (first, second)}

    def burden(plan: Plan) -> tuple[float, float]:
        return sign[first] * plan.amounts[first], sign[second] * plan.amounts[second]

    kept: list[Plan] = []
    for plan in sorted(plans, key=burden):
        own = burden(plan)[1]
        if not kept or own < burden(kept[-1])[1] - SAME * max(1.0, abs(own)):
            kept.append(plan)
    return tuple(kept)
