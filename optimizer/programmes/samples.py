"""Hall programmes under samples of uncertain prices, rates and yields, in blocks that fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

import optimizer._core.samples as kernel
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.chips import hardware_usd_per_rack, yields
from optimizer.programmes.halls import enumerated
from optimizer.programmes.kernel_inputs import build_shares, kernel_places
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Scenario

CLASSES = ("facility", "chips", "opex", "energy", "sales")
# Results by programme and sample: five flows, energy and compute by period, and two sums.
_ROWS = len(CLASSES) + 2


@dataclass(frozen=True)
class Samples:
    """Samples of what is uncertain; every field of shape (S,) or one number.

    Attributes
    ----------
    chip_price, facility_price, energy_price : array
        Factors on what chips, halls and energy cost.
    chip_price_decline : array or None
        Fall of chip prices a year in place of the chips' own [fraction].
    construction_escalation : array or None
        Real growth of construction cost a year in place of the catalog's [fraction].
    facility_opex : array
        Factor on staff, upkeep, insurance, taxes and rent of halls.
    energy_use : array
        Factor on energy and water: power usage effectiveness.
    compute : array
        Factor on what halls yield: availability, utilisation.
    residual_decline : array or None
        Fall of the resale value of chips a year in place of the catalog's [fraction].
    wacc : array or None
        Nominal, in place of the scenario's [fraction].
    """

    chip_price: ArrayLike = 1.0
    facility_price: ArrayLike = 1.0
    energy_price: ArrayLike = 1.0
    chip_price_decline: ArrayLike | None = None
    construction_escalation: ArrayLike | None = None
    facility_opex: ArrayLike = 1.0
    energy_use: ArrayLike = 1.0
    compute: ArrayLike = 1.0
    residual_decline: ArrayLike | None = None
    wacc: ArrayLike | None = None

    @property
    def count(self) -> int:
        """S."""
        given = [getattr(self, f.name) for f in fields(self)]
        shape = np.broadcast_shapes(*(np.shape(value) for value in given if value is not None), (1,))
        return int(shape[0])

    def column(self, name: str, default: float = 1.0) -> Floats:
        """One parameter, shape (S,)."""
        value = getattr(self, name)
        filled = np.broadcast_to(np.asarray(default if value is None else value, dtype=float), (self.count,))
        return np.ascontiguousarray(filled)


@dataclass(frozen=True)
class SampleBlock:
    """Programmes `first` … `first` + B - 1 under S samples, T periods.

    Attributes
    ----------
    first : int
    flows_usd : ndarray of shape (B, S, 5, T)
        Facility, chips, operation, energy and sales, real, not discounted; sales positive.
    energy_mwh, unit_hours : ndarray of shape (B, S, T)
        Energy at the halls; compute if they work wholly on the workload [unit of demand.metric times h].
    racks : ndarray of shape (B, T)
        Racks bought; no sample changes them.
    cost_usd, discounted_unit_hours : ndarray of shape (B, S)
        Discounted cost, residual value taken off, and discounted compute.
    """

    first: int
    flows_usd: Floats
    energy_mwh: Floats
    unit_hours: Floats
    racks: Floats
    cost_usd: Floats
    discounted_unit_hours: Floats

    @property
    def usd_per_unit_hour(self) -> Floats:
        """Levelised cost of compute, shape (B, S); nan where a programme does no such work."""
        with np.errstate(divide="ignore", invalid="ignore"):
            cost: Floats = self.cost_usd / self.discounted_unit_hours
        return np.where(self.discounted_unit_hours > 0, cost, np.nan)


@dataclass(frozen=True)
class SampledProgrammes:
    """Programmes of a scenario ready to be worked out under samples: the kernel's arrays but the results.

    Attributes
    ----------
    arguments : dict of str to array or number
        By the kernel's names, in its order, without `first`, `last` and the results.
    racks_bought : ndarray of shape (J, T)
    periods, samples : int
    """

    arguments: dict[str, Any]
    racks_bought: Floats
    periods: int
    samples: int

    def __len__(self) -> int:
        return len(self.racks_bought)

    def repeated(self, programmes: int) -> SampledProgrammes:
        """As many programmes, the given ones over and over: for measurements."""
        rows = np.resize(np.arange(len(self)), programmes)
        changed = {name: self.arguments[name][rows] for name in PER_PROGRAMME}
        return replace(self, arguments={**self.arguments, **changed}, racks_bought=self.racks_bought[rows])

    def blocks(self, memory_mb: float = 256.0) -> Iterator[SampleBlock]:
        """All programmes, so many at a time that a block's results take at most `memory_mb`.

        The arrays of a block are used again for the next one; copy what is to be kept.
        """
        one = self.samples * (_ROWS * self.periods + 2) * 8
        size = max(1, min(len(self), int(memory_mb * 1e6 // one)))
        s, t = self.samples, self.periods
        room = (
            np.empty((size, s, len(CLASSES), t)),
            np.empty((size, s, t)),
            np.empty((size, s, t)),
            np.empty((size, s)),
            np.empty((size, s)),
        )
        for first in range(0, len(self), size):
            last = min(first + size, len(self))
            kernel.programme_samples(first, last, *self.arguments.values(), *room)
            flows, energy, compute, cost, made = (array[: last - first] for array in room)
            yield SampleBlock(first, flows, energy, compute, self.racks_bought[first:last], cost, made)


PER_PROGRAMME = (
    "stages",
    "racks",
    "fill",
    "commission",
    "place",
    "it_mw",
    "online_years",
    "pays_building",
    "pays_first_chips",
    "leased",
    "first_price",
    "compute",
)


def sampled_programmes(
    scenario: Scenario, designs: pd.DataFrame, calendar: Calendar, samples: Samples, workload: str
) -> SampledProgrammes:
    """All hall programmes of a scenario under samples.

    Parameters
    ----------
    scenario : Scenario
    designs : DataFrame
        Designs of `optimizer.physics.evaluate`; energy is priced at a site's mean price.
    calendar : Calendar
    samples : Samples
    workload : str
        Work that compute is counted for.
    """
    lives, places, chips, blocks = enumerated(scenario, designs, calendar)
    count, periods = samples.count, calendar.periods
    economics, demand = economics_of(scenario), scenario.demand
    at = [w.name for w in demand.workloads].index(workload)
    each = np.array([yields(chip, 1.0, demand.workloads, demand.metric)[at] for chip in chips])
    compute = lives.racks * np.where(lives.stages[..., 0] >= 0, each[lives.stages[..., 0]], 0.0)

    price, decline = samples.column("chip_price"), samples.chip_price_decline
    hardware = np.empty((count, len(chips), periods))
    sold = [b for b, block in enumerate(blocks) if block.existing]
    first_hardware = np.zeros((count, max(1, len(sold))))
    ids = {chip.id: i for i, chip in enumerate(chips)}
    for s in range(count):
        own = chips
        if decline is not None:
            own = tuple(
                replace(c, price_decline_per_year=float(samples.column("chip_price_decline")[s]))
                for c in chips
            )
        hardware[s] = price[s] * np.stack([hardware_usd_per_rack(chip, calendar.year) for chip in own])
        for n, b in enumerate(sold):
            bought = np.array([blocks[b].record.online / 12])
            first_hardware[s, n] = (
                price[s] * hardware_usd_per_rack(own[ids[blocks[b].record.chip]], bought)[0]
            )
    first_price = np.array([sold.index(b) if b in sold else -1 for b in lives.block], dtype=np.int32)

    growth = 1 + samples.column("construction_escalation", economics.construction_escalation_per_year)
    since = calendar.year - calendar.base_time
    wacc = samples.column("wacc", scenario.money.wacc)
    real = (1 + wacc) / (1 + scenario.money.inflation) - 1
    mid = (np.arange(periods) + 0.5) * calendar.period_years
    mean = designs.groupby("site")["mean_price_usd_per_mwh"].first()
    by_site = np.array([float(mean[site.name]) for site in scenario.sites])
    arguments = {
        "stages": lives.stages,
        "racks": lives.racks,
        "fill": lives.fill,
        "commission": lives.commission,
        "place": lives.place,
        "it_mw": lives.it_mw,
        "online_years": lives.online_years,
        "pays_building": lives.pays_building,
        "pays_first_chips": lives.pays_first_chips,
        "leased": lives.leased,
        "first_price": first_price,
        "compute": compute,
        **kernel_places(places),
        "build_shares": build_shares(scenario, calendar.whole_periods(scenario.hall.build_months)),
        "hardware_usd_per_rack": hardware,
        "first_hardware": first_hardware,
        "escalation": np.maximum(1.0, growth[:, None] ** since),
        "discount": (1 + real[:, None]) ** -mid,
        "discount_end": (1 + real) ** -(periods * calendar.period_years),
        "facility_scale": samples.column("facility_price"),
        "opex_scale": samples.column("facility_opex"),
        "energy_price_scale": samples.column("energy_price"),
        "energy_scale": samples.column("energy_use"),
        "compute_scale": samples.column("compute"),
        "residual_keep": 1 - samples.column("residual_decline", economics.residual_decline),
        "period_years": calendar.period_years,
        "hours": calendar.hours,
        "insurance_share": economics.insurance_share,
        "it_maintenance_share": economics.it_maintenance_share,
        "run_on_maintenance_factor": economics.run_on_maintenance_factor,
        "run_on_availability_factor": economics.run_on_availability_factor,
        "retrofit_share": economics.refresh_retrofit_share,
        "residual_first": economics.residual_first,
        "hall_life_years": scenario.hall.life_years,
    }
    grown = by_site[places.site][:, None] * places.price_growth
    ordered: dict[str, Any] = {}
    for name, value in arguments.items():
        ordered[name] = value
        if name == "price_growth":
            ordered["energy_usd_per_mwh"] = np.ascontiguousarray(grown)
    bought = np.zeros((len(lives.place), periods))
    rows, k = np.nonzero(lives.buys())
    bought[rows, lives.stages[rows, k, 1]] = lives.racks[rows, k]
    return SampledProgrammes(ordered, bought, periods, count)
