"""Drop programmes that another one beats in every respect."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.halls import HallColumns, Pools, Programmes
from optimizer.scenario.schema import Scenario
from optimizer.scenario.site_tax import sales_exempt_from_usd


def without_dominated(
    columns: HallColumns, scenario: Scenario, calendar: Calendar, least_premium: Floats
) -> HallColumns:
    """The columns without programmes that another one beats in every respect.

    Parameters
    ----------
    columns : HallColumns
    scenario : Scenario
    calendar : Calendar
    least_premium : ndarray of shape (2, P)
        The cheapest money for facility and for chips in each planning period beside the WACC, 0 or less [USD of present value
        at the draw per USD].
    """
    counts = _counts(columns, scenario, least_premium)
    rows = undominated(columns.programmes, columns.pools, calendar, counts)
    return replace(columns, programmes=columns.programmes.take(rows))


@dataclass(frozen=True)
class Counts:
    """What else counts beside cost and use.

    Attributes
    ----------
    wanted_chips : ndarray of int
        Chips of which more can be better: vendors' shares, least volumes.
    embodied : bool
        Whether making chips and halls counts beside its price.
    free_sites : ndarray of int
        Sites where spending more can bring sales tax back: nothing is dropped there.
    least_premium : ndarray of shape (2, P)
        The cheapest money for facility and for chips beside the WACC, 0 or less.
    """

    wanted_chips: NDArray[np.intp]
    embodied: bool
    free_sites: NDArray[np.intp]
    least_premium: Floats


def _counts(columns: HallColumns, scenario: Scenario, least_premium: Floats) -> Counts:
    shares = bool(scenario.chips.max_vendor_share)
    wanted = [g for g, chip in enumerate(columns.chips) if shares or chip.min_racks > 0]
    free = [s for s, site in enumerate(scenario.sites) if sales_exempt_from_usd(site) is not None]
    embodied = scenario.objective != "minimize_cost" or scenario.bounds.max_co2_t is not None
    return Counts(np.array(wanted, dtype=np.intp), embodied, np.array(free, dtype=np.intp), least_premium)


def undominated(programmes: Programmes, pools: Pools, calendar: Calendar, counts: Counts) -> NDArray[np.intp]:
    """Rows of programmes that no other one dominates.

    One programme dominates another of the same site, hall size, block and construction start if it costs no
    more, spends no more of any class in any planning period, runs at no higher cost, uses no more energy,
    peak power, water and racks, is in operation whenever the other is, and yields no less on any workload in
    any period. Of equal ones the first stays. Money cheaper than the WACC makes spending worth something: costs are
    compared with the cheapest money drawn for all spending, where a programme that spends less gains least. An owned
    building needs the site's land, a developer's does not.

    Returns
    -------
    ndarray of int
        Ascending.
    """
    burden = _burden(programmes, pools, calendar, counts)
    groups: dict[tuple[int, int, int, float], list[int]] = {}
    for j in range(len(programmes)):
        key = (
            int(programmes.site[j]),
            int(programmes.block[j]),
            int(programmes.start[j]),
            float(programmes.hall_mw[j]),
        )
        groups.setdefault(key, []).append(j)
    keep: list[int] = []
    for key, rows in groups.items():
        keep += rows if key[0] in counts.free_sites else _front(burden, np.array(rows))
    return np.sort(np.array(keep, dtype=np.intp))


def _burden(programmes: Programmes, pools: Pools, calendar: Calendar, counts: Counts) -> Floats:
    """What a programme takes, gains negative; less is better in every column."""
    n = len(programmes.pool)
    planning = calendar.planning
    yields = np.vstack((pools.yields, np.zeros((1, pools.yields.shape[1]))))[programmes.pool]
    racks = np.cumsum(programmes.racks[:, :, :planning], axis=2, dtype=float)
    wanted = racks[:, counts.wanted_chips]
    return np.concatenate(
        [
            programmes.cost_usd[:, None] + _cheapest_money(programmes, calendar, counts.least_premium),
            programmes.facility_usd[:, :planning],
            programmes.chips_usd[:, :planning],
            (programmes.facility_usd + programmes.chips_usd).sum(axis=1, keepdims=True),
            programmes.opex_usd,
            programmes.energy_mwh,
            programmes.peak_mw,
            programmes.water_m3,
            racks.reshape(n, racks.shape[1] * racks.shape[2]),
            -wanted.reshape(n, wanted.shape[1] * wanted.shape[2]),
            programmes.embodied_kg * counts.embodied,
            ~programmes.leased[:, None],
            -programmes.it_mw[:, :planning],
            -yields.reshape(n, yields[0].size if n else yields.shape[1]),
        ],
        axis=1,
    )


def _cheapest_money(programmes: Programmes, calendar: Calendar, least_premium: Floats) -> Floats:
    """What drawing the cheapest money for all spending adds to a programme's cost, shape (J, 1) [USD]."""
    planning = calendar.planning
    weight = least_premium * calendar.discount[:planning]
    spent = (programmes.facility_usd[:, :planning], programmes.chips_usd[:, :planning])
    gained: Floats = np.sum([usd @ w for usd, w in zip(spent, weight, strict=True)], axis=0)
    return gained[:, None]


def _front(burden: Floats, rows: NDArray[np.intp]) -> list[int]:
    order = rows[np.argsort(burden[rows, 0], kind="stable")]
    kept: list[int] = []
    for j in order:
        if kept and bool((burden[kept] <= burden[j]).all(axis=1).any()):
            continue
        kept.append(int(j))
    return kept
