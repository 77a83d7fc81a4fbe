"""Chips of a scenario with its settings over the catalog's figures (docs/economics.md, sections 2, 4 and 5)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from optimizer import catalog
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.lives import ChipTerms, life_periods
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import ChipSettings, Scenario, Workload, work_kind


@dataclass(frozen=True)
class Chip:
    """A chip with the scenario's settings applied; units as in the catalog.

    Attributes
    ----------
    tflops : dict of str to float
        Dense rate by arithmetic: bf16, fp8, fp4 [TFLOP/s].
    prices : tuple of (int, float)
        Month and price of a rack from it on, ascending [USD].
    cuts : tuple of int
        Months in which a newer generation comes on sale.
    cut : float
        Fall of the price at each of them [fraction].
    spares_share : float
        Hot spares on top of the rack price [fraction].
    restart_share : float
        Share of a synchronous run's time that each of its chips costs by its failures.
    """

    id: str
    catalog_id: str
    vendor: str
    family: str
    release: int
    last_sale: int | None
    cooling: str
    chips_per_rack: int
    it_kw_per_rack: float
    tflops: dict[str, float]
    prices: tuple[tuple[int, float], ...]
    cuts: tuple[int, ...]
    cut: float
    network_storage_share: float
    spares_share: float
    price_decline_per_year: float
    life_years: float
    availability: float
    restart_share: float
    embodied_kg: float
    utilisation: dict[str, float]
    countries: tuple[str, ...] | None
    barred: tuple[str, ...]
    development_usd: float
    development_from: int | None
    min_racks: float

    def may_stand_in(self, country: str) -> bool:
        """Whether export rules let it stand in a country."""
        return country not in self.barred and (self.countries is None or country in self.countries)


def chips_in(scenario: Scenario) -> tuple[Chip, ...]:
    """Chips on offer, then those that stand or are decided only, settings applied."""
    ids = list(scenario.chips.offered)
    for site in scenario.sites:
        ids += [block.chip for block in (*site.existing, *site.committed)]
    return tuple(_chip(scenario, chip_id) for chip_id in dict.fromkeys(ids))


def _settings(scenario: Scenario, chip_id: str) -> tuple[catalog.Chip, ChipSettings]:
    settings = scenario.chips.settings.get(chip_id, ChipSettings())
    return catalog.chip(settings.based_on or chip_id), settings


def _chip(scenario: Scenario, chip_id: str) -> Chip:
    fact, own = _settings(scenario, chip_id)

    def value(name: str) -> float:
        given = getattr(own, name)
        return float(getattr(fact, name) if given is None else given)

    release = fact.release if own.release is None else own.release
    years = (release - fact.release) / 12
    rack_kw = value("it_kw_per_rack")
    # A generation to come computes more a watt, and a FLOP/s of it costs less.
    faster = (1 + (own.flops_per_watt_gain_per_year or 0.0)) ** years
    if own.flops_per_watt_gain_per_year is not None:
        faster *= rack_kw / fact.it_kw_per_rack
    price = value("rack_price_usd")
    if own.rack_price_usd is None:
        price *= faster * (1 - (own.usd_per_flops_decline_per_year or 0.0)) ** years
    if own.host is not None and fact.host != "none":
        new, old = catalog.host(own.host), catalog.host(fact.host)
        if own.it_kw_per_rack is None:
            rack_kw += (new.it_kw_per_accelerator - old.it_kw_per_accelerator) * fact.chips_per_rack
        if own.rack_price_usd is None:
            price += (new.usd_per_accelerator - old.usd_per_accelerator) * fact.chips_per_rack
    tflops = {}
    for name in ("bf16", "fp8", "fp4"):
        given = getattr(own, f"{name}_tflops")
        tflops[name] = getattr(fact, f"{name}_tflops") * faster if given is None else given
    if own.fp4_tflops is None and own.fp8_tflops is not None and fact.fp4_tflops == fact.fp8_tflops:
        tflops["fp4"] = own.fp8_tflops
    failures = value("failures_per_chip_year")
    availability, spares = value("availability"), economics_of(scenario).spares_share
    if own.repair_hours is not None and own.availability is None:
        working = 1 - failures * own.repair_hours / 8760
        availability = min(1.0, max(0.0, working * (1 + spares)))
    return Chip(
        id=chip_id,
        catalog_id=fact.id,
        vendor=own.vendor or fact.vendor,
        family=fact.family,
        release=release,
        last_sale=fact.last_sale if own.last_sale is None else own.last_sale,
        cooling=fact.cooling,
        chips_per_rack=fact.chips_per_rack,
        it_kw_per_rack=rack_kw,
        tflops=tflops,
        prices=tuple(own.rack_price_path.items()) or ((release, price),),
        cuts=_newer(scenario, chip_id, release),
        cut=scenario.chips.price_cut_per_generation,
        network_storage_share=value("network_storage_share"),
        spares_share=spares,
        price_decline_per_year=value("price_decline_per_year"),
        life_years=value("life_years"),
        availability=availability,
        restart_share=failures * value("restart_minutes") / 60 / 8760,
        embodied_kg=value("embodied_kg_per_chip"),
        utilisation=dict(fact.utilisation) | {str(kind): share for kind, share in own.utilisation.items()},
        countries=own.countries,
        barred=own.barred_countries,
        development_usd=own.development_usd or 0.0,
        development_from=own.development_from,
        min_racks=own.min_racks or 0.0,
    )


def _newer(scenario: Scenario, chip_id: str, release: int) -> tuple[int, ...]:
    """Months in which chips of the same vendor and kind on offer come on sale after this one."""
    fact, own = _settings(scenario, chip_id)
    months = []
    for other_id in scenario.chips.offered:
        other, others_own = _settings(scenario, other_id)
        month = other.release if others_own.release is None else others_own.release
        same = (others_own.vendor or other.vendor) == (own.vendor or fact.vendor) and other.kind == fact.kind
        if other_id != chip_id and same and month > release:
            months.append(month)
    return tuple(sorted(months))


def chip_terms(chips: tuple[Chip, ...], scenario: Scenario, calendar: Calendar) -> tuple[ChipTerms, ...]:
    """What the enumeration of lives needs to know of each chip."""
    offered = set(scenario.chips.offered)
    return tuple(
        ChipTerms(
            index=i,
            family=chip.family,
            on_sale_from=calendar.period_of(chip.release),
            on_sale_until=_off_sale(chip.last_sale, calendar),
            life_periods=life_periods(chip.life_years, calendar.period_years),
            offered=chip.id in offered,
        )
        for i, chip in enumerate(chips)
    )


def _off_sale(last_sale: int | None, calendar: Calendar) -> int:
    """First period that starts after a chip's last sale."""
    return calendar.periods if last_sale is None else calendar.period_of(last_sale + 1)


def rack_usd(chip: Chip, years_since_year_0: Floats) -> Floats:
    """Price of a bare rack at calendar times [years], before tax [USD]."""
    first, price = chip.prices[0]
    base = np.full(np.shape(years_since_year_0), price)
    since = np.full(np.shape(years_since_year_0), first / 12)
    for month, price in chip.prices[1:]:
        later = years_since_year_0 >= month / 12
        base, since = np.where(later, price, base), np.where(later, month / 12, since)
    age = np.maximum(0.0, years_since_year_0 - since)
    newer = np.sum([years_since_year_0 >= month / 12 for month in chip.cuts], axis=0)
    result: Floats = base * (1 - chip.price_decline_per_year) ** age * (1 - chip.cut) ** newer
    return result


def hardware_usd_per_rack(chip: Chip, years_since_year_0: Floats) -> Floats:
    """Price of a rack with network, storage and spares at calendar times [years], before tax [USD]."""
    return rack_usd(chip, years_since_year_0) * (1 + chip.network_storage_share + chip.spares_share)


def racks_in(hall_mw: float, chip: Chip) -> int:
    """Whole racks that a hall's IT power carries."""
    return int(1000.0 * hall_mw / chip.it_kw_per_rack + 1e-9)


def racks_after(hall_mw: float, chip: Chip, first: Chip, headroom: float | None) -> int:
    """Racks of a later chip in a hall that was built for the racks of `first`.

    Parameters
    ----------
    hall_mw : float
        IT power of the hall [MW].
    chip, first : Chip
    headroom : float or None
        `hall.density_headroom`: a position carries so many times the first racks' power; None: no limit.
    """
    by_power = racks_in(hall_mw, chip)
    if headroom is None or chip.id == first.id:
        return by_power
    positions = max(1, math.ceil(chip.it_kw_per_rack / (headroom * first.it_kw_per_rack) - 1e-9))
    return min(by_power, racks_in(hall_mw, first) // positions)


def yields(
    chip: Chip, racks: float, workloads: tuple[Workload, ...], metric: str, availability: float = 1.0
) -> Floats:
    """Compute of racks that work wholly on each workload [unit of `metric`], shape (n_workloads,).

    Parameters
    ----------
    chip : Chip
    racks : float
    workloads : tuple of Workload
    metric : str
        `demand.metric`.
    availability : float
        Factor on the chip's own, of chips that run on.
    """
    reference = catalog.chip("h100_sxm")
    dense = {"bf16": reference.bf16_tflops, "fp8": reference.fp8_tflops, "fp4": reference.fp8_tflops}
    chips = racks * chip.chips_per_rack
    result = np.zeros(len(workloads))
    for w, workload in enumerate(workloads):
        kind = work_kind(workload)
        arithmetic = workload.precision or ("fp8" if metric == "h100e_8bit" else "bf16")
        rate = chip.tflops[arithmetic] / (1000.0 if metric == "pflops" else dense[arithmetic])
        usual = catalog.chip("arm_cpu_rack" if kind == "cpu" else "h100_sxm").utilisation[kind]
        work = chip.utilisation.get(kind, 0.0) / usual
        kept = 1.0 if workload.cluster_chips is None else 1 - chip.restart_share * workload.cluster_chips
        result[w] = chips * rate * chip.availability * availability * work * max(0.0, kept)
    return result
