"""Years of many designs on one weather: the kernel's call, its threads and its precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import optimizer._core.facility as double
import optimizer._core.facility32 as single
from optimizer.physics.climate import Climate, kernel_hours
from optimizer.physics.design_inputs import Design, DesignError
from optimizer.physics.threads import in_parts

Floats = NDArray[np.float64]

HOURS_PER_YEAR = 8760.0
_RESULT = {name: i for i, name in enumerate(double.RESULTS)}
PRECISIONS: dict[str, Any] = {"float64": double, "float32": single}


@dataclass(frozen=True)
class Years:
    """Yearly figures of designs per unit of IT power at full load; arrays of shape (n_designs,).

    Attributes
    ----------
    facility_h, compressor_h : ndarray
        Facility and chiller energy [kWh per kW], for a year of 8,760 h.
    water_kg : ndarray
        [kg per kW]
    cost, carbon : ndarray
        Sums of facility power times price and times carbon [kWh · unit per kW].
    peak : ndarray
        Facility power of the worst hour at full IT load.
    hours_over_temperature : ndarray
        Hours at full load in which the supply temperature can't be held.
    over_k : ndarray
        How far above its set point the supply lies in the worst of them [K].
    it_h : ndarray
        IT energy [kWh per kW].
    """

    facility_h: Floats
    compressor_h: Floats
    water_kg: Floats
    cost: Floats
    carbon: Floats
    peak: Floats
    hours_over_temperature: Floats
    over_k: Floats
    it_h: Floats


def years(
    design: Design,
    load: Floats,
    climate: Climate,
    price: Floats | None = None,
    carbon: Floats | None = None,
    profile: Floats | None = None,
    dtype: str = "float64",
    threads: int = 1,
) -> Years:
    """Run the kernel over a weather; years of any length count as 8,760 h.

    Parameters
    ----------
    design : Design
    load : ndarray of shape (n_designs,)
        Mean over peak IT power.
    climate : Climate
    price, carbon : ndarray of shape (n_hours,), optional
        Per unit of energy, for instance [USD/MWh] and [kg/MWh].
    profile : ndarray of shape (n_hours,), optional
        IT load beside its mean.
    dtype : {"float64", "float32"}
    threads : int
        Designs are shared among so many; the figures do not depend on it.

    Raises
    ------
    DesignError
        Unknown precision, or an answer that is not finite.
    """
    if dtype not in PRECISIONS:
        raise DesignError(f"dtype: expected {' or '.join(PRECISIONS)}, found {dtype!r}")
    kernel = PRECISIONS[dtype]
    hours = np.ascontiguousarray(kernel_hours(climate, profile, price, carbon), dtype=dtype)
    inputs = np.ascontiguousarray(design.inputs, dtype=dtype)
    loads = np.ascontiguousarray(load, dtype=dtype)
    out = np.zeros((len(inputs), len(double.RESULTS)))

    def part(rows: slice) -> None:
        kernel.facility_years(*design.system.positions, inputs[rows], loads[rows], hours, out[rows])

    in_parts(part, len(inputs), threads)
    if not np.isfinite(out).all():
        row = int(np.argmax(~np.isfinite(out).all(axis=1)))
        raise DesignError(
            f"sample {row}: the year has no finite answer; its parameters contradict each other"
        )
    n = hours.shape[1]
    year = HOURS_PER_YEAR / n
    mean = 1.0 if profile is None else float(np.mean(profile))
    return Years(
        facility_h=out[:, _RESULT["facility_h"]] * year,
        compressor_h=out[:, _RESULT["compressor_h"]] * year,
        water_kg=out[:, _RESULT["water_kg_h_per_kw_s"]] * 3600.0 * year,
        cost=out[:, _RESULT["cost"]] * year,
        carbon=out[:, _RESULT["carbon"]] * year,
        peak=out[:, _RESULT["peak"]].copy(),
        hours_over_temperature=out[:, _RESULT["hours_over_temperature"]] * year,
        over_k=out[:, _RESULT["over_k"]].copy(),
        it_h=np.asarray(load, dtype=np.float64) * mean * HOURS_PER_YEAR,
    )


def hours_of(
    design: Design, sample: int, load: float, climate: Climate, profile: Floats | None = None
) -> dict[str, Floats]:
    """Hour by hour of one sample, by the kernel's names (`HOURLY`); arrays of shape (n_hours,).

    Power is per unit of IT power at full load, water in kg/s per kW of the same.
    """
    hours = kernel_hours(climate, profile)
    out = np.zeros((hours.shape[1], len(double.HOURLY)))
    row = np.ascontiguousarray(design.inputs[sample])
    double.facility_hours(*design.system.positions, row, load, hours, out)
    return {name: out[:, i] for i, name in enumerate(double.HOURLY)}
