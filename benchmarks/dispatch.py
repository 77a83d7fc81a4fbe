"""Dispatch of mixes through a year by the compiled kernel, by numba and by a plain Python loop: same policy, same answers."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import optimizer._core.dispatch as kernel
from numpy.typing import NDArray

from optimizer import catalog
from optimizer.physics import weather_from_catalog
from optimizer.physics.supply import (
    SupplySeries,
    plant_available,
    plant_heat_rate,
    solar_output,
    wind_output,
)
from tests.reference import dispatch as twin

from .kernel_numba import numba

Floats = NDArray[np.float64]

HUB, YEAR, WEATHER = "ercot-hubavg", 2022, "usa-tx-abilene"
SEED = 1
# Hours that the plain loop runs; its time counts for a year.
PLAIN_HOURS = 24 * 21


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `python -m benchmarks dispatch`."""
    parser.add_argument("--mixes", type=int, default=64, help="mixes of each kind")
    parser.add_argument("--rounds", type=int, default=5, help="times that every engine runs; medians count")


def site() -> Floats:
    """A year of Abilene beside the hub's prices, as the kernel takes it."""
    weather, turbine = weather_from_catalog(WEATHER), catalog.supply("gas_aero_simple")
    ones = np.ones(weather.n_hours)
    return SupplySeries(
        load=ones,
        solar=solar_output(weather),
        wind=wind_output(weather),
        price_usd_per_mwh=catalog.price_series(HUB, YEAR).usd_per_mwh[: weather.n_hours],
        carbon_kg_per_mwh=350.0 * ones,
        firm=ones,
        curtailable=ones,
        plant=plant_available(turbine, weather),
        heat_rate=plant_heat_rate(turbine, weather),
    ).table()


def mixes(count: int, stores: bool) -> Floats:
    """Sizes at random around a load of 100 MW."""
    random = np.random.default_rng(SEED)
    sizes = {
        "load_mw": 100.0,
        "firm_mw": random.uniform(0.0, 120.0, count),
        "plant_mw": random.uniform(0.0, 120.0, count),
        "plant_usd_per_mwh": 45.0,
        "plant_kg_per_mwh": 450.0,
        "solar_mw": random.uniform(0.0, 500.0, count),
        "wind_mw": random.uniform(0.0, 200.0, count),
        "battery_mw": random.uniform(10.0, 100.0, count) if stores else 0.0,
        "battery_mwh": random.uniform(40.0, 800.0, count) if stores else 0.0,
        "charge_efficiency": 0.95,
        "discharge_efficiency": 0.95,
        "flexible_usd_per_mwh": 1e6,
        "unserved_usd_per_mwh": 5e3,
    }
    return np.column_stack([np.broadcast_to(sizes.get(name, 0.0), count) for name in kernel.MIX])


def run(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Rows of the benchmark, one a kind of mix and engine; ratios say how much faster than the plain loop."""
    series = site()
    for instance, stores in (("with_battery", True), ("without_battery", False)):
        yield from measure(instance, mixes(arguments.mixes, stores), series, arguments.rounds)


def measure(instance: str, table: Floats, series: Floats, rounds: int) -> Iterator[dict[str, Any]]:
    """Engines in turn, round after round; the plain loop once, over its hours."""
    engines: dict[str, Callable[[Floats, Floats], Floats]] = {"kernel": by_kernel}
    if numba is not None:
        loop = _compiled()
        engines["numba"] = lambda mixes, hours: np.stack([loop(mix, hours) for mix in mixes])
    answers = {name: engine(table, series) for name, engine in engines.items()}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, engine in engines.items():
            started = time.perf_counter()
            engine(table, series)
            seconds[name].append((time.perf_counter() - started) / len(table))
    few = np.ascontiguousarray(series[:, :PLAIN_HOURS])
    started = time.perf_counter()
    plain = twin.year(table[0], few)
    took = {name: statistics.median(values) for name, values in seconds.items()}
    took["python"] = (time.perf_counter() - started) * series.shape[1] / PLAIN_HOURS
    answers["python"] = np.atleast_2d(plain)
    expected = {name: by_kernel(table, series) for name in engines}
    expected["python"] = by_kernel(table[:1], few)
    for name, one in took.items():
        size = np.maximum(np.abs(expected[name][:, :17]), 1.0)
        yield {
            "benchmark": "dispatch",
            "instance": instance,
            "engine": name,
            "threads": 1,
            "seconds": one,
            "mix_years_per_s": 1.0 / one,
            "ratio_to_python": took["python"] / one,
            "ratio_to_numba": took["numba"] / one if "numba" in took else None,
            "max_relative_difference": float(
                (np.abs(answers[name][:, :17] - expected[name][:, :17]) / size).max()
            ),
            "imbalance_mw": float(answers["kernel"][:, kernel.RESULTS.index("imbalance_mw")].max()),
        }


def by_kernel(table: Floats, series: Floats) -> Floats:
    """The compiled kernel."""
    out = np.zeros((len(table), len(kernel.RESULTS)))
    kernel.dispatch_years(np.ascontiguousarray(table), series, out)
    return out


def _compiled() -> Callable[[Floats, Floats], Floats]:
    """The plain loop's functions through numba."""
    space = dict(vars(twin))
    names = ("tiers", "down_to", "year")
    for name in names:
        original = getattr(twin, name)
        copy = type(original)(original.__code__, space, name)
        space[name] = numba.njit(error_model="numpy")(copy)
    result: Callable[[Floats, Floats], Floats] = space["year"]
    return result
