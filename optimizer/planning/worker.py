"""The solver's child process: `python -m optimizer.planning.worker FOLDER`.

A child can be stopped where the solver itself does not listen, and keeps OR-Tools' copy of HiGHS out of
processes that load another. It reads model.npz and options.json, writes result.npz and result.json, and
prints progress as JSON lines.
"""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from optimizer.planning.mathopt import SolverOptions, read_log_row, solve
from optimizer.planning.model import Model

ARRAYS = (
    "cost",
    "lower",
    "upper",
    "integer",
    "row_lower",
    "row_upper",
    "row_start",
    "column",
    "value",
)


def write_task(folder: Path, model: Model, options: SolverOptions, hint: np.ndarray | None) -> None:
    """Write what the child needs."""
    arrays = {name: getattr(model, name) for name in ARRAYS}
    if hint is not None:
        arrays["hint"] = hint
    np.savez(folder / "model.npz", offset=model.offset, **arrays)
    (folder / "options.json").write_text(json.dumps(asdict(options)))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def main(folder: Path) -> None:
    """Solve the task in `folder`."""
    with np.load(folder / "model.npz", allow_pickle=False) as file:
        model = Model(
            **{name: file[name] for name in ARRAYS}, columns={}, rows={}, offset=float(file["offset"])
        )
        hint = file["hint"] if "hint" in file.files else None
    options = SolverOptions(**json.loads((folder / "options.json").read_text()))
    started = time.monotonic()
    out = sys.stdout

    def on_log(line: str) -> None:
        row = read_log_row(line)
        if row is not None:
            seconds = time.monotonic() - started
            out.write(
                json.dumps({"seconds": seconds, "bound": _finite(row[0]), "objective": _finite(row[1])})
                + "\n"
            )
            out.flush()

    solution = solve(model, options, hint, on_log if not options.relax else None)
    arrays = {
        name: value
        for name in ("x", "row_dual", "reduced_cost")
        if (value := getattr(solution, name)) is not None
    }
    np.savez(folder / "result.npz", **arrays)
    (folder / "result.json").write_text(
        json.dumps(
            {
                "status": solution.status,
                "objective": _finite(solution.objective),
                "bound": _finite(solution.bound),
                "message": solution.message,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
