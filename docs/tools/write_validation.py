"""Write docs/validation.md from what the tests in tests/physics compute; needs the raw data that they need."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

DOCS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(DOCS.parent), str(DOCS / "tools")]

import backtest_section  # noqa: E402

from tests.physics import published_money as money  # noqa: E402
from tests.physics import test_lei_masanet as lei  # noqa: E402
from tests.physics import test_operators as operators  # noqa: E402

CASE_NAMES = {
    1: (
        "case 1: hyperscale, outdoor air, water-cooled chillers behind it",
        "Drawn with `dec_policy: lei2022`. WUE is too low where it is hot and damp, at the 5th "
        "percentile: chillers there run a third "
        "of the year longer than the published ranges explain, as if the damp end of the box were "
        "nearer to 21 degC dew point than to "
        "27.",
    ),
    2: (
        "case 2: hyperscale, water-side economizer",
        "`water_heat_basis: q`, as the published code counts the towers' water.",
    ),
    6: (
        "case 6: midsize, outdoor air, air-cooled chillers behind it",
        "Neither the chillers' regression nor their part load is published. Chosen: the air-cooled "
        "machine of EnergyPlus's example (COP 2.67 "
        "at 6.67/35 degC), no humidifiers (`dec_policy: lei2022_midsize`). Hot climates lie low and "
        "cold ones high at the 95th percentile: "
        "their chillers follow the outdoors more steeply.",
    ),
}


def row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def operators_table() -> list[str]:
    lines = ["| operator | set-up |", "| --- | --- |"]
    lines += [
        row([name, f"`{setup.cooling}`: {setup.source}"]) for name, setup in operators.OPERATORS.items()
    ]
    lines += [
        "",
        "Outdoor-air halls of these operators keep dew points of 5.5 to 15 degC, ASHRAE's recommendation from 2008 to 2015.",
        "",
        "| operator | campus | weather | PUE published, latest year | here | error |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for (name, campus), (weather, said, model) in operators.campuses().items():
        lines.append(
            row([name, campus, f"`{weather}`", f"{said:.2f}", f"{model:.3f}", f"{model - said:+.3f}"])
        )
    lines += [
        "",
        "| fleet | weathers | PUE published | here | WUE published [L/kWh] | here |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    fleets = (
        ("Meta", "nine US campuses", operators.META, "1.08", "0.18-0.26"),
        ("Microsoft", "five campuses that publish", operators.MICROSOFT, "1.17", "0.27"),
        ("AWS", "eleven regions", operators.AWS, "1.15", "0.15"),
    )
    for name, what, weathers, pue, wue in fleets:
        found = operators.fleet(name, weathers)
        lines.append(row([name, what, pue, f"{found[0]:.3f}", wue, f"{found[1]:.2f}"]))
    google, microsoft = operators.errors("Google"), operators.errors("Microsoft")
    lines += [
        "",
        f"Google: mean error {google.mean():+.3f}, median of absolute errors {np.median(np.abs(google)):.3f}. "
        f"Microsoft: {microsoft.mean():+.3f} and {np.median(np.abs(microsoft)):.3f}; its campuses hold older halls of",
        "several kinds, which one set-up of today does not show. Published: operators' reports as of October 2025.",
    ]
    return lines


def climates_table(case: int) -> list[str]:
    published = lei.CASES[case][0]
    columns = ("PUE 5 %", "PUE 95 %", "WUE 5 % [L/kWh]", "WUE 95 %")[: len(next(iter(published.values())))]
    heads = ["zone"] + [cell for column in columns for cell in (column, "error")]
    lines = [row(heads), row(["---"] * len(heads))]
    for zone, away in lei.errors(case).items():
        found = lei.percentiles(case, zone)
        cells = [zone]
        for i, (value, error) in enumerate(zip(found, away, strict=True)):
            digits = 3 if i < 2 else 2
            cells += [f"{value:.{digits}f}", f"{error:+.{digits}f}"]
        lines.append(row(cells))
    away = np.abs(np.array(list(lei.errors(case).values())))
    lines += ["", "Mean absolute error: " + ", ".join(
        f"{column.split(' [')[0]} {value:.3f}" for column, value in zip(columns, away.mean(axis=0), strict=True)
    ) + "."]  # fmt: skip
    return lines


def money_section() -> list[str]:
    """Published money beside ours; seconds, so that it can be written again alone."""

    def amount(value: float) -> str:
        return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"

    within = ", ".join(
        f"{name} {sum(abs(error) <= 0.15 for error in errors)}"
        for name, errors in money.errors_by_reading().items()
    )
    lines = [
        "## Money",
        "Predictions come from the catalog's general figures; arithmetic checks take the publication's own inputs, or inputs found",
        "back from what it says",
        "(rate and split of V14, FP8 and 1.45 $/GPU-h of V15, the building of V16), and test sums only. Some predictions are not",
        "blind: how a rack's price splits up (V17) is Bernstein's own split, and the hall's cost was set with Abilene's campus and",
        "the 19 markets in view (V32). A span is compared at its nearer end.",
        "",
        "- V17: 3 % of Bernstein's bill are left for shell and land, 8 % of ours, so that plant comes out low.",
        "- V18: nothing here reaches the 50 to 60 B$ that Barclays and NVIDIA name. AMD's chips are cheap a megawatt: 27 to 28.",
        "- V31: what an hour of a chip costs its owner by `optimizer.chip_cost`, bought at the price of release, resale credited,",
        "  in Columbus, Ohio: hyperscalers at 8 % over 5 years, neoclouds at 12 % over 4. Who has which life, when chips were",
        "  bought and what they sell for at the end is not published. Of the twelve costs are within 15 %:",
        f"  {within}. The order of the six is the published one. Not blind: a first reading, which added a host to each GPU's",
        "  quoted price, had B200 and MI355X 18 to 26 % high; since then every server of eight is priced by one rule, the",
        "  quoted price times what an H100's share of its server (25 k$) bears to its quoted price (28 k$).",
        "- V32: the index knows states, not cities; Abilene's first 206 MW bore what the whole campus needs first; the survey",
        "  leaves out plant that owners furnish.",
        "",
        "| target | figure | published | here | error | asked | kind |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for target in money.TARGETS:
        for one in target():
            span = one.published if isinstance(one.published, tuple) else (one.published,)
            if one.absolute:
                error, asked = f"{one.error:+.2f}", f"± {one.asked:g}"
            else:
                error, asked = f"{one.error:+.1%}".replace("%", " %"), f"± {100 * one.asked:g} %"
            if one.asked == 0:
                asked = "within" if len(span) > 1 else "exact"
            # A rounded zero has no sign.
            error = error.replace("-0.0 %", "+0.0 %") if error.startswith("-0.0 ") else error
            cells = [one.target, one.figure, "-".join(map(amount, span)), amount(one.here), error]
            lines.append(row([*cells, asked if one.met else f"{asked}, missed", one.kind]))
    return lines


def page() -> str:
    lines = [
        "# Physics beside published figures",
        "",
        "Each figure beside the published one, with the error as it is. Tests hold what is said here "
        "(`tests/physics`, `tests/reference`); the "
        "short list is in",
        "[physics](physics.md). This page is written by `python docs/tools/write_validation.py`.",
        "",
        "## Operators' campuses",
        "One set-up an operator, from what it has said of its buildings; the rest is the catalog's. "
        "Weather is the nearest of the catalog, a typical year.",
        "",
        *operators_table(),
        "",
        *backtest_section.section(),
        "",
        "## Fifteen climates (Lei and Masanet 2022)",
        f"5th and 95th percentile of {lei.SAMPLES} samples of their ranges (table B.1); error beside the published value. Their",
        "chillers' COP depends on the condenser's side and on the load alone; DOE-2.1E's curve at the "
        "warm end of its range stands for it.",
    ]
    for case in (2, 1, 6):
        name, how = CASE_NAMES[case]
        lines += ["", f"### {name[0].upper()}{name[1:]}", how, "", *climates_table(case)]
    lines += ["", *money_section()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (DOCS / "validation.md").write_text(page(), encoding="utf-8")
