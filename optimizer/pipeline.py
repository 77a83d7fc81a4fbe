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
from optimizer.plan import load_halls as load_given
from optimizer.plan.decode import decode
from optimizer.planning.build import build_model
from optimizer.planning.child import Progress, relative_gap
from optimizer.planning.columns import Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.easing import Easing, eased, least_eased
from optimizer.planning.explain import explain_infeasible
from optimizer.planning.from_scenario import planning_data
from optimizer.planning.given import (
    decided,
    given_columns,
    given_paths,
    nobodys,
    room_for_given,
    spent_on,
    with_given,
)
from optimizer.planning.infeasible import infeasible
from optimizer.planning.mathopt import SolverOptions
from optimizer.planning.model import Model
from optimizer.planning.solve import DETERMINISTIC_NODES, Limits, Outcome, made_exact, solve_planning
from optimizer.planning.sources import least_premium, source_terms
from optimizer.programmes.calendar import Calendar, calendar
from optimizer.programmes.dominance import without_dominated
from optimizer.programmes.halls import HallColumns, hall_columns
from optimizer.programmes.paths import supply_paths
from optimizer.scenario import GivenPlan, Scenario, load, load_with_origins
from optimizer.scenario.schema import Frontier

__all__ = ["NoPlanError", "evaluate", "load", "load_given", "load_plan", "load_with_origins", "solve"]


# Share of the time limit for the search, and seconds kept back, so that the limit holds for the whole solve.
SEARCH_SHARE = 0.98
AFTER_SEARCH_S = 0.5
# Share of it, at most, for each of the two tiers in which a given plan's limits give way.
EASING_SHARE = 0.3


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
        Halls that are given (`load_given`): what is left open (refreshes, use, energy, money) is chosen as the objective has
        it, within limits that give way no more than these halls ask for, and the check names every limit that is broken.

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
    return planned(case, limits, on_progress, stop)[0]


def planned(
    case: Prepared,
    limits: Limits,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> tuple[Plan, Any]:
    """The best plan of a prepared scenario, and its solution of the model, shape (n_columns,).

    The time limit counts from the building of the model on. Errors are those of `solve`.
    """
    started = time.monotonic() - case.building_s
    # What is left after the search makes the plan exact and checks it.
    left = max(0.5, (limits.time_limit_s - case.building_s) * SEARCH_SHARE - AFTER_SEARCH_S)
    nothing = NoPlanError(
        f"no plan was found within {limits.time_limit_s:g} s; give more time (--time-limit) or a smaller case"
    )
    model, start = case.model, None
    if case.easing is not None:
        model, start = least_eased(case.easing, _tier_options(limits, left), stop)
        left = max(0.5, left - (time.monotonic() - started - case.building_s))
        if start is None:
            raise nothing
    outcome = solve_planning(
        case.data,
        replace(limits, time_limit_s=left),
        on_progress,
        stop,
        (model, case.ids),
        start=start,
    )
    if outcome.status == "infeasible":
        explained = explain_infeasible(outcome.model, case.data)
        raise infeasible(explained, case.scenario, case.data, case.columns.chips, case.calendar)
    if outcome.x is None:
        raise nothing
    outcome = made_exact(outcome, case.data, limits.gap)
    assert outcome.x is not None
    record = _record(outcome, case, time.monotonic() - started)
    return _with_own_objective(case.plan(outcome.x, record), limits.gap), outcome.x


def _tier_options(limits: Limits, left_s: float) -> SolverOptions:
    """How to solve for the least that the limits of a given plan give way, twice at most."""
    nodes = DETERMINISTIC_NODES if limits.deterministic else None
    threads = 1 if limits.deterministic else limits.threads
    return SolverOptions(time_limit_s=left_s * EASING_SHARE, threads=threads, node_limit=nodes)


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
    given : GivenPlan or None
    easing : Easing or None
        Of a given plan: the model with slack in what it may break.
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
    given: GivenPlan | None = None
    easing: Easing | None = None

    def plan(self, x: Any, record: SolveRecord) -> Plan:
        """The checked plan of a solution of the model."""
        content = decode(x, self.ids, self.data, self.columns)
        found = self.evaluation
        return make_plan(self.scenario, found.designs, content, record, found.supply, self.given)


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
    ScenarioError
        Builds of the given plan that no hall can be, ways of supply that its sites don't have.
    """
    if isinstance(scenario.objective, Frontier):
        raise OneObjectiveError("objective: a frontier is many plans; optimizer.frontier finds them")
    started = time.monotonic()
    found = evaluation if evaluation is not None else evaluate(scenario, threads=threads)
    evaluated = time.monotonic()
    periods = calendar(scenario.horizon, scenario.money)
    if given is not None:
        return _with_given(given, scenario, found, periods, evaluated, evaluated - started)
    cheapest = least_premium(source_terms(scenario, periods), ("facility", "chips"), periods.planning)
    columns = without_dominated(hall_columns(scenario, found.designs, periods), scenario, periods, cheapest)
    paths = supply_paths(scenario, found.designs, periods, found.supply)
    data = planning_data(scenario, columns, paths, periods)
    model, ids = build_model(data)
    took = evaluated - started, time.monotonic() - evaluated
    return Prepared(scenario, found, periods, columns, data, model, ids, *took)


def _with_given(
    given: GivenPlan,
    scenario: Scenario,
    found: Evaluation,
    periods: Calendar,
    began: float,
    evaluation_s: float,
) -> Prepared:
    """The same for a given plan: only its halls, and limits that may give way to them."""
    columns, kinds = given_columns(given, scenario, found.designs, periods)
    sites = given_paths(given, scenario, found.designs, periods, found.supply)
    paths = supply_paths(scenario, found.designs, periods, found.supply, sites)
    own = planning_data(scenario, columns, paths, periods)
    data = room_for_given(own, kinds)
    built, ids = build_model(data)
    model = with_given(built, ids, kinds, data, own)
    easing, ids = eased(model, ids, nobodys(ids), spent_on(data, kinds))
    building_s = time.monotonic() - began
    return Prepared(
        scenario,
        found,
        periods,
        columns,
        data,
        easing.model,
        decided(ids, own),
        evaluation_s,
        building_s,
        given,
        easing,
    )


def _record(outcome: Outcome, case: Prepared, seconds: float) -> SolveRecord:
    details: dict[str, Any] = {
        "hall_programmes": len(case.columns.programmes),
        "columns": outcome.model.n_columns,
        "integer_columns": int(outcome.model.integer.sum()),
        "rows": outcome.model.n_rows,
        "nonzeros": len(outcome.model.value),
    }
    if case.given is not None:
        details["given_plan"] = case.given.name
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
