"""Lives that halls of a scenario can have: new ones by place and period, and those of existing and committed blocks."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from optimizer.programmes.calendar import Calendar
from optimizer.programmes.chips import Chip, racks_after
from optimizer.programmes.lives import ChipTerms, Rules, StageTemplate, life_periods, lives_after
from optimizer.programmes.terms import PlaceTerms
from optimizer.scenario.schema import HallBlock, Scenario


@dataclass(frozen=True)
class Block:
    """An existing or committed block of the scenario."""

    site: int
    existing: bool
    position: int
    record: HallBlock


@dataclass(frozen=True)
class Candidate:
    """A life that may become a programme: what pays, where, from when; `leased`: the building is a developer's."""

    place: int
    block: int
    commission: int
    online_years: float
    hall_mw: float
    pays_building: bool
    pays_first_chips: bool
    stages: tuple[StageTemplate, ...]
    leased: bool = False


def blocks_of(scenario: Scenario) -> tuple[Block, ...]:
    """Existing and committed blocks of all sites, in order."""
    return tuple(
        Block(s, existing, i, record)
        for s, site in enumerate(scenario.sites)
        for existing, records in ((True, site.existing), (False, site.committed))
        for i, record in enumerate(records)
    )


def _rules(scenario: Scenario, calendar: Calendar) -> Rules:
    free_tail = scenario.objective == "minimize_cost" or scenario.money.budget_usd is not None
    early = tuple(life_periods(years, calendar.period_years) for years in scenario.chips.early_refresh_years)
    return Rules(scenario.chips.refresh, scenario.chips.run_on, spend_in_tail=free_tail, early=early)


def _allowed_here(scenario: Scenario, places: PlaceTerms, place: int) -> bool:
    allowed = scenario.sites[places.site[place]].cooling or scenario.cooling
    return places.cooling[place] in allowed


def _fits(
    scenario: Scenario, places: PlaceTerms, chips: tuple[Chip, ...], place: int, hall_mw: float
) -> frozenset[int]:
    """Chips that go with a place's cooling, may stand in its country and of which a hall carries a rack."""
    country = scenario.sites[places.site[place]].country
    heaviest = math.inf if scenario.hall.max_rack_kw is None else scenario.hall.max_rack_kw
    return frozenset(
        i
        for i, chip in enumerate(chips)
        if places.compatible(place, i)
        and chip.may_stand_in(country)
        and chip.it_kw_per_rack <= heaviest + 1e-9
        and racks_after(hall_mw, chip, chip, None) > 0
    )


def _after(
    scenario: Scenario, chips: tuple[Chip, ...], fits: frozenset[int], first: int, hall_mw: float
) -> frozenset[int]:
    """Chips that may follow in a hall that was built for the racks of `first`."""
    headroom = scenario.hall.density_headroom
    return frozenset(i for i in fits if racks_after(hall_mw, chips[i], chips[first], headroom) > 0)


def new_halls(
    scenario: Scenario,
    places: PlaceTerms,
    chips: tuple[Chip, ...],
    terms: tuple[ChipTerms, ...],
    calendar: Calendar,
) -> list[Candidate]:
    build = calendar.whole_periods(scenario.hall.build_months)
    rules = _rules(scenario, calendar)
    lives: dict[tuple[int, frozenset[int]], list[tuple[StageTemplate, ...]]] = {}
    result: list[Candidate] = []
    for place in range(len(places.site)):
        if not _allowed_here(scenario, places, place):
            continue
        site = scenario.sites[places.site[place]]
        hall_mw = scenario.hall.it_mw
        fits = _fits(scenario, places, chips, place, hall_mw)
        earliest = build
        if site.available_from is not None:
            earliest += calendar.period_of(site.available_from)
        for k in range(earliest, calendar.planning):
            # Lives depend on the period and the chips that fit alone, so sites share them.
            if (k, fits) not in lives:
                lives[k, fits] = [
                    life
                    for t in terms
                    if t.offered and t.index in fits and t.on_sale(k)
                    for life in lives_after(
                        (StageTemplate(t.index, k, k + t.life_periods),),
                        terms,
                        _after(scenario, chips, fits, t.index, hall_mw).__contains__,
                        rules,
                        calendar,
                    )
                ]
            years = k * calendar.period_years
            for leased in (False, True) if places.rent_usd_per_mw_year[place] > 0 else (False,):
                result += [
                    Candidate(place, -1, k, years, hall_mw, True, True, life, leased)
                    for life in lives[k, fits]
                ]
    return result


def given_halls(
    scenario: Scenario,
    places: PlaceTerms,
    chips: tuple[Chip, ...],
    terms: tuple[ChipTerms, ...],
    calendar: Calendar,
    wanted: Collection[tuple[int, int, int]],
) -> list[Candidate]:
    """Lives of new halls that a given plan names by site, period and first chip.

    The first chips may come before their release, after their last sale, to a country that export rules bar, and to a site that
    is not to be had yet: the independent check names that. What follows them keeps to every rule.
    """
    rules = _rules(scenario, calendar)
    hall_mw = scenario.hall.it_mw
    result: list[Candidate] = []
    for place in range(len(places.site)):
        here = sorted((k, chip) for site, k, chip in wanted if site == places.site[place])
        if not here or not _allowed_here(scenario, places, place):
            continue
        fits = _fits(scenario, places, chips, place, hall_mw)
        for k, chip in here:
            term = terms[chip]
            if not places.compatible(place, chip) or racks_after(hall_mw, chips[chip], chips[chip], None) < 1:
                continue
            after = _after(scenario, chips, fits, chip, hall_mw)
            first = StageTemplate(chip, k, k + term.life_periods)
            years = k * calendar.period_years
            for leased in (False, True) if places.rent_usd_per_mw_year[place] > 0 else (False,):
                result += [
                    Candidate(place, -1, k, years, hall_mw, True, True, life, leased)
                    for life in lives_after((first,), terms, after.__contains__, rules, calendar)
                ]
    return result


def block_lives(
    scenario: Scenario,
    blocks: tuple[Block, ...],
    places: PlaceTerms,
    chips: tuple[Chip, ...],
    terms: tuple[ChipTerms, ...],
    calendar: Calendar,
) -> list[Candidate]:
    rules = _rules(scenario, calendar)
    chip_index = {chip.id: i for i, chip in enumerate(chips)}
    place_index = {(int(s), c): i for i, (s, c) in enumerate(zip(places.site, places.cooling, strict=True))}
    result: list[Candidate] = []
    for b, block in enumerate(blocks):
        place = place_index[block.site, block.record.cooling]
        term = terms[chip_index[block.record.chip]]
        k = calendar.period_of(block.record.online)
        if block.existing:
            life_months = round(chips[term.index].life_years * 12)
            end = max(k + 1, calendar.period_of(block.record.online + life_months))
            online_years = (block.record.online - calendar.start) / 12
            early_ends = tuple(
                calendar.period_of(block.record.online + round(years * 12))
                for years in scenario.chips.early_refresh_years
            )
        else:
            end = k + term.life_periods
            online_years = k * calendar.period_years
            early_ends = None

        fits = _fits(scenario, places, chips, place, block.record.it_mw)
        after = _after(scenario, chips, fits, term.index, block.record.it_mw)
        first = StageTemplate(term.index, k, end)
        result += [
            Candidate(
                place, b, k, online_years, block.record.it_mw, not block.existing, not block.existing, life
            )
            for life in lives_after((first,), terms, after.__contains__, rules, calendar, early_ends)
        ]
    return result
