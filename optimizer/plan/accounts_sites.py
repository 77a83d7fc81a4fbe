"""Land, power and energy of a plan's sites (docs/economics.md, section 8)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.plan.accounts_halls import Capital, Credit, HallTerms, Opex
from optimizer.plan.accounts_supply import BlockTerms
from optimizer.plan.chip_facts import ChipFacts
from optimizer.plan.records import PlanContent, Use
from optimizer.plan.times import Times
from optimizer.plan.wanted import carried_1000km, round_trip_ms
from optimizer.scenario.schema import Scenario, Site, Workload


def opening_period(scenario: Scenario, times: Times, content: PlanContent, site: Site) -> int | None:
    """Period in which a site's land is bought; None where it is not: sunk, or no halls."""
    if site.existing or site.committed:
        return None
    build = times.periods_in(scenario.hall.build_months)
    starts = [
        life.commission - build
        for life in content.lives
        if life.site == site.name and life.origin == "new" and not life.leased
    ]
    return min(starts, default=None)


def land_books(terms: HallTerms, content: PlanContent, site: Site) -> tuple[list[Capital], list[Credit]]:
    """Land: paid when the site opens, worth its price at the end."""
    opened = opening_period(terms.scenario, terms.times, content, site)
    if opened is None or site.land is None or not site.land.usd_per_acre:
        return [], []
    price = site.land.acres * site.land.usd_per_acre
    return [Capital(site.name, "land", "land", opened, price)], [
        Credit(site.name, "residual_land", None, price)
    ]


def power_books(site: str, taken: tuple[BlockTerms, ...]) -> tuple[list[Capital], list[Credit]]:
    """Capital of a path, what parts of it are sold for, and what is left at the end."""
    capital, credits = [], []
    for block in taken:
        for line, flow in block.capital.items():
            capital += [
                Capital(site, "power", line, t, float(flow[t]), (line, t) not in block.replaced)
                for t in map(int, np.flatnonzero(flow))
            ]
        for flow in block.sales.values():
            credits += [Credit(site, "power_sales", int(t), float(flow[t])) for t in np.flatnonzero(flow)]
        credits += [Credit(site, "residual_power", None, usd) for usd in block.residual.values() if usd]
    return capital, credits


def energy_books(
    terms: HallTerms, content: PlanContent, taken: dict[str, tuple[BlockTerms, ...]]
) -> Iterator[Opex]:
    """Energy and carbon by block as billed, and fixed cost of plant and contracts."""
    known = {(site, block.name): block for site, path in taken.items() for block in path}
    for bill in content.billed:
        block = known.get((bill.site, bill.block))
        if block is not None and 0 <= bill.period < terms.times.count:
            t = bill.period
            yield Opex(bill.site, "energy", t, bill.mwh * float(block.usd_per_mwh[t]))
            yield Opex(bill.site, "carbon", t, bill.mwh * float(block.carbon_usd_per_mwh[t]))
    for site, path in taken.items():
        for block in path:
            total = np.sum([*block.fixed_usd.values(), np.zeros(terms.times.count)], axis=0)
            for period in map(int, np.flatnonzero(total)):
                yield Opex(site, "power_fixed", period, float(total[period]))


def lost_share(terms: HallTerms, site: str, workload: Workload) -> float:
    """Share of the time of halls on a site's curtailable tranche that is lost on a workload."""
    place = terms.places.get(site)
    grid = None if place is None else place.site.grid
    if grid is None or grid.curtailable is None:
        return 0.0
    return float(grid.curtailable.hours_per_year / 8760 * (1 - workload.made_up_share))


def racks_at_work(chip: ChipFacts, use: Use) -> int:
    """Racks in a hall at work."""
    return chip.racks(use.it_mw) if use.racks is None else use.racks


def cut_books(terms: HallTerms, content: PlanContent) -> Iterator[Opex]:
    """Stated value of the compute that halls on curtailable tranches lose."""
    workloads = {workload.name: workload for workload in terms.scenario.demand.workloads}
    for cut in content.cuts:
        workload, chip = workloads.get(cut.workload), terms.chips.get(cut.chip)
        if workload is None or chip is None or not 0 <= cut.period < terms.times.count:
            continue
        lost = cut.halls * lost_share(terms, cut.site, workload)
        each = chip.yield_of(racks_at_work(chip, cut), workload, cut.run_on)
        usd = lost * each * workload.cut_usd_per_h100e_hour * terms.times.hours
        yield Opex(cut.site, "curtailed", cut.period, usd)


def serving_books(terms: HallTerms, content: PlanContent) -> Iterator[Opex]:
    """Cost of carrying work between sites and regions."""
    scenario = terms.scenario
    regions = {region.name: region for region in scenario.demand.regions}
    workloads = {workload.name: workload for workload in scenario.demand.workloads}
    for given in content.served:
        workload, region = workloads.get(given.workload), regions.get(given.region)
        if workload is None or region is None or given.site not in terms.places:
            continue
        away = carried_1000km(round_trip_ms(terms.places[given.site].site, region))
        usd = given.amount * away * workload.serving_usd_per_h100e_hour_1000km * terms.times.hours
        yield Opex(given.site, "serving", given.period, usd)
