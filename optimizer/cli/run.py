"""`optimizer run`: load, solve, check, write, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from optimizer import pipeline
from optimizer.cli.interrupt import StopRequest
from optimizer.cli.options import common, overrides
from optimizer.cli.output import say, show, write_json
from optimizer.cli.plan_text import plan_text
from optimizer.cli.progress import ProgressLine
from optimizer.cli.solving import (
    EXIT_CODES,
    NOT_VERIFIED,
    Solving,
    input_files,
    log,
    logged,
    solving,
    tell_no_plan,
)
from optimizer.cli.study_run import run_frontier
from optimizer.errors import OptimizerError
from optimizer.plan import Plan
from optimizer.report.run_folder import RunFolder
from optimizer.scenario import GivenPlan, Scenario
from optimizer.scenario.schema import Frontier, aim_of


@click.command("run")
@click.argument("config")
@overrides
@click.option(
    "--plan",
    "given",
    type=click.Path(path_type=Path),
    help="Halls that are given: they are checked and costed, nothing else is built.",
)
@solving()
@common
def command(
    config: str, settings: tuple[tuple[str, str], ...], given: Path | None, as_json: bool, **options: Any
) -> int:
    """Find the best plan for the scenario CONFIG, check it and write a run directory.

    Exit code 0: the gap was met; 4: a limit came first, the plan is kept; 3: infeasible; 5: no plan within
    the limit; 6: the independent check refused the plan; 130: interrupted, the best plan is kept.
    """
    how = Solving(**options)
    scenario, origins = pipeline.load_with_origins(config, overrides=dict(settings))
    if isinstance(scenario.objective, Frontier):
        if given is not None:
            raise pipeline.OneObjectiveError(
                "objective: a given plan is costed by one objective, not a frontier"
            )
        return run_frontier(scenario, origins, how, as_json)
    halls = None if given is None else pipeline.load_given(given, scenario)
    name = scenario.name if halls is None else f"{scenario.name}-{halls.name}"
    try:
        with RunFolder(how.out, name) as folder, logged(folder.log, how.log_format), StopRequest() as stop:
            log("start", scenario=scenario.name, time_limit_s=how.time_limit, gap=how.gap)
            try:
                plan = _solve(scenario, halls, how, stop)
            except pipeline.NoPlanError:
                if stop.requested:
                    raise KeyboardInterrupt from None
                raise
            log("end", status=plan.status, objective=plan.objective, gap=plan.gap)
            inputs = input_files(scenario, origins)
            if given is not None:
                inputs[str(given)] = given
            run_dir = folder.publish(plan, tuple(sys.argv), inputs, page=not stop.requested)
    except OptimizerError as error:
        return tell_no_plan(error, origins, as_json)
    interrupted = stop.requested or plan.status == "interrupted"
    _tell(plan, run_dir, interrupted, as_json)
    if not plan.verified:
        return NOT_VERIFIED
    return EXIT_CODES["interrupted"] if interrupted else EXIT_CODES[plan.status]


def _solve(scenario: Scenario, given: GivenPlan | None, how: Solving, stop: StopRequest) -> Plan:
    with ProgressLine(aim_of(scenario.objective), scenario.demand.metric, quiet=how.quiet) as progress:
        return pipeline.solve(
            scenario,
            time_limit=how.time_limit,
            gap=how.gap,
            threads=how.threads,
            deterministic=how.deterministic,
            on_progress=progress,
            stop=stop,
            given=given,
        )


def _tell(plan: Plan, run_dir: Path, interrupted: bool, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "status": "interrupted" if interrupted else plan.status,
                "objective": plan.objective,
                "bound": plan.bound,
                "gap": plan.gap,
                "verified": plan.verified,
                "solve_seconds": plan.record.solve_seconds,
                "run_dir": run_dir,
                "sense": plan.record.sense,
            }
        )
    else:
        show(plan_text(plan))
    for violation in plan.report.violations:
        say(f"broken limit: {violation}")
    if interrupted:
        say(f"the page is not written after an interrupt; `optimizer report {run_dir}` writes it")
    say(f"written to {run_dir}")
