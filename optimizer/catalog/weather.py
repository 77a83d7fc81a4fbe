"""Packed hourly weather of one year: typical years of US stations, real years elsewhere."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from optimizer.catalog.fact import CatalogError
from optimizer.catalog.packing import WEATHER_COLUMNS, decode, read_member

Floats = npt.NDArray[np.float64]

_YEAR_IN_ID = re.compile(r"-20\d\d\Z")
_EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, eq=False)
class PackedWeather:
    """Weather of one place over a year of 8,760 hours.

    Attributes
    ----------
    id, name : str
    dry_bulb_c : (n_hours,) array
        Dry-bulb temperature [°C].
    rh : (n_hours,) array
        Relative humidity [fraction].
    pressure_pa : (n_hours,) array
        Station pressure [Pa]; the standard atmosphere at the site's elevation where the source has none.
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2 : (n_hours,) array or None
        Sun: global horizontal, direct normal, diffuse horizontal, mean over the hour [W/m2].
    wind_m_per_s : (n_hours,) array or None
        Wind speed [m/s].
    cloud_fraction : (n_hours,) array or None
        Cloud cover [fraction].
    lat, lon : float
        Degrees north, degrees east.
    elevation_m : float
        Height above sea level [m].
    tz_hours : float
        Hour 0 is midnight at this fixed offset from UTC [h].
    years : str
        Years that the hours are from.
    source, licence : str
    """

    id: str
    name: str
    dry_bulb_c: Floats
    rh: Floats
    pressure_pa: Floats
    ghi_w_per_m2: Floats | None
    dni_w_per_m2: Floats | None
    dhi_w_per_m2: Floats | None
    wind_m_per_s: Floats | None
    cloud_fraction: Floats | None
    lat: float
    lon: float
    elevation_m: float
    tz_hours: float
    years: str
    source: str
    licence: str


@cache
def _index() -> dict[str, dict[str, str]]:
    text = files("optimizer.catalog").joinpath("data", "weather_index.csv").read_text(encoding="utf-8")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}


def weather_ids() -> tuple[str, ...]:
    """Ids of all packed weather; one that ends in a year is a real year of a place that has another too."""
    return tuple(_index())


@lru_cache(maxsize=64)
def weather(weather_id: str) -> PackedWeather:
    """Packed weather; the arrays are read-only.

    Raises
    ------
    CatalogError
        Unknown id.
    """
    index = _index()
    if weather_id not in index:
        raise CatalogError("weather", weather_id, index)
    entry = index[weather_id]
    table = read_member("weather.npz", weather_id)
    column: dict[str, Floats] = {}
    for name, coded in zip(entry["columns"].split(), table, strict=True):
        column[name] = decode(coded, WEATHER_COLUMNS[name])
    elevation_m = float(entry["elevation_m"])
    if "pressure_pa" not in column:
        column["pressure_pa"] = np.full(table.shape[1], _standard_pressure_pa(elevation_m))
    for values in column.values():
        values.flags.writeable = False
    return PackedWeather(
        id=weather_id,
        name=entry["name"],
        dry_bulb_c=column["dry_bulb_c"],
        rh=column["rh"],
        pressure_pa=column["pressure_pa"],
        ghi_w_per_m2=column.get("ghi_w_per_m2"),
        dni_w_per_m2=column.get("dni_w_per_m2"),
        dhi_w_per_m2=column.get("dhi_w_per_m2"),
        wind_m_per_s=column.get("wind_m_per_s"),
        cloud_fraction=column.get("cloud_fraction"),
        lat=float(entry["lat"]),
        lon=float(entry["lon"]),
        elevation_m=elevation_m,
        tz_hours=float(entry["tz_hours"]),
        years=entry["years"],
        source=entry["source"],
        licence=entry["licence"],
    )


def weather_nearest(lat: float, lon: float) -> str:
    """Id of the weather whose place is nearest on the sphere.

    Of several years at one place the plain id counts: a typical year where there is one, else the latest.
    """
    places = [entry for name, entry in _index().items() if _YEAR_IN_ID.search(name) is None]
    lats = np.array([float(entry["lat"]) for entry in places])
    lons = np.array([float(entry["lon"]) for entry in places])
    return places[int(np.argmin(_distance_km(lat, lon, lats, lons)))]["id"]


def _standard_pressure_pa(elevation_m: float) -> float:
    # ICAO standard atmosphere, as in ASHRAE Handbook of Fundamentals 2017, chapter 1, equation 3.
    return float(101325.0 * (1.0 - 2.25577e-5 * elevation_m) ** 5.2559)


def _distance_km(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    here, there = np.radians(lat), np.radians(lats)
    half_lat, half_lon = (there - here) / 2.0, np.radians(lons - lon) / 2.0
    chord = np.sin(half_lat) ** 2 + np.cos(here) * np.cos(there) * np.sin(half_lon) ** 2
    return np.asarray(2.0 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))
