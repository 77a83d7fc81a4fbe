"""Cross checks of money: terms of the sources, and what the objective needs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from optimizer.scenario.findings import Finding, duplicates
from optimizer.scenario.schema import Frontier, Scenario, Source, aims_of, month_label, unserved_price


def money_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of finance and objective."""
    sources = scenario.finance.sources
    yield from duplicates("source", (source.name for source in sources), ("finance", "sources"))
    for i, source in enumerate(sources):
        yield from _source(scenario, source, ("finance", "sources", i))
    yield from _aim(scenario)


def _aim(scenario: Scenario) -> Iterator[Finding]:
    """What the objective and the bounds need."""
    objective, bounds, demand = scenario.objective, scenario.bounds, scenario.demand
    aims = aims_of(objective)
    said = "a frontier of " + " and ".join(aims) if isinstance(objective, Frontier) else objective
    limited = scenario.money.budget_usd is not None or bool(scenario.finance.sources)
    if "compute" in aims and not limited and bounds.max_cost_usd is None:
        text = f"{said} needs a limit on money: money.budget_usd, finance.sources or bounds.max_cost_usd"
        yield Finding("E210", ("objective",), text)
    if "compute" in aims and not demand.workloads:
        yield Finding("E210", ("objective",), f"{said} needs demand.workloads, the work that counts")
    if bounds.min_h100e_hours is not None and not demand.workloads:
        text = "min_h100e_hours needs demand.workloads, the work that counts"
        yield Finding("E213", ("bounds", "min_h100e_hours"), text, True)
    if "date" in aims and demand.target_it_mw is None:
        yield Finding("E210", ("objective",), f"{said} needs demand.target_it_mw")
    if objective in ("minimize_carbon", "minimize_water") and not _asks_for_halls(scenario):
        text = (
            f"{objective} needs something that asks for halls, or it builds none: demand without an unserved price, "
            "demand.min_it_mw, bounds.max_cost_usd, bounds.min_h100e_hours or bounds.target_by"
        )
        yield Finding("E210", ("objective",), text)
    if bounds.target_by is not None and demand.target_it_mw is None:
        yield Finding("E213", ("bounds", "target_by"), "target_by needs demand.target_it_mw", True)


def _asks_for_halls(scenario: Scenario) -> bool:
    bounds, demand = scenario.bounds, scenario.demand
    general = scenario.money.unserved_usd_per_h100e_hour
    served = any(unserved_price(general, workload) is None for workload in demand.workloads)
    bounded = (bounds.max_cost_usd, bounds.min_h100e_hours, bounds.target_by)
    return served or bool(demand.min_it_mw) or any(bound is not None for bound in bounded)


def _source(scenario: Scenario, source: Source, at: tuple[str | int, ...]) -> Iterator[Finding]:
    debt = source.kind == "debt"
    wanted, other = ("rate", "cost") if debt else ("cost", "rate")
    if getattr(source, wanted) is None:
        text = f"{source.kind} {source.name!r} needs {wanted}, the yearly {'interest' if debt else 'cost of the money'}"
        yield Finding("E209", at, text)
    if getattr(source, other) is not None:
        yield Finding("E209", (*at, other), f"{source.kind} takes {wanted}, not {other}", True)
    if source.loan_to_cost is not None and source.kind not in ("debt", "vendor"):
        yield Finding(
            "E209", (*at, "loan_to_cost"), f"{source.kind} has no loan-to-cost; debt and vendor do", True
        )
    if source.commit_usd is not None and source.tranches:
        yield Finding("E209", (*at, "tranches"), "expected commit_usd or tranches, found both", True)
    yield from _tranches(scenario, source, at)
    yield from _raises(scenario, source, at)
    if source.until is not None and source.until < scenario.horizon.start:
        text = f"lies before the horizon, which starts in {month_label(scenario.horizon.start)}: nothing could be drawn"
        yield Finding("E205", (*at, "until"), f"{month_label(source.until)} {text}")
    if source.from_ is not None and source.until is not None and source.until < source.from_:
        text = f"expected {month_label(source.from_)} (from) or later, found {month_label(source.until)}"
        yield Finding("E205", (*at, "until"), text)
    if source.min_dscr is not None and source.kind == "equity":
        yield Finding("E209", (*at, "min_dscr"), "equity is not served; debt, lease and vendor are", True)
    elif source.min_dscr is not None and scenario.money.revenue_usd_per_h100e_hour is None:
        text = "service cover needs revenue: give money.revenue_usd_per_h100e_hour"
        yield Finding("E212", (*at, "min_dscr"), text, True)


def _tranches(scenario: Scenario, source: Source, at: tuple[str | int, ...]) -> Iterator[Finding]:
    start, months = scenario.horizon.start, source.tranche_months
    if months is None:
        return
    if not source.tranches:
        yield Finding("E213", (*at, "tranche_months"), "tranche_months needs tranches", True)
    for earlier, later in pairwise(source.tranches):
        if later < earlier + months:
            text = f"overlaps the tranche of {month_label(earlier)}, which may be drawn for {months:g} months"
            yield Finding("E214", (*at, "tranches", month_label(later)), f"{month_label(later)} {text}", True)
    for month in source.tranches:
        if month + months <= start:
            text = f"lapses before the horizon starts in {month_label(start)}"
            yield Finding("E205", (*at, "tranches", month_label(month)), f"{month_label(month)} {text}", True)


def _raises(scenario: Scenario, source: Source, at: tuple[str | int, ...]) -> Iterator[Finding]:
    horizon = scenario.horizon
    last = horizon.start + (horizon.periods - 1) * horizon.months_per_period
    if source.raises and source.kind != "equity":
        yield Finding("E209", (*at, "raises"), f"{source.kind} is not raised in rounds; equity is", True)
    for earlier, later in pairwise(range(len(source.raises))):
        if source.raises[later].date <= source.raises[earlier].date:
            text = f"expected a month after {month_label(source.raises[earlier].date)}, the round before"
            yield Finding("E214", (*at, "raises", later, "date"), text)
    for i, raised in enumerate(source.raises):
        if raised.date > last:
            text = f"{month_label(raised.date)} lies after the start of the last planning period"
            yield Finding("E205", (*at, "raises", i, "date"), text)
