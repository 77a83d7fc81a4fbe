"""Cross checks of money: terms of the sources, and what the objective needs."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.scenario.findings import Finding, duplicates
from optimizer.scenario.schema import Scenario, Source, month_label


def money_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of finance and objective."""
    sources = scenario.finance.sources
    yield from duplicates("source", (source.name for source in sources), ("finance", "sources"))
    for i, source in enumerate(sources):
        yield from _source(scenario, source, ("finance", "sources", i))
    if scenario.objective == "maximize_compute" and scenario.money.budget_usd is None and not sources:
        text = "maximize_compute needs a limit on money: money.budget_usd or finance.sources"
        yield Finding("E210", ("objective",), text)


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
    if source.from_ is not None and source.until is not None and source.until < source.from_:
        text = f"expected {month_label(source.from_)} (from) or later, found {month_label(source.until)}"
        yield Finding("E205", (*at, "until"), text)
    if source.min_dscr is not None and source.kind == "equity":
        yield Finding("E209", (*at, "min_dscr"), "equity is not served; debt, lease and vendor are", True)
    elif source.min_dscr is not None and scenario.money.revenue_usd_per_h100e_hour is None:
        text = "service cover needs revenue: give money.revenue_usd_per_h100e_hour"
        yield Finding("E212", (*at, "min_dscr"), text, True)
