"""Values of options, progress, interrupts and tables of text."""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import types

import click
import pytest

from optimizer.cli.interrupt import StopRequest
from optimizer.cli.options import Duration, Gap, Override
from optimizer.cli.output import write_json
from optimizer.cli.progress import JsonLines, ProgressLine
from optimizer.cli.text_tables import table
from optimizer.report.tables import Table


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120s", 120),
        ("2m", 120),
        ("1h30m", 5400),
        ("90", 90),
        ("0.5s", 0.5),
        ("250ms", 0.25),
        ("2 min", 120),
        (".5m", 30),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "soon", "-5s", "0", "0s", "5x", "1e3", "nan", "inf", "5 5", "1h30", "s"]
)
def test_wrong_durations(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a time"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize(("text", "gap"), [("0.005", 0.005), ("0.5%", 0.005), ("0", 0.0), ("1e-4", 1e-4)])
def test_gaps(text: str, gap: float) -> None:
    assert Gap().convert(text, None, None) == pytest.approx(gap)


@pytest.mark.parametrize("text", ["nan", "-0.1", "1", "inf", "half", "", "%"])
def test_wrong_gaps(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a gap"):
        Gap().convert(text, None, None)


def test_overrides_split_at_the_first_equals_sign() -> None:
    assert Override().convert("description=a=b", None, None) == ("description", "a=b")
    for text in ("money.wacc", "=3", ""):
        with pytest.raises(click.BadParameter, match="has no key=value"):
            Override().convert(text, None, None)


def test_json_has_no_word_for_infinity(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"gap": math.inf, "bound": -math.inf, "x": [math.nan, 1.5]})
    text = capsys.readouterr().out
    assert text.count("\n") == 1
    assert json.loads(text) == {"schema_version": 1, "gap": None, "bound": None, "x": [None, 1.5]}


def test_first_signal_asks_and_second_gives_up(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with StopRequest() as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop()
        assert stop.requested
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before
    assert "best plan so far is kept" in capsys.readouterr().err


def test_signal_before_the_solver_asks_stops_at_once() -> None:
    with StopRequest() as stop:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        assert not stop.requested


def _report(objective: float, bound: float, gap: float) -> types.SimpleNamespace:
    return types.SimpleNamespace(seconds=12.34, objective=objective, bound=bound, gap=gap, phase="search")


def test_progress_says_seconds_incumbent_bound_gap_phase(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressLine("cost", "h100e", live=False) as progress:
        progress(_report(math.inf, 3.1e11, math.inf))
        progress(_report(3.2e11, 3.1e11, 0.03125))
        progress(_report(3.2e11, 3.1e11, 0.03125))  # nothing new: no further line
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert "12.3 s" in first
    assert "best –" in first
    assert second.split() == [
        "12.3",
        "s",
        "best",
        "$320.0",
        "bn",
        "bound",
        "$310.0",
        "bn",
        "gap",
        "3.12",
        "%",
        "search",
    ]


def test_log_lines_are_json() -> None:
    record = logging.LogRecord("optimizer", logging.INFO, "x.py", 1, "progress", None, None)
    record.fields = {"gap": math.inf, "phase": "search"}
    document = json.loads(JsonLines().format(record))
    assert document["event"] == "progress"
    assert document["gap"] is None
    assert document["phase"] == "search"


def test_tables_fit_their_width_and_lose_no_column() -> None:
    periods = [f"20{25 + n // 2}-{'07' if n % 2 else '01'}" for n in range(21)]
    rows = [("a-site-with-quite-a-long-name", *(f"{n * 100:,}" for n in range(21))), ("b", *("·",) * 21)]
    content = Table("IT MW", ("site", *periods), tuple(rows), frozenset(range(1, 22)))
    for columns in (80, 120):
        text = table(content, columns)
        assert max(len(line) for line in text.splitlines()) <= columns
        for period in periods:
            assert text.count(period) == 1
        assert "2,000" in text
