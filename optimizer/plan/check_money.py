"""Budget, sources and their conditions (docs/economics.md, section 10)."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.finance import committed_usd, grace_periods, service, windows_of
from optimizer.plan.records import PlanContent
from optimizer.plan.times import Floats
from optimizer.plan.violations import Findings
from optimizer.scenario.schema import ASSET_CLASSES, Source

# Money below this is the solver's dust beside the billions of a plan.
DUST_USD = 1e6


def check_money(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """All limits of money."""
    scenario = books.terms.scenario
    spent = books.spent()
    if scenario.money.budget_usd is not None:
        total = sum(spent.values())
        findings.at_most("budget", "", None, total, scenario.money.budget_usd, "USD", DUST_USD)
    sources = {source.name: source for source in scenario.finance.sources}
    draws = _draws(books, content, sources, findings)
    if not sources:
        return
    for t in range(books.times.planning):
        for asset_class in ASSET_CLASSES:
            drawn = sum(draws[name][asset_class][t] for name in sources)
            needed = spent.get((asset_class, t), 0.0)
            findings.at_least("money drawn", asset_class, t, drawn, needed, "USD", DUST_USD)
            findings.at_most("money drawn", asset_class, t, drawn, needed, "USD", DUST_USD)
    for source in sources.values():
        _ceilings(books, source, draws[source.name], findings)
        _loan_to_cost(books, source, draws[source.name], findings)
        _condition(books, source, draws[source.name], findings)
        _cover(books, content, source, draws[source.name], findings)


def _draws(
    books: Accounts, content: PlanContent, sources: dict[str, Source], findings: Findings
) -> dict[str, dict[str, Floats]]:
    t = books.times
    draws = {name: {c: np.zeros(t.count) for c in ASSET_CLASSES} for name in sources}
    for draw in content.draws:
        source = sources.get(draw.source)
        if source is None or not 0 <= draw.period < t.planning:
            findings.wrong("draw", draw.source, "no such source, or no planning period", draw.period)
            continue
        if not (math.isfinite(draw.usd) and draw.usd >= 0):
            findings.wrong("draw", draw.source, f"{draw.usd:g} USD drawn", draw.period)
            continue
        if draw.asset_class not in source.funds:
            findings.wrong("draw", draw.source, f"does not pay for {draw.asset_class}", draw.period)
            continue
        first = 0 if source.from_ is None else t.period_of(source.from_)
        last = t.planning if source.until is None else t.period_of(source.until + 1) - 1
        if not first <= draw.period <= last:
            findings.wrong("draw", draw.source, "outside its dates", draw.period)
        draws[draw.source][draw.asset_class][draw.period] += draw.usd
    return draws


def _nominal(books: Accounts, by_class: dict[str, Floats]) -> Floats:
    """Nominal draws up to each period, all classes."""
    total = np.sum(list(by_class.values()), axis=0)
    return np.asarray(np.cumsum(total / books.times.deflator))


def _ceilings(books: Accounts, source: Source, by_class: dict[str, Floats], findings: Findings) -> None:
    t = books.times
    drawn = _nominal(books, by_class)
    if source.tranche_months is not None:
        _lapsing(books, source, by_class, findings)
    come = committed_usd(t, source, _online(books))
    rule = "tranches" if source.tranches else "commitment"
    if come is None:
        return
    for period in range(t.planning):
        findings.at_most(rule, source.name, period, drawn[period], come[period], "USD", DUST_USD)


def _lapsing(books: Accounts, source: Source, by_class: dict[str, Floats], findings: Findings) -> None:
    """Tranches that lapse: what is drawn in each one's time, and nothing outside."""
    t = books.times
    nominal = np.sum(list(by_class.values()), axis=0) / t.deflator
    inside = np.zeros(t.count, dtype=bool)
    for first, end, usd in windows_of(t, source):
        window = slice(first, max(first, end))
        inside[window] = True
        findings.at_most("tranches", source.name, first, float(nominal[window].sum()), usd, "USD", DUST_USD)
    for period in np.flatnonzero(~inside & (nominal > DUST_USD * 1e-6)):
        findings.wrong("tranches", source.name, "drawn when no tranche is open", int(period))


def _online(books: Accounts) -> Floats:
    """IT power in operation, shape (T,)."""
    total = np.zeros(books.times.count)
    for book in books.halls:
        total += book.it_mw
    return total


def _loan_to_cost(books: Accounts, source: Source, by_class: dict[str, Floats], findings: Findings) -> None:
    if source.loan_to_cost is None:
        return
    t = books.times
    cost = np.zeros(t.count)
    for (asset_class, period), usd in books.spent().items():
        if asset_class in source.funds:
            cost[period] += usd / t.deflator[period]
    drawn, cost = _nominal(books, by_class), np.cumsum(cost)
    for period in range(t.planning):
        most = source.loan_to_cost * cost[period]
        findings.at_most("loan to cost", source.name, period, drawn[period], most, "USD", DUST_USD)


def _condition(books: Accounts, source: Source, by_class: dict[str, Floats], findings: Findings) -> None:
    if source.after is None:
        return
    online = _online(books)
    for period in range(books.times.planning):
        drawn = sum(flow[period] for flow in by_class.values())
        reached = online[: period + 1].max()
        if drawn > DUST_USD * 1e-6 and reached < source.after.online_mw * (1 - 1e-6):
            text = f"drawn at {reached:g} MW online, {source.after.online_mw:g} MW come first"
            findings.wrong("condition", source.name, text, period)


def _cover(
    books: Accounts, content: PlanContent, source: Source, by_class: dict[str, Floats], findings: Findings
) -> None:
    if source.min_dscr is None:
        return
    t, scenario = books.times, books.terms.scenario
    served: dict[int, float] = defaultdict(float)
    for given in content.served:
        served[given.period] += given.amount
    price = scenario.money.revenue_usd_per_h100e_hour or 0.0
    cost = books.operating()
    total = np.sum(list(by_class.values()), axis=0)
    grace = grace_periods(scenario, t, source)
    first = grace + (0 if source.from_ is None else t.period_of(source.from_))
    for period in range(first, t.count):
        due = sum(total[u] * service(scenario, t, source, u, period) for u in range(t.planning) if total[u])
        # A source that is not drawn asks nothing.
        if due > 1e-3 * DUST_USD:
            earned = price * served[period] * t.hours - cost[period]
            where = source.name
            findings.at_most("service cover", where, period, source.min_dscr * due, earned, "USD", DUST_USD)
