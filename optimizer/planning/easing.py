"""Limits that give way to a given plan: as few and as little as can be, before anything else is decided.

Rows that given halls may break have slack in three tiers: what limits the plan and its money, then what is wanted of it, then
the objective. Each tier takes the least of its slack, relative to the row's own size, that the tier before leaves
possible. The plan is read without slack, and the independent check says what is short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.aims import with_row
from optimizer.planning.child import solve_in_child
from optimizer.planning.columns import Columns
from optimizer.planning.mathopt import SolverOptions
from optimizer.planning.model import Family, Ids, Model, ModelBuilder
from optimizer.planning.polish import polished

Floats = NDArray[np.float64]

LIMITS = (
    "power",
    "firm_power",
    "unit_slots",
    "clean_share",
    "carbon",
    "water",
    "chip_supply",
    "stock",
    "volume",
    "budget",
    "bound_cost",
    "bound_carbon",
    "bound_water",
)
WANTS = ("min_it_mw", "demand", "job", "bound_compute", "bound_date")
NONE_NEEDED = 1e-7  # slack of a tier below it, relative to its rows, is the solver's
DUST = 1e-9  # of a row; what is not above it is none
LEFT = 1e-7  # more of a tier's slack by rounding
GAP = 1e-6


@dataclass(frozen=True)
class Easing:
    """A model whose limits may give way.

    Attributes
    ----------
    model : Model
    tiers : tuple of ndarray of shape (n_columns,)
        Weight of the slack in each tier; 0 for columns that are no slack.
    """

    model: Model
    tiers: tuple[Floats, ...]


def eased(model: Model, ids: Columns, nobody: Ids, spent: float) -> tuple[Easing, Columns]:
    """The model with slack for limits and wants; what is not served or missed for want of a price is found in the columns.

    Parameters
    ----------
    model : Model
    ids : Columns
    nobody : ndarray
        Columns of money that no source gives.
    spent : float
        What it is measured by [money unit].
    """
    builder = ModelBuilder.of(model)
    weights: list[list[tuple[Ids, Floats]]] = [[], []]
    weights[0].append((nobody, np.full(len(nobody), 1.0 / max(spent, 1e-9))))
    size = _sizes(model)
    for tier, rules in enumerate((LIMITS, WANTS)):
        for family in _families(model, rules):
            slack, at = _add_slack(builder, model, family)
            if slack is None:
                continue
            weights[tier].append((slack.ids, 1.0 / size[family.first + at]))
            ids = _noted(ids, family, slack.ids, at)
    built = builder.build()
    tiers = []
    for found in weights:
        weight = np.zeros(built.n_columns)
        for columns, value in found:
            weight[columns] = value
        tiers.append(weight)
    return Easing(built, tuple(tiers)), ids


def _families(model: Model, rules: tuple[str, ...]) -> list[Family]:
    return [
        family
        for name, family in model.rows.items()
        if name in rules or name.rstrip("0123456789").rstrip("_") in rules
    ]


def _sizes(model: Model) -> Floats:
    """What slack of a row is measured by: the largest of its limit and of what a column can put into it."""
    low = np.where(np.isfinite(model.row_lower), np.abs(model.row_lower), 0.0)
    high = np.where(np.isfinite(model.row_upper), np.abs(model.row_upper), 0.0)
    most = np.where(np.isfinite(model.upper), model.upper, 0.0)[model.column] * np.abs(model.value)
    largest = np.maximum(low, high)
    np.maximum.at(largest, model.row_of_entry(), most)
    return np.where(largest > 0, largest, 1.0)


def _add_slack(builder: ModelBuilder, model: Model, family: Family) -> tuple[Family | None, Ids]:
    """Slack on the one side of each row that is limited; rows with demand met exactly fall short, never over."""
    low, high = model.row_lower[family.ids], model.row_upper[family.ids]
    at = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
    if family.name == "demand":
        at = at[~_has_column(model, "unserved", family)[at]]
    elif family.name == "job":
        at = at[~_has_column(model, "missed", family)[at]]
    if not len(at):
        return None, at
    axes = {axis: index[at] for axis, index in family.axes.items()} or {"all": np.zeros(len(at), np.int64)}
    slack = builder.columns(f"short_{family.name}", axes)
    builder.add(family.first + at, slack.ids, np.where(np.isfinite(low[at]), 1.0, -1.0))
    return slack, at


def _has_column(model: Model, name: str, family: Family) -> NDArray[np.bool_]:
    """Whether a row of a family has a column of another family in it."""
    found = np.zeros(family.count, dtype=bool)
    if name in model.columns:
        columns = model.columns[name]
        inside = (model.column >= columns.first) & (model.column < columns.first + columns.count)
        row = model.row_of_entry()[inside] - family.first
        found[row[(row >= 0) & (row < family.count)]] = True
    return found


def _noted(ids: Columns, family: Family, slack: Ids, at: Ids) -> Columns:
    """The columns with slack where it stands for demand that is not served, or a job that is missed."""
    if family.name == "demand":
        unserved = ids.unserved.copy()
        unserved[family.axes["service"][at], family.axes["period"][at]] = slack
        return replace(ids, unserved=unserved)
    if family.name == "job":
        missed = ids.missed.copy()
        missed[family.axes["job"][at]] = slack
        return replace(ids, missed=missed)
    return ids


def least_eased(
    easing: Easing, options: SolverOptions, stop: Callable[[], bool] | None = None
) -> tuple[Model, Floats | None]:
    """The model whose limits give way no more than they must, and a solution of it; None if none was found.

    Parameters
    ----------
    easing : Easing
    options : SolverOptions
        Time and nodes of each tier.
    stop : callable, optional
    """
    model, start = easing.model, None
    for n, weight in enumerate(easing.tiers):
        if start is None or float(weight @ start) > NONE_NEEDED:
            start = _least(model, weight, start, replace(options, relative_gap=GAP), stop)
            if start is None:
                return model, None
        model = _kept(model, weight, start, f"eased_{n}")
        start = np.where(weight > 0, np.minimum(start, model.upper), start)
    return model, start


def _least(
    model: Model,
    weight: Floats,
    start: Floats | None,
    options: SolverOptions,
    stop: Callable[[], bool] | None,
) -> Floats | None:
    """A solution with the least weight of slack."""
    tier = replace(model, cost=weight, offset=0.0)
    found = solve_in_child(tier, options, hint=start, stop=stop)
    if found.x is None:
        return start
    exact = polished(tier, found.x, np.flatnonzero(model.integer), options.time_limit_s)
    return found.x if exact is None else exact


def _kept(model: Model, weight: Floats, x: Floats, name: str) -> Model:
    """The model in which a tier's slack is no more than a solution has, and none in rows where the solution has none."""
    used = weight * x > DUST
    kept = replace(model, upper=np.where((weight > 0) & ~used, 0.0, model.upper))
    if not used.any():
        return kept
    # In units of the smallest weight: the solver's tolerance must be small beside every kind of slack.
    kind = np.where(used, weight, 0.0) / weight[used].min()
    return with_row(kept, name, kind, float(kind @ x) * (1 + LEFT))
