"""Ways to spoil a plan: each changes one decision by an amount that no rounding explains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from optimizer.plan import Life, PlanContent
from optimizer.scenario import Scenario

Corruption = Callable[[PlanContent, Scenario, np.random.Generator], PlanContent | None]


def _pick(records: tuple[Any, ...], rng: np.random.Generator) -> int | None:
    return int(rng.integers(len(records))) if records else None


def _with(records: tuple[Any, ...], i: int, record: Any) -> tuple[Any, ...]:
    return (*records[:i], record, *records[i + 1 :])


def _without(records: tuple[Any, ...], i: int) -> tuple[Any, ...]:
    return (*records[:i], *records[i + 1 :])


def more_halls(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.lives, rng)
    if i is None:
        return None
    life = content.lives[i]
    return replace(
        content, lives=_with(content.lives, i, replace(life, halls=life.halls + 1 + int(rng.integers(3))))
    )


def lost_life(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.lives, rng)
    return None if i is None else replace(content, lives=_without(content.lives, i))


def doubled_life(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.lives, rng)
    return None if i is None else replace(content, lives=(*content.lives, content.lives[i]))


def other_site(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.lives, rng)
    if i is None:
        return None
    others = [site.name for site in scenario.sites if site.name != content.lives[i].site]
    moved = replace(content.lives[i], site=str(rng.choice(others)))
    return replace(content, lives=_with(content.lives, i, moved))


def other_cooling(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.lives, rng)
    if i is None:
        return None
    others = [c for c in scenario.cooling if c != content.lives[i].cooling]
    return replace(
        content, lives=_with(content.lives, i, replace(content.lives[i], cooling=str(rng.choice(others))))
    )


def shifted_life(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    """The whole life a period earlier or later."""
    i = _pick(content.lives, rng)
    if i is None:
        return None
    life, by = content.lives[i], int(rng.choice([-1, 1]))
    return replace(content, lives=_with(content.lives, i, _moved(life, by)))


def _moved(life: Life, by: int) -> Life:
    stages = tuple(replace(s, first=max(0, s.first + by), end=s.end + by) for s in life.stages)
    return replace(life, commission=life.commission + by, stages=stages)


def other_chip(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.lives, rng)
    if i is None:
        return None
    life = content.lives[i]
    n = int(rng.integers(len(life.stages)))
    others = [c for c in scenario.chips.offered if c != life.stages[n].chip]
    stages = _with(life.stages, n, replace(life.stages[n], chip=str(rng.choice(others))))
    return replace(content, lives=_with(content.lives, i, replace(life, stages=stages)))


def longer_chips(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    """Chips used a period beyond their life."""
    early = [i for i, life in enumerate(content.lives) if len(life.stages) > 1]
    if not early:
        return None
    i = int(rng.choice(early))
    life = content.lives[i]
    first, second, *rest = life.stages
    stages = (replace(first, end=first.end + 1), replace(second, first=second.first + 1), *rest)
    return replace(content, lives=_with(content.lives, i, replace(life, stages=stages)))


def other_size(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.lives, rng)
    if i is None:
        return None
    life = content.lives[i]
    factor = float(rng.choice([0.9, 1.1]))
    return replace(content, lives=_with(content.lives, i, replace(life, it_mw=life.it_mw * factor)))


def no_path(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    names = sorted(content.paths)
    if not names:
        return None
    gone = str(rng.choice(names))
    return replace(content, paths={k: v for k, v in content.paths.items() if k != gone})


def busier_halls(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.uses, rng)
    if i is None:
        return None
    use = content.uses[i]
    return replace(content, uses=_with(content.uses, i, replace(use, halls=use.halls * 1.05 + 0.05)))


def lost_work(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    at_work = [i for i, use in enumerate(content.uses) if use.halls > 0.5]
    if not at_work:
        return None
    return replace(content, uses=_without(content.uses, int(rng.choice(at_work))))


def served_more(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.served, rng)
    if i is None:
        return None
    given = content.served[i]
    return replace(content, served=_with(content.served, i, replace(given, amount=given.amount * 1.05 + 100)))


def served_elsewhere(
    content: PlanContent, scenario: Scenario, rng: np.random.Generator
) -> PlanContent | None:
    i = _pick(content.served, rng)
    if i is None:
        return None
    others = [site.name for site in scenario.sites if site.name != content.served[i].site]
    return replace(
        content, served=_with(content.served, i, replace(content.served[i], site=str(rng.choice(others))))
    )


def lost_service(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    large = [i for i, given in enumerate(content.served) if given.amount > 1]
    return None if not large else replace(content, served=_without(content.served, int(rng.choice(large))))


def less_energy(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.billed, rng)
    if i is None:
        return None
    bill = content.billed[i]
    return replace(content, billed=_with(content.billed, i, replace(bill, mwh=bill.mwh * 0.97)))


def lost_bill(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.billed, rng)
    return None if i is None else replace(content, billed=_without(content.billed, i))


def other_draw(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.draws, rng)
    if i is None:
        return None
    draw, factor = content.draws[i], float(rng.choice([0.98, 1.02]))
    return replace(content, draws=_with(content.draws, i, replace(draw, usd=draw.usd * factor)))


def later_draw(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    i = _pick(content.draws, rng)
    if i is None:
        return None
    draw = content.draws[i]
    return replace(content, draws=_with(content.draws, i, replace(draw, period=draw.period + 1)))


def other_funder(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    """A draw laid at the door of a source that does not pay for such things."""
    i = _pick(content.draws, rng)
    if i is None:
        return None
    draw = content.draws[i]
    others = [s.name for s in scenario.finance.sources if draw.asset_class not in s.funds]
    if not others:
        return None
    return replace(content, draws=_with(content.draws, i, replace(draw, source=str(rng.choice(others)))))


def moved_job(content: PlanContent, scenario: Scenario, rng: np.random.Generator) -> PlanContent | None:
    """A job at a site that has no halls."""
    if not content.jobs:
        return None
    name = sorted(content.jobs)[0]
    occupied = {life.site for life in content.lives}
    others = [site.name for site in scenario.sites if site.name not in occupied]
    return replace(content, jobs={**content.jobs, name: str(rng.choice(others))}) if others else None


def negative_shortage(
    content: PlanContent, scenario: Scenario, rng: np.random.Generator
) -> PlanContent | None:
    i = _pick(content.unserved, rng)
    if i is None:
        return None
    short = content.unserved[i]
    return replace(content, unserved=_with(content.unserved, i, replace(short, amount=-short.amount - 10)))


CORRUPTIONS: tuple[Corruption, ...] = (
    more_halls,
    lost_life,
    doubled_life,
    other_site,
    other_cooling,
    shifted_life,
    other_chip,
    longer_chips,
    other_size,
    no_path,
    busier_halls,
    lost_work,
    served_more,
    served_elsewhere,
    lost_service,
    less_energy,
    lost_bill,
    other_draw,
    later_draw,
    other_funder,
    moved_job,
    negative_shortage,
)
