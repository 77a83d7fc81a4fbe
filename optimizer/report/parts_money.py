"""Sections on money: what it costs, what compute costs, whose money pays, the statement."""

from __future__ import annotations

from optimizer.plan import Plan
from optimizer.report import charts, charts_money, frames, frames_money, sentences
from optimizer.report.part import Part, drawn
from optimizer.report.tables import Table, billions, by_period, plain_table
from optimizer.report.wording import usd


def cost(plan: Plan) -> Part:
    """Capital and operation."""
    # Lines stand before income tax; a plan of least cost is judged after it.
    taxed = plan.scenario.money.income_tax is not None
    after = usd(plan.amounts["cost"])
    before_tax = f" Income tax is not in it: after tax the plan costs {after}." if taxed else ""
    figures = (
        drawn(
            plan,
            charts.capex,
            "capex",
            "Capital by class and period",
            "Capital by asset class and period, not discounted, billion dollars.",
        ),
        drawn(
            plan,
            charts_money.opex,
            "opex",
            "Operating cost by line and period",
            "Operating cost with energy, carbon and rent by line and period, not discounted, billion dollars.",
        ),
        drawn(
            plan,
            charts.waterfall,
            "waterfall",
            "From cost lines to the total",
            "Every line of the cost, discounted to the start of the horizon, billion dollars; credits "
            "lower the total." + before_tax,
        ),
    )
    capital = frames.with_later(plan, frames.capex(plan))
    opex = frames.with_later(plan, frames_money.opex_by_line(plan))
    return Part(
        "money",
        "What it costs",
        (sentences.operation(plan),),
        figures,
        tables=(
            by_period(
                capital, ("asset_class",), "usd", "Capital by class, billion USD", billions, total=True
            ),
            by_period(opex, ("line",), "usd", "Operating cost by line, billion USD", billions, total=True),
        ),
        folded=(
            by_period(
                frames_money.opex_by_site(plan),
                ("site",),
                "usd",
                "Operating cost by site and line until the end of the study, billion USD",
                billions,
                total=True,
                columns="line",
            ),
            plain_table(frames.cost_lines(plan), "Cost by line, discounted"),
        ),
    )


def compute(plan: Plan) -> Part | None:
    """Levelised cost of compute by generation and site; None where no hall is at work."""
    by_chip, by_site = frames_money.generations(plan), frames_money.by_site(plan)
    if not len(frames_money.cost_of_compute(plan)):
        return None
    said = frames_money.unit_hour(plan)
    figure = drawn(
        plan,
        charts_money.levelised,
        "levelised-chart",
        "Levelised cost of compute",
        "Discounted cost over discounted compute at work, in dollars of the base year, by chip generation and by site. "
        "Land, power and energy of a site are shared out among its chips by the energy that they use.",
    )
    pairs = plan.tables()["levelised_cost"]
    return Part(
        "compute-cost",
        "What compute costs",
        (sentences.levelised(plan),),
        (figure,),
        (plain_table(by_chip, "Levelised cost by generation", total=True, said=said),),
        (
            plain_table(by_site, "Levelised cost by site", total=True, said=said),
            plain_table(pairs[pairs["site"] != ""], "Levelised cost by site and chip", said=said),
        ),
    )


def sources(plan: Plan) -> Part:
    """Draws, what is owed for them, and cover."""
    draws = frames.draws(plan)
    if not len(draws):
        return Part(
            "sources",
            "Whose money pays",
            texts=(
                "The scenario names no sources: all money comes at the weighted average cost of capital.",
            ),
        )
    figures = [
        drawn(
            plan,
            charts.sources,
            "sources-chart",
            "Money by source",
            f"Draws by source and period, billion dollars of {plan.scenario.money.base_year}.",
        )
    ]
    texts: list[str] = []
    shown = [by_period(draws, ("source", "asset_class"), "usd", "Draws, billion USD", billions, total=True)]
    folded: list[Table] = []
    owed, cover = frames_money.owed(plan), frames_money.cover(plan)
    if len(owed):
        texts.append(sentences.debt(plan))
        figures.append(
            drawn(
                plan,
                charts_money.owed,
                "owed",
                "What is owed",
                "Balance of every source that is paid back at the end of each period, billion nominal dollars.",
            )
        )
        if len(cover):
            shown.append(
                by_period(cover, ("source",), "cover", "Cover by source", lambda ratio: f"{ratio:.2f}")
            )
        balances = plan.tables()["debt"]
        balances = balances[balances["source"].isin(set(owed["source"]))]
        folded.append(plain_table(balances, "Balances by period, nominal"))
    raises = plan.tables()["raises"]
    if len(raises):
        folded.append(plain_table(raises, "Rounds of equity"))
    return Part("sources", "Whose money pays", tuple(texts), tuple(figures), tuple(shown), tuple(folded))


def statement(plan: Plan) -> Part:
    """Cash flow, sources and uses, and returns, in nominal dollars."""
    figure = drawn(
        plan,
        charts_money.cash_flow,
        "cash-flow",
        "Cash flow",
        "Bars: what comes in and goes out by period, billion nominal dollars; dark lines: the free cash flow that is left. "
        "The end of the study has a place of its own.",
    )
    return Part(
        "statement",
        "Statement",
        sentences.returns(plan),
        (figure,),
        (
            by_period(
                frames_money.cash_flow(plan), ("line",), "usd", "Cash flow, billion USD, nominal", billions
            ),
        ),
        (
            by_period(
                frames_money.statement_lines(plan, "uses", "sources"),
                ("section", "line"),
                "usd",
                "Sources and uses, billion USD, nominal",
                billions,
            ),
            by_period(
                frames_money.statement_lines(plan, "cash flow", "owners"),
                ("line",),
                "usd",
                "Cash flow line by line, billion USD, nominal",
                billions,
            ),
            plain_table(plan.tables()["returns"], "Net present value and rates of return"),
            plain_table(plan.tables()["source_returns"], "What each source gives and gets, nominal"),
            plain_table(plan.tables()["reconciliation"], "From the discounted cost to the owners"),
        ),
    )
