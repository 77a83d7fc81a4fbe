"""Cooling systems: parameters with ranges, and their cost beside direct liquid with dry coolers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from optimizer.catalog.fact import CatalogError, Fact, as_fact, read_facts


@dataclass(frozen=True)
class CoolingSystem:
    """A cooling system.

    Attributes
    ----------
    id, name, description : str
    capex_usd_per_kw : Fact
        Cost beside `dlc_dry` [USD per kW of IT].
    parameters : dict of str to Fact
        Inputs of its physics, by name.
    """

    id: str
    name: str
    description: str
    capex_usd_per_kw: Fact
    parameters: dict[str, Fact]


@lru_cache(maxsize=1)
def _systems() -> dict[str, CoolingSystem]:
    return {
        name: CoolingSystem(
            id=name,
            name=entry["name"],
            description=entry["description"],
            capex_usd_per_kw=as_fact(entry["capex_usd_per_kw"]),
            parameters={key: as_fact(fact) for key, fact in entry["parameters"].items()},
        )
        for name, entry in read_facts("cooling").items()
    }


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
