"""The scenario's schema: frozen models, a unit and a description for every key."""

from optimizer.scenario.schema.base import Month, Record, month_label, parse_month
from optimizer.scenario.schema.demand import WORK_KINDS, Demand, Job, Region, Workload, work_kind
from optimizer.scenario.schema.finance import ASSET_CLASSES, AssetClass, Finance, Source
from optimizer.scenario.schema.root import Scenario
from optimizer.scenario.schema.site import (
    Grid,
    HallBlock,
    Land,
    Onsite,
    OnsiteGas,
    Price,
    Site,
    SiteTax,
    Water,
    names_weather_file,
)
from optimizer.scenario.schema.study import Horizon, Money, Objective
from optimizer.scenario.schema.technology import (
    AIR_SYSTEMS,
    COOLING_IDS,
    Chips,
    ChipSettings,
    CoolingId,
    CoolingOptions,
    Hall,
    goes_with,
)

__all__ = [
    "AIR_SYSTEMS",
    "ASSET_CLASSES",
    "COOLING_IDS",
    "WORK_KINDS",
    "AssetClass",
    "ChipSettings",
    "Chips",
    "CoolingId",
    "CoolingOptions",
    "Demand",
    "Finance",
    "Grid",
    "Hall",
    "HallBlock",
    "Horizon",
    "Job",
    "Land",
    "Money",
    "Month",
    "Objective",
    "Onsite",
    "OnsiteGas",
    "Price",
    "Record",
    "Region",
    "Scenario",
    "Site",
    "SiteTax",
    "Source",
    "Water",
    "Workload",
    "goes_with",
    "month_label",
    "names_weather_file",
    "parse_month",
    "work_kind",
]
