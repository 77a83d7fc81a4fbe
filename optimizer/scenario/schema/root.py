"""The scenario as a whole."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from optimizer.scenario.schema.base import Record, quantity
from optimizer.scenario.schema.chips import Chips
from optimizer.scenario.schema.demand import Demand
from optimizer.scenario.schema.economics import Economics
from optimizer.scenario.schema.finance import Finance
from optimizer.scenario.schema.leases import Lease
from optimizer.scenario.schema.power import Power
from optimizer.scenario.schema.site import Site
from optimizer.scenario.schema.study import Bounds, Horizon, Money, ObjectiveOrFrontier
from optimizer.scenario.schema.technology import CoolingId, CoolingOptions, Hall


class Scenario(Record):
    """A case: what is wanted, what is on offer, what it may cost."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    """Name of the scenario."""
    description: str = ""
    """What the case is about [text]."""
    horizon: Horizon
    """Periods."""
    money: Money
    """Price basis and discounting."""
    objective: ObjectiveOrFrontier = "minimize_cost"
    """What is best: least discounted cost, most discounted compute for the money, least carbon or water, the earliest date of demand.target_it_mw, or a frontier: {pareto: [cost, carbon]} [name]."""
    bounds: Bounds = Bounds()
    """Bounds on what is not the objective."""
    demand: Demand
    """Who needs compute."""
    chips: Chips
    """Chips on offer."""
    hall: Hall = Hall()
    """The block that is built."""
    cooling: Annotated[tuple[CoolingId, ...], Field(min_length=1)]
    """Cooling systems on offer [ids]."""
    cooling_parameters: dict[CoolingId, dict[str, quantity("see the catalog")]] = {}  # type: ignore[valid-type]
    """Values that replace the catalog's, by cooling system and parameter [unit in the parameter's name]."""
    cooling_options: dict[CoolingId, CoolingOptions] = {}
    """What else cools a system's room or liquid, by cooling system."""
    economics: Economics = Economics()
    """Common cost terms in place of the catalog's: building, staff, upkeep, insurance, resale, bills."""
    power: Power = Power()
    """What holds for the power of all sites."""
    sites: Annotated[tuple[Site, ...], Field(min_length=1)]
    """Places that can hold halls."""
    leases: tuple[Lease, ...] = ()
    """Compute on offer by lease."""
    finance: Finance = Finance()
    """Sources of money."""
