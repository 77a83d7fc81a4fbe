"""The reference of all keys as Markdown, from the schema itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optimizer.scenario.json_schema import json_schema, resolved

_INTRO = """# Keys of a scenario

Made from the schema by `python docs/tools/write_reference.py`. Units stand in the names of keys; where a unit is known,
a text with another one is taken too: `"1.2 GW"` for a key in MW, `"8 %"` for a fraction. A dated path is a mapping
`{2027-01: 300, 2028-01: 600}`: a value holds from the first period that starts on or after its date until the next one.
A file may start from another by `extends: base.yaml`: mappings merge, lists of named items merge by `name`, `null` goes back to
the default. In `sites`, `{table: sites/offers.csv}` stands for one site a row; its columns are the keys of a site with dots
(`grid.offer_mw` as `2027-01:300;2028-01:600`), and other keys beside `table` hold for every row.
"""


def reference() -> str:
    """All keys with unit, range, default and description, by mapping."""
    schema = json_schema()
    parts = [_INTRO]
    for title, node in _mappings(schema):
        rows = [_row(name, key, node.get("x-required", ())) for name, key in node["properties"].items()]
        header = "| key | value | default | meaning |\n| --- | --- | --- | --- |"
        about = "" if title == "(top)" else f"{_plain(node.get('description', ''))}\n\n"
        heading = "Top of the file" if title == "(top)" else f"`{title}`"
        parts.append(f"## {heading}\n\n{about}{header}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _mappings(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Mappings with named keys, outermost first, by the path that leads to them."""
    required = schema["anyOf"][0]["required"]
    queue: list[tuple[str, dict[str, Any]]] = [("(top)", {**schema, "x-required": required})]
    while queue:
        title, node = queue.pop(0)
        yield title, node
        for name, key in node["properties"].items():
            inner, suffix = _inner(key)
            if inner is not None:
                path = f"{name}{suffix}" if title == "(top)" else f"{title}.{name}{suffix}"
                queue.append((path, inner))


def _inner(key: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The mapping with named keys that a key leads to, and how a path shows it."""
    node = resolved(key)
    if "properties" in node:
        return node, ""
    if node.get("type") == "array":
        items = node.get("items", {})
        for option in items.get("anyOf", [items]):
            if option.get("$ref", "").endswith("/SiteTable"):
                continue
            found = resolved(option)
            if "properties" in found:
                return found, "[]"
    extra = node.get("additionalProperties")
    if isinstance(extra, dict) and "properties" in resolved(extra):
        return resolved(extra), ".<id>"
    return None, ""


def _row(name: str, key: dict[str, Any], required: Any) -> str:
    node = resolved(key)
    default = "required" if name in required else _default(key.get("default"))
    return f"| `{name}` | {_value(node)} | {default} | {_plain(key.get('description', node.get('description', '')))} |"


def _default(value: Any) -> str:
    if value is None or value in ({}, [], ""):
        return ""
    if isinstance(value, dict):
        return "see below"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _value(node: dict[str, Any]) -> str:
    if "enum" in node:
        return " \\| ".join(f"`{choice}`" for choice in node["enum"])
    if "patternProperties" in node:
        inner = next(iter(node["patternProperties"].values()))
        path = f"dated path of {_value(resolved(inner))}"
        return f"one or a {path}" if "unit" in node else path
    kind = node.get("type", "")
    if kind in ("number", "integer"):
        return _number(node)
    if kind == "array":
        inner = resolved(node.get("items", {}))
        return "list of mappings" if "properties" in inner or "anyOf" in inner else f"list of {_value(inner)}"
    if kind == "object":
        extra = node.get("additionalProperties")
        named = "properties" in node or not isinstance(extra, dict)
        return "mapping" if named else f"mapping of {_value(resolved(extra))} by name"  # type: ignore[arg-type]
    words = {"string": "month" if node.get("unit") == "YYYY-MM" else "text", "boolean": "true or false"}
    return words.get(kind, "text")


def _number(node: dict[str, Any]) -> str:
    text = "whole number" if node.get("type") == "integer" else "number"
    if node.get("unit"):
        text += f", {node['unit']}"
    words = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    limits = [f"{sign} {node[word]:g}" for word, sign in words.items() if word in node]
    return text + (f", {' and '.join(limits)}" if limits else "")


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
