"""A given plan in the planning model: which programmes may stand for each of its builds, and how many halls that is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.errors import OptimizerError
from optimizer.planning.data import PlanningData
from optimizer.planning.model import Family, Model
from optimizer.planning.shared import no_stocks
from optimizer.programmes.calendar import Calendar
from optimizer.programmes.halls import HallColumns
from optimizer.scenario.given import GivenPlan
from optimizer.scenario.schema import Scenario, month_label


class GivenPlanError(OptimizerError):
    """A build of a given plan that no hall of the scenario can be."""

    exit_code = 3


def given_groups(
    given: GivenPlan, scenario: Scenario, columns: HallColumns, calendar: Calendar
) -> tuple[HallColumns, tuple[tuple[np.ndarray, int], ...]]:
    """Columns that a given plan can consist of, and the rows among them that make up each build with its halls.

    Raises
    ------
    GivenPlanError
        No hall can be what a build says: chips not on sale, too little time to build, no cooling that goes with them.
    """
    programmes = columns.programmes
    sites = {site.name: s for s, site in enumerate(scenario.sites)}
    chips = {chip.id: g for g, chip in enumerate(columns.chips)}
    new = programmes.block < 0
    wanted: dict[tuple[int, int, int, str | None, bool | None], int] = {}
    for build in given.builds:
        key = (
            sites[build.site],
            calendar.period_of(build.online),
            chips[build.chip],
            build.cooling,
            build.leased,
        )
        wanted[key] = wanted.get(key, 0) + round(build.it_mw / scenario.hall.it_mw)
    rows: list[tuple[np.ndarray, int]] = []
    for (site, period, chip, cooling, leased), halls in wanted.items():
        fits = new & (programmes.site == site) & (programmes.commission == period)
        fits &= programmes.stages[:, 0, 0] == chip
        if cooling is not None:
            fits &= programmes.cooling == (
                columns.cooling_ids.index(cooling) if cooling in columns.cooling_ids else -1
            )
        if leased is not None:
            fits &= programmes.leased == leased
        if not fits.any():
            raise GivenPlanError(_why_not(scenario, columns, calendar, site, period, chip))
        rows.append((np.flatnonzero(fits), halls))
    kept = np.unique(np.concatenate([np.flatnonzero(~new), *(ids for ids, _ in rows)]))
    smaller = replace(columns, programmes=programmes.take(kept))
    return smaller, tuple((np.searchsorted(kept, ids), halls) for ids, halls in rows)


def _why_not(
    scenario: Scenario, columns: HallColumns, calendar: Calendar, site: int, period: int, chip: int
) -> str:
    place, kind = scenario.sites[site], columns.chips[chip]
    build = calendar.whole_periods(scenario.hall.build_months)
    earliest = build + (0 if place.available_from is None else calendar.period_of(place.available_from))
    text = f"no hall with {kind.id} can come into operation at {place.name} in {calendar.label(period)}"
    if period < earliest:
        return f"{text}: construction takes {scenario.hall.build_months:g} months, the first is {calendar.label(earliest)}"
    if calendar.period_of(kind.release) > period:
        return f"{text}: its racks can be had from {month_label(kind.release)} on"
    if kind.last_sale is not None and calendar.start + period * calendar.months_per_period > kind.last_sale:
        return f"{text}: its racks are sold until {month_label(kind.last_sale)}"
    if not kind.may_stand_in(place.country):
        return f"{text}: export rules keep it out of {place.country}"
    most = scenario.hall.max_rack_kw
    if most is not None and kind.it_kw_per_rack > most:
        return f"{text}: its racks take {kind.it_kw_per_rack:g} kW, halls at most {most:g}"
    return f"{text}: no cooling or tenure on offer there goes with it"


def freed(data: PlanningData) -> PlanningData:
    """The data without the limits that given halls keep or break by themselves: the independent check says which.

    Floor, land, starts, racks, crews and parts; power, demand and money stay, as they decide what is left open.
    """
    sites = replace(data.sites, halls_mw_max=np.full(len(data.sites.name), np.inf), starts_max=None)
    return replace(
        data,
        sites=sites,
        starts_max=None,
        floor_mw=np.zeros_like(data.floor_mw),
        racks_max=np.full_like(data.racks_max, np.inf),
        stocks=no_stocks(data.periods.planning),
    )


def with_given(
    model: Model,
    first_hall: int,
    groups: tuple[tuple[np.ndarray, int], ...],
    data: PlanningData,
    given: GivenPlan,
) -> Model:
    """The model in which each build has its halls and each site its way of supply."""
    n = len(groups)
    ids = [first_hall + rows for rows, _ in groups]
    counts = np.array([halls for _, halls in groups], dtype=float)
    start = np.concatenate((model.row_start, model.row_start[-1] + np.cumsum([len(i) for i in ids])))
    upper = model.upper.copy()
    paths = model.columns["path"]
    for site, name in given.paths.items():
        s = data.sites.name.index(site)
        others = [m for m, own in enumerate(data.paths.name) if data.paths.site[m] == s and own != name]
        if len(others) == int((data.paths.site == s).sum()):
            known = ", ".join(own for m, own in enumerate(data.paths.name) if data.paths.site[m] == s)
            raise GivenPlanError(f"paths.{site}: no way of supply named {name!r} there; known: {known}")
        upper[paths.first + np.array(others, dtype=int)] = 0.0
    return replace(
        model,
        upper=upper,
        row_lower=np.append(model.row_lower, counts),
        row_upper=np.append(model.row_upper, counts),
        row_start=start,
        column=np.concatenate([model.column, *ids]),
        value=np.append(model.value, np.ones(sum(len(i) for i in ids))),
        rows={**model.rows, "given": _family(model.n_rows, n)},
    )


def _family(first: int, count: int) -> Family:
    return Family("given", first, count, {"build": np.arange(count)})
