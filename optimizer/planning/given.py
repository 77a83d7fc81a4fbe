"""A given plan in the planning model: which programmes may stand for its builds, and room for limits that they break.

Land and starts are decided by the given halls alone: they are no rows here, the independent check says whether they
hold. Every other limit stays, for what is left open; `easing` lets it give way where the halls leave no choice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.planning.columns import Columns
from optimizer.planning.data import PlanningData, SourceTerms
from optimizer.planning.model import NONE, Model, ModelBuilder
from optimizer.programmes.calendar import Calendar
from optimizer.programmes.chips import chips_in
from optimizer.programmes.halls import HallColumns, hall_columns
from optimizer.programmes.paths import path_names
from optimizer.scenario import GivenPlan, Scenario, ScenarioError

Floats = NDArray[np.float64]

# Money that no source gives: it pays where sources fall short, and the check names what is missing.
NOBODY = "(nobody)"
ROOM = 1e-9  # by rounding, relative


@dataclass(frozen=True)
class Kind:
    """Builds that share site, period and first chips; what else they say sorts the programmes that can be them.

    Attributes
    ----------
    programmes : ndarray of int
        Rows of the programmes.
    cell : ndarray of int, same shape
        Programmes that fit the same builds share a cell.
    fits : ndarray of bool, shape (n_cells, n_builds)
    halls : ndarray of int, shape (n_builds,)
    """

    programmes: NDArray[np.intp]
    cell: NDArray[np.intp]
    fits: NDArray[np.bool_]
    halls: NDArray[np.int64]


def given_columns(
    given: GivenPlan, scenario: Scenario, designs: pd.DataFrame, calendar: Calendar
) -> tuple[HallColumns, tuple[Kind, ...]]:
    """Columns that a given plan can consist of, and how they make up its builds.

    Raises
    ------
    ScenarioError
        Builds that no design of the scenario can be, all at once.
    """
    sites = {site.name: s for s, site in enumerate(scenario.sites)}
    chips = {chip.id: g for g, chip in enumerate(chips_in(scenario))}
    kinds: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for i, build in enumerate(given.builds):
        kinds[sites[build.site], calendar.period_of(build.online), chips[build.chip]].append(i)
    columns = hall_columns(scenario, designs, calendar, tuple(kinds))
    found = [_kind(given, scenario, columns, key, builds) for key, builds in kinds.items()]
    problems = [
        given.problem(
            ("builds", i),
            "E211",
            f"no hall with {given.builds[i].chip} at {given.builds[i].site} can be this",
        )
        for kind, builds in zip(found, kinds.values(), strict=True)
        for n, i in enumerate(builds)
        if not kind.fits[:, n].any()
    ]
    if problems:
        raise ScenarioError(tuple(problems))
    blocks = np.flatnonzero(columns.programmes.block >= 0)
    kept = np.unique(np.concatenate([blocks, *(kind.programmes for kind in found)]))
    smaller = replace(columns, programmes=columns.programmes.take(kept))
    return smaller, tuple(replace(kind, programmes=np.searchsorted(kept, kind.programmes)) for kind in found)


def _kind(
    given: GivenPlan, scenario: Scenario, columns: HallColumns, key: tuple[int, int, int], builds: list[int]
) -> Kind:
    programmes, (site, period, chip) = columns.programmes, key
    here = np.flatnonzero(
        (programmes.block < 0)
        & (programmes.site == site)
        & (programmes.commission == period)
        & (programmes.stages[:, 0, 0] == chip)
    )
    fits = np.ones((len(here), len(builds)), dtype=bool)
    for n, i in enumerate(builds):
        cooling, leased = given.builds[i].cooling, given.builds[i].leased
        if cooling is not None:
            known = columns.cooling_ids.index(cooling) if cooling in columns.cooling_ids else -1
            fits[:, n] &= programmes.cooling[here] == known
        if leased is not None:
            fits[:, n] &= programmes.leased[here] == leased
    here, fits = here[fits.any(axis=1)], fits[fits.any(axis=1)]
    cells, cell = np.unique(fits, axis=0, return_inverse=True)
    halls = [round(given.builds[i].it_mw / scenario.hall.it_mw) for i in builds]
    return Kind(here, cell.ravel(), cells.astype(bool), np.array(halls, dtype=np.int64))


def given_paths(
    given: GivenPlan,
    scenario: Scenario,
    designs: pd.DataFrame,
    calendar: Calendar,
    supply: pd.DataFrame | None,
) -> dict[str, str | None]:
    """Sites that hold halls, with the way of supply that is given there.

    Raises
    ------
    ScenarioError
        Ways that a site does not have, and sites with halls but no way at all.
    """
    known = path_names(scenario, designs, calendar, supply)
    problems = [
        given.problem(
            ("paths", site), "E201", f"no way of supply named {name!r} there; known: {', '.join(known[site])}"
        )
        for site, name in given.paths.items()
        if name not in known[site]
    ]
    problems += [
        given.problem(("builds", i, "site"), "E206", f"{build.site} has no way of supply")
        for i, build in enumerate(given.builds)
        if not known[build.site]
    ]
    if problems:
        raise ScenarioError(tuple(problems))
    sites = [build.site for build in given.builds]
    sites += [site.name for site in scenario.sites if site.existing or site.committed]
    return {site: given.paths.get(site) for site in (*sites, *given.paths)}


def room_for_given(data: PlanningData, kinds: tuple[Kind, ...]) -> PlanningData:
    """The data with columns for all that the given halls take: power beyond their paths, money from nobody.

    Rows of power hold the paths' own megawatts again in `with_given`.
    """
    programmes, count = data.programmes, data.periods.count
    held = np.zeros(len(data.sites.name))
    need = np.zeros((len(held), count))
    for kind in kinds:
        site, halls = programmes.site[kind.programmes[0]], int(kind.halls.sum())
        held[site] += halls * programmes.hall_mw[kind.programmes].max()
        need[site] += halls * programmes.peak_mw[kind.programmes].max(axis=0)
    for block in range(data.n_blocks):
        lives = np.flatnonzero(programmes.block == block)
        held[programmes.site[lives[0]]] += programmes.hall_mw[lives].max()
        need[programmes.site[lives[0]]] += programmes.peak_mw[lives].max(axis=0)
    paths = data.paths
    missing = np.maximum(0.0, need[paths.site] * (1 + ROOM) - paths.mw)
    # A path's first block carries what is missing, at its own price.
    first = np.unique(paths.block_path, return_index=True)[1]
    raised = paths.block_mw.copy()
    raised[first] += missing[paths.block_path[first]] / paths.delivered[first, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.where(raised > 0, paths.min_take * paths.block_mw / raised, 0.0)
    return replace(
        data,
        sites=replace(data.sites, halls_mw_max=held * (1 + ROOM), starts_max=None),
        starts_max=None,
        paths=replace(paths, block_mw=raised, min_take=least),
        sources=(*data.sources, _nobody(data)) if data.sources else (),
    )


def _nobody(data: PlanningData) -> SourceTerms:
    planning = data.periods.planning
    return SourceTerms(
        name=NOBODY,
        classes=(0, 1, 2, 3),
        first=0,
        end=planning,
        ceiling_usd=None,
        loan_to_cost=None,
        premium=np.zeros(planning),
        service=np.zeros((planning, data.periods.count)),
        min_dscr=None,
        online_mw=None,
    )


def with_given(
    model: Model, ids: Columns, kinds: tuple[Kind, ...], data: PlanningData, own: PlanningData
) -> Model:
    """The model in which the builds have their halls, every site with halls one path, and power is what paths have.

    Parameters
    ----------
    model : Model
        Of `data`.
    ids : Columns
    kinds : tuple of Kind
    data, own : PlanningData
        With room for the given halls, and as the scenario has it.
    """
    builder = ModelBuilder.of(_with_own_power(model, ids, own))
    upper, lower = model.upper.copy(), model.lower.copy()
    row_lower = model.row_lower.copy()
    for n, kind in enumerate(kinds):
        upper[ids.halls.first + kind.programmes] = kind.halls.sum()
        _add_kind(builder, ids.halls.first, n, kind)
    if "open_when" not in model.rows:
        _open_with_starts(builder, ids, data)
    paths = data.paths.site
    for site in np.unique(data.programmes.site):
        here = np.flatnonzero(paths == site)
        if len(here) == 1:
            lower[ids.paths.first + here] = 1.0
    if "one_path" in model.rows:
        family = model.rows["one_path"]
        built = np.isin(family.axes["site"], data.programmes.site)
        row_lower[family.ids[built]] = 1.0
    result = builder.build()
    result.upper[: len(upper)], result.lower[: len(lower)] = upper, lower
    result.row_lower[: len(row_lower)] = row_lower
    for name, family in model.rows.items():
        if name.startswith("least_halls"):  # they follow from limits that may give way
            result.row_lower[family.ids] = -np.inf
    return result


def _add_kind(builder: ModelBuilder, first_hall: int, n: int, kind: Kind) -> None:
    """Halls of each build; where builds share programmes, halls of each cell are shared out among them."""
    if len(kind.halls) == 1 or len(kind.fits) == 1:
        total = float(kind.halls.sum())
        row = builder.rows(f"given_{n}", {"kind": [n]}, lower=total, upper=total)
        builder.add(row.first, first_hall + kind.programmes, 1.0)
        return
    cell, build = np.nonzero(kind.fits)
    shared = builder.columns(
        f"stands_for_{n}", {"cell": cell, "build": build}, upper=kind.halls[build].astype(float)
    )
    each = builder.rows(
        f"given_{n}",
        {"build": np.arange(len(kind.halls))},
        lower=kind.halls.astype(float),
        upper=kind.halls.astype(float),
    )
    builder.add(each.first + build, shared.ids, 1.0)
    cells = builder.rows(f"stand_{n}", {"cell": np.arange(len(kind.fits))}, lower=0.0, upper=0.0)
    builder.add(cells.first + kind.cell, first_hall + kind.programmes, 1.0)
    builder.add(cells.first + cell, shared.ids, -1.0)


def _open_with_starts(builder: ModelBuilder, ids: Columns, data: PlanningData) -> None:
    """A site opens with the first start there, and no sooner: where money is short that could look better."""
    site, period = np.nonzero(ids.opened != NONE)
    if not len(site):
        return
    rows = builder.rows("opens_with_start", {"site": site, "period": period}, upper=0.0)
    builder.add(rows.ids, ids.opened[site, period], 1.0)
    later = period > 0
    builder.add(rows.ids[later], ids.opened[site[later], period[later] - 1], -1.0)
    row_of = np.full(ids.opened.shape, NONE, dtype=np.int64)
    row_of[site, period] = rows.ids
    own = np.flatnonzero((data.programmes.start >= 0) & ~data.programmes.leased)
    row = row_of[data.programmes.site[own], data.programmes.start[own]]
    builder.add(row[row != NONE], ids.halls.first + own[row != NONE], -1.0)


def _with_own_power(model: Model, ids: Columns, own: PlanningData) -> Model:
    """The model whose rows of power have the megawatts that paths have, not those that the halls need."""
    value, row = model.value.copy(), model.row_of_entry()
    path = model.column - ids.paths.first
    is_path = (path >= 0) & (path < ids.paths.count)
    for name, megawatts in (("power", own.paths.mw), ("firm_power", own.paths.firm_mw)):
        if name not in model.rows:
            continue
        family = model.rows[name]
        at = np.flatnonzero(is_path & (row >= family.first) & (row < family.first + family.count))
        period = family.axes["period"][row[at] - family.first]
        value[at] = -megawatts[path[at], period]
    return replace(model, value=value)


def spent_on(data: PlanningData, kinds: tuple[Kind, ...]) -> float:
    """About what the given halls and the decided blocks cost to build and fill [money unit]."""
    programmes = data.programmes
    each = (programmes.facility_usd + programmes.chips_usd)[:, : data.periods.planning].sum(axis=1)
    total = sum(float(kind.halls.sum() * each[kind.programmes].max()) for kind in kinds)
    for block in range(data.n_blocks):
        total += float(each[programmes.block == block].max())
    return total / data.money_unit


def nobodys(ids: Columns) -> NDArray[np.int64]:
    """Columns of what nobody pays."""
    draws: NDArray[np.int64] = ids.draws[-1:].ravel()
    found: NDArray[np.int64] = draws[draws != NONE]
    return found


def decided(ids: Columns, own: PlanningData) -> Columns:
    """Columns that are decisions: not what nobody pays, nor energy of a way of supply that is not there yet.

    Such energy has no price: it is missing in the plan, not free.
    """
    absent = (own.paths.block_mw <= 0) & (own.paths.usd_per_mwh <= 0)
    known = replace(ids, billed=np.where(absent, NONE, ids.billed))
    if not own.sources:
        return known
    return replace(known, draws=ids.draws[:-1], released=ids.released[:-1])
