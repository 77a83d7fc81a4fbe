"""The plan as a workbook: a sheet that calculates, then one sheet a table; every text a text."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from optimizer.plan import Plan
from optimizer.report import wording
from optimizer.report.given_plan import headline
from optimizer.report.tables import heading
from optimizer.report.workbook_money import write_money

# How figures are shown; what a cell holds is exact.
_FORMS = ("0.0%", "0.0000%", "#,##0", "#,##0.00", "0.0000")
_ILLEGAL = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write_workbook(plan: Plan, path: Path) -> None:
    """Write all tables of a plan to an Excel file.

    Parameters
    ----------
    plan : Plan
    path : Path
        Written beside itself first, then put in its place.
    """
    import xlsxwriter

    partial = path.with_name(f".partial-{path.name}")
    # A name such as =HYPERLINK("…") is a name: no text becomes a formula, a link or a number.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(partial, options) as book:
        book.set_properties({"title": plan.scenario.name, "comments": "written by optimizer"})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        forms = {text: book.add_format({"num_format": text}) for text in _FORMS}
        tables = {name.translate(_ILLEGAL)[:31]: frame for name, frame in plan.tables().items()}
        _cover(book.add_worksheet("plan"), plan, tables, head, forms)
        write_money(book, plan)
        for name, frame in tables.items():
            _sheet(book.add_worksheet(name), frame, head, forms)
    partial.replace(path)


def _cover(sheet: Any, plan: Plan, tables: dict[str, Any], head: Any, forms: dict[str, Any]) -> None:
    record = plan.record
    returns = plan.tables()["returns"].set_index("flow").loc["free_cash_flow"]
    facts: list[tuple[str, Any]] = [
        ("scenario", plan.scenario.name),
        *([] if plan.given is None else [("given plan", plan.given.name)]),
        ("status", plan.status),
        ("what that means", wording.status(plan.status) if plan.given is None else headline(plan)),
        ("sense", record.sense),
        ("what is made best", wording.aim_name(plan.aim)),
        ("objective", plan.objective),
        ("bound", plan.bound),
        ("gap", plan.gap),
        ("net present value of the free cash flow, nominal USD", float(returns["npv_usd"])),
        ("internal rate of return of it", float(returns["irr"])),
        ("verified by the independent check", "yes" if plan.verified else "no"),
        ("solver", record.solver),
        ("seconds", record.solve_seconds),
        ("money", f"real USD of {plan.scenario.money.base_year}"),
    ]
    sheet.set_column(0, 0, 50)
    sheet.set_column(1, 1, 60)
    sheet.write_row(0, 0, ["key", "value"], head)
    for row, (key, value) in enumerate(facts, start=1):
        sheet.write_string(row, 0, key)
        form = None
        if isinstance(value, float):
            form = forms["0.0000%" if key.startswith(("gap", "internal")) else _form(key, [value])]
        _cell(sheet, row, 1, value, form)
    first = len(facts) + 2
    sheet.write_row(first, 0, ["sheet", "rows"], head)
    sheet.write_string(first + 1, 0, "statement_live")
    sheet.write_string(first + 1, 1, "the statement with live formulas")
    for row, (name, frame) in enumerate(tables.items(), start=first + 2):
        sheet.write_string(row, 0, name)
        sheet.write_number(row, 1, len(frame), forms["#,##0"])


def _sheet(sheet: Any, frame: Any, head: Any, forms: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    names = [str(name) for name in frame.columns]
    chosen: list[Any] = []
    for column, name in enumerate(names):
        sheet.write_string(0, column, heading(name), head)
        values = frame[name]
        if values.dtype.kind in "iuf":
            form = _form(name, values)
            longest = len(f"{values.abs().max():,.4f}") - (0 if form == "0.0000" else 2) if len(values) else 0
        else:
            form, longest = "", max((len(str(value)) for value in values.head(200)), default=0)
        chosen.append(forms.get(form))
        sheet.set_column(column, column, min(40, max(10, longest + 2)))
    for row, cells in enumerate(frame.itertuples(index=False), start=1):
        for column, value in enumerate(cells):
            _cell(sheet, row, column, value, chosen[column])
    if len(frame) and names:
        sheet.autofilter(0, 0, len(frame), len(names) - 1)


def _form(name: str, values: Iterable[float]) -> str:
    """How a column of figures is shown: shares as percent, the others by the size of the largest."""
    if name == "share" or name.endswith("_share"):
        return "0.0%"
    size = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return "#,##0" if size >= 1000 else "#,##0.00" if size >= 1 else "0.0000"


def _cell(sheet: Any, row: int, column: int, value: Any, form: Any = None) -> None:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)) and math.isfinite(value):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_blank(row, column, None)
