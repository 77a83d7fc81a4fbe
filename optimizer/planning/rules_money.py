"""Rules of money: sources = uses by class, and the budget."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.columns import Columns
from optimizer.planning.data import CLASSES, PlanningData
from optimizer.planning.model import NONE, ModelBuilder

LAND, FACILITY, POWER, CHIPS = range(len(CLASSES))


def add_sources_and_uses(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Draws for a class in a planning period = what is spent on it."""
    if not data.sources:
        return
    classes, periods = (i.ravel() for i in np.indices((len(CLASSES), data.periods.planning)))
    rows = builder.rows("money", {"class": classes, "period": periods}, lower=0.0, upper=0.0)
    row_of = rows.ids.reshape(len(CLASSES), -1)
    i, c, t = np.nonzero(columns.draws != NONE)
    builder.add(row_of[c, t], columns.draws[i, c, t], 1.0)
    _add_spending(builder, columns, data, row_of, np.full(data.periods.planning, -1.0), tuple(range(4)))


def _add_spending(
    builder: ModelBuilder,
    columns: Columns,
    data: PlanningData,
    row_of: NDArray[np.int64],
    weight: NDArray[np.float64],
    classes: tuple[int, ...],
) -> None:
    """Add weight(t) x spending of `classes` in period t to row_of[class, t]; later periods are left out."""
    horizon = row_of.shape[1]
    for c, flows in ((FACILITY, data.programmes.facility_usd), (CHIPS, data.programmes.chips_usd)):
        if c in classes:
            j, t = np.nonzero(flows[:, :horizon])
            builder.add(row_of[c, t], columns.halls.first + j, weight[t] * flows[j, t] / data.money_unit)
    own = data.developments
    if CHIPS in classes:
        inside = own.period < horizon
        at = own.period[inside]
        spent = weight[at] * own.usd[inside] / data.money_unit
        builder.add(row_of[CHIPS, at], columns.developed[inside], spent)
    for n, c in enumerate((FACILITY, CHIPS)):
        if c in classes:
            e, t = np.nonzero(columns.rebate[:, n, :horizon] != NONE)
            builder.add(row_of[c, t], columns.rebate[e, n, t], -weight[t])
    if POWER in classes and len(data.paths.site):
        m, t = np.nonzero(data.paths.capital_usd[:, :horizon])
        builder.add(
            row_of[POWER, t],
            columns.paths.first + m,
            weight[t] * data.paths.capital_usd[m, t] / data.money_unit,
        )
    if LAND in classes:
        s, t = np.nonzero(columns.opened != NONE)
        price = data.sites.opening_usd[s] / data.money_unit
        builder.add(row_of[LAND, t], columns.opened[s, t], weight[t] * price)
        # The price is paid in the first open period only.
        later = t + 1 < min(horizon, data.periods.planning)
        s, t, price = s[later], t[later], price[later]
        builder.add(row_of[LAND, t + 1], columns.opened[s, t], -weight[t + 1] * price)


def add_budget(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Capital over all periods, real, <= the budget."""
    if data.budget_usd is None:
        return
    rows = builder.rows("budget", {"all": [0]}, upper=data.budget_usd / data.money_unit)
    row_of = np.full((len(CLASSES), data.periods.count), rows.first)
    _add_spending(builder, columns, data, row_of, np.ones(data.periods.count), tuple(range(4)))
