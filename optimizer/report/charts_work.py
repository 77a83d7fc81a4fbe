"""Charts of what halls, leases and limits do: idle power, work by chips, leased compute, carbon, use of limits."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import frames, frames_limits, frames_work, palette
from optimizer.report.charts import PLAIN_ZERO, WIDE, grid, legend, period_axis, stacked, styled
from optimizer.report.wording import compute_unit

_GREY = palette.light("other")


def stranded(plan: Plan, width: int = WIDE) -> Any:
    """Power of halls that denser racks outgrow: in operation and idle [IT MW]."""
    colours = [palette.SERIES[0][0], _GREY]
    frame = frames_work.power_of_halls(plan)
    return styled(stacked(plan, frame, "kind", "it_mw", "IT MW", width, ["in operation", "idle"], colours))


def work(plan: Plan, width: int = WIDE) -> Any:
    """Compute at work by workload, chip generation and period [unit of demand.metric]."""
    import altair as alt

    frame = frames_work.work_by_chip(plan)
    known, chips = set(frame["workload"]), list(dict.fromkeys(frame["chip"]))
    names = [workload.name for workload in plan.scenario.demand.workloads if workload.name in known]
    frame = frame.assign(rank=frame["chip"].map({name: n for n, name in enumerate(chips)}))
    columns = min(len(names), 3 if width > 500 else 1)
    cell = (width - 60 * columns) // max(1, columns)
    periods = list(plan.accounts.labels)
    bars = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X(
                "period:O",
                title=None,
                sort=None,
                scale=alt.Scale(domain=periods),
                axis=period_axis(cell, periods),
            ),
            y=alt.Y(
                "amount:Q",
                title=compute_unit(plan.scenario.demand.metric),
                axis=alt.Axis(format="~s", tickCount=4, labelExpr=PLAIN_ZERO),
            ),
            color=alt.Color(
                "chip:N",
                sort=chips,
                scale=alt.Scale(domain=chips, range=palette.series(chips)),
                legend=legend(4 if width > 500 else 2),
            ),
            order=alt.Order("rank:Q"),
        )
        .properties(width=cell, height=150)
    )
    facets = bars.facet(facet=alt.Facet("workload:N", title=None, sort=names), columns=columns)
    return styled(facets.resolve_scale(y="independent"))


def leases(plan: Plan, width: int = WIDE) -> Any:
    """Leased compute, used and idle, by period [unit of demand.metric]."""
    unit, colours = compute_unit(plan.scenario.demand.metric), [palette.SERIES[0][0], _GREY]
    frame = frames_work.leased(plan)
    return styled(stacked(plan, frame, "kind", "amount", unit, width, ["used", "idle"], colours))


def carbon(plan: Plan, width: int = WIDE) -> Any:
    """CO2 of energy and of making chips and halls by period [kt]."""
    return styled(stacked(plan, frames_work.carbon(plan), "kind", "kt", "kt CO₂", width))


def limits(plan: Plan, width: int = WIDE) -> Any:
    """Use of every limit over all sites by planning period [share]."""
    frame = frames.planning_only(plan, frames_limits.use_of_limits(plan))
    known = set(frame["name"])
    order = [name for name in frames_limits.limits(plan)["limit"] if name in known]
    periods = [label for label in plan.accounts.labels if label in set(frame["period"])]
    return grid(frame, "name", "share", periods, order, 1.0, width, ".0%", lead=(250, 150))
