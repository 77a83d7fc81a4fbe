"""The whole path, a call a line: load, evaluate, solve, check."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from optimizer.errors import OptimizerError
from optimizer.physics import Evaluation, evaluate
from optimizer.plan import Plan, SolveRecord, load_plan, make_plan
from optimizer.plan.decode import decode
from optimizer.planning.build import build_model
from optimizer.planning.child import Progress, relative_gap
from optimizer.planning.columns import Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.explain import explain_infeasible
from optimizer.planning.from_scenario import planning_data
from optimizer.planning.given import freed, given_groups, with_given
from optimizer.planning.infeasible import infeasible
from optimizer.planning.model import Model
from optimizer.planning.solve import Limits, Outcome, made_exact, solve_planning
from optimizer.planning.sources import least_premium, source_terms
from optimizer.programmes.calendar import Calendar, calendar
from optimizer.programmes.dominance import without_dominated
from optimizer.programmes.halls import HallColumns, hall_columns
from optimizer.programmes.paths import supply_paths
from optimizer.scenario import GivenPlan, Scenario, load, load_given, load_with_origins
from optimizer.scenario.schema import Frontier

__all__ = ["NoPlanError", "evaluate", "load", "load_given", "load_plan", "load_with_origins", "solve"]


# Share of the time limit for the search, and seconds kept back, so that the limit holds for the whole solve.
SEARCH_SHARE = 0.98
AFTER_SEARCH_S = 0.5


class OneObjectiveError(OptimizerError):
    """A scenario that asks for a frontier where one plan is wanted."""

    exit_code = 2


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
    case = prepared(scenario, evaluation, threads, given)
    limits = Limits(time_limit, gap, threads, deterministic)
    return planned(case, limits, on_progress, stop, given)[0]


def planned(
    case: Prepared,
    limits: Limits,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    given: GivenPlan | None = None,
) -> tuple[Plan, Any]:
    """The best plan of a prepared scenario, and its solution of the model, shape (n_columns,).

    The time limit counts from the building of the model on. Errors are those of `solve`.
    """
    started = time.monotonic() - case.building_s
    # What is left after the search makes the plan exact and checks it.
    left = max(0.5, (limits.time_limit_s - case.building_s) * SEARCH_SHARE - AFTER_SEARCH_S)
    outcome = solve_planning(
        case.data, replace(limits, time_limit_s=left), on_progress, stop, (case.model, case.ids)
    )
    if outcome.status == "infeasible":
        explained = explain_infeasible(outcome.model, case.data)
        raise infeasible(explained, case.scenario, case.data, case.columns.chips, case.calendar)
    if outcome.x is None:
        text = f"no plan was found within {limits.time_limit_s:g} s"
        raise NoPlanError(f"{text}; give more time (--time-limit) or a smaller case")
    outcome = made_exact(outcome, case.data, limits.gap)
    assert outcome.x is not None
    record = _record(outcome, case, time.monotonic() - started, given)
    return _with_own_objective(case.plan(outcome.x, record), limits.gap), outcome.x


@dataclass(frozen=True)
class Prepared:
    """A scenario on its way to a plan: all that stands before the search, and the way back from its answer.

    Attributes
    ----------
    scenario : Scenario
    evaluation : Evaluation
    calendar : Calendar
    columns : HallColumns
        Hall programmes.
    data : PlanningData
    model : Model
    ids : Columns
        Columns of the model.
    evaluation_s, building_s : float
        Time that the evaluation and the building of the model took [s].
    """

    scenario: Scenario
    evaluation: Evaluation
    calendar: Calendar
    columns: HallColumns
    data: PlanningData
    model: Model
    ids: Columns
    evaluation_s: float
    building_s: float

    def plan(self, x: Any, record: SolveRecord) -> Plan:
        """The checked plan of a solution of the model."""
        content = decode(x, self.ids, self.data, self.columns)
        found = self.evaluation
        return make_plan(self.scenario, found.designs, content, record, found.supply)


def prepared(
    scenario: Scenario,
    evaluation: Evaluation | None = None,
    threads: int = 1,
    given: GivenPlan | None = None,
) -> Prepared:
    """From a scenario to its planning model, a call a line.

    Raises
    ------
    OneObjectiveError
        The scenario asks for a frontier.
    GivenPlanError
        A build of the given plan that no hall can be.
    """
    if isinstance(scenario.objective, Frontier):
        raise OneObjectiveError("objective: a frontier is many plans; optimizer.frontier finds them")
    started = time.monotonic()
    found = evaluation if evaluation is not None else evaluate(scenario, threads=threads)
    evaluated = time.monotonic()
    periods = calendar(scenario.horizon, scenario.money)
    columns = hall_columns(scenario, found.designs, periods)
    groups: tuple[Any, ...] = ()
    if given is None:
        cheapest = least_premium(source_terms(scenario, periods), ("facility", "chips"), periods.planning)
        columns = without_dominated(columns, scenario, periods, cheapest)
    else:
        columns, groups = given_groups(given, scenario, columns, periods)
    paths = supply_paths(scenario, found.designs, periods, found.supply)
    data = planning_data(scenario, columns, paths, periods)
    if given is not None:
        data = freed(data)
    model, ids = build_model(data)
    if given is not None:
        model = with_given(model, ids.halls.first, groups, data, given)
    took = evaluated - started, time.monotonic() - evaluated
    return Prepared(scenario, found, periods, columns, data, model, ids, *took)


def _record(outcome: Outcome, case: Prepared, seconds: float, given: GivenPlan | None) -> SolveRecord:
    details: dict[str, Any] = {
        "hall_programmes": len(case.columns.programmes),
        "columns": outcome.model.n_columns,
        "integer_columns": int(outcome.model.integer.sum()),
        "rows": outcome.model.n_rows,
        "nonzeros": len(outcome.model.value),
    }
    if given is not None:
        details["given_plan"] = given.name
    return SolveRecord(
        status=outcome.status,  # type: ignore[arg-type]
        sense="max" if case.data.maximize_compute else "min",
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
