"""How far the solve is, on stderr: one live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import logging
import math
import os
import sys
import time
from types import TracebackType
from typing import Any, Protocol

from optimizer.cli.output import plain, say
from optimizer.report import wording

LOG = logging.getLogger("optimizer")
PLAIN_EVERY_S = 5.0


class Report(Protocol):
    """State of a solve: what `on_progress` is called with."""

    @property
    def seconds(self) -> float: ...
    @property
    def objective(self) -> float: ...
    @property
    def bound(self) -> float: ...
    @property
    def gap(self) -> float: ...
    @property
    def phase(self) -> str: ...


class ProgressLine:
    """Shows and logs the state of a solve.

    Parameters
    ----------
    aim : {"cost", "compute", "carbon", "water", "date"}
        What is made least or most.
    metric : str
        Unit of compute of the scenario.
    live : bool or None
        One line that changes (True) or a line a report (False); None asks whether stderr is a terminal.
    quiet : bool
        Log only: somebody else writes to stderr.
    """

    def __init__(self, aim: str, metric: str, live: bool | None = None, quiet: bool = False) -> None:
        self._aim, self._metric, self._quiet = aim, metric, quiet
        self._live = sys.stderr.isatty() if live is None else live
        self._status: Any = None
        self._last = -math.inf
        self._best: float | None = None
        self._prefix = ""

    def about(self, what: str, aim: str) -> None:
        """Say before each line what it is about, and what is made least or most: an aim, or `shared` megawatts."""
        self._prefix, self._aim = f"{what}  ", aim

    def __enter__(self) -> ProgressLine:
        if self._live and not self._quiet:
            from rich.console import Console

            console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")) or None)
            self._status = console.status("reading")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def __call__(self, report: Report) -> None:
        LOG.info(
            "progress",
            extra={
                "fields": {name: getattr(report, name) for name in ("phase", "objective", "bound", "gap")}
            },
        )
        if self._quiet:
            return
        text = self.line(report)
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(text))
            return
        # Without a terminal: every better plan, and a sign of life now and then.
        now = time.monotonic()
        if report.objective != self._best or now - self._last >= PLAIN_EVERY_S:
            self._best, self._last = report.objective, now
            say(text)

    def line(self, report: Report) -> str:
        """Seconds, incumbent, bound, gap and phase."""
        best, bound = (self._said(value) for value in (report.objective, report.bound))
        gap = wording.percent(report.gap)
        return f"{self._prefix}{report.seconds:6.1f} s  best {best}  bound {bound}  gap {gap}  {report.phase}"

    def _said(self, value: float) -> str:
        if self._aim == "shared":
            return f"{wording.number(value)} MW shared"
        return wording.objective(value, self._aim, self._metric)


class JsonLines(logging.Formatter):
    """A log record as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        document = {
            "time": round(record.created, 3),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        return json.dumps(plain(document), ensure_ascii=False, allow_nan=False)
