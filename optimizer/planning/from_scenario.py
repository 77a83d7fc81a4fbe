"""Planning arrays of a scenario: demand by region and latency, limits, money."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.data import Curtailment, Jobs, Periods, PlanningData, PowerLimits, Services, Sites
from optimizer.planning.leases import lease_terms
from optimizer.planning.sources import source_terms
from optimizer.planning.stocks import developments_of, exemptions_of, stocks_of
from optimizer.programmes.calendar import Calendar
from optimizer.programmes.demand import demand_by_period
from optimizer.programmes.halls import HallColumns
from optimizer.programmes.paths import SupplyPaths
from optimizer.programmes.tax import after_tax
from optimizer.scenario.latency import carried_1000km, round_trip_ms
from optimizer.scenario.schema import Region, Scenario, aim_of, is_flexible, revenue_path, unserved_price

Floats = NDArray[np.float64]

HOURS_PER_YEAR = 8760.0


def planning_data(
    scenario: Scenario, columns: HallColumns, paths: SupplyPaths, calendar: Calendar
) -> PlanningData:
    """All that the model needs, from a scenario and its columns."""
    money = scenario.money
    hours = calendar.hours
    services = _services(scenario, calendar)
    prices = revenue_path(money)
    revenue = np.zeros(calendar.periods) if prices is None else calendar.steps(prices)
    return PlanningData(
        aim=aim_of(scenario.objective),
        periods=Periods(
            planning=calendar.planning,
            hours=hours,
            years=calendar.period_years,
            discount=calendar.discount,
            deflator=calendar.deflator,
            discount_end=calendar.discount_end,
        ),
        sites=_sites(scenario),
        programmes=columns.programmes,
        pools=columns.pools,
        paths=paths,
        services=services,
        jobs=_jobs(scenario, calendar),
        curtailment=_curtailment(scenario, calendar),
        power_limits=_power_limits(scenario, paths, calendar),
        n_blocks=len(columns.blocks),
        floor_mw=calendar.steps(scenario.demand.min_it_mw)[: calendar.planning],
        starts_max=scenario.hall.max_starts,
        racks_max=_racks_max(scenario, columns, calendar),
        sources=source_terms(scenario, calendar),
        budget_usd=money.budget_usd,
        revenue_usd_per_unit=revenue * hours,
        stocks=stocks_of(scenario, columns, calendar),
        developments=developments_of(scenario, columns.chips, calendar),
        exemptions=exemptions_of(scenario, calendar),
        leases=lease_terms(scenario, services, calendar),
        operating_weight=after_tax(scenario, calendar).operating,
        bounds=_bounds(scenario, calendar),
        target_mw=scenario.demand.target_it_mw,
    )


def _bounds(scenario: Scenario, calendar: Calendar) -> dict[str, float]:
    """Bounds by aim, in the aim's own unit; the date in years until the first period's start that keeps it."""
    own = scenario.bounds
    given = {
        "cost": own.max_cost_usd,
        "carbon": own.max_co2_t,
        "water": own.max_water_m3,
        "compute": own.min_h100e_hours,
    }
    found = {name: value for name, value in given.items() if value is not None}
    if own.target_by is not None:
        found["date"] = calendar.period_of(own.target_by) * calendar.period_years
    return found


def _sites(scenario: Scenario) -> Sites:
    most, opening, water = [], [], []
    for site in scenario.sites:
        limit = math.inf if site.max_it_mw is None else site.max_it_mw
        land = site.land
        if land is not None:
            limit = min(limit, land.acres / land.acres_per_mw)
        most.append(limit)
        sunk = bool(site.existing or site.committed) or land is None
        opening.append(0.0 if sunk or land is None else land.acres * land.usd_per_acre)
        ceiling = site.water.max_m3_per_year
        water.append(math.inf if ceiling is None else ceiling)
    return Sites(
        name=tuple(site.name for site in scenario.sites),
        halls_mw_max=np.array(most),
        starts_max=scenario.hall.max_starts_per_site,
        opening_usd=np.array(opening),
        water_max_m3_per_year=np.array(water),
    )


def _services(scenario: Scenario, calendar: Calendar) -> Services:
    demand = scenario.demand
    regions: list[str] = []
    workloads, paths, reach, serving, unserved = [], [], [], [], []
    lat = np.array([site.lat for site in scenario.sites])
    lon = np.array([site.lon for site in scenario.sites])
    price = scenario.money.unserved_usd_per_h100e_hour
    for w, workload in enumerate(demand.workloads):
        total = demand_by_period(scenario, workload, calendar)
        own = unserved_price(price, workload)
        able = _in_countries(scenario, workload.served_from)
        if workload.max_rtt_ms is None:
            places: list[tuple[Region | None, float]] = [(None, 1.0)]
        else:
            shares = workload.shares or {r.name: 1 / len(demand.regions) for r in demand.regions}
            places = [(r, shares[r.name]) for r in demand.regions if shares.get(r.name)]
        for region, share in places:
            workloads.append(w)
            paths.append(total * share)
            unserved.append(np.nan if own is None else own * calendar.hours)
            if region is None or workload.max_rtt_ms is None:
                regions.append("")
                reach.append(able)
                serving.append(np.zeros(len(lat)))
                continue
            regions.append(region.name)
            trip = round_trip_ms(lat, lon, np.array(region.lat), np.array(region.lon))
            reach.append(able & (trip <= workload.max_rtt_ms) & _in_countries(scenario, region.served_from))
            serving.append(carried_1000km(trip) * workload.serving_usd_per_h100e_hour_1000km * calendar.hours)
    return Services(
        region=tuple(regions),
        workload=np.array(workloads, dtype=np.int32),
        workload_names=tuple(w.name for w in demand.workloads),
        demand=np.array(paths).reshape(len(regions), calendar.periods),
        reach=np.array(reach, dtype=bool).reshape(len(regions), len(lat)).T,
        serving_usd=np.array(serving).reshape(len(regions), len(lat)).T,
        unserved_usd=np.array(unserved, dtype=float),
    )


def _in_countries(scenario: Scenario, countries: tuple[str, ...] | None) -> NDArray[np.bool_]:
    """Whether each site lies in one of the countries, shape (S,)."""
    return np.array([countries is None or site.country in countries for site in scenario.sites], dtype=bool)


def _curtailment(scenario: Scenario, calendar: Calendar) -> Curtailment:
    tranches = [None if site.grid is None else site.grid.curtailable for site in scenario.sites]
    hours = [0.0 if tranche is None else tranche.hours_per_year for tranche in tranches]
    workloads = scenario.demand.workloads
    return Curtailment(
        lost_share=np.array(hours) / HOURS_PER_YEAR,
        made_up=np.array([w.made_up_share for w in workloads]),
        cut_usd=np.array([w.cut_usd_per_h100e_hour for w in workloads]) * calendar.hours,
        flexible=np.array([is_flexible(w) for w in workloads], dtype=bool),
    )


def _power_limits(scenario: Scenario, paths: SupplyPaths, calendar: Calendar) -> PowerLimits:
    power = scenario.power
    units = np.zeros((len(paths.technology), calendar.planning))
    for k, technology in enumerate(paths.technology):
        for month, count in power.unit_slots[technology].items():
            units[k, calendar.period_of(month) :] += count
    co2 = np.full(calendar.periods, np.inf)
    if power.max_co2_t_per_year:
        asked = calendar.period_of(min(power.max_co2_t_per_year))
        co2[asked:] = calendar.steps(power.max_co2_t_per_year)[asked:] * calendar.period_years
    return PowerLimits(units, calendar.steps(power.clean_share), co2)


def _jobs(scenario: Scenario, calendar: Calendar) -> Jobs:
    names = [workload.name for workload in scenario.demand.workloads]
    jobs = scenario.demand.jobs
    names_of_jobs = [job.workload for job in jobs]
    general = scenario.money.unserved_usd_per_h100e_hour
    prices = {w.name: unserved_price(general, w) for w in scenario.demand.workloads}
    served_from = {w.name: w.served_from for w in scenario.demand.workloads}
    first = [calendar.period_of(job.from_) for job in jobs]
    end = [
        min(calendar.periods, at + calendar.whole_periods(job.months))
        for at, job in zip(first, jobs, strict=True)
    ]
    return Jobs(
        name=tuple(job.name for job in jobs),
        workload=np.array([names.index(job.workload) for job in jobs], dtype=np.int32),
        amount=np.array([job.h100e for job in jobs], dtype=float),
        first=np.array(first, dtype=np.int32),
        end=np.array(end, dtype=np.int32),
        missed_usd=np.array(
            [np.nan if own is None else own * calendar.hours for own in map(prices.get, names_of_jobs)],
            dtype=float,
        ),
        reach=np.array([_in_countries(scenario, served_from[name]) for name in names_of_jobs], dtype=bool)
        .reshape(len(jobs), len(scenario.sites))
        .T,
    )


def _racks_max(scenario: Scenario, columns: HallColumns, calendar: Calendar) -> Floats:
    limits = np.full((len(columns.chips), calendar.planning), np.inf)
    for g, chip in enumerate(columns.chips):
        deliveries = scenario.chips.supply_racks.get(chip.id)
        if deliveries is None:
            continue
        limits[g] = 0.0
        for month, racks in deliveries.items():
            limits[g, calendar.period_of(month) :] += racks
    return limits
