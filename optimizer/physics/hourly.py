"""A facility hour by hour: series, energy and water by component, hours by mode, design peaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer._core.facility import PARAMETERS
from optimizer.physics.climate import Climate
from optimizer.physics.design_inputs import Design
from optimizer.physics.years import HOURS_PER_YEAR, hours_of

Floats = NDArray[np.float64]

ENERGY = {
    "it": "load",
    "electrical": "electrical",
    "compressor": "compressor",
    "room_fans": "room_fans",
    "rejection_fans": "rejection_fans",
    "pumps": "pumps",
}
WATER = ("evaporated", "drift", "blowdown", "humidified")


@dataclass(frozen=True)
class Components:
    """What a year is made of; each figure is a number or an array, as those of `FacilityYear`.

    Attributes
    ----------
    energy_mwh : dict
        By it, electrical (losses and lighting), compressor, room_fans, rejection_fans, pumps [MWh].
    water_m3 : dict
        By evaporated and drift (towers), blowdown, humidified (spray and wetted media) [m3].
    hours : dict
        By mode: free, mixed, mechanical, and wet [h]; of the liquid loop where there is one, else of the room.
    heat_reused_mwh : float or ndarray
        Heat of the liquid that somebody else takes [MWh].
    heat_reused_c : float or ndarray
        Temperature at which it is handed on: the return of the facility water [°C]; nan without a liquid.
    """

    energy_mwh: dict[str, Any]
    water_m3: dict[str, Any]
    hours: dict[str, Any]
    heat_reused_mwh: Any
    heat_reused_c: Any


def hourly_frame(
    design: Design, load: float, it_mw: float, climate: Climate, profile: Floats | None = None
) -> Any:
    """Hour by hour of a design's first sample.

    Returns
    -------
    DataFrame
        Index hour; it_mw, facility_mw, pue, water_m3, mode (free, mixed, mechanical; `+wet` with wetted pads or
        media, or humidification), dry_bulb_c, wet_bulb_c, over_temperature, over_temperature_k, and the power of
        each component [MW].
    """
    import pandas as pd

    column = hours_of(design, 0, load, climate, profile)
    mechanical = _mechanical(design, column)
    mode = np.where(mechanical <= 0, "free", np.where(mechanical < 1, "mixed", "mechanical")).astype(object)
    mode = np.where(column["wet"] > 0, mode + "+wet", mode)
    return pd.DataFrame(
        {
            "it_mw": column["load"] * it_mw,
            "facility_mw": column["facility"] * it_mw,
            "pue": column["facility"] / column["load"],
            "water_m3": column["water_kg_s"] * 3600.0 * it_mw,
            "mode": mode,
            "dry_bulb_c": climate.dry_bulb_c,
            "wet_bulb_c": climate.wet_bulb_c,
            "over_temperature": column["over_k"] > 0,
            "over_temperature_k": column["over_k"],
            **{f"{name}_mw": column[key] * it_mw for name, key in ENERGY.items() if name != "it"},
        },
        index=pd.RangeIndex(len(climate.dry_bulb_c), name="hour"),
    )


def components_of(
    designs: Sequence[Design],
    load: float,
    it_mw: float,
    climates: Sequence[Climate],
    profile: Floats | None,
    shape: tuple[int, ...],
) -> Components:
    """Sums by component of every weather and sample, each run hour by hour."""
    rows = [
        _sums(design, sample, hours_of(design, sample, load, climate, profile))
        for design, climate in zip(designs, climates, strict=True)
        for sample in range(len(design.inputs))
    ]

    def shaped(name: str, factor: float) -> Any:
        values = np.array([row[name] for row in rows]) * factor
        return values.reshape(shape) if shape else float(values[0])

    return Components(
        energy_mwh={name: shaped(key, it_mw) for name, key in ENERGY.items()},
        water_m3={name: shaped(name, 3600.0 * it_mw) for name in WATER},
        hours={name: shaped(name, 1.0) for name in ("free", "mixed", "mechanical", "wet")},
        heat_reused_mwh=shaped("reused", it_mw),
        heat_reused_c=shaped("return_c", 1.0),
    )


def peaks_of(designs: Sequence[Design], climates: Sequence[Climate], share: float) -> Floats:
    """Facility power at full load that the given share of hours does not exceed, shape (n_weathers, n_samples)."""
    return np.array(
        [
            [
                float(np.quantile(hours_of(design, sample, 1.0, climate)["facility"], share, method="higher"))
                for sample in range(len(design.inputs))
            ]
            for design, climate in zip(designs, climates, strict=True)
        ]
    )


def _mechanical(design: Design, column: dict[str, Floats]) -> Floats:
    return column["mechanical_air" if design.system.rejection == "none" else "mechanical_liquid"]


def _sums(design: Design, sample: int, column: dict[str, Floats]) -> dict[str, float]:
    year = HOURS_PER_YEAR / len(column["load"])
    mechanical = _mechanical(design, column)
    found = {name: float(values.sum()) * year for name, values in column.items()}
    found |= {
        "free": float((mechanical <= 0).sum()) * year,
        "mixed": float(((mechanical > 0) & (mechanical < 1)).sum()) * year,
        "mechanical": float((mechanical >= 1).sum()) * year,
        "wet": float((column["wet"] > 0).sum()) * year,
    }
    kernel_row = dict(zip(PARAMETERS, design.inputs[sample], strict=True))
    warm = kernel_row["tcs_supply_c"] - kernel_row["cdu_approach_k"] + kernel_row["facility_rise_k"]
    return found | {"return_c": warm if design.system.rejection != "none" else float("nan")}
