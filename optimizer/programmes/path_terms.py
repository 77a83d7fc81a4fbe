"""Money, megawatts and terms of one supply path by period (docs/economics.md, 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from optimizer.physics.site_series import carbon_of
from optimizer.physics.supply.assets import AssetTerms, asset_terms, energy_terms, plant_terms
from optimizer.physics.supply_options import TECHNOLOGIES
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.kernel_inputs import escalation
from optimizer.scenario.carbon_price import carbon_path
from optimizer.scenario.grid_steps import firm_steps
from optimizer.scenario.schema import Scenario, Site, plants_of
from optimizer.scenario.site_tax import market_of

GRID = "grid"
MIXED = "supply"
KW = 1000.0
HOURS_PER_YEAR = 8760.0
MONTHS_PER_YEAR = 12


@dataclass(frozen=True, eq=False)
class Path:
    """One path; arrays of shape (T,), money real.

    Attributes
    ----------
    site : int
    name, block : str
    mw, curtailable_mw : ndarray
        At the meter; the second is part of the first.
    delivered : float
    usd_per_mwh, kg_per_mwh, clean_share, min_take : ndarray
        At the meter, carbon price in.
    capital_usd, fixed_usd, credit_usd : ndarray
        Capital, fixed cost, and sales by period.
    residual_usd : float
        What is left at the end of the study.
    technology : str
        Of the plant, empty without one.
    units : ndarray
        Units in use that count against slots.
    """

    site: int
    name: str
    block: str
    mw: Floats
    curtailable_mw: Floats
    delivered: float
    usd_per_mwh: Floats
    kg_per_mwh: Floats
    clean_share: Floats
    min_take: Floats
    capital_usd: Floats
    fixed_usd: Floats
    credit_usd: Floats
    residual_usd: float
    technology: str
    units: Floats


def grid_paths(scenario: Scenario, s: int, site: Site, mean_price: float, calendar: Calendar) -> list[Path]:
    """The plain grid, and where a contract has an exit fee, the grid left at a time."""
    grid = site.grid
    if grid is None:
        return []
    mw = calendar.steps(firm_steps(scenario, site))
    growth = _growth(site, calendar)
    carbon = carbon_of(site)
    terms = _GridTerms(scenario, site, mw, mean_price * growth, calendar)
    capital = terms.capital(mw)
    path = Path(
        site=s,
        name=GRID,
        block=GRID,
        mw=mw,
        curtailable_mw=np.zeros(calendar.periods),
        delivered=1 - grid.loss,
        usd_per_mwh=mean_price * growth + calendar.steps(carbon_path(scenario)) * carbon / 1000,
        kg_per_mwh=np.full(calendar.periods, carbon),
        clean_share=np.full(calendar.periods, grid.clean_share),
        min_take=terms.min_take,
        capital_usd=capital,
        fixed_usd=terms.collateral_usd,
        credit_usd=np.zeros(calendar.periods),
        residual_usd=_left(capital, scenario.hall.life_years, calendar),
        technology="",
        units=np.zeros(calendar.periods),
    )
    return [path, *(terms.left(path, t) for t in terms.exits())]


def option_paths(
    scenario: Scenario, s: int, site: Site, mean_price: float, rows: pd.DataFrame, calendar: Calendar
) -> list[Path]:
    """A path for each supply option of a site."""
    return [
        _option(scenario, s, site, mean_price, str(name), states, calendar)
        for name, states in rows.groupby("path", sort=False)
    ]


def _option(
    scenario: Scenario,
    s: int,
    site: Site,
    mean_price: float,
    name: str,
    states: pd.DataFrame,
    calendar: Calendar,
) -> Path:
    periods = calendar.periods

    def steps(column: str) -> Floats:
        return calendar.steps(dict(zip(states["from_month"], states[column].astype(float), strict=True)))

    first = states.iloc[0]
    growth = _growth(site, calendar)
    firm, curtailable = steps("firm_mw"), steps("curtailable_mw")
    mw, grid_mw = firm + curtailable, steps("grid_mw")
    kg = steps("kg_per_mwh")
    fixed = steps("ppa_usd_per_year") * calendar.period_years
    min_take = np.zeros(periods)
    capital, residual = np.zeros(periods), 0.0
    if site.grid is not None and (grid_mw + steps("tranche_mw")).any():
        price = mean_price * growth
        terms = _GridTerms(scenario, site, grid_mw, price, calendar)
        taken = steps("grid_mwh") / (1 - site.grid.loss)
        asked = terms.min_take * grid_mw * HOURS_PER_YEAR
        fixed += terms.collateral_usd + np.maximum(0.0, asked - taken) * price * calendar.period_years
        with np.errstate(divide="ignore", invalid="ignore"):
            least = np.where(mw > 0, terms.min_take * grid_mw * (1 - site.grid.loss) / mw, 0.0)
        min_take = np.minimum(1.0, least)
        connection = terms.capital(grid_mw + steps("tranche_mw"))
        capital += connection
        residual += _left(connection, scenario.hall.life_years, calendar)
    parts = _parts(site, first)
    credit = np.zeros(periods)
    for part in parts:
        bought, left, sold, yearly = part.flows(calendar)
        capital, residual, credit, fixed = capital + bought, residual + left, credit + sold, fixed + yearly
    matched = "clean_hour" if scenario.power.clean_matching == "hour" else "clean_year"
    plants = plants_of(site.onsite)
    plant = plants.get(str(first["plant"]))
    units = np.zeros(periods)
    if plant is not None and not plant[0].sunk:
        begins = calendar.period_of(int(first["plant_from"]))
        ends = calendar.period_of(int(first["leaves"])) if first["then"] == "moved" else periods
        units[begins:ends] = float(first["units"])
    return Path(
        site=s,
        name=name,
        block=MIXED,
        mw=mw,
        curtailable_mw=curtailable,
        delivered=1.0,
        usd_per_mwh=steps("grid_usd_per_mwh") * growth
        + steps("other_usd_per_mwh")
        + calendar.steps(carbon_path(scenario)) * kg / 1000,
        kg_per_mwh=kg,
        clean_share=steps(matched),
        min_take=min_take,
        capital_usd=capital,
        fixed_usd=fixed,
        credit_usd=credit,
        residual_usd=residual,
        technology="" if plant is None else plant[1],
        units=units,
    )


@dataclass(frozen=True)
class _Part:
    """Something bought: size, money, when it is there and when it goes."""

    size: float
    terms: AssetTerms
    month: int
    leaves: int | None = None
    kept_share: float = 0.0
    moving_usd: float = 0.0

    def flows(self, calendar: Calendar) -> tuple[Floats, float, Floats, Floats]:
        """Capital by period (renewed at the end of each life), what is left at the end, sales, and fixed cost."""
        periods, years = calendar.periods, calendar.period_years
        bought, sold, fixed = np.zeros(periods), np.zeros(periods), np.zeros(periods)
        first = calendar.period_of(self.month)
        last = periods if self.leaves is None else min(periods, calendar.period_of(self.leaves))
        usd, left = self.size * self.terms.capex_usd_per_mw, 0.0
        life = calendar.whole_periods(self.terms.life_years * MONTHS_PER_YEAR)
        for begins in range(first, last, life):
            bought[begins] += usd
            value = usd * max(0.0, 1 - (last - begins) * years / self.terms.life_years)
            if begins + life >= last and last < periods:
                sold[last] += max(0.0, value * self.kept_share - self.moving_usd)
            elif begins + life >= last:
                left = value
        fixed[first:last] = self.size * self.terms.fom_usd_per_mw_year * years
        return bought, left, sold, fixed


def _parts(site: Site, first: Any) -> list[_Part]:
    onsite, parts = site.onsite, []
    if onsite is None:
        return []
    plant, technology = plants_of(onsite).get(str(first["plant"]), (None, ""))
    if plant is not None:
        nameplate = float(first["units"] * first["unit_mw"])
        leaves = None if pd.isna(first["leaves"]) else int(first["leaves"])
        moved = first["then"] == "moved"
        parts.append(
            _Part(
                nameplate,
                plant_terms(plant, technology).money,
                int(first["plant_from"]),
                leaves,
                1.0 if moved else plant.resale_share,
                plant.moving_usd_per_kw * KW * nameplate if moved else 0.0,
            )
        )
    for name, technology in TECHNOLOGIES.items():
        asset = getattr(onsite, name)
        if asset is not None and first[f"{name}_mw"] > 0:
            month = int(first["rest_from"])
            parts.append(_Part(float(first[f"{name}_mw"]), asset_terms(asset, technology), month))
            if name == "battery":
                parts.append(_Part(float(first["battery_mwh"]), energy_terms(asset), month))
    return parts


@dataclass(frozen=True)
class _GridTerms:
    """Terms of a grid's offer at its megawatts by period."""

    scenario: Scenario
    site: Site
    mw: Floats
    price: Floats
    calendar: Calendar

    def capital(self, mw: Floats) -> Floats:
        """Studies, connection and substation: paid as the highest offer so far grows."""
        grid, calendar = self.site.grid, self.calendar
        assert grid is not None
        increase = np.diff(np.maximum.accumulate(mw), prepend=0.0)
        if self.site.existing:
            increase[0] = 0.0
        # The utility quotes its connection; the substation is built like the halls.
        built = market_of(self.site).labour_index * escalation(self.scenario, calendar)
        usd: Floats = (grid.connection_usd_per_kw + grid.substation_usd_per_kw * built) * KW * increase
        if grid.contract is not None and not self.site.existing and calendar.periods:
            usd[0] += grid.contract.study_usd
        return usd

    @property
    def _running(self) -> Floats:
        """Years since first power in each period, inf before it and after the contract."""
        t = np.arange(self.calendar.periods)
        powered = np.flatnonzero(self.mw > 0)
        if not len(powered):
            return np.full(len(t), np.inf)
        age = (t - powered[0]) * self.calendar.period_years
        grid = self.site.grid
        assert grid is not None
        ends = np.inf if grid.contract is None else grid.contract.years
        return np.where((age >= 0) & (age < ends - 1e-9), age, np.inf)

    @property
    def min_take(self) -> Floats:
        """Share of the megawatts that is billed at least."""
        grid = self.site.grid
        assert grid is not None
        age = self._running
        share = np.where(np.isfinite(age), grid.min_take, 0.0)
        for year, part in enumerate(() if grid.contract is None else grid.contract.ramp):
            share = np.where((age >= year - 1e-9) & (age < year + 1 - 1e-9), grid.min_take * part, share)
        return share

    @property
    def collateral_usd(self) -> Floats:
        """Cost of security posted, by period."""
        grid = self.site.grid
        assert grid is not None
        contract = grid.contract
        if contract is None:
            return np.zeros(self.calendar.periods)
        posted = contract.collateral_usd_per_kw * KW * self.mw * np.isfinite(self._running)
        cost: Floats = posted * contract.collateral_cost_per_year * self.calendar.period_years
        return cost

    def exits(self) -> list[int]:
        """Periods in which the grid may be left for the exit fee: once a year after the planning periods."""
        grid, calendar = self.site.grid, self.calendar
        assert grid is not None
        if grid.contract is None or grid.contract.exit_fee_months is None:
            return []
        yearly = max(1, round(1 / calendar.period_years))
        running = np.isfinite(self._running)
        return [t for t in range(calendar.planning, calendar.periods, yearly) if t > 0 and running[t]]

    def left(self, path: Path, t: int) -> Path:
        """The path that leaves the grid at the start of a period."""
        grid, calendar = self.site.grid, self.calendar
        assert grid is not None
        assert grid.contract is not None
        months = grid.contract.exit_fee_months or 0.0
        gone = np.arange(calendar.periods) >= t
        fee = grid.min_take * self.mw[t - 1] * HOURS_PER_YEAR * months / MONTHS_PER_YEAR * self.price[t]
        fixed = np.where(gone, 0.0, path.fixed_usd)
        fixed[t] += fee
        capital = np.where(gone, 0.0, path.capital_usd)
        return replace(
            path,
            name=f"{GRID}, left {calendar.label(t)}",
            mw=np.where(gone, 0.0, path.mw),
            min_take=np.where(gone, 0.0, path.min_take),
            fixed_usd=fixed,
            capital_usd=capital,
            residual_usd=_left(capital, self.scenario.hall.life_years, calendar),
        )


def _growth(site: Site, calendar: Calendar) -> Floats:
    """Growth of the grid's price since the middle of the base year."""
    yearly = 0.0 if site.price is None else site.price.escalation_per_year
    growth: Floats = (1 + yearly) ** (calendar.year - calendar.base_time)
    return growth


def _left(capital: Floats, life_years: float, calendar: Calendar) -> float:
    """What is left of capital at the end, linear over a life."""
    age = (calendar.periods - np.arange(calendar.periods)) * calendar.period_years
    return float(capital @ np.maximum(0.0, 1 - age / life_years))
