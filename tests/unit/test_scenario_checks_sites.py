"""Cross checks of sites, each with its code, its path and the line that is best changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..hostile.changes import GAS_NOW, Case, assert_found, at_end, block, in_abilene

CASES: dict[str, Case] = {
    "E106 country": (
        (in_abilene("country: us"),),
        "E106",
        "sites[0].country",
        "    country:",
        "expected a country as two capital letters of ISO 3166, such as US, found 'us'",
    ),
    "E201 country of a rule": (
        (("name: training", "name: training\n      served_from: [US, UK]"),),
        "E201",
        "demand.workloads[0].served_from[1]",
        "      served_from:",
        "expected a country of ISO 3166, such as US, found 'UK'; did you mean 'GB'?",
    ),
    "E205 available too late": (
        (in_abilene("available_from: 2045-01"),),
        "E205",
        "sites[0].available_from",
        "    available_from:",
        "expected 2028-07 or earlier, the start of the last planning period, found 2045-01",
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
        "burns no fuel",
    ),
    "E201 chip of a block": (
        (in_abilene(f"{GAS_NOW}existing: [{block('2025-07', chip='gb300')}]"),),
        "E201",
        "sites[0].existing[0].chip",
        "    existing:",
        "did you mean 'gb300_nvl72'",
    ),
    "E202 site": (
        (("name: port-washington", "name: abilene"),),
        "E202",
        "sites[1].name",
        "  - name: abilene\n    lat: 43",
        "a second site named 'abilene'",
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
        (in_abilene(f"{GAS_NOW}existing: [{block('2025-07', cooling='air_chiller')}]"),),
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
    "E208 rejection without a liquid": (
        (at_end("cooling_options: {air_chiller: {rejection: dry}}"),),
        "E208",
        "cooling_options.air_chiller.rejection",
        "cooling_options:",
        "has no liquid",
    ),
    "E208 policy without outdoor air": (
        (at_end("cooling_options: {dlc_dry: {dec_policy: full}}"),),
        "E208",
        "cooling_options.dlc_dry.dec_policy",
        "cooling_options:",
        "has no outdoor air",
    ),
    "E208 liquid class without a liquid": (
        (at_end("cooling_options: {air_chiller: {ashrae_liquid: W32}}"),),
        "E208",
        "cooling_options.air_chiller.ashrae_liquid",
        "cooling_options:",
        "has no liquid",
    ),
    "E208 power at a date": (
        (in_abilene(f"existing: [{block('2025-07')}]"),),
        "E208",
        "sites[0].existing[0].online",
        "    existing:",
        "10 MW of IT alone in 2026-01, and the site has 0 MW by then",
    ),
    "E209 exempt twice": (
        (("tax: {sales_exempt: true}", "tax: {sales_exempt: true, sales_exempt_by_state: true}"),),
        "E209",
        "sites[0].tax.sales_exempt_by_state",
        "    tax: {sales",
        "expected sales_exempt_by_state or sales_exempt, found both",
    ),
    "E213 no threshold": (
        (
            ("tax: {sales_exempt: true}", "tax: {sales_exempt_by_state: true}"),
            ("state: TX ", "state: NM "),
        ),
        "E213",
        "sites[0].tax.sales_exempt_by_state",
        "    tax: {sales",
        "no threshold for the market us-nm",
    ),
    "E213 nothing to waive": (
        (
            (
                "tax: {sales_exempt: true}",
                "tax: {property_abatement: {share: 1, years: 9, chips: true}}",
            ),
        ),
        "E213",
        "sites[0].tax.property_abatement.chips",
        "    tax: {property",
        "property_rate_chips",
    ),
}


@pytest.mark.parametrize("name", list(CASES))
def test_finding(tmp_path: Path, name: str) -> None:
    assert_found(tmp_path, CASES[name])
