"""What a page is made of: tiles, figures in two widths, sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from optimizer.plan import Plan
from optimizer.report import charts
from optimizer.report.svg import to_svg
from optimizer.report.tables import Table


@dataclass(frozen=True)
class Tile:
    """A figure in large type."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Figure:
    """A chart in two widths; the page shows the one that fits."""

    wide: Any
    narrow: Any
    title: str
    caption: str


@dataclass(frozen=True)
class Part:
    """A section of the page."""

    identity: str
    title: str
    texts: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()


def drawn(plan: Plan, draw: Callable[..., Any], identity: str, title: str, caption: str) -> Figure:
    """Draw a chart for wide and for narrow pages.

    Parameters
    ----------
    plan : Plan
    draw : callable
        Takes the plan and `width` [pixels], returns an Altair chart.
    identity : str
        Unique in the page.
    title, caption : str
        What the chart shows, and how to read it.
    """
    both = {width: draw(plan, width=width) for width in (charts.WIDE, charts.NARROW)}
    return marked_up(both, identity, title, caption)


def marked_up(both: Mapping[int, Any], identity: str, title: str, caption: str) -> Figure:
    """Two Altair charts by width, the wide one first, as a figure of a page."""
    from markupsafe import Markup

    wide, narrow = (
        Markup(to_svg(chart, f"{identity}-{width}", title, caption)) for width, chart in both.items()
    )
    return Figure(wide, narrow, title, caption)
