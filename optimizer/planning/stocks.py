"""What all halls of a scenario share: vendors' racks, crews, parts with long lead times, own chips, exemptions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.shared import Developments, Exemptions, Stocks
from optimizer.programmes.calendar import Calendar
from optimizer.programmes.chips import Chip, rack_usd
from optimizer.programmes.halls import HallColumns, Programmes
from optimizer.programmes.tax import after_tax
from optimizer.scenario.schema import Crew, Scenario
from optimizer.scenario.site_tax import sales_exempt_from_usd

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Stock:
    """One limit, as `Stocks` has it."""

    name: str
    path: str
    unit: str
    arrives: bool
    use: Floats
    most: Floats
    whole: Floats | None = None


def stocks_of(scenario: Scenario, columns: HallColumns, calendar: Calendar) -> Stocks:
    """Limits of vendors, crews and parts."""
    found: list[_Stock] = []
    planning, programmes = calendar.planning, columns.programmes
    bought = np.cumsum(programmes.racks[:, :, :planning], axis=2, dtype=float)
    for vendor, deliveries in scenario.chips.supply_vendor_racks.items():
        use = bought[:, _of_vendor(columns.chips, vendor)].sum(axis=1)
        path = f"chips.supply_vendor_racks.{vendor}"
        found.append(_Stock(vendor, path, "racks", True, use, _arrived(deliveries, calendar)))
    if scenario.chips.max_vendor_share:
        found += _vendor_shares(scenario, columns, calendar)
    for i, crew in enumerate(scenario.hall.crews):
        use = _under_construction(scenario, crew, programmes, calendar)
        path, most = f"hall.crews[{i}].max_it_mw", _in_force(crew.max_it_mw, calendar)
        found.append(_Stock(f"crew {crew.name}", path, "MW under construction", False, use, most))
    for i, item in enumerate(scenario.hall.lead_items):
        before = calendar.whole_periods(item.months_before)
        needed = np.zeros((len(programmes), planning))
        for j in np.flatnonzero(programmes.start >= 0):
            needed[j, max(0, int(programmes.commission[j]) - before) :] = (
                item.per_it_mw * programmes.hall_mw[j]
            )
        path, most = f"hall.lead_items[{i}].deliveries", _arrived(item.deliveries, calendar)
        found.append(_Stock(item.name, path, "units", True, needed, most))
    return Stocks(
        name=tuple(stock.name for stock in found),
        path=tuple(stock.path for stock in found),
        unit=tuple(stock.unit for stock in found),
        arrives=tuple(stock.arrives for stock in found),
        use=tuple(stock.use for stock in found),
        most=np.array([stock.most for stock in found]).reshape(len(found), planning),
        whole=tuple(stock.whole for stock in found),
    )


def _of_vendor(chips: tuple[Chip, ...], vendor: str) -> NDArray[np.bool_]:
    return np.array([chip.vendor == vendor for chip in chips], dtype=bool)


def _arrived(deliveries: dict[int, float], calendar: Calendar) -> Floats:
    total = np.zeros(calendar.planning)
    for month, units in deliveries.items():
        total[calendar.period_of(month) :] += units
    return total


def _in_force(path: dict[int, float], calendar: Calendar) -> Floats:
    """A dated ceiling by planning period, inf before its first date."""
    most = np.full(calendar.planning, np.inf)
    for month, value in path.items():
        most[calendar.period_of(month) :] = value
    return most


def _vendor_shares(scenario: Scenario, columns: HallColumns, calendar: Calendar) -> list[_Stock]:
    planning = calendar.planning
    price = np.stack([rack_usd(chip, calendar.year[:planning]) for chip in columns.chips])
    spent = np.einsum("jgt,gt->jg", columns.programmes.racks[:, :, :planning].astype(float), price)
    rows = []
    for vendor, share in scenario.chips.max_vendor_share.items():
        use, whole = np.zeros((len(spent), planning)), spent.sum(axis=1)
        use[:, -1] = spent[:, _of_vendor(columns.chips, vendor)].sum(axis=1) - share * whole
        most = np.full(planning, np.inf)
        most[-1] = 0.0
        path, unit = f"chips.max_vendor_share.{vendor}", "of all spending on racks"
        rows.append(_Stock(vendor, path, unit, False, use, most, whole))
    return rows


def _under_construction(scenario: Scenario, crew: Crew, programmes: Programmes, calendar: Calendar) -> Floats:
    """IT power that a hall of each programme has under construction, shape (J, P) [MW]."""
    inside = np.array([crew.states is None or site.state in crew.states for site in scenario.sites])
    t = np.arange(calendar.planning)
    building = (programmes.start >= 0)[:, None] & (t >= programmes.start[:, None])
    building &= t < programmes.commission[:, None]
    use: Floats = building * (programmes.hall_mw * inside[programmes.site])[:, None]
    return use


def developments_of(scenario: Scenario, chips: tuple[Chip, ...], calendar: Calendar) -> Developments:
    """Own chips: those with a cost of development or a least volume."""
    own = [g for g, chip in enumerate(chips) if chip.development_usd > 0 or chip.min_racks > 0]
    period = [
        0 if chips[g].development_from is None else calendar.period_of(int(chips[g].development_from or 0))
        for g in own
    ]
    at = np.minimum(np.array(period, dtype=np.int32), calendar.periods - 1)
    tax = after_tax(scenario, calendar)
    return Developments(
        chip=np.array(own, dtype=np.int32),
        usd=np.array([chips[g].development_usd for g in own], dtype=float),
        period=at,
        min_racks=np.array([chips[g].min_racks for g in own], dtype=float),
        weight=calendar.discount[at] * tax.chips[at],
    )


def exemptions_of(scenario: Scenario, calendar: Calendar) -> Exemptions:
    """Sites whose sales tax comes back from a threshold of capital on."""
    sites = [
        (s, least)
        for s, site in enumerate(scenario.sites)
        if (least := sales_exempt_from_usd(site)) is not None and not site.tax.sales_exempt
    ]
    tax = after_tax(scenario, calendar)
    return Exemptions(
        site=np.array([s for s, _ in sites], dtype=np.int32),
        least_usd=np.array([usd for _, usd in sites], dtype=float),
        weight=calendar.discount * np.stack([tax.facility, tax.chips]),
    )
