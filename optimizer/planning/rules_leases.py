"""Rules of leased compute: what is on offer, what is signed, what is used."""

from __future__ import annotations

import numpy as np

from optimizer.planning.columns import Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.lease_columns import contract_runs
from optimizer.planning.model import NONE, ModelBuilder


def add_leases(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Contracts that run <= offer; leased compute served and idle <= contracts that run."""
    if not (columns.signed != NONE).any():
        return
    terms, runs = data.leases, contract_runs(data)
    covered = np.zeros((len(terms.name), data.periods.count), dtype=bool)
    np.logical_or.at(covered, terms.lease, runs)
    lease, period = np.nonzero(covered)
    offer = builder.rows(
        "lease_offer",
        {"lease": lease, "period": period},
        upper=terms.most[lease, period] / data.compute_unit,
    )
    used = builder.rows("lease_use", {"lease": lease, "period": period}, upper=0.0)
    at = np.full(covered.shape, NONE, dtype=np.int64)
    at[lease, period] = np.arange(len(lease))
    contract, t = np.nonzero(runs)
    builder.add(offer.first + at[terms.lease[contract], t], columns.signed[contract], 1.0)
    builder.add(used.first + at[terms.lease[contract], t], columns.signed[contract], -1.0)
    contract, t = np.nonzero(columns.idle != NONE)
    builder.add(used.first + at[terms.lease[contract], t], columns.idle[contract, t], 1.0)
    one, service, t = np.nonzero(columns.leased != NONE)
    builder.add(used.first + at[one, t], columns.leased[one, service, t], 1.0)
    # Of one contract no more can be idle than is signed.
    contract, t = np.nonzero(columns.idle != NONE)
    if len(contract):
        rows = builder.rows("lease_idle", {"contract": contract, "period": t}, upper=0.0)
        builder.add(rows.ids, columns.idle[contract, t], 1.0)
        builder.add(rows.ids, columns.signed[contract], -1.0)
