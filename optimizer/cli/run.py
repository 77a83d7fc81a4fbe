"""`optimizer run`: load, solve, check, write, print."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from optimizer import pipeline
from optimizer.cli.interrupt import StopRequest
from optimizer.cli.options import Duration, Gap, common, overrides
from optimizer.cli.output import error_document, say, show, write_json
from optimizer.cli.plan_text import plan_text
from optimizer.cli.progress import LOG, JsonLines, ProgressLine
from optimizer.errors import OptimizerError
from optimizer.plan import Plan
from optimizer.report.run_folder import RunFolder
from optimizer.scenario import GivenPlan, Mark, Origins, Scenario
from optimizer.scenario.schema import AIMS, names_weather_file

EXIT_CODES = {"optimal": 0, "infeasible": 3, "feasible": 4, "no_plan": 5, "interrupted": 130}
NOT_VERIFIED = 6
_WITHOUT_PLAN = {3: "infeasible", 5: "no_plan"}


@click.command("run")
@click.argument("config")
@overrides
@click.option(
    "--plan",
    "given",
    type=click.Path(path_type=Path),
    help="Halls that are given: they are checked and costed, nothing else is built.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Run directory. Default: runs/<name>-<n>.")
@click.option(
    "--time-limit", type=Duration(), default="120s", show_default=True, help="Time to solve: 120s, 2m, 1h."
)
@click.option(
    "--gap", type=Gap(), default="0.005", show_default=True, help="Relative gap that is good enough."
)
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use.")
@click.option("--deterministic", is_flag=True, help="Same input, same plan: no clock in the search.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Progress on stderr.",
)
@common
def command(
    config: str,
    settings: tuple[tuple[str, str], ...],
    given: Path | None,
    out: Path | None,
    time_limit: float,
    gap: float,
    threads: int,
    deterministic: bool,
    log_format: str,
    as_json: bool,
) -> int:
    """Find the best plan for the scenario CONFIG, check it and write a run directory.

    Exit code 0: the gap was met; 4: a limit came first, the plan is kept; 3: infeasible; 5: no plan within
    the limit; 6: the independent check refused the plan; 130: interrupted, the best plan is kept.
    """
    try:
        scenario, origins = pipeline.load_with_origins(config, overrides=dict(settings))
        halls = None if given is None else pipeline.load_given(given, scenario)
        name = scenario.name if halls is None else f"{scenario.name}-{halls.name}"
        with RunFolder(out, name) as folder, _logged(folder.log, log_format), StopRequest() as stop:
            LOG.info(
                "start", extra={"fields": {"scenario": scenario.name, "time_limit_s": time_limit, "gap": gap}}
            )
            try:
                plan = _solve(scenario, halls, time_limit, gap, threads, deterministic, log_format, stop)
            except pipeline.NoPlanError:
                if stop.requested:
                    raise KeyboardInterrupt from None
                raise
            LOG.info(
                "end", extra={"fields": {"status": plan.status, "objective": plan.objective, "gap": plan.gap}}
            )
            inputs = _inputs(scenario, origins)
            if given is not None:
                inputs[str(given)] = given
            run_dir = folder.publish(plan, tuple(sys.argv), inputs, page=not stop.requested)
    except OptimizerError as error:
        status = _WITHOUT_PLAN.get(error.exit_code)
        if status is None:
            raise
        limits = getattr(error, "limits", ())
        places = [
            {**_place(origins.nearest(limit.path)), "path": limit.path, "message": limit.message}
            for limit in limits
        ]
        if as_json:
            write_json({**_without_plan(status, error), "limits": places})
        for limit in limits:
            say(f"{origins.nearest(limit.path)}  {limit.path}: {limit.message}")
        if not limits:
            say(str(error))
        return error.exit_code
    interrupted = stop.requested or plan.status == "interrupted"
    _tell(plan, run_dir, interrupted, as_json)
    if not plan.verified:
        return NOT_VERIFIED
    return EXIT_CODES["interrupted"] if interrupted else EXIT_CODES[plan.status]


def _solve(
    scenario: Scenario,
    given: GivenPlan | None,
    time_limit: float,
    gap: float,
    threads: int,
    deterministic: bool,
    log_format: str,
    stop: StopRequest,
) -> Plan:
    with ProgressLine(
        AIMS[scenario.objective], scenario.demand.metric, quiet=log_format == "json"
    ) as progress:
        return pipeline.solve(
            scenario,
            time_limit=time_limit,
            gap=gap,
            threads=threads,
            deterministic=deterministic,
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


def _inputs(scenario: Scenario, origins: Origins) -> dict[str, Path]:
    """Every file that entered, by the name it was given."""
    names = set(origins.files())
    if scenario.hall.load_file is not None:
        names.add(scenario.hall.load_file)
    for site in scenario.sites:
        if names_weather_file(site.weather):
            names.add(site.weather)
        if site.price is not None:
            names |= {name for name in (site.price.file, site.price.tariff) if name is not None}
        tranche = None if site.grid is None else site.grid.curtailable
        if tranche is not None and tranche.load_file is not None:
            names.add(tranche.load_file)
    return {name: Path(name) for name in sorted(names)}


def _place(mark: Mark) -> dict[str, Any]:
    return {"file": mark.file, "line": mark.line, "column": mark.column}


def _without_plan(status: str, error: OptimizerError) -> dict[str, Any]:
    nothing = dict.fromkeys(("objective", "bound", "gap", "solve_seconds", "run_dir"))
    return {"status": status, **nothing, "verified": False, **error_document(error, error.exit_code)}


def _log(event: str, **fields: Any) -> None:
    LOG.info(event, extra={"fields": fields})


@contextmanager
def _logged(path: Path, log_format: str) -> Iterator[None]:
    handlers: list[logging.Handler] = [logging.FileHandler(path, encoding="utf-8")]
    if log_format == "json":
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(JsonLines())
        LOG.addHandler(handler)
    level = LOG.level
    LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOG.setLevel(level)
        for handler in handlers:
            LOG.removeHandler(handler)
            handler.close()
