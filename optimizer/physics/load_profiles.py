"""IT load by hour: the catalog's shapes, or one's own."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimizer import catalog
from optimizer.physics.design_inputs import DesignError

Floats = NDArray[np.float64]

HOURS_PER_DAY = 24


def profile_of(shape: str | ArrayLike, n_hours: int, utilisation: float) -> Floats | None:
    """IT load by hour beside its mean.

    Parameters
    ----------
    shape : str or array_like of shape (n_hours,)
        A shape of the catalog, or loads in any unit.
    n_hours : int
    utilisation : float
        Mean over peak IT power; no hour may exceed the peak.

    Returns
    -------
    ndarray of shape (n_hours,), or None where all hours are alike

    Raises
    ------
    DesignError, CatalogError
    """
    if isinstance(shape, str):
        day = catalog.load_shape(shape)
        values = np.resize(np.concatenate([np.tile(day.weekday, 5), np.tile(day.weekend, 2)]), n_hours)
        if np.ptp(values) == 0:
            return None
        # A named shape keeps below the peak: flatter where the mean is near it.
        values = values / values.mean()
        most = 1.0 / utilisation
        swing = min(1.0, (most - 1.0) / (float(values.max()) - 1.0))
        return np.asarray(1.0 + swing * (values - 1.0))
    values = np.asarray(shape, dtype=np.float64)
    if values.shape != (n_hours,):
        raise DesignError(f"load_profile: expected {n_hours} hours, found shape {values.shape}")
    if not np.isfinite(values).all():
        raise DesignError(f"load_profile: hour {int(np.argmin(np.isfinite(values)))} is not finite")
    if (values < 0).any() or values.sum() <= 0:
        raise DesignError("load_profile: expected loads of 0 or more, some of them above")
    values = values / values.mean()
    if values.max() * utilisation > 1.0 + 1e-9:
        raise DesignError(
            f"load_profile: hour {int(np.argmax(values))} is {values.max() * utilisation:.3f} of the peak at a mean of "
            f"{utilisation:g}; expected at most 1"
        )
    return np.asarray(values)
