"""What is said of a given plan: it is costed, not proven; bound and gap are about what it leaves open."""

from __future__ import annotations

import math
from dataclasses import replace

from optimizer.plan import Plan, Violation
from optimizer.report import wording
from optimizer.report.part import Part, Tile


def headline(plan: Plan) -> str:
    """Any plan in one sentence: its status, objective, bound, gap, and what the check found."""
    aim, metric = plan.aim, plan.scenario.demand.metric
    if plan.given is None:
        return wording.headline(plan.status, plan.objective, plan.bound, plan.gap, plan.verified, aim, metric)
    value = wording.objective(plan.objective, aim, metric)
    edge = "no bound was proven for what it leaves open"
    if math.isfinite(plan.bound):
        edge = (
            f"with these halls no plan {wording.better(aim)} {wording.objective(plan.bound, aim, metric)} "
            f"(gap {wording.percent(plan.gap)})"
        )
    return f"{verdict(plan)}: {wording.aim_name(aim)} {value}; {edge}; {_checked(plan)}."


def verdict(plan: Plan) -> str:
    """A given plan's status in words: costed, and how many limits it breaks."""
    broken = len({(found.rule, found.where) for found in plan.broken_limits})
    if not broken:
        return "costed; keeps every limit"
    return f"costed; breaks {broken} {'limit' if broken == 1 else 'limits'}"


def _checked(plan: Plan) -> str:
    if len(plan.broken_limits) < len(plan.report.violations):
        return "NOT verified: the independent check finds other figures"
    return "checked independently" if plan.verified else "the independent check names each limit"


def broken_lines(plan: Plan) -> list[str]:
    """What the check found, as sentences; periods one after the other with the same figures stand in one."""
    place = {label: t for t, label in enumerate(plan.accounts.labels)}
    spans: list[tuple[Violation, str]] = []
    for found in plan.report.violations:
        if (
            spans
            and place.get(found.period, -1) == place.get(spans[-1][1], -3) + 1
            and _alike(spans[-1][0], found)
        ):
            spans[-1] = (spans[-1][0], found.period)
        else:
            spans.append((found, found.period))
    return [
        str(first)
        if last == first.period
        else str(first).replace(f"{first.period})", f"{first.period} to {last})", 1)
        for first, last in spans
    ]


def _alike(first: Violation, later: Violation) -> bool:
    """Whether two sentences differ in their period alone: figures that read alike are alike."""
    return first.message.replace(first.period, "") == later.message.replace(later.period, "")


def badge(plan: Plan) -> str | None:
    """What stands before a given plan's sentence on the page; None for plans that were chosen."""
    if plan.given is None:
        return None
    return "✗ limits broken" if plan.broken_limits else "✓ limits kept"


def kicker(plan: Plan) -> str:
    """What kind of page it is."""
    return "Build plan" if plan.given is None else f"Given plan: {plan.given.name}"


def description(plan: Plan) -> str:
    """The scenario in words, and the given plan."""
    said = [plan.scenario.description, "" if plan.given is None else plan.given.description]
    return " ".join(f"{text.rstrip('.')}." for text in said if text) if all(said) else "".join(said)


def own_tiles(plan: Plan, tiles: tuple[Tile, ...]) -> tuple[Tile, ...]:
    """The tiles with what a given plan's gap means in place of the proof's."""
    if plan.given is None:
        return tiles
    bound = wording.objective(plan.bound, plan.aim, plan.scenario.demand.metric)
    gap = Tile(
        "Left open, gap",
        wording.percent(plan.gap),
        f"of these halls' refreshes, supply, work and money: no choice {wording.better(plan.aim)} {bound}",
    )
    return (*tiles[:-1], gap)


def own_parts(plan: Plan, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The page's parts, those that speak of the best plan in a given plan's words."""
    if plan.given is None:
        return parts
    reading = (
        f"The halls are given ({plan.given.name}): where, when, how many megawatts and with which first chips. What that leaves "
        "open (cooling and tenure where they are not named, what follows when the chips' life ends, ways of supply, work, energy "
        f"and money) is chosen so that the plan {wording.does_best(plan.aim)}.",
        "Limits of the scenario that the halls break are named above. They give way to the given halls no more than they must: "
        "what is chosen keeps to them. Bound and gap are about what is left open, not about other halls; status of that search: "
        f"{wording.status(plan.status)}.",
    )
    return tuple(
        replace(part, texts=(*reading, *part.texts[2:])) if part.identity == "reading" else part
        for part in parts
    )
