"""Rules of power and water: one path a site, megawatts by date, energy billed by block, water ceiling."""

from __future__ import annotations

import numpy as np

from optimizer.planning.columns import MWH_UNIT, NONE, Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.model import ModelBuilder


def add_one_path(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """A site takes at most one supply path."""
    sites, counts = np.unique(data.paths.site, return_counts=True)
    sites = sites[counts > 1]
    if not len(sites):
        return
    rows = builder.rows("one_path", {"site": sites}, upper=1.0)
    row_of = np.full(len(data.sites.name), NONE, dtype=np.int64)
    row_of[sites] = rows.ids
    at = row_of[data.paths.site]
    m = np.flatnonzero(at != NONE)
    builder.add(at[m], columns.paths.first + m, 1.0)


def add_power(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Peak of running halls <= megawatts that the path taken delivers, every period."""
    programmes, paths = data.programmes, data.paths
    j, t = np.nonzero(programmes.peak_mw)
    if not len(j):
        return
    site = programmes.site[j]
    pairs = np.zeros((len(data.sites.name), data.periods.count), dtype=bool)
    pairs[site, t] = True
    row_of = np.full(pairs.shape, NONE, dtype=np.int64)
    at_site, at_period = np.nonzero(pairs)
    rows = builder.rows("power", {"site": at_site, "period": at_period}, upper=0.0)
    row_of[at_site, at_period] = rows.ids
    builder.add(row_of[site, t], columns.halls.first + j, programmes.peak_mw[j, t])
    block, period = np.nonzero(paths.block_mw)
    path = paths.block_path[block]
    row = row_of[paths.site[path], period]
    keep = row != NONE
    builder.add(
        row[keep],
        columns.paths.first + path[keep],
        -(paths.block_mw[block, period] * paths.delivered[block])[keep],
    )


def add_energy(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Energy delivered by the blocks >= energy of the halls; billed within what a block has and must sell."""
    programmes, paths = data.programmes, data.paths
    if not len(paths.block_name):
        return
    j, t = np.nonzero(programmes.energy_mwh)
    site = programmes.site[j]
    pairs = np.zeros((len(data.sites.name), data.periods.count), dtype=bool)
    pairs[site, t] = True
    at_site, at_period = np.nonzero(pairs)
    row_of = np.full(pairs.shape, NONE, dtype=np.int64)
    rows = builder.rows("energy", {"site": at_site, "period": at_period}, lower=0.0)
    row_of[at_site, at_period] = rows.ids
    builder.add(row_of[site, t], columns.halls.first + j, -programmes.energy_mwh[j, t] / MWH_UNIT)
    block, period = np.nonzero(columns.billed != NONE)
    billed = columns.billed[block, period]
    row = row_of[paths.site[paths.block_path[block]], period]
    keep = row != NONE
    builder.add(row[keep], billed[keep], paths.delivered[block[keep]])

    ceiling_gwh = paths.block_mw[block, period] * data.periods.hours / MWH_UNIT
    path = columns.paths.first + paths.block_path[block]
    # A path with one block is limited by its power already: peak >= mean.
    several = np.bincount(paths.block_path, minlength=len(paths.site))[paths.block_path[block]] > 1
    several |= np.bincount(paths.site)[paths.site[paths.block_path[block]]] > 1
    limited = np.flatnonzero(several)
    if len(limited):
        rows = builder.rows("block_energy", {"block": block[limited], "period": period[limited]}, upper=0.0)
        builder.add(rows.ids, billed[limited], 1.0)
        builder.add(rows.ids, path[limited], -ceiling_gwh[limited])
    taking = np.flatnonzero(paths.min_take[block] > 0)
    if len(taking):
        rows = builder.rows("min_take", {"block": block[taking], "period": period[taking]}, lower=0.0)
        builder.add(rows.ids, billed[taking], 1.0)
        builder.add(rows.ids, path[taking], -(ceiling_gwh * paths.min_take[block])[taking])


def add_water(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Water of a site in a period <= its yearly ceiling."""
    limited = np.flatnonzero(np.isfinite(data.sites.water_max_m3_per_year))
    if not len(limited):
        return
    site, period = (i.ravel() for i in np.meshgrid(limited, np.arange(data.periods.count), indexing="ij"))
    limit = data.sites.water_max_m3_per_year[site] * data.periods.years / MWH_UNIT
    rows = builder.rows("water", {"site": site, "period": period}, upper=limit)
    row_of = np.full((len(data.sites.name), data.periods.count), NONE, dtype=np.int64)
    row_of[site, period] = rows.ids
    j, t = np.nonzero(data.programmes.water_m3)
    row = row_of[data.programmes.site[j], t]
    keep = row != NONE
    builder.add(row[keep], columns.halls.first + j[keep], data.programmes.water_m3[j, t][keep] / MWH_UNIT)
