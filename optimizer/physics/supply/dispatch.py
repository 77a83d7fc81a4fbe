"""Dispatch of many mixes at one site: hours by price, the battery by what stored energy is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import optimizer._core.dispatch as kernel
from optimizer.errors import OptimizerError
from optimizer.physics.threads import in_parts

Floats = NDArray[np.float64]

HOURS_PER_YEAR = 8760.0
# What a mix has if it is not said: nothing, and a battery of usual efficiency.
DEFAULTS: Mapping[str, float] = {
    "load_mw": 1.0,
    "charge_efficiency": 0.95,
    "discharge_efficiency": 0.95,
    "flexible_usd_per_mwh": 1e6,
    "unserved_usd_per_mwh": 1e4,
}
_POSITIVE = ("charge_efficiency", "discharge_efficiency", "unserved_usd_per_mwh")
_MAY_BE_NEGATIVE = ("plant_usd_per_mwh", "plant_kg_per_mwh")


class DispatchError(OptimizerError):
    """A mix or a series that can't be dispatched; the message names it."""

    exit_code = 2


@dataclass(frozen=True, eq=False)
class SupplySeries:
    """What a site's hours offer; arrays of shape (n_hours,), shares beside capacity.

    Attributes
    ----------
    load : ndarray
        Beside `load_mw`.
    solar, wind : ndarray
        Output per MW of capacity.
    price_usd_per_mwh : ndarray
        Of grid energy; may be negative.
    carbon_kg_per_mwh : ndarray
        Of grid energy.
    firm, curtailable : ndarray
        Shares of the firm grid and of its curtailable tranche that are there.
    plant, heat_rate : ndarray
        Share of the plant that is there; what it burns beside its own heat rate.
    """

    load: Floats
    solar: Floats
    wind: Floats
    price_usd_per_mwh: Floats
    carbon_kg_per_mwh: Floats
    firm: Floats
    curtailable: Floats
    plant: Floats
    heat_rate: Floats

    def table(self) -> Floats:
        """As the kernel takes them, shape (9, n_hours).

        Raises
        ------
        DispatchError
            Lengths that differ, a value that is not finite, a share below 0.
        """
        rows = {field.name: np.atleast_1d(getattr(self, field.name)) for field in fields(self)}
        n = len(rows["load"])
        for name, values in rows.items():
            if values.shape != (n,):
                raise DispatchError(f"{name}: expected {n} hours as load has, found shape {values.shape}")
            if not np.isfinite(values).all():
                raise DispatchError(f"{name}: hour {int(np.argmin(np.isfinite(values)))} is not finite")
            if name != "price_usd_per_mwh" and (values < 0.0).any():
                hour = int(np.argmax(values < 0.0))
                raise DispatchError(f"{name}: hour {hour}: expected 0 or more, found {values[hour]:g}")
        if n < 24:
            raise DispatchError(f"load: expected a day of hours or more, found {n}")
        table: Floats = np.ascontiguousarray(np.stack(list(rows.values())), dtype=np.float64)
        return table


@dataclass(frozen=True, eq=False)
class DispatchYears:
    """Years of mixes; arrays of shape (n_mixes,), scaled to 8,760 h.

    Attributes
    ----------
    figures : dict of str to ndarray
        By the names of the kernel's `RESULTS`: cost_usd, grid_mwh, plant_mwh, unserved_mwh, co2_kg, ….
    """

    figures: dict[str, Floats]
    _mixes: Floats
    _series: Floats

    def __getattr__(self, name: str) -> Floats:
        try:
            found: Floats = self.__dict__["figures"][name]
            return found
        except KeyError:
            raise AttributeError(name) from None

    def hourly(self, mix: int = 0) -> Any:
        """Hour by hour of one mix.

        Returns
        -------
        DataFrame
            load, grid, plant, units, solar, wind, spilled, charged, discharged, stored, waited, unserved [MW; MWh], and
            what a stored MWh was worth [USD/MWh].
        """
        import pandas as pd

        out = np.zeros((self._series.shape[1], len(kernel.HOURLY)))
        kernel.dispatch_hours(np.ascontiguousarray(self._mixes[mix : mix + 1]), self._series, out)
        return pd.DataFrame(out, columns=list(kernel.HOURLY))


def dispatch(series: SupplySeries, threads: int = 1, **mixes: ArrayLike) -> DispatchYears:
    """Run mixes through a site's hours.

    Sun and wind come first, then grid, plant and waiting load by price, as far as it is below that of unserved load. The
    battery is run by what a stored MWh is worth, found by looking a week and 36 h ahead (docs/power.md).

    Parameters
    ----------
    series : SupplySeries
    threads : int
        Mixes are shared among so many; the figures do not depend on it.
    **mixes : float or ndarray of shape (n_mixes,)
        By the names of the kernel's `MIX`: load_mw, firm_mw, curtailable_mw, plant_mw, unit_mw, plant_usd_per_mwh,
        no_load_share, start_usd, plant_kg_per_mwh, solar_mw, wind_mw, battery_mw, battery_mwh, charge_efficiency,
        discharge_efficiency, wear_usd_per_mwh, flexible_share, flexible_usd_per_mwh, unserved_usd_per_mwh. What is not
        given is 0, or as in `DEFAULTS`.

    Raises
    ------
    DispatchError
        Unknown name, sizes of different lengths, a size below 0, a battery with power and no energy.
    """
    unknown = sorted(set(mixes) - set(kernel.MIX))
    if unknown:
        raise DispatchError(f"a mix has no {', '.join(unknown)}; it has {', '.join(kernel.MIX)}")
    columns = {name: np.atleast_1d(np.asarray(value, dtype=np.float64)) for name, value in mixes.items()}
    count = max((len(values) for values in columns.values()), default=1)
    table = np.zeros((count, len(kernel.MIX)))
    for i, name in enumerate(kernel.MIX):
        values = columns.get(name, np.array([DEFAULTS.get(name, 0.0)]))
        if values.ndim != 1 or len(values) not in (1, count):
            raise DispatchError(f"{name}: expected 1 or {count} values, found shape {values.shape}")
        _hold(name, values)
        table[:, i] = values
    _hold_battery(table)
    hours = series.table()
    out = np.zeros((count, len(kernel.RESULTS)))

    def part(rows: slice) -> None:
        kernel.dispatch_years(table[rows], hours, out[rows])

    in_parts(part, count, threads)
    year = HOURS_PER_YEAR / hours.shape[1]
    level = ("grid_peak_mw", "stored_at_end_mwh", "imbalance_mw")
    figures = {name: out[:, i] * (1.0 if name in level else year) for i, name in enumerate(kernel.RESULTS)}
    return DispatchYears(figures, table, hours)


def _hold(name: str, values: Floats) -> None:
    if not np.isfinite(values).all():
        raise DispatchError(f"{name}: mix {int(np.argmin(np.isfinite(values)))} is not finite")
    least = values.min()
    if name in _POSITIVE and not least > 0.0:
        raise DispatchError(f"{name}: expected more than 0, found {least:g}")
    if name not in _MAY_BE_NEGATIVE and least < 0.0:
        raise DispatchError(f"{name}: expected 0 or more, found {least:g}")
    if name.endswith(("efficiency", "share")) and values.max() > 1.0:
        raise DispatchError(f"{name}: expected at most 1, found {values.max():g}")


def _hold_battery(table: Floats) -> None:
    power, energy = (table[:, kernel.MIX.index(name)] for name in ("battery_mw", "battery_mwh"))
    odd = (power > 0.0) != (energy > 0.0)
    if odd.any():
        mix = int(np.argmax(odd))
        raise DispatchError(
            f"mix {mix}: a battery of {power[mix]:g} MW and {energy[mix]:g} MWh can't do anything"
        )
