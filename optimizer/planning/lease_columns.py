"""Columns of leased compute: contracts signed, their use."""

from __future__ import annotations

import numpy as np

from optimizer.planning.data import PlanningData
from optimizer.planning.model import NONE, Ids, ModelBuilder


def contract_runs(data: PlanningData) -> np.ndarray:
    """Whether a contract runs in a period, shape (C, T)."""
    t = np.arange(data.periods.count)
    runs: np.ndarray = (t >= data.leases.first[:, None]) & (t < data.leases.end[:, None])
    return runs


def lease_columns(
    builder: ModelBuilder, data: PlanningData, usd: float, serves: bool
) -> tuple[Ids, Ids, Ids]:
    """Compute signed by contract, idle by contract and period, served by lease, demand and period."""
    terms, periods = data.leases, data.periods
    count = periods.count
    signed = np.full(len(terms.lease), NONE, dtype=np.int64)
    idle = np.full((len(terms.lease), count), NONE, dtype=np.int64)
    leased = np.full((len(terms.name), len(data.services.region), count), NONE, dtype=np.int64)
    if not serves or not len(terms.lease):
        return signed, idle, leased
    runs, unit = contract_runs(data), data.compute_unit * usd
    most = np.array([terms.most[lease, first] for lease, first in zip(terms.lease, terms.first, strict=True)])
    leaves = np.minimum(terms.end, count - 1)
    fee = np.where(terms.end < count, terms.fee_usd * periods.discount[leaves], 0.0)
    family = builder.columns(
        "signed",
        {"contract": np.arange(len(terms.lease))},
        upper=most / data.compute_unit,
        cost=(terms.usd * (runs @ periods.discount) + fee) * unit,
    )
    signed[:] = family.ids
    contract, period = np.nonzero(runs & (terms.take < 1)[:, None])
    if len(contract):
        saved = terms.usd[contract] * (1 - terms.take[contract]) * periods.discount[period]
        family = builder.columns(
            "idle",
            {"contract": contract, "period": period},
            upper=most[contract] / data.compute_unit,
            cost=-saved * unit,
        )
        idle[contract, period] = family.ids
    covered = np.zeros((len(terms.name), count), dtype=bool)
    np.logical_or.at(covered, terms.lease, runs)
    lease, service, period = np.nonzero(
        terms.reach[:, :, None] & covered[:, None, :] & (data.services.demand > 0)[None]
    )
    if len(lease):
        family = builder.columns(
            "leased",
            {"lease": lease, "service": service, "period": period},
            upper=data.services.demand[service, period] / data.compute_unit,
            cost=terms.serving_usd[lease, service] * periods.discount[period] * unit,
        )
        leased[lease, service, period] = family.ids
    return signed, idle, leased
