"""Leased compute of a scenario in the model's terms: offers, contracts that could be signed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.data import Services
from optimizer.planning.shared import LeaseTerms
from optimizer.programmes.calendar import Calendar
from optimizer.scenario.latency import carried_1000km, round_trip_ms
from optimizer.scenario.schema import Lease, Scenario, Workload, work_kind


def lease_terms(scenario: Scenario, services: Services, calendar: Calendar) -> LeaseTerms:
    """Offers and contracts of all leases of a scenario."""
    offers = scenario.leases
    most = np.array([calendar.steps(lease.available) for lease in offers]).reshape(-1, calendar.periods)
    contracts: list[tuple[int, int, int, float, float, float]] = []
    for i, lease in enumerate(offers):
        contracts += _contracts(i, lease, most[i] > 0, calendar)
    reach = np.zeros((len(offers), len(services.region)), dtype=bool)
    serving = np.zeros(reach.shape)
    for i, lease in enumerate(offers):
        for d, region in enumerate(services.region):
            workload = scenario.demand.workloads[services.workload[d]]
            reach[i, d], serving[i, d] = _serves(scenario, lease, workload, region)
    columns = list(zip(*contracts, strict=True)) if contracts else [()] * 6
    return LeaseTerms(
        name=tuple(lease.name for lease in offers),
        most=most,
        reach=reach,
        serving_usd=serving * calendar.hours,
        lease=np.array(columns[0], dtype=np.int32),
        first=np.array(columns[1], dtype=np.int32),
        end=np.array(columns[2], dtype=np.int32),
        usd=np.array(columns[3], dtype=float),
        fee_usd=np.array(columns[4], dtype=float),
        take=np.array(columns[5], dtype=float),
    )


def _contracts(
    i: int, lease: Lease, on_offer: NDArray[np.bool_], calendar: Calendar
) -> list[tuple[int, int, int, float, float, float]]:
    """Contracts signed in any planning period that end early, at their term, or with the study."""
    first_month = min(lease.available)
    term = max(1, calendar.whole_periods(lease.months))
    year = max(1, 12 // calendar.months_per_period)
    found = []
    for k in np.flatnonzero(on_offer[: calendar.planning]):
        first = int(k)
        since = max(0.0, float(calendar.year[first]) - first_month / 12)
        price = lease.usd_per_h100e_hour * (1 - lease.price_decline_per_year) ** since * calendar.hours
        ends = {min(first + term, calendar.periods), calendar.periods}
        if lease.exit_after_months is not None:
            earliest = first + max(1, calendar.whole_periods(lease.exit_after_months))
            ends |= set(range(earliest, min(first + term, calendar.periods), year))
        for end in sorted(ends):
            left = max(0, first + term - end) * calendar.months_per_period
            fee = price * min(lease.exit_fee_months, left) / calendar.months_per_period
            found.append((i, first, end, price, fee if end < calendar.periods else 0.0, lease.take_or_pay))
    return found


def _serves(scenario: Scenario, lease: Lease, workload: Workload, region: str) -> tuple[bool, float]:
    """Whether a lease may serve a workload in a region, and the cost of carrying a unit for an hour."""
    if lease.workloads is None:
        able = work_kind(workload) != "cpu"
    else:
        able = workload.name in lease.workloads
    able &= workload.served_from is None or lease.country in workload.served_from
    if not region or workload.max_rtt_ms is None:
        return able, 0.0
    if lease.lat is None or lease.lon is None:
        return False, 0.0
    place = next(r for r in scenario.demand.regions if r.name == region)
    able &= place.served_from is None or lease.country in place.served_from
    trip = round_trip_ms(*(np.array(v) for v in (lease.lat, lease.lon, place.lat, place.lon)))
    carried = float(carried_1000km(trip)) * workload.serving_usd_per_h100e_hour_1000km
    return able and bool(trip <= workload.max_rtt_ms), carried
