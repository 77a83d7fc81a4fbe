"""Near-best alternatives: plans within a few percent of the best that differ most from it and from one another."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optimizer.physics import Evaluation
from optimizer.pipeline import Prepared, planned, prepared
from optimizer.plan import Plan, SolveRecord
from optimizer.planning.aims import unit_of, with_row
from optimizer.planning.child import Progress, relative_gap
from optimizer.planning.difference import (
    Floats,
    Standing,
    difference,
    extended,
    most_different,
    penalised,
    standing,
)
from optimizer.planning.polish import polished
from optimizer.planning.search import whole
from optimizer.planning.solve import Limits, Outcome, cheapest, solve_planning
from optimizer.scenario import Scenario
from optimizer.studies.side_by_side import amounts_of, it_mw_by_site

# Overlap is asked for to this gap; every plan found keeps every limit whatever the gap.
OVERLAP_GAP = 0.02
# Share of the time that the best plan may take.
BEST_SHARE = 0.5
# Prices on megawatts that former plans have: the first spends all that is within reach on half of them; how many are tried,
# and the share of the time left that each may take.
PRICE_FACTOR, PRICES, PRICED_SHARE = 2.0, 3, 0.5


@dataclass(frozen=True)
class Alternatives:
    """The best plan and others that cost nearly the same.

    Attributes
    ----------
    best : Plan
    others : tuple of Plan
        In the order found: each differs most from all before it, as far as the time went.
    within : float
        How much worse they may be than the best plan [fraction].
    mw : ndarray of shape (1 + n_others, K)
        IT megawatts at the end of planning by site and chip, the best plan first.
    kinds : tuple of (str, str)
        Site and chip of each column of `mw`.
    """

    best: Plan
    others: tuple[Plan, ...]
    within: float
    mw: Floats
    kinds: tuple[tuple[str, str], ...]

    @property
    def named(self) -> dict[str, Plan]:
        """Plans by name: best, alternative-1, …"""
        return {
            "best": self.best,
            **{f"alternative-{n}": plan for n, plan in enumerate(self.others, start=1)},
        }

    @property
    def verified(self) -> bool:
        """Whether the independent check agrees with every plan."""
        return all(plan.verified for plan in self.named.values())

    def table(self) -> Any:
        """A row a plan.

        Returns
        -------
        DataFrame
            plan, change_share (of the objective beside the best), different_share_best, different_share_nearest (of IT
            megawatts that stand elsewhere or with other chips than in the best plan, and in the nearest of those before)
            [fractions], cost_usd, h100e_hours [unit of demand.metric], co2_t, water_m3, target_years (with a target), it_mw,
            sites, verified.
        """
        import pandas as pd

        rows = []
        for n, (name, plan) in enumerate(self.named.items()):
            before = [difference(self.mw[n], self.mw[k]) for k in range(n)]
            places = {site for (site, _), mw in zip(self.kinds, self.mw[n], strict=True) if mw > 0}
            rows.append(
                {
                    "plan": name,
                    "change_share": (plan.objective - self.best.objective)
                    / max(abs(self.best.objective), 1e-9),
                    "different_share_best": before[0] if before else 0.0,
                    "different_share_nearest": min(before, default=0.0),
                    **amounts_of(plan),
                    "it_mw": float(self.mw[n].sum()),
                    "sites": len(places),
                    "verified": plan.verified,
                }
            )
        return pd.DataFrame(rows)

    def sites(self) -> Any:
        """IT megawatts at the end of planning by site, a column a plan (DataFrame)."""
        return it_mw_by_site(self.named)


def alternatives(
    scenario: Scenario,
    within: float = 0.02,
    count: int = 3,
    time_limit: float = 600.0,
    gap: float = 0.005,
    threads: int = 1,
    deterministic: bool = False,
    on_progress: Callable[[int, int, Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    evaluation: Evaluation | None = None,
) -> Alternatives:
    """Find plans that are nearly as good as the best and differ most from it.

    Parameters
    ----------
    scenario : Scenario
    within : float
        How much worse than the best plan found [fraction].
    count : int
        How many beside the best; fewer where the time ends, or where no other plan lies within.
    time_limit : float
        Wall clock of all plans together [s].
    gap, threads, deterministic, stop, evaluation
        As of `solve`.
    on_progress : callable, optional
        Called with the plan's number from 0 (the best), how many there are, and the state of its search: for the alternatives, the
        objective is the megawatts shared with the nearest plan before.

    Raises
    ------
    OneObjectiveError, InfeasibleError, NoPlanError
        As of `solve`, for the best plan.
    """
    started = time.monotonic()
    case = prepared(scenario, evaluation, threads)
    deadline = started + time_limit + case.evaluation_s

    def report(n: int) -> Callable[[Progress], None] | None:
        return None if on_progress is None else lambda state: on_progress(n, count + 1, state)

    limits = Limits(time_limit * (BEST_SHARE if count else 1.0), gap, threads, deterministic)
    best, x = planned(case, limits, report(0), stop)
    kinds = standing(case.data)
    halls = case.ids.halls
    former = [kinds.of(x[halls.ids])]
    others: list[Plan] = []
    most = _limit(case, best, within)
    near = with_row(case.model, "within", case.model.cost, most)
    for n in range(1, count + 1):
        left = (deadline - time.monotonic()) / (count + 1 - n)
        if left <= 0 or (stop is not None and stop()):
            break
        until = time.monotonic() + max(0.5, left)
        apart = most_different(near, halls.first, kinds, former)
        limits = Limits(0.0, OVERLAP_GAP, threads, deterministic)
        known = x
        if not whole(case.model):
            known = _near_and_apart(case, limits, kinds, former, x, most, until, stop)
        start = extended(known, kinds.of(known[halls.ids]), former)
        search = replace(limits, time_limit_s=max(0.5, until - time.monotonic()))
        outcome = solve_planning(case.data, search, report(n), stop, (apart, case.ids), 1.0, start)
        if outcome.x is None:
            continue
        found = polished(near, outcome.x[: near.n_columns], halls.ids)
        if found is None:
            continue
        if case.data.aim != "cost":
            found = cheapest(near, found, case.ids, most)
        mw = kinds.of(found[halls.ids])
        if min(difference(mw, old) for old in former) <= 0:
            if outcome.status == "optimal":
                break  # nothing else lies within
            continue  # the time for it was too short: what is left goes to the next
        former.append(mw)
        others.append(case.plan(found, _record(case, best, found, outcome)))
    sites, chips = scenario.sites, case.columns.chips
    names = tuple((sites[s].name, chips[g].id) for s, g in zip(kinds.site, kinds.chip, strict=True))
    return Alternatives(best, tuple(others), within, np.array(former), names)


def _near_and_apart(
    case: Prepared,
    limits: Limits,
    kinds: Standing,
    former: list[Floats],
    best: Floats,
    most: float,
    until: float,
    stop: Callable[[], bool] | None,
) -> Floats:
    """A solution within reach that shares little with former plans; the best one where none is found.

    Large models find no solution from the overlap alone: a price on what former plans have is added to the objective, halved
    until the solution lies within reach.
    """
    halls = case.ids.halls
    room = most - float(case.model.cost @ best)
    price = PRICE_FACTOR * room / max(1e-9, float(former[0].sum()))
    for _ in range(PRICES):
        left = until - time.monotonic()
        if left < 1.0 or (stop is not None and stop()):
            break
        model = penalised(case.model, halls.first, kinds, former, price)
        search = replace(limits, time_limit_s=left * PRICED_SHARE, gap=room / max(1e-9, abs(most)) / 4)
        outcome = solve_planning(case.data, search, None, stop, (model, case.ids))
        if outcome.x is None:
            break
        exact = polished(model, outcome.x, halls.ids)
        if exact is not None and float(case.model.cost @ exact) <= most:
            return exact
        price /= 2.0
    return best


def _limit(case: Prepared, best: Plan, within: float) -> float:
    """Most of the model's objective, without its offset, that a plan within reach has."""
    unit = unit_of(case.data, case.data.aim)
    own = best.objective / unit
    return own + within * abs(own) + 1e-9 * abs(own) - case.model.offset


def _record(case: Prepared, best: Plan, x: Floats, outcome: Outcome) -> SolveRecord:
    objective = float(case.model.cost @ x + case.model.offset) * unit_of(case.data, case.data.aim)
    return SolveRecord(
        status="feasible",
        sense=best.record.sense,
        objective=objective,
        bound=best.bound,
        gap=relative_gap(objective, best.bound),
        solve_seconds=outcome.seconds,
        solver=outcome.solver,
        details={**best.record.details, "shared_mw": outcome.objective, "shared_mw_bound": outcome.bound},
    )
