"""The programme-and-sample model as loops for numba, written as somebody would who knows numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

try:
    import numba
except ImportError:
    numba = None

_COMPILED: list[Callable[..., None]] = []


def compiled() -> Callable[..., None]:
    """The loop over programmes and samples, compiled at first use; arguments and results as the kernel's."""
    if not _COMPILED:
        _COMPILED.append(numba.njit(error_model="numpy", nogil=True)(_loop))
    return _COMPILED[0]


def _loop(
    first, last, stages, racks, fill, commission, place, it_mw, online_years, pays_building, pays_first_chips,
    leased, first_price, compute, facility_usd, plant_usd, plant_tax, chip_tax, fixed_usd, owed_usd, abated_share,
    abated_years, chip_property_rate, chip_abated_share, water_usd, rent_usd,
    lease_periods, exit_fee_periods, price_growth, energy_usd, energy_mwh_per_mw, peak_mw_per_mw, water_per_mw,
    shape_per_mw, build_shares, hardware_usd, first_hardware, escalation, discount, discount_end, facility_scale,
    opex_scale, energy_price_scale, energy_scale, compute_scale, residual_keep, period_years, hours,
    insurance_share, it_maintenance_share, run_on_maintenance, run_on_availability, retrofit_share,
    residual_first, hall_life_years, flows, energy_mwh, unit_hours, cost, yielded,
):  # fmt: skip
    samples, periods = discount.shape
    depth, build = stages.shape[1], len(build_shares)
    for j in range(first, last):
        b, p, mw = j - first, place[j], it_mw[j]
        for s in range(samples):
            flow, mwh, made = flows[b, s], energy_mwh[b, s], unit_hours[b, s]
            flow[:] = 0.0
            mwh[:] = 0.0
            made[:] = 0.0
            facility = facility_usd[p] * facility_scale[s] * mw
            plant = plant_usd[p] * facility_scale[s] * mw
            taxed = facility + plant_tax[p] * plant
            if pays_building[j] and not leased[j]:
                if build == 0:
                    flow[0, commission[j]] += taxed * escalation[s, commission[j]]
                for u in range(build):
                    t = commission[j] - build + u
                    if 0 <= t < periods:
                        flow[0, t] += taxed * escalation[s, t] * build_shares[u]
            hardware, age, residual, gone = 0.0, 0.0, 0.0, 0
            for k in range(depth):
                g = stages[j, k, 0]
                if g < 0:
                    break
                begin, end, run_on = stages[j, k, 1], stages[j, k, 2], stages[j, k, 3] != 0
                if not run_on:
                    price = hardware_usd[s, g, begin]
                    if k == 0 and first_price[j] >= 0:
                        price = first_hardware[s, first_price[j]]
                    hardware = racks[j, k] * price
                    age = online_years[j] if k == 0 else begin * period_years
                    if k > 0 or pays_first_chips[j]:
                        flow[1, begin] += hardware * (1.0 + chip_tax[p])
                    if k > 0:
                        flow[0, begin] += retrofit_share * plant * escalation[s, begin]
                used = fill[j, k] * mw
                yearly = fixed_usd[p] * opex_scale[s] * mw + insurance_share * hardware
                yearly += it_maintenance_share * hardware * (run_on_maintenance if run_on else 1.0)
                yearly += water_per_mw[p, g] * used * water_usd[p] * energy_scale[s]
                if leased[j]:
                    yearly += rent_usd[p] * opex_scale[s] * mw
                shape = shape_per_mw[p, g] * used
                yields = compute[j, k] * compute_scale[s] * hours * (run_on_availability if run_on else 1.0)
                for t in range(begin, end):
                    owed, owed_chips = owed_usd[p] * opex_scale[s] * mw, 0.0
                    if chip_property_rate[p] > 0.0:
                        value = hardware * residual_first * residual_keep[s] ** (t * period_years - age)
                        owed_chips = chip_property_rate[p] * value
                    if t * period_years - online_years[j] < abated_years[p] - 1e-9:
                        owed *= 1.0 - abated_share[p]
                        owed_chips *= 1.0 - chip_abated_share[p]
                    flow[2, t] += period_years * (yearly + owed + owed_chips + shape * price_growth[p, t])
                    mwh[t] = energy_mwh_per_mw[p, g] * used * period_years * energy_scale[s]
                    made[t] = yields
                gone = end
                leaves = k + 1 == depth or stages[j, k + 1, 0] < 0 or stages[j, k + 1, 3] == 0
                if end < periods and leaves:
                    flow[4, end] += hardware * residual_first * residual_keep[s] ** (end * period_years - age)
                    hardware = 0.0
            if leased[j] and gone < periods:
                left = min(commission[j] + lease_periods[p] - gone, exit_fee_periods[p])
                if left > 0:
                    flow[2, gone] += left * period_years * rent_usd[p] * opex_scale[s] * mw
            if hardware > 0.0:
                residual = hardware * residual_first * residual_keep[s] ** (periods * period_years - age)
            aged = periods * period_years - online_years[j]
            if not leased[j] and aged < hall_life_years:
                residual += facility * (1.0 - aged / hall_life_years)
            total, worth = 0.0, 0.0
            for t in range(periods):
                flow[3, t] = mwh[t] * energy_usd[p, t] * energy_price_scale[s]
                total += discount[s, t] * (flow[0, t] + flow[1, t] + flow[2, t] + flow[3, t] - flow[4, t])
                worth += discount[s, t] * made[t]
            cost[b, s] = total - discount_end[s] * residual
            yielded[b, s] = worth


def run(arguments: dict[str, Any], first: int, last: int, room: tuple[np.ndarray, ...]) -> None:
    """Fill the results of programmes `first` … `last` - 1."""
    compiled()(first, last, *arguments.values(), *room)
