"""Land, starts and water of a plan's sites (docs/economics.md, section 8)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats
from optimizer.plan.violations import Findings


def check_sites(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """All limits of sites."""
    _halls(books, content, findings)
    _starts(books, content, findings)
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
