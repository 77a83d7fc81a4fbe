"""Tables of what is counted beside money: power that racks strand, carbon of making, leased compute."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_wide import rent_at
from optimizer.plan.records import PlanContent
from optimizer.plan.tables_decisions import frame


def stranded(accounts: Accounts) -> Any:
    """IT power of running halls that no rack uses: site, period, hall_mw (nameplate), stranded_mw, share."""
    sums: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for book in accounts.halls:
        for stage in book.life.stages:
            for t in range(stage.first, min(stage.end, accounts.times.count)):
                entry = sums[t, book.life.site]
                entry[0] += book.life.it_mw * book.life.halls
                entry[1] += float(book.stranded_mw[t])
    rows = [
        (site, accounts.labels[t], hall_mw, lost, lost / hall_mw)
        for (t, site), (hall_mw, lost) in sorted(sums.items())
    ]
    kinds = dict.fromkeys(("hall_mw", "stranded_mw", "share"), "float64")
    return frame(rows, site="object", period="object", **kinds)


def carbon(accounts: Accounts, content: PlanContent) -> Any:
    """CO2 by period: period, operation_t (of the energy billed), embodied_t (of making chips and halls)."""
    emitted = [0.0] * accounts.times.count
    for name, path in accounts.taken.items():
        kg = {block.name: block.kg_per_mwh for block in path}
        for bill in content.billed:
            if bill.site == name:
                emitted[bill.period] += bill.mwh * float(kg[bill.block][bill.period]) / 1000
    made = sum((book.embodied_kg for book in accounts.halls), start=0.0 * accounts.discount) / 1000
    rows = [(label, emitted[t], float(made[t])) for t, label in enumerate(accounts.labels)]
    return frame(rows, period="object", operation_t="float64", embodied_t="float64")


def leases(accounts: Accounts, content: PlanContent) -> Any:
    """Contracts of leased compute: lease, from, until, compute, usd_per_unit_hour, usd (rent owed in all)."""
    times = accounts.times
    known = {lease.name: lease for lease in accounts.terms.scenario.leases}
    rows = []
    for contract in content.contracts:
        price = rent_at(known[contract.lease], times, contract.first)
        end = times.labels[contract.end] if contract.end < times.count else ""
        usd = contract.amount * price * times.hours * (contract.end - contract.first)
        rows.append((contract.lease, times.labels[contract.first], end, contract.amount, price, usd))
    kinds = dict.fromkeys(("compute", "usd_per_unit_hour", "usd"), "float64")
    return frame(rows, **{"lease": "object", "from": "object", "until": "object"}, **kinds)
