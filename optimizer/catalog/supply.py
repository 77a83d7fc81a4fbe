"""Supply technologies: what a megawatt of one's own costs and burns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from optimizer.catalog.fact import CatalogError, Fact, as_fact, facts_in, read_facts


@dataclass(frozen=True)
class SupplyTechnology:
    """A supply technology; heat rate on higher heating value, money in dollars of 2025.

    Attributes
    ----------
    id, name : str
    capex_usd_per_kw : float
    heat_rate_btu_per_kwh : float
        0 where no fuel is burnt.
    fom_usd_per_kw_year, vom_usd_per_mwh : float
        Fixed and variable operating cost without fuel.
    lead_months : float
        Order to operation.
    co2_kg_per_mwh : float
    life_years : float
    unit_mw : float
        0 where there are no units to speak of.
    derate_per_k, derate_from_c, pressure_share : float
        Output lost per kelvin above a temperature; share of it that goes with air pressure.
    heat_rate_per_hot_k, heat_rate_per_cold_k : float
        Heat rate beside 15 degC, per kelvin above and below.
    forced_outage, no_load_share, start_usd_per_mw : float
        Share of time; fuel of a unit at no load beside full load; cost of a start.
    power_usd_per_kw, energy_usd_per_kwh, energy_fom_usd_per_kwh_year : float
        Of batteries: capital of power and of energy apart, fixed cost of energy.
    facts : dict of str to Fact
    """

    id: str
    name: str
    capex_usd_per_kw: float
    heat_rate_btu_per_kwh: float
    fom_usd_per_kw_year: float
    vom_usd_per_mwh: float
    lead_months: float
    co2_kg_per_mwh: float
    life_years: float
    facts: dict[str, Fact]
    unit_mw: float = 0.0
    derate_per_k: float = 0.0
    derate_from_c: float = 15.0
    pressure_share: float = 0.0
    heat_rate_per_hot_k: float = 0.0
    heat_rate_per_cold_k: float = 0.0
    forced_outage: float = 0.0
    no_load_share: float = 0.0
    start_usd_per_mw: float = 0.0
    power_usd_per_kw: float = 0.0
    energy_usd_per_kwh: float = 0.0
    energy_fom_usd_per_kwh_year: float = 0.0


@lru_cache(maxsize=1)
def _technologies() -> dict[str, SupplyTechnology]:
    return {name: _technology(name, entry) for name, entry in read_facts("supply")["technologies"].items()}


def _technology(name: str, entry: dict[str, Any]) -> SupplyTechnology:
    facts = facts_in(entry)
    return SupplyTechnology(
        id=name, name=entry["name"], facts=facts, **{key: fact.value for key, fact in facts.items()}
    )


def supply_ids() -> tuple[str, ...]:
    """Ids of all supply technologies."""
    return tuple(_technologies())


def supply(supply_id: str) -> SupplyTechnology:
    """A supply technology.

    Raises
    ------
    CatalogError
        Unknown id.
    """
    known = _technologies()
    if supply_id not in known:
        raise CatalogError("supply technology", supply_id, known)
    return known[supply_id]


def gas_price_usd_per_mmbtu() -> Fact:
    """Natural gas, delivered [USD/MMBtu]."""
    return as_fact(read_facts("supply")["gas_price_usd_per_mmbtu"])
