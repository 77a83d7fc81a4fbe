"""How series are packed: scaled integers, differenced along time, in a zip that `numpy.load` reads."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Step of the stored integer, by column of the weather table.
WEATHER_COLUMNS: dict[str, float] = {
    "dry_bulb_c": 0.1,
    "rh": 0.01,
    "pressure_pa": 10.0,
    "ghi_w_per_m2": 1.0,
    "dni_w_per_m2": 1.0,
    "dhi_w_per_m2": 1.0,
    "wind_m_per_s": 0.1,
    "cloud_fraction": 0.01,
}
PRICE_SCALE = 0.01


def encode(values: Floats, scale: float, dtype: Any) -> npt.NDArray[Any]:
    """Integers in steps of `scale`, as differences along time; nan becomes the type's least value.

    Raises
    ------
    ValueError
        A value does not fit the type.
    """
    info = np.iinfo(dtype)
    missing = np.isnan(values)
    steps = np.rint(np.where(missing, 0.0, values) / scale)
    if np.any(np.abs(steps) > info.max):
        raise ValueError(f"values do not fit {info.dtype} in steps of {scale}")
    integers = np.where(missing, info.min, steps).astype(dtype)
    first = integers[..., :1]
    # Differences wrap around at the ends of the type; so does the sum in `decode`.
    differences = (integers[..., 1:].astype(np.int64) - integers[..., :-1]).astype(dtype)
    return np.concatenate([first, differences], axis=-1)


def decode(coded: npt.NDArray[Any], scale: float) -> Floats:
    """Inverse of `encode`: float64, nan where a value is missing."""
    integers = np.cumsum(coded, axis=-1, dtype=coded.dtype)
    # Dividing by the whole number 1/scale gives the nearest double of the decimal; times 0.1 does not.
    values = integers * scale if scale >= 1.0 else integers / round(1.0 / scale)
    result: Floats = np.where(integers == np.iinfo(coded.dtype).min, np.nan, values)
    return result


@cache
def members(pack: str) -> tuple[str, ...]:
    """Names of the arrays in a pack."""
    with as_file(files("optimizer.catalog").joinpath("data", pack)) as path, np.load(path) as archive:
        return tuple(archive.files)


def read_member(pack: str, name: str) -> npt.NDArray[Any]:
    """One coded array of a pack under `optimizer/catalog/data`."""
    with as_file(files("optimizer.catalog").joinpath("data", pack)) as path, np.load(path) as archive:
        result: npt.NDArray[Any] = archive[name]
        return result
