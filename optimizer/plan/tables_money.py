"""Tables of money: every dollar by line and period, capital by class, the bill of a gigawatt."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_halls import Capital
from optimizer.plan.objective_lines import objective_lines
from optimizer.plan.tables_decisions import frame

# Lines of the bill of a first build, in its order; a later line stands after them by name.
BILL_LINES = (
    "land",
    "study",
    "connection",
    "substation",
    "power_plant",
    "solar",
    "wind",
    "battery",
    "battery_energy",
    "shell",
    "electrical",
    "mechanical",
    "fit_out",
    "accelerators",
    "hosts",
    "network",
    "storage",
    "racks",
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


def money_by_period(accounts: Accounts) -> Any:
    """Every dollar by line and period; costs positive, credits negative, income tax in lines of its own.

    Returns
    -------
    DataFrame
        line, asset_class, period, usd, usd_discounted. Sales, residual values and deductions at the end of the study or
        after it stand in the last period, discounted from its end. The last column adds up to the objective of least cost.
    """
    last = len(accounts.labels) - 1
    sums: dict[tuple[str, str, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for line in objective_lines(accounts):
        entry = sums[line.name, line.asset_class, last if line.period is None else line.period]
        entry[0] += line.usd
        entry[1] += line.usd * line.factor
    return frame(
        [(line, c, accounts.labels[t], usd, discounted) for (line, c, t), (usd, discounted) in sums.items()],
        line="object",
        asset_class="object",
        period="object",
        usd="float64",
        usd_discounted="float64",
    )


def chips_bought(accounts: Accounts) -> Any:
    """Chips bought: chip, period, racks, chips, usd (racks alone)."""
    racks: dict[tuple[int, str], int] = defaultdict(int)
    money: dict[tuple[int, str], float] = defaultdict(float)
    for item in accounts.bought:
        racks[item.period, item.chip] += item.racks
        money[item.period, item.chip] += item.usd
    rows = [
        (chip, accounts.labels[t], n, n * accounts.terms.chips[chip].chips_per_rack, money[t, chip])
        for (t, chip), n in sorted(racks.items())
    ]
    kinds = {"chip": "object", "period": "object", "racks": "int64", "chips": "int64", "usd": "float64"}
    return frame(rows, **kinds)


def capital_bill(accounts: Accounts) -> Any:
    """The bill of what the plan builds first, refreshes apart; soft cost is shared out over shell, plant and fit-out.

    Returns
    -------
    DataFrame
        line, usd, usd_per_gw_it, usd_per_gw_facility, share. IT gigawatts are those of new and committed halls,
        facility gigawatts their peak.
    """
    built = [book for book in accounts.halls if book.life.origin != "existing"]
    it_gw = sum(book.life.it_mw * book.life.halls for book in built) / 1000
    facility_gw = sum(float(book.peak_mw[book.life.stages[0].first]) for book in built) / 1000
    sums: dict[str, float] = defaultdict(float)
    for item in accounts.capital:
        if item.first:
            for line, share in _split(accounts, item).items():
                sums[line] += share * item.usd
    total = sum(sums.values())
    rows = [
        (
            line,
            sums[line],
            _ratio(sums[line], it_gw),
            _ratio(sums[line], facility_gw),
            _ratio(sums[line], total),
        )
        for line in sorted(sums, key=bill_order)
    ]
    rows.append(("total", total, _ratio(total, it_gw), _ratio(total, facility_gw), 1.0 if total else 0.0))
    return frame(
        rows,
        line="object",
        usd="float64",
        usd_per_gw_it="float64",
        usd_per_gw_facility="float64",
        share="float64",
    )


def _split(accounts: Accounts, item: Capital) -> dict[str, float]:
    """Lines of the bill that an item of capital stands for, with their shares."""
    economics = accounts.terms.economics
    if item.line == "facility":
        inside = economics.plant_bill["fit_out"]
        parts = {
            "shell": economics.shell_share,
            "electrical": economics.electrical_share * (1 - inside),
            "mechanical": economics.mechanical_share * (1 - inside),
            "fit_out": (economics.electrical_share + economics.mechanical_share) * inside,
        }
        return {line: part / sum(parts.values()) for line, part in parts.items()}
    if item.line == "network_storage":
        storage = economics.network_bill["storage"]
        return {"network": 1 - storage, "storage": storage}
    if item.line == "chips_hardware":
        if accounts.terms.chips[item.chip].kind == "cpu":
            return {"hosts": 1.0}
        parts = economics.rack_bill
        return {**parts, "racks": 1 - sum(parts.values())}
    return {item.line: 1.0}


def _ratio(amount: float, by: float) -> float:
    return amount / by if by else 0.0
