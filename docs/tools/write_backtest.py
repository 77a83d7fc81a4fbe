"""Write configs/backtest-epoch.yaml: Epoch AI's campuses by date, IT megawatts and types of chips; needs the raw data."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from optimizer import catalog
from optimizer.catalog.weather import weather_nearest
from optimizer.scenario.schema import month_label

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.physics.epoch_campuses import PRODUCT, Campus, all_campuses, campuses, rows_of  # noqa: E402

CONFIG = ROOT / "configs" / "backtest-epoch.yaml"

# Chillers hold their temperature in any climate. Chips that come with liquid cooling alone get them behind the
# liquid, all others behind air.
COOLING = {"liquid": "dlc_chiller", "either": "air_chiller", "air": "air_chiller"}

# Where a campus has no coordinates its country's capital stands for it [degrees north, degrees east].
CAPITALS = {
    "AU": (-35.3, 149.1),
    "CN": (39.9, 116.4),
    "ID": (-6.2, 106.8),
    "MY": (3.1, 101.7),
    "US": (38.9, -77.0),
}

START = 2021 * 12  # January 2021, months since year 0: the first campus with power
MONTHS_PER_PERIOD = 3
# More than any facility takes, as facility megawatts are what is predicted.
GRID_PER_IT = 1.6
# Price where no US state is known [USD/MWh].
FLAT_USD_PER_MWH = 80

HEADER = """\
# yaml-language-server: $schema=../docs/scenario.schema.json
# Campuses of Epoch AI, "Data Centers" (August 2026, https://epoch.ai/data/data-centers), CC BY 4.0: IT megawatts by
# date, types of chips and places are Epoch's; entries after August 2026 are its projections. Nothing else of Epoch's is
# in: compute, facility megawatts, capital and operating cost follow from the catalog and stand beside Epoch's in
# docs/validation.md. Written by `python docs/tools/write_backtest.py`; one rule for all campuses:
# - a block is a rise of IT megawatts, in the month of its entry, all of the newest of the campus's types of chips that the catalog
#   has on sale by then, or of the first if none is yet;
# - chips that come with liquid cooling alone stand behind `dlc_chiller`, all others behind `air_chiller`;
# - weather is the catalog's nearest; without coordinates, that of the country's capital;
# - the state is that of the nearest county and gives labour and the mean industrial price; elsewhere 80 USD/MWh;
# - building time 0, so that capital falls due when a block comes online, as Epoch counts it; no sales tax;
# - chips outlive the study, as what replaces them is not in Epoch's entries, and all count, as Epoch counts them, at work or not;
# - the grid comes with the blocks, 1.6 MW a MW of IT: more than any facility takes.
"""


def chips_at(campus: Campus, month: int, newest: bool = True) -> list[str]:
    """Catalog chips of what comes online in a month (since year 0): the newest that is out, or all that are."""
    chips = sorted((catalog.chip(PRODUCT[name]) for name in campus.chips), key=lambda chip: chip.release)
    out = [chip.id for chip in chips if chip.release <= month] or [chips[0].id]
    return out[-1:] if newest else out


def blocks(campus: Campus, newest: bool) -> list[str]:
    """Halls of a campus as YAML mappings."""
    lines, before_mw = [], 0.0
    for entry in campus.entries:
        chips = chips_at(campus, entry.month, newest)
        for chip in chips:
            it_mw = (entry.it_mw - before_mw) / len(chips)
            cooling = COOLING[catalog.chip(chip).cooling]
            lines.append(
                f"{{online: {month_label(entry.month)}, it_mw: {it_mw:.6g}, chip: {chip}, cooling: {cooling}}}"
            )
        before_mw = entry.it_mw
    return lines


@cache
def counties() -> tuple[tuple[str, float, float], ...]:
    """State (name), latitude and longitude of US counties."""
    rows = rows_of("sites/us_counties_centroids.csv")
    return tuple((row["state"], float(row["lat"]), float(row["lon"])) for row in rows if row["lat"])


def state_of(lat: float, lon: float) -> str:
    """Letters of the US state whose county's centroid is nearest; a degree of longitude is 0.8 of one of latitude."""
    name = min(counties(), key=lambda row: (row[1] - lat) ** 2 + (0.8 * (row[2] - lon)) ** 2)[0]
    markets = (catalog.market(market_id) for market_id in catalog.market_ids())
    return next(market.state for market in markets if market.name == name and market.state)


def site_lines(campus: Campus, newest: bool) -> list[str]:
    """A campus as an item of the scenario's sites."""
    known = campus.lat is not None and campus.lon is not None
    lat, lon = (campus.lat, campus.lon) if known else CAPITALS[campus.country]
    assert lat is not None
    assert lon is not None
    state = state_of(lat, lon) if known and campus.country == "US" else None
    priced = state is not None and state in catalog.retail_states()
    price = f"{{retail_state: {state}}}" if priced else f"{{flat_usd_per_mwh: {FLAT_USD_PER_MWH}}}"
    offer = {month_label(entry.month): GRID_PER_IT * entry.it_mw for entry in campus.entries}
    steps = ", ".join(f"{month}: {mw:.6g}" for month, mw in offer.items())
    source = "Epoch AI" if known else "Epoch AI, without coordinates; the capital stands for the place"
    lines = [
        f"  - name: {campus.site}",
        f"    lat: {lat:.3f}",
        f"    lon: {lon:.3f}",
        f"    country: {campus.country}",
    ]
    if state:
        lines.append(f"    state: {state}")
    lines += [
        f"    weather: {weather_nearest(lat, lon)}",
        f"    grid: {{offer_mw: {{{steps}}}}}",
        f"    price: {price}",
        "    tax: {sales_exempt: true}",
        f"    source: {source}",
        "    committed:",
        *(f"      - {block}" for block in blocks(campus, newest)),
    ]
    return lines


def text(newest: bool = True) -> str:
    """The scenario; for comparison also with what comes online shared equally among all types of chips that are out."""
    entered = campuses()
    last = max(entry.month for campus in entered for entry in campus.entries)
    periods = -((START - last) // MONTHS_PER_PERIOD) + 1
    used = sorted({chip for c in entered for e in c.entries for chip in chips_at(c, e.month, newest)})
    left_out = [campus.name for campus in all_campuses() if campus.entries and not campus.chips]
    lines = [
        HEADER + f"# Left out, as their chips are not known: {', '.join(left_out)}.",
        "name: backtest-epoch",
        f"description: {len(entered)} campuses of Epoch AI as they were built and are planned, from {month_label(START)} on",
        "",
        f"horizon: {{start: {month_label(START)}, periods: {periods}, months_per_period: {MONTHS_PER_PERIOD}}}",
        "money: {base_year: 2025, wacc: 0.08, inflation: 0.025}",
        "objective: minimize_cost",
        "demand:",
        "  metric: h100e_8bit",
        f"  workloads: [{{name: training, path: {{{month_label(START)}: 0}}}}]  # none is asked for; tables show what there is",
        "chips:",
        f"  offered: [{', '.join(used)}]",
        "  refresh: none",
        "  run_on: false",
        "  settings:",
        *(f"    {chip}: {{life_years: 20, availability: 1}}" for chip in used),
        "hall: {build_months: 0, max_starts: 0}  # what is built is decided",
        f"cooling: [{', '.join(sorted(set(COOLING.values())))}]",
        "",
        "sites:",
    ]
    for campus in entered:
        lines += site_lines(campus, newest)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    CONFIG.write_text(text(), encoding="utf-8")
