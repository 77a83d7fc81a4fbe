"""The plan as a workbook: a sheet that calculates, then one sheet a table; every text a text."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from optimizer.plan import Plan
from optimizer.report import wording
from optimizer.report.given_plan import headline
from optimizer.report.tables import heading
from optimizer.report.workbook_money import write_money

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
        _cover(book.add_worksheet("plan"), plan, head)
        write_money(book, plan)
        for name, frame in plan.tables().items():
            _sheet(book.add_worksheet(name.translate(_ILLEGAL)[:31]), frame, head)
    partial.replace(path)


def _cover(sheet: Any, plan: Plan, head: Any) -> None:
    record = plan.record
    facts: list[tuple[str, Any]] = [
        ("scenario", plan.scenario.name),
        *([] if plan.given is None else [("given plan", plan.given.name)]),
        ("status", plan.status),
        ("what that means", wording.status(plan.status) if plan.given is None else headline(plan)),
        ("sense", record.sense),
        ("objective", plan.objective),
        ("bound", plan.bound),
        ("gap", plan.gap),
        ("verified by the independent check", "yes" if plan.verified else "no"),
        ("solver", record.solver),
        ("seconds", record.solve_seconds),
        ("money", f"real USD of {plan.scenario.money.base_year}"),
    ]
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 60)
    sheet.write_row(0, 0, ["key", "value"], head)
    for row, (key, value) in enumerate(facts, start=1):
        sheet.write_string(row, 0, key)
        _cell(sheet, row, 1, value)


def _sheet(sheet: Any, frame: Any, head: Any) -> None:
    sheet.freeze_panes(1, 0)
    names = [str(name) for name in frame.columns]
    for column, name in enumerate(names):
        sheet.write_string(0, column, heading(name), head)
        longest = max((len(str(value)) for value in frame[name].head(200)), default=0)
        sheet.set_column(column, column, min(40, max(10, longest + 2)))
    for row, values in enumerate(frame.itertuples(index=False), start=1):
        for column, value in enumerate(values):
            _cell(sheet, row, column, value)
    if len(frame) and names:
        sheet.autofilter(0, 0, len(frame), len(names) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)) and math.isfinite(value):
        sheet.write_number(row, column, value)
    else:
        sheet.write_blank(row, column, None)
