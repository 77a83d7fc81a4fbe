"""The planning model's table of contents (DESIGN: docs/model.md): one rule a line."""

from __future__ import annotations

from optimizer.planning.aims import aimed
from optimizer.planning.columns import Columns, add_columns
from optimizer.planning.data import PlanningData
from optimizer.planning.model import Model, ModelBuilder
from optimizer.planning.rules_chips import add_chip_supply
from optimizer.planning.rules_cover import add_service_cover
from optimizer.planning.rules_demand import (
    add_demand,
    add_hall_time,
    add_jobs,
    add_single_source,
    add_yield,
)
from optimizer.planning.rules_leases import add_leases
from optimizer.planning.rules_money import add_budget, add_sources_and_uses
from optimizer.planning.rules_power import (
    add_clean_energy,
    add_energy,
    add_firm_power,
    add_one_path,
    add_paths_with_halls,
    add_power,
    add_unit_slots,
    add_water,
)
from optimizer.planning.rules_rounding import (
    add_least_halls_for_demand,
    add_least_halls_for_floor,
    add_strong_service,
)
from optimizer.planning.rules_siting import (
    add_blocks,
    add_floor,
    add_land,
    add_opening,
    add_starts,
    add_target,
)
from optimizer.planning.rules_sources import add_commitments, add_conditions, add_loan_to_cost
from optimizer.planning.rules_stocks import add_exemptions, add_own_chips, add_stocks

RULES = (
    add_blocks,
    add_land,
    add_opening,
    add_starts,
    add_floor,
    add_target,
    add_one_path,
    add_paths_with_halls,
    add_power,
    add_firm_power,
    add_energy,
    add_unit_slots,
    add_clean_energy,
    add_water,
    add_hall_time,
    add_yield,
    add_demand,
    add_jobs,
    add_single_source,
    add_chip_supply,
    add_stocks,
    add_own_chips,
    add_exemptions,
    add_leases,
    add_sources_and_uses,
    add_commitments,
    add_loan_to_cost,
    add_conditions,
    add_service_cover,
    add_budget,
    add_least_halls_for_floor,
    add_least_halls_for_demand,
    add_strong_service,
)


def build_model(data: PlanningData) -> tuple[Model, Columns]:
    """Arrays of the planning model, and where each decision stands in them."""
    builder = ModelBuilder()
    columns = add_columns(builder, data)
    for rule in RULES:
        rule(builder, columns, data)
    return aimed(builder.build(), columns, data), columns
