"""Tables of the statement: cash flow, sources and uses, balances, cover, levelised cost, raises (docs/statement.md)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from optimizer.plan.income_tax import parts_of, tax_year
from optimizer.plan.levelised import UNSERVED, Levelised, together
from optimizer.plan.records import PlanContent
from optimizer.plan.statement import Cents, Statement
from optimizer.plan.tables_decisions import frame
from optimizer.plan.times import Times
from optimizer.scenario.schema import Scenario, month_label

END = "end"
# Figures of a row of levelised cost.
FIGURES = (
    "usd",
    "unit_hours",
    "revenue_usd",
    "usd_per_unit_hour",
    "usd_per_h100e_hour",
    "usd_per_pflop_hour",
    "revenue_usd_per_unit_hour",
)


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
    lines += [("owners", f"fees_{name}", -flow) for name, flow in made.fees.items()]
    lines.append(("owners", "interest_tax", made.interest_tax))
    lines.append(("owners", "to_owners", made.to_owners))
    lines += [("uses", name, flow) for name, flow in made.uses.items()]
    lines.append(("uses", "total_uses", sum(made.uses.values(), start=np.zeros_like(made.revenue))))
    lines += [("sources", name, flow) for name, flow in made.sources.items()]
    lines.append(("sources", "total_sources", sum(made.sources.values(), start=np.zeros_like(made.revenue))))
    return lines


def statement(made: Statement) -> Any:
    """Every line by period: section, line, period (`end`: the end of the study), usd (nominal), real_usd (of the base year)."""
    labels = (*made.times.labels, END)
    rows = [
        (section, line, labels[t], int(amount) / 100, int(amount) / 100 * float(made.deflator[t]))
        for section, line, flow in statement_lines(made)
        for t, amount in enumerate(flow)
    ]
    kinds = {"usd": "float64", "real_usd": "float64"}
    return frame(rows, section="object", line="object", period="object", **kinds)


def debt(made: Statement) -> Any:
    """Balances, nominal dollars, and cover.

    Returns
    -------
    DataFrame
        source, period, opening, drawn, capitalised, interest, repaid, closing, service, then served_with_rank_usd: service
        of all sources up to this one's rank, and cover: revenue less operating cost over that; nan where the source is not
        served.
    """
    labels = (*made.times.labels, END)
    rows = []
    for facility in made.facilities:
        cover, together = made.cover(facility), made.served_up_to(facility.rank)
        for t, label in enumerate(labels):
            flows = (
                facility.opening,
                facility.drawn,
                facility.capitalised,
                facility.interest,
                facility.repaid,
                facility.closing,
                facility.service,
                together,
            )
            rows.append((facility.name, label, *(int(flow[t]) / 100 for flow in flows), float(cover[t])))
    names = ("opening", "drawn", "capitalised", "interest", "repaid", "closing", "service")
    kinds = {f"{name}_usd": "float64" for name in (*names, "served_with_rank")}
    return frame(rows, source="object", period="object", **kinds, cover="float64")


def depreciation(scenario: Scenario, made: Statement) -> Any:
    """Deductions for income tax, nominal: asset_class, part, schedule, vintage (period of spending), year, share, usd."""
    t: Times = made.times
    rows = []
    for name, spent in made.uses.items():
        for part in parts_of(scenario, name):
            for period in np.flatnonzero(spent[:-1]):
                bought = part.share * int(spent[period]) / 100
                first, label = tax_year(t, int(period)), t.labels[period]
                rows += [
                    (name, part.name, part.schedule, label, first + late, share, share * bought)
                    for late, share in enumerate(part.by_year)
                    if share
                ]
    texts = dict.fromkeys(("asset_class", "part", "schedule", "vintage"), "object")
    return frame(rows, **texts, year="int64", share="float64", usd="float64")


def levelised_cost(found: tuple[Levelised, ...]) -> Any:
    """Cost of compute by site and chip, of leases, then over all.

    Returns
    -------
    DataFrame
        site, chip, usd (discounted), unit_hours (of demand.metric), revenue_usd (discounted, after tax),
        usd_per_unit_hour, usd_per_h100e_hour and usd_per_pflop_hour (dense BF16), revenue_usd_per_unit_hour. The last row's
        usd are the plan's whole discounted cost; its cost an hour is that of compute made or leased, without the price of
        unserved demand.
    """
    rows = [(r.site, r.chip, *(getattr(r, name) for name in FIGURES)) for r in found]
    if found:
        whole = together(r for r in found if r.chip != UNSERVED)
        total = sum(r.usd for r in found)
        rows.append(("", "", total, *(getattr(whole, name) for name in FIGURES[1:])))
    return frame(rows, site="object", chip="object", **dict.fromkeys(FIGURES, "float64"))


def raises(scenario: Scenario, content: PlanContent, times: Times) -> Any:
    """Rounds of equity, nominal dollars.

    Returns
    -------
    DataFrame
        source, date, usd, fee_usd and net_usd (if all of it is drawn), drawn_usd (where rounds charge fees),
        pre_money_usd, share (new shares of the company after the round), note.
    """
    drawn: dict[tuple[str, int], float] = defaultdict(float)
    for part in content.raised:
        drawn[part.source, part.number] += part.usd / float(times.deflator[part.period])
    rows = []
    for source in scenario.finance.sources:
        for n, r in enumerate(source.raises):
            fee, before = r.usd * r.fee_share, r.pre_money_usd
            told = any(other.fee_share > 0 for other in source.raises)
            rows.append(
                (
                    source.name,
                    month_label(r.date),
                    r.usd,
                    fee,
                    r.usd - fee,
                    drawn[source.name, n] if told else None,
                    before,
                    None if before is None else r.usd / (before + r.usd),
                    "" if before is not None else "no pre_money_usd, so no share",
                )
            )
    names = ("source", "date", "usd", "fee_usd", "net_usd", "drawn_usd", "pre_money_usd", "share", "note")
    kinds = {name: "float64" if name in ("usd", "fee_usd", "net_usd") else "object" for name in names}
    table = frame(rows, **kinds)
    for n, name in enumerate(names):
        if kinds[name] == "object":
            # What is not known is empty, not a number that is none.
            table[name] = table[name].astype(object).where([row[n] is not None for row in rows], None)
    return table
