"""Land, starts, power, energy and water of a plan's sites (docs/economics.md, section 8)."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_sites import path_names
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats
from optimizer.plan.violations import Findings

DUST_MWH = 1.0


def check_sites(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """All limits of sites."""
    _halls(books, content, findings)
    _starts(books, content, findings)
    _paths(books, content, findings)
    _power(books, content, findings)
    _water(books, findings)


def _halls(books: Accounts, content: PlanContent, findings: Findings) -> None:
    total: dict[str, float] = defaultdict(float)
    for life in content.lives:
        total[life.site] += life.it_mw * life.halls
    for name, megawatts in total.items():
        site = books.terms.places[name].site
        if site.max_it_mw is not None:
            findings.at_most("IT power of the site", name, None, megawatts, site.max_it_mw, "MW")
        if site.land is not None:
            needed = megawatts * site.land.acres_per_mw
            findings.at_most("land", name, None, needed, site.land.acres, "acres")


def _starts(books: Accounts, content: PlanContent, findings: Findings) -> None:
    hall = books.terms.scenario.hall
    build = books.times.periods_in(hall.build_months)
    by_site: dict[tuple[str, int], int] = defaultdict(int)
    over_all: dict[int, int] = defaultdict(int)
    for life in content.lives:
        if life.origin == "new":
            by_site[life.site, life.commission - build] += life.halls
            over_all[life.commission - build] += life.halls
    for (site, t), halls in by_site.items():
        if hall.max_starts_per_site is not None:
            findings.at_most("starts at the site", site, t, halls, hall.max_starts_per_site, "halls")
    for t, halls in over_all.items():
        if hall.max_starts is not None:
            findings.at_most("starts over all sites", "", t, halls, hall.max_starts, "halls")


def _paths(books: Accounts, content: PlanContent, findings: Findings) -> None:
    for name in sorted({life.site for life in content.lives}):
        offered = path_names(books.terms.places[name].site)
        taken = content.paths.get(name)
        if taken not in offered:
            findings.wrong("supply path", name, f"expected one of {', '.join(offered)}, found {taken}")
    for name in content.paths:
        if name not in books.taken and name not in {life.site for life in content.lives}:
            findings.wrong("supply path", name, "a path without halls")


def _power(books: Accounts, content: PlanContent, findings: Findings) -> None:
    t = books.times
    peak: dict[str, Floats] = defaultdict(lambda: np.zeros(t.count))
    energy: dict[str, Floats] = defaultdict(lambda: np.zeros(t.count))
    for book in books.halls:
        peak[book.life.site] += book.peak_mw
        energy[book.life.site] += book.energy_mwh
    billed = _billed(books, content, findings)
    for name in peak:
        path = books.taken.get(name, ())
        carried, supplied = np.zeros(t.count), np.zeros(t.count)
        for block in path:
            metered = billed.get((name, block.name), np.zeros(t.count))
            carried += block.mw * block.delivered
            supplied += metered * block.delivered
            for period in range(t.count):
                most = block.mw[period] * t.hours
                where = f"{name}, {block.name}"
                findings.at_most("energy of the block", where, period, metered[period], most, "MWh", DUST_MWH)
                least = block.min_take * most
                findings.at_least("minimum take", where, period, metered[period], least, "MWh", DUST_MWH)
        for period in range(t.count):
            findings.at_most("power", name, period, peak[name][period], carried[period], "MW")
            findings.at_least("energy", name, period, supplied[period], energy[name][period], "MWh", DUST_MWH)


def _billed(books: Accounts, content: PlanContent, findings: Findings) -> dict[tuple[str, str], Floats]:
    billed: dict[tuple[str, str], Floats] = {}
    for bill in content.billed:
        known = any(block.name == bill.block for block in books.taken.get(bill.site, ()))
        if not known or not 0 <= bill.period < books.times.count:
            findings.wrong("energy of the block", bill.site, f"no block {bill.block} is taken", bill.period)
        elif not (math.isfinite(bill.mwh) and bill.mwh >= 0):
            findings.wrong("energy of the block", bill.site, f"{bill.mwh:g} MWh of {bill.block}", bill.period)
        else:
            row = billed.setdefault((bill.site, bill.block), np.zeros(books.times.count))
            row[bill.period] += bill.mwh
    return billed


def _water(books: Accounts, findings: Findings) -> None:
    t = books.times
    used: dict[str, Floats] = defaultdict(lambda: np.zeros(t.count))
    for book in books.halls:
        used[book.life.site] += book.water_m3 / t.years
    for name, yearly in used.items():
        limit = books.terms.places[name].site.water.max_m3_per_year
        if limit is not None:
            for period in range(t.count):
                findings.at_most("water", name, period, yearly[period], limit, "m3/year")
