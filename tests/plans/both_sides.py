"""Every hall programme of a scenario beside the books of the same life: two codes written from docs/economics.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import optimizer
from optimizer.physics import evaluate
from optimizer.plan import Life
from optimizer.plan.accounts_halls import HallTerms, hall_books, hall_terms
from optimizer.plan.income_tax import kept_share, weights
from optimizer.plan.records import Stage
from optimizer.plan.times import times
from optimizer.programmes.calendar import calendar
from optimizer.programmes.halls import HallColumns, hall_columns
from optimizer.scenario import Scenario

# Halls that stand, are decided, built or rented; chips of two years that are refreshed, run on or leave.
SCENARIO = """
name: all-lives
horizon: {start: 2026-01, periods: 4, months_per_period: 6, operate_until: 2030-12}
money: {base_year: 2025, wacc: 0.08, unserved_usd_per_h100e_hour: 4}
demand: {workloads: [{name: training, path: {2026-01: 50000}}]}
chips:
  offered: [gb300_nvl72, vera_rubin_nvl144]
  settings: {gb300_nvl72: {life_years: 2}, vera_rubin_nvl144: {life_years: 3}}
hall:
  it_mw: 20
  build_months: 12
  build_to_suit: {usd_per_kw_month: 160, years: 4, exit_fee_months: 6}
cooling: [dlc_dry, dlc_tower]
sites:
  - name: stands
    lat: 32.4
    lon: -99.7
    state: TX
    weather: usa-tx-abilene
    grid: {offer_mw: {2026-01: 100}, connection_usd_per_kw: 200, substation_usd_per_kw: 100}
    price: {flat_usd_per_mwh: 60}
    existing: [{online: 2025-03, it_mw: 15, chip: gb300_nvl72, cooling: dlc_dry}]
    committed: [{online: 2026-07, it_mw: 25, chip: gb300_nvl72, cooling: dlc_dry}]
  - name: new
    lat: 43.4
    lon: -87.9
    state: WI
    weather: usa-wi-milwaukee
    grid: {offer_mw: {2026-07: 60}, substation_usd_per_kw: 80}
    price: {retail_state: WI, escalation_per_year: 0.02}
"""


def scenario_with(folder: Path, overrides: dict[str, Any]) -> Scenario:
    """The scenario of all kinds of lives with other values."""
    file = folder / "all_lives.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return optimizer.load(file, overrides)


def life_of(scenario: Scenario, columns: HallColumns, j: int) -> Life:
    """A programme as a plan's life."""
    programmes = columns.programmes
    block = None if programmes.block[j] < 0 else columns.blocks[programmes.block[j]]
    stages = [
        Stage(columns.chips[chip].id, int(first), int(end), bool(run_on))
        for chip, first, end, run_on in programmes.stages[j]
        if chip >= 0
    ]
    return Life(
        site=scenario.sites[programmes.site[j]].name,
        origin="new" if block is None else "existing" if block.existing else "committed",
        block=None if block is None else block.position,
        cooling=columns.cooling_ids[programmes.cooling[j]],
        it_mw=float(programmes.hall_mw[j]),
        halls=1,
        commission=int(programmes.commission[j]),
        stages=tuple(stages),
        leased=bool(programmes.leased[j]),
    )


def cost_in_books(terms: HallTerms, life: Life) -> float:
    """Discounted cost of a life by its books, after tax where there is one [USD]."""
    scenario, t = terms.scenario, terms.times
    book, kept = hall_books(terms, life), kept_share(scenario)
    weight = {name: weights(scenario, t, name) for name in ("facility", "chips")}
    total = sum(
        item.usd * t.discount[item.period] * weight[item.asset_class][item.period] for item in book.capital
    )
    total += kept * sum(item.usd * t.discount[item.period] for item in book.opex)
    for credit in book.credits:
        factor = t.discount_end if credit.period is None else t.discount[credit.period]
        total -= kept * credit.usd * float(factor)
    return float(total)


def assert_both_sides_agree(scenario: Scenario) -> HallColumns:
    """Capital, operation and discounted cost of every programme are those of its books."""
    designs = evaluate(scenario).designs
    columns = hall_columns(scenario, designs, calendar(scenario.horizon, scenario.money))
    terms = hall_terms(scenario, times(scenario), designs)
    programmes = columns.programmes
    assert len(programmes) > 100
    for j in range(len(programmes)):
        life = life_of(scenario, columns, j)
        book = hall_books(terms, life)
        flows = {name: np.zeros(terms.times.count) for name in ("facility", "chips", "opex")}
        for item in book.capital:
            flows[item.asset_class][item.period] += item.usd
        for opex in book.opex:
            flows["opex"][opex.period] += opex.usd
        found = (programmes.facility_usd[j], programmes.chips_usd[j], programmes.opex_usd[j])
        for mine, (name, theirs) in zip(found, flows.items(), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-3, err_msg=f"{name} of {life}")
        np.testing.assert_allclose(
            programmes.cost_usd[j], cost_in_books(terms, life), rtol=1e-9, err_msg=str(life)
        )
    return columns
