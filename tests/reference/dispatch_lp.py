"""The cheapest dispatch of a mix with the whole year known, as a linear programme solved by HiGHS through SciPy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
SIZES = ("firm_mw", "curtailable_mw", "plant_mw", "solar_mw", "wind_mw", "battery_mw", "battery_mwh")
GRID, PLANT, WAITS, LACKS, CHARGED, GIVEN, STORED, SPILLED = range(8)


Offers = Mapping[str, tuple[float, float]]


def cheapest_usd(mix: Mapping[str, float], series: Floats, offers: Offers | None = None) -> float:
    """Least cost of the hours in `series` (rows as the kernel's SERIES), from a half-full store.

    With `offers`, sizes by name as (USD a year per unit, most), these are chosen as well and their cost is in.
    """
    load, sun, wind, price, _, firm, curtailable, plant, heat_rate = series
    n = series.shape[1]
    asked = dict(offers or {})
    size = {name: 0.0 if name in asked else mix[name] for name in SIZES}
    column = {name: 8 * n + i for i, name in enumerate(asked)}
    total = 8 * n + len(asked)
    need = mix["load_mw"] * load
    usd, most = np.zeros((8, n)), np.full((8, n), np.inf)
    usd[GRID], usd[PLANT] = price, mix["plant_usd_per_mwh"] * heat_rate
    usd[WAITS], most[WAITS] = mix["flexible_usd_per_mwh"], mix["flexible_share"] * need
    usd[LACKS], most[LACKS] = mix["unserved_usd_per_mwh"], need
    usd[GIVEN] = mix["wear_usd_per_mwh"]
    hour = np.arange(n)
    # Balances: hours, then the store. Ceilings: what a size gives by the hour.
    equal, below = _Rows(total), _Rows(total)
    for variable, sign in (
        (GRID, 1.0), (PLANT, 1.0), (WAITS, 1.0), (LACKS, 1.0), (CHARGED, -1.0), (GIVEN, 1.0), (SPILLED, -1.0),
    ):  # fmt: skip
        equal.add(hour, variable * n + hour, sign)
    equal.add(n + hour, STORED * n + hour, 1.0)
    equal.add(n + hour[1:], STORED * n + hour[:-1], -1.0)
    equal.add(n + hour, CHARGED * n + hour, -mix["charge_efficiency"])
    equal.add(n + hour, GIVEN * n + hour, 1.0 / mix["discharge_efficiency"])
    for name, output in (("solar_mw", sun), ("wind_mw", wind)):
        if name in asked:
            equal.add(hour, np.full(n, column[name]), output)
    begin = np.zeros(n)
    begin[0] = 0.5 * size["battery_mwh"]
    if "battery_mwh" in asked:
        equal.add(n + hour[:1], np.array([column["battery_mwh"]]), -0.5)
    ours = size["solar_mw"] * sun + size["wind_mw"] * wind
    ceilings = {
        GRID: {"firm_mw": firm, "curtailable_mw": curtailable},
        PLANT: {"plant_mw": plant},
        CHARGED: {"battery_mw": np.ones(n)},
        GIVEN: {"battery_mw": np.ones(n)},
        STORED: {"battery_mwh": np.ones(n)},
    }
    held = []
    for variable, parts in ceilings.items():
        if not set(parts) & set(asked):
            most[variable] = sum(size[name] * share for name, share in parts.items())
            continue
        row = len(held) * n + hour
        below.add(row, variable * n + hour, 1.0)
        for name, share in parts.items():
            if name in asked:
                below.add(row, np.full(n, column[name]), -share)
        held.append(sum(size[name] * share for name, share in parts.items()))
    cost = np.concatenate([usd.ravel(), [usd_per_year for usd_per_year, _ in asked.values()]])
    upper = np.concatenate([most.ravel(), [most_ for _, most_ in asked.values()]])
    answer = linprog(
        cost,
        A_eq=equal.matrix(2 * n), b_eq=np.concatenate([need - ours, begin]),
        A_ub=below.matrix(len(held) * n) if held else None, b_ub=np.concatenate(held) if held else None,
        bounds=np.column_stack([np.zeros(total), upper]), method="highs-ipm",
    )  # fmt: skip
    if not answer.success:
        raise RuntimeError(answer.message)
    return float(answer.fun)


class _Rows:
    """Entries of a sparse matrix."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.entries: list[tuple[Floats, Floats, Floats]] = []

    def add(self, row: Floats, column: Floats, value: float | Floats) -> None:
        self.entries.append((row, column, np.broadcast_to(value, len(row))))

    def matrix(self, rows: int) -> csr_matrix:
        row, column, value = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        return csr_matrix((value, (row, column)), shape=(rows, self.columns))
