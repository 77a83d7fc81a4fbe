"""Sources of money in plans: what a draw costs and how it is paid back, ranks, fees, and that no source can be split to gain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer.plan import Plan, settled, statement
from optimizer.plan.check import check
from optimizer.plan.debt import roll_forward
from optimizer.plan.finance import cost_of_draw, schedule, service_of, terms_of
from optimizer.plan.times import times
from optimizer.planning.sources import source_terms
from optimizer.programmes.calendar import calendar
from optimizer.scenario import Scenario

from .conftest import CONFIGS

GAP = 1e-6
ALL = ["land", "facility", "power", "chips"]
FREE: dict[str, Any] = {"demand.min_it_mw": {}}
PRICED: dict[str, Any] = {**FREE, "money.revenue_usd_per_h100e_hour": 1.0}
EQUITY = {"name": "fund", "kind": "equity", "cost": 0.14, "funds": ALL}


def scenario_of(**settings: Any) -> Scenario:
    return optimizer.load(CONFIGS / "minimal.yaml", settings)


def solved(sources: list[dict[str, Any]], **settings: Any) -> Plan:
    plan = optimizer.solve(
        scenario_of(**{"finance.sources": sources, **FREE, **settings}), gap=GAP, time_limit=120
    )
    assert plan.status == "optimal"
    assert plan.verified, plan.report.violations[:3]
    return plan


def alone(kind: str, rate: float, **more: Any) -> Scenario:
    """One source that pays for everything; a long study, no building time unless it is given."""
    price = {"rate": rate} if kind == "debt" else {"cost": rate}
    own = {key: more.pop(key) for key in ("years", "rank") if key in more}
    source = {"name": "s", "kind": kind, **price, "commit_usd": 1e12, "funds": ALL, **own}
    months = more.pop("months_per_period", 6)
    horizon = {"start": "2026-01", "periods": 4, "months_per_period": months, "operate_until": "2035-12"}
    work = [{"name": "training", "path": {"2026-01": 1e5}}]
    settings = {"hall.build_months": 0, "demand.workloads": work, **FREE, **more}
    return scenario_of(horizon=horizon, **{"finance.sources": [source]}, **settings)


def premiums(scenario: Scenario) -> tuple[list[float], list[float], list[float]]:
    """Cost a dollar beside the WACC by period of the draw: as checked, as planned, and as the statement pays it."""
    t, cal, source = times(scenario), calendar(scenario.horizon, scenario.money), scenario.finance.sources[0]
    tax = scenario.money.income_tax
    rate = 0.0 if tax is None or source.kind == "equity" else tax.rate
    checked, paid = [], []
    for u in range(t.planning):
        cost, saved = cost_of_draw(scenario, t, source, u)
        checked.append(cost - saved)
        drawn = np.zeros(t.count, dtype=np.int64)
        drawn[u] = 10**15
        debt = roll_forward(scenario, t, source, drawn)
        flow = debt.service - rate * (debt.interest + debt.capitalised)
        years = np.append(np.arange(t.count) - u, t.count - u - 0.5) * t.years
        paid.append(float(flow @ (1 + scenario.money.wacc) ** -years) / 1e15 - 1)
    planned = source_terms(scenario, cal)[0].premium / cal.discount[: cal.planning]
    return checked, planned.tolist(), paid


# What a dollar costs


@pytest.mark.parametrize("kind", ["debt", "lease", "vendor", "equity"])
@pytest.mark.parametrize("years", [None, 1, 5, 7.3, 30])
@pytest.mark.parametrize("months", [3, 6, 12])
def test_a_source_at_the_wacc_costs_nothing(kind: str, years: float | None, months: int) -> None:
    """Whatever its term, and whatever is still owed at the end of the study."""
    more = {} if years is None else {"years": years}
    scenario = alone(kind, 0.08, months_per_period=months, **{"hall.build_months": 15}, **more)
    for found in premiums(scenario):
        assert found == pytest.approx([0.0] * 4, abs=1e-9)


def test_a_vendor_s_five_years_at_nine_per_cent() -> None:
    """Ten half-yearly payments, the first half a year after the draw: +2.41 % at a WACC of 8 %."""
    i, w = 1.09**0.5 - 1, 1.08**0.5 - 1
    by_hand = i / (1 - (1 + i) ** -10) * (1 - (1 + w) ** -10) / w - 1
    assert by_hand == pytest.approx(0.0241, abs=5e-5)
    for found in premiums(alone("vendor", 0.09, years=5)):
        assert found == pytest.approx([by_hand] * 4, abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "rate", "more"),
    [
        ("debt", 0.066, {"hall.build_months": 15}),
        ("debt", 0.10, {"hall.build_months": 24, "years": 2}),
        ("lease", 0.0, {"years": 4.4}),
        ("equity", 0.12, {}),
        ("vendor", 0.13, {"years": 0.2}),
        ("debt", 0.066, {"hall.build_months": 15, "money.income_tax": {"rate": 0.25}}),
        ("vendor", 0.08, {"money.income_tax": {"rate": 0.4}}),
    ],
)
def test_plan_check_and_statement_charge_the_same(kind: str, rate: float, more: dict[str, Any]) -> None:
    checked, planned, paid = premiums(alone(kind, rate, **more))
    assert planned == pytest.approx(checked, abs=1e-12)
    assert paid == pytest.approx(checked, abs=1e-9)
    # Dearer money costs more, a tax that takes a part of interest less.
    dearer, _, _ = premiums(alone(kind, rate + 0.01, **more))
    assert all(a < b for a, b in zip(checked, dearer, strict=True))


def test_terms_that_are_no_whole_number_of_periods_are_one_service() -> None:
    """Five and a half years in yearly periods are six payments, for plan, check and statement alike."""
    scenario = alone("vendor", 0.09, months_per_period=12, years=5.5)
    t, cal, source = times(scenario), calendar(scenario.horizon, scenario.money), scenario.finance.sources[0]
    assert terms_of(scenario, t, source, 0).payments == 6
    planned, checked = source_terms(scenario, cal)[0].service, service_of(scenario, t, source)
    assert planned == pytest.approx(checked, abs=1e-12)
    assert (checked[0] > 0).tolist() == [False, *[True] * 6, *[False] * (t.count - 7)]
    level = 0.09 / (1 - 1.09**-6)
    nominal = checked[0] * t.deflator[0] / t.deflator
    assert nominal[1:7] == pytest.approx([level] * 6, rel=1e-12)
    drawn = np.zeros(t.count, dtype=np.int64)
    drawn[0] = 10**9
    debt = roll_forward(scenario, t, source, drawn)
    assert debt.service[1:7].tolist() == pytest.approx([1e9 * level] * 6, abs=6)


def test_interest_during_construction_by_hand() -> None:
    """100 at 6.6 % a year in half-years, two of building: 103.25 and 106.60 are owed, then 30 payments of 5.6347."""
    scenario = alone("debt", 0.066, years=15, **{"hall.build_months": 12})
    t, source = times(scenario), scenario.finance.sources[0]
    drawn = np.zeros(t.count, dtype=np.int64)
    drawn[0] = 100_000_000
    debt = roll_forward(scenario, t, source, drawn)
    i = 1.066**0.5 - 1
    first = round(1e8 * i)
    assert debt.capitalised[:4].tolist() == [0, first, round((100_000_000 + first) * i), 0]
    assert int(debt.closing[2]) == pytest.approx(106_600_000, abs=1)
    level = 1.066 * i / (1 - (1 + i) ** -30)
    assert debt.service[3:-1].tolist() == pytest.approx([1e8 * level] * (t.count - 3), abs=1)
    assert debt.interest[3] == round(106_600_000 * i)
    # What is left after period T - 1 is settled half a period later with half a period's interest.
    assert int(debt.service[-1]) == pytest.approx(int(debt.opening[-1]) * 1.066**0.25, abs=1)
    assert schedule(scenario, t, source, 0).paid * 1e8 == pytest.approx(debt.service, abs=20)


def test_money_at_the_wacc_is_worth_the_free_cash_flow_to_owners() -> None:
    vendor = {"name": "vendor", "kind": "vendor", "cost": 0.08, "years": 3.3, "funds": ["chips"]}
    bank = {"name": "bank", "kind": "debt", "rate": 0.08, "commit_usd": 3e9, "funds": ["facility", "power"]}
    fund = {**EQUITY, "cost": 0.08, "funds": ["land", "facility", "power"], "from": "2026-07"}
    first = {**fund, "name": "first", "until": "2026-01"}
    del first["from"]
    plan = solved([fund, first, vendor, bank])
    made = plan.statement
    free = made.npv_usd(made.free_cash_flow)
    assert sum(int(f.drawn.sum()) for f in made.facilities) > 1e11
    assert made.npv_usd(made.to_owners) == pytest.approx(free, abs=2.0)
    assert sum(abs(usd) for _, _, usd in plan.accounts.premiums) < 1e-3
    without = optimizer.solve(scenario_of(**FREE), gap=GAP)
    assert plan.objective == pytest.approx(without.objective, rel=3 * GAP)


# Ranks


def loan(name: str, **terms: Any) -> dict[str, Any]:
    base = {"name": name, "kind": "debt", "rate": 0.05, "years": 5, "funds": ["facility", "power", "chips"]}
    return {**base, **terms}


@pytest.mark.parametrize(
    "terms",
    [
        {"loan_to_cost": 0.5},
        {"loan_to_cost": 0.9, "min_dscr": 3.0},
        {"commit_usd": 6.0e9, "min_dscr": 5.0, "rank": 2},
    ],
)
def test_splitting_a_source_never_helps(terms: dict[str, Any]) -> None:
    """One loan, or two of the same terms that share what it commits: the same limits, the same plan."""
    whole = solved([EQUITY, loan("bank", **terms)], **PRICED)
    half = {**terms, **({"commit_usd": terms["commit_usd"] / 2} if "commit_usd" in terms else {})}
    split = solved([EQUITY, loan("bank-a", **half), loan("bank-b", **half)], **PRICED)
    assert split.objective == pytest.approx(whole.objective, rel=3 * GAP)
    # The limit is felt: without it the loan would give more.
    eased = {**terms, **({"min_dscr": 1.0} if "min_dscr" in terms else {"loan_to_cost": 1.0})}
    assert solved([EQUITY, loan("bank", **eased)], **PRICED).objective < whole.objective * (1 - 1e-5)


def test_a_junior_source_asks_nothing_of_a_senior_one() -> None:
    """Cover and loan to cost count the own rank and those before it, so that a later rank never stands in the way."""
    first = loan("first", loan_to_cost=0.4, min_dscr=2.0, rate=0.05)
    second = {**loan("second", loan_to_cost=0.8, min_dscr=1.2, rate=0.07)}
    alike = solved([EQUITY, first, second], **PRICED)
    ranked = solved([EQUITY, first, {**second, "rank": 2}], **PRICED)
    assert ranked.objective <= alike.objective * (1 + 2 * GAP)
    assert ranked.objective < alike.objective * (1 - 1e-5)
    table = ranked.tables()["debt"]
    senior = table[(table["source"] == "first") & table["cover"].notna()]
    assert (senior["served_with_rank_usd"] == senior["service_usd"]).all()
    made = ranked.statement
    cost = np.cumsum(sum(made.uses[name] for name in ("facility", "power", "chips")))
    both = np.cumsum(made.sources["first"] + made.sources["second"])
    assert (both <= 0.8 * cost + 1)[: made.times.planning].all()
    assert (np.cumsum(made.sources["first"]) <= 0.4 * cost + 1)[: made.times.planning].all()


def test_a_loan_that_is_not_drawn_asks_nothing() -> None:
    """A dear loan with a tight limit beside a cheap one with a wide limit: to remove it does not help."""
    wide, tight = loan("wide", loan_to_cost=0.7, rate=0.05), loan("tight", loan_to_cost=0.2, rate=0.2)
    one = solved([EQUITY, wide], **PRICED)
    two = solved([EQUITY, wide, tight], **PRICED)
    assert two.objective == pytest.approx(one.objective, rel=3 * GAP)
    assert not two.statement.sources["tight"].any()


def test_a_lease_of_the_same_rank_is_served_before_cover_is_counted() -> None:
    """What chips are leased for is paid out of the same revenue; in a rank behind the loan it is not counted."""
    bank = loan("bank", loan_to_cost=1.0, min_dscr=2.0, funds=["facility", "power"])
    chips = {"name": "chips", "kind": "lease", "cost": 0.09, "years": 4, "funds": ["land", "chips"]}
    same, behind = (solved([EQUITY, bank, {**chips, "rank": rank}], **PRICED) for rank in (1, 2))
    assert behind.objective < same.objective * (1 - 1e-5)
    for plan, ranks in ((same, ("bank", "chips")), (behind, ("bank",))):
        made = plan.statement
        service = sum(f.service for f in made.facilities if f.name in ranks)[:-1]
        bank_served = next(f for f in made.facilities if f.name == "bank").service[:-1] > 0
        assert (made.ebitda[:-1] >= 2.0 * service * (1 - 1e-6))[bank_served].all()


# Tranches, fees, revenue


def test_a_tranche_without_a_period_is_no_unlimited_money() -> None:
    """The planning side keeps to the windows, whatever they are: none is none."""
    scenario = scenario_of(
        **{"finance.sources": [{**EQUITY, "tranches": {"2026-01": 1e9}, "tranche_months": 12}], **FREE}
    )
    (terms,) = source_terms(scenario, calendar(scenario.horizon, scenario.money))
    assert terms.drawable().tolist() == [0, 1]
    assert terms.lapsing
    assert replace(terms, windows=()).drawable().tolist() == []
    with pytest.raises(
        optimizer.ScenarioError, match="expected a planning period that starts within its 1 months"
    ):
        scenario_of(**{"finance.sources": [{**EQUITY, "tranches": {"2026-02": 1e9}, "tranche_months": 1}]})


@pytest.mark.parametrize("commit", [0.0, 4.0e9])
def test_a_dearer_fee_costs_where_the_round_is_drawn(commit: float) -> None:
    found = []
    for fee in (0.0, 0.05, 0.3):
        rounds = [{"date": "2026-01", "usd": 1.0e11, "fee_share": fee}]
        found.append(solved([{**EQUITY, "cost": 0.1, "commit_usd": commit, "raises": rounds}]))
    costs = [plan.objective for plan in found]
    assert costs[0] < costs[1] * (1 - 1e-4)
    assert costs[1] < costs[2] * (1 - 1e-4)
    first, middle = found[0], found[1]
    # Halls that stay the same: all that is drawn beyond the commitment costs a nineteenth more, and that at 10 % a year.
    drawn = sum(part.usd * middle.accounts.discount[part.period] for part in middle.content.raised)
    assert drawn > 0
    fees = sum(usd * middle.accounts.discount[period] for _, period, usd in middle.accounts.fees)
    assert fees == pytest.approx(drawn / 19, rel=1e-9)
    assert middle.objective - first.objective <= 1.2 * fees
    statement_of = middle.statement
    assert statement_of.npv_usd(statement_of.to_owners) < statement_of.npv_usd(statement_of.free_cash_flow)


def test_a_round_that_is_not_drawn_costs_no_fee() -> None:
    rounds = [{"date": "2026-01", "usd": 1.0e11, "fee_share": 0.3}]
    plain = solved([{**EQUITY, "commit_usd": 1e11}])
    beside = solved([{**EQUITY, "commit_usd": 1e11, "raises": rounds}])
    assert beside.objective == pytest.approx(plain.objective, rel=3 * GAP)
    assert not beside.content.raised


def test_the_cheaper_of_two_rounds_is_drawn_first() -> None:
    rounds = [
        {"date": "2026-01", "usd": 3.0e9, "fee_share": 0.1},
        {"date": "2026-07", "usd": 1.0e11, "fee_share": 0.01, "after": {"online_mw": 50}},
    ]
    plan = solved([{**EQUITY, "raises": rounds}])
    table = plan.tables()["raises"]
    assert 0 < table["drawn_usd"].iloc[0] <= 2.7e9 + 1
    online = plan.tables()["sites_by_period"].groupby("period")["it_mw"].sum()
    first = min(online[online >= 50].index, default="9999-12")
    labels = plan.accounts.labels
    assert all(labels[part.period] >= first for part in plan.content.raised if part.number == 1)


def test_revenue_by_date_is_earned_by_date() -> None:
    """The price steps in the statement and in the cover; one for all time is the same as a path of one entry."""
    bank = loan("bank", loan_to_cost=1.0, min_dscr=2.5, years=8)
    one, path = (
        solved([EQUITY, bank], **{"money.revenue_usd_per_h100e_hour": price})
        for price in (1.0, {"2020-01": 1.0})
    )
    assert path.objective == pytest.approx(one.objective, rel=2 * GAP)
    falling = solved([EQUITY, bank], **{"money.revenue_usd_per_h100e_hour": {"2026-01": 1.0, "2030-01": 0.4}})
    assert falling.objective > one.objective * (1 + 1e-5)
    made, t = falling.statement, falling.statement.times
    for period, label in enumerate(t.labels):
        served = sum(s.amount for s in falling.content.served if s.period == period)
        price = 1.0 if label < "2030-01" else 0.4
        assert made.revenue[period] / 100 == pytest.approx(
            served * price * t.hours / t.deflator[period], abs=0.01
        )
    bank_rows = falling.tables()["debt"].query("source == 'bank'")
    assert bank_rows["cover"].min() >= 2.5 * (1 - 1e-6)


# The check looks at the statement


@pytest.fixture(scope="module")
def lent() -> Plan:
    return solved(
        [EQUITY, loan("bank", loan_to_cost=0.6), {**EQUITY, "name": "small", "cost": 0.1, "commit_usd": 1e9}]
    )


def _violations(plan: Plan) -> list[str]:
    found = check(
        plan.scenario, plan.designs, plan.content, plan.objective, plan.bound, plan.gap, plan.supply
    )
    return [str(violation) for violation in found.violations]


def test_a_statement_that_loses_a_cent_is_refused(lent: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _violations(lent)
    whole = settled.settled_draws

    def lost(*arguments: Any) -> Any:
        drawn = whole(*arguments)
        drawn["bank"]["facility"][1] += 2_000_000
        return drawn

    monkeypatch.setattr(statement, "settled_draws", lost)
    assert any("paid by no source" in text for text in _violations(lent))


def test_a_statement_that_draws_more_than_is_committed_is_refused(
    lent: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = settled.settled_draws

    def more(*arguments: Any) -> Any:
        drawn = whole(*arguments)
        period = int(np.flatnonzero(sum(drawn["small"].values()))[0])
        name = next(c for c in ALL if drawn["small"][c][period])
        drawn["small"][name][period] += 2
        drawn["fund"][name][period] -= 2
        return drawn

    monkeypatch.setattr(statement, "settled_draws", more)
    assert any("USD drawn of 1,000,000,000.00" in text for text in _violations(lent))


def test_a_balance_that_does_not_roll_forward_is_refused(lent: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = statement.roll_forward

    def forgiven(*arguments: Any) -> Any:
        debt = whole(*arguments)
        interest = debt.interest.copy()
        interest[5] = 0
        return replace(debt, interest=interest)

    monkeypatch.setattr(statement, "roll_forward", forgiven)
    assert any("bank, paid beside drawn" in text for text in _violations(lent))
