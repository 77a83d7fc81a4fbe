"""Tables of money: every dollar by line and period, capital by class, the bill of a gigawatt."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from optimizer.plan.accounts import Accounts
from optimizer.plan.tables_decisions import frame

# Lines of the bill of a first build, in its order; a later line stands after them by name.
BILL_LINES = (
    "land",
    "connection",
    "substation",
    "gas_plant",
    "facility",
    "retrofit",
    "chips_hardware",
    "network_storage",
    "spares",
    "sales_tax",
)


def capex_by_class(accounts: Accounts) -> Any:
    """Capital: asset_class, line, site, period, usd (real, not discounted)."""
    sums: dict[tuple[int, str, str, str], float] = defaultdict(float)
    for item in accounts.capital:
        sums[item.period, item.asset_class, item.line, item.site] += item.usd
    return frame(
        [
            (asset_class, line, site, accounts.labels[t], usd)
            for (t, asset_class, line, site), usd in sorted(sums.items())
        ],
        asset_class="object",
        line="object",
        site="object",
        period="object",
        usd="float64",
    )


def opex_by_site(accounts: Accounts) -> Any:
    """Operating cost with energy, carbon and fixed cost of power: site, line, period, usd."""
    sums: dict[tuple[int, str, str], float] = defaultdict(float)
    for item in accounts.opex:
        sums[item.period, item.site, item.line] += item.usd
    return frame(
        [(site, line, accounts.labels[t], usd) for (t, site, line), usd in sorted(sums.items())],
        site="object",
        line="object",
        period="object",
        usd="float64",
    )


def bill_order(line: str) -> tuple[int, str]:
    """Place of a capital line in a bill."""
    return (BILL_LINES.index(line) if line in BILL_LINES else len(BILL_LINES), line)
