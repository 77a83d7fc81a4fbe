"""Rules of chips: racks bought <= racks delivered."""

from __future__ import annotations

import numpy as np

from optimizer.planning.columns import Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.model import ModelBuilder

RACK_UNIT = 1e2  # rows are in hundreds of racks, so that their numbers are near one


def add_chip_supply(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Racks of a chip bought up to a planning period <= racks delivered up to it."""
    chips, periods = np.nonzero(np.isfinite(data.racks_max))
    if not len(chips):
        return
    rows = builder.rows(
        "chip_supply",
        {"chip": chips, "period": periods},
        upper=data.racks_max[chips, periods] / RACK_UNIT,
    )
    bought = np.cumsum(data.programmes.racks[:, :, : data.periods.planning], axis=2, dtype=float) / RACK_UNIT
    for row, chip, period in zip(rows.ids, chips, periods, strict=True):
        j = np.flatnonzero(bought[:, chip, period])
        builder.add(row, columns.halls.first + j, bought[j, chip, period])
