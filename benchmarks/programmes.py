"""Hall programmes under samples by the compiled kernel, by numba and by NumPy: same programmes, same results."""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import optimizer._core.samples as kernel

import optimizer
from optimizer.programmes.calendar import calendar
from optimizer.programmes.samples import SampledProgrammes, Samples, sampled_programmes
from optimizer.scenario.schema import month_label
from tests.reference.programme_samples import programme_samples

from . import programmes_numba

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
SEED = 3
# Names of the reference's results in the order of the kernel's.
RESULTS = ("flows", "energy_mwh", "unit_hours", "cost", "yielded")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `python -m benchmarks programmes`."""
    parser.add_argument("--config", default="global.yaml", help="shipped scenario whose programmes are taken")
    parser.add_argument("--programmes", type=int, default=2000, help="programmes that every engine works out")
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--periods", type=int, default=20, help="periods of the study, tail included")
    parser.add_argument("--memory-mb", type=float, default=256.0, help="results of a block at most")
    parser.add_argument("--rounds", type=int, default=5, help="times that every engine runs; medians count")
    parser.add_argument(
        "--whole", type=int, default=100_000, help="programmes that the kernel works out once more; 0: none"
    )


def samples(count: int) -> Samples:
    """Every uncertain parameter over its range."""
    g = np.random.default_rng(SEED)
    return Samples(
        chip_price=g.uniform(0.7, 1.3, count),
        facility_price=g.uniform(0.85, 1.4, count),
        energy_price=g.uniform(0.7, 1.8, count),
        chip_price_decline=g.uniform(0.05, 0.35, count),
        construction_escalation=g.uniform(0.0, 0.04, count),
        facility_opex=g.uniform(0.8, 1.2, count),
        energy_use=g.uniform(0.99, 1.01, count),
        compute=g.uniform(0.9, 1.05, count),
        residual_decline=g.uniform(0.15, 0.45, count),
        wacc=g.uniform(0.07, 0.13, count),
    )


def run(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Rows of the benchmark, one an engine; `kernel_is_faster` is the ratio to each."""
    shipped = optimizer.load(CONFIGS / arguments.config)
    months = shipped.horizon.months_per_period * arguments.periods
    last = month_label(shipped.horizon.start + months - 1)
    scenario = optimizer.load(CONFIGS / arguments.config, {"horizon.operate_until": last})
    designs = optimizer.evaluate(scenario).designs
    times = calendar(scenario.horizon, scenario.money)
    work = scenario.demand.workloads[0].name
    own = sampled_programmes(scenario, designs, times, samples(arguments.samples), work)
    taken = own.repeated(arguments.programmes)
    yield from measure(taken, arguments)
    if arguments.whole:
        yield whole(own.repeated(arguments.whole), arguments.memory_mb)


def _blocks(
    taken: SampledProgrammes, memory_mb: float
) -> tuple[list[tuple[int, int]], tuple[np.ndarray, ...]]:
    s, t = taken.samples, taken.periods
    size = max(1, min(len(taken), int(memory_mb * 1e6 // (s * (7 * t + 2) * 8))))
    room = (
        np.empty((size, s, 5, t)),
        np.empty((size, s, t)),
        np.empty((size, s, t)),
        np.empty((size, s)),
        np.empty((size, s)),
    )
    return [(n, min(n + size, len(taken))) for n in range(0, len(taken), size)], room


def measure(taken: SampledProgrammes, arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Every engine in turn, round by round, over the same blocks."""
    blocks, room = _blocks(taken, arguments.memory_mb)
    given = taken.arguments

    def by_kernel() -> None:
        for first, last in blocks:
            kernel.programme_samples(first, last, *given.values(), *room)

    def by_numba() -> None:
        for first, last in blocks:
            programmes_numba.run(given, first, last, room)

    def by_numpy() -> None:
        # Blocks of NumPy's own best size: its temporaries stay in cache.
        for first in range(0, len(taken), 16):
            programme_samples(given, first, min(first + 16, len(taken)))

    engines: dict[str, Callable[[], None]] = {"kernel": by_kernel, "numpy": by_numpy}
    if programmes_numba.numba is not None:
        engines["numba"] = by_numba
    differ = _differences(taken, engines, room)
    for engine in engines.values():
        engine()
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(arguments.rounds):
        for name, engine in engines.items():
            started = time.perf_counter()
            engine()
            seconds[name].append(time.perf_counter() - started)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    pairs = len(taken) * taken.samples
    for name, took in median.items():
        yield {
            "benchmark": "programmes",
            "engine": name,
            "programmes": len(taken),
            "samples": taken.samples,
            "periods": taken.periods,
            "seconds": took,
            "programme_samples_per_s": pairs / took,
            "kernel_is_faster": took / median["kernel"],
            "largest_difference": differ[name],
        }


def _differences(
    taken: SampledProgrammes, engines: dict[str, Callable[[], None]], room: tuple[np.ndarray, ...]
) -> dict[str, float]:
    """Largest difference of any result from NumPy's, beside the largest of its kind; over the first block's programmes."""
    last = min(len(taken), len(room[0]), 64)
    expected = programme_samples(taken.arguments, 0, last)
    found = {"numpy": 0.0}
    for name in engines:
        if name == "numpy":
            continue
        if name == "kernel":
            kernel.programme_samples(0, last, *taken.arguments.values(), *room)
        else:
            programmes_numba.run(taken.arguments, 0, last, room)
        found[name] = max(
            float(np.abs(array[:last] - expected[key]).max() / np.abs(expected[key]).max())
            for array, key in zip(room, RESULTS, strict=True)
        )
    return found


def whole(taken: SampledProgrammes, memory_mb: float) -> dict[str, Any]:
    """The kernel once over all programmes, block by block."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    least = np.inf
    for block in taken.blocks(memory_mb):
        least = min(least, float(block.cost_usd.min()))
    took = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "benchmark": "programmes",
        "engine": "kernel, whole",
        "programmes": len(taken),
        "samples": taken.samples,
        "periods": taken.periods,
        "seconds": took,
        "programme_samples_per_s": len(taken) * taken.samples / took,
        "least_cost_usd": least,
        "grown_mb": (after - before) / 1024,
    }
