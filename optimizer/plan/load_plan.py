"""A plan from disk: read, evaluate anew, check anew."""

from __future__ import annotations

import json
import math
import types
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from optimizer.errors import OptimizerError
from optimizer.physics import evaluate
from optimizer.plan.plan import Plan, make_plan
from optimizer.plan.records import (
    Billed,
    Cut,
    Draw,
    Idle,
    PlanContent,
    Raised,
    Rebate,
    Served,
    SolveRecord,
    Unserved,
    Use,
)
from optimizer.plan.save import MANIFEST_NAME, PLAN_NAME, SCHEMA_VERSION, STUDY_NAME
from optimizer.plan.times import times
from optimizer.scenario import GivenPlan, Scenario, from_document

# Larger files are no plans: the largest study so far writes some 20 MB.
_MOST_BYTES = 500_000_000


class PlanFileError(OptimizerError):
    """A file is no plan, or a damaged one."""

    exit_code = 2


def load_plan(path: Path | str) -> Plan:
    """Read a plan, evaluate its designs and check it again.

    Parameters
    ----------
    path : Path or str
        A run directory, or its plan.json.

    Returns
    -------
    Plan
        Accounts and check are made anew; nothing that the file says about itself is believed.

    Raises
    ------
    PlanFileError
        The file is missing, is no JSON, or an entry of it is not what a plan has there.
    ScenarioError
        The scenario inside the plan is not valid.
    """
    read = decisions_of(path)
    file, document, scenario = read.file, read.document, read.scenario
    record = _record(document["record"], file)
    said = document.get("objective", record.objective)
    if said != record.objective:
        raise PlanFileError(f"{file}: objective: expected {record.objective!r} as in record, found {said!r}")
    evaluation = evaluate(scenario)
    return make_plan(scenario, evaluation.designs, read.content, record, evaluation.supply, read.given)


class Decisions(NamedTuple):
    """What a plan's file says: its scenario, the decisions, and the halls that were given."""

    file: Path
    document: dict[str, Any]
    scenario: Scenario
    content: PlanContent
    given: GivenPlan | None


def decisions_of(path: Path | str) -> Decisions:
    """Read a plan's decisions; nothing is evaluated.

    Parameters
    ----------
    path : Path or str
        A run directory, or its plan.json.

    Raises
    ------
    PlanFileError, ScenarioError
        As `load_plan`.
    """
    given = Path(path)
    file = given / PLAN_NAME if given.is_dir() else given
    if (given / STUDY_NAME).is_file():
        raise PlanFileError(
            f"{given}: holds several plans; give the folder of one of them, such as {given / 'best'}"
        )
    document = _object(file)
    found = document.get("schema_version")
    if found != SCHEMA_VERSION:
        raise PlanFileError(f"{file}: schema_version is {found!r}; this version reads {SCHEMA_VERSION}")
    for key in ("scenario", "content", "record"):
        if not isinstance(document.get(key), dict):
            raise PlanFileError(f"{file}: {key}: expected a mapping")
    scenario = from_document(document["scenario"])
    content = record_from(PlanContent, document["content"], f"{file}: content")
    _in_study(content, times(scenario).count, f"{file}: content")
    return Decisions(file, document, scenario, content, _given(document, file))


def _given(document: dict[str, Any], file: Path) -> GivenPlan | None:
    """The given plan that the file holds; None where all halls were chosen."""
    if "given" not in document:
        return None
    try:
        return GivenPlan.model_validate(document["given"])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise PlanFileError(f"{file}: given.{place}: {first['msg']}") from None


def _in_study(content: PlanContent, count: int, where: str) -> None:
    """Every period of the decisions is one of the study's."""
    dated: dict[str, tuple[Use | Cut | Served | Unserved | Billed | Draw | Idle | Rebate | Raised, ...]] = {
        "uses": content.uses,
        "cuts": content.cuts,
        "served": content.served,
        "unserved": content.unserved,
        "billed": content.billed,
        "draws": content.draws,
        "idle": content.idle,
        "rebates": content.rebates,
        "raised": content.raised,
    }
    found = [(f"{name}[{i}].period", r.period) for name, rows in dated.items() for i, r in enumerate(rows)]
    for i, life in enumerate(content.lives):
        found.append((f"lives[{i}].commission", life.commission))
        found += [(f"lives[{i}].stages[{n}].first", stage.first) for n, stage in enumerate(life.stages)]
    for i, contract in enumerate(content.contracts):
        found += [(f"contracts[{i}].first", contract.first), (f"contracts[{i}].end", contract.end - 1)]
    for place, period in found:
        if not 0 <= period < count:
            raise PlanFileError(f"{where}.{place}: expected a period from 0 to {count - 1}, found {period}")


def _object(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise PlanFileError(f"{file}: {file.stat().st_size} bytes; no plan is that large")
        document = json.loads(
            file.read_text(encoding="utf-8"), parse_constant=_no_constant, parse_float=_finite
        )
    except OSError as error:
        raise PlanFileError(f"{file}: can't be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"{file}: is no plan: expected JSON as plan.json has it; {error}") from error
    if not isinstance(document, dict):
        raise PlanFileError(f"{file}: is no plan: expected a mapping")
    return document


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not allowed")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value


def _record(values: dict[str, Any], file: Path) -> SolveRecord:
    """The record with what only the manifest knows, if that lies beside; null is an absent bound."""
    beside = file.with_name(MANIFEST_NAME)
    run: dict[str, Any] = {}
    if beside.is_file():
        run = _object(beside)
    sense = values.get("sense")
    figures = {
        "objective": math.nan,
        "bound": -math.inf if sense == "min" else math.inf,
        "gap": math.inf,
    }
    filled = {key: figures[key] if values.get(key) is None else values[key] for key in figures}
    seconds = run.get("solve_seconds")
    details = run.get("details")
    complete = {
        **values,
        **filled,
        "solve_seconds": seconds if isinstance(seconds, (int, float)) else math.nan,
        "details": details if isinstance(details, dict) else {},
    }
    made: SolveRecord = record_from(SolveRecord, complete, f"{file}: record")
    return made


def record_from(kind: type[Any], values: Any, where: str) -> Any:
    """A frozen record from a mapping, each entry held against its declared type.

    Parameters
    ----------
    kind : type
        A dataclass of `optimizer.plan.records`.
    values : object
        What the file has there.
    where : str
        Place, for messages.
    """
    if not isinstance(values, dict):
        raise PlanFileError(f"{where}: expected a mapping")
    names = {field.name for field in fields(kind)}
    unknown = sorted(set(values) - names)
    if unknown:
        raise PlanFileError(f"{where}: unknown key {unknown[0]!r}")
    hints = get_type_hints(kind)
    found = {}
    for field in fields(kind):
        if field.name in values:
            found[field.name] = _value(hints[field.name], values[field.name], f"{where}.{field.name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise PlanFileError(f"{where}: {field.name} is missing")
    return kind(**found)


def _value(hint: Any, value: Any, where: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin is Literal:
        if value not in inner:
            raise PlanFileError(f"{where}: expected one of {', '.join(map(str, inner))}, found {value!r}")
        return value
    if origin in (Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        return _value(next(kind for kind in inner if kind is not type(None)), value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise PlanFileError(f"{where}: expected a list")
        return tuple(_value(inner[0], item, f"{where}[{n}]") for n, item in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise PlanFileError(f"{where}: expected a mapping")
        return {key: _value(inner[1], item, f"{where}.{key}") for key, item in value.items()}
    if hint in (int, float, str, bool):
        return _scalar(hint, value, where)
    return record_from(hint, value, where)


def _scalar(kind: type, value: Any, where: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value) if abs(value) < 1e300 else "a number that is too large"
    if type(value) is not kind:
        raise PlanFileError(f"{where}: expected {kind.__name__}, found {value!r}")
    return value
