"""Ceilings on halls and spending that follow from land, power and starts: bounds of columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.data import CLASSES, PlanningData

# Where nothing limits the halls of a site.
UNLIMITED_HALLS = 1000.0


def halls_upper(data: PlanningData) -> NDArray[np.float64]:
    """Largest number of halls of each programme that land and power can ever carry, shape (J,)."""
    programmes, paths, sites = data.programmes, data.paths, data.sites
    upper = np.floor(sites.halls_mw_max[programmes.site] / programmes.hall_mw + 1e-9)
    if len(paths.site):
        best = np.zeros((len(sites.name), data.periods.count))
        np.maximum.at(best, paths.site, paths.mw)
        peak = programmes.peak_mw
        with np.errstate(divide="ignore", invalid="ignore"):
            carried = np.where(peak > 0, best[programmes.site] / peak, np.inf).min(axis=1)
        upper = np.minimum(upper, np.floor(carried + 1e-9))
    if data.sites.starts_max is not None:
        upper = np.where(programmes.start >= 0, np.minimum(upper, data.sites.starts_max), upper)
    if data.starts_max is not None:
        upper = np.where(programmes.start >= 0, np.minimum(upper, data.starts_max), upper)
    return np.where(programmes.block >= 0, 1.0, np.maximum(0.0, upper))


def most_halls(data: PlanningData) -> NDArray[np.float64]:
    """Most halls that a site can hold, shape (S,): blocks beside what land and starts allow."""
    programmes = data.programmes
    upper = halls_upper(data)
    new = programmes.block < 0
    n_sites = len(data.sites.name)
    blocks = np.zeros(n_sites)
    site_of_block = programmes.site[~new]
    for site in range(n_sites):
        blocks[site] = len(np.unique(programmes.block[~new][site_of_block == site]))
    starts = np.zeros(n_sites)
    np.add.at(starts, programmes.site[new], upper[new])
    # Starts limit each period's programmes apart, so that their sum counts, up to land's ceiling.
    smallest = np.full(n_sites, np.inf)
    np.minimum.at(smallest, programmes.site[new], programmes.hall_mw[new])
    by_land = np.where(
        np.isfinite(smallest), data.sites.halls_mw_max / np.where(np.isfinite(smallest), smallest, 1.0), 0.0
    )
    return np.minimum(starts, by_land) + blocks


def most_spending(data: PlanningData) -> NDArray[np.float64]:
    """Ceiling on spending by class and planning period, shape (4, P), real [USD]."""
    planning = data.periods.planning
    programmes = data.programmes
    halls = np.minimum(most_halls(data), UNLIMITED_HALLS)
    result = np.zeros((len(CLASSES), planning))
    for name, flows in (("facility", programmes.facility_usd), ("chips", programmes.chips_usd)):
        dearest = np.zeros((len(halls), planning))
        np.maximum.at(dearest, programmes.site, flows[:, :planning])
        result[CLASSES.index(name)] = halls @ dearest
    own = data.developments
    inside = own.period < planning
    np.add.at(result[CLASSES.index("chips")], own.period[inside], own.usd[inside])
    result[CLASSES.index("power")] = data.paths.capital_usd[:, :planning].sum(axis=0)
    result[CLASSES.index("land")] = data.sites.opening_usd.sum()
    return result
