"""optimizer: where, when and with what to build AI compute.

Examples
--------
>>> import optimizer  # doctest: +SKIP
>>> scenario = optimizer.load("configs/minimal.yaml")  # doctest: +SKIP
>>> plan = optimizer.solve(scenario, time_limit=60)  # doctest: +SKIP
>>> plan.builds  # doctest: +SKIP
"""

from importlib import import_module
from typing import Any

# Public name -> module that has it; loaded when it is first asked for, so that importing stays quick.
_PUBLIC = {
    "InfeasibleError": "optimizer.planning.infeasible",
    "OptimizerError": "optimizer.errors",
    "ScenarioError": "optimizer.scenario",
    "alternatives": "optimizer.studies",
    "chip_cost": "optimizer.programmes.chip_cost",
    "evaluate": "optimizer.pipeline",
    "facility_year": "optimizer.physics",
    "frontier": "optimizer.studies",
    "load": "optimizer.scenario",
    "load_given": "optimizer.pipeline",
    "load_plan": "optimizer.pipeline",
    "read_weather": "optimizer.physics",
    "solve": "optimizer.pipeline",
}
_MODULES = {"catalog": "optimizer.catalog", "psychrometrics": "optimizer.physics.psychrometrics"}

__all__ = [*_PUBLIC, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'optimizer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
