"""A scenario as plain data and as YAML, and back."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import ValidationError

from optimizer.scenario.checks import find_problems
from optimizer.scenario.messages import problems_of
from optimizer.scenario.nodes import Entries, node_of, path_text
from optimizer.scenario.origins import Origins
from optimizer.scenario.problems import Mark, ScenarioError, problem_at
from optimizer.scenario.schema import Scenario, currency_rates
from optimizer.scenario.yaml_nodes import core_value_or_text


def to_document(scenario: Scenario) -> dict[str, Any]:
    """All values of a scenario, defaults included, as YAML and JSON take them: months as YYYY-MM, keys as written."""
    return scenario.model_dump(mode="json", by_alias=True, exclude_none=True)


def from_document(document: dict[str, Any]) -> Scenario:
    """A scenario from plain data, checked as a file is.

    Raises
    ------
    ScenarioError
    """
    mark = Mark("scenario", 0, 0)
    root = node_of(document, mark)
    assert isinstance(root, Entries)
    try:
        scenario = Scenario.model_validate(document, context={"currencies": currency_rates(document)})
    except ValidationError as error:
        raise ScenarioError(tuple(problems_of(error, Origins(root)))) from None
    findings = find_problems(scenario)
    if findings:
        raise ScenarioError(
            tuple(
                problem_at(mark, finding.code, path_text(finding.path), finding.message)
                for finding in findings
            )
        )
    return scenario


class _Dumper(yaml.SafeDumper):
    """Dates as keys without quotes would be read as text all the same; anything that another reader bends is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _float(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    text = repr(value)
    # YAML 1.1 readers take 1e9 for text; 1.0e+9 is a number to all.
    if "e" in text:
        mantissa, exponent = text.split("e")
        sign = "" if exponent.startswith("-") else "+"
        text = f"{mantissa if '.' in mantissa else mantissa + '.0'}e{sign}{exponent.lstrip('+')}"
    return dumper.represent_scalar("tag:yaml.org,2002:float", text)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    node = dumper.represent_str(value)
    if core_value_or_text(value) != value:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="'")
    return node


_Dumper.add_representer(float, _float)
_Dumper.add_representer(str, _text)


def dump_yaml(scenario: Scenario) -> str:
    """A scenario as YAML, every default written out."""
    return yaml.dump(
        to_document(scenario),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=110,
    )
