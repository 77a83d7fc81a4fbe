"""Demand of a workload by period: its path, growth, efficiency and shocks (docs/economics.md, section 9)."""

from __future__ import annotations

import numpy as np

from optimizer import catalog
from optimizer.programmes.calendar import Calendar, Floats
from optimizer.programmes.chips import units_per_processor
from optimizer.scenario.schema import Scenario, Workload, shocks_of, work_kind


def useful_pflops_per_unit(metric: str, kind: str) -> float:
    """Operations that a model gets from one unit of compute at its kind's reference utilisation [PFLOP/s].

    Parameters
    ----------
    metric : str
        `demand.metric`.
    kind : str
        Kind of work.
    """
    reference = catalog.chip("h100_sxm")
    dense_tflops = {"h100e": reference.bf16_tflops, "h100e_8bit": reference.fp8_tflops, "pflops": 1000.0}
    share = catalog.chip("arm_cpu_rack" if kind == "cpu" else "h100_sxm").utilisation[kind]
    return dense_tflops[metric] / 1000.0 * share


def demand_by_period(scenario: Scenario, workload: Workload, calendar: Calendar) -> Floats:
    """Compute that a workload wants over all regions [unit of demand.metric], shape (T,)."""
    planning = calendar.planning
    result = np.zeros(calendar.periods)
    for month, amount in workload.path.items():
        first = calendar.period_of(month)
        years = np.maximum(0.0, calendar.year[first:] - month / 12)
        work = amount * (1 + workload.growth_per_year) ** years
        # The same work needs 1/a of the compute, and is wanted a^elasticity times.
        result[first:] = work * workload.efficiency_gain_per_year ** ((workload.elasticity - 1) * years)
    for shock in shocks_of(scenario.demand, workload):
        elasticity = workload.elasticity if shock.elasticity is None else shock.elasticity
        result[calendar.period_of(shock.date) :] *= shock.factor ** (elasticity - 1)
    result[planning:] = result[planning - 1]
    if workload.unit == "metric":
        return result
    if workload.unit == "cpu_chips":
        return result * units_per_processor(workload, scenario.demand.metric)
    pflops = 1.0
    if workload.unit == "tokens_per_s":
        assert workload.flop_per_token is not None  # the scenario's checks ask for it
        pflops = workload.flop_per_token / 1e15
    return result * pflops / useful_pflops_per_unit(scenario.demand.metric, work_kind(workload))
