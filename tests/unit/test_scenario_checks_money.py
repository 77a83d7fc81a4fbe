"""Cross checks of money, each with its code, its path and the line that is best changed, expected and found."""

from __future__ import annotations

from pathlib import Path

import pytest

import optimizer
from optimizer.scenario import dump_yaml
from optimizer.scenario.document import from_document, to_document

from ..hostile.changes import EQUITY, Case, Change, assert_found, changed, in_abilene, sources

ALL = "funds: [land, facility, power, chips]"
FUND = "    - {name: fund"
PRICED = ("  wacc: 0.08 ", "  revenue_usd_per_h100e_hour: 2\n  wacc: 0.08 ")


def fund(terms: str) -> Change:
    """Equity that pays for everything, with more terms."""
    return sources(f"{{name: fund, kind: equity, cost: 0.1, {ALL}, {terms}}}")


def of(kind: str, terms: str) -> Change:
    """A source of another kind beside equity that pays for everything."""
    price = "rate: 0.06" if kind == "debt" else "cost: 0.1"
    return sources(EQUITY, f"{{name: a, kind: {kind}, {price}, {ALL}, {terms}}}")


def finding(change: Change, code: str, key: str, part: str, *more: Change) -> Case:
    """A finding of the source that the change adds."""
    name, at = ("a", 1) if "name: a," in change[1] else ("fund", 0)
    path = f"finance.sources[{at}]{'.' if key else ''}{key}"
    return ((*more, change), code, path, f"    - {{name: {name}", part)


CASES: dict[str, Case] = {
    "E106 rate of the dollar": (
        (("  wacc: 0.08 ", "  currencies: {USD: 2}\n  wacc: 0.08 "),),
        "E106",
        "money.currencies.USD",
        "  currencies:",
        "expected other currencies than USD, in which all money is counted, found a rate of 2",
    ),
    "E202 source": (
        (sources(EQUITY, EQUITY.replace("0.1", "0.2")),),
        "E202",
        "finance.sources[1].name",
        "    - {name: owners, kind: equity, cost: 0.2",
        "a second source",
    ),
    "E202 class twice": (
        (
            sources(
                EQUITY,
                "{name: a, kind: debt, rate: 0.06, loan_to_cost: 0.5, funds: [facility, chips, chips]}",
            ),
        ),
        "E202",
        "finance.sources[1].funds[2]",
        "    - {name: a",
        "expected each class once, found 'chips' again",
    ),
    "E106 rate in another currency": (
        (
            (
                "  wacc: 0.08 ",
                "  budget_usd: 3000 B YEN\n  currencies: {EUR: 1.1, YEN: 0.006 EUR}\n  wacc: 0.08 ",
            ),
        ),
        "E106",
        "money.currencies.YEN",
        "  currencies:",
        "expected US dollars as a plain number, found '0.006 EUR'",
    ),
    "E104 rate below 0": (
        (("  wacc: 0.08 ", "  budget_usd: 10 B EUR\n  currencies: {EUR: -1}\n  wacc: 0.08 "),),
        "E104",
        "money.currencies.EUR",
        "  currencies:",
        "expected a number in USD, above 0, found -1",
    ),
    "E205 tranche after until": finding(
        fund("until: 2026-03, tranches: {2026-07: 1.0e+9}"),
        "E205",
        "tranches.2026-07",
        "expected 2026-03 (until) or earlier, after which nothing is drawn, found 2026-07",
    ),
    "E202 operations": (
        (sources(f"{{name: operations, kind: equity, cost: 0.1, {ALL}}}"),),
        "E202",
        "finance.sources[0].name",
        "    - {name: operations",
        "expected another name: the statement calls what no source pays so; found 'operations'",
    ),
    "E205 revenue after the study": (
        (("  wacc: 0.08 ", "  revenue_usd_per_h100e_hour: {2027-01: 2, 2033-01: 1}\n  wacc: 0.08 "),),
        "E205",
        "money.revenue_usd_per_h100e_hour.2033-01",
        "  revenue_usd_per_h100e_hour:",
        "expected 2032-12 or earlier, the end of the study, found 2033-01",
    ),
    "E205 from after planning": finding(
        fund("from: 2028-08"), "E205", "from", "expected 2028-07 or earlier, the start of the last planning"
    ),
    "E205 until before the horizon": finding(
        fund("until: 2025-12"),
        "E205",
        "until",
        "expected 2026-01 or later, the start of the horizon, found 2025-12",
    ),
    "E205 until before from": finding(
        fund("from: 2027-01, until: 2026-07"),
        "E205",
        "until",
        "expected 2027-01 (from) or later, found 2026-07",
    ),
    "E205 no period between": finding(
        fund("from: 2026-02, until: 2026-06"),
        "E205",
        "until",
        "expected 2026-07 or later, the first start of a planning period after from, found 2026-06",
    ),
    "E205 tranche in the past": finding(
        fund("tranches: {2025-12: 1.0e+9, 2026-01: 1.0e+9}"),
        "E205",
        "tranches.2025-12",
        "expected 2026-01 or later, as what is there at the start is commit_usd, found 2025-12, a commitment in the past",
    ),
    "E205 tranche after planning": finding(
        fund("tranches: {2026-01: 1.0e+9, 2028-08: 1.0e+9}"),
        "E205",
        "tranches.2028-08",
        "expected 2028-07 or earlier, the start of the last planning period, found 2028-08",
    ),
    "E205 tranche that lapsed": finding(
        fund("tranches: {2025-01: 1.0e+9, 2026-01: 1.0e+9}, tranche_months: 12"),
        "E205",
        "tranches.2025-01",
        "expected a planning period that starts within its 12 months and in which the source may be drawn, found none from "
        "2025-01 to 2025-12",
    ),
    "E205 tranche without a period": finding(
        fund("tranches: {2026-02: 1.0e+9}, tranche_months: 5"),
        "E205",
        "tranches.2026-02",
        "found none from 2026-02 to 2026-06",
    ),
    "E205 tranche before from": finding(
        fund("tranches: {2026-01: 1.0e+9, 2027-01: 1.0e+9}, tranche_months: 12, from: 2027-01"),
        "E205",
        "tranches.2026-01",
        "found none from 2026-01 to 2026-12",
    ),
    "E205 raise in the past": finding(
        fund("raises: [{date: 2025-12, usd: 1.0e+9}]"),
        "E205",
        "raises[0].date",
        "expected 2026-01 or later, as what is there at the start is commit_usd, found 2025-12, a commitment in the past",
    ),
    "E205 raise after planning": finding(
        fund("raises: [{date: 2028-08, usd: 1.0e+9}]"),
        "E205",
        "raises[0].date",
        "expected 2028-07 or earlier",
    ),
    "E205 raise after until": finding(
        fund("raises: [{date: 2027-08, usd: 1.0e+9}], until: 2027-09"),
        "E205",
        "raises[0].date",
        "expected 2027-09 (until) or earlier with a period's start between, found 2027-08",
    ),
    "E209 equity without cost": (
        (sources(f"{{name: a, kind: equity, {ALL}}}", EQUITY),),
        "E209",
        "finance.sources[0]",
        "    - {name: a",
        "expected cost, the yearly cost of the money of equity, found none",
    ),
    "E209 debt without rate": (
        (sources(f"{{name: a, kind: debt, commit_usd: 5, {ALL}}}"),),
        "E209",
        "finance.sources[0]",
        "    - {name: a",
        "expected rate, the yearly interest of debt, found none",
    ),
    "E209 debt with cost": finding(
        of("debt", "cost: 0.1, commit_usd: 5"), "E209", "cost", "expected rate, which debt takes, found cost"
    ),
    "E209 debt without a limit": finding(
        of("debt", "years: 9"),
        "E209",
        "",
        "expected loan_to_cost, commit_usd or tranches, the most that debt lends, found none of them",
    ),
    "E209 loan to cost of a lease": finding(
        of("lease", "loan_to_cost: 0.5"),
        "E209",
        "loan_to_cost",
        "lend a share of the cost, found lease",
    ),
    "E209 ceiling twice": finding(
        fund("commit_usd: 5, tranches: {2026-01: 5}"),
        "E209",
        "tranches",
        "expected commit_usd or tranches, found both",
    ),
    "E209 cover of equity": finding(
        fund("min_dscr: 1.2"),
        "E209",
        "min_dscr",
        "expected debt, lease or vendor, which are served, found equity",
    ),
    "E209 rank of equity": finding(
        fund("rank: 2"),
        "E209",
        "rank",
        "expected no rank of equity, which comes after all that is served, found 2",
    ),
    "E209 rounds of debt": finding(
        of("debt", "commit_usd: 5, raises: [{date: 2026-01, usd: 1}]"),
        "E209",
        "raises",
        "expected equity, which is raised in rounds, found debt",
    ),
    "E209 rounds beside tranches that lapse": finding(
        fund("tranches: {2026-01: 5}, tranche_months: 6, raises: [{date: 2026-01, usd: 1}]"),
        "E209",
        "raises",
        "expected raises in a source of their own, as tranches lapse here, found tranche_months beside them",
    ),
    "E210": (
        (("objective: minimize_cost", "objective: maximize_compute"),),
        "E210",
        "objective",
        "objective:",
        "money.budget_usd, finance.sources or bounds.max_cost_usd",
    ),
    "E212 no revenue": finding(
        of("debt", "commit_usd: 5, min_dscr: 1.2"),
        "E212",
        "min_dscr",
        "expected money.revenue_usd_per_h100e_hour above 0, which pays for the service, found none",
    ),
    "E212 revenue of nothing": finding(
        of("debt", "commit_usd: 5, min_dscr: 1.2"),
        "E212",
        "min_dscr",
        "expected money.revenue_usd_per_h100e_hour above 0, which pays for the service, found 0",
        (PRICED[0], PRICED[1].replace("hour: 2", "hour: {2026-01: 0, 2027-01: 0}")),
    ),
    "E213 nothing to lapse": finding(
        fund("tranche_months: 12"), "E213", "tranche_months", "expected tranches that lapse so, found none"
    ),
    "E214 tranches that overlap": finding(
        fund("tranche_months: 12, tranches: {2026-01: 1.0e+9, 2026-07: 1.0e+9}"),
        "E214",
        "tranches.2026-07",
        "expected 2027-01 or later, as it overlaps the tranche of 2026-01, which may be drawn for 12 months, found 2026-07",
    ),
    "E214 rounds out of order": finding(
        fund("raises: [{date: 2027-01, usd: 1}, {date: 2026-07, usd: 1}]"),
        "E214",
        "raises[1].date",
        "expected a month after 2027-01, the round before, found 2026-07",
    ),
    "E215 condition out of reach": finding(
        fund("after: {online_mw: 901}"),
        "E215",
        "after.online_mw",
        "expected at most 900 MW, all that the sites can have in the planning periods, found 901",
    ),
    "E215 condition of a round": finding(
        fund("raises: [{date: 2027-01, usd: 1, after: {online_mw: 5000}}]"),
        "E215",
        "raises[0].after.online_mw",
        "found 5000",
    ),
    "E216 chips that nobody pays for": (
        (sources(EQUITY.replace(", chips]", "]")),),
        "E216",
        "finance.sources",
        "  sources:",
        "expected sources that fund chips too, which every new hall needs, found none that does",
    ),
}


@pytest.mark.parametrize("name", list(CASES))
def test_finding(tmp_path: Path, name: str) -> None:
    assert_found(tmp_path, CASES[name])
    words = CASES[name][-1]
    assert "found" in words or "expected" in words or name in ("E210", "E202 source")


@pytest.mark.parametrize(
    "changes",
    [
        (fund("from: 2020-01"),),  # money may be there already
        (fund("from: 2028-07"),),
        (fund("from: 2026-02, until: 2026-07"),),
        (fund("tranches: {2025-07: 1.0e+9, 2026-07: 1.0e+9}, tranche_months: 12"),),  # half of it is left
        (fund("raises: [{date: 2026-01, usd: 1}, {date: 2028-07, usd: 1, fee_share: 0.99}]"),),
        (fund("after: {online_mw: 900}"),),
        (of("debt", "loan_to_cost: 0.7"), PRICED),
        (of("debt", "loan_to_cost: 0.7, min_dscr: 1.2, rank: 2"), PRICED),
        # The rank rule keeps both together within the looser of the two.
        (
            sources(
                EQUITY,
                f"{{name: a, kind: debt, rate: 0.1, loan_to_cost: 0.7, {ALL}}}",
                f"{{name: b, kind: debt, rate: 0.1, loan_to_cost: 0.6, {ALL}}}",
            ),
        ),
        (sources(EQUITY.replace("land, ", "")), ("usd_per_acre: 12000", "usd_per_acre: 0")),
        (
            sources(EQUITY.replace("facility, ", "")),
            in_abilene("build_to_suit: {usd_per_kw_month: 100, years: 9}"),
        ),
        (("  wacc: 0.08 ", "  currencies: {USD: 1, EUR: 1.1}\n  wacc: 0.08 "),),
    ],
)
def test_what_is_at_the_limit_is_taken(tmp_path: Path, changes: tuple[Change, ...]) -> None:
    (tmp_path / "case.yaml").write_text(changed(*changes))
    assert len(optimizer.load(tmp_path / "case.yaml").sites) == 2


def test_an_empty_list_of_sources_is_named(tmp_path: Path) -> None:
    """Without sources money is no limit: to say so by an empty list would make the removal of the last one help."""
    text = changed(sources(EQUITY)).replace(f"\n    - {EQUITY}", " []")
    (tmp_path / "case.yaml").write_text(text)
    with pytest.raises(optimizer.ScenarioError) as caught:
        optimizer.load(tmp_path / "case.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("E106", "finance.sources")
    assert problem.line == text[: text.index("  sources: []")].count("\n") + 1
    assert "leave finance out where money is no limit, found an empty list" in problem.message


@pytest.mark.parametrize("price", ["2", "{2026-01: 2.0, 2028-01: 1.5}", '"2 USD/h100e-h"'])
def test_revenue_is_a_number_or_a_path_and_reads_again(tmp_path: Path, price: str) -> None:
    text = changed((PRICED[0], PRICED[1].replace("hour: 2", f"hour: {price}")))
    (tmp_path / "case.yaml").write_text(text)
    scenario = optimizer.load(tmp_path / "case.yaml")
    assert from_document(to_document(scenario)) == scenario
    (tmp_path / "again.yaml").write_text(dump_yaml(scenario))
    assert optimizer.load(tmp_path / "again.yaml") == scenario
