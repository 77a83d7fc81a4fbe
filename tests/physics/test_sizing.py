"""Sizes of supply: against the linear programme that chooses sizes and dispatch at once; published costs; bad offers named."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import optimizer._core.dispatch as kernel
import pytest

from optimizer import catalog
from optimizer.physics import weather_from_catalog
from optimizer.physics.supply import (
    DispatchError,
    Offer,
    dispatch,
    mixes_by_carbon,
    size_mix,
    solar_output,
    wind_output,
)
from optimizer.physics.supply.annuity import capital_recovery_factor
from optimizer.physics.supply.dispatch import DEFAULTS
from tests.reference.dispatch_lp import cheapest_usd

from .test_dispatch import PLACES, cut, site

RATE = 0.08
# Technology of the catalog, size on offer beside a load of 100 MW.
PARTS = {
    "solar_mw": ("solar_pv", 1000.0),
    "wind_mw": ("wind_onshore", 400.0),
    "plant_mw": ("gas_aero_simple", 130.0),
}
FIXED = {
    "load_mw": 100.0,
    "plant_usd_per_mwh": 45.0,
    "plant_kg_per_mwh": 450.0,
    "unserved_usd_per_mwh": 5000.0,
}
# What there is beside the offers, and what is not offered.
CASES: dict[str, tuple[float, tuple[str, ...]]] = {
    "off grid": (0.0, ()),
    "some grid": (60.0, ()),
    "all grid": (100.0, ()),
    "off grid without gas": (0.0, ("plant_mw",)),
    "grid without wind": (60.0, ("wind_mw",)),
    "off grid on sun and gas": (0.0, ("wind_mw",)),
    "little grid without gas": (30.0, ("plant_mw",)),
}


def yearly(name: str) -> float:
    technology = catalog.supply(name)
    return 1000.0 * (
        technology.capex_usd_per_kw * capital_recovery_factor(RATE, technology.life_years)
        + technology.fom_usd_per_kw_year
    )


def offers(without: tuple[str, ...] = (), share: float = 1.0) -> list[Offer]:
    """The catalog's technologies; a battery's 260 USD/kWh and 240 USD/kW for power; `share` of a year's cost."""
    found = {size: (yearly(name), most) for size, (name, most) in PARTS.items()}
    found["battery_mw"] = (1000.0 * (240.0 * capital_recovery_factor(RATE, 13.0) + 2.0), 150.0)
    found["battery_mwh"] = (1000.0 * (200.0 * capital_recovery_factor(RATE, 13.0) + 2.5), 2000.0)
    return [Offer(size, usd * share, most) for size, (usd, most) in found.items() if size not in without]


def optimum(place_series: Any, firm_mw: float, asked: list[Offer]) -> float:
    mix = {name: (DEFAULTS | FIXED | {"firm_mw": firm_mw}).get(name, 0.0) for name in kernel.MIX}
    terms = {offer.size: (offer.usd_per_year, offer.most) for offer in asked}
    return cheapest_usd(mix, place_series.table(), terms)


@pytest.mark.parametrize("name", ["off grid", "some grid"])
def test_six_weeks_against_the_optimum(name: str) -> None:
    """At most 1.5 % dearer than the programme that sizes and dispatches together; a summer of six weeks."""
    firm, without = CASES[name]
    hours = 1008
    series = cut(site("ercot 2022"), hours)
    share = hours / 8760.0
    best = optimum(series, firm, offers(without, share))
    found = size_mix(series, offers(without), firm_mw=firm, **FIXED)
    assert best * (1 - 1e-6) <= found.total_usd * share <= 1.015 * best


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", CASES)
def test_years_against_the_optimum(place: str, name: str, request: pytest.FixtureRequest) -> None:
    """21 site-cases: at most 1.5 % dearer than the optimum of the whole year."""
    if not request.config.getoption("--slow"):
        pytest.skip("slow: run with --slow")
    firm, without = CASES[name]
    best = optimum(site(place), firm, offers(without))
    found = size_mix(site(place), offers(without), firm_mw=firm, **FIXED)
    assert found.total_usd <= 1.015 * best
    assert found.total_usd >= best * (1 - 1e-4)


def test_figures_add_up() -> None:
    found = size_mix(site("columbus"), offers(), firm_mw=30.0, **FIXED)
    price = {offer.size: offer.usd_per_year for offer in offers()}
    assert found.fixed_usd == pytest.approx(sum(price[name] * size for name, size in found.sizes.items()))
    again = dispatch(site("columbus"), firm_mw=30.0, **FIXED, **found.sizes)
    assert found.running_usd == pytest.approx(again.cost_usd[0], rel=1e-9)
    assert 0.0 <= found.clean_share <= 1.0
    dearer = size_mix(
        site("columbus"),
        [Offer(o.size, 2.0 * o.usd_per_year, o.most) for o in offers()],
        firm_mw=30.0,
        **FIXED,
    )
    assert dearer.total_usd > found.total_usd


def test_sun_and_wind_inside_published_costs() -> None:
    """V28: Lazard, June 2025, unsubsidised: photovoltaics 38-78, onshore wind 37-86 USD/MWh; good places for each."""
    sun = solar_output(weather_from_catalog("usa-az-phoenix")).sum()
    wind = wind_output(weather_from_catalog("usa-tx-abilene")).sum()
    assert 38.0 <= yearly("solar_pv") / sun <= 78.0
    assert 37.0 <= yearly("wind_onshore") / wind <= 86.0


def test_cost_of_sun_off_grid() -> None:
    """V20: gas alone is cheapest, half solar costs little more, past nine tenths it rises steeply."""
    series = site("ercot 2022")
    without = ("wind_mw",)
    gas = size_mix(series, [offer for offer in offers() if offer.size == "plant_mw"], **FIXED)
    mixes = [
        gas,
        *mixes_by_carbon(series, offers(without), (50.0, 100.0, 150.0, 250.0, 500.0, 2000.0), **FIXED),
    ]
    cost = np.array([(mix.fixed_usd + mix.years.cost_usd[0]) / gas.total_usd for mix in mixes])
    clean = np.array([mix.clean_share for mix in mixes])
    assert (np.diff(clean) > 0.0).all()
    assert np.interp(0.45, clean, cost) < 1.25
    slope = np.diff(cost) / np.diff(clean)
    assert slope[-1] > 3.0 * slope[0]
    for _, later in pairwise(mixes):
        assert later.years.co2_kg[0] < gas.years.co2_kg[0]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ([], "expected at least one"),
        ([Offer("tidal_mw", 1.0, 1.0)], "offer 'tidal_mw': expected one of"),
        ([Offer("solar_mw", 1.0, 1.0)] * 2, "offer solar_mw: stands twice"),
        ([Offer("firm_mw", 1.0, 1.0)], "offer firm_mw: stands twice"),
        ([Offer("solar_mw", -1.0, 1.0)], "usd_per_year: expected 0 or more"),
        ([Offer("solar_mw", 1.0, float("inf"))], "most: expected 0 or more"),
        ([Offer("battery_mw", 1.0, 1.0)], "power and energy are both needed"),
    ],
)
def test_bad_offers_are_named(asked: list[Offer], message: str) -> None:
    with pytest.raises(DispatchError, match=message):
        size_mix(cut(site("columbus"), 100), asked, firm_mw=10.0, **FIXED)
