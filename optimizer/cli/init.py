"""`optimizer init`: a scenario to start from."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from optimizer.cli.options import common
from optimizer.cli.output import say, write_json

TEMPLATE = "first_scenario.yaml"


@click.command("init")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default="scenario.yaml")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@common
def command(path: Path, force: bool, as_json: bool) -> int:
    """Write a small scenario with a comment on every key to PATH (default: scenario.yaml)."""
    if path.exists() and not force:
        raise click.UsageError(f"{path} is there already; --force replaces it")
    if not path.parent.is_dir():
        raise click.UsageError(f"{path.parent} is not a folder")
    path.write_text((resources.files("optimizer.cli") / TEMPLATE).read_text("utf-8"), "utf-8")
    if as_json:
        write_json({"path": path})
    else:
        say(f"written: {path}\nnext: optimizer run {path}")
    return 0
