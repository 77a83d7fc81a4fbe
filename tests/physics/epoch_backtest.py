"""Campuses of Epoch AI entered by date, IT megawatts and types of chips: what the plan says beside what Epoch says.

Nothing is tuned by site, so that one half of the campuses says how the other comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

import optimizer
from optimizer.scenario.schema import month_label

from ..data_folder import ROOT
from .epoch_campuses import campuses

CONFIG = ROOT / "configs" / "backtest-epoch.yaml"

# Epoch's constants a MW of IT [USD of 2025; a year]: the same at every campus, no measurement.
CAPITAL_USD_PER_MW = 37.882e6
OPEX_USD_PER_MW_YEAR = 0.902e6

FIGURES = ("h100e", "facility_mw", "capital_usd", "opex_usd_per_year")


@dataclass(frozen=True)
class Compared:
    """A campus after a rise of its IT megawatts.

    Attributes
    ----------
    campus, date : str
        Epoch's name; YYYY-MM-DD of its entry.
    it_mw : float
        [MW]
    ours, epochs : dict of str to float
        By figure: h100e (dense 8-bit, installed), facility_mw (peak), capital_usd (so far) and opex_usd_per_year
        (dollars of 2025).
    """

    campus: str
    date: str
    it_mw: float
    ours: dict[str, float]
    epochs: dict[str, float]

    def error(self, figure: str) -> float:
        """Relative to Epoch's [fraction]."""
        return self.ours[figure] / self.epochs[figure] - 1.0


@cache
def plan() -> Any:
    """The plan of the shipped scenario: everything in it is decided, it is evaluated, accounted for and checked."""
    return optimizer.solve(optimizer.load(CONFIG), time_limit=120)


def compare(found: Any) -> list[Compared]:
    """A plan of the campuses beside Epoch's entries, by campus and date.

    A block runs from the first period that starts on or after its month; of entries that fall into one period the last
    is compared.
    """
    tables = found.tables()
    horizon = found.scenario.horizon
    months = horizon.months_per_period
    hours = 8760.0 * months / 12
    work = tables["work"].groupby(["site", "period"])["unit_hours"].sum() / hours
    peak = tables["sites_by_period"].set_index(["site", "period"])["peak_mw"]
    opex = tables["opex_by_site"].groupby(["site", "period"])["usd"].sum() * 12 / months
    capital = tables["capex_by_class"].groupby(["site", "period"])["usd"].sum()
    compared = []
    for campus in campuses():
        by_period = {-((horizon.start - entry.month) // months): entry for entry in campus.entries}
        spent = capital[campus.site]
        for period, entry in by_period.items():
            label = month_label(horizon.start + period * months)
            at = (campus.site, label)
            ours = (work[at], peak[at], spent[spent.index <= label].sum(), opex[at])
            epochs = (entry.h100e, entry.facility_mw, entry.capital_usd, entry.opex_usd_per_year)
            compared.append(
                Compared(
                    campus.name,
                    entry.date,
                    entry.it_mw,
                    dict(zip(FIGURES, map(float, ours), strict=True)),
                    dict(zip(FIGURES, epochs, strict=True)),
                )
            )
    return compared


def held_out(rows: Sequence[Compared]) -> list[Compared]:
    """Every second campus by name."""
    names = sorted({row.campus for row in rows})[1::2]
    return [row for row in rows if row.campus in names]


def last_of_each(rows: Sequence[Compared]) -> list[Compared]:
    """The last entry of each campus."""
    return list({row.campus: row for row in rows}.values())


def errors(rows: Sequence[Compared], figure: str) -> NDArray[np.float64]:
    """Relative errors [fraction]."""
    return np.array([row.error(figure) for row in rows])


def median_error(rows: Sequence[Compared], figure: str) -> float:
    """Median of absolute relative errors [fraction]."""
    return float(np.median(np.abs(errors(rows, figure))))


def variant(text: str) -> list[Compared]:
    """Another scenario of the same campuses beside Epoch."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "variant.yaml"
        path.write_text(text, encoding="utf-8")
        return compare(optimizer.solve(optimizer.load(path), time_limit=120))


@cache
def rows() -> list[Compared]:
    """The shipped scenario beside Epoch."""
    return compare(plan())
