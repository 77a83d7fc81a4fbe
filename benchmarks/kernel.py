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
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import optimizer._core.facility as kernel
import optimizer._core.facility32 as kernel32
from numpy.typing import NDArray

from optimizer import catalog
from optimizer.physics import weather_from_catalog
from optimizer.physics.climate import Climate, climate_of, kernel_hours
from optimizer.physics.design_inputs import Design, design_inputs
from tests.reference import facility as twin

from . import kernel_jax, machine
from .kernel_numba import compiled, numba

Floats = NDArray[np.float64]
Engine = Callable[["Work", int], Floats]

WEATHERS = "usa-tx-abilene,usa-oh-columbus"
MEASURED = "dlc_tower,water_chiller_economizer,dlc_dry,dlc_adiabatic"
OUTPUTS = ("facility_h", "water_kg_h_per_kw_s", "cost", "carbon", "compressor_h", "peak")
# Floating-point operations of a design-hour, as docs/tools/count_flops.py counts them in the loops for x86-64-v4; docs/physics.md.
FLOPS = {"dlc_tower": 171, "water_chiller_economizer": 126, "dlc_dry": 131, "dlc_adiabatic": 182}
# Series that the kernel reads: load, dry and wet bulb, humidity twice, density thrice, price, carbon.
SERIES = 10
LOAD = 0.8
SEED = 1


@dataclass(frozen=True)
class Work:
    """Designs of one system on several weathers.

    Attributes
    ----------
    cooling : str
    design : Design
        The system and its inputs, shape (n_designs, n_parameters).
    climates : tuple of Climate
    hours : tuple of ndarray of shape (10, 8760)
        The kernel's series of each climate, prices and carbon in.
    """

    cooling: str
    design: Design
    climates: tuple[Climate, ...]
    hours: tuple[Floats, ...]


def work(cooling: str, designs: int, climates: tuple[Climate, ...]) -> Work:
    """Designs at random inside the catalog's ranges."""
    random = np.random.default_rng(SEED)
    drawn = {
        name: random.uniform(fact.low, fact.high, designs)
        for name, fact in catalog.cooling(cooling).parameters.items()
        # Nobody takes heat here: the peers have no such equation.
        if fact.low is not None and fact.high is not None and name != "reuse_share"
    }
    hours = tuple(
        kernel_hours(c, None, random.uniform(0.0, 100.0, 8760), random.uniform(100.0, 600.0, 8760))
        for c in climates
    )
    return Work(cooling, design_inputs(cooling, "N+1", 98_000.0, **drawn), climates, hours)


def by_kernel(todo: Work, threads: int, module: Any = kernel) -> Floats:
    """The compiled kernel; out of shape (n_climates, n_designs, n_outputs)."""
    inputs = todo.design.inputs.astype(module.DTYPE)
    load = np.full(len(inputs), LOAD, dtype=module.DTYPE)
    hours = [series.astype(module.DTYPE) for series in todo.hours]

    def part(task: tuple[int, slice]) -> None:
        i, rows = task
        module.facility_years(*todo.design.system.positions, inputs[rows], load[rows], hours[i], out[i, rows])

    out = np.zeros((len(todo.climates), len(inputs), len(kernel.RESULTS)))
    shared(part, todo, threads)
    return out[..., [kernel.RESULTS.index(name) for name in OUTPUTS]]


def by_kernel32(todo: Work, threads: int) -> Floats:
    """The same in single precision."""
    return by_kernel(todo, threads, kernel32)


def by_numpy(todo: Work, threads: int, dtype: str = "float64") -> Floats:
    """The twin of the tests, one design after another."""
    out = np.empty((len(todo.climates), len(todo.design.inputs), len(OUTPUTS)))
    for i, c in enumerate(todo.climates):
        series = (c.dry_bulb_c, c.wet_bulb_c, c.humidity_ratio, c.rh, c.density_ratio)
        air = twin.Air(*(values.astype(dtype) for values in series))
        price, carbon = todo.hours[i][8].astype(dtype), todo.hours[i][9].astype(dtype)
        for s, row in enumerate(todo.design.inputs):
            parameters = dict(zip(kernel.PARAMETERS, row.tolist(), strict=True))
            part = twin.hours(todo.design.system, parameters, LOAD, air)
            full = twin.hours(todo.design.system, parameters, 1.0, air)
            facility = part.facility
            out[i, s] = (
                facility.sum(), part.water.sum(), facility @ price, facility @ carbon, part.compressor.sum(),
                full.facility.max(),
            )  # fmt: skip
    return out


def by_jax(todo: Work, threads: int) -> Floats:
    """Arrays of hours compiled by XLA, designs in one call, single precision."""
    towers = todo.cooling in ("dlc_tower", "water_chiller_economizer")
    on_liquid, pads = todo.cooling.startswith("dlc"), todo.cooling == "dlc_adiabatic"
    years = kernel_jax.compiled(towers, on_liquid, pads)
    inputs = todo.design.inputs.astype(np.float32)
    found = []
    for c, hours in zip(todo.climates, todo.hours, strict=True):
        series = (c.dry_bulb_c, c.wet_bulb_c, c.density_ratio, hours[8], hours[9])
        found.append(years(inputs, LOAD, *(values.astype(np.float32) for values in series)))
    return np.array(found, dtype=np.float64)


def by_numba(todo: Work, threads: int, fast: bool) -> Floats:
    """Loops compiled by numba."""
    loop = compiled(fast)["tower" if todo.cooling in ("dlc_tower", "water_chiller_economizer") else "dry"]
    on_liquid, pads = todo.cooling.startswith("dlc"), todo.cooling == "dlc_adiabatic"

    def part(task: tuple[int, slice]) -> None:
        i, rows = task
        c = todo.climates[i]
        loop(
            todo.design.inputs[rows], LOAD, on_liquid, pads, c.dry_bulb_c, c.wet_bulb_c, c.density_ratio,
            todo.hours[i][8], todo.hours[i][9], out[i, rows],
        )  # fmt: skip

    out = np.zeros((len(todo.climates), len(todo.design.inputs), len(OUTPUTS)))
    shared(part, todo, threads)
    return out


def shared(part: Callable[[tuple[int, slice]], None], todo: Work, threads: int) -> None:
    """Each weather's designs, cut into as many parts as there are threads."""
    cuts = np.linspace(0, len(todo.design.inputs), threads + 1).astype(int)
    tasks = [(i, slice(a, b)) for i in range(len(todo.climates)) for a, b in pairwise(cuts) if b > a]
    if threads == 1:
        for task in tasks:
            part(task)
        return
    list(_pool(threads).map(part, tasks))


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Kept, so that starting threads is not measured."""
    return ThreadPoolExecutor(threads)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `python -m benchmarks kernel`."""
    parser.add_argument("--designs", type=int, default=64, help="designs of each system")
    parser.add_argument("--systems", default=MEASURED, help="cooling systems, by comma")
    parser.add_argument("--weathers", default=WEATHERS, help="weathers of the catalog, by comma")
    parser.add_argument("--rounds", type=int, default=7, help="times that every engine runs; medians count")
    parser.add_argument("--threads", type=int, default=1, help="also measure kernel and numba with so many")


def engines(threads: int) -> dict[tuple[str, int], Engine]:
    """Who takes part, by name and threads."""
    compilers: dict[str, Engine] = {"kernel": by_kernel, "kernel_f32": by_kernel32}
    if numba is not None:
        compilers["numba"] = lambda todo, n: by_numba(todo, n, fast=False)
        compilers["numba_fastmath"] = lambda todo, n: by_numba(todo, n, fast=True)
    found: dict[tuple[str, int], Engine] = {(name, 1): engine for name, engine in compilers.items()}
    if threads > 1:
        found |= {(name, threads): engine for name, engine in compilers.items()}
    if kernel_jax.jax is not None:
        found["jax_f32", 1] = by_jax
    return found | {
        ("numpy_f32", 1): lambda todo, n: by_numpy(todo, n, "float32"),
        ("numpy", 1): by_numpy,
    }


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
    years = len(todo.design.inputs) * len(todo.climates)
    common = {"benchmark": "kernel", "instance": todo.cooling, "site_design_years": years}
    peaks = {dtype: machine.multiply_adds_per_s(dtype) for dtype in ("float64", "float32")}
    memory, isa = machine.bytes_per_s(), machine.instruction_set()
    for (name, n), took in median.items():
        dtype = "float32" if name.endswith("_f32") else "float64"
        hours_per_s = years * 8760 / took / n
        yield {
            **common,
            "engine": name.removesuffix("_f32"),
            "dtype": dtype,
            "threads": n,
            "seconds": took,
            "site_design_years_per_s": years / took,
            "ns_per_hour": 1e9 * took / (years * 8760),
            "ratio_to_numpy_f64": median["numpy", 1] / took,
            "ratio_to_numba": fastest_numba / took if fastest_numba is not None else None,
            "ratio_to_jax": median["jax_f32", 1] / took if ("jax_f32", 1) in median else None,
            "fma_share": FLOPS[todo.cooling] * hours_per_s / peaks[dtype]
            if name.startswith("kernel")
            else None,
            "bandwidth_share": SERIES * np.dtype(dtype).itemsize * hours_per_s / memory
            if name.startswith("kernel")
            else None,
            "instruction_set": isa if name.startswith("kernel") else None,
            "max_relative_difference": float((np.abs(answers[name, n] - expected) / size).max()),
        }
    if kernel_jax.jax is None:
        yield {**common, "engine": "jax", "threads": 1, "missing": "jax is not installed (optimizer[bench])"}
    if numba is None:
        yield {
            **common,
            "engine": "numba",
            "threads": 1,
            "missing": "numba is not installed (optimizer[bench])",
        }
