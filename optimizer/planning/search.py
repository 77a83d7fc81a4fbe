"""How a model is searched: whole where it is small; else in stages.

Relaxation, then plans near it (rounding, shortlist), then what reduced costs settle is fixed and the rest
proved.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

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
# Shares of the time that is left, for the first plans.
ROUNDING_SHARE = 0.3
SHORTLIST_SHARE = 0.4
# Whole columns on the shortlist: so many for each that the relaxation uses, and some to spare.
CHOICES_PER_USED = 3
SPARE_CHOICES = 20
# A shortlist's plan this near to the bound that has stood for so long (seconds, share of its search) goes to the proof.
NEAR = 0.015
STANDING_S, STANDING_SHARE = 3.0, 0.5
# The proof has a plan already and looks for no better ones beside its tree. Probing takes half a minute of presolve on
# twenty thousand programmes and settles few of them.
PROBING_OFF = 1 << 15
PROVING: dict[str, Any] = {"mip_heuristic_effort": 0.0, "presolve_rule_off": PROBING_OFF}
# Columns on the shortlist for each group of alternatives.
CHOICES_PER_GROUP = 3
# Share of the tolerated gap within which the proof settles what reduced costs exclude.
SETTLED_SHARE = 0.8
CLOSE = 0.005  # a plan this near to the bound needs no better one before the proof
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
    group : ndarray of shape (n_columns,), optional
        Columns that stand for much the same decision share a number; -1 for columns without alternatives.
    start : ndarray of shape (n_columns,), optional
        A solution that is known.
    """

    options: SolverOptions
    deadline: float
    report: Callable[[float, float, str], None]
    stop: Callable[[], bool]
    group: NDArray[np.int64] | None = None
    start: Floats | None = None

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
    if whole(model):
        known = _started(model, task)
        found = _solve(model, task, task.left(), "search", -math.inf, known.objective, task.start)
        if known.x is None:
            return found
        # A solution that is known is no solver's mistake: what finds none proves nothing.
        bound = -math.inf if found.status == "infeasible" else found.bound
        return replace(_best(known, found), bound=bound)
    return _staged(model, task)


def whole(model: Model) -> bool:
    """Whether a model is small enough to go to the solver as it is."""
    return int(model.integer.sum()) <= SMALL_INTEGERS and model.n_rows <= SMALL_ROWS


def _started(model: Model, task: Search) -> Solution:
    """What is known before the search begins."""
    if task.start is None:
        return Solution("no_solution", None, math.inf, -math.inf)
    return Solution("feasible", task.start, float(model.cost @ task.start + model.offset), -math.inf)


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
            return _started(model, task)
        return _solve(model, task, task.left(), "search", -math.inf, math.inf, task.start)
    proven, reduced = lagrangian(model, relaxed.row_dual)
    task.report(math.inf, proven, "relaxation")

    first = _best(_started(model, task), _rounded(model, task, relaxed, proven))
    if not task.over() and proven < _below(first.objective, CLOSE):
        first = _best(first, _shortlisted(model, task, relaxed, reduced, proven, first))
    if first.x is None:
        return first if task.over() else _solve(model, task, task.left(), "search", proven, math.inf, None)
    if proven >= _below(first.objective, task.options.relative_gap) or task.over():
        return replace(first, bound=min(proven, first.objective))
    cutoff = _below(first.objective, SETTLED_SHARE * task.options.relative_gap)
    rest, exact = _settled(model, reduced, cutoff - proven)
    prover = replace(task, options=replace(task.options, highs={**(task.options.highs or {}), **PROVING}))
    last = _solve(rest, prover, task.left(), "proof", proven, first.objective, first.x)
    bound = max(proven, last.bound if exact else min(last.bound, cutoff))
    best = _best(first, last)
    return replace(best, bound=min(bound, best.objective))


def _below(objective: float, share: float) -> float:
    """An objective less a share of itself; inf where there is none yet."""
    return objective - share * abs(objective) if math.isfinite(objective) else math.inf


def _best(a: Solution, b: Solution) -> Solution:
    return b if b.x is not None and b.objective <= a.objective else a


def _settled(model: Model, reduced: Floats, slack: float) -> tuple[Model, bool]:
    """The model without the choices that are too dear, and whether none was.

    A whole column that leaves the side of its bounds which its reduced cost prefers costs at least
    |reduced cost| a unit: a solution within `slack` of the bound leaves it by at most slack / |reduced cost|.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        units = np.floor(np.maximum(slack, 0.0) / np.abs(reduced) + 1e-9)
    units = np.where(model.integer & (reduced != 0), units, np.inf)
    upper = np.where(reduced > 0, np.minimum(model.upper, model.lower + units), model.upper)
    lower = np.where(reduced < 0, np.maximum(model.lower, model.upper - units), model.lower)
    exact = bool((upper == model.upper).all() and (lower == model.lower).all())
    return replace(model, lower=lower, upper=upper), exact


def _rounded(model: Model, task: Search, relaxed: Solution, proven: float) -> Solution:
    """The best plan whose whole numbers are those of the relaxation, rounded down or up."""
    assert relaxed.x is not None
    floor, ceiling = np.floor(relaxed.x + TIGHT), np.ceil(relaxed.x - TIGHT)
    near = replace(
        model,
        lower=np.where(model.integer, np.clip(floor, model.lower, model.upper), model.lower),
        upper=np.where(model.integer, np.clip(ceiling, model.lower, model.upper), model.upper),
    )
    seconds = task.left() * ROUNDING_SHARE
    return _solve(near, task, seconds, "rounding", proven, math.inf, None, bound_holds=False)


def _shortlisted(
    model: Model, task: Search, relaxed: Solution, reduced: Floats, proven: float, first: Solution
) -> Solution:
    """A plan from the columns that the relaxation uses or nearly uses, and the best of every group."""
    assert relaxed.x is not None
    whole = np.flatnonzero(model.integer & (model.lower == 0))
    used = relaxed.x[whole] > TIGHT
    price = np.where(used, -1.0, np.maximum(reduced[whole], 0.0))
    keep = np.zeros(model.n_columns, dtype=bool)
    if task.group is None:
        wanted = SPARE_CHOICES + CHOICES_PER_USED * int(used.sum())
        keep[whole[np.argsort(price, kind="stable")[:wanted]]] = True
    else:
        group = task.group[whole]
        order = np.lexsort((price, group))
        rank = np.arange(len(order)) - np.searchsorted(group[order], group[order])
        keep[whole[order[(rank < CHOICES_PER_GROUP) | (group[order] < 0)]]] = True
        keep[whole[used]] = True
    if first.x is not None:
        keep |= first.x > TIGHT
    dropped = model.integer & (model.lower == 0) & ~keep
    small = replace(model, upper=np.where(dropped, 0.0, model.upper))
    seconds = task.left() * SHORTLIST_SHARE
    standing = _Standing(proven)
    patient = task if task.options.node_limit is not None else replace(task, stop=standing.stop(task))
    return _solve(
        small, patient, seconds, "shortlist", proven, first.objective, first.x, False, standing.note
    )


class _Standing:
    """Whether the best plan of a search is near the bound and has stood for a while."""

    def __init__(self, proven: float) -> None:
        self.proven = proven
        self.best = math.inf
        self.began = self.since = time.monotonic()

    def note(self, objective: float) -> None:
        """Take note of the best objective so far."""
        if objective < self.best - 1e-9 * abs(objective):
            self.best, self.since = objective, time.monotonic()

    def stop(self, task: Search) -> Callable[[], bool]:
        """Asked by the search: stop for the user or for standing still."""

        def stopping() -> bool:
            if task.stop():
                return True
            near = math.isfinite(self.best) and self.best - self.proven <= NEAR * abs(self.best)
            patience = max(STANDING_S, STANDING_SHARE * (self.since - self.began))
            return near and time.monotonic() - self.since > patience

        return stopping


def _solve(
    model: Model,
    task: Search,
    seconds: float,
    phase: str,
    proven: float,
    best: float,
    hint: Floats | None,
    bound_holds: bool = True,
    note: Callable[[float], None] | None = None,
) -> Solution:
    def on_progress(objective: float, bound: float) -> None:
        if note is not None:
            note(objective)
        task.report(min(best, objective), max(proven, bound) if bound_holds else proven, phase)

    options = replace(task.options, time_limit_s=seconds)
    return solve_in_child(model, options, hint=hint, on_progress=on_progress, stop=task.stop)
