"""Hall programmes: every life that a hall can have, with what it costs, uses and yields by period."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import optimizer._core.economics as kernel
from optimizer import catalog
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.candidates import Block, Candidate, block_lives, blocks_of, new_halls
from optimizer.programmes.terms import (
    Chip,
    Ints,
    PlaceTerms,
    chip_terms,
    chips_in,
    hardware_usd_per_rack,
    place_terms,
    racks_in,
    yields,
)
from optimizer.scenario.schema import Scenario

FACILITY, CHIPS = 0, 1


@dataclass(frozen=True)
class Programmes:
    """Hall programmes as columns; J programmes, T periods, W workloads, G chips.

    Attributes
    ----------
    site : ndarray of shape (J,)
        Site index.
    block : ndarray of shape (J,)
        -1 for new halls, else the index of the existing or committed block whose life this may be.
    start : ndarray of shape (J,)
        Period of construction start; -1 for blocks.
    commission : ndarray of shape (J,)
    cooling : ndarray of shape (J,)
        Index into the scenario's cooling ids (`cooling_ids`).
    stages : ndarray of shape (J, K, 4)
        Chip (-1: none), first period, end period, run on.
    hall_mw : ndarray of shape (J,)
        IT power of one hall [MW].
    it_mw, peak_mw : ndarray of shape (J, T)
        IT power while in operation, and facility peak [MW].
    energy_mwh, water_m3 : ndarray of shape (J, T)
        By period, at the hall.
    facility_usd, chips_usd, opex_usd : ndarray of shape (J, T)
        Capital by class and operating cost, real, not discounted.
    cost_usd : ndarray of shape (J,)
        Discounted capital and operating cost less sales and residual value; energy is billed by the path.
    pool : ndarray of shape (J, T)
        Pool of equal hall time that the hall belongs to, -1 when it does not run.
    racks : ndarray of shape (J, G, T)
        Racks bought (those of existing blocks are not).
    """

    site: Ints
    block: Ints
    start: Ints
    commission: Ints
    cooling: Ints
    stages: Ints
    hall_mw: Floats
    it_mw: Floats
    peak_mw: Floats
    energy_mwh: Floats
    water_m3: Floats
    facility_usd: Floats
    chips_usd: Floats
    opex_usd: Floats
    cost_usd: Floats
    pool: Ints
    racks: NDArray[np.float32]

    def take(self, rows: NDArray[np.intp]) -> Programmes:
        """The programmes at `rows`."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True)
class Pools:
    """Hall time that is alike: same site, chip, run-on or not, hall size.

    Attributes
    ----------
    site, chip : ndarray of shape (n_pools,)
    run_on : ndarray of bool, shape (n_pools,)
    hall_mw : ndarray of shape (n_pools,)
    yields : ndarray of shape (n_pools, W)
        Compute of a hall that works wholly on a workload [unit of demand.metric].
    peak_mw : ndarray of shape (n_pools,)
        Least facility peak of a hall with this chip under any cooling of the site [MW].
    """

    site: Ints
    chip: Ints
    run_on: NDArray[np.bool_]
    hall_mw: Floats
    yields: Floats
    peak_mw: Floats


@dataclass(frozen=True)
class HallColumns:
    """Programmes with what names their indices."""

    programmes: Programmes
    pools: Pools
    blocks: tuple[Block, ...]
    chips: tuple[Chip, ...]
    places: PlaceTerms
    cooling_ids: tuple[str, ...]


def hall_columns(scenario: Scenario, designs: pd.DataFrame, calendar: Calendar) -> HallColumns:
    """Enumerate hall programmes and compute their flows in one kernel call.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Designs of `optimizer.physics.evaluate`.
    calendar : Calendar
    """
    chips = chips_in(scenario)
    terms = chip_terms(chips, scenario, calendar)
    places = place_terms(scenario, designs, chips, calendar)
    blocks = blocks_of(scenario)
    candidates = new_halls(scenario, places, terms, calendar) + block_lives(
        scenario, blocks, places, chips, terms, calendar
    )
    cooling_ids = tuple(dict.fromkeys(places.cooling))
    programmes, pools = _evaluate(candidates, scenario, places, chips, blocks, cooling_ids, calendar)
    return HallColumns(programmes, pools, blocks, chips, places, cooling_ids)


def _stage_array(candidates: list[Candidate]) -> Ints:
    depth = max((len(c.stages) for c in candidates), default=1)
    stages = np.full((len(candidates), depth, 4), -1, dtype=np.int32)
    for j, candidate in enumerate(candidates):
        for k, stage in enumerate(candidate.stages):
            stages[j, k] = (stage.chip, stage.first, stage.end, stage.run_on)
    return stages


def build_shares(periods: int) -> Floats:
    """Shares of facility cost by period of construction: the catalog's spend curve in thirds.

    Parameters
    ----------
    periods : int
        Whole periods of construction.

    Returns
    -------
    ndarray of shape (periods,)
        Adds up to 1.
    """
    curve = np.concatenate(([0.0], np.cumsum(catalog.economics().spend_curve)))
    at = np.linspace(0.0, 1.0, periods + 1)
    shares: Floats = np.diff(np.interp(at, np.linspace(0.0, 1.0, len(curve)), curve))
    return shares


def _evaluate(
    candidates: list[Candidate],
    scenario: Scenario,
    places: PlaceTerms,
    chips: tuple[Chip, ...],
    blocks: tuple[Block, ...],
    cooling_ids: tuple[str, ...],
    calendar: Calendar,
) -> tuple[Programmes, Pools]:
    economics = catalog.economics()
    n, periods = len(candidates), calendar.periods
    stages = _stage_array(candidates)
    commission = np.array([c.commission for c in candidates], dtype=np.int32)
    place = np.array([c.place for c in candidates], dtype=np.int32)
    hall_mw = np.array([c.hall_mw for c in candidates], dtype=float)
    block = np.array([c.block for c in candidates], dtype=np.int32)
    first_hardware = np.full(n, -1.0)
    for j, candidate in enumerate(candidates):
        if candidate.block >= 0 and blocks[candidate.block].existing:
            bought = np.array([blocks[candidate.block].record.online / 12])
            first_hardware[j] = hardware_usd_per_rack(chips[candidate.stages[0].chip], bought)[0]
    escalation = np.maximum(
        1.0, (1 + economics.construction_escalation_per_year) ** (calendar.year - calendar.base_time)
    )
    results = {
        "capital": np.zeros((n, 2, periods)),
        "opex": np.zeros((n, periods)),
        "sales": np.zeros((n, periods)),
        "residual": np.zeros(n),
        "energy_mwh": np.zeros((n, periods)),
        "peak_mw": np.zeros((n, periods)),
        "water_m3": np.zeros((n, periods)),
        "cost": np.zeros(n),
    }
    kernel.hall_programmes(
        stages,
        commission,
        place,
        hall_mw,
        np.array([c.online_years for c in candidates], dtype=float),
        np.array([c.pays_building for c in candidates], dtype=np.uint8),
        np.array([c.pays_first_chips for c in candidates], dtype=np.uint8),
        first_hardware,
        places.facility_usd_per_mw,
        places.plant_usd_per_mw,
        places.plant_tax,
        places.chip_tax,
        places.fixed_opex_usd_per_mw_year,
        places.water_usd_per_m3,
        places.price_growth,
        np.nan_to_num(places.energy_mwh_per_mw),
        np.nan_to_num(places.peak_mw_per_mw),
        np.nan_to_num(places.water_m3_per_mw),
        np.nan_to_num(places.shape_usd_per_mw),
        np.array([chip.it_kw_per_rack for chip in chips]),
        np.stack([hardware_usd_per_rack(chip, calendar.year) for chip in chips]),
        calendar.discount,
        escalation,
        build_shares(calendar.whole_periods(scenario.hall.build_months)),
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
        *results.values(),
    )
    in_stage = _periods_in_stages(stages, periods)
    running = in_stage.any(axis=1)
    pool, pools = _pools(stages, in_stage, places, place, hall_mw, chips, scenario)
    build = calendar.whole_periods(scenario.hall.build_months)
    programmes = Programmes(
        site=places.site[place],
        block=block,
        start=np.where(block < 0, commission - build, -1).astype(np.int32),
        commission=commission,
        cooling=np.array([cooling_ids.index(places.cooling[p]) for p in place], dtype=np.int32),
        stages=stages,
        hall_mw=hall_mw,
        it_mw=running * hall_mw[:, None],
        peak_mw=results["peak_mw"],
        energy_mwh=results["energy_mwh"],
        water_m3=results["water_m3"],
        facility_usd=results["capital"][:, FACILITY],
        chips_usd=results["capital"][:, CHIPS],
        opex_usd=results["opex"],
        cost_usd=results["cost"],
        pool=pool,
        racks=_racks(candidates, stages, hall_mw, chips, periods),
    )
    return programmes, pools


def _periods_in_stages(stages: Ints, periods: int) -> NDArray[np.bool_]:
    """Whether a stage runs in a period, shape (J, K, T)."""
    t = np.arange(periods)
    inside: NDArray[np.bool_] = (
        (stages[..., 0, None] >= 0) & (t >= stages[..., 1, None]) & (t < stages[..., 2, None])
    )
    return inside


def _pools(
    stages: Ints,
    in_stage: NDArray[np.bool_],
    places: PlaceTerms,
    place: Ints,
    hall_mw: Floats,
    chips: tuple[Chip, ...],
    scenario: Scenario,
) -> tuple[Ints, Pools]:
    n, depth = stages.shape[:2]
    site = places.site[place]
    keys = np.stack(
        [
            np.repeat(site, depth).astype(float),
            stages[..., 0].ravel().astype(float),
            stages[..., 3].ravel().astype(float),
            np.repeat(hall_mw, depth),
        ],
        axis=1,
    )
    used = keys[:, 1] >= 0
    unique, inverse = np.unique(keys[used], axis=0, return_inverse=True)
    pool_of_stage = np.full(len(keys), -1, dtype=np.int32)
    pool_of_stage[used] = inverse.ravel()
    # At most one stage runs in a period, so the largest id is the only one.
    by_period = (
        np.where(in_stage, pool_of_stage.reshape(n, depth)[..., None], -1).max(axis=1).astype(np.int32)
    )
    economics = catalog.economics()
    amounts = np.zeros((len(unique), len(scenario.demand.workloads)))
    for p, (_, chip, run_on, megawatts) in enumerate(unique):
        amounts[p] = yields(chips[int(chip)], megawatts, scenario.demand.workloads)
        if run_on:
            amounts[p] *= economics.run_on_availability_factor
    pool_site, pool_chip = unique[:, 0].astype(np.int32), unique[:, 1].astype(np.int32)
    least = np.full((len(scenario.sites), len(chips)), np.inf)
    np.fmin.at(least, places.site, places.peak_mw_per_mw)
    pools = Pools(
        site=pool_site,
        chip=pool_chip,
        run_on=unique[:, 2] > 0,
        hall_mw=unique[:, 3],
        yields=amounts,
        peak_mw=least[pool_site, pool_chip] * unique[:, 3],
    )
    return by_period, pools


def _racks(
    candidates: list[Candidate], stages: Ints, hall_mw: Floats, chips: tuple[Chip, ...], periods: int
) -> NDArray[np.float32]:
    result = np.zeros((len(candidates), len(chips), periods), dtype=np.float32)
    count = {(mw, i): racks_in(mw, chip) for mw in set(hall_mw.tolist()) for i, chip in enumerate(chips)}
    for j, candidate in enumerate(candidates):
        for k, stage in enumerate(candidate.stages):
            if not stage.run_on and (k > 0 or candidate.pays_first_chips):
                result[j, stage.chip, stage.first] = count[hall_mw[j], stage.chip]
    return result
