"""Cooling systems: what cools room and liquid, parameters with ranges, and cost beside direct liquid with dry coolers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from optimizer.catalog.fact import CatalogError, Fact, as_fact, read_facts


@dataclass(frozen=True)
class CoolingSystem:
    """A cooling system.

    Attributes
    ----------
    id, name, description : str
    capex_usd_per_kw : Fact
        Cost beside `dlc_dry` [USD per kW of IT].
    air_side : str
        What cools the room, one of `air_sides()`.
    rejection : str
        What cools the liquid, one of `rejections()`; "none" where there is no liquid.
    own : dict of str to Fact
        Values that only this system has, by parameter.
    """

    id: str
    name: str
    description: str
    capex_usd_per_kw: Fact
    air_side: str
    rejection: str
    own: dict[str, Fact]

    @property
    def liquid(self) -> bool:
        """Whether chips are cooled by a liquid."""
        return self.rejection != "none"

    @property
    def parameters(self) -> dict[str, Fact]:
        """Inputs of its physics, by name."""
        return self.parameters_with()

    def parameters_with(self, air_side: str | None = None, rejection: str | None = None) -> dict[str, Fact]:
        """Inputs of its physics with another way to cool the room or the liquid.

        Raises
        ------
        CatalogError
            Unknown air side or rejection.
        """
        book = _book()
        names: list[str] = []
        for kind, key, name in (
            ("air side", "air_sides", air_side or self.air_side),
            ("heat rejection", "rejections", rejection or self.rejection),
        ):
            if name not in book[key]:
                raise CatalogError(kind, name, book[key])
            names += book[key][name]
        found: dict[str, Fact] = {}
        for name in names:
            found |= _group(name)
        return found | {name: fact for name, fact in self.own.items() if name in found or name not in _all()}


@lru_cache(maxsize=1)
def _book() -> dict[str, Any]:
    return read_facts("cooling")


@lru_cache(maxsize=32)
def _group(name: str) -> dict[str, Fact]:
    return {key: as_fact(fact) for key, fact in _book()["groups"][name].items()}


@lru_cache(maxsize=1)
def _all() -> frozenset[str]:
    """Every parameter of any group."""
    return frozenset(key for group in _book()["groups"].values() for key in group)


@lru_cache(maxsize=1)
def _systems() -> dict[str, CoolingSystem]:
    return {
        name: CoolingSystem(
            id=name,
            name=entry["name"],
            description=entry["description"],
            capex_usd_per_kw=as_fact(entry["capex_usd_per_kw"]),
            air_side=entry["air_side"],
            rejection=entry["rejection"],
            own={key: as_fact(fact) for key, fact in entry.get("parameters", {}).items()},
        )
        for name, entry in _book()["systems"].items()
    }


def air_sides() -> tuple[str, ...]:
    """What can cool a room."""
    return tuple(_book()["air_sides"])


def rejections() -> tuple[str, ...]:
    """What can cool a liquid loop."""
    return tuple(_book()["rejections"])


def cooling_options() -> dict[str, dict[str, dict[str, float]]]:
    """Words that stand for values of parameters, by option."""
    found: dict[str, dict[str, dict[str, float]]] = _book()["options"]
    return found


def option_values(given: Mapping[str, str]) -> dict[str, float]:
    """Values that the words of options stand for, by parameter; what is no option with words is left out."""
    known = cooling_options()
    found: dict[str, float] = {}
    for name, word in given.items():
        found |= known.get(name, {}).get(word, {})
    return found


def cooling_ids() -> tuple[str, ...]:
    """Ids of all cooling systems."""
    return tuple(_systems())


def cooling(cooling_id: str) -> CoolingSystem:
    """A cooling system.

    Raises
    ------
    CatalogError
        Unknown id.
    """
    known = _systems()
    if cooling_id not in known:
        raise CatalogError("cooling system", cooling_id, known)
    return known[cooling_id]
