"""Prices of grid energy: hourly wholesale series by hub, mean industrial price by state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from optimizer.catalog.fact import CatalogError, Fact, as_fact, read_facts
from optimizer.catalog.packing import PRICE_SCALE, decode, members, read_member

Floats = npt.NDArray[np.float64]

_HUBS: dict[str, str] = {
    "ercot-hubavg": "ERCOT, HB_HUBAVG, day-ahead",
    "pjm-dom": "PJM, Dominion zone, real time",
    "caiso-np15": "CAISO, NP15",
    "nyiso-capitl": "NYISO, Capital zone, day-ahead",
}
# A year with more missing hours than this is not taken by default.
_COMPLETE_SHARE = 0.98
_DAY = 24


@dataclass(frozen=True, eq=False)
class PriceSeries:
    """Hourly price at a hub over one calendar year.

    Attributes
    ----------
    hub : str
    year : int
    usd_per_mwh : (n_hours,) array
        Price from midnight UTC on 1 January, nominal [USD/MWh].
    source : str
    filled_hours : int
        Hours missing in the source; each holds the mean of the nearest known hours one or more whole
        days before and after it.
    """

    hub: str
    year: int
    usd_per_mwh: Floats
    source: str
    filled_hours: int


def price_hubs() -> tuple[str, ...]:
    """Ids of all hubs."""
    return tuple(_HUBS)


def price_years(hub: str) -> tuple[int, ...]:
    """Years of a hub's series, ascending.

    Raises
    ------
    CatalogError
        Unknown hub.
    """
    if hub not in _HUBS:
        raise CatalogError("price hub", hub, _HUBS)
    prefix = f"{hub}-"
    return tuple(
        sorted(int(name.removeprefix(prefix)) for name in members("prices.npz") if name.startswith(prefix))
    )


@lru_cache(maxsize=16)
def price_series(hub: str, year: int | None = None) -> PriceSeries:
    """Hourly price at a hub; by default of the latest year of which 98 % of the hours are known. Read-only.

    Raises
    ------
    CatalogError
        Unknown hub or year.
    """
    years = price_years(hub)
    if year is None:
        known = {y: decode(read_member("prices.npz", f"{hub}-{y}"), PRICE_SCALE) for y in years}
        year = max(y for y, values in known.items() if np.mean(~np.isnan(values)) >= _COMPLETE_SHARE)
        return price_series(hub, year)
    if year not in years:
        raise CatalogError(f"year of {hub}", str(year), [str(y) for y in years])
    values = decode(read_member("prices.npz", f"{hub}-{year}"), PRICE_SCALE)
    missing = np.flatnonzero(np.isnan(values))
    filled = _filled(values, missing)
    filled.flags.writeable = False
    return PriceSeries(hub, year, filled, f"{_HUBS[hub]}, {year}", len(missing))


def retail_states() -> tuple[str, ...]:
    """US states, two letters, with a retail price."""
    return tuple(read_facts("prices")["retail_industrial"])


def retail_price(state: str) -> Fact:
    """Mean industrial price in a US state, all charges in [USD/MWh].

    Raises
    ------
    CatalogError
        No such state.
    """
    known = read_facts("prices")["retail_industrial"]
    if state.upper() not in known:
        raise CatalogError("state", state, known)
    return as_fact(known[state.upper()])


def _filled(values: Floats, missing: npt.NDArray[np.intp]) -> Floats:
    # The same hour of neighbouring days keeps the shape of the day; a straight line over a lost day does not.
    result = values.copy()
    for hour in missing:
        before = values[hour % _DAY : hour : _DAY]
        after = values[hour + _DAY :: _DAY]
        neighbours = [*before[~np.isnan(before)][-1:], *after[~np.isnan(after)][:1]]
        result[hour] = sum(neighbours) / len(neighbours)
    return result
