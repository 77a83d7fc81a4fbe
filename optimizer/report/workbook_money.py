"""The statement as sheets that calculate: balances, cover, tax, owners' flow, NPV and IRR are live formulas."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from optimizer.plan import Plan
from optimizer.plan.income_tax import in_study, kept_share, parts_of
from optimizer.plan.statement import OPERATIONS, Cents
from optimizer.report.workbook_debt import write_balances
from optimizer.report.workbook_returns import write_returns
from optimizer.report.workbook_rows import FIRST, TAX, WACC, Page, address


def write_money(book: Any, plan: Plan, name: str = "statement_live") -> None:
    """Write the sheets into an open workbook.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    plan : Plan
    name : str
        Of the first sheet. Beside it stand `<name>_vintages` (each draw's schedule), `<name>_tax` (what is written off
        when, with income tax) and `<name>_irr` (the grid of half periods that IRR needs).
    """
    made, sheet = plan.statement, book.add_worksheet(name)
    page = Page(name, sheet, made, book)
    _head(page, plan)
    _cash_flow(page, plan)
    _sources_and_uses(page)
    _tax(page, plan)
    write_balances(page)
    _owners(page)
    write_returns(page)


def _head(page: Page, plan: Plan) -> None:
    made, sheet = page.made, page.sheet
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 14)
    sheet.set_column(FIRST, FIRST + made.times.count, 18)
    title = "Statement in nominal dollars: what is set in blue may be changed, all else follows"
    sheet.write_string(0, 0, title, page.bold)
    for row, (label, value, form) in enumerate(
        (
            ("WACC, nominal, a year", made.wacc, page.input_rate),
            ("years a period", made.times.years, None),
            ("income tax", 1 - kept_share(plan.scenario), page.input_rate),
        ),
        start=1,
    ):
        sheet.write_string(row, 0, label)
        sheet.write_number(row, FIRST, value, form)
    for column, label in zip(page.columns, (*made.times.labels, "end"), strict=True):
        sheet.write_string(4, column, label, page.bold)
    sheet.freeze_panes(5, FIRST)
    page.begin("years since the start", "years")
    for column, years in zip(page.columns, made.years, strict=True):
        sheet.write_number(page.rows["years since the start"], column, float(years))
    worth = (1 + made.wacc) ** -made.years
    page.figures(
        "discount_factor",
        worth,
        lambda c: f"=(1+{WACC})^(-{page.cell('years since the start', c)})",
        page.factor,
        "fraction",
    )


def _cash_flow(page: Page, plan: Plan) -> None:
    made = page.made
    page.heading("Cash flow")
    page.inputs("revenue", made.revenue)
    for line, flow in sorted(made.operating.items()):
        page.inputs(f"cost: {line}", -flow)
    last = f"cost: {max(made.operating)}" if made.operating else "revenue"
    page.formulas("ebitda", made.ebitda, lambda c: f"=SUM({page.span('revenue', last, c)})")
    page.later("income tax")
    for name, flow in made.uses.items():
        page.inputs(f"capital: {name}", -flow)
    for line, flow in sorted(made.sales.items()):
        page.inputs(f"sale: {line}", flow)
    last_sale = f"sale: {max(made.sales)}" if made.sales else f"capital: {list(made.uses)[-1]}"
    page.formulas(
        "free cash flow", made.free_cash_flow, lambda c: f"=SUM({page.span('ebitda', last_sale, c)})"
    )


def _turned(page: Page, line: str, column: int) -> str:
    return f"=-{page.cell(line, column)}"


def _sources_and_uses(page: Page) -> None:
    made = page.made
    page.heading("Sources and uses")
    first_use, last_use = (f"use: {list(made.uses)[n]}" for n in (0, -1))
    for name in made.uses:
        page.formulas(f"use: {name}", made.uses[name], partial(_turned, page, f"capital: {name}"))
    total: Cents = sum(made.uses.values(), start=0 * made.revenue)
    page.formulas("total uses", total, lambda c: f"=SUM({page.span(first_use, last_use, c)})")
    named = [name for name in made.sources if name != OPERATIONS]
    for name in named:
        page.inputs(f"source: {name}", made.sources[name])

    def rest(column: int) -> str:
        drawn = f"-SUM({page.span(f'source: {named[0]}', f'source: {named[-1]}', column)})" if named else ""
        return f"=ROUND({page.cell('total uses', column)}{drawn},2)"

    page.formulas(f"source: {OPERATIONS}", made.sources[OPERATIONS], rest)
    first = f"source: {(*named, OPERATIONS)[0]}"
    page.formulas("total sources", total, lambda c: f"=SUM({page.span(first, f'source: {OPERATIONS}', c)})")
    page.formulas(
        "sources less uses",
        total - total,
        lambda c: f"=ROUND({page.cell('total sources', c)}-{page.cell('total uses', c)},2)",
    )
    for name, flow in made.fees.items():
        page.inputs(f"fee: {name}", -flow)


def _tax(page: Page, plan: Plan) -> None:
    """Taxable income: what capital is written off, by a matrix of shares on a sheet of its own."""
    made, scenario = page.made, plan.scenario
    if scenario.money.income_tax is None:
        page.settle("income tax", -made.tax, None)
        return
    page.heading("Income tax before interest")
    sheet = page.book.add_worksheet(f"{page.name}_tax")
    sheet.write_string(
        0, 0, "Share of a period's spending (column) that is written off in a period (row)", page.bold
    )
    count, at = made.times.count, 2
    written: list[str] = []
    taxable = (made.ebitda).astype(float)
    for line, flow in made.sales.items():
        if line != "residual_land":
            taxable = taxable + flow
    for name, spent in made.uses.items():
        if not parts_of(scenario, name):
            continue
        shares = in_study(scenario, made.times, name)
        sheet.write_string(at, 0, name, page.bold)
        for u, label in enumerate(made.times.labels):
            sheet.write_string(at, FIRST + u, label, page.bold)
        for t, label in enumerate((*made.times.labels, "end")):
            sheet.write_string(at + 1 + t, 0, label)
            for u in range(count):
                sheet.write_number(at + 1 + t, FIRST + u, float(shares[u, t]))
        deducted = spent[:-1] @ shares
        taxable = taxable - deducted

        def formula(column: int, top: int = at + 1, row: int = page.rows[f"use: {name}"]) -> str:
            line = top + column - FIRST
            own = f"{page.name}_tax!{address(line, FIRST)}:{address(line, FIRST + count - 1)}"
            return f"=-SUMPRODUCT({address(row, FIRST)}:{address(row, FIRST + count - 1)},{own})"

        page.figures(f"written off: {name}", -deducted / 100, formula, page.money)
        written.append(f"written off: {name}")
        at += count + 4
    sold = [line for line in sorted(made.sales) if line != "residual_land"]

    def income(column: int) -> str:
        parts = ["ebitda", *written, *(f"sale: {line}" for line in sold)]
        return "=" + "+".join(page.cell(part, column) for part in parts)

    page.figures("taxable income", taxable / 100, income, page.money)
    page.settle("income tax", -made.tax, lambda c: f"=-ROUND({TAX}*{page.cell('taxable income', c)},2)")


def _owners(page: Page) -> None:
    made = page.made
    page.heading("Owners")

    def saved(column: int) -> str | None:
        lines = [f"{debt.name}: {line}" for debt in made.facilities for line in ("capitalised", "interest")]
        total = "+".join(page.cell(line, column) for line in lines)
        return f"=ROUND({TAX}*({total}),2)" if lines else "=0"

    page.formulas("tax that interest saves", made.interest_tax, saved)

    def formula(column: int) -> str:
        text = f"={page.cell('free cash flow', column)}+{page.cell('tax that interest saves', column)}"
        for debt in made.facilities:
            text += (
                f"+{page.cell(f'{debt.name}: drawn', column)}-{page.cell(f'{debt.name}: service', column)}"
            )
        for name in made.fees:
            text += f"+{page.cell(f'fee: {name}', column)}"
        return text

    page.formulas("to owners", made.to_owners, formula)
    # The sums that have been paid in so far.
    page.formulas(
        "to owners, so far",
        np.cumsum(made.to_owners),
        lambda c: (
            f"={page.cell('to owners', c)}"
            + ("" if c == FIRST else f"+{page.cell('to owners, so far', c - 1)}")
        ),
    )
