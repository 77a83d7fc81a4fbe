"""What a user is told where no plan exists: the limit, where it stands in the scenario, and how much is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.errors import OptimizerError
from optimizer.planning.data import PlanningData
from optimizer.planning.explain import Explanation, Shortfall
from optimizer.programmes.calendar import Calendar
from optimizer.programmes.chips import Chip
from optimizer.scenario.schema import Scenario, plants_of


@dataclass(frozen=True)
class Limit:
    """A limit of the scenario that stands in the way, or one whose easing is enough.

    Attributes
    ----------
    path : str
        Path in the scenario, `sites[3].grid.offer_mw`.
    message : str
    wanted : bool
        Whether this is something wanted that can't be had (else a limit whose easing alone is enough).
    """

    path: str
    message: str
    wanted: bool


class InfeasibleError(OptimizerError):
    """No plan keeps all limits.

    Attributes
    ----------
    limits : tuple of Limit
        What can't be had comes first, then what would be enough.
    """

    exit_code = 3

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        self.limits = limits
        super().__init__("\n".join(f"{limit.path}: {limit.message}" for limit in limits))


def infeasible(
    explanation: Explanation,
    scenario: Scenario,
    data: PlanningData,
    chips: tuple[Chip, ...],
    calendar: Calendar,
) -> InfeasibleError:
    """The error that says what an explanation found."""
    names = _Names(scenario, data, chips, calendar)
    wanted = [Limit(names.path(s), f"no plan exists: {names.sentence(s)}", True) for s in explanation.missing]
    enough = [
        Limit(names.path(first), f"enough would be: {names.change(shortfalls)}", False)
        for shortfalls in explanation.enough.values()
        for first in shortfalls[:1]
    ]
    if not wanted and not enough:
        nothing = Limit(
            "sites", "no plan exists, whatever limit is eased alone: several stand in the way", True
        )
        return InfeasibleError((nothing,))
    # The first of each kind: amounts of different kinds have no common order.
    kinds = {_base(s.rule): i for i, s in reversed(list(enumerate(explanation.missing)))}
    first = [wanted[i] for i in sorted(kinds.values())]
    return InfeasibleError((*first, *enough))


@dataclass(frozen=True)
class _Names:
    scenario: Scenario
    data: PlanningData
    chips: tuple[Chip, ...]
    calendar: Calendar

    def path(self, shortfall: Shortfall) -> str:
        """Where a limit stands in the scenario."""
        axes, rule = shortfall.axes, _base(shortfall.rule)
        if rule == "demand":
            workload = self.data.services.workload[axes["service"]]
            return f"demand.workloads[{workload}].path"
        if rule == "unit_slots":
            return f"power.unit_slots.{self.data.paths.technology[axes['technology']]}"
        if rule == "stock":
            return self.data.stocks.path[axes["stock"]]
        if rule in ("development", "volume"):
            return f"chips.settings.{self.chips[axes['chip']].id}.min_racks"
        if "lease" in axes or "contract" in axes:
            return f"leases[{axes.get('lease', 0)}].available"
        if rule == "chip_supply":
            return f"chips.supply_racks.{self.chips[axes['chip']].id}"
        if "source" in axes:
            key = {"commitment": "commit_usd", "loan_to_cost": "loan_to_cost", "service_cover": "min_dscr"}
            source = self.scenario.finance.sources[axes["source"]]
            own = "tranches" if rule == "commitment" and source.tranches else key.get(rule, "after.online_mw")
            return f"finance.sources[{axes['source']}].{own}"
        if "site" in axes and rule != "site_starts":
            power = self._power_key(axes["site"])
            last = {"power": power, "firm_power": power, "land": self._land_key(axes["site"])}
            return f"sites[{axes['site']}].{last.get(rule, 'water.max_m3_per_year')}"
        fixed = {
            "min_it_mw": "demand.min_it_mw",
            "job": f"demand.jobs[{axes.get('job', 0)}]",
            "starts": "hall.max_starts",
            "site_starts": "hall.max_starts_per_site",
            "budget": "money.budget_usd",
            "clean_share": "power.clean_share",
            "carbon": "power.max_co2_t_per_year",
            "bound_cost": "bounds.max_cost_usd",
            "bound_carbon": "bounds.max_co2_t",
            "bound_water": "bounds.max_water_m3",
            "bound_compute": "bounds.min_h100e_hours",
            "bound_date": "bounds.target_by",
        }
        return fixed.get(rule, "finance.sources")

    def _power_key(self, site: int) -> str:
        place = self.scenario.sites[site]
        plants = list(plants_of(place.onsite))
        return "grid.offer_mw" if place.grid is not None or not plants else f"onsite.{plants[0]}.max_mw"

    def _land_key(self, site: int) -> str:
        return "land.acres" if self.scenario.sites[site].land is not None else "max_it_mw"

    def sentence(self, shortfall: Shortfall) -> str:
        """What can't be had and how much of it is missing."""
        had = max(0.0, shortfall.limit - shortfall.missing)
        unit = self._unit(shortfall)
        return (
            f"{_amount(shortfall.limit)} {unit} wanted{self._where(shortfall)}, at most {_amount(had)} can be had, "
            f"{_amount(shortfall.missing)} missing{self._why(shortfall)}"
        )

    def _why(self, shortfall: Shortfall) -> str:
        """A reason that no amount would mend: nowhere within reach, or no hall by then."""
        axes, programmes = shortfall.axes, self.data.programmes
        at = np.ones(len(programmes.site), dtype=bool)
        if "service" in axes:
            reach = self.data.services.reach[:, axes["service"]]
            if not reach.any():
                return "; no site lies within the workload's max_rtt_ms"
            at = reach[programmes.site]
        elif _base(shortfall.rule) != "min_it_mw":
            return ""
        keys = "hall.build_months, available_from, the dates of power and chips"
        if not at.any():
            return f"; no hall can be in operation in the study ({keys})"
        first = int(programmes.commission[at].min())
        if first > axes.get("period", first):
            return f"; the first hall can be in operation by {self.calendar.label(first)} ({keys})"
        return ""

    def change(self, shortfalls: tuple[Shortfall, ...]) -> str:
        """What easing a family of limits would be enough, in words."""
        parts = []
        for shortfall in shortfalls[:3]:
            unit = self._unit(shortfall)
            if _base(shortfall.rule) == "service_cover":
                unit = "USD of revenue"
            parts.append(f"{_amount(shortfall.missing)} {unit} more{self._where(shortfall)}")
        rest = len(shortfalls) - len(parts)
        return " and ".join(parts) + (f" and {rest} smaller changes" if rest > 0 else "")

    def _unit(self, shortfall: Shortfall) -> str:
        rule = _base(shortfall.rule)
        if rule in ("demand", "job"):
            metric = self.scenario.demand.metric
            return metric if rule == "demand" else "job"
        return {
            "power": "MW at the halls",
            "firm_power": "MW at the halls",
            "land": "MW of IT",
            "min_it_mw": "MW of IT",
        }.get(rule, shortfall.unit)

    def _where(self, shortfall: Shortfall) -> str:
        axes, words = shortfall.axes, ""
        if "service" in axes:
            services = self.data.services
            words += f" for {services.workload_names[services.workload[axes['service']]]}"
            words += f" in {services.region[axes['service']]}" if services.region[axes["service"]] else ""
        if "job" in axes:
            words += f" {self.scenario.demand.jobs[axes['job']].name}"
        if "site" in axes:
            words += f" at {self.data.sites.name[axes['site']]}"
        if "chip" in axes:
            words += f" of {self.chips[axes['chip']].id}"
        if "stock" in axes:
            words += f" of {self.data.stocks.name[axes['stock']]}"
        if "lease" in axes:
            words += f" from {self.data.leases.name[axes['lease']]}"
        if "source" in axes and _base(shortfall.rule) == "service_cover":
            words += f" to cover {self.scenario.finance.sources[axes['source']].name}"
        elif "source" in axes:
            words += f" from {self.scenario.finance.sources[axes['source']].name}"
        if "period" in axes:
            words += f" by {self.calendar.label(axes['period'])}"
        return words


def _base(rule: str) -> str:
    return rule.rstrip("0123456789").rstrip("_")


def _amount(value: float) -> str:
    if abs(value) >= 1e6:
        return f"{value:.4g}"
    return f"{value:,.10g}" if abs(value - round(value)) < 1e-6 else f"{value:,.1f}"
