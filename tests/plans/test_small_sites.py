"""Sites of one or two halls where rules meet: halls in each other's place, jobs out of reach, money cheaper than the WACC."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import optimizer
from optimizer.plan import Plan

from .conftest import CONFIGS

SITE = "lat: 32.4, lon: -99.7, state: TX, weather: usa-tx-abilene, price: {flat_usd_per_mwh: 60}"
ALL = ["land", "facility", "power", "chips"]


def solved(text: str, folder: Path, **settings: Any) -> Plan:
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    overrides = {key.replace("__", "."): value for key, value in settings.items()}
    plan = optimizer.solve(optimizer.load(file, overrides), gap=1e-7, time_limit=120)
    assert plan.status == "optimal"
    assert plan.verified, plan.report.violations[:3]
    return plan


FOLLOWING = f"""
name: halls that follow each other
horizon: {{start: 2026-01, periods: 4, months_per_period: 6}}
money: {{base_year: 2026, wacc: 0.08}}
demand:
  min_it_mw: {{2026-01: 10}}
  workloads: [{{name: training, path: {{2026-01: 1000}}}}]
chips: {{offered: [gb300_nvl72], refresh: none, run_on: false, settings: {{gb300_nvl72: {{life_years: 1}}}}}}
hall: {{it_mw: 10, build_months: 0}}
cooling: [dlc_dry]
sites:
  - {{name: only, {SITE}, grid: {{offer_mw: {{2026-01: 15}}}}, land: {{acres: 100, usd_per_acre: 20000}}}}
"""


def test_a_hall_takes_the_power_of_one_that_retired(tmp_path: Path) -> None:
    """Power for one hall at a time, land for more: a price on land must not hide that retired halls free power."""
    priced = solved(FOLLOWING, tmp_path)
    assert sum(life.halls for life in priced.content.lives) == 2
    free = solved(FOLLOWING.replace("usd_per_acre: 20000", "usd_per_acre: 0"), tmp_path)
    assert free.objective < priced.objective < free.objective + 100 * 20000


JOBS = f"""
name: a job out of reach
horizon: {{start: 2026-01, periods: 2, months_per_period: 6}}
money: {{wacc: 0.08, unserved_usd_per_h100e_hour: 1}}
demand:
  workloads: [{{name: training, path: {{2026-01: 100}}, served_from: [CA]}}]
  jobs: [{{name: run, h100e: 1.0e6, from: 2026-01, months: 6}}]
chips: {{offered: [gb300_nvl72]}}
hall: {{it_mw: 10, build_months: 0}}
cooling: [dlc_dry]
sites:
  - {{name: us, {SITE}, grid: {{offer_mw: {{2026-01: 20}}}}}}
  - name: ca
    lat: 43.6
    lon: -79.4
    country: CA
    weather: can-toronto
    grid: {{offer_mw: {{2026-01: 20}}}}
    price: {{flat_usd_per_mwh: 60}}
"""


def test_a_job_that_no_site_can_hold_is_missed_at_its_price(tmp_path: Path) -> None:
    plan = solved(JOBS, tmp_path)
    assert plan.content.jobs == {"run": None}
    assert plan.objective > 0.9 * 1.0e6 * 4380  # discounted


CHEAP_DEBT = f"""
name: cheap debt
horizon: {{start: 2026-01, periods: 2, months_per_period: 12, operate_until: 2028-12}}
money: {{base_year: 2026, wacc: 0.2}}
demand: {{min_it_mw: {{2026-01: 30}}, workloads: [{{name: training, path: {{2026-01: 1000}}}}]}}
chips: {{offered: [gb300_nvl72], run_on: false, refresh: none, settings: {{gb300_nvl72: {{life_years: 3}}}}}}
hall: {{it_mw: 10, build_months: 0, life_years: 100}}
cooling: [dlc_dry, dlc_chiller]
sites:
  - {{name: us, {SITE}, grid: {{offer_mw: {{2026-01: 60}}}}, tax: {{sales_exempt: true, property_rate: 0}}}}
finance:
  sources:
    - {{name: own, kind: equity, cost: 0.2, funds: [land, facility, power, chips]}}
    - {{name: bank, kind: debt, rate: 0.0, loan_to_cost: 1.0, years: 30, funds: [facility]}}
"""


def test_dominance_counts_money_cheaper_than_the_wacc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dearer cooling can be worth its price where debt without interest pays for it."""
    text = CHEAP_DEBT.replace("flat_usd_per_mwh: 60", "flat_usd_per_mwh: 0.1")
    dropped = solved(text, tmp_path)
    monkeypatch.setattr("optimizer.pipeline.without_dominated", lambda columns, *_: columns)
    whole = solved(text, tmp_path)
    assert dropped.objective == pytest.approx(whole.objective, rel=1e-6)


def test_land_is_not_bought_early_for_a_fund_that_lapses(tmp_path: Path) -> None:
    sources = [
        {"name": "land-fund", "kind": "equity", "cost": 0.08, "funds": ["land"], "until": "2026-01"},
        {"name": "fund", "kind": "equity", "cost": 0.15, "funds": ALL},
    ]
    settings = {"demand__min_it_mw": {}, "hall__build_months": 6, "finance__sources": sources}
    minimal = (CONFIGS / "minimal.yaml").read_text(encoding="utf-8")
    plan = solved(
        minimal, tmp_path, demand__workloads=[{"name": "training", "path": {"2027-01": 1e5}}], **settings
    )
    assert {draw.source for draw in plan.content.draws if draw.asset_class == "land"} == {"fund"}


def test_a_site_without_halls_buys_no_works(tmp_path: Path) -> None:
    """Money at 0 % where the WACC is 12 %: works by themselves would earn by being paid for."""
    loan = {"name": "loan", "kind": "debt", "rate": 0.0, "years": 30, "loan_to_cost": 1.0, "funds": ALL}
    minimal = (CONFIGS / "minimal.yaml").read_text(encoding="utf-8")
    plan = solved(
        minimal,
        tmp_path,
        money__wacc=0.12,
        money__inflation=0.05,
        horizon__operate_until="2028-12",
        demand__min_it_mw={},
        demand__workloads=[{"name": "training", "path": {"2027-07": 1e5}}],
        finance__sources=[loan],
    )
    assert set(plan.content.paths) == {life.site for life in plan.content.lives}
