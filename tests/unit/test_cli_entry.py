"""The command line's frame: start-up, usage, errors and exit codes, one JSON object."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types

import click
import pytest

from optimizer.cli import entry
from optimizer.errors import OptimizerError


class BadInput(OptimizerError):
    exit_code = 2


class Impossible(OptimizerError):
    exit_code = 3


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    """A command `fail` that raises what it is given."""

    def install(error: BaseException) -> None:
        @click.command("fail")
        @click.option("--json", "as_json", is_flag=True)
        @click.option("--debug", is_flag=True)
        def command(as_json: bool, debug: bool) -> None:
            raise error

        module = types.ModuleType("optimizer_failing_command")
        module.command = command  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "optimizer_failing_command", module)
        monkeypatch.setitem(entry.COMMANDS, "fail", ("optimizer_failing_command", "Fails."))

    return install


def test_help_imports_click_and_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from optimizer.cli.entry import invoke\n"
        "code = invoke(['--help'])\n"
        "roots = {name.partition('.')[0] for name in sys.modules}\n"
        "site = {n for n in roots if 'site-packages' in (getattr(sys.modules.get(n), '__file__', None) or '')}\n"
        "print('LOADED', sorted(site), code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded, code = done.stdout.rpartition("LOADED ")[2].rsplit(" ", 1)
    assert "Commands:" in done.stdout
    # What the interpreter loads for an editable installation is not ours.
    ours = {
        name
        for name in json.loads(loaded.replace("'", '"'))
        if not name.startswith(("__editable", "_distutils"))
    }
    assert ours <= {"click"}
    assert code.strip() == "0"


def test_help_names_every_command_and_each_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.invoke(["--help"]) == 0
    listed = capsys.readouterr().out
    for name in entry.COMMANDS:
        assert f"\n  {name} " in listed
        assert entry.invoke([name, "--help"]) == 0
        text = capsys.readouterr().out
        assert text.startswith(f"Usage: optimizer {name}")


def test_every_command_offers_json() -> None:
    def leaves(command: click.Command, path: str):
        if isinstance(command, click.Group):
            for name in command.list_commands(click.Context(command)):
                inner = command.get_command(click.Context(command), name)
                assert inner is not None
                yield from leaves(inner, f"{path} {name}")
        else:
            yield path, command

    found = dict(leaves(entry.program, "optimizer"))
    assert len(found) >= len(entry.COMMANDS)
    for path, command in found.items():
        options = {name for parameter in command.params for name in parameter.opts}
        assert {"--json", "--debug"} <= options, path


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["run"],
        ["run", "x.yaml", "--gap", "nan"],
        ["run", "x.yaml", "--time-limit", "soon"],
        ["--bogus"],
    ],
)
def test_wrong_use_is_bad_input(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.invoke(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert "Error:" in err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("configs/base.yaml:7:5  E102 sites[0].tarif: unknown key"), 2),
        (Impossible("demand.min_it_mw at 2026-01 misses 120 MW"), 3),
        (RuntimeError("a\nb"), 1),
        (MemoryError(), 1),
        (KeyboardInterrupt(), 130),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_errors_become_a_line_and_an_exit_code(
    failing, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, as_json: bool
) -> None:
    failing(error)
    assert entry.invoke(["fail", "--json"] if as_json else ["fail"]) == code
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    if as_json:
        document = json.loads(out)
        assert document["schema_version"] == 1
        assert document["error"]["exit_code"] == code
    else:
        assert out == ""


def test_problems_keep_their_place_in_json(failing, capsys: pytest.CaptureFixture[str]) -> None:
    error = BadInput("one problem")
    problem = types.SimpleNamespace(
        file="a.yaml", line=7, column=5, code="E102", path="sites[0].tarif", message="unknown key"
    )
    error.problems = (problem,)  # type: ignore[attr-defined]
    failing(error)
    assert entry.invoke(["fail", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["error"]["problems"] == [
        {
            "file": "a.yaml",
            "line": 7,
            "column": 5,
            "code": "E102",
            "path": "sites[0].tarif",
            "message": "unknown key",
        }
    ]


def test_debug_shows_where_a_bug_is(failing) -> None:
    failing(RuntimeError("broken"))
    with pytest.raises(RuntimeError, match="broken"):
        entry.invoke(["fail", "--debug"])


def test_control_characters_do_not_reach_the_terminal(failing, capsys: pytest.CaptureFixture[str]) -> None:
    failing(BadInput("name \x1b[31mred\x1b[0m\x07"))
    entry.invoke(["fail"])
    assert "\x1b" not in capsys.readouterr().err


def test_closed_pipe_is_no_error() -> None:
    program = "import os, sys\nfrom optimizer.cli.entry import main\nmain(['schema'])\n"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-c", program], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert "Traceback" not in done.stderr
    assert done.stderr == ""
