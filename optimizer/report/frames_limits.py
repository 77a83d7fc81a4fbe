"""Frames of the limits that all sites share: what the plan uses of each, and what binds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optimizer.plan import Plan
from optimizer.plan.violations import RELATIVE
from optimizer.report import wording

# From this share on a limit binds: halls and racks are whole and rarely fill it exactly.
BINDS = 0.99


def limits(plan: Plan) -> Any:
    """Limits over all sites, the nearest first.

    Returns
    -------
    DataFrame
        limit, most_share (in the period in which most is used), amounts (used and limit there, with their unit;
        "for" what is asked for), binds (periods in which it does), path (in the scenario).
    """
    import pandas as pd

    frame = plan.tables()["limits"]
    rows = []
    for (name, path), part in frame.groupby(["name", "path"], sort=False):
        at = part.loc[part["share"].idxmax()]
        tight = list(part.loc[part["share"] >= BINDS, "period"])
        span = "the whole study" if tight == [""] else spans(plan.accounts.labels, tight)
        used, limit = (_amount(float(at[key]), str(at["unit"])) for key in ("used", "limit"))
        unit = "" if at["unit"] == "USD" else f" {at['unit']}"
        amounts = f"{used} for {limit}{unit}" if "at least" in name else f"{used} of {limit}{unit}"
        if at["share"] > 1 + RELATIVE:
            amounts += ", broken"
        rows.append((name, float(at["share"]), amounts, span or "–", path))
    found = pd.DataFrame(rows, columns=["limit", "most_share", "amounts", "binds", "path"])
    return found.sort_values("most_share", ascending=False, kind="stable").reset_index(drop=True)


def binding(plan: Plan) -> Any:
    """Limits over all sites that bind in some period; columns of `limits`."""
    frame = limits(plan)
    return frame[frame["most_share"] >= BINDS]


def use_of_limits(plan: Plan) -> Any:
    """Use of the limits over all sites by period: name, period, share; those of the whole study are left out."""
    frame = plan.tables()["limits"]
    return frame.loc[frame["period"] != "", ["name", "period", "share"]]


def spans(periods: Sequence[str], chosen: Sequence[str]) -> str:
    """Periods in words, runs of them as one.

    >>> spans(["2026-01", "2026-07", "2027-01", "2027-07"], ["2026-01", "2026-07", "2027-07"])
    '2026-01 to 2026-07, 2027-07'
    """
    runs: list[list[int]] = []
    for place in (n for n, label in enumerate(periods) if label in set(chosen)):
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ", ".join(periods[a] if a == b else f"{periods[a]} to {periods[b]}" for a, b in runs)


def _amount(value: float, unit: str) -> str:
    if unit == "USD":
        return wording.usd(value)
    return f"{value:,.0f}" if value == round(value) else wording.number(value)
