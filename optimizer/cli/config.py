"""`optimizer config show`: a scenario after `extends`, tables, --set and defaults."""

from __future__ import annotations

from typing import Any

import click

from optimizer.cli.options import common, overrides
from optimizer.cli.output import show, write_json
from optimizer.scenario import dump_yaml, load_with_origins, to_document


@click.group("config")
def command() -> None:
    """Show a scenario as it is after all layers."""


@command.command("show")
@click.argument("config")
@click.option("--origins", is_flag=True, help="Say for each value which file and line it comes from.")
@overrides
@common
def show_config(config: str, origins: bool, settings: tuple[tuple[str, str], ...], as_json: bool) -> int:
    """Print the scenario CONFIG after `extends`, site tables, --set and defaults."""
    scenario, known = load_with_origins(config, overrides=dict(settings))
    document = to_document(scenario)
    if not origins:
        if as_json:
            write_json({"scenario": document})
        else:
            show(dump_yaml(scenario).rstrip("\n"))
        return 0
    found = []
    for path, value in _leaves("", document):
        place = known.where(path)
        if place is None:
            found.append({"path": path, "value": value, "layer": "default"})
        else:
            found.append(
                {
                    "path": path,
                    "value": value,
                    "layer": place.layer,
                    "file": str(place.file),
                    "line": place.line,
                    "column": place.column,
                }
            )
    if as_json:
        write_json({"values": found})
        return 0
    for item in found:
        where = f"{item['file']}:{item['line']}" if "file" in item else ""
        show(f"{item['path']} = {item['value']}    # {item['layer']} {where}".rstrip())
    return 0


def _leaves(path: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        return [
            leaf
            for key, item in value.items()
            for leaf in _leaves(f"{path}.{key}" if path else str(key), item)
        ]
    if isinstance(value, list) and value:
        return [leaf for n, item in enumerate(value) for leaf in _leaves(f"{path}[{n}]", item)]
    return [(path, value)]
