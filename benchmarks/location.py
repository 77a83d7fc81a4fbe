"""Facility location through the planner, beside published optima.

Reads the instances named in `optima.csv` of a folder (OR-Library or Holmberg layout) and `.npz` instances with the arrays
`fixed, capacity, demand, unit_cost`.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.planning.location import location_case
from optimizer.planning.solve import Limits, solve_planning


@dataclass(frozen=True)
class Instance:
    """A location instance.

    Attributes
    ----------
    fixed, capacity : ndarray of shape (n_facilities,)
    demand : ndarray of shape (n_clients,)
    total_cost : ndarray of shape (n_facilities, n_clients)
        Cost of serving all of a client's demand.
    """

    fixed: np.ndarray
    capacity: np.ndarray
    demand: np.ndarray
    total_cost: np.ndarray


def _numbers(path: Path) -> np.ndarray:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return np.array(raw.replace(b"\0", b" ").split(), dtype=float)


def read_orlib(path: Path) -> Instance:
    """OR-Library layout: m n; m x (capacity, fixed cost); n x (demand; m total costs)."""
    values = _numbers(path)
    m, n = int(values[0]), int(values[1])
    sites = values[2 : 2 + 2 * m].reshape(m, 2)
    clients = values[2 + 2 * m : 2 + 2 * m + n * (m + 1)].reshape(n, m + 1)
    return Instance(sites[:, 1], sites[:, 0], clients[:, 0], clients[:, 1:].T.copy())


def read_holmberg(path: Path) -> Instance:
    """Holmberg layout: m n; m x (capacity, fixed cost); n demands; m rows of n total costs."""
    values = _numbers(path)
    m, n = int(values[0]), int(values[1])
    sites = values[2 : 2 + 2 * m].reshape(m, 2)
    demand = values[2 + 2 * m : 2 + 2 * m + n]
    costs = values[2 + 2 * m + n : 2 + 2 * m + n + m * n].reshape(m, n)
    return Instance(sites[:, 1], sites[:, 0], demand, costs)


def instances(folder: Path) -> Iterator[tuple[str, str, float | None, Instance]]:
    """Name, variant, published optimum and arrays of every instance in a folder.

    A name such as `capa-8000` is capa with every capacity 8000; `capa-uncap` drops capacities.
    """
    table = folder / "optima.csv"
    if table.exists():
        with table.open(newline="") as file:
            for row in csv.DictReader(file):
                yield (
                    row["instance"],
                    row["variant"],
                    float(row["optimum"]),
                    read_named(folder, row["instance"], row["variant"]),
                )
    for path in sorted(folder.glob("*.npz")):
        yield path.stem, "split", None, read_npz(path)


def read_named(folder: Path, name: str, variant: str) -> Instance:
    """An instance of `optima.csv`."""
    stem, _, suffix = name.partition("-")
    found = [p for p in (folder / f"{stem}.txt.gz", folder / f"{stem}.txt") if p.exists()]
    if not found:
        raise FileNotFoundError(f"{folder}: no file {stem}.txt or {stem}.txt.gz for instance {name}")
    instance = (read_holmberg if variant == "single_source" else read_orlib)(found[0])
    capacity = instance.capacity
    if suffix.isdigit():
        capacity = np.full_like(capacity, float(suffix))
    if variant == "uncapacitated":
        capacity = np.full_like(capacity, np.inf)
    return Instance(instance.fixed, capacity, instance.demand, instance.total_cost)


def read_npz(path: Path) -> Instance:
    """An instance of arrays fixed, capacity, demand, unit_cost."""
    with np.load(path, allow_pickle=False) as file:
        return Instance(
            file["fixed"], file["capacity"], file["demand"], file["unit_cost"] * file["demand"][None, :]
        )


def solve_instance(
    instance: Instance,
    variant: str,
    time_limit_s: float,
    gap: float = 1e-6,
    threads: int = 1,
    solver: str = "highs",
) -> dict[str, Any]:
    """Solve one instance; seconds are the wall clock of the whole solve, model building included."""
    started = time.perf_counter()
    wanted = instance.demand > 0
    if (instance.total_cost[:, ~wanted] != 0).any():
        raise ValueError("a client without demand has a cost of service: not a demand that can be served")
    demand = instance.demand[wanted]
    data = location_case(
        instance.fixed,
        instance.capacity,
        demand,
        instance.total_cost[:, wanted] / demand[None, :],
        single_source=variant == "single_source",
    )
    outcome = solve_planning(data, Limits(time_limit_s=time_limit_s, gap=gap, threads=threads, solver=solver))
    return {
        "status": outcome.status,
        "objective": outcome.objective,
        "bound": outcome.bound,
        "gap": outcome.gap,
        "seconds": time.perf_counter() - started,
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `python -m benchmarks location`."""
    parser.add_argument("--instances", type=Path, help="folder with optima.csv or .npz instances")
    parser.add_argument("--instance", type=Path, help="one .npz instance")
    parser.add_argument("--time-limit", type=float, default=180.0, help="seconds an instance")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--peers", default="", help="further solvers, by comma: scip")
    parser.add_argument("--only", default="", help="instances to solve, by comma")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Rows of the benchmark, one an instance and solver."""
    cases: Iterator[tuple[str, str, float | None, Instance]]
    if args.instance is not None:
        cases = iter([(args.instance.stem, "split", None, read_npz(args.instance))])
    elif args.instances is not None:
        cases = instances(args.instances)
    else:
        raise SystemExit("location: give --instances DIR or --instance FILE.npz")
    wanted = {name for name in args.only.split(",") if name}
    for name, variant, optimum, instance in cases:
        if wanted and name not in wanted:
            continue
        for solver in ("highs", *(peer for peer in args.peers.split(",") if peer)):
            row = solve_instance(instance, variant, args.time_limit, threads=args.threads, solver=solver)
            matches = optimum is not None and abs(row["objective"] - optimum) <= 1e-6 * abs(optimum)
            yield {
                "benchmark": "location",
                "instance": name,
                "variant": variant,
                "solver": "optimizer" if solver == "highs" else solver,
                **row,
                "published": optimum,
                "matches": matches if optimum is not None else None,
            }
