"""One palette through charts and page, light and dark.

Charts are drawn in the light colours; the page turns each into its dark counterpart by style sheet, without
a script. The order of the eight series colours keeps neighbours apart for people who see few colours;
identity never hangs on colour alone (legends, numbers in cells, a table beside every chart).
"""

from __future__ import annotations

from collections.abc import Sequence

# role -> (light, dark)
ROLES: dict[str, tuple[str, str]] = {
    "surface": ("#fcfcfb", "#1a1a19"),
    "ink": ("#0b0b0b", "#ffffff"),
    "ink_soft": ("#52514e", "#c3c2b7"),
    "ink_faint": ("#898781", "#8a8983"),
    "grid": ("#e1e0d9", "#2c2c2a"),
    "axis": ("#c3c2b7", "#383835"),
    "land": ("#efeeea", "#262624"),
    "border": ("#cfcec6", "#3a3a37"),
    "offer": ("#a3a19a", "#6d6b66"),
    "other": ("#8f8d86", "#77756f"),
}
SERIES: tuple[tuple[str, str], ...] = (
    ("#2a78d6", "#3987e5"),
    ("#1baf7a", "#199e70"),
    ("#eda100", "#c98500"),
    ("#008300", "#0c9a0c"),
    ("#4a3aa7", "#9085e9"),
    ("#e34948", "#e66767"),
    ("#e87ba4", "#d55181"),
    ("#eb6834", "#d95926"),
)
# One hue from little to much, for cells of a grid: (light, dark)
RAMP: tuple[tuple[str, str], ...] = (
    ("#e3eefb", "#10263f"),
    ("#b7d3f6", "#163a66"),
    ("#86b6ef", "#184f95"),
    ("#5598e7", "#1f5cab"),
    ("#2f7cdb", "#2468c2"),
    ("#1c5cab", "#2a74d4"),
)
OTHERS = " other sites"
"""How the name of a remainder ends; it is grey."""
ASSET_CLASSES: tuple[str, ...] = ("land", "facility", "power", "chips")
_CLASS_SLOTS = {"land": 3, "facility": 0, "power": 2, "chips": 4}


def light(role: str) -> str:
    """Colour of a role in the light scheme, which is the one that charts are drawn in."""
    return ROLES[role][0]


def series(names: Sequence[str]) -> list[str]:
    """A colour for each name, in order; asset classes keep theirs everywhere, a remainder and a ninth name are grey."""
    if set(names) <= set(_CLASS_SLOTS):
        return [SERIES[_CLASS_SLOTS[name]][0] for name in names]
    return [
        SERIES[n][0] if n < len(SERIES) and not name.endswith(OTHERS) else light("other")
        for n, name in enumerate(names)
    ]


def dark_pairs() -> list[tuple[str, str]]:
    """(light, dark) of every colour that charts use."""
    return [*ROLES.values(), *SERIES, *RAMP]
