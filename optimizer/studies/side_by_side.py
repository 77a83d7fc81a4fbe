"""Several plans of one scenario beside one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimizer.plan import Plan

# Columns of what plans are compared by; compute in the unit of demand.metric times hours.
AMOUNT_COLUMNS = {
    "cost": "cost_usd",
    "compute": "h100e_hours",
    "carbon": "co2_t",
    "water": "water_m3",
    "date": "target_years",
}


def amounts_of(plan: Plan) -> dict[str, float]:
    """What a plan costs, yields, emits and takes, and when its target stands, by column."""
    kept = {name: column for name, column in AMOUNT_COLUMNS.items() if name in plan.amounts}
    return {column: plan.amounts[name] for name, column in kept.items()}


def it_mw_by_site(plans: Mapping[str, Plan]) -> Any:
    """IT megawatts in the last planning period by site, a column a plan; sites whose megawatts differ most first.

    Returns
    -------
    DataFrame
        site, then a column for each name.
    """
    import pandas as pd

    columns = {}
    for name, plan in plans.items():
        frame = plan.tables()["sites_by_period"]
        last = plan.accounts.labels[plan.scenario.horizon.periods - 1]
        columns[name] = frame[frame["period"] == last].groupby("site")["it_mw"].sum()
    found = pd.DataFrame(columns).fillna(0.0)
    found = found[found.max(axis=1) > 0]
    spread = found.max(axis=1) - found.min(axis=1)
    order = spread.sort_values(ascending=False, kind="stable").index
    return found.loc[order].rename_axis("site").reset_index()
