"""What the planning model is built from, of things that all halls share or that stand beside them: arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Stocks:
    """Limits on what all halls together take of a thing up to, or in, a period.

    Attributes
    ----------
    name, path, unit : tuple of str
        What it is, the scenario key that sets it, and the unit of that key.
    arrives : tuple of bool
        Whether the limit is on what is taken up to a period (deliveries), else in it.
    use : tuple of ndarray of shape (J, P)
        What a hall of each programme takes.
    most : ndarray of shape (K, P)
        inf where nothing is limited.
    whole : tuple of (ndarray of shape (J,) or None)
        Where the key is a share: what a hall takes of the whole that it is a share of.
    """

    name: tuple[str, ...]
    path: tuple[str, ...]
    unit: tuple[str, ...]
    arrives: tuple[bool, ...]
    use: tuple[Floats, ...]
    most: Floats
    whole: tuple[Floats | None, ...]

    def scale(self, k: int) -> float:
        """What one unit of the rows of a limit stands for: they are near one, whatever is counted."""
        return max(float(np.abs(self.use[k]).max(initial=0.0)), 1e-9)


def no_stocks(planning: int) -> Stocks:
    """Nothing is limited."""
    return Stocks((), (), (), (), (), np.zeros((0, planning)), ())


@dataclass(frozen=True)
class Developments:
    """Own chips, whose development is paid once if any rack is bought.

    Attributes
    ----------
    chip : ndarray of shape (V,)
    usd : ndarray of shape (V,)
    period : ndarray of shape (V,)
        When it is paid.
    min_racks : ndarray of shape (V,)
        Least number of racks in the planning periods if any is bought.
    weight : ndarray of shape (V,)
        What a dollar of it costs after tax, discounted.
    """

    chip: Ints
    usd: Floats
    period: Ints
    min_racks: Floats
    weight: Floats


def no_developments() -> Developments:
    """No own chips."""
    none, ids = np.zeros(0), np.zeros(0, dtype=np.int32)
    return Developments(ids, none, ids, none, none)


@dataclass(frozen=True)
class Exemptions:
    """Sales tax that comes back from sites with enough capital.

    Attributes
    ----------
    site : ndarray of shape (E,)
    least_usd : ndarray of shape (E,)
        Capital of all classes in the planning periods.
    weight : ndarray of shape (2, T)
        What a dollar of facility and chips costs after tax, discounted.
    """

    site: Ints
    least_usd: Floats
    weight: Floats


def no_exemptions(periods: int) -> Exemptions:
    """No thresholds."""
    return Exemptions(np.zeros(0, dtype=np.int32), np.zeros(0), np.ones((2, periods)))


@dataclass(frozen=True)
class LeaseTerms:
    """Compute on offer by lease: L offers, C contracts that could be signed.

    Attributes
    ----------
    name : tuple of str
    most : ndarray of shape (L, T)
        Compute on offer by period.
    reach : ndarray of bool, shape (L, D)
    serving_usd : ndarray of shape (L, D)
    lease, first, end : ndarray of shape (C,)
        Offer, first period and end period (exclusive) of a contract.
    usd : ndarray of shape (C,)
        Price of one unit for a period.
    fee_usd : ndarray of shape (C,)
        Paid in the end period by who leaves early, for one unit.
    take : ndarray of shape (C,)
        Share of the price that is owed for what is not used.
    """

    name: tuple[str, ...]
    most: Floats
    reach: NDArray[np.bool_]
    serving_usd: Floats
    lease: Ints
    first: Ints
    end: Ints
    usd: Floats
    fee_usd: Floats
    take: Floats


def no_leases(services: int, periods: int) -> LeaseTerms:
    """Nothing is leased."""
    none, ids = np.zeros(0), np.zeros(0, dtype=np.int32)
    return LeaseTerms(
        (),
        np.zeros((0, periods)),
        np.zeros((0, services), dtype=bool),
        np.zeros((0, services)),
        ids,
        ids,
        ids,
        none,
        none,
        none,
    )
