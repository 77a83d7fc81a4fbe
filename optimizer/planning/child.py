"""Run the solver in a child process: progress, time limit, stop on request with the best solution kept."""

from __future__ import annotations

import contextlib
import json
import math
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import OptimizerError
from optimizer.planning.mathopt import Solution, SolverOptions
from optimizer.planning.model import Model
from optimizer.planning.worker import write_task

GRACE_S = 1.0  # the solver's own clock stops first; after this the child is stopped
FEASIBLE = 1e-6


class SolverError(OptimizerError):
    """The solver's process failed; the message says how."""

    exit_code = 1


@dataclass(frozen=True)
class Progress:
    """State of a solve.

    Attributes
    ----------
    seconds : float
        Since the start of the solve.
    objective, bound, gap : float
        Of the scenario's objective; inf or nan where there is none yet.
    phase : str
    """

    seconds: float
    objective: float
    bound: float
    gap: float
    phase: str


def relative_gap(objective: float, bound: float) -> float:
    """|objective - bound| / max(|objective|, 1e-9); inf where one of them is missing."""
    if not (math.isfinite(objective) and math.isfinite(bound)):
        return math.inf
    return abs(objective - bound) / max(abs(objective), 1e-9)


def solve_in_child(
    model: Model,
    options: SolverOptions,
    hint: NDArray[np.float64] | None = None,
    on_progress: Callable[[float, float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solution:
    """Solve a model in a child process.

    Parameters
    ----------
    model : Model
    options : SolverOptions
    hint : ndarray of shape (n_columns,), optional
    on_progress : callable, optional
        Called with (objective, bound) of the minimisation when the solver reports.
    stop : callable, optional
        Asked about four times a second; True stops the child, and the best solution so far is returned.

    Raises
    ------
    SolverError
        Where the child died without a result and there is no solution to keep.
    """
    with tempfile.TemporaryDirectory(prefix="optimizer-") as name:
        folder = Path(name)
        improving = folder / "improving.sol"
        if options.solver == "highs" and not options.relax:
            options = replace(options, improving_file=str(improving))
        write_task(folder, model, options, hint)
        seen = _watch(folder, options, on_progress, stop)
        result = folder / "result.json"
        if result.exists():
            return _read_result(folder, model)
        kept = best_saved(improving, model)
        if kept is None and seen.ended_by_itself:
            raise SolverError(
                f"the solver's process ended with code {seen.code}: {seen.errors or 'no message'}"
            )
        objective = math.inf if kept is None else float(model.cost @ kept + model.offset)
        return Solution(
            "no_solution" if kept is None else "feasible", kept, objective, min(seen.bound, objective)
        )


@dataclass
class _Watched:
    bound: float = -math.inf
    code: int | None = None
    errors: str = ""
    ended_by_itself: bool = True


def _watch(
    folder: Path,
    options: SolverOptions,
    on_progress: Callable[[float, float], None] | None,
    stop: Callable[[], bool] | None,
) -> _Watched:
    seen = _Watched()
    deadline = time.monotonic() + options.time_limit_s + GRACE_S
    environment = dict(os.environ, OMP_NUM_THREADS=str(options.threads))
    with (folder / "stderr").open("wb") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "optimizer.planning.worker", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,  # a terminal's Ctrl-C is for the parent, which keeps the best plan
        )
        assert child.stdout is not None
        os.set_blocking(child.stdout.fileno(), False)
        pending = b""
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(child.stdout, selectors.EVENT_READ)
                while True:
                    for _ in selector.select(timeout=0.25):
                        pending = _lines(pending + (child.stdout.read() or b""), seen, on_progress)
                    if child.poll() is not None:
                        _lines(pending + (child.stdout.read() or b""), seen, on_progress)
                        break
                    if (stop is not None and stop()) or time.monotonic() > deadline:
                        seen.ended_by_itself = False
                        break
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
            child.stdout.close()
    seen.code = child.returncode
    with contextlib.suppress(OSError):
        seen.errors = (folder / "stderr").read_text(errors="replace").strip()[-2000:]
    return seen


def _lines(text: bytes, seen: _Watched, on_progress: Callable[[float, float], None] | None) -> bytes:
    *lines, rest = text.split(b"\n")
    for line in lines:
        try:
            report = json.loads(line)
        except ValueError:
            continue  # the solver's own words
        bound = -math.inf if report["bound"] is None else report["bound"]
        objective = math.inf if report["objective"] is None else report["objective"]
        seen.bound = max(seen.bound, bound)
        if on_progress is not None:
            on_progress(objective, bound)
    return rest


def _read_result(folder: Path, model: Model) -> Solution:
    record = json.loads((folder / "result.json").read_text())
    with np.load(folder / "result.npz", allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    objective = math.inf if record["objective"] is None else record["objective"]
    bound = -math.inf if record["bound"] is None else record["bound"]
    if record["status"] == "infeasible":
        bound = math.inf
    return Solution(
        record["status"],
        arrays.get("x"),
        objective,
        bound,
        arrays.get("row_dual"),
        arrays.get("reduced_cost"),
        record["message"],
    )


def best_saved(path: Path, model: Model) -> NDArray[np.float64] | None:
    """Best complete and feasible solution that HiGHS wrote, if there is one.

    The file holds blocks `Objective v`, `# Columns n`, then n values; the last block may be cut short.
    """
    if not path.exists():
        return None
    best: NDArray[np.float64] | None = None
    best_cost = math.inf
    for block in path.read_text().split("Objective")[1:]:
        lines = block.split()
        # value, "#", "Columns", n, values …
        if len(lines) < 4 or int(float(lines[3])) != model.n_columns or len(lines) < 4 + model.n_columns:
            continue
        x = np.array(lines[4 : 4 + model.n_columns], dtype=float)
        x = np.where(model.integer, np.rint(x), x)
        cost = float(model.cost @ x)
        if cost < best_cost and model.violation(x) <= FEASIBLE:
            best, best_cost = x, cost
    return best
