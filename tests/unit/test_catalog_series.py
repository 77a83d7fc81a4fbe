"""The catalog's series: weather, prices, carbon, outlines; against the raw files where they are at hand."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optimizer import catalog
from optimizer.catalog.packing import WEATHER_COLUMNS, decode, encode

from ..data_folder import RAW, ROOT, needs_raw


def rows(path: Path) -> list[dict[str, str]]:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def index() -> dict[str, dict[str, str]]:
    path = ROOT / "optimizer" / "catalog" / "data" / "weather_index.csv"
    return {row["id"]: row for row in rows(path)}


@settings(deadline=None)
@given(arrays(np.int16, st.integers(1, 50), elements=st.integers(-32767, 32767)))
def test_packed_integers_come_back_whole(steps: np.ndarray) -> None:
    values = steps / 10.0
    np.testing.assert_array_equal(decode(encode(values, 0.1, np.int16), 0.1), values)


def test_packing_keeps_missing_hours_and_refuses_what_does_not_fit() -> None:
    values = np.array([1.25, np.nan, -3.5])
    np.testing.assert_array_equal(decode(encode(values, 0.01, np.int32), 0.01), values)
    with pytest.raises(ValueError, match="do not fit"):
        encode(np.array([4000.0]), 0.1, np.int16)


def test_ids_that_scenarios_name_exist() -> None:
    ids = set(catalog.weather_ids())
    assert len(ids) == 90
    assert {"usa-tx-abilene", "usa-tx-el-paso", "usa-wi-milwaukee", "usa-mi-ann-arbor", "usa-tx-waco"} <= ids
    assert {"usa-oh-youngstown", "usa-az-phoenix", "deu-frankfurt", "jpn-tokyo", "zaf-johannesburg"} <= ids


@pytest.mark.parametrize("weather_id", catalog.weather_ids())
def test_weather_is_a_whole_plausible_year(weather_id: str) -> None:
    found = catalog.weather(weather_id)
    columns = [found.dry_bulb_c, found.rh, found.pressure_pa]
    optional = (found.ghi_w_per_m2, found.dni_w_per_m2, found.dhi_w_per_m2, found.wind_m_per_s)
    columns += [c for c in (*optional, found.cloud_fraction) if c is not None]
    for column in columns:
        assert column.shape == (8760,)
        assert column.dtype == np.float64
        assert np.all(np.isfinite(column))
        assert not column.flags.writeable
    assert -45 < found.dry_bulb_c.min() < found.dry_bulb_c.max() < 50
    assert 0 < found.rh.min() <= found.rh.max() <= 1
    standard = 101325 * (1 - 2.25577e-5 * found.elevation_m) ** 5.2559
    assert found.pressure_pa.mean() == pytest.approx(standard, rel=0.02)
    assert found.source
    assert found.licence
    if found.ghi_w_per_m2 is not None:
        # Noon by the clock of the sun lies where the offset from UTC and the longitude put it.
        by_hour = found.ghi_w_per_m2.reshape(365, 24).mean(axis=0)
        noon = (by_hour * (np.arange(24) + 0.5)).sum() / by_hour.sum()
        assert noon == pytest.approx(12 + found.tz_hours - found.lon / 15, abs=0.4)
    else:
        # Days are warmest after the sun's noon; the sea brings that forward (Mumbai).
        warmest = int(found.dry_bulb_c.reshape(365, 24).mean(axis=0).argmax())
        assert -1.0 < warmest - (12 + found.tz_hours - found.lon / 15) < 5.0


@needs_raw
@pytest.mark.parametrize(
    "weather_id", [i for i, entry in index().items() if entry["file"].endswith(".epw.gz")]
)
def test_packed_typical_year_equals_its_file(weather_id: str) -> None:
    entry = index()[weather_id]
    with gzip.open(RAW / "weather" / "epw" / entry["file"], "rt", encoding="latin-1") as stream:
        raw = np.array(
            [[float(r[i]) for i in (6, 8, 9, 13, 14, 15, 21)] for r in list(csv.reader(stream))[8:]]
        )
    found = catalog.weather(weather_id)
    names = (
        "dry_bulb_c",
        "rh",
        "pressure_pa",
        "ghi_w_per_m2",
        "dni_w_per_m2",
        "dhi_w_per_m2",
        "wind_m_per_s",
    )
    for name, column in zip(names, raw.T, strict=True):
        expected = column / 100 if name == "rh" else column
        half_step = WEATHER_COLUMNS[name] / 2 + 1e-9
        np.testing.assert_allclose(getattr(found, name), expected, rtol=0, atol=half_step, err_msg=name)


@needs_raw
@pytest.mark.parametrize("weather_id", ["deu-frankfurt", "deu-frankfurt-2021", "usa-tx-dallas-2022"])
def test_packed_real_year_equals_its_file(weather_id: str) -> None:
    entry = index()[weather_id]
    table = rows(RAW / "weather" / "openmeteo" / entry["file"])
    raw = [r for r in table if r["time_local"].startswith(entry["years"])]
    found = catalog.weather(weather_id)
    np.testing.assert_allclose(found.dry_bulb_c, [float(r["temp_c"]) for r in raw], rtol=0, atol=0.05)
    np.testing.assert_allclose(found.rh, [float(r["rh_pct"]) / 100 for r in raw], rtol=0, atol=0.005 + 1e-9)


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        (32.45, -99.73, "usa-tx-abilene"),
        (43.39, -87.87, "usa-wi-milwaukee"),
        (52.0, 0.0, "gbr-london"),
        (40.6, -73.9, "usa-ny-new-york"),
        # The date line is no edge: 179 degrees east and west are neighbours.
        (-35.0, -179.0, "aus-sydney"),
    ],
)
def test_nearest_weather(lat: float, lon: float, expected: str) -> None:
    assert catalog.weather_nearest(lat, lon) == expected


@needs_raw
@pytest.mark.parametrize("year", [2021, 2022, 2023])
@pytest.mark.parametrize(
    ("hub", "column"),
    [
        ("ercot-hubavg", "ERCOT_HB_HUBAVG_DAM"),
        ("pjm-dom", "PJM_DOM_RT_hourly"),
        ("caiso-np15", "CAISO_NP15"),
        ("nyiso-capitl", "NYISO_CAPITL_DAM"),
    ],
)
def test_prices_equal_their_file(hub: str, column: str, year: int) -> None:
    cells = [r[column] for r in rows(RAW / "prices" / f"us_hubs_utc_{year}.csv.gz")]
    series = catalog.price_series(hub, year)
    known = np.array([cell != "" for cell in cells])
    raw = np.array([float(cell) for cell in cells if cell])
    assert series.filled_hours == 8760 - known.sum()
    np.testing.assert_allclose(series.usd_per_mwh[known], raw, rtol=0, atol=0.005 + 1e-9)


def test_prices_lost_hours_are_like_the_days_beside_them() -> None:
    series = catalog.price_series("pjm-dom", 2023)
    assert series.filled_hours == 24
    assert np.all(np.isfinite(series.usd_per_mwh))
    # The file misses the last hours of the year; nothing follows, so the day before stands in.
    np.testing.assert_array_equal(series.usd_per_mwh[-12:], series.usd_per_mwh[-36:-24])


def test_prices_default_year_and_unknown_names() -> None:
    assert catalog.price_series("ercot-hubavg").year == 2023
    assert catalog.price_series("ercot-hubavg") is catalog.price_series("ercot-hubavg", 2023)
    assert catalog.price_series("ercot-hubavg", 2021).usd_per_mwh.max() == pytest.approx(8995.26)
    with pytest.raises(catalog.CatalogError, match="ercot-hubavg"):
        catalog.price_series("ercot-hub")
    with pytest.raises(catalog.CatalogError, match="2023"):
        catalog.price_series("ercot-hubavg", 2019)
    with pytest.raises(catalog.CatalogError, match="usa-tx-abilene"):
        catalog.weather("usa-tx-abiline")


@needs_raw
def test_retail_prices_equal_their_file() -> None:
    file = next((RAW / "prices").glob("eia_retail*.csv"))
    raw = {r["state"]: float(r["industrial"]) * 10 for r in rows(file) if r["industrial"]}
    assert catalog.retail_price("TX").value == pytest.approx(raw["Texas"])
    assert catalog.retail_price("nm").value == pytest.approx(raw["New Mexico"])
    found = [catalog.retail_price(state).value for state in catalog.retail_states()]
    assert len(found) == 50
    assert set(np.round(found, 1)) <= {round(value, 1) for value in raw.values()}


@needs_raw
def test_carbon_regions_equal_egrid() -> None:
    raw = {r["subregion"]: r for r in rows(RAW / "carbon" / "egrid2022_subregion_rates.csv")}
    for region in catalog.carbon_regions():
        expected = float(raw[region]["co2_lb_per_mwh"]) * 0.45359237
        assert catalog.carbon_rate(region=region).value == pytest.approx(expected, abs=0.06)
    assert set(raw) - set(catalog.carbon_regions()) == {"US"}


@needs_raw
def test_carbon_countries_lie_within_the_regions_there() -> None:
    raw = {
        r["Location"]: float(r["Grid carbon intensity (gCO2eq / kWh)"])
        for r in rows(RAW / "carbon" / "google_cloud_region_cfe_2019_2024.csv")
        if r["year"] == "2024"
    }
    for fact in catalog.read_facts("carbon")["countries"].values():
        start, _, places = fact["source"].partition("2024, ")
        if start.startswith("Google"):
            values = [raw[place] for place in places.split(", ")]
            assert fact["value"] == pytest.approx(sum(values) / len(values), abs=0.06)


def test_carbon_takes_the_narrowest_place() -> None:
    texas = catalog.carbon_rate(region="ERCT", state="OH", country="US")
    assert texas == catalog.carbon_rate(state="TX", country="US") == catalog.carbon_rate(state="tx")
    assert catalog.carbon_rate(state="TX", country="DE") == catalog.carbon_rate(country="DE")
    assert catalog.carbon_rate(country="XX").weak
    assert catalog.carbon_rate(country="US").value == pytest.approx(373.4, abs=0.1)
    with pytest.raises(catalog.CatalogError):
        catalog.carbon_rate(region="ERCOT")
    with pytest.raises(catalog.CatalogError):
        catalog.carbon_rate(state="ZZ", country="US")


def test_each_figure_has_unit_and_source() -> None:
    carbon, prices = catalog.read_facts("carbon"), catalog.read_facts("prices")
    figures = [*carbon["regions"].values(), *carbon["countries"].values(), carbon["elsewhere"]]
    figures += prices["retail_industrial"].values()
    assert len(figures) > 120
    for figure in figures:
        assert figure["unit"]
        assert figure["source"]
        assert figure["value"] >= 0
    assert set(carbon["states"].values()) <= set(carbon["regions"])
    assert set(catalog.retail_states()) <= set(carbon["states"])


@pytest.mark.parametrize(("name", "feature", "least"), [("world", "countries", 170), ("us", "states", 51)])
def test_outlines_are_topologies(name: str, feature: str, least: int) -> None:
    topology = catalog.outlines(name)
    assert topology["type"] == "Topology"
    assert len(topology["objects"][feature]["geometries"]) >= least
    assert topology["arcs"]
    with pytest.raises(catalog.CatalogError):
        catalog.outlines("moon")
