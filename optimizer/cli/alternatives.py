"""`optimizer alternatives`: plans that are nearly as good as the best and differ most from it."""

from __future__ import annotations

from typing import Any

import click

from optimizer import pipeline
from optimizer.cli.options import Gap, common, overrides
from optimizer.cli.solving import Solving, solving
from optimizer.cli.study_run import run_alternatives


@click.command("alternatives")
@click.argument("config")
@overrides
@click.option(
    "--within", type=Gap(), default="2%", show_default=True, help="How much worse than the best they may be."
)
@click.option(
    "--count", type=click.IntRange(1, 20), default=3, show_default=True, help="How many beside the best."
)
@solving("600s")
@common
def command(
    config: str,
    settings: tuple[tuple[str, str], ...],
    within: float,
    count: int,
    as_json: bool,
    **options: Any,
) -> int:
    """Find the best plan for the scenario CONFIG and others within a few percent of it that differ most.

    Plans differ by the IT megawatts at the end of planning that stand elsewhere or with other chips.
    --time-limit holds for all plans together; half of it at most goes to the best plan.
    """
    scenario, origins = pipeline.load_with_origins(config, overrides=dict(settings))
    return run_alternatives(scenario, origins, Solving(**options), as_json, within, count)
