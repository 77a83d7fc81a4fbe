"""A facility's year by the compiled kernel, by NumPy over arrays of hours, and by numba: same equations, same answers.

Every engine gets the same designs and weathers and returns, for each pair, facility energy, water, cost, chiller energy and
the peak at full load. Rounds go through all engines in turn, so that a noisy machine disturbs them alike.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import optimizer._core.facility as kernel
from numpy.typing import NDArray

from optimizer import catalog
from optimizer.physics import weather_from_catalog
from optimizer.physics.design_inputs import SYSTEMS, design_inputs
from optimizer.physics.facility import Climate, climate_of
from tests.reference import facility as twin

try:
    import numba
except ImportError:
    numba = None

Floats = NDArray[np.float64]
Engine = Callable[["Work", int], Floats]

WEATHERS = "usa-tx-abilene,usa-oh-columbus"
MEASURED = "dlc_tower,water_chiller_economizer,dlc_dry,dlc_adiabatic"
OUTPUTS = ("facility_h", "water_kg_h_per_kw_s", "cost", "compressor_h", "peak")
LOAD = 0.8
SEED = 1


@dataclass(frozen=True)
class Work:
    """Designs of one system on several weathers.

    Attributes
    ----------
    cooling : str
    inputs : ndarray of shape (n_designs, n_parameters)
    climates : tuple of Climate
    prices : ndarray of shape (n_climates, 8760)
        [USD/MWh]
    """

    cooling: str
    inputs: Floats
    climates: tuple[Climate, ...]
    prices: Floats


def work(cooling: str, designs: int, climates: tuple[Climate, ...]) -> Work:
    """Designs at random inside the catalog's ranges."""
    random = np.random.default_rng(SEED)
    drawn = {
        name: random.uniform(fact.low, fact.high, designs)
        for name, fact in catalog.cooling(cooling).parameters.items()
        if fact.low is not None and fact.high is not None
    }
    prices = random.uniform(0.0, 100.0, (len(climates), 8760))
    return Work(cooling, design_inputs(cooling, "N+1", 98_000.0, **drawn), climates, prices)


def by_kernel(todo: Work, threads: int) -> Floats:
    """The compiled kernel; out of shape (n_climates, n_designs, n_outputs)."""
    system = SYSTEMS.index(todo.cooling)

    def part(task: tuple[int, slice]) -> None:
        i, rows = task
        c = todo.climates[i]
        kernel.facility_years(
            system, todo.inputs[rows], load[rows], c.dry_bulb_c, c.wet_bulb_c, c.humidity_ratio,
            c.density_ratio, todo.prices[i], out[i, rows],
        )  # fmt: skip

    load = np.full(len(todo.inputs), LOAD)
    out = np.zeros((len(todo.climates), len(todo.inputs), len(kernel.RESULTS)))
    shared(part, todo, threads)
    return out[..., [kernel.RESULTS.index(name) for name in OUTPUTS]]


def by_numpy(todo: Work, threads: int) -> Floats:
    """The twin of the tests, one design after another."""
    out = np.empty((len(todo.climates), len(todo.inputs), len(OUTPUTS)))
    for i, c in enumerate(todo.climates):
        air = twin.Air(c.dry_bulb_c, c.wet_bulb_c, c.humidity_ratio, c.density_ratio)
        for s, row in enumerate(todo.inputs):
            parameters = dict(zip(kernel.PARAMETERS, row.tolist(), strict=True))
            part = twin.hours(todo.cooling, parameters, LOAD, air)
            full = twin.hours(todo.cooling, parameters, 1.0, air)
            facility = part.facility
            out[i, s] = (
                facility.sum(), part.water.sum(), facility @ todo.prices[i], part.compressor.sum(),
                full.facility.max(),
            )  # fmt: skip
    return out


def by_numba(todo: Work, threads: int, fast: bool) -> Floats:
    """Loops compiled by numba."""
    loop = compiled(fast)["tower" if todo.cooling in ("dlc_tower", "water_chiller_economizer") else "dry"]
    on_liquid, pads = todo.cooling.startswith("dlc"), todo.cooling == "dlc_adiabatic"

    def part(task: tuple[int, slice]) -> None:
        i, rows = task
        c = todo.climates[i]
        loop(
            todo.inputs[rows], LOAD, on_liquid, pads, c.dry_bulb_c, c.wet_bulb_c, c.density_ratio,
            todo.prices[i], out[i, rows],
        )  # fmt: skip

    out = np.zeros((len(todo.climates), len(todo.inputs), len(OUTPUTS)))
    shared(part, todo, threads)
    return out


def shared(part: Callable[[tuple[int, slice]], None], todo: Work, threads: int) -> None:
    """Each weather's designs, cut into as many parts as there are threads."""
    cuts = np.linspace(0, len(todo.inputs), threads + 1).astype(int)
    tasks = [(i, slice(a, b)) for i in range(len(todo.climates)) for a, b in pairwise(cuts) if b > a]
    if threads == 1:
        for task in tasks:
            part(task)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, tasks))


_COMPILED: dict[bool, dict[str, Any]] = {}
# The columns that the loops below take by number.
PARAMETERS = """
liquid_share rating_share ups_a ups_b ups_c transformer_no_load transformer_load distribution_loss lighting supply_air_c
air_rise_k coil_effectiveness sensible_heat_ratio fan_pressure_pa fan_efficiency fan_least_speed chilled_rise_k
chilled_pump_kpa pump_efficiency carnot_fraction reference_cop condenser_approach_k part_load_ratio ambient_max_c
tower_approach_k exchanger_approach_k tower_range_k tower_fan_share tower_pump_kpa drift_share cycles_of_concentration
water_on_compressor winter_sensible low_supply_c humidity_low humidity_high humidifier_mpa tcs_supply_c cdu_approach_k
facility_rise_k dry_approach_k dry_fan_share dry_fan_least_speed dry_fan_most_speed liquid_pump_share trim_capacity
pad_effectiveness wet_start_k cooler_air_rise_k
"""


def compiled(fast: bool) -> dict[str, Any]:
    """Loops over designs and hours, compiled at first use; `fast` lets LLVM reorder and vectorise sums."""
    if fast not in _COMPILED:
        jit = numba.njit(error_model="numpy", fastmath=fast, nogil=True)
        _COMPILED[fast] = _loops(jit)
    return _COMPILED[fast]


def _loops(jit: Callable[[Any], Any]) -> dict[str, Any]:
    inside = jit(lambda x, low, high: min(max(x, low), high))
    if PARAMETERS.split() != list(kernel.PARAMETERS):
        raise SystemExit(
            "kernel: the parameters of the compiled kernel have changed; the numba loops have not"
        )

    @jit
    def room_loss(p, load):
        x = load * p[1]
        return (p[2] + x * (p[3] + x * p[4])) / p[1] + p[7] * load + p[8]

    @jit
    def room(p, load, share):
        """Coil heat, what does not hang on the weather, fan power at sea level and 1.2 kg/m3."""
        loss = room_loss(p, load)
        heat, full = load * (1.0 - share) + loss, 1.0 - share + room_loss(p, 1.0)
        coil = heat / p[12]
        x = load * p[1]
        steady = load + loss + (p[5] + x * x * p[6]) / p[1]
        steady += coil * p[17] / (1000.0 * p[18] * 4.186 * p[16])
        fan = full / (1.01 * p[10]) / 1.19 * p[13] / (1000.0 * p[14])
        return coil, steady, fan * max(heat / full, p[15]) ** 3, full / p[12]

    @jit
    def carnot(p, chilled_c, leaving_c):
        return max((leaving_c - chilled_c + 3.0) / (p[19] * (chilled_c + 271.65)), 1.0 / 14.0)

    @jit
    def water_cooled(p, scale, chilled_c, entering_c):
        warm = inside((chilled_c - 10.0) * 0.5, 0.0, 1.0)
        x, y = inside(chilled_c, 5.0, 10.0), inside(entering_c, 24.0, 35.0)
        curve = 0.933884 + x * (-0.058212 + 0.00450036 * x) + y * (0.00243 + 0.000486 * y) - 0.001215 * x * y
        return scale * (warm * carnot(p, chilled_c, entering_c + p[26]) + (1.0 - warm) / p[20] * curve)

    @jit
    def air_cooled(p, scale, chilled_c, t):
        warm = inside((chilled_c - 10.0) * 0.5, 0.0, 1.0)
        x, y = inside(chilled_c, 5.56, 10.0), inside(t, 23.9, 46.1)
        curve = 0.7690169642 + x * (-0.023780081 + 0.0009828809 * x)
        curve += y * (0.0015396954 + 0.000353063 * y) - 0.0005959493 * x * y
        return scale * (warm * carnot(p, chilled_c, t + p[21]) + (1.0 - warm) / p[20] * curve)

    @jit
    def taken(p, supply_c, rise_k, tower_c):
        """Share of a loop's heat that chillers take."""
        return 1.0 - inside((supply_c + rise_k - tower_c - p[25]) / rise_k, 0.0, 1.0)

    @jit
    def tower(inputs, load, on_liquid, pads, t, wet_bulb_c, air, price, out):
        for s in range(len(inputs)):
            p = inputs[s]
            share = p[0] if on_liquid else 0.0
            coil, steady, fan, _ = room(p, load, share)
            full_coil, full_steady, full_fan, _ = room(p, 1.0, share)
            liquid, facility_c = share * load, p[37] - p[38]
            steady += p[44] * liquid
            full_steady += p[44] * share
            scale = (0.222903 + p[22] * (0.313387 + 0.463710 * p[22])) / p[22]
            chilled_c = p[9] + p[10] - p[10] / p[11]
            design = share + 1.2 * full_coil
            pump = p[28] / (1000.0 * p[18] * 4.184 * p[26])
            energy = water = cost = compressors = peak = 0.0
            for i in range(len(wet_bulb_c)):
                wb, thin = wet_bulb_c[i], 1.0 / air[i]
                tower_c = wb + p[24]
                per_coil = taken(p, chilled_c, p[16], tower_c) * water_cooled(p, scale, chilled_c, tower_c)
                per_liquid = 0.0
                if on_liquid:
                    per_liquid = taken(p, facility_c, p[39], tower_c) * water_cooled(
                        p, scale, facility_c, tower_c
                    )
                work = coil * per_coil + liquid * per_liquid
                full_work = full_coil * per_coil + share * per_liquid
                rejected, full_rejected = coil + liquid + work, full_coil + share + full_work
                fans = p[27] * design * thin * thin
                speed, full_speed = max(rejected / design, p[15]), max(full_rejected / design, p[15])
                power = steady + work + fan * thin + fans * speed * speed * speed + pump * rejected
                full_power = full_steady + full_work + full_fan * thin
                full_power += fans * full_speed * full_speed * full_speed + pump * full_rejected
                warm = wb + p[24] + 0.5 * p[26]
                heat = coil + liquid + p[31] * work
                sensible = p[32] * inside(0.2 + 0.01 * (20.0 - wb), 0.0, 0.6)
                evaporated = heat * (1.0 - sensible) / (2500.5 + warm * (-2.3097 - 0.0013 * warm))
                drift = p[29] * heat / (4.184 * p[26])
                energy += power
                cost += power * price[i]
                compressors += work
                water += evaporated + drift + max(evaporated / (p[30] - 1.0) - drift, 0.0)
                peak = max(peak, full_power)
            out[s, 0], out[s, 1], out[s, 2], out[s, 3], out[s, 4] = energy, water, cost, compressors, peak

    @jit
    def dry(inputs, load, on_liquid, pads, t, wet_bulb_c, air, price, out):
        for s in range(len(inputs)):
            p = inputs[s]
            share = p[0]
            coil, steady, fan, _ = room(p, load, share)
            full_coil, full_steady, full_fan, _ = room(p, 1.0, share)
            liquid, supply_c = share * load, p[37] - p[38]
            scale = (0.222903 + p[22] * (0.313387 + 0.463710 * p[22])) / p[22]
            chilled_c = p[9] + p[10] - p[10] / p[11]
            energy = water = cost = compressors = peak = 0.0
            for i in range(len(t)):
                wetted = inside(t[i] - (supply_c - p[40] - p[47]), 0.0, 1.0) if pads else 0.0
                cooled = p[46] * wetted * (t[i] - wet_bulb_c[i])
                per_load = (p[40] + p[39]) / max(supply_c + p[39] - t[i] + cooled, 0.1)
                most = np.sqrt(p[43] * air[i]) * np.sqrt(np.sqrt(p[43] * air[i]))
                least = p[42] ** 3 * air[i]
                thin = 1.0 / air[i]
                used, full_used = min(load * per_load, most), min(per_load, most)
                trim = air_cooled(p, scale, supply_c, t[i])
                per_coil = air_cooled(p, scale, chilled_c, t[i])
                work = coil * per_coil + liquid * (1.0 - used / (load * per_load)) * trim
                full_work = full_coil * per_coil + share * (1.0 - full_used / per_load) * trim
                fans = p[41] * share * max(used**4 * thin * thin, least)
                full_fans = p[41] * share * max(full_used**4 * thin * thin, least)
                power = steady + work + fan * thin + fans + p[44] * liquid
                full_power = full_steady + full_work + full_fan * thin + full_fans + p[44] * share
                if pads:
                    mass = used * np.cbrt(used) * share / p[48]
                    water += mass * cooled / (2500.5 - 2.36 * wet_bulb_c[i]) * p[30] / (p[30] - 1.0)
                energy += power
                cost += power * price[i]
                compressors += work
                peak = max(peak, full_power)
            out[s, 0], out[s, 1], out[s, 2], out[s, 3], out[s, 4] = energy, water, cost, compressors, peak

    return {"tower": tower, "dry": dry}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `python -m benchmarks kernel`."""
    parser.add_argument("--designs", type=int, default=16, help="designs of each system")
    parser.add_argument("--systems", default=MEASURED, help="cooling systems, by comma")
    parser.add_argument("--weathers", default=WEATHERS, help="weathers of the catalog, by comma")
    parser.add_argument("--rounds", type=int, default=7, help="times that every engine runs; medians count")
    parser.add_argument("--threads", type=int, default=1, help="also measure kernel and numba with so many")


def engines(threads: int) -> dict[tuple[str, int], Engine]:
    """Who takes part, by name and threads."""
    compilers: dict[str, Engine] = {"kernel": by_kernel}
    if numba is not None:
        compilers["numba"] = lambda todo, n: by_numba(todo, n, fast=False)
        compilers["numba_fastmath"] = lambda todo, n: by_numba(todo, n, fast=True)
    found: dict[tuple[str, int], Engine] = {(name, 1): engine for name, engine in compilers.items()}
    if threads > 1:
        found |= {(name, threads): engine for name, engine in compilers.items()}
    return found | {("numpy", 1): by_numpy}


def run(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Rows of the benchmark, one a system and engine; ratios above 1 say how much faster than the peer."""
    climates = tuple(climate_of(weather_from_catalog(name)) for name in arguments.weathers.split(","))
    for cooling in arguments.systems.split(","):
        if cooling not in MEASURED.split(","):
            raise SystemExit(f"kernel: no benchmark of {cooling!r}; there are {MEASURED}")
        yield from measure(work(cooling, arguments.designs, climates), arguments.rounds, arguments.threads)


def measure(todo: Work, rounds: int, threads: int) -> Iterator[dict[str, Any]]:
    """All engines in turn, round after round; the first call of each compiles and does not count."""
    contestants = engines(threads)
    answers = {key: engine(todo, key[1]) for key, engine in contestants.items()}
    seconds: dict[tuple[str, int], list[float]] = {key: [] for key in contestants}
    for _ in range(rounds):
        for key, engine in contestants.items():
            started = time.perf_counter()
            engine(todo, key[1])
            seconds[key].append(time.perf_counter() - started)
    median = {key: statistics.median(values) for key, values in seconds.items()}
    expected = answers["numpy", 1]
    size = np.maximum(np.abs(expected), 1e-300)
    fastest_numba = min(
        (value for (name, n), value in median.items() if "numba" in name and n == 1), default=None
    )
    years = len(todo.inputs) * len(todo.climates)
    common = {"benchmark": "kernel", "instance": todo.cooling, "site_design_years": years, "dtype": "float64"}
    for (name, n), took in median.items():
        yield {
            **common,
            "engine": name,
            "threads": n,
            "seconds": took,
            "ns_per_hour": 1e9 * took / (years * 8760),
            "ratio_to_numpy_f64": median["numpy", 1] / took,
            "ratio_to_numba": fastest_numba / took if fastest_numba is not None else None,
            "max_relative_difference": float((np.abs(answers[name, n] - expected) / size).max()),
        }
    if numba is None:
        yield {
            **common,
            "engine": "numba",
            "threads": 1,
            "missing": "numba is not installed (optimizer[bench])",
        }
