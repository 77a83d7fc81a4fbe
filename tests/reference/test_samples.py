"""Programmes under samples: the kernel against NumPy, against the programmes of the planner, whole or in blocks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer.programmes.calendar import calendar
from optimizer.programmes.halls import hall_columns
from optimizer.programmes.samples import SampledProgrammes, Samples, sampled_programmes

from .programme_samples import programme_samples

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
RENT = {"hall.build_to_suit": {"usd_per_kw_month": 120, "years": 10, "exit_fee_months": 18}}
OLD = [{"online": "2024-10", "it_mw": 30, "chip": "gb300_nvl72", "cooling": "dlc_dry"}]
GRID = {"sites[abilene].grid.offer_mw": {"2025-07": 100, "2027-07": 400}}
CASES: dict[str, dict[str, Any]] = {
    "minimal": {},
    "rented, dense, old": {**RENT, "hall.density_headroom": 1.2, "sites[abilene].existing": OLD, **GRID},
}


def samples(count: int) -> Samples:
    g = np.random.default_rng(7)
    return Samples(
        chip_price=g.uniform(0.7, 1.3, count),
        facility_price=g.uniform(0.8, 1.4, count),
        energy_price=g.uniform(0.5, 2.0, count),
        chip_price_decline=g.uniform(0.05, 0.35, count),
        construction_escalation=g.uniform(0.0, 0.05, count),
        facility_opex=g.uniform(0.8, 1.2, count),
        energy_use=g.uniform(0.98, 1.05, count),
        compute=g.uniform(0.8, 1.1, count),
        residual_decline=g.uniform(0.15, 0.45, count),
        wacc=g.uniform(0.07, 0.13, count),
    )


@cache
def programmes(name: str, count: int) -> SampledProgrammes:
    scenario = optimizer.load(CONFIGS / "minimal.yaml", CASES[name])
    designs = optimizer.evaluate(scenario).designs
    drawn = samples(count) if count else Samples()
    return sampled_programmes(
        scenario, designs, calendar(scenario.horizon, scenario.money), drawn, "training"
    )


@pytest.mark.parametrize("name", CASES)
def test_kernel_against_numpy(name: str) -> None:
    taken = programmes(name, 20)
    (block,) = taken.blocks(memory_mb=4000)
    twin = programme_samples(taken.arguments, 0, len(taken))
    size = np.abs(twin["flows"]).max()
    np.testing.assert_allclose(block.flows_usd, twin["flows"], rtol=1e-10, atol=1e-12 * size)
    np.testing.assert_allclose(block.energy_mwh, twin["energy_mwh"], rtol=1e-12)
    np.testing.assert_allclose(block.unit_hours, twin["unit_hours"], rtol=1e-12)
    np.testing.assert_allclose(block.cost_usd, twin["cost"], rtol=1e-9, atol=1e-12 * size)
    np.testing.assert_allclose(block.discounted_unit_hours, twin["yielded"], rtol=1e-12)
    assert np.isfinite(block.usd_per_unit_hour[block.discounted_unit_hours > 0]).all()


@pytest.mark.parametrize("name", CASES)
def test_without_samples_they_are_the_planner_s_programmes(name: str) -> None:
    scenario = optimizer.load(CONFIGS / "minimal.yaml", CASES[name])
    designs = optimizer.evaluate(scenario).designs
    columns = hall_columns(scenario, designs, calendar(scenario.horizon, scenario.money)).programmes
    (block,) = programmes(name, 0).blocks(memory_mb=4000)
    facility, chips, opex, energy, _ = np.moveaxis(block.flows_usd[:, 0], 1, 0)
    np.testing.assert_allclose(facility, columns.facility_usd)
    np.testing.assert_allclose(chips, columns.chips_usd)
    np.testing.assert_allclose(opex, columns.opex_usd)
    np.testing.assert_allclose(block.energy_mwh[:, 0], columns.energy_mwh)
    np.testing.assert_array_equal(block.racks, columns.racks.sum(axis=1))
    discount = calendar(scenario.horizon, scenario.money).discount
    np.testing.assert_allclose(block.cost_usd[:, 0], columns.cost_usd + energy @ discount, rtol=1e-9)


def test_blocks_do_not_change_a_bit() -> None:
    taken = programmes("minimal", 20)
    whole = [b.cost_usd.copy() for b in taken.blocks(memory_mb=4000)]
    parts = [b.cost_usd.copy() for b in taken.blocks(memory_mb=0.1)]
    assert len(parts) > len(whole) == 1
    assert (np.concatenate(parts) == whole[0]).all()
    starts = [b.first for b in taken.blocks(memory_mb=0.1)]
    assert starts[0] == 0
    assert np.diff(starts).min() > 0


def test_dearer_samples_cost_more() -> None:
    scenario = optimizer.load(CONFIGS / "minimal.yaml")
    designs = optimizer.evaluate(scenario).designs
    times = calendar(scenario.horizon, scenario.money)
    for change in ({"chip_price": [1.0, 1.2]}, {"energy_price": [1.0, 1.2]}, {"facility_opex": [1.0, 1.2]}):
        taken = sampled_programmes(scenario, designs, times, Samples(**change), "training")
        for block in taken.blocks():
            assert (block.cost_usd[:, 1] >= block.cost_usd[:, 0]).all()
