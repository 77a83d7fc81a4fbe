"""From arrays to decisions: build the model, solve it, report progress, keep the best plan when stopped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.aims import money_of, unit_of, with_row
from optimizer.planning.build import build_model
from optimizer.planning.child import Progress, relative_gap
from optimizer.planning.columns import Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.mathopt import Solution, SolverOptions, version
from optimizer.planning.model import Model
from optimizer.planning.polish import polished
from optimizer.planning.search import Search, search

DETERMINISTIC_NODES = 20_000  # a node limit in place of the clock, so that results repeat


@dataclass(frozen=True)
class Limits:
    """When to stop.

    Attributes
    ----------
    time_limit_s : float
        Wall clock from the call on, model building included.
    gap : float
        Relative gap at which a plan is good enough.
    threads : int
    deterministic : bool
        Same input, same plan: one thread and a node limit beside the clock.
    solver : {"highs", "scip"}
    """

    time_limit_s: float = 120.0
    gap: float = 0.005
    threads: int = 1
    deterministic: bool = False
    solver: str = "highs"


@dataclass(frozen=True)
class Outcome:
    """Decisions and how they came about.

    Attributes
    ----------
    status : {"optimal", "feasible", "infeasible", "no_plan", "interrupted"}
    x : ndarray or None
        Values of the model's columns.
    objective, bound, gap : float
        In dollars (least cost) or discounted unit-hours of compute (most compute).
    seconds : float
    model : Model
    columns : Columns
    solver : str
    """

    status: str
    x: NDArray[np.float64] | None
    objective: float
    bound: float
    gap: float
    seconds: float
    model: Model
    columns: Columns
    solver: str


def solve_planning(
    data: PlanningData,
    limits: Limits,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    model: tuple[Model, Columns] | None = None,
    scale: float | None = None,
    start: NDArray[np.float64] | None = None,
) -> Outcome:
    """Solve the planning model.

    Parameters
    ----------
    data : PlanningData
    limits : Limits
    on_progress : callable, optional
        Called with the state of the solve in the units of the objective.
    stop : callable, optional
        True stops the solve; the best plan so far is returned with status interrupted.
    model : tuple of Model and Columns, optional
        The model of `data`, if it is built already.
    scale : float, optional
        Units of the objective to one of the model's. Default: those of the data's aim.
    start : ndarray of shape (n_columns,), optional
        A solution of the model that is known.
    """
    started = time.monotonic()
    built, columns = model if model is not None else build_model(data)
    to_objective = _in_units(unit_of(data, data.aim) if scale is None else scale)
    asked_to_stop = False

    def stopping() -> bool:
        nonlocal asked_to_stop
        asked_to_stop = asked_to_stop or (stop is not None and stop())
        return asked_to_stop

    def report(objective: float, bound: float, phase: str) -> None:
        if on_progress is not None:
            o, b = to_objective(objective), to_objective(bound)
            on_progress(Progress(time.monotonic() - started, o, b, relative_gap(o, b), phase))

    options = SolverOptions(
        solver=limits.solver,
        time_limit_s=max(0.1, limits.time_limit_s - (time.monotonic() - started)),
        relative_gap=limits.gap,
        threads=1 if limits.deterministic else limits.threads,
        node_limit=DETERMINISTIC_NODES if limits.deterministic else None,
    )
    deadline = started + limits.time_limit_s
    group = _alternatives(data, built, columns)
    solution = search(built, Search(options, deadline, report, stopping, group, start))
    return _outcome(solution, built, columns, limits, asked_to_stop, to_objective, started)


def made_exact(outcome: Outcome, data: PlanningData, gap: float) -> Outcome:
    """The outcome with whole numbers whole, nothing held that no hall needs, and its objective.

    Parameters
    ----------
    outcome : Outcome
    data : PlanningData
    gap : float
        Relative gap at which a plan is good enough.
    """
    if outcome.x is None:
        return outcome
    x = polished(outcome.model, outcome.x, outcome.columns.halls.ids)
    if x is None:
        return outcome
    if data.aim != "cost":
        x = cheapest(outcome.model, x, outcome.columns, float(outcome.model.cost @ x))
    objective = _in_units(unit_of(data, data.aim))(float(outcome.model.cost @ x + outcome.model.offset))
    own = relative_gap(objective, outcome.bound)
    status = outcome.status
    if status in ("optimal", "feasible"):
        status = "optimal" if own <= gap + 1e-12 else "feasible"
    return replace(outcome, x=x, objective=objective, gap=own, status=status)


def cheapest(model: Model, x: NDArray[np.float64], columns: Columns, most: float) -> NDArray[np.float64]:
    """The cheapest solution with the same halls and at most `most` of the model's objective, without its offset."""
    kept = with_row(model, "aim", model.cost, most + 1e-9 * max(1.0, abs(most)))
    found = polished(replace(kept, cost=money_of(model), offset=0.0), x, columns.halls.ids)
    return x if found is None else found


def _alternatives(data: PlanningData, model: Model, columns: Columns) -> NDArray[np.int64] | None:
    """Group of each column: programmes of one site and commissioning period differ in what follows only."""
    programmes = data.programmes
    key = programmes.site.astype(np.int64) * data.periods.count + programmes.commission
    key = np.where(programmes.block >= 0, key.max(initial=0) + 1 + programmes.block, key)
    if len(np.unique(key)) > len(key) / 2:
        return None
    group = np.full(model.n_columns, -1, dtype=np.int64)
    group[columns.halls.ids] = key
    return group


def _in_units(scale: float) -> Callable[[float], float]:
    return lambda value: value * scale if math.isfinite(value) else math.copysign(math.inf, value * scale)


def _outcome(
    solution: Solution,
    model: Model,
    columns: Columns,
    limits: Limits,
    interrupted: bool,
    to_objective: Callable[[float], float],
    started: float,
) -> Outcome:
    objective, bound = to_objective(solution.objective), to_objective(solution.bound)
    gap = relative_gap(objective, bound)
    if solution.status == "infeasible":
        status = "infeasible"
    elif interrupted:
        status = "interrupted"
    elif solution.x is None:
        status = "no_plan"
    else:
        status = "optimal" if gap <= limits.gap + 1e-12 else "feasible"
    return Outcome(
        status=status,
        x=solution.x,
        objective=objective,
        bound=bound,
        gap=gap,
        seconds=time.monotonic() - started,
        model=model,
        columns=columns,
        solver=f"{limits.solver} through OR-Tools {version()}",
    )
