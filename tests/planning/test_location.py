"""V23: published optima of OR-Library and Holmberg through the planner."""

from __future__ import annotations

import csv

import pytest

from benchmarks.location import read_named, solve_instance

from ..data_folder import RAW, needs_raw

ORLIB = RAW / "cflp" / "orlib_cap"
HOLMBERG = RAW / "cflp" / "holmberg_sscflp"


def _optima(folder: object) -> list[tuple[str, str, float]]:
    table = folder / "optima.csv"  # type: ignore[operator]
    if not table.exists():
        return []
    with table.open(newline="") as file:
        return [(row["instance"], row["variant"], float(row["optimum"])) for row in csv.DictReader(file)]


def _cases(folder: object, slow: object) -> list[object]:
    found = _optima(folder) or [("absent", "split", 0.0)]
    return [
        pytest.param(
            *case, id=f"{case[0]}-{case[1]}", marks=[pytest.mark.slow] if slow(case[0], case[1]) else []
        )  # type: ignore[operator]
        for case in found
    ]


def _large(name: str, variant: str) -> bool:
    return name[:4] in ("capa", "capb", "capc") and not (
        name.startswith("capa") and variant == "uncapacitated"
    )


@needs_raw
@pytest.mark.parametrize(("name", "variant", "optimum"), _cases(ORLIB, _large))
def test_orlib_optimum(name: str, variant: str, optimum: float) -> None:
    found = solve_instance(read_named(ORLIB, name, variant), variant, time_limit_s=900, gap=1e-6, threads=2)
    assert found["objective"] == pytest.approx(optimum, rel=1e-6)
    assert found["bound"] <= found["objective"] * (1 + 1e-9)
    assert found["gap"] <= 1e-4


def _not_first(name: str, variant: str) -> bool:
    digits = "".join(c for c in name if c.isdigit())
    return not digits or int(digits) > 6


@needs_raw
@pytest.mark.parametrize(("name", "variant", "optimum"), _cases(HOLMBERG, _not_first))
def test_holmberg_single_source_optimum(name: str, variant: str, optimum: float) -> None:
    found = solve_instance(
        read_named(HOLMBERG, name, variant), variant, time_limit_s=600, gap=1e-6, threads=2
    )
    assert found["objective"] == pytest.approx(optimum, rel=1e-6)
    assert found["gap"] <= 1e-4
