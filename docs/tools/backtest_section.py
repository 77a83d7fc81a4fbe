"""The section of docs/validation.md on Epoch AI's campuses; write_validation.py puts it there."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

import numpy as np
import write_backtest

from optimizer import catalog
from tests.physics import epoch_backtest as backtest
from tests.physics.epoch_backtest import Compared
from tests.physics.epoch_campuses import all_campuses, campuses

# Epoch's tables are of August 2026: what is dated later is its projection.
TABLES_OF = "2026-08-31"

TITLES = {
    "h100e": "H100e (8-bit)",
    "facility_mw": "facility MW",
    "capital_usd": "capital",
    "opex_usd_per_year": "operating cost a year",
}


def row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def paragraph(*parts: str) -> list[str]:
    return textwrap.wrap(" ".join(parts), 150, break_long_words=False, break_on_hyphens=False)


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def medians_table(rows: list[Compared]) -> list[str]:
    """Median absolute errors over groups of entries."""
    kept_back = backtest.held_out(rows)
    groups = {
        "all": rows,
        "held-out campuses": kept_back,
        "the others": [found for found in rows if found not in kept_back],
        "entries to August 2026": [found for found in rows if found.date <= TABLES_OF],
        "Epoch's projections": [found for found in rows if found.date > TABLES_OF],
        "last entry of each": backtest.last_of_each(rows),
    }
    heads = ["median absolute error", *(f"{name} ({len(some)})" for name, some in groups.items())]
    lines = [row([*heads, "median error, all", "within 15 %"]), row(["---"] * (len(heads) + 2))]
    for figure, title in TITLES.items():
        away = backtest.errors(rows, figure)
        lines.append(
            row(
                [
                    title,
                    *(percent(backtest.median_error(some, figure)) for some in groups.values()),
                    f"{100 * np.median(away):+.1f} %",
                    f"{100 * np.mean(np.abs(away) <= 0.15):.0f} %",
                ]
            )
        )
    return lines


def variants() -> dict[str, Callable[[str], str]]:
    """Rules that might have been taken instead, as changes of the scenario's text."""

    def towers(text: str) -> str:
        return text.replace("dlc_chiller", "dlc_tower").replace("air_chiller", "water_chiller_economizer")

    def outdoors(text: str) -> str:
        return text.replace("dlc_chiller", "dlc_dry").replace("air_chiller", "air_economizer")

    def with_network(text: str) -> str:
        for chip in ("gb200_nvl72", "gb300_nvl72"):
            kw = 1.14 * catalog.chip(chip).it_kw_per_rack
            text = text.replace(f"{chip}: {{", f"{chip}: {{it_kw_per_rack: {kw:g}, ")
        return text

    return {
        "dry coolers for liquid, outdoor air for the rest": outdoors,
        "towers for both": towers,
        "megawatts shared equally among all types of chips that are out": lambda _: write_backtest.text(
            False
        ),
        "3 % of the chips not at work, the catalog's availability": lambda text: text.replace(
            ", availability: 1", ""
        ),
        "14 % of IT power for network and storage beside the racks of 72, too": with_network,
    }


def variants_table(rows: list[Compared]) -> list[str]:
    lines = [
        row(["rule", "H100e", "held out", "facility MW", "held out"]),
        row(["---"] * 5),
    ]
    text = backtest.CONFIG.read_text(encoding="utf-8")
    found = {"as shipped": rows} | {
        name: backtest.variant(change(text)) for name, change in variants().items()
    }
    for name, some in found.items():
        cells = [
            percent(backtest.median_error(part, figure))
            for figure in ("h100e", "facility_mw")
            for part in (some, backtest.held_out(some))
        ]
        lines.append(row([name, *cells]))
    return lines


def campuses_table(rows: list[Compared]) -> list[str]:
    """Every campus at its last entry."""
    kept_back = {found.campus for found in backtest.held_out(rows)}
    heads = ["campus (held out: *)", "date", "IT MW"]
    for title in ("H100e", "facility MW", "capital [B$]", "operating [M$ a year]"):
        heads += [title, "Epoch", "error"]
    scales = {"h100e": 1.0, "facility_mw": 1.0, "capital_usd": 1e9, "opex_usd_per_year": 1e6}
    lines = [row(heads), row(["---"] * len(heads))]
    for found in backtest.last_of_each(rows):
        star = " *" if found.campus in kept_back else ""
        cells = [f"{found.campus}{star}", found.date, f"{found.it_mw:,.0f}"]
        for figure, scale in scales.items():
            digits = 1 if figure == "capital_usd" else 0
            pair = (found.ours[figure] / scale, found.epochs[figure] / scale)
            cells += [f"{value:,.{digits}f}" for value in pair]
            cells.append(f"{100 * found.error(figure):+.0f} %")
        lines.append(row(cells))
    return lines


def opex_by_line() -> str:
    """What a megawatt of IT costs a year in the summer of 2026, by line [M$]."""
    tables, label = backtest.plan().tables(), "2026-07"
    cost, sites = tables["opex_by_site"], tables["sites_by_period"]
    by_line = cost[cost["period"] == label].groupby("line")["usd"].sum()
    per_mw = by_line * 12 / write_backtest.MONTHS_PER_PERIOD
    per_mw = per_mw / sites.loc[sites["period"] == label, "it_mw"].sum() / 1e6
    parts = per_mw.sort_values(ascending=False)
    return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in parts.items())


def section() -> list[str]:
    """Lines of the section."""
    rows = backtest.rows()
    left_out = [found.name for found in all_campuses() if found.entries and not found.chips]
    empty = [found.name for found in all_campuses() if not found.entries]
    entered = campuses()
    nowhere = [found.name for found in entered if found.lat is None]
    facility = np.array([found.ours["facility_mw"] / found.it_mw for found in rows])
    capital = np.array([found.ours["capital_usd"] / found.it_mw for found in rows]) / 1e6
    return [
        "## Backtest: Epoch AI's campuses",
        *paragraph(
            f"`configs/backtest-epoch.yaml` enters {len(entered)} campuses of Epoch AI, Data Centers (August 2026, CC BY",
            "4.0), by date, IT megawatts and type of chip alone; the plan's tables stand beside Epoch's figures after every",
            "rise of IT megawatts. H100e and facility megawatts are **predictions**: the rules stand at the head of the file",
            "and are the same everywhere, nothing is tuned by campus. Every second campus by name is held out, to say how",
            "campuses that are not given come out; the rules themselves were chosen with all campuses in sight, so what others",
            "would have given stands below. **Capital and operating cost are compared with constants**: Epoch has 37.9 M$ and",
            "0.90 M$ a year a MW of IT at every campus and date, which measure nothing. Of entries within a quarter the last is",
            "compared.",
        ),
        "",
        *medians_table(rows),
        "",
        *paragraph(
            f"Left out, as Epoch does not name their chips: {', '.join(left_out)}. Without IT megawatts in any entry:",
            f"{', '.join(empty)}. Without coordinates, entered at their country's capital: {', '.join(nowhere)}. The",
            "catalog's weather nearest to China's campuses is Seoul's, to Portugal's London's, to those of Malaysia and Indonesia",
            "Singapore's.",
        ),
        "",
        *paragraph(
            "**H100e.** Chips installed times their dense 8-bit rate. Racks of GB200 and GB300 come out 14 % high throughout:",
            "Epoch's megawatts fit racks of 132 and 140 kW with 14 % for network and storage on top, and the catalog has the",
            "racks alone (last row of the table of other rules). Campuses that are far off hold chips that are not among the types",
            "named (projections of Google and Microsoft, down to 40 % of Epoch's), B200 in air-cooled servers (Denton), or older",
            "types when a newer one on their list was out (Ridgeland, Papillion). Epoch's tables give no shares of types.",
        ),
        "",
        *paragraph(
            "**Facility MW.** Both are nameplate. Here it is the power of the facility in the worst hour of the weather at full IT",
            f"load, {facility.min():.2f} to {facility.max():.2f} MW a MW of IT; Epoch's own estimates lie mostly at 1.2, 1.3, 1.35",
            "and 1.4, and their spread is most of the error.",
        ),
        "",
        *paragraph(
            f"**Capital** is {capital.min():.0f} to {capital.max():.0f} M$ a MW of IT by chip, market and date, without land,",
            "sales tax and refresh. **Operating cost** is twice Epoch's constant. In the third quarter of 2026 a MW of IT costs,",
            f"in M$ a year: {opex_by_line()}. Without repair of servers, property tax and insurance it would be about Epoch's;",
            "what its constant holds is not in its tables.",
        ),
        "",
        "Other rules, and what they would have given (median absolute error):",
        "",
        *variants_table(rows),
        "",
        "Each campus at its last entry:",
        "",
        *campuses_table(rows),
    ]
