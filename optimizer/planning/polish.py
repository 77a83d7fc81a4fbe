"""Make a solver's solution exact: whole numbers whole, everything else the best that goes with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.child import solve_in_child
from optimizer.planning.mathopt import SolverOptions
from optimizer.planning.model import Model


def polished(model: Model, x: NDArray[np.float64], time_limit_s: float = 30.0) -> NDArray[np.float64] | None:
    """The best solution with the integers of `x`, rounded; None if rounding broke a limit.

    Parameters
    ----------
    model : Model
    x : ndarray of shape (n_columns,)
    time_limit_s : float
    """
    whole = np.rint(x)
    fixed = replace(
        model,
        lower=np.where(model.integer, whole, model.lower),
        upper=np.where(model.integer, whole, model.upper),
        integer=np.zeros(model.n_columns, dtype=bool),
    )
    solution = solve_in_child(fixed, SolverOptions(relax=True, time_limit_s=time_limit_s))
    if solution.x is None:
        return None
    return np.where(model.integer, whole, np.clip(solution.x, model.lower, model.upper))
