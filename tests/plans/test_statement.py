"""The statement: balances to the cent, returns as another library has them, a workbook that calculates the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

import optimizer
from optimizer import catalog
from optimizer.plan import Plan
from optimizer.plan.debt import roll_forward
from optimizer.plan.returns import returns_of
from optimizer.report.workbook import write_workbook

from .conftest import CONFIGS

ALL = ["land", "facility", "power", "chips"]
SOURCES: list[dict[str, Any]] = [
    {"name": "fund", "kind": "equity", "cost": 0.11, "commit_usd": 2.0e10, "funds": ALL},
    {
        "name": "bank",
        "kind": "debt",
        "rate": 0.066,
        "loan_to_cost": 0.6,
        "min_dscr": 1.25,
        "funds": ["facility", "power"],
    },
    {"name": "vendor", "kind": "vendor", "cost": 0.09, "commit_usd": 4.0e9, "rank": 2, "funds": ["chips"]},
]
ROUNDS = {
    "name": "fund",
    "kind": "equity",
    "cost": 0.11,
    "commit_usd": 2.0e9,
    "raises": [
        {"date": "2026-07", "usd": 3.0e9, "fee_share": 0.05},
        {
            "date": "2027-07",
            "usd": 2.0e10,
            "fee_share": 0.02,
            "pre_money_usd": 1e11,
            "after": {"online_mw": 50},
        },
    ],
    "funds": ALL,
}
CASES: dict[str, dict[str, Any]] = {
    "no sources": {},
    "sources": {"finance.sources": SOURCES, "money.revenue_usd_per_h100e_hour": 1.2, "demand.min_it_mw": {}},
    "taxed": {
        "finance.sources": [ROUNDS, *SOURCES[1:]],
        "money.revenue_usd_per_h100e_hour": {"2026-01": 1.2, "2029-01": 1.0},
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
    assert found.verified, found.report.violations[:3]
    return found


@pytest.fixture(scope="module")
def taxed() -> Plan:
    return optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", CASES["taxed"]), gap=1e-4)


def test_sources_are_uses_to_the_cent(plan: Plan) -> None:
    made = plan.statement
    assert (sum(made.sources.values()) == sum(made.uses.values())).all()
    if plan.scenario.finance.sources:
        planning = made.times.planning
        # What no source pays, owners do: in planning periods next to nothing.
        assert np.abs(made.sources["operations"][:planning]).max() <= 1000
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


def test_loans_stay_within_their_share_of_the_cost_to_the_cent(plan: Plan) -> None:
    """Draws that a solver has right to about a dollar pass no limit by a cent."""
    made = plan.statement
    for source in plan.scenario.finance.sources:
        if source.loan_to_cost is not None:
            cost = np.cumsum(sum(made.uses[name] for name in source.funds))
            drawn = np.cumsum(made.sources[source.name])
            assert (drawn <= source.loan_to_cost * cost + 1e-6)[: made.times.planning].all()


def test_draws_stay_within_commitments_to_the_cent(plan: Plan) -> None:
    for source in plan.scenario.finance.sources:
        if source.commit_usd is not None:
            drawn = plan.statement.sources[source.name]
            net = sum(r.usd * (1 - r.fee_share) for r in source.raises)
            assert drawn.sum() <= round((source.commit_usd + net) * 100)
            assert (drawn >= 0).all()


def test_a_draw_is_paid_back_as_an_annuity(plan: Plan) -> None:
    """Level service of each draw, from the period after it on: the whole book is what the annuity formula says."""
    for source in plan.scenario.finance.sources:
        if source.kind != "vendor":
            continue
        debt = next(f for f in plan.statement.facilities if f.name == source.name)
        step = plan.statement.times.years
        rate = (1 + source.cost) ** step - 1
        n = round(5 / step)
        level = rate / (1 - (1 + rate) ** -n)
        for t in range(plan.statement.times.count):
            due = sum(level * int(debt.drawn[u]) for u in range(max(0, t - n), t))
            assert int(debt.service[t]) == pytest.approx(due, abs=2 * n)


def test_a_source_s_own_flows_return_its_rate(plan: Plan) -> None:
    """The rate that is agreed is the rate that is paid, capitalised interest and the last half period in it."""
    table = plan.tables()["source_returns"].set_index("source")
    for debt in plan.statement.facilities:
        if debt.drawn.any():
            assert table.loc[debt.name, "effective_rate"] == pytest.approx(debt.rate, abs=1e-9)
            assert table.loc[debt.name, "paid_usd"] == pytest.approx(int(debt.service.sum()) / 100)
            assert table.loc[debt.name, "peak_balance_usd"] == pytest.approx(int(debt.closing.max()) / 100)


def test_cover_that_is_shown_is_the_cover_that_is_asked(plan: Plan) -> None:
    """Least cover >= min_dscr, over the service of all sources up to the rank; llcr over what is owed then."""
    table, returns = plan.tables()["debt"], plan.tables()["source_returns"].set_index("source")
    made = plan.statement
    for source in plan.scenario.finance.sources:
        rows = table[(table["source"] == source.name) & (table["cover"].notna())]
        if not len(rows):
            continue
        beside = {s.name for s in plan.scenario.finance.sources if s.rank <= source.rank}
        both = table[table["source"].isin(beside)].groupby("period")["service_usd"].sum()
        assert rows["served_with_rank_usd"].tolist() == pytest.approx(
            both[rows["period"]].tolist(), rel=1e-12
        )
        left = dict(zip(made.times.labels, made.ebitda / 100, strict=False))
        expected = [left[period] / both[period] for period in rows["period"]]
        assert rows["cover"].tolist() == pytest.approx(expected, rel=1e-12)
        assert returns.loc[source.name, "least_cover"] == rows["cover"].min()
        if source.min_dscr is not None:
            assert rows["cover"].min() >= source.min_dscr * (1 - 1e-6)
        first, last = rows["period"].iloc[0], rows["period"].iloc[-1]
        labels = made.times.labels
        rate = source.rate if source.kind == "debt" else source.cost
        worth = sum(
            left[label] * (1 + rate) ** (-(n + 1) * made.times.years)
            for n, label in enumerate(labels[labels.index(first) : labels.index(last) + 1])
        )
        owed = table[table["source"].isin(beside) & (table["period"] == first)]["opening_usd"].sum()
        assert returns.loc[source.name, "llcr"] == pytest.approx(worth / owed, rel=1e-9)


def worth_at(rate: float, flow: Any, years: Any) -> float:
    return float((flow * (1 + rate) ** -years).sum())


def test_returns_agree_with_another_library(plan: Plan) -> None:
    import pyxirr

    made, table = plan.statement, plan.tables()["returns"].set_index("flow")
    for name in ("free_cash_flow", "to_owners"):
        flow = getattr(made, name)
        grid = made.half_periods(flow) / 100
        half = (1 + made.wacc) ** (made.times.years / 2) - 1
        assert made.npv_usd(flow) == pytest.approx(pyxirr.npv(half, grid), rel=1e-9, abs=0.01)
        found = made.returns(flow)
        assert table.loc[name, "rates"] == found.words
        for rate in found.rates:
            worth = partial(worth_at, flow=flow / 100, years=made.years)
            assert abs(worth(rate)) <= 1e-7 * np.abs(flow / 100).sum()
            assert rate == pytest.approx(brentq(worth, rate - 0.01, rate + 0.01, xtol=1e-13), abs=1e-9)
        if not math.isnan(found.mirr):
            by_half = pyxirr.mirr(grid, half, half)
            assert found.mirr == pytest.approx((1 + by_half) ** (2 / made.times.years) - 1, rel=1e-9)


def test_present_value_and_objective_tell_the_same(plan: Plan) -> None:
    """Least cost is what the unlevered cash flow without revenue is worth, with shortage and the cost of money on top."""
    made, money, books = plan.statement, plan.scenario.money, plan.accounts
    start = (1 + money.inflation) ** ((books.times.start / 12) - money.base_year - 0.5)
    kept = 1.0 if money.income_tax is None else 1 - money.income_tax.rate
    real = (made.npv_usd(made.free_cash_flow) - kept * made.npv_usd(made.revenue)) / start
    assert -real + _beside(plan) == pytest.approx(plan.objective, rel=1e-9)
    assert made.revenue.any() == (money.revenue_usd_per_h100e_hour is not None)


def _beside(plan: Plan) -> float:
    """What the objective counts beside the free cash flow: shortage, cost of money with the tax that it saves, fees."""
    books, t = plan.accounts, plan.accounts.times
    kept = 1.0 if plan.scenario.money.income_tax is None else 1 - plan.scenario.money.income_tax.rate
    rows = [(p, kept * usd) for _, p, usd in books.unserved]
    rows += [(p, usd) for _, p, usd in (*books.premiums, *books.fees)] + [
        (p, -usd) for _, p, usd in books.shields
    ]
    return float(sum(usd * t.discount[p] for p, usd in rows))


def test_lines_of_the_objective_add_up_to_it(plan: Plan) -> None:
    """Tax stands in lines of its own, so that the sum is the objective exactly."""
    table = plan.tables()["money_by_period"]
    assert table["usd_discounted"].sum() == pytest.approx(plan.objective, rel=1e-12)
    lines = table.groupby("line")["usd_discounted"].sum()
    tax = {line for line in lines.index if line.startswith("tax_")}
    if plan.scenario.money.income_tax is None:
        assert not tax
        return
    interest = {"tax_shield_interest"} if plan.scenario.finance.sources else set()
    assert tax == {"tax_shield_capital", "tax_shield_operating", "tax_on_sales"} | interest
    rate = plan.scenario.money.income_tax.rate
    opex = plan.tables()["opex_by_site"]
    discount = dict(zip(plan.accounts.labels, plan.accounts.discount, strict=True))
    running = sum(row.usd * discount[row.period] for row in opex.itertuples()) + lines["unserved"]
    assert lines["tax_shield_operating"] == pytest.approx(-rate * running, rel=1e-9)
    sold = lines[sorted({credit.line for credit in plan.accounts.credits} - {"residual_land"})].sum()
    assert lines["tax_on_sales"] == pytest.approx(-rate * sold, rel=1e-9)
    # What is written off is the statement's: tax before interest less that of income and sales.
    made, t = plan.statement, plan.accounts.times
    start = (1 + plan.scenario.money.inflation) ** (t.start / 12 - plan.scenario.money.base_year - 0.5)
    income = made.ebitda + sum(flow for line, flow in made.sales.items() if line != "residual_land")
    saved = (rate * made.npv_usd(income) - made.npv_usd(made.tax)) / start
    assert lines["tax_shield_capital"] == pytest.approx(-saved, rel=1e-9)


def test_reconciliation_leads_from_the_objective_to_the_owners(plan: Plan) -> None:
    table, made = plan.tables()["reconciliation"], plan.statement
    assert table["usd"].iloc[0] == -plan.objective
    so_far = 0.0
    totals = []
    for row in table.itertuples():
        if row.total:
            assert row.usd == pytest.approx(so_far, rel=1e-12)
            totals.append(row.usd)
        else:
            so_far += row.usd
    assert totals[1:] == pytest.approx(
        [made.npv_usd(made.free_cash_flow), made.npv_usd(made.to_owners)], abs=0.01
    )
    rounding = table.set_index("line").loc["rounding to cents", "usd"]
    assert abs(rounding) <= 0.01 * 20 * made.times.count


def test_real_dollars_are_those_of_the_base_year(plan: Plan) -> None:
    table = plan.tables()["statement"]
    money = plan.scenario.money
    revenue = table[(table["line"] == "revenue") & (table["period"] == "2029-01")].iloc[0]
    assert revenue["real_usd"] == pytest.approx(revenue["usd"] * (1 + money.inflation) ** -(2029.25 - 2025.5))
    capital = table[(table["section"] == "uses") & (table["line"] == "total_uses")]
    real = plan.tables()["capex_by_class"].groupby("period")["usd"].sum()
    for row in capital.itertuples():
        assert row.real_usd == pytest.approx(real.get(row.period, 0.0), abs=0.05)


def test_depreciation_by_class_vintage_and_year(plan: Plan) -> None:
    table, tax = plan.tables()["depreciation"], plan.scenario.money.income_tax
    if tax is None:
        assert table.empty
        return
    made = plan.statement
    assert set(table["asset_class"]) <= {"facility", "power", "chips"}
    for (name, vintage), rows in table.groupby(["asset_class", "vintage"]):
        spent = int(made.uses[name][made.times.labels.index(vintage)]) / 100
        assert rows["usd"].sum() == pytest.approx(spent, rel=1e-9)
    chips = table[(table["asset_class"] == "chips")]
    first = chips[chips["vintage"] == chips["vintage"].min()]
    macrs = (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576)
    # The law's bonus is the whole price at once.
    bonus = 1.0 if tax.bonus_share is None else tax.bonus_share
    shares = [(1 - bonus) * share + (bonus if n == 0 else 0) for n, share in enumerate(macrs)]
    assert first["share"].tolist() == pytest.approx([share for share in shares if share])
    assert first["year"].tolist() == [int(first["vintage"].iloc[0][:4]) + n for n in range(len(first))]


def test_fees_are_paid_where_a_round_is_drawn(taxed: Plan) -> None:
    """The cheapest money first: what is committed, then the round with the smaller fee as far as it goes."""
    fees, rounds = taxed.statement.fees["fund"], taxed.tables()["raises"]
    shares = taxed.scenario.finance.sources[0].raises
    drawn = rounds["drawn_usd"].astype(float)
    assert drawn.sum() > 0
    expected = sum(usd * r.fee_share / (1 - r.fee_share) for usd, r in zip(drawn, shares, strict=True))
    assert int(fees.sum()) / 100 == pytest.approx(expected, abs=0.1)
    assert (drawn <= rounds["net_usd"] + 1).all()
    assert rounds["share"].tolist() == [None, pytest.approx(2e10 / 1.2e11)]
    assert rounds["note"].tolist() == ["no pre_money_usd, so no share", ""]


def test_levelised_cost_adds_up_to_the_plan_s_cost(plan: Plan) -> None:
    """Own chips, leases, what is not served and the cost of money in; the cost an hour is of compute alone."""
    table = plan.tables()["levelised_cost"]
    rows, whole = table.iloc[:-1], table.iloc[-1]
    assert rows["usd"].sum() == pytest.approx(plan.accounts.cost_usd, rel=1e-9)
    assert whole["usd"] == pytest.approx(plan.accounts.cost_usd, rel=1e-9)
    made = rows[rows["chip"] != "unserved"]
    assert whole["usd_per_unit_hour"] == pytest.approx(made["usd"].sum() / whole["unit_hours"])
    # An H100 is 989.5 TFLOP/s of dense BF16.
    assert (made["usd_per_pflop_hour"] * 0.9895).tolist() == pytest.approx(
        made["usd_per_h100e_hour"].tolist()
    )
    assert made["usd_per_unit_hour"].tolist() == pytest.approx(made["usd_per_h100e_hour"].tolist())
    money, statement = plan.scenario.money, plan.statement
    kept = 1.0 if money.income_tax is None else 1 - money.income_tax.rate
    start = (1 + money.inflation) ** ((plan.accounts.times.start / 12) - money.base_year - 0.5)
    assert whole["revenue_usd"] == pytest.approx(
        kept * statement.npv_usd(statement.revenue) / start, rel=1e-9
    )
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


@pytest.mark.parametrize(("metric", "unit"), [("h100e", 1.0), ("h100e_8bit", 1.0), ("pflops", 1 / 0.9895)])
def test_levelised_cost_in_both_units_whatever_the_metric_is(metric: str, unit: float) -> None:
    """The same halls counted in another unit cost the same an H100e-hour and a PFLOP-hour."""
    settings = {
        "demand.metric": metric,
        "demand.workloads": [{"name": "training", "path": {"2027-07": 5.0e4 / unit}}],
        "demand.min_it_mw": {},
        "chips.offered": ["gb300_nvl72"],
        "chips.supply_racks": {},
        "money.unserved_usd_per_h100e_hour": None,
    }
    made = optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", settings), gap=1e-6)
    row = made.tables()["levelised_cost"].iloc[-1]
    assert row["usd_per_pflop_hour"] == pytest.approx(row["usd_per_h100e_hour"] / 0.9895, rel=1e-9)
    chip = made.accounts.terms.chips["gb300_nvl72"]
    rate = {
        "h100e": chip.tflops["bf16"] / 989.5,
        "h100e_8bit": chip.tflops["fp8"] / 1979,
        "pflops": chip.tflops["bf16"] / 1000,
    }
    assert row["usd_per_unit_hour"] == pytest.approx(
        row["usd_per_h100e_hour"] * chip.tflops["bf16"] / 989.5 / rate[metric], rel=1e-9
    )


def calculated(file: Path) -> Callable[[str, str], Any]:
    """Every formula of a workbook as another library calculates it: (sheet, cell) -> value."""
    formulas = pytest.importorskip("formulas")
    model = formulas.ExcelModel().loads(str(file)).finish()
    results = {
        str(key).upper(): value.value[0, 0]
        for key, value in model.calculate().items()
        if hasattr(value, "value") and value.value.shape == (1, 1)
    }
    return lambda sheet, cell: results[f"'[{file.name.upper()}]{sheet.upper()}'!{cell}"]


def live_sheets(plan: Plan, file: Path) -> tuple[Any, list[str]]:
    """The workbook's sheets that calculate, alone, and their names."""
    openpyxl = pytest.importorskip("openpyxl")
    write_workbook(plan, file)
    book = openpyxl.load_workbook(file)
    live = [name for name in book.sheetnames if name.startswith("statement_live")]
    for name in book.sheetnames:
        if name not in live:
            del book[name]
    return book, live


def test_workbook_calculates_the_same(plan: Plan, tmp_path: Path) -> None:
    """Every live formula of the shipped workbook, calculated by another library."""
    openpyxl = pytest.importorskip("openpyxl")
    book, live = live_sheets(plan, tmp_path / "plan.xlsx")
    book.save(tmp_path / "live.xlsx")
    known = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)
    value = calculated(tmp_path / "live.xlsx")
    checked = 0
    for name in live:
        for row in book[name].iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                found, expected = value(name, cell.coordinate), known[name][cell.coordinate].value
                if expected is None or isinstance(expected, str):
                    assert str(found) in ("", expected or ""), (name, cell.coordinate)
                else:
                    assert float(found) == pytest.approx(float(expected), rel=1e-9, abs=0.011), (
                        name,
                        cell.coordinate,
                    )
                checked += 1
    assert checked > 20 * plan.statement.times.count / 4
    if plan.statement.facilities:
        # Balances hold no figures of their own: interest, repayment, service and cover are formulas.
        sheet = book["statement_live"]
        written = ("capitalised", "interest", "repaid", "service", "cover", "closing")
        for row in sheet.iter_rows(min_row=6):
            text = str(row[0].value)
            if text.startswith(("bank: ", "vendor: ")) and text.split(": ")[1] in written:
                assert all(cell.data_type == "f" for cell in row[2:-1])


def test_workbook_follows_its_inputs(taxed: Plan, tmp_path: Path) -> None:
    """Another draw, rate, revenue and cost: balances, cover, tax, owners' flow, NPV and IRR are those of such a plan."""
    book, _ = live_sheets(taxed, tmp_path / "plan.xlsx")
    sheet = book["statement_live"]
    row_of = {str(row[0].value): row[0].row for row in sheet.iter_rows() if row[0].value}
    made, t = taxed.statement, taxed.statement.times

    def cell(line: str, column: int = 0) -> Any:
        return sheet.cell(row_of[line], 3 + column)

    more, rate, earned, spent, wacc = 250_000_000_00, 0.09, 40_000_000_00, 9_000_000_00, 0.1
    cell("source: bank", 3).value += more / 100
    cell("bank: rate a year").value = rate
    cell("revenue", 8).value += earned / 100
    cell("cost: energy", 9).value -= spent / 100
    sheet["C2"].value = wacc
    book.save(tmp_path / "changed.xlsx")
    value = calculated(tmp_path / "changed.xlsx")

    def flow(line: str) -> np.ndarray:
        return np.array(
            [float(value("statement_live", cell(line, n).coordinate)) for n in range(t.count + 1)]
        )

    source = next(s for s in taxed.scenario.finance.sources if s.name == "bank")
    drawn = made.sources["bank"][:-1].copy()
    drawn[3] += more
    debt = roll_forward(taxed.scenario, t, source.model_copy(update={"rate": rate}), drawn)
    for line in ("opening", "drawn", "capitalised", "interest", "repaid", "closing", "service"):
        assert flow(f"bank: {line}") == pytest.approx(getattr(debt, line) / 100, abs=0.011), line
    income = np.zeros(t.count + 1)
    income[8], income[9] = earned / 100, -spent / 100
    before = next(f for f in made.facilities if f.name == "bank")
    tax = taxed.scenario.money.income_tax.rate
    assert flow("ebitda") == pytest.approx(made.ebitda / 100 + income, abs=0.011)
    assert flow("income tax") == pytest.approx(-made.tax / 100 - tax * income, abs=0.02)
    assert flow("free cash flow") == pytest.approx(made.free_cash_flow / 100 + (1 - tax) * income, abs=0.02)
    saved = tax * (debt.interest + debt.capitalised - before.interest - before.capitalised) / 100
    lent = (debt.drawn - debt.service - before.drawn + before.service) / 100
    owners = made.to_owners / 100 + (1 - tax) * income + saved + lent
    assert flow("to owners") == pytest.approx(owners, abs=0.05)
    assert flow("source: operations")[3] == pytest.approx(made.sources["operations"][3] / 100 - more / 100)
    found = returns_of(owners, made.years, wacc)
    one = {
        line: value("statement_live", cell(f"{line}: to owners").coordinate)
        for line in ("NPV", "IRR", "MIRR")
    }
    assert float(one["NPV"]) == pytest.approx(found.npv_usd, rel=1e-9)
    assert float(one["IRR"]) == pytest.approx(found.irr, rel=1e-7)
    assert float(one["MIRR"]) == pytest.approx(found.mirr, rel=1e-9)
    vendor = next(f for f in made.facilities if f.name == "vendor")
    due = debt.service[:-1] / 100
    first = int(np.flatnonzero(due)[0])
    cover = float(value("statement_live", cell("bank: cover", first).coordinate))
    assert cover == pytest.approx(float(flow("ebitda")[first]) / due[first], rel=1e-9)
    both = float(value("statement_live", cell("vendor: cover", first).coordinate))
    assert both == pytest.approx(
        float(flow("ebitda")[first]) / (due[first] + vendor.service[first] / 100), rel=1e-9
    )


def test_macrs_and_capital_recovery() -> None:
    """V24, exact: the five-year schedule, bonus, and the capital recovery factor at 8 % over five years."""
    assert catalog.depreciation("macrs_5", 0.0) == (0.20, 0.32, 0.192, 0.1152, 0.1152, 0.0576)
    assert catalog.depreciation("macrs_5", 1.0)[0] == 1.0
    for name in catalog.depreciation_classes():
        assert sum(catalog.depreciation(name, 0.0)) == pytest.approx(1.0, abs=1e-12)
    from optimizer.physics.supply.annuity import capital_recovery_factor

    assert capital_recovery_factor(0.08, 5) == pytest.approx(0.25046, abs=5e-6)
