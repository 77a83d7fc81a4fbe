"""How a file is refused: with exit code 2 and a line for every problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.scenario import Problem, ScenarioError, load

MINIMAL = (Path(__file__).parents[2] / "configs" / "minimal.yaml").read_text(encoding="utf-8")


def refused(file: Path) -> tuple[Problem, ...]:
    """Problems of a file; one line each, and the same through the command line's exit code."""
    with pytest.raises(ScenarioError) as caught:
        load(file)
    error = caught.value
    assert error.exit_code == 2
    assert error.problems
    assert str(error).splitlines() == [str(problem) for problem in error.problems]
    assert all(len(str(problem)) < 2000 for problem in error.problems)
    return error.problems


def problem_of(folder: Path, text: str | bytes, code: str) -> Problem:
    """The only problem of a text."""
    file = folder / "case.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    (problem,) = refused(file)
    assert problem.code == code, problem
    return problem


def at(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column
