"""What is wrong with a scenario, and where: one line a problem, all at once."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.errors import OptimizerError

# Characters of a file's name in a message.
MOST_SHOWN = 400


@dataclass(frozen=True)
class Mark:
    """Where something was written.

    Attributes
    ----------
    file : str
    line, column : int
        From 1; 0 where there is none (a default, a value given by a program).
    layer : str
        `file`, `extends`, `table`, `set` or `default`.
    """

    file: str
    line: int
    column: int
    layer: str = "file"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    file, line, column :
        Where it was written.
    code : str
        Stable code (docs/errors.md).
    path : str
        Path in the document, `sites[0].tariff`.
    message : str
        What was expected and what was found.
    """

    file: str
    line: int
    column: int
    code: str
    path: str
    message: str

    def __str__(self) -> str:
        file = self.file if len(self.file) <= MOST_SHOWN else "…" + self.file[-MOST_SHOWN:]
        place = f"{file}:{self.line}:{self.column}" if self.line else file
        return one_line(f"{place}  {self.code} {self.path + ': ' if self.path else ''}{self.message}")


def one_line(text: str) -> str:
    """Text with line ends and other control characters written out: a problem is one line."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class ScenarioError(OptimizerError):
    """A scenario can't be used.

    Attributes
    ----------
    problems : tuple of Problem
        All that were found, in the order of the files.
    """

    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.code, p.path)))
        super().__init__("\n".join(map(str, self.problems)))


def problem_at(mark: Mark, code: str, path: str, message: str) -> Problem:
    """A problem at a mark."""
    return Problem(mark.file, mark.line, mark.column, code, path, message)


def refuse(mark: Mark, code: str, message: str, path: str = "") -> ScenarioError:
    """An error of one problem."""
    return ScenarioError((problem_at(mark, code, path, message),))
