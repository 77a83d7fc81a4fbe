"""`optimizer weather`: what is shipped, and what a file holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from optimizer import catalog, physics
from optimizer.cli.options import common
from optimizer.cli.output import show, write_json
from optimizer.cli.text_tables import GUTTER, table, width
from optimizer.report import wording
from optimizer.report.tables import Table

_DESCRIPTION = {
    "id": "id",
    "source": "source",
    "licence": "licence",
    "hours": "hours",
    "lat": "latitude [°N]",
    "lon": "longitude [°E]",
    "elevation_m": "elevation [m]",
    "tz_hours": "time zone [h from UTC]",
    "dry_bulb_mean_c": "dry bulb, mean [°C]",
    "dry_bulb_min_c": "dry bulb, least [°C]",
    "dry_bulb_max_c": "dry bulb, most [°C]",
    "rh_mean": "relative humidity, mean [fraction]",
    "wet_bulb_mean_c": "wet bulb, mean [°C]",
    "wet_bulb_max_c": "wet bulb, most [°C]",
    "pressure_mean_pa": "pressure, mean [Pa]",
}


@click.group("weather")
def command() -> None:
    """List shipped weather, or describe a weather file."""


@command.command("list")
@common
def list_weather(as_json: bool) -> int:
    """List the weather that is shipped."""
    packed = [catalog.weather(name) for name in catalog.weather_ids()]
    rows = [
        {
            "id": w.id,
            "name": w.name,
            "lat": w.lat,
            "lon": w.lon,
            "elevation_m": w.elevation_m,
            "source": w.source,
        }
        for w in packed
    ]
    if as_json:
        write_json({"weather": rows})
        return 0
    cells: tuple[tuple[str, ...], ...] = tuple(
        (
            str(r["id"]),
            str(r["name"]),
            f"{r['lat']:.2f}",
            f"{r['lon']:.2f}",
            f"{r['elevation_m']:.0f}",
            str(r["source"]),
        )
        for r in rows
    )
    header = ("id", "name", "lat °N", "lon °E", "m", "source")
    # The source is last and long: cut it rather than wrap the line.
    lead = sum(max(len(row[c]) for row in (header, *cells)) + len(GUTTER) for c in range(5))
    room = max(12, width() - lead)
    cells = tuple((*row[:5], row[5] if len(row[5]) <= room else row[5][: room - 1] + "…") for row in cells)
    content = Table(f"{len(rows)} shipped weather years", header, cells, frozenset({2, 3, 4}))
    show(table(content, lead + room, fixed=5))
    return 0


@command.command("info")
@click.argument("name", metavar="ID|FILE")
@common
def describe(name: str, as_json: bool) -> int:
    """Describe shipped weather by its ID, or a weather FILE (EPW, TMY3, NSRDB, CSV)."""
    facts = _facts(name)
    if as_json:
        write_json({"weather": facts})
        return 0
    for key, label in _DESCRIPTION.items():
        value = facts[key]
        if value is not None:
            text = value if isinstance(value, str) else wording.number(float(value), 4)
            show(f"{label:36s}{text}")
    return 0


def _facts(name: str) -> dict[str, Any]:
    is_file = Path(name).exists() or "/" in name
    weather = physics.read_weather(name) if is_file else physics.weather_from_catalog(name)
    wet_bulb_c = physics.wet_bulb(weather.dry_bulb_c, weather.rh, weather.pressure_pa)
    return {
        "id": weather.id,
        "source": weather.source,
        "licence": getattr(weather, "licence", None),
        "hours": weather.n_hours,
        "lat": weather.lat,
        "lon": weather.lon,
        "elevation_m": weather.elevation_m,
        "tz_hours": weather.tz_hours,
        "dry_bulb_mean_c": weather.dry_bulb_c.mean(),
        "dry_bulb_min_c": weather.dry_bulb_c.min(),
        "dry_bulb_max_c": weather.dry_bulb_c.max(),
        "rh_mean": weather.rh.mean(),
        "wet_bulb_mean_c": wet_bulb_c.mean(),
        "wet_bulb_max_c": wet_bulb_c.max(),
        "pressure_mean_pa": weather.pressure_pa.mean(),
    }
