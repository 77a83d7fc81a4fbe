"""Sites from CSV tables: one a row, columns named by a site's keys with dots."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.scenario.json_schema import key_at, keys_under
from optimizer.scenario.nodes import Entries, Items, Node, Scalar, plain
from optimizer.scenario.problems import Mark, Problem, ScenarioError, problem_at, refuse
from optimizer.scenario.yaml_nodes import core_value, read_text

MOST_ROWS = 20_000
# A cell and what ends it: quoted with doubled quotes inside, or anything up to a comma.
_CELL = re.compile(r'\s*"((?:[^"]|"")*)"\s*(,|\Z)|([^,]*)(,|\Z)')

FindFile = Callable[[Any, Mark, str], Path]


def with_tables(document: Entries, find: FindFile) -> Entries:
    """A document with every `{table: FILE}` among its sites replaced by the table's rows.

    Parameters
    ----------
    document : Entries
    find : callable
        File of a name written at a mark and path.
    """
    sites = document.nodes.get("sites")
    if not isinstance(sites, Items):
        return document
    nodes: list[Node] = []
    problems: list[Problem] = []
    for i, item in enumerate(sites.nodes):
        if isinstance(item, Entries) and "table" in item.nodes:
            rows, found = _rows(item, f"sites[{i}].table", find)
            nodes += rows
            problems += found
        else:
            nodes.append(item)
    if problems:
        raise ScenarioError(tuple(problems))
    whole = Items(tuple(nodes), sites.mark)
    return Entries({**document.nodes, "sites": whole}, document.keys, document.mark)


@dataclass(frozen=True)
class _Cell:
    text: str
    mark: Mark


@dataclass(frozen=True)
class _Column:
    """A column: its key's steps and how its cells are read."""

    steps: tuple[str, ...]
    form: str  # value, text, list or dated


def _rows(item: Entries, path: str, find: FindFile) -> tuple[list[Node], list[Problem]]:
    name = item.nodes["table"]
    file = find(plain(name), name.mark, path)
    shown = os.path.normpath(file)
    defaults = Entries(
        {key: node for key, node in item.nodes.items() if key != "table"},
        {key: mark for key, mark in item.keys.items() if key != "table"},
        item.mark,
    )
    lines = list(_lines(read_text(file, shown, name.mark), shown))
    if not lines:
        raise refuse(Mark(shown, 1, 1, "table"), "E012", "expected a row of column names, found nothing")
    header, body = lines[0], lines[1:]
    if len(body) > MOST_ROWS:
        raise refuse(Mark(shown, 1, 1, "table"), "E004", f"more than {MOST_ROWS} rows")
    columns, problems = _columns(header)
    nodes: list[Node] = []
    for cells in body:
        if len(cells) != len(header):
            text = f"expected {len(header)} cells as in the header, found {len(cells)}"
            problems.append(problem_at(cells[0].mark, "E012", "sites", text))
            continue
        row = Entries(dict(defaults.nodes), dict(defaults.keys), cells[0].mark)
        for column, cell in zip(columns, cells, strict=True):
            if column is None or not cell.text:
                continue
            try:
                _put(row, column.steps, _value(column, cell), cell.mark)
            except ScenarioError as error:
                problems += error.problems
        nodes.append(row)
    return nodes, problems


def _lines(text: str, shown: str) -> Iterator[list[_Cell]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells: list[_Cell] = []
        at = 0
        while True:
            match = _CELL.match(line, at)
            if match is None or (match[3] or "").lstrip().startswith('"'):
                mark = Mark(shown, number, at + 1, "table")
                raise refuse(mark, "E012", "a quote that does not end in its cell and line", "sites")
            quoted = match[1] is not None
            content = match[1].replace('""', '"') if quoted else match[3].strip()
            start = at if quoted else at + len(match[3]) - len(match[3].lstrip())
            cells.append(_Cell(content, Mark(shown, number, start + 1, "table")))
            at = match.end()
            if (match[2] if quoted else match[4]) != ",":
                break
        yield cells


def _columns(header: list[_Cell]) -> tuple[list[_Column | None], list[Problem]]:
    columns: list[_Column | None] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for cell in header:
        steps = tuple(cell.text.split("."))
        key = key_at(("sites", 0, *steps))
        if cell.text in seen:
            problems.append(problem_at(cell.mark, "E012", cell.text, "a second column of this name"))
            columns.append(None)
            continue
        seen.add(cell.text)
        form = None if key is None else _form(key)
        if key is None:
            close = difflib.get_close_matches(cell.text, _table_keys(), n=1, cutoff=0.6)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            problems.append(problem_at(cell.mark, "E102", cell.text, f"unknown column{hint}"))
        elif form is None:
            problems.append(
                problem_at(cell.mark, "E012", cell.text, "can't be given in a table; name its keys with dots")
            )
        columns.append(None if form is None else _Column(steps, form))
    return columns, problems


def _form(key: dict[str, Any]) -> str | None:
    kind = key.get("type")
    if kind == "object":
        return "dated" if "patternProperties" in key else None
    if kind == "array":
        return "list" if key.get("items", {}).get("type") == "string" else None
    return "text" if kind == "string" and "unit" not in key else "value"


def _table_keys() -> list[str]:
    names = []
    for key in keys_under(("sites", 0)):
        inner = keys_under(("sites", 0, key))
        names += [f"{key}.{name}" for name in inner] or [key]
    return names


def _value(column: _Column, cell: _Cell) -> Node:
    mark = cell.mark
    if column.form == "text":
        return Scalar(cell.text, mark)
    if column.form == "list":
        parts = [part.strip() for part in cell.text.split(";")]
        return Items(tuple(Scalar(part, mark) for part in parts if part), mark)
    if column.form == "value":
        return Scalar(core_value(cell.text, mark), mark)
    nodes: dict[str, Node] = {}
    for part in filter(None, (part.strip() for part in cell.text.split(";"))):
        date, colon, value = part.partition(":")
        path = ".".join(column.steps)
        if not colon or not value.strip():
            raise refuse(
                mark, "E012", f"expected dates and values as 2027-01:300;2028-01:600, found {part!r}", path
            )
        if date.strip() in nodes:
            raise refuse(mark, "E005", f"the date {date.strip()} stands twice", path)
        nodes[date.strip()] = Scalar(core_value(value.strip(), mark), mark)
    return Entries(nodes, dict.fromkeys(nodes, mark), mark)


def _put(row: Entries, steps: tuple[str, ...], value: Node, mark: Mark) -> None:
    """Set a value inside a row; mappings that come from the table's defaults are copied first."""
    *parents, last = steps
    here = row
    for step in parents:
        inner = here.nodes.get(step)
        inner = (
            Entries(dict(inner.nodes), dict(inner.keys), inner.mark)
            if isinstance(inner, Entries)
            else Entries({}, {}, mark)
        )
        here.nodes[step] = inner
        here.keys.setdefault(step, mark)
        here = inner
    here.nodes[last] = value
    here.keys[last] = mark
