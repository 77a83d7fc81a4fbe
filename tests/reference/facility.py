"""A facility's year written out with NumPy over whole arrays of hours.

Everything is per unit of IT power at full load. Parameters go by the catalog's names. Sources: Lei and Masanet 2020 (doi
10.1016/j.energy.2020.117556) and 2022 (doi 10.1016/j.resconrec.2022.106323), DOE-2.1E curves as in EnergyPlus.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from . import psychrometrics

Floats = NDArray[np.float64]

HEAT_OF_AIR = 1.01  # kJ/kg K, of room air
HEAT_OF_DRY_AIR = 1.006  # kJ/kg K
HEAT_OF_CHILLED_WATER = 4.186  # kJ/kg K
HEAT_OF_TOWER_WATER = 4.184  # kJ/kg K
ROOM_AIR_DENSITY = 1.19  # kg/m3, 24 degC at sea level
DENSITY = 1.2  # kg/m3, what density ratios are beside
COMPRESSOR_HEAT = 1.2  # heat of the design hour beside what chillers take, for the size of towers


@dataclass(frozen=True)
class Air:
    """Outdoor air by hour: dry and wet bulb [degC], humidity ratio [kg/kg], density beside 1.2 kg/m3."""

    dry_bulb_c: Floats
    wet_bulb_c: Floats
    humidity_ratio: Floats
    density_ratio: Floats


@dataclass
class Hours:
    """What a hall draws by hour: devices by name, water [kg/s per kW of IT at full load]."""

    devices: dict[str, Floats] = field(default_factory=dict)
    water_kg_s: dict[str, Floats] = field(default_factory=dict)
    over: NDArray[np.bool_] | bool = False

    @property
    def facility(self) -> Floats:
        return sum(self.devices.values(), start=np.float64(0.0))

    @property
    def water(self) -> Floats:
        return sum(self.water_kg_s.values(), start=np.zeros_like(self.devices["it"]))

    @property
    def compressor(self) -> Floats:
        return self.devices["compressor"]


def air_of(dry_bulb_c: Floats, rh: Floats, pressure_pa: Floats) -> Air:
    """Air of a weather, by the twin's own moist-air laws."""
    ratio = psychrometrics.humidity_ratio(dry_bulb_c, rh, pressure_pa)
    wet_bulb = psychrometrics.wet_bulb(dry_bulb_c, rh, pressure_pa)
    return Air(dry_bulb_c, wet_bulb, ratio, psychrometrics.density(dry_bulb_c, ratio, pressure_pa) / DENSITY)


def humidity_box(p: Mapping[str, float], pressure_pa: float) -> dict[str, float]:
    """Humidity ratios of outdoor air that is let in: inside both the dew points and the relative humidities."""
    ratio = psychrometrics.humidity_ratio
    low = max(
        float(ratio(p["low_dew_point_c"], 1.0, pressure_pa)),
        float(ratio(p["low_supply_c"], p["low_rh"], pressure_pa)),
    )
    high = min(
        float(ratio(p["high_dew_point_c"], 1.0, pressure_pa)),
        float(ratio(p["supply_air_c"], p["high_rh"], pressure_pa)),
    )
    return {"humidity_low": low, "humidity_high": high}


def year(cooling: str, parameters: Mapping[str, float], load: float, air: Air) -> dict[str, float]:
    """Sums over the hours at `load`, and the worst hour and the hours out of temperature at full load."""
    part, full = hours(cooling, parameters, load, air), hours(cooling, parameters, 1.0, air)
    n = len(air.dry_bulb_c)
    return {
        "facility_h": float(part.facility.sum()),
        "water_kg_h_per_kw_s": float(part.water.sum()),
        "compressor_h": float(np.broadcast_to(part.compressor, n).sum()),
        "peak": float(full.facility.max()),
        "hours_over_temperature": float(np.broadcast_to(full.over, n).sum()),
    }


def hours(cooling: str, parameters: Mapping[str, float], load: float, air: Air) -> Hours:
    """Every hour of a year at a constant IT load (0..1)."""
    p = SimpleNamespace(**parameters)
    liquid_share = p.liquid_share if cooling.startswith("dlc") else 0.0
    liquid = liquid_share * load
    room = Room(p, load, liquid_share)
    result = Hours(
        {"it": np.full(len(air.dry_bulb_c), load), "electrical": transformers(p, load) + room.losses}
    )
    if cooling == "air_chiller":
        chilled_room_on_air(result, p, room, air)
    elif cooling == "air_economizer":
        outdoor_air(result, p, room, air)
    elif cooling == "water_chiller_economizer":
        on_towers(result, p, room, air, liquid=0.0, liquid_full=0.0)
    elif cooling == "dlc_tower":
        on_towers(result, p, room, air, liquid, liquid_share)
    elif cooling in ("dlc_dry", "dlc_adiabatic"):
        chilled_room_on_air(result, p, room, air)
        on_dry_coolers(result, p, liquid, liquid_share, air, pads=cooling == "dlc_adiabatic")
    else:
        raise ValueError(cooling)
    return result


# Electrical chain


def loss_of_rating(rating_share: float, load: float, a: float, b: float, c: float) -> float:
    """A bank of rating 1/share at x = load * share of it loses (a + b x + c x^2) of its rating."""
    x = load * rating_share
    return (a + b * x + c * x**2) / rating_share


def transformers(p: SimpleNamespace, load: float) -> float:
    return loss_of_rating(p.rating_share, load, p.transformer_no_load, 0.0, p.transformer_load)


def indoor_losses(p: SimpleNamespace, load: float) -> float:
    """Of UPS, distribution and lighting: what heats the room."""
    ups = loss_of_rating(p.rating_share, load, p.ups_a, p.ups_b, p.ups_c)
    return ups + p.distribution_loss * load + p.lighting


class Room:
    """Heat of the room's air, its chilled water and its fans, beside full load."""

    def __init__(self, p: SimpleNamespace, load: float, liquid_share: float) -> None:
        self.losses = indoor_losses(p, load)
        self.heat = load * (1.0 - liquid_share) + self.losses
        self.full_heat = 1.0 - liquid_share + indoor_losses(p, 1.0)
        self.coil_heat = self.heat / p.sensible_heat_ratio
        self.full_coil_heat = self.full_heat / p.sensible_heat_ratio
        return_air_c = p.supply_air_c + p.air_rise_k
        self.chilled_c = return_air_c - p.air_rise_k / p.coil_effectiveness
        self.chilled_pump = pump(
            self.coil_heat, p.chilled_rise_k, HEAT_OF_CHILLED_WATER, p.chilled_pump_kpa, p
        )
        self.full_air_kg_s = self.full_heat / (HEAT_OF_AIR * p.air_rise_k)
        full_fan = self.full_air_kg_s / ROOM_AIR_DENSITY * p.fan_pressure_pa / p.fan_efficiency / 1000.0
        self.fan = full_fan * max(self.heat / self.full_heat, p.fan_least_speed) ** 3


def pump(
    heat: float | Floats, rise_k: float, heat_of_water: float, kpa: float, p: SimpleNamespace
) -> float | Floats:
    """Mass flow times pressure over the density of water, 1000 kg/m3."""
    return heat / (heat_of_water * rise_k) * kpa / (1000.0 * p.pump_efficiency)


# Chillers


def centrifugal_eir(chilled_c: float, entering_c: Floats) -> Floats:
    """Energy input ratio beside 6.67/29.4 degC, held at the ends of 5..10 and 24..35 degC."""
    x, y = np.clip(chilled_c, 5.0, 10.0), np.clip(entering_c, 24.0, 35.0)
    return 0.933884 - 0.058212 * x + 0.00450036 * x**2 + 0.00243 * y + 0.000486 * y**2 - 0.001215 * x * y


def scroll_eir(chilled_c: float, outdoor_c: Floats) -> Floats:
    """Energy input ratio beside 6.67/35 degC, held at the ends of 5.56..10 and 23.9..46.1 degC."""
    x, y = np.clip(chilled_c, 5.56, 10.0), np.clip(outdoor_c, 23.9, 46.1)
    return (
        0.7690169642
        - 0.023780081 * x
        + 0.0009828809 * x**2
        + 0.0015396954 * y
        + 0.000353063 * y**2
        - 0.0005959493 * x * y
    )


def part_load(ratio: float) -> float:
    """Energy per heat beside full load (EIRFPLR over the part-load ratio)."""
    return (0.222903 + 0.313387 * ratio + 0.463710 * ratio**2) / ratio


def carnot_cop(fraction: float, chilled_c: float, leaving_c: Floats) -> Floats:
    """A share of Carnot's COP with 1.5 K at either exchanger, at most 14."""
    cold_k, hot_k = chilled_c - 1.5 + 273.15, leaving_c + 1.5 + 273.15
    lift = np.maximum(hot_k - cold_k, fraction * cold_k / 14.0)
    return fraction * cold_k / lift


def chiller_eir(p: SimpleNamespace, chilled_c: float, curve: Floats, leaving_c: Floats) -> Floats:
    """1/COP: the curve up to 10 degC chilled water, Carnot's share from 12, mixed straight between."""
    warm = np.clip((chilled_c - 10.0) / 2.0, 0.0, 1.0)
    mixed = (
        warm / carnot_cop(p.carnot_fraction, chilled_c, leaving_c) + (1.0 - warm) * curve / p.reference_cop
    )
    return part_load(p.part_load_ratio) * mixed


def air_cooled_eir(p: SimpleNamespace, chilled_c: float, outdoor_c: Floats) -> Floats:
    return chiller_eir(p, chilled_c, scroll_eir(chilled_c, outdoor_c), outdoor_c + p.condenser_approach_k)


def water_cooled_eir(p: SimpleNamespace, chilled_c: float, entering_c: Floats) -> Floats:
    return chiller_eir(p, chilled_c, centrifugal_eir(chilled_c, entering_c), entering_c + p.tower_range_k)


# Systems


def chilled_room_on_air(result: Hours, p: SimpleNamespace, room: Room, air: Air) -> None:
    """The room on air-cooled chillers."""
    result.devices |= {
        "compressor": room.coil_heat * air_cooled_eir(p, room.chilled_c, air.dry_bulb_c),
        "pumps": room.chilled_pump,
        "room fans": room.fan / air.density_ratio,
    }
    result.over = air.dry_bulb_c > p.ambient_max_c


def outdoor_air(result: Hours, p: SimpleNamespace, room: Room, air: Air) -> None:
    """Outdoor air inside its box; return air mixed in when cold, water when dry, chillers when hot or humid."""
    too_hot = np.clip(air.dry_bulb_c - p.supply_air_c, 0.0, 1.0)
    too_humid = np.clip((air.humidity_ratio - p.humidity_high) / 0.0005, 0.0, 1.0)
    mechanical = np.maximum(too_hot, too_humid)
    # Mixing the return air to the least supply temperature leaves this share for outdoor air.
    outdoor = p.air_rise_k / (p.air_rise_k + np.maximum(p.low_supply_c - air.dry_bulb_c, 0.0))
    dry_air = (1.0 - mechanical) * outdoor * room.heat / (HEAT_OF_AIR * p.air_rise_k)
    humidified = dry_air * np.maximum(p.humidity_low - air.humidity_ratio, 0.0)
    result.devices |= {
        "compressor": mechanical * room.coil_heat * air_cooled_eir(p, room.chilled_c, air.dry_bulb_c),
        "pumps": mechanical * room.chilled_pump,
        "room fans": room.fan / air.density_ratio,
        "humidifier": humidified * p.humidifier_mpa / p.pump_efficiency,
    }
    result.water_kg_s["humidifier"] = humidified
    result.over = (mechanical > 0.0) & (air.dry_bulb_c > p.ambient_max_c)


def tower_loop(
    p: SimpleNamespace, heat: float, supply_c: float, rise_k: float, air: Air
) -> tuple[Floats, Floats]:
    """Share of a water loop's heat that chillers take after the exchanger, and their power."""
    tower_c = air.wet_bulb_c + p.tower_approach_k
    return_c = supply_c + rise_k
    free = np.clip((return_c - (tower_c + p.exchanger_approach_k)) / rise_k, 0.0, 1.0)
    return 1.0 - free, (1.0 - free) * heat * water_cooled_eir(p, supply_c, tower_c)


def on_towers(
    result: Hours, p: SimpleNamespace, room: Room, air: Air, liquid: float, liquid_full: float
) -> None:
    """The room's chilled water, and facility water where there is liquid, on cooling towers."""
    _, compressor = tower_loop(p, room.coil_heat, room.chilled_c, p.chilled_rise_k, air)
    pumps = room.chilled_pump
    if liquid_full > 0.0:
        trimmed, work = tower_loop(p, liquid, p.tcs_supply_c - p.cdu_approach_k, p.facility_rise_k, air)
        compressor = compressor + work
        pumps = pumps + p.liquid_pump_share * liquid
        result.over = trimmed * liquid > p.trim_capacity * liquid_full * (1.0 + 1e-7)
    heat = room.coil_heat + liquid
    rejected = heat + compressor
    full = liquid_full + COMPRESSOR_HEAT * room.full_coil_heat
    # Thin air: more of it for the same mass, and at the square of the speed against the same towers.
    fans = (
        p.tower_fan_share * full * np.maximum(rejected / full, p.fan_least_speed) ** 3 / air.density_ratio**2
    )
    result.devices |= {
        "compressor": compressor,
        "pumps": pumps + pump(rejected, p.tower_range_k, HEAT_OF_TOWER_WATER, p.tower_pump_kpa, p),
        "room fans": room.fan / air.density_ratio,
        "tower fans": fans,
    }
    result.water_kg_s |= tower_water(p, heat + p.water_on_compressor * compressor, air.wet_bulb_c)


def tower_water(p: SimpleNamespace, heat: Floats, wet_bulb_c: Floats) -> dict[str, Floats]:
    """What evaporates and drifts, and what is blown down to hold the cycles of concentration."""
    t = wet_bulb_c + p.tower_approach_k + p.tower_range_k / 2.0
    sensible = p.winter_sensible * np.clip(0.2 + 0.01 * (20.0 - wet_bulb_c), 0.0, 0.6)
    evaporation = (1.0 - sensible) * heat / (2500.5 - 2.3097 * t - 0.0013 * t**2)
    drift = p.drift_share * heat / (HEAT_OF_TOWER_WATER * p.tower_range_k)
    blowdown = np.maximum(evaporation / (p.cycles_of_concentration - 1.0) - drift, 0.0)
    return {"evaporation": evaporation, "drift": drift, "blowdown": blowdown}


def on_dry_coolers(
    result: Hours, p: SimpleNamespace, liquid: float, liquid_full: float, air: Air, pads: bool
) -> None:
    """Facility water on dry coolers, whose air pads may cool; trim chillers where the fans reach their limit."""
    supply_c = p.tcs_supply_c - p.cdu_approach_k
    t = air.dry_bulb_c
    cooled = np.zeros_like(t)
    if pads:
        wetted = np.clip(t - (supply_c - p.dry_approach_k - p.wet_start_k), 0.0, 1.0)
        cooled = p.pad_effectiveness * wetted * (t - air.wet_bulb_c)
    design_k = p.dry_approach_k + p.facility_rise_k
    initial_k = np.maximum(supply_c + p.facility_rise_k - (t - cooled), 0.1)
    # Heat over initial difference beside design goes with the air's mass flow to the power 0.75.
    wanted = liquid / liquid_full * design_k / initial_k
    most = (p.dry_fan_most_speed * air.density_ratio) ** 0.75
    reached = np.minimum(wanted, most)
    mass_ratio = reached ** (4.0 / 3.0)
    fans = np.maximum(mass_ratio**3 / air.density_ratio**2, p.dry_fan_least_speed**3 * air.density_ratio)
    rest = liquid * (1.0 - reached / wanted)
    trim = rest * air_cooled_eir(p, supply_c, t)
    result.devices["compressor"] = result.devices["compressor"] + trim
    result.devices["dry cooler fans"] = p.dry_fan_share * liquid_full * fans
    result.devices["liquid pumps"] = np.full_like(t, p.liquid_pump_share * liquid)
    result.over = result.over | (rest > p.trim_capacity * liquid_full * (1.0 + 1e-7))
    if pads:
        dry_air = mass_ratio * liquid_full / (HEAT_OF_DRY_AIR * p.cooler_air_rise_k)
        evaporation = dry_air * HEAT_OF_DRY_AIR * cooled / (2500.5 - 2.36 * air.wet_bulb_c)
        blowdown = evaporation / (p.cycles_of_concentration - 1.0)
        result.water_kg_s |= {"evaporation": evaporation, "blowdown": blowdown}
