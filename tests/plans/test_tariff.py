"""A site on its utility's tariff: what its designs pay, by hand, and a plan that is verified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer.physics.supply import TariffError, bill, tariff_of

from .test_by_hand import SCENARIO

# Energy at 4 and 6 cents by day and night, 8 USD a kW and month of the month's peak, 2 of the evening's.
RECORD: dict[str, Any] = {
    "energyratestructure": [[{"rate": 0.04}], [{"rate": 0.05, "adj": 0.01}]],
    "energyweekdayschedule": [[0] * 8 + [1] * 16 for _ in range(12)],
    "energyweekendschedule": [[0] * 24 for _ in range(12)],
    "flatdemandstructure": [[{"rate": 8.0}]],
    "flatdemandmonths": [0] * 12,
    "demandratestructure": [[{"rate": 0.0}], [{"rate": 2.0}]],
    "demandweekdayschedule": [[0] * 17 + [1] * 4 + [0] * 3 for _ in range(12)],
    "demandweekendschedule": [[0] * 24 for _ in range(12)],
    "fixedchargefirstmeter": 1000.0,
}


def scenario(folder: Path, price: str) -> optimizer.Scenario:
    (folder / "tariff.json").write_text(json.dumps(RECORD), encoding="utf-8")
    (folder / "one.yaml").write_text(SCENARIO.replace("{flat_usd_per_mwh: 60}", price), encoding="utf-8")
    return optimizer.load(folder / "one.yaml")


def test_designs_pay_the_bill(tmp_path: Path) -> None:
    case = scenario(tmp_path, "{tariff: tariff.json}")
    evaluation = optimizer.evaluate(case)
    design = evaluation.designs.iloc[0]
    # The mean price is that of 80 MW around the clock, the design's its own hours at the scale of 80 MW.
    flat = bill(tariff_of(RECORD), np.full(8760, 80.0))
    assert design.mean_price_usd_per_mwh == pytest.approx(flat.total_usd / (80.0 * 8760.0), rel=2e-3)
    hours = evaluation.hourly("only", "dlc_tower")["facility_mw"].to_numpy()
    scale = 80.0 / hours.max()
    assert design.energy_usd == pytest.approx(
        bill(tariff_of(RECORD), hours * scale).total_usd / scale, rel=1e-9
    )
    # A load that is not flat pays more for each MWh, as demand is billed by its peaks.
    assert design.energy_usd / design.energy_mwh > design.mean_price_usd_per_mwh


def test_adder_comes_on_top(tmp_path: Path) -> None:
    plain = optimizer.evaluate(scenario(tmp_path, "{tariff: tariff.json}")).designs.iloc[0]
    more = optimizer.evaluate(
        scenario(tmp_path, "{tariff: tariff.json, adder_usd_per_mwh: 10}")
    ).designs.iloc[0]
    assert more.mean_price_usd_per_mwh == pytest.approx(plain.mean_price_usd_per_mwh + 10.0)
    assert more.energy_usd == pytest.approx(plain.energy_usd + 10.0 * plain.energy_mwh)


def test_plan_on_a_tariff_is_verified(tmp_path: Path) -> None:
    plan = optimizer.solve(scenario(tmp_path, "{tariff: tariff.json}"), gap=1e-6)
    assert plan.verified
    flat = optimizer.solve(scenario(tmp_path, "{flat_usd_per_mwh: 40}"), gap=1e-6)
    assert plan.objective > flat.objective


def test_bad_record_is_named(tmp_path: Path) -> None:
    case = scenario(tmp_path, "{tariff: tariff.json}")
    (tmp_path / "tariff.json").write_text(
        json.dumps({key: value for key, value in RECORD.items() if key != "energyweekendschedule"}),
        encoding="utf-8",
    )
    with pytest.raises(TariffError, match=r"tariff.json: energyratestructure without energyweekendschedule"):
        optimizer.evaluate(case)
