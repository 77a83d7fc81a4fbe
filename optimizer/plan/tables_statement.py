"""Tables of the statement: cash flow, sources and uses, balances, cover, returns, levelised cost, raises."""

from __future__ import annotations

from typing import Any

import numpy as np

from optimizer.plan.levelised import UNSERVED, Levelised
from optimizer.plan.statement import Cents, Statement
from optimizer.plan.tables_decisions import frame
from optimizer.scenario.schema import Scenario, month_label

END = "end"


def statement_lines(made: Statement) -> list[tuple[str, str, Cents]]:
    """(section, line, cents by period and at the end) in the order of the page; totals as their own lines."""
    lines: list[tuple[str, str, Cents]] = [("cash flow", "revenue", made.revenue)]
    lines += [("cash flow", line, -flow) for line, flow in sorted(made.operating.items())]
    lines.append(("cash flow", "ebitda", made.ebitda))
    lines.append(("cash flow", "income_tax", -made.tax))
    lines += [("cash flow", f"capital_{name}", -flow) for name, flow in made.uses.items()]
    lines += [("cash flow", line, flow) for line, flow in sorted(made.sales.items())]
    lines.append(("cash flow", "free_cash_flow", made.free_cash_flow))
    for facility in made.facilities:
        lines.append(("owners", f"drawn_{facility.name}", facility.drawn))
        lines.append(("owners", f"service_{facility.name}", -facility.service))
    lines.append(("owners", "interest_tax", made.interest_tax))
    lines.append(("owners", "to_owners", made.to_owners))
    lines += [("uses", name, flow) for name, flow in made.uses.items()]
    lines.append(("uses", "total_uses", sum(made.uses.values(), start=np.zeros_like(made.revenue))))
    lines += [("sources", name, flow) for name, flow in made.sources.items()]
    lines.append(("sources", "total_sources", sum(made.sources.values(), start=np.zeros_like(made.revenue))))
    return lines


def statement(made: Statement) -> Any:
    """Every line by period, nominal dollars: section, line, period (`end`: the end of the study), usd."""
    labels = (*made.times.labels, END)
    rows = [
        (section, line, labels[t], int(amount) / 100)
        for section, line, flow in statement_lines(made)
        for t, amount in enumerate(flow)
    ]
    return frame(rows, section="object", line="object", period="object", usd="float64")


def debt(made: Statement) -> Any:
    """Balances, nominal dollars: source, period, opening, drawn, capitalised, interest, repaid, closing, cover.

    Cover is (revenue - operating cost) / service of the source; nan where nothing is due or nothing is sold.
    """
    labels = (*made.times.labels, END)
    rows = []
    for facility in made.facilities:
        for t, label in enumerate(labels):
            due = int(facility.service[t])
            sold = bool(made.revenue.any()) and t < made.times.count
            cover = int(made.ebitda[t]) / due if due and sold else float("nan")
            flows = (
                facility.opening,
                facility.drawn,
                facility.capitalised,
                facility.interest,
                facility.repaid,
                facility.closing,
            )
            rows.append((facility.name, label, *(int(flow[t]) / 100 for flow in flows), cover))
    names = ("opening", "drawn", "capitalised", "interest", "repaid", "closing")
    kinds = {f"{name}_usd": "float64" for name in names}
    return frame(rows, source="object", period="object", **kinds, cover="float64")


def returns(made: Statement) -> Any:
    """Net present value at the start of the horizon, nominal at the WACC, and internal rate of return: flow, npv_usd, irr."""
    rows = [
        (name, made.npv_usd(flow), made.irr(flow))
        for name, flow in (("free_cash_flow", made.free_cash_flow), ("to_owners", made.to_owners))
    ]
    return frame(rows, flow="object", npv_usd="float64", irr="float64")


def levelised_cost(found: tuple[Levelised, ...]) -> Any:
    """Cost of compute by site and chip, of leases, then over all.

    Returns
    -------
    DataFrame
        site, chip, usd (discounted), unit_hours, usd_per_unit_hour, usd_per_pflop_hour. The last row's usd are the plan's
        whole discounted cost; its cost an hour is that of compute made or leased, without the price of unserved demand.
    """
    rows = [(r.site, r.chip, r.usd, r.unit_hours, r.usd_per_unit_hour, r.usd_per_pflop_hour) for r in found]
    if found:
        made = [r for r in found if r.chip != UNSERVED]
        usd, hours = sum(r.usd for r in made), sum(r.unit_hours for r in made)
        whole = Levelised("", "", usd, hours, found[0].pflops)
        total = sum(r.usd for r in found)
        rows.append(("", "", total, hours, whole.usd_per_unit_hour, whole.usd_per_pflop_hour))
    kinds = dict.fromkeys(("usd", "unit_hours", "usd_per_unit_hour", "usd_per_pflop_hour"), "float64")
    return frame(rows, site="object", chip="object", **kinds)


def raises(scenario: Scenario) -> Any:
    """Rounds of equity: source, date, usd, pre_money_usd, share (new shares of the company after the round)."""
    rows = []
    for source in scenario.finance.sources:
        for r in source.raises:
            before = float("nan") if r.pre_money_usd is None else r.pre_money_usd
            rows.append((source.name, month_label(r.date), r.usd, before, r.usd / (before + r.usd)))
    kinds = dict.fromkeys(("usd", "pre_money_usd", "share"), "float64")
    return frame(rows, source="object", date="object", **kinds)
