"""Names of chips and cooling systems as people say them, for the page; tables on disk keep the ids."""

from __future__ import annotations

import re

from optimizer import catalog


def chip(name: str) -> str:
    """A chip's short name: the catalog's without remarks, or the scenario's own id."""
    if name not in catalog.chips():
        return name.replace("_", " ")
    return re.split(r",| \(", catalog.chip(name).name)[0].removeprefix("NVIDIA ").removeprefix("Google ")


def cooling(name: str) -> str:
    """A cooling system's short name.

    >>> cooling("dlc_dry"), cooling("air_chiller")
    ('liquid, dry coolers', 'air, chiller')
    """
    return _COOLING.get(name, name.replace("_", " "))


_COOLING = {
    "air_chiller": "air, chiller",
    "water_chiller_economizer": "air, tower and economizer",
    "air_economizer": "outdoor air",
    "air_economizer_dec": "outdoor air, wetted media",
    "indirect_evaporative": "air, indirect evaporative",
    "dlc_dry": "liquid, dry coolers",
    "dlc_adiabatic": "liquid, adiabatic coolers",
    "dlc_tower": "liquid, towers",
    "dlc_chiller": "liquid, chillers",
    "dlc_hybrid": "liquid, dry coolers and towers",
    "immersion": "immersion, dry coolers",
}
