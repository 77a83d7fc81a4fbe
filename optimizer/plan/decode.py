"""From the model's columns to a plan: lives of halls, use of their time, service, energy, draws."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.plan.records import (
    Billed,
    Contract,
    Cut,
    Draw,
    Idle,
    Life,
    Origin,
    PlanContent,
    Raised,
    Rebate,
    Served,
    Stage,
    Unserved,
    Use,
)
from optimizer.planning.columns import MWH_UNIT, Columns, shares_time
from optimizer.planning.data import CLASSES, PlanningData
from optimizer.planning.model import NONE
from optimizer.programmes.chips import racks_in
from optimizer.programmes.halls import HallColumns

Floats = NDArray[np.float64]

# Amounts below this share of their family's largest are the solver's dust.
DUST = 1e-9


def decode(x: Floats, columns: Columns, data: PlanningData, halls: HallColumns) -> PlanContent:
    """Decisions of a solution.

    Parameters
    ----------
    x : ndarray of shape (n_columns,)
        Integers must be whole already.
    columns : Columns
    data : PlanningData
    halls : HallColumns
    """
    counts = np.rint(x[columns.halls.ids]).astype(int)
    chosen = np.flatnonzero(counts > 0)
    lives = tuple(_life(int(j), int(counts[j]), data, halls) for j in chosen)
    occupied = {life.site for life in lives}
    names = data.sites.name
    taken = np.rint(x[columns.paths.ids]) > 0
    paths = {
        names[data.paths.site[m]]: data.paths.name[m]
        for m in np.flatnonzero(taken)
        if names[data.paths.site[m]] in occupied
    }
    contracts, idle = _contracts(x, columns, data)
    return PlanContent(
        lives=lives,
        paths=paths,
        uses=_uses(x, columns, data, halls, counts),
        cuts=tuple(
            Cut(*_kind(data, halls, p), data.services.workload_names[w], t, v, _racks(data, halls, p))
            for p, w, t, v in _positive(x, columns.cut)
        ),
        served=_served(x, columns, data),
        unserved=tuple(
            Unserved(data.services.region[d], _workload(data, d), int(t), v * data.compute_unit)
            for d, t, v in _positive(x, columns.unserved)
        ),
        billed=tuple(
            Billed(
                names[data.paths.site[data.paths.block_path[b]]],
                data.paths.block_name[b],
                int(t),
                v * MWH_UNIT,
            )
            for b, t, v in _positive(x, columns.billed)
            if names[data.paths.site[data.paths.block_path[b]]] in occupied
        ),
        draws=tuple(
            Draw(data.sources[i].name, CLASSES[c], int(t), v * data.money_unit)
            for i, c, t, v in _positive(x, columns.draws)
        ),
        jobs=_jobs(x, columns, data),
        developed=tuple(
            halls.chips[data.developments.chip[v]].id
            for v in np.flatnonzero(columns.developed != NONE)
            if x[columns.developed[v]] > 0.5
        ),
        contracts=contracts,
        idle=idle,
        rebates=tuple(
            Rebate(names[data.exemptions.site[e]], ("facility", "chips")[c], t, v * data.money_unit)
            for e, c, t, v in _positive(x, columns.rebate)
        ),
        raised=tuple(
            Raised(data.sources[i].name, n, t, v * data.money_unit * float(data.periods.deflator[t]))
            for i, n, t, v in _positive(x, columns.raised)
        ),
    )


def _served(x: Floats, columns: Columns, data: PlanningData) -> tuple[Served, ...]:
    """Service by site and lease; where together they serve more than is wanted, each serves its share of the demand."""
    given = [(data.sites.name[s], d, t, v) for s, d, t, v in _positive(x, columns.served)]
    given += [(data.leases.name[n], d, t, v) for n, d, t, v in _positive(x, columns.leased)]
    total: dict[tuple[int, int], float] = defaultdict(float)
    for _, d, t, v in given:
        total[d, t] += v * data.compute_unit
    return tuple(
        Served(
            where,
            data.services.region[d],
            _workload(data, d),
            int(t),
            v * data.compute_unit * min(1.0, float(data.services.demand[d, t]) / total[d, t]),
        )
        for where, d, t, v in given
    )


def _workload(data: PlanningData, service: int) -> str:
    return str(data.services.workload_names[data.services.workload[service]])


def _positive(x: Floats, ids: NDArray[np.int64]) -> list[tuple[Any, ...]]:
    """Indices and value of each positive entry of a family."""
    index = np.nonzero(ids != NONE)
    values = x[ids[index]]
    keep = values > DUST * max(1.0, float(np.max(np.abs(values), initial=0.0)))
    return [
        (*(int(i) for i in position), float(v))
        for *position, v in zip(*(i[keep] for i in index), values[keep], strict=True)
    ]


def _life(j: int, count: int, data: PlanningData, halls: HallColumns) -> Life:
    programmes = data.programmes
    block = int(programmes.block[j])
    origin: Origin = "new"
    position: int | None = None
    if block >= 0:
        origin = "existing" if halls.blocks[block].existing else "committed"
        position = halls.blocks[block].position
    stages = tuple(
        Stage(halls.chips[chip].id, int(first), int(end), bool(run_on))
        for chip, first, end, run_on in programmes.stages[j]
        if chip >= 0
    )
    return Life(
        site=data.sites.name[programmes.site[j]],
        origin=origin,
        block=position,
        cooling=halls.cooling_ids[programmes.cooling[j]],
        it_mw=float(programmes.hall_mw[j]),
        halls=count,
        commission=int(programmes.commission[j]),
        stages=tuple(Stage(s.chip, s.first, min(s.end, data.periods.count), s.run_on) for s in stages),
        leased=bool(programmes.leased[j]),
    )


def _uses(
    x: Floats, columns: Columns, data: PlanningData, halls: HallColumns, counts: NDArray[np.int64]
) -> tuple[Use, ...]:
    pools = data.pools
    if not data.services.workload_names:
        return ()
    found: dict[tuple[int, int, int], float] = defaultdict(float)
    for p, w, t, v in _positive(x, columns.use):
        found[p, w, t] += v
    able = pools.yields > 0
    only = np.argmax(able, axis=1)
    single = able.any(axis=1) & ~shares_time(data)
    for j in np.flatnonzero(counts):
        for period in np.flatnonzero(data.programmes.pool[j] >= 0):
            p, at = int(data.programmes.pool[j, period]), int(period)
            if single[p]:
                found[p, int(only[p]), at] += float(counts[j])
    return tuple(
        Use(*_kind(data, halls, p), data.services.workload_names[w], t, v, _racks(data, halls, p))
        for (p, w, t), v in sorted(found.items())
    )


def _kind(data: PlanningData, halls: HallColumns, pool: int) -> tuple[str, str, bool, float]:
    """Site, chip, run-on and size of a pool's halls."""
    pools = data.pools
    return (
        data.sites.name[pools.site[pool]],
        halls.chips[pools.chip[pool]].id,
        bool(pools.run_on[pool]),
        float(pools.hall_mw[pool]),
    )


def _racks(data: PlanningData, halls: HallColumns, pool: int) -> int | None:
    """Racks in a pool's halls; None where they are full."""
    full = racks_in(float(data.pools.hall_mw[pool]), halls.chips[data.pools.chip[pool]])
    count = int(data.pools.racks[pool])
    return None if count == full else count


def _contracts(
    x: Floats, columns: Columns, data: PlanningData
) -> tuple[tuple[Contract, ...], tuple[Idle, ...]]:
    terms = data.leases

    def of(c: int) -> tuple[str, int, int]:
        return terms.name[terms.lease[c]], int(terms.first[c]), int(terms.end[c])

    signed = {c: v * data.compute_unit for c, v in _positive(x, columns.signed)}
    idle = [(c, t, v * data.compute_unit) for c, t, v in _positive(x, columns.idle) if c in signed]
    return (
        tuple(Contract(*of(c), v) for c, v in signed.items()),
        tuple(Idle(*of(c), t, min(v, signed[c])) for c, t, v in idle),
    )


def _jobs(x: Floats, columns: Columns, data: PlanningData) -> dict[str, str | None]:
    jobs: dict[str, str | None] = {}
    for q, name in enumerate(data.jobs.name):
        offered = np.flatnonzero(columns.jobs[:, q] != NONE)
        if not len(offered) and columns.missed[q] == NONE:
            continue  # jobs do not count
        at = offered[x[columns.jobs[offered, q]] > 0.5]
        jobs[name] = data.sites.name[at[0]] if len(at) else None
    return jobs
