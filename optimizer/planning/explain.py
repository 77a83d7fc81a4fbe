"""Why no plan exists: which limit, how much is missing, and what would be enough.

The rows of a rule are made elastic, each at a price relative to its limit. First what is wanted (floor,
demand, jobs), to learn how much of it cannot be had; then each family of limits alone, to learn whether
easing it is enough.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.aims import unit_of
from optimizer.planning.child import solve_in_child
from optimizer.planning.columns import MWH_UNIT
from optimizer.planning.data import PlanningData
from optimizer.planning.mathopt import SolverOptions
from optimizer.planning.model import Family, Model
from optimizer.planning.rules_chips import RACK_UNIT

Floats = NDArray[np.float64]

WANTS = ("min_it_mw", "demand", "job", "bound_compute", "bound_date")
# Families of limits that a user can ease, by rule; names with a number stand for one family each source.
LIMITS = (
    "power",
    "unit_slots",
    "clean_share",
    "carbon",
    "chip_supply",
    "stock",
    "lease_offer",
    "starts",
    "site_starts",
    "land",
    "water",
    "money",
    "commitment",
    "loan_to_cost",
    "service_cover",
    "budget",
    "bound_cost",
    "bound_carbon",
    "bound_water",
)
# More megawatts are more of both.
TOGETHER = {"power": ("power", "firm_power")}
DUST = 1e-6
LEAST_S = 0.5  # less is not worth the start of a solver


@dataclass(frozen=True)
class Shortfall:
    """A limit and how much it would have to move for a plan to exist.

    Attributes
    ----------
    rule : str
        Family of rows.
    axes : dict of str to int
        Index by axis: site, period, service, chip, …
    limit, missing : float
        In the rule's own unit (`unit`).
    unit : str
    """

    rule: str
    axes: dict[str, int]
    limit: float
    missing: float
    unit: str


@dataclass(frozen=True)
class Explanation:
    """Why there is no plan.

    Attributes
    ----------
    missing : tuple of Shortfall
        Smallest part of what is wanted that cannot be had.
    enough : dict of str to tuple of Shortfall
        Families of limits of which easing one alone makes a plan exist, each with the smallest change found.
    """

    missing: tuple[Shortfall, ...]
    enough: dict[str, tuple[Shortfall, ...]]


def explain_infeasible(model: Model, data: PlanningData, time_limit_s: float = 20.0) -> Explanation:
    """Explain a model that has no solution.

    Parameters
    ----------
    model : Model
    data : PlanningData
    time_limit_s : float
        Of all small models together; families that are not reached in it are left out.
    """
    deadline = time.monotonic() + time_limit_s
    model = _without_implied_rows(model)
    missing = _eased(model, data, WANTS, time_limit_s)
    enough: dict[str, tuple[Shortfall, ...]] = {}
    for rule in LIMITS:
        left = deadline - time.monotonic()
        if left < LEAST_S or not _families(model, (rule,)):
            continue
        eased = _eased(model, data, TOGETHER.get(rule, (rule,)), left)
        if eased:
            enough[rule] = eased
    return Explanation(missing or (), enough)


def _without_implied_rows(model: Model) -> Model:
    """The model without rows that follow from the limits as they stand."""
    implied = [family.ids for name, family in model.rows.items() if name.startswith("least_halls")]
    if not implied:
        return model
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    lower[np.concatenate(implied)], upper[np.concatenate(implied)] = -np.inf, np.inf
    return replace(model, row_lower=lower, row_upper=upper)


def _families(model: Model, rules: tuple[str, ...]) -> list[Family]:
    return [
        family
        for name, family in model.rows.items()
        if name in rules or name.rstrip("0123456789").rstrip("_") in rules
    ]


def _scale(rule: str, data: PlanningData) -> tuple[float, str]:
    """What one unit of a row is worth in the user's unit, and that unit."""
    base = rule.rstrip("0123456789").rstrip("_")
    if base == "budget":
        return data.money_unit, "USD"
    if base in ("min_it_mw", "power", "firm_power", "land"):
        return 1.0, "MW"
    if base in ("starts", "site_starts"):
        return 1.0, "halls"
    if base == "unit_slots":
        return 1.0, "units"
    if base == "clean_share":
        return MWH_UNIT, "MWh of clean energy"
    if base == "carbon":
        return MWH_UNIT, "t of CO2"
    if base == "chip_supply":
        return RACK_UNIT, "racks"
    if base == "demand":
        return data.compute_unit, "units of compute"
    if base == "water":
        return 1e3, "m3"
    if base == "job":
        return 1.0, "job"
    if base.startswith("bound_"):
        aim = base.removeprefix("bound_")
        units = {"carbon": "t of CO2", "water": "m3", "compute": "unit-hours", "date": "years"}
        return abs(unit_of(data, aim)), units.get(aim, "USD")
    return data.money_unit, "USD"


def _eased(
    model: Model, data: PlanningData, rules: tuple[str, ...], time_limit_s: float
) -> tuple[Shortfall, ...] | None:
    """Smallest easing of the rules' rows that makes a plan exist; None if none does."""
    families = _families(model, rules)
    if not families:
        return None
    rows = np.concatenate([family.ids for family in families])
    lower, upper = model.row_lower[rows], model.row_upper[rows]
    up, down = rows[np.isfinite(lower)], rows[np.isfinite(upper)]
    size = np.where(
        np.isfinite(lower), np.abs(np.nan_to_num(lower, posinf=0, neginf=0)), np.abs(np.nan_to_num(upper))
    )
    reference = max(1.0, float(np.median(size[size > 0])) if (size > 0).any() else 1.0)
    elastic = _with_slack(model, up, down, reference)
    solution = solve_in_child(elastic, SolverOptions(time_limit_s=time_limit_s, relative_gap=1e-3))
    if solution.x is None:
        return None
    slack = solution.x[model.n_columns :]
    result: list[Shortfall] = []
    for row, sign, amount in zip(
        np.concatenate((up, down)),
        np.concatenate((np.ones(len(up)), -np.ones(len(down)))),
        slack,
        strict=True,
    ):
        if amount <= DUST * reference:
            continue
        family = next(f for f in families if f.first <= row < f.first + f.count)
        factor, unit = _scale(family.name, data)
        limit = float(model.row_lower[row] if sign > 0 else model.row_upper[row]) * factor
        result.append(
            Shortfall(
                rule=family.name,
                axes={axis: int(index[row - family.first]) for axis, index in family.axes.items()},
                limit=data.bounds.get(family.name.removeprefix("bound_"), limit),
                missing=float(amount) * factor,
                unit=unit,
            )
        )
    return tuple(sorted(result, key=lambda s: -s.missing))


def _with_slack(model: Model, up: NDArray[np.int64], down: NDArray[np.int64], reference: float) -> Model:
    """The model with a slack column for each of the rows and nothing but slack to pay for."""
    extra_rows = np.concatenate((up, down))
    n = len(extra_rows)
    values = np.concatenate((np.ones(len(up)), -np.ones(len(down))))
    row = np.concatenate((model.row_of_entry(), extra_rows))
    column = np.concatenate((model.column, model.n_columns + np.arange(n)))
    value = np.concatenate((model.value, values))
    order = np.lexsort((column, row))
    starts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=model.n_rows))))
    return replace(
        model,
        cost=np.concatenate((np.zeros(model.n_columns), np.full(n, 1.0 / reference))),
        lower=np.concatenate((model.lower, np.zeros(n))),
        upper=np.concatenate((model.upper, np.full(n, np.inf))),
        integer=np.concatenate((model.integer, np.zeros(n, dtype=bool))),
        row_start=starts.astype(np.int64),
        column=column[order],
        value=value[order],
        offset=0.0,
    )
