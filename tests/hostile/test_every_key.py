"""A bad value for every key of the schema: it is refused where it stands, with its path and what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from optimizer.cli.entry import invoke
from optimizer.scenario import Problem, ScenarioError, load

from .bad_values import CASES
from .rich import RICH, places, schema_keys, write_rich

PLACES = places(RICH)
FIRST = {place.template: place for place in reversed(PLACES)}
DATED = (
    "money.revenue_usd_per_h100e_hour.{}",
    "money.carbon_usd_per_t.{}",
    "demand.min_it_mw.{}",
    "demand.workloads[].path.{}",
    "chips.supply_racks.{}.{}",
    "sites[].grid.offer_mw.{}",
    "sites[].grid.curtailable.offer_mw.{}",
    "power.unit_slots.{}.{}",
    "power.clean_share.{}",
    "power.max_co2_t_per_year.{}",
)
REQUIRED = (
    "name",
    "horizon",
    "horizon.start",
    "horizon.periods",
    "money",
    "money.wacc",
    "demand",
    "demand.regions[].lat",
    "demand.workloads[].path",
    "demand.jobs[].months",
    "chips",
    "chips.offered",
    "cooling",
    "sites",
    "sites[].weather",
    "sites[].grid.curtailable.offer_mw",
    "sites[].grid.queue[].requested",
    "sites[].onsite.battery.max_mwh",
    "sites[].ppa[].from",
    "sites[].onsite.gas.max_mw",
    "sites[].land.acres",
    "sites[].existing[].cooling",
    "finance.sources[].funds",
    "finance.sources[].after.online_mw",
)


def problems_of(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        load(write_rich(folder, text))
    assert caught.value.exit_code == 2
    return caught.value.problems


def test_rich_scenario_is_valid(tmp_path: Path) -> None:
    scenario = load(write_rich(tmp_path))
    assert [site.name for site in scenario.sites][-1] == "odessa"
    assert scenario.objective.pareto == ("cost", "date")


def test_every_key_of_the_schema_has_a_case_and_a_place() -> None:
    keys = schema_keys()
    assert len(keys) > 150
    assert set(CASES) == set(keys)
    assert set(FIRST) | {"extends[]"} == set(keys)


def _cases() -> Iterator[Any]:
    for template, cases in CASES.items():
        for value, code in cases:
            yield pytest.param(template, value, code, id=f"{template}={value[:20]}")


@pytest.mark.parametrize(("template", "value", "code"), list(_cases()))
def test_bad_value(tmp_path: Path, template: str, value: str, code: str) -> None:
    place = FIRST[template]
    text = place.with_value(RICH, value)
    found = problems_of(tmp_path, text)
    line = text.splitlines()[place.line - 1]
    assert line.rstrip().endswith(value)
    at_value = line.rindex(value) + 1
    if code.startswith(("E0", "E1")):
        assert len(found) == 1, found
    here = [problem for problem in found if place.path.startswith(problem.path)]
    assert here, found
    assert here[0].path == place.path or template == "sites[].table"
    problem = here[0]
    assert problem.code == code
    assert Path(problem.file).name == "case.yaml"
    assert problem.line == place.line
    # A mapping or list is shown at its key.
    assert problem.column in ((place.column, at_value) if value[0] in "[{" else (at_value,))
    assert "\n" not in problem.message
    if code in ("E103", "E104", "E105", "E106"):
        assert "expected" in problem.message
        assert "found" in problem.message or "unknown unit" in problem.message
    elif code == "E201":
        assert any(
            word in problem.message for word in ("unknown", "has the years", "burns no fuel", "no site")
        )
    if code == "E104" and value != "3 GW" and not value.endswith("%"):
        assert f"found {value}" in problem.message


@pytest.mark.parametrize("template", [t for t in FIRST if not t.endswith(("[]", "{}"))])
def test_mistyped_key(tmp_path: Path, template: str) -> None:
    place = FIRST[template]
    key = RICH[place.key_start : place.key_end]
    found = problems_of(tmp_path, place.with_key(RICH, key + "x"))
    # Without `table` the row is a site that lacks all else.
    unknown = [problem for problem in found if problem.code == "E102"]
    assert len(unknown) == 1, found
    assert (unknown[0].line, unknown[0].column) == (place.line, place.column)
    assert unknown[0].path == place.path + "x"
    if template not in ("sites[].table", "extends"):
        assert f"did you mean {key!r}?" in unknown[0].message
    assert all(problem.code in ("E101", "E102") for problem in found)


def test_mistyped_extends_is_suggested(tmp_path: Path) -> None:
    place = FIRST["extends"]
    (problem,) = problems_of(tmp_path, place.with_key(RICH, "extend"))
    assert "did you mean 'extends'?" in problem.message


def test_path_of_a_table_that_is_not_there(tmp_path: Path) -> None:
    place = FIRST["sites[].table"]
    (problem,) = problems_of(tmp_path, place.with_value(RICH, "nowhere.csv"))
    assert problem.path == place.path


def test_month_without_its_hyphen_is_no_month(tmp_path: Path) -> None:
    """202701 is a whole number in YAML: it must not be taken for a count of months since year 0."""
    taken = []
    for template in [template for template, cases in CASES.items() if ("2027-13", "E106") in cases]:
        for value in ("202701", "20270101"):
            place = FIRST[template]
            try:
                load(write_rich(tmp_path, place.with_value(RICH, value)))
            except ScenarioError as error:
                if {(p.code, p.line) for p in error.problems} == {("E106", place.line)}:
                    continue
            taken.append((place.path, value))
    assert taken == []


def test_truth_value_is_no_whole_number(tmp_path: Path) -> None:
    taken = []
    wholes = [template for template, cases in CASES.items() if ("several", "E103") in cases]
    for template in [*wholes, "horizon.months_per_period"]:
        place = FIRST[template]
        try:
            load(write_rich(tmp_path, place.with_value(RICH, "true")))
        except ScenarioError as error:
            if [p.path for p in error.problems] == [place.path] and error.problems[0].code in (
                "E103",
                "E105",
            ):
                continue
        taken.append(place.path)
    assert taken == []


@pytest.mark.parametrize(
    ("template", "value"), [("money.wacc", "0.08"), ("sites[].lat", "32.45"), ("hall.it_mw", "50")]
)
def test_number_in_quotes_is_not_cut_into_number_and_unit(tmp_path: Path, template: str, value: str) -> None:
    """Taken as the number or refused as text, but its last digit is no unit."""
    file = write_rich(tmp_path, FIRST[template].with_value(RICH, f'"{value}"'))
    try:
        load(file)
    except ScenarioError as error:
        shown = str(error)
    else:
        return
    assert "unknown unit" not in shown


@pytest.mark.parametrize("template", REQUIRED)
def test_missing_key(tmp_path: Path, template: str) -> None:
    place = FIRST[template]
    text = place.with_key(RICH, "zzz")
    missing = [problem for problem in problems_of(tmp_path, text) if problem.code == "E101"]
    assert [problem.path for problem in missing] == [place.path]
    assert "missing; expected" in missing[0].message
    around = [
        p for p in PLACES if place.path.startswith((p.path + ".", p.path + "[")) and p.path != place.path
    ]
    if around:
        nearest = max(around, key=lambda p: len(p.path))
        assert (missing[0].line, missing[0].column) == (nearest.line, nearest.column)
    else:
        assert missing[0].line >= 1


@pytest.mark.parametrize("template", DATED)
@pytest.mark.parametrize("key", ["2028-13", "2028", "early", "2028-1", "1066-01"])
def test_bad_date_as_a_key(tmp_path: Path, template: str, key: str) -> None:
    place = FIRST[template]
    (problem,) = problems_of(tmp_path, place.with_key(RICH, key))
    assert problem.code == "E106"
    assert (problem.line, problem.column) == (place.line, place.column)
    assert problem.path == place.path.rpartition(".")[0] + "." + key
    assert "expected" in problem.message
    assert key in problem.message


@pytest.mark.parametrize(
    ("template", "key", "code"),
    [
        ("demand.workloads[].shares.{}", "texsa", "E201"),
        ("chips.supply_racks.{}", "gb300_nvl73", "E201"),
        ("power.unit_slots.{}", "gas_aero_simpel", "E201"),
        ("chips.settings.{}", "own_rock", "E201"),
        ("cooling_parameters.{}", "dlc_drie", "E105"),
        ("cooling_parameters.{}.{}", "dry_approach", "E201"),
    ],
)
def test_unknown_id_as_a_key(tmp_path: Path, template: str, key: str, code: str) -> None:
    place = FIRST[template]
    found = problems_of(tmp_path, place.with_key(RICH, key))
    here = [problem for problem in found if (problem.line, problem.column) == (place.line, place.column)]
    assert here, found
    assert here[0].code == code
    assert key in here[0].message


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("[base.yaml, nowhere.yaml]", "E001"),
        ("[7]", "E103"),
        ("[base.yaml, ../x.yaml]", "E010"),
        ("[[a]]", "E103"),
    ],
)
def test_extends_takes_a_list_of_files(tmp_path: Path, value: str, code: str) -> None:
    place = FIRST["extends"]
    load(write_rich(tmp_path, place.with_value(RICH, "[base.yaml]")))
    (problem,) = problems_of(tmp_path, place.with_value(RICH, value))
    assert (problem.code, problem.path, problem.line) == (code, "extends", place.line)
    assert problem.column > place.column


def test_dates_out_of_order(tmp_path: Path) -> None:
    place = FIRST["sites[].grid.offer_mw.{}"]
    found = problems_of(tmp_path, place.with_key(RICH, "2028-07"))
    assert [(problem.code, problem.path) for problem in found] == [("E106", "sites[0].grid.offer_mw.2027-07")]
    assert (found[0].line, found[0].column) == (place.line + 1, place.column)
    assert "expected a month after 2028-07, found 2027-07" in found[0].message


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("horizon.start", "2027-13"),
        ("money.wacc", "8"),
        ("hall.redundancy", "N+2"),
        ("sites[].grid.loss", "a lot"),
        ("finance.sources[].funds[]", "chip"),
        ("sites", "7"),
        ("extends", "nowhere.yaml"),
    ],
)
def test_command_line_exits_with_2(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], template: str, value: str
) -> None:
    place = FIRST[template]
    file = write_rich(tmp_path, place.with_value(RICH, value))
    assert invoke(["validate", str(file)]) == 2
    shown = capfd.readouterr()
    assert f"case.yaml:{place.line}:" in shown.out
    assert "Traceback" not in shown.out + shown.err
    assert invoke(["validate", str(file), "--json"]) == 2
    answer = json.loads(capfd.readouterr().out)
    assert answer["valid"] is False
    (problem,) = answer["configs"][0]["problems"]
    assert (problem["line"], problem["path"]) == (place.line, place.path)


def test_every_key_is_described_with_its_unit() -> None:
    poor = []
    for path, nodes in schema_keys().items():
        if path.endswith(("[]", "{}")):
            continue
        text = " ".join(node.get("description", "") for node in nodes)
        if len(text) < 8:
            poor.append(f"{path}: no description")
        of_records = any(
            "properties" in node or "$ref" in node.get("items", {}) or "anyOf" in node.get("items", {})
            for node in nodes
        )
        has_unit = "[" in text or any("unit" in node for node in nodes)
        # Names are nothing but names; mappings and lists of records are described key by key.
        maps_records = any("$ref" in str(node.get("additionalProperties", "")) for node in nodes)
        if not (has_unit or of_records or maps_records or path.split(".")[-1] == "name"):
            poor.append(f"{path}: no unit")
    assert not poor
