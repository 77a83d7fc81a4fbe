"""A facility's year: kernel against the NumPy twin, and sums that have to add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import optimizer._core.facility as kernel
import pytest

from optimizer import catalog
from optimizer.physics import facility_year, weather_from_catalog
from optimizer.physics.design_inputs import DEFAULT_LIQUID_SHARE, SYSTEMS, design_inputs
from optimizer.physics.facility import Climate, climate_of, years

from . import facility as twin

# Hot and dry, humid, high and cold, tropical.
WEATHERS = ("usa-az-phoenix", "usa-va-sterling", "usa-wy-cheyenne", "sgp-singapore")
DRAWS = 4


def climates() -> dict[str, Climate]:
    return {name: climate_of(weather_from_catalog(name)) for name in WEATHERS}


@pytest.fixture(scope="module", name="climates")
def climates_fixture() -> dict[str, Climate]:
    return climates()


def air(climate: Climate) -> twin.Air:
    return twin.Air(climate.dry_bulb_c, climate.wet_bulb_c, climate.humidity_ratio, climate.density_ratio)


def draws(cooling: str, count: int, seed: int) -> dict[str, np.ndarray]:
    """Random parameters inside the catalog's ranges; the first draw holds the catalog's values."""
    random = np.random.default_rng(seed)
    facts = catalog.cooling(cooling).parameters | catalog.electrical()
    found = {}
    for name, fact in facts.items():
        low = fact.value if fact.low is None else fact.low
        high = fact.value if fact.high is None else fact.high
        found[name] = np.concatenate(([fact.value], random.uniform(low, high, count - 1)))
    found["liquid_share"] = np.concatenate(([DEFAULT_LIQUID_SHARE], random.uniform(0.6, 1.0, count - 1)))
    return found


def by_name(row: np.ndarray) -> dict[str, float]:
    return dict(zip(kernel.PARAMETERS, row.tolist(), strict=True))


def close(found: float, expected: float, rel: float) -> bool:
    return abs(found - expected) <= rel * abs(expected) + 1e-300


@pytest.mark.parametrize("redundancy", ["N+1", "2N"])
@pytest.mark.parametrize("cooling", SYSTEMS)
def test_year_against_twin(cooling: str, redundancy: str, climates: dict[str, Climate]) -> None:
    random = np.random.default_rng(SYSTEMS.index(cooling))
    for place, climate in climates.items():
        seed = int(random.integers(1 << 30))
        inputs = design_inputs(cooling, redundancy, climate.pressure_pa, **draws(cooling, DRAWS, seed))
        load = random.uniform(0.4, 1.0, DRAWS)
        found = years(cooling, inputs, load, climate)
        for i, row in enumerate(inputs):
            expected = twin.year(cooling, by_name(row), float(load[i]), air(climate))
            case = f"{place}, draw {i} of seed {seed}"
            assert close(found.facility_h[i], expected["facility_h"], 1e-12), case
            assert close(found.compressor_h[i], expected["compressor_h"], 1e-11), case
            assert close(found.water_kg[i], 3600.0 * expected["water_kg_h_per_kw_s"], 1e-9), case
            assert close(found.peak[i], expected["peak"], 1e-12), case
            assert found.hours_over_temperature[i] == expected["hours_over_temperature"], case


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_cold_water_by_the_chiller_curves(cooling: str, climates: dict[str, Climate]) -> None:
    """Chilled and facility water of 2 to 16 degC: the curves, their ends, and the mix with Carnot's share."""
    random = np.random.default_rng(40 + SYSTEMS.index(cooling))
    count = 40
    given = draws(cooling, count, 40)
    given |= {"supply_air_c": random.uniform(10.0, 19.0, count)}
    if cooling.startswith("dlc"):
        given |= {"tcs_supply_c": random.uniform(6.0, 18.0, count)}
    desert = climates["usa-az-phoenix"]
    hotter = replace(desert, dry_bulb_c=desert.dry_bulb_c + 8.0)
    for climate in (*climates.values(), hotter):
        inputs = design_inputs(cooling, "N+1", climate.pressure_pa, **given)
        found = years(cooling, inputs, np.full(count, 0.7), climate)
        for i, row in enumerate(inputs):
            expected = twin.year(cooling, by_name(row), 0.7, air(climate))
            assert close(found.facility_h[i], expected["facility_h"], 1e-12), i
            assert close(found.compressor_h[i], expected["compressor_h"], 1e-11), i
            assert close(found.peak[i], expected["peak"], 1e-12), i
            assert found.hours_over_temperature[i] == expected["hours_over_temperature"], i


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_hours_against_twin(cooling: str, climates: dict[str, Climate]) -> None:
    climate = climates["usa-az-phoenix"]
    inputs = design_inputs(cooling, "4N/3", climate.pressure_pa, **draws(cooling, 3, 7))
    for row in inputs:
        out = np.zeros((8760, len(kernel.HOURLY)))
        kernel.facility_hours(
            SYSTEMS.index(cooling), row, 0.7,
            climate.dry_bulb_c, climate.wet_bulb_c, climate.humidity_ratio, climate.density_ratio, out,
        )  # fmt: skip
        expected = twin.hours(cooling, by_name(row), 0.7, air(climate))
        np.testing.assert_allclose(out[:, 0], expected.facility, rtol=1e-12)
        np.testing.assert_allclose(out[:, 1], expected.water, rtol=1e-9, atol=1e-18)
        np.testing.assert_allclose(out[:, 2], expected.compressor, rtol=1e-10, atol=1e-15)
        assert (out[:, 5] == np.broadcast_to(expected.over, 8760)).all()


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_public_year_from_raw_weather_against_twin(cooling: str) -> None:
    """Weather to answer with the twin's own moist air; 1e-6, as the kernel's saturation pressure is a fit."""
    weather = weather_from_catalog("usa-va-sterling")
    drawn = {name: float(values[-1]) for name, values in draws(cooling, 2, 11).items()}
    found = facility_year(weather, cooling, it_mw=40.0, utilisation=0.75, redundancy="N+1", **drawn)
    p = drawn | {"rating_share": catalog.rating_share("N+1").value}
    if cooling == "air_economizer":
        p |= twin.humidity_box(p, float(weather.pressure_pa.mean()))
    expected = twin.year(cooling, p, 0.75, twin.air_of(weather.dry_bulb_c, weather.rh, weather.pressure_pa))
    assert found.energy_mwh == pytest.approx(40.0 * expected["facility_h"], rel=1e-6)
    assert found.peak_mw == pytest.approx(40.0 * expected["peak"], rel=1e-6)
    assert found.water_m3 == pytest.approx(3600.0 * 40.0 * expected["water_kg_h_per_kw_s"], rel=1e-6)
    assert found.pue == pytest.approx(expected["facility_h"] / (0.75 * 8760.0), rel=1e-6)
    assert found.hours_over_temperature == expected["hours_over_temperature"]


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_hours_add_up_to_the_year(cooling: str) -> None:
    weather = weather_from_catalog("usa-tx-abilene")
    year = facility_year(weather, cooling, it_mw=50.0, utilisation=0.8)
    hourly = year.hourly
    assert len(hourly) == 8760
    assert hourly["facility_mw"].sum() == pytest.approx(year.energy_mwh, rel=1e-12)
    assert hourly["water_m3"].sum() == pytest.approx(year.water_m3, rel=1e-12, abs=1e-12)
    assert hourly["it_mw"].sum() == pytest.approx(0.8 * 50.0 * 8760.0, rel=1e-12)
    assert year.energy_mwh / (0.8 * 50.0 * 8760.0) == pytest.approx(year.pue, rel=1e-12)
    assert 1000.0 * year.water_m3 / (1000.0 * 0.8 * 50.0 * 8760.0) == pytest.approx(
        year.wue_l_per_kwh, abs=1e-15
    )
    full = facility_year(weather, cooling, it_mw=50.0, utilisation=1.0)
    assert full.hourly["facility_mw"].max() == pytest.approx(year.peak_mw, rel=1e-12)
    assert full.peak_mw == year.peak_mw
    assert full.hourly["over_temperature"].sum() == year.hours_over_temperature
    assert year.pue_peak == pytest.approx(year.peak_mw / 50.0, rel=1e-15)


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_devices_add_up_and_heat_is_conserved(cooling: str, climates: dict[str, Climate]) -> None:
    """What enters at the meter leaves as heat of the room, of liquid, or outdoors: no device draws below zero."""
    row = design_inputs(cooling, "N+1", 98_000.0)[0]
    for climate in climates.values():
        hours = twin.hours(cooling, by_name(row), 0.8, air(climate))
        for device, power in hours.devices.items():
            assert (np.asarray(power) >= 0.0).all(), device
        for way, water in hours.water_kg_s.items():
            assert (np.asarray(water) >= 0.0).all(), way
        assert (hours.facility > 0.8).all()


def test_cost_is_power_times_price(climates: dict[str, Climate]) -> None:
    climate = climates["usa-az-phoenix"]
    price = np.random.default_rng(3).uniform(-20.0, 200.0, 8760)
    for cooling in SYSTEMS:
        inputs = design_inputs(cooling, "N+1", climate.pressure_pa)
        found = years(cooling, inputs, np.array([0.8]), climate, price)
        expected = twin.hours(cooling, by_name(inputs[0]), 0.8, air(climate)).facility @ price
        assert found.cost[0] == pytest.approx(expected, rel=1e-12)


def test_designs_do_not_touch_each_other(climates: dict[str, Climate]) -> None:
    """A design's year has the same bits alone and among others."""
    climate = climates["usa-wy-cheyenne"]
    for cooling in SYSTEMS:
        inputs = design_inputs(cooling, "N+1", climate.pressure_pa, **draws(cooling, 5, 23))
        load = np.linspace(0.5, 0.9, 5)
        together = years(cooling, inputs, load, climate)
        for i in range(5):
            alone = years(cooling, np.ascontiguousarray(inputs[i : i + 1]), load[i : i + 1], climate)
            assert alone.facility_h[0] == together.facility_h[i]
            assert alone.water_kg[0] == together.water_kg[i]
            assert alone.peak[0] == together.peak[i]


def test_years_of_any_length_count_as_8760_hours(climates: dict[str, Climate]) -> None:
    """A leap year, and hours that do not fill a block of the kernel's sums."""
    climate = climates["usa-az-phoenix"]
    for n in (8784, 513, 512, 1):
        part = Climate(*(np.resize(getattr(climate, name), n) for name in (
            "dry_bulb_c", "wet_bulb_c", "humidity_ratio", "density_ratio")), climate.pressure_pa)  # fmt: skip
        inputs = design_inputs("dlc_adiabatic", "N+1", climate.pressure_pa)
        found = years("dlc_adiabatic", inputs, np.array([0.8]), part)
        expected = twin.hours("dlc_adiabatic", by_name(inputs[0]), 0.8, air(part))
        assert found.facility_h[0] == pytest.approx(expected.facility.mean() * 8760.0, rel=1e-12)
        assert found.water_kg[0] == pytest.approx(3600.0 * expected.water.mean() * 8760.0, rel=1e-9)
