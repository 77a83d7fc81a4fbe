"""Cross checks of money: prices, sources, and what the objective needs."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.scenario.checks_sources import source_findings
from optimizer.scenario.findings import Finding
from optimizer.scenario.schema import Frontier, Scenario, aims_of, month_label, revenue_path, unserved_price


def money_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of money, finance and objective."""
    yield from _prices(scenario)
    yield from source_findings(scenario)
    yield from _aim(scenario)


def _prices(scenario: Scenario) -> Iterator[Finding]:
    rate = scenario.money.currencies.get("USD")
    if rate is not None and rate != 1:
        text = f"expected other currencies than USD, in which all money is counted, found a rate of {rate:g}"
        yield Finding("E106", ("money", "currencies", "USD"), text)
    horizon = scenario.horizon
    end = horizon.start + horizon.periods * horizon.months_per_period - 1
    end = max(end, horizon.operate_until or 0)
    for month in revenue_path(scenario.money) or ():
        if month > end:
            text = f"expected {month_label(end)} or earlier, the end of the study, found {month_label(month)}"
            yield Finding("E205", ("money", "revenue_usd_per_h100e_hour", month_label(month)), text, True)


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
