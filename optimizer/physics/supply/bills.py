"""Bills of a year by month: energy by period and tier, demand with ratchet, fixed and least charges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.physics.supply.tariffs import Charge, Tariff, TariffError, Tier

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
LEAP_DAYS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
HOURS = {8760: DAYS, 8784: LEAP_DAYS}


@dataclass(frozen=True, eq=False)
class Bill:
    """A year's bill by month; arrays of shape (12,).

    Attributes
    ----------
    energy_usd, demand_usd, flat_demand_usd, fixed_usd, minimum_usd : ndarray
        `demand_usd` by time of use; `minimum_usd` is what is added to reach the least charge, a year's in December.
    energy_mwh, peak_mw : ndarray
    """

    energy_usd: Floats
    demand_usd: Floats
    flat_demand_usd: Floats
    fixed_usd: Floats
    minimum_usd: Floats
    energy_mwh: Floats
    peak_mw: Floats

    @property
    def month_usd(self) -> Floats:
        """All charges of each month."""
        total: Floats = (
            self.energy_usd + self.demand_usd + self.flat_demand_usd + self.fixed_usd + self.minimum_usd
        )
        return total

    @property
    def total_usd(self) -> float:
        """All charges of the year."""
        return float(self.month_usd.sum())


def bill(tariff: Tariff, load_mw: Floats, first_weekday: int = 0) -> Bill:
    """A year's bill of an hourly load.

    Parameters
    ----------
    tariff : Tariff
    load_mw : ndarray of shape (8760,) or (8784,)
        Energy of each hour taken from the grid, local standard time [MWh in the hour].
    first_weekday : int
        Day of January 1, 0 for Monday (SAM's year) to 6 for Sunday.

    Raises
    ------
    TariffError
        Not a year of hours, a load that is not finite or below 0.

    Notes
    -----
    Terms as the System Advisor Model has them (Utilityrate5): a demand tier is billed for the part of the peak that lies in it; a
    month's energy tiers are shared among its periods by their energy, or fill hour by hour (`hourly_tiers`).
    """
    load = np.asarray(load_mw, dtype=np.float64)
    if load.ndim != 1 or len(load) not in HOURS:
        raise TariffError(f"load: expected 8760 or 8784 hours, found shape {load.shape}")
    bad = ~(np.isfinite(load) & (load >= 0.0))
    if bad.any():
        raise TariffError(f"load: hour {int(np.argmax(bad))}: expected 0 or more, found {load[bad][0]:g}")
    kwh = load * 1000.0
    days = HOURS[len(load)]
    month = np.repeat(np.arange(12), days * 24)
    peak = np.array([kwh[month == m].max() for m in range(12)])
    billed = _ratcheted(tariff, peak)
    flat = np.array([_stepped(tariff.flat_demand[m], billed[m]) for m in range(12)])
    energy = (
        np.zeros(12)
        if tariff.energy is None
        else _energy(tariff, tariff.energy, kwh, month, peak, days, first_weekday)
    )
    demand = np.zeros(12) if tariff.demand is None else _demand(tariff.demand, kwh, month, first_weekday)
    fixed = np.full(12, tariff.fixed_usd)
    before = energy + demand + flat + fixed
    least = np.maximum(tariff.minimum_usd - before, 0.0)
    least[-1] += max(tariff.annual_minimum_usd - float((before + least).sum()), 0.0)
    return Bill(
        energy_usd=energy,
        demand_usd=demand,
        flat_demand_usd=flat,
        fixed_usd=fixed,
        minimum_usd=least,
        energy_mwh=_sums(month, load, 12),
        peak_mw=peak / 1000.0,
    )


def hourly_price(tariff: Tariff, load_mw: Floats, first_weekday: int = 0) -> Floats:
    """What each hour's energy of a load costs with all charges in, shape (n_hours,) [USD/MWh].

    Energy at its period's rate, a month's tiers shared among its hours; what else a month is billed is spread over its energy. The
    sum over the load is the bill, but where tiers fill hour by hour.

    Raises
    ------
    TariffError
        As `bill`.
    """
    whole = bill(tariff, load_mw, first_weekday)
    days = HOURS[len(load_mw)]
    month = np.repeat(np.arange(12), days * 24)
    per_month = np.maximum(whole.energy_mwh * 1000.0, 1e-9)
    price = (whole.month_usd - whole.energy_usd)[month] / per_month[month]
    if tariff.energy is not None:
        period = periods_of(tariff.energy, len(load_mw), first_weekday)
        price = price + _shared_rates(tariff.energy, per_month, whole.peak_mw * 1000.0, days)[month, period]
    result: Floats = price * 1000.0
    return result


def periods_of(charge: Charge, n_hours: int, first_weekday: int = 0) -> Ints:
    """Period of each hour of a year, shape (n_hours,)."""
    days = HOURS[n_hours]
    day = np.arange(int(days.sum()))
    month = np.repeat(np.arange(12), days)
    weekend = (day + first_weekday) % 7 >= 5
    weekday_of, weekend_of = np.array(charge.weekday), np.array(charge.weekend)
    by_day: Ints = np.where(weekend[:, None], weekend_of[month], weekday_of[month])
    return by_day.ravel()


def _sums(group: Ints, values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(group, weights=values, minlength=count), dtype=np.float64)


def _stepped(tiers: tuple[Tier, ...], amount: float) -> float:
    """Each tier for the part of the amount that lies in it."""
    usd, below = 0.0, 0.0
    for tier in tiers:
        usd += tier.usd * max(min(amount, tier.until) - below, 0.0)
        below = tier.until
    return usd


def _ratcheted(tariff: Tariff, peak: Floats) -> Floats:
    """Billed demand: the month's peak, or a share of the highest of the months before it, the year taken as a circle."""
    if tariff.ratchet_share == 0.0:
        return peak
    back = tariff.ratchet_range or 12
    highest = np.array([max(peak[(m - i) % 12] for i in range(1, back + 1)) for m in range(12)])
    floor = np.where(tariff.ratchet_months, tariff.ratchet_share * highest, 0.0)
    billed: Floats = np.maximum(peak, floor)
    return billed


def _demand(charge: Charge, kwh: Floats, month: Ints, first_weekday: int) -> Floats:
    period = periods_of(charge, len(kwh), first_weekday)
    usd = np.zeros(12)
    for m in range(12):
        for p, tiers in enumerate(charge.periods):
            inside = (month == m) & (period == p)
            if inside.any():
                usd[m] += _stepped(tiers, float(kwh[inside].max()))
    return usd


def _ends(tiers: tuple[Tier, ...], peak: float, days: float) -> Floats:
    """Ends of energy tiers in kWh of the month."""
    scale = {"kwh": 1.0, "kwh/kw": peak, "kwh daily": days, "kwh/kw daily": peak * days}
    return np.array([tier.until * scale[tier.unit] if np.isfinite(tier.until) else np.inf for tier in tiers])


def _energy(
    tariff: Tariff, charge: Charge, kwh: Floats, month: Ints, peak: Floats, days: Ints, first_weekday: int
) -> Floats:
    period = periods_of(charge, len(kwh), first_weekday)
    if all(len(tiers) == 1 for tiers in charge.periods):
        rates = np.array([tiers[0].usd for tiers in charge.periods])
        return _sums(month, kwh * rates[period], 12)
    usd = np.zeros(12)
    for m in range(12 if tariff.hourly_tiers else 0):
        inside = month == m
        ends = [_ends(tiers, float(peak[m]), float(days[m])) for tiers in charge.periods]
        rates_of = [np.array([tier.usd for tier in tiers]) for tiers in charge.periods]
        usd[m] = _hour_by_hour(kwh[inside], period[inside], ends, rates_of)
    if not tariff.hourly_tiers:
        shared = _shared_rates(charge, _sums(month, kwh, 12), peak, days)
        usd = _sums(month, kwh * shared[month, period], 12)
    return usd


def _shared_rates(charge: Charge, kwh: Floats, peak: Floats, days: Ints) -> Floats:
    """Rate of each period by month with the month's tiers shared among its hours, shape (12, n_periods) [USD/kWh]."""
    rates = np.zeros((12, len(charge.periods)))
    for m in range(12):
        total = max(float(kwh[m]), 1e-9)
        for p, tiers in enumerate(charge.periods):
            in_tiers = np.diff(np.minimum(_ends(tiers, float(peak[m]), float(days[m])), total), prepend=0.0)
            rates[m, p] = in_tiers @ np.array([tier.usd for tier in tiers]) / total
    return rates


def _hour_by_hour(kwh: Floats, period: Ints, ends: list[Floats], rates_of: list[Floats]) -> float:
    """Tiers fill with the month's energy of all periods, in the order of the hours."""
    after = np.cumsum(kwh)
    before = after - kwh
    usd = 0.0
    for p, (tier_ends, rates) in enumerate(zip(ends, rates_of, strict=True)):
        at = period == p
        starts = np.concatenate(([0.0], tier_ends[:-1]))
        for start, end, rate in zip(starts, tier_ends, rates, strict=True):
            usd += rate * float(
                np.clip(np.minimum(after[at], end) - np.maximum(before[at], start), 0.0, None).sum()
            )
    return usd
