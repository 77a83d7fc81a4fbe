"""Options that commands share, and the types of their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_SECONDS = {"ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|min|m|h)?\s*")


class Duration(click.ParamType):  # type: ignore[type-arg]
    """A time such as `120s`, `2m`, `1h30m` or a bare number of seconds; the value is in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, (int, float)):
            return float(value)
        seconds, position = 0.0, 0
        for match in _PART.finditer(value):
            bare = match[2] is None
            if match.start() != position or (bare and match[0] != value):
                break
            seconds += float(match[1]) * _SECONDS[match[2] or "s"]
            position = match.end()
        if position != len(value) or not 0 < seconds < math.inf:
            self.fail(f"{value!r} is not a time; expected 120s, 2m, 1h30m or seconds above 0", param, ctx)
        return seconds


class Gap(click.ParamType):  # type: ignore[type-arg]
    """A relative gap: a fraction such as 0.005, or 0.5%."""

    name = "gap"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            gap = float(value[:-1]) / 100 if isinstance(value, str) and value.endswith("%") else float(value)
        except ValueError:
            gap = math.nan
        if not 0 <= gap < 1:
            self.fail(f"{value!r} is not a gap; expected a fraction from 0 to below 1, or 0.5%", param, ctx)
        return gap


class Override(click.ParamType):  # type: ignore[type-arg]
    """`key=value` of --set."""

    name = "key=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        key, sign, text = value.partition("=")
        if not sign or not key.strip():
            self.fail(f"{value!r} has no key=value; expected such as money.wacc=0.09", param, ctx)
        return key.strip(), text


def common(command: Command) -> Command:
    """Options of every command: --json and --debug."""
    command = click.option(
        "--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error."
    )(command)
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")(command)


def overrides(command: Command) -> Command:
    """--set K=V, as often as wanted."""
    return click.option(
        "--set",
        "settings",
        type=Override(),
        multiple=True,
        metavar="KEY=VALUE",
        help="Replace one value, such as money.wacc=0.09 or 'sites[abilene].onsite.gas.max_mw=500'.",
    )(command)
