"""`optimizer schema`: the JSON Schema of scenarios, for editors."""

from __future__ import annotations

import json

import click

from optimizer.cli.options import common
from optimizer.cli.output import show, write_json
from optimizer.scenario import json_schema


@click.command("schema")
@common
def command(as_json: bool) -> int:
    """Print the JSON Schema of scenarios.

    An editor takes it by `# yaml-language-server: $schema=scenario.schema.json` as the first line.
    """
    if as_json:
        write_json({"schema": json_schema()})
    else:
        show(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0
