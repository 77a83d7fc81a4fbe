"""Balances of sources in a workbook: every draw's schedule by live formulas, then balance, service and cover."""

from __future__ import annotations

from typing import Any

import numpy as np

from optimizer.plan.debt import Facility, schedule_in_cents
from optimizer.report.workbook_rows import FIRST, YEARS, Page, address

BLOCKS = ("capitalised", "interest", "repaid", "owed")


def write_balances(page: Page) -> None:
    """Schedules on a sheet of their own, and the balance of each source on the first one."""
    if not page.made.facilities:
        return
    sheet = page.book.add_worksheet(f"{page.name}_vintages")
    sheet.set_column(0, 0, 30)
    sheet.set_column(FIRST, FIRST + page.made.times.count, 16)
    sheet.write_string(0, 0, "What each period's draw leads to; a row a period of drawing", page.bold)
    for column, label in zip(page.columns, (*page.made.times.labels, "end"), strict=True):
        sheet.write_string(1, column, label, page.bold)
    at = 3
    for debt in page.made.facilities:
        at = _balance(page, sheet, debt, at)
    for debt in page.made.facilities:
        _cover(page, debt)


def _balance(page: Page, sheet: Any, debt: Facility, at: int) -> int:
    """One source; returns the next free row of the sheet of schedules."""
    made, name = page.made, debt.name
    page.heading(f"Balance of {name}")
    page.one(f"{name}: rate a year", "fraction", debt.rate, page.input_rate)
    rate = f"=(1+{page.first(f'{name}: rate a year')})^{YEARS}-1"
    page.one(f"{name}: rate a period", "fraction", debt.terms.rate, page.rate, rate)
    page.one(f"{name}: periods of grace", "count", debt.terms.grace, page.input_count)
    page.one(f"{name}: payments", "count", debt.terms.payments, page.input_count)
    page.one(f"{name}: rank", "count", debt.rank, page.input_count)
    planning = made.times.planning
    # Rows of each block: a heading, then one a period of drawing.
    top = {block: at + 1 + n * (planning + 1) for n, block in enumerate(BLOCKS)}
    closing = page.at + 5

    def total(block: str) -> Any:
        first = top[block]
        return lambda c: f"=SUM({page.name}_vintages!{address(first, c)}:{address(first + planning - 1, c)})"

    page.formulas(
        f"{name}: opening", debt.opening, lambda c: "=0" if c == FIRST else f"={address(closing, c - 1)}"
    )
    page.formulas(f"{name}: drawn", debt.drawn, lambda c: f"={page.cell(f'source: {name}', c)}")
    for line in ("capitalised", "interest", "repaid"):
        page.formulas(f"{name}: {line}", getattr(debt, line), total(line))
    page.formulas(
        f"{name}: closing",
        debt.closing,
        lambda c: (
            f"=ROUND(SUM({page.span(f'{name}: opening', f'{name}: capitalised', c)})"
            f"-{page.cell(f'{name}: repaid', c)},2)"
        ),
    )
    page.formulas(
        f"{name}: service",
        debt.service,
        lambda c: f"={page.cell(f'{name}: interest', c)}+{page.cell(f'{name}: repaid', c)}",
    )
    _schedules(page, sheet, debt, top)
    return at + len(BLOCKS) * (planning + 1) + 2


def _schedules(page: Page, sheet: Any, debt: Facility, top: dict[str, int]) -> None:
    """Interest, repayment and what is owed of each draw, as in `plan/debt.py`."""
    made, name = page.made, debt.name
    count = made.times.count
    rate, grace, payments = (
        page.first(f"{name}: {line}") for line in ("rate a period", "periods of grace", "payments")
    )
    for block in BLOCKS:
        sheet.write_string(top[block] - 1, 0, f"{name}: {block}", page.bold)
    sheet.write_string(top["repaid"] - 1, 1, "level payment", page.bold)
    for u in range(made.times.planning):
        row = {block: top[block] + u for block in BLOCKS}
        for block in BLOCKS:
            sheet.write_string(row[block], 0, f"drawn {made.times.labels[u]}")
        drawn = f"{page.name}!{page.cell(f'{name}: drawn', FIRST + u)}"
        share = f"IF({rate}=0,1/{payments},{rate}/(1-(1+{rate})^(-{payments})))"
        level = f"=ROUND({drawn}*(1+{rate})^{grace}*{share},2)"
        known = _known(debt, u, count)
        sheet.write_formula(row["repaid"], 1, level, page.money, known["level"])
        sheet.write_formula(row["owed"], FIRST + u, f"={drawn}", page.money, known["owed"][u])
        for t in range(u + 1, count + 1):
            column, age, end = FIRST + t, t - u, t == count
            owed = address(row["owed"], column - 1)
            accrued = f"ROUND({owed}*{f'((1+{rate})^0.5-1)' if end else rate},2)"
            interest = address(row["interest"], column)
            paid = f"MAX(0,MIN({owed},{address(row['repaid'], 1).replace('B', '$B')}-{interest}))"
            text = {
                "capitalised": "=0" if end else f"=IF({age}<={grace},{accrued},0)",
                "interest": f"={accrued}" if end else f"=IF({age}<={grace},0,{accrued})",
                "repaid": f"={owed}"
                if end
                else f"=IF({age}<={grace},0,IF({age}<{grace}+{payments},{paid},{owed}))",
                "owed": f"=ROUND({owed}+{address(row['capitalised'], column)}-{address(row['repaid'], column)},2)",
            }
            for block in BLOCKS:
                sheet.write_formula(row[block], column, text[block], page.money, known[block][t])


def _known(debt: Facility, u: int, count: int) -> dict[str, Any]:
    """What the formulas of one draw give [USD]."""
    flows = schedule_in_cents(int(debt.drawn[u]), u, debt.terms, count)
    owed = np.cumsum(flows["capitalised"] - flows["repaid"]) + int(debt.drawn[u])
    known: dict[str, Any] = {name: (flow / 100.0).tolist() for name, flow in flows.items()}
    known["owed"] = (owed / 100.0).tolist()
    known["level"] = debt.terms.level_of(int(debt.drawn[u])) / 100
    return known


def _cover(page: Page, debt: Facility) -> None:
    """Service of all sources up to a rank, and the cover that is left for it."""
    made, name = page.made, debt.name
    ranked = [other.name for other in made.facilities]
    page.heading(f"Cover of {name}")

    def together(column: int) -> str:
        own = page.first(f"{name}: rank").removeprefix(f"{page.name}!")
        parts = [
            f"IF({page.first(f'{other}: rank').removeprefix(f'{page.name}!')}<={own},{page.cell(f'{other}: service', column)},0)"
            for other in ranked
        ]
        return "=" + "+".join(parts)

    page.formulas(f"{name}: served with rank", made.served_up_to(debt.rank), together)

    def cover(column: int) -> str | None:
        if column == page.columns[-1]:
            return None
        due, own = page.cell(f"{name}: served with rank", column), page.cell(f"{name}: service", column)
        return f'=IF({own}>0,{page.cell("ebitda", column)}/{due},"")'

    page.figures(f"{name}: cover", made.cover(debt), cover, page.ratio, "ratio")
