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
from optimizer.planning.ceilings import UNLIMITED_HALLS
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
    "volume",
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
# More megawatts are more of all three; energy is not told apart.
TOGETHER = {"power": ("power", "firm_power", "energy")}
# Each is counted in a unit of its own, so that one is tried after the other; all at once only if none is enough.
SINGLY = ("stock", "volume")
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
    arrives : bool
        Whether `missing` must come by the period beside what others of its kind say of earlier ones; else it is
        the period's own.
    """

    rule: str
    axes: dict[str, int]
    limit: float
    missing: float
    unit: str
    arrives: bool = False


@dataclass(frozen=True)
class Explanation:
    """Why there is no plan.

    Attributes
    ----------
    missing : tuple of Shortfall
        Smallest part of what is wanted that cannot be had.
    enough : dict of str to tuple of Shortfall
        Limits of which easing one alone makes a plan exist (several at once: only together), each with the smallest
        change found.
    complete : bool
        Whether the time was enough to try everything.
    """

    missing: tuple[Shortfall, ...]
    enough: dict[str, tuple[Shortfall, ...]]
    complete: bool = True


def explain_infeasible(model: Model, data: PlanningData, time_limit_s: float = 60.0) -> Explanation:
    """Explain a model that has no solution.

    Parameters
    ----------
    model : Model
    data : PlanningData
    time_limit_s : float
        Of all small models together; families that are not reached in it are left out.
    """
    deadline = time.monotonic() + time_limit_s
    model = _without_implied(model, data)
    # What is missing may not take all the time: what would be enough says more.
    missing, complete = _eased(model, data, _families(model, WANTS), time_limit_s / 2)
    enough: dict[str, tuple[Shortfall, ...]] = {}

    def ease(families: list[Family]) -> bool:
        """Try limits, and say whether the time was enough."""
        left = deadline - time.monotonic()
        eased, known = _eased(model, data, families, left) if left >= LEAST_S else ((), False)
        if eased:
            enough["+".join(family.name for family in families)] = eased
        return known

    for rule in LIMITS:
        families = _families(model, TOGETHER.get(rule, (rule,)))
        before = len(enough)
        for family in families if rule in SINGLY else ():
            complete &= ease([family])
        if rule not in SINGLY or (len(families) > 1 and len(enough) == before):
            complete &= ease(families)
    return Explanation(missing, enough, complete)


def _without_implied(model: Model, data: PlanningData) -> Model:
    """The model without rows, bounds and ceilings that follow from the limits as they stand: eased, they do no more."""
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    most, value = model.upper.copy(), model.value.copy()
    row = model.row_of_entry()
    for name, family in model.rows.items():
        if name.startswith("least_halls"):
            lower[family.ids], upper[family.ids] = -np.inf, np.inf
        elif name.startswith(("open_first", "development_")):
            inside = (row >= family.first) & (row < family.first + family.count) & (value < 0)
            value[inside] = np.minimum(value[inside], -UNLIMITED_HALLS)
    for name, family in model.columns.items():
        if name in ("use", "cut", "signed", "idle") or name.startswith("draw_"):
            most[family.ids] = np.inf
    new = np.flatnonzero(data.programmes.block < 0)
    most[model.columns["halls"].first + new] = UNLIMITED_HALLS
    return replace(model, row_lower=lower, row_upper=upper, upper=most, value=value)


def _families(model: Model, rules: tuple[str, ...]) -> list[Family]:
    return [
        family
        for name, family in model.rows.items()
        if name in rules or name.rstrip("0123456789").rstrip("_") in rules
    ]


def _scale(name: str, data: PlanningData) -> tuple[float, str]:
    """What one unit of a row is worth in the user's unit, and that unit."""
    base = name.rstrip("0123456789").rstrip("_")
    number = int(name.removeprefix(base).lstrip("_") or 0)
    if base == "stock":
        return data.stocks.scale(number), data.stocks.unit[number]
    if base == "volume":
        return float(data.developments.min_racks[number]), "racks"
    if base.startswith("bound_"):
        aim = base.removeprefix("bound_")
        units = {"carbon": "t of CO2", "water": "m3", "compute": "unit-hours", "date": "years"}
        return abs(unit_of(data, aim)), units.get(aim, "USD")
    per_year = MWH_UNIT / data.periods.years
    known = {
        "clean_share": (MWH_UNIT, "MWh of clean energy"),
        "carbon": (per_year, "t of CO2 a year"),
        "water": (per_year, "m3 a year"),
        "chip_supply": (RACK_UNIT, "racks"),
        "demand": (data.compute_unit, "units of compute"),
        "lease_offer": (data.compute_unit, "units of compute"),
        "job": (1.0, "job"),
        "unit_slots": (1.0, "units"),
    }
    known |= dict.fromkeys(("min_it_mw", "power", "firm_power", "land"), (1.0, "MW"))
    known |= dict.fromkeys(("starts", "site_starts"), (1.0, "halls"))
    # What is left is money: budget, commitments, loans, cover.
    return known.get(base, (data.money_unit, "USD"))


def _arrives(family: Family, data: PlanningData) -> bool:
    """Whether rows limit what is taken up to a period, so that what comes in one is there in all later ones."""
    if "stock" in family.axes:
        return data.stocks.arrives[int(family.axes["stock"][0])]
    if family.name.startswith("commitment"):
        source = data.sources[int(family.axes["source"][0])]
        rises = source.ceiling_usd is not None and bool((np.diff(source.ceiling_usd) > 0).any())
        return rises and not source.windows and not source.rounds
    return family.name in ("chip_supply", "unit_slots", "power", "firm_power")


def _eased(
    model: Model, data: PlanningData, families: list[Family], time_limit_s: float
) -> tuple[tuple[Shortfall, ...], bool]:
    """Smallest easing of the families' rows that makes a plan exist, and whether the time was enough to know of one."""
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *(family.ids for family in families)])
    lower, upper = model.row_lower[rows], model.row_upper[rows]
    up, down = rows[np.isfinite(lower)], rows[np.isfinite(upper)]
    if not len(up) + len(down):
        return (), True
    size = np.abs(np.where(np.isfinite(lower), lower, np.where(np.isfinite(upper), upper, 0.0)))
    reference = max(1.0, float(np.median(size[size > 0])) if (size > 0).any() else 1.0)
    elastic = _with_slack(model, up, down, reference)
    solution = solve_in_child(elastic, SolverOptions(time_limit_s=time_limit_s, relative_gap=1e-3))
    if solution.x is None:
        return (), solution.status == "infeasible"
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
        if family.name == "energy":
            continue
        factor, unit = _scale(family.name, data)
        limit = float(model.row_lower[row] if sign > 0 else model.row_upper[row]) * factor
        arrives = _arrives(family, data)
        result.append(
            Shortfall(
                rule=family.name,
                axes=_axes(family, int(row) - family.first, data, arrives),
                limit=data.bounds.get(family.name.removeprefix("bound_"), limit),
                missing=float(amount) * factor / _whole(model, data, family, solution.x),
                unit=unit,
                arrives=arrives,
            )
        )
    return tuple(sorted(_one_by_one(result), key=lambda s: -s.missing)), True


def _axes(family: Family, n: int, data: PlanningData, arrives: bool) -> dict[str, int]:
    """Index by axis of the n-th row of a family."""
    axes = {axis: int(index[n]) for axis, index in family.axes.items()}
    if arrives and family.name.startswith("commitment"):
        # One row stands for all periods until money comes again: what is missing may be missing in the first of them.
        axes["period"] = int(family.axes["period"][n - 1]) + 1 if n else data.sources[axes["source"]].first
    return axes


def _whole(model: Model, data: PlanningData, family: Family, x: Floats) -> float:
    """What a share is a share of in a solution; 1 where a limit is no share."""
    whole = data.stocks.whole[int(family.axes["stock"][0])] if "stock" in family.axes else None
    return 1.0 if whole is None else float(whole @ x[model.columns["halls"].ids])


def _one_by_one(shortfalls: list[Shortfall]) -> list[Shortfall]:
    """Of what must have come by each period only what is more than the periods before ask for."""
    come: dict[tuple[tuple[str, int], ...], float] = {}
    result = []
    for shortfall in sorted(shortfalls, key=lambda s: s.axes.get("period", 0)):
        if not shortfall.arrives:
            result.append(shortfall)
            continue
        kind = (*((a, i) for a, i in shortfall.axes.items() if a != "period"), (shortfall.rule, 0))
        more = shortfall.missing - come.get(kind, 0.0)
        if more > DUST * shortfall.missing:
            result.append(replace(shortfall, missing=more))
            come[kind] = shortfall.missing
    return result


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
