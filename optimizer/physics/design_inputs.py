"""Inputs of a design for the kernel: the catalog's values, replaced where somebody gives others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

import optimizer._core.facility as kernel
from optimizer import catalog
from optimizer.errors import OptimizerError
from optimizer.physics import psychrometrics

Floats = NDArray[np.float64]

_COLUMN = {name: i for i, name in enumerate(kernel.PARAMETERS)}
# The box of outdoor air is given by dew points and relative humidities, the kernel takes humidity ratios.
_BOX = ("low_dew_point_c", "high_dew_point_c", "low_rh", "high_rh")
# Values for columns that a system does not use; they only have to be finite and not zero.
_UNUSED = 2.0
_STANDARD_PA = 101325.0
_MID_BOX_C = 22.0
_FRACTIONS = (
    "sensible_heat_ratio",
    "coil_effectiveness",
    "fan_efficiency",
    "pump_efficiency",
    "part_load_ratio",
)
_POSITIVE = (
    "air_rise_k",
    "chilled_rise_k",
    "tower_range_k",
    "facility_rise_k",
    "air_cooled_cop",
    "air_cooled_carnot",
    "water_cooled_cop",
    "water_cooled_carnot",
    "switch_band_k",
    "dry_fan_most_speed",
    "cooler_air_rise_k",
)


class DesignError(OptimizerError):
    """A design's input is unknown or out of range."""

    exit_code = 2


class System(NamedTuple):
    """What cools the room and what cools the liquid, as the catalog names them."""

    air_side: str
    rejection: str

    @property
    def positions(self) -> tuple[int, int]:
        """As the kernel counts them."""
        return kernel.AIR_SIDES.index(self.air_side), kernel.REJECTIONS.index(self.rejection)


class Design(NamedTuple):
    """A cooling system with the inputs of its samples, shape (n_samples, n_parameters)."""

    system: System
    inputs: Floats


def design_inputs(
    cooling: str,
    redundancy: str = "N+1",
    pressure_pa: float = _STANDARD_PA,
    air_side: str | None = None,
    rejection: str | None = None,
    **given: Any,
) -> Design:
    """Rows of kernel inputs.

    Parameters
    ----------
    cooling : str
        Cooling id.
    redundancy : {"N", "N+1", "4N/3", "2N"}
    pressure_pa : float
        Mean pressure of the site, for thin air and for humidity ratios of the allowed box [Pa].
    air_side, rejection : str, optional
        What cools room and liquid instead of the system's usual (`catalog.air_sides()`, `catalog.rejections()`).
    **given : float, ndarray of shape (n_samples,), or str
        Values that replace the catalog's, by parameter name; words for the options of `catalog.cooling_options()`.

    Raises
    ------
    DesignError
        Unknown parameter or word, shapes that do not go together, a value that is not finite or out of range.
    CatalogError
        Unknown cooling system, air side, rejection or redundancy.
    """
    system = catalog.cooling(cooling)
    if ((rejection or system.rejection) == "none" and system.liquid) or (not system.liquid and rejection):
        raise DesignError(f"{cooling}: rejection {rejection!r} does not go with this system")
    facts = system.parameters_with(air_side, rejection) | catalog.electrical()
    values: dict[str, ArrayLike] = {name: fact.value for name, fact in facts.items()}
    values |= _replaced(cooling, given, values)
    values["rating_share"] = catalog.rating_share(redundancy).value
    values["pressure_ratio"] = pressure_pa / _STANDARD_PA
    arrays = _arrays(cooling, values)
    if "low_dew_point_c" in arrays:
        arrays |= _box(arrays, pressure_pa)
    count = max(len(array) for array in arrays.values())
    rows = np.full((count, len(_COLUMN)), _UNUSED)
    for name, array in arrays.items():
        if name in _COLUMN:
            rows[:, _COLUMN[name]] = array
    return Design(System(air_side or system.air_side, rejection or system.rejection), rows)


def _replaced(cooling: str, given: Mapping[str, Any], known: Mapping[str, ArrayLike]) -> dict[str, ArrayLike]:
    """The given values, with words in the place of what they stand for."""
    options = catalog.cooling_options()
    result: dict[str, ArrayLike] = {}
    unknown = sorted(set(given) - set(known) - set(options))
    if unknown:
        raise DesignError(
            f"{cooling} has no parameter {', '.join(unknown)}; it has {', '.join(sorted(known))}"
        )
    for name in options:
        if name in given:
            if given[name] not in options[name]:
                raise DesignError(
                    f"{cooling}.{name}: expected {' or '.join(options[name])}, found {given[name]!r}"
                )
            stands_for = options[name][given[name]]
            if stands_for and not set(stands_for) & set(known):
                raise DesignError(f"{cooling}.{name}: has no meaning for this system")
            result |= {key: value for key, value in stands_for.items() if key in known}
    return result | {name: value for name, value in given.items() if name not in options}


def _arrays(cooling: str, values: Mapping[str, ArrayLike]) -> dict[str, Floats]:
    arrays: dict[str, Floats] = {}
    for name, value in values.items():
        try:
            array = np.atleast_1d(np.asarray(value, dtype=np.float64))
        except (TypeError, ValueError):
            raise DesignError(f"{cooling}.{name}: expected a number, found {value!r}") from None
        if array.ndim != 1:
            raise DesignError(
                f"{cooling}.{name}: expected a number or one axis of samples, found {array.ndim} axes"
            )
        if array.size == 0:
            raise DesignError(f"{cooling}.{name}: no samples")
        if not np.isfinite(array).all():
            raise DesignError(f"{cooling}.{name}: sample {int(np.argmin(np.isfinite(array)))} is not finite")
        arrays[name] = array
    counts = {len(array) for array in arrays.values()} - {1}
    if len(counts) > 1:
        raise DesignError(f"{cooling}: samples of different lengths {sorted(counts)}")
    for name in set(_FRACTIONS) & set(arrays):
        if not ((arrays[name] > 0) & (arrays[name] <= 1)).all():
            raise DesignError(f"{cooling}.{name}: expected more than 0 and at most 1")
    for name in set(_POSITIVE) & set(arrays):
        if not (arrays[name] > 0).all():
            raise DesignError(f"{cooling}.{name}: expected more than 0")
    if "cycles_of_concentration" in arrays and not (arrays["cycles_of_concentration"] > 1).all():
        raise DesignError(f"{cooling}.cycles_of_concentration: expected more than 1")
    if "liquid_share" in arrays:
        if not ((arrays["liquid_share"] >= 0) & (arrays["liquid_share"] <= 1)).all():
            raise DesignError(f"{cooling}.liquid_share: expected 0 to 1")
        # A loop without any heat would be divided by; a millionth is the same to nine digits.
        arrays["liquid_share"] = np.maximum(arrays["liquid_share"], 1e-6)
    return arrays


def _box(arrays: dict[str, Floats], pressure_pa: float) -> dict[str, Floats]:
    """Humidity ratios between which outdoor air is allowed."""
    low_dew, high_dew, low_rh, high_rh = (arrays[name] for name in _BOX)
    supply, cold = arrays["supply_air_c"], arrays["low_supply_c"]
    ratio, dew = psychrometrics.humidity_ratio, psychrometrics.dew_point
    # Beyond any humidity, where return air may be mixed in until the supply is as warm as it may be.
    mixed, mixed_cold = arrays["mix_to_dry"] > 0, arrays["mix_when_cold"] > 0
    high = np.minimum(ratio(high_dew, 1.0, pressure_pa), ratio(supply, high_rh, pressure_pa))
    cold_high = np.minimum(ratio(high_dew, 1.0, pressure_pa), ratio(cold, high_rh, pressure_pa))
    high_dew_c = np.minimum(high_dew, dew(supply, high_rh))
    return {
        "humidity_low": np.maximum(ratio(low_dew, 1.0, pressure_pa), ratio(cold, low_rh, pressure_pa)),
        "humidity_high": high,
        "dew_high_c": high_dew_c,
        "humidity_cold_high": np.where(mixed_cold, 1.0, cold_high),
        "dew_cold_high_c": np.where(mixed_cold, high_dew_c, np.minimum(high_dew, dew(cold, high_rh))),
        "rh_high": np.where(mixed, 2.0, high_rh),
        "rh_low": low_rh,
        # Between the least and the highest supply temperature it differs by some tenths of a kelvin.
        "depression_k": np.where(mixed, 0.0, _MID_BOX_C - dew(_MID_BOX_C, high_rh)),
    }
