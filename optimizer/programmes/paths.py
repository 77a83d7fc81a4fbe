"""Supply paths: a site's ways to its megawatts, staged blocks shared by its halls (docs/economics.md, 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.path_front import undominated_paths
from optimizer.programmes.path_terms import Path, grid_paths, option_paths
from optimizer.programmes.tax import after_tax
from optimizer.programmes.terms import Ints
from optimizer.scenario.schema import Scenario

__all__ = ["SupplyPaths", "no_paths", "path_names", "supply_paths"]


@dataclass(frozen=True)
class SupplyPaths:
    """M paths, B blocks, K technologies whose units are counted, T periods.

    Attributes
    ----------
    site : ndarray of shape (M,)
    name : tuple of str
        `grid`, or the name of a supply option.
    capital_usd, fixed_usd : ndarray of shape (M, T)
        Capital of class power and fixed operating cost, real.
    cost_usd : ndarray of shape (M,)
        Discounted capital and fixed cost less sales and residual value.
    units : ndarray of shape (M, K, T)
        Units in use.
    technology : tuple of str
    block_path : ndarray of shape (B,)
    block_name : tuple of str
    block_mw, curtailable_mw : ndarray of shape (B, T)
        Megawatts at the meter, and how many of them are on a curtailable tranche.
    delivered : ndarray of shape (B,)
        Share of metered power that reaches the halls.
    usd_per_mwh, kg_per_mwh, clean_share, min_take : ndarray of shape (B, T)
        Price at the meter with carbon in, real; CO2 at the meter; share that is clean; least share of the megawatts billed.
    """

    site: Ints
    name: tuple[str, ...]
    capital_usd: Floats
    fixed_usd: Floats
    cost_usd: Floats
    units: Floats
    technology: tuple[str, ...]
    block_path: Ints
    block_name: tuple[str, ...]
    block_mw: Floats
    curtailable_mw: Floats
    delivered: Floats
    usd_per_mwh: Floats
    kg_per_mwh: Floats
    clean_share: Floats
    min_take: Floats

    @property
    def mw(self) -> Floats:
        """Megawatts that a path delivers to the halls, shape (M, T)."""
        return self._by_path(self.block_mw)

    @property
    def firm_mw(self) -> Floats:
        """The same without curtailable tranches, shape (M, T)."""
        return self._by_path(self.block_mw - self.curtailable_mw)

    def curtailed(self, n_sites: int) -> NDArray[np.bool_]:
        """Sites and periods with a curtailable tranche on offer, shape (n_sites, T)."""
        found = np.zeros((n_sites, self.block_mw.shape[1]), dtype=bool)
        block, period = np.nonzero(self.curtailable_mw)
        found[self.site[self.block_path[block]], period] = True
        return found

    def _by_path(self, block_mw: Floats) -> Floats:
        total = np.zeros((len(self.site), block_mw.shape[1]))
        np.add.at(total, self.block_path, block_mw * self.delivered[:, None])
        return total


def supply_paths(
    scenario: Scenario,
    designs: pd.DataFrame,
    calendar: Calendar,
    supply: pd.DataFrame | None = None,
    given: Mapping[str, str | None] | None = None,
) -> SupplyPaths:
    """Paths of all sites, without those that another path of the site beats in every respect.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Designs of `evaluate`; their mean price is the grid's.
    calendar : Calendar
    supply : DataFrame, optional
        Supply options of `evaluate`; none if not given.
    given : mapping of str to (str or None), optional
        Sites that must have a path, whether it brings megawatts or not, and its name where it is the only one.
    """
    found: list[Path] = []
    given = {} if given is None else given
    power = scenario.power
    carbon_counts = scenario.objective == "minimize_carbon" or scenario.bounds.max_co2_t is not None
    clean_counts = bool(power.clean_share or power.max_co2_t_per_year or carbon_counts)
    for name, ways in _all_ways(scenario, designs, calendar, supply).items():
        if given.get(name) is not None:
            found += [way for way in ways if way.name == given[name]]
            continue
        there = [way for way in ways if way.mw.any()]
        found += undominated_paths(there if there or name not in given else ways, clean_counts)
    return _stack(found, scenario, calendar)


def path_names(
    scenario: Scenario, designs: pd.DataFrame, calendar: Calendar, supply: pd.DataFrame | None = None
) -> dict[str, tuple[str, ...]]:
    """Names of every way of supply by site, those that another one beats among them."""
    ways = _all_ways(scenario, designs, calendar, supply)
    return {site: tuple(way.name for way in own) for site, own in ways.items()}


def _all_ways(
    scenario: Scenario, designs: pd.DataFrame, calendar: Calendar, supply: pd.DataFrame | None
) -> dict[str, list[Path]]:
    mean_price = designs.groupby("site")["mean_price_usd_per_mwh"].first()
    rows = {} if supply is None else dict(iter(supply.groupby("site", sort=False)))
    found = {}
    for s, site in enumerate(scenario.sites):
        price = float(mean_price.get(site.name, np.nan))
        found[site.name] = grid_paths(scenario, s, site, price, calendar)
        if site.name in rows:
            found[site.name] += option_paths(scenario, s, site, price, rows[site.name], calendar)
    return found


def _stack(paths: list[Path], scenario: Scenario, calendar: Calendar) -> SupplyPaths:
    periods = calendar.periods
    counted = tuple(sorted(scenario.power.unit_slots))

    def table(name: str) -> Floats:
        return np.array([getattr(path, name) for path in paths]).reshape(-1, periods)

    units = np.zeros((len(paths), len(counted), periods))
    for m, path in enumerate(paths):
        if path.technology in counted:
            units[m, counted.index(path.technology)] = path.units
    capital, fixed = table("capital_usd"), table("fixed_usd")
    credits = table("credit_usd")
    tax = after_tax(scenario, calendar)
    return SupplyPaths(
        site=np.array([path.site for path in paths], dtype=np.int32),
        name=tuple(path.name for path in paths),
        capital_usd=capital,
        fixed_usd=fixed,
        cost_usd=(capital * tax.power + (fixed - credits) * tax.operating) @ calendar.discount
        - calendar.discount_end * tax.operating * np.array([path.residual_usd for path in paths]).reshape(-1),
        units=units,
        technology=counted,
        block_path=np.arange(len(paths), dtype=np.int32),
        block_name=tuple(path.block for path in paths),
        block_mw=table("mw"),
        curtailable_mw=table("curtailable_mw"),
        delivered=np.array([path.delivered for path in paths]),
        usd_per_mwh=table("usd_per_mwh"),
        kg_per_mwh=table("kg_per_mwh"),
        clean_share=table("clean_share"),
        min_take=table("min_take"),
    )


def no_paths(periods: int) -> SupplyPaths:
    """No supply path anywhere: halls that need no power."""
    none, ids = np.zeros((0, periods)), np.zeros(0, dtype=np.int32)
    return SupplyPaths(
        site=ids,
        name=(),
        capital_usd=none,
        fixed_usd=none,
        cost_usd=np.zeros(0),
        units=np.zeros((0, 0, periods)),
        technology=(),
        block_path=ids,
        block_name=(),
        block_mw=none,
        curtailable_mw=none,
        delivered=np.zeros(0),
        usd_per_mwh=none,
        kg_per_mwh=none,
        clean_share=none,
        min_take=none,
    )
