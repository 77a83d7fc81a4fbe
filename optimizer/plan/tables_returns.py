"""Tables of returns: of the whole and of each source, and how the objective becomes the owners' value (docs/statement.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.debt import Facility
from optimizer.plan.income_tax import kept_share
from optimizer.plan.objective_lines import objective_lines
from optimizer.plan.returns import returns_of
from optimizer.plan.statement import Statement
from optimizer.plan.tables_decisions import frame
from optimizer.plan.tables_statement import END
from optimizer.scenario.schema import Scenario


def returns(made: Statement) -> Any:
    """Returns of the free cash flow and of the owners' flow, nominal.

    Returns
    -------
    DataFrame
        flow, npv_usd (at the start of the horizon, at the WACC), irr (nan unless there is just one), rates (how many there
        are, in words), mirr (finance and reinvestment at the WACC), most_paid_in_usd (largest sum that is out at a time),
        paid_back (period from which the sum of all is positive for good; empty: never, or nothing was out).
    """
    labels = (*made.times.labels, END)
    rows = []
    for name, flow in (("free_cash_flow", made.free_cash_flow), ("to_owners", made.to_owners)):
        found = made.returns(flow)
        back = "" if found.paid_back < 0 or not found.most_paid_in_usd else labels[found.paid_back]
        rows.append((name, found.npv_usd, found.irr, found.words, found.mirr, found.most_paid_in_usd, back))
    return frame(
        rows,
        flow="object",
        npv_usd="float64",
        irr="float64",
        rates="object",
        mirr="float64",
        most_paid_in_usd="float64",
        paid_back="object",
    )


def source_returns(scenario: Scenario, made: Statement) -> Any:
    """What each source gives and gets, nominal.

    Returns
    -------
    DataFrame
        source, kind, rank, drawn_usd, fees_usd, paid_usd (interest and repayment), peak_balance_usd, rate (as agreed),
        effective_rate (of its own flows), least_cover and least_cover_period (cover as enforced), llcr (revenue less
        operating cost over the loan's life, worth at its rate, over what is owed up to its rank at first service), note.
        Owners are not paid back: their return is in `returns`.
    """
    facilities = {facility.name: facility for facility in made.facilities}
    rows: list[tuple[Any, ...]] = []
    for source in scenario.finance.sources:
        drawn = int(made.sources[source.name].sum()) / 100
        fees = int(made.fees[source.name].sum()) / 100 if source.name in made.fees else 0.0
        debt = facilities.get(source.name)
        head = (source.name, source.kind, source.rank, drawn, fees)
        nothing = (np.nan, np.nan, source.cost, np.nan, np.nan, "", np.nan)
        if debt is None:
            rows.append((*head, *nothing, "owners: see returns"))
        elif not drawn:
            rows.append((*head, *nothing[:2], debt.rate, *nothing[3:], "not drawn"))
        else:
            own = returns_of((debt.service - debt.drawn) / 100.0, made.years, made.wacc)
            cover = made.cover(debt)
            known = made.revenue.any() and not np.isnan(cover).all()
            at = int(np.nanargmin(cover)) if known else -1
            rows.append(
                (
                    *head,
                    int(debt.service.sum()) / 100,
                    int(debt.closing.max()) / 100,
                    debt.rate,
                    own.irr,
                    float(cover[at]) if known else np.nan,
                    made.times.labels[at] if known else "",
                    _llcr(made, debt) if made.revenue.any() else np.nan,
                    "" if len(own.rates) == 1 else own.words,
                )
            )
    usd = dict.fromkeys(("drawn_usd", "fees_usd", "paid_usd", "peak_balance_usd"), "float64")
    rates = dict.fromkeys(("rate", "effective_rate", "least_cover"), "float64")
    return frame(
        rows,
        source="object",
        kind="object",
        rank="int64",
        **usd,
        **rates,
        least_cover_period="object",
        llcr="float64",
        note="object",
    )


def _llcr(made: Statement, debt: Facility) -> float:
    """Loan life cover: worth of what is there for service at first service, over what is owed then up to the rank."""
    served = np.flatnonzero(debt.service[:-1] > 0)
    if not len(served):
        return float("nan")
    first, last = int(served[0]), int(served[-1])
    periods = np.arange(first, last + 1)
    worth = (1 + debt.rate) ** (-(periods - first + 1) * made.times.years)
    owed = sum(int(other.opening[first]) for other in made.facilities if other.rank <= debt.rank)
    return float(made.ebitda[periods] @ worth) / owed if owed else float("nan")


@dataclass(frozen=True)
class _Step:
    line: str
    usd: float
    total: bool = False


def reconciliation(accounts: Accounts, made: Statement) -> Any:
    """From the discounted cost to the owners' net present value: line, usd, total; a total is the sum of the lines above.

    Until the price level is changed money is real, discounted to the start of the horizon; from there on nominal.
    """
    rows: list[_Step] = []

    def total(line: str) -> None:
        rows.append(_Step(line, sum(step.usd for step in rows if not step.total), True))

    sums: dict[str, float] = {}
    for line in objective_lines(accounts):
        sums[line.name] = sums.get(line.name, 0.0) + line.usd * line.factor
    kept = kept_share(accounts.terms.scenario)
    t = accounts.times
    equity = sum(usd * t.discount[p] for name, p, usd in accounts.premiums if name in made.equity)
    rows.append(_Step("discounted_cost, turned", -accounts.cost_usd))
    rows.append(_Step("unserved, a price and no payment (after tax)", kept * sums.get("unserved", 0.0)))
    rows.append(_Step("cost_of_money of equity, the owners' own", equity))
    rows.append(_Step("cost_of_money of lenders, counted below", sums.get("cost_of_money", 0.0) - equity))
    rows.append(_Step("tax_shield_interest, counted below", sums.get("tax_shield_interest", 0.0)))
    rows.append(_Step("fees, counted below", sums.get("fees", 0.0)))
    revenue = made.revenue / 100.0 * made.deflator
    discount = np.append(t.discount, t.discount_end)
    rows.append(_Step("revenue (after tax)", kept * float(revenue @ discount)))
    total("free_cash_flow in dollars of the base year")
    # Dollars of the base year that one of the start is worth.
    start = (1 + accounts.terms.scenario.money.inflation) ** (
        t.start / 12 - accounts.terms.scenario.money.base_year - 0.5
    )
    rows.append(_Step("in dollars of the start", rows[-1].usd * (start - 1)))
    free = made.npv_usd(made.free_cash_flow)
    rows.append(_Step("rounding to cents", free - sum(step.usd for step in rows if not step.total)))
    total("npv of free_cash_flow")
    for debt in made.facilities:
        rows.append(_Step(f"draws of {debt.name}", made.npv_usd(debt.drawn)))
        rows.append(_Step(f"service of {debt.name}", -made.npv_usd(debt.service)))
    rows.append(_Step("tax that interest saves", made.npv_usd(made.interest_tax)))
    rows += [_Step(f"fees of {name}", -made.npv_usd(flow)) for name, flow in made.fees.items()]
    total("npv of to_owners")
    return frame(
        [(step.line, step.usd, step.total) for step in rows], line="object", usd="float64", total="bool"
    )
