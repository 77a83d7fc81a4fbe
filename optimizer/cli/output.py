"""What goes out: one JSON object on stdout, words and progress on stderr."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

SCHEMA_VERSION = 1


def write_json(document: Mapping[str, Any]) -> None:
    """Print one JSON object; `schema_version` comes first, infinities and NaN become null."""
    whole = {"schema_version": SCHEMA_VERSION, **plain(document)}
    sys.stdout.write(json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def plain(value: Any) -> Any:
    """JSON's own types; numbers that JSON has no word for become None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (str, bool)) or value is None:
        return value
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    if hasattr(value, "item"):  # a NumPy scalar
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def error_document(error: BaseException, exit_code: int, message: str | None = None) -> dict[str, Any]:
    """An error as a JSON object; problems of a scenario keep their place."""
    document: dict[str, Any] = {
        "kind": type(error).__name__,
        "exit_code": exit_code,
        "message": message if message is not None else str(error),
    }
    problems = problem_documents(error)
    if problems:
        document["problems"] = problems
    return {"error": document}


def problem_documents(error: BaseException) -> list[dict[str, Any]]:
    """The problems that an error carries: file, line, column, code, path, message."""
    fields = ("file", "line", "column", "code", "path", "message")
    return [
        {name: plain(getattr(problem, name, None)) for name in fields}
        for problem in getattr(error, "problems", ())
    ]


def printable(text: str) -> str:
    """Text without control characters: a name must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def say(text: str) -> None:
    """Print words for people on stderr."""
    sys.stderr.write(printable(text).rstrip("\n") + "\n")
    sys.stderr.flush()


def show(text: str = "") -> None:
    """Print a result for people on stdout."""
    sys.stdout.write(printable(text) + "\n")
