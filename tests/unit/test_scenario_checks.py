"""Cross checks of horizon, demand, chips and cooling: code, path and the line that is best changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import optimizer.scenario
from optimizer.scenario import load

from ..hostile.changes import (
    EQUITY,
    GAS_NOW,
    OWN_CHIP,
    Case,
    Change,
    assert_found,
    at_end,
    block,
    changed,
    in_abilene,
    jobs,
    sources,
)
from ..hostile.refusals import refused
from .test_scenario_checks_money import CASES as MONEY_CASES
from .test_scenario_checks_sites import CASES as SITE_CASES

CASES: dict[str, Case] = {
    "E205 price of carbon after the end": (
        (("  wacc: 0.08 ", "  carbon_usd_per_t: {2033-01: 3}\n  wacc: 0.08 "),),
        "E205",
        "money.carbon_usd_per_t.2033-01",
        "  carbon_usd_per_t:",
        "after the end of the study",
    ),
    "E201 chip": (
        (("vera_rubin_nvl144]", "vera_rubin]"),),
        "E201",
        "chips.offered[1]",
        "  offered:",
        "did you mean 'vera_rubin_nvl144'",
    ),
    "E201 own chip without based_on": (
        (("\n\nhall:", OWN_CHIP % "life_years: 4"), ("vera_rubin_nvl144]", "mine]")),
        "E201",
        "chips.settings.mine",
        "  settings:",
        "give based_on",
    ),
    "E201 based_on": (
        (("\n\nhall:", OWN_CHIP % "based_on: gb300"), ("vera_rubin_nvl144]", "mine]")),
        "E201",
        "chips.settings.mine.based_on",
        "  settings:",
        "did you mean 'gb300_nvl72'",
    ),
    "E201 settings of a chip that is not offered": (
        (("\n\nhall:", "\n  settings: {h100_sxm: {life_years: 4}}\n\nhall:"),),
        "E201",
        "chips.settings.h100_sxm",
        "  settings:",
        "chips.offered",
    ),
    "E201 supply of a chip that is not offered": (
        (("    gb300_nvl72: {2026-07", "    h100_sxm: {2026-07"),),
        "E201",
        "chips.supply_racks.h100_sxm",
        "    h100_sxm:",
        "chips.offered",
    ),
    "E201 region": (
        (("max_rtt_ms: 40 ", "shares: {texsa: 1}\n      max_rtt_ms: 40 "),),
        "E201",
        "demand.workloads[1].shares.texsa",
        "      shares:",
        "did you mean 'texas'",
    ),
    "E201 workload of a job": (
        (jobs("{name: j, h100e: 10, from: 2027-07, months: 3, workload: trainin}"),),
        "E201",
        "demand.jobs[0].workload",
        "    - {name: j",
        "did you mean 'training'",
    ),
    "E201 cooling parameter": (
        (at_end("cooling_parameters:\n  dlc_dry:\n    dry_approach: 8"),),
        "E201",
        "cooling_parameters.dlc_dry.dry_approach",
        "    dry_approach:",
        "did you mean 'dry_approach_k'",
    ),
    "E104 cooling parameter": (
        (at_end("cooling_parameters:\n  dlc_dry:\n    dry_approach_k: 800"),),
        "E104",
        "cooling_parameters.dlc_dry.dry_approach_k",
        "    dry_approach_k:",
        "found 800",
    ),
    "E202 workload": (
        (("- name: inference", "- name: training"),),
        "E202",
        "demand.workloads[1].name",
        "    - name: training\n      max",
        "a second workload",
    ),
    "E202 region": (
        (
            (
                "- {name: texas, lat: 32.8, lon: -96.8}",
                "- {name: texas, lat: 32, lon: -96}\n    - {name: texas, lat: 1, lon: 2}",
            ),
        ),
        "E202",
        "demand.regions[1].name",
        "    - {name: texas, lat: 1",
        "a second region",
    ),
    "E202 job": (
        (
            jobs(
                "{name: j, h100e: 10, from: 2027-07, months: 3}\n    - {name: j, h100e: 9, from: 2027-07, months: 3}"
            ),
        ),
        "E202",
        "demand.jobs[1].name",
        "    - {name: j, h100e: 9",
        "a second job",
    ),
    "E202 chip": (
        (("vera_rubin_nvl144]", "gb300_nvl72]"),),
        "E202",
        "chips.offered[1]",
        "  offered:",
        "offered twice",
    ),
    "E204": (
        (
            ("lon: -96.8}", "lon: -96.8}\n    - {name: ohio, lat: 40, lon: -82}"),
            ("max_rtt_ms: 40 ", "shares: {texas: 0.5, ohio: 0.4}\n      max_rtt_ms: 40 "),
        ),
        "E204",
        "demand.workloads[1].shares",
        "      shares:",
        "found 0.9",
    ),
    "E205 early end of operation": (
        (("operate_until: 2032-12", "operate_until: 2028-06"),),
        "E205",
        "horizon.operate_until",
        "  operate_until:",
        "expected 2028-12 or later",
    ),
    "E205 late end of operation": (
        (("operate_until: 2032-12", "operate_until: 2090-12"),),
        "E205",
        "horizon.operate_until",
        "  operate_until:",
        "60 years",
    ),
    "E205 date of the floor": (
        (("min_it_mw: {2028-01: 400}", "min_it_mw: {2028-08: 400}"),),
        "E205",
        "demand.min_it_mw.2028-08",
        "  min_it_mw:",
        "would never hold",
    ),
    "E205 date of a demand": (
        (("2028-07: 2.0e5", "2029-07: 2.0e5"),),
        "E205",
        "demand.workloads[1].path.2029-07",
        "      path: {2027-07: 5",
        "would never hold",
    ),
    "E205 job": (
        (jobs("{name: j, h100e: 10, from: 2025-12, months: 3}"),),
        "E205",
        "demand.jobs[0].from",
        "    - {name: j",
        "found 2025-12",
    ),
    "E211 chip without its cooling": (
        (
            ("[dlc_dry, dlc_adiabatic, dlc_tower]", "[air_chiller]"),
            ("[gb300_nvl72, vera_rubin_nvl144]", "[h100_sxm, gb300_nvl72]"),
        ),
        "E211",
        "chips.offered[1]",
        "  offered:",
        "liquid cooling",
    ),
    "E211 work that no chip does": (
        (
            ("[gb300_nvl72, vera_rubin_nvl144]", "[arm_cpu_rack]"),
            ("    gb300_nvl72: {2026", "    arm_cpu_rack: {2026"),
            ("- name: inference", "- name: web\n      kind: cpu"),
        ),
        "E211",
        "demand.workloads[0].name",
        "    - name: training",
        "no chip on offer can do training work",
    ),
    "E213 latency without regions": (
        (
            (
                "  regions:                # who needs compute at a latency\n    - {name: texas, lat: 32.8, lon: -96.8}\n",
                "",
            ),
        ),
        "E213",
        "demand.workloads[1].max_rtt_ms",
        "      max_rtt_ms:",
        "demand.regions",
    ),
    "E213 shares without latency": (
        (("- name: training ", "- shares: {texas: 1}\n      name: training "),),
        "E213",
        "demand.workloads[0].shares",
        "    - shares:",
        "need max_rtt_ms",
    ),
}


@pytest.mark.parametrize("name", list(CASES))
def test_finding(tmp_path: Path, name: str) -> None:
    assert_found(tmp_path, CASES[name])


def test_every_code_has_a_case() -> None:
    folder = Path(optimizer.scenario.__file__).parent
    codes = {
        code for file in folder.glob("checks*.py") for code in re.findall(r'"(E\d{3})"', file.read_text())
    }
    codes |= set(re.findall(r'"(E\d{3})"', (folder / "findings.py").read_text()))
    # A workload without any demand is in the tests of every key.
    cases = (*CASES.values(), *SITE_CASES.values(), *MONEY_CASES.values())
    assert codes - {"E106"} == {code for _, code, *_ in cases} - {"E106"}


def test_minimal_is_valid(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(changed())
    assert load(tmp_path / "case.yaml").name == "minimal"


@pytest.mark.parametrize(
    "change",
    [
        in_abilene("onsite: {gas: {max_mw: 5, technology: gas_reciprocating}}"),
        in_abilene("market: us-tx"),
        in_abilene("carbon_region: ERCT"),
        in_abilene(f"{GAS_NOW}existing: [{block('2026-01')}]"),
        in_abilene(f"{GAS_NOW}committed: [{block('2026-01')}, {block('2028-07', '390')}]"),
        in_abilene(f"max_it_mw: 20\n    committed: [{block()}, {block('2027-01')}]"),
        jobs("{name: j, h100e: 10, from: 2026-01, months: 3}"),
        jobs("{name: j, h100e: 10, from: 2028-07, months: 3}"),
        sources(EQUITY),
        sources("{name: a, kind: vendor, cost: 0.1, loan_to_cost: 0.5, funds: [chips]}", EQUITY),
        sources("{name: a, kind: debt, rate: 0.1, loan_to_cost: 0.5, funds: [chips]}", EQUITY),
        ("operate_until: 2032-12", "operate_until: 2028-12"),
        ("min_it_mw: {2028-01: 400}", "min_it_mw: {2028-07: 400}"),
        ("\n\nhall:", "\n  settings: {gb300_nvl72: {life_years: 4}}\n\nhall:"),
        at_end("cooling_parameters: {dlc_dry: {dry_approach_k: 10}}"),
        ("{hub: ercot-hubavg,", "{hub: ercot-hubavg, year: 2023,"),
    ],
)
def test_what_is_at_the_limit_is_taken(tmp_path: Path, change: Change) -> None:
    (tmp_path / "case.yaml").write_text(changed(change))
    assert len(load(tmp_path / "case.yaml").sites) == 2


def test_findings_of_all_parts_are_shown_at_once(tmp_path: Path) -> None:
    text = changed(
        ("operate_until: 2032-12", "operate_until: 2028-06"),
        ("vera_rubin_nvl144]", "vera_rubin]"),
        ("usa-wi-milwaukee", "usa-wi-milwauke"),
        ("{retail_state: WI}", "{retail_state: XX}"),
        sources("{name: a, kind: debt, loan_to_cost: 0.5, funds: [land, facility, power, chips]}"),
    )
    (tmp_path / "case.yaml").write_text(text)
    found = refused(tmp_path / "case.yaml")
    assert [problem.code for problem in found] == ["E205", "E201", "E201", "E201", "E209"]
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
