"""Make the catalog's shipped series from raw files. Run by hand; the results are committed.

    python docs/tools/pack_catalog.py weather prices retail
    python docs/tools/pack_catalog.py outlines --atlas FOLDER

Raw files are read from the test data folder (environment variable OPTIMIZER_TEST_DATA, by default
`../shared/data` beside the repository). FOLDER holds `countries-110m.json` and `states-10m.json` of the
packages world-atlas 2.0.2 and us-atlas 3.0.1. The output depends on the raw files alone, byte for byte. The
figures of `facts/carbon.yaml` are written by hand and compared with the raw tables by the tests.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from optimizer.catalog.packing import PRICE_SCALE, WEATHER_COLUMNS, encode

ROOT = Path(__file__).resolve().parents[2]
RAW = Path(os.environ.get("OPTIMIZER_TEST_DATA", ROOT.parent / "shared" / "data"))
DATA = ROOT / "optimizer" / "catalog" / "data"
FACTS = ROOT / "optimizer" / "catalog" / "facts"

DEFAULT_YEAR = 2022
INDEX_KEYS = ["id", "name", "lat", "lon", "elevation_m", "tz_hours"]
INDEX_KEYS += ["years", "columns", "source", "licence", "file", "mirror"]
HUB_COLUMNS = {
    "ercot-hubavg": "ERCOT_HB_HUBAVG_DAM",
    "pjm-dom": "PJM_DOM_RT_hourly",
    "caiso-np15": "CAISO_NP15",
    "nyiso-capitl": "NYISO_CAPITL_DAM",
}
STATE_CODES = {
    "Alabama": "AL",
    "Alaska": "AK",
    "Arizona": "AZ",
    "Arkansas": "AR",
    "California": "CA",
    "Colorado": "CO",
    "Connecticut": "CT",
    "Delaware": "DE",
    "District of Columbia": "DC",
    "Florida": "FL",
    "Georgia": "GA",
    "Hawaii": "HI",
    "Idaho": "ID",
    "Illinois": "IL",
    "Indiana": "IN",
    "Iowa": "IA",
    "Kansas": "KS",
    "Kentucky": "KY",
    "Louisiana": "LA",
    "Maine": "ME",
    "Maryland": "MD",
    "Massachusetts": "MA",
    "Michigan": "MI",
    "Minnesota": "MN",
    "Mississippi": "MS",
    "Missouri": "MO",
    "Montana": "MT",
    "Nebraska": "NE",
    "Nevada": "NV",
    "New Hampshire": "NH",
    "New Jersey": "NJ",
    "New Mexico": "NM",
    "New York": "NY",
    "North Carolina": "NC",
    "North Dakota": "ND",
    "Ohio": "OH",
    "Oklahoma": "OK",
    "Oregon": "OR",
    "Pennsylvania": "PA",
    "Rhode Island": "RI",
    "South Carolina": "SC",
    "South Dakota": "SD",
    "Tennessee": "TN",
    "Texas": "TX",
    "Utah": "UT",
    "Vermont": "VT",
    "Virginia": "VA",
    "Washington": "WA",
    "West Virginia": "WV",
    "Wisconsin": "WI",
    "Wyoming": "WY",
}


Places = dict[str, dict[str, str]]


def _rows(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def _write_pack(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """A zip of .npy members, LZMA, in sorted order and with a fixed date, readable by `numpy.load`."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.save(buffer, arrays[name], allow_pickle=False)
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(2026, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_LZMA
            archive.writestr(member, buffer.getvalue())


def _table(columns: dict[str, np.ndarray]) -> tuple[str, np.ndarray]:
    """Names of the columns present, in the pack's order, and their encoded int16 table."""
    present = [name for name in WEATHER_COLUMNS if name in columns]
    coded = [encode(columns[name], WEATHER_COLUMNS[name], np.int16) for name in present]
    return " ".join(present), np.stack(coded)


def _epw_places(places: Places) -> Iterator[tuple[dict[str, str], np.ndarray]]:
    for entry in _rows(RAW / "weather" / "index.csv"):
        place = places[entry["file"]]
        with gzip.open(RAW / "weather" / "epw" / entry["file"], "rt", encoding="latin-1") as stream:
            table = np.array(
                [[float(row[i]) for i in (6, 8, 9, 13, 14, 15, 21)] for row in list(csv.reader(stream))[8:]]
            )
        if table.shape[0] != 8760:
            raise SystemExit(f"{entry['file']}: {table.shape[0]} hours")
        present, coded = _table(
            {
                "dry_bulb_c": table[:, 0],
                "rh": table[:, 1] / 100.0,
                "pressure_pa": table[:, 2],
                "ghi_w_per_m2": table[:, 3],
                "dni_w_per_m2": table[:, 4],
                "dhi_w_per_m2": table[:, 5],
                "wind_m_per_s": table[:, 6],
            }
        )
        typical = entry["type"] == "TMY3"
        yield (
            {
                "id": place["id"],
                "name": place["name"],
                "lat": entry["lat"],
                "lon": entry["lon"],
                "elevation_m": entry["elev_m"],
                "tz_hours": entry["tz"],
                "years": entry["src_years"],
                "columns": present,
                "source": f"{entry['type'].removeprefix('SRC-')} typical year, WMO {entry['wmo']}, "
                + ("US DOE/NREL" if typical else "climate.onebuilding.org"),
                "licence": "public domain (US government work)" if typical else "free with attribution",
                "file": entry["file"],
                "mirror": entry["source"],
            },
            coded,
        )


def _open_meteo_places(places: Places, taken: set[str]) -> Iterator[tuple[dict[str, str], np.ndarray]]:
    for entry in _rows(RAW / "weather" / "openmeteo" / "index.csv"):
        year = int(entry["year"])
        file = f"{entry['loc']}.csv.gz"
        base, name = places[file]["id"], places[file]["name"]
        rows = [
            r for r in _rows(RAW / "weather" / "openmeteo" / file) if r["time_local"].startswith(str(year))
        ]
        if len(rows) != 8760:
            raise SystemExit(f"{file}: {len(rows)} hours in {year}")
        column = {key: np.array([float(r[key]) for r in rows]) for key in rows[0] if key != "time_local"}
        present, coded = _table(
            {
                "dry_bulb_c": column["temp_c"],
                "rh": column["rh_pct"] / 100.0,
                "wind_m_per_s": column["wind_kmh"] / 3.6,
                "cloud_fraction": column["cloud_pct"] / 100.0,
            }
        )
        plain = year == DEFAULT_YEAR and base not in taken
        yield (
            {
                "id": base if plain else f"{base}-{year}",
                "name": name,
                "lat": f"{float(entry['lat']):.4f}",
                "lon": f"{float(entry['lon']):.4f}",
                "elevation_m": entry["elev"],
                "tz_hours": f"{float(entry['utcoff']) / 3600:g}",
                "years": entry["year"],
                "columns": present,
                "source": "Open-Meteo historical archive (reanalysis), weather data by Open-Meteo.com",
                "licence": "CC BY 4.0",
                "file": file,
                "mirror": "",
            },
            coded,
        )


def pack_weather() -> None:
    """`data/weather.npz` and its index."""
    entries, arrays = [], {}
    places = {row["file"]: row for row in _rows(Path(__file__).with_name("weather_places.csv"))}
    packed = list(_epw_places(places))
    packed += _open_meteo_places(places, {entry["id"] for entry, _ in packed})
    for entry, coded in packed:
        if entry["id"] in arrays:
            raise SystemExit(f"two files for {entry['id']}")
        arrays[entry["id"]] = coded
        entries.append(entry)
    _write_pack(DATA / "weather.npz", arrays)
    with open(DATA / "weather_index.csv", "w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, INDEX_KEYS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(entries, key=lambda entry: entry["id"]))


def pack_prices() -> None:
    """`data/prices.npz`: cents per MWh by hub and year; a missing hour is the type's least value."""
    arrays = {}
    for year in (2021, 2022, 2023):
        rows = _rows(RAW / "prices" / f"us_hubs_utc_{year}.csv.gz")
        hours = np.arange(f"{year}-01-01T00", f"{year + 1}-01-01T00", dtype="datetime64[h]")
        if [r["time_utc"] for r in rows] != [f"{h}:00Z" for h in hours]:
            raise SystemExit(f"{year}: hours missing or out of order")
        for hub, key in HUB_COLUMNS.items():
            values = np.array([float(r[key]) if r[key] else np.nan for r in rows])
            arrays[f"{hub}-{year}"] = encode(values, PRICE_SCALE, np.int32)
    _write_pack(DATA / "prices.npz", arrays)


def write_retail() -> None:
    """`facts/prices.yaml`: industrial price by state."""
    lines = [
        "# Mean industrial price of electricity by state, all charges in, before large-load tariffs.",
        "# Written by docs/tools/pack_catalog.py from EIA's table; dollars of 2023, taken as they are.",
        "retail_industrial:",
    ]
    for row in sorted(_rows(next((RAW / "prices").glob("eia_retail*.csv"))), key=lambda r: r["state"]):
        if row["state"] in STATE_CODES and row["industrial"]:
            price = float(row["industrial"]) * 10.0
            lines.append(
                f'  "{STATE_CODES[row["state"]]}": {{value: {price:.1f}, unit: USD/MWh, '
                'source: "EIA Electric Power Annual, 2023, industrial"}'
            )
    (FACTS / "prices.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def pack_outlines(atlas: Path) -> None:
    """`data/outline_world.json` and `data/outline_us.json`, compact."""
    for source, target in (
        ("countries-110m.json", "outline_world.json"),
        ("states-10m.json", "outline_us.json"),
    ):
        topology = json.loads((atlas / source).read_text(encoding="utf-8"))
        text = json.dumps(topology, separators=(",", ":"), ensure_ascii=False)
        (DATA / target).write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Make the parts named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="+", choices=["weather", "prices", "retail", "outlines"])
    parser.add_argument("--atlas", type=Path)
    arguments = parser.parse_args()
    DATA.mkdir(exist_ok=True)
    makers = {"weather": pack_weather, "prices": pack_prices, "retail": write_retail}
    for part in arguments.parts:
        if part == "outlines":
            if arguments.atlas is None:
                parser.error("outlines needs --atlas")
            pack_outlines(arguments.atlas)
        else:
            makers[part]()


if __name__ == "__main__":
    main()
