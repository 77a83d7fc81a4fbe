"""Lives and terms as the kernel's arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.candidates import Block, Candidate
from optimizer.programmes.chips import Chip, hardware_usd_per_rack, racks_after, racks_in
from optimizer.programmes.tax import AfterTax
from optimizer.programmes.terms import Ints, PlaceTerms
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Scenario


@dataclass(frozen=True)
class Lives:
    """Lives of J halls with up to K stages, in the kernel's order.

    Attributes
    ----------
    stages : ndarray of shape (J, K, 4)
        Chip (-1: none), first period, end period, run on.
    racks, fill : ndarray of shape (J, K)
        Racks in the hall, and the share of its full racks that they are.
    commission, place : ndarray of shape (J,)
    it_mw, online_years : ndarray of shape (J,)
    pays_building, pays_first_chips, leased : ndarray of uint8, shape (J,)
    first_hardware : ndarray of shape (J,)
        USD a rack of an existing block's chips; -1: the price path holds.
    block : ndarray of shape (J,)
    """

    stages: Ints
    racks: Floats
    fill: Floats
    commission: Ints
    place: Ints
    it_mw: Floats
    online_years: Floats
    pays_building: NDArray[np.uint8]
    pays_first_chips: NDArray[np.uint8]
    leased: NDArray[np.uint8]
    first_hardware: Floats
    block: Ints

    def arguments(self) -> tuple[Any, ...]:
        """The kernel's arguments about lives."""
        return (
            self.stages,
            self.racks,
            self.fill,
            self.commission,
            self.place,
            self.it_mw,
            self.online_years,
            self.pays_building,
            self.pays_first_chips,
            self.leased,
            self.first_hardware,
        )

    def buys(self) -> NDArray[np.bool_]:
        """Stages whose racks are bought and paid, shape (J, K)."""
        bought: NDArray[np.bool_] = (self.stages[..., 0] >= 0) & (self.stages[..., 3] == 0)
        bought[:, 0] &= self.pays_first_chips > 0
        return bought


def lives_as_arrays(
    candidates: list[Candidate], scenario: Scenario, chips: tuple[Chip, ...], blocks: tuple[Block, ...]
) -> Lives:
    """Arrays of lives."""
    n = len(candidates)
    depth = max((len(c.stages) for c in candidates), default=1)
    stages = np.full((n, depth, 4), -1, dtype=np.int32)
    racks, fill = np.zeros((n, depth)), np.zeros((n, depth))
    first_hardware = np.full(n, -1.0)
    headroom = scenario.hall.density_headroom
    known: dict[tuple[float, int, int], tuple[int, float]] = {}
    for j, candidate in enumerate(candidates):
        first = candidate.stages[0].chip
        for k, stage in enumerate(candidate.stages):
            stages[j, k] = (stage.chip, stage.first, stage.end, stage.run_on)
            key = (candidate.hall_mw, first, stage.chip)
            if key not in known:
                count = racks_after(candidate.hall_mw, chips[stage.chip], chips[first], headroom)
                known[key] = (count, count / max(1, racks_in(candidate.hall_mw, chips[stage.chip])))
            racks[j, k], fill[j, k] = known[key]
        if candidate.block >= 0 and blocks[candidate.block].existing:
            bought = np.array([blocks[candidate.block].record.online / 12])
            first_hardware[j] = hardware_usd_per_rack(chips[first], bought)[0]
    return Lives(
        stages=stages,
        racks=racks,
        fill=fill,
        commission=np.array([c.commission for c in candidates], dtype=np.int32),
        place=np.array([c.place for c in candidates], dtype=np.int32),
        it_mw=np.array([c.hall_mw for c in candidates], dtype=float),
        online_years=np.array([c.online_years for c in candidates], dtype=float),
        pays_building=np.array([c.pays_building for c in candidates], dtype=np.uint8),
        pays_first_chips=np.array([c.pays_first_chips for c in candidates], dtype=np.uint8),
        leased=np.array([c.leased for c in candidates], dtype=np.uint8),
        first_hardware=first_hardware,
        block=np.array([c.block for c in candidates], dtype=np.int32),
    )


def build_shares(scenario: Scenario, periods: int) -> Floats:
    """Shares of facility cost by period of construction: the spend curve in thirds.

    Parameters
    ----------
    scenario : Scenario
    periods : int
        Whole periods of construction.

    Returns
    -------
    ndarray of shape (periods,)
        Adds up to 1.
    """
    curve = np.concatenate(([0.0], np.cumsum(economics_of(scenario).spend_curve)))
    at = np.linspace(0.0, 1.0, periods + 1)
    shares: Floats = np.diff(np.interp(at, np.linspace(0.0, 1.0, len(curve)), curve))
    return shares


def escalation(scenario: Scenario, calendar: Calendar) -> Floats:
    """Growth of construction cost since the base year, never below 1, shape (T,)."""
    rate = economics_of(scenario).construction_escalation_per_year
    return np.maximum(1.0, (1 + rate) ** (calendar.year - calendar.base_time))


def kernel_places(places: PlaceTerms) -> dict[str, Any]:
    """The kernel's arguments about places and designs, by name."""
    return {
        "facility_usd_per_mw": places.facility_usd_per_mw,
        "plant_usd_per_mw": places.plant_usd_per_mw,
        "plant_tax": places.plant_tax,
        "chip_tax": places.chip_tax,
        "fixed_opex_usd_per_mw_year": places.fixed_opex_usd_per_mw_year,
        "property_usd_per_mw_year": places.property_usd_per_mw_year,
        "abated_share": places.abated_share,
        "abated_years": places.abated_years,
        "chip_property_rate": places.chip_property_rate,
        "chip_abated_share": places.chip_abated_share,
        "water_usd_per_m3": places.water_usd_per_m3,
        "rent_usd_per_mw_year": places.rent_usd_per_mw_year,
        "lease_periods": places.lease_periods,
        "exit_fee_periods": places.exit_fee_periods,
        "price_growth": places.price_growth,
        "energy_mwh_per_mw": np.nan_to_num(places.energy_mwh_per_mw),
        "peak_mw_per_mw": np.nan_to_num(places.peak_mw_per_mw),
        "water_m3_per_mw": np.nan_to_num(places.water_m3_per_mw),
        "shape_usd_per_mw": np.nan_to_num(places.shape_usd_per_mw),
    }


def kernel_arguments(
    scenario: Scenario, places: PlaceTerms, chips: tuple[Chip, ...], tax: AfterTax, calendar: Calendar
) -> tuple[Any, ...]:
    """The kernel's arguments about places, designs, chips, periods and rates."""
    economics = economics_of(scenario)
    return (
        *kernel_places(places).values(),
        np.stack([hardware_usd_per_rack(chip, calendar.year) for chip in chips]),
        calendar.discount,
        np.stack([tax.facility, tax.chips]),
        escalation(scenario, calendar),
        build_shares(scenario, calendar.whole_periods(scenario.hall.build_months)),
        tax.operating,
        calendar.period_years,
        calendar.discount_end,
        economics.insurance_share,
        economics.it_maintenance_share,
        economics.run_on_maintenance_factor,
        economics.refresh_retrofit_share,
        economics.residual_first,
        economics.residual_decline,
        (1.0 - economics.residual_decline) ** (1 / 12),
        scenario.hall.life_years,
    )
