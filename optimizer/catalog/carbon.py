"""CO2 of grid energy by eGRID subregion, US state and country; water that its generation consumes."""

from __future__ import annotations

from optimizer.catalog.fact import CatalogError, Fact, as_fact, read_facts


def grid_water() -> Fact:
    """Water consumed per kWh of electricity where it is generated [L/kWh]."""
    return as_fact(read_facts("carbon")["grid_water"])


def carbon_regions() -> tuple[str, ...]:
    """Ids of all eGRID subregions."""
    return tuple(read_facts("carbon")["regions"])


def carbon_countries() -> tuple[str, ...]:
    """Countries with a mean of their own, two letters."""
    return tuple(read_facts("carbon")["countries"])


def carbon_rate(region: str | None = None, state: str | None = None, country: str | None = None) -> Fact:
    """CO2 of grid energy, a yearly mean, location based [kg/MWh].

    The first that is given counts: subregion, US state (its main subregion), country. A country that the
    catalog does not hold, or none, gets the world's mean. A state outside the US is not looked at.

    Raises
    ------
    CatalogError
        Unknown subregion or US state.
    """
    known = read_facts("carbon")
    if region is not None:
        if region.upper() not in known["regions"]:
            raise CatalogError("carbon region", region, known["regions"])
        return as_fact(known["regions"][region.upper()])
    land = None if country is None else country.upper()
    if state is not None and land in (None, "US"):
        if state.upper() not in known["states"]:
            raise CatalogError("state", state, known["states"])
        return as_fact(known["regions"][known["states"][state.upper()]])
    return as_fact(known["countries"].get(land, known["elsewhere"]))
