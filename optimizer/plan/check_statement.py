"""The statement against the plan: sources are uses to the cent, balances roll forward, no limit is passed (docs/statement.md)."""

from __future__ import annotations

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.debt import Facility
from optimizer.plan.finance import committed_usd, windows_of
from optimizer.plan.records import PlanContent
from optimizer.plan.statement import OPERATIONS, Cents, Statement, statement
from optimizer.plan.times import Floats
from optimizer.plan.violations import RELATIVE, Findings
from optimizer.scenario.schema import ASSET_CLASSES, Source

# What sources leave unpaid in a planning period is the solver's dust: ten dollars a class, or a millionth.
DUST_CENTS = 1000.0


def check_statement(books: Accounts, content: PlanContent, findings: Findings) -> None:
    """All that must hold to the cent."""
    made = statement(books.terms.scenario, books, content)
    _sources_are_uses(books, made, findings)
    for facility in made.facilities:
        _balances(made, facility, findings)
    for source in books.terms.scenario.finance.sources:
        _ceilings(books, source, made.sources[source.name], findings)


def _same(findings: Findings, where: str, flow: Cents, period: int, text: str) -> None:
    """A difference that must be nothing, in cents."""
    if flow[period]:
        label = None if period == len(flow) - 1 else period
        findings.wrong(
            "statement", where, f"{text}: expected 0, found {int(flow[period]) / 100:,.2f} USD", label
        )


def _sources_are_uses(books: Accounts, made: Statement, findings: Findings) -> None:
    t = books.times
    none = np.zeros_like(made.revenue)
    used, paid = (sum(lines.values(), start=none) for lines in (made.uses, made.sources))
    spent = {name: np.zeros(t.count) for name in ASSET_CLASSES}
    items = [0] * t.count
    for item in books.capital:
        spent[item.asset_class][item.period] += 100 * item.usd / t.deflator[item.period]
        items[item.period] += 1
    for period in range(t.count + 1):
        _same(findings, "", paid - used, period, "sources less uses")
    for name, flow in spent.items():
        for period in range(t.count):
            found = abs(int(made.uses[name][period]) - float(flow[period]))
            most = 1.0 + 1e-12 * abs(float(flow[period]))
            findings.at_most("statement", f"uses of {name}", period, found, most, "cents")
    left = made.sources[OPERATIONS]
    for period in range(t.planning if books.terms.scenario.finance.sources else 0):
        most = max(len(ASSET_CLASSES) * DUST_CENTS, 2 * RELATIVE * float(used[period]))
        findings.at_most("statement", "paid by no source", period, abs(float(left[period])), most, "cents")


def _balances(made: Statement, debt: Facility, findings: Findings) -> None:
    """Each balance follows from the one before; at its own rate all that is paid is worth what was drawn."""
    roll = debt.opening + debt.drawn + debt.capitalised - debt.repaid - debt.closing
    carried = np.append(debt.opening[:1], debt.opening[1:] - debt.closing[:-1])
    for period in range(len(roll)):
        _same(findings, debt.name, roll, period, "opening with draws and interest less repayment and closing")
        _same(findings, debt.name, carried, period, "opening less the closing before")
        if debt.closing[period] < 0 or debt.drawn[period] < 0 or debt.repaid[period] < 0:
            findings.wrong("statement", debt.name, "a negative balance, draw or repayment")
    _same(findings, debt.name, debt.closing, len(roll) - 1, "owed after the end")
    worth: Floats = (1 + debt.rate) ** -made.years
    drawn, paid = float(debt.drawn @ worth), float(debt.service @ worth)
    # Half a cent for each rounding: two a period and draw.
    most = 1.0 + float(np.count_nonzero(debt.drawn) * len(roll))
    findings.at_most("statement", f"{debt.name}, paid beside drawn", None, abs(paid - drawn), most, "cents")


def _ceilings(books: Accounts, source: Source, drawn: Cents, findings: Findings) -> None:
    """Draws within what is committed, in every period."""
    t = books.times
    online: Floats = np.zeros(t.count)
    for book in books.halls:
        online = online + book.it_mw
    come = committed_usd(t, source, online)
    total = np.cumsum(drawn)
    for period in range(0 if come is None else t.planning):
        assert come is not None
        if total[period] > 100 * come[period] + 1e-3:
            text = f"{int(total[period]) / 100:,.2f} USD drawn of {come[period]:,.2f}"
            findings.wrong("statement", source.name, text, period)
    windows = windows_of(t, source)
    for first, end, usd in windows:
        found = int(drawn[first:end].sum())
        if found > 100 * usd + 1e-3:
            findings.wrong("statement", source.name, f"{found / 100:,.2f} USD drawn of {usd:,.2f}", first)
    if source.tranche_months is not None:
        inside = np.zeros(len(drawn), dtype=bool)
        for first, end, _ in windows:
            inside[first:end] = True
        if drawn[~inside].any():
            findings.wrong("statement", source.name, "drawn when no tranche is open")
