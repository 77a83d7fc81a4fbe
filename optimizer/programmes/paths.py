"""Supply paths: a site's ways to its megawatts, staged blocks shared by its halls (docs/economics.md, 8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer import catalog
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.terms import Ints
from optimizer.scenario.schema import OnsiteGas, Scenario, Site

BTU_PER_KWH_TO_MMBTU_PER_MWH = 1e-3


@dataclass(frozen=True)
class SupplyPaths:
    """M paths and B blocks.

    Attributes
    ----------
    site : ndarray of shape (M,)
    name : tuple of str
        `grid`, `gas` or `grid+gas`.
    capital_usd, fixed_usd : ndarray of shape (M, T)
        Capital of class power and fixed operating cost, real.
    cost_usd : ndarray of shape (M,)
        Discounted capital and fixed cost less residual value.
    block_path : ndarray of shape (B,)
    block_name : tuple of str
    block_mw : ndarray of shape (B, T)
        Megawatts at the meter.
    delivered : ndarray of shape (B,)
        Share of metered power that reaches the halls.
    usd_per_mwh : ndarray of shape (B, T)
        Price at the meter, carbon price included, real.
    kg_per_mwh : ndarray of shape (B,)
        CO2 at the meter.
    min_take : ndarray of shape (B,)
        Least share of the megawatts that is billed.
    """

    site: Ints
    name: tuple[str, ...]
    capital_usd: Floats
    fixed_usd: Floats
    cost_usd: Floats
    block_path: Ints
    block_name: tuple[str, ...]
    block_mw: Floats
    delivered: Floats
    usd_per_mwh: Floats
    kg_per_mwh: Floats
    min_take: Floats


@dataclass(frozen=True)
class _Block:
    name: str
    mw: Floats
    delivered: float
    usd_per_mwh: Floats
    kg_per_mwh: float
    min_take: float
    capital_usd: Floats
    fixed_usd: Floats


def supply_paths(scenario: Scenario, designs: pd.DataFrame, calendar: Calendar) -> SupplyPaths:
    """Paths of all sites.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Designs of `evaluate`; their mean price is the grid's.
    calendar : Calendar
    """
    mean_price = designs.groupby("site")["mean_price_usd_per_mwh"].first()
    paths: list[tuple[int, str, list[_Block]]] = []
    for s, site in enumerate(scenario.sites):
        blocks: list[_Block] = []
        if site.grid is not None:
            blocks.append(_grid(site, float(mean_price.get(site.name, np.nan)), scenario, calendar))
        if site.onsite is not None and site.onsite.gas is not None:
            gas = _gas(site.onsite.gas, scenario, calendar)
            if blocks:
                paths.append((s, "grid", blocks[:]))
            blocks.append(gas)
        if blocks:
            paths.append((s, "+".join(block.name for block in blocks), blocks))
    return _stack(paths, scenario, calendar)


def grid_carbon_kg_per_mwh(site: Site) -> float:
    """CO2 of grid energy: the site's own figure, else the catalog's."""
    if site.carbon_kg_per_mwh is not None:
        return float(site.carbon_kg_per_mwh)
    return float(catalog.carbon_rate(region=site.carbon_region, state=site.state, country=site.country).value)


def _grid(site: Site, mean_price: float, scenario: Scenario, calendar: Calendar) -> _Block:
    grid = site.grid
    assert grid is not None
    mw = calendar.steps(grid.offer_mw)
    highest = np.maximum.accumulate(mw)
    increase = np.diff(highest, prepend=0.0)
    if site.existing:
        increase[0] = 0.0
    growth = 0.0 if site.price is None else site.price.escalation_per_year
    kg = grid_carbon_kg_per_mwh(site)
    price = mean_price * (1 + growth) ** (calendar.year - calendar.base_time)
    return _Block(
        name="grid",
        mw=mw,
        delivered=1 - grid.loss,
        usd_per_mwh=price + scenario.money.carbon_usd_per_t * kg / 1000,
        kg_per_mwh=kg,
        min_take=grid.min_take,
        capital_usd=(grid.connection_usd_per_kw + grid.substation_usd_per_kw) * 1000 * increase,
        fixed_usd=np.zeros(calendar.periods),
    )


def _gas(gas: OnsiteGas, scenario: Scenario, calendar: Calendar) -> _Block:
    technology = catalog.supply(gas.technology)
    first = calendar.whole_periods(gas.lead_months)
    running = np.arange(calendar.periods) >= first
    capital = np.zeros(calendar.periods)
    if not gas.sunk and first < calendar.periods:
        capital[first] = technology.capex_usd_per_kw * 1000 * gas.max_mw
    fuel = gas.usd_per_mmbtu if gas.usd_per_mmbtu is not None else catalog.gas_price_usd_per_mmbtu().value
    price = (
        technology.heat_rate_btu_per_kwh * BTU_PER_KWH_TO_MMBTU_PER_MWH * fuel
        + technology.vom_usd_per_mwh
        + scenario.money.carbon_usd_per_t * technology.co2_kg_per_mwh / 1000
    )
    return _Block(
        name="gas",
        mw=running * gas.max_mw,
        delivered=1.0,
        usd_per_mwh=np.full(calendar.periods, price),
        kg_per_mwh=technology.co2_kg_per_mwh,
        min_take=0.0,
        capital_usd=capital,
        fixed_usd=running * technology.fom_usd_per_kw_year * 1000 * gas.max_mw * calendar.period_years,
    )


def _stack(paths: list[tuple[int, str, list[_Block]]], scenario: Scenario, calendar: Calendar) -> SupplyPaths:
    periods, life = calendar.periods, scenario.hall.life_years
    age = (periods - np.arange(periods)) * calendar.period_years
    kept = np.maximum(0.0, 1 - age / life)
    capital = np.array([sum(b.capital_usd for b in blocks) for *_, blocks in paths]).reshape(-1, periods)
    fixed = np.array([sum(b.fixed_usd for b in blocks) for *_, blocks in paths]).reshape(-1, periods)
    all_blocks = [(m, block) for m, (*_, blocks) in enumerate(paths) for block in blocks]
    return SupplyPaths(
        site=np.array([s for s, *_ in paths], dtype=np.int32),
        name=tuple(name for _, name, _ in paths),
        capital_usd=capital,
        fixed_usd=fixed,
        cost_usd=(capital + fixed) @ calendar.discount - calendar.discount_end * (capital @ kept),
        block_path=np.array([m for m, _ in all_blocks], dtype=np.int32),
        block_name=tuple(block.name for _, block in all_blocks),
        block_mw=np.array([block.mw for _, block in all_blocks]).reshape(-1, periods),
        delivered=np.array([block.delivered for _, block in all_blocks]),
        usd_per_mwh=np.array([block.usd_per_mwh for _, block in all_blocks]).reshape(-1, periods),
        kg_per_mwh=np.array([block.kg_per_mwh for _, block in all_blocks]),
        min_take=np.array([block.min_take for _, block in all_blocks]),
    )
