"""Sections on work: demand, jobs, which chips do which work, leased compute."""

from __future__ import annotations

from optimizer.plan import Plan
from optimizer.report import charts, charts_work, frames_work, sentences, wording
from optimizer.report.part import Part, drawn
from optimizer.report.tables import Table, by_period, plain_table

_CONTRACT = {"usd_per_unit_hour": "USD an hour", "usd": "rent owed [USD]"}
_BY_PERIOD = {
    "rent_usd": "rent [USD]",
    "idle_usd": "of it for idle compute [USD]",
    "exit_usd": "exit fees [USD]",
}


def demand(plan: Plan) -> Part:
    """Compute wanted and served, jobs, and the chips that do the work."""
    tables = plan.tables()
    wanted, jobs = tables["demand"], tables["jobs"]
    if not len(wanted):
        return Part("demand", "Demand", texts=("The scenario asks for no compute.",))
    unit = wording.compute_unit(plan.scenario.demand.metric)
    texts = [sentences.demand(plan)]
    figures = [
        drawn(
            plan,
            charts.demand,
            "demand-chart",
            "Compute wanted and served",
            "Bars: compute served in the planning periods; ticks: compute wanted.",
        )
    ]
    shown: list[Table] = []
    folded = [plain_table(wanted, "Demand by region and workload")]
    if len(jobs):
        texts.append(sentences.jobs(plan))
        shown.append(plain_table(frames_work.jobs(plan), f"Training runs of one site, compute in {unit}"))
    if len(tables["work"]):
        texts += [text for text in (sentences.moved(plan),) if text]
        figures.append(
            drawn(
                plan,
                charts_work.work,
                "work",
                "Work by chips",
                "Compute at work on average over a period, by workload and chip generation, until the end of the study; "
                "jobs are in it, leased compute is not.",
            )
        )
        title = f"Compute at work by workload and chips, {unit}"
        folded.append(
            by_period(frames_work.work_by_chip(plan), ("workload", "chip"), "amount", title, wording.number)
        )
    return Part("demand", "Demand and work", tuple(texts), tuple(figures), tuple(shown), tuple(folded))


def leases(plan: Plan) -> Part | None:
    """Leased compute and developers' halls; None where neither is on offer and taken."""
    texts = sentences.leases(plan)
    if not texts:
        return None
    tables = plan.tables()
    if not len(tables["leases"]):
        return Part("leases", "Leases", texts)
    unit = wording.compute_unit(plan.scenario.demand.metric)
    figure = drawn(
        plan,
        charts_work.leases,
        "leases-chart",
        "Leased compute",
        "Compute under contract by period: at work, and idle.",
    )
    return Part(
        "leases",
        "Leases",
        texts,
        (figure,),
        (plain_table(frames_work.contracts(plan), f"Contracts signed, compute in {unit}", said=_CONTRACT),),
        (plain_table(tables["leases_by_period"], f"Leased compute by period, {unit}", said=_BY_PERIOD),),
    )
