"""Hall programmes under samples written out with NumPy from docs/economics.md: whole arrays over programmes, samples, periods."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def programme_samples(a: dict[str, Any], first: int, last: int) -> dict[str, Floats]:
    """Results of programmes `first` … `last` - 1 under all samples.

    Parameters
    ----------
    a : dict
        The kernel's arguments by name (`SampledProgrammes.arguments`).

    Returns
    -------
    dict of str to ndarray
        flows (B, S, 5, T), energy_mwh and unit_hours (B, S, T), cost and yielded (B, S).
    """
    rows = slice(first, last)
    stages, p, mw = a["stages"][rows], a["place"][rows], a["it_mw"][rows]
    racks, fill, compute = a["racks"][rows], a["fill"][rows], a["compute"][rows]
    rented = a["leased"][rows] > 0
    discount, escalation = a["discount"], a["escalation"]
    samples, periods = discount.shape
    n, t = len(p), np.arange(periods)
    facility = (a["facility_usd_per_mw"][p] * mw)[:, None] * a["facility_scale"]
    plant = (a["plant_usd_per_mw"][p] * mw)[:, None] * a["facility_scale"]
    fixed = (a["fixed_opex_usd_per_mw_year"][p] * mw)[:, None] * a["opex_scale"]
    owed = (a["property_usd_per_mw_year"][p] * mw)[:, None] * a["opex_scale"]
    young = t * a["period_years"] - a["online_years"][rows][:, None] < a["abated_years"][p][:, None] - 1e-9
    waived = np.where(young, a["abated_share"][p][:, None], 0.0)
    waived_chips = np.where(young, a["chip_abated_share"][p][:, None], 0.0)
    rent = (a["rent_usd_per_mw_year"][p] * mw * rented)[:, None] * a["opex_scale"]
    flows = np.zeros((n, samples, 5, periods))
    energy, hours = np.zeros((n, samples, periods)), np.zeros((n, samples, periods))

    shares = a["build_shares"] if len(a["build_shares"]) else np.ones(1)
    pays = (a["pays_building"][rows] > 0) & ~rented
    value = facility + a["plant_tax"][p][:, None] * plant
    for i, share in enumerate(shares):
        when = a["commission"][rows] - len(a["build_shares"]) + i
        at = np.flatnonzero(pays & (when >= 0) & (when < periods))
        flows[at, :, 0, when[at]] += share * value[at] * escalation[:, when[at]].T

    keep = a["residual_keep"]
    hardware, age0 = np.zeros((n, samples)), np.zeros(n)
    residual, gone = np.zeros((n, samples)), np.zeros(n, dtype=int)
    for k in range(stages.shape[1]):
        chip, begin, end, run_on = stages[:, k].T
        real = chip >= 0
        buys = np.flatnonzero(real & (run_on == 0))
        price = a["hardware_usd_per_rack"][:, chip[buys], begin[buys]].T
        age0[buys] = begin[buys] * a["period_years"]
        if k == 0:
            given = a["first_price"][rows][buys]
            price = np.where((given >= 0)[:, None], a["first_hardware"][:, np.maximum(given, 0)].T, price)
            age0[buys] = a["online_years"][rows][buys]
        hardware[buys] = racks[buys, k][:, None] * price
        pay = buys if k else buys[a["pays_first_chips"][rows][buys] > 0]
        flows[pay, :, 1, begin[pay]] += hardware[pay] * (1 + a["chip_tax"][p[pay]])[:, None]
        if k:
            flows[buys, :, 0, begin[buys]] += a["retrofit_share"] * plant[buys] * escalation[:, begin[buys]].T
        runs = real[:, None] & (t >= begin[:, None]) & (t < end[:, None])
        g, used = np.where(real, chip, 0), fill[:, k] * mw
        upkeep = a["it_maintenance_share"] * np.where(run_on > 0, a["run_on_maintenance_factor"], 1.0)
        water = (a["water_m3_per_mw"][p, g] * used * a["water_usd_per_m3"][p])[:, None] * a["energy_scale"]
        yearly = fixed + rent + (a["insurance_share"] + upkeep)[:, None] * hardware + water
        shape = (a["shape_usd_per_mw"][p, g] * used)[:, None] * a["price_growth"][p]
        aged = np.where(runs, t * a["period_years"] - age0[:, None], 0.0)
        value = hardware[:, :, None] * a["residual_first"] * keep[:, None] ** aged[:, None, :]
        on_chips = a["chip_property_rate"][p][:, None, None] * value * (1 - waived_chips)[:, None, :]
        yearly_by_period = yearly[:, :, None] + shape[:, None, :] + on_chips
        yearly_by_period = yearly_by_period + owed[:, :, None] * (1 - waived)[:, None, :]
        flows[:, :, 2] += np.where(runs[:, None, :], a["period_years"] * yearly_by_period, 0.0)
        mwh = a["energy_mwh_per_mw"][p, g] * used * a["period_years"]
        energy += np.where(runs, mwh[:, None], 0.0)[:, None, :] * a["energy_scale"][:, None]
        worn = np.where(run_on > 0, a["run_on_availability_factor"], 1.0)
        made = np.where(runs, (compute[:, k] * worn * a["hours"])[:, None], 0.0)
        hours += made[:, None, :] * a["compute_scale"][:, None]
        follows = np.zeros(n, dtype=bool)
        if k + 1 < stages.shape[1]:
            follows = (stages[:, k + 1, 0] >= 0) & (stages[:, k + 1, 3] > 0)
        gone = np.where(real, end, gone)
        out = np.flatnonzero(real & ~follows)
        old = np.minimum(end[out], periods) * a["period_years"] - age0[out]
        left = hardware[out] * a["residual_first"] * keep ** old[:, None]
        sold = end[out] < periods
        flows[out[sold], :, 4, end[out[sold]]] += left[sold]
        residual[out[~sold]] += left[~sold]
    early = np.minimum(a["commission"][rows] + a["lease_periods"][p] - gone, a["exit_fee_periods"][p])
    at = np.flatnonzero(rented & (gone < periods) & (early > 0))
    flows[at, :, 2, gone[at]] += (early[at] * a["period_years"])[:, None] * rent[at]
    aged = periods * a["period_years"] - a["online_years"][rows]
    stands = np.maximum(0.0, 1 - aged / a["hall_life_years"]) * ~rented
    residual += stands[:, None] * facility
    flows[:, :, 3] = energy * (a["energy_usd_per_mwh"][p][:, None, :] * a["energy_price_scale"][:, None])
    net = flows[:, :, 0] + flows[:, :, 1] + flows[:, :, 2] + flows[:, :, 3] - flows[:, :, 4]
    return {
        "flows": flows,
        "energy_mwh": energy,
        "unit_hours": hours,
        "cost": np.einsum("bst,st->bs", net, discount) - a["discount_end"] * residual,
        "yielded": np.einsum("bst,st->bs", hours, discount),
    }
