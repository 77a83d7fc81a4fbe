"""`optimizer validate`: every problem of every scenario, a line each."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer import pipeline
from optimizer.cli.options import common, overrides
from optimizer.cli.output import problem_documents, say, show, write_json
from optimizer.errors import OptimizerError


@click.command("validate")
@click.argument("configs", nargs=-1, required=True, metavar="CONFIG...")
@overrides
@click.option(
    "--plan",
    "given",
    type=click.Path(path_type=Path),
    metavar="FILE|RUN_DIR",
    help="Halls that are given: held against every scenario.",
)
@common
def command(
    configs: tuple[str, ...], settings: tuple[tuple[str, str], ...], given: Path | None, as_json: bool
) -> int:
    """Check scenarios without solving them, and a given plan against each; prints one line a problem on stdout.

    Exit code 0: all are valid; 2: at least one is not.
    """
    results = []
    for config in configs:
        try:
            scenario = pipeline.load(config, overrides=dict(settings))
            if given is not None:
                pipeline.load_given(given, scenario)
        except OptimizerError as error:
            if error.exit_code != 2:
                raise
            problems = problem_documents(error) or [{"file": config, "message": str(error)}]
            results.append({"config": config, "valid": False, "problems": problems})
            if not as_json:
                show(str(error))
        else:
            results.append({"config": config, "valid": True, "problems": []})
            if not as_json:
                say(f"{config}: valid" if given is None else f"{config} with {given}: valid")
    valid = all(result["valid"] for result in results)
    if as_json:
        write_json({"valid": valid, "configs": results})
    return 0 if valid else 2
