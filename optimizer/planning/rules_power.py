"""Rules of power and water: one path a site, megawatts by date, energy billed by block, water ceiling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.columns import MWH_UNIT, Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.model import NONE, Ids, ModelBuilder
from optimizer.planning.sources import least_premium

Floats = NDArray[np.float64]


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


def add_paths_with_halls(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """A site without halls takes no path; rows only where money is so cheap that a path could pay by itself."""
    paths, planning = data.paths, data.periods.planning
    if not len(paths.site):
        return
    cheapest = least_premium(data.sources, ("power",), planning)[0]
    pays = paths.cost_usd + paths.capital_usd[:, :planning] @ cheapest < 0
    sites = np.unique(paths.site[pays])
    if not len(sites):
        return
    rows = builder.rows("path_with_halls", {"site": sites}, lower=0.0)
    row_of = np.full(len(data.sites.name), NONE, dtype=np.int64)
    row_of[sites] = rows.ids
    for index, first, value in (
        (data.programmes.site, columns.halls.first, 1.0),
        (paths.site, columns.paths.first, -1.0),
    ):
        at = row_of[index]
        found = np.flatnonzero(at != NONE)
        builder.add(at[found], first + found, value)


def add_power(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Peak of running halls <= megawatts that the path taken delivers, every period."""
    _peaks_within(builder, columns, data, "power", data.paths.mw, None)


def add_firm_power(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Peak of the halls that do not stand on a curtailable tranche <= firm megawatts; those that do work on what can be cut."""
    curtailed = data.paths.curtailed(len(data.sites.name))
    if not curtailed.any():
        return
    row_of = _peaks_within(builder, columns, data, "firm_power", data.paths.firm_mw, curtailed)
    p, w, t = np.nonzero(columns.cut != NONE)
    row = row_of[data.pools.site[p], t]
    keep = row != NONE
    builder.add(row[keep], columns.cut[p, w, t][keep], -data.pools.peak_mw[p][keep])
    rows = builder.rows("cut_at_work", {"pool": p, "workload": w, "period": t}, upper=0.0)
    builder.add(rows.ids, columns.cut[p, w, t], 1.0 - data.curtailment.lost(data.pools.site[p], w))
    builder.add(rows.ids, columns.use[p, w, t], -1.0)


def _peaks_within(
    builder: ModelBuilder,
    columns: Columns,
    data: PlanningData,
    name: str,
    path_mw: Floats,
    where: NDArray[np.bool_] | None,
) -> Ids:
    """Rows of peaks <= megawatts of the path taken, at all sites and periods with halls or at some of them."""
    programmes, paths = data.programmes, data.paths
    pairs = np.zeros((len(data.sites.name), data.periods.count), dtype=bool)
    row_of = np.full(pairs.shape, NONE, dtype=np.int64)
    j, t = np.nonzero(programmes.peak_mw)
    pairs[programmes.site[j], t] = True
    if where is not None:
        pairs &= where
    at_site, at_period = np.nonzero(pairs)
    if not len(at_site):
        return row_of
    rows = builder.rows(name, {"site": at_site, "period": at_period}, upper=0.0)
    row_of[at_site, at_period] = rows.ids
    row = row_of[programmes.site[j], t]
    keep = row != NONE
    builder.add(row[keep], columns.halls.first + j[keep], programmes.peak_mw[j, t][keep])
    m, period = np.nonzero(path_mw)
    row = row_of[paths.site[m], period]
    keep = row != NONE
    builder.add(row[keep], columns.paths.first + m[keep], -path_mw[m, period][keep])
    return row_of


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
    taking = np.flatnonzero(paths.min_take[block, period] > 0)
    if len(taking):
        rows = builder.rows("min_take", {"block": block[taking], "period": period[taking]}, lower=0.0)
        builder.add(rows.ids, billed[taking], 1.0)
        builder.add(rows.ids, path[taking], -(ceiling_gwh * paths.min_take[block, period])[taking])


def add_unit_slots(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Units in use over all sites <= units delivered so far, by technology, in planning periods."""
    paths, limits = data.paths, data.power_limits
    m, k, t = np.nonzero(paths.units[:, :, : data.periods.planning])
    if not len(m):
        return
    pairs, inverse = np.unique(np.stack((k, t)), axis=1, return_inverse=True)
    rows = builder.rows(
        "unit_slots", {"technology": pairs[0], "period": pairs[1]}, upper=limits.units_max[pairs[0], pairs[1]]
    )
    builder.add(rows.first + inverse.ravel(), columns.paths.first + m, paths.units[m, k, t])


def add_clean_energy(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Clean share of all energy >= what is asked; CO2 of all energy <= its ceiling; by period."""
    paths, limits = data.paths, data.power_limits
    block, period = np.nonzero(columns.billed != NONE)
    billed = columns.billed[block, period]
    asked = limits.clean_share > 0
    if asked.any():
        rows = builder.rows("clean_share", {"period": np.flatnonzero(asked)}, lower=0.0)
        row_of = np.full(data.periods.count, NONE, dtype=np.int64)
        row_of[asked] = rows.ids
        keep = asked[period]
        over = (paths.clean_share[block, period] - limits.clean_share[period]) * paths.delivered[block]
        builder.add(row_of[period[keep]], billed[keep], over[keep])
    limited = np.isfinite(limits.co2_t_max)
    if limited.any():
        at = np.flatnonzero(limited)
        rows = builder.rows("carbon", {"period": at}, upper=limits.co2_t_max[at] / MWH_UNIT)
        row_of = np.full(data.periods.count, NONE, dtype=np.int64)
        row_of[at] = rows.ids
        keep = limited[period]
        builder.add(row_of[period[keep]], billed[keep], paths.kg_per_mwh[block, period][keep] / MWH_UNIT)


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
