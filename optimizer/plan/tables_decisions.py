"""Tables of what is decided: builds and what becomes of them, jobs, demand and draws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from optimizer.plan.records import Life, PlanContent, Stage
from optimizer.plan.times import Times
from optimizer.plan.wanted import wanted
from optimizer.scenario.schema import Scenario, Workload, month_label

# Order of the actions of one site in one period.
ACTIONS = ("existing", "committed", "build", "refresh", "run_on", "retire")


def frame(rows: Sequence[tuple[Any, ...]], **columns: str) -> Any:
    """A DataFrame with columns of given kinds, which an empty table keeps as well.

    Parameters
    ----------
    rows : sequence of tuples
    **columns : str
        Column -> dtype: object (texts), float64, int64, bool.
    """
    import pandas as pd

    return pd.DataFrame.from_records(list(rows), columns=list(columns)).astype(columns)


def builds(
    content: PlanContent, labels: Sequence[str], fill: Callable[[Life, Stage], float] | None = None
) -> Any:
    """Every start, refresh, run-on and retirement; halls with the same fate so far stand in one row.

    Parameters
    ----------
    content : PlanContent
    labels : sequence of str
        First month of each period.
    fill : callable, optional
        Share of a hall's IT power that the racks of a stage use. Default: all of it.

    Returns
    -------
    DataFrame
        site, period, cooling, chip, halls, it_mw (in operation with these chips, all halls of the row; when halls
        retire, what was), action.
    """
    halls: dict[tuple[int, str, int, str, str], int] = defaultdict(int)
    megawatts: dict[tuple[int, str, int, str, str], float] = defaultdict(float)
    for life in content.lives:
        for period, stage, action in _events(life, len(labels)):
            key = (period, life.site, ACTIONS.index(action), life.cooling, stage.chip)
            halls[key] += life.halls
            megawatts[key] += life.halls * life.it_mw * (1.0 if fill is None else fill(life, stage))
    rows = [
        (site, labels[period], cooling, chip, halls[key], megawatts[key], ACTIONS[action])
        for key in sorted(halls)
        for period, site, action, cooling, chip in (key,)
    ]
    return frame(
        rows,
        site="object",
        period="object",
        cooling="object",
        chip="object",
        halls="int64",
        it_mw="float64",
        action="object",
    )


def _events(life: Life, periods: int) -> list[tuple[int, Stage, str]]:
    """(period, stage, action) of a life, as far as the study reaches."""
    first: str = "build" if life.origin == "new" else life.origin
    found: list[tuple[int, Stage, str]] = [
        (stage.first, stage, first if n == 0 else "run_on" if stage.run_on else "refresh")
        for n, stage in enumerate(life.stages)
    ]
    if life.stages:
        last = life.stages[-1]
        found.append((last.end, last, "retire"))
    return [event for event in found if 0 <= event[0] < periods]


def jobs(scenario: Scenario, content: PlanContent) -> Any:
    """Training runs: job, workload, site (empty: missed), from, months, compute, missed."""
    rows = [
        (
            job.name,
            job.workload,
            content.jobs.get(job.name) or "",
            month_label(job.from_),
            job.months,
            job.h100e,
            content.jobs.get(job.name) is None,
        )
        for job in scenario.demand.jobs
    ]
    kinds = {
        "job": "object",
        "workload": "object",
        "site": "object",
        "from": "object",
        "months": "int64",
        "compute": "float64",
        "missed": "bool",
    }
    return frame(rows, **kinds)


def demand(scenario: Scenario, content: PlanContent, times: Times) -> Any:
    """Demand by path, beside the jobs: workload, region, period, demand, served, unserved [demand.metric]."""
    served: dict[tuple[str, str, int], float] = defaultdict(float)
    unserved: dict[tuple[str, str, int], float] = defaultdict(float)
    for given in content.served:
        served[given.workload, given.region, given.period] += given.amount
    for missing in content.unserved:
        unserved[missing.workload, missing.region, missing.period] += missing.amount
    rows = []
    for workload in scenario.demand.workloads:
        path = wanted(scenario, workload, times)
        for region, share in shares_of(scenario, workload):
            for t, label in enumerate(times.labels):
                key = (workload.name, region, t)
                rows.append((workload.name, region, label, share * path[t], served[key], unserved[key]))
    return frame(
        rows,
        workload="object",
        region="object",
        period="object",
        demand="float64",
        served="float64",
        unserved="float64",
    )


def shares_of(scenario: Scenario, workload: Workload) -> list[tuple[str, float]]:
    """(region, share) of a workload; work without a bound on latency has no region."""
    if workload.max_rtt_ms is None:
        return [("", 1.0)]
    names = [region.name for region in scenario.demand.regions]
    if workload.shares is None:
        return [(name, 1 / len(names)) for name in names]
    return [(name, workload.shares[name]) for name in names if name in workload.shares]


def sources_and_uses(content: PlanContent, labels: Sequence[str], uses: Any) -> Any:
    """Draws by source, then what the money is spent on (source ""): source, asset_class, period, usd.

    Parameters
    ----------
    content : PlanContent
    labels : sequence of str
    uses : DataFrame
        Capital: asset_class, period, usd.
    """
    amounts: dict[tuple[str, str, int], float] = defaultdict(float)
    for draw in content.draws:
        amounts[draw.source, draw.asset_class, draw.period] += draw.usd
    rows = [(*key[:2], labels[key[2]], amounts[key]) for key in sorted(amounts)]
    spent = uses.groupby(["asset_class", "period"], sort=True)["usd"].sum()
    rows += [("", asset_class, period, usd) for (asset_class, period), usd in spent.items()]
    return frame(rows, source="object", asset_class="object", period="object", usd="float64")
