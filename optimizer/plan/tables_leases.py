"""Table of leased compute by period: what is signed, used and idle, and what it costs."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_wide import rent_at
from optimizer.plan.records import PlanContent
from optimizer.plan.tables_decisions import frame
from optimizer.plan.times import Floats


def leases_by_period(accounts: Accounts, content: PlanContent) -> Any:
    """Leased compute and its cost, real and not discounted.

    Returns
    -------
    DataFrame
        lease, period, signed (contracts that begin), running, used, idle [unit of demand.metric], rent_usd (paid, what idle
        compute saves taken off), idle_usd (of it for idle compute: take or pay), exit_usd (fees). Idle compute that saves
        nothing is counted at the mean price of the contracts that run.
    """
    t = accounts.times
    terms = {lease.name: lease for lease in accounts.terms.scenario.leases}

    def flows() -> dict[str, Floats]:
        return defaultdict(lambda: np.zeros(t.count))

    signed, running, full, used, saving, saved, owed = (flows() for _ in range(7))
    for contract in content.contracts:
        span = slice(contract.first, contract.end)
        signed[contract.lease][contract.first] += contract.amount
        running[contract.lease][span] += contract.amount
        full[contract.lease][span] += contract.amount * rent_at(terms[contract.lease], t, contract.first)
    for given in content.served:
        if given.site in terms:
            used[given.site][given.period] += given.amount
    for idle in content.idle:
        price = idle.amount * rent_at(terms[idle.lease], t, idle.first) * t.hours
        saving[idle.lease][idle.period] += idle.amount
        saved[idle.lease][idle.period] += price * terms[idle.lease].take_or_pay
    fees: dict[tuple[str, str], Floats] = defaultdict(lambda: np.zeros(t.count))
    for item in accounts.opex:
        if item.site in terms:
            fees[item.site, item.line][item.period] += item.usd
    rows = []
    for name in terms:
        idle_there = running[name] - used[name]
        idle_there[idle_there <= 1e-9 * running[name]] = 0.0
        mean = np.divide(full[name], running[name], out=np.zeros(t.count), where=running[name] > 0)
        owed[name] = saved[name] + np.maximum(0.0, idle_there - saving[name]) * mean * t.hours
        for i in np.flatnonzero((running[name] > 0) | (fees[name, "lease_exit"] > 0)):
            figures = (signed[name], running[name], used[name], idle_there)
            money = (fees[name, "lease"], owed[name], fees[name, "lease_exit"])
            rows.append((name, t.labels[i], *(float(flow[i]) for flow in (*figures, *money))))
    names = ("signed", "running", "used", "idle", "rent_usd", "idle_usd", "exit_usd")
    return frame(rows, lease="object", period="object", **dict.fromkeys(names, "float64"))
