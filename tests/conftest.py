"""Options of the test run, and how many tests were skipped for want of data."""

from __future__ import annotations

import pytest

from .data_folder import ABSENT, RAW


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run tests that take minutes, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    missing = sum(ABSENT in str(report.longrepr) for report in skipped)
    where = "found" if RAW.is_dir() else "absent"
    terminalreporter.write_line(f"{missing} tests skipped for want of data (test data folder: {where})")
