"""Designs of a scenario: site x cooling x chip, what one hall uses and emits in a year."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer import catalog
from optimizer.errors import OptimizerError
from optimizer.physics.climate import Climate, climate_of
from optimizer.physics.design_inputs import Design, design_inputs
from optimizer.physics.hourly import hourly_frame
from optimizer.physics.site_hours import SiteHours, site_hours
from optimizer.physics.site_series import bill_of, carbon_of, load_of
from optimizer.physics.supply_years import COLUMNS as SUPPLY_COLUMNS
from optimizer.physics.supply_years import option_of, supply_hours, supply_rows
from optimizer.physics.weather_files import weather_of
from optimizer.physics.years import Years, hours_of, years
from optimizer.scenario.schema import ChipSettings, Scenario, Site, goes_with

Floats = NDArray[np.float64]


class EvaluationError(OptimizerError):
    """A design was asked for that the scenario does not have."""

    exit_code = 2


@dataclass(frozen=True)
class _Heat:
    """What physics needs to know of a chip."""

    chip: str
    cooling: str
    liquid_share: float
    supply_c_max: float


@dataclass(frozen=True)
class Evaluation:
    """Physics of every design of a scenario.

    Attributes
    ----------
    designs : DataFrame
        One row a design: site, cooling, chip, it_mw, pue, pue_peak, wue_l_per_kwh, energy_mwh, water_m3, co2_t,
        peak_mw, hours_over_temperature, energy_usd, mean_price_usd_per_mwh; one hall of `hall.it_mw` over
        8,760 h.
    """

    designs: Any
    _scenario: Scenario
    _weather: Callable[[Site], Climate]
    _threads: int = 1
    _known_supply: Any = None

    @cached_property
    def supply(self) -> Any:
        """Supply options beyond the plain grid, worked out when first asked for.

        Returns
        -------
        DataFrame
            One row an option and state; from a month on (months since year 0) it carries `firm_mw` and `curtailable_mw` and
            costs, emits and uses so much a year at that load (`optimizer.physics.supply_years`, docs/power.md).
        """
        import pandas as pd

        if self._known_supply is not None:
            return self._known_supply
        sites = [site for site in self._scenario.sites if has_options(site)]
        with ThreadPoolExecutor(max_workers=max(1, self._threads)) as pool:
            by_site = pool.map(lambda site: supply_rows(self._scenario, site, self._hours(site)), sites)
            rows = [row for site_rows in by_site for row in site_rows]
        return pd.DataFrame(rows, columns=list(SUPPLY_COLUMNS))

    def supply_hourly(self, site: str, path: str, month: int) -> Any:
        """Hour by hour of a supply option at the load that it carries, in the state of a month (since year 0).

        Returns
        -------
        DataFrame
            load, grid, plant, units, solar, wind, spilled, charged, discharged, stored, waited, unserved [MW; MWh], what a
            stored MWh was worth, price_usd_per_mwh, cut.

        Raises
        ------
        EvaluationError
            No such site or option.
        """
        rows = self.supply[(self.supply["site"] == site) & (self.supply["path"] == path)]
        if rows.empty:
            raise EvaluationError(f"no supply option {path!r} at {site}")
        place = next(s for s in self._scenario.sites if s.name == site)
        option = option_of(rows.iloc[0].to_dict())
        return supply_hours(self._scenario, place, self._hours(place), option, month)

    def _hours(self, site: Site) -> SiteHours:
        """A site's series at the load of halls with its first design."""
        rows = self.designs[self.designs["site"] == site.name]
        weather = weather_of(site)
        if rows.empty:
            return site_hours(self._scenario, site, weather, np.ones(weather.n_hours))
        first = rows.iloc[0]
        hall = self.hourly(site.name, first["cooling"], first["chip"])
        return site_hours(self._scenario, site, weather, hall["facility_mw"].to_numpy())

    def hourly(self, site: str, cooling: str, chip: str | None = None) -> Any:
        """Hour by hour of a design, for one hall.

        Parameters
        ----------
        site, cooling : str
        chip : str, optional
            The first chip of the scenario that goes with the cooling system, if not given.

        Returns
        -------
        DataFrame
            Indexed by hour: it_mw, facility_mw, pue, water_m3, mode, dry_bulb_c, wet_bulb_c.

        Raises
        ------
        EvaluationError
            No such design.
        """
        scenario = self._scenario
        rows = self.designs[(self.designs["site"] == site) & (self.designs["cooling"] == cooling)]
        if chip is not None:
            rows = rows[rows["chip"] == chip]
        if rows.empty:
            raise EvaluationError(f"no design of {cooling} at {site}" + (f" with {chip}" if chip else ""))
        place = next(s for s in scenario.sites if s.name == site)
        heat = next(h for h in _heats(scenario) if h.chip == rows.iloc[0]["chip"])
        climate = self._weather(place)
        design = _design(scenario, cooling, heat, climate)
        profile = load_of(scenario.hall, len(climate.dry_bulb_c))
        return hourly_frame(design, scenario.hall.utilisation, scenario.hall.it_mw, climate, profile)


def evaluate(scenario: Scenario, threads: int = 1) -> Evaluation:
    """Work out every design of a scenario, hour by hour.

    Parameters
    ----------
    scenario : Scenario
    threads : int
        Sites are shared among so many threads; the figures do not depend on it.
    """
    import pandas as pd

    heats = _heats(scenario)
    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        by_site = pool.map(lambda site: _site_designs(scenario, site, heats), scenario.sites)
        rows = [row for site_rows in by_site for row in site_rows]
    return Evaluation(pd.DataFrame(rows, columns=list(COLUMNS)), scenario, _climate, threads)


def evaluation_of(scenario: Scenario, designs: Any, supply: Any) -> Evaluation:
    """An evaluation whose tables are known already."""
    return Evaluation(designs, scenario, _climate, _known_supply=supply)


def has_options(site: Site) -> bool:
    """Whether a site can be supplied otherwise than by the plain grid."""
    tranche = site.grid is not None and site.grid.curtailable is not None
    return site.onsite is not None or tranche or bool(site.ppa)


COLUMNS = (
    "site",
    "cooling",
    "chip",
    "it_mw",
    "pue",
    "pue_peak",
    "wue_l_per_kwh",
    "energy_mwh",
    "water_m3",
    "co2_t",
    "peak_mw",
    "hours_over_temperature",
    "energy_usd",
    "mean_price_usd_per_mwh",
)


def _heats(scenario: Scenario) -> tuple[_Heat, ...]:
    ids = dict.fromkeys(scenario.chips.offered)
    ids |= dict.fromkeys(b.chip for s in scenario.sites for b in (*s.existing, *s.committed))
    result = []
    for chip_id in ids:
        own = scenario.chips.settings.get(chip_id, ChipSettings())
        fact = catalog.chip(own.based_on or chip_id)
        share = fact.liquid_share if own.liquid_share is None else own.liquid_share
        warmest = fact.supply_c_max if own.supply_c_max is None else own.supply_c_max
        result.append(_Heat(chip_id, own.cooling or fact.cooling, share, warmest))
    return tuple(result)


def _climate(site: Site) -> Climate:
    return climate_of(weather_of(site))


def _design(scenario: Scenario, cooling: str, heat: _Heat, climate: Climate) -> Design:
    given: dict[str, Any] = dict(scenario.cooling_parameters.get(cooling, {}))  # type: ignore[call-overload]
    system = catalog.cooling(cooling)
    options = scenario.cooling_options.get(cooling)  # type: ignore[call-overload]
    if system.liquid:
        # The chip may ask for a colder loop than catalog, class or scenario.
        usual = {"tcs_supply_c": system.parameters["tcs_supply_c"].value}
        words = catalog.option_values(options.given() if options is not None else {})
        given["tcs_supply_c"] = min((usual | words | given)["tcs_supply_c"], heat.supply_c_max)
        # Tanks take all heat, whatever the chip; cold plates what the chip gives.
        if "liquid_share" not in system.own:
            given.setdefault("liquid_share", heat.liquid_share)
    if options is not None:
        given |= options.given()
    return design_inputs(cooling, scenario.hall.redundancy, climate.pressure_pa, **given)


def _site_designs(scenario: Scenario, site: Site, heats: tuple[_Heat, ...]) -> list[tuple[Any, ...]]:
    climate = _climate(site)
    hours = len(climate.dry_bulb_c)
    bill = bill_of(site, hours, scenario.hall.it_mw)
    price = np.zeros(hours) if bill is None else bill.price()
    profile = load_of(scenario.hall, hours)
    carbon = carbon_of(site)
    systems = dict.fromkeys(site.cooling or scenario.cooling)
    systems |= dict.fromkeys(block.cooling for block in (*site.existing, *site.committed))
    rows: list[tuple[Any, ...]] = []
    for cooling in systems:
        chips = [heat for heat in heats if goes_with(cooling, heat.cooling)]
        if not chips:
            continue
        # Chips that heat alike share a year.
        designs = [_design(scenario, cooling, heat, climate) for heat in chips]
        distinct, which = np.unique(np.vstack([d.inputs for d in designs]), axis=0, return_inverse=True)
        load = np.full(len(distinct), scenario.hall.utilisation)
        shared = Design(designs[0].system, np.ascontiguousarray(distinct))
        found = years(shared, load, climate, price, profile=profile)
        if bill is not None and bill.by_peak:
            own = (hours_of(shared, i, float(load[i]), climate, profile) for i in range(len(distinct)))
            found = replace(found, cost=np.array([bill.cost(by_hour["facility"]) for by_hour in own]))
        rows += [
            _row(scenario, site, cooling, heat.chip, found, int(i), float(price.mean()), carbon)
            for heat, i in zip(chips, np.ravel(which), strict=True)
        ]
    return rows


def _row(
    scenario: Scenario,
    site: Site,
    cooling: str,
    chip: str,
    found: Years,
    i: int,
    mean_price: float,
    carbon: float,
) -> tuple[Any, ...]:
    it_mw = scenario.hall.it_mw
    energy_mwh = float(found.facility_h[i]) * it_mw
    return (
        site.name,
        cooling,
        chip,
        it_mw,
        float(found.facility_h[i] / found.it_h[i]),
        float(found.peak[i]),
        float(found.water_kg[i] / found.it_h[i]),
        energy_mwh,
        float(found.water_kg[i]) * it_mw,
        energy_mwh * carbon / 1000.0,
        float(found.peak[i]) * it_mw,
        float(found.hours_over_temperature[i]),
        float(found.cost[i]) * it_mw,
        mean_price,
    )
