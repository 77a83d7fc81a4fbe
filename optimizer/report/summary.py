"""The plan in a paragraph and in a few figures: what a board decides on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from optimizer.plan import Plan
from optimizer.report import frames, labels, wording
from optimizer.report.part import Tile


def tiles(plan: Plan) -> tuple[Tile, ...]:
    """The plan in a few figures."""
    places = frames.places(plan)
    used = places[places["it_mw"] > 0]
    by_site = frames.it_by_site(plan)
    last = frames.last_planning_period(plan)
    aim, metric = plan.aim, plan.scenario.demand.metric
    built = frames.planning_only(plan, frames.capex(plan))["usd"].sum()
    later = float(frames.capex(plan)["usd"].sum() - built)
    return (
        Tile(
            "IT power",
            wording.megawatts(float(by_site.loc[by_site["period"] == last, "it_mw"].sum())),
            f"in operation in the period from {last}",
        ),
        Tile("Sites", f"{len(used)} of {len(places)}", "offers that the plan uses"),
        Tile(
            "Capital",
            wording.usd(float(built)),
            f"until {last}, then {wording.usd(later)} for refresh" if later > 0 else "in all",
        ),
        Tile(
            wording.aim_name(aim).capitalize(),
            wording.objective(plan.objective, aim, metric),
            "the objective: capital and operation, less what is left at the end"
            if aim == "cost"
            else "the objective",
        ),
        Tile(
            "Gap to the bound",
            wording.percent(plan.gap),
            f"proven: no plan {wording.better(aim)} {wording.objective(plan.bound, aim, metric)}",
        ),
    )


def decision(plan: Plan) -> str:
    """What is decided: how much, where, from when, with which cooling and chips."""
    places = frames.places(plan)
    used = places[places["it_mw"] > 0]
    if not len(used):
        return "Nothing is built."
    first, last = plan.accounts.labels[0], frames.last_planning_period(plan)
    total = float(frames.it_by_site(plan).query("period == @last")["it_mw"].sum())
    largest = ", ".join(
        f"{site} ({wording.megawatts(mw)})"
        for site, mw in zip(used["site"][:3], used["it_mw"][:3], strict=True)
    )
    rest = f"; {len(used) - 3} more follow" if len(used) > 3 else ""
    cooling: dict[str, float] = defaultdict(float)
    chips: dict[str, float] = defaultdict(float)
    for life in plan.content.lives:
        cooling[labels.cooling(life.cooling)] += life.halls * life.it_mw
        chips[labels.chip(life.stages[0].chip)] += life.halls * life.it_mw
    return (
        f"From {first} to {last}, {wording.megawatts(total)} of IT come into operation at {len(used)} of "
        f"{len(places)} sites on offer. The largest: {largest}{rest}. Cooling by IT power: {_shares(cooling)}. "
        f"First chips: {_shares(chips)}."
    )


def _shares(amounts: Mapping[str, float]) -> str:
    total = sum(amounts.values())
    ordered = sorted(amounts.items(), key=lambda item: (-item[1], item[0]))
    if len(ordered) == 1:
        return ordered[0][0]
    return ", ".join(f"{name} {_whole_percent(amount / total)}" for name, amount in ordered)


def _whole_percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%" if share >= 0.01 else "< 1\u00a0%"
