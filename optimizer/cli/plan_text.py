"""A plan on the terminal: the headline, then who is built when, what runs, what it costs."""

from __future__ import annotations

from optimizer.cli.text_tables import table, width
from optimizer.plan import Plan
from optimizer.report import frames, frames_limits, frames_money, wording
from optimizer.report.given_plan import headline
from optimizer.report.tables import Table, billions, by_period, plain_table


def plan_text(plan: Plan, columns: int | None = None) -> str:
    """The plan as tables of text.

    Parameters
    ----------
    plan : Plan
    columns : int, optional
        Width [characters]. Default: the terminal's.
    """
    wide = width() if columns is None else columns
    blocks = [
        _builds(plan),
        _running(plan),
        _compute(plan),
        _money(plan),
        _chips(plan),
        plain_table(plan.tables()["capital_bill"], "Capital bill"),
        _compute_cost(plan),
        _binding(plan),
    ]
    return "\n\n".join([headline(plan), *(table(block, wide) for block in blocks if block.rows)])


def _builds(plan: Plan) -> Table:
    frame = frames.planning_only(plan, frames.it_by_site(plan))
    return by_period(frame, ("site",), "it_mw", "IT megawatts in operation, by site", total=True)


def _running(plan: Plan) -> Table:
    frame = frames.planning_only(plan, frames.totals_by_period(plan))
    return by_period(frame, ("figure",), "amount", "Power, energy, water and carbon", wording.number)


def _compute(plan: Plan) -> Table:
    frame = frames.planning_only(plan, frames.compute_by_period(plan))
    title = f"Compute, thousand {wording.compute_unit(plan.scenario.demand.metric)}"
    return by_period(frame, ("figure",), "amount", title, wording.number)


def _chips(plan: Plan) -> Table:
    title = f"Racks bought by generation, billion USD of {plan.scenario.money.base_year}"
    frame = frames.planning_only(plan, plan.tables()["chips_bought"])
    return by_period(frame, ("chip",), "usd", title, billions, total=True)


def _money(plan: Plan) -> Table:
    frame = frames.planning_only(plan, frames.capex(plan))
    title = f"Capital by class, billion USD of {plan.scenario.money.base_year}"
    return by_period(frame, ("asset_class",), "usd", title, billions, total=True)


def _compute_cost(plan: Plan) -> Table:
    title = f"Levelised cost of compute, USD of {plan.scenario.money.base_year}"
    columns = ("chip", "usd_per_unit_hour", "usd_per_pflop_hour")
    return plain_table(frames_money.generations(plan), title, columns, True, frames_money.unit_hour(plan))


def _binding(plan: Plan) -> Table:
    """Limits over all sites of which next to all is used."""
    frame = frames_limits.binding(plan)
    title = f"What binds: limits over all sites used to {100 * frames_limits.BINDS:.0f} % or more"
    return plain_table(frame, title, ("limit", "amounts", "binds"), said={"amounts": "used, of"})
