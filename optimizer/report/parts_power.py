"""Sections on power, energy, water and carbon."""

from __future__ import annotations

from optimizer.plan import Plan
from optimizer.report import charts, charts_work, frames, frames_work, sentences, wording
from optimizer.report.dispatch_week import dispatch_week, shown_site, week_chart
from optimizer.report.part import Part, drawn
from optimizer.report.tables import by_period, plain_table


def power(plan: Plan) -> Part:
    """What each site's path carries, and which ways there were."""
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


def carbon(plan: Plan) -> Part:
    """CO2 of energy beside that of making chips and halls."""
    figure = drawn(
        plan,
        charts_work.carbon,
        "carbon-chart",
        "CO₂ by period",
        "Thousand tonnes of CO₂ by period, until the end of the study: of the energy billed, by location, and of making "
        "the chips and halls that are bought and built in it.",
    )
    kilotonnes = by_period(frames_work.carbon(plan), ("kind",), "kt", "CO₂, kt", wording.number, total=True)
    return Part("carbon", "Carbon", (sentences.carbon(plan),), (figure,), folded=(kilotonnes,))
