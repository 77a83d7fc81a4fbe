"""Supply paths of a site as the accounts see them: megawatts, prices, money by period (docs/economics.md, section 8)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from optimizer import catalog
from optimizer.plan.accounts_halls import HallTerms, construction_growth
from optimizer.plan.times import Floats, Times
from optimizer.scenario.carbon_price import carbon_path
from optimizer.scenario.grid_steps import firm_steps
from optimizer.scenario.schema import Asset, Battery, Site, plants_of

HOURS_PER_YEAR = 8760
PART_TECHNOLOGY = {"solar": "solar_pv", "wind": "wind_onshore", "battery": "battery_lfp"}


@dataclass(frozen=True)
class BlockTerms:
    """A supply path's block: megawatts at the meter, their price and money, by period.

    Attributes
    ----------
    mw, curtailable_mw, usd_per_mwh, carbon_usd_per_mwh, kg_per_mwh, clean_share, min_take : ndarray of shape (T,)
        The curtailable megawatts are part of the megawatts.
    fixed_usd, capital, sales : dict of str to ndarray of shape (T,)
        By line.
    replaced : set of (line, period)
        Capital that replaces a part at the end of its life.
    residual : dict of str to float
        What is left at the end, by line.
    delivered : float
        Share of metered power that reaches the halls.
    mwh_by_source : dict of str to ndarray of shape (T,)
        Energy a year by source at the load that is carried [MWh].
    technology : str
        Of units that count against slots.
    units : ndarray of shape (T,)
    """

    name: str
    mw: Floats
    curtailable_mw: Floats
    usd_per_mwh: Floats
    carbon_usd_per_mwh: Floats
    kg_per_mwh: Floats
    clean_share: Floats
    min_take: Floats
    delivered: float
    capital: dict[str, Floats]
    fixed_usd: dict[str, Floats]
    residual: dict[str, float]
    sales: dict[str, Floats] = field(default_factory=dict)
    mwh_by_source: dict[str, Floats] = field(default_factory=dict)
    technology: str = ""
    units: Floats = field(default_factory=lambda: np.zeros(0))
    replaced: frozenset[tuple[str, int]] = frozenset()


def path_names(terms: HallTerms, site: Site) -> tuple[str, ...]:
    """Supply paths that a site offers."""
    names = []
    if site.grid is not None:
        names = ["grid", *(f"grid, left {terms.times.labels[t]}" for t in _exits(terms, site))]
    return (*names, *(path for name, path in terms.supply if name == site.name))


def blocks(terms: HallTerms, site: Site, path: str) -> tuple[BlockTerms, ...]:
    """Blocks of a site's path; empty for a path that the site does not offer."""
    if path not in path_names(terms, site):
        return ()
    states = terms.supply.get((site.name, path))
    if states is not None:
        return (_option(terms, site, states),)
    left = next((t for t in _exits(terms, site) if path.endswith(terms.times.labels[t])), None)
    return (_grid(terms, site, left if path != "grid" else None),)


def mean_price(terms: HallTerms, site: str) -> float:
    """Mean price of grid energy of a site's designs [USD/MWh]."""
    found = (row["mean_price_usd_per_mwh"] for key, row in terms.designs.items() if key[0] == site)
    return next(found, 0.0)


def _grid_price(terms: HallTerms, site: Site) -> Floats:
    return mean_price(terms, site.name) * _growth(terms, site)


def _growth(terms: HallTerms, site: Site) -> Floats:
    grown: Floats = (1 + terms.places[site.name].escalation) ** terms.times.since_base
    return grown


def _grid(terms: HallTerms, site: Site, left: int | None) -> BlockTerms:
    grid, times, place = site.grid, terms.times, terms.places[site.name]
    assert grid is not None
    mw = times.path(firm_steps(terms.scenario, site))
    price = _grid_price(terms, site)
    capital = _works(terms, site, mw)
    fixed = {"collateral": _collateral(terms, site, mw)}
    take = _least_share(terms, site, mw)
    if left is not None:
        assert grid.contract is not None
        assert grid.contract.exit_fee_months is not None
        monthly = grid.min_take * mw[left - 1] * HOURS_PER_YEAR / 12 * price[left]
        fee = np.zeros(times.count)
        fee[left] = monthly * grid.contract.exit_fee_months
        for flows in (mw, take, *capital.values(), *fixed.values()):
            flows[left:] = 0.0
        fixed["exit_fee"] = fee
    carbon = times.path(carbon_path(terms.scenario)) * place.carbon_kg_per_mwh / 1000
    return BlockTerms(
        name="grid",
        mw=mw,
        curtailable_mw=np.zeros(times.count),
        usd_per_mwh=price,
        carbon_usd_per_mwh=carbon,
        kg_per_mwh=np.full(times.count, place.carbon_kg_per_mwh),
        clean_share=np.full(times.count, grid.clean_share),
        min_take=take,
        delivered=1 - grid.loss,
        capital=capital,
        fixed_usd=fixed,
        residual=_works_left(terms, capital),
        mwh_by_source={"grid": mw * HOURS_PER_YEAR},
    )


def _left_share(times: Times, bought: int, at: int, life_years: float) -> float:
    return max(0.0, 1 - (at - bought) * times.years / life_years)


def _works(terms: HallTerms, site: Site, mw: Floats) -> dict[str, Floats]:
    """Studies, connection and substation by period."""
    grid, times = site.grid, terms.times
    assert grid is not None
    added, highest = np.zeros(times.count), 0.0
    for t in range(times.count):
        added[t] = max(0.0, mw[t] - highest)
        highest = max(highest, mw[t])
    grown = np.array([construction_growth(terms, t) for t in range(times.count)])
    study = np.zeros(times.count)
    if site.existing:
        added[0] = 0.0
    elif grid.contract is not None:
        study[0] = grid.contract.study_usd
    return {
        "connection": 1000 * grid.connection_usd_per_kw * added,
        "substation": 1000 * grid.substation_usd_per_kw * added * terms.places[site.name].labour * grown,
        "study": study,
    }


def _works_left(terms: HallTerms, capital: dict[str, Floats]) -> dict[str, float]:
    """What is left of the grid's works at the end, by line."""
    times, life = terms.times, terms.scenario.hall.life_years
    return {
        line: sum(float(usd) * _left_share(times, t, times.count, life) for t, usd in enumerate(flow))
        for line, flow in capital.items()
    }


def _years_under_contract(terms: HallTerms, site: Site, mw: Floats) -> list[float | None]:
    """Years since first power, by period; None before it and after the contract."""
    assert site.grid is not None
    first = next((t for t in range(terms.times.count) if mw[t] > 0), None)
    years: list[float | None] = []
    for t in range(terms.times.count):
        age = -1.0 if first is None else (t - first) * terms.times.years
        over = site.grid.contract is not None and age >= site.grid.contract.years - 1e-9
        years.append(None if age < 0 or over else age)
    return years


def _least_share(terms: HallTerms, site: Site, mw: Floats) -> Floats:
    """Share of the megawatts that is billed at least, by period: the minimum take on its ramp."""
    grid = site.grid
    assert grid is not None
    ramp = () if grid.contract is None else grid.contract.ramp
    shares = []
    for age in _years_under_contract(terms, site, mw):
        year = None if age is None else int(age + 1e-9)
        part = 0.0 if year is None else (ramp[year] if year < len(ramp) else 1.0)
        shares.append(grid.min_take * part)
    return np.array(shares)


def _collateral(terms: HallTerms, site: Site, mw: Floats) -> Floats:
    assert site.grid is not None
    contract = site.grid.contract
    if contract is None:
        return np.zeros(terms.times.count)
    rate = 1000 * contract.collateral_usd_per_kw * contract.collateral_cost_per_year * terms.times.years
    running = [age is not None for age in _years_under_contract(terms, site, mw)]
    cost: Floats = mw * rate * np.array(running, dtype=float)
    return cost


def _exits(terms: HallTerms, site: Site) -> list[int]:
    """Periods in which a contract may be left for its fee: one a year in the tail."""
    if site.grid is None or site.grid.contract is None or site.grid.contract.exit_fee_months is None:
        return []
    times = terms.times
    age = _years_under_contract(terms, site, times.path(firm_steps(terms.scenario, site)))
    every = max(1, round(1 / times.years))
    found = range(times.planning, times.count, every)
    return [t for t in found if t > 0 and age[t] is not None]


def _option(terms: HallTerms, site: Site, states: list[dict[str, Any]]) -> BlockTerms:
    times, first = terms.times, states[0]

    def path(column: str) -> Floats:
        return times.path({int(state["from_month"]): float(state[column]) for state in states})

    firm, curtailable, grid_mw = path("firm_mw"), path("curtailable_mw"), path("grid_mw")
    mw = firm + curtailable
    kg = path("kg_per_mwh")
    fixed = {"ppa": path("ppa_usd_per_year") * times.years}
    capital: dict[str, Floats] = {}
    residual: dict[str, float] = {}
    sales: dict[str, Floats] = {}
    take = np.zeros(times.count)
    if site.grid is not None and (grid_mw + path("tranche_mw")).any():
        through = 1 - site.grid.loss
        least = _least_share(terms, site, grid_mw)
        capital = _works(terms, site, grid_mw + path("tranche_mw"))
        residual = _works_left(terms, capital)
        fixed["collateral"] = _collateral(terms, site, grid_mw)
        missed = least * grid_mw * HOURS_PER_YEAR - path("grid_mwh") / through
        fixed["minimum_take"] = np.clip(missed, 0, None) * _grid_price(terms, site) * times.years
        take = np.array(
            [
                min(1.0, s * g * through / m) if m > 0 else 0.0
                for s, g, m in zip(least, grid_mw, mw, strict=True)
            ]
        )
    parts = tuple(_parts(site, first))
    for part in parts:
        part.book(times, capital, fixed, residual, sales)
    plant, technology = plants_of(site.onsite).get(first["plant"], (None, ""))
    units = np.zeros(times.count)
    if plant is not None and not plant.sunk:
        end = times.period_of(int(first["leaves"])) if first["then"] == "moved" else times.count
        units[times.period_of(int(first["plant_from"])) : end] = first["units"]
    matched = {"hour": "clean_hour", "year": "clean_year"}[terms.scenario.power.clean_matching]
    return BlockTerms(
        name="supply",
        mw=mw,
        curtailable_mw=curtailable,
        usd_per_mwh=path("grid_usd_per_mwh") * _growth(terms, site) + path("other_usd_per_mwh"),
        carbon_usd_per_mwh=kg * times.path(carbon_path(terms.scenario)) / 1000,
        kg_per_mwh=kg,
        clean_share=path(matched),
        min_take=take,
        delivered=1.0,
        capital=capital,
        fixed_usd=fixed,
        residual=residual,
        sales=sales,
        mwh_by_source={
            source: path(f"{column}_mwh")
            for source, column in (
                ("grid", "grid"),
                (first["plant"] or "plant", "plant"),
                ("solar", "solar"),
                ("wind", "wind"),
            )
        },
        technology=technology if plant is not None else "",
        units=units,
        replaced=frozenset((part.line, t) for part in parts for t in part.purchases(times)[1:]),
    )


@dataclass(frozen=True)
class _Part:
    """What is bought on the site: line, dollars, yearly cost, life, its dates, what a sale brings of its value."""

    line: str
    usd: float
    yearly_usd: float
    life_years: float
    comes: int
    goes: int | None
    brings: float
    moving_usd: float

    def purchases(self, times: Times) -> range:
        """Periods in which it is bought: when it comes, and at the end of each life while it stands."""
        ends = times.count if self.goes is None else min(times.count, times.period_of(self.goes))
        return range(times.period_of(self.comes), ends, times.periods_in(12 * self.life_years))

    def book(
        self,
        times: Times,
        capital: dict[str, Floats],
        fixed: dict[str, Floats],
        residual: dict[str, float],
        sales: dict[str, Floats],
    ) -> None:
        """Capital at each purchase (renewed at the end of life), fixed cost while it stands, a sale or what is left."""
        begins = times.period_of(self.comes)
        ends = times.count if self.goes is None else min(times.count, times.period_of(self.goes))
        spent, yearly, sold = np.zeros(times.count), np.zeros(times.count), np.zeros(times.count)
        bought = self.purchases(times)
        spent[bought] = self.usd
        last = bought[-1] if bought else begins
        yearly[begins:ends] = self.yearly_usd * times.years
        value = self.usd * _left_share(times, last, ends, self.life_years) if begins < ends else 0.0
        if ends < times.count and begins < ends:
            sold[ends] = max(0.0, self.brings * value - self.moving_usd)
            value = 0.0
        capital[self.line] = spent
        fixed[self.line] = yearly
        residual[self.line] = value
        sales[self.line] = sold


def _cost(asset: Asset, technology: str) -> tuple[float, float, float]:
    """Capital and yearly fixed cost a MW, and life; a battery's power alone."""
    fact = catalog.supply(technology)
    power_only = isinstance(asset, Battery)
    capex, fom = asset.capex_usd_per_kw, asset.fom_usd_per_kw_year
    if capex is None:
        capex = fact.power_usd_per_kw if power_only else fact.capex_usd_per_kw
    if fom is None:
        fom = 0.0 if power_only else fact.fom_usd_per_kw_year
    return (0.0 if asset.sunk else 1000 * capex), 1000 * fom, fact.life_years


def _parts(site: Site, first: dict[str, Any]) -> Iterator[_Part]:
    onsite = site.onsite
    if onsite is None:
        return
    plant, technology = plants_of(onsite).get(first["plant"], (None, ""))
    if plant is not None:
        mw = first["units"] * first["unit_mw"]
        usd, yearly, life = _cost(plant, technology)
        goes = None if first["leaves"] is None or math.isnan(first["leaves"]) else int(first["leaves"])
        moves = first["then"] == "moved"
        brings = 1.0 if moves else plant.resale_share
        moving = 1000 * plant.moving_usd_per_kw * mw if moves else 0.0
        comes = int(first["plant_from"])
        yield _Part("power_plant", usd * mw, yearly * mw, life, comes, goes, brings, moving)
    for name, technology in PART_TECHNOLOGY.items():
        asset, mw = getattr(onsite, name), first[f"{name}_mw"]
        if asset is None or not mw > 0:
            continue
        comes = int(first["rest_from"])
        usd, yearly, life = _cost(asset, technology)
        yield _Part(name, usd * mw, yearly * mw, life, comes, None, 0.0, 0.0)
        if isinstance(asset, Battery):
            fact = catalog.supply(technology)
            each = fact.energy_usd_per_kwh if asset.capex_usd_per_kwh is None else asset.capex_usd_per_kwh
            mwh = first["battery_mwh"]
            each = 0.0 if asset.sunk else each
            yearly = 1000 * fact.energy_fom_usd_per_kwh_year * mwh
            yield _Part("battery_energy", 1000 * each * mwh, yearly, life, comes, None, 0.0, 0.0)
