"""What a facility's year can be asked: load by hour, several weathers, warming, components, precision, bad input."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimizer import catalog
from optimizer.catalog import CatalogError
from optimizer.physics import DesignError, WeatherError, facility_year, weather_from_catalog

ABILENE = weather_from_catalog("usa-tx-abilene")
COLUMBUS = weather_from_catalog("usa-oh-columbus")


# Published plants


@pytest.mark.parametrize("weather", ["usa-co-golden", "usa-co-denver"])
def test_a_laboratory_on_towers(weather: str) -> None:
    """V8: NREL ESIF, Golden: PUE 1.036 +- 0.02 and 2.5 million gallons a year near 1 MW, 1.08 +- 0.2 L/kWh.

    Warm water at 24-27 degC, nine tenths of the heat in liquid, no UPS for the machine.
    """
    year = facility_year(
        weather_from_catalog(weather), "dlc_tower", redundancy="N", liquid_share=0.9, tcs_supply_c=26.0,
        ups_a=0.0, ups_b=0.0, ups_c=0.0,
    )  # fmt: skip
    assert year.pue == pytest.approx(1.036, abs=0.02)
    assert year.wue_l_per_kwh == pytest.approx(1.08, abs=0.2)


def test_a_machine_in_warm_water() -> None:
    """V9: Frontier, Tennessee: at most 1.07 on towers with water of 32 degC, no UPS."""
    year = facility_year(
        weather_from_catalog("usa-tn-nashville"), "dlc_tower", redundancy="N", liquid_share=0.95,
        tcs_supply_c=35.0, ups_a=0.0, ups_b=0.0, ups_c=0.0,
    )  # fmt: skip
    assert 1.03 <= year.pue <= 1.07


def test_dry_coolers_before_towers_save_water() -> None:
    """V8: a dry cooler in series saved NREL about half of the tower's water; here it saves at least that."""
    tower, hybrid = (facility_year(COLUMBUS, name) for name in ("dlc_tower", "dlc_hybrid"))
    assert hybrid.wue_l_per_kwh < 0.6 * tower.wue_l_per_kwh
    assert hybrid.pue < tower.pue


# Load by hour


def test_a_flat_series_is_no_series() -> None:
    flat = facility_year(ABILENE, "dlc_tower", load_profile=np.full(8760, 3.0))
    assert flat.pue == facility_year(ABILENE, "dlc_tower").pue


def test_inference_has_the_mean_and_keeps_below_the_peak() -> None:
    for utilisation in (0.5, 0.8, 0.95, 1.0):
        hourly = facility_year(ABILENE, utilisation=utilisation, load_profile="inference").hourly
        assert hourly["it_mw"].mean() == pytest.approx(100.0 * utilisation, rel=1e-9)
        assert hourly["it_mw"].max() <= 100.0 * (1 + 1e-9)
    assert np.ptp(hourly["it_mw"]) == pytest.approx(0.0, abs=1e-9)


def test_load_in_the_heat_costs_more_than_load_in_the_cold() -> None:
    order = np.argsort(np.argsort(ABILENE.dry_bulb_c)) / 8760.0
    hot, cold = (
        facility_year(ABILENE, "dlc_dry", utilisation=0.5, load_profile=shape)
        for shape in (1 + order, 2 - order)
    )
    assert hot.components.energy_mwh["rejection_fans"] > cold.components.energy_mwh["rejection_fans"]
    assert hot.pue > cold.pue


# Weathers, warming, samples


def test_several_weathers_and_samples_in_one_call() -> None:
    approach = np.array([3.0, 4.0, 6.0])
    both = facility_year([ABILENE, COLUMBUS], "dlc_tower", tower_approach_k=approach)
    assert both.pue.shape == (2, 3)
    for i, weather in enumerate((ABILENE, COLUMBUS)):
        alone = facility_year(weather, "dlc_tower", tower_approach_k=approach)
        assert both.pue[i].tolist() == alone.pue.tolist()
        assert both.components.energy_mwh["pumps"][i] == pytest.approx(alone.components.energy_mwh["pumps"])
        assert both.peak_design_mw[i].tolist() == alone.peak_design_mw.tolist()


@pytest.mark.parametrize("cooling", catalog.cooling_ids())
def test_a_warmer_world_costs_energy(cooling: str) -> None:
    pue = [facility_year(ABILENE, cooling, warming_k=by).pue for by in (0.0, 1.5, 3.0)]
    assert pue[0] < pue[1] < pue[2] or cooling in ("dlc_chiller", "air_chiller")
    warmer = replace(ABILENE, dry_bulb_c=ABILENE.dry_bulb_c + 3.0)
    assert pue[2] == facility_year(warmer, cooling).pue


# Components, heat reuse, peaks


@pytest.mark.parametrize("cooling", catalog.cooling_ids())
def test_components_add_up(cooling: str) -> None:
    year = facility_year(ABILENE, cooling, load_profile="inference")
    assert sum(year.components.energy_mwh.values()) == pytest.approx(year.energy_mwh, rel=1e-9)
    assert sum(year.components.water_m3.values()) == pytest.approx(year.water_m3, rel=1e-9, abs=1e-9)
    hours = year.components.hours
    assert hours["free"] + hours["mixed"] + hours["mechanical"] == pytest.approx(8760.0)
    assert year.peak_design_mw <= year.peak_mw
    assert year.peak_design_mw > year.energy_mwh / 8760.0


def test_heat_is_handed_on_in_the_cold() -> None:
    kept, reused = (facility_year(COLUMBUS, "dlc_tower", reuse_share=share) for share in (0.0, 0.6))
    it_mwh = 0.8 * 100.0 * 8760.0
    share = reused.components.heat_reused_mwh / it_mwh
    assert 0.2 < share < 0.6 * 0.87
    assert reused.water_m3 < kept.water_m3
    assert reused.components.heat_reused_c == pytest.approx(40.0 - 3.0 + 10.0)
    always = facility_year(COLUMBUS, "dlc_tower", reuse_share=0.6, reuse_below_c=60.0)
    assert always.components.heat_reused_mwh == pytest.approx(0.6 * 0.87 * it_mwh, rel=1e-9)


def test_a_site_that_cannot_hold_its_temperature_says_how_hot() -> None:
    """Outdoor air without chillers behind it: as warm as the air, above the supply limit."""
    year = facility_year(ABILENE, "air_economizer", backup_capacity=0.0)
    hottest = float(ABILENE.dry_bulb_c.max())
    assert year.over_temperature_k == pytest.approx(hottest - 27.0, rel=1e-9)
    # Ramps of the switch make the count begin with the first hour above the limit.
    assert year.hours_over_temperature == pytest.approx(float((ABILENE.dry_bulb_c > 27.0).sum()), rel=1e-12)
    assert facility_year(ABILENE, "air_economizer").hours_over_temperature == 0.0


def test_dry_coolers_without_trim_let_the_water_warm() -> None:
    year = facility_year(ABILENE, "dlc_dry", trim_capacity=0.0)
    assert year.hours_over_temperature > 0
    assert 0.0 < year.over_temperature_k < float(ABILENE.dry_bulb_c.max()) - 25.0
    assert year.over_temperature_k > facility_year(ABILENE, "dlc_dry", trim_capacity=0.1).over_temperature_k


def test_immersion_needs_no_server_fans() -> None:
    year = facility_year(ABILENE, "immersion")
    it_mwh = 0.8 * 100.0 * 8760.0
    assert year.server_fan_saving_mwh == pytest.approx(it_mwh * 0.06 / 0.94)
    assert facility_year(ABILENE, "dlc_dry").server_fan_saving_mwh == 0.0


def test_cost_and_carbon_by_hour() -> None:
    price = np.linspace(10.0, 90.0, 8760)
    year = facility_year(ABILENE, price_usd_per_mwh=price, carbon_kg_per_mwh=400.0)
    assert year.energy_usd == pytest.approx(float(year.hourly["facility_mw"] @ price), rel=1e-12)
    assert year.co2_t == pytest.approx(0.4 * year.energy_mwh, rel=1e-12)


# Switches are ramps


@pytest.mark.parametrize("cooling", catalog.cooling_ids())
def test_rounded_weather_gives_the_same_year(cooling: str) -> None:
    """Dry bulbs rounded to 0.01 K: no switch so hard that it moves the year's water or energy by 1e-3."""
    rounded = replace(ABILENE, dry_bulb_c=np.round(ABILENE.dry_bulb_c + 0.004, 2))
    one, other = facility_year(ABILENE, cooling), facility_year(rounded, cooling)
    assert other.energy_mwh == pytest.approx(one.energy_mwh, rel=1e-3)
    assert other.water_m3 == pytest.approx(one.water_m3, rel=1e-2, abs=1.0)


# Bad input


def broken(**changes: Any) -> Any:
    return replace(ABILENE, **changes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"utilisation": 0.0}, "utilisation: expected more than 0"),
        ({"it_mw": float("nan")}, "it_mw: expected more than 0"),
        ({"load_profile": np.ones(24)}, r"load_profile: expected 8760 hours, found shape \(24,\)"),
        ({"load_profile": np.r_[np.nan, np.ones(8759)]}, "load_profile: hour 0 is not finite"),
        ({"load_profile": np.r_[np.ones(8759), 9.0]}, "load_profile: hour 8759 is"),
        ({"load_profile": -np.ones(8760)}, "expected loads of 0 or more"),
        ({"price_usd_per_mwh": np.ones(8759)}, r"price_usd_per_mwh: expected a number or 8760 hours"),
        ({"carbon_kg_per_mwh": np.full(8760, np.inf)}, "carbon_kg_per_mwh: hour 0 is not finite"),
        ({"dtype": "float16"}, "dtype: expected float64 or float32"),
        ({"air_side": "air_economizer", "dec_policy": "yes"}, "dec_policy: expected lei2022"),
        ({"cooling": "air_chiller", "rejection": "dry"}, "rejection 'dry' does not go"),
        ({"tcs_supply_c": "warm"}, "tcs_supply_c: expected a number, found 'warm'"),
        ({"tcs_supply_c": [40.0, float("nan")]}, "tcs_supply_c: sample 1 is not finite"),
        ({"tcs_supply_c": []}, "tcs_supply_c: no samples"),
        ({"facility_rise_k": 0.0}, "facility_rise_k: expected more than 0"),
        ({"dry_approach": 8.0}, "has no parameter dry_approach"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DesignError, match=message):
        facility_year(ABILENE, **arguments)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dry_bulb_c": ABILENE.dry_bulb_c + 273.15}, r"hour 0: dry_bulb_c expected -65 to 60 degC, found 2"),
        ({"dry_bulb_c": 1.8 * ABILENE.dry_bulb_c + 32.0}, "dry_bulb_c expected -65 to 60 degC"),
        ({"rh": 100.0 * ABILENE.rh}, r"rh expected 0 to 1.05 \(a fraction\)"),
        ({"pressure_pa": ABILENE.pressure_pa / 100.0}, "pressure_pa expected 45000 to 110000 Pa"),
        ({"rh": np.r_[ABILENE.rh[:7], np.nan, ABILENE.rh[8:]]}, r"hour 7: rh .* \(1 such hours\)"),
        ({"rh": ABILENE.rh[:100]}, r"rh has shape \(100,\), dry_bulb_c \(8760,\)"),
    ],
)
def test_bad_weather_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(WeatherError, match=message):
        facility_year(broken(**changes))


def test_unknown_names_are_named() -> None:
    with pytest.raises(CatalogError, match="load profile"):
        facility_year(ABILENE, load_profile="bursts")
    with pytest.raises(CatalogError, match="air side"):
        facility_year(ABILENE, air_side="ice")
    with pytest.raises(CatalogError, match="cooling system"):
        facility_year(ABILENE, "ice")
