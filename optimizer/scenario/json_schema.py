"""The scenario's JSON Schema, for editors and for finding a key's unit and description by its path."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from optimizer.scenario.schema import Scenario

# Whose keys are looked up: a scenario's, unless `keys_of` says otherwise.
_MODEL: ContextVar[type[BaseModel]] = ContextVar("model", default=Scenario)

_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_TABLE = {
    "type": "object",
    "title": "SiteTable",
    "description": "Sites from a CSV file, one a row; columns are a site's keys with dots. "
    "Other keys beside `table` hold for every row.",
    "properties": {"table": {"type": "string", "description": "CSV file, relative to this file [path]."}},
    "required": ["table"],
}
_EXTENDS = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "Scenario that this one starts from, relative to this file [path]. Maps merge, lists of named "
    "items merge by name, null resets.",
}


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, `extends` and site tables included."""
    document = copy.deepcopy(_of_models())
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["title"] = "optimizer scenario"
    _let_entries_go(document)
    # What a base file gives need not be given again, at any depth.
    for node in document["$defs"].values():
        if "required" in node:
            node["x-required"] = node.pop("required")
    document["anyOf"] = [{"required": document.pop("required")}, {"required": ["extends"]}]
    document["properties"] = {"extends": _EXTENDS, **document["properties"]}
    document["$defs"]["SiteTable"] = _TABLE
    document["properties"]["sites"]["items"] = {
        "anyOf": [{"$ref": "#/$defs/Site"}, {"$ref": "#/$defs/SiteTable"}]
    }
    return document


def _let_entries_go(node: Any) -> None:
    """In a file, null takes an entry of a base's path or map out."""
    if isinstance(node, list):
        for item in node:
            _let_entries_go(item)
    elif isinstance(node, dict):
        for pattern, value in node.get("patternProperties", {}).items():
            node["patternProperties"][pattern] = {"anyOf": [value, {"type": "null"}]}
        if isinstance(node.get("additionalProperties"), dict):
            node["additionalProperties"] = {"anyOf": [node["additionalProperties"], {"type": "null"}]}
        for value in node.values():
            _let_entries_go(value)


@contextmanager
def keys_of(model: type[BaseModel]) -> Iterator[None]:
    """Within it, `key_at` and `keys_under` look into another kind of file than a scenario."""
    token = _MODEL.set(model)
    try:
        yield
    finally:
        _MODEL.reset(token)


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of a kind of file, bounds and dates in JSON Schema's words."""
    return copy.deepcopy(_tidied(model))


def _of_models() -> dict[str, Any]:
    return _tidied(_MODEL.get())


@lru_cache(maxsize=2)
def _tidied(model: type[BaseModel]) -> dict[str, Any]:
    return _tidy(model.model_json_schema(by_alias=True))  # type: ignore[no-any-return]


def _tidy(node: Any) -> Any:
    """Bounds in JSON Schema's words, and no keys but months in dated paths."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _tidy(value) for key, value in node.items() if key not in _BOUNDS}
    bounds = {word: node[key] for key, word in _BOUNDS.items() if isinstance(node.get(key), (int, float))}
    for option in result.get("anyOf", [result] if bounds else []):
        if option.get("type") in ("number", "integer"):
            option.update(bounds)
    if "patternProperties" in result:
        result["additionalProperties"] = False
    return result


def key_at(steps: Iterable[str | int]) -> dict[str, Any] | None:
    """The part of the models' schema for a path, references and options resolved; None if there is no such key."""
    node: dict[str, Any] | None = resolved(_of_models())
    for step in steps:
        if node is None:
            return None
        inner = _inside(node, step)
        node = None if inner is None else resolved(inner)
    return node


def _inside(node: dict[str, Any], step: str | int) -> dict[str, Any] | None:
    if isinstance(step, int):
        found = node.get("items")
        return found if isinstance(found, dict) else None
    if step in node.get("properties", {}):
        return node["properties"][step]  # type: ignore[no-any-return]
    for pattern in node.get("patternProperties", {}).values():
        return pattern  # type: ignore[no-any-return]
    extra = node.get("additionalProperties")
    return extra if isinstance(extra, dict) else None


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """A schema node with its reference and its only meaningful option merged in."""
    beside = {key: value for key, value in node.items() if key not in ("$ref", "anyOf")}
    if "$ref" in node:
        target = _of_models()["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return {**resolved(target), **beside}
    if "oneOf" in node:
        # A name or a mapping, a number or a path: both sides in one.
        beside.pop("oneOf")
        sides = [resolved(option) for option in node["oneOf"]]
        number = next((side for side in sides if side.get("type") == "number"), None)
        return {
            **{key: value for side in sides for key, value in side.items()},
            **({} if number is None else {"x-number": number}),
            **beside,
        }
    options = [option for option in node.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        return {**resolved(options[0]), **beside}
    if options:
        number = next((option for option in options if option.get("type") == "number"), None)
        if number is not None:
            return {**number, **beside}
        inner = next((option for option in options if "anyOf" in option or "$ref" in option), None)
        if inner is not None:
            return {**resolved(inner), **beside}
    return node


def keys_under(steps: Iterable[str | int]) -> tuple[str, ...]:
    """Names of the keys that a mapping at a path may hold; empty where any name goes."""
    node = key_at(steps)
    return tuple(node.get("properties", ())) if node else ()
