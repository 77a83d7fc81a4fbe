"""Shapes of IT power over a day."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.catalog.fact import CatalogError, read_facts


@dataclass(frozen=True)
class LoadShape:
    """IT power by hour of the day.

    Attributes
    ----------
    id, source : str
    weekday, weekend : tuple of 24 floats
        Beside the mean of a weekday, hour 0 first, local time.
    weak : bool
        Whether the source is thin.
    """

    id: str
    weekday: tuple[float, ...]
    weekend: tuple[float, ...]
    source: str
    weak: bool


def load_shapes() -> tuple[str, ...]:
    """Ids of all shapes."""
    return tuple(read_facts("loads"))


def load_shape(shape_id: str) -> LoadShape:
    """A shape.

    Raises
    ------
    CatalogError
        Unknown id.
    """
    known = read_facts("loads")
    if shape_id not in known:
        raise CatalogError("load profile", shape_id, known)
    entry = known[shape_id]
    day = tuple(float(share) for share in entry["shares"])
    return LoadShape(
        id=shape_id,
        weekday=day,
        weekend=tuple(share * entry["weekend"] for share in day),
        source=entry["source"],
        weak=bool(entry.get("weak", False)),
    )
