"""Frames of the plan's money beside capital: operating cost, cost of compute, what is owed, cash flow."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import labels
from optimizer.report.tables import heading
from optimizer.report.wording import compute_unit

ALL = "all"


def opex_by_line(plan: Plan) -> Any:
    """Operating cost with energy, dearest line first: line (in words), period, usd (real, not discounted)."""
    frame = plan.tables()["opex_by_site"]
    sums = frame.groupby(["line", "period"], sort=False)["usd"].sum().reset_index()
    whole = sums.groupby("line")["usd"].transform("sum")
    ranked = sums.assign(whole=whole).sort_values("whole", ascending=False, kind="stable")
    return ranked.assign(line=[heading(line) for line in ranked["line"]]).drop(columns="whole")


def opex_by_site(plan: Plan) -> Any:
    """The same until the end of the study, dearest site and line first: site, line, usd."""
    frame = plan.tables()["opex_by_site"]
    sums = frame.groupby(["site", "line"], sort=False)["usd"].sum().reset_index()
    for name in ("line", "site"):
        whole = sums.groupby(name)["usd"].transform("sum")
        sums = sums.assign(whole=whole).sort_values("whole", ascending=False, kind="stable")
    return sums.drop(columns="whole")


def generations(plan: Plan) -> Any:
    """Levelised cost of compute by chip (name), the sum over all last: chip, usd, unit_hours, usd_per_unit_hour, …"""
    frame = plan.tables()["levelised_by_generation"]
    kinds = {chip: facts.kind for chip, facts in plan.accounts.terms.chips.items()}
    names = [
        f"{labels.chip(chip)} (own unit)" if kinds.get(chip) == "cpu" else labels.chip(chip)
        for chip in frame["chip"]
    ]
    return frame.assign(chip=[name if chip else ALL for name, chip in zip(names, frame["chip"], strict=True)])


def by_site(plan: Plan) -> Any:
    """Levelised cost of compute by site, the sum over all last."""
    frame = plan.tables()["levelised_by_site"]
    return frame.assign(site=[site or ALL for site in frame["site"]])


def cost_of_compute(plan: Plan) -> Any:
    """Levelised cost of a unit for an hour: label, kind (generation, site), usd; the sum over all and halls without
    work left out, servers of processors too."""
    import pandas as pd

    table = plan.tables()["levelised_by_generation"]
    kinds = {chip: facts.kind for chip, facts in plan.accounts.terms.chips.items()}
    chips = table[[bool(chip) and kinds.get(chip) != "cpu" for chip in table["chip"]]]
    sites = plan.tables()["levelised_by_site"]
    sites = sites[sites["site"] != ""].sort_values("usd_per_unit_hour", kind="stable")
    rows = [
        (labels.chip(chip), "generation", usd)
        for chip, usd in zip(chips["chip"], chips["usd_per_unit_hour"], strict=True)
    ]
    rows += [(site, "site", usd) for site, usd in zip(sites["site"], sites["usd_per_unit_hour"], strict=True)]
    return pd.DataFrame(rows, columns=["label", "kind", "usd"]).dropna()


def unit_hour(plan: Plan) -> dict[str, str]:
    """Headings of the columns whose unit hangs on demand.metric."""
    unit = compute_unit(plan.scenario.demand.metric)
    return {
        "usd_per_unit_hour": f"USD per {unit}-hour",
        "usd_per_pflop_hour": "USD per PFLOP-hour",
        "unit_hours": f"{unit}-hours, discounted",
        "usd": "cost, discounted [USD]",
    }


def owed(plan: Plan) -> Any:
    """What is owed at the end of each period, nominal: source, period, usd; without what nobody ever draws."""
    frame = plan.tables()["debt"][["source", "period", "closing_usd"]].rename(columns={"closing_usd": "usd"})
    return frame[frame.groupby("source")["usd"].transform("max") > 0]


def cover(plan: Plan) -> Any:
    """Cover of each source's service, where something is due and compute is sold: source, period, cover."""
    return plan.tables()["debt"][["source", "period", "cover"]].dropna()


def cash_flow(plan: Plan) -> Any:
    """The plan's money in a few lines, nominal, outflows negative: line, period (`end`: the end of the study), usd."""
    import pandas as pd

    made = plan.statement
    none = 0 * made.revenue
    lines = {
        "revenue": made.revenue,
        "operating cost": -sum(made.operating.values(), start=none),
        "income tax": -made.tax,
        "capital": -sum(made.uses.values(), start=none),
        "sales and what is left": sum(made.sales.values(), start=none),
        "free cash flow": made.free_cash_flow,
        "lenders": made.to_owners - made.free_cash_flow,
        "to owners": made.to_owners,
    }
    periods = (*made.times.labels, "end")
    rows = [
        (line, p, int(c) / 100) for line, flow in lines.items() for p, c in zip(periods, flow, strict=True)
    ]
    return pd.DataFrame(rows, columns=["line", "period", "usd"])


def statement_lines(plan: Plan, *sections: str) -> Any:
    """Lines of the statement in some of its sections, nominal: section, line, period, usd."""
    frame = plan.tables()["statement"]
    return frame[frame["section"].isin(sections)]
