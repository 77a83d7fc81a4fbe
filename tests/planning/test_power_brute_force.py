"""Shared supply paths by brute force: every number of halls and every choice of paths, the rest a linear programme.

Two halls share a plant, a minimum take, a curtailable tranche, slots of units, clean shares and ceilings of CO2. Written from
docs/economics.md, not from the model's rows.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from optimizer.planning.build import build_model
from optimizer.planning.data import PlanningData
from optimizer.planning.mathopt import SolverOptions, solve
from optimizer.planning.search import lagrangian

from .cases import Case, Hall, Way, planning_case

CASES = 150
MOST = 2


def random_power_case(seed: int) -> Case:
    g = np.random.default_rng(seed)
    periods, sites = 2, int(g.integers(1, 3))
    works = int(g.integers(1, 3))

    def now_and_then(share: float = 0.5) -> bool:
        return bool(g.random() < share)

    halls = tuple(
        Hall(
            site=j % sites,
            commission=int(g.integers(periods)),
            capital=float(g.integers(2, 12)),
            running=float(g.integers(0, 3)),
            peak_mw=float(g.integers(2, 5)) * 0.5,
            compute=tuple(float(g.integers(1, 5)) for _ in range(works)),
            chip=int(g.integers(2)),
        )
        for j in range(sites + 1 + int(g.integers(2)))
    )
    curtailed = now_and_then(0.7)
    ways = []
    for site in range(sites):
        for _ in range(int(g.integers(1, 4))):
            mw = np.sort(g.integers(0, 6, periods)) * 1.0
            tranche = np.minimum(mw, g.integers(0, 4, periods)) if curtailed and now_and_then() else 0 * mw
            ways.append(
                Way(
                    site=site,
                    mw=tuple(mw),
                    curtailable_mw=tuple(tranche),
                    price=tuple(float(v) for v in g.integers(0, 4, periods)),
                    cost=float(g.integers(0, 8)),
                    kg=float(g.integers(0, 5)) * 100.0,
                    clean=float(g.integers(0, 5)) / 4,
                    min_take=tuple(float(v) for v in g.integers(0, 4, periods) / 4)
                    if now_and_then()
                    else None,
                    units=int(g.integers(0, 3)),
                )
            )
    return Case(
        periods=periods,
        sites=sites,
        halls=halls,
        demand=g.integers(1, 9, (works, periods)).astype(float),
        workload=tuple(range(works)),
        unserved=float(g.integers(4, 25)),
        discount=(1.0, 0.9),
        ways=tuple(ways),
        lost_share=tuple(float(v) for v in g.integers(0, 5, sites) / 10),
        made_up=tuple(float(v) for v in g.integers(0, 3, works) / 4),
        flexible=tuple(now_and_then(0.7) for _ in range(works)),
        cut_usd=tuple(float(v) for v in g.integers(0, 3, works)),
        units_max=tuple(np.cumsum(g.integers(0, 3, periods)).astype(float)) if now_and_then() else (9.0, 9.0),
        clean_share=tuple(float(v) for v in g.integers(0, 3, periods) / 4) if now_and_then(0.4) else None,
        co2_t_max=tuple(float(v) for v in g.integers(1, 12, periods) / 10) if now_and_then(0.3) else None,
    )


def best_cost(case: Case) -> float:
    """Cost of the best plan; inf without one."""
    best = np.inf
    choices = [
        [None, *[m for m, way in enumerate(case.ways) if way.site == site]] for site in range(case.sites)
    ]
    for counts in itertools.product(range(MOST + 1), repeat=len(case.halls)):
        built = sum(
            n * (h.capital * case.discount[h.commission] + h.running * sum(case.discount[h.commission :]))
            for h, n in zip(case.halls, counts, strict=True)
        )
        for taken in itertools.product(*choices):
            paths = [m for m in taken if m is not None]
            cost = built + sum(case.ways[m].cost for m in paths)
            if cost >= best or any(
                sum(case.ways[m].units for m in paths) > limit for limit in case.units_max or ()
            ):
                continue
            for t in range(case.periods):
                cost += _period(case, counts, taken, t)
                if cost >= best:
                    break
            best = min(best, cost)
    return best


def _period(case: Case, counts: tuple[int, ...], taken: tuple[int | None, ...], t: int) -> float:
    """Cheapest energy, service and curtailment of a period; inf if the halls can't run."""
    works, sites = len(case.workload), case.sites
    kinds = sorted({(h.site, h.chip, h.compute) for h in case.halls})
    running = dict.fromkeys(kinds, 0.0)
    peak, energy = np.zeros(sites), np.zeros(sites)
    for h, n in zip(case.halls, counts, strict=True):
        if h.commission <= t:
            running[h.site, h.chip, h.compute] += n
            peak[h.site] += n * h.peak_mw
            energy[h.site] += n * h.peak_mw
    least = {k: min(h.peak_mw for h in case.halls if (h.site, h.chip, h.compute) == k) for k in kinds}
    ways = [None if m is None else case.ways[m] for m in taken]
    mw = np.array([0.0 if way is None else way.mw[t] for way in ways])
    tranche = np.array([0.0 if way is None else way.curtailable_mw[t] for way in ways])
    if (peak > mw + 1e-9).any():
        return np.inf
    # Variables: use[k, w], cut[k, w], served[s, w], short[w], billed[s].
    nk = len(kinds)
    use = np.arange(nk * works).reshape(nk, works)
    cut = use + nk * works
    served = 2 * nk * works + np.arange(sites * works).reshape(sites, works)
    short = served.max() + 1 + np.arange(works)
    billed = short.max() + 1 + np.arange(sites)
    n = int(billed.max()) + 1
    cost, bounds = np.zeros(n), [(0.0, None)] * n
    upper, limit = [], []

    def at_most(row: dict[int, float], value: float) -> None:
        line = np.zeros(n)
        for i, v in row.items():
            line[i] += v
        upper.append(line)
        limit.append(value)

    for i, (site, _, compute) in enumerate(kinds):
        lost = [case.lost_share[site] * (1 - case.made_up[w]) for w in range(works)]
        at_most(
            {**{use[i, w]: 1.0 for w in range(works)}, **{cut[i, w]: lost[w] for w in range(works)}},
            running[kinds[i]],
        )
        for w in range(works):
            at_most({cut[i, w]: 1 - lost[w], use[i, w]: -1.0}, 0.0)
            cost[cut[i, w]] = lost[w] * compute[w] * case.cut_usd[w]
            if not case.flexible[w]:
                bounds[cut[i, w]] = (0.0, 0.0)
    for s in range(sites):
        here = [i for i, k in enumerate(kinds) if k[0] == s]
        at_most(
            {cut[i, w]: -least[kinds[i]] for i in here for w in range(works)}, mw[s] - tranche[s] - peak[s]
        )
        for w in range(works):
            at_most({served[s, w]: 1.0, **{use[i, w]: -kinds[i][2][w] for i in here}}, 0.0)
        at_most({billed[s]: -1.0}, -energy[s])
        way = ways[s]
        bounds[billed[s]] = (0.0, mw[s])
        if way is not None:
            cost[billed[s]] = way.price[t]
            at_most({billed[s]: -1.0}, -(way.min_take[t] if way.min_take else 0.0) * mw[s])
    for w in range(works):
        at_most({**{served[s, w]: -1.0 for s in range(sites)}, short[w]: -1.0}, -case.demand[w, t])
        cost[short[w]] = case.unserved
    if case.clean_share is not None and case.clean_share[t] > 0:
        at_most({billed[s]: case.clean_share[t] - w.clean for s, w in enumerate(ways) if w is not None}, 0.0)
    if case.co2_t_max is not None:
        at_most({billed[s]: w.kg / 1000 for s, w in enumerate(ways) if w is not None}, case.co2_t_max[t])
    found = linprog(cost, A_ub=np.array(upper), b_ub=np.array(limit), bounds=bounds)
    return float(found.fun) * case.discount[t] if found.status == 0 else np.inf


def _model(case: Case) -> tuple[object, object, PlanningData]:
    data = planning_case(case)
    model, columns = build_model(data)
    halls = columns.halls.ids
    model.upper[halls] = np.minimum(model.upper[halls], MOST)
    return model, columns, data


@pytest.mark.parametrize("seed", range(CASES))
def test_brute_force_agrees(seed: int) -> None:
    case = random_power_case(seed)
    model, _, _ = _model(case)
    solution = solve(model, SolverOptions(relative_gap=1e-9))
    best = best_cost(case)
    if np.isinf(best):
        assert solution.status == "infeasible"
        return
    assert solution.status == "optimal"
    assert solution.objective == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(0, CASES, 5))
def test_the_bound_of_prices_holds(seed: int) -> None:
    """Whatever prices of rows prove lies below the best plan of brute force."""
    case = random_power_case(seed)
    model, _, _ = _model(case)
    relaxed = solve(model, SolverOptions(relax=True))
    if relaxed.row_dual is None:
        return
    assert lagrangian(model, relaxed.row_dual)[0] <= best_cost(case) + 1e-6


def test_every_rule_of_power_binds_somewhere() -> None:
    """The random cases are not all loose: without a rule's rows the best plan of some case is cheaper."""
    rules = ("power", "firm_power", "cut_at_work", "min_take", "unit_slots", "clean_share", "carbon")
    binding: set[str] = set()
    for seed in range(CASES):
        model, _, _ = _model(random_power_case(seed))
        solution = solve(model, SolverOptions(relative_gap=1e-9))
        for name in set(rules) - binding:
            if name not in model.rows or solution.x is None:
                continue
            rows = model.rows[name].ids
            lower, upper = model.row_lower.copy(), model.row_upper.copy()
            lower[rows], upper[rows] = -np.inf, np.inf
            loose = solve(replace(model, row_lower=lower, row_upper=upper), SolverOptions(relative_gap=1e-9))
            if loose.objective < solution.objective - 1e-4:
                binding.add(name)
        if binding == set(rules):
            break
    assert binding == set(rules)
