"""Weather files: EPW, TMY3, NSRDB through pvlib, and plain CSV."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.psychrometrics import standard_pressure
from optimizer.physics.weather import (
    HOURS,
    Weather,
    WeatherError,
    at_elevation,
    checked,
    own_hemisphere,
    weather_from_catalog,
)
from optimizer.scenario.schema import Site, names_weather_file

Floats = NDArray[np.float64]

MOST_BYTES = 50_000_000
# Names that a plain CSV may use for a column, with what turns its values into ours: value · factor + offset.
COLUMNS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "dry_bulb_c": {
        "dry_bulb_c": (1.0, 0.0),
        "temp_c": (1.0, 0.0),
        "temp_air": (1.0, 0.0),
        "temp_f": (5 / 9, -160 / 9),
        "temp_k": (1.0, -273.15),
    },
    "rh": {"rh": (1.0, 0.0), "rh_pct": (0.01, 0.0), "relative_humidity": (0.01, 0.0)},
    "pressure_pa": {"pressure_pa": (1.0, 0.0), "pressure_hpa": (100.0, 0.0), "pressure_kpa": (1000.0, 0.0)},
    "ghi_w_per_m2": {"ghi_w_per_m2": (1.0, 0.0), "ghi": (1.0, 0.0)},
    "dni_w_per_m2": {"dni_w_per_m2": (1.0, 0.0), "dni": (1.0, 0.0)},
    "dhi_w_per_m2": {"dhi_w_per_m2": (1.0, 0.0), "dhi": (1.0, 0.0)},
    "wind_m_per_s": {"wind_m_per_s": (1.0, 0.0), "wind_speed": (1.0, 0.0), "wind_kmh": (1 / 3.6, 0.0)},
}
TIMES = ("time", "timestamp", "datetime", "date", "time_utc", "time_local")
_LEAST_KELVIN = 180.0


def read_weather(path: str | Path) -> Weather:
    """Read a weather file; the format is told from its first lines.

    Parameters
    ----------
    path : str or Path
        EPW, TMY3, NSRDB PSM, or CSV with a header row (`dry_bulb_c` or `temp_c`, `rh` or `rh_pct`, and where known
        `pressure_pa`, `ghi_w_per_m2`, `dni_w_per_m2`, `dhi_w_per_m2`, `wind_m_per_s`; lines such as `# elevation_m: 120`
        before it give lat, lon, elevation_m, tz_hours). `.gz` is unpacked.

    Returns
    -------
    Weather
        8,760 or 8,784 hours; relative humidity as a fraction.

    Raises
    ------
    WeatherError
        No such file, unknown format, missing hours, values out of range; with file and row.
    """
    file = Path(path)
    text = _text(file)
    first = text[:400].lstrip("\ufeff")
    name = file.name
    if first.startswith("LOCATION,"):
        return _through_pvlib(name, text, "read_epw", first_row=9)
    if "Date (MM/DD/YYYY)" in text[:4000]:
        return _through_pvlib(name, text, "read_tmy3", first_row=3)
    if first.startswith("Source,"):
        return _through_pvlib(name, text, "read_nsrdb_psm4", first_row=4)
    return _plain(name, text)


def weather_of(site: Site) -> Weather:
    """Weather of a site: the catalog's or a file's, with pressure at the site's own height.

    Raises
    ------
    WeatherError, CatalogError
    """
    found = (
        read_weather(site.weather) if names_weather_file(site.weather) else weather_from_catalog(site.weather)
    )
    own_hemisphere(found, site.lat)
    return found if site.elevation_m is None else at_elevation(found, site.elevation_m)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise WeatherError(f"{file}: larger than {MOST_BYTES // 1_000_000} MB")
        raw = file.read_bytes()
        if file.suffix == ".gz":
            with gzip.open(io.BytesIO(raw)) as unpacked:
                raw = unpacked.read(MOST_BYTES + 1)
            if len(raw) > MOST_BYTES:
                raise WeatherError(f"{file}: larger than {MOST_BYTES // 1_000_000} MB when unpacked")
    except (OSError, EOFError) as error:
        raise WeatherError(f"{file}: can't be read: {getattr(error, 'strerror', None) or error}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _through_pvlib(name: str, text: str, reader: str, first_row: int) -> Weather:
    import pvlib

    try:
        frame, meta = getattr(pvlib.iotools, reader)(io.StringIO(text))
    except Exception as error:
        raise WeatherError(f"{name}: not readable as {reader.removeprefix('read_')}: {error}") from error
    column = {
        str(c): np.asarray(frame[c], dtype=np.float64) for c in frame.columns if frame[c].dtype.kind in "fi"
    }
    missing = [c for c in ("temp_air", "relative_humidity") if c not in column]
    if missing:
        raise WeatherError(f"{name}: no column {', '.join(missing)}")
    elevation = float(meta.get("altitude", 0.0))
    pressure = column.get("atmospheric_pressure", column.get("pressure"))
    notes: list[str] = []
    if pressure is None:
        pressure = np.full(len(frame), float(standard_pressure(elevation)))
        notes.append("no pressure: standard atmosphere at the station's elevation")
    elif 450.0 <= np.median(pressure) <= 1100.0:
        pressure = pressure * 100.0
        notes.append("pressure converted from hPa")
    return checked(
        Weather(
            id=name,
            dry_bulb_c=column["temp_air"],
            rh=column["relative_humidity"] / 100.0,
            pressure_pa=pressure,
            ghi_w_per_m2=column.get("ghi"),
            dni_w_per_m2=column.get("dni"),
            dhi_w_per_m2=column.get("dhi"),
            wind_m_per_s=column.get("wind_speed"),
            lat=float(meta["latitude"]),
            lon=float(meta["longitude"]),
            elevation_m=elevation,
            tz_hours=float(meta.get("TZ", 0.0)),
            source=f"{reader.removeprefix('read_')} file {name}",
            notes=tuple(notes),
        ),
        first_row,
    )


def _plain(name: str, text: str) -> Weather:
    import pandas as pd

    meta, skipped = _heading(text)
    try:
        frame = pd.read_csv(io.StringIO(text), comment="#", dtype=str, keep_default_na=False)
    except Exception as error:
        raise WeatherError(f"{name}: not a weather file: {' '.join(str(error).split())}") from error
    frame.columns = [str(c).strip().lower() for c in frame.columns]
    first_row = skipped + 2
    notes: list[str] = []
    found: dict[str, Floats] = {}
    for target, aliases in COLUMNS.items():
        alias = next((a for a in aliases if a in frame.columns), None)
        if alias is not None:
            factor, offset = aliases[alias]
            found[target] = _numbers(name, frame[alias], alias, first_row) * factor + offset
            if (factor, offset) != (1.0, 0.0):
                notes.append(f"{alias} converted to {target}")
    for target in ("dry_bulb_c", "rh"):
        if target not in found:
            raise WeatherError(
                f"{name}:{skipped + 1}: no column {' or '.join(COLUMNS[target])}; found {', '.join(frame.columns)}"
            )
    if "rh" in frame.columns and np.median(found["rh"]) > 1.05:
        raise WeatherError(
            f"{name}:{skipped + 1}: rh is a fraction 0-1, found percent; name the column rh_pct"
        )
    if np.median(found["dry_bulb_c"]) > _LEAST_KELVIN:
        raise WeatherError(f"{name}:{skipped + 1}: dry bulb in kelvin; name the column temp_k")
    if "pressure_pa" in found and np.median(found["pressure_pa"]) < 2000.0:
        raise WeatherError(
            f"{name}:{skipped + 1}: pressure_pa is not in Pa; name it pressure_hpa or pressure_kpa"
        )
    if len(frame) not in HOURS:
        raise WeatherError(f"{name}: expected 8760 or 8784 hours, found {len(frame)}{_gap(frame, first_row)}")
    elevation = meta.get("elevation_m", 0.0)
    if "pressure_pa" not in found:
        found["pressure_pa"] = np.full(len(frame), float(standard_pressure(elevation)))
        notes.append(f"no pressure: standard atmosphere at {elevation:g} m")
    optional: dict[str, Any] = {
        key: found.get(key) for key in ("ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2", "wind_m_per_s")
    }
    return checked(
        Weather(
            id=name,
            dry_bulb_c=found["dry_bulb_c"],
            rh=found["rh"],
            pressure_pa=found["pressure_pa"],
            lat=meta.get("lat", float("nan")),
            lon=meta.get("lon", float("nan")),
            elevation_m=elevation,
            tz_hours=meta.get("tz_hours", 0.0),
            source=f"CSV file {name}",
            notes=tuple(notes),
            **optional,
        ),
        first_row,
    )


def _gap(frame: Any, first_row: int) -> str:
    """Where a column of times leaves an hour out or repeats one; empty if there is none that can be read."""
    import pandas as pd

    column = next((c for c in frame.columns if c in TIMES), None)
    if column is None:
        return ""
    times = pd.to_datetime(frame[column], errors="coerce", utc=True)
    step = times.diff().dropna()
    odd = step[step != pd.Timedelta(hours=1)]
    if odd.empty:
        return ""
    row = int(odd.index[0])
    return f"; row {first_row + row} ({frame[column].iloc[row]}) does not follow the hour before it ({len(odd)} such rows)"


def _heading(text: str) -> tuple[dict[str, float], int]:
    """Figures in `# key: value` lines, and how many such lines stand before the header."""
    meta: dict[str, float] = {}
    skipped = 0
    for line in text.splitlines()[:50]:
        if not line.startswith("#"):
            break
        skipped += 1
        key, _, value = line.lstrip("# ").partition(":")
        try:
            meta[key.strip()] = float(value)
        except ValueError:
            continue
    return meta, skipped


def _numbers(name: str, column: Any, label: str, first_row: int) -> Floats:
    import pandas as pd

    values = np.asarray(pd.to_numeric(column, errors="coerce"), dtype=np.float64)
    bad = ~np.isfinite(values)
    if bad.any():
        at = int(np.argmax(bad))
        raise WeatherError(
            f"{name}:{first_row + at}: {label} expected a number, found {column.iloc[at]!r}"
            f" ({int(bad.sum())} such rows)"
        )
    return values
