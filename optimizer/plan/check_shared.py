"""What all halls share: vendors, crews, parts, own chips, sales tax thresholds (docs/economics.md, sections 5, 8 and 9)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats, Times
from optimizer.plan.violations import Findings
from optimizer.scenario.site_tax import sales_exempt_from_usd

DUST_USD = 1e6


def check_shared(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """All limits over several halls beside power, demand and money."""
    _vendors(books, findings)
    _crews(books, content, findings)
    _lead_items(books, content, findings)
    _own_chips(books, content, findings)
    _exemptions(books, content, findings)


def _come(t: Times, deliveries: Mapping[int, float]) -> Floats:
    total = np.zeros(t.count)
    for month, units in deliveries.items():
        total[t.period_of(month) :] += units
    return total


def _vendors(books: Accounts, findings: Findings) -> None:
    t, chips = books.times, books.terms.chips
    racks: dict[str, Floats] = defaultdict(lambda: np.zeros(t.count))
    spent: dict[str, float] = defaultdict(float)
    for item in books.bought:
        vendor = chips[item.chip].vendor
        racks[vendor][item.period :] += item.racks
        if item.period < t.planning:
            spent[vendor] += item.usd
    settings = books.terms.scenario.chips
    for vendor, deliveries in settings.supply_vendor_racks.items():
        come = _come(t, deliveries)
        for period in range(t.planning):
            findings.at_most("vendor's supply", vendor, period, racks[vendor][period], come[period], "racks")
    for vendor, share in settings.max_vendor_share.items():
        most = share * sum(spent.values())
        findings.at_most("vendor's share", vendor, None, spent[vendor], most, "USD", DUST_USD)


def _crews(books: Accounts, content: PlanContent, findings: Findings) -> None:
    t, hall = books.times, books.terms.scenario.hall
    build = t.periods_in(hall.build_months)
    for crew in hall.crews:
        busy = np.zeros(t.count)
        for life in content.lives:
            site = books.terms.places[life.site].site
            if life.origin == "new" and (crew.states is None or site.state in crew.states):
                busy[life.commission - build : life.commission] += life.it_mw * life.halls
        for period in range(t.planning):
            known = [month for month in crew.max_it_mw if t.period_of(month) <= period]
            if known:
                most = crew.max_it_mw[max(known)]
                findings.at_most("crews", crew.name, period, busy[period], most, "MW")


def _lead_items(books: Accounts, content: PlanContent, findings: Findings) -> None:
    t = books.times
    for item in books.terms.scenario.hall.lead_items:
        needed = np.zeros(t.count)
        for life in content.lives:
            if life.origin == "new":
                at = max(0, life.commission - t.periods_in(item.months_before))
                needed[at:] += item.per_it_mw * life.it_mw * life.halls
        come = _come(t, item.deliveries)
        for period in range(t.planning):
            findings.at_most("lead items", item.name, period, needed[period], come[period], "units")


def _own_chips(books: Accounts, content: PlanContent, findings: Findings) -> None:
    t = books.times
    bought: dict[str, float] = defaultdict(float)
    ever = set()
    for item in books.bought:
        ever.add(item.chip)
        if item.period < t.planning:
            bought[item.chip] += item.racks
    for developed in content.developed:
        if developed not in books.terms.chips:
            findings.wrong("own chips", developed, "the scenario has no such chip")
    for name, chip in books.terms.chips.items():
        own = chip.settings
        if name in ever and (own.development_usd or own.min_racks) and name not in content.developed:
            findings.wrong("own chips", name, "bought, but not developed")
        if name in content.developed and own.min_racks:
            findings.at_least("least volume", name, None, bought[name], own.min_racks, "racks")


def _exemptions(books: Accounts, content: PlanContent, findings: Findings) -> None:
    t = books.times
    back: dict[tuple[str, str, int], float] = defaultdict(float)
    for rebate in content.rebates:
        if not (math.isfinite(rebate.usd) and rebate.usd >= 0 and 0 <= rebate.period < t.count):
            findings.wrong("sales tax", rebate.site, f"{rebate.usd:g} USD come back", rebate.period)
            continue
        back[rebate.site, rebate.asset_class, rebate.period] += rebate.usd
    paid: dict[tuple[str, str, int], float] = defaultdict(float)
    capital: dict[str, float] = defaultdict(float)
    for item in (item for book in books.halls for item in book.capital):
        if item.line == "sales_tax":
            paid[item.site, item.asset_class, item.period] += item.usd
        if item.period < t.planning:
            capital[item.site] += item.usd
    for (site, asset_class, period), usd in back.items():
        place = books.terms.places.get(site)
        least = None if place is None else sales_exempt_from_usd(place.site)
        where = f"{site}, {asset_class}"
        if least is None:
            findings.wrong("sales tax", site, "no exemption is on offer", period)
            continue
        findings.at_most("sales tax", where, period, usd, paid[site, asset_class, period], "USD", DUST_USD)
        findings.at_least("sales tax threshold", site, period, capital[site], least, "USD", DUST_USD)
