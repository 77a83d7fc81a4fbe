"""Ways in which a site can be supplied: which parts, how large, when they arrive, what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import ceil

from optimizer.physics.site_hours import SiteHours
from optimizer.physics.supply import Offer, size_mix
from optimizer.physics.supply.annuity import capital_recovery_factor
from optimizer.physics.supply.assets import (
    AssetTerms,
    asset_terms,
    energy_terms,
    plant_terms,
    storage_mix,
    units_of,
)
from optimizer.scenario.carbon_price import mean_carbon_usd_per_t
from optimizer.scenario.grid_steps import curtailable_steps, firm_steps
from optimizer.scenario.schema import Plant, Scenario, Site, plants_of

# Sizes below this share of the load are none.
SMALL = 0.005
TECHNOLOGIES = {"solar": "solar_pv", "wind": "wind_onshore", "battery": "battery_lfp"}


@dataclass(frozen=True)
class SupplyOption:
    """A supply path beyond the plain grid.

    Attributes
    ----------
    name : str
    grid, curtailable, ppa : bool
        Whether the grid's offer, its curtailable tranche and the contracts for clean energy are taken.
    plant : str
        Key of the plant, empty without one.
    units : int
    unit_mw : float
        Nameplate of one unit.
    solar_mw, wind_mw, battery_mw, battery_mwh : float
    plant_from, rest_from : int or None
        Month in which the plant, and sun, wind and battery, are there.
    leaves : int or None
        Month from which the plant is gone.
    then : str
        What becomes of the plant then: stay, sold or moved.
    """

    name: str
    grid: bool = False
    curtailable: bool = False
    ppa: bool = False
    plant: str = ""
    units: int = 0
    unit_mw: float = 0.0
    solar_mw: float = 0.0
    wind_mw: float = 0.0
    battery_mw: float = 0.0
    battery_mwh: float = 0.0
    plant_from: int | None = None
    rest_from: int | None = None
    leaves: int | None = None
    then: str = "stay"

    @property
    def mixed(self) -> bool:
        """Whether sun, wind or a battery is in it."""
        return self.solar_mw > 0 or self.wind_mw > 0 or self.battery_mw > 0


def supply_options(scenario: Scenario, site: Site, hours: SiteHours) -> tuple[SupplyOption, ...]:
    """All ways beyond the plain grid, in a fixed order.

    Bases are nothing, the grid, and the grid with its curtailable tranche. To each go every plant in its sizes, orders
    and ends, and the mixes of sun, wind and battery (with or without a plant) that `size_mix` finds for the loads and
    prices of carbon asked for; then each way with a grid once more with the contracts for clean energy.
    """
    bases = [SupplyOption("")]
    if firm_steps(scenario, site):
        bases.append(SupplyOption("grid", grid=True))
    if curtailable_steps(scenario, site):
        bases.append(SupplyOption("grid+curtailable", grid=True, curtailable=True))
    found = [base for base in bases if base.curtailable]
    found += [way for base in bases for way in _with_plants(scenario, site, base)]
    # What is sized beside the grid is offered with it only.
    found += [
        _joined(base, mix)
        for mix in _mixes(scenario, site, hours)
        for base in bases
        if base.grid or not mix.grid
    ]
    with_contracts = [
        replace(way, name=f"{way.name}+ppa", ppa=True) for way in (*bases, *found) if way.grid and site.ppa
    ]
    ways = [way for way in (*found, *with_contracts) if way.name]
    return tuple({way.name: way for way in ways}.values())


def _with_plants(scenario: Scenario, site: Site, base: SupplyOption) -> list[SupplyOption]:
    start = scenario.horizon.start
    grid_ends = _last_step(scenario, site) if base.grid else None
    ways = []
    for key, (plant, technology) in plants_of(site.onsite).items():
        lead = plant_terms(plant, technology).money.arrives_months
        sizes = (1.0,) if plant.sunk else tuple(sorted(set(plant.sizes)))
        for size, wait, then in product(sizes, plant.order_after_months, plant.then):
            arrives = start + ceil(lead + wait - 1e-9)
            leaves = grid_ends if then != "stay" else None
            if then != "stay" and (leaves is None or leaves <= arrives):
                continue
            units, unit_mw = units_of(plant, technology, plant.max_mw * size)
            words = [f"{base.name}+{key}" if base.name else key]
            words += [f"{100 * size:g} %"] if size < 1 else []
            words += [f"ordered after {wait:g} months"] if wait else []
            words += [then] if then != "stay" else []
            ways.append(
                replace(
                    base,
                    name=", ".join(words),
                    plant=key,
                    units=units,
                    unit_mw=unit_mw,
                    plant_from=arrives,
                    leaves=leaves,
                    then=then,
                )
            )
    return ways


def _last_step(scenario: Scenario, site: Site) -> int | None:
    """Month from which the grid gives the most that it ever gives."""
    steps = firm_steps(scenario, site)
    return min((month for month, mw in steps.items() if mw == max(steps.values())), default=None)


def _joined(base: SupplyOption, mix: SupplyOption) -> SupplyOption:
    name = f"{base.name}+{mix.name}" if base.name else mix.name
    return replace(mix, name=name, grid=base.grid, curtailable=base.curtailable)


def _mixes(scenario: Scenario, site: Site, hours: SiteHours) -> list[SupplyOption]:
    """Sized mixes with sun, wind or a battery; `grid` says whether beside the grid's last step."""
    onsite = site.onsite
    if onsite is None or (onsite.solar is None and onsite.wind is None and onsite.battery is None):
        return []
    plants: list[tuple[str, Plant | None, str]] = [("", None, "")]
    plants += [(key, plant, technology) for key, (plant, technology) in plants_of(onsite).items()]
    last_mw = max(firm_steps(scenario, site).values(), default=0.0)
    loads = onsite.load_mw or (last_mw or max((p.max_mw / 2 for _, p, _ in plants if p), default=0.0),)
    found: list[SupplyOption] = []
    for load, (key, plant, technology) in product(loads, plants):
        for grid_mw in sorted({0.0, last_mw}):
            for carbon in scenario.power.mix_carbon_usd_per_t:
                if load > 0:
                    mix = _sized(scenario, site, hours, load, key, plant, technology, grid_mw, carbon)
                    if mix.mixed and not any(_alike(mix, other) for other in found):
                        found.append(replace(mix, grid=grid_mw > 0))
    names: dict[str, int] = {}
    numbered = []
    for mix in found:
        names[mix.name] = names.get(mix.name, 0) + 1
        numbered.append(replace(mix, name=f"{mix.name} #{names[mix.name]}"))
    return numbered


def _alike(a: SupplyOption, b: SupplyOption) -> bool:
    sizes = ("units", "solar_mw", "wind_mw", "battery_mw", "battery_mwh")
    return a.plant == b.plant and all(
        abs(getattr(a, n) - getattr(b, n)) <= 0.02 * max(getattr(a, n), getattr(b, n)) for n in sizes
    )


def _sized(
    scenario: Scenario,
    site: Site,
    hours: SiteHours,
    load: float,
    key: str,
    plant: Plant | None,
    technology: str,
    grid_mw: float,
    carbon: float,
) -> SupplyOption:
    """The mix that costs least for a load beside so much grid."""
    onsite = site.onsite
    assert onsite is not None
    rate = (1 + scenario.money.wacc) / (1 + scenario.money.inflation) - 1

    def yearly(terms: AssetTerms) -> float:
        return (
            terms.capex_usd_per_mw * capital_recovery_factor(rate, terms.life_years)
            + terms.fom_usd_per_mw_year
        )

    offers, arrival = [], 0.0
    for name in ("solar", "wind", "battery"):
        asset = getattr(onsite, name)
        if asset is None:
            continue
        terms = asset_terms(asset, TECHNOLOGIES[name])
        arrival = max(arrival, terms.arrives_months)
        offers.append(Offer(f"{name}_mw", yearly(terms), asset.max_mw))
        if name == "battery":
            offers.append(Offer("battery_mwh", yearly(energy_terms(asset)), asset.max_mwh))
    fixed = {
        "load_mw": load,
        "firm_mw": grid_mw * (1.0 - (0.0 if site.grid is None else site.grid.loss)),
        "unserved_usd_per_mwh": scenario.power.unserved_usd_per_mwh,
    }
    if onsite.battery is not None:
        fixed |= storage_mix(onsite.battery)
    burns = None if plant is None else plant_terms(plant, technology)
    if plant is not None and burns is not None:
        fixed |= {
            "plant_usd_per_mwh": burns.usd_per_mwh,
            "plant_kg_per_mwh": burns.kg_per_mwh,
        }
        offers.append(Offer("plant_mw", yearly(burns.money), plant.max_mw))
    series = hours.with_plant(burns, 0 if plant is None else plant.spare_units)
    sizes = size_mix(series, offers, mean_carbon_usd_per_t(scenario) + carbon, **fixed).sizes
    kept = {name: (value if value > SMALL * load else 0.0) for name, value in sizes.items()}
    if not kept.get("battery_mw") or not kept.get("battery_mwh"):
        kept |= {"battery_mw": 0.0, "battery_mwh": 0.0}
    start = scenario.horizon.start
    units, unit_mw = 0, 0.0
    if plant is not None and kept.get("plant_mw"):
        most, unit_mw = units_of(plant, technology, plant.max_mw)
        units = min(most, ceil(kept["plant_mw"] / unit_mw - 1e-6) + plant.spare_units)
        if plant.sunk:
            units = most
    parts = [key] if units else []
    parts += [name for name in ("solar", "wind", "battery") if kept.get(f"{name}_mw")]
    return SupplyOption(
        name="+".join(parts) + f" for {load:g} MW",
        plant=key if units else "",
        units=units,
        unit_mw=unit_mw,
        solar_mw=kept.get("solar_mw", 0.0),
        wind_mw=kept.get("wind_mw", 0.0),
        battery_mw=kept["battery_mw"],
        battery_mwh=kept["battery_mwh"],
        plant_from=None if burns is None or not units else start + ceil(burns.money.arrives_months - 1e-9),
        rest_from=start + ceil(arrival - 1e-9),
    )
