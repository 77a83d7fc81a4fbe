"""A site's bill: its tariff or hourly price, demand and coincident charges, riders; what a load costs, and a flat load's price."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.supply.bills import HOURS, bill, hourly_price
from optimizer.physics.supply.tariffs import NOT_BILLED, Tariff, read_tariff
from optimizer.scenario.schema import Price, Site

Floats = NDArray[np.float64]

LOG = logging.getLogger("optimizer")
KW = 1000.0
HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, eq=False)
class SiteBill:
    """How a site's energy is billed.

    Attributes
    ----------
    hourly : ndarray of shape (n_hours,)
        Price by the hour, coincident charges in; 0 beside a tariff but for those [USD/MWh].
    tariff : Tariff or None
    megawatts : float
        Peak at which a tariff's tiers, demand and least charges are billed [MW].
    usd_per_mw_month : float
        Demand charge.
    ratchet : float
        Share of the year's peak below which no month's billed demand falls.
    share, rider_usd_per_mwh, rider_usd_per_mw_month : float
        Riders: on everything before them, on energy, on each month's peak.
    """

    hourly: Floats
    tariff: Tariff | None
    megawatts: float
    usd_per_mw_month: float
    ratchet: float
    share: float
    rider_usd_per_mwh: float
    rider_usd_per_mw_month: float

    @property
    def by_peak(self) -> bool:
        """Whether more than hourly energy is billed."""
        return self.tariff is not None or self.usd_per_mw_month > 0 or self.rider_usd_per_mw_month != 0

    def price(self) -> Floats:
        """Price of each hour of a load that never changes, all charges in, shape (n_hours,) [USD/MWh]."""
        n = len(self.hourly)
        hours_in_month = np.repeat(HOURS[n] * 24, HOURS[n] * 24)
        before = self.hourly + self.usd_per_mw_month / hours_in_month
        if self.tariff is not None:
            before = before + hourly_price(self.tariff, np.full(n, self.megawatts))
        result: Floats = (
            before * (1.0 + self.share)
            + self.rider_usd_per_mwh
            + self.rider_usd_per_mw_month / hours_in_month
        )
        return result

    def cost(self, load: Floats) -> float:
        """Cost of a year per MW of IT [USD].

        Parameters
        ----------
        load : ndarray of shape (n_hours,)
            Facility power per MW of IT by hour; a year of 8,784 h counts as 8,760.
        """
        days = HOURS[len(load)]
        starts = np.concatenate(([0], np.cumsum(days * 24)[:-1]))
        peaks = np.maximum.reduceat(load, starts)
        billed = np.maximum(peaks, self.ratchet * peaks.max())
        before = float(load @ self.hourly) + self.usd_per_mw_month * float(billed.sum())
        if self.tariff is not None:
            scale = self.megawatts / float(load.max())
            before += bill(self.tariff, load * scale).total_usd / scale
        riders = self.rider_usd_per_mwh * float(load.sum()) + self.rider_usd_per_mw_month * float(peaks.sum())
        return (before * (1.0 + self.share) + riders) * (HOURS_PER_YEAR / len(load))


def site_bill(site: Site, hourly: Floats, heat_c: Floats, hall_mw: float) -> SiteBill:
    """The bill of a site with a price.

    Parameters
    ----------
    site : Site
    hourly : ndarray of shape (n_hours,)
        Its price by the hour, adder in; beside a tariff the adder alone.
    heat_c : ndarray of shape (n_hours,)
        Dry bulb, which tells the peak hours where the price is flat.
    hall_mw : float
        Load at which a tariff is billed where the grid offers nothing [MW].

    Raises
    ------
    TariffError
        A record that can't be billed.
    """
    price = site.price
    assert price is not None
    tariff = None if price.tariff is None else read_tariff(price.tariff)
    for key in () if tariff is None else tariff.not_billed:
        LOG.warning("%s: %s is not billed; give %s beside it", price.tariff, key, NOT_BILLED[key])
    offers = () if site.grid is None else site.grid.offer_mw.values()
    return SiteBill(
        hourly=hourly + _coincident(price, hourly, heat_c),
        tariff=tariff,
        megawatts=max((float(mw) for mw in offers if mw > 0), default=hall_mw),
        usd_per_mw_month=price.demand_usd_per_kw_month * KW,
        ratchet=price.demand_ratchet,
        share=sum(rider.share for rider in price.riders),
        rider_usd_per_mwh=sum(rider.usd_per_mwh for rider in price.riders),
        rider_usd_per_mw_month=sum(rider.usd_per_kw_month for rider in price.riders) * KW,
    )


def _coincident(price: Price, hourly: Floats, heat_c: Floats) -> Floats:
    """The charge on load in the peak hour of some months, as a price in those hours [USD/MWh]."""
    extra = np.zeros(len(hourly))
    months = sorted(set(price.coincident_months))
    if price.coincident_usd_per_kw_year == 0 or not months:
        return extra
    signal = hourly if np.ptp(hourly) > 0 else heat_c
    month_of = np.repeat(np.arange(1, 13), HOURS[len(hourly)] * 24)
    each = price.coincident_usd_per_kw_year * KW / len(months)
    for month in months:
        inside = np.flatnonzero(month_of == month)
        extra[inside[np.argmax(signal[inside])]] += each
    return extra
