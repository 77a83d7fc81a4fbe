"""One figure with its unit and source, and the files that hold them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from optimizer.errors import OptimizerError


class CatalogError(OptimizerError):
    """The catalog has no such entry; the message names close ones."""

    exit_code = 2

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        known = sorted(known)
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        hint = (
            f"did you mean {' or '.join(repr(c) for c in close)}?" if close else f"known: {', '.join(known)}"
        )
        super().__init__(f"unknown {kind} {name!r}; {hint}")


@dataclass(frozen=True)
class Fact:
    """A figure.

    Attributes
    ----------
    value : float
    unit : str
    source : str
        Paper, standard, page or `assumption`.
    low, high : float or None
        Range, where one is known.
    weak : bool
        Whether the source is thin: an estimate, second hand, or from memory.
    """

    value: float
    unit: str
    source: str
    low: float | None = None
    high: float | None = None
    weak: bool = False


@cache
def read_facts(name: str) -> dict[str, Any]:
    """A file of facts under `optimizer/catalog/facts`, as plain data. Callers must not change it."""
    text = files("optimizer.catalog").joinpath("facts", f"{name}.yaml").read_text(encoding="utf-8")
    result: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return result


def as_fact(entry: dict[str, Any]) -> Fact:
    """A fact as written in a file."""
    numbers = {key: float(entry[key]) for key in ("value", "low", "high") if entry.get(key) is not None}
    return Fact(**{**entry, **numbers})


def facts_in(entry: dict[str, Any]) -> dict[str, Fact]:
    """The figures among an entry's values, by key; nested ones by `key.inner`."""
    found: dict[str, Fact] = {}
    for key, value in entry.items():
        if isinstance(value, dict):
            if "value" in value and "unit" in value:
                found[key] = as_fact(value)
            else:
                found |= {f"{key}.{inner}": fact for inner, fact in facts_in(value).items()}
    return found
