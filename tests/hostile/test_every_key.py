"""A bad value for every key of the schema: it is refused where it stands, with its path and what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from optimizer.cli.entry import invoke
from optimizer.scenario import Problem, ScenarioError, load

from .rich import RICH, places, schema_keys, write_rich

Cases = tuple[tuple[str, str], ...]

TEXT: Cases = (("7", "E103"), ("true", "E103"), ("[a]", "E103"), ("{a: 1}", "E103"))
NAME: Cases = (*TEXT, ('""', "E106"), ("a/b", "E106"), ("-a", "E106"), ("x" * 81, "E106"))
MONTH: Cases = (
    ("2027-13", "E106"),
    ("2027-00", "E106"),
    ("2027-1", "E106"),
    ("2027", "E106"),
    ("1066-01", "E106"),
    ("soon", "E106"),
    ("true", "E106"),
    ("[2027-01]", "E106"),
)
FLAG: Cases = (("maybe", "E103"), ("2", "E103"), ("[true]", "E103"), ("{a: 1}", "E103"))
MAPPING: Cases = (("7", "E103"), ("words", "E103"), ("[1, 2]", "E103"))
LIST: Cases = (("7", "E103"), ("words", "E103"), ("{a: 1}", "E103"))
RECORD: Cases = (("7", "E103"), ("words", "E103"), ("[1, 2]", "E103"))


def number(*outside: str) -> Cases:
    """Bad values of a number, and some outside its range."""
    wrong = (
        ("plenty", "E106"),
        ("12 parsecs", "E106"),
        ("true", "E106"),
        ("[1]", "E103"),
        ("{a: 1}", "E103"),
    )
    return (*wrong, *((value, "E104") for value in outside))


def whole(*outside: str) -> Cases:
    wrong = (("1.5", "E103"), ("several", "E103"), ("[1]", "E103"), ("{a: 1}", "E103"))
    return (*wrong, *((value, "E104") for value in outside))


def choice(*more: tuple[str, str]) -> Cases:
    return (("nonsense", "E105"), ("7.5", "E105"), ("[a]", "E105"), ("{a: 1}", "E105"), *more)


def name_of(wrong: str) -> Cases:
    """Bad values of an id of the catalog or of the scenario."""
    return (*TEXT, (wrong, "E201"))


AMOUNT = number("-1", "-0.001")
POSITIVE = number("-1", "0")
SHARE = number("-0.01", "1.01", "85", "101 %")
LATITUDE = number("-90.1", "91", "4339")
LONGITUDE = number("-180.5", "181")
YEARS = number("0", "-5", "100.5", "2000")
BLOCK: dict[str, Cases] = {
    "online": MONTH,
    "it_mw": POSITIVE,
    "chip": name_of("gb300_nvl73"),
    "cooling": choice(("dlc_drie", "E105")),
    "source": TEXT,
}

# Key -> (bad value, code of the problem). A key of the schema that is not here fails the test.
CASES: dict[str, Cases] = {
    "extends": (
        ("7", "E103"),
        ("nowhere.yaml", "E001"),
        ("../base.yaml", "E010"),
        ("http://a.b/c.yaml", "E010"),
    ),
    "extends[]": (),  # see test_extends_takes_a_list_of_files
    "name": (*TEXT, ('""', "E106"), ("x" * 121, "E106")),
    "description": TEXT,
    "horizon": MAPPING,
    "horizon.start": MONTH,
    "horizon.periods": whole("0", "-3", "81"),
    "horizon.months_per_period": choice(("5", "E105"), ("0", "E105"), ("24", "E105")),
    "horizon.operate_until": (*MONTH, ("2026-12", "E205")),
    "money": MAPPING,
    "money.base_year": whole("1989", "2101", "25"),
    "money.wacc": SHARE,
    "money.inflation": number("-0.2", "1.5"),
    "money.carbon_usd_per_t": AMOUNT,
    "money.unserved_usd_per_h100e_hour": AMOUNT,
    "money.revenue_usd_per_h100e_hour": AMOUNT,
    "money.budget_usd": (*AMOUNT, ("5 EUR", "E106")),
    "objective": choice(("minimise_cost", "E105")),
    "demand": MAPPING,
    "demand.metric": choice(("h100", "E105")),
    "demand.min_it_mw": MAPPING,
    "demand.min_it_mw.{}": (*AMOUNT, ("40 MWh", "E106")),
    "demand.regions": LIST,
    "demand.regions[]": RECORD,
    "demand.regions[].name": NAME,
    "demand.regions[].lat": LATITUDE,
    "demand.regions[].lon": LONGITUDE,
    "demand.workloads": LIST,
    "demand.workloads[]": RECORD,
    "demand.workloads[].name": NAME,
    "demand.workloads[].kind": choice(("trainin", "E105")),
    "demand.workloads[].path": (*MAPPING, ("{}", "E106")),
    "demand.workloads[].path.{}": AMOUNT,
    "demand.workloads[].max_rtt_ms": (*POSITIVE, ("40 km", "E106")),
    "demand.workloads[].shares": MAPPING,
    "demand.workloads[].shares.{}": SHARE,
    "demand.jobs": LIST,
    "demand.jobs[]": RECORD,
    "demand.jobs[].name": NAME,
    "demand.jobs[].h100e": POSITIVE,
    "demand.jobs[].from": (*MONTH, ("2040-01", "E205")),
    "demand.jobs[].months": whole("0", "-6", "241"),
    "demand.jobs[].workload": name_of("trainings"),
    "chips": MAPPING,
    "chips.offered": (*LIST, ("[]", "E106")),
    "chips.offered[]": name_of("gb300_nvl73"),
    "chips.supply_racks": MAPPING,
    "chips.supply_racks.{}": MAPPING,
    "chips.supply_racks.{}.{}": AMOUNT,
    "chips.settings": MAPPING,
    "chips.settings.{}": MAPPING,
    "chips.settings.{}.based_on": name_of("gb300_nvl73"),
    "chips.settings.{}.release": MONTH,
    "chips.settings.{}.rack_price_usd": (*POSITIVE, ("4 MEUR", "E106")),
    "chips.settings.{}.network_storage_share": SHARE,
    "chips.settings.{}.price_decline_per_year": SHARE,
    "chips.settings.{}.life_years": YEARS,
    "chips.settings.{}.it_kw_per_rack": (*POSITIVE, ("140 kWh", "E106")),
    "chips.settings.{}.bf16_tflops": POSITIVE,
    "chips.settings.{}.fp8_tflops": POSITIVE,
    "chips.settings.{}.availability": SHARE,
    "chips.refresh": choice(("same family", "E105")),
    "chips.run_on": FLAG,
    "hall": MAPPING,
    "hall.it_mw": (*POSITIVE, ("2001", "E104"), ("3 GW", "E104"), ("50 MWh", "E106")),
    "hall.build_months": (*AMOUNT, ("15 days", "E106")),
    "hall.max_starts_per_site": whole("-1"),
    "hall.max_starts": whole("-1"),
    "hall.redundancy": choice(("N+2", "E105")),
    "hall.utilisation": number("0", "-0.1", "1.1", "80"),
    "hall.capex_usd_per_kw": (*AMOUNT, ("11 EUR/W", "E106")),
    "hall.capex_scale": POSITIVE,
    "hall.life_years": YEARS,
    "cooling": (*LIST, ("[]", "E106")),
    "cooling[]": choice(("dlc_drie", "E105")),
    "cooling_parameters": MAPPING,
    "cooling_parameters.{}": MAPPING,
    "cooling_parameters.{}.{}": number("800", "-20"),
    "sites": (*LIST, ("[]", "E106")),
    "sites[]": RECORD,
    "sites[].name": NAME,
    "sites[].lat": LATITUDE,
    "sites[].lon": LONGITUDE,
    "sites[].weather": (*name_of("usa-tx-abilen"), ("nowhere.epw", "E001"), ("../out.epw", "E010")),
    "sites[].elevation_m": number("-431", "5001"),
    "sites[].market": name_of("us-texas"),
    "sites[].country": (*TEXT, ("USA", "E106"), ("U", "E106")),
    "sites[].state": (*TEXT, ("T", "E106"), ("Texas", "E106")),
    "sites[].carbon_region": name_of("ERCOT"),
    "sites[].carbon_kg_per_mwh": AMOUNT,
    "sites[].grid": MAPPING,
    "sites[].grid.offer_mw": MAPPING,
    "sites[].grid.offer_mw.{}": (*AMOUNT, ("100 MVA", "E106")),
    "sites[].grid.connection_usd_per_kw": AMOUNT,
    "sites[].grid.substation_usd_per_kw": AMOUNT,
    "sites[].grid.loss": SHARE,
    "sites[].grid.min_take": SHARE,
    "sites[].grid.source": TEXT,
    "sites[].price": MAPPING,
    "sites[].price.hub": name_of("ercot-hubav"),
    "sites[].price.year": (*whole("1999", "2101"), ("2003", "E201")),
    "sites[].price.adder_usd_per_mwh": (*number(), ("14 EUR/MWh", "E106")),
    "sites[].price.retail_state": (*TEXT, ("Wisconsin", "E106"), ("XX", "E201")),
    "sites[].price.flat_usd_per_mwh": (*number(), ("75 USD/GWh", "E106")),
    "sites[].price.file": (
        *TEXT,
        ("nowhere.csv", "E001"),
        ("../price.csv", "E010"),
        ("/etc/hostname", "E010"),
    ),
    "sites[].price.escalation_per_year": number("-0.6", "0.6", "2"),
    "sites[].price.source": TEXT,
    "sites[].onsite": MAPPING,
    "sites[].onsite.gas": MAPPING,
    "sites[].onsite.gas.max_mw": POSITIVE,
    "sites[].onsite.gas.lead_months": AMOUNT,
    "sites[].onsite.gas.technology": (*name_of("gas_aero_simpel"), ("solar_pv", "E201")),
    "sites[].onsite.gas.usd_per_mmbtu": POSITIVE,
    "sites[].onsite.gas.sunk": FLAG,
    "sites[].onsite.gas.source": TEXT,
    "sites[].land": MAPPING,
    "sites[].land.acres": (*POSITIVE, ("600 m2", "E106"), ("1", "E208")),
    "sites[].land.acres_per_mw": POSITIVE,
    "sites[].land.usd_per_acre": AMOUNT,
    "sites[].land.source": TEXT,
    "sites[].water": MAPPING,
    "sites[].water.usd_per_m3": AMOUNT,
    "sites[].water.max_m3_per_year": AMOUNT,
    "sites[].tax": MAPPING,
    "sites[].tax.sales_exempt": FLAG,
    "sites[].tax.sales_rate": SHARE,
    "sites[].tax.property_rate": SHARE,
    "sites[].available_from": MONTH,
    "sites[].max_it_mw": (*POSITIVE, ("15", "E208")),
    "sites[].cooling": LIST,
    "sites[].cooling[]": choice(("dlc_drie", "E105")),
    "sites[].existing": LIST,
    "sites[].existing[]": RECORD,
    **{f"sites[].existing[].{key}": cases for key, cases in BLOCK.items()},
    "sites[].committed": LIST,
    "sites[].committed[]": RECORD,
    **{f"sites[].committed[].{key}": cases for key, cases in BLOCK.items()},
    "sites[].partners": TEXT,
    "sites[].source": TEXT,
    "sites[].table": (("7", "E103"), ("[a]", "E103"), ("nowhere.csv", "E001"), ("../more_sites.csv", "E010")),
    "finance": MAPPING,
    "finance.sources": LIST,
    "finance.sources[]": RECORD,
    "finance.sources[].name": NAME,
    "finance.sources[].kind": choice(("equities", "E105")),
    "finance.sources[].commit_usd": AMOUNT,
    "finance.sources[].tranches": MAPPING,
    "finance.sources[].tranches.{}": AMOUNT,
    "finance.sources[].from": MONTH,
    "finance.sources[].until": (*MONTH, ("2025-12", "E205")),
    "finance.sources[].cost": SHARE,
    "finance.sources[].rate": SHARE,
    "finance.sources[].years": YEARS,
    "finance.sources[].loan_to_cost": SHARE,
    "finance.sources[].min_dscr": number("0.9", "11"),
    "finance.sources[].funds": (*LIST, ("[]", "E106")),
    "finance.sources[].funds[]": choice(("chip", "E105")),
    "finance.sources[].after": MAPPING,
    "finance.sources[].after.online_mw": AMOUNT,
    "finance.sources[].source": TEXT,
}

PLACES = places(RICH)
FIRST = {place.template: place for place in reversed(PLACES)}
DATED = (
    "demand.min_it_mw.{}",
    "demand.workloads[].path.{}",
    "chips.supply_racks.{}.{}",
    "sites[].grid.offer_mw.{}",
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
    "sites[].grid.offer_mw",
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
    assert scenario.objective == "minimize_cost"


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
        assert any(word in problem.message for word in ("unknown", "has the years", "burns no gas"))
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
    for template in [template for template, cases in CASES.items() if ("several", "E103") in cases]:
        place = FIRST[template]
        try:
            load(write_rich(tmp_path, place.with_value(RICH, "true")))
        except ScenarioError as error:
            if {(p.code, p.path) for p in error.problems} == {("E103", place.path)}:
                continue
        taken.append(place.path)
    assert taken == []


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
    assert [(problem.code, problem.path) for problem in found] == [("E106", "sites[0].grid.offer_mw")]
    assert found[0].line in (place.line - 1, place.line, place.line + 1)
    assert "2027-07 stands after 2028-07" in found[0].message


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
