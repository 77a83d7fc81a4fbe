"""Bills of NREL's System Advisor Model (Utilityrate5 through PySAM) from URDB records."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Our name: theirs.
CHARGES = {
    "energy_usd": "year1_monthly_ec_charge_without_system",
    "demand_usd": "year1_monthly_dc_tou_without_system",
    "flat_demand_usd": "year1_monthly_dc_fixed_without_system",
    "fixed_usd": "year1_monthly_fixed_without_system",
    "minimum_usd": "year1_monthly_minimum_without_system",
}


def sam_bill(record: Mapping[str, Any], load_kw: Floats) -> dict[str, Floats]:
    """Charges by month of a load without any generation, shape (12,) each; the year begins on a Monday."""
    import PySAM.Utilityrate5 as utility
    from PySAM.UtilityRateTools import URDBv8_to_ElectricityRates

    rates = json.loads(json.dumps(URDBv8_to_ElectricityRates(copy.deepcopy(dict(record)))))
    model = utility.default("PVWattsCommercial")
    model.ElectricityRates.assign(
        {"ur_monthly_fixed_charge": 0.0, "ur_monthly_min_charge": 0.0, "ur_annual_min_charge": 0.0} | rates
    )
    model.ElectricityRates.rate_escalation = [0.0]
    model.SystemOutput.gen = [0.0] * 8760
    model.SystemOutput.degradation = [0.0]
    model.Load.load = [float(value) for value in load_kw]
    model.Load.load_escalation = [0.0]
    model.Lifetime.analysis_period = 1
    model.Lifetime.system_use_lifetime_output = 0
    model.Lifetime.inflation_rate = 0.0
    model.execute()
    found = model.Outputs.export()
    return {ours: np.array(found[theirs], dtype=np.float64).ravel() for ours, theirs in CHARGES.items()}
