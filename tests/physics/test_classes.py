"""ASHRAE classes as inputs, and water with what power plants consume."""

from __future__ import annotations

import pytest

from optimizer import catalog
from optimizer.physics import DesignError, facility_year, weather_from_catalog

PHOENIX = weather_from_catalog("usa-az-phoenix")


def test_warmer_liquid_classes_cost_less() -> None:
    pues = [
        facility_year(PHOENIX, "dlc_dry", ashrae_liquid=name).pue
        for name in ("W17", "W27", "W32", "W40", "W45")
    ]
    assert pues == sorted(pues, reverse=True)
    # W32 is facility water of 32 degC, the loop at the racks 3 K warmer.
    same = facility_year(PHOENIX, "dlc_dry", tcs_supply_c=35.0, cdu_approach_k=3.0)
    assert facility_year(PHOENIX, "dlc_dry", ashrae_liquid="W32").pue == same.pue


def test_wider_envelopes_of_air_cost_less() -> None:
    found = [
        facility_year(PHOENIX, "air_economizer", ashrae_air=name)
        for name in ("recommended", "A1", "A2", "A3")
    ]
    assert [year.pue for year in found] == sorted((year.pue for year in found), reverse=True)
    hours = [year.components.hours["mechanical"] for year in found]
    assert hours == sorted(hours, reverse=True)


@pytest.mark.parametrize(
    ("cooling", "option", "value", "message"),
    [
        ("air_chiller", "ashrae_liquid", "W32", "has no meaning"),
        ("dlc_dry", "ashrae_liquid", "W30", "expected W17 or W27"),
        ("air_economizer", "ashrae_air", "A9", "expected recommended or A1"),
    ],
)
def test_class_that_is_none(cooling: str, option: str, value: str, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        facility_year(PHOENIX, cooling, **{option: value})


def test_source_water() -> None:
    year = facility_year(PHOENIX, "dlc_tower", grid_water_l_per_kwh=2.0)
    assert year.source_water_l_per_kwh == pytest.approx(year.wue_l_per_kwh + 2.0 * year.pue)
    usual = facility_year(PHOENIX, "dlc_tower")
    assert usual.grid_water_l_per_kwh == catalog.grid_water().value
    with pytest.raises(DesignError, match="grid_water_l_per_kwh: expected 0 or more"):
        facility_year(PHOENIX, "dlc_tower", grid_water_l_per_kwh=-1.0)


def test_hours_without_media_are_not_wet() -> None:
    """Hot hours of outdoor air without wetted media take no water and do not count as wet."""
    year = facility_year(PHOENIX, "air_economizer")
    hours = year.hourly
    wet = hours["mode"].str.endswith("+wet")
    assert (hours["water_m3"][wet] > 0.0).all()
    assert year.components.hours["wet"] == pytest.approx(float(wet.sum()))
