"""The statement: balances to the cent, returns as another library has them, a workbook that calculates the same."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

import optimizer
from optimizer import catalog
from optimizer.plan import Plan
from optimizer.report.workbook import write_workbook

from .conftest import CONFIGS

ALL = ["land", "facility", "power", "chips"]
SOURCES = [
    {"name": "fund", "kind": "equity", "cost": 0.11, "commit_usd": 2.0e10, "funds": ALL},
    {
        "name": "bank",
        "kind": "debt",
        "rate": 0.066,
        "loan_to_cost": 0.6,
        "min_dscr": 1.25,
        "funds": ["facility", "power"],
    },
    {"name": "vendor", "kind": "vendor", "cost": 0.09, "commit_usd": 4.0e9, "funds": ["chips"]},
]
CASES: dict[str, dict[str, Any]] = {
    "no sources": {},
    "sources": {"finance.sources": SOURCES, "money.revenue_usd_per_h100e_hour": 1.2, "demand.min_it_mw": {}},
    "taxed": {
        "finance.sources": SOURCES,
        "money.revenue_usd_per_h100e_hour": 1.2,
        "demand.min_it_mw": {},
        "money.income_tax": {"rate": 0.25, "bonus_share": 0.4},
    },
    "own chips, a lease, tax back": {
        "chips.offered": ["vera_rubin_nvl144", "own"],
        "chips.supply_racks": {},
        "chips.settings.own": {
            "based_on": "gb300_nvl72",
            "rack_price_usd": 2.0e6,
            "vendor": "Own",
            "development_usd": 1.0e9,
            "min_racks": 500,
        },
        "leases": [
            {"name": "cloud", "available": {"2026-01": 40000}, "usd_per_h100e_hour": 0.5, "months": 60}
        ],
        "sites[abilene].tax": {"sales_exempt_from_usd": 1.0e8},
        "demand.workloads[training].path": {"2026-07": 2.0e4, "2027-07": 1.0e5, "2028-01": 3.0e5},
        "money.income_tax": {"rate": 0.25},
    },
}


@pytest.fixture(scope="module", params=CASES)
def plan(request: pytest.FixtureRequest) -> Plan:
    found = optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", CASES[request.param]), gap=1e-4)
    assert found.verified
    return found


def test_sources_are_uses_to_the_cent(plan: Plan) -> None:
    made = plan.statement
    assert (sum(made.sources.values()) == sum(made.uses.values())).all()
    if plan.scenario.finance.sources:
        planning = made.times.planning
        # What no source pays, owners do: in planning periods next to nothing.
        assert np.abs(made.sources["operations"][:planning]).max() <= 100
        assert (made.sources["operations"] >= 0).all()


def test_uses_are_the_plan_s_capital(plan: Plan) -> None:
    spent = plan.tables()["capex_by_class"].groupby("period")["usd"].sum()
    made = plan.statement
    for t, label in enumerate(made.times.labels):
        nominal = spent.get(label, 0.0) / float(made.times.deflator[t])
        assert sum(int(flow[t]) for flow in made.uses.values()) == pytest.approx(100 * nominal, abs=2.5)


def test_balances_roll_forward_and_end_at_nothing(plan: Plan) -> None:
    for debt in plan.statement.facilities:
        assert (debt.opening + debt.drawn + debt.capitalised - debt.repaid == debt.closing).all()
        assert (debt.opening[1:] == debt.closing[:-1]).all()
        assert debt.opening[0] == 0
        assert debt.closing[-1] == 0
        assert (debt.closing >= 0).all()
        assert debt.drawn.sum() + debt.capitalised.sum() == debt.repaid.sum()


def test_draws_stay_within_commitments_to_the_cent(plan: Plan) -> None:
    for source in plan.scenario.finance.sources:
        if source.commit_usd is not None:
            drawn = plan.statement.sources[source.name]
            assert drawn.sum() <= round(source.commit_usd * 100)
            assert (drawn >= 0).all()


def test_a_draw_is_paid_back_as_an_annuity(plan: Plan) -> None:
    """Level service of each draw: interest and repayment of the whole book are what the annuity formula says."""
    for source in plan.scenario.finance.sources:
        if source.kind != "vendor":
            continue
        debt = next(f for f in plan.statement.facilities if f.name == source.name)
        step = plan.statement.times.years
        rate = (1 + source.cost) ** step - 1
        n = round(5 / step)
        level = rate / (1 - (1 + rate) ** -n)
        for t in range(plan.statement.times.count):
            due = sum(level * int(debt.drawn[u]) for u in range(max(0, t - n + 1), t + 1))
            assert int(debt.service[t]) == pytest.approx(due, abs=2 * n)


def worth_at(rate: float, flow: Any, years: Any) -> float:
    return float((flow * (1 + rate) ** -years).sum())


def test_returns_agree_with_another_library(plan: Plan) -> None:
    import pyxirr

    made = plan.statement
    for flow in (made.free_cash_flow, made.to_owners):
        grid = made.half_periods(flow) / 100
        half = (1 + made.wacc) ** (made.times.years / 2) - 1
        assert made.npv_usd(flow) == pytest.approx(pyxirr.npv(half, grid), rel=1e-9, abs=0.01)
        found = made.irr(flow)
        if not math.isnan(found):
            worth = partial(worth_at, flow=flow / 100, years=made.years)
            assert abs(worth(found)) <= 1e-7 * np.abs(flow / 100).sum()
            assert found == pytest.approx(brentq(worth, found - 0.05, found + 0.05, xtol=1e-13), abs=1e-9)


def test_present_value_and_objective_tell_the_same(plan: Plan) -> None:
    """Least cost is what the unlevered cash flow without revenue is worth, with shortage and the cost of money on top."""
    made, money, t = plan.statement, plan.scenario.money, plan.accounts.times
    start = (1 + money.inflation) ** ((t.start / 12) - money.base_year - 0.5)
    real = made.npv_usd(made.free_cash_flow - made.revenue) / start
    kept = 1.0 if money.income_tax is None else 1 - money.income_tax.rate
    if money.income_tax is not None:
        real += money.income_tax.rate * made.npv_usd(made.revenue) / start
    short = sum(usd * t.discount[p] for _, p, usd in plan.accounts.unserved) * kept
    premiums = sum(usd * t.discount[p] for _, p, usd in plan.accounts.premiums)
    assert -real + short + premiums == pytest.approx(plan.objective, rel=1e-9)


def test_levelised_cost_adds_up_to_the_plan_s_cost(plan: Plan) -> None:
    """Own chips, leases, what is not served and the cost of money in; the cost an hour is of compute alone."""
    table = plan.tables()["levelised_cost"]
    rows, whole = table.iloc[:-1], table.iloc[-1]
    assert rows["usd"].sum() == pytest.approx(plan.accounts.cost_usd, rel=1e-9)
    assert whole["usd"] == pytest.approx(plan.accounts.cost_usd, rel=1e-9)
    made = rows[rows["chip"] != "unserved"]
    assert whole["usd_per_unit_hour"] == pytest.approx(made["usd"].sum() / whole["unit_hours"])
    assert (made["usd_per_pflop_hour"] > made["usd_per_unit_hour"]).all()
    t = plan.accounts.times
    for lease in plan.scenario.leases:
        row = made.set_index(["site", "chip"]).loc[(lease.name, "leased")]
        served = sum(
            s.amount * t.hours * t.discount[s.period] for s in plan.content.served if s.site == lease.name
        )
        assert row["unit_hours"] == pytest.approx(served)
        # Rent is 0.5 $ an hour and kept after tax; what is idle is owed too.
        assert row["usd_per_unit_hour"] >= 0.5 * 0.75 * (1 - 1e-9)


def test_development_is_paid_by_the_own_chip_s_rows() -> None:
    """A dearer development raises the own chip's cost, and no other chip's, by as much."""
    settings = CASES["own chips, a lease, tax back"] | {"money.income_tax": None}
    rows = []
    for usd in (1.0e9, 1.2e9):
        overrides = {
            **settings,
            "chips.settings.own": {**settings["chips.settings.own"], "development_usd": usd},
        }
        plan = optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", overrides), gap=1e-6)
        assert plan.content.developed == ("own",)
        rows.append(plan.tables()["levelised_cost"].groupby("chip")["usd"].sum())
        first = float(plan.accounts.discount[0])
    assert rows[1]["own"] - rows[0]["own"] == pytest.approx(0.2e9 * first, rel=1e-4)
    others = [chip for chip in rows[0].index if chip not in ("own", "")]
    assert rows[1][others].to_numpy() == pytest.approx(rows[0][others].to_numpy(), rel=1e-6)


def test_workbook_calculates_the_same(plan: Plan, tmp_path: Path) -> None:
    """Every live formula of the shipped workbook, calculated by another library."""
    formulas, openpyxl = pytest.importorskip("formulas"), pytest.importorskip("openpyxl")
    write_workbook(plan, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    live = [name for name in book.sheetnames if name.startswith("statement_live")]
    assert len(live) == 2
    for name in book.sheetnames:
        if name not in live:
            del book[name]
    book.save(tmp_path / "live.xlsx")
    known = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)
    model = formulas.ExcelModel().loads(str(tmp_path / "live.xlsx")).finish()
    results = {
        str(key).upper(): value.value[0, 0]
        for key, value in model.calculate().items()
        if hasattr(value, "value") and value.value.shape == (1, 1)
    }
    checked = 0
    for name in live:
        for row in book[name].iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                found = results[f"'[LIVE.XLSX]{name.upper()}'!{cell.coordinate}"]
                expected = known[name][cell.coordinate].value
                if book[name].cell(cell.row, 1).value == "discount_factor":
                    expected = (1 + plan.statement.wacc) ** -plan.statement.years[cell.column - 3]
                assert float(found) == pytest.approx(float(expected), rel=1e-9, abs=0.011), (
                    name,
                    cell.coordinate,
                )
                checked += 1
    assert checked > 20 * plan.statement.times.count / 4


def test_macrs_and_capital_recovery() -> None:
    """V24, exact: the five-year schedule, bonus, and the capital recovery factor at 8 % over five years."""
    assert catalog.depreciation("macrs_5", 0.0) == (0.20, 0.32, 0.192, 0.1152, 0.1152, 0.0576)
    assert catalog.depreciation("macrs_5", 1.0)[0] == 1.0
    for name in catalog.depreciation_classes():
        assert sum(catalog.depreciation(name, 0.0)) == pytest.approx(1.0, abs=1e-12)
    from optimizer.physics.supply.annuity import capital_recovery_factor

    assert capital_recovery_factor(0.08, 5) == pytest.approx(0.25046, abs=5e-6)
