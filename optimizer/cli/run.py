"""`optimizer run`: load, solve, check, write, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from optimizer import pipeline
from optimizer.cli.interrupt import StopRequest
from optimizer.cli.options import common, overrides
from optimizer.cli.run_beside import BEST, Beside, beside_of
from optimizer.cli.run_told import tell
from optimizer.cli.solving import (
    EXIT_CODES,
    NOT_VERIFIED,
    Solving,
    input_files,
    log,
    logged,
    searched,
    solving,
    tell_no_plan,
)
from optimizer.cli.study_run import run_frontier
from optimizer.errors import OptimizerError
from optimizer.plan.save import PLAN_NAME
from optimizer.report.run_folder import RunFolder
from optimizer.scenario.schema import Frontier


@click.command("run")
@click.argument("config")
@overrides
@click.option(
    "--plan",
    "given",
    type=click.Path(path_type=Path),
    metavar="FILE|RUN_DIR",
    help="Halls that are given, by a plan file or a finished run: they are checked and costed, no others are built.",
)
@click.option(
    "--beside",
    metavar=f"RUN_DIR|{BEST}",
    help=f"Set a plan beside it: that of a finished run, or with --plan the scenario's best ({BEST}).",
)
@solving()
@common
def command(
    config: str,
    settings: tuple[tuple[str, str], ...],
    given: Path | None,
    beside: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Find the best plan for the scenario CONFIG, check it and write a run directory.

    With --plan the halls are given: they are costed whatever limits they break, and each of these is named.

    Exit code 0: the gap was met; 4: a limit came first, the plan is kept; 3: infeasible; 5: no plan within
    the limit; 6: the independent check refused the plan; 130: interrupted, the best plan is kept.
    """
    how = Solving(**options)
    scenario, origins = pipeline.load_with_origins(config, overrides=dict(settings))
    if isinstance(scenario.objective, Frontier):
        if given is not None or beside is not None:
            raise pipeline.OneObjectiveError(
                "objective: one plan is costed by one objective, not by a frontier"
            )
        return run_frontier(scenario, origins, how, as_json)
    halls = None if given is None else pipeline.load_given(given, scenario)
    other: Beside | None = None if beside is None else beside_of(beside, scenario, halls is not None)
    name = scenario.name if halls is None else f"{scenario.name}-{halls.name}"
    try:
        with RunFolder(how.out, name) as folder, logged(folder.log, how.log_format), StopRequest() as stop:
            log("start", scenario=scenario.name, time_limit_s=how.time_limit, gap=how.gap)
            evaluation = pipeline.evaluate(scenario, threads=how.threads) if other is not None else None
            try:
                plan = searched(scenario, how, stop, halls, evaluation)
            except pipeline.NoPlanError:
                if stop.requested:
                    raise KeyboardInterrupt from None
                raise
            log("end", status=plan.status, objective=plan.objective, gap=plan.gap)
            found = None if other is None else other.found(scenario, how, stop, evaluation)
            inputs = input_files(scenario, origins)
            if given is not None:
                inputs[str(given)] = given / PLAN_NAME if given.is_dir() else given
            argv, page = tuple(sys.argv), not stop.requested
            run_dir = folder.publish(plan, argv, inputs, page, found)
    except OptimizerError as error:
        return tell_no_plan(error, origins, as_json)
    interrupted = stop.requested or plan.status == "interrupted"
    tell(plan, run_dir, interrupted, as_json, found)
    if not plan.verified:
        return NOT_VERIFIED
    return EXIT_CODES["interrupted"] if interrupted else EXIT_CODES[plan.status]
