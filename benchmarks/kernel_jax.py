"""The benchmark's equations over arrays of hours for JAX on the CPU, in single precision as JAX has it by default."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import optimizer._core.facility as kernel

# One thread, as for all peers; read when JAX starts.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    jax = None

COLUMN = {name: i for i, name in enumerate(kernel.PARAMETERS)}


@cache
def compiled(towers: bool, on_liquid: bool, pads: bool) -> Callable[..., Any]:
    """Years of designs: inputs, load and five series of hours to energy, water, cost, carbon, chillers and peak of each."""

    def design(row: Any, *hours: Any) -> Any:
        p = {name: row[i] for name, i in COLUMN.items()}
        year = _tower(p, on_liquid, *hours) if towers else _dry(p, pads, *hours)
        return jnp.stack(year)

    return jax.jit(jax.vmap(design, in_axes=(0, None, None, None, None, None, None)))


def _losses(p: Any, load: float) -> Any:
    x = load * p["rating_share"]
    ups = (p["ups_a"] + x * (p["ups_b"] + x * p["ups_c"])) / p["rating_share"]
    return ups + p["distribution_loss"] * load + p["lighting"]


def _room(p: Any, load: float, share: Any) -> tuple[Any, Any, Any]:
    """Coil heat, power that does not hang on the weather, coil heat at full load."""
    loss = _losses(p, load)
    heat, full = load * (1.0 - share) + loss, 1.0 - share + _losses(p, 1.0)
    x = load * p["rating_share"]
    steady = load + loss + (p["transformer_no_load"] + x * x * p["transformer_load"]) / p["rating_share"]
    pump = full / p["sensible_heat_ratio"] * p["chilled_pump_kpa"]
    pump = pump / (1000.0 * p["pump_efficiency"] * 4.186 * p["chilled_rise_k"])
    fan = full / (1.01 * p["air_rise_k"]) / (1.19 * p["pressure_ratio"]) * p["fan_pressure_pa"]
    fan = fan / (1000.0 * p["fan_efficiency"])
    steady += pump * _cube(heat / full, p["pump_least_speed"]) + fan * _cube(
        heat / full, p["fan_least_speed"]
    )
    steady += p["liquid_pump_share"] * share * _cube(load, p["pump_least_speed"])
    return heat / p["sensible_heat_ratio"], steady, full / p["sensible_heat_ratio"]


def _cube(flow: Any, least: Any) -> Any:
    speed = jnp.maximum(flow, least)
    return speed * speed * speed


def _eir(p: Any, chilled_c: Any, curve: Any, cop: Any, fraction: Any, leaving_c: Any) -> Any:
    plr = p["part_load_ratio"]
    scale = (0.222903 + plr * (0.313387 + 0.463710 * plr)) / plr
    warm = jnp.clip((chilled_c - p["carnot_from_c"]) * 0.5, 0.0, 1.0)
    carnot = jnp.maximum((leaving_c - chilled_c + 3.0) / (fraction * (chilled_c + 271.65)), 1.0 / 14.0)
    return scale * (warm * carnot + (1.0 - warm) * jnp.maximum(curve / cop, 1.0 / 14.0))


def _water_cooled(p: Any, chilled_c: Any, entering_c: Any) -> Any:
    entering_c = jnp.maximum(entering_c, p["least_condenser_water_c"])
    x, y = jnp.clip(chilled_c, 5.0, 10.0), jnp.clip(entering_c, 24.0, 35.0)
    curve = 0.933884 + x * (-0.058212 + 0.00450036 * x) + y * (0.00243 + 0.000486 * y - 0.001215 * x)
    falling = 1.0 + jnp.minimum(entering_c - 24.0, 0.0) / (27.0 + p["tower_range_k"] - x)
    return _eir(
        p, chilled_c, curve * falling, p["water_cooled_cop"], p["water_cooled_carnot"],
        entering_c + p["tower_range_k"],
    )  # fmt: skip


def _air_cooled(p: Any, chilled_c: Any, t: Any) -> Any:
    felt = t + p["condenser_approach_k"] * (1.0 / p["pressure_ratio"] - 1.0)
    felt = jnp.maximum(felt, p["least_outdoor_c"])
    x, y = jnp.clip(chilled_c, 5.56, 10.0), jnp.clip(felt, 23.9, 46.1)
    curve = 0.7690169642 + x * (-0.023780081 + 0.0009828809 * x)
    curve += y * (0.0015396954 + 0.000353063 * y - 0.0005959493 * x)
    falling = 1.0 + jnp.minimum(felt - 23.9, 0.0) / (26.9 + p["condenser_approach_k"] - x)
    return _eir(
        p, chilled_c, curve * falling, p["air_cooled_cop"], p["air_cooled_carnot"],
        felt + p["condenser_approach_k"],
    )  # fmt: skip


def _taken(p: Any, supply_c: Any, rise_k: Any, tower_c: Any) -> Any:
    """Share of a loop's heat that chillers take."""
    return 1.0 - jnp.clip((supply_c + rise_k - tower_c - p["exchanger_approach_k"]) / rise_k, 0.0, 1.0)


def _tower(p: Any, on_liquid: bool, load: Any, t: Any, wb: Any, air: Any, price: Any, carbon: Any) -> Any:
    share = p["liquid_share"] if on_liquid else 0.0
    coil, steady, full_coil = _room(p, load, share)
    _, full_steady, _ = _room(p, 1.0, share)
    liquid, facility_c = share * load, p["tcs_supply_c"] - p["cdu_approach_k"]
    chilled_c = p["supply_air_c"] + p["air_rise_k"] - p["air_rise_k"] / p["coil_effectiveness"]
    design = share + 1.2 * full_coil
    pump = design * p["tower_pump_kpa"] / (1000.0 * p["pump_efficiency"] * 4.184 * p["tower_range_k"])
    thin, tower_c = 1.0 / (air * air), wb + p["tower_approach_k"]
    free = 1.0 - _taken(p, chilled_c, p["chilled_rise_k"], tower_c)
    per_coil = (1.0 - p["economizer"] * free) * _water_cooled(p, chilled_c, tower_c)
    work, full_work = coil * per_coil, full_coil * per_coil
    if on_liquid:
        per_liquid = _water_cooled(p, facility_c, tower_c)
        wanted = _taken(p, facility_c, p["facility_rise_k"], tower_c)
        most = p["trim_capacity"] * share
        work += jnp.minimum(wanted * liquid, most) * per_liquid
        full_work += jnp.minimum(wanted * share, most) * per_liquid
    flow, full_flow = (coil + liquid + work) / design, (full_coil + share + full_work) / design
    fans = p["tower_fan_share"] * design * thin
    power = (
        steady + work + fans * _cube(flow, p["fan_least_speed"]) + pump * _cube(flow, p["pump_least_speed"])
    )
    full_power = full_steady + full_work + fans * _cube(full_flow, p["fan_least_speed"])
    full_power += pump * _cube(full_flow, p["pump_least_speed"])
    warm = tower_c + 0.5 * p["tower_range_k"]
    heat = coil + liquid + p["water_on_compressor"] * work
    sensible = p["winter_sensible"] * jnp.clip(0.2 + 0.01 * (20.0 - wb), 0.0, 0.6)
    evaporated = heat * (1.0 - sensible) / (2500.5 + warm * (-2.3097 - 0.0013 * warm))
    drift = p["drift_share"] * heat / (4.184 * p["tower_range_k"])
    blowdown = jnp.maximum(evaporated / (p["cycles_of_concentration"] - 1.0) - drift, 0.0)
    water = (evaporated + drift + blowdown).sum()
    return power.sum(), water, power @ price, power @ carbon, work.sum(), full_power.max()


def _dry(p: Any, pads: bool, load: Any, t: Any, wb: Any, air: Any, price: Any, carbon: Any) -> Any:
    share = p["liquid_share"]
    coil, steady, full_coil = _room(p, load, share)
    _, full_steady, _ = _room(p, 1.0, share)
    liquid, supply_c = share * load, p["tcs_supply_c"] - p["cdu_approach_k"]
    chilled_c = p["supply_air_c"] + p["air_rise_k"] - p["air_rise_k"] / p["coil_effectiveness"]
    cooled = jnp.zeros_like(t)
    if pads:
        wetted = jnp.clip(t - (supply_c - p["dry_approach_k"] - p["wet_start_k"]), 0.0, 1.0)
        cooled = p["pad_effectiveness"] * wetted * (t - wb)
    initial_k = jnp.maximum(supply_c + p["facility_rise_k"] - t + cooled, 0.1)
    per_load = (p["dry_approach_k"] + p["facility_rise_k"]) / initial_k
    most = (p["dry_fan_most_speed"] * air) ** 0.75
    least, thin = p["dry_fan_least_speed"] ** 3 * air, 1.0 / (air * air)
    used, full_used = jnp.minimum(load * per_load, most), jnp.minimum(per_load, most)
    trim, per_coil = _air_cooled(p, supply_c, t), _air_cooled(p, chilled_c, t)
    capacity = p["trim_capacity"] * share
    work = coil * per_coil + jnp.minimum(liquid * (1.0 - used / (load * per_load)), capacity) * trim
    full_work = full_coil * per_coil + jnp.minimum(share * (1.0 - full_used / per_load), capacity) * trim
    fans = p["dry_fan_share"] * share
    power = steady + work + fans * jnp.maximum(used**4 * thin, least)
    full_power = full_steady + full_work + fans * jnp.maximum(full_used**4 * thin, least)
    water = jnp.zeros(())
    if pads:
        evaporated = used * jnp.cbrt(used) * share / p["cooler_air_rise_k"] * cooled / (2500.5 - 2.36 * wb)
        water = evaporated.sum() * p["cycles_of_concentration"] / (p["cycles_of_concentration"] - 1.0)
    return power.sum(), water, power @ price, power @ carbon, work.sum(), full_power.max()
