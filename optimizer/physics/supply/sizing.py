"""Sizes of a site's supply: the mix whose yearly capital and running cost together are least."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

import optimizer._core.dispatch as kernel
from optimizer.physics.supply.dispatch import DispatchError, DispatchYears, SupplySeries, dispatch

Floats = NDArray[np.float64]

# Sizes that may be sought, each per unit of itself [MW; MWh].
SIZES = ("firm_mw", "curtailable_mw", "plant_mw", "solar_mw", "wind_mw", "battery_mw", "battery_mwh")
# The search ends when steps are this share of what is on offer.
_LAST_STEP = 1.0 / 400.0
_STARTS = 3
# Shares of what is on offer that the coarse grid tries.
_GRID = (0.0, 0.25, 0.6, 1.0)


@dataclass(frozen=True)
class Offer:
    """Something that may be built, by the megawatt (a battery's energy by the megawatt-hour).

    Attributes
    ----------
    size : str
        One of SIZES.
    usd_per_year : float
        Capital a year and fixed cost of one unit [USD/MW-year, USD/MWh-year].
    most : float
        Largest size on offer [MW, MWh].
    """

    size: str
    usd_per_year: float
    most: float


@dataclass(frozen=True, eq=False)
class SizedMix:
    """A mix with its cost.

    Attributes
    ----------
    sizes : dict of str to float
        By the names of the offers [MW, MWh].
    fixed_usd, running_usd : float
        A year: capital with fixed cost; grid, fuel, starts, wear, waiting and unserved load, carbon at its price.
    years : DispatchYears
        The mix's year at prices without carbon.
    evaluations : int
        Mixes that were run through the year.
    """

    sizes: dict[str, float]
    fixed_usd: float
    running_usd: float
    years: DispatchYears
    evaluations: int

    @property
    def total_usd(self) -> float:
        """Fixed and running cost of a year."""
        return self.fixed_usd + self.running_usd

    @property
    def usd_per_mwh(self) -> float:
        """Levelised cost of the load that is served."""
        served = float(self.years.load_mwh[0] - self.years.unserved_mwh[0] - self.years.waited_mwh[0])
        return self.total_usd / max(served, 1e-9)

    @property
    def clean_share(self) -> float:
        """Share of the served load that does not come from the plant or the grid."""
        served = float(self.years.load_mwh[0] - self.years.unserved_mwh[0] - self.years.waited_mwh[0])
        dirty = float(self.years.plant_mwh[0] + self.years.grid_mwh[0])
        return 1.0 - dirty / max(served, 1e-9)


def size_mix(
    series: SupplySeries,
    offers: Sequence[Offer],
    carbon_usd_per_t: float = 0.0,
    threads: int = 1,
    **fixed: float,
) -> SizedMix:
    """Sizes of the offers at which a year costs least.

    The year's cost is close to convex in the sizes (the linear programme's is): a coarse grid, then a pattern search from its best
    corners, along each size and each pair, steps halved where nothing is better.

    Parameters
    ----------
    series : SupplySeries
    offers : sequence of Offer
        Each size at most once.
    carbon_usd_per_t : float
        Price that counts in the choice and in the dispatch.
    threads : int
    **fixed : float
        What else a mix has (`dispatch`): load_mw, plant_usd_per_mwh, unserved_usd_per_mwh, sizes that are given.

    Raises
    ------
    DispatchError
        An offer of no size, twice the same, below 0 or beyond any use, or one that is given as well.
    """
    names = _checked(offers, fixed)
    price = np.array([offer.usd_per_year for offer in offers])
    most = np.array([offer.most for offer in offers])
    priced = replace(
        series,
        price_usd_per_mwh=series.price_usd_per_mwh + carbon_usd_per_t / 1000.0 * series.carbon_kg_per_mwh,
    )
    kg = fixed.get("plant_kg_per_mwh", 0.0)
    running = fixed | {
        "plant_usd_per_mwh": fixed.get("plant_usd_per_mwh", 0.0) + carbon_usd_per_t / 1000.0 * kg
    }
    known: dict[tuple[float, ...], float] = {}

    def cost(shares: Floats) -> Floats:
        """Of points in the unit cube, shape (n, n_offers); each is run once."""
        sizes = _whole(names, shares * most)
        keys = [tuple(row) for row in np.round(sizes, 9)]
        new = list(dict.fromkeys(key for key in keys if key not in known))
        if new:
            table = np.array(new)
            columns = {name: table[:, i] for i, name in enumerate(names)}
            mixes: dict[str, Any] = {**running, **columns}
            years = dispatch(priced, threads, **mixes)
            for key, usd in zip(new, years.cost_usd + table @ price, strict=True):
                known[key] = float(usd)
        return np.array([known[key] for key in keys])

    best = _search(cost, len(names))
    sizes = _whole(names, best[None, :] * most)[0]
    chosen = dict(zip(names, sizes.tolist(), strict=True))
    total = float(cost(best[None, :])[0])
    bought = float(sizes @ price)
    return SizedMix(
        sizes=chosen,
        fixed_usd=bought,
        running_usd=total - bought,
        years=dispatch(priced, **{**running, **chosen})
        if carbon_usd_per_t == 0.0
        else dispatch(series, **{**fixed, **chosen}),
        evaluations=len(known),
    )


def mixes_by_carbon(
    series: SupplySeries,
    offers: Sequence[Offer],
    carbon_usd_per_t: Sequence[float] = (0.0, 50.0, 100.0, 200.0, 400.0, 1000.0),
    threads: int = 1,
    **fixed: float,
) -> list[SizedMix]:
    """Mixes from cheapest to cleanest, sized at rising prices of carbon; those that another beats in both are left out."""
    found = [size_mix(series, offers, usd, threads, **fixed) for usd in carbon_usd_per_t]

    def figures(mix: SizedMix) -> tuple[float, float]:
        return mix.fixed_usd + float(mix.years.cost_usd[0]), float(mix.years.co2_kg[0])

    kept: list[SizedMix] = []
    for mix in sorted(found, key=figures):
        if not kept or figures(mix)[1] < figures(kept[-1])[1] * (1.0 - 1e-6):
            kept.append(mix)
    return kept


def _checked(offers: Sequence[Offer], fixed: dict[str, float]) -> tuple[str, ...]:
    names = tuple(offer.size for offer in offers)
    if not names:
        raise DispatchError("offers: expected at least one")
    for offer in offers:
        if offer.size not in SIZES:
            raise DispatchError(f"offer {offer.size!r}: expected one of {', '.join(SIZES)}")
        if names.count(offer.size) > 1 or offer.size in fixed:
            raise DispatchError(f"offer {offer.size}: stands twice")
        if not (np.isfinite(offer.most) and offer.most >= 0.0):
            raise DispatchError(f"offer {offer.size}: most: expected 0 or more, found {offer.most:g}")
        if not (np.isfinite(offer.usd_per_year) and offer.usd_per_year >= 0.0):
            raise DispatchError(
                f"offer {offer.size}: usd_per_year: expected 0 or more, found {offer.usd_per_year:g}"
            )
    if ("battery_mw" in names) != ("battery_mwh" in names) and not {"battery_mw", "battery_mwh"} <= {
        *names,
        *fixed,
    }:
        raise DispatchError("offer of a battery: power and energy are both needed")
    unknown = sorted(set(fixed) - set(kernel.MIX))
    if unknown:
        raise DispatchError(f"a mix has no {', '.join(unknown)}")
    return names


def _whole(names: tuple[str, ...], sizes: Floats) -> Floats:
    """A battery of power or energy alone is none."""
    if "battery_mw" in names and "battery_mwh" in names:
        power, energy = names.index("battery_mw"), names.index("battery_mwh")
        none = (sizes[:, power] <= 1e-9) | (sizes[:, energy] <= 1e-9)
        sizes = sizes.copy()
        sizes[none, power] = sizes[none, energy] = 0.0
    return sizes


def _search(cost: Callable[[Floats], Floats], axes: int) -> Floats:
    """Least point of the unit cube: the best corners of a coarse grid, each refined."""
    grid = np.array(list(product(_GRID, repeat=axes)))
    usd = cost(grid)
    found = [_refined(cost, grid[i]) for i in np.argsort(usd, kind="stable")[:_STARTS]]
    values = cost(np.array(found))
    return found[int(np.argmin(values))]


def _refined(cost: Callable[[Floats], Floats], start: Floats) -> Floats:
    """Pattern search: along each axis and each pair of axes, the step halved where nothing is better."""
    axes = len(start)
    directions = [sign * unit for unit in np.eye(axes) for sign in (1.0, -1.0)]
    for i, j in combinations(range(axes), 2):
        for a, b in product((1.0, -1.0), repeat=2):
            both = np.zeros(axes)
            both[i], both[j] = a, b
            directions.append(both)
    moves = np.array(directions)
    at, usd, step = start, float(cost(start[None, :])[0]), 0.15
    while step >= _LAST_STEP:
        points = np.clip(at + step * moves, 0.0, 1.0)
        values = cost(points)
        least = int(np.argmin(values))
        if values[least] < usd * (1.0 - 1e-7):
            at, usd = points[least], float(values[least])
        else:
            step *= 0.5
    return at
