"""`optimizer evaluate`: the physics of every design."""

from __future__ import annotations

import click

from optimizer import pipeline
from optimizer.cli.options import common, overrides
from optimizer.cli.output import show, write_json
from optimizer.cli.text_tables import table, width
from optimizer.report import wording
from optimizer.report.tables import plain_table

COLUMNS = (
    "site",
    "cooling",
    "chip",
    "it_mw",
    "pue",
    "pue_peak",
    "wue_l_per_kwh",
    "energy_mwh",
    "water_m3",
    "co2_t",
    "peak_mw",
    "hours_over_temperature",
)


@click.command("evaluate")
@click.argument("config")
@overrides
@common
def command(config: str, settings: tuple[tuple[str, str], ...], as_json: bool) -> int:
    """Work out energy, water, carbon and peak of every design of the scenario CONFIG: one hall, one year.

    A design is a site with a cooling system and chips that go together.
    """
    scenario = pipeline.load(config, overrides=dict(settings))
    designs = pipeline.evaluate(scenario).designs
    if as_json:
        write_json({"designs": designs[list(COLUMNS)].to_dict(orient="records")})
        return 0
    it_mw = wording.number(scenario.hall.it_mw)
    title = f"{len(designs)} designs, one hall of {it_mw} MW IT over a year of 8,760 h"
    show(table(plain_table(designs, title, COLUMNS), max(100, width()), fixed=3))
    return 0
