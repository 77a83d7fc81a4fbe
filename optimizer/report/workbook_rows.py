"""A sheet that calculates, row by row: a name in the first column, its unit, then a column a period and one for the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from optimizer.plan.statement import Cents, Statement
from optimizer.plan.times import Floats

# Columns: line, unit, then a column a period and one for the end of the study.
FIRST = 2
WACC, YEARS, TAX = "$C$2", "$C$3", "$C$4"
NOMINAL = "USD, nominal"
Formula = Callable[[int], str | None]


def address(row: int, column: int) -> str:
    """A cell's address, `C5`."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


@dataclass
class Page:
    """The first sheet, with the rows written so far by name.

    Attributes
    ----------
    name : str
        Of the sheet.
    sheet, book : xlsxwriter worksheet and workbook
    made : Statement
    rows : dict of str to int
    at : int
        Next free row.
    """

    name: str
    sheet: Any
    made: Statement
    book: Any
    rows: dict[str, int] = field(default_factory=dict)
    at: int = 5

    def __post_init__(self) -> None:
        """Formats of cells: inputs are blue, as usual in models."""
        blue = {"font_color": "#0000C0"}
        self.bold = self.book.add_format({"bold": True, "bottom": 1})
        self.money = self.book.add_format({"num_format": "#,##0.00"})
        self.rate = self.book.add_format({"num_format": "0.0000%"})
        self.factor = self.book.add_format({"num_format": "0.000000"})
        self.ratio = self.book.add_format({"num_format": "0.00"})
        self.input_money = self.book.add_format({"num_format": "#,##0.00", **blue})
        self.input_rate = self.book.add_format({"num_format": "0.0000%", **blue})
        self.input_count = self.book.add_format({"num_format": "0", **blue})

    @property
    def columns(self) -> range:
        """Columns of the periods and of the end."""
        return range(FIRST, FIRST + self.made.times.count + 1)

    def cell(self, name: str, column: int) -> str:
        """Address of a line's cell."""
        return address(self.rows[name], column)

    def first(self, name: str) -> str:
        """Fixed address of a line's first cell, for a line of one figure, from whatever sheet."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return f"{self.name}!{xl_rowcol_to_cell(self.rows[name], FIRST, True, True)}"

    def span(self, first: str, last: str, column: int) -> str:
        """Address of a column's cells from one line to another."""
        return f"{self.cell(first, column)}:{self.cell(last, column)}"

    def row(self, name: str) -> str:
        """Address of a line from the first period to the end."""
        return f"{self.cell(name, self.columns[0])}:{self.cell(name, self.columns[-1])}"

    def heading(self, text: str) -> None:
        """A line of text."""
        self.at += 1
        self.sheet.write_string(self.at, 0, text, self.bold)
        self.at += 1

    def begin(self, name: str, unit: str = NOMINAL) -> None:
        """A new line."""
        self.rows[name] = self.at
        self.sheet.write_string(self.at, 0, name)
        self.sheet.write_string(self.at, 1, unit)
        self.at += 1

    def inputs(self, name: str, flow: Cents) -> None:
        """A line of figures that may be changed."""
        self.begin(name)
        for column, cents in zip(self.columns, flow, strict=True):
            self.sheet.write_number(self.rows[name], column, int(cents) / 100, self.input_money)

    def formulas(self, name: str, flow: Cents, formula: Formula) -> None:
        """A line of formulas with the figures that they give."""
        self.figures(name, flow / 100.0, formula, self.money)

    def figures(self, name: str, values: Floats, formula: Formula, form: Any, unit: str = NOMINAL) -> None:
        """A line of formulas in a format of its own."""
        self.begin(name, unit)
        self._write(self.rows[name], values, formula, form)

    def later(self, name: str) -> None:
        """A line whose formulas follow by `settle`."""
        self.begin(name)

    def settle(self, name: str, flow: Cents, formula: Formula | None) -> None:
        """Formulas of a line that stands already; figures that may be changed without them."""
        if formula is not None:
            self._write(self.rows[name], flow / 100.0, formula, self.money)
            return
        for column, cents in zip(self.columns, flow, strict=True):
            self.sheet.write_number(self.rows[name], column, int(cents) / 100, self.input_money)

    def one(self, name: str, unit: str, value: float, form: Any, formula: str | None = None) -> None:
        """A line of one figure."""
        self.begin(name, unit)
        if formula is None:
            self.sheet.write_number(self.rows[name], FIRST, value, form)
        else:
            self.sheet.write_formula(self.rows[name], FIRST, formula, form, value)

    def _write(self, row: int, values: Floats, formula: Formula, form: Any) -> None:
        for column, value in zip(self.columns, values, strict=True):
            text = formula(column)
            if text is not None:
                known = float(value)
                self.sheet.write_formula(row, column, text, form, "" if known != known else known)
