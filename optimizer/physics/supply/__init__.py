"""A site's supply hour by hour: sun, wind, plants in their weather, and the dispatch of mixes."""

from optimizer.physics.supply.dispatch import DispatchError, DispatchYears, SupplySeries, dispatch
from optimizer.physics.supply.plants import plant_available, plant_heat_rate
from optimizer.physics.supply.renewables import solar_output, wind_output

__all__ = [
    "DispatchError",
    "DispatchYears",
    "SupplySeries",
    "dispatch",
    "plant_available",
    "plant_heat_rate",
    "solar_output",
    "wind_output",
]
