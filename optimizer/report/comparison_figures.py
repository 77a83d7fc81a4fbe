"""Figures that plans are told apart by: cost with shortage apart, capital a gigawatt, levelised cost, limits broken."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from optimizer.plan import Plan, Violation
from optimizer.plan.income_tax import kept_share
from optimizer.plan.violations import plain
from optimizer.report import frames, wording
from optimizer.report.tables import Table, billions

SHORTAGE = "unserved"
WITHOUT = "without shortage"
COST_WITHOUT = "cost without shortage"
COST_OF = "shortage, at its price"
YES_OR_NO = "yes or no"
# Units as they are shown, where that differs.
_UNITS = {"USD": "billion USD", "limits": "", YES_OR_NO: "", "share": ""}


def costs(first: Plan, second: Plan) -> Any:
    """Discounted cost by line, largest change first; then the sum without shortage, shortage, and the total."""
    import pandas as pd

    sums = [_lines(plan) for plan in (first, second)]
    both = pd.concat(sums, axis=1, keys=["first_usd", "second_usd"]).fillna(0.0)
    both["change_usd"] = both["second_usd"] - both["first_usd"]
    both = both.sort_values("change_usd", key=abs, ascending=False, kind="stable")
    total = both.sum()
    if SHORTAGE in both.index:
        short = both.loc[SHORTAGE].copy()
        both = both.drop(index=SHORTAGE)
        both.loc[WITHOUT] = both.sum()
        both.loc[SHORTAGE] = short
    both.loc["total"] = total
    return both.rename_axis("line").reset_index()


def _lines(plan: Plan) -> Any:
    """Discounted cost by line; shortage after tax, as it counts: the tax that it saves stands with it."""
    lines = plan.tables()["money_by_period"].groupby("line", sort=False)["usd_discounted"].sum()
    if SHORTAGE in lines.index and kept_share(plan.scenario) < 1:
        saved = float(lines[SHORTAGE]) - _shortage(plan)
        lines[SHORTAGE] -= saved
        lines["tax_shield_operating"] += saved
    return lines


def figures(first: Plan, second: Plan) -> Any:
    """A row for each figure that plans are told apart by.

    Returns
    -------
    DataFrame
        figure, unit, first, second, change.
    """
    import pandas as pd

    unit = wording.compute_unit(first.scenario.demand.metric)
    makers: tuple[tuple[str, str, Callable[[Plan], float]], ...] = (
        ("discounted cost", "USD", lambda plan: plan.amounts["cost"]),
        (COST_WITHOUT, "USD", lambda plan: plan.amounts["cost"] - _shortage(plan)),
        (COST_OF, "USD", _shortage),
        ("net present value", "USD", _npv),
        ("levelised cost of compute", f"USD per {unit}-hour", _levelised),
        ("compute served, whole study", f"{unit}-years", _served),
        ("demand served", "share", _share),
        ("IT power at the end of planning", "MW", lambda plan: _last(plan, "sites_by_period", "it_mw")),
        ("compute served then", unit, lambda plan: _last(plan, "demand", "served")),
        ("capital until then", "USD", _capital),
        ("capital per GW of IT", "USD", lambda plan: _bill(plan, "usd_per_gw_it")),
        ("capital per GW of facility", "USD", lambda plan: _bill(plan, "usd_per_gw_facility")),
        ("limits broken", "limits", lambda plan: float(len(_by_limit(plan)))),
        ("figures verified", YES_OR_NO, lambda plan: float(_sound(plan))),
    )
    rows = []
    for name, in_unit, value in makers:
        one, two = value(first), value(second)
        rows.append((name, in_unit, one, two, two - one))
    return pd.DataFrame(rows, columns=["figure", "unit", "first", "second", "change"])


def shown(found: Any, names: tuple[str, str]) -> Table:
    """The figures as a table of text."""
    rows = tuple(
        (
            row.figure,
            _UNITS.get(row.unit, row.unit),
            _text(row.unit, row.first),
            _text(row.unit, row.second),
            "" if row.unit == YES_OR_NO else _text(row.unit, row.change),
        )
        for row in found.itertuples(index=False)
    )
    return Table("Side by side", ("figure", "unit", *names, "change"), rows, frozenset({2, 3, 4}))


def _text(unit: str, value: float) -> str:
    if math.isnan(value):
        return "–"
    if unit == YES_OR_NO:
        return "yes" if value else "no"
    if unit == "USD":
        return billions(value)
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "limits":
        return f"{value:.0f}"
    return wording.number(value, 4 if abs(value) >= 1000 else 3)


def _shortage(plan: Plan) -> float:
    """As it counts in the cost: after tax, where there is one."""
    lines = plan.tables()["money_by_period"]
    whole = float(lines.loc[lines["line"] == SHORTAGE, "usd_discounted"].sum())
    return whole * kept_share(plan.scenario)


def _npv(plan: Plan) -> float:
    flows = plan.tables()["returns"].set_index("flow")["npv_usd"]
    return float(flows["free_cash_flow"])


def _levelised(plan: Plan) -> float:
    """Over all accelerators, as terminal and page say it: neither servers of processors nor what is not served."""
    whole = plan.tables()["levelised_by_generation"]
    whole = whole[whole["chip"] == ""]
    return float(whole["usd_per_unit_hour"].iloc[0]) if len(whole) else float("nan")


def _served(plan: Plan) -> float:
    return float(plan.tables()["demand"]["served"].sum()) * plan.accounts.times.years


def _share(plan: Plan) -> float:
    wanted = plan.tables()["demand"][["demand", "served"]].sum()
    return float(wanted["served"] / wanted["demand"]) if wanted["demand"] > 0 else float("nan")


def _last(plan: Plan, table: str, column: str) -> float:
    frame = plan.tables()[table]
    return float(frame.loc[frame["period"] == frames.last_planning_period(plan), column].sum())


def _capital(plan: Plan) -> float:
    return float(frames.planning_only(plan, frames.capex(plan))["usd"].sum())


def _bill(plan: Plan, column: str) -> float:
    bill = plan.tables()["capital_bill"].set_index("line")[column]
    return float(bill["total"]) if bill["total"] else float("nan")


def _sound(plan: Plan) -> bool:
    """Whether the check's own figures are the solver's, whatever limits are broken."""
    return len(plan.broken_limits) == len(plan.report.violations)


def _by_limit(plan: Plan) -> dict[tuple[str, str], list[Violation]]:
    found: dict[tuple[str, str], list[Violation]] = defaultdict(list)
    for violation in plan.broken_limits:
        found[violation.rule, violation.where].append(violation)
    return found


def limits_broken(plans: Mapping[str, Plan]) -> Any:
    """Limits that plans break, a row each.

    Returns
    -------
    DataFrame
        plan, limit, where, periods (how many), from (the first), found, allowed (where it is missed by most, in words).
    """
    import pandas as pd

    rows = []
    for name, plan in plans.items():
        for (rule, where), cases in _by_limit(plan).items():
            worst = max(cases, key=lambda case: abs(case.found - case.limit))
            said = (worst.message.rpartition(": ")[2], "–")
            if worst.unit:
                said = (f"{plain(worst.found)} {worst.unit}", f"{plain(worst.limit)} {worst.unit}")
            rows.append((name, rule, where or "all sites", len(cases), cases[0].period or "–", *said))
    return pd.DataFrame(rows, columns=["plan", "limit", "where", "periods", "from", "found", "allowed"])
