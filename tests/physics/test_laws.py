"""What physics must obey whatever the parameters: monotone answers, balances, bounds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import catalog
from optimizer.physics import Weather, facility_year, psychrometrics, weather_from_catalog
from optimizer.physics.climate import climate_of
from optimizer.physics.design_inputs import design_inputs
from optimizer.physics.years import Years, years

WEATHERS = ("usa-az-phoenix", "usa-wy-cheyenne", "sgp-singapore", "usa-oh-columbus")
SYSTEMS = catalog.cooling_ids()
TOWERS = ("water_chiller_economizer", "dlc_tower")
DRY = ("dlc_dry", "dlc_adiabatic")
SLACK = 1e-12  # relative, of sums in floating point

systems = st.sampled_from(SYSTEMS)
seeds = st.integers(0, 2**31)
dry_bulbs = st.floats(-35.0, 50.0)
humidities = st.floats(0.05, 1.0)
pressures = st.floats(70e3, 104e3)


def constant(t_c: float, rh: float, pressure_pa: float, hours: int = 8) -> Weather:
    """Weather that stands still."""
    weather = weather_from_catalog("usa-oh-columbus")
    return replace(
        weather,
        dry_bulb_c=np.full(hours, t_c),
        rh=np.full(hours, rh),
        pressure_pa=np.full(hours, pressure_pa),
    )


def hotter(weather: Weather, by_k: float) -> Weather:
    """Every hour warmer at the same humidity ratio."""
    ratio = psychrometrics.humidity_ratio(weather.dry_bulb_c, weather.rh, weather.pressure_pa)
    vapour = ratio * weather.pressure_pa / (0.621945 + ratio)
    warm = weather.dry_bulb_c + by_k
    rh = np.minimum(vapour / psychrometrics.saturation_pressure(warm), 1.0)
    return replace(weather, dry_bulb_c=warm, rh=rh)


def drawn(cooling: str, seed: int) -> dict[str, float]:
    """One set of parameters inside the catalog's ranges."""
    random = np.random.default_rng(seed)
    return {
        name: float(random.uniform(fact.low, fact.high))
        for name, fact in catalog.cooling(cooling).parameters.items()
        if fact.low is not None and fact.high is not None
    }


def run(weather: Weather, cooling: str, load: float = 0.8, **given: Any) -> Years:
    climate = climate_of(weather)
    design = design_inputs(cooling, "N+1", climate.pressure_pa, **given)
    return years(design, np.full(len(design.inputs), load), climate)


@settings(max_examples=150, deadline=None)
@given(systems, seeds, dry_bulbs, humidities, pressures, st.floats(0.05, 1.0))
def test_every_answer_is_bounded(
    cooling: str, seed: int, t_c: float, rh: float, pressure_pa: float, load: float
) -> None:
    found = run(constant(t_c, rh, pressure_pa), cooling, load, **drawn(cooling, seed))
    assert np.isfinite([found.facility_h, found.compressor_h, found.water_kg, found.peak]).all()
    assert found.facility_h[0] > found.it_h[0]
    assert 0.0 <= found.compressor_h[0] < found.facility_h[0] - found.it_h[0]
    assert found.water_kg[0] >= 0.0
    assert found.peak[0] * 8760.0 >= found.facility_h[0] * (1 - SLACK)
    assert found.hours_over_temperature[0] in (0.0, pytest.approx(8760.0))


@settings(max_examples=120, deadline=None)
@given(systems, seeds, dry_bulbs, humidities, pressures, st.floats(0.1, 10.0))
def test_hotter_air_never_lowers_chiller_energy(
    cooling: str, seed: int, t_c: float, rh: float, pressure_pa: float, by_k: float
) -> None:
    weather, given_ = constant(t_c, rh, pressure_pa), drawn(cooling, seed)
    cool, warm = run(weather, cooling, **given_), run(hotter(weather, by_k), cooling, **given_)
    # Near 0 degC the wet bulb has two branches, which no system's chillers are near to.
    assert warm.compressor_h[0] >= cool.compressor_h[0] * (1 - 1e-9)


@pytest.mark.parametrize("cooling", SYSTEMS)
@pytest.mark.parametrize("place", WEATHERS)
def test_hotter_years_use_more(cooling: str, place: str) -> None:
    weather = weather_from_catalog(place)
    found = [run(hotter(weather, by_k), cooling) for by_k in (0.0, 1.0, 2.0, 4.0)]
    assert (np.diff([year.compressor_h[0] for year in found]) >= 0.0).all()
    # Wetted pads start at a dry bulb: an hour just below it can be the worst, and a warmer one wetted.
    if cooling != "dlc_adiabatic":
        assert (np.diff([year.peak[0] for year in found]) >= 0.0).all()


@settings(max_examples=80, deadline=None)
@given(systems, seeds, dry_bulbs, humidities, st.floats(0.1, 0.9), st.floats(0.02, 0.1))
def test_more_utilisation_uses_more(
    cooling: str, seed: int, t_c: float, rh: float, load: float, more: float
) -> None:
    weather, given_ = constant(t_c, rh, 98e3), drawn(cooling, seed)
    part, full = run(weather, cooling, load, **given_), run(weather, cooling, load + more, **given_)
    # At least the added IT energy and what its current loses.
    assert full.facility_h[0] - part.facility_h[0] > more * 8760.0
    assert full.compressor_h[0] >= part.compressor_h[0] * (1 - SLACK)
    assert full.water_kg[0] >= part.water_kg[0] * (1 - SLACK)
    assert full.peak[0] == part.peak[0]


@pytest.mark.parametrize("cooling", [*DRY, "dlc_tower"])
@pytest.mark.parametrize("place", WEATHERS)
@pytest.mark.parametrize("seed", range(3))
def test_warmer_liquid_never_costs_energy(cooling: str, place: str, seed: int) -> None:
    """From 30 to 45 degC supply: fans, chillers and peak fall or stay.

    With pads, which start later with warmer supply, an hour that stays dry can take more of the fans: the worst hour, and a
    ten-thousandth of the year.
    """
    supply = np.linspace(30.0, 45.0, 31)
    found = run(weather_from_catalog(place), cooling, **(drawn(cooling, seed) | {"tcs_supply_c": supply}))
    assert (np.diff(found.compressor_h) <= SLACK * found.compressor_h[:-1]).all()
    slack = 1e-4 if cooling == "dlc_adiabatic" else SLACK
    assert (np.diff(found.facility_h) <= slack * found.facility_h[:-1]).all()
    if cooling != "dlc_adiabatic":
        assert (np.diff(found.peak) <= SLACK * found.peak[:-1]).all()
    if cooling in DRY:
        assert (np.diff(found.hours_over_temperature) <= 0.0).all()


@pytest.mark.parametrize("cooling", ["air_chiller", "water_chiller_economizer", "air_economizer"])
@pytest.mark.parametrize("place", WEATHERS)
def test_warmer_supply_air_never_costs_chiller_energy(cooling: str, place: str) -> None:
    fact = catalog.cooling(cooling).parameters["supply_air_c"]
    assert fact.low is not None
    assert fact.high is not None
    supply = np.linspace(fact.low, fact.high, 25)
    found = run(weather_from_catalog(place), cooling, supply_air_c=supply)
    assert (np.diff(found.compressor_h) <= SLACK * found.compressor_h[:-1]).all()


@pytest.mark.parametrize("place", WEATHERS)
@pytest.mark.parametrize("seed", range(4))
def test_pads_never_cost_energy(place: str, seed: int) -> None:
    """The same cooler with pads: no more chiller energy, no higher peak; it pays in water."""
    weather, given_ = weather_from_catalog(place), drawn("dlc_adiabatic", seed)
    pads_only = {"pad_effectiveness", "wet_start_k", "cooler_air_rise_k", "cycles_of_concentration"}
    wet = run(weather, "dlc_adiabatic", **given_)
    dry = run(weather, "dlc_dry", **{k: v for k, v in given_.items() if k not in pads_only})
    assert wet.compressor_h[0] <= dry.compressor_h[0] * (1 + SLACK)
    assert wet.facility_h[0] <= dry.facility_h[0] * (1 + SLACK)
    assert wet.peak[0] <= dry.peak[0] * (1 + SLACK)
    assert dry.water_kg[0] == 0.0
    assert wet.water_kg[0] >= 0.0


@pytest.mark.parametrize("cooling", TOWERS)
@pytest.mark.parametrize(
    ("name", "rises"),
    [("tower_approach_k", True), ("exchanger_approach_k", True), ("water_cooled_carnot", False)],
)
def test_approaches_and_machines(cooling: str, name: str, rises: bool) -> None:
    """Larger approaches cost chiller energy, better machines save it."""
    fact = catalog.cooling(cooling).parameters[name]
    assert fact.low is not None
    assert fact.high is not None
    found = run(
        weather_from_catalog("usa-oh-columbus"), cooling, **{name: np.linspace(fact.low, fact.high, 15)}
    )
    steps = np.diff(found.compressor_h)
    assert ((steps > 0.0) if rises else (steps < 0.0)).all()


@pytest.mark.parametrize("cooling", TOWERS)
def test_more_cycles_of_concentration_use_less_water(cooling: str) -> None:
    found = run(
        weather_from_catalog("usa-tx-abilene"), cooling, cycles_of_concentration=np.linspace(3.0, 15.0, 13)
    )
    assert (np.diff(found.water_kg) < 0.0).all()
    assert np.ptp(found.facility_h) == 0.0


@pytest.mark.parametrize("cooling", TOWERS)
@pytest.mark.parametrize("place", WEATHERS)
def test_towers_evaporate_the_heat_they_reject(cooling: str, place: str) -> None:
    """Evaporated water carries off IT power, losses in the room and compressors: energy balance over the year."""
    weather = weather_from_catalog(place)
    dry_parts = {"cycles_of_concentration": 1e9, "drift_share": 0.0, "winter_sensible": 0.0}
    found = run(weather, cooling, sensible_heat_ratio=1.0, **dry_parts)
    # Heat of evaporation at the towers' water, within 2430 to 2500 kJ/kg for water of 0 to 30 degC.
    per_kg = found.compressor_h[0] * 3600.0 / found.water_kg[0]
    electrical = catalog.electrical()
    share = catalog.rating_share("N+1").value
    x = 0.8 * share
    ups = (
        electrical["ups_a"].value + electrical["ups_b"].value * x + electrical["ups_c"].value * x * x
    ) / share
    room = 0.8 + ups + electrical["distribution_loss"].value * 0.8 + electrical["lighting"].value
    per_kg += room * 8760.0 * 3600.0 / found.water_kg[0]
    assert 2400.0 < per_kg < 2500.0


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_water_is_used_where_the_system_evaporates(cooling: str) -> None:
    year = facility_year(weather_from_catalog("usa-az-phoenix"), cooling)
    assert (year.water_m3 > 0.0) == (cooling not in ("air_chiller", "dlc_dry", "dlc_chiller", "immersion"))


@pytest.mark.parametrize("cooling", ["water_chiller_economizer", "air_economizer", *DRY, "dlc_tower"])
def test_no_liquid_chiller_runs_in_the_cold(cooling: str) -> None:
    """At 2 degC free cooling takes all: what is left are the room's own chillers where the room has no economizer."""
    weather = constant(2.0, 0.6, 101_325.0)
    everything_liquid = {"liquid_share": 1.0} if cooling.startswith("dlc") else {}
    found = run(weather, cooling, **everything_liquid)
    room_losses = 0.1  # of IT power: no chiller of the room can take more than its heat
    most = room_losses * 8760.0 if cooling in DRY else 0.0
    assert found.compressor_h[0] <= most


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_thin_air_costs_fans(cooling: str) -> None:
    """The same dry bulb and humidity at 83 kPa and at sea level."""
    high, low = (run(constant(20.0, 0.4, p), cooling) for p in (83_000.0, 101_325.0))
    assert high.facility_h[0] > low.facility_h[0]


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_more_redundancy_loses_more_in_transformers_and_ups(cooling: str) -> None:
    weather = weather_from_catalog("usa-oh-columbus")
    pue = [
        facility_year(weather, cooling, utilisation=0.5, redundancy=r).pue for r in ("N", "N+1", "4N/3", "2N")
    ]
    assert (np.diff(pue) > 0.0).all()


def test_samples_are_their_own_designs() -> None:
    """An array of parameters gives what its values give one by one."""
    weather = weather_from_catalog("usa-tx-abilene")
    approaches = np.array([3.0, 4.0, 6.0])
    together = facility_year(weather, "dlc_tower", tower_approach_k=approaches)
    alone = [facility_year(weather, "dlc_tower", tower_approach_k=float(a)) for a in approaches]
    assert together.pue.tolist() == [year.pue for year in alone]
    assert together.water_m3.tolist() == [year.water_m3 for year in alone]
