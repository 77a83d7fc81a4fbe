"""Inputs of a design for the kernel: the catalog's values, replaced where somebody gives others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

import optimizer._core.facility as kernel
from optimizer import catalog
from optimizer.errors import OptimizerError
from optimizer.physics import psychrometrics

Floats = NDArray[np.float64]

DEFAULT_LIQUID_SHARE = 0.87  # GB200 NVL72: 85-90 % of the heat goes to liquid
SYSTEMS: tuple[str, ...] = tuple(kernel.SYSTEMS)
_COLUMN = {name: i for i, name in enumerate(kernel.PARAMETERS)}
# The box of outdoor air is given by dew points and relative humidities, the kernel takes humidity ratios.
_BOX = ("low_dew_point_c", "high_dew_point_c", "low_rh", "high_rh")
# Values for columns that a system does not use; they only have to be finite and not zero.
_UNUSED = 2.0


class DesignError(OptimizerError):
    """A design's input is unknown or out of range."""

    exit_code = 2


def parameters_of(cooling: str) -> tuple[str, ...]:
    """Names of the inputs that a cooling system takes."""
    return (*catalog.cooling(cooling).parameters, *catalog.electrical(), "liquid_share")


def design_inputs(
    cooling: str,
    redundancy: str = "N+1",
    pressure_pa: float = 101325.0,
    **given: ArrayLike,
) -> Floats:
    """Rows of kernel inputs.

    Parameters
    ----------
    cooling : str
        Cooling id.
    redundancy : {"N", "N+1", "4N/3", "2N"}
    pressure_pa : float
        Mean pressure of the site, for humidity ratios of the allowed box [Pa].
    **given : float or ndarray of shape (n_samples,)
        Values that replace the catalog's, by parameter name.

    Returns
    -------
    ndarray of shape (n_samples, n_parameters)
        One row if every value is a number.

    Raises
    ------
    DesignError
        Unknown parameter, shapes that do not go together, a value that is not finite.
    CatalogError
        Unknown cooling system or redundancy.
    """
    values: dict[str, ArrayLike] = {
        name: fact.value
        for name, fact in (catalog.cooling(cooling).parameters | catalog.electrical()).items()
    }
    values["liquid_share"] = DEFAULT_LIQUID_SHARE
    unknown = sorted(set(given) - set(values))
    if unknown:
        raise DesignError(
            f"{cooling} has no parameter {', '.join(unknown)}; it has {', '.join(sorted(values))}"
        )
    values |= given
    values["rating_share"] = catalog.rating_share(redundancy).value
    arrays = _arrays(cooling, values)
    if cooling == "air_economizer":
        arrays |= _box(arrays, pressure_pa)
    count = max(len(array) for array in arrays.values())
    rows = np.full((count, len(_COLUMN)), _UNUSED)
    for name, array in arrays.items():
        if name in _COLUMN:
            rows[:, _COLUMN[name]] = array
    return rows


def _arrays(cooling: str, values: Mapping[str, ArrayLike]) -> dict[str, Floats]:
    arrays: dict[str, Floats] = {}
    for name, value in values.items():
        array = np.atleast_1d(np.asarray(value, dtype=np.float64))
        if array.ndim != 1:
            raise DesignError(
                f"{cooling}.{name}: expected a number or one axis of samples, found {array.ndim} axes"
            )
        if not np.isfinite(array).all():
            raise DesignError(f"{cooling}.{name}: not finite")
        arrays[name] = array
    counts = {len(array) for array in arrays.values()} - {1}
    if len(counts) > 1:
        raise DesignError(f"{cooling}: samples of different lengths {sorted(counts)}")
    for name in (
        "sensible_heat_ratio",
        "coil_effectiveness",
        "fan_efficiency",
        "pump_efficiency",
        "part_load_ratio",
    ):
        if name in arrays and not ((arrays[name] > 0) & (arrays[name] <= 1)).all():
            raise DesignError(f"{cooling}.{name}: expected more than 0 and at most 1")
    if "cycles_of_concentration" in arrays and not (arrays["cycles_of_concentration"] > 1).all():
        raise DesignError(f"{cooling}.cycles_of_concentration: expected more than 1")
    if not ((arrays["liquid_share"] >= 0) & (arrays["liquid_share"] <= 1)).all():
        raise DesignError(f"{cooling}.liquid_share: expected 0 to 1")
    # A loop without any heat would be divided by; a millionth is the same to nine digits.
    arrays["liquid_share"] = np.maximum(arrays["liquid_share"], 1e-6)
    return arrays


def _box(arrays: dict[str, Floats], pressure_pa: float) -> dict[str, Floats]:
    """Humidity ratios between which outdoor air is allowed."""
    low_dew, high_dew, low_rh, high_rh = (arrays[name] for name in _BOX)
    ratio = psychrometrics.humidity_ratio
    return {
        "humidity_low": np.maximum(
            ratio(low_dew, 1.0, pressure_pa), ratio(arrays["low_supply_c"], low_rh, pressure_pa)
        ),
        "humidity_high": np.minimum(
            ratio(high_dew, 1.0, pressure_pa), ratio(arrays["supply_air_c"], high_rh, pressure_pa)
        ),
    }
