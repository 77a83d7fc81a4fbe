"""Mistakes of chips, money and dates that are easily made: each is one problem, on the line where it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from .changes import EQUITY, Case, assert_found, block, in_abilene, sources

DEBT = "{name: bank, kind: debt, rate: 0.07, %s, funds: [facility]}"
FUND = "{name: fund, kind: equity, cost: 0.1, funds: [land], tranche_months: 12, tranches: {%s}}"

MISTAKES: dict[str, Case] = {
    "tranches that overlap": (
        (sources(FUND % "2026-01: 1.0e+9, 2026-07: 1.0e+9"),),
        "E214",
        "finance.sources[0].tranches.2026-07",
        "    - {name: fund",
        "overlaps the tranche of 2026-01",
    ),
    "a tranche in the past": (
        (sources(FUND % "2024-01: 1.0e+9, 2026-01: 1.0e+9"),),
        "E205",
        "finance.sources[0].tranches.2024-01",
        "    - {name: fund",
        "a commitment in the past",
    ),
    "a source that closed": (
        (sources(EQUITY.replace("cost", "until: 2025-06, cost")),),
        "E205",
        "finance.sources[0].until",
        "    - {name: owners",
        "2025-06, in the past",
    ),
    "halls decided for the past": (
        (in_abilene(f"committed: [{block('2025-11')}]"),),
        "E205",
        "sites[0].committed[0].online",
        "    committed:",
        "from 2026-01 to 2028-07, found 2025-11",
    ),
    "debt over 100 %": (
        (sources(DEBT % "loan_to_cost: 1.2"),),
        "E104",
        "finance.sources[0].loan_to_cost",
        "    - {name: bank",
        "at most 1, found 1.2",
    ),
    "debt over 100 %, in percent": (
        (sources(DEBT % 'loan_to_cost: "120 %"'),),
        "E104",
        "finance.sources[0].loan_to_cost",
        "    - {name: bank",
        "at most 1",
    ),
    "cover without revenue": (
        (sources(DEBT % "loan_to_cost: 0.7, min_dscr: 1.3"),),
        "E212",
        "finance.sources[0].min_dscr",
        "    - {name: bank",
        "expected money.revenue_usd_per_h100e_hour above 0",
    ),
    "an unknown chip": (
        (("gb300_nvl72, vera_rubin_nvl144]", "gb300_nvl72, vera_rubin_nvl14]"),),
        "E201",
        "chips.offered[1]",
        "  offered:",
        "did you mean 'vera_rubin_nvl144'",
    ),
    "a release after the horizon": (
        (("\n\nhall:", "\n  settings:\n    vera_rubin_nvl144:\n      release: 2034-01\n\nhall:"),),
        "E205",
        "chips.settings.vera_rubin_nvl144.release",
        "      release:",
        "comes in 2034-01, after the horizon",
    ),
    "a path of demand out of order": (
        (
            (
                "path: {2027-07: 1.0e5, 2028-01: 3.0e5}",
                "path:\n        2028-01: 3.0e5\n        2027-07: 1.0e5\n        2028-07: 4.0e5",
            ),
        ),
        "E106",
        "demand.workloads[0].path.2027-07",
        "        2027-07:",
        "expected a month after 2028-01, found 2027-07",
    ),
    "a currency without a rate": (
        (("adder_usd_per_mwh: 14}", 'adder_usd_per_mwh: "14 EUR/MWh"}'),),
        "E106",
        "sites[0].price.adder_usd_per_mwh",
        "    price: {hub",
        "money.currencies has none for 'EUR'",
    ),
    "a currency without its own rate": (
        (
            ("money:\n", "money:\n  currencies: {NOK: 0.095}\n"),
            ("usd_per_acre: 30000", 'usd_per_acre: "300000 SEK/acre"'),
        ),
        "E106",
        "sites[1].land.usd_per_acre",
        "    land: {acres: 700",
        "money.currencies has none for 'SEK'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(MISTAKES))
def test_mistake(tmp_path: Path, name: str) -> None:
    assert_found(tmp_path, MISTAKES[name])
