"""Tables of text that fit the terminal; what is too wide continues in a further block."""

from __future__ import annotations

import shutil
from collections.abc import Sequence, Set

from optimizer.report.tables import Table

GUTTER = "  "
_SHORTEST_NAME, _LONGEST_NAME = 11, 32


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
    sizes[0] = min(sizes[0], _LONGEST_NAME)
    lead = sum(sizes[:fixed]) + len(GUTTER) * (fixed - 1)
    spare = columns - lead - sum(len(GUTTER) + size for size in sizes[fixed:])
    if fixed == 1 and spare < 0 <= spare + sizes[0] - _SHORTEST_NAME:
        # A long name gives way where that keeps the table in one piece.
        sizes[0] += spare
        lead += spare
    blocks = _blocks([len(GUTTER) + size for size in sizes[fixed:]], columns - lead, fixed)
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


def _blocks(sizes: Sequence[int], room: int, first: int) -> list[list[int]]:
    """Columns of each block, from `first` on: as few blocks as the room allows, and about equally many in each."""
    fewest = _filled(sizes, room, len(sizes))
    most = -(-len(sizes) // max(1, len(fewest)))
    even = _filled(sizes, room, most)
    chosen = even if len(even) == len(fewest) else fewest
    return [[first + c for c in block] for block in chosen]


def _filled(sizes: Sequence[int], room: int, most: int) -> list[list[int]]:
    blocks: list[list[int]] = []
    used = 0
    for c, size in enumerate(sizes):
        if not blocks or used + size > room or len(blocks[-1]) >= most:
            blocks.append([])
            used = 0
        blocks[-1].append(c)
        used += size
    return blocks


def _line(row: Sequence[str], chosen: Sequence[int], sizes: Sequence[int], figures: Set[int]) -> str:
    parts = []
    for c in chosen:
        text = row[c] if len(row[c]) <= sizes[c] else row[c][: sizes[c] - 1] + "…"
        parts.append(text.rjust(sizes[c]) if c in figures else text.ljust(sizes[c]))
    return GUTTER.join(parts).rstrip()
