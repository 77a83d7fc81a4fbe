"""What pydantic found, in the words of the scenario: code, place, expected and found."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from optimizer.scenario.json_schema import key_at, keys_under
from optimizer.scenario.nodes import Step, path_text
from optimizer.scenario.origins import Origins
from optimizer.scenario.problems import Problem, problem_at
from optimizer.scenario.schema import TAGS
from optimizer.scenario.schema.base import (
    COUNTRY_PATTERN,
    CURRENCY_PATTERN,
    MONTH_PATTERN,
    OUT_OF_ORDER,
    UNKNOWN_COUNTRY,
)

_LIMITS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}
_RANGE = {"greater_than_equal", "greater_than", "less_than_equal", "less_than"}
_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a mapping of keys",
    "array": "a list",
}


def problem_of(error: ErrorDetails, origins: Origins) -> Problem:
    """A problem with its mark from one of pydantic's errors."""
    is_key = error["loc"][-1:] == ("[key]",)
    steps = [step for step in error["loc"] if step != "[key]" and step not in TAGS]
    kind, found = error["type"], error.get("input")
    path = path_text(steps)
    if kind == "missing":
        return problem_at(origins.key(steps[:-1]), "E101", path, f"missing; expected {_expected(steps)}")
    if kind == "extra_forbidden":
        return problem_at(origins.key(steps), "E102", path, f"unknown key{_suggestion(steps)}")
    if kind == OUT_OF_ORDER:
        entry = (*steps, error.get("ctx", {})["entry"])
        return problem_at(origins.key(entry), "E106", path_text(entry), error["msg"])
    mark = origins.key(steps) if is_key else origins.value(steps)
    if kind == UNKNOWN_COUNTRY:
        return problem_at(mark, "E201", path, error["msg"])
    if kind in _RANGE:
        return problem_at(mark, "E104", path, f"expected {_expected(steps)}, found {shown(found)}")
    if kind == "literal_error":
        return problem_at(mark, "E105", path, _not_one_of(steps, is_key, found, error))
    if kind == "value_error":
        text = error["msg"].removeprefix("Value error, ")
        return problem_at(mark, "E106", path, text if "found" in text else f"{text}, found {shown(found)}")
    if kind in (
        "string_too_short",
        "string_too_long",
        "string_pattern_mismatch",
        "too_short",
        "finite_number",
    ):
        return problem_at(mark, "E106", path, f"{_plain(error)}, found {shown(found)}")
    return problem_at(mark, "E103", path, f"expected {_expected(steps)}, found {shown(found)}")


def problems_of(error: ValidationError, origins: Origins) -> list[Problem]:
    """All problems of a validation; a list that is too short only because its items are wrong is not one more."""
    details = error.errors(include_url=False)
    inner = {detail["loc"][:n] for detail in details for n in range(len(detail["loc"]))}
    return [
        problem_of(detail, origins)
        for detail in details
        if not (detail["type"] == "too_short" and detail["loc"] in inner)
    ]


def shown(value: Any) -> str:
    """A value as one would speak of it, short."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping of keys" if value else "an empty mapping"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}" if value else "an empty list"
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _expected(steps: Sequence[Step]) -> str:
    key = key_at(steps) or {}
    if "enum" in key:
        return "one of " + ", ".join(map(str, key["enum"]))
    if key.get("unit") == "YYYY-MM":
        return "a month as YYYY-MM"
    if "patternProperties" in key:
        dates = "dates with values, such as {2027-01: …}"
        if "x-number" in key:
            return f"{_amount(key['x-number'])}, or {dates}"
        of_months = MONTH_PATTERN in key["patternProperties"]
        return dates if of_months else "currencies with US dollars a unit, such as {EUR: 1.1}"
    return _amount(key)


def _amount(key: Mapping[str, Any]) -> str:
    """What kind of value a key takes, with unit and range."""
    text = _KINDS.get(str(key.get("type")), "another value")
    if text == "a number" and key.get("unit"):
        text += f" in {key['unit']}"
    limits = [f"{word} {key[bound]:g}" for bound, word in _BOUNDS.items() if bound in key]
    return text + (f", {' and '.join(limits)}" if limits else "")


def _not_one_of(steps: Sequence[Step], is_key: bool, found: Any, error: ErrorDetails) -> str:
    options = [
        option.strip().strip("'")
        for option in str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ").split(",")
    ]
    close = difflib.get_close_matches(str(found), options, n=1, cutoff=0.6)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"expected one of {', '.join(options)}, found {shown(found)}{hint}"


def _plain(error: ErrorDetails) -> str:
    """Pydantic's sentence in the tone of the others."""
    text = error["msg"].replace("String should", "expected text that should").replace("should have", "has")
    kind = error["type"]
    if kind == "too_short":
        return "expected at least one item"
    if kind == "string_too_short":
        return "expected text"
    if kind == "string_pattern_mismatch" and error.get("ctx", {}).get("pattern") == CURRENCY_PATTERN:
        return "expected a currency as three capital letters, such as EUR"
    if kind == "string_pattern_mismatch" and error.get("ctx", {}).get("pattern") == COUNTRY_PATTERN:
        return "expected a country as two capital letters of ISO 3166, such as US"
    if kind == "string_pattern_mismatch":
        return "expected letters, digits, spaces and . _ - only, beginning with a letter or digit"
    if kind == "string_too_long":
        return f"expected at most {error.get('ctx', {}).get('max_length')} characters"
    if kind == "finite_number":
        return "expected a finite number"
    return text


def _suggestion(steps: Sequence[Step]) -> str:
    *parents, name = steps
    known = keys_under(parents) + (() if parents else ("extends",))
    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    # A key that stands one level too high or too low.
    elsewhere = [f"{key}.{name}" for key in known if name in keys_under((*parents, key))]
    if elsewhere:
        return f"; did you mean {elsewhere[0]!r}?"
    if len(parents) > 0 and name in keys_under(()):
        return f"; {name!r} stands at the top of the file"
    return f"; known: {', '.join(known)}" if known else ""
