"""Cross checks of a scenario: each with its code, its path and the line that is best changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import optimizer.scenario
from optimizer.scenario import Problem, ScenarioError, load

MINIMAL = (Path(__file__).parents[2] / "configs" / "minimal.yaml").read_text(encoding="utf-8")

# One value of the minimal scenario in place of another: (old, new).
Change = tuple[str, str]

ABILENE = "    tax: {sales_exempt: true}\n    source: assumption\n  - name: port-washington"
END = "    source: assumption\n"
BLOCK = "{online: %s, it_mw: %s, chip: %s, cooling: %s}"


def in_abilene(text: str) -> Change:
    """Lines added to the first site, before its tax."""
    return (ABILENE, f"    {text}\n{ABILENE}")


def at_end(text: str) -> Change:
    """Keys added at the end of the file."""
    return ("    source: assumption\n$", f"    source: assumption\n{text}\n$")


def jobs(text: str) -> Change:
    return ("\nchips:", f"\n  jobs:\n    - {text}\n\nchips:")


def sources(*items: str) -> Change:
    lines = "".join(f"    - {item}\n" for item in items)
    return at_end(f"finance:\n  sources:\n{lines}".rstrip())


def changed(*changes: Change) -> str:
    text = MINIMAL.rstrip() + "\n$"
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.removesuffix("$")


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return caught.value.problems


def block(
    online: str = "2026-07", it_mw: str = "10", chip: str = "gb300_nvl72", cooling: str = "dlc_dry"
) -> str:
    return BLOCK % (online, it_mw, chip, cooling)


EQUITY = "{name: owners, kind: equity, cost: 0.1, funds: [land, facility, power, chips]}"
OWN_CHIP = "\n  settings: {mine: {%s}}\n\nhall:"

# Changes, code, path, the start of the line where it is shown, a part of the message.
CASES: dict[str, tuple[tuple[Change, ...], str, str, str, str]] = {
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
    "E201 weather": (
        (("usa-wi-milwaukee", "usa-wi-milwauke"),),
        "E201",
        "sites[1].weather",
        "    weather: usa-wi",
        "did you mean 'usa-wi-milwaukee'",
    ),
    "E201 market": ((in_abilene("market: us-texas"),), "E201", "sites[0].market", "    market:", "'us-tx'"),
    "E201 carbon region": (
        (in_abilene("carbon_region: ERCOT"),),
        "E201",
        "sites[0].carbon_region",
        "    carbon_region:",
        "ERCT",
    ),
    "E201 state": (
        (("state: TX ", "state: TQ "),),
        "E201",
        "sites[0].state",
        "    state: TQ",
        "unknown state 'TQ'",
    ),
    "E201 hub": (
        (("ercot-hubavg", "ercot-hub"),),
        "E201",
        "sites[0].price.hub",
        "    price: {hub",
        "did you mean 'ercot-hubavg'",
    ),
    "E201 year": (
        (("{hub: ercot-hubavg,", "{hub: ercot-hubavg, year: 2001,"),),
        "E201",
        "sites[0].price.year",
        "    price: {hub",
        "found 2001",
    ),
    "E201 retail state": (
        (("{retail_state: WI}", "{retail_state: XX}"),),
        "E201",
        "sites[1].price.retail_state",
        "    price: {retail",
        "unknown state with a retail price 'XX'",
    ),
    "E201 gas technology": (
        (in_abilene("onsite: {gas: {max_mw: 5, technology: gas_aero}}"),),
        "E201",
        "sites[0].onsite.gas.technology",
        "    onsite:",
        "did you mean 'gas_aero_simple'",
    ),
    "E201 technology that burns no gas": (
        (in_abilene("onsite: {gas: {max_mw: 5, technology: wind_onshore}}"),),
        "E201",
        "sites[0].onsite.gas.technology",
        "    onsite:",
        "burns no gas",
    ),
    "E201 chip of a block": (
        (in_abilene(f"existing: [{block('2025-07', chip='gb300')}]"),),
        "E201",
        "sites[0].existing[0].chip",
        "    existing:",
        "did you mean 'gb300_nvl72'",
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
    "E202 site": (
        (("name: port-washington", "name: abilene"),),
        "E202",
        "sites[1].name",
        "  - name: abilene\n    lat: 43",
        "a second site named 'abilene'",
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
    "E202 source": (
        (sources(EQUITY, EQUITY.replace("0.1", "0.2")),),
        "E202",
        "finance.sources[1].name",
        "    - {name: owners, kind: equity, cost: 0.2",
        "a second source",
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
    "E205 existing": (
        (in_abilene(f"existing: [{block('2026-02')}]"),),
        "E205",
        "sites[0].existing[0].online",
        "    existing:",
        "found 2026-02",
    ),
    "E205 committed": (
        (in_abilene(f"committed: [{block('2025-12')}]"),),
        "E205",
        "sites[0].committed[0].online",
        "    committed:",
        "found 2025-12",
    ),
    "E205 source": (
        (sources(EQUITY.replace("cost", "from: 2027-01, until: 2026-12, cost")),),
        "E205",
        "finance.sources[0].until",
        "    - {name: owners",
        "expected 2027-01 (from) or later",
    ),
    "E206 no power": (
        (
            ("    grid: {offer_mw: {2027-01: 150, 2028-01: 500}}\n", ""),
            ("    price: {retail_state: WI}  # mean industrial price of the state, flat\n", ""),
        ),
        "E206",
        "sites[1]",
        "  - name: port-washington",
        "expected a grid offer",
    ),
    "E206 no megawatts": (
        (("{2027-01: 150, 2028-01: 500}", "{2027-01: 0, 2028-01: 0}"),),
        "E206",
        "sites[1].grid.offer_mw",
        "    grid: {offer_mw: {2027",
        "0 MW at every date",
    ),
    "E207 no price": (
        (("    price: {retail_state: WI}", "    # no price"),),
        "E207",
        "sites[1].grid",
        "    grid: {offer_mw: {2027",
        "no price",
    ),
    "E207 two prices": (
        (("{retail_state: WI}", "{retail_state: WI, flat_usd_per_mwh: 60}"),),
        "E207",
        "sites[1].price",
        "    price: {retail",
        "found retail_state and flat_usd_per_mwh",
    ),
    "E207 none of the prices": (
        (("{retail_state: WI}", "{adder_usd_per_mwh: 3}"),),
        "E207",
        "sites[1].price",
        "    price: {adder",
        "found none",
    ),
    "E207 year without a hub": (
        (("{retail_state: WI}", "{retail_state: WI, year: 2023}"),),
        "E207",
        "sites[1].price.year",
        "    price: {retail",
        "hub only",
    ),
    "E208 cooling of a block": (
        (in_abilene(f"existing: [{block('2025-07', cooling='air_chiller')}]"),),
        "E208",
        "sites[0].existing[0].cooling",
        "    existing:",
        "liquid",
    ),
    "E208 ceiling": (
        (in_abilene(f"max_it_mw: 15\n    committed: [{block()}, {block('2027-01')}]"),),
        "E208",
        "sites[0].max_it_mw",
        "    max_it_mw:",
        "take 20 MW, more than the ceiling 15 MW",
    ),
    "E208 land": (
        (("{acres: 600, usd", "{acres: 8, usd"), in_abilene(f"committed: [{block()}]")),
        "E208",
        "sites[0].land.acres",
        "    land: {acres: 8,",
        "take 9 acres, found 8",
    ),
    "E208 power": (
        (in_abilene(f"committed: [{block()}, {block('2027-01', '401')}]"),),
        "E208",
        "sites[0].committed[1].it_mw",
        "    committed:",
        "never has more than 400 MW",
    ),
    "E209 equity without cost": (
        (sources("{name: a, kind: equity, funds: [chips]}"),),
        "E209",
        "finance.sources[0]",
        "    - {name: a",
        "needs cost",
    ),
    "E209 debt without rate": (
        (sources("{name: a, kind: debt, funds: [chips]}"),),
        "E209",
        "finance.sources[0]",
        "    - {name: a",
        "needs rate",
    ),
    "E209 debt with cost": (
        (sources("{name: a, kind: debt, rate: 0.1, cost: 0.1, funds: [chips]}"),),
        "E209",
        "finance.sources[0].cost",
        "    - {name: a",
        "debt takes rate, not cost",
    ),
    "E209 loan to cost of a lease": (
        (sources("{name: a, kind: lease, cost: 0.1, loan_to_cost: 0.5, funds: [chips]}"),),
        "E209",
        "finance.sources[0].loan_to_cost",
        "    - {name: a",
        "no loan-to-cost",
    ),
    "E209 ceiling twice": (
        (sources(EQUITY.replace("cost", "commit_usd: 5, tranches: {2026-01: 5}, cost")),),
        "E209",
        "finance.sources[0].tranches",
        "    - {name: owners",
        "found both",
    ),
    "E209 cover of equity": (
        (sources(EQUITY.replace("cost", "min_dscr: 1.2, cost")),),
        "E209",
        "finance.sources[0].min_dscr",
        "    - {name: owners",
        "not served",
    ),
    "E210": (
        (("objective: minimize_cost", "objective: maximize_compute"),),
        "E210",
        "objective",
        "objective:",
        "money.budget_usd or finance.sources",
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
    "E212": (
        (sources("{name: a, kind: debt, rate: 0.1, min_dscr: 1.2, funds: [facility]}"),),
        "E212",
        "finance.sources[0].min_dscr",
        "    - {name: a",
        "money.revenue_usd_per_h100e_hour",
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
    changes, code, path, start, part = CASES[name]
    text = changed(*changes)
    found = problems(tmp_path, text)
    here = [problem for problem in found if (problem.code, problem.path) == (code, path)]
    assert len(here) == 1, found
    assert part in here[0].message
    assert f"\n{start}" in text
    line = text[: text.index(f"\n{start}") + 1].count("\n") + 1
    assert here[0].line == line
    assert here[0].column >= 1
    assert Path(here[0].file).name == "case.yaml"
    # One mistake is told once.
    assert len(found) == 1, found


def test_every_code_has_a_case() -> None:
    folder = Path(optimizer.scenario.__file__).parent
    codes = {
        code for file in folder.glob("checks*.py") for code in re.findall(r'"(E\d{3})"', file.read_text())
    }
    codes |= set(re.findall(r'"(E\d{3})"', (folder / "findings.py").read_text()))
    # A workload without any demand is in the tests of every key.
    assert codes - {"E106"} == {code for _, code, *_ in CASES.values()}


def test_minimal_is_valid(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(changed())
    assert load(tmp_path / "case.yaml").name == "minimal"


@pytest.mark.parametrize(
    "change",
    [
        in_abilene("onsite: {gas: {max_mw: 5, technology: gas_reciprocating}}"),
        in_abilene("market: us-tx"),
        in_abilene("carbon_region: ERCT"),
        in_abilene(f"existing: [{block('2026-01')}]"),
        in_abilene(f"committed: [{block('2026-01')}, {block('2028-07', '390')}]"),
        in_abilene(f"max_it_mw: 20\n    committed: [{block()}, {block('2027-01')}]"),
        jobs("{name: j, h100e: 10, from: 2026-01, months: 3}"),
        jobs("{name: j, h100e: 10, from: 2028-07, months: 3}"),
        sources(EQUITY),
        sources("{name: a, kind: vendor, cost: 0.1, loan_to_cost: 0.5, funds: [chips]}"),
        sources("{name: a, kind: debt, rate: 0.1, loan_to_cost: 0.5, funds: [chips]}"),
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
        sources("{name: a, kind: debt, funds: [chips]}"),
    )
    found = problems(tmp_path, text)
    assert [problem.code for problem in found] == ["E205", "E201", "E201", "E201", "E209"]
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
