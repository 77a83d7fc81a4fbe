"""Frames of what halls and leases do: power that racks leave idle, work by chips, jobs, leased compute, carbon."""

from __future__ import annotations

from typing import Any

from optimizer.plan import Plan
from optimizer.report import labels


def stranded(plan: Plan) -> Any:
    """Sites whose halls hold fewer racks than their power carries, by period: site, period, hall_mw, stranded_mw, share.

    Halls that lose but the rest of a rack are not among them.
    """
    frame = plan.tables()["stranded"]
    running = plan.tables()["sites_by_period"][["site", "period", "it_mw"]]
    both = frame.merge(running, on=["site", "period"])
    return both[both["hall_mw"] - both["it_mw"] > 1e-6 * both["hall_mw"]][list(frame.columns)]


def power_of_halls(plan: Plan) -> Any:
    """The same over all such sites: kind (in operation, idle), period, it_mw."""
    import pandas as pd

    frame = stranded(plan)
    places = plan.tables()["stranded"]
    # Periods before the denser racks come are shown as well.
    places = places[places["site"].isin(set(frame["site"]))]
    sums = places.groupby("period", sort=False)[["hall_mw", "stranded_mw"]].sum().reset_index()
    kinds = (("in operation", sums["hall_mw"] - sums["stranded_mw"]), ("idle", sums["stranded_mw"]))
    return pd.concat([pd.DataFrame({"kind": k, "period": sums["period"], "it_mw": v}) for k, v in kinds])


def work_by_chip(plan: Plan) -> Any:
    """Compute at work on average over a period: workload, chip (name), period, amount [unit of demand.metric]."""
    frame = plan.tables()["work"]
    frame = frame.assign(chip=[labels.chip(name) for name in frame["chip"]])
    sums = frame.groupby(["workload", "chip", "period"], sort=False)["unit_hours"].sum().reset_index()
    return sums.assign(amount=sums["unit_hours"] / plan.accounts.times.hours).drop(columns="unit_hours")


def jobs(plan: Plan) -> Any:
    """Training runs: job, workload, from, months, compute, where (missed where it runs nowhere)."""
    frame = plan.tables()["jobs"]
    where = [
        "missed" if missed else site for site, missed in zip(frame["site"], frame["missed"], strict=True)
    ]
    return frame.assign(where=where)[["job", "workload", "from", "months", "compute", "where"]]


def contracts(plan: Plan) -> Any:
    """Contracts of leased compute, those without an end until that of the study."""
    frame = plan.tables()["leases"]
    return frame.assign(until=[end or "the end" for end in frame["until"]])


def leased(plan: Plan) -> Any:
    """Leased compute over all offers: kind (used, idle), period, amount [unit of demand.metric]."""
    import pandas as pd

    sums = plan.tables()["leases_by_period"].groupby("period")[["used", "idle"]].sum().reset_index()
    return pd.concat(
        [
            pd.DataFrame({"kind": kind, "period": sums["period"], "amount": sums[kind]})
            for kind in ("used", "idle")
        ]
    )


def carbon(plan: Plan) -> Any:
    """CO2 by period: kind (energy, making chips and halls), period, kt."""
    import pandas as pd

    frame = plan.tables()["carbon"]
    kinds = (("energy", "operation_t"), ("making chips and halls", "embodied_t"))
    return pd.concat(
        [
            pd.DataFrame({"kind": k, "period": frame["period"], "kt": frame[column] / 1e3})
            for k, column in kinds
        ]
    )
