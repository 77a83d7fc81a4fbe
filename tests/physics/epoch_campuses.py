"""Epoch AI's campuses, as its tables of August 2026 have them (CC BY 4.0), and the catalog's names for their chips."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from ..data_folder import RAW

# Epoch's names of chips and the catalog's racks, of all campuses alike. Its B200 and B300 name a generation, Abilene's
# GB200 among them; campuses get them as racks of 72.
PRODUCT = {
    "A100": "a100_sxm",
    "Ascend 910C": "ascend_910c",
    "B200": "gb200_nvl72",
    "B300": "gb300_nvl72",
    "H100": "h100_sxm",
    "H20": "h20_sxm",
    "H200": "h200_sxm",
    "MI300X": "mi300x",
    "MI355X": "mi355x",
    "Rubin": "vera_rubin_nvl144",
    "TPU v4": "tpu_v4",
    "TPU v5e": "tpu_v5e",
    "TPU v5p": "tpu_v5p",
    "TPU v6e": "tpu_v6e",
    "TPU v7": "tpu_ironwood",
    "Trainium2": "trainium2",
    "Trainium3": "trainium3",
}


@dataclass(frozen=True)
class Entry:
    """A campus at a date, as Epoch has it.

    Attributes
    ----------
    date : str
        YYYY-MM-DD.
    it_mw, facility_mw : float
        Nameplate [MW].
    h100e : float
        Dense 8-bit rate of the chips installed, in units of one H100 (1.979e15 operations/s).
    capital_usd : float
        So far [USD of 2025].
    opex_usd_per_year : float
        [USD of 2025 a year]
    """

    date: str
    it_mw: float
    facility_mw: float
    h100e: float
    capital_usd: float
    opex_usd_per_year: float

    @property
    def month(self) -> int:
        """Months since year 0."""
        return 12 * int(self.date[:4]) + int(self.date[5:7]) - 1


@dataclass(frozen=True)
class Campus:
    """A campus of Epoch's.

    Attributes
    ----------
    name, country : str
        Epoch's name, ISO 3166 country.
    lat, lon : float or None
        Degrees north and east, where known.
    chips : tuple of str
        Epoch's names of its types of chips.
    entries : tuple of Entry
        Those at which IT megawatts rise, by date.
    """

    name: str
    country: str
    lat: float | None
    lon: float | None
    chips: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def site(self) -> str:
        """Name of the site in the scenario."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def rows_of(name: str) -> list[dict[str, str]]:
    with (RAW / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    return float(text) if text else None


def rises(rows: list[dict[str, str]]) -> tuple[Entry, ...]:
    """The entries of a timeline at which IT megawatts rise; in between Epoch repeats what stands."""
    found: list[Entry] = []
    for row in sorted(rows, key=lambda row: row["Date"]):
        it_mw = float(row["IT power (MW)"] or 0)
        if it_mw > (found[-1].it_mw if found else 0.0):
            found.append(
                Entry(
                    row["Date"],
                    it_mw,
                    float(row["Power (MW)"]),
                    float(row["H100 equivalents"]),
                    1e9 * float(row["Total capital cost (2025 USD billions)"]),
                    1e9 * float(row["Annual operating cost (2025 USD billions)"]),
                )
            )
    return tuple(found)


@cache
def all_campuses() -> tuple[Campus, ...]:
    """All campuses of Epoch's, by name."""
    timelines: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("projects/epoch_data_center_timelines.csv"):
        timelines.setdefault(row["Data center"], []).append(row)
    types = {row["Name"]: row["All chip types"] for row in rows_of("projects/epoch_data_centers.csv")}
    places = rows_of("projects/epoch_sites_latlon_peak.csv")
    return tuple(
        Campus(
            row["Data center"],
            row["country"],
            number(row["lat"]),
            number(row["lon"]),
            tuple(name for name in types.get(row["Data center"], "").split(",") if name),
            rises(timelines.get(row["Data center"], [])),
        )
        for row in sorted(places, key=lambda row: row["Data center"])
    )


def campuses() -> list[Campus]:
    """Those that can be entered: with IT megawatts and types of chips."""
    return [campus for campus in all_campuses() if campus.entries and campus.chips]
