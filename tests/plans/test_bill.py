"""The bill of what a plan builds first: no refresh, no part that is replaced, no tax of either."""

from __future__ import annotations

from pathlib import Path

import pytest

import optimizer
from optimizer.plan import Plan

SCENARIO = """
name: bill
horizon: {start: 2026-01, periods: 4, months_per_period: 6, operate_until: 2030-12}
money: {wacc: 0.08, unserved_usd_per_h100e_hour: 20}
demand: {workloads: [{name: training, path: {2026-01: 12000}}]}
chips: {offered: [gb300_nvl72], run_on: false, settings: {gb300_nvl72: {life_years: 1}}}
hall: {it_mw: 10, build_months: 0}
cooling: [dlc_dry]
sites:
  - name: us
    lat: 32.4
    lon: -99.7
    state: TX
    weather: usa-tx-abilene
    grid: {offer_mw: {2026-01: 20}}
    price: {flat_usd_per_mwh: 60}
    tax: {sales_exempt_from_usd: 1.0e8}
"""


def solved(folder: Path, overrides: dict[str, object]) -> Plan:
    file = folder / "bill.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    plan = optimizer.solve(optimizer.load(file, overrides), gap=1e-6)
    assert plan.verified, plan.report.violations[:3]
    return plan


def test_tax_that_comes_back_of_refreshes_is_not_of_the_first_build(tmp_path: Path) -> None:
    plan = solved(tmp_path, {})
    assert (plan.builds["action"] == "refresh").sum() == 2
    bill = plan.tables()["capital_bill"].set_index("line")["usd"]
    assert bill["sales_tax_back"] == pytest.approx(-bill["sales_tax"], rel=1e-6)
    back = [item for item in plan.accounts.capital if item.line == "sales_tax_back"]
    paid = [item for item in plan.accounts.capital if item.line == "sales_tax"]
    later = sum(item.usd for item in paid if not item.first)
    assert later > 0
    assert sum(item.usd for item in back if not item.first) == pytest.approx(-later, rel=1e-6)
    # Nothing is lost by the split.
    assert sum(item.usd for item in back) == pytest.approx(
        -sum(rebate.usd for rebate in plan.content.rebates)
    )


def test_a_power_part_that_is_replaced_is_not_of_the_first_build(tmp_path: Path) -> None:
    """Fuel cells live 20 years: two purchases in 25, the second one no first build."""
    plan = solved(
        tmp_path,
        {
            "horizon.operate_until": "2050-12",
            "chips.settings.gb300_nvl72.life_years": 20,
            "sites[us].grid": None,
            "sites[us].price": None,
            "sites[us].onsite": {"fuel_cells": {"max_mw": 30, "lead_months": 0, "usd_per_mmbtu": 3}},
            "power.mix_carbon_usd_per_t": [0],
        },
    )
    spent = [item for item in plan.accounts.capital if item.line == "power_plant"]
    assert [item.first for item in sorted(spent, key=lambda item: item.period)] == [True, False]
    bill = plan.tables()["capital_bill"].set_index("line")["usd"]
    assert bill["power_plant"] == pytest.approx(sum(item.usd for item in spent) / 2)
    assert list(bill.index[:2]) == ["power_plant", "shell"]
