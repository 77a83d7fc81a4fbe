"""Chips: racks of accelerators and CPUs, with rates, power, prices, lives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from optimizer.catalog.fact import CatalogError, Fact, facts_in, read_facts
from optimizer.catalog.hosts import host

H100_BF16_TFLOPS = 989.5  # one H100e, dense BF16
H100_FP8_TFLOPS = 1979.0  # one h100e_8bit, dense FP8 (Epoch AI)


@dataclass(frozen=True)
class Chip:
    """A chip and the rack it comes in. Rates are dense, money is dollars of 2025.

    Attributes
    ----------
    id, name, vendor, family : str
        A family is a generation of a vendor's chips of one kind.
    kind : {"accelerator", "cpu"}
    release : int
        First month in which racks can be energised, counted from year 0 (year * 12 + month - 1).
    last_sale : int or None
        Last month in which racks can be bought; None where no end is known.
    cooling : {"air", "liquid", "either"}
    liquid_share : float
        Share of heat that goes to liquid under direct liquid cooling [fraction].
    supply_c_max : float
        Warmest liquid supply [°C].
    chips_per_rack : int
    it_kw_per_rack : float
        IT power of a rack at full load with its share of network and storage [kW].
    tdp_w : float
        Power of one chip [W].
    bf16_tflops, fp8_tflops : float
        Of one chip [TFLOP/s].
    fp4_tflops : float
        The same in FP4; the FP8 rate where the chip has no FP4 [TFLOP/s].
    hbm_gb : float
        Memory of one chip [GB].
    cpu_chips : float
        CPU work of one chip, of an accelerator by its hosts, in processors of `arm_cpu_rack`.
    rack_price_usd : float
        Rack with hosts and scale-up network at release [USD].
    network_storage_share : float
        Scale-out network and storage on top of the rack price [fraction].
    price_decline_per_year : float
        [fraction a year].
    life_years : float
    availability : float
        Share of installed chips that do useful work [fraction].
    repair_hours : float
        Time until a failed chip works again, on which `availability` rests [h].
    failures_per_chip_year : float
        Unexpected interruptions that a chip causes [1/year].
    restart_minutes : float
        What an interruption costs a synchronous run [min].
    embodied_kg_per_chip : float
        CO2 of making a chip with its share of the server [kg].
    host : str
        Processors beside the accelerators, an id of `catalog.hosts` or `none`.
    utilisation : dict of str to float
        Model FLOP utilisation by kind of work; a kind that is missing is one that the chip can't do.
    facts : dict of str to Fact
        The figures above with units, ranges and sources.
    """

    id: str
    name: str
    vendor: str
    family: str
    kind: Literal["accelerator", "cpu"]
    release: int
    last_sale: int | None
    cooling: Literal["air", "liquid", "either"]
    liquid_share: float
    supply_c_max: float
    chips_per_rack: int
    it_kw_per_rack: float
    tdp_w: float
    bf16_tflops: float
    fp8_tflops: float
    fp4_tflops: float
    hbm_gb: float
    cpu_chips: float
    rack_price_usd: float
    network_storage_share: float
    price_decline_per_year: float
    life_years: float
    availability: float
    repair_hours: float
    failures_per_chip_year: float
    restart_minutes: float
    embodied_kg_per_chip: float
    host: str
    utilisation: dict[str, float]
    facts: dict[str, Fact]

    @property
    def it_kw_per_chip(self) -> float:
        """IT power of a chip with its share of the rack [kW]."""
        return self.it_kw_per_rack / self.chips_per_rack

    @property
    def h100e(self) -> float:
        """Dense BF16 rate in units of one H100."""
        return self.bf16_tflops / H100_BF16_TFLOPS

    @property
    def h100e_8bit(self) -> float:
        """Dense 8-bit rate in units of one H100."""
        return self.fp8_tflops / H100_FP8_TFLOPS


@lru_cache(maxsize=1)
def chips() -> dict[str, Chip]:
    """All chips, by id."""
    book = read_facts("chips")
    return {name: _chip(name, entry, book["common"]) for name, entry in book["chips"].items()}


def chip(chip_id: str) -> Chip:
    """A chip.

    Raises
    ------
    CatalogError
        Unknown id.
    """
    known = chips()
    if chip_id not in known:
        raise CatalogError("chip", chip_id, known)
    return known[chip_id]


def _chip(name: str, entry: dict[str, Any], common: dict[str, Any]) -> Chip:
    merged = {**common["all"], **common[entry["kind"]], **entry}
    facts = facts_in(merged)
    release = _month(merged.pop("release"))
    last_sale = _month(merged.pop("last_sale")) if "last_sale" in merged else None
    values: dict[str, Any] = {key: fact.value for key, fact in facts.items() if "." not in key}
    work = {key.split(".", 1)[1]: fact.value for key, fact in facts.items() if key.startswith("utilisation.")}
    values.setdefault("fp4_tflops", values["fp8_tflops"])
    if merged["host"] != "none":
        values.setdefault("cpu_chips", host(merged["host"]).cpu_chips_per_accelerator)
    values["chips_per_rack"] = int(values["chips_per_rack"])
    plain = {key: merged[key] for key in ("name", "vendor", "family", "kind", "cooling", "host")}
    return Chip(
        id=name,
        release=release,
        last_sale=last_sale,
        utilisation=work,
        facts=facts,
        **plain,
        **values,
    )


def _month(entry: dict[str, Any]) -> int:
    """Months since year 0 of an entry's `YYYY-MM`."""
    year, month = str(entry["month"]).split("-")
    return int(year) * 12 + int(month) - 1
