"""`optimizer schema`: the JSON Schema of scenarios and given plans, for editors."""

from __future__ import annotations

import json

import click

from optimizer.cli.options import common
from optimizer.cli.output import show, write_json
from optimizer.scenario import given_schema, json_schema


@click.command("schema")
@click.option("--plan", "of_plan", is_flag=True, help="That of a given plan's file.")
@common
def command(of_plan: bool, as_json: bool) -> int:
    """Print the JSON Schema of scenarios, or of given plans.

    An editor takes it by `# yaml-language-server: $schema=scenario.schema.json` as the first line.
    """
    schema = given_schema() if of_plan else json_schema()
    if as_json:
        write_json({"schema": schema})
    else:
        show(json.dumps(schema, indent=2, ensure_ascii=False))
    return 0
