"""Plans on supply options, by hand: connection and parts, minimum take, collateral, exit, slots, tranches, clean power."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer.cli.entry import invoke
from optimizer.plan.check import check
from optimizer.plan.records import PlanContent
from optimizer.programmes.calendar import calendar
from optimizer.programmes.paths import SupplyPaths, supply_paths

MINIMAL = "configs/minimal.yaml"


def scenario(**overrides: str) -> Any:
    """The minimal scenario with values replaced; `site__key` is a key of Abilene."""
    named = {
        key.replace("site__", "sites[abilene].").replace("__", "."): value for key, value in overrides.items()
    }
    return optimizer.load(MINIMAL, overrides={"power.mix_carbon_usd_per_t": "[0]", **named})


def paths_of(case: Any) -> tuple[SupplyPaths, Any]:
    evaluation = optimizer.evaluate(case)
    periods = calendar(case.horizon, case.money)
    return supply_paths(case, evaluation.designs, periods, evaluation.supply), periods


def of(paths: SupplyPaths, name: str) -> int:
    return next(m for m, path in enumerate(paths.name) if path == name and paths.site[m] == 0)


def test_contract_terms_by_hand() -> None:
    """Minimum take on its ramp, collateral, studies, an exit: 100 MW from 2026-07, 400 from 2027-07, half-years."""
    case = scenario(
        site__grid="{offer_mw: {2026-07: 100, 2027-07: 400}, connection_usd_per_kw: 150, min_take: 0.8, contract: {years: 5, "
        "ramp: [0.5, 0.75], exit_fee_months: 12, collateral_usd_per_kw: 300, collateral_cost_per_year: 0.02, study_usd: 90000}}",
        site__price="{flat_usd_per_mwh: 50}",
    )
    paths, periods = paths_of(case)
    m = of(paths, "grid")
    # First power in period 1: years of age 0 (periods 1-2), 1 (3-4), 2 to 4 (5-10), then free.
    expected = [0.0, 0.4, 0.4, 0.6, 0.6, *[0.8] * 6, 0, 0, 0]
    assert paths.min_take[m] == pytest.approx(expected)
    collateral = np.array([0, 100, 100, *[400] * 8, 0, 0, 0]) * 1000 * 300 * 0.02 / 2
    assert paths.fixed_usd[m] == pytest.approx(collateral)
    capital = np.zeros(periods.periods)
    capital[[0, 1, 3]] = [90_000, 150e3 * 100, 150e3 * 300]
    assert paths.capital_usd[m] == pytest.approx(capital)
    # The contract ends before anything but 2029-01 to 2031-01 can be left.
    left = [name for name in paths.name if name.startswith("grid, left")]
    assert left == ["grid, left 2029-01", "grid, left 2030-01", "grid, left 2031-01"]
    gone = of(paths, "grid, left 2030-01")
    assert paths.block_mw[gone, 8:] == pytest.approx(np.zeros(periods.periods - 8))
    fee = 0.8 * 400 * 8760 * 12 / 12 * 50
    assert paths.fixed_usd[gone, 8] == pytest.approx(fee)


def test_a_bridge_that_is_sold_by_hand() -> None:
    """A plant from 2027-01 to the grid's last step in 2029-01: capital, fixed cost, sale, units."""

    def bridge(then: str) -> Any:
        return paths_of(
            scenario(
                site__grid="{offer_mw: {2029-01: 200}, connection_usd_per_kw: 100}",
                site__onsite=f"{{engines: {{max_mw: 100, unit_mw: 10, lead_months: 12, sizes: [1], then: [{then}], "
                "capex_usd_per_kw: 1000, fom_usd_per_kw_year: 20, resale_share: 0.6, moving_usd_per_kw: 50}}",
                power__unit_slots="{gas_reciprocating: {2026-07: 10}}",
            )
        )

    (paths, periods), (others, _) = bridge("sold"), bridge("moved")
    sold, moved = of(paths, "grid+engines, sold"), of(others, "grid+engines, moved")
    assert paths.capital_usd[sold, 2] == pytest.approx(1e8)
    assert paths.fixed_usd[sold, 2:6] == pytest.approx(np.full(4, 1e6))
    assert paths.fixed_usd[sold, 6:].max() == 0
    # Two of the engines' 25 years are gone.
    value = 1e8 * 23 / 25
    difference = (value - 0.6 * value - 50 * 1000 * 100) * periods.discount[6]
    assert paths.cost_usd[sold] - others.cost_usd[moved] == pytest.approx(difference)
    assert paths.units[sold, 0] == pytest.approx([0, 0, *[10] * 12])
    assert others.units[moved, 0] == pytest.approx([0, 0, 10, 10, 10, 10, *[0] * 8])
    assert paths.block_mw[sold, 2:6] == pytest.approx(np.full(4, paths.block_mw[sold, 2]))
    assert paths.block_mw[sold, 6] == pytest.approx(200, rel=1e-2)


def solved(case: Any) -> Any:
    plan = optimizer.solve(case, time_limit=60, gap=0.005)
    assert plan.verified, plan.report.violations
    return plan


CUT = {
    "site__grid": "{offer_mw: {2026-07: 100, 2029-01: 400}, curtailable: {offer_mw: {2027-01: 300}, hours_per_year: 200}}",
    "demand__min_it_mw": "{2028-01: 50}",
}


def test_a_tranche_serves_training_and_its_lost_hours_are_counted() -> None:
    plan = solved(scenario(**CUT))
    assert plan.content.paths["abilene"] == "grid+curtailable"
    assert plan.content.cuts
    assert {cut.workload for cut in plan.content.cuts} == {"training"}
    table = plan.tables()["supply_by_site"]
    assert table["on_tranche_mw"].max() > 0
    # More halls than the firm megawatts carry.
    by_site = plan.tables()["sites_by_period"]
    peak = by_site[(by_site["site"] == "abilene") & (by_site["period"] == "2028-07")]["peak_mw"].iloc[0]
    assert peak > 120


def test_what_may_not_be_cut_stays_on_firm_power() -> None:
    workloads = (
        "[{name: training, flexible: false, path: {2027-07: 1.0e5, 2028-01: 3.0e5}}, "
        "{name: inference, max_rtt_ms: 40, path: {2027-07: 5.0e4, 2028-07: 2.0e5}}]"
    )
    plan = solved(scenario(**CUT, demand__workloads=workloads))
    assert not plan.content.cuts
    by_site = plan.tables()["sites_by_period"]
    early = by_site[(by_site["site"] == "abilene") & (by_site["period"] < "2029-01")]
    assert early["peak_mw"].max() <= 100 * (1 + 1e-6) * 1.1


def test_lost_compute_at_a_price_and_made_up_work() -> None:
    def cost(**training: str) -> float:
        keys = {f"demand__workloads[training]__{key}": value for key, value in training.items()}
        return float(solved(scenario(**CUT, **keys)).objective)

    usual = cost()
    assert cost(made_up_share="1") <= usual * (1 + 0.005)
    assert cost(cut_usd_per_h100e_hour="2") >= usual * (1 - 0.005)


def test_a_clean_share_is_met_by_contracts_and_refused_without() -> None:
    case = {
        "power__clean_share": "{2028-01: 0.2}",
        "demand__min_it_mw": "{2028-01: 100}",
    }
    ppa = "[{technology: solar, mw: 600, usd_per_mwh: 35, from: 2027-01}]"
    plan = solved(scenario(**case, site__ppa=ppa))
    table = plan.tables()["supply_by_site"]
    later = table[table["period"] >= "2028-01"]
    share = (later["mwh"] * later["clean_share"]).groupby(later["period"]).sum() / later.groupby("period")[
        "mwh"
    ].sum()
    assert share.min() >= 0.2 - 1e-6
    with pytest.raises(optimizer.planning.infeasible.InfeasibleError, match=r"clean_share"):
        optimizer.solve(scenario(**case), time_limit=60)


def test_a_ceiling_of_carbon_is_kept() -> None:
    few = "{2028-01: 50}"
    free = solved(scenario(site__onsite="{solar: {max_mw: 600, lead_months: 12}}", demand__min_it_mw=few))
    emitted = free.tables()["supply_by_site"].groupby("period")["co2_t"].sum()
    ceiling = 2 * 0.9 * float(emitted.max())
    plan = solved(
        scenario(
            site__onsite="{solar: {max_mw: 600, lead_months: 12}}",
            demand__min_it_mw=few,
            power__max_co2_t_per_year=f"{{2026-01: {ceiling}}}",
        )
    )
    assert plan.tables()["supply_by_site"].groupby("period")["co2_t"].sum().max() <= ceiling / 2 * (1 + 1e-6)
    assert plan.objective >= free.objective * (1 - 0.005)


def test_units_are_scarce_over_all_sites() -> None:
    plant = "{engines: {max_mw: 200, unit_mw: 10, lead_months: 12, sizes: [1]}}"
    grid = "{offer_mw: {2030-01: 50}}"
    keys = {
        "site__grid": grid,
        "site__onsite": plant,
        "sites[port-washington].grid": grid,
        "sites[port-washington].onsite": plant,
        "demand__min_it_mw": "{2028-01: 50}",
    }
    both = solved(scenario(**keys))
    assert sum("engines" in path for path in both.content.paths.values()) == 2
    one = solved(scenario(**keys, power__unit_slots="{gas_reciprocating: {2026-07: 20}}"))
    assert sum("engines" in path for path in one.content.paths.values()) == 1
    assert one.objective > both.objective


def test_corrupted_power_is_refused() -> None:
    from dataclasses import replace

    plan = solved(scenario(**CUT))

    def rules(content: PlanContent) -> set[str]:
        found = check(plan.scenario, plan.designs, content, supply=plan.supply)
        return {violation.rule for violation in found.violations}

    content = plan.content
    assert "firm power" in rules(replace(content, cuts=()))
    more = tuple(replace(cut, halls=3 * cut.halls) for cut in content.cuts)
    assert {"curtailable power", "hall time"} & rules(replace(content, cuts=more))
    other = tuple(replace(cut, workload="inference") for cut in content.cuts)
    assert "curtailable power" in rules(replace(content, cuts=other))
    unknown = replace(content, paths={**content.paths, "abilene": "grid+fusion"})
    assert "supply path" in rules(unknown)
    less = tuple(replace(bill, mwh=0.5 * bill.mwh) for bill in content.billed)
    assert "energy" in rules(replace(content, billed=less))


def test_demand_charges_riders_and_coincident_peaks_by_hand() -> None:
    """A flat load's mean price, and a hall's bill by its own peaks."""

    def mean(price: str) -> Any:
        rows = optimizer.evaluate(scenario(site__price=price)).designs
        return rows[rows["site"] == "abilene"].iloc[0]

    plain = mean("{flat_usd_per_mwh: 50}")
    charged = mean(
        "{flat_usd_per_mwh: 50, demand_usd_per_kw_month: 10, coincident_usd_per_kw_year: 60, coincident_months: [7, 8], "
        "riders: [{name: fuel, usd_per_mwh: 3}, {name: storm, usd_per_kw_month: 1}, {name: city, share: 0.02}]}"
    )
    expected = (50 + 12 * 10_000 / 8760 + 60_000 / 8760) * 1.02 + 3 + 12 * 1000 / 8760
    assert charged["mean_price_usd_per_mwh"] == pytest.approx(expected, rel=2e-3)
    # The hall's peaks lie above its mean, and the hottest hours are the system's.
    own = charged["energy_usd"] / charged["energy_mwh"]
    assert expected < own < 1.1 * expected
    assert plain["energy_usd"] / plain["energy_mwh"] == pytest.approx(50)


def test_time_changes_the_best_way_to_power() -> None:
    plan = solved(
        scenario(
            site__grid="{offer_mw: {2029-01: 400}}",
            site__price="{flat_usd_per_mwh: 30}",
            site__onsite="{engines: {max_mw: 400, lead_months: 12, sizes: [1]}}",
            demand__min_it_mw="{2028-01: 100}",
        )
    )
    ways = plan.tables()["supply_options"]
    here = ways[ways["site"] == "abilene"].set_index("path")
    assert here["best_by_lcoe"].idxmax() != here["best_with_waiting"].idxmax()
    assert here.loc["grid", "first_power"] == "2029-01"
    assert here.loc["grid+engines", "first_power"] == "2027-01"
    # 2.2 is not given: compute counts at the price of unserved demand, 4 USD.
    month = here["usd_per_month_of_delay"].iloc[0]
    assert month == pytest.approx(here["mw"].max() * 8760 / 12 * 4 * 800, rel=0.6)


def test_compare_names_what_changes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first = solved(scenario(**CUT))
    second = solved(scenario(**{**CUT, "power__grid_delay_months": "12"}))
    first.save(tmp_path / "a")
    second.save(tmp_path / "b")
    capfd.readouterr()
    assert invoke(["compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    shown = capfd.readouterr().out
    assert "billion USD more" in shown
    assert "Sites that differ" in shown
    assert second.objective > first.objective
    assert invoke(["compare", str(tmp_path / "a"), str(tmp_path / "nothing")]) == 2
