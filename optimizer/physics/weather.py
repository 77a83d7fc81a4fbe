"""Weather: a year of hours at a place, from the catalog or a file."""

from __future__ import annotations

from collections.abc import Callable
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
# Beyond these latitudes the warm half of the year is the hemisphere's own, by more than these kelvin between the quarters.
_SEASONS_FROM_DEG, _SEASONS_K = 30.0, 2.0


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
    possible(weather, lambda hour: f"{weather.id}:{first_row + hour}", "rows")
    own_hemisphere(weather, weather.lat)
    return replace(weather, rh=np.minimum(weather.rh, 1.0))


def possible(weather: Weather, where: Callable[[int], str], rows: str = "hours") -> None:
    """Holds each series to its shape and to what a place on earth can have.

    Parameters
    ----------
    weather : Weather
    where : callable
        Hour to the words that name it.
    rows : str
        What hours are called.

    Raises
    ------
    WeatherError
    """
    n = np.shape(weather.dry_bulb_c)
    if len(n) != 1:
        raise WeatherError(f"{weather.id}: dry_bulb_c expected one axis of hours, found shape {n}")
    for name, (low, high, unit) in VALID.items():
        values = np.asarray(getattr(weather, name))
        if values.shape != n:
            raise WeatherError(f"{weather.id}: {name} has shape {values.shape}, dry_bulb_c {n}")
        bad = ~((values >= low) & (values <= high))
        if bad.any():
            hour = int(np.argmax(bad))
            hint = _unit_hint(name, values[np.isfinite(values)])
            raise WeatherError(
                f"{where(hour)}: {name} expected {low:g} to {high:g} {unit}, found {values[hour]:g}"
                f" ({int(bad.sum())} such {rows}){hint}"
            )


def _unit_hint(name: str, values: Floats) -> str:
    """What the values look like instead."""
    if len(values) == 0:
        return ""
    middle = float(np.median(values))
    if name == "dry_bulb_c":
        looks = (
            "kelvin"
            if middle > 180.0
            else "degrees Fahrenheit"
            if values.max() > 60.0 and middle > 20.0
            else ""
        )
    elif name == "rh":
        looks = "percent" if 1.05 < middle <= 105.0 else ""
    else:
        looks = "hPa" if 400.0 < middle < 1200.0 else "kPa" if 40.0 < middle < 120.0 else ""
    return f"; it looks like {looks}" if looks else ""


def own_hemisphere(weather: Weather, lat: float) -> None:
    """Holds the seasons of a whole year to a latitude beyond 30 degrees.

    Raises
    ------
    WeatherError
        The year is the other hemisphere's.
    """
    if weather.n_hours not in HOURS or not abs(lat) > _SEASONS_FROM_DEG:
        return
    t = weather.dry_bulb_c
    # Weeks around mid-January and mid-July, ninety days each.
    january = float(np.concatenate([t[: 60 * 24], t[-30 * 24 :]]).mean())
    july = float(t[152 * 24 : 242 * 24].mean())
    if (january - july if lat > 0 else july - january) > _SEASONS_K:
        raise WeatherError(
            f"{weather.id}: a year of the other hemisphere: mean {january:.1f} degC around January and"
            f" {july:.1f} around July at latitude {lat:g}"
        )


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
