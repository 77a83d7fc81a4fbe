"""When the grid's megawatts come: offers, requests in the queue, delays, circuits of which one may fail."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from optimizer.scenario.schema import Scenario, Site


def firm_steps(scenario: Scenario, site: Site) -> dict[int, float]:
    """Firm megawatts at the site's meter from each month on, ascending; empty without a grid.

    Requests add to the offer when study and building are over. What is not there at the start (or by
    `power.grid_delay_from`) comes later by `grid.delay_months` and `power.grid_delay_months`. With n circuits of which
    one may fail, (n - 1)/n is firm.
    """
    grid = site.grid
    if grid is None:
        return {}
    waiting = [(_after(q.requested, q.study_months + q.build_months), q.mw) for q in grid.queue]
    months = sorted({*grid.offer_mw, *(month for month, _ in waiting)})
    circuits = grid.n_minus_1_circuits
    firm = 1.0 if circuits is None else (circuits - 1) / circuits
    offered = 0.0
    steps = {}
    for month in months:
        offered = grid.offer_mw.get(month, offered)
        steps[month] = firm * (offered + sum(mw for at, mw in waiting if at <= month))
    return _delayed(scenario, site, steps)


def curtailable_steps(scenario: Scenario, site: Site) -> dict[int, float]:
    """Megawatts of the curtailable tranche at the meter from each month on; empty without one."""
    if site.grid is None or site.grid.curtailable is None:
        return {}
    return _delayed(scenario, site, site.grid.curtailable.offer_mw)


def at_month(steps: Mapping[int, float], month: int) -> float:
    """Value of a step path in a month; 0 before its first entry."""
    reached = [at for at in steps if at <= month]
    return float(steps[max(reached)]) if reached else 0.0


def _delayed(scenario: Scenario, site: Site, steps: Mapping[int, float]) -> dict[int, float]:
    """Steps that are not there at the start come later; what two steps then share is the later one's."""
    assert site.grid is not None
    months = site.grid.delay_months + scenario.power.grid_delay_months
    late = scenario.power.grid_delay_from
    first = scenario.horizon.start + 1 if late is None else late
    return {(month if month < first else _after(month, months)): mw for month, mw in sorted(steps.items())}


def _after(month: int, months: float) -> int:
    return month + ceil(months - 1e-9)
