"""Words, headings, tables and drawings of the report, without a plan."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from optimizer.report import palette, wording
from optimizer.report.svg import to_svg
from optimizer.report.tables import billions, by_period, figure, heading, plain_table


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (311.42e9, "$311.4 bn"),
        (-2.5e6, "−$2.5 M"),
        (9.994e9, "$9.99 bn"),
        (999.96e6, "$1.00 bn"),
        (0.0, "$0"),
        (math.inf, "–"),
        (None, "–"),
    ],
)
def test_dollars(value: float | None, text: str) -> None:
    assert wording.usd(value) == text


def test_headline_says_status_objective_bound_gap_and_check() -> None:
    text = wording.headline("optimal", 311.4e9, 310.2e9, 0.00385, True, "cost")
    for piece in ("optimal", "$311.4 bn", "$310.2 bn", "0.39 %", "verified"):
        assert piece in text
    assert "NOT verified" in wording.headline("feasible", 1.0, 0.5, 0.5, False, "cost")
    assert "no bound was proven" in wording.headline("feasible", 1.0, -math.inf, math.inf, True, "cost")
    most = wording.headline("optimal", 3e12, 3.1e12, 0.033, True, "compute", "h100e")
    assert "3.00 T H100e-hours" in most
    assert "yields more" in most


def test_every_status_has_words() -> None:
    for name in ("optimal", "feasible", "infeasible", "no_plan", "interrupted"):
        assert wording.status(name) != name


def test_headings_carry_the_unit() -> None:
    assert heading("wue_l_per_kwh") == "WUE [L/kWh]"
    assert heading("usd_per_gw_it") == "USD per GW of IT"
    assert heading("usd") == "USD"
    assert heading("asset_class") == "asset class"


def test_figures_by_unit() -> None:
    assert figure("usd_per_gw_facility", 35e9) == "$35.0 bn"
    assert figure("pue", 1.11849) == "1.118"
    assert figure("site", "=1+1") == "=1+1"
    assert figure("it_mw", math.nan) == "–"
    assert figure("halls", 1234) == "1,234"


def test_by_period_keeps_order_and_adds_a_total() -> None:
    frame = pd.DataFrame(
        [
            ("b", "2026-01", 1e9),
            ("b", "2026-07", 0.0),
            ("a", "2026-01", 2e9),
            ("a", "2026-07", 3e9),
            ("z", "2026-01", 0.0),
        ],
        columns=["site", "period", "usd"],
    )
    table = by_period(frame, ("site",), "usd", "money", billions, total=True)
    assert table.header == ("site", "2026-01", "2026-07")
    assert table.rows == (("b", "1.00", "·"), ("a", "2.00", "3.00"), ("total", "3.00", "3.00"))
    assert table.figures == {1, 2}


def test_columns_other_than_periods_keep_their_order() -> None:
    frame = pd.DataFrame(
        [("b", "it_maintenance", 2e9), ("b", "energy", 1e9)], columns=["site", "line", "usd"]
    )
    table = by_period(frame, ("site",), "usd", "money", billions, total=True, columns="line")
    assert table.header == ("site", "IT maintenance", "energy")
    assert table.rows == (("b", "2.00", "1.00"), ("total", "2.00", "1.00"))


def test_plain_table_sets_figures_right_and_words_left() -> None:
    frame = pd.DataFrame({"site": ["x"], "it_mw": [100.0], "partners": ["A & B"]})
    assert plain_table(frame, "t").figures == {1}


def test_palette_has_a_dark_counterpart_for_every_light_colour_and_no_clash() -> None:
    pairs = palette.dark_pairs()
    lights = [light for light, _ in pairs]
    assert len(set(lights)) == len(lights)
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for pair in pairs for colour in pair)


def test_asset_classes_keep_their_colour_in_any_selection() -> None:
    whole = dict(zip(palette.ASSET_CLASSES, palette.series(palette.ASSET_CLASSES), strict=True))
    assert palette.series(["chips", "land"]) == [whole["chips"], whole["land"]]
    assert len(set(whole.values())) == 4


def test_drawings_escape_text_and_carry_title_and_description() -> None:
    import altair as alt

    frame = pd.DataFrame({"name": ["<script>alert(1)</script>"], "value": [1.0]})
    chart = alt.Chart(frame).mark_bar().encode(x="value:Q", y="name:N")
    drawn = to_svg(chart, "one", "title <&>", 'description "x"')
    assert "<script" not in drawn
    assert "&lt;script" in drawn
    assert '<title id="one-title">title &lt;&amp;&gt;</title>' in drawn
    assert 'aria-labelledby="one-title one-desc"' in drawn
    assert "<desc id=" in drawn


def test_ids_of_two_drawings_do_not_clash() -> None:
    import altair as alt

    frame = pd.DataFrame({"name": ["a"], "value": [1.0]})
    chart = alt.Chart(frame).mark_bar(clip=True).encode(x="value:Q", y="name:N")
    first, second = to_svg(chart, "one", "t", "d"), to_svg(chart, "two", "t", "d")
    ids = re.compile(r'\bid="([^"]+)"')
    assert set(ids.findall(first)).isdisjoint(ids.findall(second))
    assert "clip" in " ".join(ids.findall(first))
    for name in re.findall(r"url\(#([^)]+)\)", first):
        assert name in ids.findall(first)
