"""What cools the room, over whole arrays of hours."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from .chillers import air_cooled_eir, water_cooled_eir
from .hall import HEAT_OF_DRY_AIR, Air, Floats, Hours, Room, affinity

OUTDOOR_DENSITY = 1.2  # kg/m3
LATENT = 2501.0  # kJ/kg, of water at 0 degC
HEAT_OF_VAPOUR = 1.86  # kJ/kg K
HEAT_OF_LIQUID = 4.186  # kJ/kg K


def chillers_on_air(result: Hours, p: SimpleNamespace, room: Room, air: Air) -> None:
    """The room on air-cooled chillers."""
    result.add(
        compressor=room.coil_heat * air_cooled_eir(p, room.chilled_c, air.dry_bulb_c),
        pumps=room.chilled_pump(room.coil_heat),
        room_fans=room.fan,
    )
    result.mechanical["air"] = np.ones_like(air.dry_bulb_c)
    result.too_warm(air.dry_bulb_c - p.ambient_max_c)


def chillers_on_towers(result: Hours, p: SimpleNamespace, room: Room, air: Air) -> None:
    """The room on the tower's own water while that is cold enough, on water-cooled chillers for the rest."""
    tower_c = air.wet_bulb_c + p.tower_approach_k
    colder_k = room.chilled_c + p.chilled_rise_k - (tower_c + p.exchanger_approach_k)
    taken = 1.0 - p.economizer * np.clip(colder_k / p.chilled_rise_k, 0.0, 1.0)
    work = taken * room.coil_heat * water_cooled_eir(p, room.chilled_c, tower_c)
    result.add(compressor=work, pumps=room.chilled_pump(room.coil_heat), room_fans=room.fan)
    result.tower_heat = result.tower_heat + room.coil_heat
    result.tower_work = result.tower_work + work
    result.mechanical["air"] = taken


def outdoor_air(result: Hours, p: SimpleNamespace, room: Room, air: Air, towers: bool = False) -> None:
    """Outdoor air inside its box; return air mixed in when cold, spray when dry, media when hot, chillers for the rest."""
    t, w, rh, wet_bulb = air.dry_bulb_c, air.humidity_ratio, np.maximum(air.rh, 0.01), air.wet_bulb_c
    # Wetted media: along the wet bulb, as far as it is hot and the box takes the water.
    reach_k = p.dec_effectiveness * (t - wet_bulb)
    # (2501 + 1.86 T - 4.186 Twb) W + 1.006 T does not change along a wet bulb.
    water_per_k = (HEAT_OF_DRY_AIR + HEAT_OF_VAPOUR * w) / (
        LATENT + HEAT_OF_VAPOUR * (t - reach_k) - HEAT_OF_LIQUID * wet_bulb
    )
    wanted = np.clip((t - p.supply_air_c) / np.maximum(reach_k, 1e-6), 0.0, 1.0)
    allowed = np.clip((p.humidity_high - w) / np.maximum(reach_k * water_per_k, 1e-7), 0.0, 1.0)
    cooled_k = np.minimum(wanted, allowed) * reach_k
    added = cooled_k * water_per_k
    above_k = t - cooled_k - p.supply_air_c
    # Cold: mixed with return air to the least supply temperature.
    cold = np.clip(p.low_supply_c - t, 0.0, 1.0)
    outdoor_kg_s = room.air_kg_s * p.air_rise_k / (p.air_rise_k + np.maximum(p.low_supply_c - t, 0.0))
    # Damp: dried on the coil to the limit that holds.
    limit = np.minimum(p.humidity_high, cold * p.humidity_cold_high + (1.0 - cold) * w * p.rh_high / rh)
    limit_dew = np.minimum(p.dew_high_c, cold * p.dew_cold_high_c + (1.0 - cold) * (t - p.depression_k))
    drying = np.maximum(enthalpy(t, w) - enthalpy(limit_dew, limit), 0.0)
    damp = np.clip((w + added - p.humidity_high) / 0.0005, 0.0, 1.0)
    damp = np.maximum(damp, cold * np.clip((w - p.humidity_cold_high) / 0.0005, 0.0, 1.0))
    damp = np.maximum(damp, (1.0 - cold) * np.clip((air.rh - p.rh_high) / 0.02, 0.0, 1.0))
    by_coil = np.clip(outdoor_kg_s * drying / room.coil_heat, 0.0, 1.0)
    dried = damp * (p.dry_on_coil * by_coil + 1.0 - p.dry_on_coil)
    # Dry: sprayed, or shut out where there is nothing to spray with.
    lacking = np.maximum(np.maximum(p.humidity_low, (1.0 - cold) * w * p.rh_low / rh) - w - added, 0.0)
    parched = (1.0 - p.humidify) * np.clip(lacking / 0.0005, 0.0, 1.0)
    mechanical = np.maximum(np.clip(above_k / p.switch_band_k, 0.0, 1.0), np.maximum(dried, parched))
    served = np.minimum(mechanical, p.backup_capacity)
    inside = np.clip(above_k - p.switch_band_k + 1.0, 0.0, 1.0)
    inside = np.maximum(inside, np.clip((np.maximum(dried, parched) - 0.95) / 0.05, 0.0, 1.0))
    outdoor_kg_s = (1.0 - inside) * outdoor_kg_s
    sprayed = outdoor_kg_s * lacking * p.humidify
    evaporated = outdoor_kg_s * added
    if towers:
        work = served * room.coil_heat * water_cooled_eir(p, room.chilled_c, wet_bulb + p.tower_approach_k)
        result.tower_heat = result.tower_heat + served * room.coil_heat
        result.tower_work = result.tower_work + work
    else:
        work = served * room.coil_heat * air_cooled_eir(p, room.chilled_c, t)
        result.too_warm(np.where(served > 0.0, t - p.ambient_max_c, 0.0))
    result.add(
        compressor=work,
        pumps=room.chilled_pump(served * room.coil_heat, served)
        + sprayed * p.humidifier_mpa / p.pump_efficiency,
        room_fans=room.fan,
    )
    result.wet(humidified=sprayed + evaporated, blowdown=evaporated / (p.cycles_of_concentration - 1.0))
    result.mechanical["air"] = served
    result.too_warm(np.maximum(above_k, 0.0) * (mechanical - served) / np.maximum(mechanical, 1e-6))


def exchanger(result: Hours, p: SimpleNamespace, room: Room, air: Air) -> None:
    """Return air against outdoor air, whose side is wetted as far as dry air does not do."""
    t = air.dry_bulb_c
    dry_c = room.return_c - p.hx_effectiveness * (room.return_c - t)
    depression_k = p.hx_wet_effectiveness * (t - air.wet_bulb_c)
    more_k = p.hx_effectiveness * depression_k
    wetted = np.clip((dry_c - p.supply_air_c) / np.maximum(more_k, 1e-6), 0.0, 1.0)
    above_k = dry_c - wetted * more_k - p.supply_air_c
    mechanical = np.clip(above_k / p.air_rise_k, 0.0, 1.0)
    served = np.minimum(mechanical, p.backup_capacity)
    coil = served * room.coil_heat
    speed = np.clip(p.air_rise_k / np.maximum(room.return_c - dry_c, 1e-6), 0.0, 1.0)
    speed = np.maximum(speed, p.fan_least_speed)
    full = room.full_air_kg_s * p.secondary_ratio / OUTDOOR_DENSITY * p.secondary_pressure_pa
    latent = 2500.5 - 2.36 * air.wet_bulb_c
    evaporated = room.air_kg_s * p.secondary_ratio * speed * HEAT_OF_DRY_AIR * wetted * depression_k / latent
    result.add(
        compressor=coil * air_cooled_eir(p, room.chilled_c, t),
        pumps=room.chilled_pump(coil, served),
        room_fans=room.fan,
        rejection_fans=full
        / (1000.0 * p.fan_efficiency)
        / air.density_ratio**2
        * affinity(room.heat / room.full_heat * speed, p.fan_least_speed),
    )
    result.wet(humidified=evaporated, blowdown=evaporated / (p.cycles_of_concentration - 1.0))
    result.mechanical["air"] = served
    result.too_warm(np.where(served > 0.0, t - p.ambient_max_c, 0.0))
    result.too_warm(np.maximum(above_k, 0.0) * (mechanical - served) / np.maximum(mechanical, 1e-6))


def enthalpy(t: Floats, w: Floats) -> Floats:
    """Moist air [kJ per kg of dry air]."""
    return HEAT_OF_DRY_AIR * t + w * (LATENT + HEAT_OF_VAPOUR * t)


def outdoor_air_on_towers(result: Hours, p: SimpleNamespace, room: Room, air: Air) -> None:
    outdoor_air(result, p, room, air, towers=True)


COOLS = {
    "air_chiller": chillers_on_air,
    "water_chiller": chillers_on_towers,
    "air_economizer": outdoor_air,
    "air_economizer_tower": outdoor_air_on_towers,
    "indirect_evaporative": exchanger,
}
ON_TOWER = ("water_chiller", "air_economizer_tower")
