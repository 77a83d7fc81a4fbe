"""Common cost terms of a scenario: its own values over the catalog's (docs/economics.md, section 5)."""

from __future__ import annotations

from optimizer import catalog
from optimizer.scenario.schema import Scenario

SPLIT = ("electrical_share", "mechanical_share", "shell_share", "soft_share")


def economics_of(scenario: Scenario) -> catalog.Economics:
    """The catalog's cost terms with the values of `economics` in their place."""
    own = scenario.economics
    if not own.model_fields_set:
        return catalog.economics()
    source = f"economics of the scenario ({own.source})" if own.source else "economics of the scenario"
    return catalog.economics_with(own.given(), source)
