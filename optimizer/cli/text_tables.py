"""Tables of text that fit the terminal; what is too wide continues in a further block."""

from __future__ import annotations

import shutil
from collections.abc import Sequence, Set

from optimizer.report.tables import Table

GUTTER = "  "


def width() -> int:
    """Columns of the terminal, between 60 and 160."""
    return min(160, max(60, shutil.get_terminal_size((100, 24)).columns))


def table(content: Table, columns: int, fixed: int = 1) -> str:
    """Lay out a table.

    Parameters
    ----------
    content : Table
    columns : int
        Width that is available [characters].
    fixed : int
        Leading columns that every block repeats.
    """
    title, header, rows = content.title, content.header, content.rows
    if not rows:
        return f"{title}\n  (none)"
    cells = [list(header), *[list(row) for row in rows]]
    sizes = [max(len(row[c]) for row in cells) for c in range(len(header))]
    # A long name gives way before a figure does.
    spare = columns - sum(sizes[fixed:]) - len(GUTTER) * (len(sizes) - 1)
    if fixed == 1 and sizes[0] > 14:
        sizes[0] = min(sizes[0], max(14, spare))
    blocks: list[list[int]] = []
    lead = sum(sizes[:fixed]) + len(GUTTER) * (fixed - 1)
    used = columns + 1
    for c in range(fixed, len(header)):
        if used + len(GUTTER) + sizes[c] > columns or not blocks:
            blocks.append([])
            used = lead
        blocks[-1].append(c)
        used += len(GUTTER) + sizes[c]
    lines = [title]
    for position, block in enumerate(blocks or [[]]):
        chosen = [*range(fixed), *block]
        if position:
            lines.append("")
        for index, row in enumerate(cells):
            lines.append(_line(row, chosen, sizes, content.figures))
            if index == 0 or (content.total and index == len(cells) - 2):
                lines.append(GUTTER.join("─" * sizes[c] for c in chosen))
    return "\n".join(lines)


def _line(row: Sequence[str], chosen: Sequence[int], sizes: Sequence[int], figures: Set[int]) -> str:
    parts = []
    for c in chosen:
        text = row[c] if len(row[c]) <= sizes[c] else row[c][: sizes[c] - 1] + "…"
        parts.append(text.rjust(sizes[c]) if c in figures else text.ljust(sizes[c]))
    return GUTTER.join(parts).rstrip()
