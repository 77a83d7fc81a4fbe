"""`optimizer report`: the page and the workbook of a run directory, anew."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer import pipeline
from optimizer.cli.options import common
from optimizer.cli.output import say, write_json
from optimizer.report.page import write_page
from optimizer.report.run_folder import BESIDE_NAME
from optimizer.report.workbook import write_workbook


@click.command("report")
@click.argument("run_dir", type=click.Path(exists=True, file_okay=False, path_type=Path))
@common
def command(run_dir: Path, as_json: bool) -> int:
    """Write report.html and plan.xlsx of RUN_DIR anew from its plan.json."""
    plan = pipeline.load_plan(run_dir)
    page, workbook = run_dir / "report.html", run_dir / "plan.xlsx"
    beside = run_dir / BESIDE_NAME
    write_page(plan, page, pipeline.load_plan(beside) if beside.is_dir() else None)
    write_workbook(plan, workbook)
    if as_json:
        write_json({"page": page, "workbook": workbook, "verified": plan.verified})
    else:
        say(f"written: {page} and {workbook.name}")
    return 0
