"""The page's sections: which figures and tables stand where, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from optimizer.plan import Plan
from optimizer.report import assumptions, charts, charts_work, frames, frames_work, sentences, wording
from optimizer.report import parts_capital as of_capital
from optimizer.report import parts_limits as of_limits
from optimizer.report import parts_money as of_money
from optimizer.report import parts_power as of_power
from optimizer.report import parts_work as of_work
from optimizer.report.map import map_chart
from optimizer.report.part import Part, drawn
from optimizer.report.summary import decision
from optimizer.report.tables import Table, by_period, plain_table


def parts(plan: Plan) -> tuple[Part, ...]:
    """All sections, in the order of the page; those without content are left out."""
    if not plan.content.lives:
        idle = _map(plan)
        return _there(
            replace(idle, texts=("The plan builds nothing, and no hall stands already.",)),
            of_work.demand(plan),
            of_work.leases(plan),
            of_money.statement(plan) if plan.content.contracts else None,
            of_limits.limits(plan),
            _assumptions(plan),
            _reading(plan),
        )
    makers: tuple[Callable[[Plan], Part | None], ...] = (
        _map,
        _timeline,
        _idle_power,
        of_work.demand,
        of_work.leases,
        of_power.power,
        of_power.carbon,
        of_money.cost,
        of_money.compute,
        of_money.sources,
        of_money.statement,
        of_limits.limits,
        of_capital.capital,
        _assumptions,
        _reading,
    )
    return _there(*(part(plan) for part in makers))


def _there(*found: Part | None) -> tuple[Part, ...]:
    return tuple(part for part in found if part is not None)


def _map(plan: Plan) -> Part:
    places = frames.places(plan)
    used = places[places["it_mw"] > 0]
    idle = places[places["it_mw"] <= 0]
    figure = drawn(
        plan,
        map_chart,
        "map",
        "Map of the sites",
        f"Circles: the {len(used)} sites of the plan, area by IT megawatts, named or numbered as in the table. "
        f"Grey dots: {len(idle)} offers that the plan leaves.",
    )
    return Part(
        "map",
        "Where",
        (decision(plan),),
        figures=(figure,),
        tables=(plain_table(used, "Sites of the plan", ("rank", "site", "it_mw", "partners")),),
        folded=(plain_table(idle, f"{len(idle)} offers that the plan leaves", ("site", "lat", "lon")),),
    )


def _timeline(plan: Plan) -> Part:
    tables = plan.tables()
    figures = (
        drawn(
            plan,
            charts.timeline,
            "timeline",
            "IT power against the floor",
            "IT megawatts in operation by site; dark lines: the least that the scenario asks for. The label is "
            "a period's first month.",
        ),
        drawn(
            plan,
            charts.chips,
            "chips",
            "IT power by chips",
            "IT megawatts in operation by chip generation, until the end of the study.",
        ),
        drawn(
            plan,
            charts.sites,
            "sites",
            "IT power by site",
            "IT megawatts in operation, site by planning period; the stronger the colour, the more.",
        ),
    )
    return Part(
        "timeline",
        "When and with what",
        figures=figures,
        tables=(
            by_period(
                frames.planning_only(plan, frames.it_by_site(plan)),
                ("site",),
                "it_mw",
                "IT MW by site",
                total=True,
            ),
        ),
        folded=(
            plain_table(frames.steps(plan), "What each period adds"),
            plain_table(tables["builds"], "Every start, refresh and retirement"),
            plain_table(tables["chips_bought"], "Chips bought"),
        ),
    )


def _idle_power(plan: Plan) -> Part | None:
    """Power of halls that denser racks outgrow; None where there is none."""
    frame = frames_work.stranded(plan)
    if not len(frame):
        return None
    figure = drawn(
        plan,
        charts_work.stranded,
        "idle-power-chart",
        "Power of halls that denser racks outgrow",
        "IT megawatts of these sites by period: in operation, and idle for want of room.",
    )
    return Part(
        "idle-power",
        "Power that racks leave idle",
        (sentences.stranded(plan),),
        (figure,),
        (by_period(frame, ("site",), "stranded_mw", "Idle MW by site", total=True),),
        (plain_table(frame, "Power of these halls and what is idle of it"),),
    )


def _assumptions(plan: Plan) -> Part:
    scenario = assumptions.of_scenario(plan)
    catalog = assumptions.of_catalog(plan)
    return Part(
        "assumptions",
        "What is assumed",
        texts=(
            f"{len(scenario)} entries of the scenario say that they are assumptions, and {len(catalog)} "
            "figures of the "
            "catalog that enter are marked as weak. A decision should not hang on one of them alone.",
        ),
        folded=(
            Table(
                "Assumptions of the scenario",
                ("entry", "what it says"),
                tuple((item.where, item.source) for item in scenario),
            ),
            Table(
                "Weak figures of the catalog",
                ("figure", "value", "source"),
                tuple((item.where, item.value, item.source) for item in catalog),
            ),
        ),
    )


def _reading(plan: Plan) -> Part:
    scenario = plan.scenario
    aim = wording.does_best(plan.aim)
    return Part(
        "reading",
        "How to read this page",
        texts=(
            f"The plan says how many halls of {wording.number(scenario.hall.it_mw)} MW IT are started at "
            "which site in "
            "which period, with which cooling and chips, and what follows when the chips' life ends. Of "
            "all plans "
            f"that keep the scenario's limits it {aim}, up to the gap.",
            "The bound is proven by the solver: no plan can be better than it. The gap is the distance "
            "between this "
            "plan and the bound, relative to the plan. Status: " + wording.status(plan.status) + ".",
            "Verified means that a second programme, which shares no code with the planner, has recomputed "
            "every limit "
            "and every dollar from the scenario and agrees.",
            "IT megawatts are the power of the computers; facility megawatts hold cooling and losses too. "
            "PUE is the "
            "second over the first as yearly energy, peak PUE in the worst hour. WUE is litres of water "
            "per kWh of IT "
            f"energy. Compute is counted in {wording.compute_unit(scenario.demand.metric)}; one H100e is "
            "one NVIDIA "
            "H100 at dense BF16.",
            "Every figure on this page is in the tables of the run directory (tables/*.csv, plan.xlsx) and "
            "follows "
            "from plan.json, which holds the whole scenario; `optimizer verify` repeats the check.",
        ),
    )
