"""The cheapest dispatch of a mix with the whole year known, as a linear programme solved by HiGHS through SciPy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

Floats = NDArray[np.float64]
GRID, PLANT, WAITS, LACKS, CHARGED, GIVEN, STORED, SPILLED = range(8)


def cheapest_usd(mix: Mapping[str, float], series: Floats) -> float:
    """Least cost of the hours in `series` (rows as the kernel's SERIES), from a half-full store."""
    load, sun, wind, price, _, firm, curtailable, plant, heat_rate = series
    n = series.shape[1]
    ours = mix["solar_mw"] * sun + mix["wind_mw"] * wind
    need = mix["load_mw"] * load
    usd, most = np.zeros((8, n)), np.zeros((8, n))
    usd[GRID], most[GRID] = price, mix["firm_mw"] * firm + mix["curtailable_mw"] * curtailable
    usd[PLANT], most[PLANT] = mix["plant_usd_per_mwh"] * heat_rate, mix["plant_mw"] * plant
    usd[WAITS], most[WAITS] = mix["flexible_usd_per_mwh"], mix["flexible_share"] * need
    usd[LACKS], most[LACKS] = mix["unserved_usd_per_mwh"], need
    usd[GIVEN], most[GIVEN] = mix["wear_usd_per_mwh"], mix["battery_mw"]
    most[CHARGED], most[STORED], most[SPILLED] = mix["battery_mw"], mix["battery_mwh"], ours
    hour = np.arange(n)
    rows, columns, values = [], [], []

    def term(row: Floats, variable: int, at: Floats, value: float) -> None:
        rows.append(row)
        columns.append(variable * n + at)
        values.append(np.full(len(at), value))

    for variable, sign in (
        (GRID, 1.0), (PLANT, 1.0), (WAITS, 1.0), (LACKS, 1.0), (CHARGED, -1.0), (GIVEN, 1.0), (SPILLED, -1.0),
    ):  # fmt: skip
        term(hour, variable, hour, sign)
    term(n + hour, STORED, hour, 1.0)
    term(n + hour[1:], STORED, hour[:-1], -1.0)
    term(n + hour, CHARGED, hour, -mix["charge_efficiency"])
    term(n + hour, GIVEN, hour, 1.0 / mix["discharge_efficiency"])
    begin = np.zeros(n)
    begin[0] = 0.5 * mix["battery_mwh"]
    matrix = coo_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(2 * n, 8 * n)
    ).tocsr()
    answer = linprog(
        usd.ravel(), A_eq=matrix, b_eq=np.concatenate([need - ours, begin]),
        bounds=np.column_stack([np.zeros(8 * n), most.ravel()]), method="highs-ipm",
    )  # fmt: skip
    if not answer.success:
        raise RuntimeError(answer.message)
    return float(answer.fun)
