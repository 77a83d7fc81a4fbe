"""The page's sections: which figures and tables stand where, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from optimizer.plan import Plan
from optimizer.report import assumptions, charts, frames, wording
from optimizer.report.dispatch_week import dispatch_week, shown_site, week_chart
from optimizer.report.map import map_chart
from optimizer.report.part import Figure, Part, Tile, drawn
from optimizer.report.published import BERNSTEIN_BILL, BERNSTEIN_USD_BN, CAPITAL_PER_GW
from optimizer.report.tables import Table, billions, by_period, plain_table


def tiles(plan: Plan) -> tuple[Tile, ...]:
    """The plan in a few figures."""
    places = frames.places(plan)
    used = places[places["it_mw"] > 0]
    by_site = frames.it_by_site(plan)
    last = frames.last_planning_period(plan)
    capital = float(frames.capex(plan)["usd"].sum())
    aim, metric = plan.aim, plan.scenario.demand.metric
    return (
        Tile(
            "IT power",
            f"{wording.number(float(by_site.loc[by_site['period'] == last, 'it_mw'].sum()) / 1000)} GW",
            f"in operation in the half-year from {last}"
            if plan.scenario.horizon.months_per_period == 6
            else f"in operation in the period from {last}",
        ),
        Tile("Sites", f"{len(used)} of {len(places)}", "offers that the plan uses"),
        Tile("Capital", wording.usd(capital), "until the end of the study, refresh included"),
        Tile(
            wording.aim_name(aim).capitalize(),
            wording.objective(plan.objective, aim, metric),
            "the objective, credit for residual value in" if aim == "cost" else "the objective",
        ),
        Tile(
            "Gap",
            wording.percent(plan.gap),
            f"no plan {wording.better(aim)} {wording.objective(plan.bound, aim, metric)}",
        ),
    )


def parts(plan: Plan) -> tuple[Part, ...]:
    """All sections, in the order of the page."""
    if not plan.content.lives:
        idle = _map(plan)
        return (
            replace(idle, texts=("The plan builds nothing, and no hall stands already.",)),
            *(part(plan) for part in (_demand, _assumptions, _reading)),
        )
    makers: tuple[Callable[[Plan], Part], ...] = (
        _map,
        _timeline,
        _money,
        _sources,
        _power,
        _demand,
        _capital,
        _assumptions,
        _reading,
    )
    return tuple(part(plan) for part in makers)


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
            plain_table(tables["builds"], "Every start, refresh and retirement"),
            plain_table(tables["chips_bought"], "Chips bought"),
        ),
    )


def _money(plan: Plan) -> Part:
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
            charts.waterfall,
            "waterfall",
            "From cost lines to the total",
            "Every line of the cost, discounted to the start of the horizon, billion dollars; credits "
            "lower the total.",
        ),
    )
    return Part(
        "money",
        "What it costs",
        figures=figures,
        tables=(
            by_period(
                frames.capex(plan),
                ("asset_class",),
                "usd",
                "Capital by class, billion USD",
                billions,
                total=True,
            ),
        ),
        folded=(plain_table(frames.cost_lines(plan), "Cost by line, discounted"),),
    )


def _sources(plan: Plan) -> Part:
    draws = frames.draws(plan)
    if not len(draws):
        return Part(
            "sources",
            "Whose money pays",
            texts=(
                "The scenario names no sources: all money comes at the weighted average cost of capital.",
            ),
        )
    figure = drawn(
        plan,
        charts.sources,
        "sources-chart",
        "Money by source",
        "Draws by source and period, billion dollars.",
    )
    return Part(
        "sources",
        "Whose money pays",
        figures=(figure,),
        tables=(
            by_period(draws, ("source", "asset_class"), "usd", "Draws, billion USD", billions, total=True),
        ),
    )


def _power(plan: Plan) -> Part:
    tables = plan.tables()
    figures = [
        drawn(
            plan,
            charts.energy,
            "energy",
            "Energy by source",
            "Energy by source and period, GWh, until the end of the study.",
        )
    ]
    site = shown_site(plan)
    if site is not None:
        week = dispatch_week(plan, site)
        figures.append(
            drawn(
                plan,
                lambda _, width: week_chart(week, width),
                "dispatch",
                f"A week of {site}",
                f"Sources of {site} by the hour at the load that its path ({plan.content.paths[site]}) carries, MW, in the week "
                "in which plant and battery give most; the dark line is the load, charging stands below the axis.",
            )
        )
    ways = frames.ways_to_power(plan)
    texts: tuple[str, ...] = ()
    if len(ways):
        texts = (
            "Cost alone (LCOE) and cost with the value of the compute that waits for power need not agree: the first names the "
            "cheapest megawatt-hour, the second what the compute is worth meanwhile.",
        )
    return Part(
        "power",
        "Power, energy and water",
        texts=texts,
        figures=tuple(figures),
        tables=(
            plain_table(frames.supply_taken(plan), "Supply of each site in the last planning period"),
            *((plain_table(ways, "Ways to power at sites that have a choice"),) if len(ways) else ()),
        ),
        folded=(
            plain_table(frames.efficiency(plan), "Designs in the plan: a hall over a year"),
            plain_table(tables["power"], "Power and energy by site and period"),
        ),
    )


def _demand(plan: Plan) -> Part:
    wanted = plan.tables()["demand"]
    if not len(wanted):
        return Part("demand", "Demand", texts=("The scenario asks for no compute.",))
    figure = drawn(
        plan,
        charts.demand,
        "demand-chart",
        "Compute wanted and served",
        "Bars: compute served in the planning periods; ticks: compute wanted.",
    )
    return Part(
        "demand", "Demand", figures=(figure,), folded=(plain_table(wanted, "Demand by region and workload"),)
    )


def _capital(plan: Plan) -> Part:
    bill = plan.tables()["capital_bill"]
    published = tuple(
        (item.who, item.span, item.gigawatt or "not said", item.basis, item.source) for item in CAPITAL_PER_GW
    )
    figures: tuple[Figure, ...] = ()
    beside: tuple[Table, ...] = ()
    if len(bill):
        figures = (
            drawn(
                plan,
                charts.per_gigawatt,
                "per-gigawatt",
                "Capital of a gigawatt beside published figures",
                "Billion dollars a gigawatt. A bar with a pale end is a span.",
            ),
        )
        beside = (_beside_bernstein(bill),)
    return Part(
        "capital",
        "Capital per gigawatt",
        texts=(
            "A gigawatt of IT and a gigawatt of facility are not the same gigawatt: the facility's holds "
            "cooling and losses too. Both are given; compare like with like.",
        ),
        figures=figures,
        tables=(plain_table(bill, "The plan's bill", total=bool(len(bill))), *beside),
        folded=(
            Table(
                "Published figures and their sources",
                ("who", "bn USD per GW", "of", "what is in", "source"),
                published,
                frozenset({1}),
            ),
        ),
    )


def _beside_bernstein(bill: Any) -> Table:
    """The plan's lines a gigawatt of facility beside Bernstein's bill for GB200 [billion USD]."""
    own = bill.set_index("line")["usd_per_gw_facility"] / 1e9
    rows = []
    for line, share, mine in BERNSTEIN_BILL:
        rows.append((line, sum(float(own.get(name, 0.0)) for name in mine), share * BERNSTEIN_USD_BN))
    named = (sum(row[1] for row in rows), sum(row[2] for row in rows))
    rows.append(
        ("shell, land, labour and the rest", float(own["total"]) - named[0], BERNSTEIN_USD_BN - named[1])
    )
    rows.append(("total", float(own["total"]), BERNSTEIN_USD_BN))
    return Table(
        "Beside Bernstein's bill for GB200, billion USD per GW of facility",
        ("line", "this plan", "Bernstein"),
        tuple((line, f"{mine:.2f}", f"{theirs:.2f}") for line, mine, theirs in rows),
        frozenset({1, 2}),
        total=True,
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
