"""Tariffs: records of URDB billed as NREL's System Advisor Model bills them, terms by hand, bad records named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.physics.supply import TariffError, bill, read_tariff, tariff_of
from optimizer.physics.supply.bills import periods_of

from ..data_folder import RAW, needs_raw
from ..reference.sam import CHARGES, sam_bill

HOUR = np.arange(8760)
CENT = 0.01
RECORDS = ("LADWP_A-3", "PGE_BEV-2-S_2025-09-08_Neat", "SCE_TOU-8__Option-D_Under-2-kV")


def load_kw(seed: int = 0) -> np.ndarray:
    """Some four megawatts, higher in the afternoon."""
    noise = 30.0 * np.random.default_rng(seed).random(8760)
    return 40.0 * (100.0 + 50.0 * np.sin(HOUR / 5.0) + 20.0 * (HOUR % 24 > 12) + noise)


def same_every_month(hours: list[int]) -> list[list[int]]:
    return [list(hours) for _ in range(12)]


def simple() -> dict[str, Any]:
    """Two periods of energy, cheap before noon."""
    hours = [0] * 12 + [1] * 12
    return {
        "name": "two periods",
        "energyratestructure": [[{"rate": 0.1}], [{"rate": 0.3, "adj": 0.02}]],
        "energyweekdayschedule": same_every_month(hours),
        "energyweekendschedule": same_every_month([0] * 24),
    }


def agrees(record: dict[str, Any], load: np.ndarray) -> None:
    expected, found = sam_bill(record, load), bill(tariff_of(record), load / 1000.0)
    for name in CHARGES:
        assert np.abs(getattr(found, name) - expected[name]).max() <= CENT, name


@needs_raw
@pytest.mark.parametrize("name", RECORDS)
def test_published_tariffs_to_a_cent(name: str) -> None:
    """P4: every charge of every month."""
    pytest.importorskip("PySAM")
    path = RAW / "tariffs" / f"{name}.json"
    record = json.loads(path.read_text(encoding="utf-8"))["items"][0]
    for seed in range(3):
        agrees(record, load_kw(seed))
    assert read_tariff(path) == tariff_of(record, path.name)


def some_tariff(random: np.random.Generator) -> dict[str, Any]:
    """Terms at random: tiers of any unit, seasons, demand by time of use, fixed and least charges."""
    unit = str(random.choice(["kWh", "kWh/kW", "kWh daily", "kWh/kW daily"]))
    size = {"kWh": 1e6, "kWh/kW": 200.0, "kWh daily": 4e4, "kWh/kW daily": 8.0}[unit]
    periods, tiers = random.integers(1, 5), random.integers(1, 4)
    ends = np.sort(random.uniform(0.2, 2.0, tiers)) * size

    def schedule(count: int) -> list[list[int]]:
        return [[int(p) for p in random.integers(0, count, 24)] for _ in range(12)]

    def stepped(low: float, high: float, ends: np.ndarray, **more: Any) -> list[dict[str, Any]]:
        steps = [
            {"rate": float(random.uniform(low, high)), "adj": float(random.uniform(0.0, 0.02)), **more}
            for _ in ends
        ]
        for step, end in zip(steps[:-1], ends, strict=False):
            step["max"] = float(end)
        return steps

    record: dict[str, Any] = {
        "energyratestructure": [stepped(0.02, 0.3, ends, unit=unit) for _ in range(periods)],
        "energyweekdayschedule": schedule(periods),
        "energyweekendschedule": schedule(periods),
    }
    if random.random() < 0.6:
        count, steps = random.integers(1, 4), np.array([3000.0, 1e9])[-random.integers(1, 3) :]
        record["demandratestructure"] = [stepped(0.0, 20.0, steps) for _ in range(count)]
        record["demandweekdayschedule"], record["demandweekendschedule"] = schedule(count), schedule(count)
    if random.random() < 0.6:
        count = random.integers(1, 4)
        record["flatdemandstructure"] = [stepped(0.0, 20.0, np.ones(1)) for _ in range(count)]
        record["flatdemandmonths"] = [int(p) for p in random.integers(0, count, 12)]
    if random.random() < 0.5:
        record |= {
            "fixedchargefirstmeter": 30.5,
            "fixedchargeunits": str(random.choice(["$/month", "$/day", "$/year"])),
        }
    if random.random() < 0.4:
        record |= {"mincharge": float(random.uniform(1.0, 3e5)), "minchargeunits": "$/month"}
    if random.random() < 0.5:
        record["dgrules"] = "Net Billing Instantaneous"
    return record


def test_random_tariffs_to_a_cent() -> None:
    pytest.importorskip("PySAM")
    random = np.random.default_rng(5)
    for i in range(40):
        agrees(some_tariff(random), load_kw(i))


def test_two_periods_by_hand() -> None:
    """A Monday first: week of five days with dear afternoons."""
    found = bill(tariff_of(simple()), np.ones(8760))
    # January 2023-like: 31 days from a Monday, 23 of them weekdays.
    assert found.energy_usd[0] == pytest.approx(1000.0 * (31 * 24 * 0.1 + 23 * 12 * 0.22))
    assert found.energy_mwh[1] == 28 * 24
    assert found.total_usd == pytest.approx(found.month_usd.sum())
    # From a Saturday on there are 21 of them.
    assert bill(tariff_of(simple()), np.ones(8760), first_weekday=5).energy_usd[0] == pytest.approx(
        1000.0 * (31 * 24 * 0.1 + 21 * 12 * 0.22)
    )


def test_leap_year() -> None:
    charge = tariff_of(simple()).energy
    assert charge is not None
    assert len(periods_of(charge, 8784)) == 8784
    assert bill(tariff_of(simple()), np.ones(8784)).energy_mwh[1] == 29 * 24


def test_ratchet_by_hand() -> None:
    """A July of 10 MW binds the months after it at 80 %, where the ratchet holds."""
    record = {
        "flatdemandstructure": [[{"rate": 10.0}]],
        "flatdemandmonths": [0] * 12,
        "lookbackpercent": 0.8,
        "lookbackrange": 11,
    }
    load = np.full(8760, 4.0)
    load[(31 + 28 + 31 + 30 + 31 + 30) * 24] = 10.0
    found = bill(tariff_of(record), load).flat_demand_usd
    assert found[6] == pytest.approx(1e5)
    assert found[[0, 5, 7, 11]] == pytest.approx(8e4)
    binds = record | {"lookbackmonths": [month >= 9 for month in range(12)]}
    assert bill(tariff_of(binds), load).flat_demand_usd[[5, 7, 9]] == pytest.approx([4e4, 4e4, 8e4])


def test_least_charges() -> None:
    record = simple() | {"mincharge": 50.0, "minchargeunits": "$/month", "fixedchargefirstmeter": 20.0}
    found = bill(tariff_of(record), np.zeros(8760))
    assert found.month_usd == pytest.approx(np.full(12, 50.0))
    yearly = simple() | {"mincharge": 900.0, "minchargeunits": "$/year"}
    assert bill(tariff_of(yearly), np.zeros(8760)).total_usd == pytest.approx(900.0)


def without(key: str) -> dict[str, Any]:
    record = simple()
    del record[key]
    return record


def changed(key: str, change: Any) -> dict[str, Any]:
    record = copy.deepcopy(simple())
    record[key] = change(record[key]) if callable(change) else change
    return record


def with_period(months: list[list[int]]) -> list[list[int]]:
    months[3][5] = 7
    return months


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (without("energyweekendschedule"), "energyratestructure without energyweekendschedule"),
        (changed("energyweekdayschedule", with_period), r"energyweekdayschedule\[3\]\[5\]: expected a period from 0 to 1, found 7"),
        (changed("energyweekdayschedule", lambda months: months[:11]), "energyweekdayschedule: expected 12 months, found 11"),
        (changed("energyweekendschedule", [[0] * 23] * 12), r"energyweekendschedule\[0\]: expected 24 hours, found 23"),
        (changed("energyratestructure", []), "energyratestructure: expected a list of periods"),
        (
            changed("energyratestructure", [[{"rate": 0.1, "max": 500}, {"rate": 0.2, "max": 300}], [{"rate": 1}]]),
            r"energyratestructure\[0\]\[1\].max: tiers overlap: expected more than 500, found 300",
        ),
        (changed("energyratestructure", [[{"rate": "ten"}]]), r"\[0\]\[0\].rate: expected a number, found 'ten'"),
        (changed("energyratestructure", [[{"rate": 0.1, "unit": "hp"}]]), r"unit: expected kwh, .* found 'hp'"),
        (simple() | {"flatdemandstructure": [[{"rate": 1}]]}, "flatdemandmonths: expected 12 periods"),
        (simple() | {"flatdemandstructure": [[{"rate": 1}]], "flatdemandmonths": [4] * 12}, r"flatdemandmonths\[0\]: no period 4"),
        (simple() | {"fixedchargefirstmeter": 3, "fixedchargeunits": "EUR"}, "fixedchargeunits: expected"),
        (simple() | {"lookbackpercent": 80}, "lookbackpercent: expected 0 to 1, found 80"),
        ({"name": "empty"}, "no energyratestructure"),
    ],
)  # fmt: skip
def test_bad_records_are_named(record: dict[str, Any], message: str) -> None:
    with pytest.raises(TariffError, match=f"^tariff: .*{message}"):
        tariff_of(record)


def test_bad_files_and_loads_are_named(tmp_path: Path) -> None:
    with pytest.raises(TariffError, match=r"none.json: can't be read"):
        read_tariff(tmp_path / "none.json")
    (tmp_path / "torn.json").write_text('{"items": [', encoding="utf-8")
    with pytest.raises(TariffError, match=r"torn.json: not JSON"):
        read_tariff(tmp_path / "torn.json")
    (tmp_path / "two.json").write_text('{"items": [{}, {}]}', encoding="utf-8")
    with pytest.raises(TariffError, match=r"items: expected one rate, found 2"):
        read_tariff(tmp_path / "two.json")
    with pytest.raises(TariffError, match="expected 8760 or 8784 hours"):
        bill(tariff_of(simple()), np.ones(8759))
    holed = np.ones(8760)
    holed[7] = -1.0
    with pytest.raises(TariffError, match="hour 7: expected 0 or more"):
        bill(tariff_of(simple()), holed)


def test_charges_that_a_record_does_not_suffice_for_are_told() -> None:
    """Coincident peaks, power factor, a year's adjustments: not billed, as SAM does not bill them, and not in silence."""
    hours = [[0] * 24] * 12
    record = {
        "energyratestructure": [[{"rate": 0.1}]],
        "energyweekdayschedule": hours,
        "energyweekendschedule": hours,
        "coincidentratestructure": [[{"rate": 6.0}]],
        "fueladjustmentsmonthly": [0.0] * 12,
        "demandreactivepowercharge": 0.35,
    }
    assert tariff_of(record).not_billed == ("coincidentratestructure", "demandreactivepowercharge")
