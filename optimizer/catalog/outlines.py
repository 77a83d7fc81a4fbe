"""Outlines for maps: countries of the world, states of the US."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from optimizer.catalog.fact import CatalogError

_FILES = {"world": "outline_world.json", "us": "outline_us.json"}


@cache
def outlines(name: str) -> dict[str, Any]:
    """Outlines as TopoJSON; callers must not change them.

    Parameters
    ----------
    name : {"world", "us"}
        Countries at 1:110m (objects `countries`, `land`; Natural Earth, public domain) or states of the US
        at 1:10m (objects `states`, `nation`; US Census Bureau, public domain).

    Raises
    ------
    CatalogError
        Another name.
    """
    if name not in _FILES:
        raise CatalogError("outline", name, _FILES)
    text = files("optimizer.catalog").joinpath("data", _FILES[name]).read_text(encoding="utf-8")
    result: dict[str, Any] = json.loads(text)
    return result
