"""Drop supply paths that another path of the site beats in every respect."""

from __future__ import annotations

import numpy as np

from optimizer.programmes.calendar import Floats
from optimizer.programmes.path_terms import Path


def undominated_paths(paths: list[Path], clean_counts: bool) -> list[Path]:
    """Paths of one site that no other one dominates; of equal ones the first stays.

    One dominates another if in every period it delivers no fewer megawatts in all and firmly, at no higher price, with no more
    capital, fixed cost, units in use and minimum take in megawatt-hours, no less is left of it at the end, and where
    carbon or clean power is limited (`clean_counts`), it emits no more and is no less clean.
    """
    burdens = [_burden(path, clean_counts) for path in paths]
    kept: list[int] = []
    for i, own in enumerate(burdens):
        beaten = any(
            (other <= own + 1e-9 * np.abs(own)).all()
            and (j < i or not (own <= other + 1e-9 * np.abs(other)).all())
            for j, other in enumerate(burdens)
            if j != i and _comparable(paths[j], paths[i])
        )
        if not beaten:
            kept.append(i)
    return [paths[i] for i in kept]


def _comparable(a: Path, b: Path) -> bool:
    return a.technology == b.technology or not a.units.any()


def _burden(path: Path, clean_counts: bool) -> Floats:
    """What a path takes, gains negative; less is better in every entry."""
    mw = path.mw * path.delivered
    firm = (path.mw - path.curtailable_mw) * path.delivered
    out = path.delivered
    return np.concatenate(
        [
            -mw,
            -firm,
            path.usd_per_mwh / out,
            path.kg_per_mwh / out * clean_counts,
            -path.clean_share * clean_counts,
            path.capital_usd,
            path.fixed_usd - path.credit_usd,
            path.units,
            path.min_take * path.mw,
            [-path.residual_usd],
        ]
    )
