"""Cross checks of sources of money: terms by kind, dates against the planning periods, conditions within reach."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from optimizer.scenario.checks_power import power_by_month
from optimizer.scenario.findings import Finding, duplicates
from optimizer.scenario.schema import (
    ASSET_CLASSES,
    Condition,
    Scenario,
    Site,
    Source,
    month_label,
    revenue_path,
)
from optimizer.scenario.study_periods import last_start, period_of

# Lines of the statement that stand among its sources.
RESERVED = {
    "operations": "what no source pays",
    "total_sources": "the sum of all sources",
    "total_uses": "the sum of all capital",
}
Path = tuple[str | int, ...]


def source_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of all sources."""
    sources = scenario.finance.sources
    found = [
        *duplicates("source", (source.name for source in sources), ("finance", "sources")),
        *(finding for i, source in enumerate(sources) for finding in _of_source(scenario, source, i)),
    ]
    yield from found
    if sources and not found:
        yield from _unpaid(scenario)


def _of_source(scenario: Scenario, source: Source, number: int) -> Iterator[Finding]:
    at: Path = ("finance", "sources", number)
    if source.name in RESERVED:
        text = f"expected another name: the statement calls {RESERVED[source.name]} so; found {source.name!r}"
        yield Finding("E202", (*at, "name"), text)
    for n, asset_class in enumerate(source.funds):
        if asset_class in source.funds[:n]:
            yield Finding("E202", (*at, "funds", n), f"expected each class once, found {asset_class!r} again")
    yield from _terms(source, at)
    yield from _window(scenario, source, at)
    yield from _tranches(scenario, source, at)
    yield from _raises(scenario, source, at)
    yield from _cover(scenario, source, at)
    yield from _condition(scenario, source.after, (*at, "after"))
    for n, raised in enumerate(source.raises):
        yield from _condition(scenario, raised.after, (*at, "raises", n, "after"))


def _terms(source: Source, at: Path) -> Iterator[Finding]:
    """What a kind of source must have, and what it can't."""
    kind = source.kind
    wanted, other = ("rate", "cost") if kind == "debt" else ("cost", "rate")
    if getattr(source, wanted) is None:
        what = "yearly interest" if kind == "debt" else "yearly cost of the money"
        yield Finding("E209", at, f"expected {wanted}, the {what} of {kind}, found none")
    if getattr(source, other) is not None:
        yield Finding("E209", (*at, other), f"expected {wanted}, which {kind} takes, found {other}", True)
    if source.loan_to_cost is not None and kind not in ("debt", "vendor"):
        text = f"expected debt or vendor, which lend a share of the cost, found {kind}"
        yield Finding("E209", (*at, "loan_to_cost"), text, True)
    if source.commit_usd is not None and source.tranches:
        yield Finding("E209", (*at, "tranches"), "expected commit_usd or tranches, found both", True)
    limits = (source.loan_to_cost, source.commit_usd, source.tranches or None)
    if kind == "debt" and all(limit is None for limit in limits):
        text = "expected loan_to_cost, commit_usd or tranches, the most that debt lends, found none of them"
        yield Finding("E209", at, text)
    if source.rank != 1 and kind == "equity":
        text = f"expected no rank of equity, which comes after all that is served, found {source.rank}"
        yield Finding("E209", (*at, "rank"), text, True)
    if source.raises and kind != "equity":
        yield Finding(
            "E209", (*at, "raises"), f"expected equity, which is raised in rounds, found {kind}", True
        )
    if source.raises and source.tranche_months is not None:
        text = "expected raises in a source of their own, as tranches lapse here, found tranche_months beside them"
        yield Finding("E209", (*at, "raises"), text, True)
    if source.tranche_months is not None and not source.tranches:
        yield Finding("E213", (*at, "tranche_months"), "expected tranches that lapse so, found none", True)


def _start_of(scenario: Scenario, period: int) -> str:
    return month_label(scenario.horizon.start + period * scenario.horizon.months_per_period)


def _drawable(scenario: Scenario, source: Source) -> range:
    """Planning periods between `from` and `until`."""
    first = 0 if source.from_ is None else period_of(scenario.horizon, source.from_)
    end = scenario.horizon.periods if source.until is None else period_of(scenario.horizon, source.until + 1)
    return range(first, min(end, scenario.horizon.periods))


def _window(scenario: Scenario, source: Source, at: Path) -> Iterator[Finding]:
    """Periods must start between `from` and `until`."""
    start, last, first, until = (
        scenario.horizon.start,
        last_start(scenario.horizon),
        source.from_,
        source.until,
    )
    if first is not None and first > last:
        text = f"expected {month_label(last)} or earlier, the start of the last planning period, found {month_label(first)}"
        yield Finding("E205", (*at, "from"), text)
    elif until is not None and until < start:
        text = f"expected {month_label(start)} or later, the start of the horizon, found {month_label(until)}, in the past"
        yield Finding("E205", (*at, "until"), text)
    elif first is not None and until is not None and until < first:
        text = f"expected {month_label(first)} (from) or later, found {month_label(until)}"
        yield Finding("E205", (*at, "until"), text)
    elif first is not None and not _drawable(scenario, source):
        opens = _start_of(scenario, period_of(scenario.horizon, first))
        found = "" if until is None else month_label(until)
        text = f"expected {opens} or later, the first start of a planning period after from, found {found}"
        yield Finding("E205", (*at, "until"), text)


def _tranches(scenario: Scenario, source: Source, at: Path) -> Iterator[Finding]:
    """Each tranche must be money that some planning period can draw."""
    start, last, months = scenario.horizon.start, last_start(scenario.horizon), source.tranche_months
    drawable = _drawable(scenario, source)
    for month, earlier in zip(source.tranches, (None, *source.tranches), strict=False):
        path, found = (*at, "tranches", month_label(month)), f"found {month_label(month)}"
        if months is None and month < start:
            text = (
                f"expected {month_label(start)} or later, as what is there at the start is commit_usd, "
                f"{found}, a commitment in the past"
            )
            yield Finding("E205", path, text, True)
        elif month > last:
            text = f"expected {month_label(last)} or earlier, the start of the last planning period, {found}"
            yield Finding("E205", path, text, True)
        elif months is None and (source.until is not None and month > source.until):
            text = f"expected {month_label(source.until)} (until) or earlier, after which nothing is drawn, {found}"
            yield Finding("E205", path, text, True)
        elif months is not None:
            end = month + math.ceil(months)
            opens, closes = period_of(scenario.horizon, month), period_of(scenario.horizon, end)
            if earlier is not None and month < earlier + months:
                text = (
                    f"expected {month_label(earlier + math.ceil(months))} or later, as it overlaps the tranche of "
                    f"{month_label(earlier)}, which may be drawn for {months:g} months, {found}"
                )
                yield Finding("E214", path, text, True)
            elif not set(range(opens, closes)) & set(drawable):
                text = (
                    f"expected a planning period that starts within its {months:g} months and in which the source may be drawn, "
                    f"found none from {month_label(month)} to {month_label(end - 1)}"
                    f"{', a commitment in the past' if end <= start else ''}"
                )
                yield Finding("E205", path, text, True)


def _raises(scenario: Scenario, source: Source, at: Path) -> Iterator[Finding]:
    """Rounds in order, within the horizon and before the source closes."""
    start, last = scenario.horizon.start, last_start(scenario.horizon)
    for earlier, later in pairwise(range(len(source.raises))):
        before, date = source.raises[earlier].date, source.raises[later].date
        if date <= before:
            text = (
                f"expected a month after {month_label(before)}, the round before, found {month_label(date)}"
            )
            yield Finding("E214", (*at, "raises", later, "date"), text)
    for n, raised in enumerate(source.raises):
        path, found = (*at, "raises", n, "date"), f"found {month_label(raised.date)}"
        if raised.date < start:
            text = (
                f"expected {month_label(start)} or later, as what is there at the start is commit_usd, "
                f"{found}, a commitment in the past"
            )
            yield Finding("E205", path, text)
        elif raised.date > last:
            text = f"expected {month_label(last)} or earlier, the start of the last planning period, {found}"
            yield Finding("E205", path, text)
        elif source.until is not None and period_of(scenario.horizon, raised.date) not in range(
            _drawable(scenario, source).stop
        ):
            text = f"expected {month_label(source.until)} (until) or earlier with a period's start between, {found}"
            yield Finding("E205", path, text)


def _cover(scenario: Scenario, source: Source, at: Path) -> Iterator[Finding]:
    if source.min_dscr is None:
        return
    prices = revenue_path(scenario.money)
    if source.kind == "equity":
        text = "expected debt, lease or vendor, which are served, found equity"
        yield Finding("E209", (*at, "min_dscr"), text, True)
    elif not prices or not any(prices.values()):
        found = "none" if prices is None else "0"
        text = f"expected money.revenue_usd_per_h100e_hour above 0, which pays for the service, found {found}"
        yield Finding("E212", (*at, "min_dscr"), text, True)


def _condition(scenario: Scenario, after: Condition | None, at: Path) -> Iterator[Finding]:
    """Megawatts that all sites together can have in the planning periods at most."""
    if after is None:
        return
    most = sum(_most_it_mw(scenario, site) for site in scenario.sites)
    if after.online_mw > most * (1 + 1e-9):
        text = f"expected at most {most:g} MW, all that the sites can have in the planning periods, found {after.online_mw:g}"
        yield Finding("E215", (*at, "online_mw"), text)


def _most_it_mw(scenario: Scenario, site: Site) -> float:
    """Most IT power of a site: land, permits, and megawatts at the meter, which are never less."""
    end = last_start(scenario.horizon) + scenario.horizon.months_per_period - 1
    power = max((mw for month, mw in power_by_month(scenario, site).items() if month <= end), default=0.0)
    land = math.inf if site.land is None else site.land.acres / site.land.acres_per_mw
    return min(power, land, math.inf if site.max_it_mw is None else site.max_it_mw)


def _unpaid(scenario: Scenario) -> Iterator[Finding]:
    """Classes that every new hall spends on and no source pays for."""
    funded = {name for source in scenario.finance.sources for name in source.funds}
    missing = [
        name
        for name in ASSET_CLASSES
        if name not in funded and all(_spends(scenario, site, name) for site in scenario.sites)
    ]
    if missing:
        text = f"expected sources that fund {' and '.join(missing)} too, which every new hall needs, found none that does"
        yield Finding("E216", ("finance", "sources"), text, True)


def _spends(scenario: Scenario, site: Site, name: str) -> bool:
    """Whether no hall can be started at a site without spending on a class."""
    of_developer = bool(scenario.hall.build_to_suit or site.build_to_suit)
    if name == "land":
        sunk = bool(site.existing or site.committed)
        return not (of_developer or sunk) and site.land is not None and site.land.usd_per_acre > 0
    if name == "facility":
        return not of_developer
    if name == "power":
        grid: Any = site.grid
        works = 0.0 if grid is None else grid.connection_usd_per_kw + grid.substation_usd_per_kw
        # What is paid for plants of one's own depends on the way that is taken.
        return site.onsite is None and works > 0 and not site.existing
    return True
