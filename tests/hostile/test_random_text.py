"""Scenarios, tables and settings with random damage: loaded or refused, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.scenario import ScenarioError, load

from .rich import RICH, TABLE, places, write_rich

# What parsers stumble over, beside single characters.
PIECES = (
    *"\t\n\r\0 :,;-[]{}&*!|>%@`'\"#?~<=./\\$()^",
    "\n\n",
    "---\n",
    "...\n",
    "- ",
    ": ",
    "? ",
    "<<: ",
    "&a ",
    "*a",
    "!!int ",
    "null",
    ".nan",
    "1e999",
    "-0",
    "0x",
    "true",
    "2027-13",
    "\u2028",
    "\ufeff",
    "\U0001f3d7",
    "é",
    "extends: case.yaml\n",
)


def damaged(text: str, rng: np.random.Generator) -> str:
    """A text with one to four pieces put in, cut out, doubled or swapped."""
    for _ in range(int(rng.integers(1, 5))):
        start = int(rng.integers(len(text) + 1))
        end = min(len(text), start + int(rng.integers(1, 30)))
        how = int(rng.integers(5))
        if how == 0:
            text = text[:start] + PIECES[int(rng.integers(len(PIECES)))] + text[start:]
        elif how == 1:
            text = text[:start] + text[end:]
        elif how == 2:
            text = text[:end] + text[start:end] + text[end:]
        elif how == 3:
            text = text[:start] + PIECES[int(rng.integers(len(PIECES)))] + text[start + 1 :]
        else:
            lines = text.split("\n")
            a, b = (int(i) for i in rng.integers(len(lines), size=2))
            lines[a], lines[b] = lines[b], lines[a]
            text = "\n".join(lines)
    return text


def refused(file: Path, overrides: dict[str, Any] | None = None) -> bool:
    """Whether a scenario is refused; its problems must stand on one line each, with a place."""
    try:
        load(file, overrides)
    except ScenarioError as error:
        caught = error
    else:
        return False
    assert caught.problems
    assert len(str(caught).split("\n")) == len(caught.problems)
    for problem in caught.problems:
        assert problem.code[0] == "E"
        assert problem.message
        assert problem.file.startswith("--set") or (problem.line >= 1 and problem.column >= 1)
    return True


@pytest.mark.parametrize("seed", range(8))
def test_damaged_scenario(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    count = sum(refused(write_rich(tmp_path, damaged(RICH, rng))) for _ in range(60))
    assert count >= 30


@pytest.mark.parametrize("seed", range(4))
def test_damaged_table(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(2000 + seed)
    file = write_rich(tmp_path)
    count = 0
    for _ in range(60):
        (tmp_path / "more_sites.csv").write_text(damaged(TABLE, rng), encoding="utf-8", newline="")
        count += refused(file)
    assert count >= 30


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_in_a_scenario(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(3000 + seed)
    file = write_rich(tmp_path)
    raw = file.read_bytes()
    for _ in range(50):
        noisy = bytearray(raw)
        for at in rng.integers(len(raw), size=3):
            noisy[at] = int(rng.integers(256))
        file.write_bytes(bytes(noisy))
        refused(file)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_settings(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(4000 + seed)
    file = write_rich(tmp_path)
    found = places(RICH)
    values: tuple[Any, ...] = (
        "7",
        "[1, 2]",
        "{a: 1}",
        "null",
        "x",
        "",
        "[",
        "2027-01",
        None,
        7,
        2.5,
        True,
        [],
        {},
        [[]],
    )
    count = 0
    for _ in range(80):
        path = found[int(rng.integers(len(found)))].path
        if rng.random() < 0.5:
            path = damaged(path, rng).replace("\n", "")
        count += refused(file, {path: values[int(rng.integers(len(values)))]})
    assert count >= 30
