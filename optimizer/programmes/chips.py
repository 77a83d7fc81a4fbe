"""Chips of a scenario with its settings over the catalog's figures (docs/economics.md, sections 2, 4 and 5)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

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
    hbm_gb : float
        Memory of one chip [GB].
    cpu_chips : float
        CPU work of one chip, of an accelerator by its hosts, in processors of the reference.
    cuts : tuple of int
        Months in which a later generation comes out.
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
    hbm_gb: float
    cpu_chips: float
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

    def value(name: str) -> Any:
        given = getattr(own, name)
        return getattr(fact, name) if given is None else given

    release = value("release")
    per_rack = value("chips_per_rack")
    rack_kw = own.it_kw_per_rack
    if rack_kw is None:
        rack_kw = fact.it_kw_per_chip * per_rack
    faster = _faster(fact, own, rack_kw / per_rack)
    tflops = {}
    for name in ("bf16", "fp8", "fp4"):
        given = getattr(own, f"{name}_tflops")
        tflops[name] = getattr(fact, f"{name}_tflops") * faster if given is None else given
    if own.fp4_tflops is None and own.fp8_tflops is not None and fact.fp4_tflops == fact.fp8_tflops:
        tflops["fp4"] = own.fp8_tflops
    spares = economics_of(scenario).spares_share
    price = own.rack_price_usd
    if price is None:
        price = fact.rack_price_usd * per_rack / fact.chips_per_rack
        if _progresses(own):
            # A FLOP/s of a generation to come costs less, whatever gives its rate.
            cheaper = 1 - (own.usd_per_flops_decline_per_year or 0.0)
            price *= tflops["bf16"] / fact.bf16_tflops * cheaper ** ((release - fact.release) / 12)
    cpu_chips = fact.cpu_chips * (faster if fact.kind == "cpu" else 1.0)
    if own.host is not None and fact.host != "none":
        new, old = catalog.host(own.host), catalog.host(fact.host)
        cpu_chips = new.cpu_chips_per_accelerator
        if own.it_kw_per_rack is None:
            rack_kw += (new.it_kw_per_accelerator - old.it_kw_per_accelerator) * per_rack
        if own.rack_price_usd is None:
            price += (new.usd_per_accelerator - old.usd_per_accelerator) * per_rack
    return Chip(
        id=chip_id,
        catalog_id=fact.id,
        vendor=value("vendor"),
        family=_family(fact, own, chip_id),
        release=release,
        last_sale=_last_sale(fact, own),
        cooling=value("cooling"),
        chips_per_rack=per_rack,
        it_kw_per_rack=rack_kw,
        tflops=tflops,
        hbm_gb=value("hbm_gb"),
        cpu_chips=cpu_chips if own.cpu_chips is None else own.cpu_chips,
        prices=tuple(own.rack_price_path.items()) or ((release, price),),
        cuts=_later_generations(scenario, chip_id),
        cut=scenario.chips.price_cut_per_generation,
        network_storage_share=value("network_storage_share"),
        spares_share=spares,
        price_decline_per_year=value("price_decline_per_year"),
        life_years=value("life_years"),
        availability=_availability(fact, own, spares),
        restart_share=value("failures_per_chip_year") * value("restart_minutes") / 60 / 8760,
        embodied_kg=value("embodied_kg_per_chip"),
        utilisation=dict(fact.utilisation) | {str(kind): share for kind, share in own.utilisation.items()},
        countries=own.countries,
        barred=own.barred_countries,
        development_usd=own.development_usd or 0.0,
        development_from=own.development_from,
        min_racks=own.min_racks or 0.0,
    )


def _progresses(own: ChipSettings) -> bool:
    """Whether rates or price follow from the years since the release of the base."""
    return own.flops_per_watt_gain_per_year is not None or own.usd_per_flops_decline_per_year is not None


def _faster(fact: catalog.Chip, own: ChipSettings, chip_kw: float) -> float:
    """Rate of a chip over its base's: a generation to come computes more a watt."""
    if own.flops_per_watt_gain_per_year is None:
        return 1.0
    years = 0.0 if own.release is None else (own.release - fact.release) / 12
    result: float = (1 + own.flops_per_watt_gain_per_year) ** years * chip_kw / fact.it_kw_per_chip
    return result


def _family(fact: catalog.Chip, own: ChipSettings, chip_id: str) -> str:
    """Generation of a chip: given, its base's, or its own where it is one to come."""
    if own.family is not None:
        return own.family
    to_come = own.release is not None and own.release > fact.release and _progresses(own)
    return chip_id if to_come else fact.family


def _last_sale(fact: catalog.Chip, own: ChipSettings) -> int | None:
    """Last month of sale; that of the base says nothing of a chip that comes later."""
    later = own.release is not None and own.release > fact.release
    return fact.last_sale if own.last_sale is None and not later else own.last_sale


def _availability(fact: catalog.Chip, own: ChipSettings, spares_share: float) -> float:
    """Share of chips at work: the catalog's, with failures beyond the spares replaced where they are given."""
    if own.availability is not None:
        return float(own.availability)

    def kept(failures: float | None, repair_hours: float | None, spares: float) -> float:
        failures = fact.failures_per_chip_year if failures is None else failures
        hours = fact.repair_hours if repair_hours is None else repair_hours
        return min(1.0, max(0.0, 1 - failures * hours / 8760) * (1 + spares))

    here = kept(own.failures_per_chip_year, own.repair_hours, spares_share)
    return fact.availability * here / kept(None, None, catalog.economics().spares_share)


def _later_generations(scenario: Scenario, chip_id: str) -> tuple[int, ...]:
    """Months in which later generations of the same vendor and kind come out, known to catalog or scenario.

    What is on offer plays no part: prices are the market's.
    """
    first: dict[tuple[str, str, str], int] = {}
    for other_id in dict.fromkeys((*catalog.chips(), *scenario.chips.settings)):
        generation, month = _generation(scenario, other_id)
        first[generation] = min(month, first.get(generation, month))
    (vendor, kind, family), release = _generation(scenario, chip_id)
    return tuple(
        sorted(
            month
            for (sold_by, does, other), month in first.items()
            if (sold_by, does) == (vendor, kind) and other != family and month > release
        )
    )


def _generation(scenario: Scenario, chip_id: str) -> tuple[tuple[str, str, str], int]:
    """Vendor, kind and family of a chip, and its release."""
    fact, own = _settings(scenario, chip_id)
    vendor = fact.vendor if own.vendor is None else own.vendor
    release = fact.release if own.release is None else own.release
    return (vendor, fact.kind, _family(fact, own, chip_id)), release


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
    chips = racks * chip.chips_per_rack
    result = np.zeros(len(workloads))
    for w, workload in enumerate(workloads):
        if workload.min_memory_gb is not None and chip.hbm_gb < workload.min_memory_gb:
            continue
        if work_kind(workload) == "cpu":
            rate = chip.cpu_chips * units_per_processor(workload, metric)
        else:
            rate = _units(chip.tflops, workload, metric)
        kept = 1.0 if workload.cluster_chips is None else 1 - chip.restart_share * workload.cluster_chips
        work = _work(chip, work_kind(workload))
        result[w] = chips * rate * chip.availability * availability * work * max(0.0, kept)
    return result


def units_per_processor(workload: Workload, metric: str) -> float:
    """Dense rate of the reference's processor, in which CPU work is counted [unit of `metric`]."""
    processor = catalog.chip("arm_cpu_rack")
    rates = {"bf16": processor.bf16_tflops, "fp8": processor.fp8_tflops, "fp4": processor.fp4_tflops}
    return _units(rates, workload, metric)


def _units(tflops: dict[str, float], workload: Workload, metric: str) -> float:
    """Dense rate in the workload's arithmetic [unit of `metric`]."""
    arithmetic = workload.precision or ("fp8" if metric == "h100e_8bit" else "bf16")
    h100 = catalog.chip("h100_sxm")
    dense = h100.bf16_tflops if arithmetic == "bf16" else h100.fp8_tflops
    return tflops[arithmetic] / (1000.0 if metric == "pflops" else dense)


def _work(chip: Chip, kind: str) -> float:
    """Utilisation of a chip over the reference's."""
    usual = catalog.chip("arm_cpu_rack" if kind == "cpu" else "h100_sxm").utilisation[kind]
    return chip.utilisation.get(kind, 0.0) / usual
