"""Section on the limits that all sites share."""

from __future__ import annotations

from optimizer.plan import Plan
from optimizer.report import charts_work, frames, frames_limits, sentences
from optimizer.report.part import Figure, Part, drawn
from optimizer.report.tables import by_period, plain_table

_SAID = {"most_share": "most used", "amounts": "used, of", "path": "in the scenario"}


def limits(plan: Plan) -> Part | None:
    """What the plan uses of each limit over all sites; None where the scenario has none."""
    frame = frames_limits.limits(plan)
    if not len(frame):
        return None
    use = frames_limits.use_of_limits(plan)
    figures: tuple[Figure, ...] = ()
    if len(frames.planning_only(plan, use)):
        figures = (
            drawn(
                plan,
                charts_work.limits,
                "limits-chart",
                "Use of the limits over all sites",
                "Share of each limit that is used, by planning period: at 100 % it binds. Deliveries and draws are counted "
                "from the start; for a least amount the share is what is asked for over what there is.",
            ),
        )
    return Part(
        "limits",
        "What binds",
        (sentences.limits(plan),),
        figures,
        (plain_table(frame, "Limits over all sites, in the period in which most is used", said=_SAID),),
        (by_period(use, ("name",), "share", "Use by period"),) if len(use) else (),
    )
