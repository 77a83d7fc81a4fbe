"""Supply options: what a mix carries, how a tranche is cut, dates, limits of fuel and hours, contracts, clean shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer.physics.site_hours import headroom_mw
from optimizer.scenario.grid_steps import curtailable_steps, firm_steps

from ..data_folder import RAW

MINIMAL = "configs/minimal.yaml"
SITE = "abilene"


def evaluated(**site: str) -> Any:
    """The minimal scenario's Abilene with some of its keys replaced."""
    overrides = {f"sites[{SITE}].{key.replace('__', '.')}": value for key, value in site.items()}
    overrides["power.mix_carbon_usd_per_t"] = "[0]"
    overrides["power.max_unserved_share"] = "0"
    return optimizer.evaluate(optimizer.load(MINIMAL, overrides=overrides))


def states(evaluation: Any, path: str) -> Any:
    found = evaluation.supply
    return found[(found["site"] == SITE) & (found["path"] == path)]


GAS = "{gas: {max_mw: 300, unit_mw: 30, lead_months: 12, sizes: [1]}}"


def test_a_turbine_plant_carries_what_is_left_in_the_heat_without_its_spare() -> None:
    evaluation = evaluated(onsite=GAS)
    state = states(evaluation, "gas").iloc[-1]
    hours = evaluation.supply_hourly(SITE, "gas", int(state["from_month"]))
    weather = optimizer.physics.weather_from_catalog("usa-tx-abilene")
    left = (1 - 0.010 * np.maximum(weather.dry_bulb_c - 15, 0)) * np.minimum(weather.pressure_pa / 101325, 1)
    # Nine of ten units; the load is highest in the heat too, to a thousandth of what is tried.
    assert 0.99 * 270 * left.min() <= state["firm_mw"] <= 1.05 * 270 * left.min()
    assert state["unserved_share"] < 1e-12
    assert (hours["plant"].to_numpy() <= 270 * left + 1e-6).all()
    assert (hours["load"] - hours["plant"] - hours["unserved"]).abs().max() < 1e-9


def test_without_a_spare_the_mean_of_outages_is_taken_off() -> None:
    with_spare = states(evaluated(onsite=GAS), "gas").iloc[-1]["firm_mw"]
    without = states(evaluated(onsite=GAS.replace("sizes", "spare_units: 0, sizes")), "gas").iloc[-1][
        "firm_mw"
    ]
    assert without / with_spare == pytest.approx(300 * 0.96 / 270, rel=1e-3)


def test_engines_keep_their_output_in_moderate_heat() -> None:
    engines = GAS.replace("gas:", "engines:").replace("unit_mw: 30", "unit_mw: 10")
    state = states(evaluated(onsite=engines), "engines").iloc[-1]
    assert state["firm_mw"] > 0.96 * 290


def test_run_hours_of_a_permit_are_kept() -> None:
    free = states(evaluated(onsite=GAS), "grid+gas").iloc[-1]
    few = states(evaluated(onsite=GAS.replace("sizes", "max_run_hours: 800, sizes")), "grid+gas").iloc[-1]
    assert free["plant_run_hours"] > 1200
    assert few["plant_run_hours"] <= 800 + 1e-6
    # What burns less carries less or buys more.
    assert few["firm_mw"] <= free["firm_mw"] + 1e-6


def test_fuel_that_can_be_had_limits_the_plant() -> None:
    heat_rate = 9.365  # MMBtu/MWh
    half = GAS.replace("sizes", f"max_mmbtu_per_day: {100 * 24 * heat_rate}, sizes")
    state = states(evaluated(onsite=half), "gas").iloc[-1]
    # What the fuel gives at the heat rate of the hottest hours.
    assert 100 / 1.1 - 2 < state["firm_mw"] < 100


def test_fuel_that_must_be_paid_is_paid() -> None:
    plain = states(evaluated(onsite=GAS), "gas").iloc[-1]
    paid = states(evaluated(onsite=GAS.replace("sizes", "min_mmbtu_per_day: 90000, sizes")), "gas").iloc[-1]
    assert paid["plant_mwh"] == pytest.approx(plain["plant_mwh"])
    more = (paid["other_usd_per_mwh"] - plain["other_usd_per_mwh"]) * plain["energy_mwh"]
    # Fuel at 4 USD/MMBtu that is not burnt; the plant burns the rest (part load and heat in).
    burnt = 90000 * 365 - more / 4
    assert 9.3 < burnt / plain["plant_mwh"] < 12.5


def test_a_tranche_is_cut_in_its_worst_hours_and_a_plant_stands_in() -> None:
    tranche = "{offer_mw: {2026-07: 150}, hours_per_year: 50}"
    evaluation = evaluated(grid__curtailable=tranche, onsite=GAS)
    alone = states(evaluation, "grid+curtailable").iloc[-1]
    # In the hours that are cut the load is below its peak: a little more than the firm 400 MW is firm.
    assert alone["firm_mw"] + alone["curtailable_mw"] == pytest.approx(550, rel=2e-3)
    assert 120 < alone["curtailable_mw"] <= 150
    hours = evaluation.supply_hourly(SITE, "grid+curtailable", int(alone["from_month"]))
    assert int(hours["cut"].sum()) == 50
    price = hours["price_usd_per_mwh"].to_numpy()
    assert price[hours["cut"]].min() >= price[~hours["cut"]].max()
    assert hours.loc[hours["cut"], "unserved"].min() > 0
    assert hours.loc[~hours["cut"], "unserved"].max() < 0.05 * 150
    # Hours of high price are not paid for the tranche.
    designs = evaluation.designs
    assert alone["grid_usd_per_mwh"] < designs.loc[designs["site"] == SITE, "mean_price_usd_per_mwh"].iloc[0]
    both = states(evaluation, "grid+curtailable+gas").iloc[-1]
    assert both["firm_mw"] > alone["firm_mw"] + 150


def test_a_tranche_beside_a_flat_price_is_cut_in_the_heat() -> None:
    evaluation = evaluated(
        price="{flat_usd_per_mwh: 50}", grid__curtailable="{offer_mw: {2026-07: 100}, hours_per_year: 30}"
    )
    hours = evaluation.supply_hourly(SITE, "grid+curtailable", 12 * 2030)
    warm = optimizer.physics.weather_from_catalog("usa-tx-abilene").dry_bulb_c
    assert warm[hours["cut"]].min() >= np.sort(warm)[-30]


def test_sun_and_battery_need_nothing_at_night_but_what_is_stored() -> None:
    onsite = "{solar: {max_mw: 2000}, battery: {max_mw: 300, max_mwh: 2400}, load_mw: [100]}"
    evaluation = evaluated(onsite=onsite)
    found = evaluation.supply
    path = next(p for p in found["path"] if p.startswith("solar+battery"))
    state = states(evaluation, path).iloc[-1]
    assert state["clean_hour"] == pytest.approx(1.0)
    assert state["kg_per_mwh"] == 0.0
    hours = evaluation.supply_hourly(SITE, path, int(state["from_month"]))
    dark = hours["solar"] == 0
    assert dark.sum() > 3000
    served = hours["load"] - hours["unserved"]
    assert np.allclose(hours.loc[dark, "discharged"], served[dark], atol=1e-6)
    assert state["unserved_share"] < 1e-12


def test_a_battery_filled_by_the_grid_is_not_clean() -> None:
    onsite = (
        "{battery: {max_mw: 100, max_mwh: 400, capex_usd_per_kw: 1, capex_usd_per_kwh: 1}, load_mw: [200]}"
    )
    evaluation = evaluated(onsite=onsite)
    path = next(p for p in evaluation.supply["path"] if p.startswith("grid+battery"))
    state = states(evaluation, path).iloc[-1]
    assert state["battery_out_mwh"] > 0
    assert state["clean_hour"] == 0
    assert state["clean_year"] == 0


def test_contracts_are_matched_by_the_year_and_by_the_hour() -> None:
    evaluation = evaluated(ppa="[{technology: solar, mw: 900, usd_per_mwh: 40, from: 2027-01}]")
    state = states(evaluation, "grid+ppa").iloc[-1]
    assert 0 < state["clean_hour"] < state["clean_year"] < 1
    # At most the hours of the sun can be matched.
    assert state["clean_hour"] < 0.5
    assert state["hour_kg_per_mwh"] > state["market_kg_per_mwh"]
    assert state["kg_per_mwh"] > state["hour_kg_per_mwh"]
    free = state["kg_per_mwh"] * (1 - state["clean_hour"])
    assert state["hour_kg_per_mwh"] == pytest.approx(free, rel=1e-6)


def test_queue_delay_and_circuits() -> None:
    overrides = {
        f"sites[{SITE}].grid": "{offer_mw: {2026-01: 100, 2027-01: 300}, delay_months: 6, n_minus_1_circuits: 3, "
        "queue: [{mw: 90, requested: 2025-01, study_months: 18, build_months: 24.5}], "
        "curtailable: {offer_mw: {2026-07: 50}}}",
        "power.grid_delay_months": "12",
    }
    scenario = optimizer.load(MINIMAL, overrides=overrides)
    assert scenario.horizon.start == 12 * 2026
    site = next(s for s in scenario.sites if s.name == SITE)
    # There by the start; then eighteen months late; the request 43 months after January 2025, late as well.
    assert firm_steps(scenario, site) == {
        12 * 2026: pytest.approx(200 / 3),
        12 * 2027 + 18: pytest.approx(200),
        12 * 2028 + 7 + 18: pytest.approx(260),
    }
    assert curtailable_steps(scenario, site) == {12 * 2026 + 6 + 18: 50}


def test_mixes_never_carry_more_than_they_supply() -> None:
    """Laws of all states: energy balance, shares within 0 and 1, no more from a source than it has."""
    evaluation = evaluated(
        onsite="{gas: {max_mw: 200, then: [stay, sold]}, solar: {max_mw: 500}, wind: {max_mw: 200}, "
        "battery: {max_mw: 100, max_mwh: 400}, load_mw: [150]}",
        grid__curtailable="{offer_mw: {2026-07: 60}}",
    )
    found = evaluation.supply
    assert len(found["path"].unique()) > 8
    for row in found.to_dict("records"):
        if row["energy_mwh"] == 0:
            continue
        made = row["grid_mwh"] + row["plant_mwh"] + row["solar_mwh"] + row["wind_mwh"]
        # Losses of the battery and what is spilled lie between.
        assert row["energy_mwh"] <= made + 1e-3
        assert 0 <= row["clean_hour"] <= row["clean_year"] + 1e-9 <= 1 + 2e-9
        assert row["unserved_share"] < 1e-12
        assert row["kg_per_mwh"] >= row["hour_kg_per_mwh"] - 1e-9


@pytest.mark.skipif(
    not (RAW / "carbon" / "ba_generation_mix").is_dir(), reason="no generation of balancing areas"
)
def test_headroom_of_flexible_loads_has_the_shape_of_the_duke_study() -> None:
    """Norris et al. 2025: 76, 98 and 126 GW at 0.25, 0.5 and 1 % curtailment (V22, shape).

    Generation of eight of the study's 22 balancing areas stands for their load; one year.
    """
    import pandas as pd

    totals = np.zeros(3)
    for file in sorted((RAW / "carbon" / "ba_generation_mix").glob("*.csv.gz")):
        frame = pd.read_csv(file)
        load = frame.drop(columns="avg_CI").select_dtypes("number").clip(lower=0).sum(axis=1).to_numpy()
        load = load[load > 0.2 * np.median(load)]
        own = np.array([headroom_mw(load, share) for share in (0.0025, 0.005, 0.01)])
        assert (np.diff(own) > 0).all()
        for share, size in zip((0.0025, 0.005, 0.01), own, strict=True):
            cut = np.maximum(load + size - load.max(), 0).sum()
            assert cut == pytest.approx(share * size * len(load), rel=1e-6)
        totals += own
    assert totals[1] / totals[0] == pytest.approx(98 / 76, rel=0.10)
    assert totals[2] / totals[0] == pytest.approx(126 / 76, rel=0.15)
