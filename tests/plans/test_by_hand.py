"""One site, one hall, no coupling: the cost is a net present value that can be written down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import optimizer
from optimizer import catalog
from optimizer.plan import Plan
from optimizer.planning.build import build_model
from optimizer.planning.from_scenario import planning_data
from optimizer.programmes.calendar import calendar
from optimizer.programmes.dominance import without_dominated
from optimizer.programmes.halls import hall_columns
from optimizer.programmes.paths import supply_paths

SCENARIO = """
name: one-hall
horizon: {start: 2026-01, periods: 1, months_per_period: 12, operate_until: 2030-12}
money: {base_year: 2026, wacc: 0.08, inflation: 0.0}
demand:
  min_it_mw: {2026-01: 50}
  workloads: [{name: training, path: {2026-01: 50000}}]
chips: {offered: [gb300_nvl72], refresh: none, run_on: false, settings: {gb300_nvl72: {price_decline_per_year: 0.2}}}
hall: {it_mw: 50, build_months: 0, utilisation: 0.75}
cooling: [dlc_tower]
sites:
  - name: only
    lat: 32.4
    lon: -99.7
    state: TX
    weather: usa-tx-abilene
    grid: {offer_mw: {2026-01: 80}, connection_usd_per_kw: 200, substation_usd_per_kw: 50, loss: 0.02}
    price: {flat_usd_per_mwh: 60}
    land: {acres: 100, usd_per_acre: 20000}
    water: {usd_per_m3: 3}
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    file: Path = tmp_path_factory.mktemp("hand") / "one.yaml"
    file.write_text(SCENARIO)
    return optimizer.solve(optimizer.load(file), gap=1e-9)


def test_cost_is_the_net_present_value(plan: Plan) -> None:
    economics, chip, market = catalog.economics(), catalog.chip("gb300_nvl72"), catalog.market("us-tx")
    design = plan.designs.iloc[0]
    middle = [1.08 ** -(t + 0.5) for t in range(5)]
    end = 1.08**-5

    facility = (
        50_000
        * market.labour_index
        * (economics.facility_capex_usd_per_kw + catalog.cooling("dlc_tower").capex_usd_per_kw.value)
    )
    plant = facility * (economics.electrical_share + economics.mechanical_share)
    # The middle of the first period is the middle of the base year: no escalation.
    building = facility + plant * market.sales_rate

    racks = int(50_000 / chip.it_kw_per_rack)
    age = 2026.5 - chip.release / 12
    hardware = racks * chip.rack_price_usd * 0.8**age
    hardware *= 1 + chip.network_storage_share + economics.spares_share
    chips = hardware * (1 + market.sales_rate)

    power, land = 80_000 * (200 + 50 * market.labour_index), 100 * 20_000
    yearly = (
        economics.staff_fte_per_mw * economics.staff_usd_per_fte * 50 * market.labour_index
        + economics.maintenance_share * plant
        + economics.insurance_share * (facility + hardware)
        + market.property_rate * facility
        + economics.it_maintenance_share * hardware
        + design["water_m3"] * 3
        + design["energy_mwh"] / 0.98 * 60
    )
    left = (
        facility * (1 - 5 / 20)
        + power * (1 - 5 / 20)
        + land
        + hardware * economics.residual_first * (1 - economics.residual_decline) ** 5
    )
    expected = middle[0] * (building + chips + power + land) + yearly * sum(middle) - left * end
    assert plan.verified, plan.report.violations
    assert plan.objective == pytest.approx(expected, rel=1e-9)


def test_yield_is_chips_times_rate(plan: Plan) -> None:
    chip = catalog.chip("gb300_nvl72")
    racks = int(50_000 / chip.it_kw_per_rack)
    expected = racks * 72 * chip.bf16_tflops / 989.5 * chip.availability
    capacity = plan.tables()["compute"]["capacity"]
    assert capacity.to_numpy() == pytest.approx([expected] * 5, rel=1e-12)


def test_the_model_in_words(plan: Plan) -> None:
    """The rows of a small case: a change of the model shows here."""
    periods = calendar(plan.scenario.horizon, plan.scenario.money)
    halls = hall_columns(plan.scenario, plan.designs, periods)
    columns = without_dominated(halls, plan.scenario, periods, np.zeros((2, periods.planning)))
    paths = supply_paths(plan.scenario, plan.designs, periods)
    model, _ = build_model(planning_data(plan.scenario, columns, paths, periods))
    rows = {name: family.count for name, family in model.rows.items() if family.count}
    each_period = {"power": 5, "energy": 5, "yield": 5, "demand": 5}
    rounded = {"least_halls_floor_0": 1, **{f"least_halls_demand_{t}": 1 for t in range(5)}}
    assert rows == {"land": 1, "open_first": 1, "min_it_mw": 1, **each_period, **rounded}
    assert set(model.columns) == {"halls", "path", "open", "billed", "served"}
