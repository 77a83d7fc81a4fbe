"""Hall programmes: every life that a hall can have, with what it costs, uses and yields by period."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import optimizer._core.economics as kernel
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.candidates import Block, block_lives, blocks_of, given_halls, new_halls
from optimizer.programmes.chips import (
    Chip,
    chip_terms,
    chips_in,
    racks_in,
    yields,
)
from optimizer.programmes.kernel_inputs import Lives, kernel_arguments, lives_as_arrays
from optimizer.programmes.tax import after_tax
from optimizer.programmes.terms import Ints, PlaceTerms, place_terms
from optimizer.scenario.carbon_price import carbon_path
from optimizer.scenario.economics import economics_of
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
    leased : ndarray of bool, shape (J,)
        Whether the building is a developer's.
    hall_mw : ndarray of shape (J,)
        IT power of one hall [MW].
    it_mw, peak_mw : ndarray of shape (J, T)
        IT power while in operation, and facility peak [MW].
    energy_mwh, water_m3 : ndarray of shape (J, T)
        By period, at the hall.
    facility_usd, chips_usd, opex_usd : ndarray of shape (J, T)
        Capital by class and operating cost, real, not discounted.
    sales_tax_usd : ndarray of shape (J, 2, T)
        Sales tax in the capital of facility and chips.
    embodied_kg : ndarray of shape (J, T)
        CO2 of making chips and building, when they come.
    stranded_mw : ndarray of shape (J, T)
        IT power that the racks in the hall do not use.
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
    leased: NDArray[np.bool_]
    hall_mw: Floats
    it_mw: Floats
    peak_mw: Floats
    energy_mwh: Floats
    water_m3: Floats
    facility_usd: Floats
    chips_usd: Floats
    opex_usd: Floats
    sales_tax_usd: Floats
    embodied_kg: Floats
    stranded_mw: Floats
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
    """Hall time that is alike: same site, chip, run-on or not, hall size, racks.

    Attributes
    ----------
    site, chip : ndarray of shape (n_pools,)
    run_on : ndarray of bool, shape (n_pools,)
    hall_mw, racks : ndarray of shape (n_pools,)
    yields : ndarray of shape (n_pools, W)
        Compute of a hall that works wholly on a workload [unit of demand.metric].
    peak_mw : ndarray of shape (n_pools,)
        Least facility peak of a hall with this chip under any cooling of the site [MW].
    """

    site: Ints
    chip: Ints
    run_on: NDArray[np.bool_]
    hall_mw: Floats
    racks: Floats
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


def enumerated(
    scenario: Scenario,
    designs: pd.DataFrame,
    calendar: Calendar,
    given: Collection[tuple[int, int, int]] | None = None,
) -> tuple[Lives, PlaceTerms, tuple[Chip, ...], tuple[Block, ...]]:
    """Every life that a hall of a scenario can have, and what its indices mean; `given`: of those new halls alone."""
    chips = chips_in(scenario)
    terms = chip_terms(chips, scenario, calendar)
    places = place_terms(scenario, designs, chips, calendar)
    blocks = blocks_of(scenario)
    if given is None:
        candidates = new_halls(scenario, places, chips, terms, calendar)
    else:
        candidates = given_halls(scenario, places, chips, terms, calendar, given)
    candidates += block_lives(scenario, blocks, places, chips, terms, calendar)
    return lives_as_arrays(candidates, scenario, chips, blocks), places, chips, blocks


def hall_columns(
    scenario: Scenario,
    designs: pd.DataFrame,
    calendar: Calendar,
    given: Collection[tuple[int, int, int]] | None = None,
) -> HallColumns:
    """Enumerate hall programmes and compute their flows in one kernel call.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Designs of `optimizer.physics.evaluate`.
    calendar : Calendar
    given : collection of (int, int, int), optional
        Site, period of commissioning and index of the first chip of the only new halls that there may be.
    """
    lives, places, chips, blocks = enumerated(scenario, designs, calendar, given)
    cooling_ids = tuple(dict.fromkeys(places.cooling))
    programmes, pools = _evaluate(lives, scenario, places, chips, cooling_ids, calendar)
    return HallColumns(programmes, pools, blocks, chips, places, cooling_ids)


def _evaluate(
    lives: Lives,
    scenario: Scenario,
    places: PlaceTerms,
    chips: tuple[Chip, ...],
    cooling_ids: tuple[str, ...],
    calendar: Calendar,
) -> tuple[Programmes, Pools]:
    n, periods = len(lives.place), calendar.periods
    tax = after_tax(scenario, calendar)
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
        *lives.arguments(),
        *kernel_arguments(scenario, places, chips, tax, calendar),
        *results.values(),
    )
    stages, place = lives.stages, lives.place
    in_stage = _periods_in_stages(stages, periods)
    used = np.einsum("jk,jkt->jt", lives.fill, in_stage.astype(float))
    pool, pools = _pools(lives, in_stage, places, chips, scenario)
    build = calendar.whole_periods(scenario.hall.build_months)
    carbon = _embodied(lives, scenario, chips, calendar)
    cost, opex = results["cost"], results["opex"]
    if scenario.money.embodied_carbon_priced:
        price = calendar.steps(carbon_path(scenario)) / 1000.0
        cost = cost + carbon @ (calendar.discount * price * tax.operating)
        opex = opex + carbon * price
    programmes = Programmes(
        site=places.site[place],
        block=lives.block,
        start=np.where(lives.block < 0, lives.commission - build, -1).astype(np.int32),
        commission=lives.commission,
        cooling=np.array([cooling_ids.index(places.cooling[p]) for p in place], dtype=np.int32),
        stages=stages,
        leased=lives.leased.astype(bool),
        hall_mw=lives.it_mw,
        it_mw=used * lives.it_mw[:, None],
        peak_mw=results["peak_mw"],
        energy_mwh=results["energy_mwh"],
        water_m3=results["water_m3"],
        facility_usd=results["capital"][:, FACILITY],
        chips_usd=results["capital"][:, CHIPS],
        opex_usd=opex,
        sales_tax_usd=_sales_tax(lives, results["capital"], places),
        embodied_kg=carbon,
        stranded_mw=_stranded(lives, chips, in_stage),
        cost_usd=cost,
        pool=pool,
        racks=_racks(lives, len(chips), periods),
    )
    return programmes, pools


def _sales_tax(lives: Lives, capital: Floats, places: PlaceTerms) -> Floats:
    """Sales tax in the capital of facility and chips, shape (J, 2, T). Retrofits are services and pay none."""
    place = lives.place
    result = np.zeros_like(capital)
    chip_tax = places.chip_tax[place]
    result[:, CHIPS] = capital[:, CHIPS] * (chip_tax / (1 + chip_tax))[:, None]
    facility, plant = places.facility_usd_per_mw[place], places.plant_usd_per_mw[place]
    taxed = places.plant_tax[place] * plant
    building = np.arange(capital.shape[2]) <= lives.commission[:, None]
    result[:, FACILITY] = (
        np.where(building, capital[:, FACILITY], 0.0) * (taxed / (facility + taxed))[:, None]
    )
    return result


def _embodied(lives: Lives, scenario: Scenario, chips: tuple[Chip, ...], calendar: Calendar) -> Floats:
    """CO2 of making what is bought or built in a period, shape (J, T) [kg]."""
    per_kw = scenario.hall.embodied_kg_per_kw
    if per_kw is None:
        per_kw = economics_of(scenario).embodied_kg_per_kw
    per_rack = np.array([chip.embodied_kg * chip.chips_per_rack for chip in chips])
    result = np.zeros((len(lives.place), calendar.periods))
    rows, k = np.nonzero(lives.buys())
    chip, first = lives.stages[rows, k, 0], lives.stages[rows, k, 1]
    np.add.at(result, (rows, first), lives.racks[rows, k] * per_rack[chip])
    built = np.flatnonzero(lives.pays_building)
    result[built, lives.commission[built]] += 1000.0 * per_kw * lives.it_mw[built]
    return result


def _stranded(lives: Lives, chips: tuple[Chip, ...], in_stage: NDArray[np.bool_]) -> Floats:
    """IT power of a hall that its racks leave unused, shape (J, T) [MW]."""
    kw = np.array([chip.it_kw_per_rack for chip in chips])
    real = lives.stages[..., 0] >= 0
    taken = lives.racks * np.where(real, kw[lives.stages[..., 0]], 0.0) / 1000.0
    left = np.where(real, lives.it_mw[:, None] - taken, 0.0)
    result: Floats = np.einsum("jk,jkt->jt", left, in_stage.astype(float))
    return result


def _periods_in_stages(stages: Ints, periods: int) -> NDArray[np.bool_]:
    """Whether a stage runs in a period, shape (J, K, T)."""
    t = np.arange(periods)
    inside: NDArray[np.bool_] = (
        (stages[..., 0, None] >= 0) & (t >= stages[..., 1, None]) & (t < stages[..., 2, None])
    )
    return inside


def _pools(
    lives: Lives,
    in_stage: NDArray[np.bool_],
    places: PlaceTerms,
    chips: tuple[Chip, ...],
    scenario: Scenario,
) -> tuple[Ints, Pools]:
    n, depth = lives.stages.shape[:2]
    site = places.site[lives.place]
    keys = np.stack(
        [
            np.repeat(site, depth).astype(float),
            lives.stages[..., 0].ravel().astype(float),
            lives.stages[..., 3].ravel().astype(float),
            np.repeat(lives.it_mw, depth),
            lives.racks.ravel(),
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
    worn = economics_of(scenario).run_on_availability_factor
    demand = scenario.demand
    amounts = np.zeros((len(unique), len(demand.workloads)))
    share = np.ones(len(unique))
    for p, (_, chip, run_on, megawatts, racks) in enumerate(unique):
        factor = worn if run_on else 1.0
        amounts[p] = yields(chips[int(chip)], racks, demand.workloads, demand.metric, factor)
        share[p] = racks / racks_in(megawatts, chips[int(chip)])
    pool_site, pool_chip = unique[:, 0].astype(np.int32), unique[:, 1].astype(np.int32)
    least = np.full((len(scenario.sites), len(chips)), np.inf)
    np.fmin.at(least, places.site, places.peak_mw_per_mw)
    pools = Pools(
        site=pool_site,
        chip=pool_chip,
        run_on=unique[:, 2] > 0,
        hall_mw=unique[:, 3],
        racks=unique[:, 4],
        yields=amounts,
        peak_mw=least[pool_site, pool_chip] * unique[:, 3] * share,
    )
    return by_period, pools


def _racks(lives: Lives, n_chips: int, periods: int) -> NDArray[np.float32]:
    result = np.zeros((len(lives.place), n_chips, periods), dtype=np.float32)
    rows, k = np.nonzero(lives.buys())
    result[rows, lives.stages[rows, k, 0], lives.stages[rows, k, 1]] = lives.racks[rows, k]
    return result
