"""A site's supply hour by hour: tariffs and bills, sun, wind, plants in their weather, and the dispatch of mixes."""

from optimizer.physics.supply.bills import Bill, bill
from optimizer.physics.supply.dispatch import DispatchError, DispatchYears, SupplySeries, dispatch
from optimizer.physics.supply.plants import plant_available, plant_heat_rate
from optimizer.physics.supply.renewables import solar_output, wind_output
from optimizer.physics.supply.sizing import Offer, SizedMix, mixes_by_carbon, size_mix
from optimizer.physics.supply.tariffs import Tariff, TariffError, read_tariff, tariff_of

__all__ = [
    "Bill",
    "DispatchError",
    "DispatchYears",
    "Offer",
    "SizedMix",
    "SupplySeries",
    "Tariff",
    "TariffError",
    "bill",
    "dispatch",
    "mixes_by_carbon",
    "plant_available",
    "plant_heat_rate",
    "read_tariff",
    "size_mix",
    "solar_output",
    "tariff_of",
    "wind_output",
]
