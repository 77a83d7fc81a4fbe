"""The levelised cost of a chip beside the planner's hall programmes, and its own laws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import optimizer
from optimizer import catalog
from optimizer.physics import evaluate
from optimizer.physics.supply.annuity import capital_recovery_factor, capital_recovery_factors
from optimizer.programmes.calendar import calendar
from optimizer.programmes.chip_cost import CAPITAL_LINES, OPERATION_LINES, chip_cost, usd_per_pflop_hour
from optimizer.programmes.halls import hall_columns

# The middle of the first period is the middle of the base year, so that nothing has escalated; 400 whole racks.
SCENARIO = """
name: one-hall
horizon: {start: 2026-01, periods: 1, months_per_period: 12, operate_until: 2030-12}
money: {base_year: 2026, wacc: 0.08, inflation: 0.0}
demand:
  min_it_mw: {2026-01: 56}
  workloads: [{name: training, path: {2026-01: 50000}}]
chips: {offered: [gb300_nvl72], refresh: none, run_on: false}
hall: {it_mw: 56, build_months: 0, utilisation: 0.75}
cooling: [dlc_tower]
sites:
  - name: only
    lat: 32.4
    lon: -99.7
    state: TX
    weather: usa-tx-abilene
    grid: {offer_mw: {2026-01: 80}}
    price: {flat_usd_per_mwh: 60}
    land: {acres: 100, usd_per_acre: 20000}
    water: {usd_per_m3: 3}
"""


def test_a_hall_programme_costs_the_same(tmp_path: Path) -> None:
    """Hardware, building, a year's operation and energy, and resale: chip by chip as the hall of a plan.

    The one difference is when within a year money falls due: plans discount from the middle of periods.
    """
    file = tmp_path / "one.yaml"
    file.write_text(SCENARIO)
    scenario = optimizer.load(file)
    periods = calendar(scenario.horizon, scenario.money)
    designs = evaluate(scenario).designs
    hall = hall_columns(scenario, designs, periods).programmes
    assert len(hall) == 1
    design = designs.iloc[0]
    it_mwh = 56 * 0.75 * 8760
    market = catalog.market("us-tx")
    found = chip_cost(
        "gb300_nvl72",
        0.08,
        market="us-tx",
        it_life_years=5,
        energy_usd_per_mwh=60,
        pue=design["energy_mwh"] / it_mwh,
        utilisation=0.75,
        cooling_usd_per_kw=catalog.cooling("dlc_tower").capex_usd_per_kw.value,
        bought_year=2026.5,
        sales_rate=market.sales_rate,
        wue_l_per_kwh=design["water_m3"] / it_mwh,
        water_usd_per_m3=3,
    )
    chips, economics = 400 * 72, catalog.economics()
    plant_share = economics.electrical_share + economics.mechanical_share
    hardware, facility = chips * found.hardware_usd_per_chip, chips * found.facility_usd_per_chip
    assert hall.chips_usd[0, 0] == pytest.approx(hardware * (1 + market.sales_rate), rel=1e-9)
    assert hall.facility_usd[0, 0] == pytest.approx(
        facility * (1 + market.sales_rate * plant_share), rel=1e-9
    )
    assert hall.opex_usd[0] == pytest.approx([chips * found.operation_usd_per_chip_year] * 5, rel=1e-9)
    assert hall.energy_mwh[0] * 60 == pytest.approx([chips * found.usd_per_chip_year["energy"]] * 5, rel=1e-9)

    flows = hall.chips_usd[0] + hall.facility_usd[0] + hall.opex_usd[0]
    left = (periods.discount @ flows - hall.cost_usd[0]) / periods.discount_end
    resale = left - facility * (1 - 5 / scenario.hall.life_years)
    levelled = sum(found.usd_per_chip_year[line] for line in ("servers", "network_storage", "spares"))
    paid = hardware * (1 + market.sales_rate) - resale * 1.08**-5
    assert chips * levelled == pytest.approx(paid * capital_recovery_factor(0.08, 5), rel=1e-9)


def test_lines_add_up() -> None:
    found = chip_cost("h100_sxm", 0.08, wue_l_per_kwh=0.5)
    assert set(found.usd_per_chip_year) == {*CAPITAL_LINES, "energy", *OPERATION_LINES}
    assert all(usd > 0 for usd in found.usd_per_chip_year.values())
    total = sum(found.usd_per_chip_hour_by_line.values())
    assert found.usd_per_chip_hour == pytest.approx(total, rel=1e-12)
    assert found.usd_per_chip_hour == pytest.approx(
        sum(found.usd_per_chip_year.values()) / (8760 * catalog.chip("h100_sxm").availability)
    )
    # An H100 is one H100e; a PFLOP/s of dense BF16 at 40 % takes 2.53 of them.
    assert found.usd_per_h100e_hour == found.usd_per_chip_hour
    assert found.usd_per_pflop_hour(0.4) == pytest.approx(found.usd_per_chip_hour / (0.9895 * 0.4))
    assert found.usd_per_pflop_hour(0.4, "fp8") == pytest.approx(found.usd_per_pflop_hour(0.4) / 2, rel=1e-3)


def test_ranges_run_at_once() -> None:
    """An axis of rates by an axis of lives gives what each pair gives alone, without interest too."""
    rates, lives = np.array([0.0, 0.08, 0.12]), np.array([[4.0], [5.0], [7.0], [20.0]])
    table = chip_cost("gb200_nvl72", rates, it_life_years=lives).usd_per_chip_hour
    assert table.shape == (4, 3)
    for i, life in enumerate(lives[:, 0]):
        for j, rate in enumerate(rates):
            alone = chip_cost("gb200_nvl72", float(rate), it_life_years=float(life))
            assert table[i, j] == pytest.approx(alone.usd_per_chip_hour, rel=1e-12)
    assert (np.diff(table, axis=1) > 0).all()


def test_retrofits_are_those_within_the_life_of_the_building() -> None:
    """Lives of 5 and 20 years: three, at 5, 10 and 15; the building's life or more: none."""
    economics = catalog.economics()
    found = chip_cost("gb200_nvl72", 0.08, it_life_years=np.array([5.0, 20.0, 30.0]))
    plant_share = economics.electrical_share + economics.mechanical_share
    each = economics.refresh_retrofit_share * plant_share * found.facility_usd_per_chip[0]
    by_hand = each * sum(1.08**-year for year in (5, 10, 15)) * capital_recovery_factor(0.08, 20)
    assert found.usd_per_chip_year["retrofit"] == pytest.approx([by_hand, 0.0, 0.0], rel=1e-12)


def test_annuities_over_arrays() -> None:
    found = capital_recovery_factors(np.array([0.0, 0.05, 0.08]), np.array([[4.0], [5.0]]))
    alone = [[capital_recovery_factor(rate, n) for rate in (0.0, 0.05, 0.08)] for n in (4, 5)]
    np.testing.assert_allclose(found, alone, rtol=1e-14)


def test_a_chip_of_ones_own() -> None:
    cheap = replace(catalog.chip("gb200_nvl72"), rack_price_usd=1.5e6)
    assert chip_cost(cheap, 0.08).usd_per_chip_year["servers"] == pytest.approx(
        chip_cost("gb200_nvl72", 0.08).usd_per_chip_year["servers"] / 2
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("it_life_years", 0.0),
        ("pue", 0.9),
        ("utilisation", 1.2),
        ("sold_share", 0.0),
        ("wue_l_per_kwh", -1.0),
        ("bought_year", float("nan")),
    ],
)
def test_what_means_nothing_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name if np.isfinite(value) else "finite"):
        chip_cost("h100_sxm", 0.08, **{name: value})


def test_other_mistakes() -> None:
    with pytest.raises(catalog.CatalogError, match="h100_sxm"):
        chip_cost("h100", 0.08)
    with pytest.raises(ValueError, match="energy_usd_per_mwh"):
        chip_cost("h100_sxm", 0.08, market="de")
    with pytest.raises(ValueError, match="training"):
        usd_per_pflop_hour("arm_cpu_rack", 1.0)
    with pytest.raises(ValueError, match="mfu"):
        usd_per_pflop_hour("h100_sxm", 1.0, mfu=0.0)


def test_it_is_exported() -> None:
    assert optimizer.chip_cost is chip_cost
