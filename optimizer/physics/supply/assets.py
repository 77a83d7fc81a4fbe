"""What plants, sun, wind and batteries of a site cost and burn: the scenario's figures over the catalog's."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from optimizer import catalog
from optimizer.catalog import SupplyTechnology
from optimizer.scenario.schema import Asset, Battery, Plant

BTU_PER_KWH_TO_MMBTU_PER_MWH = 1e-3
KW = 1000.0


@dataclass(frozen=True)
class AssetTerms:
    """Money and dates of an asset.

    Attributes
    ----------
    capex_usd_per_mw, fom_usd_per_mw_year : float
    life_years, arrives_months : float
        Months from the start of the horizon to operation, permits included.
    """

    capex_usd_per_mw: float
    fom_usd_per_mw_year: float
    life_years: float
    arrives_months: float


@dataclass(frozen=True)
class PlantTerms:
    """A plant's money, dates and fuel.

    Attributes
    ----------
    money : AssetTerms
    technology : SupplyTechnology
    heat_rate_btu_per_kwh, fuel_usd_per_mmbtu, usd_per_mwh, kg_per_mwh : float
        At full load and 15 degC; `usd_per_mwh` is fuel and variable cost.
    """

    money: AssetTerms
    technology: SupplyTechnology
    heat_rate_btu_per_kwh: float
    fuel_usd_per_mmbtu: float
    usd_per_mwh: float
    kg_per_mwh: float


def asset_terms(asset: Asset, technology_id: str) -> AssetTerms:
    """Terms of solar, wind, a plant, or a battery's power."""
    fact = catalog.supply(technology_id)
    usual = fact.power_usd_per_kw if isinstance(asset, Battery) else fact.capex_usd_per_kw
    fixed = 0.0 if isinstance(asset, Battery) else fact.fom_usd_per_kw_year
    capex = usual if asset.capex_usd_per_kw is None else asset.capex_usd_per_kw
    fom = fixed if asset.fom_usd_per_kw_year is None else asset.fom_usd_per_kw_year
    lead = fact.lead_months if asset.lead_months is None else asset.lead_months
    return AssetTerms(
        capex_usd_per_mw=0.0 if asset.sunk else capex * KW,
        fom_usd_per_mw_year=fom * KW,
        life_years=fact.life_years,
        arrives_months=asset.permit_months + lead,
    )


def energy_terms(battery: Battery) -> AssetTerms:
    """Terms of a battery's energy, per MWh."""
    fact = catalog.supply("battery_lfp")
    usual = fact.energy_usd_per_kwh
    capex = usual if battery.capex_usd_per_kwh is None else battery.capex_usd_per_kwh
    power = asset_terms(battery, "battery_lfp")
    return AssetTerms(
        0.0 if battery.sunk else capex * KW,
        fact.energy_fom_usd_per_kwh_year * KW,
        power.life_years,
        power.arrives_months,
    )


def storage_mix(battery: Battery) -> dict[str, float]:
    """Efficiency and wear of a battery, as `dispatch` takes them."""
    efficiency = battery.round_trip**0.5
    return {
        "charge_efficiency": efficiency,
        "discharge_efficiency": efficiency,
        "wear_usd_per_mwh": battery.wear_usd_per_mwh,
    }


def plant_terms(plant: Plant, technology_id: str) -> PlantTerms:
    """Terms of a plant. What burns no carbon has its fuel in the variable cost, unless a price is given."""
    fact = catalog.supply(technology_id)
    heat_rate = (
        fact.heat_rate_btu_per_kwh if plant.heat_rate_btu_per_kwh is None else plant.heat_rate_btu_per_kwh
    )
    usual = catalog.gas_price_usd_per_mmbtu().value if fact.co2_kg_per_mwh else 0.0
    fuel = usual if plant.usd_per_mmbtu is None else plant.usd_per_mmbtu
    vom = fact.vom_usd_per_mwh if plant.vom_usd_per_mwh is None else plant.vom_usd_per_mwh
    return PlantTerms(
        money=asset_terms(plant, technology_id),
        technology=fact,
        heat_rate_btu_per_kwh=heat_rate,
        fuel_usd_per_mmbtu=fuel,
        usd_per_mwh=heat_rate * BTU_PER_KWH_TO_MMBTU_PER_MWH * fuel + vom,
        kg_per_mwh=fact.co2_kg_per_mwh * heat_rate / fact.heat_rate_btu_per_kwh,
    )


def units_of(plant: Plant, technology_id: str, megawatts: float) -> tuple[int, float]:
    """Number of units and nameplate of one: whole units not below the usual size, together `megawatts`."""
    unit = catalog.supply(technology_id).unit_mw if plant.unit_mw is None else plant.unit_mw
    count = max(1, floor(megawatts / unit + 1e-6)) if unit > 0 else 1
    return count, megawatts / count
