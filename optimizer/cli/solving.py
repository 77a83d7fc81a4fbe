"""What commands that solve share: their options, files that entered, the log, and how no plan is told."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from optimizer import pipeline
from optimizer.cli.options import Duration, Gap
from optimizer.cli.output import error_document, say, write_json
from optimizer.cli.progress import LOG, JsonLines, ProgressLine
from optimizer.errors import OptimizerError
from optimizer.plan import Plan
from optimizer.scenario import GivenPlan, Mark, Origins, Scenario
from optimizer.scenario.schema import aim_of, names_weather_file

Command = TypeVar("Command", bound=Callable[..., Any])

EXIT_CODES = {"optimal": 0, "infeasible": 3, "feasible": 4, "no_plan": 5, "interrupted": 130}
NOT_VERIFIED = 6
_WITHOUT_PLAN = {3: "infeasible", 5: "no_plan"}


@dataclass(frozen=True)
class Solving:
    """How to solve, as the command line says it."""

    out: Path | None
    time_limit: float
    gap: float
    threads: int
    deterministic: bool
    log_format: str

    @property
    def quiet(self) -> bool:
        """Whether stderr carries the log, not words."""
        return self.log_format == "json"


def solving(time_limit: str = "120s") -> Callable[[Command], Command]:
    """--out, --time-limit, --gap, --threads, --deterministic and --log-format; the command takes them for `Solving`."""
    options = (
        click.option(
            "--out", type=click.Path(path_type=Path), help="Run directory. Default: runs/<name>-<n>."
        ),
        click.option(
            "--time-limit",
            type=Duration(),
            default=time_limit,
            show_default=True,
            help="Time to solve: 120s, 2m, 1h.",
        ),
        click.option(
            "--gap", type=Gap(), default="0.005", show_default=True, help="Relative gap that is good enough."
        ),
        click.option(
            "--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use."
        ),
        click.option("--deterministic", is_flag=True, help="Same input, same plan: no clock in the search."),
        click.option(
            "--log-format",
            type=click.Choice(["text", "json"]),
            default="text",
            show_default=True,
            help="Progress on stderr.",
        ),
    )

    def decorated(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


def searched(
    scenario: Scenario,
    how: Solving,
    stop: Callable[[], bool],
    given: GivenPlan | None = None,
    evaluation: Any = None,
) -> Plan:
    """The best plan, or a given one, with its progress on stderr."""
    with ProgressLine(aim_of(scenario.objective), scenario.demand.metric, quiet=how.quiet) as progress:
        return pipeline.solve(
            scenario,
            time_limit=how.time_limit,
            gap=how.gap,
            threads=how.threads,
            deterministic=how.deterministic,
            on_progress=progress,
            stop=stop,
            evaluation=evaluation,
            given=given,
        )


def input_files(scenario: Scenario, origins: Origins) -> dict[str, Path]:
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


def tell_no_plan(error: OptimizerError, origins: Origins, as_json: bool) -> int:
    """Say why there is no plan, with the limits' places, and return the exit code; other errors are raised again."""
    status = _WITHOUT_PLAN.get(error.exit_code)
    if status is None:
        raise error
    limits = getattr(error, "limits", ())
    if as_json:
        places = [
            {**_place(origins.nearest(limit.path)), "path": limit.path, "message": limit.message}
            for limit in limits
        ]
        nothing = dict.fromkeys(("objective", "bound", "gap", "solve_seconds", "run_dir"))
        document = {"status": status, **nothing, "verified": False, "limits": places}
        write_json({**document, **error_document(error, error.exit_code)})
    for limit in limits:
        say(f"{origins.nearest(limit.path)}  {limit.path}: {limit.message}")
    if not limits:
        say(str(error))
    return error.exit_code


def _place(mark: Mark) -> dict[str, Any]:
    return {"file": mark.file, "line": mark.line, "column": mark.column}


def log(event: str, **fields: Any) -> None:
    """An event into the run's log."""
    LOG.info(event, extra={"fields": fields})


@contextmanager
def logged(path: Path, log_format: str) -> Iterator[None]:
    """The log goes to a file, and to stderr where it is asked for there."""
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
