"""Dispatch: kernel against plain loops and against the linear programme of the whole year, balances, laws, bad input."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import optimizer._core.dispatch as kernel
import pytest

from optimizer import catalog
from optimizer.physics import weather_from_catalog
from optimizer.physics.supply import (
    DispatchError,
    SupplySeries,
    dispatch,
    plant_available,
    plant_heat_rate,
    solar_output,
    wind_output,
)
from optimizer.physics.supply.dispatch import DEFAULTS
from tests.reference import dispatch as twin
from tests.reference.dispatch_lp import cheapest_usd

HOURS = 8760
BASE = {
    "load_mw": 100.0, "firm_mw": 50.0, "plant_mw": 60.0, "plant_usd_per_mwh": 45.0, "plant_kg_per_mwh": 450.0,
    "solar_mw": 150.0, "battery_mw": 50.0, "battery_mwh": 200.0, "unserved_usd_per_mwh": 5000.0,
}  # fmt: skip
# Mixes: what differs from BASE.
MIXES: dict[str, dict[str, float]] = {
    "sun, battery, gas and grid": {},
    "off grid on gas and sun": {
        "solar_mw": 400.0, "battery_mw": 100.0, "battery_mwh": 800.0, "firm_mw": 0.0, "plant_mw": 100.0,
    },
    "grid and battery": {"solar_mw": 0.0, "plant_mw": 0.0, "firm_mw": 100.0, "battery_mw": 40.0, "battery_mwh": 80.0},
    "sun, battery, grid": {"solar_mw": 300.0, "firm_mw": 100.0, "plant_mw": 0.0, "battery_mw": 80.0, "battery_mwh": 480.0},
    "all, and load that waits": {
        "solar_mw": 250.0, "wind_mw": 150.0, "firm_mw": 30.0, "plant_mw": 50.0, "battery_mw": 60.0,
        "battery_mwh": 240.0, "flexible_share": 0.2, "flexible_usd_per_mwh": 300.0,
    },
    "sun and battery alone": {
        "solar_mw": 900.0, "firm_mw": 0.0, "plant_mw": 0.0, "battery_mw": 150.0, "battery_mwh": 1800.0,
    },
    "curtailable grid and wear": {
        "firm_mw": 20.0, "curtailable_mw": 60.0, "solar_mw": 100.0, "wear_usd_per_mwh": 12.0, "plant_mw": 40.0,
    },
}  # fmt: skip
PLACES = {
    "ercot 2022": ("ercot-hubavg", 2022, "usa-tx-abilene"),
    "ercot 2021": ("ercot-hubavg", 2021, "usa-tx-abilene"),
    "columbus": ("ercot-hubavg", 2023, "usa-oh-columbus"),
}
QUICK = {"columbus"}


@cache
def site(place: str) -> SupplySeries:
    """Sun, wind and turbines of a weather beside a hub's prices; the curtailable grid is away in the 300 dearest hours."""
    hub, year, name = PLACES[place]
    weather, turbine = weather_from_catalog(name), catalog.supply("gas_aero_simple")
    price = catalog.price_series(hub, year).usd_per_mwh[:HOURS]
    dear = np.argsort(price)[-300:]
    there = np.ones(HOURS)
    there[dear] = 0.0
    return SupplySeries(
        load=np.ones(HOURS),
        solar=solar_output(weather),
        wind=wind_output(weather),
        price_usd_per_mwh=price,
        carbon_kg_per_mwh=np.full(HOURS, 350.0),
        firm=np.ones(HOURS),
        curtailable=there,
        plant=plant_available(turbine, weather),
        heat_rate=plant_heat_rate(turbine, weather),
    )


def cut(series: SupplySeries, hours: int, first: int = 4000) -> SupplySeries:
    return SupplySeries(
        **{field.name: getattr(series, field.name)[first : first + hours] for field in fields(series)}
    )


def full(mix: dict[str, float]) -> dict[str, float]:
    return {name: (DEFAULTS | BASE | mix).get(name, 0.0) for name in kernel.MIX}


@pytest.mark.parametrize("name", MIXES)
@pytest.mark.parametrize("units", [0.0, 13.7])
def test_kernel_is_the_plain_loop(name: str, units: float) -> None:
    """Seven weeks and a bit: every figure to 1e-9.

    Not off grid with units: whether a stored MWh is used in this hour or the next is the same to the last digit there, and
    rounding may decide; the two schedules differ by a start.
    """
    if units and name == "off grid on gas and sun":
        units = 0.0
    series = cut(site("ercot 2022"), 1234)
    mix = full(MIXES[name] | {"unit_mw": units, "no_load_share": 0.2, "start_usd": 500.0})
    found = np.zeros((1, len(kernel.RESULTS)))
    kernel.dispatch_years(np.array([[mix[key] for key in kernel.MIX]]), series.table(), found)
    expected = twin.year(np.array([mix[key] for key in kernel.MIX]), series.table())
    assert found[0, :18] == pytest.approx(expected[:18], rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", MIXES)
def test_close_to_the_best(place: str, name: str, request: pytest.FixtureRequest) -> None:
    """At fixed sizes at most 2 % dearer than the optimum that knows the whole year; 21 site-cases."""
    if place not in QUICK and not request.config.getoption("--slow"):
        pytest.skip("slow: run with --slow")
    mix = full(MIXES[name])
    best = cheapest_usd(mix, site(place).table())
    found = dispatch(site(place), **mix)
    assert best * (1 - 1e-6) <= found.cost_usd[0] + 1e-3 * mix["battery_mwh"] * 100
    assert found.cost_usd[0] <= 1.02 * best


def test_hours_balance_and_add_up() -> None:
    series = site("ercot 2022")
    years = dispatch(
        series, **{key: np.array([full(mix)[key] for mix in MIXES.values()]) for key in kernel.MIX}
    )
    assert years.imbalance_mw.max() <= 1e-9
    for i, mix in enumerate(MIXES.values()):
        hours = years.hourly(i)
        supplied = hours["solar"] + hours["wind"] + hours["grid"] + hours["plant"] + hours["discharged"]
        supplied += hours["waited"] + hours["unserved"]
        assert np.abs(supplied - hours["spilled"] - hours["charged"] - hours["load"]).max() <= 1e-9
        assert hours["stored"].between(-1e-9, full(mix)["battery_mwh"] + 1e-9).all()
        for column, figure in (("grid", "grid_mwh"), ("plant", "plant_mwh"), ("unserved", "unserved_mwh")):
            assert hours[column].sum() == pytest.approx(years.figures[figure][i], rel=1e-12)
        charged = hours["charged"].sum() * 0.95 - hours["discharged"].sum() / 0.95
        assert charged == pytest.approx(hours["stored"].iloc[-1] - 0.5 * full(mix)["battery_mwh"], abs=1e-6)


def test_same_for_any_neighbours_and_threads() -> None:
    """A mix's year does not depend on the mixes beside it."""
    series = cut(site("ercot 2022"), 1000)
    sizes = np.linspace(0.0, 300.0, 37)
    together = dispatch(series, **(full({}) | {"solar_mw": sizes}))
    shared = dispatch(series, threads=3, **(full({}) | {"solar_mw": sizes}))
    assert (together.cost_usd == shared.cost_usd).all()
    for i in (0, 17, 36):
        alone = dispatch(series, **(full({}) | {"solar_mw": float(sizes[i])}))
        assert alone.cost_usd[0] == together.cost_usd[i]


def test_more_of_anything_never_costs_more() -> None:
    """Sizes are free here; what is there need not be used. A tenth of a percent for the policy."""
    series = site("ercot 2022")
    for name in ("firm_mw", "plant_mw", "solar_mw", "wind_mw"):
        cost = dispatch(series, **(full({}) | {name: np.linspace(0.0, 200.0, 9)})).cost_usd
        assert (np.diff(cost) <= 1e-3 * cost[:-1]).all()
    energy = np.array([1.0, 100.0, 200.0, 400.0, 800.0])
    cost = dispatch(series, **(full({}) | {"battery_mwh": energy})).cost_usd
    assert (np.diff(cost) <= 1e-3 * cost[:-1]).all()


def test_negative_prices_and_nights_without_sun() -> None:
    series = cut(site("ercot 2022"), 720)
    odd = replace(series, price_usd_per_mwh=np.full(720, -20.0), solar=np.zeros(720))
    found = dispatch(odd, **full({"firm_mw": 300.0}))
    # All load from the grid that pays, and the store filled once.
    assert found.plant_mwh[0] == 0.0
    assert found.cost_usd[0] < 0.0
    assert found.unserved_mwh[0] == 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"battery_mw": 10.0, "battery_mwh": 0.0}, "mix 0: a battery of 10 MW and 0 MWh"),
        ({"solar_mw": -1.0}, "solar_mw: expected 0 or more, found -1"),
        ({"charge_efficiency": 0.0}, "charge_efficiency: expected more than 0"),
        ({"flexible_share": 1.5}, "flexible_share: expected at most 1"),
        ({"plant_mw": np.array([1.0, np.nan])}, "plant_mw: mix 1 is not finite"),
        ({"plant_mw": np.ones(2), "solar_mw": np.ones(3)}, "plant_mw: expected 1 or 3 values"),
        ({"turbines": 3.0}, "a mix has no turbines"),
    ],
)
def test_bad_mixes_are_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(DispatchError, match=message):
        dispatch(cut(site("columbus"), 100), **(full({}) | change))


def test_bad_series_are_named() -> None:
    series = cut(site("columbus"), 100)
    holed = series.price_usd_per_mwh.copy()
    holed[3] = np.nan
    for change, message in (
        ({"price_usd_per_mwh": holed}, "price_usd_per_mwh: hour 3 is not finite"),
        ({"price_usd_per_mwh": holed[:50]}, "price_usd_per_mwh: expected 100 hours"),
        ({"heat_rate": np.full(100, -1.0)}, "heat_rate: hour 0: expected 0 or more"),
    ):
        with pytest.raises(DispatchError, match=message):
            dispatch(replace(series, **change), **full({}))
