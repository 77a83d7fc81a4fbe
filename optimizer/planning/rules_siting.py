"""Rules of siting: land, opening, starts of construction, blocks that stand or are decided, the floor."""

from __future__ import annotations

import numpy as np

from optimizer.planning.ceilings import UNLIMITED_HALLS
from optimizer.planning.columns import Columns
from optimizer.planning.data import CLASSES, PlanningData, SourceTerms
from optimizer.planning.model import NONE, ModelBuilder


def add_blocks(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Each existing or committed block has one life."""
    if not data.n_blocks:
        return
    rows = builder.rows("block", {"block": np.arange(data.n_blocks)}, lower=1.0, upper=1.0)
    j = np.flatnonzero(data.programmes.block >= 0)
    builder.add(rows.first + data.programmes.block[j], columns.halls.first + j, 1.0)


def add_land(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """IT power of all halls of a site <= what its land and permits carry."""
    limited = np.flatnonzero(np.isfinite(data.sites.halls_mw_max))
    if not len(limited):
        return
    rows = builder.rows("land", {"site": limited}, upper=data.sites.halls_mw_max[limited])
    row_of = np.full(len(data.sites.name), NONE, dtype=np.int64)
    row_of[limited] = rows.ids
    at = row_of[data.programmes.site]
    j = np.flatnonzero(at != NONE)
    builder.add(at[j], columns.halls.first + j, data.programmes.hall_mw[j])


def add_opening(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """No construction before the site is open; once open it stays open."""
    site, period = np.nonzero(columns.opened != NONE)
    if not len(site):
        return
    programmes = data.programmes
    # A developer's halls stand on the developer's land.
    new = np.flatnonzero((programmes.start >= 0) & ~programmes.leased)
    most = _most_started(data, new)[site, period]
    rows = builder.rows("open_first", {"site": site, "period": period}, upper=0.0)
    builder.add(rows.ids, columns.opened[site, period], -most)
    row_of = np.full(columns.opened.shape, NONE, dtype=np.int64)
    row_of[site, period] = rows.ids
    for j in new:
        targets = row_of[programmes.site[j], programmes.start[j] :]
        targets = targets[targets != NONE]
        builder.add(targets, columns.halls.first + j, 1.0)
    later = np.flatnonzero(period > 0)
    stay = builder.rows("stay_open", {"site": site[later], "period": period[later]}, upper=0.0)
    builder.add(stay.ids, columns.opened[site[later], period[later] - 1], 1.0)
    builder.add(stay.ids, columns.opened[site[later], period[later]], -1.0)

    if _opening_may_pay(data):
        _open_with_a_start(builder, columns, data)


def _opening_may_pay(data: PlanningData) -> bool:
    """Whether a plan could gain by opening a site before it starts a hall there."""
    periods = data.periods
    later = np.append(periods.discount[1 : periods.planning], periods.discount_end)
    grows = bool((later >= periods.discount[: periods.planning]).any())
    land = CLASSES.index("land")
    lends = any(
        land in source.classes
        and (source.loan_to_cost is not None or bool((source.premium < 0).any()) or _ends(source, data))
        for source in data.sources
    )
    return data.aim != "cost" or grows or lends


def _ends(source: SourceTerms, data: PlanningData) -> bool:
    """Whether money can be had early that can't be had later."""
    drawable = source.drawable()
    return bool(source.windows) or not len(drawable) or int(drawable[-1]) < data.periods.planning - 1


def _open_with_a_start(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """A site opens in a period in which a hall is started there, and in no other."""
    site, period = np.nonzero(columns.opened != NONE)
    rows = builder.rows("open_when", {"site": site, "period": period}, upper=0.0)
    builder.add(rows.ids, columns.opened[site, period], 1.0)
    later = np.flatnonzero(period > 0)
    builder.add(rows.ids[later], columns.opened[site[later], period[later] - 1], -1.0)
    row_of = np.full(columns.opened.shape, NONE, dtype=np.int64)
    row_of[site, period] = rows.ids
    new = np.flatnonzero((data.programmes.start >= 0) & ~data.programmes.leased)
    at = row_of[data.programmes.site[new], data.programmes.start[new]]
    has = at != NONE
    builder.add(at[has], columns.halls.first + new[has], -1.0)


def _most_started(data: PlanningData, new: np.ndarray) -> np.ndarray:
    """The most halls that can have been started at a site by each planning period, shape (S, P).

    What land carries, what may be started, and what power carries when the last of them comes into operation: where some
    may have retired or been emptied by then, power is no limit, as it carries others in their place.
    """
    programmes, planning = data.programmes, data.periods.planning
    n_sites = len(data.sites.name)
    smallest = np.full(n_sites, np.inf)
    np.minimum.at(smallest, programmes.site[new], programmes.hall_mw[new])
    built = np.isfinite(smallest)
    by_land = data.sites.halls_mw_max / np.where(built, smallest, 1.0)
    most = np.zeros((n_sites, planning))
    for t in range(planning):
        started = new[programmes.start[new] <= t]
        by_power = np.full(n_sites, np.inf)
        if len(started):
            last = int(programmes.commission[started].max())
            least = np.full(n_sites, np.inf)
            np.minimum.at(least, programmes.site[started], programmes.peak_mw[started, last])
            limited = np.isfinite(least) & (least > 0)
            by_power[limited] = _power_mw(data, last)[limited] / least[limited]
        most[:, t] = np.where(built, np.floor(np.minimum(by_land, by_power) + 1e-9), 0.0)
        if data.sites.starts_max is not None:
            most[:, t] = np.minimum(most[:, t], data.sites.starts_max * (t + 1.0))
    return np.where(np.isfinite(most), most, UNLIMITED_HALLS * len(new))


def _power_mw(data: PlanningData, period: int) -> np.ndarray:
    """The most that any path of each site delivers in a period; without paths power is no limit."""
    paths = data.paths
    most = np.full(len(data.sites.name), np.inf)
    if len(paths.site):
        most = np.zeros(len(data.sites.name))
        np.maximum.at(most, paths.site, paths.mw[:, period])
    return most


def add_starts(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Halls whose construction starts in a period: at one site, and over all sites."""
    programmes = data.programmes
    new = np.flatnonzero(programmes.start >= 0)
    if not len(new):
        return
    if data.sites.starts_max is not None:
        pairs, inverse = np.unique(
            np.stack((programmes.site[new], programmes.start[new])), axis=1, return_inverse=True
        )
        rows = builder.rows(
            "site_starts", {"site": pairs[0], "period": pairs[1]}, upper=data.sites.starts_max
        )
        builder.add(rows.first + inverse.ravel(), columns.halls.first + new, 1.0)
    if data.starts_max is not None:
        periods, inverse = np.unique(programmes.start[new], return_inverse=True)
        rows = builder.rows("starts", {"period": periods}, upper=data.starts_max)
        builder.add(rows.first + inverse.ravel(), columns.halls.first + new, 1.0)


def add_floor(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """IT power in operation >= the floor in every planning period that has one."""
    periods = np.flatnonzero(data.floor_mw > 0)
    if not len(periods):
        return
    rows = builder.rows("min_it_mw", {"period": periods}, lower=data.floor_mw[periods])
    j, at = np.nonzero(data.programmes.it_mw[:, periods])
    builder.add(rows.first + at, columns.halls.first + j, data.programmes.it_mw[j, periods[at]])


def add_target(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """The target counts as reached from the first period on from which IT power in operation stays at it."""
    if data.target_mw is None or (columns.reached == NONE).all():
        return
    periods = np.arange(data.periods.planning)
    rows = builder.rows("target", {"period": periods}, lower=0.0)
    j, at = np.nonzero(data.programmes.it_mw[:, periods])
    builder.add(rows.first + at, columns.halls.first + j, data.programmes.it_mw[j, at] / data.target_mw)
    builder.add(rows.ids, columns.reached, -1.0)
    stay = builder.rows("target_stays", {"period": periods[1:]}, lower=0.0)
    builder.add(stay.ids, columns.reached[1:], 1.0)
    builder.add(stay.ids, columns.reached[:-1], -1.0)
