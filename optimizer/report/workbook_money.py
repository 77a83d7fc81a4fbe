"""The statement as a sheet that calculates: totals, balances, cover, NPV and IRR are live formulas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from optimizer.plan import Plan
from optimizer.plan.statement import Cents, Statement

# Columns: line, unit, then a column a period and one for the end of the study.
FIRST = 2
WACC, YEARS = "$C$2", "$C$3"


@dataclass
class _Sheet:
    """Rows written so far, by name."""

    sheet: Any
    made: Statement
    money: Any
    rows: dict[str, int] = field(default_factory=dict)
    at: int = 4

    @property
    def columns(self) -> range:
        return range(FIRST, FIRST + self.made.times.count + 1)

    def cell(self, name: str, column: int) -> str:
        """Address of a line's cell."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return str(xl_rowcol_to_cell(self.rows[name], column))

    def span(self, first: str, last: str, column: int) -> str:
        """Address of a column's cells from one line to another."""
        return f"{self.cell(first, column)}:{self.cell(last, column)}"

    def row(self, name: str) -> str:
        """Address of a line from the first period to the end."""
        return f"{self.cell(name, self.columns[0])}:{self.cell(name, self.columns[-1])}"

    def heading(self, text: str, bold: Any) -> None:
        """A line of text."""
        self.at += 1
        self.sheet.write_string(self.at, 0, text, bold)
        self.at += 1

    def values(self, name: str, flow: Cents) -> None:
        """A line of figures."""
        self._begin(name)
        for column, cents in zip(self.columns, flow, strict=True):
            self.sheet.write_number(self.rows[name], column, int(cents) / 100, self.money)

    def formulas(self, name: str, flow: Cents | None, formula: Any, form: Any = None) -> None:
        """A line of formulas with the figures that they give."""
        self._begin(name)
        known = [0.0] * len(self.columns) if flow is None else [int(cents) / 100 for cents in flow]
        for column, value in zip(self.columns, known, strict=True):
            text = formula(column)
            if text is not None:
                self.sheet.write_formula(self.rows[name], column, text, form or self.money, value)

    def _begin(self, name: str) -> None:
        self.rows[name] = self.at
        self.sheet.write_string(self.at, 0, name)
        self.sheet.write_string(self.at, 1, "USD, nominal")
        self.at += 1


def write_money(book: Any, plan: Plan, name: str = "statement_live") -> None:
    """Write the sheet into an open workbook.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    plan : Plan
    name : str
        Of the sheet; a second sheet `<name>_irr` holds the grid of half periods that IRR needs.
    """
    made, sheet = plan.statement, book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    rate = book.add_format({"num_format": "0.0000%"})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 14)
    sheet.set_column(FIRST, FIRST + made.times.count, 18)
    sheet.write_string(0, 0, "Statement in nominal dollars; totals, balances, NPV and IRR are formulas", bold)
    for row, (label, value, form) in enumerate(
        (("WACC, nominal, a year", made.wacc, rate), ("years a period", made.times.years, None)), start=1
    ):
        sheet.write_string(row, 0, label)
        sheet.write_number(row, FIRST, value, form)
    page = _Sheet(sheet, made, money)
    for column, label in zip(page.columns, (*made.times.labels, "end"), strict=True):
        sheet.write_string(3, column, label, bold)
    sheet.freeze_panes(4, FIRST)
    factor = book.add_format({"num_format": "0.000000"})
    page.rows["years"] = page.at
    sheet.write_string(page.at, 0, "years since the start")
    for column, years in zip(page.columns, made.years, strict=True):
        sheet.write_number(page.at, column, float(years))
    page.at += 1
    page.formulas("discount_factor", None, lambda c: f"=(1+{WACC})^(-{page.cell('years', c)})", factor)
    _cash_flow(page, bold)
    _sources_and_uses(page, bold)
    _balances(page, bold)
    _owners(page, bold)
    _returns(book, page, name, bold, rate)


def _cash_flow(page: _Sheet, bold: Any) -> None:
    made = page.made
    page.heading("Cash flow", bold)
    page.values("revenue", made.revenue)
    for line, flow in sorted(made.operating.items()):
        page.values(f"cost: {line}", -flow)
    last = f"cost: {max(made.operating)}" if made.operating else "revenue"
    page.formulas("ebitda", made.ebitda, lambda c: f"=SUM({page.span('revenue', last, c)})")
    page.values("income tax", -made.tax)
    for name, flow in made.uses.items():
        page.values(f"capital: {name}", -flow)
    for line, flow in sorted(made.sales.items()):
        page.values(f"sale: {line}", flow)
    last_sale = f"sale: {max(made.sales)}" if made.sales else f"capital: {list(made.uses)[-1]}"
    page.formulas(
        "free cash flow", made.free_cash_flow, lambda c: f"=SUM({page.span('ebitda', last_sale, c)})"
    )


def _sources_and_uses(page: _Sheet, bold: Any) -> None:
    made = page.made
    page.heading("Sources and uses", bold)
    first_use, last_use = (f"use: {list(made.uses)[n]}" for n in (0, -1))
    for name in made.uses:
        page.formulas(f"use: {name}", made.uses[name], lambda c, n=name: f"=-{page.cell(f'capital: {n}', c)}")
    total: Cents = sum(made.uses.values(), start=0 * made.revenue)
    page.formulas("total uses", total, lambda c: f"=SUM({page.span(first_use, last_use, c)})")
    names = list(made.sources)
    for name in names:
        page.values(f"source: {name}", made.sources[name])
    first, last = (f"source: {names[n]}" for n in (0, -1))
    page.formulas("total sources", total, lambda c: f"=SUM({page.span(first, last, c)})")
    page.formulas(
        "sources less uses",
        total - total,
        lambda c: f"=ROUND({page.cell('total sources', c)}-{page.cell('total uses', c)},2)",
    )


def _balances(page: _Sheet, bold: Any) -> None:
    for debt in page.made.facilities:
        page.heading(f"Balance of {debt.name}", bold)
        name = debt.name
        closing = page.at + 5
        page.formulas(
            f"{name}: opening",
            debt.opening,
            lambda c, row=closing: "=0" if c == FIRST else f"={_address(row, c - 1)}",
        )
        page.formulas(f"{name}: drawn", debt.drawn, lambda c, n=name: f"={page.cell(f'source: {n}', c)}")
        for line, flow in (
            ("capitalised", debt.capitalised),
            ("interest", debt.interest),
            ("repaid", debt.repaid),
        ):
            page.values(f"{name}: {line}", flow)
        page.formulas(
            f"{name}: closing",
            debt.closing,
            lambda c, n=name: (
                f"=ROUND(SUM({page.span(f'{n}: opening', f'{n}: capitalised', c)})"
                f"-{page.cell(f'{n}: repaid', c)},2)"
            ),
        )
        page.formulas(
            f"{name}: service",
            debt.service,
            lambda c, n=name: f"={page.cell(f'{n}: interest', c)}+{page.cell(f'{n}: repaid', c)}",
        )


def _owners(page: _Sheet, bold: Any) -> None:
    made = page.made
    page.heading("Owners", bold)
    page.values("tax that interest saves", made.interest_tax)

    def formula(column: int) -> str:
        text = f"={page.cell('free cash flow', column)}+{page.cell('tax that interest saves', column)}"
        for debt in made.facilities:
            text += (
                f"+{page.cell(f'{debt.name}: drawn', column)}-{page.cell(f'{debt.name}: service', column)}"
            )
        return text

    page.formulas("to owners", made.to_owners, formula)


def _returns(book: Any, page: _Sheet, name: str, bold: Any, rate: Any) -> None:
    """NPV and IRR; IRR on a grid of half periods, where mid-periods and the end of the study stand evenly."""
    made, sheet = page.made, page.sheet
    page.heading("Returns", bold)
    grid = book.add_worksheet(f"{name}_irr")
    for n, line in enumerate(("free cash flow", "to owners")):
        flow = made.free_cash_flow if n == 0 else made.to_owners
        row = page.at
        sheet.write_string(row, 0, f"NPV: {line}")
        text = f"=SUMPRODUCT({page.row(line)},{page.row('discount_factor')})"
        sheet.write_formula(row, FIRST, text, page.money, made.npv_usd(flow))
        grid.write_string(0, n, line, bold)
        for half, cents in enumerate(made.half_periods(flow)):
            period = FIRST + made.times.count if half == 2 * made.times.count else FIRST + (half - 1) // 2
            if half % 2 or half == 2 * made.times.count:
                text = f"={name}!{page.cell(line, period)}"
                grid.write_formula(half + 1, n, text, page.money, int(cents) / 100)
            else:
                grid.write_number(half + 1, n, 0.0)
        found = made.irr(flow)
        sheet.write_string(row + 1, 0, f"IRR: {line}")
        if found == found:
            cells = f"{name}_irr!{_address(1, n)}:{_address(2 * made.times.count + 1, n)}"
            start = (1 + found) ** (made.times.years / 2) - 1
            text = f"=(1+IRR({cells},{start:.6f}))^(2/{YEARS})-1"
            sheet.write_formula(row + 1, FIRST, text, rate, found)
        else:
            sheet.write_string(row + 1, FIRST, "none: the flow does not change its sign")
        page.rows[f"NPV: {line}"], page.rows[f"IRR: {line}"] = row, row + 1
        page.at += 2


def _address(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))
