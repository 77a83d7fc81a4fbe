"""A facility's year: kernel against the NumPy twin, and sums that have to add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import optimizer._core.facility as kernel
import pytest

from optimizer import catalog
from optimizer.physics import facility_year, weather_from_catalog
from optimizer.physics.climate import Climate, climate_of, kernel_hours
from optimizer.physics.design_inputs import Design, design_inputs
from optimizer.physics.years import hours_of, years

from . import facility as twin

# Hot and dry, humid, high and cold, tropical.
WEATHERS = ("usa-az-phoenix", "usa-va-sterling", "usa-wy-cheyenne", "sgp-singapore")
DRAWS = 4
SYSTEMS = catalog.cooling_ids()
# A system, what cools its room, what cools its liquid: every way in which they can be put together.
WAYS = [(name, None, None) for name in SYSTEMS if not catalog.cooling(name).liquid] + [
    ("air_economizer", "air_economizer_tower", None),
    *(
        ("dlc_dry" if rejection != "chiller" else "immersion", air_side, rejection)
        for air_side in catalog.air_sides()
        for rejection in catalog.rejections()
        if rejection != "none"
    ),
]


def climates() -> dict[str, Climate]:
    return {name: climate_of(weather_from_catalog(name)) for name in WEATHERS}


@pytest.fixture(scope="module", name="climates")
def climates_fixture() -> dict[str, Climate]:
    return climates()


def air(climate: Climate) -> twin.Air:
    return twin.Air(
        climate.dry_bulb_c, climate.wet_bulb_c, climate.humidity_ratio, climate.rh, climate.density_ratio
    )


def draws(
    cooling: str, count: int, seed: int, air_side: str | None = None, rejection: str | None = None
) -> dict[str, np.ndarray]:
    """Random parameters inside the catalog's ranges; the first draw holds the catalog's values."""
    random = np.random.default_rng(seed)
    facts = catalog.cooling(cooling).parameters_with(air_side, rejection) | catalog.electrical()
    found = {}
    for name, fact in facts.items():
        low = fact.value if fact.low is None else fact.low
        high = fact.value if fact.high is None else fact.high
        found[name] = np.concatenate(([fact.value], random.uniform(low, high, count - 1)))
    return found


def single(design: Design, i: int) -> Design:
    return Design(design.system, np.ascontiguousarray(design.inputs[i : i + 1]))


def by_name(row: np.ndarray) -> dict[str, float]:
    return dict(zip(kernel.PARAMETERS, row.tolist(), strict=True))


def close(found: float, expected: float, rel: float) -> bool:
    return abs(found - expected) <= rel * abs(expected) + 1e-12


@pytest.mark.parametrize("redundancy", ["N+1", "2N"])
@pytest.mark.parametrize(("cooling", "air_side", "rejection"), WAYS)
def test_year_against_twin(
    cooling: str, air_side: str | None, rejection: str | None, redundancy: str, climates: dict[str, Climate]
) -> None:
    random = np.random.default_rng(WAYS.index((cooling, air_side, rejection)))
    hour = np.arange(8760)
    profile = 1.0 + 0.05 * np.sin(hour * 2 * np.pi / 24)
    for place, climate in climates.items():
        seed = int(random.integers(1 << 30))
        given = draws(cooling, DRAWS, seed, air_side, rejection)
        design = design_inputs(cooling, redundancy, climate.pressure_pa, air_side, rejection, **given)
        load = random.uniform(0.4, 0.95, DRAWS)
        found = years(design, load, climate, profile=profile)
        for i, row in enumerate(design.inputs):
            expected = twin.year(design.system, by_name(row), load[i] * profile, air(climate))
            case = f"{place}, draw {i} of seed {seed}"
            assert close(found.facility_h[i], expected["facility_h"], 1e-12), case
            assert close(found.compressor_h[i], expected["compressor_h"], 1e-10), case
            assert close(found.water_kg[i], 3600.0 * expected["water_kg_h_per_kw_s"], 1e-8), case
            assert close(found.peak[i], expected["peak"], 1e-12), case
            assert found.hours_over_temperature[i] == expected["hours_over_temperature"], case
            assert found.over_k[i] == pytest.approx(expected["over_k"], rel=1e-9, abs=1e-12), case


@pytest.mark.parametrize(("cooling", "air_side", "rejection"), WAYS)
def test_policies_of_outdoor_air(
    cooling: str, air_side: str | None, rejection: str | None, climates: dict[str, Climate]
) -> None:
    """Wetted media, no mixing, no drying, no humidifiers, small chillers: the corners that defaults do not reach."""
    given = draws(cooling, 2, 5, air_side, rejection)
    if "mix_to_dry" not in given:
        pytest.skip("no outdoor air")
    corners = {
        "mix_to_dry": np.array([0.0, 0.0, 1.0, 1.0]),
        "mix_when_cold": np.array([1.0, 0.0, 0.0, 1.0]),
        "dry_on_coil": np.array([0.0, 1.0, 0.0, 1.0]),
        "humidify": np.array([1.0, 0.0, 0.0, 0.0]),
        "dec_effectiveness": np.array([0.0, 0.9, 0.9, 0.0]),
        "switch_band_k": np.array([1.0, 16.0, 1.0, 8.0]),
        "backup_capacity": np.array([1.0, 0.3, 0.0, 0.5]),
        "high_rh": np.array([0.6, 0.7, 0.8, 0.95]),
    }
    for climate in climates.values():
        design = design_inputs(cooling, "N+1", climate.pressure_pa, air_side, rejection, **corners)
        found = years(design, np.full(4, 0.8), climate)
        for i, row in enumerate(design.inputs):
            expected = twin.year(design.system, by_name(row), 0.8, air(climate))
            assert close(found.facility_h[i], expected["facility_h"], 1e-12), i
            assert close(found.water_kg[i], 3600.0 * expected["water_kg_h_per_kw_s"], 1e-8), i
            assert found.hours_over_temperature[i] == expected["hours_over_temperature"], i
            assert found.over_k[i] == pytest.approx(expected["over_k"], rel=1e-9, abs=1e-12), i


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_cold_water_by_the_chiller_curves(cooling: str, climates: dict[str, Climate]) -> None:
    """Chilled and facility water of 2 to 16 degC: the curves, their ends, and the mix with Carnot's share."""
    random = np.random.default_rng(40 + SYSTEMS.index(cooling))
    count = 40
    given = draws(cooling, count, 40)
    given |= {"supply_air_c": random.uniform(10.0, 19.0, count)}
    if catalog.cooling(cooling).liquid:
        given |= {"tcs_supply_c": random.uniform(6.0, 18.0, count)}
    desert = climates["usa-az-phoenix"]
    hotter = replace(desert, dry_bulb_c=desert.dry_bulb_c + 8.0)
    for climate in (*climates.values(), hotter):
        design = design_inputs(cooling, "N+1", climate.pressure_pa, **given)
        found = years(design, np.full(count, 0.7), climate)
        for i, row in enumerate(design.inputs):
            expected = twin.year(design.system, by_name(row), 0.7, air(climate))
            assert close(found.facility_h[i], expected["facility_h"], 1e-12), i
            assert close(found.compressor_h[i], expected["compressor_h"], 1e-10), i
            assert close(found.peak[i], expected["peak"], 1e-12), i
            assert found.hours_over_temperature[i] == expected["hours_over_temperature"], i


@pytest.mark.parametrize(("cooling", "air_side", "rejection"), WAYS)
def test_hours_against_twin(
    cooling: str, air_side: str | None, rejection: str | None, climates: dict[str, Climate]
) -> None:
    climate = climates["usa-az-phoenix"]
    given = draws(cooling, 3, 7, air_side, rejection)
    design = design_inputs(cooling, "4N/3", climate.pressure_pa, air_side, rejection, **given)
    for i, row in enumerate(design.inputs):
        found = hours_of(design, i, 0.7, climate)
        expected = twin.hours(design.system, by_name(row), 0.7, air(climate))
        tight = {"rtol": 1e-10, "atol": 1e-15}
        np.testing.assert_allclose(found["facility"], expected.facility, rtol=1e-12)
        np.testing.assert_allclose(found["water_kg_s"], expected.water, rtol=1e-9, atol=1e-18)
        np.testing.assert_allclose(found["reused"], expected.reused + np.zeros(8760), **tight)
        np.testing.assert_allclose(found["over_k"], expected.over_k + np.zeros(8760), rtol=1e-9, atol=1e-12)
        for device in ("electrical", "compressor", "room_fans", "rejection_fans", "pumps"):
            np.testing.assert_allclose(
                found[device], expected.devices.get(device, 0.0) + np.zeros(8760), err_msg=device, **tight
            )
        for way in ("evaporated", "drift", "blowdown", "humidified"):
            np.testing.assert_allclose(
                found[way], expected.water_kg_s.get(way, 0.0) + np.zeros(8760), rtol=1e-9, atol=1e-18
            )
        for loop, share in expected.mechanical.items():
            np.testing.assert_allclose(
                found[f"mechanical_{loop}"], share + np.zeros(8760), rtol=1e-9, atol=1e-12
            )


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_public_year_from_raw_weather_against_twin(cooling: str) -> None:
    """Weather to answer with the twin's own moist air; 1e-6, as the kernel's saturation pressure is a fit."""
    weather = weather_from_catalog("usa-va-sterling")
    drawn = {name: float(values[-1]) for name, values in draws(cooling, 2, 11).items()}
    found = facility_year(weather, cooling, it_mw=40.0, utilisation=0.75, redundancy="N+1", **drawn)
    pressure_pa = float(weather.pressure_pa.mean())
    p = drawn | {
        "rating_share": catalog.rating_share("N+1").value,
        "pressure_ratio": pressure_pa / 101325.0,
    }
    if "high_rh" in p:
        p |= twin.humidity_box(p, pressure_pa)
    system = catalog.cooling(cooling)
    moist = twin.air_of(weather.dry_bulb_c, weather.rh, weather.pressure_pa)
    expected = twin.year((system.air_side, system.rejection), p, 0.75, moist)
    assert found.energy_mwh == pytest.approx(40.0 * expected["facility_h"], rel=1e-6)
    assert found.peak_mw == pytest.approx(40.0 * expected["peak"], rel=1e-6)
    assert found.water_m3 == pytest.approx(3600.0 * 40.0 * expected["water_kg_h_per_kw_s"], rel=1e-5)
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
    system, (row,) = design_inputs(cooling, "N+1", 98_000.0)
    for climate in climates.values():
        hours = twin.hours(system, by_name(row), 0.8, air(climate))
        for device, power in hours.devices.items():
            assert (np.asarray(power) >= 0.0).all(), device
        for way, water in hours.water_kg_s.items():
            assert (np.asarray(water) >= 0.0).all(), way
        assert (hours.facility > 0.8).all()


def test_cost_is_power_times_price(climates: dict[str, Climate]) -> None:
    climate = climates["usa-az-phoenix"]
    price = np.random.default_rng(3).uniform(-20.0, 200.0, 8760)
    for cooling in SYSTEMS:
        design = design_inputs(cooling, "N+1", climate.pressure_pa)
        found = years(design, np.array([0.8]), climate, price, 2.0 * price)
        expected = twin.hours(design.system, by_name(design.inputs[0]), 0.8, air(climate)).facility @ price
        assert found.cost[0] == pytest.approx(expected, rel=1e-12)
        assert found.carbon[0] == pytest.approx(2.0 * expected, rel=1e-12)


def test_designs_do_not_touch_each_other(climates: dict[str, Climate]) -> None:
    """A design's year has the same bits alone and among others."""
    climate = climates["usa-wy-cheyenne"]
    for cooling in SYSTEMS:
        design = design_inputs(cooling, "N+1", climate.pressure_pa, **draws(cooling, 5, 23))
        load = np.linspace(0.5, 0.9, 5)
        together = years(design, load, climate)
        for i in range(5):
            alone = years(single(design, i), load[i : i + 1], climate)
            assert alone.facility_h[0] == together.facility_h[i]
            assert alone.water_kg[0] == together.water_kg[i]
            assert alone.peak[0] == together.peak[i]


def test_years_of_any_length_count_as_8760_hours(climates: dict[str, Climate]) -> None:
    """A leap year, and hours that do not fill a block of the kernel's sums."""
    climate = climates["usa-az-phoenix"]
    for n in (8784, 513, 512, 1):
        part = Climate(*(np.resize(getattr(climate, name), n) for name in (
            "dry_bulb_c", "wet_bulb_c", "humidity_ratio", "rh", "density_ratio")), climate.pressure_pa)  # fmt: skip
        design = design_inputs("dlc_adiabatic", "N+1", climate.pressure_pa)
        found = years(design, np.array([0.8]), part)
        expected = twin.hours(design.system, by_name(design.inputs[0]), 0.8, air(part))
        assert found.facility_h[0] == pytest.approx(expected.facility.mean() * 8760.0, rel=1e-12)
        assert found.water_kg[0] == pytest.approx(3600.0 * expected.water.mean() * 8760.0, rel=1e-9)


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_same_bits_for_any_threads_and_blocks(cooling: str, climates: dict[str, Climate]) -> None:
    climate = climates["usa-va-sterling"]
    design = design_inputs(cooling, "N+1", climate.pressure_pa, **draws(cooling, 7, 29))
    load = np.linspace(0.5, 0.9, 7)
    one, three = years(design, load, climate), years(design, load, climate, threads=3)
    hours = kernel_hours(climate)
    by_block = []
    for block in (128, 256, 384, 512):
        out = np.zeros((7, len(kernel.RESULTS)))
        kernel.facility_years(*design.system.positions, design.inputs, load, hours, out, block)
        by_block.append(out)
    for out in by_block[1:]:
        assert (out == by_block[0]).all()
    for name in ("facility_h", "water_kg", "compressor_h", "peak", "over_k"):
        assert (getattr(one, name) == getattr(three, name)).all()


@pytest.mark.parametrize("cooling", SYSTEMS)
def test_single_precision(cooling: str, climates: dict[str, Climate]) -> None:
    """Annual sums within 1e-6 of double precision; water in hours at a switch a little more."""
    for climate in climates.values():
        design = design_inputs(cooling, "N+1", climate.pressure_pa, **draws(cooling, 3, 31))
        load = np.array([0.6, 0.8, 0.9])
        wide, narrow = years(design, load, climate), years(design, load, climate, dtype="float32")
        np.testing.assert_allclose(narrow.facility_h, wide.facility_h, rtol=1e-6)
        np.testing.assert_allclose(narrow.peak, wide.peak, rtol=1e-6)
        np.testing.assert_allclose(narrow.water_kg, wide.water_kg, rtol=2e-5, atol=1e-3)
