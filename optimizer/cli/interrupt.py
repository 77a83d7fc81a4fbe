"""Ctrl-C and SIGTERM: the first asks for the best plan so far, the second gives up."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

from optimizer.cli.output import say


class StopRequest:
    """A question that the solver asks a few times a second: shall I stop?

    Inside `with`, the first SIGINT or SIGTERM turns the answer to yes, once the solver has begun to ask. A
    signal before that raises KeyboardInterrupt at once, for there is no plan yet that could be kept; so does
    any second one.

    Attributes
    ----------
    requested : bool
        Whether somebody asked to stop.
    """

    def __init__(self) -> None:
        self.requested = False
        self._asked = False
        self._former: dict[int, Any] = {}

    def __call__(self) -> bool:
        self._asked = True
        return self.requested

    def __enter__(self) -> StopRequest:
        # Signals belong to the main thread; elsewhere the caller's own handling holds.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._former[number] = signal.signal(number, self._receive)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, former in self._former.items():
            signal.signal(number, former)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.requested or not self._asked:
            raise KeyboardInterrupt
        self.requested = True
        say("stopping: the best plan so far is kept (once more to give up)")
