"""A plan of the user's own: which halls, where, when and with which chips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, ValidationError

from optimizer.scenario.checks_given import given_findings
from optimizer.scenario.json_schema import keys_of, schema_of
from optimizer.scenario.layers import read_layers
from optimizer.scenario.messages import problems_of
from optimizer.scenario.nodes import Step, path_text, plain
from optimizer.scenario.origins import Origins
from optimizer.scenario.problems import Mark, Problem, ScenarioError, problem_at
from optimizer.scenario.schema import CoolingId, Month, Record, Scenario
from optimizer.scenario.schema.base import PositiveMw


class GivenBuild(Record):
    """Halls that the plan builds."""

    site: str
    """Site of the scenario [name]."""
    online: Month
    """Month of commissioning [YYYY-MM]."""
    it_mw: PositiveMw
    """IT power, a whole number of the scenario's halls [MW]."""
    chip: str
    """First chips [id]."""
    cooling: CoolingId | None = None
    """Cooling system [id]. Default: the best that goes with the rest."""
    leased: bool | None = None
    """Whether the building is a developer's [truth value]. Default: what is better."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class GivenPlan(Record):
    """Halls and ways of supply that are given; what is left open is chosen as the scenario's objective has it."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    """Name of the plan."""
    description: str = ""
    """What it is [text]."""
    builds: Annotated[tuple[GivenBuild, ...], Field(min_length=1)]
    """All new halls; blocks that stand or are decided come on top."""
    paths: Annotated[dict[str, str], Field(default_factory=dict)]
    """Way of supply by site, as in the table `supply_options` or `grid` [names]. Default: chosen."""

    _marks: Origins | str = PrivateAttr(default="given plan")

    def problem(self, steps: Sequence[Step], code: str, message: str, at_key: bool = False) -> Problem:
        """A problem of this plan, at the place of its file where the value (or its key) was written."""
        if isinstance(self._marks, str):
            mark = Mark(self._marks, 0, 0)
        else:
            mark = self._marks.key(steps) if at_key else self._marks.value(steps)
        return problem_at(mark, code, path_text(steps), message)

    def marked(self, marks: Origins | str) -> GivenPlan:
        """The plan that knows where it was written: its values' places, or a file's name."""
        copy = self.model_copy()
        copy._marks = marks
        return copy


def load_given(path: str | Path, scenario: Scenario) -> GivenPlan:
    """Read a given plan and hold it against a scenario.

    Parameters
    ----------
    path : str or Path
        YAML file.
    scenario : Scenario

    Raises
    ------
    ScenarioError
        Every problem with file, line, column, code, path and message.
    """
    root = read_layers(Path(path), {})
    origins = Origins(root)
    try:
        given = GivenPlan.model_validate(plain(root)).marked(origins)
    except ValidationError as error:
        with keys_of(GivenPlan):
            raise ScenarioError(tuple(problems_of(error, origins))) from None
    return held_against(given, scenario)


def held_against(given: GivenPlan, scenario: Scenario) -> GivenPlan:
    """The plan itself, if halls of the scenario can be what it says.

    Raises
    ------
    ScenarioError
        Builds that no hall can be: all of them at once.
    """
    findings = given_findings(given, scenario)
    if findings:
        raise ScenarioError(
            tuple(given.problem(found.path, found.code, found.message, found.at_key) for found in findings)
        )
    return given


def given_document(given: GivenPlan) -> dict[str, Any]:
    """The plan as YAML and JSON take it: months as YYYY-MM, nothing that is left open."""
    return given.model_dump(mode="json", exclude_none=True)


def given_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a given plan's file."""
    document = schema_of(GivenPlan)
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["title"] = "optimizer given plan"
    return document
