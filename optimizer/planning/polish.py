"""Make a solver's solution exact: whole numbers whole, everything else the best that goes with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.child import solve_in_child
from optimizer.planning.mathopt import SolverOptions
from optimizer.planning.model import Ids, Model

Floats = NDArray[np.float64]


def polished(model: Model, x: Floats, halls: Ids, time_limit_s: float = 30.0) -> Floats | None:
    """The best solution with the halls of `x`; None if rounding broke a limit.

    A solution within the gap may hold what no hall needs: a site that is opened, a path that is taken.

    Parameters
    ----------
    model : Model
    x : ndarray of shape (n_columns,)
    halls : ndarray of int
        Columns that stay as they are, rounded.
    time_limit_s : float
        Of each of two small solves.
    """
    whole = np.where(model.integer, np.rint(x), x)
    open_choice = model.integer.copy()
    open_choice[halls] = False
    if open_choice.any():
        found = _solved(model, whole, model.integer & ~open_choice, False, time_limit_s)
        if found is not None:
            whole = np.where(model.integer, np.rint(found), found)
    exact = _solved(model, whole, model.integer, True, time_limit_s)
    return None if exact is None else np.where(model.integer, whole, np.clip(exact, model.lower, model.upper))


def _solved(
    model: Model, whole: Floats, fixed: NDArray[np.bool_], relax: bool, time_limit_s: float
) -> Floats | None:
    """The best solution with some columns fixed, solved without the columns that are fixed at zero."""
    lower = np.where(fixed, whole, model.lower)
    upper = np.where(fixed, whole, model.upper)
    kept = (lower != 0) | (upper != 0)
    small = _with_columns(replace(model, lower=lower, upper=upper, integer=model.integer & ~fixed), kept)
    options = SolverOptions(relax=relax, relative_gap=1e-9, time_limit_s=time_limit_s)
    solution = solve_in_child(small, options, hint=None if relax else whole[kept])
    if solution.x is None:
        return None
    result = np.zeros(model.n_columns)
    result[kept] = solution.x
    return result


def _with_columns(model: Model, kept: NDArray[np.bool_]) -> Model:
    """The model with some of its columns; names are lost."""
    entries = kept[model.column]
    row = model.row_of_entry()[entries]
    start = np.searchsorted(row, np.arange(model.n_rows + 1))
    renumbered = np.cumsum(kept) - 1
    return replace(
        model,
        cost=model.cost[kept],
        lower=model.lower[kept],
        upper=model.upper[kept],
        integer=model.integer[kept],
        row_start=start.astype(model.row_start.dtype),
        column=renumbered[model.column[entries]].astype(model.column.dtype),
        value=model.value[entries],
        columns={},
        rows={},
    )
