"""Money terms of places (site x cooling) and chips (docs/economics.md, sections 4 to 6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import catalog
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.lives import ChipTerms, life_periods
from optimizer.scenario.schema import Scenario, Site, Workload, work_kind

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Chip:
    """A chip with the scenario's settings applied; units as in the catalog."""

    id: str
    catalog_id: str
    family: str
    release: int
    last_sale: int | None
    cooling: str
    chips_per_rack: int
    it_kw_per_rack: float
    rate: float
    rack_price_usd: float
    network_storage_share: float
    price_decline_per_year: float
    life_years: float
    availability: float
    utilisation: dict[str, float]


@dataclass(frozen=True)
class PlaceTerms:
    """Terms of each place; arrays of shape (n_places,) unless said.

    Attributes
    ----------
    site, cooling : ndarray of int, tuple of str
        Site index and cooling id.
    facility_usd_per_mw, plant_usd_per_mw : ndarray
        Facility value and its electrical and mechanical part [USD/MW of IT].
    plant_tax, chip_tax : ndarray
        Sales tax [fraction].
    fixed_opex_usd_per_mw_year : ndarray
        Staff, maintenance, insurance and property tax of the facility [USD/MW-year].
    water_usd_per_m3 : ndarray
    price_growth : ndarray of shape (n_places, T)
        Growth of the energy price since the middle of the base year.
    energy_mwh_per_mw, peak_mw_per_mw, water_m3_per_mw, shape_usd_per_mw : ndarray of (n_places, n_chips)
        Designs, by MW of hall and year; nan where chip and cooling do not go together.
    """

    site: Ints
    cooling: tuple[str, ...]
    facility_usd_per_mw: Floats
    plant_usd_per_mw: Floats
    plant_tax: Floats
    chip_tax: Floats
    fixed_opex_usd_per_mw_year: Floats
    water_usd_per_m3: Floats
    price_growth: Floats
    energy_mwh_per_mw: Floats
    peak_mw_per_mw: Floats
    water_m3_per_mw: Floats
    shape_usd_per_mw: Floats

    def compatible(self, place: int, chip: int) -> bool:
        """Whether a chip goes with the place's cooling."""
        return bool(np.isfinite(self.energy_mwh_per_mw[place, chip]))


def chips_in(scenario: Scenario) -> tuple[Chip, ...]:
    """Chips on offer, then those that stand or are decided only, settings applied."""
    ids = list(scenario.chips.offered)
    for site in scenario.sites:
        ids += [block.chip for block in (*site.existing, *site.committed)]
    return tuple(_chip(scenario, chip_id) for chip_id in dict.fromkeys(ids))


def _chip(scenario: Scenario, chip_id: str) -> Chip:
    settings = scenario.chips.settings.get(chip_id)
    catalog_id = settings.based_on if settings is not None and settings.based_on else chip_id
    fact = catalog.chip(catalog_id)
    # As Python holds them: a dump would write months as text.
    given = {} if settings is None else {k: v for k, v in settings if v is not None and k != "based_on"}
    bf16 = given.pop("bf16_tflops", fact.bf16_tflops)
    fp8 = given.pop("fp8_tflops", fact.fp8_tflops)
    reference = catalog.chip("h100_sxm")
    rate = {
        "h100e": bf16 / reference.bf16_tflops,
        "h100e_8bit": fp8 / reference.fp8_tflops,
        "pflops": bf16 / 1000.0,
    }[scenario.demand.metric]
    values = {
        name: getattr(fact, name)
        for name in (
            "release",
            "last_sale",
            "it_kw_per_rack",
            "rack_price_usd",
            "network_storage_share",
            "price_decline_per_year",
            "life_years",
            "availability",
        )
    } | given
    return Chip(
        id=chip_id,
        catalog_id=catalog_id,
        family=fact.family,
        cooling=fact.cooling,
        chips_per_rack=fact.chips_per_rack,
        rate=rate,
        utilisation=dict(fact.utilisation),
        **values,
    )


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


def hardware_usd_per_rack(chip: Chip, years_since_year_0: Floats) -> Floats:
    """Price of a rack with network, storage and spares at calendar times [years], before tax [USD]."""
    economics = catalog.economics()
    age = np.maximum(0.0, years_since_year_0 - chip.release / 12)
    price = chip.rack_price_usd * (1 - chip.price_decline_per_year) ** age
    return price * (1 + chip.network_storage_share + economics.spares_share)


def racks_in(hall_mw: float, chip: Chip) -> int:
    """Whole racks that a hall's IT power carries."""
    return int(1000.0 * hall_mw / chip.it_kw_per_rack + 1e-9)


def yields(chip: Chip, hall_mw: float, workloads: tuple[Workload, ...]) -> Floats:
    """Compute of a hall that works wholly on each workload [unit of demand.metric], shape (n_workloads,)."""
    chips = racks_in(hall_mw, chip) * chip.chips_per_rack
    result = np.zeros(len(workloads))
    for w, workload in enumerate(workloads):
        kind = work_kind(workload)
        reference = catalog.chip("arm_cpu_rack" if kind == "cpu" else "h100_sxm").utilisation[kind]
        result[w] = chips * chip.rate * chip.availability * chip.utilisation.get(kind, 0.0) / reference
    return result


def market_of(site: Site) -> catalog.Market:
    """Construction, labour and tax market of a site."""
    if site.market is not None:
        return catalog.market(site.market)
    return catalog.market_of(site.country, site.state)


def place_terms(
    scenario: Scenario, designs: pd.DataFrame, chips: tuple[Chip, ...], calendar: Calendar
) -> PlaceTerms:
    """Terms of every site x cooling that has a design.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Rows of `evaluate`: site, cooling, chip and figures for one hall and year.
    chips : tuple of Chip
    calendar : Calendar
    """
    economics = catalog.economics()
    site_index = {site.name: i for i, site in enumerate(scenario.sites)}
    chip_index = {chip.id: i for i, chip in enumerate(chips)}
    places = list(dict.fromkeys(zip(designs["site"], designs["cooling"], strict=True)))
    row_of = {place: i for i, place in enumerate(places)}
    n = len(places)
    design = {
        name: np.full((n, len(chips)), np.nan) for name in ("energy_mwh", "peak_mw", "water_m3", "shape_usd")
    }
    rows = np.array([row_of[p] for p in zip(designs["site"], designs["cooling"], strict=True)], dtype=int)
    columns = np.array([chip_index[c] for c in designs["chip"]], dtype=int)
    per_mw = 1.0 / designs["it_mw"].to_numpy(float)
    for name in ("energy_mwh", "peak_mw", "water_m3"):
        design[name][rows, columns] = designs[name].to_numpy(float) * per_mw
    shape = designs["energy_usd"] - designs["energy_mwh"] * designs["mean_price_usd_per_mwh"]
    design["shape_usd"][rows, columns] = shape.to_numpy(float) * per_mw

    base = scenario.hall.capex_usd_per_kw
    if base is None:
        base = economics.facility_capex_usd_per_kw
    redundancy = economics.redundancy_multiplier
    base *= 1 + economics.electrical_share * (redundancy[scenario.hall.redundancy] / redundancy["N+1"] - 1)
    plant_share = economics.electrical_share + economics.mechanical_share

    facility, plant_tax, chip_tax, fixed, water, growth = (np.zeros(n) for _ in range(6))
    price_growth = np.ones((n, calendar.periods))
    for i, (name, cooling) in enumerate(places):
        site = scenario.sites[site_index[name]]
        market = market_of(site)
        facility[i] = (
            1000.0
            * market.labour_index
            * scenario.hall.capex_scale
            * (base + catalog.cooling(cooling).capex_usd_per_kw.value)
        )
        rate = site.tax.sales_rate if site.tax.sales_rate is not None else market.sales_rate
        plant_tax[i] = chip_tax[i] = 0.0 if site.tax.sales_exempt else rate
        property_rate = site.tax.property_rate
        if property_rate is None:
            property_rate = market.property_rate
        staff = economics.staff_fte_per_mw * economics.staff_usd_per_fte * market.labour_index
        fixed[i] = (
            staff
            + economics.maintenance_share * plant_share * facility[i]
            + (economics.insurance_share + property_rate) * facility[i]
        )
        water[i] = site.water.usd_per_m3
        if site.price is not None:
            growth[i] = site.price.escalation_per_year
            price_growth[i] = (1 + growth[i]) ** (calendar.year - calendar.base_time)
    return PlaceTerms(
        site=np.array([site_index[name] for name, _ in places], dtype=np.int32),
        cooling=tuple(cooling for _, cooling in places),
        facility_usd_per_mw=facility,
        plant_usd_per_mw=plant_share * facility,
        plant_tax=plant_tax,
        chip_tax=chip_tax,
        fixed_opex_usd_per_mw_year=fixed,
        water_usd_per_m3=water,
        price_growth=price_growth,
        energy_mwh_per_mw=design["energy_mwh"],
        peak_mw_per_mw=design["peak_mw"],
        water_m3_per_mw=design["water_m3"],
        shape_usd_per_mw=design["shape_usd"],
    )
