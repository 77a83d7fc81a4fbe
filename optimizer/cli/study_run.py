"""Runs that end in several plans: how they are solved, written and told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from optimizer import pipeline, studies
from optimizer.cli.interrupt import StopRequest
from optimizer.cli.output import say, show, write_json
from optimizer.cli.progress import ProgressLine
from optimizer.cli.solving import (
    EXIT_CODES,
    NOT_VERIFIED,
    Solving,
    input_files,
    log,
    logged,
    tell_no_plan,
)
from optimizer.cli.text_tables import table, width
from optimizer.errors import OptimizerError
from optimizer.plan import Plan
from optimizer.report.run_folder import RunFolder
from optimizer.report.study_page import Study, study_sentence, study_tables, write_study
from optimizer.scenario import Origins, Scenario
from optimizer.scenario.schema import Frontier, aim_of

Solve = Callable[[Callable[[int, int, Any], None], StopRequest], Study]


def run_frontier(scenario: Scenario, origins: Origins, how: Solving, as_json: bool) -> int:
    """Find, write and tell the frontier that a scenario asks for; returns the exit code."""

    def solve(report: Callable[[int, int, Any], None], stop: StopRequest) -> Study:
        return studies.frontier(
            scenario,
            time_limit=how.time_limit,
            gap=how.gap,
            threads=how.threads,
            deterministic=how.deterministic,
            on_progress=report,
            stop=stop,
        )

    return _run(scenario, origins, how, as_json, "frontier", solve)


def run_alternatives(
    scenario: Scenario, origins: Origins, how: Solving, as_json: bool, within: float, count: int
) -> int:
    """Find, write and tell near-best plans; returns the exit code."""

    def solve(report: Callable[[int, int, Any], None], stop: StopRequest) -> Study:
        return studies.alternatives(
            scenario,
            within=within,
            count=count,
            time_limit=how.time_limit,
            gap=how.gap,
            threads=how.threads,
            deterministic=how.deterministic,
            on_progress=report,
            stop=stop,
        )

    return _run(scenario, origins, how, as_json, "alternatives", solve)


def _run(scenario: Scenario, origins: Origins, how: Solving, as_json: bool, kind: str, solve: Solve) -> int:
    try:
        name = f"{scenario.name}-{kind}"
        with RunFolder(how.out, name) as folder, logged(folder.log, how.log_format), StopRequest() as stop:
            log("start", scenario=scenario.name, study=kind, time_limit_s=how.time_limit, gap=how.gap)
            try:
                with _Numbered(kind, scenario, how) as progress:
                    study = solve(progress, stop)
            except pipeline.NoPlanError:
                if stop.requested:
                    raise KeyboardInterrupt from None
                raise
            log("end", plans=len(study.named), verified=study.verified)
            inputs = input_files(scenario, origins)
            page = not stop.requested
            run_dir = folder.put(lambda whole: write_study(study, whole, tuple(sys.argv), inputs, page))
    except OptimizerError as error:
        return tell_no_plan(error, origins, as_json)
    status = _status(study, stop.requested)
    _tell(study, status, run_dir, as_json)
    return EXIT_CODES[status] if study.verified else NOT_VERIFIED


class _Numbered:
    """Progress of each plan behind its number."""

    def __init__(self, kind: str, scenario: Scenario, how: Solving) -> None:
        self._kind, self._objective = kind, scenario.objective
        self._line = ProgressLine(aim_of(scenario.objective), scenario.demand.metric, quiet=how.quiet)

    def __enter__(self) -> _Numbered:
        self._line.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._line.__exit__(*error)

    def __call__(self, number: int, count: int, report: Any) -> None:
        aim = aim_of(self._objective)
        if self._kind == "alternatives" and number > 0:
            aim = "shared"
        elif isinstance(self._objective, Frontier) and number == 2:
            aim = self._objective.pareto[1]  # the far end
        self._line.about(f"plan {number} of {count}", aim)
        self._line(report)


def _status(study: Study, interrupted: bool) -> str:
    """Of the plans that are to be proven: all of a frontier, the best of alternatives."""
    if interrupted:
        return "interrupted"
    proven: tuple[Plan, ...] = (study.best,) if isinstance(study, studies.Alternatives) else study.plans
    return "optimal" if all(plan.status == "optimal" for plan in proven) else "feasible"


def _tell(study: Study, status: str, run_dir: Path, as_json: bool) -> None:
    first = next(iter(study.named.values()))
    if as_json:
        plans = study.table().to_dict(orient="records")
        write_json(
            {
                "status": status,
                "objective": first.objective,
                "bound": first.bound,
                "gap": first.gap,
                "verified": study.verified,
                "solve_seconds": sum(plan.record.solve_seconds for plan in study.named.values()),
                "run_dir": run_dir,
                "sense": first.record.sense,
                "points": [{**row, "run_dir": run_dir / row["plan"]} for row in plans],
            }
        )
    else:
        blocks = [table(part, width()) for part in study_tables(study)]
        show("\n\n".join([study_sentence(study), *blocks]))
    for name, plan in study.named.items():
        for violation in plan.report.violations:
            say(f"broken limit of {name}: {violation}")
    say(f"written to {run_dir}")
