"""The benchmark's equations as loops for numba, written as somebody would who knows numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import optimizer._core.facility as kernel

try:
    import numba
except ImportError:
    numba = None

_COMPILED: dict[bool, dict[str, Any]] = {}


def compiled(fast: bool) -> dict[str, Any]:
    """Loops over designs and hours, compiled at first use; `fast` lets LLVM reorder and vectorise sums."""
    if fast not in _COMPILED:
        _COMPILED[fast] = _loops(numba.njit(error_model="numpy", fastmath=fast, nogil=True))
    return _COMPILED[fast]


def _loops(jit: Callable[[Any], Any]) -> dict[str, Any]:
    # Columns by name; numba takes them as constants.
    column = {name: i for i, name in enumerate(kernel.PARAMETERS)}
    SHARE, RATING = column["liquid_share"], column["rating_share"]
    UPS_A, UPS_B, UPS_C = column["ups_a"], column["ups_b"], column["ups_c"]
    IRON, COPPER = column["transformer_no_load"], column["transformer_load"]
    DISTRIBUTION, LIGHTING, PRESSURE = (
        column["distribution_loss"],
        column["lighting"],
        column["pressure_ratio"],
    )
    SUPPLY, AIR_RISE, COIL = column["supply_air_c"], column["air_rise_k"], column["coil_effectiveness"]
    SHR, FAN_PA, FAN_ETA = column["sensible_heat_ratio"], column["fan_pressure_pa"], column["fan_efficiency"]
    FAN_LEAST, RISE, PUMP_KPA = (
        column["fan_least_speed"],
        column["chilled_rise_k"],
        column["chilled_pump_kpa"],
    )
    PUMP_ETA, PUMP_LEAST = column["pump_efficiency"], column["pump_least_speed"]
    AIR_COP, AIR_CARNOT = column["air_cooled_cop"], column["air_cooled_carnot"]
    CONDENSER, PLR = column["condenser_approach_k"], column["part_load_ratio"]
    WATER_COP, WATER_CARNOT = column["water_cooled_cop"], column["water_cooled_carnot"]
    ECONOMIZER, APPROACH, EXCHANGER = (
        column["economizer"], column["tower_approach_k"], column["exchanger_approach_k"],
    )  # fmt: skip
    RANGE, TOWER_FAN, TOWER_KPA = column["tower_range_k"], column["tower_fan_share"], column["tower_pump_kpa"]
    DRIFT, CYCLES, BASIS = (
        column["drift_share"], column["cycles_of_concentration"], column["water_on_compressor"],
    )  # fmt: skip
    WINTER, TCS, CDU = column["winter_sensible"], column["tcs_supply_c"], column["cdu_approach_k"]
    FWS_RISE, LIQUID_PUMP, TRIM = (
        column["facility_rise_k"],
        column["liquid_pump_share"],
        column["trim_capacity"],
    )
    DRY_K, DRY_FAN, DRY_LEAST = (
        column["dry_approach_k"],
        column["dry_fan_share"],
        column["dry_fan_least_speed"],
    )
    DRY_MOST, PAD, WET_K = column["dry_fan_most_speed"], column["pad_effectiveness"], column["wet_start_k"]
    LEAST_OUTDOOR, LEAST_WATER = column["least_outdoor_c"], column["least_condenser_water_c"]
    COOLER_RISE, CARNOT_FROM = column["cooler_air_rise_k"], column["carnot_from_c"]

    inside = jit(lambda x, low, high: min(max(x, low), high))

    @jit
    def room_loss(p, load):
        x = load * p[RATING]
        return (p[UPS_A] + x * (p[UPS_B] + x * p[UPS_C])) / p[RATING] + p[DISTRIBUTION] * load + p[LIGHTING]

    @jit
    def cube(flow, least):
        speed = max(flow, least)
        return speed * speed * speed

    @jit
    def room(p, load, share):
        """Coil heat, and all power that does not hang on the weather."""
        loss = room_loss(p, load)
        heat, full = load * (1.0 - share) + loss, 1.0 - share + room_loss(p, 1.0)
        x = load * p[RATING]
        steady = load + loss + (p[IRON] + x * x * p[COPPER]) / p[RATING]
        pump = full / p[SHR] * p[PUMP_KPA] / (1000.0 * p[PUMP_ETA] * 4.186 * p[RISE])
        fan = full / (1.01 * p[AIR_RISE]) / (1.19 * p[PRESSURE]) * p[FAN_PA] / (1000.0 * p[FAN_ETA])
        steady += pump * cube(heat / full, p[PUMP_LEAST]) + fan * cube(heat / full, p[FAN_LEAST])
        steady += p[LIQUID_PUMP] * share * cube(load, p[PUMP_LEAST]) if share > 0.0 else 0.0
        return heat / p[SHR], steady, full / p[SHR]

    @jit
    def carnot(fraction, chilled_c, leaving_c):
        return max((leaving_c - chilled_c + 3.0) / (fraction * (chilled_c + 271.65)), 1.0 / 14.0)

    @jit
    def water_cooled(p, scale, chilled_c, entering_c):
        warm = inside((chilled_c - p[CARNOT_FROM]) * 0.5, 0.0, 1.0)
        entering_c = max(entering_c, p[LEAST_WATER])
        x, y = inside(chilled_c, 5.0, 10.0), inside(entering_c, 24.0, 35.0)
        falling = 1.0 + min(entering_c - 24.0, 0.0) / (27.0 + p[RANGE] - x)
        curve = 0.933884 + x * (-0.058212 + 0.00450036 * x) + y * (0.00243 + 0.000486 * y) - 0.001215 * x * y
        carnots = carnot(p[WATER_CARNOT], chilled_c, entering_c + p[RANGE])
        return scale * (warm * carnots + (1.0 - warm) * max(curve * falling / p[WATER_COP], 1.0 / 14.0))

    @jit
    def air_cooled(p, scale, chilled_c, t):
        warm = inside((chilled_c - p[CARNOT_FROM]) * 0.5, 0.0, 1.0)
        felt = t + p[CONDENSER] * (1.0 / p[PRESSURE] - 1.0)
        felt = max(felt, p[LEAST_OUTDOOR])
        x, y = inside(chilled_c, 5.56, 10.0), inside(felt, 23.9, 46.1)
        falling = 1.0 + min(felt - 23.9, 0.0) / (26.9 + p[CONDENSER] - x)
        curve = 0.7690169642 + x * (-0.023780081 + 0.0009828809 * x)
        curve += y * (0.0015396954 + 0.000353063 * y) - 0.0005959493 * x * y
        carnots = carnot(p[AIR_CARNOT], chilled_c, felt + p[CONDENSER])
        return scale * (warm * carnots + (1.0 - warm) * max(curve * falling / p[AIR_COP], 1.0 / 14.0))

    @jit
    def taken(p, supply_c, rise_k, tower_c):
        """Share of a loop's heat that chillers take."""
        return 1.0 - inside((supply_c + rise_k - tower_c - p[EXCHANGER]) / rise_k, 0.0, 1.0)

    @jit
    def tower(inputs, load, on_liquid, pads, t, wet_bulb_c, air, price, carbon, out):
        for s in range(len(inputs)):
            p = inputs[s]
            share = p[SHARE] if on_liquid else 0.0
            coil, steady, full_coil = room(p, load, share)
            _, full_steady, _ = room(p, 1.0, share)
            liquid, facility_c = share * load, p[TCS] - p[CDU]
            scale = (0.222903 + p[PLR] * (0.313387 + 0.463710 * p[PLR])) / p[PLR]
            chilled_c = p[SUPPLY] + p[AIR_RISE] - p[AIR_RISE] / p[COIL]
            design = share + 1.2 * full_coil
            pump = design * p[TOWER_KPA] / (1000.0 * p[PUMP_ETA] * 4.184 * p[RANGE])
            energy = water = cost = emitted = compressors = peak = 0.0
            for i in range(len(wet_bulb_c)):
                wb, thin = wet_bulb_c[i], 1.0 / (air[i] * air[i])
                tower_c = wb + p[APPROACH]
                chilled = 1.0 - p[ECONOMIZER] * (1.0 - taken(p, chilled_c, p[RISE], tower_c))
                per_coil = chilled * water_cooled(p, scale, chilled_c, tower_c)
                per_liquid = wanted = 0.0
                if on_liquid:
                    per_liquid = water_cooled(p, scale, facility_c, tower_c)
                    wanted = taken(p, facility_c, p[FWS_RISE], tower_c)
                work = coil * per_coil + min(wanted * liquid, p[TRIM] * share) * per_liquid
                full_work = full_coil * per_coil + min(wanted * share, p[TRIM] * share) * per_liquid
                flow, full_flow = (coil + liquid + work) / design, (full_coil + share + full_work) / design
                fans = p[TOWER_FAN] * design * thin
                power = steady + work + fans * cube(flow, p[FAN_LEAST]) + pump * cube(flow, p[PUMP_LEAST])
                full_power = full_steady + full_work + fans * cube(full_flow, p[FAN_LEAST])
                full_power += pump * cube(full_flow, p[PUMP_LEAST])
                warm = tower_c + 0.5 * p[RANGE]
                heat = coil + liquid + p[BASIS] * work
                sensible = p[WINTER] * inside(0.2 + 0.01 * (20.0 - wb), 0.0, 0.6)
                evaporated = heat * (1.0 - sensible) / (2500.5 + warm * (-2.3097 - 0.0013 * warm))
                drift = p[DRIFT] * heat / (4.184 * p[RANGE])
                energy += power
                cost += power * price[i]
                emitted += power * carbon[i]
                compressors += work
                water += evaporated + drift + max(evaporated / (p[CYCLES] - 1.0) - drift, 0.0)
                peak = max(peak, full_power)
            out[s, 0], out[s, 1], out[s, 2] = energy, water, cost
            out[s, 3], out[s, 4], out[s, 5] = emitted, compressors, peak

    @jit
    def dry(inputs, load, on_liquid, pads, t, wet_bulb_c, air, price, carbon, out):
        for s in range(len(inputs)):
            p = inputs[s]
            share = p[SHARE]
            coil, steady, full_coil = room(p, load, share)
            _, full_steady, _ = room(p, 1.0, share)
            liquid, supply_c = share * load, p[TCS] - p[CDU]
            scale = (0.222903 + p[PLR] * (0.313387 + 0.463710 * p[PLR])) / p[PLR]
            chilled_c = p[SUPPLY] + p[AIR_RISE] - p[AIR_RISE] / p[COIL]
            energy = water = cost = emitted = compressors = peak = 0.0
            for i in range(len(t)):
                wetted = inside(t[i] - (supply_c - p[DRY_K] - p[WET_K]), 0.0, 1.0) if pads else 0.0
                cooled = p[PAD] * wetted * (t[i] - wet_bulb_c[i]) if pads else 0.0
                per_load = (p[DRY_K] + p[FWS_RISE]) / max(supply_c + p[FWS_RISE] - t[i] + cooled, 0.1)
                mass = p[DRY_MOST] * air[i]
                most = np.sqrt(mass) * np.sqrt(np.sqrt(mass))
                least = p[DRY_LEAST] ** 3 * air[i]
                thin = 1.0 / (air[i] * air[i])
                used, full_used = min(load * per_load, most), min(per_load, most)
                trim = air_cooled(p, scale, supply_c, t[i])
                per_coil = air_cooled(p, scale, chilled_c, t[i])
                rest, full_rest = 1.0 - used / (load * per_load), 1.0 - full_used / per_load
                work = coil * per_coil + min(liquid * rest, p[TRIM] * share) * trim
                full_work = full_coil * per_coil + min(share * full_rest, p[TRIM] * share) * trim
                power = steady + work + p[DRY_FAN] * share * max(used**4 * thin, least)
                full_power = full_steady + full_work + p[DRY_FAN] * share * max(full_used**4 * thin, least)
                if pads:
                    flow = used * np.cbrt(used) * share / p[COOLER_RISE]
                    water += flow * cooled / (2500.5 - 2.36 * wet_bulb_c[i]) * p[CYCLES] / (p[CYCLES] - 1.0)
                energy += power
                cost += power * price[i]
                emitted += power * carbon[i]
                compressors += work
                peak = max(peak, full_power)
            out[s, 0], out[s, 1], out[s, 2] = energy, water, cost
            out[s, 3], out[s, 4], out[s, 5] = emitted, compressors, peak

    return {"tower": tower, "dry": dry}
