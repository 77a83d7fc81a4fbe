"""A facility's year written out with NumPy over whole arrays of hours.

Everything is per unit of IT power at full load. Parameters go by the catalog's names. Sources: Lei and Masanet 2020 (doi
10.1016/j.energy.2020.117556) and 2022 (doi 10.1016/j.resconrec.2022.106323), DOE-2.1E curves as in EnergyPlus.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np

from . import liquids, psychrometrics, rooms
from .hall import HEAT_OF_TOWER_WATER, Air, Floats, Hours, Loop, Room, affinity, air_of, pump, transformers

__all__ = ["Air", "Hours", "air_of", "hours", "humidity_box", "year"]


def humidity_box(p: Mapping[str, float], pressure_pa: float) -> dict[str, float]:
    """The box of outdoor air as humidity ratios, with the dew points of its damp end."""

    def ratio(t_c: float, rh: float) -> float:
        return float(psychrometrics.humidity_ratio(t_c, rh, pressure_pa))

    def dew(t_c: float, rh: float) -> float:
        return float(psychrometrics.dew_point(t_c, rh))

    mixes, mixes_cold = p["mix_to_dry"] > 0, p["mix_when_cold"] > 0
    warm, cold, wettest, most = p["supply_air_c"], p["low_supply_c"], p["high_dew_point_c"], p["high_rh"]
    dew_high = min(wettest, dew(warm, most))
    return {
        "humidity_low": max(ratio(p["low_dew_point_c"], 1.0), ratio(cold, p["low_rh"])),
        "humidity_high": min(ratio(wettest, 1.0), ratio(warm, most)),
        "dew_high_c": dew_high,
        "humidity_cold_high": 1.0 if mixes_cold else min(ratio(wettest, 1.0), ratio(cold, most)),
        "dew_cold_high_c": dew_high if mixes_cold else min(wettest, dew(cold, most)),
        "rh_high": 2.0 if mixes else most,
        "rh_low": p["low_rh"],
        "depression_k": 0.0 if mixes else 22.0 - dew(22.0, most),
    }


def year(
    system: tuple[str, str], parameters: Mapping[str, float], load: float | Floats, air: Air
) -> dict[str, float]:
    """Sums over the hours at `load`; the worst hour and the hours out of temperature at full load."""
    part, full = hours(system, parameters, load, air), hours(system, parameters, 1.0, air)
    n = len(air.dry_bulb_c)
    over_k = np.broadcast_to(full.over_k, n)
    return {
        "facility_h": float(part.facility.sum()),
        "water_kg_h_per_kw_s": float(part.water.sum()),
        "compressor_h": float(np.broadcast_to(part.compressor, n).sum()),
        "hours_over_temperature": float((over_k > 0.0).sum()),
        "peak": float(full.facility.max()),
        "over_k": float(over_k.max()),
    }


def hours(system: tuple[str, str], parameters: Mapping[str, float], load: float | Floats, air: Air) -> Hours:
    """Every hour of a year at an IT load of 0..1: `system` is what cools the room and what cools the liquid."""
    p = SimpleNamespace(**parameters)
    air_side, rejection = system
    liquid_full = 0.0 if rejection == "none" else p.liquid_share
    room = Room(p, load, liquid_full)
    result = Hours()
    result.add(it=load + np.zeros_like(air.dry_bulb_c), electrical=transformers(p, load) + room.losses)
    result.add(compressor=np.zeros_like(air.dry_bulb_c))
    rooms.COOLS[air_side](result, p, room, air)
    if liquid_full > 0.0:
        liquid = liquid_full * load
        pump_full = p.liquid_pump_share * liquid_full
        result.add(pumps=pump_full * affinity(liquid / liquid_full, p.pump_least_speed))
        result.reused = p.reuse_share * liquid * np.clip((p.reuse_below_c - air.dry_bulb_c) / 5.0, 0.0, 1.0)
        liquids.COOLS[rejection](result, p, Loop(p, liquid - result.reused, liquid_full), air)
    on_tower = (1.2 * room.full_coil_heat if air_side in rooms.ON_TOWER else 0.0) + (
        liquid_full if rejection in liquids.ON_TOWER else 0.0
    )
    if on_tower > 0.0:
        towers(result, p, on_tower, air)
    return result


def towers(result: Hours, p: SimpleNamespace, full: float, air: Air) -> None:
    """Fans and pump for all heat that reaches the towers, and what evaporates, drifts and is blown down."""
    rejected = result.tower_heat + result.tower_work
    running = np.clip(1000.0 * rejected / full, 0.0, 1.0)
    # Thin air: more of it for the same mass, and at the square of the speed against the same towers.
    fan = p.tower_fan_share * full / air.density_ratio**2
    full_pump = pump(full, p.tower_range_k, HEAT_OF_TOWER_WATER, p.tower_pump_kpa, p)
    result.add(
        rejection_fans=running * fan * affinity(rejected / full, p.fan_least_speed),
        pumps=running * full_pump * affinity(rejected / full, p.pump_least_speed),
    )
    counted = result.tower_heat + p.water_on_compressor * result.tower_work
    t = air.wet_bulb_c + p.tower_approach_k + p.tower_range_k / 2.0
    sensible = p.winter_sensible * np.clip(0.2 + 0.01 * (20.0 - air.wet_bulb_c), 0.0, 0.6)
    evaporation = (1.0 - sensible) * counted / (2500.5 - 2.3097 * t - 0.0013 * t**2)
    drift = p.drift_share * counted / (HEAT_OF_TOWER_WATER * p.tower_range_k)
    blowdown = np.maximum(evaporation / (p.cycles_of_concentration - 1.0) - drift, 0.0)
    result.wet(evaporated=evaporation, drift=drift, blowdown=blowdown)
