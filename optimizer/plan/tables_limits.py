"""Table of the limits that all sites share: how much of each a plan uses, by period."""

from __future__ import annotations

from typing import Any

from optimizer.plan.accounts import Accounts
from optimizer.plan.check import check_limits
from optimizer.plan.records import PlanContent
from optimizer.plan.tables_decisions import frame
from optimizer.plan.times import Times
from optimizer.plan.violations import Findings
from optimizer.scenario.schema import Scenario

# Rules of the check that hold over all sites, and where their limit stands in the scenario; {} is what it is for.
SHARED = {
    "IT power in operation": "demand.min_it_mw",
    "crews": "hall.crews[{}].max_it_mw",
    "starts over all sites": "hall.max_starts",
    "lead items": "hall.lead_items[{}].deliveries",
    "chip supply": "chips.supply_racks.{}",
    "vendor's supply": "chips.supply_vendor_racks.{}",
    "vendor's share": "chips.max_vendor_share.{}",
    "least volume": "chips.settings.{}.min_racks",
    "unit slots": "power.unit_slots.{}",
    "clean share": "power.clean_share",
    "CO2": "power.max_co2_t_per_year",
    "lease offer": "leases[{}].available",
    "budget": "money.budget_usd",
    "commitment": "finance.sources[{}].commit_usd",
    "tranches": "finance.sources[{}].tranches",
    "rounds": "finance.sources[{}].raises",
    "loan to cost": "finance.sources[{}].loan_to_cost",
    "service cover": "finance.sources[{}].min_dscr",
    "bound on cost": "bounds.max_cost_usd",
    "bound on carbon": "bounds.max_co2_t",
    "bound on water": "bounds.max_water_m3",
    "least compute": "bounds.min_h100e_hours",
    "date of the target": "bounds.target_by",
}


class _Noted(Findings):
    """Notes every limit that the check looks at, kept or not."""

    def __init__(self, times: Times) -> None:
        super().__init__(times)
        self.seen: list[tuple[str, str, int | None, float, float, str, bool]] = []

    def at_most(
        self,
        rule: str,
        where: str,
        period: int | None,
        found: float,
        limit: float,
        unit: str,
        scale: float = 1.0,
    ) -> None:
        self.seen.append((rule, where, period, float(found), float(limit), unit, False))

    def at_least(
        self,
        rule: str,
        where: str,
        period: int | None,
        found: float,
        limit: float,
        unit: str,
        scale: float = 1.0,
    ) -> None:
        self.seen.append((rule, where, period, float(found), float(limit), unit, True))


def limits(accounts: Accounts, content: PlanContent) -> Any:
    """Use of every limit over all sites, as the independent check adds it up.

    Returns
    -------
    DataFrame
        name, path (in the scenario), period (empty: the whole study), used, limit, unit, share. Deliveries, draws and what
        they are held against are sums since the start. share is used/limit, for a least amount limit/used: at 1 the
        limit binds. Periods in which nothing is on offer or asked for have no row.
    """
    noted = _Noted(accounts.times)
    check_limits(accounts, content, noted)
    order, labels = list(SHARED), accounts.labels
    rows = []
    for rule, where, period, used, limit, unit, least in noted.seen:
        if rule not in SHARED or not limit > 0 or (period is not None and not 0 <= period < len(labels)):
            continue
        kind = f"{rule}, at least" if least else rule
        name = f"{kind}: {where}" if where else kind
        share = (limit / used if used > 0 else float("inf")) if least else used / limit
        path = _path(accounts.terms.scenario, rule, where)
        label = "" if period is None else labels[period]
        rows.append((order.index(rule), name, path, label, used, limit, unit, share))
    texts = dict.fromkeys(("name", "path", "period"), "object")
    kinds = {**texts, "used": "float64", "limit": "float64", "unit": "object", "share": "float64"}
    return frame([row[1:] for row in sorted(rows, key=lambda row: row[:4])], **kinds)


def _path(scenario: Scenario, rule: str, where: str) -> str:
    """Where a limit stands in the scenario."""
    path = SHARED[rule].format(where)
    source = next((source for source in scenario.finance.sources if source.name == where), None)
    if rule == "commitment" and source is not None and source.commit_usd is None:
        path = f"finance.sources[{where}].raises"
    return path
