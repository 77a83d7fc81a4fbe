"""Scenarios: YAML text to a checked, immutable record in which every value knows where it was written."""

from optimizer.scenario.document import dump_yaml, from_document, to_document
from optimizer.scenario.given import (
    GivenBuild,
    GivenPlan,
    given_document,
    given_schema,
    held_against,
    load_given,
)
from optimizer.scenario.json_schema import json_schema
from optimizer.scenario.load import load, load_with_origins
from optimizer.scenario.origins import Origins
from optimizer.scenario.problems import Mark, Problem, ScenarioError
from optimizer.scenario.schema import Scenario

__all__ = [
    "GivenBuild",
    "GivenPlan",
    "Mark",
    "Origins",
    "Problem",
    "Scenario",
    "ScenarioError",
    "dump_yaml",
    "from_document",
    "given_document",
    "given_schema",
    "held_against",
    "json_schema",
    "load",
    "load_given",
    "load_with_origins",
    "to_document",
]
