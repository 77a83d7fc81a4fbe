"""Plants in their weather: what is left of their output, and what they burn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.catalog import SupplyTechnology
from optimizer.physics.weather import Weather

Floats = NDArray[np.float64]

SEA_LEVEL_PA = 101_325.0
REFERENCE_C = 15.0


def plant_available(technology: SupplyTechnology, weather: Weather) -> Floats:
    """Output beside nameplate, hour by hour, at most 1; shape (n_hours,).

    Turbines lose output above 15 °C and with the air's pressure, engines in great heat alone (catalog: `derate_per_k`,
    `derate_from_c`, `pressure_share`). Forced outages are taken as a mean.
    """
    hot = np.maximum(weather.dry_bulb_c - technology.derate_from_c, 0.0)
    thin = 1.0 - technology.pressure_share * (1.0 - weather.pressure_pa / SEA_LEVEL_PA)
    left: Floats = np.clip((1.0 - technology.derate_per_k * hot) * np.minimum(thin, 1.0), 0.0, 1.0)
    return left * (1.0 - technology.forced_outage)


def plant_heat_rate(technology: SupplyTechnology, weather: Weather) -> Floats:
    """Heat rate beside that at 15 °C, hour by hour; shape (n_hours,)."""
    t = weather.dry_bulb_c - REFERENCE_C
    rate: Floats = (
        1.0
        + technology.heat_rate_per_hot_k * np.maximum(t, 0.0)
        - technology.heat_rate_per_cold_k * np.maximum(-t, 0.0)
    )
    return rate
