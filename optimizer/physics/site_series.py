"""A site's hourly price of grid energy, its carbon factor, and the halls' load by hour."""

from __future__ import annotations

import calendar
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer import catalog
from optimizer.physics.load_profiles import profile_of
from optimizer.physics.site_bills import SiteBill, site_bill
from optimizer.physics.weather import WeatherError
from optimizer.physics.weather_files import weather_of
from optimizer.scenario.schema import Hall, Site

Floats = NDArray[np.float64]

HOURS_PER_DAY = 24
LEAP_DAY = slice(59 * 24, 60 * 24)


def price_of(site: Site, n_hours: int = 8760, hall_mw: float = 100.0) -> Floats:
    """Hourly price of grid energy at a site, all charges in.

    Parameters
    ----------
    site : Site
    n_hours : int
        Hours of the site's weather year.
    hall_mw : float
        Load that a tariff bills where the grid offers nothing [MW].

    Returns
    -------
    ndarray of shape (n_hours,)
        [USD/MWh], local standard time; zeros where the site has no grid price.

    Notes
    -----
    A hub's series is of one real year and the weather typical or of another, so that their correlation is lost.
    """
    found = bill_of(site, n_hours, hall_mw)
    return np.zeros(n_hours) if found is None else found.price()


def bill_of(site: Site, n_hours: int = 8760, hall_mw: float = 100.0) -> SiteBill | None:
    """How a site's energy is billed; None where it has no grid price.

    Raises
    ------
    TariffError, WeatherError
        A tariff or a file that can't be used.
    """
    if site.price is None:
        return None
    heat = np.zeros(n_hours)
    if site.price.coincident_usd_per_kw_year:
        heat = np.asarray(weather_of(site).dry_bulb_c, dtype=np.float64)
    return site_bill(site, _energy_price(site, n_hours), heat, hall_mw)


def _energy_price(site: Site, n_hours: int) -> Floats:
    """Price by the hour with its adder, further charges apart [USD/MWh]."""
    price = site.price
    assert price is not None
    if price.flat_usd_per_mwh is not None:
        return np.full(n_hours, price.flat_usd_per_mwh + price.adder_usd_per_mwh)
    if price.tariff is not None:
        return np.full(n_hours, price.adder_usd_per_mwh)
    if price.retail_state is not None:
        return np.full(n_hours, catalog.retail_price(price.retail_state).value + price.adder_usd_per_mwh)
    if price.hub is not None:
        series = catalog.price_series(price.hub, price.year)
        # Hour i of the local year is hour i - tz of the UTC year; the ends of the year join.
        local = np.roll(series.usd_per_mwh, round(weather_of(site).tz_hours))
        return _fitted(local, calendar.isleap(series.year), n_hours, price.adder_usd_per_mwh)
    values: Floats = hours_in_file(Path(str(price.file)), "price", n_hours) + price.adder_usd_per_mwh
    return values


def carbon_of(site: Site) -> float:
    """Carbon factor of grid energy at a site [kg/MWh]."""
    if site.carbon_kg_per_mwh is not None:
        return float(site.carbon_kg_per_mwh)
    return float(catalog.carbon_rate(region=site.carbon_region, state=site.state, country=site.country).value)


def load_of(hall: Hall, n_hours: int = 8760) -> Floats | None:
    """IT load by hour beside its mean, shape (n_hours,); None where all hours are alike.

    Raises
    ------
    WeatherError
        A file that can't be read.
    DesignError
        Hours above the peak.
    """
    if hall.load_file is None:
        return profile_of(hall.load_profile, n_hours, hall.utilisation)
    return profile_of(hours_in_file(Path(hall.load_file), "load", n_hours), n_hours, hall.utilisation)


def hours_in_file(file: Path, what: str, n_hours: int) -> Floats:
    """A year of hours from a CSV file with one column of numbers, at the hours of the weather.

    Raises
    ------
    WeatherError
        No such file, another shape, or a row without a number.
    """
    values = _read_hours(file, what)
    return _fitted(values, len(values) == 8784, n_hours, 0.0)


def _fitted(values: Floats, leap: bool, n_hours: int, adder: float) -> Floats:
    """A year of prices at the hours of the weather, with the adder."""
    if leap and n_hours == 8760:
        return np.delete(values, LEAP_DAY) + adder
    if not leap and n_hours == 8784:
        return np.insert(values, LEAP_DAY.start, values[LEAP_DAY.start - 24 : LEAP_DAY.start]) + adder
    return np.array(values, dtype=np.float64) + adder


def _read_hours(file: Path, what: str) -> Floats:
    import pandas as pd

    try:
        frame = pd.read_csv(file, comment="#")
    except (OSError, ValueError) as error:
        raise WeatherError(
            f"{file}: can't be read as a {what} file: {' '.join(str(error).split())}"
        ) from error
    numbers = frame.select_dtypes("number")
    _hold_hours(frame, file)
    if len(numbers.columns) != 1 or len(frame) not in (8760, 8784):
        raise WeatherError(
            f"{file}: expected one column of numbers and 8760 or 8784 rows, found {len(numbers.columns)} and {len(frame)}"
        )
    values = np.asarray(numbers.iloc[:, 0], dtype=np.float64)
    if not np.isfinite(values).all():
        raise WeatherError(f"{file}:{int(np.argmax(~np.isfinite(values))) + 2}: no {what}")
    return values


def _hold_hours(frame: Any, file: Path) -> None:
    """Where a column has times, every hour stands once: clocks that are put forward or back are named by row."""
    import pandas as pd

    texts = frame.select_dtypes(exclude="number")
    if len(texts.columns) != 1 or len(frame) < HOURS_PER_DAY:
        return
    times = pd.to_datetime(texts.iloc[:, 0], errors="coerce", utc=True, format="ISO8601")
    if times.isna().any():
        return
    steps = times.diff().dt.total_seconds().to_numpy()[1:]
    odd = np.flatnonzero(steps != 3600)
    if not len(odd):
        return
    # Rows are counted as in the file: from 1, with the heading.
    row, before = int(odd[0]) + 3, texts.iloc[int(odd[0]), 0]
    what = "stands twice" if steps[odd[0]] <= 0 else "is missing"
    raise WeatherError(
        f"{file}:{row}: an hour {what} after {before}; expected every hour once, in standard time without clock changes"
    )
