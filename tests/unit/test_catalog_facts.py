"""Every shipped figure has a unit and a source; figures that are published are as published."""

from __future__ import annotations

import csv
import doctest
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest

from optimizer import catalog
from optimizer.physics.supply.annuity import capital_recovery_factor

from ..data_folder import RAW, needs_raw

BOOKS = (
    "chips",
    "hosts",
    "cooling",
    "electrical",
    "economics",
    "supply",
    "markets",
    "carbon",
    "prices",
    "tax",
)


def entries(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if "value" in node or "shares" in node or "month" in node:
            yield path, node
        else:
            for key, inner in node.items():
                yield from entries(inner, f"{path}.{key}" if path else str(key))


@pytest.mark.parametrize("book", BOOKS)
def test_every_figure_has_unit_and_source(book: str) -> None:
    found = list(entries(catalog.read_facts(book)))
    assert found
    for path, entry in found:
        assert entry.get("source"), f"{book}: {path}"
        assert "month" in entry or entry.get("unit"), f"{book}: {path}"
        if "low" in entry and "high" in entry and entry["low"] is not None:
            assert entry["low"] <= entry["value"] <= entry["high"], f"{book}: {path}"
        if "assumption" in str(entry["source"]) or "memory" in str(entry["source"]):
            assert entry.get("weak"), f"{book}: {path}: an assumption is weak"


def test_the_chips_that_are_wanted_are_there() -> None:
    wanted = (
        "h100_sxm h200_sxm b200_hgx gb200_nvl72 gb300_nvl72 vera_rubin_nvl144 mi300x mi355x tpu_v6e tpu_ironwood "
        "trainium2 trainium3 arm_cpu_rack a100_sxm h20_sxm b300_hgx tpu_v4 tpu_v5e tpu_v5p ascend_910c "
        "x86_cpu_rack"
    )
    assert set(wanted.split()) <= set(catalog.chips())


def test_ids_are_texts() -> None:
    """`no` is Norway, not a truth value."""
    for ids in (
        catalog.market_ids(),
        catalog.carbon_countries(),
        tuple(catalog.chips()),
        catalog.supply_ids(),
    ):
        assert all(isinstance(name, str) for name in ids)
    assert "no" in catalog.market_ids()


def test_h100e_of_an_h100_is_one() -> None:
    assert catalog.chip("h100_sxm").h100e == 1.0
    assert catalog.chip("h100_sxm").h100e_8bit == 1.0


EPOCH_NAMES = {
    "a100_sxm": "NVIDIA A100 SXM4 80 GB",
    "h100_sxm": "NVIDIA H100 SXM5 80GB",
    "b200_hgx": "NVIDIA B200",
    "gb200_nvl72": "NVIDIA GB200",
    "gb300_nvl72": "NVIDIA GB300 (Blackwell Ultra)",
    "h20_sxm": "NVIDIA HGX H20",
    "h200_sxm": "NVIDIA H200 SXM",
    "b300_hgx": "NVIDIA B300 (Blackwell Ultra)",
    "mi300x": "AMD Instinct MI300X",
    "mi355x": "AMD Instinct MI355X",
    "tpu_v4": "Google TPU v4",
    "tpu_v5e": "Google TPU v5e",
    "tpu_v5p": "Google TPU v5p",
    "tpu_v6e": "Google TPU v6e Trillium",
    "tpu_ironwood": "Google TPU v7 Ironwood",
    "trainium2": "Amazon Trainium2",
    "trainium3": "Amazon Trainium3",
    "ascend_910c": "Huawei Ascend 910C",
}


@needs_raw
@pytest.mark.parametrize("chip_id", sorted(EPOCH_NAMES))
def test_rates_and_powers_are_epochs(chip_id: str) -> None:
    with (RAW / "chips" / "epoch_ml_hardware.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["Hardware name"]: row for row in csv.DictReader(file)}
    row = rows[EPOCH_NAMES[chip_id]]
    chip = catalog.chip(chip_id)
    rate = row["Tensor-FP16/BF16 performance (FLOP/s)"]
    if rate:
        assert chip.bf16_tflops == pytest.approx(float(rate) / 1e12, rel=0.01)
    if row["TDP (W)"]:
        assert chip.tdp_w == pytest.approx(float(row["TDP (W)"]), rel=0.01)
    if row["Memory (bytes)"]:
        assert chip.hbm_gb == pytest.approx(float(row["Memory (bytes)"]) / 1e9, rel=0.001)
    if row["FP4 performance (FLOP/s)"]:
        assert chip.fp4_tflops == pytest.approx(float(row["FP4 performance (FLOP/s)"]) / 1e12, rel=0.01)
    eight = row["FP8 performance (FLOP/s)"] or row["INT8 performance (OP/s)"]
    if chip_id == "tpu_v6e":  # no FP8 units: INT8 runs at twice that rate
        eight = row["INT8 performance (OP/s)"]
    if eight:
        assert chip.fp8_tflops == pytest.approx(float(eight) / 1e12, rel=0.01)


def test_a_family_is_a_generation() -> None:
    """Chips of one family stand within two years of each other; a vendor's families follow each other."""
    first: dict[tuple[str, str], list[int]] = {}
    for chip in catalog.chips().values():
        first.setdefault((chip.vendor, chip.family), []).append(chip.release)
    assert all(max(months) - min(months) <= 24 for months in first.values())
    assert len({family for vendor, family in first if vendor == "Google"}) == 4


def test_macrs_and_bonus() -> None:
    """V24: IRS Publication 946, table A-1; all at once under the law of 2025."""
    assert catalog.depreciation("macrs_5", bonus=0.0) == (0.20, 0.32, 0.192, 0.1152, 0.1152, 0.0576)
    assert catalog.depreciation("macrs_5") == (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for name in catalog.depreciation_classes():
        assert sum(catalog.depreciation(name, bonus=0.4)) == pytest.approx(1.0, abs=1e-12)


def test_capital_recovery_factor() -> None:
    """V24: CRF(8 %, 5) = 0.25046."""
    assert capital_recovery_factor(0.08, 5) == pytest.approx(0.25046, abs=5e-6)
    assert capital_recovery_factor(0.0, 4) == 0.25
    owed = 1.0
    for _ in range(7):
        owed = owed * 1.05 - capital_recovery_factor(0.05, 7)
    assert owed == pytest.approx(0.0, abs=1e-12)


def test_weather_of_every_shipped_site_is_small() -> None:
    data = files("optimizer.catalog").joinpath("data")
    sizes = {entry.name: len(entry.read_bytes()) for entry in data.iterdir() if entry.is_file()}
    assert sum(sizes.values()) < 6_000_000, sizes


@pytest.mark.parametrize(
    "module",
    [
        "optimizer.physics.supply.annuity",
        "optimizer.report.wording",
        "optimizer.report.tables",
        "optimizer.scenario.schema.base",
    ],
)
def test_examples_in_docstrings(module: str) -> None:
    result = doctest.testmod(import_module(module))
    assert result.attempted
    assert not result.failed
