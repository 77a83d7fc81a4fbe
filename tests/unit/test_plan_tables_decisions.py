"""Builds, demand, jobs and draws as tables, against rows worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from optimizer.plan import tables_decisions as decisions
from optimizer.plan.records import Draw, Life, PlanContent, Served, Stage, Unserved
from optimizer.plan.times import times
from optimizer.scenario.schema import Demand, Horizon, Job, Money, Region, Scenario, Workload, parse_month

LABELS = ("2027-01", "2027-07", "2028-01", "2028-07")


def _scenario(demand: Demand) -> Scenario:
    return Scenario.model_construct(
        name="tables",
        horizon=Horizon(start=parse_month("2027-01"), periods=3, operate_until=parse_month("2028-12")),
        money=Money(wacc=0.08),
        demand=demand,
    )


def _rows(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_builds_follow_a_hall_from_start_to_retirement() -> None:
    first = Life("east", "new", None, "dlc_dry", 50.0, 3, 0, (Stage("a", 0, 2), Stage("b", 2, 3)))
    other = Life("east", "new", None, "dlc_dry", 50.0, 1, 0, (Stage("a", 0, 2), Stage("a", 2, 4, True)))
    old = Life("east", "existing", 0, "air_chiller", 20.0, 1, 0, (Stage("old", 0, 1),))
    frame = decisions.builds(PlanContent(lives=(first, other, old)), LABELS)
    assert _rows(frame) == [
        ("east", "2027-01", "air_chiller", "old", 1, 20.0, "existing"),
        ("east", "2027-01", "dlc_dry", "a", 4, 200.0, "build"),
        ("east", "2027-07", "air_chiller", "old", 1, 20.0, "retire"),
        ("east", "2028-01", "dlc_dry", "b", 3, 150.0, "refresh"),
        ("east", "2028-01", "dlc_dry", "a", 1, 50.0, "run_on"),
        ("east", "2028-07", "dlc_dry", "b", 3, 150.0, "retire"),
    ]


def test_builds_count_what_racks_use() -> None:
    life = Life("east", "new", None, "dlc_dry", 50.0, 2, 0, (Stage("a", 0, 2), Stage("b", 2, 3)))
    frame = decisions.builds(
        PlanContent(lives=(life,)), LABELS, lambda _, stage: 1.0 if stage.chip == "a" else 0.6
    )
    assert list(frame["it_mw"]) == [100.0, 60.0, 60.0]
    assert list(frame["halls"]) == [2, 2, 2]


def test_empty_tables_keep_their_columns_and_kinds() -> None:
    frame = decisions.builds(PlanContent(lives=()), LABELS)
    assert list(frame.columns) == ["site", "period", "cooling", "chip", "halls", "it_mw", "action"]
    assert frame["halls"].dtype.kind == "i"
    assert frame["it_mw"].dtype.kind == "f"


def test_demand_is_shared_among_regions_and_holds_on_in_the_tail() -> None:
    path = {parse_month("2027-01"): 100.0, parse_month("2027-09"): 300.0, parse_month("2028-07"): 900.0}
    demand = Demand(
        regions=(Region(name="n", lat=1, lon=1), Region(name="s", lat=2, lon=2)),
        workloads=(
            Workload(name="inference", path=path, max_rtt_ms=30, shares={"n": 0.75, "s": 0.25}),
            Workload(name="batch", path={parse_month("2026-01"): 8.0}),
        ),
    )
    content = PlanContent(
        lives=(),
        served=(Served("x", "n", "inference", 2, 200.0), Served("y", "n", "inference", 2, 20.0)),
        unserved=(Unserved("n", "inference", 2, 5.0),),
    )
    frame = decisions.demand(_scenario(demand), content, times(_scenario(demand)))
    north = frame[frame["region"] == "n"]
    # 2027-09 takes hold in 2028-01; the tail (2028-07) keeps the last planning period's demand
    assert list(north["demand"]) == [75.0, 75.0, 225.0, 225.0]
    assert list(frame[frame["region"] == "s"]["demand"]) == [25.0, 25.0, 75.0, 75.0]
    assert list(frame[frame["region"] == ""]["demand"]) == [8.0] * 4
    assert list(north["served"]) == [0.0, 0.0, 220.0, 0.0]
    assert list(north["unserved"]) == [0.0, 0.0, 5.0, 0.0]


def test_jobs_name_their_site_or_are_missed() -> None:
    job = {"h100e": 10.0, "months": 6, "from": "2027-01"}
    demand = Demand(jobs=(Job(name="a", **job), Job(name="b", **job)))
    frame = decisions.jobs(_scenario(demand), PlanContent(lives=(), jobs={"a": "east", "b": None}))
    assert _rows(frame) == [
        ("a", "training", "east", "2027-01", 6, 10.0, False),
        ("b", "training", "", "2027-01", 6, 10.0, True),
    ]


def test_sources_come_before_uses() -> None:
    uses = pd.DataFrame(
        {"asset_class": ["chips", "chips", "land"], "period": ["2027-01"] * 3, "usd": [1.0, 2.0, 4.0]}
    )
    content = PlanContent(
        lives=(),
        draws=(Draw("bank", "chips", 0, 2.0), Draw("bank", "chips", 0, 1.0), Draw("own", "land", 0, 4.0)),
    )
    assert _rows(decisions.sources_and_uses(content, LABELS, uses)) == [
        ("bank", "chips", "2027-01", 3.0),
        ("own", "land", "2027-01", 4.0),
        ("", "chips", "2027-01", 3.0),
        ("", "land", "2027-01", 4.0),
    ]


@given(
    months=st.lists(st.integers(-40, 80), min_size=1, max_size=6, unique=True),
    per_period=st.sampled_from([1, 2, 3, 4, 6, 12]),
    period=st.integers(0, 12),
)
def test_a_step_is_the_latest_entry_whose_period_has_come(
    months: list[int], per_period: int, period: int
) -> None:
    start = parse_month("2027-01")
    path = {start + month: float(month) for month in sorted(months)}
    horizon = Horizon(start=start, periods=13, months_per_period=per_period)
    scenario = _scenario(Demand()).model_copy(update={"horizon": horizon})
    come = [m for m in months if max(0, math.ceil(m / per_period)) <= period]
    assert times(scenario).path(path)[period] == (float(max(come)) if come else 0.0)
