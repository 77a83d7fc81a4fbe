"""Published money beside the model, row by row: chip costs, gigawatts' bills, building costs, yearly costs, loans.

A row is a prediction where the catalog's general figures give it, and an arithmetic check where inputs are the
publication's own or were found back from what it says. Rows that miss what is asked say so, and hold to the error found.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

import optimizer
from optimizer import catalog
from optimizer.physics import FacilityYear, facility_year, weather_from_catalog
from optimizer.physics.supply.annuity import capital_recovery_factor
from optimizer.plan import Plan
from optimizer.programmes.chip_cost import ChipCost, chip_cost, usd_per_pflop_hour
from optimizer.report.published import BERNSTEIN_BILL, BERNSTEIN_USD_BN, CAPITAL_PER_GW

Kind = Literal["prediction", "arithmetic check"]
OURS: Kind = "prediction"
CHECK: Kind = "arithmetic check"

# $/GPU-h of hyperscalers and neoclouds (SemiAnalysis, InferenceX, April 2026), and what cools the halls.
PUBLISHED_CHIPS = {
    "h100_sxm": ("air_economizer", 1.30, 1.69),
    "h200_sxm": ("air_economizer", 1.41, 1.74),
    "b200_hgx": ("air_economizer", 1.95, 2.34),
    "gb200_nvl72": ("dlc_dry", 2.21, 2.75),
    "mi300x": ("air_economizer", 1.12, 1.40),
    "mi355x": ("dlc_dry", 1.48, 1.90),
}
# Rate and life of hyperscalers and neoclouds; four to five years and 8 and 12 % are published, who has which life is not.
OWNERS = {"hyperscaler": (0.08, 5.0), "neocloud": (0.12, 4.0)}
# Chips of 2025 and 2026 that gigawatts are quoted for.
GIGAWATT_CHIPS = ("gb200_nvl72", "gb300_nvl72", "vera_rubin_nvl144")


@dataclass(frozen=True)
class Beside:
    """A published figure, or its span, beside ours.

    `asked` is the tolerance: relative, or in the figure's unit if `absolute`. `holds` is what the test holds where that
    is missed.
    """

    target: str
    figure: str
    published: float | tuple[float, float]
    here: float
    asked: float
    kind: Kind
    absolute: bool = False
    holds: float | None = None

    @property
    def error(self) -> float:
        """Beside the published figure or the nearest end of its span."""
        low, high = self.published if isinstance(self.published, tuple) else (self.published, self.published)
        nearest = min(max(self.here, low), high)
        return self.here - nearest if self.absolute else self.here / nearest - 1

    @property
    def met(self) -> bool:
        return abs(self.error) <= self.asked * (1 + 1e-9)


@cache
def year(weather: str, cooling: str, chip_id: str) -> FacilityYear:
    liquid = {"liquid_share": catalog.chip(chip_id).liquid_share} if catalog.cooling(cooling).liquid else {}
    return facility_year(weather_from_catalog(weather), cooling, **liquid)


@cache
def one_hall(loan_to_cost: float | None = None) -> Plan:
    """A hall of 1,000 GB200 racks in Abilene's weather with dry coolers: US index, no sales tax, land and grid free."""
    sources = ""
    if loan_to_cost is not None:
        sources = f"""
finance:
  sources:
    - {{name: loan, kind: debt, loan_to_cost: {loan_to_cost}, rate: 0.0658, years: 15, funds: [facility]}}
    - {{name: owner, kind: equity, commit_usd: 1.0e+11, cost: 0.12, funds: [land, facility, power, chips]}}"""
    scenario = f"""
name: one-hall
horizon: {{start: 2025-04, periods: 1, months_per_period: 1, operate_until: 2025-06}}
money: {{base_year: 2025, wacc: 0.08, inflation: 0.0}}{sources}
demand:
  min_it_mw: {{2025-04: 132}}
  workloads: [{{name: training, path: {{2025-04: 1000}}}}]
chips: {{offered: [gb200_nvl72], refresh: none}}
hall: {{it_mw: 132, build_months: 0}}
cooling: [dlc_dry]
sites:
  - name: abilene
    lat: 32.4
    lon: -99.7
    state: TX
    market: us
    weather: usa-tx-abilene
    grid: {{offer_mw: {{2025-04: 200}}, connection_usd_per_kw: 0}}
    price: {{flat_usd_per_mwh: 60}}
    land: {{acres: 200, usd_per_acre: 0}}
    tax: {{sales_exempt: true}}
"""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.yaml"
        file.write_text(scenario, encoding="utf-8")
        plan: Plan = optimizer.solve(optimizer.load(file), gap=1e-6, threads=1)
    assert plan.verified, plan.report.violations
    return plan


@cache
def capital(chip_id: str) -> ChipCost:
    """A chip bought at its release for a facility at the US index."""
    return chip_cost(chip_id, 0.07, market="us", energy_usd_per_mwh=catalog.retail_price("TX").value)


def usd_bn_per_gw_it(chip_id: str) -> tuple[float, float]:
    """Hardware and facility [billion USD a GW of IT]."""
    cost = capital(chip_id)
    gpus_bn = 1e6 / cost.chip.it_kw_per_chip / 1e9
    return float(cost.hardware_usd_per_chip) * gpus_bn, float(cost.facility_usd_per_chip) * gpus_bn


def level_usd_bn_per_year(it_usd_bn: float, facility_usd_bn: float, rate: float, it_years: float) -> float:
    """Epoch's gigawatt: IT refreshed at the end of its life, building over 14 years [billion USD a year]."""
    return it_usd_bn * capital_recovery_factor(rate, it_years) + facility_usd_bn * capital_recovery_factor(
        rate, 14.0
    )


def v14() -> tuple[Beside, ...]:
    own = chip_cost("gb200_nvl72", 0.07, it_life_years=5.0, facility_life_years=14.0)
    gpus_bn = 1e6 / own.chip.it_kw_per_chip / 1e9
    by_line = {line: float(usd) * gpus_bn for line, usd in own.usd_per_chip_year.items()}

    def it_share(rate: float) -> float:
        """IT of 38 B$ that costs 8.5 a year with 0.9 of operation."""
        of_it, of_building = (capital_recovery_factor(rate, years) for years in (5.0, 14.0))
        return (8.5 - 0.9 - 38.0 * of_building) / (of_it - of_building)

    return (
        Beside("V14", "1 GW of IT, GB200: B$ a year at 7 %, its own 25.3 + 12.7 B$ and 0.9 a year", 8.5,
               level_usd_bn_per_year(25.3, 12.7, 0.07, 5.0) + 0.9, 0.3, CHECK, absolute=True),
        Beside("V14", "IT among its 38 B$ at 5 % [B$]", 29.0, it_share(0.05), 0.3, CHECK, absolute=True),
        Beside("V14", "IT among its 38 B$ at 8 % [B$]", 23.0, it_share(0.08), 0.3, CHECK, absolute=True),
        Beside("V14", "capital of the catalog's GB200 [B$ a GW of IT]", 38.0,
               sum(usd_bn_per_gw_it("gb200_nvl72")), 0.15, OURS),
        Beside("V14", "servers by the catalog, resale credited [B$ a year]", 5.0, by_line["servers"], 0.15, OURS),
        Beside("V14", "energy at Texas's price [B$ a year]", 0.6, by_line["energy"], 0.15, OURS, holds=0.16),
        Beside("V14", "all costs by the catalog, resale credited [B$ a year]", 8.5, sum(by_line.values()), 0.15, OURS),
    )  # fmt: skip


def v15() -> tuple[Beside, ...]:
    pflop_hours = 6 * 175e9 * 300e9 / 3.6e18
    runs = ((218.0, 0.295), (162.0, 0.395))
    return (
        *(
            Beside("V15", f"GPT-3 in FP8 at {100 * mfu:.1f} % of the rate, 1.45 $/GPU-h [k$]", usd_k,
                   pflop_hours * float(usd_per_pflop_hour("h100_sxm", 1.45, mfu, "fp8")) / 1e3, 0.01, CHECK)
            for usd_k, mfu in runs
        ),
        Beside("V15", "H100 at 11.5 % and 4.5 years, the middle of 10-13 % and 4-5 [$/GPU-h]", 1.45,
               float(chip_cost("h100_sxm", 0.115, it_life_years=4.5).usd_per_chip_hour), 0.15, OURS),
    )  # fmt: skip


def v16() -> tuple[Beside, ...]:
    def monthly(usd: float, months: float) -> float:
        return usd * capital_recovery_factor(0.05 / 12, months)

    lines = {
        "servers": monthly(45_978 * 1450.0, 36),
        "network": monthly(12.8e6, 48),
        "power distribution and cooling": monthly(0.82 * 72e6, 120),
        "power": 8000 * 0.80 * 1.45 * 0.07 * 8760 / 12,
        "other": monthly(0.18 * 72e6, 120),
    }
    total = sum(lines.values())
    published = dict(zip(lines, (57.0, 8.0, 18.0, 13.0, 4.0), strict=True))
    return (
        Beside("V16", "8 MW in 2010 [M$ a month]", 3.5, total / 1e6, 0.01, CHECK),
        *(
            Beside("V16", f"{line} [%]", published[line], 100 * usd / total, 1.0, CHECK, absolute=True)
            for line, usd in lines.items()
        ),
    )  # fmt: skip


def v17() -> tuple[Beside, ...]:
    chip, economics = catalog.chip("gb200_nvl72"), catalog.economics()
    bill = one_hall().tables()["capital_bill"].set_index("line")["usd_per_gw_facility"] / 1e9
    racks = 35e9 / 5.9e6
    rack_kw = chip.it_kw_per_rack * float(year("usa-tx-abilene", "dlc_dry", chip.id).pue_peak)
    misses = {"electrical and mechanical plant, generators": 0.27}
    return (
        Beside("V17", "racks of 3.4 + 2.5 M$ in 35 B$", 5932.0, racks, 0.02, CHECK),
        Beside("V17", "a rack's share of a GW of facility [kW]", 168.6, 1e6 / racks, 0.02, CHECK),
        Beside("V17", "a GPU's [kW]", 2.34, 1e6 / racks / 72, 0.02, CHECK),
        Beside("V17", "ASIC at a margin of 50 % for GPUs at 75 %: the gigawatt costs less by [%]", 19.0,
               39 * (1 - 0.25 / 0.5), 1.0, CHECK, absolute=True),
        Beside("V17", "IT of a rack [M$]", 3.4, chip.rack_price_usd * (1 + chip.network_storage_share) / 1e6, 0.15, OURS),
        Beside("V17", "building and plant of a rack [M$]", 2.5,
               economics.facility_capex_usd_per_kw * chip.it_kw_per_rack / 1e6, 0.15, OURS, holds=0.19),
        Beside("V17", "a rack's share of a GW of facility, dry coolers at Abilene [kW]", 168.6, rack_kw, 0.15, OURS),
        Beside("V17", "a plan's hall [B$ a GW of facility]", BERNSTEIN_USD_BN, bill["total"], 0.15, OURS),
        *(
            Beside("V17", f"{line} in that bill [B$]", share * BERNSTEIN_USD_BN, float(bill[list(mine)].sum()), 0.15, OURS,
                   holds=misses.get(line))
            for line, share, mine in BERNSTEIN_BILL
        ),
        Beside("V17", "building and plant in that bill [B$]", 2.5 / 5.9 * BERNSTEIN_USD_BN,
               float(bill[["shell", "electrical", "mechanical", "fit_out"]].sum()), 0.15, OURS),
    )  # fmt: skip


def v18() -> tuple[Beside, ...]:
    said = {(one.who, one.gigawatt): (one.usd_bn_low, one.usd_bn_high) for one in CAPITAL_PER_GW}
    bill = {name: usd_bn_per_gw_it(name) for name in (*PUBLISHED_CHIPS, *GIGAWATT_CHIPS)}
    peak = {name: float(year("usa-tx-abilene", "dlc_dry", name).pue_peak) for name in GIGAWATT_CHIPS}
    return (
        *(Beside("V18", f"{name} [B$ a GW of IT]", (29.0, 60.0), sum(usd_bn), 0.0, OURS,
                 holds={"mi300x": 0.07, "mi355x": 0.05}.get(name)) for name, usd_bn in bill.items()),
        *(Beside("V18", f"{name} [B$ a GW of facility]", (29.0, 60.0), sum(bill[name]) / peak[name], 0.0, OURS)
          for name in GIGAWATT_CHIPS),
        *(Beside("V18", f"{name} beside Barclays and NVIDIA [B$ a GW]", said["Barclays", ""], sum(bill[name]), 0.0, OURS,
                 holds=0.17) for name in GIGAWATT_CHIPS),
        *(Beside("V18", f"compute and network of {name}, Barclays [%]", (65.0, 70.0), 100 * bill[name][0] / sum(bill[name]), 0.0,
                 OURS, absolute=True, holds=2.5) for name in GIGAWATT_CHIPS),
        *(Beside("V18", f"10 GW of facility in {name} [million GPUs]", (4.0, 5.0),
                 10.0 / catalog.chip(name).it_kw_per_chip / peak[name], 0.0, OURS) for name in GIGAWATT_CHIPS[:2]),
    )  # fmt: skip


def v26() -> tuple[Beside, ...]:
    pflop_hours = 6 * 37e9 * 14.8e12 / 3.6e18
    mfu = pflop_hours / 2.664e6 / (catalog.chip("h100_sxm").bf16_tflops / 1000)
    known = catalog.chip("h100_sxm").facts["utilisation.training"]
    assert known.low is not None
    assert known.high is not None
    return (
        Beside("V26", "DeepSeek-V3, 2.788 M h at 2 $ [M$]", 5.576,
               2.788e6 / 2.664e6 * pflop_hours * float(usd_per_pflop_hour("h100_sxm", 2.0, mfu)) / 1e6, 0.0, CHECK),
        Beside("V26", "its use of the dense BF16 rate in pre-training [%]", (100 * known.low, 100 * known.high), 100 * mfu,
               0.0, OURS),
        Beside("V26", "its pre-training at the catalog's use of 40 % [M$]", 5.328,
               pflop_hours * float(usd_per_pflop_hour("h100_sxm", 2.0)) / 1e6, 0.15, OURS),
    )  # fmt: skip


def v27() -> tuple[Beside, ...]:
    plan = one_hall(loan_to_cost=round(2.3 / 3.4, 6))
    money = plan.tables()["sources_and_uses"]
    drawn = float(money.loc[(money["source"] == "loan") & (money["asset_class"] == "facility"), "usd"].sum())
    facility = float(
        plan.tables()["capital_bill"]
        .set_index("line")
        .loc[["shell", "electrical", "mechanical", "fit_out"], "usd"]
        .sum()
    )
    return (
        Beside("V27", "Abilene phase 1, 3.4 B$ on 206 MW [M$/MW]", 16.5, 3400 / 206, 0.005, CHECK),
        Beside("V27", "Abilene campus, 15 B$ on 1,200 MW [M$/MW]", 12.5, 15_000 / 1200, 0.0, CHECK),
        Beside("V27", "a plan's loan at phase 1's loan to cost, of 3.4 B$ [B$]", 2.3, 3.4 * drawn / facility, 1e-5, CHECK),
        Beside("V27", "9.6 of 15 B$ [% of cost]", 64.0, 100 * 9.6 / 15, 0.0, CHECK),
    )  # fmt: skip


@cache
def chip_costs(
    chip_id: str,
    bought_year: float | None = None,
    residual_first: float | None = None,
    life_years: float | None = None,
) -> dict[str, float]:
    """V31 by owner, in Columbus, Ohio [USD per chip and hour]; `life_years` for both owners alike."""
    cooling = PUBLISHED_CHIPS[chip_id][0]
    rates, lives = (np.array(column) for column in zip(*OWNERS.values(), strict=True))
    found = chip_cost(
        chip_id,
        rates,
        it_life_years=lives if life_years is None else life_years,
        market="us-oh",
        pue=float(year("usa-oh-columbus", cooling, chip_id).pue),
        cooling_usd_per_kw=catalog.cooling(cooling).capex_usd_per_kw.value,
        bought_year=bought_year,
        residual_first=residual_first,
    )
    return dict(zip(OWNERS, found.usd_per_chip_hour.tolist(), strict=True))


def errors_by_reading() -> dict[str, list[float]]:
    """Errors of the twelve costs of V31 [fraction] under other readings of what the publication leaves open."""
    readings: dict[str, dict[str, float]] = {
        "as in the table": {},
        "without resale": {"residual_first": 0.0},
        "bought in April 2026": {"bought_year": 2026.25},
        "5 years for both owners": {"life_years": 5.0},
        "4 years for both owners": {"life_years": 4.0},
    }
    return {
        name: [
            chip_costs(chip_id, **changes)[owner] / usd - 1
            for chip_id, (_, *published) in PUBLISHED_CHIPS.items()
            for owner, usd in zip(OWNERS, published, strict=True)
        ]
        for name, changes in readings.items()
    }


def v31() -> tuple[Beside, ...]:
    return tuple(
        Beside("V31", f"{chip_id}, {owner} [$/GPU-h]", usd, chip_costs(chip_id)[owner], 0.15, OURS)
        for chip_id, (_, *published) in PUBLISHED_CHIPS.items()
        for owner, usd in zip(OWNERS, published, strict=True)
    )  # fmt: skip


def v32() -> tuple[Beside, ...]:
    economics = catalog.economics()
    per_kw = economics.facility_capex_usd_per_kw / 1000
    abilene = (
        per_kw
        * catalog.market("us-tx").labour_index
        / float(year("usa-tx-abilene", "dlc_dry", "gb200_nvl72").pue_peak)
    )
    bare = 1 - economics.soft_share
    plant = economics.electrical_share + economics.mechanical_share
    return (
        Beside("V32", "Abilene phase 2 [M$ a MW of facility]", 11.67, abilene, 0.10, OURS),
        Beside("V32", "Abilene campus [M$ a MW of facility]", 12.5, abilene, 0.10, OURS),
        Beside("V32", "Abilene phase 1 [M$ a MW of facility]", 16.5, abilene, 0.10, OURS, holds=0.29),
        Beside("V32", "19 markets, mean, without soft cost [M$/MW]", 11.7, per_kw * bare, 0.10, OURS),
        Beside("V32", "San Antonio, the least: Texas [M$/MW]", 9.3,
               per_kw * bare * catalog.market("us-tx").labour_index, 0.10, OURS, holds=0.26),
        Beside("V32", "Reno, the most: Nevada [M$/MW]", 15.0,
               per_kw * bare * catalog.market("us-nv").labour_index, 0.10, OURS, holds=0.12),
        Beside("V32", "shell, of cost without soft cost [%]", 21.0, 100 * economics.shell_share / bare, 0.10, OURS),
        Beside("V32", "critical plant and white space, of cost without soft cost [%]", 63.0, 100 * plant / bare, 0.10, OURS,
               holds=0.24),
    )  # fmt: skip


def v34() -> tuple[Beside, ...]:
    return tuple(
        Beside("V34", f"1 GW of IT, chips of {years} years [B$ a year]", usd_bn,
               level_usd_bn_per_year(25.3, 12.7, 0.07, years) + 0.9, 0.01, CHECK)
        for years, usd_bn in ((3, 11.99), (5, 8.52), (7, 7.05))
    )  # fmt: skip


TARGETS = (v14, v15, v16, v17, v18, v26, v27, v31, v32, v34)
