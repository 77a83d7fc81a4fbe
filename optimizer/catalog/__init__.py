"""Shipped facts, each with unit and source: chips, cooling, supply, markets, weather, prices, carbon."""

from optimizer.catalog.chips import Chip, chip, chips
from optimizer.catalog.cooling import CoolingSystem, cooling, cooling_ids
from optimizer.catalog.economics import Economics, economics
from optimizer.catalog.electrical import electrical, rating_share
from optimizer.catalog.fact import CatalogError, Fact, read_facts
from optimizer.catalog.markets import Market, market, market_ids, market_of
from optimizer.catalog.supply import SupplyTechnology, gas_price_usd_per_mmbtu, supply, supply_ids

__all__ = [
    "CatalogError",
    "Chip",
    "CoolingSystem",
    "Economics",
    "Fact",
    "Market",
    "SupplyTechnology",
    "chip",
    "chips",
    "cooling",
    "cooling_ids",
    "economics",
    "electrical",
    "gas_price_usd_per_mmbtu",
    "market",
    "market_ids",
    "market_of",
    "rating_share",
    "read_facts",
    "supply",
    "supply_ids",
]
