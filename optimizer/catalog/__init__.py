"""Shipped facts, each with unit and source: chips, cooling, supply, markets, weather, prices, carbon."""

from optimizer.catalog.carbon import carbon_countries, carbon_rate, carbon_regions, grid_water
from optimizer.catalog.chips import Chip, chip, chips
from optimizer.catalog.cooling import (
    CoolingSystem,
    air_sides,
    cooling,
    cooling_ids,
    cooling_options,
    option_values,
    rejections,
)
from optimizer.catalog.economics import Economics, economics, economics_with
from optimizer.catalog.electrical import electrical, rating_share
from optimizer.catalog.fact import CatalogError, Fact, read_facts
from optimizer.catalog.hosts import Host, host, hosts
from optimizer.catalog.loads import LoadShape, load_shape, load_shapes
from optimizer.catalog.markets import Market, market, market_ids, market_of
from optimizer.catalog.outlines import outlines
from optimizer.catalog.prices import (
    PriceSeries,
    price_hubs,
    price_series,
    price_years,
    retail_price,
    retail_states,
)
from optimizer.catalog.supply import SupplyTechnology, gas_price_usd_per_mmbtu, supply, supply_ids
from optimizer.catalog.tax import depreciation, depreciation_classes
from optimizer.catalog.weather import PackedWeather, weather, weather_ids, weather_nearest

__all__ = [
    "CatalogError",
    "Chip",
    "CoolingSystem",
    "Economics",
    "Fact",
    "Host",
    "LoadShape",
    "Market",
    "PackedWeather",
    "PriceSeries",
    "SupplyTechnology",
    "air_sides",
    "carbon_countries",
    "carbon_rate",
    "carbon_regions",
    "chip",
    "chips",
    "cooling",
    "cooling_ids",
    "cooling_options",
    "depreciation",
    "depreciation_classes",
    "economics",
    "economics_with",
    "electrical",
    "gas_price_usd_per_mmbtu",
    "grid_water",
    "host",
    "hosts",
    "load_shape",
    "load_shapes",
    "market",
    "market_ids",
    "market_of",
    "option_values",
    "outlines",
    "price_hubs",
    "price_series",
    "price_years",
    "rating_share",
    "read_facts",
    "rejections",
    "retail_price",
    "retail_states",
    "supply",
    "supply_ids",
    "weather",
    "weather_ids",
    "weather_nearest",
]
