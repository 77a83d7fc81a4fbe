"""Money terms of places, site x cooling (docs/economics.md, sections 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import catalog
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.chips import Chip
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Scenario
from optimizer.scenario.site_tax import market_of

Ints = NDArray[np.int32]


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
        Staff, maintenance and insurance of the facility [USD/MW-year].
    property_usd_per_mw_year : ndarray
        Property tax of the facility [USD/MW-year].
    abated_share, abated_years : ndarray
        Share of it that is waived while a hall is younger [fraction, years].
    chip_property_rate, chip_abated_share : ndarray
        Property tax on the resale value of chips, and the share of it that is waived as long [fraction].
    water_usd_per_m3 : ndarray
    rent_usd_per_mw_year : ndarray
        Rent of a developer's hall; 0 where none is on offer [USD/MW-year].
    lease_periods, exit_fee_periods : ndarray of int
        Term of the rent, and most of it that leaving early costs.
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
    property_usd_per_mw_year: Floats
    abated_share: Floats
    abated_years: Floats
    chip_property_rate: Floats
    chip_abated_share: Floats
    water_usd_per_m3: Floats
    rent_usd_per_mw_year: Floats
    lease_periods: Ints
    exit_fee_periods: Ints
    price_growth: Floats
    energy_mwh_per_mw: Floats
    peak_mw_per_mw: Floats
    water_m3_per_mw: Floats
    shape_usd_per_mw: Floats

    def compatible(self, place: int, chip: int) -> bool:
        """Whether a chip goes with the place's cooling."""
        return bool(np.isfinite(self.energy_mwh_per_mw[place, chip]))


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
    economics = economics_of(scenario)
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
    owed, abated, abated_years, owed_chips, abated_chips = (np.zeros(n) for _ in range(5))
    rent, lease, fee = np.zeros(n), np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
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
        if site.staff_for_mw is not None:
            times_flat = max(1.0, site.staff_for_mw / economics.staff_flat_mw)
            staff *= times_flat**-economics.staff_size_exponent
        fixed[i] = (
            staff
            + economics.maintenance_share * plant_share * facility[i]
            + economics.insurance_share * facility[i]
        )
        owed[i], owed_chips[i] = property_rate * facility[i], site.tax.property_rate_chips
        abatement = site.tax.property_abatement
        if abatement is not None:
            abated[i], abated_years[i] = abatement.share, abatement.years
            abated_chips[i] = abatement.share if abatement.chips else 0.0
        water[i] = site.water.usd_per_m3
        offer = site.build_to_suit or scenario.hall.build_to_suit
        if offer is not None:
            rent[i] = offer.usd_per_kw_month * 12000.0
            lease[i] = calendar.whole_periods(offer.years * 12)
            months = offer.exit_fee_months
            fee[i] = lease[i] if months is None else calendar.whole_periods(months)
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
        property_usd_per_mw_year=owed,
        abated_share=abated,
        abated_years=abated_years,
        chip_property_rate=owed_chips,
        chip_abated_share=abated_chips,
        water_usd_per_m3=water,
        rent_usd_per_mw_year=rent,
        lease_periods=lease,
        exit_fee_periods=fee,
        price_growth=price_growth,
        energy_mwh_per_mw=design["energy_mwh"],
        peak_mw_per_mw=design["peak_mw"],
        water_m3_per_mw=design["water_m3"],
        shape_usd_per_mw=design["shape_usd"],
    )
