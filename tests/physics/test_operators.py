"""V10, V11, V35: fleets and campuses of operators, one set-up an operator, weather nearest to the campus, nothing tuned by campus.

A set-up is what the operator has said of its buildings; all else is the catalog's. Losses inside server power supplies count
as IT power, as in the catalog.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

from optimizer import catalog
from optimizer.physics import facility_year, weather_from_catalog

from ..data_folder import RAW, needs_raw

# Batteries at the racks, 98.5 % efficient, in the place of a central double-conversion UPS.
RACK_BATTERIES: dict[str, Any] = {"ups_a": 0.0, "ups_b": 1.0 / 0.985 - 1.0, "ups_c": 0.0}
# ASHRAE TC 9.9's recommended dew points from 2008 to 2015, when these fleets' buildings were laid out; the Open Compute
# Project's first specifications ask for the same.
OLDER_BOX: dict[str, Any] = {"low_dew_point_c": 5.5, "high_dew_point_c": 15.0}
# Clouds: mean over peak IT power of inference and general work.
CLOUD = 0.65


@dataclass(frozen=True)
class Setup:
    """A cooling system with what an operator has published of its own.

    Attributes
    ----------
    cooling, source : str
    parameters : dict
    """

    cooling: str
    parameters: dict[str, Any]
    source: str


OPERATORS = {
    "Google": Setup(
        "water_chiller_economizer", {**RACK_BATTERIES, "supply_air_c": 27.0, "utilisation": CLOUD},
        "cold aisles at 80 degF, towers with economizers, batteries in the racks (Google, Efficiency)",
    ),
    "Meta": Setup(
        "air_economizer_dec", {**RACK_BATTERIES, **OLDER_BOX, "utilisation": CLOUD},
        "outdoor air with evaporative cooling, batteries in the racks (Open Compute Project)",
    ),
    "Microsoft": Setup(
        "air_economizer_dec", {**OLDER_BOX, "redundancy": "4N/3", "utilisation": CLOUD},
        "outdoor air with evaporative cooling, central UPS (Microsoft, data-centre fact sheets)",
    ),
    "AWS": Setup(
        "air_economizer_dec", {**OLDER_BOX, "redundancy": "4N/3", "utilisation": CLOUD},
        "outdoor air with evaporative cooling (AWS, water stewardship); the rest as for Microsoft",
    ),
}  # fmt: skip
META = (
    "usa-oh-columbus", "usa-ia-des-moines", "usa-nm-albuquerque", "usa-ut-salt-lake-city", "usa-ne-omaha",
    "usa-tx-dallas", "usa-nc-charlotte", "usa-ga-atlanta", "usa-va-richmond",
)  # fmt: skip
# Regions of AWS that have a weather; each counts the same, as their sizes are not published.
AWS = (
    "usa-va-sterling", "usa-oh-columbus", "usa-wa-the-dalles", "usa-ca-san-francisco", "gbr-london", "deu-frankfurt",
    "sgp-singapore", "jpn-tokyo", "aus-sydney", "ind-mumbai", "bra-sao-paulo",
)  # fmt: skip
MICROSOFT = ("usa-az-phoenix", "usa-ia-des-moines", "usa-va-richmond", "usa-wy-cheyenne", "gbr-london")
# Degrees north and east; campuses that have a weather within 700 km.
PLACES = {
    ("Google", "Berkeley County, South Carolina"): (33.06, -80.04),
    ("Google", "Central Ohio (Lancaster), Ohio"): (39.71, -82.60),
    ("Google", "Council Bluffs, Iowa (2nd facility)"): (41.17, -95.80),
    ("Google", "Dublin, Ireland"): (53.30, -6.40),
    ("Google", "Fredericia, Denmark"): (55.56, 9.65),
    ("Google", "Henderson, Nevada"): (36.05, -115.00),
    ("Google", "Jackson County, Alabama"): (34.80, -85.80),
    ("Google", "Loudoun County, Virginia"): (39.00, -77.50),
    ("Google", "Mayes County, Oklahoma"): (36.24, -95.30),
    ("Google", "Montgomery County, Tennessee"): (36.60, -87.30),
    ("Google", "Quilicura, Chile"): (-33.36, -70.70),
    ("Google", "Singapore"): (1.35, 103.80),
    ("Google", "St. Ghislain, Belgium"): (50.47, 3.86),
    ("Google", "The Dalles, Oregon"): (45.60, -121.20),
    ("Microsoft", "Arizona"): (33.50, -112.40),
    ("Microsoft", "Iowa"): (41.60, -93.80),
    ("Microsoft", "Virginia"): (36.70, -78.40),
    ("Microsoft", "Wyoming"): (41.10, -104.80),
    ("Microsoft", "Ireland"): (53.30, -6.40),
}


def modelled(operator: str, weather: str) -> Any:
    """The year of an operator's set-up on a weather of the catalog."""
    setup = OPERATORS[operator]
    return facility_year(weather_from_catalog(weather), setup.cooling, **setup.parameters)


@cache
def campuses() -> dict[tuple[str, str], tuple[str, float, float]]:
    """Nearest weather, published PUE over a year, modelled PUE, by operator and campus."""
    with (RAW / "pue" / "reported_pue_by_campus_2025-10.csv").open(newline="", encoding="utf-8") as file:
        published = {
            (row["operator"], row["campus_or_region"]): float(row["annual_or_ttm_pue"])
            for row in csv.DictReader(file)
            if row["annual_or_ttm_pue"]
        }
    found = {}
    for campus, (lat, lon) in PLACES.items():
        weather = catalog.weather_nearest(lat, lon)
        found[campus] = (weather, published[campus], float(modelled(campus[0], weather).pue))
    return found


def errors(operator: str) -> np.ndarray:
    return np.array([model - said for (who, _), (_, said, model) in campuses().items() if who == operator])


@needs_raw
def test_google_by_campus() -> None:
    """V11: mean within 0.03, median error below 0.03, no campus of fourteen further away than 0.04."""
    away = errors("Google")
    assert len(away) == 14
    assert abs(away.mean()) < 0.03
    assert np.median(np.abs(away)) < 0.03
    assert np.abs(away).max() < 0.04


@needs_raw
def test_central_ohio() -> None:
    """V11, V35: Google's best campus, 1.04-1.06 +- 0.03."""
    _, published, model = campuses()["Google", "Central Ohio (Lancaster), Ohio"]
    assert published == pytest.approx(1.04)
    assert 1.04 - 0.03 <= model <= 1.06 + 0.03


def fleet(operator: str, weathers: tuple[str, ...]) -> tuple[float, float]:
    """Mean PUE and WUE [L/kWh]."""
    years = [modelled(operator, weather) for weather in weathers]
    return float(np.mean([year.pue for year in years])), float(
        np.mean([year.wue_l_per_kwh for year in years])
    )


def test_meta_fleet() -> None:
    """V10: 1.08 +- 0.03 over nine campuses of the United States; water inside 0.18-0.26 L/kWh, 0.02 about it."""
    pue, wue = fleet("Meta", META)
    assert pue == pytest.approx(1.08, abs=0.03)
    assert 0.16 <= wue <= 0.28


def test_microsoft_fleet() -> None:
    """V35: 0.27 L/kWh +- 0.15 over its campuses that publish; 1.17 is missed by 0.08."""
    pue, wue = fleet("Microsoft", MICROSOFT)
    assert wue == pytest.approx(0.27, abs=0.15)
    assert 1.17 - 0.09 <= pue <= 1.17


def test_aws_fleet() -> None:
    """V35: 0.15 L/kWh +- 0.15 and 1.15 +- 0.04 over eleven regions; its best site, 1.04, is 0.04 better than any here."""
    pue, wue = fleet("AWS", AWS)
    assert pue == pytest.approx(1.15, abs=0.04)
    assert wue == pytest.approx(0.15, abs=0.15)
    assert min(float(modelled("AWS", weather).pue) for weather in AWS) == pytest.approx(1.04, abs=0.04)


@needs_raw
def test_microsoft_by_campus() -> None:
    """V35: campuses of 1.12-1.18: older halls than the set-up; the model lies below every one, by 0.11 at most."""
    away = errors("Microsoft")
    assert (away < 0.0).all()
    assert np.abs(away).max() < 0.11
    assert np.median(np.abs(away)) < 0.06
