"""A site's bill by its utility's tariff: what a hall's own hours cost, and the mean price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.supply.bills import bill, hourly_price
from optimizer.physics.supply.tariffs import Tariff, read_tariff
from optimizer.scenario.schema import Site

Floats = NDArray[np.float64]


def site_tariff(site: Site) -> Tariff | None:
    """The tariff that a site names.

    Raises
    ------
    TariffError
        A record that can't be billed.
    """
    return None if site.price is None or site.price.tariff is None else read_tariff(site.price.tariff)


def billed_mw(site: Site, hall_mw: float) -> float:
    """Load at which tiers, demand and least charges are billed: the largest offer of the grid, or one hall."""
    offers = () if site.grid is None else site.grid.offer_mw.values()
    return max((float(mw) for mw in offers if mw > 0), default=hall_mw)


def tariff_price(tariff: Tariff, megawatts: float, n_hours: int) -> Floats:
    """Price of each hour of a load that never changes, all charges in, shape (n_hours,) [USD/MWh]."""
    return hourly_price(tariff, np.full(n_hours, megawatts))


def tariff_cost(tariff: Tariff, megawatts: float, load: Floats) -> float:
    """Yearly bill per MW of IT [USD].

    Parameters
    ----------
    tariff : Tariff
    megawatts : float
        Peak of the site's load that is billed.
    load : ndarray of shape (n_hours,)
        Facility power per MW of IT by hour; a year of 8,784 h counts as 8,760.
    """
    scale = megawatts / float(load.max())
    return bill(tariff, load * scale).total_usd / scale * (8760.0 / len(load))
