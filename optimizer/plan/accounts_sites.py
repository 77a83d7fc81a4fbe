"""Land, power and energy of a plan's sites (docs/economics.md, section 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer import catalog
from optimizer.plan.accounts_halls import Capital, Credit, HallTerms, Opex
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats, Times
from optimizer.scenario.schema import Scenario, Site


@dataclass(frozen=True)
class BlockTerms:
    """A block of a supply path: megawatts at the meter and their price, by period.

    Attributes
    ----------
    mw, usd_per_mwh, carbon_usd_per_mwh, fixed_usd : ndarray of shape (T,)
    capital : dict of str to ndarray of shape (T,)
        By line.
    delivered : float
        Share of metered power that reaches the halls.
    """

    name: str
    mw: Floats
    usd_per_mwh: Floats
    carbon_usd_per_mwh: Floats
    fixed_usd: Floats
    capital: dict[str, Floats]
    delivered: float
    kg_per_mwh: float
    min_take: float


def path_names(site: Site) -> tuple[str, ...]:
    """Supply paths that a site offers."""
    gas = site.onsite is not None and site.onsite.gas is not None
    if site.grid is None:
        return ("gas",) if gas else ()
    return ("grid", "grid+gas") if gas else ("grid",)


def blocks(terms: HallTerms, site: Site, path: str) -> tuple[BlockTerms, ...]:
    """Blocks of a site's path; empty for a path that the site does not offer."""
    if path not in path_names(site):
        return ()
    makers = {"grid": _grid, "gas": _gas}
    return tuple(makers[name](terms, site) for name in path.split("+"))


def mean_price(terms: HallTerms, site: str) -> float:
    """Mean price of grid energy of a site's designs [USD/MWh]."""
    found = (row["mean_price_usd_per_mwh"] for key, row in terms.designs.items() if key[0] == site)
    return next(found, 0.0)


def _grid(terms: HallTerms, site: Site) -> BlockTerms:
    grid, times, place = site.grid, terms.times, terms.places[site.name]
    assert grid is not None
    mw = times.path(grid.offer_mw)
    added = np.zeros(times.count)
    highest = 0.0
    for t in range(times.count):
        added[t] = max(0.0, mw[t] - highest)
        highest = max(highest, mw[t])
    if site.existing:
        added[0] = 0.0
    price = mean_price(terms, site.name) * (1 + place.escalation) ** times.since_base
    carbon = terms.scenario.money.carbon_usd_per_t * place.carbon_kg_per_mwh / 1000
    return BlockTerms(
        name="grid",
        mw=mw,
        usd_per_mwh=price,
        carbon_usd_per_mwh=np.full(times.count, carbon),
        fixed_usd=np.zeros(times.count),
        capital={
            "connection": 1000 * grid.connection_usd_per_kw * added,
            "substation": 1000 * grid.substation_usd_per_kw * added,
        },
        delivered=1 - grid.loss,
        kg_per_mwh=place.carbon_kg_per_mwh,
        min_take=grid.min_take,
    )


def _gas(terms: HallTerms, site: Site) -> BlockTerms:
    assert site.onsite is not None
    gas, times = site.onsite.gas, terms.times
    assert gas is not None
    plant = catalog.supply(gas.technology)
    begins = times.periods_in(gas.lead_months)
    on = (np.arange(times.count) >= begins).astype(float)
    bought = (np.arange(times.count) == begins).astype(float)
    fuel = catalog.gas_price_usd_per_mmbtu().value if gas.usd_per_mmbtu is None else gas.usd_per_mmbtu
    price = plant.heat_rate_btu_per_kwh * 1000 / 1e6 * fuel + plant.vom_usd_per_mwh
    carbon = terms.scenario.money.carbon_usd_per_t * plant.co2_kg_per_mwh / 1000
    kw = gas.max_mw * 1000
    return BlockTerms(
        name="gas",
        mw=on * gas.max_mw,
        usd_per_mwh=np.full(times.count, price),
        carbon_usd_per_mwh=np.full(times.count, carbon),
        fixed_usd=on * plant.fom_usd_per_kw_year * kw * times.years,
        capital={"gas_plant": bought * (0.0 if gas.sunk else plant.capex_usd_per_kw * kw)},
        delivered=1.0,
        kg_per_mwh=plant.co2_kg_per_mwh,
        min_take=0.0,
    )


def opening_period(scenario: Scenario, times: Times, content: PlanContent, site: Site) -> int | None:
    """Period in which a site's land is bought; None where it is not: sunk, or no halls."""
    if site.existing or site.committed:
        return None
    build = times.periods_in(scenario.hall.build_months)
    starts = [
        life.commission - build for life in content.lives if life.site == site.name and life.origin == "new"
    ]
    return min(starts, default=None)


def land_books(terms: HallTerms, content: PlanContent, site: Site) -> tuple[list[Capital], list[Credit]]:
    """Land: paid when the site opens, worth its price at the end."""
    opened = opening_period(terms.scenario, terms.times, content, site)
    if opened is None or site.land is None or not site.land.usd_per_acre:
        return [], []
    price = site.land.acres * site.land.usd_per_acre
    return [Capital(site.name, "land", "land", opened, price)], [
        Credit(site.name, "residual_land", None, price)
    ]


def power_books(
    terms: HallTerms, site: str, taken: tuple[BlockTerms, ...]
) -> tuple[list[Capital], list[Credit]]:
    """Capital of a path and what is left of it at the end, linear over the life of the plant."""
    times, life = terms.times, terms.scenario.hall.life_years
    capital, credits = [], []
    for block in taken:
        for line, flow in block.capital.items():
            for t in map(int, np.flatnonzero(flow)):
                usd = float(flow[t])
                capital.append(Capital(site, "power", line, t, usd))
                age = (times.count - t) * times.years
                if age < life:
                    credits.append(Credit(site, "residual_power", None, usd * (1 - age / life)))
    return capital, credits


def energy_books(
    terms: HallTerms, content: PlanContent, taken: dict[str, tuple[BlockTerms, ...]]
) -> Iterator[Opex]:
    """Energy and carbon by block as billed, and fixed cost of plant."""
    known = {(site, block.name): block for site, path in taken.items() for block in path}
    for bill in content.billed:
        block = known.get((bill.site, bill.block))
        if block is not None and 0 <= bill.period < terms.times.count:
            t = bill.period
            yield Opex(bill.site, "energy", t, bill.mwh * float(block.usd_per_mwh[t]))
            yield Opex(bill.site, "carbon", t, bill.mwh * float(block.carbon_usd_per_mwh[t]))
    for site, path in taken.items():
        for block in path:
            for period in map(int, np.flatnonzero(block.fixed_usd)):
                yield Opex(site, "power_fixed", period, float(block.fixed_usd[period]))
