"""Plans that differ: the megawatts that two plans share, and the model whose solution shares least with former plans.

Modelling to generate alternatives (Brill, Chang and Hopkins 1982, Management Science 28(3)); here the overlap is the exact
smaller of both amounts, site by site and chip by chip, not the sum of what former plans used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.data import PlanningData
from optimizer.planning.model import Family, Ids, Model

Floats = NDArray[np.float64]

# Beside the largest overlap with a former plan, the sum of all overlaps counts by so much.
SUM_WEIGHT = 1e-3


@dataclass(frozen=True)
class Standing:
    """IT megawatts at the end of planning by kind: site and chip.

    Attributes
    ----------
    site, chip : ndarray of int, shape (K,)
    programme, kind : ndarray of int, shape (n,)
        Which programmes stand, and as what kind.
    mw : ndarray of shape (n,)
        Of one hall [MW].
    """

    site: Ids
    chip: Ids
    programme: Ids
    kind: Ids
    mw: Floats

    def of(self, halls: Floats) -> Floats:
        """Megawatts by kind of so many halls of each programme, shape (K,)."""
        found: Floats = np.bincount(
            self.kind, weights=self.mw * halls[self.programme], minlength=len(self.site)
        ).astype(float)
        return found


def standing(data: PlanningData) -> Standing:
    """What each programme stands for in the last planning period."""
    programmes, pools = data.programmes, data.pools
    last = data.periods.planning - 1
    at = programmes.pool[:, last]
    rows = np.flatnonzero((at >= 0) & (programmes.it_mw[:, last] > 0))
    pairs = np.stack((pools.site[at[rows]], pools.chip[at[rows]]))
    kinds, kind = np.unique(pairs, axis=1, return_inverse=True)
    return Standing(kinds[0], kinds[1], rows, kind.ravel(), programmes.it_mw[rows, last].astype(float))


def difference(a: Floats, b: Floats) -> float:
    """Share of the larger plan's megawatts that do not stand alike in the other: 0 for the same plan, 1 for none in common.

    >>> difference(np.array([300.0, 0.0]), np.array([100.0, 200.0]))
    0.6666666666666667
    """
    larger = max(float(a.sum()), float(b.sum()))
    return 1.0 - float(np.minimum(a, b).sum()) / larger if larger > 0 else 0.0


def penalised(
    model: Model, first_hall: int, kinds: Standing, former: list[Floats], price_per_mw: float
) -> Model:
    """The model with a price on every megawatt of a kind that former plans have: on average over them.

    What hop, skip and jump does (Brill, Chang and Hopkins 1982), beside the cost: solutions come as easily as cheap ones do.
    """
    share = (np.array(former) > 0).mean(axis=0)
    cost = model.cost.copy()
    np.add.at(cost, first_hall + kinds.programme, price_per_mw * kinds.mw * share[kinds.kind])
    return replace(model, cost=cost)


def extended(x: Floats, own: Floats, former: list[Floats]) -> Floats:
    """A solution of a model as one of its `most_different`, with its megawatts `own` by kind."""
    plan, kind = np.nonzero(np.array(former) > 0)
    stood = np.array(former)[plan, kind]
    overlap = np.minimum(own[kind], stood)
    nearest = np.bincount(plan, weights=overlap, minlength=len(former)).max()
    return np.concatenate((x, overlap, own[kind] >= stood, [nearest]))


def most_different(model: Model, first_hall: int, kinds: Standing, former: list[Floats]) -> Model:
    """The model that shares the fewest megawatts with the nearest of the former plans.

    With A the megawatts of a kind and P those of a former plan, the overlap o = min(A, P) is held by one binary b:
    o >= A - (most of A) b, o >= P b.

    Parameters
    ----------
    model : Model
        Its rows hold; its cost is replaced.
    first_hall : int
        Column of the first programme.
    kinds : Standing
    former : list of ndarray of shape (K,)
        Megawatts of former plans by kind.
    """
    n = model.n_columns
    most = kinds.of(np.where(np.isfinite(model.upper), model.upper, 0.0)[first_hall:])
    plan, kind = np.nonzero(np.array(former) > 0)
    stood = np.array(former)[plan, kind]
    count = len(plan)
    overlap, binary, nearest = n + np.arange(count), n + count + np.arange(count), n + 2 * count
    rows: list[tuple[Ids, Floats]] = []
    limits: list[float] = []
    for i in range(count):
        own = kinds.kind == kind[i]
        halls, mw = first_hall + kinds.programme[own], kinds.mw[own]
        rows.append((np.append(halls, [overlap[i], binary[i]]), np.append(mw, [-1.0, -most[kind[i]]])))
        rows.append((np.array([overlap[i], binary[i]]), np.array([-1.0, stood[i]])))
        limits += [0.0, 0.0]
    for p in range(len(former)):
        own_overlap = overlap[plan == p]
        rows.append((np.append(own_overlap, nearest), np.append(np.ones(len(own_overlap)), -1.0)))
        limits.append(0.0)
    cost = np.concatenate((np.zeros(n), np.full(count, SUM_WEIGHT / len(former)), np.zeros(count), [1.0]))
    start = model.row_start[-1] + np.cumsum([len(ids) for ids, _ in rows])
    family = Family("overlap", model.n_rows, len(rows), {"row": np.arange(len(rows))})
    return replace(
        model,
        cost=cost,
        lower=np.concatenate((model.lower, np.zeros(2 * count + 1))),
        upper=np.concatenate((model.upper, stood, np.ones(count), [float(stood.sum())])),
        integer=np.concatenate((model.integer, np.zeros(count, bool), np.ones(count, bool), [False])),
        row_lower=np.append(model.row_lower, np.full(len(rows), -np.inf)),
        row_upper=np.append(model.row_upper, limits),
        row_start=np.concatenate((model.row_start, start)),
        column=np.concatenate([model.column, *(ids for ids, _ in rows)]).astype(model.column.dtype),
        value=np.concatenate([model.value, *(values for _, values in rows)]),
        rows={**model.rows, "overlap": family},
        offset=0.0,
    )
