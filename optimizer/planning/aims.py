"""What is made least or kept within a bound: cost, carbon, water, compute, date; each a vector over the model's columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.columns import Columns, shares_time
from optimizer.planning.data import PlanningData
from optimizer.planning.model import NONE, Family, Model

Floats = NDArray[np.float64]

# What one unit of a vector stands for: thousand tonnes, thousand cubic metres.
CARBON_UNIT, WATER_UNIT = 1e3, 1e3


def unit_of(data: PlanningData, aim: str) -> float:
    """Units of the objective to one of the model: USD, t, m3, unit-hours (negative: most is best), years."""
    return {
        "cost": data.money_unit,
        "compute": -data.compute_unit,
        "carbon": CARBON_UNIT,
        "water": WATER_UNIT,
        "date": data.periods.years,
    }[aim]


def vector_of(data: PlanningData, columns: Columns, model: Model, aim: str) -> tuple[Floats, float]:
    """A vector over the columns of a model that costs money, and what is added to it [unit of the aim]."""
    if aim == "cost":
        return model.cost, model.offset
    result = np.zeros(model.n_columns)
    programmes, halls = data.programmes, columns.halls.ids
    if aim == "carbon":
        result[halls] = programmes.embodied_kg.sum(axis=1) / 1e3 / CARBON_UNIT
        block, t = np.nonzero(columns.billed != NONE)
        # Bills are in GWh, so that kilograms a megawatt-hour are tonnes a bill's unit.
        result[columns.billed[block, t]] = data.paths.kg_per_mwh[block, t] / CARBON_UNIT
    elif aim == "water":
        result[halls] = programmes.water_m3.sum(axis=1) / WATER_UNIT
    elif aim == "date":
        result[columns.reached[columns.reached != NONE]] = -1.0
        return result, float(data.periods.planning)
    else:
        _take_compute(result, data, columns)
    return result, 0.0


def _take_compute(result: Floats, data: PlanningData, columns: Columns) -> None:
    """Discounted compute of halls at work, negative; that of halls with one kind of work lies on the hall itself."""
    pools, periods = data.pools, data.periods
    each = periods.discount * periods.hours * pools.yields[:, :, None] / data.compute_unit
    p, w, t = np.nonzero(columns.use != NONE)
    result[columns.use[p, w, t]] = -each[p, w, t]
    able = pools.yields > 0
    single = able.any(axis=1) & ~shares_time(data)
    j, t = np.nonzero(data.programmes.pool >= 0)
    pool = data.programmes.pool[j, t]
    keep = single[pool]
    only = np.argmax(able, axis=1)[pool[keep]]
    gained = np.bincount(j[keep], weights=each[pool[keep], only, t[keep]], minlength=len(data.programmes))
    result[columns.halls.ids] -= gained


def aimed(model: Model, columns: Columns, data: PlanningData) -> Model:
    """A model that costs money with its aim in the cost's place, the bounds, and a row of money that stays open.

    A model of least cost without bounds stays as it is.
    """
    if data.aim == "cost" and not data.bounds:
        return model
    limits = {"cost": np.inf, **data.bounds}
    result = model
    for name, limit in limits.items():
        vector, offset = vector_of(data, columns, model, name)
        unit = unit_of(data, name)
        # Most compute is a negative amount, so that every bound is an upper one.
        upper = (-limit if unit < 0 else limit) / abs(unit) - offset
        result = with_row(result, f"bound_{name}", vector, upper)
    cost, offset = vector_of(data, columns, model, data.aim)
    return replace(result, cost=cost, offset=offset)


def with_row(model: Model, name: str, vector: Floats, upper: float) -> Model:
    """The model with one more row, vector · x <= upper."""
    ids = np.flatnonzero(vector)
    family = Family(name, model.n_rows, 1, {})
    return replace(
        model,
        row_lower=np.append(model.row_lower, -np.inf),
        row_upper=np.append(model.row_upper, upper),
        row_start=np.append(model.row_start, model.row_start[-1] + len(ids)),
        column=np.append(model.column, ids),
        value=np.append(model.value, vector[ids]),
        rows={**model.rows, name: family},
    )


def money_of(model: Model) -> Floats:
    """What the columns of an aimed model cost [money unit]."""
    if "bound_cost" not in model.rows:
        return model.cost
    row = model.rows["bound_cost"].first
    part = slice(int(model.row_start[row]), int(model.row_start[row + 1]))
    result = np.zeros(model.n_columns)
    result[model.column[part]] = model.value[part]
    return result
