"""Budget, sources and their conditions (docs/economics.md, section 10)."""

from __future__ import annotations

import math

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.finance import (
    charges_fees,
    committed_usd,
    round_usd,
    service_of,
    windows_of,
    without_rounds_usd,
)
from optimizer.plan.records import PlanContent
from optimizer.plan.statement import revenue_usd
from optimizer.plan.times import Floats
from optimizer.plan.violations import RELATIVE, Findings
from optimizer.scenario.schema import ASSET_CLASSES, Source

# Money below this is the solver's dust beside the billions of a plan.
DUST_USD = 1e6
# A source that is drawn, or served in a period, with less than this asks nothing.
LEAST_ASKING_USD = 1e-3 * DUST_USD

Draws = dict[str, dict[str, Floats]]


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
        _rounds(books, content, source, draws[source.name], findings)
        _loan_to_cost(books, source, draws, findings)
        _condition(books, source, draws[source.name], findings)
    _cover(books, content, draws, findings)


def _draws(books: Accounts, content: PlanContent, sources: dict[str, Source], findings: Findings) -> Draws:
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
    for period in np.flatnonzero(~inside & (nominal > DUST_USD * RELATIVE)):
        findings.wrong("tranches", source.name, "drawn when no tranche is open", int(period))


def _online(books: Accounts) -> Floats:
    """IT power in operation, shape (T,)."""
    total = np.zeros(books.times.count)
    for book in books.halls:
        total += book.it_mw
    return total


def _rounds(
    books: Accounts, content: PlanContent, source: Source, by_class: dict[str, Floats], findings: Findings
) -> None:
    """Where rounds charge fees: what is drawn from each has come, and what is drawn from none is committed."""
    t = books.times
    parts = [np.zeros(t.count) for _ in source.raises]
    for part in content.raised:
        if part.source != source.name:
            continue
        if not (charges_fees(source) and 0 <= part.number < len(parts) and 0 <= part.period < t.planning):
            findings.wrong("rounds", source.name, "no such round with a fee", part.period)
        elif not (math.isfinite(part.usd) and part.usd >= 0):
            findings.wrong("rounds", source.name, f"{part.usd:g} USD drawn", part.period)
        else:
            parts[part.number][part.period] += part.usd
    if not charges_fees(source):
        return
    all_parts = np.sum(parts, axis=0)
    total = np.sum(list(by_class.values()), axis=0)
    rest = np.cumsum((total - all_parts) / t.deflator)
    committed = without_rounds_usd(t, source)
    for period in range(t.planning):
        most = total[period]
        findings.at_most("draws by round", source.name, period, all_parts[period], most, "USD", DUST_USD)
        findings.at_most("commitment", source.name, period, rest[period], committed[period], "USD", DUST_USD)
    for amounts, raised in zip(parts, source.raises, strict=True):
        come, drawn = round_usd(t, raised, _online(books)), np.cumsum(amounts / t.deflator)
        for period in range(t.planning):
            findings.at_most("rounds", source.name, period, drawn[period], come[period], "USD", DUST_USD)


def _loan_to_cost(books: Accounts, source: Source, draws: Draws, findings: Findings) -> None:
    """Loans of a source's rank and before it on the classes that it pays for, from its first draw on."""
    if source.loan_to_cost is None:
        return
    t = books.times
    cost, lent = np.zeros(t.count), np.zeros(t.count)
    for (asset_class, period), usd in books.spent().items():
        if asset_class in source.funds:
            cost[period] += usd / t.deflator[period]
    for other in books.terms.scenario.finance.sources:
        if other.loan_to_cost is not None and other.rank <= source.rank:
            lent += np.sum([draws[other.name][c] for c in source.funds], axis=0) / t.deflator
    lent, cost = np.cumsum(lent), np.cumsum(cost)
    drawn = np.cumsum(np.sum(list(draws[source.name].values()), axis=0)) > LEAST_ASKING_USD
    for period in map(int, np.flatnonzero(drawn[: t.planning])):
        most = source.loan_to_cost * cost[period]
        findings.at_most("loan to cost", source.name, period, lent[period], most, "USD", DUST_USD)


def _condition(books: Accounts, source: Source, by_class: dict[str, Floats], findings: Findings) -> None:
    if source.after is None:
        return
    online = _online(books)
    for period in range(books.times.planning):
        drawn = sum(flow[period] for flow in by_class.values())
        reached = online[: period + 1].max()
        if drawn > DUST_USD * RELATIVE and reached < source.after.online_mw * (1 - 1e-6):
            text = f"drawn at {reached:g} MW online, {source.after.online_mw:g} MW come first"
            findings.wrong("condition", source.name, text, period)


def _cover(books: Accounts, content: PlanContent, draws: Draws, findings: Findings) -> None:
    """Revenue less operating cost, before income tax, against what sources of a rank and before it are served."""
    t, scenario = books.times, books.terms.scenario
    sources = scenario.finance.sources
    if all(source.min_dscr is None for source in sources):
        return
    earned = revenue_usd(scenario, t, content) - books.operating()
    service = {
        source.name: np.sum(list(draws[source.name].values()), axis=0)[: t.planning]
        @ service_of(scenario, t, source)
        for source in sources
    }
    for source in sources:
        if source.min_dscr is None:
            continue
        together = sum(service[other.name] for other in sources if other.rank <= source.rank)
        for period in np.flatnonzero(service[source.name] > LEAST_ASKING_USD):
            needed = source.min_dscr * float(np.asarray(together)[period])
            where, left = source.name, float(earned[period])
            findings.at_most("service cover", where, int(period), needed, left, "USD", DUST_USD)
