"""A scenario as plain data and as YAML, and back: nothing is lost, whoever reads it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from optimizer.scenario import (
    Scenario,
    ScenarioError,
    dump_yaml,
    from_document,
    json_schema,
    load,
    load_with_origins,
    to_document,
)

CONFIGS = Path(__file__).parents[2] / "configs"
SHIPPED = sorted(file.name for file in CONFIGS.glob("*.yaml"))


@pytest.fixture(params=SHIPPED)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return load(CONFIGS / request.param)


def test_some_scenarios_are_shipped() -> None:
    assert {"minimal.yaml", "stargate.yaml", "global.yaml"} <= set(SHIPPED)


def test_document_and_back(scenario: Scenario) -> None:
    assert from_document(to_document(scenario)) == scenario


def test_document_through_json(scenario: Scenario) -> None:
    text = json.dumps(to_document(scenario), allow_nan=False)
    assert from_document(json.loads(text)) == scenario


def test_dump_loads_again(scenario: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "dump.yaml"
    file.write_text(dump_yaml(scenario), encoding="utf-8")
    again, origins = load_with_origins(file)
    assert again == scenario
    assert dump_yaml(again) == file.read_text(encoding="utf-8")
    # Every default is written out.
    assert origins.where("money.carbon_usd_per_t") is not None
    assert origins.where("sites[0].water.usd_per_m3") is not None


def test_a_reader_of_yaml_1_1_sees_the_same_numbers(scenario: Scenario) -> None:
    """Months as keys aside, which stay text to it too."""

    def same(seen: Any, meant: Any, path: str) -> None:
        if isinstance(meant, dict):
            assert list(seen) == list(meant), path
            for key in meant:
                same(seen[key], meant[key], f"{path}.{key}")
        elif isinstance(meant, list):
            assert len(seen) == len(meant), path
            for i, (left, right) in enumerate(zip(seen, meant, strict=True)):
                same(left, right, f"{path}[{i}]")
        else:
            assert seen == meant, path
            assert isinstance(seen, type(meant)), path

    same(yaml.safe_load(dump_yaml(scenario)), to_document(scenario), "")


def test_document_fits_the_json_schema(scenario: Scenario) -> None:
    jsonschema.Draft202012Validator(json_schema()).validate(to_document(scenario))


@pytest.mark.parametrize("name", SHIPPED)
def test_files_fit_the_json_schema(name: str) -> None:
    """What an editor checks while one writes: tables, extends and all."""

    class Loader(yaml.SafeLoader):
        """Without dates, as YAML 1.2 has none."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    number = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+\Z")
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", number, list("-+0123456789"))
    document = yaml.load((CONFIGS / name).read_text(encoding="utf-8"), Loader=Loader)
    jsonschema.Draft202012Validator(json_schema()).validate(document)


def test_keys_and_months_are_as_written() -> None:
    document = to_document(load(CONFIGS / "stargate.yaml"))
    assert document["demand"]["jobs"][0]["from"] == "2027-07"
    assert document["finance"]["sources"][0]["from"] == "2025-07"
    assert document["horizon"]["start"] == "2025-07"
    assert list(document["sites"][0]["grid"]["offer_mw"]) == ["2025-07", "2026-01", "2026-07", "2027-01"]
    assert "from_" not in json.dumps(document)


def test_extended_scenario_is_whole() -> None:
    base, more = (
        to_document(load(CONFIGS / name)) for name in ("stargate.yaml", "stargate-max-compute.yaml")
    )
    differing = {key for key in {*base, *more} if base.get(key) != more.get(key)}
    assert differing == {"name", "description", "objective", "money"}
    assert "extends" not in more


@pytest.mark.parametrize("value", [1e9, 1.5e-7, 123456789012.0, 1e22, 0.1, 100.0, 1e16, 3e-5])
def test_numbers_keep_their_value_in_yaml(tmp_path: Path, value: float) -> None:
    scenario = load(CONFIGS / "minimal.yaml", {"money.carbon_usd_per_t": value})
    text = dump_yaml(scenario)
    assert yaml.safe_load(text)["money"]["carbon_usd_per_t"] == value
    (tmp_path / "dump.yaml").write_text(text)
    assert load(tmp_path / "dump.yaml").money.carbon_usd_per_t == value


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "yes",
        "010",
        "1e9",
        "12:30",
        "2027-01-01",
        "null",
        "~",
        "a: b",
        "# x",
        "'",
        '"',
        "a\nb",
        "二つ",
        "!x",
        "%",
        "- a",
        "0x1F",
        "0o17",
    ],
)
def test_texts_keep_their_value_in_yaml(tmp_path: Path, text: str) -> None:
    scenario = load(CONFIGS / "minimal.yaml").model_copy(update={"description": text})
    (tmp_path / "dump.yaml").write_text(dump_yaml(scenario), encoding="utf-8")
    assert load(tmp_path / "dump.yaml") == scenario


def test_a_document_is_checked_as_a_file_is() -> None:
    document = to_document(load(CONFIGS / "minimal.yaml"))
    document["money"]["wacc"] = 8
    document["sites"][0]["grid"]["los"] = 0.1
    with pytest.raises(ScenarioError) as caught:
        from_document(document)
    found = {(problem.code, problem.path) for problem in caught.value.problems}
    assert found == {("E104", "money.wacc"), ("E102", "sites[0].grid.los")}


def test_cross_checks_hold_for_documents() -> None:
    document = to_document(load(CONFIGS / "minimal.yaml"))
    document["sites"][0]["weather"] = "usa-tx-abilen"
    document["objective"] = "maximize_compute"
    with pytest.raises(ScenarioError) as caught:
        from_document(document)
    assert {(p.code, p.path) for p in caught.value.problems} == {
        ("E201", "sites[0].weather"),
        ("E210", "objective"),
    }
    assert all(problem.file == "scenario" for problem in caught.value.problems)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, [], "lots"])
def test_bad_values_in_a_document(value: Any) -> None:
    document = to_document(load(CONFIGS / "minimal.yaml"))
    document["money"]["wacc"] = value
    with pytest.raises(ScenarioError) as caught:
        from_document(document)
    assert [problem.path for problem in caught.value.problems] == ["money.wacc"]


def test_a_scenario_is_immutable() -> None:
    scenario = load(CONFIGS / "minimal.yaml")
    with pytest.raises(ValueError, match="frozen"):
        scenario.money.wacc = 0.5  # type: ignore[misc]


def test_the_document_is_a_copy() -> None:
    scenario = load(CONFIGS / "minimal.yaml")
    document = to_document(scenario)
    document["sites"][0]["grid"]["offer_mw"].clear()
    document["money"]["wacc"] = 9
    assert to_document(scenario) == to_document(load(CONFIGS / "minimal.yaml"))
