"""Which lives a hall can have: first chips, refreshes, run-on, retirement (docs/economics.md, section 2)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from optimizer.programmes.calendar import Calendar


@dataclass(frozen=True)
class ChipTerms:
    """What the enumeration needs to know of a chip.

    Attributes
    ----------
    index : int
        Position in the scenario's list of chips.
    family : str
    on_sale_from : int
        First period in which it can be energised.
    on_sale_until : int
        First period in which it can't be bought any more.
    life_periods : int
    offered : bool
        Whether it may be bought; chips of existing and committed blocks need not be.
    """

    index: int
    family: str
    on_sale_from: int
    on_sale_until: int
    life_periods: int
    offered: bool

    def on_sale(self, period: int) -> bool:
        """Whether it can be bought in a period."""
        return self.on_sale_from <= period < self.on_sale_until


@dataclass(frozen=True)
class StageTemplate:
    """Chips `chip` from period `first` until before `end`."""

    chip: int
    first: int
    end: int
    run_on: bool = False


@dataclass(frozen=True)
class Rules:
    """What may follow at the end of a chip's life.

    Attributes
    ----------
    refresh : str
        `chips.refresh`.
    run_on : bool
    spend_in_tail : bool
        Whether chips may be bought after the planning periods.
    early : tuple of int
        Periods in use after which chips may be replaced before their life ends.
    """

    refresh: str
    run_on: bool
    spend_in_tail: bool
    early: tuple[int, ...] = ()


def life_periods(life_years: float, period_years: float) -> int:
    """Life in whole periods, rounded up."""
    return max(1, math.ceil(life_years / period_years - 1e-9))


def lives_after(
    stages: tuple[StageTemplate, ...],
    chips: tuple[ChipTerms, ...],
    compatible: Callable[[int], bool],
    rules: Rules,
    calendar: Calendar,
    early_ends: tuple[int, ...] | None = None,
) -> Iterator[tuple[StageTemplate, ...]]:
    """All lives that begin with `stages`.

    Parameters
    ----------
    stages : tuple of StageTemplate
        The life so far; its last stage ends when the chip's life does.
    chips : tuple of ChipTerms
        All chips by index.
    compatible : callable
        Whether a chip goes with the hall's cooling.
    rules : Rules
    calendar : Calendar
    early_ends : tuple of int, optional
        Periods in which the last stage may end early. Default: so many after its first as the rules say.

    Yields
    ------
    tuple of StageTemplate
    """
    last = stages[-1]
    if early_ends is None:
        early_ends = tuple(last.first + periods for periods in rules.early)
    for end in sorted(set(early_ends)):
        if last.first < end < last.end:
            shorter = (*stages[:-1], StageTemplate(last.chip, last.first, end))
            yield from _refreshed(shorter, chips, compatible, rules, calendar)
    end = last.end
    if end >= calendar.periods:
        yield (*stages[:-1], StageTemplate(last.chip, last.first, calendar.periods))
        return
    yield stages
    if rules.run_on:
        yield (*stages, StageTemplate(last.chip, end, calendar.periods, True))
    yield from _refreshed(stages, chips, compatible, rules, calendar)


def _refreshed(
    stages: tuple[StageTemplate, ...],
    chips: tuple[ChipTerms, ...],
    compatible: Callable[[int], bool],
    rules: Rules,
    calendar: Calendar,
) -> Iterator[tuple[StageTemplate, ...]]:
    """Lives in which new chips follow at the end of the last stage."""
    last, end = stages[-1], stages[-1].end
    if end >= calendar.periods or rules.refresh == "none":
        return
    if end >= calendar.planning and not rules.spend_in_tail:
        return
    family = chips[last.chip].family
    for chip in chips:
        if not (chip.offered and chip.on_sale(end) and compatible(chip.index)):
            continue
        if rules.refresh == "same_family" and chip.family != family:
            continue
        following = StageTemplate(chip.index, end, end + chip.life_periods)
        yield from lives_after((*stages, following), chips, compatible, rules, calendar)
