"""Bad input of power, named by file, key and row; and odd input that works: negative prices, nights without sun."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import optimizer
from optimizer.cli.entry import invoke

CASE = """\
name: power
horizon: {start: 2026-01, periods: 4, months_per_period: 6}
money: {wacc: 0.08, unserved_usd_per_h100e_hour: 4}
demand: {workloads: [{name: training, path: {2026-07: 1000}}]}
chips: {offered: [gb300_nvl72]}
hall: {it_mw: 20, build_months: 6}
cooling: [dlc_dry]
sites:
  - name: abilene
    lat: 32.45
    lon: -99.73
    state: TX
    weather: usa-tx-abilene
    grid: {offer_mw: {2026-01: 100}}
    price: PRICE
    onsite: ONSITE
"""


def refused(folder: Path, capfd: pytest.CaptureFixture[str], price: str, onsite: str = "{}") -> str:
    """What `optimizer evaluate` says; it ends with exit code 2."""
    file = folder / "case.yaml"
    file.write_text(CASE.replace("PRICE", price).replace("ONSITE", onsite), encoding="utf-8")
    capfd.readouterr()
    code = invoke(["run", str(file), "--out", str(folder / "run")])
    shown = capfd.readouterr()
    assert code == 2, shown
    assert "Traceback" not in shown.out + shown.err
    return shown.out + shown.err


def prices(folder: Path, hours: int = 8760, **columns: Any) -> Path:
    file = folder / "price.csv"
    pd.DataFrame({**columns, "usd_per_mwh": np.full(hours, 40.0)}).to_csv(file, index=False)
    return file


def test_prices_shorter_than_a_year(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    prices(tmp_path, 8000)
    said = refused(tmp_path, capfd, "{file: price.csv}")
    assert "price.csv" in said
    assert "8760 or 8784 rows" in said
    assert "8000" in said


@pytest.mark.parametrize(("forward", "word"), [(True, "is missing"), (False, "stands twice")])
def test_clock_changes(tmp_path: Path, capfd: pytest.CaptureFixture[str], forward: bool, word: str) -> None:
    times = pd.date_range("2023-01-01", periods=8760, freq="h").to_series().reset_index(drop=True)
    at = 70 * 24 + 1
    kept = times.drop(at) if forward else pd.concat([times[:at], times[at - 1 :]])
    prices(tmp_path, len(kept), time=kept.dt.strftime("%Y-%m-%d %H:%M").to_numpy())
    said = refused(tmp_path, capfd, "{file: price.csv}")
    assert word in said
    assert f"price.csv:{at + 2}:" in said
    assert "standard time" in said


def test_a_blank_hour_is_named_by_row(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = prices(tmp_path)
    frame = pd.read_csv(file)
    frame.loc[100, "usd_per_mwh"] = np.nan
    frame.to_csv(file, index=False)
    assert "price.csv:102: no price" in refused(tmp_path, capfd, "{file: price.csv}")


def test_a_tariff_without_its_schedule(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tariff.json").write_text(json.dumps({"energyratestructure": [[{"rate": 0.1}]]}))
    said = refused(tmp_path, capfd, "{tariff: tariff.json}")
    assert "tariff.json" in said
    assert "energyweekdayschedule" in said


def test_tiers_that_overlap(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    hours = [[0] * 24] * 12
    record = {
        "energyratestructure": [[{"rate": 0.1, "max": 500}, {"rate": 0.2, "max": 400}, {"rate": 0.3}]],
        "energyweekdayschedule": hours,
        "energyweekendschedule": hours,
    }
    (tmp_path / "tariff.json").write_text(json.dumps(record))
    said = refused(tmp_path, capfd, "{tariff: tariff.json}")
    assert "overlap" in said
    assert "energyratestructure[0][1]" in said


@pytest.mark.parametrize(
    ("onsite", "key", "words"),
    [
        ("{battery: {max_mw: 50, max_mwh: 0}}", "onsite.battery.max_mwh", "found 0"),
        ("{battery: {max_mw: 50}}", "onsite.battery.max_mwh", "missing"),
        (
            "{gas: {max_mw: 50, heat_rate_btu_per_kwh: -9000}}",
            "onsite.gas.heat_rate_btu_per_kwh",
            "found -9000",
        ),
        ("{gas: {max_mw: 50, technology: solar_pv}}", "onsite.gas.technology", "burns no fuel"),
        ("{gas: {max_mw: 50, max_run_hours: 9000}}", "onsite.gas.max_run_hours", "8760"),
        ("{solar: {max_mw: 50, lead_month: 3}}", "onsite.solar.lead_month", "did you mean 'lead_months'"),
    ],
)
def test_keys_of_plant_and_battery(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], onsite: str, key: str, words: str
) -> None:
    said = refused(tmp_path, capfd, "{flat_usd_per_mwh: 40}", onsite)
    assert f"sites[0].{key}" in said
    assert words in said
    assert "case.yaml:16:" in said


def test_negative_prices_and_nights_work(tmp_path: Path) -> None:
    """A battery is paid to charge; the sun's nights are bridged; the plan is verified."""
    values = np.where(np.arange(8760) % 24 < 8, -30.0, 80.0)
    pd.DataFrame({"usd_per_mwh": values}).to_csv(tmp_path / "price.csv", index=False)
    onsite = "{solar: {max_mw: 100, lead_months: 6}, battery: {max_mw: 40, max_mwh: 160, lead_months: 6}}"
    file = tmp_path / "case.yaml"
    file.write_text(CASE.replace("PRICE", "{file: price.csv}").replace("ONSITE", onsite), encoding="utf-8")
    scenario = optimizer.load(file)
    evaluation = optimizer.evaluate(scenario)
    rows = evaluation.supply
    path = next(p for p in rows["path"] if p.startswith("grid") and "battery" in p)
    own = rows[rows["path"] == path].iloc[-1]
    # Power at night costs less than nothing, and the battery brings some of it into the day.
    assert own["grid_usd_per_mwh"] < values.mean()
    hours = evaluation.supply_hourly("abilene", path, int(own["from_month"]))
    assert hours["solar"].iloc[:5].max() == 0
    assert hours["charged"].sum() > 0
    plan = optimizer.solve(scenario, evaluation=evaluation, time_limit=60)
    assert plan.verified, plan.report.violations
