"""A scenario's designs follow its options: what cools the room and the liquid, and the load by hour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimizer
from optimizer.physics import DesignError, WeatherError, facility_year, weather_from_catalog

MINIMAL = Path(__file__).parents[2] / "configs" / "minimal.yaml"


def designs(**overrides: Any) -> Any:
    frame = optimizer.evaluate(optimizer.load(MINIMAL, overrides=overrides)).designs
    return frame.set_index(["site", "cooling", "chip"]).loc["abilene"]


def test_options_choose_what_cools() -> None:
    usual = designs()
    other = designs(
        cooling_options={"dlc_dry": {"air_side": "air_economizer", "rejection": "hybrid"}},
        cooling_parameters={"dlc_dry": {"high_dew_point_c": 21, "tower_approach_k": 3}},
    )
    row = other.loc[("dlc_dry", "gb300_nvl72")]
    assert row["wue_l_per_kwh"] > 0.0 == usual.loc[("dlc_dry", "gb300_nvl72")]["wue_l_per_kwh"]
    assert row["pue"] < usual.loc[("dlc_dry", "gb300_nvl72")]["pue"]
    assert other.loc[("dlc_tower", "gb300_nvl72")].equals(usual.loc[("dlc_tower", "gb300_nvl72")])
    alone = facility_year(
        weather_from_catalog("usa-tx-abilene"), "dlc_dry", it_mw=50.0, air_side="air_economizer",
        rejection="hybrid", high_dew_point_c=21.0, tower_approach_k=3.0,
        liquid_share=optimizer.catalog.chip("gb300_nvl72").liquid_share,
    )  # fmt: skip
    assert row["energy_mwh"] == pytest.approx(alone.energy_mwh, rel=1e-12)


def test_load_profile_moves_the_bill_not_the_energy_of_it() -> None:
    flat, day = designs(), designs(**{"hall.load_profile": "inference"})
    it_flat, it_day = flat["energy_mwh"] / flat["pue"], day["energy_mwh"] / day["pue"]
    np.testing.assert_allclose(it_day, it_flat, rtol=1e-9)
    assert (day["energy_usd"] != flat["energy_usd"]).all()
    assert (day["peak_mw"] == flat["peak_mw"]).all()


def test_load_of_a_file(tmp_path: Path) -> None:
    text = MINIMAL.read_text().replace("hall: {it_mw: 50,", "hall: {load_file: load.csv, it_mw: 50,")
    (tmp_path / "case.yaml").write_text(text)
    load = tmp_path / "load.csv"
    load.write_text("mw\n" + "40\n" * 8760)
    same = optimizer.evaluate(optimizer.load(tmp_path / "case.yaml")).designs
    assert same.equals(optimizer.evaluate(optimizer.load(MINIMAL)).designs)
    load.write_text("mw\n" + "40\n" * 8759 + "90\n")
    with pytest.raises(DesignError, match=r"hour 8759 is 1\.8"):
        optimizer.evaluate(optimizer.load(tmp_path / "case.yaml"))
    load.write_text("mw\n" + "40\n" * 24)
    with pytest.raises(
        WeatherError, match=r"load\.csv: expected one column of numbers and 8760 or 8784 rows"
    ):
        optimizer.evaluate(optimizer.load(tmp_path / "case.yaml"))
