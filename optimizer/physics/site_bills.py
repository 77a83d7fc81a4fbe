"""A site's bill by its utility's tariff: what a hall's own hours cost, and the mean price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.supply.bills import bill, hourly_price
from optimizer.physics.supply.tariffs import Tariff, read_tariff
from optimizer.scenario.schema import Site

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SiteTariff:
    """A site's tariff and the load at which it is billed.

    Attributes
    ----------
    tariff : Tariff
    megawatts : float
        Peak at which tiers, demand and least charges are billed: the largest offer of the grid, or one hall [MW].
    adder_usd_per_mwh : float
        On top of the bill.
    """

    tariff: Tariff
    megawatts: float
    adder_usd_per_mwh: float

    def price(self, n_hours: int) -> Floats:
        """Price of each hour of a load that never changes, all charges in, shape (n_hours,) [USD/MWh]."""
        return hourly_price(self.tariff, np.full(n_hours, self.megawatts)) + self.adder_usd_per_mwh

    def cost(self, load: Floats) -> float:
        """Cost of a year per MW of IT [USD].

        Parameters
        ----------
        load : ndarray of shape (n_hours,)
            Facility power per MW of IT by hour; a year of 8,784 h counts as 8,760.
        """
        scale = self.megawatts / float(load.max())
        usd = bill(self.tariff, load * scale).total_usd / scale + self.adder_usd_per_mwh * float(load.sum())
        return usd * (8760.0 / len(load))


def site_tariff(site: Site, hall_mw: float) -> SiteTariff | None:
    """The tariff that a site names, billed at its largest offer of the grid, or one hall's power.

    Raises
    ------
    TariffError
        A record that can't be billed.
    """
    if site.price is None or site.price.tariff is None:
        return None
    offers = () if site.grid is None else site.grid.offer_mw.values()
    megawatts = max((float(mw) for mw in offers if mw > 0), default=hall_mw)
    return SiteTariff(read_tariff(site.price.tariff), megawatts, site.price.adder_usd_per_mwh)
