"""`optimizer compare`: two plans side by side."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer import pipeline
from optimizer.cli.comparison_text import comparison_document, comparison_text
from optimizer.cli.options import common
from optimizer.cli.output import show, write_json
from optimizer.cli.text_tables import width
from optimizer.report.comparison import comparison


@click.command("compare")
@click.argument("first", type=click.Path(exists=True, path_type=Path), metavar="FIRST")
@click.argument("second", type=click.Path(exists=True, path_type=Path), metavar="SECOND")
@common
def command(first: Path, second: Path, as_json: bool) -> int:
    """Say what changes from the plan FIRST to the plan SECOND: cost by line, megawatts, compute, dates, sites and limits.

    Both are run directories or their plan.json. Plans of one scenario go by the names of their given plans.
    """
    found = comparison(pipeline.load_plan(first), pipeline.load_plan(second))
    if as_json:
        write_json(comparison_document(found))
        return 0
    show(f"first:  {found.names[0]} ({first})\nsecond: {found.names[1]} ({second})\n")
    show(comparison_text(found, width()))
    return 0
