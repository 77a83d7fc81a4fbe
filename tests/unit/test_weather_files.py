"""Weather files: what is converted is said, what is wrong is named by file, row and column."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from optimizer.physics import WeatherError, facility_year, weather_from_catalog
from optimizer.physics.weather import own_hemisphere
from optimizer.physics.weather_files import read_weather

HOURS = 8760


def columns(n: int = HOURS) -> dict[str, np.ndarray]:
    """A northern year at sea level."""
    hour = np.arange(n)
    t = 10.0 - 15.0 * np.cos(2 * np.pi * hour / HOURS) + 5.0 * np.sin(2 * np.pi * hour / 24)
    return {"dry_bulb_c": t, "rh": np.full(n, 0.5), "pressure_pa": np.full(n, 101_000.0)}


def write(path: Path, series: dict[str, np.ndarray], head: str = "", times: bool = False) -> Path:
    names = ["time", *series] if times else list(series)
    n = len(next(iter(series.values())))
    stamps = np.datetime64("2023-01-01T00") + np.arange(n).astype("timedelta64[h]")
    lines = [head.rstrip("\n")] if head else []
    lines.append(",".join(names))
    for i in range(n):
        values = [f"{series[name][i]:.4f}" for name in series]
        lines.append(",".join([str(stamps[i]), *values] if times else values))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_plain_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", columns(), "# lat: 45\n# lon: 7\n# elevation_m: 200\n# tz_hours: 1\n")
    found = read_weather(path)
    assert (found.lat, found.elevation_m, found.tz_hours, found.n_hours) == (45.0, 200.0, 1.0, HOURS)
    assert found.dry_bulb_c == pytest.approx(columns()["dry_bulb_c"], abs=1e-4)
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert (read_weather(packed).dry_bulb_c == found.dry_bulb_c).all()


def test_other_units_by_name_are_converted_and_said(tmp_path: Path) -> None:
    have = columns()
    other = {
        "temp_f": have["dry_bulb_c"] * 1.8 + 32.0,
        "rh_pct": have["rh"] * 100.0,
        "pressure_hpa": have["pressure_pa"] / 100.0,
    }
    found = read_weather(write(tmp_path / "b.csv", other))
    assert found.dry_bulb_c == pytest.approx(have["dry_bulb_c"], abs=1e-3)
    assert found.rh == pytest.approx(have["rh"])
    assert found.pressure_pa == pytest.approx(have["pressure_pa"])
    assert len(found.notes) == 3


def test_leap_year_is_read_whole(tmp_path: Path) -> None:
    assert read_weather(write(tmp_path / "c.csv", columns(8784))).n_hours == 8784


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dry_bulb_c": columns()["dry_bulb_c"] + 273.15}, "c.csv:1: dry bulb in kelvin"),
        ({"dry_bulb_c": columns()["dry_bulb_c"] * 1.8 + 32.0}, "looks like degrees Fahrenheit"),
        ({"rh": columns()["rh"] * 100.0}, "c.csv:1: rh is a fraction 0-1, found percent"),
        ({"pressure_pa": columns()["pressure_pa"] / 100.0}, "c.csv:1: pressure_pa is not in Pa"),
        ({"rh": np.where(np.arange(HOURS) == 40, 3.0, 0.5)}, r"c.csv:42: rh expected 0 to 1.05"),
    ],
)
def test_wrong_units_are_named(tmp_path: Path, change: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(WeatherError, match=message):
        read_weather(write(tmp_path / "c.csv", columns() | change))


def test_missing_hour_is_named_where_times_are_given(tmp_path: Path) -> None:
    path = write(tmp_path / "d.csv", columns(), times=True)
    lines = path.read_text(encoding="utf-8").splitlines()
    del lines[101]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(WeatherError, match=r"found 8759; row 102 \(2023-01-05T05\) does not follow"):
        read_weather(path)


def test_missing_value_is_named_by_row_and_column(tmp_path: Path) -> None:
    path = write(tmp_path / "e.csv", columns())
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[10] = ",0.5,101000"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(WeatherError, match=r"e.csv:11: dry_bulb_c expected a number, found ''"):
        read_weather(path)


def test_year_of_the_other_hemisphere(tmp_path: Path) -> None:
    with pytest.raises(WeatherError, match=r"other hemisphere.*latitude -35"):
        read_weather(write(tmp_path / "f.csv", columns(), "# lat: -35\n"))
    for name, lat in (("usa-tx-abilene", 32.4), ("aus-melbourne", -37.8), ("zaf-johannesburg", -26.1)):
        own_hemisphere(weather_from_catalog(name), lat)
    with pytest.raises(WeatherError, match="other hemisphere"):
        own_hemisphere(weather_from_catalog("aus-melbourne"), 37.8)


def test_arrays_are_held_to_the_same() -> None:
    weather = weather_from_catalog("usa-tx-abilene")
    holed = weather.dry_bulb_c.copy()
    holed[7] = np.nan
    cases = {
        "hour 7: dry_bulb_c expected": {"dry_bulb_c": holed},
        "it looks like kelvin": {"dry_bulb_c": weather.dry_bulb_c + 273.15},
        "it looks like degrees Fahrenheit": {"dry_bulb_c": weather.dry_bulb_c * 1.8 + 32.0},
        "it looks like hPa": {"pressure_pa": weather.pressure_pa / 100.0},
        "it looks like percent": {"rh": weather.rh * 100.0},
        "one axis of hours": {"dry_bulb_c": weather.dry_bulb_c.reshape(1, -1)},
        "rh has shape": {"rh": weather.rh[:-1]},
    }
    for message, change in cases.items():
        with pytest.raises(WeatherError, match=message):
            facility_year(replace(weather, **change), "dlc_dry")


def test_every_weather_of_the_catalog_is_of_its_hemisphere() -> None:
    from optimizer import catalog

    for name in catalog.weather_ids():
        weather = weather_from_catalog(name)
        own_hemisphere(weather, weather.lat)
