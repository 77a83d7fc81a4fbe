"""Wet bulbs of a year of hours: the compiled kernel beside PsychroLib, plain and compiled by numba.

PsychroLib solves the same handbook's equations by bisection to 0.001 K; both answers are given beside equations solved to
1e-9 K by the tests' twin.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import optimizer._core.psychrometrics as kernel
from numpy.typing import NDArray

from optimizer.physics import psychrometrics, weather_from_catalog
from tests.reference import psychrometrics as twin

PSYCHROLIB = importlib.util.find_spec("psychrolib")
NUMBA = importlib.util.find_spec("numba")

Floats = NDArray[np.float64]
# The handbook's two branches have two roots near the freezing point (docs/physics.md): compared apart from it.
NEAR_FREEZING_K = 1.0
CALLS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `python -m benchmarks wet_bulb`."""
    parser.add_argument("--weather", default="usa-oh-columbus", help="weather of the catalog")
    parser.add_argument("--rounds", type=int, default=7, help="times that every engine runs; medians count")
    parser.add_argument("--plain-hours", type=int, default=200, help="hours for PsychroLib without numba")


def run(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Rows of the benchmark, one an engine."""
    weather = weather_from_catalog(arguments.weather)
    t, rh, p = weather.dry_bulb_c, weather.rh, weather.pressure_pa

    def loop(n: int) -> Floats:
        kernel.wet_bulb(t[:n], rh[:n], p[:n], out)
        return out.copy()

    t, rh, p = (np.ascontiguousarray(series, dtype=np.float64) for series in (t, rh, p))
    out = np.empty_like(t)
    # `kernel` is the public function with its checks, `kernel_loop` the compiled loop alone.
    engines: dict[str, tuple[int, Callable[[int], Floats]]] = {
        "kernel": (len(t), lambda n: psychrometrics.wet_bulb(t[:n], rh[:n], p[:n])),
        "kernel_loop": (len(t), loop),
        "numpy": (len(t), lambda n: twin.wet_bulb(t[:n], rh[:n], p[:n])),
    }
    if PSYCHROLIB is not None:
        one = _psychrolib(with_numba=False)
        engines["psychrolib"] = (
            arguments.plain_hours,
            lambda n: np.array([one(*state) for state in zip(t[:n], rh[:n], p[:n], strict=True)]),
        )
        if NUMBA is not None:
            many = _psychrolib(with_numba=True)
            engines["psychrolib_numba"] = (len(t), lambda n: many(t[:n], rh[:n], p[:n]))
    answers = {name: engine(n) for name, (n, engine) in engines.items()}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(arguments.rounds):
        for name, (n, engine) in engines.items():
            # As long as the slow ones take, about: a call of microseconds is not measured alone.
            calls = CALLS if name.startswith("kernel") else 1
            started = time.perf_counter()
            for _call in range(calls):
                engine(n)
            seconds[name].append((time.perf_counter() - started) / n / calls)
    exact = twin.wet_bulb(t, rh, p)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    for name, took in median.items():
        n = engines[name][0]
        away = np.abs(answers[name] - exact[:n])[np.abs(exact[:n]) > NEAR_FREEZING_K]
        yield {
            "benchmark": "wet_bulb",
            "engine": name,
            "points": n,
            "ns_per_point": 1e9 * took,
            "kernel_is_faster": took / median["kernel"],
            "loop_is_faster": took / median["kernel_loop"],
            "max_error_k": float(away.max()),
        }
    for name, here in (("psychrolib", PSYCHROLIB), ("numba", NUMBA)):
        if here is None:
            yield {"benchmark": "wet_bulb", "engine": name, "missing": f"{name} is not installed"}


def _psychrolib(with_numba: bool) -> Callable[..., Any]:
    """PsychroLib's wet bulb; it compiles itself if it finds numba, so it is loaded once with and once without."""
    assert PSYCHROLIB is not None
    assert PSYCHROLIB.loader is not None
    kept = sys.modules.get("numba")
    if not with_numba:
        sys.modules["numba"] = None  # type: ignore[assignment]
    try:
        module = importlib.util.module_from_spec(PSYCHROLIB)
        PSYCHROLIB.loader.exec_module(module)
    finally:
        if kept is not None:
            sys.modules["numba"] = kept
        elif not with_numba:
            del sys.modules["numba"]
    module.SetUnitSystem(module.SI)
    function: Callable[..., Any] = module.GetTWetBulbFromRelHum
    return function
