"""What docs/ says is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from optimizer.scenario import GivenPlan, held_against, load
from optimizer.scenario.nodes import plain
from optimizer.scenario.reference import reference
from optimizer.scenario.yaml_nodes import parse

from ..docs_tools import tool

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
PLANS = sorted((ROOT / "configs" / "plans").glob("*.yaml"))


def test_pages_of_cooling_systems_are_current() -> None:
    for name, text in tool("write_cooling").pages().items():
        assert (ROOT / "docs" / "cooling" / name).read_text(encoding="utf-8") == text, name


def test_schema_and_reference_are_current() -> None:
    module = tool("write_reference")
    assert (ROOT / "docs" / "scenario.schema.json").read_text(encoding="utf-8") == module.schema_text()
    assert (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8") == reference()
    assert (ROOT / "docs" / "plan.schema.json").read_text(encoding="utf-8") == module.plan_schema_text()


@pytest.mark.parametrize(
    ("path", "schema_name"),
    [*((path, "scenario") for path in CONFIGS), *((path, "plan") for path in PLANS)],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_shipped_files_fit_the_json_schema(path: Path, schema_name: str) -> None:
    class Loader(yaml.SafeLoader):
        pass

    # As an editor reads YAML 1.2: months and dates stay text.
    Loader.yaml_implicit_resolvers = {
        key: [(tag, pattern) for tag, pattern in pairs if "timestamp" not in tag]
        for key, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    schema = json.loads((ROOT / "docs" / f"{schema_name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(document))
    assert not errors, errors[:3]


def test_the_plan_in_the_docs_is_one() -> None:
    """The example of a given plan can be read and fits the minimal scenario."""
    text = (ROOT / "docs" / "given-plans.md").read_text(encoding="utf-8")
    example = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0]
    halls = GivenPlan.model_validate(plain(parse(example, "given-plans.md", "file")))
    assert held_against(halls, load(ROOT / "configs" / "minimal.yaml")) is halls


def test_every_error_code_is_explained() -> None:
    used = set()
    for path in (ROOT / "optimizer" / "scenario").rglob("*.py"):
        used |= set(re.findall(r'"(E\d{3})"', path.read_text(encoding="utf-8")))
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| (E\d{3}) \|", text, re.MULTILINE))
    assert used == explained


def test_nothing_in_the_documents_leads_astray() -> None:
    """Files that documents name exist."""
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for name in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / name).exists(), f"{document.name}: {name}"
