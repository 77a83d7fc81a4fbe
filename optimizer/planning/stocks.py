"""What all halls of a scenario share: vendors' racks, crews, parts with long lead times, own chips, exemptions."""

from __future__ import annotations

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


def stocks_of(scenario: Scenario, columns: HallColumns, calendar: Calendar) -> Stocks:
    """Limits of vendors, crews and parts."""
    found: list[tuple[str, str, Floats, Floats]] = []
    planning, programmes = calendar.planning, columns.programmes
    bought = np.cumsum(programmes.racks[:, :, :planning], axis=2, dtype=float)
    for vendor, deliveries in scenario.chips.supply_vendor_racks.items():
        own = _of_vendor(columns.chips, vendor)
        most = _arrived(deliveries, calendar)
        path = f"chips.supply_vendor_racks.{vendor}"
        found.append((f"racks of {vendor}", path, bought[:, own].sum(axis=1), most))
    if scenario.chips.max_vendor_share:
        found += _vendor_shares(scenario, columns, calendar)
    for i, crew in enumerate(scenario.hall.crews):
        use = _under_construction(scenario, crew, programmes, calendar)
        path = f"hall.crews[{i}].max_it_mw"
        found.append((f"crews {crew.name} [MW]", path, use, _in_force(crew.max_it_mw, calendar)))
    for i, item in enumerate(scenario.hall.lead_items):
        before = calendar.whole_periods(item.months_before)
        needed = np.zeros((len(programmes), planning))
        for j in np.flatnonzero(programmes.start >= 0):
            needed[j, max(0, int(programmes.commission[j]) - before) :] = (
                item.per_it_mw * programmes.hall_mw[j]
            )
        path = f"hall.lead_items[{i}].deliveries"
        found.append((item.name, path, needed, _arrived(item.deliveries, calendar)))
    return Stocks(
        name=tuple(name for name, *_ in found),
        path=tuple(path for _, path, *_ in found),
        use=tuple(use for *_, use, _ in found),
        most=np.array([most for *_, most in found]).reshape(len(found), planning),
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


def _vendor_shares(
    scenario: Scenario, columns: HallColumns, calendar: Calendar
) -> list[tuple[str, str, Floats, Floats]]:
    planning = calendar.planning
    price = np.stack([rack_usd(chip, calendar.year[:planning]) for chip in columns.chips])
    spent = np.einsum("jgt,gt->jg", columns.programmes.racks[:, :, :planning].astype(float), price)
    rows = []
    for vendor, share in scenario.chips.max_vendor_share.items():
        use = np.zeros((len(spent), planning))
        use[:, -1] = spent[:, _of_vendor(columns.chips, vendor)].sum(axis=1) - share * spent.sum(axis=1)
        most = np.full(planning, np.inf)
        most[-1] = 0.0
        rows.append((f"share of {vendor}", f"chips.max_vendor_share.{vendor}", use, most))
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
