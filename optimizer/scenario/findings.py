"""What the cross checks find, before a mark is put to it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from optimizer.scenario.nodes import Step


@dataclass(frozen=True)
class Finding:
    """A problem between values of a scenario that each fit the schema.

    Attributes
    ----------
    code : str
    path : tuple of str and int
        Steps to the value that is best changed.
    message : str
    at_key : bool
        Whether the key, not the value, is at fault.
    """

    code: str
    path: tuple[Step, ...]
    message: str
    at_key: bool = False


def unknown(
    kind: str, name: str, known: Iterable[str], path: tuple[Step, ...], at_key: bool = False
) -> Finding:
    """An id that the catalog or the scenario does not have."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if close:
        hint = f"; did you mean {' or '.join(repr(c) for c in close)}?"
    else:
        hint = f"; known: {', '.join(known[:30])}{' …' if len(known) > 30 else ''}" if known else ""
    return Finding("E201", path, f"unknown {kind} {name!r}{hint}", at_key)


def duplicates(kind: str, names: Iterable[str], path: tuple[Step, ...]) -> Iterator[Finding]:
    """Names that stand more than once in a list of named items."""
    names = list(names)
    counts = Counter(names)
    for i, name in enumerate(names):
        if counts[name] > 1 and name in names[:i]:
            yield Finding("E202", (*path, i, "name"), f"a second {kind} named {name!r}; names are unique")
