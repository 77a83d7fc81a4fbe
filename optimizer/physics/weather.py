"""Weather: a year of hours at a place, from the catalog or a file."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer import catalog
from optimizer.errors import OptimizerError
from optimizer.physics.psychrometrics import standard_pressure

Floats = NDArray[np.float64]

HOURS = (8760, 8784)
# What a place on earth can have; outside it, the unit or the file is wrong.
VALID = {
    "dry_bulb_c": (-65.0, 60.0, "degC"),
    "rh": (0.0, 1.05, "(a fraction)"),
    "pressure_pa": (45_000.0, 110_000.0, "Pa"),
}


class WeatherError(OptimizerError):
    """A weather file can't be read or does not hold a year; the message names file and row."""

    exit_code = 2


@dataclass(frozen=True, eq=False)
class Weather:
    """A year of weather; arrays of shape (n_hours,), 8,760 or 8,784 hours in local standard time.

    Attributes
    ----------
    id : str
        Catalog id or file name.
    dry_bulb_c, rh, pressure_pa : ndarray
        Dry bulb [°C], relative humidity [fraction], station pressure [Pa].
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2, wind_m_per_s : ndarray or None
        Sun [W/m2] and wind [m/s], where the source has them.
    lat, lon : float
        Degrees north and east.
    elevation_m : float
    tz_hours : float
        Offset from UTC [h].
    source : str
    notes : tuple of str
        What was converted or filled in.
    """

    id: str
    dry_bulb_c: Floats
    rh: Floats
    pressure_pa: Floats
    ghi_w_per_m2: Floats | None
    dni_w_per_m2: Floats | None
    dhi_w_per_m2: Floats | None
    wind_m_per_s: Floats | None
    lat: float
    lon: float
    elevation_m: float
    tz_hours: float
    source: str
    notes: tuple[str, ...] = ()

    @property
    def n_hours(self) -> int:
        """Number of hours."""
        return len(self.dry_bulb_c)


def checked(weather: Weather, first_row: int = 1) -> Weather:
    """The weather, if it is a whole year of possible values.

    Parameters
    ----------
    weather : Weather
    first_row : int
        Row of its file that holds the first hour, for messages.

    Raises
    ------
    WeatherError
    """
    if weather.n_hours not in HOURS:
        raise WeatherError(f"{weather.id}: expected 8760 or 8784 hours, found {weather.n_hours}")
    for name, (low, high, unit) in VALID.items():
        values = getattr(weather, name)
        bad = ~((values >= low) & (values <= high))
        if bad.any():
            row = first_row + int(np.argmax(bad))
            found = values[np.argmax(bad)]
            raise WeatherError(
                f"{weather.id}:{row}: {name} expected {low:g} to {high:g} {unit}, found {found:g}"
                f" ({int(bad.sum())} such rows)"
            )
    return replace(weather, rh=np.minimum(weather.rh, 1.0))


def weather_from_catalog(weather_id: str) -> Weather:
    """Packed weather of the catalog.

    Raises
    ------
    CatalogError
        Unknown id.
    """
    packed = catalog.weather(weather_id)
    return Weather(
        id=packed.id,
        dry_bulb_c=packed.dry_bulb_c,
        rh=packed.rh,
        pressure_pa=packed.pressure_pa,
        ghi_w_per_m2=packed.ghi_w_per_m2,
        dni_w_per_m2=packed.dni_w_per_m2,
        dhi_w_per_m2=packed.dhi_w_per_m2,
        wind_m_per_s=packed.wind_m_per_s,
        lat=packed.lat,
        lon=packed.lon,
        elevation_m=packed.elevation_m,
        tz_hours=packed.tz_hours,
        source=packed.source,
    )


def at_elevation(weather: Weather, elevation_m: float) -> Weather:
    """The weather with its pressure moved to another height by the standard atmosphere's ratio."""
    factor = float(standard_pressure(elevation_m) / standard_pressure(weather.elevation_m))
    return replace(weather, pressure_pa=weather.pressure_pa * factor, elevation_m=elevation_m)
