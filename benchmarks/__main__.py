"""`python -m benchmarks NAME [options]`: one JSON object a line."""

from __future__ import annotations

import argparse
import importlib
import json
import math
import sys
from collections.abc import Sequence
from typing import Any

# Modules of this package, each with `add_arguments(parser)` and `run(arguments)`, which yields rows.
REGISTRY = {
    "kernel": "a facility's year: the compiled kernel beside NumPy and numba",
    "wet_bulb": "wet bulbs of a year: the compiled kernel beside NumPy and PsychroLib, plain and through numba",
    "dispatch": "mixes of supply through a year: the compiled kernel beside numba and a plain loop",
    "programmes": "hall programmes under samples: the compiled kernel beside NumPy and numba",
    "location": "facility location through the planner, beside published optima",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one benchmark; only its own module is imported."""
    lines = "\n".join(f"  {name:10} {what}" for name, what in REGISTRY.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Speed beside named peers, in one run. Prints one JSON object a line.",
        epilog=f"benchmarks:\n{lines}\n\nOptions of one: python -m benchmarks NAME --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=REGISTRY, metavar="NAME")
    parser.add_argument("options", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(argv)
    module = importlib.import_module(f"benchmarks.{chosen.name}")
    options = argparse.ArgumentParser(
        prog=f"python -m benchmarks {chosen.name}", description=REGISTRY[chosen.name]
    )
    module.add_arguments(options)
    for row in module.run(options.parse_args(chosen.options)):
        sys.stdout.write(json.dumps(plain(row), allow_nan=False) + "\n")
        sys.stdout.flush()
    return 0


def plain(value: Any) -> Any:
    """As JSON takes it: NumPy scalars as numbers, what is not finite as null."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
