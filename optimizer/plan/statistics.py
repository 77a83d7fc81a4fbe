"""Sums over a plan's tables: capital, operating cost, energy, compute, water, carbon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from optimizer.errors import OptimizerError

By = str | Sequence[str] | None


class StatisticsError(OptimizerError):
    """A sum is asked for by something that the figures are not told apart by."""

    exit_code = 2


class Statistics:
    """Sums of a plan over its whole life, by whatever its figures are told apart by.

    Every method takes `by`: a name or a list of names gives a Series with that index, in order of first
    appearance; None gives the sum as a float. Money is real and not discounted unless `discounted` is true.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The plan's tables.
    discount : sequence of float
        Discount factor of each period.

    Examples
    --------
    >>> plan.statistics.capex(by="site")  # doctest: +SKIP
    >>> plan.statistics.opex(by=["period", "line"])  # doctest: +SKIP
    """

    def __init__(self, tables: Mapping[str, Any], discount: Sequence[float]) -> None:
        self._tables = tables
        labels = list(dict.fromkeys(tables["sites_by_period"]["period"]))
        self._discount = dict(zip(labels, (float(value) for value in discount), strict=False))

    def capex(self, by: By = "asset_class", discounted: bool = False) -> Any:
        """Capital [USD] by asset_class, line, site or period."""
        return self._money("capex_by_class", by, ("asset_class", "line", "site", "period"), discounted)

    def opex(self, by: By = "line", discounted: bool = False) -> Any:
        """Operating cost, energy and carbon in [USD] by line, site or period."""
        return self._money("opex_by_site", by, ("line", "site", "period"), discounted)

    def energy(self, by: By = "site") -> Any:
        """Energy billed at the sites' meters [MWh] by site, block or period."""
        return _sum(self._tables["power"], "mwh", by, ("site", "block", "period"))

    def compute(self, by: By = "workload") -> Any:
        """Compute that the halls yield at work [unit-hours] by workload, site, chip or period."""
        return _sum(self._tables["work"], "unit_hours", by, ("workload", "site", "chip", "period"))

    def water(self, by: By = "site") -> Any:
        """Water [m3] by site or period."""
        return _sum(self._tables["sites_by_period"], "water_m3", by, ("site", "period"))

    def carbon(self, by: By = "site") -> Any:
        """Emitted CO2 [t] by site or period."""
        return _sum(self._tables["sites_by_period"], "co2_t", by, ("site", "period"))

    def _money(self, table: str, by: By, allowed: tuple[str, ...], discounted: bool) -> Any:
        frame = self._tables[table]
        if discounted:
            frame = frame.assign(usd=frame["usd"] * frame["period"].map(self._discount))
        return _sum(frame, "usd", by, allowed)


def _sum(frame: Any, value: str, by: By, allowed: tuple[str, ...]) -> Any:
    if by is None:
        return float(frame[value].sum())
    names = [by] if isinstance(by, str) else list(by)
    for name in names:
        if name not in allowed:
            raise StatisticsError(f"by={name!r}: expected one of {', '.join(allowed)}")
    return frame.groupby(names, sort=False)[value].sum()
