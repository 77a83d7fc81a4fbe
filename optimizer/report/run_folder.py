"""The run directory: everything about one run, complete or not there at all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from optimizer.errors import OptimizerError
from optimizer.plan import Plan
from optimizer.plan.save import may_be_replaced, put_in_place, write_table
from optimizer.report.comparison import comparison, long_form
from optimizer.report.page import write_page
from optimizer.report.workbook import write_workbook

LOG_NAME = "log.jsonl"
BESIDE_NAME = "beside"
COMPARISON_NAME = "comparison.csv"


class RunFolderError(OptimizerError):
    """The run directory can't be written where it was asked for."""

    exit_code = 2


def slug(name: str) -> str:
    """A scenario's name as a folder name.

    >>> slug("Stargate: <US> 2025/29")
    'stargate-us-2025-29'
    """
    return re.sub(r"[^a-z0-9._]+", "-", name.lower()).strip("-.")[:60] or "run"


def write_plan(
    plan: Plan,
    folder: Path,
    argv: tuple[str, ...] = (),
    inputs: Mapping[str, Path] | None = None,
    page: bool = True,
    beside: Plan | None = None,
) -> None:
    """Write a plan with its tables and, if wanted, page and workbook into a folder.

    A plan that stands beside it has a folder of its own within, and what they differ by is a table.
    """
    plan.save(folder, argv=argv, inputs=inputs)
    if beside is not None:
        write_plan(beside, folder / BESIDE_NAME, argv, inputs, page)
        write_table(long_form(comparison(plan, beside)), folder / COMPARISON_NAME)
    if page:
        write_page(plan, folder / "report.html", beside)
        write_workbook(plan, folder / "plan.xlsx")


class RunFolder:
    """A run directory in the making.

    Parameters
    ----------
    out : Path or None
        Where the run directory shall stand. A former run there is replaced, anything else is refused.
        None: `runs/<name>-<n>` with the first free n.
    name : str
        Name of the scenario.

    Attributes
    ----------
    staging : Path
        Hidden folder beside the target in which everything is written first.
    """

    def __init__(self, out: Path | None, name: str) -> None:
        self._out = out
        self._name = slug(name)
        parent = Path("runs") if out is None else out.parent
        if out is not None and not may_be_replaced(out):
            raise RunFolderError(f"{out}: is there already and is no run directory; it is not overwritten")
        self.staging = parent / f".partial-{self._name if out is None else out.name}-{os.getpid()}"

    def __enter__(self) -> RunFolder:
        try:
            self.staging.mkdir(parents=True)
        except OSError as error:
            raise RunFolderError(f"{self.staging.parent}: can't write there: {error.strerror}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)

    @property
    def log(self) -> Path:
        """The log while the run goes on."""
        return self.staging / LOG_NAME

    def publish(
        self,
        plan: Plan,
        argv: tuple[str, ...] = (),
        inputs: Mapping[str, Path] | None = None,
        page: bool = True,
        beside: Plan | None = None,
    ) -> Path:
        """Write the plan, its tables, page, workbook and log, then put the folder in its place.

        Parameters
        ----------
        plan : Plan
        argv : tuple of str
            The command line, for the manifest.
        inputs : mapping of str to Path, optional
            Files that entered, for their hashes in the manifest.
        page : bool
            Whether to write report.html and plan.xlsx; `optimizer report` can do it later.
        beside : Plan, optional
            A plan to set beside it.

        Returns
        -------
        Path
            The run directory.
        """
        return self.put(lambda whole: write_plan(plan, whole, argv, inputs, page, beside))

    def put(self, write: Callable[[Path], None]) -> Path:
        """Let `write` make the folder, add the log, and put it in its place; returns the run directory."""
        whole = self.staging / "run"
        write(whole)
        if self.log.exists():
            shutil.copyfile(self.log, whole / LOG_NAME)
        if self._out is not None:
            return put_in_place(whole, self._out, self.staging / "former")
        for n in range(1, 100_000):
            target = self.staging.parent / f"{self._name}-{n}"
            if not target.exists():
                try:
                    os.rename(whole, target)
                except OSError:
                    continue  # somebody else took this number in between
                return target
        raise RunFolderError(f"{self.staging.parent}: no free number for {self._name}")
