"""A scenario that uses every key, on disk; and where its keys and values stand, read apart from the loader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from optimizer.scenario import json_schema

RICH = (Path(__file__).parent / "every_key.yaml").read_text(encoding="utf-8")
BASE = "objective: maximize_compute\n"
TABLE = """\
name,lat,lon,weather,grid.offer_mw,price.hub,price.adder_usd_per_mwh,cooling
odessa,31.85,-102.37,usa-tx-midland,2027-07:300;2028-07:700,ercot-hubavg,15,dlc_dry;dlc_tower
"""


def write_rich(folder: Path, text: str = RICH) -> Path:
    """The scenario with the files that it names; returns the YAML file."""
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "more_sites.csv").write_text(TABLE, encoding="utf-8")
    (folder / "load.csv").write_text("mw\n" + "40\n" * 8760, encoding="utf-8")
    (folder / "tariff.json").write_text(
        '{"flatdemandstructure": [[{"rate": 9.0}]], "flatdemandmonths": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}',
        encoding="utf-8",
    )
    (folder / "price.csv").write_text("usd_per_mwh\n" + "30\n" * 8760, encoding="utf-8")
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@dataclass(frozen=True)
class Place:
    """A key or item of a YAML text.

    Attributes
    ----------
    path : str
        `sites[0].grid.loss`.
    template : str
        The same with places as `[]` and free keys as `{}`: `sites[].grid.loss`.
    line, column : int
        Of the key, or of a list's item, from 1.
    key_start, key_end, start, end : int
        Offsets of the key's and the value's text.
    is_scalar : bool
    """

    path: str
    template: str
    line: int
    column: int
    key_start: int
    key_end: int
    start: int
    end: int
    is_scalar: bool

    @property
    def is_item(self) -> bool:
        return self.key_end == self.start

    def with_value(self, text: str, value: str) -> str:
        """The text with another value, on the key's line; it may not be left without its line's end."""
        between = "" if self.is_item else ": "
        tail = "" if self.is_scalar or text[self.start] in "[{" else "\n" + " " * self._indent(text)
        return text[: self.key_end] + between + value + tail + text[self.end :]

    def _indent(self, text: str) -> int:
        """Column at which the text goes on after a block collection, whose end is the next token's start."""
        return self.end - text.rfind("\n", 0, self.end) - 1

    def with_key(self, text: str, key: str) -> str:
        return text[: self.key_start] + key + text[self.key_end :]


# Mappings whose keys are dates, chips, regions, systems, parameters: any name may stand there.
FREE = {
    "demand.min_it_mw",
    "demand.workloads[].path",
    "demand.workloads[].shares",
    "chips.supply_racks",
    "chips.supply_racks.{}",
    "chips.settings",
    "chips.supply_vendor_racks",
    "chips.supply_vendor_racks.{}",
    "chips.max_vendor_share",
    "chips.settings.{}.rack_price_path",
    "chips.settings.{}.utilisation",
    "money.carbon_usd_per_t",
    "money.currencies",
    "money.revenue_usd_per_h100e_hour",
    "hall.crews[].max_it_mw",
    "hall.lead_items[].deliveries",
    "leases[].available",
    "cooling_parameters",
    "cooling_parameters.{}",
    "cooling_options",
    "power.unit_slots",
    "power.unit_slots.{}",
    "power.clean_share",
    "power.max_co2_t_per_year",
    "sites[].grid.offer_mw",
    "sites[].grid.curtailable.offer_mw",
    "finance.sources[].tranches",
}


def places(text: str) -> list[Place]:
    """Every key and item of a text, in order."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return list(_inside(root, "", ""))


def _inside(node: yaml.Node, path: str, template: str) -> Iterator[Place]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = "{}" if template in FREE else key.value
            dot = "." if path else ""
            yield from _place(key, value, path + dot + key.value, template + dot + name)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            yield from _place(None, item, f"{path}[{i}]", template + "[]")


def _place(key: yaml.Node | None, value: yaml.Node, path: str, template: str) -> Iterator[Place]:
    first = key or value
    yield Place(
        path,
        template,
        first.start_mark.line + 1,
        first.start_mark.column + 1,
        first.start_mark.index,
        key.end_mark.index if key else value.start_mark.index,
        value.start_mark.index,
        value.end_mark.index,
        isinstance(value, yaml.ScalarNode),
    )
    yield from _inside(value, path, template)


def schema_keys() -> dict[str, list[dict[str, Any]]]:
    """Path of every key, item and free key of the JSON Schema, with what the schema says of it."""
    document = json_schema()
    found: dict[str, list[dict[str, Any]]] = {}

    def walk(node: dict[str, Any], path: str) -> None:
        if path:
            found.setdefault(path, []).append(node)
        if "$ref" in node:
            walk(document["$defs"][node["$ref"].removeprefix("#/$defs/")], path)
        for option in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            walk(option, path)
        for key, inner in node.get("properties", {}).items():
            walk(inner, f"{path}.{key}" if path else key)
        if isinstance(node.get("items"), dict):
            walk(node["items"], f"{path}[]")
        free = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
        for inner in free:
            if isinstance(inner, dict):
                walk(inner, f"{path}.{{}}")

    walk(document, "")
    return found
