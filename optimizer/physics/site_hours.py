"""A site's hours as dispatch takes them: load, sun, wind, price, the hours of a curtailable tranche, plants in their weather."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.site_series import carbon_of, hours_in_file, price_of
from optimizer.physics.supply import (
    SupplySeries,
    plant_available,
    plant_heat_rate,
    solar_output,
    wind_output,
)
from optimizer.physics.supply.assets import PlantTerms
from optimizer.physics.weather import Weather
from optimizer.scenario.schema import Scenario, Site

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SiteHours:
    """Series of a site.

    Attributes
    ----------
    series : SupplySeries
        Without a plant; price and carbon per MWh at the halls, losses of the grid in.
    weather : Weather
    cut : ndarray of bool, shape (n_hours,)
        Hours in which a curtailable tranche is cut.
    shape_usd_per_mwh : float
        What the load's own hours cost beside the mean price.
    """

    series: SupplySeries
    weather: Weather
    cut: Flags
    shape_usd_per_mwh: float

    def with_plant(self, terms: PlantTerms | None, spare_units: int) -> SupplySeries:
        """The series with a plant: spare units stand for outages, without one their mean is taken off."""
        if terms is None:
            return self.series
        left = plant_available(terms.technology, self.weather)
        if spare_units:
            left = left / (1.0 - terms.technology.forced_outage)
        return replace(self.series, plant=left, heat_rate=plant_heat_rate(terms.technology, self.weather))


def site_hours(scenario: Scenario, site: Site, weather: Weather, load: Floats) -> SiteHours:
    """Series of a site.

    Parameters
    ----------
    scenario : Scenario
    site : Site
    weather : Weather
    load : ndarray of shape (n_hours,)
        Power of its halls in any unit.

    Raises
    ------
    WeatherError
        Sun or wind is asked for that the weather does not have; a load file that can't be read.
    """
    n = weather.n_hours
    none, ones = np.zeros(n), np.ones(n)
    loss = 0.0 if site.grid is None else site.grid.loss
    price = price_of(site, n, scenario.hall.it_mw)
    beside_peak = load / load.max()
    contracts = {ppa.technology for ppa in site.ppa}
    sun = "solar" in contracts or (site.onsite is not None and site.onsite.solar is not None)
    wind = "wind" in contracts or (site.onsite is not None and site.onsite.wind is not None)
    series = SupplySeries(
        load=beside_peak,
        solar=solar_output(weather) if sun else none,
        wind=wind_output(weather) if wind else none,
        price_usd_per_mwh=price / (1.0 - loss),
        carbon_kg_per_mwh=ones * carbon_of(site) / (1.0 - loss),
        firm=ones,
        curtailable=ones,
        plant=none,
        heat_rate=ones,
    )
    own = float(beside_peak @ price / beside_peak.sum())
    return SiteHours(series, weather, cut_hours(site, price, weather), own - float(price.mean()))


def cut_hours(site: Site, price: Floats, weather: Weather) -> Flags:
    """Hours in which the site's curtailable tranche is cut: the worst ones of the system, by price, heat or load."""
    n = len(price)
    cut = np.zeros(n, dtype=bool)
    tranche = None if site.grid is None else site.grid.curtailable
    if tranche is None:
        return cut
    signal = price
    if tranche.by == "load" and tranche.load_file is not None:
        signal = hours_in_file(Path(tranche.load_file), "load", n)
    elif tranche.by == "temperature" or np.ptp(price) == 0:
        signal = weather.dry_bulb_c
    count = round(tranche.hours_per_year * n / 8760.0)
    cut[np.argsort(-signal, kind="stable")[:count]] = True
    return cut


def headroom_mw(load_mw: Floats, curtailed_share: float) -> float:
    """Largest constant load that fits under a system's present peak if this share of its energy may be cut [MW].

    As Duke's study of large flexible loads has it (Norris et al. 2025, Rethinking load growth): curtailed energy is what lies above
    the peak, Σ max(0, load + x - peak) = share · x · hours.

    Parameters
    ----------
    load_mw : ndarray of shape (n_hours,)
        Load of the system.
    curtailed_share : float
        Of the new load's energy if it were never cut.
    """
    below = float(load_mw.max()) - np.sort(load_mw)[::-1]
    n = len(below)
    # With the k tightest hours cut, x exceeds the first k of `below`: k x - Σ below = share · n · x.
    counts = np.arange(1, n + 1)
    sums = np.cumsum(below)
    beyond = counts - curtailed_share * n
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(beyond > 0, sums / beyond, np.inf)
    following = np.append(below[1:], np.inf)
    fits = (size >= below) & (size <= following)
    return float(size[np.argmax(fits)]) if fits.any() else float(below[-1])
