"""A hall with its air, heat, fans and electrical chain, over whole arrays of hours.

Everything is per unit of IT power at full load. Parameters go by the catalog's names. Sources: Lei and Masanet 2020 (doi
10.1016/j.energy.2020.117556) and 2022 (doi 10.1016/j.resconrec.2022.106323), DOE-2.1E curves as in EnergyPlus.
"""

from __future__ import annotations

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
    """Outdoor air by hour: dry and wet bulb [degC], humidity ratio [kg/kg], rh, density beside 1.2 kg/m3."""

    dry_bulb_c: Floats
    wet_bulb_c: Floats
    humidity_ratio: Floats
    rh: Floats
    density_ratio: Floats


@dataclass
class Hours:
    """What a hall draws by hour: devices by name, water [kg/s per kW of IT at full load]."""

    devices: dict[str, Floats] = field(default_factory=dict)
    water_kg_s: dict[str, Floats] = field(default_factory=dict)
    over_k: Floats | float = 0.0
    tower_heat: Floats | float = 0.0
    tower_work: Floats | float = 0.0
    mechanical: dict[str, Floats] = field(default_factory=dict)
    reused: Floats | float = 0.0

    def add(self, **powers: Floats) -> None:
        for name, power in powers.items():
            self.devices[name] = self.devices.get(name, 0.0) + power

    def wet(self, **flows: Floats) -> None:
        for name, flow in flows.items():
            self.water_kg_s[name] = self.water_kg_s.get(name, 0.0) + flow

    def too_warm(self, kelvin: Floats) -> None:
        self.over_k = np.maximum(self.over_k, kelvin)

    @property
    def facility(self) -> Floats:
        return sum(self.devices.values(), start=np.zeros_like(self.devices["it"]))

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
    return Air(
        dry_bulb_c, wet_bulb, ratio, rh, psychrometrics.density(dry_bulb_c, ratio, pressure_pa) / DENSITY
    )


# Electrical chain


def loss_of_rating(rating_share: float, load: float | Floats, a: float, b: float, c: float) -> float | Floats:
    """A bank of rating 1/share at x = load * share of it loses (a + b x + c x^2) of its rating."""
    x = load * rating_share
    return (a + b * x + c * x**2) / rating_share


def transformers(p: SimpleNamespace, load: float | Floats) -> float | Floats:
    return loss_of_rating(p.rating_share, load, p.transformer_no_load, 0.0, p.transformer_load)


def indoor_losses(p: SimpleNamespace, load: float | Floats) -> float | Floats:
    """Of UPS, distribution and lighting: what heats the room."""
    ups = loss_of_rating(p.rating_share, load, p.ups_a, p.ups_b, p.ups_c)
    return ups + p.distribution_loss * load + p.lighting


class Room:
    """Heat of the room's air, its chilled water and its fans, beside full load."""

    def __init__(self, p: SimpleNamespace, load: float | Floats, liquid_share: float) -> None:
        self.losses = indoor_losses(p, load)
        self.heat = load * (1.0 - liquid_share) + self.losses
        self.full_heat = 1.0 - liquid_share + indoor_losses(p, 1.0)
        self.coil_heat = self.heat / p.sensible_heat_ratio
        self.full_coil_heat = self.full_heat / p.sensible_heat_ratio
        self.return_c = p.supply_air_c + p.air_rise_k
        self.chilled_c = self.return_c - p.air_rise_k / p.coil_effectiveness
        self.air_kg_s = self.heat / (HEAT_OF_AIR * p.air_rise_k)
        self.full_air_kg_s = self.full_heat / (HEAT_OF_AIR * p.air_rise_k)
        density = ROOM_AIR_DENSITY * p.pressure_ratio
        full_fan = self.full_air_kg_s / density * p.fan_pressure_pa / p.fan_efficiency / 1000.0
        self.fan = full_fan * affinity(self.heat / self.full_heat, p.fan_least_speed)
        self._full_pump = pump(
            self.full_coil_heat, p.chilled_rise_k, HEAT_OF_CHILLED_WATER, p.chilled_pump_kpa, p
        )
        self._least = p.pump_least_speed

    def chilled_pump(self, coil_heat: float | Floats, running: float | Floats = 1.0) -> float | Floats:
        return running * self._full_pump * affinity(coil_heat / self.full_coil_heat, self._least)


class Loop:
    """Heat of the liquid, the facility water that takes it, and full load."""

    def __init__(self, p: SimpleNamespace, heat: float | Floats, full: float) -> None:
        self.heat, self.full = heat, full
        self.supply_c = p.tcs_supply_c - p.cdu_approach_k


def affinity(flow: float | Floats, least: float) -> float | Floats:
    """Power beside full power of a fan or pump at a flow beside full flow: the cube of its speed."""
    return np.maximum(flow, least) ** 3


def pump(
    heat: float | Floats, rise_k: float, heat_of_water: float, kpa: float, p: SimpleNamespace
) -> float | Floats:
    """Mass flow times pressure over the density of water, 1000 kg/m3."""
    return heat / (heat_of_water * rise_k) * kpa / (1000.0 * p.pump_efficiency)
