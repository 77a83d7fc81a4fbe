"""Chillers of the NumPy twin: DOE-2.1E curves inside their range, a share of Carnot's COP in warm water."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def centrifugal_eir(chilled_c: float, entering_c: Floats) -> Floats:
    """Energy input ratio beside 6.67/29.4 degC, held at the ends of 5..10 and 24..35 degC."""
    x, y = np.clip(chilled_c, 5.0, 10.0), np.clip(entering_c, 24.0, 35.0)
    return 0.933884 - 0.058212 * x + 0.00450036 * x**2 + 0.00243 * y + 0.000486 * y**2 - 0.001215 * x * y


def scroll_eir(chilled_c: float, outdoor_c: Floats) -> Floats:
    """Energy input ratio beside 6.67/35 degC, held at the ends of 5.56..10 and 23.9..46.1 degC."""
    x, y = np.clip(chilled_c, 5.56, 10.0), np.clip(outdoor_c, 23.9, 46.1)
    return (
        0.7690169642
        - 0.023780081 * x
        + 0.0009828809 * x**2
        + 0.0015396954 * y
        + 0.000353063 * y**2
        - 0.0005959493 * x * y
    )


def part_load(ratio: float) -> float:
    """Energy per heat beside full load (EIRFPLR over the part-load ratio)."""
    return (0.222903 + 0.313387 * ratio + 0.463710 * ratio**2) / ratio


def carnot_cop(fraction: float, chilled_c: float, leaving_c: Floats) -> Floats:
    """A share of Carnot's COP with 1.5 K at either exchanger, at most 14."""
    cold_k, hot_k = chilled_c - 1.5 + 273.15, leaving_c + 1.5 + 273.15
    lift = np.maximum(hot_k - cold_k, fraction * cold_k / 14.0)
    return fraction * cold_k / lift


def chiller_eir(
    p: SimpleNamespace, cop: float, carnot: float, chilled_c: float, curve: Floats, leaving_c: Floats
) -> Floats:
    """1/COP: the curve up to 10 degC chilled water, Carnot's share from 12, mixed straight between."""
    warm = np.clip((chilled_c - p.carnot_from_c) / 2.0, 0.0, 1.0)
    mixed = warm / carnot_cop(carnot, chilled_c, leaving_c) + (1.0 - warm) * np.maximum(
        curve / cop, 1.0 / 14.0
    )
    return part_load(p.part_load_ratio) * mixed


def falling(seen_c: Floats, low_c: float, chilled_c: float, rise_k: float) -> Floats:
    """Below the curve's cold end: lift beside the lift there."""
    lift = np.minimum(seen_c, low_c) + rise_k + 1.5 - (chilled_c - 1.5)
    return lift / (low_c + rise_k + 1.5 - (chilled_c - 1.5))


def air_cooled_eir(p: SimpleNamespace, chilled_c: float, outdoor_c: Floats) -> Floats:
    """Condensers in thin air need more temperature difference for the same heat."""
    felt_c = outdoor_c + p.condenser_approach_k * (1.0 / p.pressure_ratio - 1.0)
    felt_c = np.maximum(felt_c, p.least_outdoor_c)
    held_c = float(np.clip(chilled_c, 5.56, 10.0))
    curve = scroll_eir(chilled_c, felt_c) * falling(felt_c, 23.9, held_c, p.condenser_approach_k)
    leaving_c = felt_c + p.condenser_approach_k
    return chiller_eir(p, p.air_cooled_cop, p.air_cooled_carnot, chilled_c, curve, leaving_c)


def water_cooled_eir(p: SimpleNamespace, chilled_c: float, entering_c: Floats) -> Floats:
    entering_c = np.maximum(entering_c, p.least_condenser_water_c)
    held_c = float(np.clip(chilled_c, 5.0, 10.0))
    curve = centrifugal_eir(chilled_c, entering_c) * falling(entering_c, 24.0, held_c, p.tower_range_k)
    leaving_c = entering_c + p.tower_range_k
    return chiller_eir(p, p.water_cooled_cop, p.water_cooled_carnot, chilled_c, curve, leaving_c)
