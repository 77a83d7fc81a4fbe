"""Tables of supply: energy by block and source, what sites' paths carry and emit, what each way would have cost."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np

from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_supply import BlockTerms, blocks, path_names
from optimizer.plan.records import PlanContent
from optimizer.plan.tables_decisions import frame
from optimizer.plan.times import Floats
from optimizer.scenario.schema import Site, revenue_path, work_kind

MONTHS_PER_YEAR = 12
HOURS_PER_YEAR = 8760


def power(accounts: Accounts, content: PlanContent) -> Any:
    """Supply by block: site, block, period, mwh (billed), mw (at the meter), usd (energy and carbon)."""
    billed = _billed(content)
    rows = []
    for site in sorted(accounts.taken):
        for block in accounts.taken[site]:
            price = block.usd_per_mwh + block.carbon_usd_per_mwh
            for t, label in enumerate(accounts.labels):
                mwh = billed[site, block.name, t]
                if mwh or block.mw[t]:
                    rows.append((site, block.name, label, mwh, float(block.mw[t]), mwh * float(price[t])))
    kinds = {"mwh": "float64", "mw": "float64", "usd": "float64"}
    return frame(rows, site="object", block="object", period="object", **kinds)


def energy_by_source(accounts: Accounts, content: PlanContent) -> Any:
    """Energy billed, shared among its sources as in a year at the load that the path carries.

    Returns
    -------
    DataFrame
        site, source (grid, gas, solar, …), period, mwh.
    """
    billed = _billed(content)
    rows = []
    for site in sorted(accounts.taken):
        for block in accounts.taken[site]:
            total = np.sum(list(block.mwh_by_source.values()), axis=0)
            for t, label in enumerate(accounts.labels):
                mwh = billed[site, block.name, t]
                for source, yearly in block.mwh_by_source.items():
                    share = float(yearly[t] / total[t]) if total[t] > 0 else 0.0
                    if mwh * share > 0:
                        rows.append((site, source, label, mwh * share))
    return frame(rows, site="object", source="object", period="object", mwh="float64")


def supply_by_site(accounts: Accounts, content: PlanContent) -> Any:
    """What each site's path carries, by period.

    Returns
    -------
    DataFrame
        site, path, period, firm_mw, curtailable_mw (to the halls), on_tranche_mw (IT of halls that stand on it), mwh, usd_per_mwh,
        clean_share, co2_t (by location), co2_market_t and co2_hour_t (grid energy less contracts, matched by year and by
        hour), hours_unserved a year at the firm load.
    """
    billed = _billed(content)
    cut: dict[tuple[str, int], float] = defaultdict(float)
    for item in content.cuts:
        cut[item.site, item.period] += item.halls * item.it_mw
    t = accounts.times
    rows = []
    for site in sorted(accounts.taken):
        states = accounts.terms.supply.get((site, content.paths[site]), [])

        def figure(name: str, states: list[dict[str, Any]] = states) -> Floats:
            return t.path({int(state["from_month"]): float(state[name]) for state in states})

        market, hour, unserved = (
            figure(name) for name in ("market_kg_per_mwh", "hour_kg_per_mwh", "hours_unserved")
        )
        for block in accounts.taken[site]:
            price = block.usd_per_mwh + block.carbon_usd_per_mwh
            for i, label in enumerate(accounts.labels):
                mwh = billed[site, block.name, i]
                if not (mwh or block.mw[i]):
                    continue
                kg = float(block.kg_per_mwh[i])
                rows.append(
                    (
                        site,
                        content.paths[site],
                        label,
                        float((block.mw[i] - block.curtailable_mw[i]) * block.delivered),
                        float(block.curtailable_mw[i] * block.delivered),
                        cut[site, i],
                        mwh,
                        float(price[i]),
                        float(block.clean_share[i]),
                        mwh * kg / 1000,
                        mwh * (float(market[i]) if states else kg) / 1000,
                        mwh * (float(hour[i]) if states else kg) / 1000,
                        float(unserved[i]),
                    )
                )
    names = (
        "firm_mw",
        "curtailable_mw",
        "on_tranche_mw",
        "mwh",
        "usd_per_mwh",
        "clean_share",
        "co2_t",
        "co2_market_t",
        "co2_hour_t",
        "hours_unserved",
    )
    kinds = dict.fromkeys(names, "float64")
    return frame(rows, site="object", path="object", period="object", **kinds)


def supply_options(accounts: Accounts, content: PlanContent) -> Any:
    """Every way to a site's power, ranked by cost alone and with the value of time.

    Returns
    -------
    DataFrame
        site, path, taken, first_power (month), mw (largest in the planning periods, to the halls),
        lcoe_usd_per_mwh (capital less residual, fixed cost and energy at the load that is carried, discounted), waiting_usd_per_mwh
        (value of the compute that the site's largest megawatts would have made until they are there, over the same energy),
        usd_per_month_of_delay, clean_share, kg_per_mwh (of the last period), capital_usd, best_by_lcoe, best_with_waiting.
    """
    rows: list[tuple[Any, ...]] = []
    for site in accounts.terms.scenario.sites:
        names = path_names(accounts.terms, site)
        ways = [(name, block) for name in names for block in blocks(accounts.terms, site, name)]
        ways = [(name, block) for name, block in ways if block.mw.any()]
        rows += _ranked(accounts, content, site, ways)
    names = (
        "mw",
        "lcoe_usd_per_mwh",
        "waiting_usd_per_mwh",
        "usd_per_month_of_delay",
        "clean_share",
        "kg_per_mwh",
        "capital_usd",
    )
    return frame(
        rows,
        site="object",
        path="object",
        taken="bool",
        first_power="object",
        **dict.fromkeys(names, "float64"),
        best_by_lcoe="bool",
        best_with_waiting="bool",
    )


def _ranked(
    accounts: Accounts, content: PlanContent, site: Site, ways: list[tuple[str, BlockTerms]]
) -> list[tuple[Any, ...]]:
    t, value = accounts.times, value_usd_per_mw_year(accounts, site.name)
    planning = slice(0, t.planning)
    mw = {name: block.mw * block.delivered for name, block in ways}
    most = max((float(flow[planning].max()) for flow in mw.values()), default=0.0)
    rows = []
    for name, block in ways:
        energy = _full_load_mwh(accounts, site, block)
        present = float(t.discount @ energy)
        if present <= 0:
            continue
        capital = np.sum([*block.capital.values()], axis=0)
        flows = capital + np.sum([*block.fixed_usd.values()], axis=0)
        flows = flows - np.sum([*block.sales.values(), np.zeros(t.count)], axis=0)
        flows = flows + energy * (block.usd_per_mwh + block.carbon_usd_per_mwh)
        cost = float(t.discount @ flows) - t.discount_end * sum(block.residual.values())
        missing = np.maximum(0.0, most - mw[name])[planning]
        lost = float(t.discount[planning] @ missing) * value * t.years
        first = np.flatnonzero(mw[name] > 0)
        last = int(np.flatnonzero(block.mw)[-1])
        rows.append(
            (
                site.name,
                name,
                content.paths.get(site.name) == name,
                accounts.labels[first[0]],
                float(mw[name][planning].max()),
                cost / present,
                lost / present,
                most * value / MONTHS_PER_YEAR,
                float(block.clean_share[last]),
                float(block.kg_per_mwh[last]),
                float(capital.sum()),
            )
        )
    costs = np.array([row[5] for row in rows])
    with_waiting = np.nan_to_num(costs + np.array([row[6] for row in rows]), nan=np.inf)
    if not len(rows):
        return []
    by_cost, by_both = int(np.argmin(costs)), int(np.argmin(with_waiting))
    known = not math.isnan(value)
    return [(*row, i == by_cost, known and i == by_both) for i, row in enumerate(rows)]


def _full_load_mwh(accounts: Accounts, site: Site, block: BlockTerms) -> Floats:
    """Energy that the path sells by period if it is used as its halls use it [MWh]."""
    t = accounts.times
    designs = [row for key, row in accounts.terms.designs.items() if key[0] == site.name]
    factor = designs[0]["energy_mwh"] / (designs[0]["peak_mw"] * HOURS_PER_YEAR) if designs else 1.0
    return block.mw * factor * t.hours


def value_usd_per_mw_year(accounts: Accounts, site: str) -> float:
    """Value of the compute that a megawatt of facility peak makes a year with the best chip on offer [USD/MW-year].

    Nan where compute has no price. At `revenue_usd_per_h100e_hour` (by date: its mean over the planning periods), else at
    the price of unserved demand.
    """
    scenario = accounts.terms.scenario
    money = scenario.money
    prices, price = revenue_path(money), money.unserved_usd_per_h100e_hour
    if prices is not None:
        price = float(accounts.times.path(prices)[: accounts.times.planning].mean())
    if price is None or not scenario.demand.workloads:
        return math.nan
    # A server of processors counts in a unit of its own.
    workloads = [workload for workload in scenario.demand.workloads if work_kind(workload) != "cpu"]
    best = 0.0
    for (name, _, chip), row in accounts.terms.designs.items():
        if name == site and chip in scenario.chips.offered:
            facts = accounts.terms.chips[chip]
            made = max((facts.yield_of(facts.racks(row["it_mw"]), w, False) for w in workloads), default=0.0)
            best = max(best, made / row["peak_mw"])
    return float(best * price * HOURS_PER_YEAR)


def _billed(content: PlanContent) -> dict[tuple[str, str, int], float]:
    billed: dict[tuple[str, str, int], float] = defaultdict(float)
    for bill in content.billed:
        billed[bill.site, bill.block, bill.period] += bill.mwh
    return billed
