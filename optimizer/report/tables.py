"""Frames of a plan as tables of text: headings from column names, figures by their unit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.report import wording

# Longest first: the unit stands last in a column's name.
_UNITS: tuple[tuple[str, str], ...] = (
    ("usd_per_gw_facility", "USD per GW of facility"),
    ("usd_per_gw_it", "USD per GW of IT"),
    ("usd_per_mwh", "USD/MWh"),
    ("usd_per_month_of_delay", "USD per month of delay"),
    ("usd_per_kw", "USD/kW"),
    ("usd_per_unit_hour", "USD per unit and hour"),
    ("usd_per_pflop_hour", "USD per PFLOP-hour"),
    ("l_per_kwh", "L/kWh"),
    ("kg_per_mwh", "kg/MWh"),
    ("usd", "USD"),
    ("mwh", "MWh"),
    ("twh", "TWh"),
    ("mw", "MW"),
    ("m3", "m³"),
    ("t", "t"),
)
_WORDS = {
    "it": "IT",
    "pue": "PUE",
    "wue": "WUE",
    "co2": "CO₂",
    "h100e": "H100e",
    "rtt": "RTT",
    "mw": "MW",
    "lcoe": "LCOE",
}


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes
    ----------
    title : str
    header : tuple of str
    rows : tuple of tuples of str
    figures : frozenset of int
        Columns of figures, which are set flush right; the others are words.
    total : bool
        Whether the last row is a total.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()
    total: bool = False


def heading(column: str) -> str:
    """A column's name as a heading with its unit.

    >>> heading("peak_mw"), heading("capex_usd_per_kw"), heading("site")
    ('peak [MW]', 'capex [USD/kW]', 'site')
    """
    for suffix, unit in _UNITS:
        if column == suffix or column.endswith("_" + suffix):
            words = column[: -len(suffix)].strip("_")
            return f"{_words(words)} [{unit}]" if words else unit
    return _words(column)


def _words(name: str) -> str:
    return " ".join(_WORDS.get(word, word) for word in name.split("_"))


def figure(column: str, value: Any) -> str:
    """A cell as text, by the unit in the column's name."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "–" if value is None else ("yes" if value else "no")
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, int):
        return f"{value:,}"
    amount = float(value)
    if math.isnan(amount):
        return "–"
    if re.search(r"(^|_)usd($|_per_gw|_per_month)", column):
        return wording.usd(amount)
    if re.search(r"(^|_)(pue|wue)(_|$)", column):
        return f"{amount:.3f}"
    if column == "gap":
        return wording.percent(amount)
    if column == "share" or re.search(r"_share(_|$)|(^|_)(m?irr|rate)$", column):
        return f"{100 * amount:.1f} %"
    if column in ("halls", "racks", "chips") and amount == int(amount):
        return f"{int(amount):,}"
    return wording.number(amount, 4 if abs(amount) >= 1000 else 3)


def plain_table(
    frame: Any,
    title: str,
    columns: Sequence[str] | None = None,
    total: bool = False,
    said: Mapping[str, str] | None = None,
) -> Table:
    """Rows of a frame as they stand; with `total`, the last one is a sum; `said`: headings in place of the usual ones."""
    names = list(frame.columns) if columns is None else [name for name in columns if name in frame.columns]
    rows = tuple(
        tuple(figure(name, value) for name, value in zip(names, row, strict=True))
        for row in frame[names].itertuples(index=False)
    )
    figures = frozenset(n for n, name in enumerate(names) if frame[name].dtype.kind in "iufb")
    header = tuple((said or {}).get(name) or heading(name) for name in names)
    return Table(title, header, rows, figures, total)


def by_period(
    frame: Any,
    rows: Sequence[str],
    value: str,
    title: str,
    text: Callable[[float], str] | None = None,
    total: bool = False,
    columns: str = "period",
) -> Table:
    """A frame with a row for each combination of `rows` and a column for each period.

    Parameters
    ----------
    frame : DataFrame
        With the columns `rows`, `period` and `value`.
    rows : sequence of str
    value : str
    title : str
    text : callable, optional
        How a figure is written. Default: by the unit of `value`.
    total : bool
        Whether a last row adds up the columns.
    columns : str
        What the columns are, if not periods; they stand in order of appearance then.
    """
    names = sorted(set(frame[columns])) if columns == "period" else list(dict.fromkeys(frame[columns]))
    wide = frame.pivot_table(index=list(rows), columns=columns, values=value, aggfunc="sum", sort=False)
    wide = wide.reindex(columns=names).fillna(0.0)
    wide = wide[(wide != 0).any(axis=1)]
    write = text if text is not None else (lambda amount: figure(value, amount))

    def cell(amount: float) -> str:
        return "·" if amount == 0 else write(float(amount))

    body = [
        (*(key if isinstance(key, tuple) else (key,)), *(cell(v) for v in values))
        for key, values in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    if total and body:
        blanks = ("",) * (len(rows) - 1)
        body.append(("total", *blanks, *(cell(v) for v in wide.to_numpy().sum(axis=0))))
    header = (*(heading(name) for name in rows), *(names if columns == "period" else map(heading, names)))
    figures = frozenset(range(len(rows), len(header)))
    return Table(title, header, tuple(body), figures, total and bool(body))


def billions(amount: float) -> str:
    """Dollars as a bare number of billions.

    >>> billions(1.234e9)
    '1.23'
    """
    return f"{amount / 1e9:,.2f}" if abs(amount) < 99.995e9 else f"{amount / 1e9:,.0f}"
