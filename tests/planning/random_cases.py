"""Random tiny and middle cases of the planning model, every rule now and then."""

from __future__ import annotations

import numpy as np

from optimizer.planning.data import SourceTerms

from .cases import Case, Hall


def random_case(seed: int, sites: int = 2, periods: int = 2, programmes: int = 5) -> Case:
    """A case with a random subset of the rules."""
    g = np.random.default_rng(seed)

    def now_and_then(share: float = 0.4) -> bool:
        return bool(g.random() < share)

    works = 2 if now_and_then(0.3) else 1
    services = works if now_and_then(0.5) else works + 1
    workload = tuple(range(works)) + tuple(int(g.integers(works)) for _ in range(services - works))
    halls = [
        Hall(
            site=int(g.integers(sites)),
            commission=int(g.integers(periods)),
            capital=float(g.integers(5, 30)),
            running=float(g.integers(0, 4)),
            peak_mw=float(g.integers(1, 5)) * 0.5,
            it_mw=1.0,
            compute=tuple(float(g.integers(1, 5)) for _ in range(works)),
            chip=int(g.integers(2)),
            racks=float(g.integers(1, 4)),
        )
        for _ in range(programmes)
    ]
    if now_and_then(0.3):
        first = halls[0]
        halls[0] = Hall(**{**vars(first), "block": 0, "capital": 0.0, "racks": 0.0, "commission": 0})
        if now_and_then():
            halls[1] = Hall(**{**vars(halls[0]), "running": 0.0, "compute": (0.5,) * works})
    maximize = now_and_then(0.15)
    demand = g.integers(0, 7, (services, periods)).astype(float)
    sources: tuple[SourceTerms, ...] = ()
    if not maximize and now_and_then():
        sources = _sources(g, periods)
    return Case(
        periods=periods,
        sites=sites,
        halls=tuple(halls),
        demand=demand,
        workload=workload,
        reach=g.random((sites, services)) < 0.8 if now_and_then() else None,
        serving=g.integers(0, 3, (sites, services)).astype(float) if now_and_then() else None,
        unserved=float(g.integers(3, 40)) if maximize or now_and_then(0.8) else None,
        discount=tuple((0.9 ** np.arange(periods)).tolist()),
        halls_max=tuple(float(g.integers(1, 4)) for _ in range(sites)) if now_and_then() else None,
        opening=tuple(float(g.integers(0, 20)) for _ in range(sites)) if now_and_then() else None,
        power_mw=np.sort(g.integers(0, 10, (sites, periods)), axis=1) * 0.5 if now_and_then(0.6) else None,
        path_cost=None,
        energy_price=float(g.integers(0, 3)),
        floor_mw=tuple(float(v) for v in np.sort(g.integers(0, 3, periods))) if now_and_then(0.3) else None,
        starts_max=int(g.integers(1, 4)) if now_and_then() else None,
        site_starts_max=int(g.integers(1, 3)) if now_and_then() else None,
        racks_max=np.cumsum(g.integers(0, 8, (2, periods)), axis=1).astype(float) if now_and_then() else None,
        sources=sources,
        budget=float(g.integers(15, 90)) if maximize or now_and_then(0.2) else None,
        maximize=maximize,
        jobs=((0, float(g.integers(1, 5)), 0, periods),) if not maximize and now_and_then(0.2) else (),
    )


def _sources(g: np.random.Generator, periods: int) -> tuple[SourceTerms, ...]:
    def source(
        name: str,
        classes: tuple[int, ...],
        cost: float,
        ceiling: float | None,
        loan: float | None,
        after: float | None,
    ) -> SourceTerms:
        return SourceTerms(
            name=name,
            classes=classes,
            first=0,
            end=periods,
            ceiling_usd=None if ceiling is None else np.cumsum(np.full(periods, ceiling / periods)),
            loan_to_cost=loan,
            premium=np.full(periods, cost),
            service=np.zeros((periods, periods)),
            min_dscr=None,
            online_mw=after,
        )

    after = float(g.integers(1, 3)) if g.random() < 0.4 else None
    return (
        source("equity", (0, 1, 2, 3), 0.3, float(g.integers(10, 80)), None, None),
        source("debt", (1,), -0.1, None, float(g.integers(3, 8)) / 10, after),
    )
