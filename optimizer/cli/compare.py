"""`optimizer compare`: two plans side by side."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer import pipeline
from optimizer.cli.options import common
from optimizer.cli.output import show, write_json
from optimizer.cli.text_tables import table, width
from optimizer.report.comparison import billions_changed, comparison, comparison_tables


@click.command("compare")
@click.argument("first", type=click.Path(exists=True, path_type=Path), metavar="FIRST")
@click.argument("second", type=click.Path(exists=True, path_type=Path), metavar="SECOND")
@common
def command(first: Path, second: Path, as_json: bool) -> int:
    """Say what changes from the plan FIRST to the plan SECOND: cost by line, megawatts, compute, dates and sites.

    Both are run directories or their plan.json.
    """
    found = comparison(pipeline.load_plan(first), pipeline.load_plan(second))
    if as_json:
        frames = ("cost", "it_mw", "compute", "dates", "sites")
        write_json(
            {
                "first": found.first.scenario.name,
                "second": found.second.scenario.name,
                "objective": {"first": found.first.objective, "second": found.second.objective},
                "change_of_objective": found.change_of_objective,
                **{name: getattr(found, name).to_dict(orient="records") for name in frames},
            }
        )
        return 0
    show(f"first:  {found.first.scenario.name}\nsecond: {found.second.scenario.name}\n")
    if found.first.aim == "cost":
        show(f"The second costs {billions_changed(found)}.\n")
    show("\n\n".join(table(part, width()) for part in comparison_tables(found)))
    return 0
