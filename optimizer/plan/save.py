"""A plan on disk: plan.json, tables, the resolved scenario and the manifest, complete or not there at all."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from optimizer.errors import OptimizerError

SCHEMA_VERSION = 1
PLAN_NAME = "plan.json"
STUDY_NAME = "study.json"  # beside a manifest, where a run holds several plans
MANIFEST_NAME = "manifest.json"
CONFIG_NAME = "config.resolved.yaml"
TABLES_NAME = "tables"
# What a spreadsheet would take for a formula at the start of a text cell, white space included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PACKAGES = ("optimizer", "numpy", "pandas", "ortools", "pydantic")


class PlanFolderError(OptimizerError):
    """The folder of a plan can't be written where it was asked for."""

    exit_code = 2


def plain(value: Any) -> Any:
    """Dataclasses, tuples and numpy scalars as what JSON knows; infinite and undefined figures as null.

    >>> plain((1.5, float("inf"), "text"))
    [1.5, None, 'text']
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return str(value)


def json_text(document: Any) -> str:
    """JSON with sorted keys and shortest exact floats: equal documents give equal bytes."""
    return json.dumps(plain(document), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def safe_cell(value: Any) -> Any:
    """A text cell that no spreadsheet takes for a formula; floats by their shortest exact form.

    >>> safe_cell('=HYPERLINK("x")'), safe_cell("-5"), safe_cell(-5.0), safe_cell("Abilene")
    ('\\'=HYPERLINK("x")', "'-5", '-5.0', 'Abilene')
    """
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, str):
        return "'" + value if value.startswith(_FORMULA) else value
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    return "" if value is None else value


def write_table(frame: Any, path: Path) -> None:
    """Write a DataFrame as CSV: UTF-8, a header row, `\\n` at the end of lines.

    Parameters
    ----------
    frame : DataFrame
    path : Path
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([safe_cell(str(name)) for name in frame.columns])
        for row in frame.itertuples(index=False, name=None):
            writer.writerow([safe_cell(value) for value in row])


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that a plan's figures come from."""
    found = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def write_run(
    folder: Path,
    document: Mapping[str, Any],
    tables: Mapping[str, Any],
    config_yaml: str,
    manifest: Mapping[str, Any],
    argv: Sequence[str] = (),
    inputs: Mapping[str, Path] | None = None,
) -> None:
    """Write the files of a plan into a folder, which appears complete or not at all.

    Parameters
    ----------
    folder : Path
        A former run there is replaced; anything else that is not empty is refused.
    document : mapping
        Content of plan.json.
    tables : mapping of str to DataFrame
        Written to tables/<name>.csv.
    config_yaml : str
        The resolved scenario.
    manifest : mapping
        What differs from run to run; versions, argv and hashes are added here.
    argv : sequence of str
        The command line.
    inputs : mapping of str to Path, optional
        Files that entered, by the name under which their SHA-256 is noted.

    Raises
    ------
    PlanFolderError
        `folder` is something else already, or can't be written.
    """

    def fill(staging: Path) -> None:
        text = json_text(document)
        (staging / PLAN_NAME).write_text(text, encoding="utf-8", newline="\n")
        (staging / CONFIG_NAME).write_text(config_yaml, encoding="utf-8", newline="\n")
        (staging / TABLES_NAME).mkdir()
        for name, frame in tables.items():
            write_table(frame, staging / TABLES_NAME / f"{name}.csv")
        facts = {
            **manifest,
            "schema_version": SCHEMA_VERSION,
            "versions": versions(),
            "argv": list(argv),
            "inputs": {name: digest(Path(path)) for name, path in (inputs or {}).items()},
            "plan_sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
        (staging / MANIFEST_NAME).write_text(json_text(facts), encoding="utf-8", newline="\n")

    write_whole(Path(folder), fill)


def write_whole(folder: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write into a hidden folder beside `folder`, then put it in its place.

    Parameters
    ----------
    folder : Path
    fill : callable
        Takes the hidden, empty folder.
    """
    if not may_be_replaced(folder):
        raise PlanFolderError(f"{folder}: is there already and is no run directory; it is not overwritten")
    staging = folder.parent / f".partial-{folder.name}-{os.getpid()}"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        whole = staging / "run"
        whole.mkdir(parents=True)
        fill(whole)
        put_in_place(whole, folder, staging / "former")
    except OSError as error:
        raise PlanFolderError(f"{folder}: can't write there: {error.strerror or error}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def may_be_replaced(folder: Path) -> bool:
    """Whether nothing, an empty folder or a former run stands there."""
    if not folder.exists():
        return True
    if not folder.is_dir():
        return False
    known = (folder / MANIFEST_NAME).is_file() and any(
        (folder / name).is_file() for name in (PLAN_NAME, STUDY_NAME)
    )
    return known or not any(folder.iterdir())


def put_in_place(whole: Path, target: Path, former: Path) -> Path:
    """Rename a complete folder to its name; what stood there is moved to `former` first.

    If the second rename fails, what stood there is put back.
    """
    replaces = target.exists()
    if replaces:
        os.rename(target, former)
    try:
        os.rename(whole, target)
    except OSError:
        if replaces:
            os.rename(former, target)
        raise
    return target
