"""Common cost terms, staff, property tax and carbon prices as keys: both sides take them, dearer is never cheaper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import optimizer
from optimizer import catalog
from optimizer.plan.terms import place_facts, staff_usd_per_mw_year
from optimizer.report.assumptions import of_catalog
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Economics

from .both_sides import assert_both_sides_agree, scenario_with
from .conftest import CONFIGS

MINIMAL = CONFIGS / "minimal.yaml"

# Another value for each term that moves the cost of halls; whether more of it costs more.
OTHER: dict[str, tuple[Any, bool | None]] = {
    "facility_capex_usd_per_kw": (18_000, True),
    "redundancy_multiplier": ({"N+1": 1.3}, None),
    "spend_curve": ({"first": 0.5, "second": 0.3, "third": 0.2}, True),
    "staff_fte_per_mw": (2.0, True),
    "staff_size_exponent": (0.1, None),
    "staff_flat_mw": (200, None),
    "staff_usd_per_fte": (250_000, True),
    "maintenance_share": (0.04, True),
    "insurance_share": (0.01, True),
    "it_maintenance_share": (0.06, True),
    "spares_share": (0.06, True),
    "residual_first": (0.5, True),
    "residual_decline": (0.5, True),
    "run_on_availability_factor": (0.5, True),
    "run_on_maintenance_factor": (4.0, True),
    "refresh_retrofit_share": (0.5, True),
    "construction_escalation_per_year": (0.08, True),
    "embodied_kg_per_kw": (1500, None),
}
SPLIT = {"electrical_share": 0.5, "mechanical_share": 0.25, "shell_share": 0.15, "soft_share": 0.1}


def test_every_term_of_the_catalog_is_a_key() -> None:
    given = Economics.model_validate(
        {
            **{name: value for name, (value, _) in OTHER.items()},
            **SPLIT,
            "redundancy_multiplier": {"N": 1, "N+1": 1.1, "4N/3": 1.2, "2N": 1.6},
            "rack_bill": {"accelerators": 0.7, "hosts": 0.1, "network": 0.1},
            "network_bill": {"storage": 0.2},
        }
    ).given()
    bills_of_later_keys = {key for key in catalog.economics().facts if key not in dict(given)}
    assert bills_of_later_keys == set()
    merged = catalog.economics_with(given)
    assert {key: merged.facts[key].value for key, _ in given} == dict(given)


def test_a_term_that_is_not_there_is_an_error() -> None:
    with pytest.raises(catalog.CatalogError, match="did you mean 'staff_fte_per_mw'"):
        catalog.economics_with((("staf_fte_per_mw", 1.0),))


@pytest.mark.parametrize("name", [*OTHER, "split"])
def test_both_sides_take_each_term(tmp_path: Path, name: str) -> None:
    """Not one programme differs from its books, and some cost another sum than with the catalog's value."""
    own = SPLIT if name == "split" else {name: OTHER[name][0]}
    beside = {"hall.redundancy": "2N"} if name == "redundancy_multiplier" else {}
    if name.startswith("staff_"):
        beside["sites[new].staff_for_mw"] = 700
    beside |= {"money.carbon_usd_per_t": 50, "money.embodied_carbon_priced": True}
    changed = assert_both_sides_agree(scenario_with(tmp_path, {**beside, "economics": own}))
    plain = assert_both_sides_agree(scenario_with(tmp_path, beside))
    if name == "run_on_availability_factor":
        assert (changed.pools.yields < plain.pools.yields).any()
    else:
        assert (changed.programmes.cost_usd != plain.programmes.cost_usd).any()


def test_both_sides_agree_after_tax(tmp_path: Path) -> None:
    tax = {"money.income_tax": {"rate": 0.25, "bonus_share": 0.4}, "economics": SPLIT}
    assert_both_sides_agree(scenario_with(tmp_path, tax))


def solved(overrides: dict[str, Any], gap: float = 1e-6) -> optimizer.Plan:
    plan = optimizer.solve(optimizer.load(MINIMAL, overrides), gap=gap, time_limit=120)
    assert plan.verified, plan.report.violations[:3]
    return plan


@pytest.fixture(scope="module")
def base() -> optimizer.Plan:
    return solved({})


@pytest.mark.parametrize("name", [name for name, (_, dearer) in OTHER.items() if dearer])
def test_a_dearer_term_never_costs_less(name: str, base: optimizer.Plan) -> None:
    assert solved({f"economics.{name}": OTHER[name][0]}).objective >= base.objective * (1 - 3e-6)


def test_staff_by_hand(base: optimizer.Plan) -> None:
    plan = solved({"economics": {"staff_fte_per_mw": 0.9, "staff_usd_per_fte": 100_000}})
    staff = plan.tables()["opex_by_site"].query("line == 'staff'").groupby("site")["usd"].sum()
    mw = plan.tables()["sites_by_period"].groupby("site")["it_mw"].sum()
    for site in staff.index:
        market = {"abilene": "us-tx", "port-washington": "us-wi"}[site]
        labour = catalog.market(market).labour_index
        assert staff[site] == pytest.approx(mw[site] * 0.5 * 0.9 * 100_000 * labour)


def test_staff_of_a_large_site_by_hand() -> None:
    """0.4 posts a MW up to 100 MW, falling with size^-0.3: a gigawatt has half as many a MW."""
    economics = catalog.economics()
    sizes = {80: 1.0, 100: 1.0, 1000: 10**-0.3, 3000: 30**-0.3}
    assert sizes[1000] == pytest.approx(0.501, abs=1e-3)
    for size, factor in sizes.items():
        scenario = optimizer.load(MINIMAL, {"sites[abilene].staff_for_mw": size})
        found = staff_usd_per_mw_year(economics, place_facts(scenario)["abilene"])
        assert found == pytest.approx(0.4 * 140_000 * 0.92 * factor)


def test_a_site_staffed_for_more_never_costs_more(base: optimizer.Plan) -> None:
    costs = [base.objective]
    for size in (100, 400, 2000):
        both = {f"sites[{name}].staff_for_mw": size for name in ("abilene", "port-washington")}
        costs.append(solved(both).objective)
    assert costs[1] == pytest.approx(costs[0], rel=3e-6)
    assert costs[1] > costs[2] > costs[3]


def test_values_given_are_among_the_assumptions() -> None:
    plan = solved({"economics": {"staff_fte_per_mw": 2.0, "spares_share": 0.02}}, gap=1e-3)
    said = {a.where: a for a in of_catalog(plan)}
    assert said["economics: staff_fte_per_mw"].value == "2 FTE/MW"
    assert "outside of its 0.1 to 1" in said["economics: staff_fte_per_mw"].source
    assert said["economics: spares_share"].source.endswith("the catalog has 0.03, from 0.01 to 0.05")


def test_a_plan_with_terms_of_its_own_loads_again(tmp_path: Path) -> None:
    plan = solved({"economics": {"redundancy_multiplier": {"2N": 1.8}, "source": "assumption"}}, gap=1e-3)
    plan.save(tmp_path / "run")
    again = optimizer.load_plan(tmp_path / "run")
    assert again.verified
    assert economics_of(again.scenario).redundancy_multiplier["2N"] == 1.8
    file = tmp_path / "run" / "config.resolved.yaml"
    assert optimizer.load(file).economics == plan.scenario.economics
