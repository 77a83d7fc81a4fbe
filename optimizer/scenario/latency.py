"""Round trips between places and regions (docs/economics.md, section 9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0
# Round trip over fibre: 200 km a millisecond one way, routes 1.4 times the great circle, 5 ms in equipment.
FIBRE_KM_PER_MS = 200.0
ROUTE_FACTOR = 1.4
EQUIPMENT_MS = 5.0


def round_trip_ms(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Round trip between places [ms]; inputs in degrees, broadcast.

    Great-circle distance by the haversine, RTT = 2 · 1.4 · d / 200 + 5.
    """
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half = (
        np.sin((phi_b - phi_a) / 2) ** 2
        + np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(np.subtract(lon_b, lon_a)) / 2) ** 2
    )
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))
    result: Floats = 2 * ROUTE_FACTOR * km / FIBRE_KM_PER_MS + EQUIPMENT_MS
    return result


def carried_1000km(trip_ms: Floats) -> Floats:
    """Great-circle distance behind a round trip [1000 km]."""
    result: Floats = (trip_ms - EQUIPMENT_MS) / (2 * ROUTE_FACTOR) * FIBRE_KM_PER_MS / 1000.0
    return result
