"""Sections of the page: there where they have content, with the figures of the tables."""

from __future__ import annotations

import re
from functools import reduce
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer.cli.plan_text import plan_text
from optimizer.plan import Plan
from optimizer.plan.tables_limits import SHARED
from optimizer.report import frames, frames_limits, sentences, wording
from optimizer.report.page import page_text
from optimizer.report.workbook import write_workbook

from .conftest import CONFIGS

ALL = ["land", "facility", "power", "chips"]
# Leases, debt, racks that outgrow halls, jobs, crews, parts, a developer, tax and priced carbon in one small case.
RICH: dict[str, Any] = {
    "name": "rich",
    "money.revenue_usd_per_h100e_hour": 0.85,
    "money.carbon_usd_per_t": 20,
    "money.embodied_carbon_priced": True,
    "money.income_tax": {"rate": 0.21, "bonus_share": 0.4},
    "demand.min_it_mw": {"2028-01": 200},
    "demand.jobs": [
        {"name": "frontier", "h100e": 8.0e4, "from": "2028-01", "months": 12},
        {"name": "early", "h100e": 5.0e4, "from": "2026-01", "months": 6},
    ],
    "chips.offered": ["gb300_nvl72", "vera_rubin_nvl144", "next_gen"],
    "chips.supply_vendor_racks": {"NVIDIA": {"2026-07": 2500, "2028-01": 3000, "2029-01": 20000}},
    "chips.settings": {
        "gb300_nvl72": {"life_years": 3, "last_sale": "2028-12"},
        "next_gen": {
            "based_on": "vera_rubin_nvl144",
            "release": "2029-01",
            "it_kw_per_rack": 215,
            "flops_per_watt_gain_per_year": 0.4,
            "usd_per_flops_decline_per_year": 0.3,
        },
    },
    "hall.density_headroom": 1.5,
    "hall.build_to_suit": {"usd_per_kw_month": 150, "years": 10, "exit_fee_months": 24},
    "hall.crews": [{"name": "texans", "states": ["TX"], "max_it_mw": {"2026-01": 100}}],
    "hall.lead_items": [
        {"name": "transformers", "per_it_mw": 0.02, "deliveries": {"2026-07": 3, "2027-07": 6}}
    ],
    "leases": [
        {
            "name": "cloud",
            "available": {"2027-01": 1.0e5},
            "usd_per_h100e_hour": 1.5,
            "months": 24,
            "take_or_pay": 0.6,
            "exit_after_months": 12,
            "exit_fee_months": 3,
            "lat": 32.9,
            "lon": -97.0,
        }
    ],
    "finance.sources": [
        {"name": "fund", "kind": "equity", "cost": 0.11, "commit_usd": 1.2e10, "funds": ALL},
        {
            "name": "bank",
            "kind": "debt",
            "rate": 0.066,
            "loan_to_cost": 0.6,
            "min_dscr": 1.3,
            "funds": ["facility", "power"],
        },
        {"name": "vendor", "kind": "vendor", "cost": 0.09, "commit_usd": 8.0e9, "funds": ["chips"]},
    ],
}


@pytest.fixture(scope="module")
def rich() -> Plan:
    plan = optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", RICH), time_limit=120, gap=0.02)
    assert plan.verified, plan.report.violations[:3]
    return plan


def sections(page: str) -> dict[str, str]:
    """Text of the page by section, drawings left out."""
    found = {}
    for identity, body in re.findall(r'<section id="([^"]+)">(.*?)</section>', page, re.DOTALL):
        body = re.sub(r"<svg.*?</svg>", "", body, flags=re.DOTALL)
        found[identity] = unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ")
    return found


@pytest.fixture(scope="module")
def said(rich: Plan) -> dict[str, str]:
    return sections(page_text(rich))


def test_sections_stand_where_they_have_content(said: dict[str, str], minimal: Plan) -> None:
    assert list(said) == [
        "map",
        "timeline",
        "idle-power",
        "demand",
        "leases",
        "power",
        "carbon",
        "money",
        "compute-cost",
        "sources",
        "statement",
        "limits",
        "capital",
        "assumptions",
        "reading",
    ]
    plain = sections(page_text(minimal))
    assert set(said) - set(plain) == {"idle-power", "leases"}
    assert "Training runs" not in plain["demand"]
    assert "Cover by source" not in plain["sources"]
    assert "gives compute no price" in plain["statement"]


def test_page_of_a_plan_without_halls() -> None:
    none = {"demand.min_it_mw": {}, "demand.workloads": []}
    plan = optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", none), time_limit=60)
    assert {"map", "demand"} <= set(sections(page_text(plan)))
    cloud = {**RICH["leases"][0], "lat": None, "lon": None, "exit_after_months": None}
    leased = {
        "demand.min_it_mw": {},
        "demand.workloads": [{"name": "training", "path": {"2027-01": 1000}}],
        "hall.max_starts": 0,
        "leases": [cloud],
    }
    plan = optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", leased), time_limit=60)
    assert not plan.content.lives
    assert {"leases", "statement", "limits"} <= set(sections(page_text(plan)))


def test_power_in_operation_is_the_same_everywhere(rich: Plan, minimal: Plan) -> None:
    """Chart by chips, sites by period, builds: halls count what their racks use."""
    for plan in (rich, minimal):
        sites = plan.tables()["sites_by_period"].groupby("period")["it_mw"].sum()
        chips = frames.it_by_chip(plan).groupby("period")["it_mw"].sum()
        assert chips.to_numpy() == pytest.approx(sites.to_numpy())
    builds = rich.builds
    assert list(builds.columns) == ["site", "period", "cooling", "chip", "halls", "it_mw", "action"]
    refreshed = builds[builds["chip"] == "next_gen"]
    assert len(refreshed)
    # A rack of 215 kW takes two positions of racks of 140 kW: 178 racks for 357 positions, 232 would be full.
    assert refreshed["it_mw"].to_numpy() == pytest.approx(refreshed["halls"].to_numpy() * 50 * 178 / 232)
    built = builds[builds["action"] == "build"]
    assert built["it_mw"].to_numpy() == pytest.approx(built["halls"].to_numpy() * 50.0)


def test_idle_power_is_the_table_s(rich: Plan, said: dict[str, str]) -> None:
    table = rich.tables()["stranded"]
    worst = table.groupby("period")["stranded_mw"].sum()
    halls = table[table["period"] == worst.idxmax()]
    text = f"{wording.number(worst.max())} MW of {wording.number(halls['hall_mw'].sum())} MW stand idle"
    assert text in said["idle-power"]
    assert frames.it_by_site(rich)["it_mw"].max() > 0


def test_work_and_jobs(rich: Plan, said: dict[str, str]) -> None:
    for row in rich.tables()["jobs"].itertuples():
        assert row.job in said["demand"]
        assert ("missed" if row.missed else row.site) in said["demand"]
    work = rich.tables()["work"]
    used = rich.tables()["compute"].groupby("workload")["used"].sum() * rich.accounts.times.hours
    for workload, hours in work.groupby("workload")["unit_hours"].sum().items():
        assert hours == pytest.approx(used[workload])
        assert str(workload) in said["demand"]


def test_leases_by_period_are_the_contracts(rich: Plan, said: dict[str, str]) -> None:
    table, t = rich.tables()["leases_by_period"], rich.accounts.times
    running = np.zeros(t.count)
    for contract in rich.content.contracts:
        running[contract.first : contract.end] += contract.amount
    by_period = table.groupby("period")["running"].sum().reindex(t.labels).fillna(0.0)
    assert by_period.to_numpy() == pytest.approx(running)
    assert table["signed"].sum() == pytest.approx(sum(c.amount for c in rich.content.contracts))
    assert (table["used"] + table["idle"]).to_numpy() == pytest.approx(table["running"].to_numpy())
    opex = rich.tables()["opex_by_site"].groupby("line")["usd"].sum()
    assert table["rent_usd"].sum() == pytest.approx(opex["lease"])
    assert table["exit_usd"].sum() == pytest.approx(opex.get("lease_exit", 0.0))
    # Of idle compute 60 % are owed, at one price for all contracts.
    assert table["idle_usd"].sum() == pytest.approx(0.6 * 1.5 * t.hours * table["idle"].sum())
    for figure in ("rent_usd", "idle_usd", "exit_usd"):
        assert wording.usd(table[figure].sum()) in said["leases"]


def test_levelised_costs_add_up(rich: Plan, said: dict[str, str]) -> None:
    pairs = rich.tables()["levelised_cost"].iloc[:-1]
    # Leases and what is not served have rows of their own there.
    assert "leased" in set(pairs["chip"])
    whole = pairs[~pairs["chip"].isin(["leased", "unserved"])][["usd", "unit_hours"]].sum()
    for name in ("levelised_by_site", "levelised_by_generation"):
        table = rich.tables()[name]
        rows, last = table.iloc[:-1], table.iloc[-1]
        for figure in ("usd", "unit_hours"):
            assert rows[figure].sum() == pytest.approx(whole[figure])
            assert last[figure] == pytest.approx(whole[figure])
        assert last["usd_per_unit_hour"] == pytest.approx(whole["usd"] / whole["unit_hours"])
    assert f"costs ${whole['usd'] / whole['unit_hours']:.3f}" in said["compute-cost"]
    for value in rich.tables()["levelised_by_generation"]["usd_per_pflop_hour"]:
        assert wording.number(value) in said["compute-cost"]


def test_servers_of_processors_stand_apart() -> None:
    overrides = {
        "chips.offered": ["gb300_nvl72", "arm_cpu_rack"],
        "demand.workloads": [
            {"name": "training", "path": {"2027-07": 1.0e5}},
            {"name": "cpu", "path": {"2027-07": 500}},
        ],
        "cooling": ["dlc_dry", "air_chiller"],
    }
    plan = optimizer.solve(optimizer.load(CONFIGS / "minimal.yaml", overrides), time_limit=60, gap=1e-3)
    table = plan.tables()["levelised_by_generation"].set_index("chip")
    assert list(table.index) == ["gb300_nvl72", "arm_cpu_rack", ""]
    assert table.loc["", "usd"] == pytest.approx(table.loc["gb300_nvl72", "usd"])
    assert table.loc["", "unit_hours"] == pytest.approx(table.loc["gb300_nvl72", "unit_hours"])


def test_money_on_the_page_is_the_statement_s(rich: Plan, said: dict[str, str]) -> None:
    debt, returns = rich.tables()["debt"], rich.tables()["returns"].set_index("flow")
    owed = debt.groupby("period")["closing_usd"].sum()
    assert f"peaks at {wording.usd(owed.max())} in {owed.idxmax()}" in said["sources"]
    worst = debt.loc[debt["cover"].idxmin()]
    lowest = f"{worst['cover']:.2f}".replace("-", "−")
    assert f"lowest at {lowest} in {worst['period']} ({worst['source']})" in said["sources"]
    for flow in ("free_cash_flow", "to_owners"):
        assert wording.usd(returns.loc[flow, "npv_usd"]) in said["statement"]
        assert f"{100 * returns.loc[flow, 'irr']:.1f} %".replace("-", "−") in said["statement"]
    opex = rich.tables()["opex_by_site"]
    last = frames.last_planning_period(rich)
    assert f"{wording.usd(opex.loc[opex['period'] <= last, 'usd'].sum())} on operation" in said["money"]
    carbon = rich.tables()["carbon"]
    for figure in ("operation_t", "embodied_t"):
        assert f"{wording.number(carbon[figure].sum() / 1e6)} Mt" in said["carbon"]


def test_limits_are_what_the_check_holds_a_plan_to(rich: Plan, said: dict[str, str]) -> None:
    table, t = rich.tables()["limits"], rich.accounts.times
    assert (table["share"] <= 1 + 1e-6).all()
    busy = np.zeros(t.count)
    build = t.periods_in(rich.scenario.hall.build_months)
    for life in rich.content.lives:
        if life.site == "abilene":
            busy[life.commission - build : life.commission] += life.halls * life.it_mw
    crews = table[table["name"] == "crews: texans"]
    assert list(crews["used"]) == pytest.approx(list(busy[: t.planning]))
    assert list(crews["share"]) == pytest.approx(list(busy[: t.planning] / 100))
    vendor = table[table["name"] == "commitment: vendor"]
    assert vendor["used"].iloc[-1] == pytest.approx(rich.statement.sources["vendor"].sum() / 100, rel=1e-6)
    floor = table[table["name"] == "IT power in operation, at least"]
    assert list(floor["limit"]) == [200.0, 200.0]
    tight = frames_limits.binding(rich)
    assert len(tight)
    for row in tight.itertuples():
        assert row.limit in said["limits"]
        assert row.binds in said["limits"]


def test_every_path_of_a_limit_stands_in_the_scenario(rich: Plan) -> None:
    def step(value: Any, key: str) -> Any:
        if isinstance(value, (tuple, list)):
            return next(item for item in value if item.name == key)
        return value[key] if isinstance(value, dict) else getattr(value, key)

    for path in set(rich.tables()["limits"]["path"]):
        found = reduce(step, re.findall(r"[^.\[\]]+", path), rich.scenario)
        assert found, path


def test_every_rule_of_the_check_is_shared_or_a_site_s() -> None:
    """A new limit over all sites must not be forgotten in the table."""
    of_one_place = {
        "compute",
        "curtailable power",
        "demand",
        "energy",
        "draws by round",
        "energy of the block",
        "firm power",
        "demand not served",
        "gap claimed",
        "given halls",
        "hall time",
        "idle",
        "IT power of the site",
        "land",
        "latency",
        "leased compute",
        "minimum take",
        "money drawn",
        "objective claimed",
        "bound",
        "power",
        "sales tax",
        "sales tax threshold",
        "served beyond demand",
        "starts at the site",
        "statement",
        "water",
    }
    rules = set()
    for path in (Path(optimizer.__file__).parent / "plan").glob("check*.py"):
        text = path.read_text(encoding="utf-8")
        rules |= set(re.findall(r'\.at_(?:most|least)\(\s*"([^"]+)"', text))
    assert rules
    assert rules <= set(SHARED) | of_one_place


def test_terminal_says_what_compute_costs_and_what_binds(rich: Plan) -> None:
    text = plan_text(rich, columns=100)
    assert "Levelised cost of compute" in text
    assert "What binds" in text
    for limit in frames_limits.binding(rich)["limit"]:
        assert limit[:20] in text
    assert max(len(line) for line in text.splitlines()[1:]) <= 100


def test_every_table_has_a_sheet_with_its_name(rich: Plan, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    write_workbook(rich, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert all(len(name) <= 31 for name in rich.tables())
    assert set(rich.tables()) <= set(book.sheetnames)
    cover = {row[0].value: row[1].value for row in book["plan"].iter_rows()}
    for name, frame in rich.tables().items():
        assert cover[name] == len(frame) == book[name].max_row - 1
    assert cover["objective"] == pytest.approx(rich.objective)


def test_periods_in_words() -> None:
    labels = ["2026-01", "2026-07", "2027-01", "2027-07"]
    assert frames_limits.spans(labels, labels) == "2026-01 to 2027-07"
    assert frames_limits.spans(labels, ["2027-07", "2026-01"]) == "2026-01, 2027-07"
    assert frames_limits.spans(labels, []) == ""


def test_shortage_is_told_by_workload(rich: Plan, minimal: Plan) -> None:
    assert "is served." in sentences.demand(minimal)
    short = rich.tables()["demand"]
    short = short[(short["period"] <= frames.last_planning_period(rich)) & (short["unserved"] > 0)]
    for workload in set(short["workload"]):
        assert str(workload) in sentences.demand(rich)


def test_new_charts_come_through_the_entry_point(rich: Plan) -> None:
    names = ("stranded", "work", "leases", "carbon", "limits", "opex", "levelised", "owed", "cash_flow")
    for name in names:
        assert getattr(rich.plot, name)(width=600).to_dict()["$schema"].startswith("https://vega.github.io")
