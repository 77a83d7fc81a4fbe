"""Where a command line starts and where every error becomes an exit code.

Exit codes: 0 ok · 1 our bug · 2 bad input · 3 infeasible · 4 limit reached, plan kept · 5 limit reached, no
plan · 6 verification failed · 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from typing import Any

import click

from optimizer.cli.output import error_document, say, write_json
from optimizer.errors import OptimizerError

# Name -> (module, one line of help). The modules are imported only when their command is called.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("optimizer.cli.init", "Write a small commented scenario to start from."),
    "validate": ("optimizer.cli.validate", "Check scenarios; one line a problem."),
    "evaluate": ("optimizer.cli.evaluate", "Work out the physics of every design, hour by hour."),
    "run": ("optimizer.cli.run", "Find the best plan, check it and write a run directory."),
    "pareto": ("optimizer.cli.pareto", "Find the plans between two aims, such as cost and carbon."),
    "alternatives": ("optimizer.cli.alternatives", "Find near-best plans that differ most from the best."),
    "verify": ("optimizer.cli.verify", "Check a plan again, independently of the planner."),
    "compare": ("optimizer.cli.compare", "Set two plans side by side: what changes, and what it costs."),
    "report": ("optimizer.cli.report", "Write the page and the workbook of a run directory anew."),
    "config": ("optimizer.cli.config", "Show a scenario as it is after all layers."),
    "schema": ("optimizer.cli.schema", "Print the JSON Schema of scenarios."),
    "weather": ("optimizer.cli.weather", "List shipped weather, or describe a weather file."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports each when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


def _show_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"optimizer {metadata.version('optimizer')}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
def program() -> None:
    """Where, when and with what to build AI compute: from a YAML scenario to a checked plan.

    Start with `optimizer init`, then `optimizer run scenario.yaml`.
    """


def invoke(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; no error leaves as a traceback unless --debug asks for it.

    Parameters
    ----------
    arguments : sequence of str
        Without the program's name.
    """
    arguments = list(arguments)
    as_json = "--json" in arguments
    try:
        result = program.main(arguments, prog_name="optimizer", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        if as_json:
            write_json(error_document(error, exit_code=2))
        error.show(file=sys.stderr)
        return 2
    except (KeyboardInterrupt, click.Abort) as error:
        if as_json:
            write_json(error_document(error, exit_code=130, message="interrupted before there was a result"))
        say("interrupted before there was a result")
        return 130
    except OptimizerError as error:
        if as_json:
            write_json(error_document(error, exit_code=error.exit_code))
        say(str(error))
        return error.exit_code
    except BrokenPipeError:
        # The reader went away (`optimizer schema | head`): nothing to tell, and nobody to tell it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in arguments:
            raise
        if as_json:
            write_json(error_document(error, exit_code=1))
        say(f"internal error: {_one_line(error)} (a bug of optimizer; --debug shows where)")
        return 1


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:500] if text else type(error).__name__


def main(arguments: Sequence[str] | None = None) -> Any:
    """Entry point of the `optimizer` script."""
    raise SystemExit(invoke(sys.argv[1:] if arguments is None else arguments))
