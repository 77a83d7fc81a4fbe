"""The whole path, a call a line: load, evaluate, solve, check."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from optimizer.errors import OptimizerError
from optimizer.physics import Evaluation, evaluate
from optimizer.plan import Plan, SolveRecord, load_plan, make_plan
from optimizer.plan.decode import decode
from optimizer.planning.build import build_model
from optimizer.planning.child import Progress, relative_gap
from optimizer.planning.explain import explain_infeasible
from optimizer.planning.from_scenario import planning_data
from optimizer.planning.given import freed, given_groups, with_given
from optimizer.planning.infeasible import infeasible
from optimizer.planning.solve import Limits, Outcome, made_exact, solve_planning
from optimizer.programmes.calendar import calendar
from optimizer.programmes.dominance import without_dominated
from optimizer.programmes.halls import hall_columns
from optimizer.programmes.paths import supply_paths
from optimizer.scenario import GivenPlan, Scenario, load, load_given, load_with_origins

__all__ = ["NoPlanError", "evaluate", "load", "load_given", "load_plan", "load_with_origins", "solve"]


# Share of the time limit for the search, and seconds kept back, so that the limit holds for the whole solve.
SEARCH_SHARE = 0.98
AFTER_SEARCH_S = 0.5


class NoPlanError(OptimizerError):
    """A limit of the solve came before any plan was found."""

    exit_code = 5


def solve(
    scenario: Scenario,
    time_limit: float = 120.0,
    gap: float = 0.005,
    threads: int = 1,
    deterministic: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    evaluation: Evaluation | None = None,
    given: GivenPlan | None = None,
) -> Plan:
    """Find the best plan of a scenario, or cost a given one, and check it.

    Parameters
    ----------
    scenario : Scenario
    time_limit : float
        Wall clock of the solve, model building included [s].
    gap : float
        Relative gap to the proven bound at which a plan is good enough.
    threads : int
    deterministic : bool
        Same input, same plan: no clock in the search.
    on_progress : callable, optional
        Called with the state of the solve: seconds, objective, bound, gap, phase.
    stop : callable, optional
        Asked a few times a second; True ends the solve with the best plan so far.
    evaluation : Evaluation, optional
        Designs of this scenario, if they are known already.
    given : GivenPlan, optional
        Halls that are given (`load_given`): what is left open (refreshes, use, energy, money) is chosen at least cost, and
        the check names every limit that the given halls break.

    Returns
    -------
    Plan
        With its check; `plan.verified` says whether it passed.

    Raises
    ------
    InfeasibleError
        No plan keeps all limits; the message names the limit and what is missing.
    NoPlanError
        The time limit came, or a stop, before any plan.
    """
    found = evaluation if evaluation is not None else evaluate(scenario, threads=threads)
    designs, supply = found.designs, found.supply
    started = time.monotonic()
    periods = calendar(scenario.horizon, scenario.money)
    columns = hall_columns(scenario, designs, periods)
    groups: tuple[Any, ...] = ()
    if given is None:
        columns = without_dominated(columns, scenario, periods)
    else:
        columns, groups = given_groups(given, scenario, columns, periods)
    paths = supply_paths(scenario, designs, periods, supply)
    data = planning_data(scenario, columns, paths, periods)
    if given is not None:
        data = freed(data)
    built = build_model(data)
    if given is not None:
        built = (with_given(built[0], built[1].halls.first, groups, data, given), built[1])
    # What is left after the search makes the plan exact and checks it.
    left = max(0.5, (time_limit - (time.monotonic() - started)) * SEARCH_SHARE - AFTER_SEARCH_S)
    limits = Limits(time_limit_s=left, gap=gap, threads=threads, deterministic=deterministic)
    outcome = solve_planning(data, limits, on_progress, stop, built)
    if outcome.status == "infeasible":
        raise infeasible(explain_infeasible(outcome.model, data), scenario, data, columns.chips, periods)
    if outcome.x is None:
        raise NoPlanError(
            f"no plan was found within {time_limit:g} s; give more time (--time-limit) or a smaller case"
        )
    outcome = made_exact(outcome, data, gap)
    assert outcome.x is not None
    content = decode(outcome.x, outcome.columns, data, columns)
    seconds = time.monotonic() - started
    record = _record(outcome, scenario, seconds, len(columns.programmes), given)
    return _with_own_objective(make_plan(scenario, designs, content, record, supply), gap)


def _record(
    outcome: Outcome, scenario: Scenario, seconds: float, programmes: int, given: GivenPlan | None
) -> SolveRecord:
    details: dict[str, Any] = {
        "hall_programmes": programmes,
        "columns": outcome.model.n_columns,
        "integer_columns": int(outcome.model.integer.sum()),
        "rows": outcome.model.n_rows,
        "nonzeros": len(outcome.model.value),
    }
    if given is not None:
        details["given_plan"] = given.name
    return SolveRecord(
        status=outcome.status,  # type: ignore[arg-type]
        sense="max" if scenario.objective == "maximize_compute" else "min",
        objective=outcome.objective,
        bound=outcome.bound,
        gap=outcome.gap,
        solve_seconds=seconds,
        solver=outcome.solver,
        details=details,
    )


def _with_own_objective(plan: Plan, gap: float) -> Plan:
    """The plan with the objective that its own accounts give, and the gap that follows from it."""
    record, objective = plan.record, plan.report.objective
    if not math.isfinite(objective) or not plan.verified:
        return plan
    own = relative_gap(objective, record.bound)
    status = record.status
    if status in ("optimal", "feasible"):
        status = "optimal" if own <= gap + 1e-9 else "feasible"
    return replace(plan, record=replace(record, objective=objective, gap=own, status=status))
