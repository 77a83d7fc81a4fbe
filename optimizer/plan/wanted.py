"""Compute that workloads want and how far it is carried, written from docs/economics.md, section 9."""

from __future__ import annotations

import math

import numpy as np

from optimizer import catalog
from optimizer.plan.chip_facts import processor_units
from optimizer.plan.times import Floats, Times
from optimizer.scenario.schema import Region, Scenario, Site, Workload, shocks_of, work_kind

EARTH_KM = 6371.0
_PER_UNIT = {"h100e": 989.5e12, "h100e_8bit": 1979e12, "pflops": 1e15}  # dense operations a second


def wanted(scenario: Scenario, workload: Workload, t: Times) -> Floats:
    """Compute of a workload over all regions, shape (T,) [unit of demand.metric]."""
    by_period = np.zeros(t.count)
    for period in range(t.count):
        at = min(period, t.planning - 1)
        reached = [month for month in workload.path if t.period_of(month) <= at]
        if not reached:
            continue
        since = max(0.0, float(t.year[at]) - max(reached) / 12)
        grown = workload.path[max(reached)] * (1 + workload.growth_per_year) ** since
        gain = workload.efficiency_gain_per_year**since
        compute = grown / gain * gain**workload.elasticity
        for shock in shocks_of(scenario.demand, workload):
            if t.period_of(shock.date) <= at:
                power = workload.elasticity if shock.elasticity is None else shock.elasticity
                compute = compute / shock.factor * shock.factor**power
        by_period[period] = compute
    return by_period * _units_each(scenario, workload)


def _units_each(scenario: Scenario, workload: Workload) -> float:
    """Units of demand.metric that one unit of a workload's path stands for."""
    if workload.unit == "metric":
        return 1.0
    if workload.unit == "cpu_chips":
        return processor_units(workload, scenario.demand.metric)
    kind = work_kind(workload)
    used = catalog.chip("arm_cpu_rack" if kind == "cpu" else "h100_sxm").utilisation[kind]
    useful = _PER_UNIT[scenario.demand.metric] * used
    each = 1e15 if workload.unit == "useful_pflops" else workload.flop_per_token
    assert each is not None  # the scenario's checks ask for it
    return each / useful


def carried_1000km(trip_ms: float) -> float:
    """Great-circle distance behind a round trip [1000 km]."""
    return (trip_ms - 5) * 200 / (2 * 1.4) / 1000


def round_trip_ms(site: Site, region: Region) -> float:
    """Round trip between a site and a region."""
    return round_trip_between_ms(site.lat, site.lon, region)


def round_trip_between_ms(lat: float, lon: float, region: Region) -> float:
    """Round trip over fibre: 1.4 times the great circle at 200 km a millisecond, and 5 ms in equipment."""
    a, b = math.radians(lat), math.radians(region.lat)
    across = math.sin(math.radians(region.lon - lon) / 2)
    chord = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * across**2
    km = 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))
    return 2 * 1.4 * km / 200 + 5
