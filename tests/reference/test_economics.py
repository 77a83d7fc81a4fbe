"""Money of hall programmes: kernel against the NumPy twin, and a hall by hand."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import optimizer._core.economics as kernel
import pytest

import optimizer
from optimizer.physics import evaluate
from optimizer.programmes import halls
from optimizer.programmes.calendar import calendar

from . import economics as twin

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def by_kernel(case: twin.Case) -> twin.Flows:
    n, periods = len(case.place), len(case.discount)
    flows = twin.Flows(
        capital=np.zeros((n, 2, periods)),
        residual=np.zeros(n),
        cost=np.zeros(n),
        **{name: np.zeros((n, periods)) for name in ("opex", "sales", "energy_mwh", "peak_mw", "water_m3")},
    )
    kernel.hall_programmes(
        *(getattr(case, field.name) for field in fields(case)),
        *(getattr(flows, field.name) for field in fields(flows)),
    )
    return flows


def assert_same(found: twin.Flows, expected: twin.Flows, rtol: float = 1e-10) -> None:
    for field in fields(twin.Flows):
        mine, theirs = getattr(found, field.name), getattr(expected, field.name)
        # Where costs cancel, what matters is the size of what was added up.
        size = np.abs(theirs).max() if field.name == "cost" else 0.0
        np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=1e-14 * size, err_msg=field.name)


def case_of(name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[twin.Case, twin.Flows]:
    """The case that a shipped scenario makes, and the kernel's answer as the programmes got it."""
    seen: list[tuple[Any, ...]] = []

    def record(*arguments: Any) -> None:
        kernel.hall_programmes(*arguments)
        seen.append(arguments)

    monkeypatch.setattr(halls, "kernel", SimpleNamespace(hall_programmes=record))
    scenario = optimizer.load(CONFIGS / name)
    columns = halls.hall_columns(
        scenario, evaluate(scenario).designs, calendar(scenario.horizon, scenario.money)
    )
    (arguments,) = seen
    count = len(fields(twin.Case))
    assert len(columns.programmes) == len(arguments[0]) > 0
    return twin.Case(*arguments[:count]), twin.Flows(*arguments[count:])


def random_case(seed: int, *, programmes: int = 80, construction: int = 3) -> twin.Case:
    """Lives of all kinds: new, committed and existing, refreshed, run on, retired, bought and sold."""
    random = np.random.default_rng(seed)
    periods, depth, chips, places = int(random.integers(6, 16)), 4, 3, 4
    months = int(random.choice([3, 6, 12]))
    stages = np.full((programmes, depth, 4), -1, dtype=np.int32)
    online = np.zeros(programmes)
    commission = np.zeros(programmes, dtype=np.int32)
    existing = random.random(programmes) < 0.2
    for j in range(programmes):
        first = 0 if existing[j] else int(random.integers(0, periods))
        commission[j] = first
        online[j] = -random.integers(0, 60) / 12 if existing[j] else first * months / 12
        run_on = 0
        for k in range(int(random.integers(1, depth + 1))):
            chip = stages[j, k - 1, 0] if run_on else random.integers(chips)
            end = int(random.integers(first + 1, periods + 1))
            stages[j, k] = (chip, first, end, run_on)
            if end == periods:
                break
            first, run_on = end, int(random.random() < 0.3 and not run_on)
    mw = random.choice([25.0, 50.0, 132.0], programmes)
    full = np.floor(1000.0 * mw[:, None] / np.array([10.2, 132.0, 200.0])[stages[:, :, 0]] + 1e-9)
    fill = random.choice([1.0, 1.0, 0.5], (programmes, depth))
    price_first = np.where(existing, random.uniform(2e6, 4e6, programmes), -1.0)
    facility = random.uniform(8e6, 2e7, places)
    decline = float(random.uniform(0.15, 0.45))
    return twin.Case(
        stages=stages,
        racks=np.floor(full * fill),
        fill=fill,
        commission=commission,
        place=random.integers(0, places, programmes).astype(np.int32),
        it_mw=mw,
        online_years=online,
        pays_building=(~existing).astype(np.uint8),
        pays_first_chips=(~existing).astype(np.uint8),
        leased=(~existing & (random.random(programmes) < 0.4)).astype(np.uint8),
        first_hardware=price_first,
        facility_usd_per_mw=facility,
        plant_usd_per_mw=0.6 * facility,
        plant_tax=random.uniform(0.0, 0.1, places),
        chip_tax=random.uniform(0.0, 0.1, places),
        fixed_opex_usd_per_mw_year=random.uniform(1e5, 5e5, places),
        property_usd_per_mw_year=random.uniform(0.0, 3e5, places),
        abated_share=random.choice([0.0, 0.5, 1.0], places),
        abated_years=random.choice([0.0, 1.0, 2.5, 20.0], places),
        chip_property_rate=random.choice([0.0, 0.01, 0.02], places),
        chip_abated_share=random.choice([0.0, 0.5, 1.0], places),
        water_usd_per_m3=random.uniform(0.5, 3.0, places),
        rent_usd_per_mw_year=random.uniform(1e6, 3e6, places),
        lease_periods=random.integers(2, 12, places).astype(np.int32),
        exit_fee_periods=random.integers(0, 4, places).astype(np.int32),
        price_growth=random.uniform(0.9, 1.3, (places, periods)),
        energy_mwh_per_mw=random.uniform(7000.0, 10000.0, (places, chips)),
        peak_mw_per_mw=random.uniform(1.05, 1.5, (places, chips)),
        water_m3_per_mw=random.uniform(0.0, 15000.0, (places, chips)),
        shape_usd_per_mw=random.normal(0.0, 5000.0, (places, chips)),
        hardware_usd_per_rack=random.uniform(2e5, 6e6, (chips, periods)),
        discount=1.05 ** -((np.arange(periods) + 0.5) * months / 12),
        capital_weight=random.uniform(0.7, 1.0, (2, periods)),
        escalation=1.03 ** (np.arange(periods) * months / 12),
        build_shares=random.dirichlet(np.ones(construction)) if construction else np.zeros(0),
        operating_weight=float(random.choice([1.0, 0.79])),
        period_years=months / 12,
        discount_end=1.05 ** -(periods * months / 12),
        insurance_share=0.004,
        it_maintenance_share=0.03,
        run_on_maintenance_factor=1.5,
        retrofit_share=0.12,
        residual_first=0.9,
        residual_decline=decline,
        residual_keep_monthly=(1.0 - decline) ** (1 / 12),
        hall_life_years=float(random.choice([3.0, 14.0, 25.0])),
    )


@pytest.mark.parametrize("name", ["minimal.yaml", "global.yaml"])
def test_shipped_scenario_against_twin(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case, found = case_of(name, monkeypatch)
    assert_same(found, twin.hall_programmes(case))


@pytest.mark.parametrize("seed", range(12))
def test_random_case_against_twin(seed: int) -> None:
    case = random_case(seed, construction=seed % 5)
    assert_same(by_kernel(case), twin.hall_programmes(case))


def test_random_cases_show_every_kind_of_life() -> None:
    stages = np.concatenate([random_case(seed).stages[:, :, [0, 3]] for seed in range(6)])
    assert (stages[:, 1:, 1] == 1).any(), "run on"
    assert ((stages[:, 1:, 1] == 0) & (stages[:, 1:, 0] >= 0)).any(), "refreshed"
    assert any((random_case(seed).first_hardware >= 0).any() for seed in range(6)), "existing"


def one_hall(**changes: Any) -> twin.Case:
    """A hall of 10 MW, racks of 100 kW at 3 M$, one stage over two of three years, no construction time."""
    case = twin.Case(
        stages=np.array([[[0, 0, 2, 0]]], dtype=np.int32),
        racks=np.array([[100.0]]),
        fill=np.ones((1, 1)),
        commission=np.zeros(1, dtype=np.int32),
        place=np.zeros(1, dtype=np.int32),
        it_mw=np.array([10.0]),
        online_years=np.zeros(1),
        pays_building=np.ones(1, dtype=np.uint8),
        pays_first_chips=np.ones(1, dtype=np.uint8),
        leased=np.zeros(1, dtype=np.uint8),
        first_hardware=np.array([-1.0]),
        facility_usd_per_mw=np.array([10e6]),
        plant_usd_per_mw=np.array([6e6]),
        plant_tax=np.array([0.05]),
        chip_tax=np.array([0.10]),
        fixed_opex_usd_per_mw_year=np.array([0.2e6]),
        property_usd_per_mw_year=np.zeros(1),
        abated_share=np.zeros(1),
        abated_years=np.zeros(1),
        chip_property_rate=np.zeros(1),
        chip_abated_share=np.zeros(1),
        water_usd_per_m3=np.array([2.0]),
        rent_usd_per_mw_year=np.array([1.5e6]),
        lease_periods=np.array([5], dtype=np.int32),
        exit_fee_periods=np.array([1], dtype=np.int32),
        price_growth=np.array([[1.0, 1.1, 1.2]]),
        energy_mwh_per_mw=np.array([[8000.0]]),
        peak_mw_per_mw=np.array([[1.2]]),
        water_m3_per_mw=np.array([[5000.0]]),
        shape_usd_per_mw=np.array([[1000.0]]),
        hardware_usd_per_rack=np.array([[3e6, 2e6, 1e6]]),
        discount=np.array([1.0, 0.9, 0.8]),
        capital_weight=np.ones((2, 3)),
        escalation=np.array([1.0, 1.5, 2.0]),
        build_shares=np.zeros(0),
        operating_weight=1.0,
        period_years=1.0,
        discount_end=0.7,
        insurance_share=0.01,
        it_maintenance_share=0.04,
        run_on_maintenance_factor=2.0,
        retrofit_share=0.10,
        residual_first=0.5,
        residual_decline=0.5,
        residual_keep_monthly=0.5 ** (1 / 12),
        hall_life_years=10.0,
    )
    if "stages" in changes:
        depth = changes["stages"].shape[1]
        case = replace(case, racks=np.full((1, depth), 100.0), fill=np.ones((1, depth)))
    return replace(case, **changes)


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_a_hall_by_hand(evaluate_case: Any) -> None:
    flows = evaluate_case(one_hall())
    # 100 racks: 300 M$ and 10 % tax; building 100 M$ and 5 % of 60 M$.
    np.testing.assert_allclose(flows.capital[0], [[103e6, 0, 0], [330e6, 0, 0]], rtol=1e-14)
    # A year: 2 M$ fixed, 5 % of 300 M$, 50,000 m3 at 2 $, shape 10,000 $ that grows.
    np.testing.assert_allclose(
        flows.opex[0], [2e6 + 15e6 + 0.1e6 + 10e3, 2e6 + 15e6 + 0.1e6 + 11e3, 0], rtol=1e-14
    )
    # Sold at two years: 300 M$ * 0.5 * 0.25.
    np.testing.assert_allclose(flows.sales[0], [0, 0, 37.5e6], rtol=1e-14)
    assert flows.residual[0] == pytest.approx(70e6, rel=1e-14)
    np.testing.assert_allclose(flows.energy_mwh[0], [80e3, 80e3, 0])
    np.testing.assert_allclose(flows.peak_mw[0], [12, 12, 0])
    np.testing.assert_allclose(flows.water_m3[0], [50e3, 50e3, 0])
    assert flows.cost[0] == pytest.approx(
        433e6 + 17.11e6 + 0.9 * 17.111e6 - 0.8 * 37.5e6 - 0.7 * 70e6, rel=1e-14
    )


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_running_on_keeps_the_chips_and_pays_more_upkeep(evaluate_case: Any) -> None:
    flows = evaluate_case(one_hall(stages=np.array([[[0, 0, 2, 0], [0, 2, 3, 1]]], dtype=np.int32)))
    assert flows.sales.sum() == 0
    assert flows.capital[0, 1].tolist() == [pytest.approx(330e6), 0, 0]
    assert flows.opex[0, 2] == pytest.approx(2e6 + 0.09 * 300e6 + 0.1e6 + 12e3, rel=1e-14)
    # Three years old at the end: 300 M$ * 0.5 * 0.125, and 70 M$ of the building.
    assert flows.residual[0] == pytest.approx(18.75e6 + 70e6, rel=1e-14)


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_a_refresh_sells_retrofits_and_buys_at_the_day_s_price(evaluate_case: Any) -> None:
    flows = evaluate_case(one_hall(stages=np.array([[[0, 0, 2, 0], [0, 2, 3, 0]]], dtype=np.int32)))
    assert flows.sales[0, 2] == pytest.approx(37.5e6, rel=1e-14)
    # 10 % of 60 M$ of plant at twice the price; 100 racks at 1 M$ and tax.
    assert flows.capital[0, 0, 2] == pytest.approx(12e6, rel=1e-14)
    assert flows.capital[0, 1, 2] == pytest.approx(110e6, rel=1e-14)
    assert flows.residual[0] == pytest.approx(25e6 + 70e6, rel=1e-14)


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_an_existing_block_pays_nothing_first_and_is_older(evaluate_case: Any) -> None:
    flows = evaluate_case(
        one_hall(
            online_years=np.array([-1.5]),
            pays_building=np.zeros(1, dtype=np.uint8),
            pays_first_chips=np.zeros(1, dtype=np.uint8),
            first_hardware=np.array([4e6]),
        )
    )
    assert flows.capital.sum() == 0
    assert flows.sales[0, 2] == pytest.approx(400e6 * 0.5 * 0.5**3.5, rel=1e-12)
    assert flows.opex[0, 0] == pytest.approx(2e6 + 0.05 * 400e6 + 0.1e6 + 10e3, rel=1e-14)
    assert flows.residual[0] == pytest.approx(100e6 * (1 - 4.5 / 10), rel=1e-14)


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_construction_before_the_study_is_sunk(evaluate_case: Any) -> None:
    flows = evaluate_case(
        one_hall(
            stages=np.array([[[0, 1, 3, 0]]], dtype=np.int32),
            commission=np.ones(1, dtype=np.int32),
            online_years=np.ones(1),
            build_shares=np.array([0.3, 0.7]),
        )
    )
    np.testing.assert_allclose(flows.capital[0, 0], [0.7 * 103e6, 0, 0], rtol=1e-14)
    np.testing.assert_allclose(flows.capital[0, 1], [0, 220e6, 0], rtol=1e-14)


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_a_rented_hall_pays_rent_and_a_fee_for_leaving(evaluate_case: Any) -> None:
    flows = evaluate_case(one_hall(leased=np.ones(1, dtype=np.uint8)))
    assert flows.capital[0, 0].tolist() == [0, 0, 0]
    # Ten megawatts at 1.5 M$ a year; one more year of it after two of five.
    assert flows.opex[0, 0] == pytest.approx(15e6 + 2e6 + 15e6 + 0.1e6 + 10e3, rel=1e-14)
    assert flows.opex[0, 2] == pytest.approx(15e6, rel=1e-14)
    assert flows.residual[0] == 0


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_property_tax_is_waived_while_a_hall_is_young(evaluate_case: Any) -> None:
    """2 % of 100 M$ of building and 1 % of what the chips would fetch, 80 and 50 % of it waived for one year."""
    stages = np.array([[[0, 0, 3, 0]]], dtype=np.int32)
    plain = evaluate_case(one_hall(stages=stages))
    taxed = {"property_usd_per_mw_year": np.array([0.2e6]), "chip_property_rate": np.array([0.01])}
    waived = {
        "abated_share": np.array([0.8]),
        "abated_years": np.array([1.0]),
        "chip_abated_share": np.array([0.5]),
    }
    full = evaluate_case(one_hall(stages=stages, **taxed)).opex - plain.opex
    less = evaluate_case(one_hall(stages=stages, **taxed, **waived)).opex - plain.opex
    # Chips of 300 M$ fetch half at once, and half as much every year.
    on_chips = np.array([1.5e6, 0.75e6, 0.375e6])
    np.testing.assert_allclose(full[0], 2e6 + on_chips, rtol=1e-7)
    np.testing.assert_allclose(less[0], [0.4e6 + 0.75e6, *(2e6 + on_chips[1:])], rtol=1e-7)


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_a_hall_with_half_its_racks_draws_half(evaluate_case: Any) -> None:
    flows = evaluate_case(one_hall(racks=np.array([[50.0]]), fill=np.array([[0.5]])))
    np.testing.assert_allclose(flows.energy_mwh[0], [40e3, 40e3, 0])
    np.testing.assert_allclose(flows.peak_mw[0], [6, 6, 0])
    assert flows.capital[0, 1, 0] == pytest.approx(165e6, rel=1e-14)


@pytest.mark.parametrize("evaluate_case", [by_kernel, twin.hall_programmes], ids=["kernel", "twin"])
def test_tax_weighs_capital_and_operation(evaluate_case: Any) -> None:
    weight = np.array([[0.8, 1, 1], [0.75, 1, 1]])
    flows = evaluate_case(one_hall(capital_weight=weight, operating_weight=0.7))
    running = 17.11e6 + 0.9 * 17.111e6 - 0.8 * 37.5e6 - 0.7 * 70e6
    assert flows.cost[0] == pytest.approx(0.8 * 103e6 + 0.75 * 330e6 + 0.7 * running, rel=1e-14)
