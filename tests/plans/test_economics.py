"""Common cost terms, staff, property tax and carbon prices as keys: both sides take them, dearer is never cheaper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import optimizer
from optimizer import catalog
from optimizer.plan.terms import place_facts, staff_usd_per_mw_year
from optimizer.report import sentences
from optimizer.report.assumptions import of_catalog
from optimizer.scenario.carbon_price import mean_carbon_usd_per_t
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
            "plant_bill": {"fit_out": 0.1},
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


def test_both_sides_agree_on_chips_replaced_early(tmp_path: Path) -> None:
    taxed = {"sites[stands].tax": {"property_rate_chips": 0.02}, "chips.early_refresh_years": [1]}
    assert_both_sides_agree(scenario_with(tmp_path, taxed))


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


TAXES: dict[str, dict[str, Any]] = {
    "abated": {"property_abatement": {"share": 0.8, "years": 1.5}},
    "chips taxed": {"property_rate_chips": 0.02},
    "both, chips abated": {
        "property_rate_chips": 0.02,
        "property_abatement": {"share": 1.0, "years": 3, "chips": True},
    },
}


@pytest.mark.parametrize("name", TAXES)
def test_both_sides_take_property_taxes(tmp_path: Path, name: str) -> None:
    """Halls that stand, are decided, built or rented; chips refreshed and run on."""
    taxes = {f"sites[{site}].tax": TAXES[name] for site in ("stands", "new")}
    changed = assert_both_sides_agree(scenario_with(tmp_path, taxes)).programmes.cost_usd
    plain = assert_both_sides_agree(scenario_with(tmp_path, {})).programmes.cost_usd
    if name == "abated":
        # Halls that stand are older than 1.5 years after the first period or two.
        assert (changed < plain).all()
    elif name == "chips taxed":
        assert (changed > plain).all()


def test_property_tax_by_hand() -> None:
    """Half of it for three years, half-years of it: six periods of every hall; chips by what they would fetch."""
    tax = {"sales_exempt": True, "property_rate": 0.02, "property_rate_chips": 0.01}
    waived = {"share": 0.5, "years": 3.0}
    plan = solved({"sites[abilene].tax": {**tax, "property_abatement": waived}})
    economics, market = catalog.economics(), catalog.market("us-tx")
    lines = plan.tables()["opex_by_site"].query("site == 'abilene'").groupby("line")["usd"].sum()
    owed, on_chips = 0.0, 0.0
    for life in plan.content.lives:
        if life.site != "abilene":
            continue
        extra = catalog.cooling(life.cooling).capex_usd_per_kw.value
        value = (
            (economics.facility_capex_usd_per_kw + extra)
            * market.labour_index
            * 1000
            * life.it_mw
            * life.halls
        )
        periods = life.stages[-1].end - life.commission
        owed += 0.5 * 0.02 * value * (periods - 0.5 * min(6, periods))
        bought = 0
        for stage in life.stages:
            bought = bought if stage.run_on else stage.first
            racks = int(life.it_mw * 1000 / catalog.chip(stage.chip).it_kw_per_rack) * life.halls
            chip = plan.accounts.terms.chips[stage.chip]
            price = chip.rack_usd_at(2026.25 + 0.5 * bought) * (1 + chip.network_storage_share + 0.03)
            on_chips += sum(
                0.5 * 0.01 * racks * price * 0.9 * 0.7 ** ((t - bought) / 2)
                for t in range(stage.first, stage.end)
            )
    assert lines["property_tax"] == pytest.approx(owed)
    assert lines["property_tax_chips"] == pytest.approx(on_chips)


def test_abatement_never_costs_more_and_taxed_chips_never_less(base: optimizer.Plan) -> None:
    def cost(tax: dict[str, Any]) -> float:
        both = {
            f"sites[{name}].tax": {"sales_exempt": True, **tax} for name in ("abilene", "port-washington")
        }
        return solved(both).objective

    waived = [
        cost({"property_abatement": {"share": s, "years": y}}) for s, y in ((0.5, 10), (1.0, 10), (1.0, 20))
    ]
    assert base.objective > waived[0] > waived[1] >= waived[2] * (1 - 3e-6)
    taxed = cost({"property_rate_chips": 0.01})
    assert taxed > base.objective
    both = cost(
        {"property_rate_chips": 0.01, "property_abatement": {"share": 1.0, "years": 20, "chips": True}}
    )
    assert both == pytest.approx(cost({"property_rate": 0.0}), rel=3e-6)


def test_fit_out_is_part_of_plant_and_changes_no_total(base: optimizer.Plan) -> None:
    """Ten of 63 in the white space (Cushman & Wakefield), of plant as it was billed before."""
    bill = base.tables()["capital_bill"].set_index("line")["usd"]
    economics = catalog.economics()
    plant = bill[["electrical", "mechanical", "fit_out"]].sum()
    assert bill["fit_out"] / plant == pytest.approx(10 / 63, abs=5e-4)
    share = economics.electrical_share + economics.mechanical_share
    assert plant / (plant + bill["shell"]) == pytest.approx(share / (share + economics.shell_share))
    other = solved({"economics.plant_bill.fit_out": 0.3})
    assert other.objective == pytest.approx(base.objective, rel=3e-6)
    shown = other.tables()["capital_bill"].set_index("line")["usd"]
    assert shown["total"] == pytest.approx(bill["total"], rel=1e-3)
    assert shown["fit_out"] / shown[["electrical", "mechanical", "fit_out"]].sum() == pytest.approx(0.3)


def test_a_substation_is_built_at_its_place_and_time() -> None:
    """Texas builds at 92 % of the mean, 3 % dearer each year after the base year's middle; a connection does not."""
    plan = solved({"sites[abilene].grid.substation_usd_per_kw": 100}, gap=1e-4)
    spent = plan.tables()["capex_by_class"].query("site == 'abilene'").set_index(["line", "period"])["usd"]
    for period, mw, years in (("2026-07", 100, 1.25), ("2027-07", 300, 2.25)):
        assert spent["connection", period] == pytest.approx(150e3 * mw)
        assert spent["substation", period] == pytest.approx(100e3 * mw * 0.92 * 1.03**years)


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


PATH = {"2026-01": 20, "2028-03": 60, "2030-01": 100}


def test_carbon_prices_by_date_and_by_hand() -> None:
    """Texas emits so much a MWh: billed energy of each half-year at the price that holds at its start."""
    plan = solved({"money.carbon_usd_per_t": PATH, "money.embodied_carbon_priced": True}, gap=1e-5)
    money = plan.tables()["money_by_period"]
    tonnes = plan.tables()["carbon"].set_index("period")
    for line, made in (("carbon", "operation_t"), ("embodied_carbon", "embodied_t")):
        paid = money.query("line == @line").set_index("period")["usd"]
        for period in tonnes.index:
            # March 2028 holds from the half-year that starts in July.
            price = 20 if period < "2028-07" else 60 if period < "2030-01" else 100
            assert paid.get(period, 0.0) == pytest.approx(price * tonnes.loc[period, made]), (line, period)


def test_both_sides_take_a_path_of_carbon_prices(tmp_path: Path) -> None:
    embodied = {"money.carbon_usd_per_t": PATH, "money.embodied_carbon_priced": True}
    assert_both_sides_agree(scenario_with(tmp_path, embodied))


def test_a_path_that_does_not_move_is_the_number() -> None:
    number = solved({"money.carbon_usd_per_t": 40})
    path = solved({"money.carbon_usd_per_t": {"2026-01": 40, "2029-01": 40}})
    assert path.objective == pytest.approx(number.objective, rel=3e-6)


def test_a_higher_path_never_costs_less(base: optimizer.Plan) -> None:
    costs = [base.objective]
    for later in (20, 60, 150):
        costs.append(solved({"money.carbon_usd_per_t": {"2027-01": 20, "2030-01": later}}).objective)
    assert costs[0] < costs[1] < costs[2] < costs[3]


def test_mean_price_of_carbon() -> None:
    scenario = optimizer.load(MINIMAL, {"money.carbon_usd_per_t": {"2025-01": 10, "2027-01": 30}})
    # Seven years: one at 10, six at 30.
    assert mean_carbon_usd_per_t(scenario) == pytest.approx((10 + 6 * 30) / 7)
    assert mean_carbon_usd_per_t(optimizer.load(MINIMAL, {"money.carbon_usd_per_t": 25})) == 25
    late = optimizer.load(MINIMAL, {"money.carbon_usd_per_t": {"2030-01": 70}})
    assert mean_carbon_usd_per_t(late) == pytest.approx(70 * 3 / 7)


def test_a_path_of_carbon_prices_loads_again(tmp_path: Path) -> None:
    plan = solved({"money.carbon_usd_per_t": PATH}, gap=1e-3)
    assert "At $20 to $100 a tonne that of energy is paid for." in sentences.carbon(plan)
    plan.save(tmp_path / "run")
    assert optimizer.load_plan(tmp_path / "run").verified
    again = optimizer.load(tmp_path / "run" / "config.resolved.yaml")
    assert again.money == plan.scenario.money
    (tmp_path / "run" / "over.yaml").write_text(
        "extends: config.resolved.yaml\nmoney: {carbon_usd_per_t: 12}\n"
    )
    assert optimizer.load(tmp_path / "run" / "over.yaml").money.carbon_usd_per_t == 12
    set_one = {"money.carbon_usd_per_t.2028-03": 70}
    assert list(
        optimizer.load(
            tmp_path / "run" / "over.yaml", {"money.carbon_usd_per_t": PATH, **set_one}
        ).money.carbon_usd_per_t.values()
    ) == [20, 70, 100]
