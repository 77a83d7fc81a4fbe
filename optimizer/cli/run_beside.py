"""The plan that `optimizer run --beside` sets beside the one that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from optimizer import pipeline
from optimizer.cli.interrupt import StopRequest
from optimizer.cli.output import say
from optimizer.cli.solving import Solving, log, searched
from optimizer.errors import OptimizerError
from optimizer.plan import Plan
from optimizer.report.comparison import check_comparable
from optimizer.scenario import Scenario

BEST = "best"
NO_PLAN = (3, 5)  # exit codes of a scenario without a plan


@dataclass(frozen=True)
class Beside:
    """A plan that is known, or the scenario's best, which has to be found."""

    known: Plan | None

    def found(self, scenario: Scenario, how: Solving, stop: StopRequest, evaluation: Any) -> Plan | None:
        """The plan; None where the scenario has none, or a stop came first."""
        if self.known is not None:
            return self.known
        if stop.requested:
            return None
        say("the best plan beside it:")
        try:
            best = searched(scenario, how, stop, None, evaluation)
        except OptimizerError as error:
            if error.exit_code not in NO_PLAN:
                raise
            say(f"no plan beside it: {error}")
            return None
        log("beside", status=best.status, objective=best.objective, gap=best.gap)
        return best


def beside_of(text: str, scenario: Scenario, halls_are_given: bool) -> Beside:
    """What --beside says: `best`, or a run directory or its plan.json.

    Raises
    ------
    click.UsageError
        `best` beside a plan that is the best.
    ComparisonError
        A plan that can't be compared with one of the scenario.
    """
    if text == BEST and not Path(text).exists():
        if not halls_are_given:
            raise click.UsageError(f"--beside {BEST} needs --plan; without it the plan is the best")
        return Beside(None)
    known = pipeline.load_plan(text)
    check_comparable(scenario, known.scenario)
    return Beside(known)
