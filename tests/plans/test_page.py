"""The page and the workbook: nothing runs, nothing is fetched, nothing is lost."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

import optimizer
from optimizer.plan import Plan
from optimizer.report.page import write_page
from optimizer.report.workbook import write_workbook

from .conftest import CONFIGS

EVIL = "</td><script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://example.org")'


@pytest.fixture(scope="module")
def spoilt() -> Plan:
    """A plan whose free texts are hostile."""
    overrides = {
        "description": {"text": EVIL}["text"],
        "sites[abilene].partners": EVIL,
        "sites[abilene].source": FORMULA,
        "sites[port-washington].partners": FORMULA,
    }
    scenario = optimizer.load(CONFIGS / "minimal.yaml", {k: f"'{v}'" for k, v in overrides.items()})
    return optimizer.solve(scenario, time_limit=60, gap=0.001)


def test_texts_of_a_scenario_do_not_run(spoilt: Plan, tmp_path: Path) -> None:
    write_page(spoilt, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page
    assert "<script" not in page.lower()
    assert not re.search(r"<[^>]+\son\w+\s*=", page)


@pytest.mark.parametrize("name", ["minimal", "stargate", "world"])
def test_page_fetches_nothing(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    plan: Plan = request.getfixturevalue(name)
    write_page(plan, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    fetched = re.findall(
        r"""(?:src|href|action)\s*=\s*["']?(?!#|data:)([^"'>\s]+)|url\((?!["']?(?:#|data:))([^)]*)\)""", page
    )
    assert not fetched, fetched[:3]
    assert "verified" in page
    assert len(page) < 3_000_000
    for site in plan.builds["site"].unique():
        assert site in page


def test_page_says_what_the_plan_says(minimal: Plan, tmp_path: Path) -> None:
    write_page(minimal, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"${minimal.objective / 1e9:,.1f} bn" in page
    assert f"{100 * minimal.gap:.2f} %" in page


def test_workbook_holds_texts_as_texts(spoilt: Plan, tmp_path: Path) -> None:
    write_workbook(spoilt, tmp_path / "plan.xlsx")
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
        names = book.namelist()
    assert len(sheets) >= len(spoilt.tables())
    formulas = [text for sheet in sheets for text in re.findall(r"<f>(.*?)</f>", sheet)]
    # The statement calculates; what a scenario says stands in no formula.
    called = {name for text in formulas for name in re.findall(r"([A-Z.]+)\(", text)}
    assert called <= {"SUM", "SUMIF", "ROUND", "SUMPRODUCT", "IRR", "IFERROR"}
    assert sum("<f>" in sheet for sheet in sheets) == 2
    assert not any("HYPERLINK" in text or "http" in text for text in formulas)
    assert not any("<hyperlink" in sheet for sheet in sheets)
    assert not any("externalLink" in name for name in names)


def test_charts_come_through_the_entry_point(minimal: Plan) -> None:
    for name in ("map", "timeline", "sites", "capex", "demand", "waterfall"):
        chart = getattr(minimal.plot, name)(width=600).to_dict()
        assert chart["$schema"].startswith("https://vega.github.io")
