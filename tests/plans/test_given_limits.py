"""Whatever limit a given plan breaks is named, and gives way no more than it must."""

from __future__ import annotations

import random
from typing import Any

import pytest

import optimizer
from optimizer.report.comparison import comparison

from .given_plans import (
    ABILENE,
    PORT,
    SETTINGS,
    TWO,
    build,
    builds_of,
    costed,
    megawatts,
    named,
    scenario,
)

ALL = "[land, facility, power, chips]"


def fund(terms: str) -> SETTINGS:
    return {"finance": f"{{sources: [{{name: fund, kind: equity, cost: 0.1, {terms}}}]}}"}


# What a plan breaks: builds, settings of the scenario, then rule, place, period, unit of what must be named.
BROKEN: dict[str, tuple[list[Any], SETTINGS, tuple[str, str, str, str]]] = {
    "power": ([build(400)], {}, ("power", ABILENE, "2027-07", "MW")),
    "power, twice": ([build(1000)], {}, ("energy of the block", "abilene, grid", "2027-07", "MWh")),
    "power that is not there yet": (
        [build(100)],
        {"sites[abilene].grid.offer_mw": "{2028-07: 400}"},
        ("power", ABILENE, "2028-01", "MW"),
    ),
    "supply that is not there yet": (
        [build(100)],
        {"sites[abilene].onsite": "{engines: {max_mw: 400, lead_months: 30, sizes: [1]}}", "sites[abilene].grid": "null"},
        ("energy", ABILENE, "2027-07", "MWh"),
    ),
    "no power in the study": (
        [build(100)],
        {"sites[abilene].grid.offer_mw": "{2040-01: 400}"},
        ("power", ABILENE, "2032-01", "MW"),
    ),
    "firm power": (
        [build(300)],
        {"sites[abilene].grid.curtailable": "{offer_mw: {2027-07: 300}, hours_per_year: 40}",
         "sites[abilene].grid.offer_mw": "{2027-07: 100}",
         "demand.workloads": "[{name: inference, path: {2027-07: 1.0e5}}]"},
        ("firm power", ABILENE, "2027-07", "MW"),
    ),
    "land": (TWO, {"sites[abilene].land.acres": 90}, ("land", ABILENE, "", "acres")),
    "permit": ([build(200)], {"sites[abilene].max_it_mw": 100}, ("IT power of the site", ABILENE, "", "MW")),
    "racks": (
        [build(200)],
        {"chips.supply_racks": "{gb300_nvl72: {2026-07: 100}}"},
        ("chip supply", "gb300_nvl72", "2027-07", "racks"),
    ),
    "starts at a site": (
        [build(200)],
        {"hall.max_starts_per_site": 1},
        ("starts at the site", ABILENE, "2026-01", "halls"),
    ),
    "starts": ([build(200)], {"hall.max_starts": 1}, ("starts over all sites", "", "2026-01", "halls")),
    "crews": (
        [build(200)],
        {"hall.crews": "[{name: c, max_it_mw: {2026-01: 100}}]"},
        ("crews", "c", "2026-07", "MW"),
    ),
    "parts": (
        [build(200)],
        {"hall.lead_items": "[{name: transformer, per_it_mw: 0.1, deliveries: {2026-01: 2}}]"},
        ("lead items", "transformer", "2027-01", "units"),
    ),
    "vendor's share": (
        [build(200)],
        {"chips.max_vendor_share": "{NVIDIA: 0.5}"},
        ("vendor's share", "NVIDIA", "", "USD"),
    ),
    "vendor's racks": (
        [build(200)],
        {"chips.supply_vendor_racks": "{NVIDIA: {2026-01: 100}}"},
        ("vendor's supply", "NVIDIA", "2027-07", "racks"),
    ),
    "own chips": (
        [build(50)],
        {"chips.settings": "{gb300_nvl72: {development_usd: 1.0e8, min_racks: 5000}}", "chips.supply_racks": "{}"},
        ("least volume", "gb300_nvl72", "", "racks"),
    ),
    "units": (
        [build(50)],
        {"sites[abilene].onsite": "{engines: {max_mw: 200, lead_months: 12, sizes: [1]}}",
         "sites[abilene].grid": "null",
         "power": "{unit_slots: {gas_reciprocating: {2028-07: 1}}}"},
        ("unit slots", "gas_reciprocating", "2027-07", "units"),
    ),
    "budget": (TWO, {"money.budget_usd": 1e9}, ("budget", "", "", "USD")),
    "money": (TWO, fund(f"commit_usd: 1.0e9, funds: {ALL}"), ("money drawn", "chips", "2028-01", "USD")),
    "money for chips": (
        [build(200)],
        {"finance": "{sources: [{name: owners, kind: equity, cost: 0.09, commit_usd: 1.0e11, funds: [land, facility, power]}, "
         "{name: vendor, kind: vendor, cost: 0.09, commit_usd: 1.0e6, funds: [chips]}]}"},
        ("money drawn", "chips", "2027-07", "USD"),
    ),
    "tranches": (
        [build(200)],
        fund(f"tranches: {{2028-01: 1.0e11}}, funds: {ALL}"),
        ("money drawn", "facility", "2026-07", "USD"),
    ),
    "condition": (
        [build(200)],
        fund(f"commit_usd: 1.0e11, after: {{online_mw: 100}}, funds: {ALL}"),
        ("money drawn", "facility", "2027-01", "USD"),
    ),
    "service cover": (
        [build(200)],
        {"money.revenue_usd_per_h100e_hour": 0.01,
         "finance": f"{{sources: [{{name: bank, kind: debt, rate: 0.06, commit_usd: 1.0e12, min_dscr: 1.3, funds: {ALL}}}]}}"},
        ("money drawn", "chips", "2027-07", "USD"),
    ),
    "water": (
        [build(200, cooling="dlc_tower")],
        {"sites[abilene].water.max_m3_per_year": 10},
        ("water", ABILENE, "2027-07", "m3/year"),
    ),
    "CO2": ([build(200)], {"power": "{max_co2_t_per_year: {2026-01: 100}}"}, ("CO2", "", "2027-07", "t")),
    "clean energy": ([build(200)], {"power": "{clean_share: {2026-01: 0.99}}"}, ("clean share", "", "2027-07", "MWh")),
    "bound on cost": ([build(200)], {"bounds": "{max_cost_usd: 1.0e9}"}, ("bound on cost", "", "", "USD")),
    "bound on compute": (
        [build(50)],
        {"bounds": "{min_h100e_hours: 1.0e12}"},
        ("least compute", "", "", "unit-hours"),
    ),
    "bound on date": (
        [build(200)],
        {"bounds": "{target_by: 2027-07}", "demand.target_it_mw": 400},
        ("date of the target", "", "", "years"),
    ),
    "demand without a price": (
        [build(50)],
        {"money.unserved_usd_per_h100e_hour": "null"},
        ("demand not served", "training", "2028-01", "h100e"),
    ),
    "job without a price": (
        [build(50)],
        {"money.unserved_usd_per_h100e_hour": "null",
         "demand.jobs": "[{name: run, workload: training, h100e: 4.0e5, from: 2028-01, months: 6}]"},
        ("job", "run", "", ""),
    ),
    "floor": ([build(50)], {}, ("IT power in operation", "", "2028-01", "MW")),
    "a site that is not to be had": (
        [build(50)],
        {"sites[abilene].available_from": "2027-01"},
        ("start", ABILENE, "2027-07", ""),
    ),
    "chips before their release": (
        [build(50, chip="vera_rubin_nvl144")],
        {"chips.settings": "{vera_rubin_nvl144: {release: 2028-01}}"},
        ("chip", ABILENE, "2027-07", ""),
    ),
    "chips that are sold no more": (
        [build(50)],
        {"chips.settings": "{gb300_nvl72: {last_sale: 2026-12}}"},
        ("chip", ABILENE, "2027-07", ""),
    ),
    "export rules": (
        [build(50)],
        {"sites[port-washington].country": "CA", "chips.settings": "{gb300_nvl72: {barred_countries: [US]}}"},
        ("export rules", ABILENE, "2027-07", ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_every_limit_that_the_halls_break_is_named(case: str) -> None:
    builds, settings, wanted = BROKEN[case]
    plan = costed(builds, settings, gap=1e-3)
    (found, *_) = named(plan, *wanted)
    assert found.unit in found.message
    assert plan.objective > 0
    # Nothing but limits: the solver's cost is the check's own, and the halls are those that were given.
    assert plan.broken_limits == plan.report.violations
    assert sum(megawatts(plan).values()) == sum(item["it_mw"] for item in builds)


def test_a_plan_short_of_money_keeps_to_the_cover_that_is_asked() -> None:
    """What sources do not give stands under operations; no loan is drawn beyond its cover for it."""
    terms = "min_dscr: 2.5, rate: 0.06, loan_to_cost: 0.5, years: 4, funds: [facility, chips]"
    settings = {
        "money.revenue_usd_per_h100e_hour": 1.5,
        "money.income_tax": "{rate: 0.21}",
        "finance": f"{{sources: [{{name: own, kind: equity, cost: 0.12, commit_usd: 3.0e8, funds: {ALL}}}, "
        f"{{name: bank, kind: debt, {terms}}}]}}",
    }
    plan = costed([build(200), build(200, "2028-01")], settings, gap=1e-3)
    assert {item.rule for item in plan.report.violations} >= {"money drawn"}
    tables = plan.tables()
    served = tables["debt"].query("source == 'bank' and period != 'end' and service_usd > 1000")
    assert (served["cover"] >= 2.5 * (1 - 1e-5)).all()
    nominal = plan.statement.sources["bank"].sum() / 100
    assert nominal > 0
    billed = sum(
        draw.usd / plan.accounts.times.deflator[draw.period]
        for draw in plan.content.draws
        if draw.source == "bank"
    )
    assert nominal == pytest.approx(billed, rel=1e-6)


def test_shortage_is_after_tax_in_every_table_of_a_comparison() -> None:
    taxed = {"money.income_tax": "{rate: 0.3}", "demand.min_it_mw": None}
    least, more = (costed(builds, taxed, gap=1e-3) for builds in ([build(100)], [build(400)]))
    found = comparison(least, more)
    by_figure = found.figures.set_index("figure")["first"]
    by_line = found.cost.set_index("line")["first_usd"]
    assert by_line["unserved"] == pytest.approx(by_figure["shortage, at its price"])
    assert by_line["unserved"] > 0
    assert by_line["without shortage"] == pytest.approx(by_figure["cost without shortage"])
    assert by_line["total"] == pytest.approx(least.objective)


def test_all_limits_at_once_are_named() -> None:
    settings: SETTINGS = {}
    for name in (
        "land",
        "starts at a site",
        "starts",
        "crews",
        "parts",
        "vendor's racks",
        "budget",
        "CO2",
        "money",
        "floor",
    ):
        settings |= BROKEN[name][1]
    settings |= {"sites[abilene].water.max_m3_per_year": 1, "money.unserved_usd_per_h100e_hour": "null"}
    plan = costed([build(500)], settings)
    rules = {found.rule for found in plan.report.violations}
    assert rules >= {
        "land", "starts at the site", "starts over all sites", "crews", "lead items", "vendor's supply", "budget", "CO2",
        "money drawn", "power", "chip supply", "demand not served",
    }  # fmt: skip
    assert plan.broken_limits == plan.report.violations


@pytest.mark.parametrize("seed", range(8))
def test_any_plan_under_any_limits_is_costed(seed: int) -> None:
    draw = random.Random(seed)
    settings: SETTINGS = {"money.unserved_usd_per_h100e_hour": draw.choice(["4", "null"])}
    for name in draw.sample(sorted(BROKEN), 4):
        settings |= BROKEN[name][1]
    builds = []
    for _ in range(draw.randint(1, 4)):
        places = (draw.choice([ABILENE, PORT]), draw.choice(["gb300_nvl72", "vera_rubin_nvl144"]))
        more = {"cooling": draw.choice(["dlc_dry", "dlc_tower"])} if draw.random() < 0.5 else {}
        builds.append(build(50 * draw.randint(1, 6), draw.choice(["2027-07", "2028-07"]), *places, **more))
    plan = costed(builds, settings, gap=1e-3)
    assert plan.status == "optimal"
    assert plan.broken_limits == plan.report.violations
    assert sum(megawatts(plan).values()) == sum(item["it_mw"] for item in builds)
    # A limit that is named is missed by more than rounding.
    for found in plan.broken_limits:
        assert not found.unit or abs(found.found - found.limit) > 1e-4 * max(1.0, abs(found.limit)), found


@pytest.mark.parametrize("aim", ["minimize_carbon", "minimize_water", "earliest_target", "maximize_compute"])
def test_limits_are_named_whatever_is_best(aim: str) -> None:
    settings = {"objective": aim, "demand.target_it_mw": 400, "money.budget_usd": 1e10}
    plan = costed([build(500)], settings, gap=1e-3)
    assert named(plan, "power", ABILENE, "2027-07", "MW")
    assert plan.broken_limits == plan.report.violations


def test_limits_give_way_no_more_than_the_halls_ask_for() -> None:
    """Three of eight halls have no power; when the chips' life ends only as many are refreshed as have."""
    settings = {"sites[abilene].grid.offer_mw": "{2027-07: 300}"}
    plan = costed([build(400)], settings)
    power = plan.tables()["sites_by_period"].set_index(["site", "period"])["peak_mw"][ABILENE]
    assert power["2032-01"] > 300
    assert 0 < power["2032-07"] <= 300
    assert [found.period for found in plan.report.violations if found.rule == "power"][-1] == "2032-01"


def test_what_is_chosen_keeps_to_a_limit_that_given_halls_break() -> None:
    """Chip supply is broken by the first chips of one generation only: refreshes with another keep to their own."""
    settings: SETTINGS = {
        "horizon": {"start": "2026-01", "periods": 14, "months_per_period": 6, "operate_until": "2037-12"},
        "demand.min_it_mw": {},
        "demand.workloads": [{"name": "training", "path": {"2027-07": 1.0e5, "2032-01": 5.0e5}}],
        "chips.run_on": True,
        "chips.supply_racks": {"gb300_nvl72": {"2026-07": 1100}, "vera_rubin_nvl144": {"2027-01": 5}},
    }
    best = optimizer.solve(scenario(settings), gap=1e-5)
    assert best.verified
    again = costed(builds_of(best), settings, gap=1e-5)
    assert again.verified, again.report.violations
    assert again.objective == pytest.approx(best.objective, rel=3e-5)
    more = costed([build(200)], settings)
    assert {found.where for found in more.report.violations if found.rule == "chip supply"} == {"gb300_nvl72"}
