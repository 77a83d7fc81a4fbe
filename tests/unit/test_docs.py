"""What docs/ says is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from optimizer.scenario.reference import reference

from ..docs_tools import tool

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))


def test_pages_of_cooling_systems_are_current() -> None:
    for name, text in tool("write_cooling").pages().items():
        assert (ROOT / "docs" / "cooling" / name).read_text(encoding="utf-8") == text, name


def test_schema_and_reference_are_current() -> None:
    module = tool("write_reference")
    assert (ROOT / "docs" / "scenario.schema.json").read_text(encoding="utf-8") == module.schema_text()
    assert (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.name)
def test_shipped_scenarios_fit_the_json_schema(path: Path) -> None:
    class Loader(yaml.SafeLoader):
        pass

    # As an editor reads YAML 1.2: months and dates stay text.
    Loader.yaml_implicit_resolvers = {
        key: [(tag, pattern) for tag, pattern in pairs if "timestamp" not in tag]
        for key, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    schema = json.loads((ROOT / "docs" / "scenario.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(document))
    assert not errors, errors[:3]


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
