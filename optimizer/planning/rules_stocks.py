"""Rules of what all halls share: crews, parts with long lead times, vendors, own chips, exemptions."""

from __future__ import annotations

import numpy as np

from optimizer.planning.ceilings import UNLIMITED_HALLS, most_halls
from optimizer.planning.columns import Columns
from optimizer.planning.data import PlanningData
from optimizer.planning.model import NONE, ModelBuilder


def add_stocks(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """What all halls take of a thing <= what there is of it, period by period."""
    for k, use in enumerate(data.stocks.use):
        periods = np.flatnonzero(np.isfinite(data.stocks.most[k]))
        if not len(periods):
            continue
        scale = 1.0 / data.stocks.scale(k)
        rows = builder.rows(
            f"stock_{k}",
            {"stock": np.full(len(periods), k), "period": periods},
            upper=data.stocks.most[k, periods] * scale,
        )
        j, at = np.nonzero(use[:, periods])
        builder.add(rows.first + at, columns.halls.first + j, use[j, periods[at]] * scale)


def add_own_chips(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """No rack of an own chip without its development, and then at least its least volume."""
    own, programmes = data.developments, data.programmes
    halls = np.minimum(most_halls(data), UNLIMITED_HALLS)
    for v, chip in enumerate(own.chip):
        racks = programmes.racks[:, chip].astype(float)
        bought = np.flatnonzero(racks.any(axis=1))
        # Chips that come in a period come only after development: a row a period is tighter than one for all.
        periods = np.flatnonzero(racks.any(axis=0))
        if len(periods):
            rows = builder.rows(
                f"development_{v}", {"chip": np.full(len(periods), chip), "period": periods}, upper=0.0
            )
            most = np.zeros(len(periods))
            for n, t in enumerate(periods):
                here = np.flatnonzero(racks[:, t])
                builder.add(rows.first + n, columns.halls.first + here, 1.0)
                sites = np.unique(programmes.site[here])
                most[n] = halls[sites].sum()
            builder.add(rows.ids, columns.developed[v], -np.maximum(most, 1.0))
        if own.min_racks[v] > 0:
            row = builder.rows(f"volume_{v}", {"chip": [chip]}, lower=0.0)
            total = racks[:, : data.periods.planning].sum(axis=1)
            builder.add(row.first, columns.halls.first + bought, total[bought] / own.min_racks[v])
            builder.add(row.first, columns.developed[v], -1.0)


def add_exemptions(builder: ModelBuilder, columns: Columns, data: PlanningData) -> None:
    """Sales tax comes back where the site's capital reaches the threshold."""
    free, programmes = data.exemptions, data.programmes
    planning = data.periods.planning
    capital = (programmes.facility_usd + programmes.chips_usd)[:, :planning].sum(axis=1)
    halls = np.minimum(most_halls(data), UNLIMITED_HALLS)
    for e, site in enumerate(free.site):
        here = np.flatnonzero(programmes.site == site)
        if not len(here):
            continue
        least = builder.rows(f"exempt_{e}", {"site": [site]}, lower=0.0)
        scale = max(float(free.least_usd[e]), 1.0)
        builder.add(least.first, columns.halls.first + here, capital[here] / scale)
        builder.add(least.first, columns.exempt[e], -free.least_usd[e] / scale)
        c, t = np.nonzero(columns.rebate[e] != NONE)
        if not len(c):
            continue
        paid = builder.rows(
            f"rebate_{e}", {"site": np.full(len(c), site), "class": c, "period": t}, upper=0.0
        )
        ids = columns.rebate[e, c, t]
        builder.add(paid.ids, ids, 1.0)
        tax = programmes.sales_tax_usd[here]
        j, n = np.nonzero(tax[:, c, t])
        builder.add(paid.first + n, columns.halls.first + here[j], -tax[j, c[n], t[n]] / data.money_unit)
        allowed = builder.rows(
            f"rebate_if_{e}", {"site": np.full(len(c), site), "class": c, "period": t}, upper=0.0
        )
        builder.add(allowed.ids, ids, 1.0)
        most = halls[site] * tax.max(axis=0)[c, t] / data.money_unit
        builder.add(allowed.ids, columns.exempt[e], -most)
