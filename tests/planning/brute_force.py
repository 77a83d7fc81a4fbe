"""The best plan of a tiny case by trying every number of halls; written from the rules, not from the model's rows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

from .cases import Case


@dataclass(frozen=True)
class Best:
    """Cost of the best plan (or its compute, where most is wanted); inf (-inf) if there is none."""

    value: float
    halls: tuple[int, ...] | None


def best_plan(case: Case, most: int) -> Best:
    """Enumerate hall counts 0…most of every programme, blocks and path choices included."""
    sign = -1.0 if case.maximize else 1.0
    best, chosen = np.inf, None
    discount = np.array(case.discount if case.discount is not None else np.ones(case.periods))
    ranges = [range(2) if h.block >= 0 else range(most + 1) for h in case.halls]
    for counts in itertools.product(*ranges):
        if not _whole_rules_hold(case, counts):
            continue
        fixed = _cost_of_halls(case, counts, discount)
        # Money cheaper than the WACC takes off what halls cost.
        if not case.maximize and not case.sources and fixed >= best:
            continue
        rest = _rest(case, counts, discount)
        if rest is None:
            continue
        value = rest if case.maximize else fixed + rest
        if sign * value < best:
            best, chosen = sign * value, counts
    return Best(sign * best, chosen)


def _running(case: Case, counts: tuple[int, ...], t: int) -> list[tuple[int, int]]:
    return [(j, n) for j, n in enumerate(counts) if n and case.halls[j].commission <= t]


def _whole_rules_hold(case: Case, counts: tuple[int, ...]) -> bool:
    halls = case.halls
    blocks = max((h.block for h in halls), default=-1) + 1
    for b in range(blocks):
        if sum(n for h, n in zip(halls, counts, strict=True) if h.block == b) != 1:
            return False
    for s in range(case.sites):
        here = [(h, n) for h, n in zip(halls, counts, strict=True) if h.site == s and n]
        if case.halls_max is not None and sum(h.it_mw * n for h, n in here) > case.halls_max[s] + 1e-9:
            return False
        for t in range(case.periods):
            started = sum(n for h, n in here if h.commission == t and h.block < 0)
            if case.site_starts_max is not None and started > case.site_starts_max:
                return False
            peak = sum(h.peak_mw * n for h, n in here if h.commission <= t)
            if case.power_mw is not None and peak > case.power_mw[s, t] + 1e-9:
                return False
    for t in range(case.periods):
        pairs = [(halls[j], n) for j, n in _running(case, counts, t)]
        started = sum(n for h, n in pairs if h.commission == t and h.block < 0)
        if case.starts_max is not None and started > case.starts_max:
            return False
        if case.floor_mw is not None and sum(h.it_mw * n for h, n in pairs) < case.floor_mw[t] - 1e-9:
            return False
        if case.racks_max is not None:
            for g in range(len(case.racks_max)):
                if sum(h.racks * n for h, n in pairs if h.chip == g) > case.racks_max[g, t] + 1e-9:
                    return False
    if case.budget is not None:
        spent = sum(h.capital * n for h, n in zip(halls, counts, strict=True)) + _openings(case, counts)
        if spent > case.budget + 1e-9:
            return False
    return True


def _first_start(case: Case, counts: tuple[int, ...], site: int) -> int | None:
    starts = [
        h.commission for h, n in zip(case.halls, counts, strict=True) if n and h.site == site and h.block < 0
    ]
    return min(starts, default=None)


def _openings(case: Case, counts: tuple[int, ...]) -> float:
    if case.opening is None:
        return 0.0
    return sum(p for s, p in enumerate(case.opening) if _first_start(case, counts, s) is not None)


def _cost_of_halls(case: Case, counts: tuple[int, ...], discount: np.ndarray) -> float:
    total = 0.0
    for h, n in zip(case.halls, counts, strict=True):
        total += n * (h.capital * discount[h.commission] + h.running * discount[h.commission :].sum())
        total += (
            n * h.peak_mw * case.energy_price * discount[h.commission :].sum() * (case.power_mw is not None)
        )
    if case.opening is not None:
        for s, price in enumerate(case.opening):
            first = _first_start(case, counts, s)
            if first is not None:
                total += price * (discount[first] - case.discount_end)
    if case.path_cost is not None:
        for s, price in enumerate(case.path_cost):
            if any(n for h, n in zip(case.halls, counts, strict=True) if h.site == s):
                total += price
    return total


def _rest(case: Case, counts: tuple[int, ...], discount: np.ndarray) -> float | None:
    """Cheapest service, shortage and money for given halls, or most compute; None if something cannot be had."""
    if case.maximize:
        return float(
            sum(
                n * max(case.halls[j].compute) * discount[t]
                for t in range(case.periods)
                for j, n in _running(case, counts, t)
            )
        )
    total = 0.0
    if not case.jobs:
        for t in range(case.periods):
            value = _service(case, counts, t, discount[t], {})
            if value is None:
                return None
            total += value
    else:
        found = None
        for sites in itertools.product(
            range(case.sites + (case.unserved is not None)), repeat=len(case.jobs)
        ):
            value = _with_jobs(case, counts, discount, sites)
            if value is not None and (found is None or value < found):
                found = value
        if found is None:
            return None
        total += found
    if case.sources:
        money = _money(case, counts)
        if money is None:
            return None
        total += money
    return total


def _with_jobs(
    case: Case, counts: tuple[int, ...], discount: np.ndarray, sites: tuple[int, ...]
) -> float | None:
    total = 0.0
    for t in range(case.periods):
        held: dict[tuple[int, int], float] = {}
        for (workload, amount, first, end), site in zip(case.jobs, sites, strict=True):
            if not first <= t < end:
                continue
            if site == case.sites:
                assert case.unserved is not None
                total += amount * case.unserved * discount[t]
            else:
                held[site, workload] = held.get((site, workload), 0.0) + amount
        value = _service(case, counts, t, discount[t], held)
        if value is None:
            return None
        total += value
    return total


def _service(
    case: Case, counts: tuple[int, ...], t: int, discount: float, held: dict[tuple[int, int], float]
) -> float | None:
    """Cheapest service in one period by a transport problem: halls' time to (site, demand), shortage beside it."""
    demand = np.asarray(case.demand)[:, t]
    running = _running(case, counts, t)
    works = max(case.workload) + 1
    # Variables: hours[j, w], served[s, d], short[d].
    n_use, n_served = len(running) * works, case.sites * len(demand)
    n = n_use + n_served + len(demand)
    cost = np.zeros(n)
    bounds: list[tuple[float, float | None]] = [(0, None)] * n
    upper, limit = [], []
    for i, (_, count) in enumerate(running):
        row = np.zeros(n)
        row[i * works : (i + 1) * works] = 1
        upper.append(row)
        limit.append(float(count))
    for s in range(case.sites):
        for w in range(works):
            row = np.zeros(n)
            for i, (j, _) in enumerate(running):
                if case.halls[j].site == s:
                    row[i * works + w] = -case.halls[j].compute[w]
            for d in range(len(demand)):
                if case.workload[d] == w:
                    row[n_use + s * len(demand) + d] = 1
            upper.append(row)
            limit.append(-held.get((s, w), 0.0))
    for d in range(len(demand)):
        row = np.zeros(n)
        for s in range(case.sites):
            k = n_use + s * len(demand) + d
            row[k] = -1
            if case.serving is not None:
                cost[k] = case.serving[s, d] * discount
            if case.reach is not None and not case.reach[s, d]:
                bounds[k] = (0, 0)
        k = n_use + n_served + d
        row[k] = -1
        if case.unserved is None:
            bounds[k] = (0, 0)
        else:
            cost[k] = case.unserved * discount
        upper.append(row)
        limit.append(-demand[d])
    result = linprog(cost, A_ub=np.array(upper), b_ub=np.array(limit), bounds=bounds)
    return float(result.fun) if result.status == 0 else None


def _money(case: Case, counts: tuple[int, ...]) -> float | None:
    """Cheapest draws; halls' capital is class 1, openings class 0."""
    periods, sources = case.periods, case.sources
    spend = np.zeros((4, periods))
    for h, count in zip(case.halls, counts, strict=True):
        spend[1, h.commission] += count * h.capital
    if case.opening is not None:
        for s, price in enumerate(case.opening):
            first = _first_start(case, counts, s)
            if first is not None:
                spend[0, first] += price
    loans = [i for i, source in enumerate(sources) if source.loan_to_cost is not None]
    best: float | None = None
    # A loan asks nothing until it is drawn: each one's first period is tried, and that it is never drawn.
    for firsts in itertools.product(range(periods + 1), repeat=len(loans)):
        found = _draws(case, counts, spend, dict(zip(loans, firsts, strict=True)))
        if found is not None and (best is None or found < best):
            best = found
    return best


def _draws(case: Case, counts: tuple[int, ...], spend: np.ndarray, firsts: dict[int, int]) -> float | None:
    """Cheapest draws where each loan is drawn from a given period on."""
    periods, sources = case.periods, case.sources
    index = [
        (i, c, t)
        for i, s in enumerate(sources)
        for c in s.classes
        for t in s.drawable()
        if t >= firsts.get(i, 0)
    ]
    # What comes from a round stands behind the draws.
    parts = [
        (i, n, t)
        for i, s in enumerate(sources)
        for n, part in enumerate(s.rounds)
        for t in range(part.first, periods)
    ]
    if not index:
        return 0.0 if spend.sum() == 0 else None
    deflator = np.ones(periods)
    discount = np.array(case.discount if case.discount is not None else np.ones(periods))
    cost = np.array(
        [sources[i].premium[t] for i, _, t in index]
        + [
            sources[i].rounds[n].fee * deflator[t] * (discount[t] + sources[i].premium[t])
            for i, n, t in parts
        ]
    )
    equal, value, upper, limit = [], [], [], []

    def row(draws: Any, rounds: Any = lambda i, n, t: 0.0) -> np.ndarray:
        return np.array([float(draws(*k)) for k in index] + [float(rounds(*k)) for k in parts])

    def reached(megawatts: float | None, t: int) -> bool:
        return megawatts is None or any(
            sum(case.halls[j].it_mw * n for j, n in _running(case, counts, u)) >= megawatts - 1e-9
            for u in range(t + 1)
        )

    for c in range(4):
        for t in range(periods):
            equal.append(row(lambda i, cc, tt, c=c, t=t: cc == c and tt == t))
            value.append(spend[c, t])
    for i, source in enumerate(sources):
        for first, end, usd in source.windows:
            upper.append(row(lambda ii, cc, tt, i=i, first=first, end=end: ii == i and first <= tt < end))
            limit.append(usd)
        for t in range(periods):
            if source.ceiling_usd is not None:
                upper.append(
                    row(
                        lambda ii, cc, tt, i=i, t=t: ii == i and tt <= t,
                        lambda ii, n, tt, i=i, t=t: -float(ii == i and tt <= t),
                    )
                )
                limit.append(source.ceiling_usd[t])
            if source.rounds:
                upper.append(
                    row(
                        lambda ii, cc, tt, i=i, t=t: -float(ii == i and tt == t),
                        lambda ii, n, tt, i=i, t=t: ii == i and tt == t,
                    )
                )
                limit.append(0.0)
            for n, part in enumerate(source.rounds):
                upper.append(
                    row(lambda *k: 0.0, lambda ii, nn, tt, i=i, n=n, t=t: (ii, nn) == (i, n) and tt <= t)
                )
                limit.append(part.usd if reached(part.online_mw, t) else 0.0)
            if source.loan_to_cost is not None and t >= firsts[i]:
                beside = [k for k in firsts if sources[k].rank <= source.rank]
                upper.append(
                    row(
                        lambda ii, cc, tt, t=t, beside=beside, own=source.classes: (
                            ii in beside and cc in own and tt <= t
                        )
                    )
                )
                limit.append(source.loan_to_cost * spend[list(source.classes), : t + 1].sum())
            if not reached(source.online_mw, t):
                upper.append(row(lambda ii, cc, tt, i=i, t=t: ii == i and tt <= t))
                limit.append(0.0)
    result = linprog(
        cost,
        A_ub=np.array(upper) if upper else None,
        b_ub=np.array(limit) if limit else None,
        A_eq=np.array(equal),
        b_eq=np.array(value),
    )
    return float(result.fun) if result.status == 0 else None
