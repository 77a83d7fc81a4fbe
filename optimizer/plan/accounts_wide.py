"""Money that belongs to no hall: own chips, sales tax that comes back, leased compute (docs/economics.md, sections 5 and 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from optimizer.plan.accounts_halls import Capital, HallTerms, Opex
from optimizer.plan.records import Contract, PlanContent
from optimizer.plan.times import Times
from optimizer.plan.wanted import carried_1000km, round_trip_between_ms
from optimizer.scenario.schema import Lease


def own_chips(terms: HallTerms, content: PlanContent) -> list[Capital]:
    """Development of own chips, paid once."""
    found = []
    for chip in content.developed:
        if chip in terms.chips and terms.chips[chip].settings.development_usd:
            own = terms.chips[chip].settings
            t = 0 if own.development_from is None else terms.times.period_of(own.development_from)
            at = min(t, terms.times.count - 1)
            found.append(Capital("", "chips", "development", at, float(own.development_usd or 0), True, chip))
    return found


def tax_back(content: PlanContent, of_halls: list[Capital]) -> list[Capital]:
    """Sales tax that comes back to exempt sites, of first builds and of refreshes apart as it was paid."""
    paid: dict[tuple[str, str, int, bool], float] = defaultdict(float)
    for item in of_halls:
        if item.line == "sales_tax":
            paid[item.site, item.asset_class, item.period, item.first] += item.usd
    found = []
    for back in content.rebates:
        key = (back.site, back.asset_class, back.period)
        later = paid[*key, False]
        whole = paid[*key, True] + later
        share = later / whole if whole else 0.0
        parts = ((True, 1 - share), (False, share))
        found += [
            Capital(*key[:2], "sales_tax_back", back.period, -part * back.usd, first)
            for first, part in parts
            if part
        ]
    return found


def rent_at(lease: Lease, times: Times, first: int) -> float:
    """Price of a unit for an hour in a contract signed in a period."""
    since = max(0.0, float(times.year[first]) - min(lease.available) / 12)
    return float(lease.usd_per_h100e_hour * (1 - lease.price_decline_per_year) ** since)


def exit_months(lease: Lease, times: Times, contract: Contract) -> float:
    """Months of the price that leaving a contract early costs."""
    term = max(1, times.periods_in(lease.months))
    left = (contract.first + term - contract.end) * times.step
    return max(0.0, min(lease.exit_fee_months, left)) if contract.end < times.count else 0.0


def lease_books(terms: HallTerms, content: PlanContent) -> Iterator[Opex]:
    """Rent of leased compute, less what need not be paid for idle compute; fees of exits; serving."""
    times, leases = terms.times, {lease.name: lease for lease in terms.scenario.leases}
    for contract in content.contracts:
        lease = leases.get(contract.lease)
        if lease is None:
            continue
        each = contract.amount * rent_at(lease, times, contract.first)
        for t in range(contract.first, min(contract.end, times.count)):
            yield Opex(lease.name, "lease", t, each * times.hours)
        fee = each * times.hours / times.step * exit_months(lease, times, contract)
        if fee:
            yield Opex(lease.name, "lease_exit", contract.end, fee)
    for idle in content.idle:
        lease = leases.get(idle.lease)
        if lease is not None:
            saved = idle.amount * rent_at(lease, times, idle.first) * (1 - lease.take_or_pay)
            yield Opex(lease.name, "lease", idle.period, -saved * times.hours)
    regions = {region.name: region for region in terms.scenario.demand.regions}
    workloads = {workload.name: workload for workload in terms.scenario.demand.workloads}
    for given in content.served:
        lease, region = leases.get(given.site), regions.get(given.region)
        if lease is None or region is None or lease.lat is None or lease.lon is None:
            continue
        trip = round_trip_between_ms(lease.lat, lease.lon, region)
        price = workloads[given.workload].serving_usd_per_h100e_hour_1000km
        yield Opex(
            lease.name, "serving", given.period, given.amount * carried_1000km(trip) * price * times.hours
        )
