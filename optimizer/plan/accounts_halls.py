"""Every dollar and every unit of use of the halls of a plan (docs/economics.md, sections 3 to 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer import catalog
from optimizer.plan.chip_facts import ChipFacts, chip_facts
from optimizer.plan.records import Life, Stage
from optimizer.plan.terms import (
    PlaceFacts,
    facility_usd_per_mw,
    place_facts,
    resale_share,
    spend_shares,
    staff_usd_per_mw_year,
)
from optimizer.plan.times import Floats, Times
from optimizer.scenario.carbon_price import carbon_path
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Scenario


@dataclass(frozen=True)
class Capital:
    """Money spent on something that lasts [USD, real].

    `first`: belongs to the first build, not to a refresh; `chip`: what is bought, for hardware.
    """

    site: str
    asset_class: str
    line: str
    period: int
    usd: float
    first: bool = True
    chip: str = ""


@dataclass(frozen=True)
class Opex:
    """Operating cost in a period [USD, real]."""

    site: str
    line: str
    period: int
    usd: float


@dataclass(frozen=True)
class Credit:
    """A sale in a period, or at the end of the study (`period` None) [USD, real]."""

    site: str
    line: str
    period: int | None
    usd: float


@dataclass(frozen=True)
class Bought:
    """Racks bought."""

    site: str
    chip: str
    period: int
    racks: int
    usd: float


@dataclass(frozen=True)
class HallBooks:
    """Books of one kind of hall (all its `halls`).

    Attributes
    ----------
    it_mw, peak_mw, energy_mwh, water_m3 : ndarray of shape (T,)
        IT power while in operation, facility peak, energy and water at the halls by period.
    stranded_mw, embodied_kg : ndarray of shape (T,)
        IT power of running halls that no rack uses, and CO2 of making what is bought and built.
    """

    life: Life
    it_mw: Floats
    peak_mw: Floats
    energy_mwh: Floats
    water_m3: Floats
    stranded_mw: Floats
    embodied_kg: Floats
    capital: tuple[Capital, ...]
    opex: tuple[Opex, ...]
    credits: tuple[Credit, ...]
    bought: tuple[Bought, ...]


@dataclass(frozen=True)
class HallTerms:
    """What all halls' books need."""

    scenario: Scenario
    times: Times
    economics: catalog.Economics
    chips: dict[str, ChipFacts]
    places: dict[str, PlaceFacts]
    designs: dict[tuple[str, str, str], dict[str, float]]
    supply: dict[tuple[str, str], list[dict[str, Any]]]


def hall_terms(scenario: Scenario, t: Times, designs: Any, supply: Any = None) -> HallTerms:
    """Terms of a scenario with the results of `evaluate`: designs by site, cooling and chip, supply states by site and path."""
    states: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in () if supply is None else supply.to_dict("records"):
        states.setdefault((row["site"], row["path"]), []).append(row)
    by_key = {(row["site"], row["cooling"], row["chip"]): row for row in designs.to_dict("records")}
    return HallTerms(
        scenario, t, economics_of(scenario), chip_facts(scenario), place_facts(scenario), by_key, states
    )


def hall_books(terms: HallTerms, life: Life) -> HallBooks:
    """Books of a life.

    Raises
    ------
    KeyError
        There is no design for a stage's chip.
    """
    t = terms.times
    scale = life.it_mw / terms.scenario.hall.it_mw * life.halls
    names = ("it_mw", "peak_mw", "energy_mwh", "water_m3", "stranded_mw", "embodied_kg")
    figures = {name: np.zeros(t.count) for name in names}
    for stage in life.stages:
        design = terms.designs[life.site, life.cooling, stage.chip]
        at = slice(stage.first, min(stage.end, t.count))
        share = fill(terms, life, stage)
        racks_mw = racks_in(terms, life, stage) * terms.chips[stage.chip].it_kw_per_rack / 1000
        figures["it_mw"][at] = life.it_mw * life.halls * share
        figures["peak_mw"][at] = design["peak_mw"] * scale * share
        figures["energy_mwh"][at] = design["energy_mwh"] * scale * t.years * share
        figures["water_m3"][at] = design["water_m3"] * scale * t.years * share
        figures["stranded_mw"][at] = (life.it_mw - racks_mw) * life.halls
    for period, kg in _embodied(terms, life):
        figures["embodied_kg"][period] += kg
    return HallBooks(
        life=life,
        **figures,
        capital=tuple(item for item in _capital(terms, life) if item.usd),
        opex=tuple(item for item in _opex(terms, life) if item.usd),
        credits=tuple(item for item in _credits(terms, life) if item.usd),
        bought=tuple(_bought(terms, life)),
    )


def racks_in(terms: HallTerms, life: Life, stage: Stage) -> int:
    """Racks of a stage in one hall: what its power carries, and what its positions do."""
    first = terms.chips[life.stages[0].chip]
    return terms.chips[stage.chip].racks_behind(first, life.it_mw, terms.scenario.hall.density_headroom)


def fill(terms: HallTerms, life: Life, stage: Stage) -> float:
    """Racks of a stage beside those that the hall's power carries."""
    full = terms.chips[stage.chip].racks(life.it_mw)
    return racks_in(terms, life, stage) / full if full else 0.0


def _embodied(terms: HallTerms, life: Life) -> Iterator[tuple[int, float]]:
    """CO2 of making chips and building the hall, by period [kg]."""
    hall = terms.scenario.hall
    for n, stage in _purchases(life):
        if n > 0 or life.origin != "existing":
            racks = racks_in(terms, life, stage) * life.halls
            yield stage.first, racks * terms.chips[stage.chip].embodied_kg_per_rack
    if life.origin != "existing":
        per_kw = hall.embodied_kg_per_kw
        per_kw = terms.economics.embodied_kg_per_kw if per_kw is None else per_kw
        yield life.commission, per_kw * 1000 * life.it_mw * life.halls


def _online(terms: HallTerms, life: Life) -> float | None:
    """Month in which an existing block came online; None for others."""
    if life.origin != "existing" or life.block is None:
        return None
    return terms.places[life.site].site.existing[life.block].online


def _bought_in(terms: HallTerms, life: Life, stage: Stage) -> float:
    """Month in which a stage's chips came; of the first stage, in which the hall did."""
    online = _online(terms, life)
    if stage is life.stages[0] and online is not None:
        return online
    return terms.times.start + stage.first * terms.times.step


def _plant_share(terms: HallTerms) -> float:
    return terms.economics.electrical_share + terms.economics.mechanical_share


def _facility(terms: HallTerms, life: Life) -> float:
    """Facility value of all halls of a life, base-year money, tax apart."""
    per_mw = facility_usd_per_mw(terms.scenario, terms.places[life.site], life.cooling)
    return per_mw * life.it_mw * life.halls


def _bare(terms: HallTerms, life: Life, stage: Stage) -> float:
    """Price of a stage's racks alone, when they were bought."""
    online = _online(terms, life)
    year = terms.times.year[stage.first]
    if stage is life.stages[0] and online is not None:
        year = online / 12
    chip = terms.chips[stage.chip]
    return racks_in(terms, life, stage) * life.halls * chip.rack_usd_at(year)


def _hardware(terms: HallTerms, life: Life, stage: Stage) -> float:
    """Racks with network, storage and spares."""
    extra = terms.chips[stage.chip].network_storage_share + terms.economics.spares_share
    return _bare(terms, life, stage) * (1 + extra)


def construction_growth(terms: HallTerms, period: int) -> float:
    """Construction cost of a period beside the base year's, never below 1."""
    growth = 1 + terms.economics.construction_escalation_per_year
    return max(1.0, float(growth ** terms.times.since_base[period]))


def _purchases(life: Life) -> list[tuple[int, Stage]]:
    """Stages that begin with new chips, by number."""
    return [(n, stage) for n, stage in enumerate(life.stages) if not stage.run_on]


def _capital(terms: HallTerms, life: Life) -> Iterator[Capital]:
    times, tax = terms.times, terms.places[life.site].tax
    facility = _facility(terms, life)
    plant = facility * _plant_share(terms)
    if life.origin != "existing" and not life.leased:
        build = times.periods_in(terms.scenario.hall.build_months)
        shares = spend_shares(terms.scenario, build) if build else (1.0,)
        for i, share in enumerate(shares):
            u = life.commission - build + i
            if u >= 0:
                grown = share * construction_growth(terms, u)
                yield Capital(life.site, "facility", "facility", u, facility * grown)
                yield Capital(life.site, "facility", "sales_tax", u, plant * tax * grown)
    economics = terms.economics
    for n, stage in _purchases(life):
        if n == 0 and life.origin == "existing":
            continue
        bare, u, first = _bare(terms, life, stage), stage.first, n == 0
        extra = terms.chips[stage.chip].network_storage_share
        yield Capital(life.site, "chips", "chips_hardware", u, bare, first, stage.chip)
        yield Capital(life.site, "chips", "network_storage", u, bare * extra, first, stage.chip)
        yield Capital(life.site, "chips", "spares", u, bare * economics.spares_share, first)
        yield Capital(life.site, "chips", "sales_tax", u, _hardware(terms, life, stage) * tax, first)
        if n > 0:
            retrofit = plant * economics.refresh_retrofit_share * construction_growth(terms, u)
            yield Capital(life.site, "facility", "retrofit", u, retrofit, False)


def _opex(terms: HallTerms, life: Life) -> Iterator[Opex]:
    times, place, economics = terms.times, terms.places[life.site], terms.economics
    facility, mw = _facility(terms, life), life.it_mw * life.halls
    bought = life.stages[0] if life.stages else None
    for stage in life.stages:
        # Chips that run on are those of the stage before.
        bought = bought if stage.run_on else stage
        assert bought is not None
        hardware = _hardware(terms, life, bought)
        design = terms.designs[life.site, life.cooling, stage.chip]
        scale = mw / terms.scenario.hall.it_mw * fill(terms, life, stage)
        worn = economics.run_on_maintenance_factor if stage.run_on else 1.0
        yearly = {
            "staff": staff_usd_per_mw_year(economics, place) * mw,
            "maintenance": economics.maintenance_share * _plant_share(terms) * facility,
            "insurance": economics.insurance_share * (facility + hardware),
            "it_maintenance": economics.it_maintenance_share * hardware * worn,
            "water": design["water_m3"] * scale * place.site.water.usd_per_m3,
            "rent": _rent(terms, life) if life.leased else 0.0,
        }
        shape = (design["energy_usd"] - design["energy_mwh"] * design["mean_price_usd_per_mwh"]) * scale
        for t in range(stage.first, min(stage.end, times.count)):
            for line, usd in yearly.items():
                yield Opex(life.site, line, t, usd * times.years)
            month = times.start + t * times.step
            owed, on_chips = place.property_owed((month - _bought_in(terms, life, life.stages[0])) / 12)
            kept = resale_share(economics, (month - _bought_in(terms, life, bought)) / 12)
            yield Opex(life.site, "property_tax", t, owed * facility * times.years)
            yield Opex(life.site, "property_tax_chips", t, on_chips * hardware * kept * times.years)
            grown = (1 + place.escalation) ** times.since_base[t]
            yield Opex(life.site, "energy", t, shape * times.years * float(grown))
    if life.leased:
        yield from _exit_fee(terms, life)
    if terms.scenario.money.embodied_carbon_priced:
        price = times.path(carbon_path(terms.scenario)) / 1000
        for t, kg in _embodied(terms, life):
            yield Opex(life.site, "embodied_carbon", t, kg * float(price[t]))


def _rent(terms: HallTerms, life: Life) -> float:
    """Rent of all halls of a life a year; nothing where no developer offers one, which the check finds."""
    offer = terms.places[life.site].offer
    return 0.0 if offer is None else offer.usd_per_kw_month * 12 * 1000 * life.it_mw * life.halls


def _exit_fee(terms: HallTerms, life: Life) -> Iterator[Opex]:
    """Rent that is owed by who leaves before the lease ends."""
    times, offer = terms.times, terms.places[life.site].offer
    end = life.stages[-1].end
    if offer is None or end >= times.count:
        return
    left = life.commission + times.periods_in(offer.years * 12) - end
    if offer.exit_fee_months is not None:
        left = min(left, times.periods_in(offer.exit_fee_months))
    if left > 0:
        yield Opex(life.site, "rent", end, left * times.years * _rent(terms, life))


def _credits(terms: HallTerms, life: Life) -> Iterator[Credit]:
    times = terms.times
    for n, stage in _purchases(life):
        after = life.stages[n + 1] if n + 1 < len(life.stages) else None
        last = after if after is not None and after.run_on else stage
        end = min(last.end, times.count)
        age = (times.start + end * times.step - _bought_in(terms, life, stage)) / 12
        kept = resale_share(terms.economics, age)
        at_end = end >= times.count
        line = "residual_chips" if at_end else "chip_sales"
        yield Credit(life.site, line, None if at_end else end, _hardware(terms, life, stage) * kept)
    age = (times.start + times.count * times.step - _bought_in(terms, life, life.stages[0])) / 12
    kept = max(0.0, 1 - age / terms.scenario.hall.life_years)
    if not life.leased:
        yield Credit(life.site, "residual_facility", None, _facility(terms, life) * kept)


def _bought(terms: HallTerms, life: Life) -> Iterator[Bought]:
    for n, stage in _purchases(life):
        if n == 0 and life.origin == "existing":
            continue
        racks = racks_in(terms, life, stage) * life.halls
        yield Bought(life.site, stage.chip, stage.first, racks, _bare(terms, life, stage))
