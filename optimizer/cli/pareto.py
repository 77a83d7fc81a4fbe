"""`optimizer pareto`: plans between two aims."""

from __future__ import annotations

from typing import Any

import click

from optimizer import pipeline
from optimizer.cli.options import common, overrides
from optimizer.cli.solving import Solving, solving
from optimizer.cli.study_run import run_frontier
from optimizer.scenario.schema import OBJECTIVES, Frontier


@click.command("pareto")
@click.argument("config")
@overrides
@click.option(
    "--between",
    nargs=2,
    type=click.Choice(tuple(OBJECTIVES)),
    help="The two aims, such as `cost carbon`. Default: objective.pareto of the scenario.",
)
@click.option("--points", type=click.IntRange(2, 50), help="Levels of the second aim, ends in. Default: 7.")
@solving("600s")
@common
def command(
    config: str,
    settings: tuple[tuple[str, str], ...],
    between: tuple[str, str] | None,
    points: int | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Find the plans between two aims for the scenario CONFIG: least of one at each of several levels of the other.

    Aims: cost, compute, carbon, water, date (of demand.target_it_mw). The same as `optimizer run` with
    `objective: {pareto: [cost, carbon]}`. --time-limit holds for all plans together.
    """
    asked = dict(settings)
    if between is not None:
        asked["objective"] = f"{{pareto: [{between[0]}, {between[1]}]}}"
    if points is not None:
        asked["objective.points"] = str(points)
    scenario, origins = pipeline.load_with_origins(config, overrides=asked)
    if not isinstance(scenario.objective, Frontier):
        raise click.UsageError("say between which aims: --between cost carbon")
    return run_frontier(scenario, origins, Solving(**options), as_json)
