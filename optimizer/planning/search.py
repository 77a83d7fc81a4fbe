"""How a model is searched: whole where it is small; else relaxation, shortlist, exact fixing by reduced cost, proof."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.child import solve_in_child
from optimizer.planning.mathopt import Solution, SolverOptions
from optimizer.planning.model import Model

Floats = NDArray[np.float64]

# Models below both sizes go to the solver whole.
SMALL_INTEGERS = 1500
SMALL_ROWS = 8000
# Relaxations with more rows are solved by interior point without crossover.
INTERIOR_ROWS = 20_000
SHORTLIST_SHARE = 0.4  # of the time that is left, for the first plan
TIGHT = 1e-6


@dataclass(frozen=True)
class Search:
    """Clock, tolerance and ears of a search.

    Attributes
    ----------
    options : SolverOptions
        Gap, threads, solver; its time limit is replaced stage by stage.
    deadline : float
        On the clock of time.monotonic.
    report : callable
        Called with (objective, bound, phase).
    stop : callable
    """

    options: SolverOptions
    deadline: float
    report: Callable[[float, float, str], None]
    stop: Callable[[], bool]

    def left(self) -> float:
        """Seconds left."""
        return max(0.05, self.deadline - time.monotonic())

    def over(self) -> bool:
        """Whether to stop: asked to, or out of time."""
        return self.stop() or time.monotonic() >= self.deadline


def search(model: Model, task: Search) -> Solution:
    """Find a good plan and a bound on the best.

    Parameters
    ----------
    model : Model
    task : Search

    Returns
    -------
    Solution
        Its bound holds for the whole model.
    """
    if int(model.integer.sum()) <= SMALL_INTEGERS and model.n_rows <= SMALL_ROWS:
        return _solve(model, task, task.left(), "search", -math.inf, math.inf, None)
    return _staged(model, task)


def lagrangian(model: Model, row_dual: Floats) -> tuple[float, Floats]:
    """Bound and reduced costs that any prices of the rows prove.

    Parameters
    ----------
    model : Model
    row_dual : ndarray of shape (n_rows,)
        Prices; a price whose side of the row has no limit counts as 0.

    Returns
    -------
    bound : float
        min over the column bounds of cost·x + price·(limit - A x); -inf where a column is not bounded.
    reduced_cost : ndarray of shape (n_columns,)
    """
    price = np.where(
        row_dual > 0,
        np.where(np.isfinite(model.row_lower), row_dual, 0.0),
        np.where(np.isfinite(model.row_upper), row_dual, 0.0),
    )
    reduced = model.cost - np.bincount(
        model.column, weights=model.value * price[model.row_of_entry()], minlength=model.n_columns
    )
    limit = np.where(price > 0, model.row_lower, model.row_upper)
    side = np.where(reduced > 0, model.lower, model.upper)
    with np.errstate(invalid="ignore"):
        rows = np.where(price != 0, price * limit, 0.0)
        bounds = np.where(reduced != 0, reduced * side, 0.0)
    return float(rows.sum() + bounds.sum() + model.offset), reduced


def _staged(model: Model, task: Search) -> Solution:
    options = replace(task.options, solver="highs", relax=True, time_limit_s=task.left())
    if model.n_rows > INTERIOR_ROWS:
        options = replace(options, highs={"solver": "ipm", "run_crossover": "off"})
    relaxed = solve_in_child(model, options, stop=task.stop)
    if relaxed.status == "infeasible":
        return relaxed
    if relaxed.x is None or relaxed.row_dual is None:
        if task.over():
            return Solution("no_solution", None, math.inf, -math.inf)
        return _solve(model, task, task.left(), "search", -math.inf, math.inf, None)
    proven, reduced = lagrangian(model, relaxed.row_dual)
    task.report(math.inf, proven, "relaxation")

    first = _shortlisted(model, task, relaxed, reduced, proven)
    if first.x is None or task.over():
        if first.x is None and not task.over():
            return _solve(model, task, task.left(), "search", proven, math.inf, None)
        return replace(first, bound=min(proven, first.objective))
    cutoff = first.objective - task.options.relative_gap * abs(first.objective)
    if proven >= cutoff:
        return replace(first, bound=proven, status="optimal")
    # Whoever takes a column whose reduced cost lifts the bound over the cutoff costs more than that.
    hopeless = model.integer & (proven + np.maximum(reduced, 0.0) > cutoff) & (model.lower == 0)
    hopeless &= np.rint(first.x) == 0
    rest = replace(model, upper=np.where(hopeless, 0.0, model.upper))
    last = _solve(rest, task, task.left(), "proof", proven, first.objective, first.x)
    bound = max(proven, min(last.bound, cutoff if hopeless.any() else math.inf))
    best = last if last.x is not None and last.objective <= first.objective else first
    return replace(best, bound=min(bound, best.objective))


def _shortlisted(model: Model, task: Search, relaxed: Solution, reduced: Floats, proven: float) -> Solution:
    """A plan from the columns that the relaxation uses or nearly uses."""
    assert relaxed.x is not None
    whole = np.flatnonzero(model.integer & (model.lower == 0))
    used = relaxed.x[whole] > TIGHT
    wanted = max(200, 4 * int(used.sum()))
    order = np.argsort(np.where(used, -1.0, np.maximum(reduced[whole], 0.0)), kind="stable")
    keep = np.zeros(model.n_columns, dtype=bool)
    keep[whole[order[:wanted]]] = True
    dropped = model.integer & (model.lower == 0) & ~keep
    small = replace(model, upper=np.where(dropped, 0.0, model.upper))
    seconds = task.left() * SHORTLIST_SHARE
    return _solve(small, task, seconds, "shortlist", proven, math.inf, None, bound_holds=False)


def _solve(
    model: Model,
    task: Search,
    seconds: float,
    phase: str,
    proven: float,
    best: float,
    hint: Floats | None,
    bound_holds: bool = True,
) -> Solution:
    def on_progress(objective: float, bound: float) -> None:
        task.report(min(best, objective), max(proven, bound) if bound_holds else proven, phase)

    options = replace(task.options, time_limit_s=seconds)
    return solve_in_child(model, options, hint=hint, on_progress=on_progress, stop=task.stop)
