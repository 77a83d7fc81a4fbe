"""What cools the liquid loop, over whole arrays of hours."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .chillers import air_cooled_eir, water_cooled_eir
from .hall import HEAT_OF_DRY_AIR, Air, Floats, Hours, Loop


def dry_coolers(result: Hours, p: SimpleNamespace, loop: Loop, air: Air, pads: bool) -> tuple[Floats, Floats]:
    """Coolers at the speed that the heat needs; the share of the heat that is left, and the most they take."""
    t = air.dry_bulb_c
    cooled = np.zeros_like(t)
    if pads:
        wetted = np.clip(t - (loop.supply_c - p.dry_approach_k - p.wet_start_k), 0.0, 1.0)
        cooled = p.pad_effectiveness * wetted * (t - air.wet_bulb_c)
    design_k = p.dry_approach_k + p.facility_rise_k
    initial_k = np.maximum(loop.supply_c + p.facility_rise_k - (t - cooled), 0.1)
    # Heat over initial difference beside design goes with the air's mass flow to the power 0.75.
    wanted = np.maximum(loop.heat / loop.full, 1e-6) * design_k / initial_k
    most = (p.dry_fan_most_speed * air.density_ratio) ** 0.75
    reached = np.minimum(wanted, most)
    mass_ratio = reached ** (4.0 / 3.0)
    fans = np.maximum(mass_ratio**3 / air.density_ratio**2, p.dry_fan_least_speed**3 * air.density_ratio)
    result.add(rejection_fans=p.dry_fan_share * loop.full * fans)
    if pads:
        dry_air = mass_ratio * loop.full / (HEAT_OF_DRY_AIR * p.cooler_air_rise_k)
        evaporation = dry_air * HEAT_OF_DRY_AIR * cooled / (2500.5 - 2.36 * air.wet_bulb_c)
        result.wet(humidified=evaporation, blowdown=evaporation / (p.cycles_of_concentration - 1.0))
    return 1.0 - reached / wanted, most


def on_dry_coolers(result: Hours, p: SimpleNamespace, loop: Loop, air: Air, pads: bool = False) -> None:
    """Trim chillers take what the coolers leave; beyond their size the water warms until the coolers take it."""
    left, most = dry_coolers(result, p, loop, air, pads)
    rest = loop.heat * left
    trimmed = np.minimum(rest, p.trim_capacity * loop.full)
    result.add(compressor=trimmed * air_cooled_eir(p, loop.supply_c, air.dry_bulb_c))
    result.mechanical["liquid"] = trimmed / np.maximum(loop.heat, 1e-6)
    result.too_warm((rest - trimmed) / loop.full * (p.dry_approach_k + p.facility_rise_k) / most)
    result.too_warm(np.where(trimmed > 0.0, air.dry_bulb_c - p.ambient_max_c, 0.0))


def on_adiabatic_coolers(result: Hours, p: SimpleNamespace, loop: Loop, air: Air) -> None:
    on_dry_coolers(result, p, loop, air, pads=True)


def on_towers(result: Hours, p: SimpleNamespace, loop: Loop, air: Air, left: Floats | float = 1.0) -> None:
    """What is left of the heat on towers through an exchanger, chillers for what they can't reach."""
    tower_c = air.wet_bulb_c + p.tower_approach_k
    rise_k = p.facility_rise_k * np.maximum(left, 0.001)
    free = np.clip((loop.supply_c + rise_k - (tower_c + p.exchanger_approach_k)) / rise_k, 0.0, 1.0)
    rest = loop.heat * left
    wanted = (1.0 - free) * rest
    trimmed = np.minimum(wanted, p.trim_capacity * loop.full)
    work = trimmed * water_cooled_eir(p, loop.supply_c, tower_c)
    result.add(compressor=work)
    result.tower_heat = result.tower_heat + rest
    result.tower_work = result.tower_work + work
    result.mechanical["liquid"] = trimmed / np.maximum(loop.heat, 1e-6)
    result.too_warm((wanted - trimmed) / loop.full * p.facility_rise_k)


def on_chillers(result: Hours, p: SimpleNamespace, loop: Loop, air: Air) -> None:
    result.add(compressor=loop.heat * air_cooled_eir(p, loop.supply_c, air.dry_bulb_c))
    result.mechanical["liquid"] = np.ones_like(air.dry_bulb_c)
    result.too_warm(air.dry_bulb_c - p.ambient_max_c)


def on_dry_coolers_and_towers(result: Hours, p: SimpleNamespace, loop: Loop, air: Air) -> None:
    left, _ = dry_coolers(result, p, loop, air, pads=False)
    on_towers(result, p, loop, air, left)


COOLS = {
    "dry": on_dry_coolers,
    "adiabatic": on_adiabatic_coolers,
    "tower": on_towers,
    "chiller": on_chillers,
    "hybrid": on_dry_coolers_and_towers,
}
ON_TOWER = ("tower", "hybrid")
