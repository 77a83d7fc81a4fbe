"""Money of hall programmes written out with NumPy from docs/economics.md, sections 3 and 5 to 7: whole arrays, no kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Case:
    """Inputs of `optimizer._core.economics.hall_programmes`, in its order.

    J programmes, K stages, N places, G chips, T periods, B periods of construction.
    """

    stages: Ints  # (J, K, 4): chip (-1: none), first, end, run on
    racks: Floats  # (J, K)
    fill: Floats  # (J, K)
    commission: Ints  # (J,)
    place: Ints  # (J,)
    it_mw: Floats  # (J,)
    online_years: Floats  # (J,)
    pays_building: NDArray[np.uint8]  # (J,)
    pays_first_chips: NDArray[np.uint8]  # (J,)
    leased: NDArray[np.uint8]  # (J,)
    first_hardware: Floats  # (J,) USD per rack, < 0: the price path holds
    facility_usd_per_mw: Floats  # (N,)
    plant_usd_per_mw: Floats  # (N,)
    plant_tax: Floats  # (N,)
    chip_tax: Floats  # (N,)
    fixed_opex_usd_per_mw_year: Floats  # (N,)
    property_usd_per_mw_year: Floats  # (N,)
    abated_share: Floats  # (N,)
    abated_years: Floats  # (N,)
    chip_property_rate: Floats  # (N,)
    chip_abated_share: Floats  # (N,)
    water_usd_per_m3: Floats  # (N,)
    rent_usd_per_mw_year: Floats  # (N,)
    lease_periods: Ints  # (N,)
    exit_fee_periods: Ints  # (N,)
    price_growth: Floats  # (N, T)
    energy_mwh_per_mw: Floats  # (N, G)
    peak_mw_per_mw: Floats  # (N, G)
    water_m3_per_mw: Floats  # (N, G)
    shape_usd_per_mw: Floats  # (N, G)
    hardware_usd_per_rack: Floats  # (G, T)
    discount: Floats  # (T,)
    capital_weight: Floats  # (2, T)
    escalation: Floats  # (T,)
    build_shares: Floats  # (B,)
    operating_weight: float
    period_years: float
    discount_end: float
    insurance_share: float
    it_maintenance_share: float
    run_on_maintenance_factor: float
    retrofit_share: float
    residual_first: float
    residual_decline: float
    residual_keep_monthly: float
    hall_life_years: float


@dataclass(frozen=True)
class Flows:
    """Results by programme, in the kernel's order; (J,), (J, T) or (J, 2, T) for capital of facility and chips."""

    capital: Floats
    opex: Floats
    sales: Floats
    residual: Floats
    energy_mwh: Floats
    peak_mw: Floats
    water_m3: Floats
    cost: Floats


@dataclass(frozen=True)
class Stages:
    """Stages as arrays of shape (J, K); `hardware` is what the stage's chips cost, `born` when they came [years]."""

    real: NDArray[np.bool_]
    chip: Ints
    first: Ints
    end: Ints
    buys: NDArray[np.bool_]
    hardware: Floats
    born: Floats


def stages_of(case: Case) -> Stages:
    chip, first, end, run_on = np.moveaxis(case.stages, 2, 0)
    # Nothing follows a stage that is not there.
    real = np.logical_and.accumulate(chip >= 0, axis=1)
    buys = real & (run_on == 0)
    chip, first, end = (np.where(real, values, 0) for values in (chip, first, end))
    racks = case.racks
    price = case.hardware_usd_per_rack[chip, first]
    given = case.first_hardware >= 0.0
    price[given, 0] = case.first_hardware[given]
    born = first * case.period_years
    born[:, 0] = case.online_years
    # A stage that runs on has the chips of the last purchase before it.
    purchase = np.maximum.accumulate(np.where(buys, np.arange(chip.shape[1]), 0), axis=1)
    hardware = np.take_along_axis(racks * price, purchase, axis=1)
    return Stages(real, chip, first, end, buys, hardware, np.take_along_axis(born, purchase, axis=1))


def hall_programmes(case: Case) -> Flows:
    """Capital, operation, sales, residual value, physics and discounted cost of every programme."""
    s, p = stages_of(case), case.place
    t = np.arange(len(case.discount))
    runs = s.real[..., None] & (t >= s.first[..., None]) & (t < s.end[..., None])

    def by_period(amount: Floats) -> Floats:
        """An amount of each stage in every period it runs: (J, K) -> (J, T)."""
        return np.einsum("jk,jkt->jt", amount, runs.astype(float))

    def of_design(table: Floats) -> Floats:
        return table[p[:, None], s.chip] * case.it_mw[:, None] * case.fill

    capital = np.stack([facility_capital(case, s), chip_capital(case, s)], axis=1)
    growth = case.price_growth[p]
    opex = case.period_years * (
        by_period(yearly_opex(case, s)) + by_period(of_design(case.shape_usd_per_mw)) * growth
    )
    opex += case.period_years * property_tax(case, s, runs) + exit_fees(case, s)
    sales, residual = resale(case, s)
    residual = residual + facility_left(case)
    spent = np.einsum("ct,jct->jt", case.capital_weight, capital) + case.operating_weight * (opex - sales)
    return Flows(
        capital=capital,
        opex=opex,
        sales=sales,
        residual=residual,
        energy_mwh=by_period(of_design(case.energy_mwh_per_mw)) * case.period_years,
        peak_mw=by_period(of_design(case.peak_mw_per_mw)),
        water_m3=by_period(of_design(case.water_m3_per_mw)) * case.period_years,
        cost=spent @ case.discount - case.discount_end * case.operating_weight * residual,
    )


def facility_capital(case: Case, s: Stages) -> Floats:
    """Building over its construction periods, and retrofits at refreshes; what falls before the study is sunk."""
    p, periods = case.place, len(case.discount)
    facility = case.facility_usd_per_mw[p] * case.it_mw
    plant = case.plant_usd_per_mw[p] * case.it_mw
    value = np.where((case.pays_building > 0) & (case.leased == 0), facility + case.plant_tax[p] * plant, 0.0)
    shares = case.build_shares if len(case.build_shares) else np.ones(1)
    spent = np.zeros((len(p), periods))
    for i, share in enumerate(shares):
        when = case.commission - len(case.build_shares) + i
        inside = (when >= 0) & (when < periods)
        rows = np.flatnonzero(inside)
        spent[rows, when[rows]] += share * value[rows] * case.escalation[when[rows]]
    refresh = s.buys & (np.arange(s.chip.shape[1]) > 0)
    rows, k = np.nonzero(refresh)
    when = s.first[rows, k]
    np.add.at(spent, (rows, when), case.retrofit_share * plant[rows] * case.escalation[when])
    return spent


def chip_capital(case: Case, s: Stages) -> Floats:
    """Chips with sales tax in the period they start; the first ones of existing blocks are sunk."""
    pays = s.buys.copy()
    pays[:, 0] &= case.pays_first_chips > 0
    rows, k = np.nonzero(pays)
    spent = np.zeros((len(case.place), len(case.discount)))
    taxed = s.hardware[rows, k] * (1.0 + case.chip_tax[case.place[rows]])
    np.add.at(spent, (rows, s.first[rows, k]), taxed)
    return spent


def yearly_opex(case: Case, s: Stages) -> Floats:
    """Operating cost of a stage a year, without the energy's shape: (J, K) [USD]."""
    p = case.place[:, None]
    hall = case.it_mw[:, None]
    maintenance = case.it_maintenance_share * np.where(s.buys, 1.0, case.run_on_maintenance_factor)
    water = case.water_m3_per_mw[p, s.chip] * hall * case.fill * case.water_usd_per_m3[p]
    return (
        case.leased[:, None] * case.rent_usd_per_mw_year[p] * hall
        + case.fixed_opex_usd_per_mw_year[p] * hall
        + (case.insurance_share + maintenance) * s.hardware
        + water
    )


def property_tax(case: Case, s: Stages, runs: NDArray[np.bool_]) -> Floats:
    """Property tax a year on facility value and on the resale value of chips, less what is waived: (J, T) [USD]."""
    p = case.place[:, None]
    years = np.arange(len(case.discount)) * case.period_years
    young = years - case.online_years[:, None] < case.abated_years[p] - 1e-9
    facility = case.property_usd_per_mw_year[p] * case.it_mw[:, None] * runs.any(axis=1)
    age = np.where(runs, years - s.born[..., None], 0.0)
    value = s.hardware[..., None] * case.residual_first * (1.0 - case.residual_decline) ** age
    chips = case.chip_property_rate[p] * (value * runs).sum(axis=1)
    return facility * (1 - case.abated_share[p] * young) + chips * (1 - case.chip_abated_share[p] * young)


def exit_fees(case: Case, s: Stages) -> Floats:
    """Rent that is left when a rented hall is given up before its lease ends, at most the fee: (J, T)."""
    p, periods = case.place, len(case.discount)
    gone = np.where(s.real, s.end, 0).max(axis=1)
    left = np.minimum(case.commission + case.lease_periods[p] - gone, case.exit_fee_periods[p])
    fees = np.zeros((len(p), periods))
    rows = np.flatnonzero((case.leased > 0) & (gone < periods) & (left > 0))
    rent = case.rent_usd_per_mw_year[p[rows]] * case.it_mw[rows] * case.period_years
    fees[rows, gone[rows]] = left[rows] * rent
    return fees


def resale(case: Case, s: Stages) -> tuple[Floats, Floats]:
    """Sales by period (J, T) when chips leave before the end of the study, and what is left at its end (J,)."""
    periods = len(case.discount)
    age = s.end * case.period_years - s.born
    value = s.hardware * case.residual_first * (1.0 - case.residual_decline) ** age
    runs_on = np.zeros_like(s.buys)
    runs_on[:, :-1] = s.real[:, 1:] & ~s.buys[:, 1:]
    leaves = s.real & ~runs_on
    sales = np.zeros((len(case.place), periods))
    rows, k = np.nonzero(leaves & (s.end < periods))
    np.add.at(sales, (rows, s.end[rows, k]), value[rows, k])
    return sales, np.where(leaves & (s.end >= periods), value, 0.0).sum(axis=1)


def facility_left(case: Case) -> Floats:
    """Facility value in a straight line to zero over its life, also of halls that pay nothing for it [USD]."""
    age = len(case.discount) * case.period_years - case.online_years
    value = case.facility_usd_per_mw[case.place] * case.it_mw
    return (case.leased == 0) * value * np.maximum(0.0, 1.0 - age / case.hall_life_years)
