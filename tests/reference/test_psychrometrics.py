"""Moist air: published rows, the NumPy twin over a broad grid, PsychroLib on a sample."""

from __future__ import annotations

import numpy as np
import psychrolib
import pytest

from optimizer.physics import psychrometrics as laws
from optimizer.physics.psychrometrics import PsychrometricsError

from . import psychrometrics as twin

# PsychroLib 2.5.0: dry bulb, rh, pressure; wet bulb, dew point, humidity ratio, enthalpy, density.
GOLDEN = (
    (7.0, 0.61, 100000.0, 3.9263, 0.0008, 0.0038247, 16657.3, 1.24068),
    (20.0, 0.50, 101325.0, 13.7834, 9.2724, 0.0072617, 38551.7, 1.19890),
    (25.0, 0.60, 101325.0, 19.4711, 16.7011, 0.0118950, 55452.6, 1.17556),
    (30.0, 0.80, 101325.0, 27.0914, 26.1686, 0.0215733, 85338.7, 1.14967),
    (35.0, 0.50, 101325.0, 26.1414, 23.0204, 0.0177655, 80798.0, 1.13351),
    (40.0, 0.10, 101325.0, 18.5659, 2.6294, 0.0045653, 51997.5, 1.12414),
    (32.0, 0.90, 101325.0, 30.5342, 30.1498, 0.0274477, 102472.5, 1.13831),
    (35.0, 0.20, 83000.0, 17.8257, 8.7067, 0.0085502, 57150.5, 0.93355),
    (-10.0, 0.70, 101325.0, -10.9752, -13.9568, 0.0011187, -7282.9, 1.34052),
)


def grid(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Dry bulb -40..55 degC, rh 0.02..1, 60..108 kPa."""
    random = np.random.default_rng(seed)
    return (
        random.uniform(-40.0, 55.0, count),
        random.uniform(0.02, 1.0, count),
        random.uniform(60e3, 108e3, count),
    )


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row[0]:g}C-{row[1]:g}")
def test_golden_rows(row: tuple[float, ...]) -> None:
    t, rh, p, wet_bulb, dew_point, ratio, enthalpy, density = row
    assert float(laws.wet_bulb(t, rh, p)) == pytest.approx(wet_bulb, abs=1e-3)
    assert float(laws.dew_point(t, rh)) == pytest.approx(dew_point, abs=1e-3)
    found = laws.humidity_ratio(t, rh, p)
    # The table gives the humidity ratio to seven decimals.
    assert float(found) == pytest.approx(ratio, rel=1e-4, abs=5e-8)
    assert float(laws.enthalpy(t, found)) == pytest.approx(enthalpy, rel=1e-4)
    assert float(laws.density(t, found, p)) == pytest.approx(density, rel=1e-4)


@pytest.mark.parametrize(
    ("t_c", "pressure_pa"), [(-20.0, 103.24), (5.0, 872.6), (25.0, 3169.7), (50.0, 12351.3)]
)
def test_ashrae_saturation_pressures(t_c: float, pressure_pa: float) -> None:
    assert float(laws.saturation_pressure(t_c)) == pytest.approx(pressure_pa, rel=3e-4)
    assert float(twin.saturation_pressure(t_c)) == pytest.approx(pressure_pa, rel=3e-4)


def test_boiling_point_by_the_twin() -> None:
    # The kernel's fit ends at 65 degC and says so.
    assert float(twin.saturation_pressure(100.0)) == pytest.approx(101418.0, rel=3e-4)
    with pytest.raises(PsychrometricsError, match=r"t_c: expected -65 to 65 degC, found 100"):
        laws.saturation_pressure(100.0)


def test_ashrae_humidity_ratios() -> None:
    assert float(laws.humidity_ratio(25.0, 1.0, 101325.0)) == pytest.approx(0.020173, rel=5e-3)


@pytest.mark.parametrize(
    ("t_c", "wet_bulb_c", "ratio"), [(30.0, 25.0, 0.0192281274), (-1.0, -5.0, 0.00120399820)]
)
def test_ashrae_air_of_a_wet_bulb(t_c: float, wet_bulb_c: float, ratio: float) -> None:
    p = 95461.0
    assert float(twin.at_wet_bulb(t_c, wet_bulb_c, p, wet_bulb_c < 0)) == pytest.approx(ratio, rel=3e-4)
    # The other way round: air of that humidity ratio has that wet bulb.
    vapour = ratio * p / (0.621945 + ratio)
    rh = vapour / float(twin.saturation_pressure(t_c))
    assert float(laws.wet_bulb(t_c, rh, p)) == pytest.approx(wet_bulb_c, abs=2e-3)


def test_hot_dry_air_at_a_wet_bulb_of_20() -> None:
    ratio = float(twin.at_wet_bulb(40.0, 20.0, 101325.0, False))
    assert 0.0064 <= ratio <= 0.0065
    vapour = ratio * 101325.0 / (0.621945 + ratio)
    rh = vapour / float(laws.saturation_pressure(40.0))
    assert float(laws.dew_point(40.0, rh)) == pytest.approx(7.0, abs=0.5)
    assert float(laws.enthalpy(40.0, ratio)) == pytest.approx(56.7e3, rel=5e-3)


@pytest.mark.parametrize(
    ("elevation_m", "pressure_pa"), [(500.0, 95461.0), (1000.0, 89875.0), (4000.0, 61640.0)]
)
def test_pressure_of_the_standard_atmosphere(elevation_m: float, pressure_pa: float) -> None:
    assert float(laws.standard_pressure(elevation_m)) == pytest.approx(pressure_pa, abs=1.0)


def test_saturation_pressure_is_the_published_equation() -> None:
    t = np.linspace(-65.0, 65.0, 40_001)
    # The kernel's polynomial was fitted to 5.9e-8.
    np.testing.assert_allclose(laws.saturation_pressure(t), twin.saturation_pressure(t), rtol=1e-7)


def test_humidity_ratio_against_twin() -> None:
    t, rh, p = grid(100_000, 1)
    np.testing.assert_allclose(laws.humidity_ratio(t, rh, p), twin.humidity_ratio(t, rh, p), rtol=1.5e-7)


def test_wet_bulb_against_twin() -> None:
    t, rh, p = grid(100_000, 2)
    kernel, reference = laws.wet_bulb(t, rh, p), twin.wet_bulb(t, rh, p)
    # Which branch holds hangs on 0 degC over water; within the fit's error of it either is right.
    border = twin.at_wet_bulb(t, np.zeros_like(t), p, False)
    clear = np.abs(twin.humidity_ratio(t, rh, p) - border) > 1e-6 * border
    assert clear.mean() > 0.999
    assert np.abs(kernel - reference)[clear].max() < 1e-5
    assert (kernel <= t).all()


def test_dew_point_enthalpy_and_density_against_twin() -> None:
    t, rh, p = grid(20_000, 3)
    ratio = twin.humidity_ratio(t, rh, p)
    # The laws end at -65 degC, and so do frost points.
    expected = np.maximum(twin.dew_point(t, rh), -65.0)
    np.testing.assert_allclose(laws.dew_point(t, rh), expected, rtol=0.0, atol=3e-6)
    np.testing.assert_allclose(laws.enthalpy(t, ratio), twin.enthalpy(t, ratio), rtol=1e-13)
    np.testing.assert_allclose(laws.density(t, ratio, p), twin.density(t, ratio, p), rtol=1e-13)


def test_against_psychrolib() -> None:
    psychrolib.SetUnitSystem(psychrolib.SI)
    t, rh, p = grid(400, 4)
    kernel = laws.wet_bulb(t, rh, p)
    theirs = np.array([psychrolib.GetTWetBulbFromRelHum(*state) for state in zip(t, rh, p, strict=True)])
    # At a wet bulb near 0 degC PsychroLib may take the other branch, up to 0.75 K away; it iterates to 1e-3 K.
    near_zero = np.abs(theirs) < 1.0
    assert near_zero.sum() < 40
    assert np.abs(kernel - theirs)[~near_zero].max() < 1.5e-3
    assert np.abs(kernel - theirs)[near_zero].max() < 0.8
    ratio = np.array([psychrolib.GetHumRatioFromRelHum(*state) for state in zip(t, rh, p, strict=True)])
    np.testing.assert_allclose(laws.humidity_ratio(t, rh, p), ratio, rtol=1e-6)
    dew = np.array([psychrolib.GetTDewPointFromRelHum(*state) for state in zip(t, rh, strict=True)])
    assert np.abs(laws.dew_point(t, rh) - dew).max() < 1.5e-3


def test_wet_bulb_lies_between_dew_point_and_dry_bulb_and_rises_with_humidity() -> None:
    t, rh, p = grid(20_000, 5)
    wet_bulb = laws.wet_bulb(t, rh, p)
    # Over ice the frost point is meant; near 0 degC the branches overlap by up to 0.75 K.
    assert (wet_bulb >= laws.dew_point(t, rh) - 0.76).all()
    away = np.abs(wet_bulb) > 1.0
    assert (wet_bulb >= laws.dew_point(t, rh) - 1e-4)[away].all()
    assert (laws.wet_bulb(t, np.minimum(rh + 0.01, 1.0), p) >= wet_bulb - 1e-6)[away].all()


@pytest.mark.parametrize(
    ("t_c", "rh", "p_pa", "name"),
    [
        (70.0, 0.5, 1e5, "t_c"),
        (20.0, 50.0, 1e5, "rh"),
        (20.0, 0.5, 1000.0, "p_pa"),
        (np.nan, 0.5, 1e5, "t_c"),
    ],
)
def test_states_out_of_range_are_refused(t_c: float, rh: float, p_pa: float, name: str) -> None:
    with pytest.raises(PsychrometricsError, match=name):
        laws.wet_bulb(t_c, rh, p_pa)
