"""What a user is told where no plan exists: the limit, where it stands in the scenario, and how much is missing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.errors import OptimizerError
from optimizer.planning.data import CLASSES, PlanningData
from optimizer.planning.explain import Explanation, Shortfall
from optimizer.programmes.calendar import Calendar
from optimizer.programmes.chips import Chip
from optimizer.scenario.schema import Scenario, plants_of

# Limits whose key has no dates, so that the worst period tells what is enough; what a year may take stands among them.
UNDATED = ("starts", "site_starts", "water", "land", "budget")
# Limits that hold period by period: more in one helps no other.
IN_PERIOD = ("lease_offer", "carbon")
# Keys that must ask for less.
LESS = ("min_it_mw", "demand", "job", "bound_compute", "volume")
UP, DOWN = math.ceil, math.floor


@dataclass(frozen=True)
class Change:
    """A change of one key that helps.

    Attributes
    ----------
    path : str
        Key of the scenario, `hall.crews[0].max_it_mw`.
    amount : float
        What comes to the key's value; negative where less must be asked for.
    unit : str
    month : str or None
        Of a dated key: from when on, of deliveries what comes at that date, of levels the period that is short.
    """

    path: str
    amount: float
    unit: str
    month: str | None


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
    changes : tuple of Change
        With which a plan exists: those of all that is wanted together, those of any other limit alone.
    """

    path: str
    message: str
    wanted: bool
    changes: tuple[Change, ...] = ()


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
    kinds: dict[str, list[Shortfall]] = {}
    for shortfall in explanation.missing:
        kinds.setdefault(_base(shortfall.rule), []).append(shortfall)
    # The first of each kind is told: amounts of different kinds have no common order.
    wanted = [
        Limit(
            names.path(kind[0]),
            f"no plan exists: {names.sentence(kind[0])}",
            True,
            tuple(names.change(s) for s in kind if not names.never(s)),
        )
        for kind in kinds.values()
    ]
    enough = []
    for found in map(names.by_key, explanation.enough.values()):
        changes = tuple(map(names.change, found))
        enough.append(Limit(names.path(found[0]), f"enough would be: {names.words(found)}", False, changes))
    if not wanted and not enough:
        text = "no plan exists, whatever limit is eased alone: several stand in the way"
        if not explanation.complete:
            text = "no plan exists; the time was too short to find which limits stand in the way"
        return InfeasibleError((Limit("sites", text, True),))
    return InfeasibleError((*wanted, *enough))


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
        place = self.scenario.sites[site]
        by_land = np.inf if place.land is None else place.land.acres / place.land.acres_per_mw
        return "land.acres" if by_land < (place.max_it_mw or np.inf) else "max_it_mw"

    def sentence(self, shortfall: Shortfall) -> str:
        """What can't be had and how much of it is missing."""
        if shortfall.rule == "bound_date":
            return self._date(shortfall)
        had = max(0.0, shortfall.limit - shortfall.missing)
        unit = self._unit(shortfall)
        return (
            f"{_shown(shortfall.limit)} {unit} wanted{self._where(shortfall)}, at most {_shown(had, DOWN)} can be had, "
            f"{_shown(shortfall.missing, UP)} missing{self._why(shortfall)}"
        )

    def _date(self, shortfall: Shortfall) -> str:
        step = self.calendar.period_years
        wanted, later = round(shortfall.limit / step), round(shortfall.missing / step)
        text = f"{_shown(self.scenario.demand.target_it_mw or 0.0)} MW of IT wanted by {self.calendar.label(wanted)}"
        if self.never(shortfall):
            return f"{text}, they can't be had in any planning period"
        return f"{text}, the earliest is {self.calendar.label(wanted + later)}"

    def never(self, shortfall: Shortfall) -> bool:
        """Whether no later date helps."""
        date = round((shortfall.limit + shortfall.missing) / self.calendar.period_years)
        return shortfall.rule == "bound_date" and date >= self.calendar.planning

    def _why(self, shortfall: Shortfall) -> str:
        """A reason that no amount would mend: nowhere within reach, or no hall by then."""
        axes, programmes = shortfall.axes, self.data.programmes
        at = np.ones(len(programmes.site), dtype=bool)
        if "service" in axes:
            reach = self.data.services.reach[:, axes["service"]]
            if not reach.any():
                return "; no site lies within the workload's max_rtt_ms and served_from"
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

    def by_key(self, shortfalls: tuple[Shortfall, ...]) -> tuple[Shortfall, ...]:
        """Shortfalls without those that a greater one of the same key without dates covers."""
        taken: set[str] = set()
        found = []
        for shortfall in shortfalls:
            path = self.path(shortfall)
            if self._dated(shortfall) or path not in taken:
                found.append(shortfall)
            taken.add(path)
        return tuple(found)

    def words(self, shortfalls: tuple[Shortfall, ...]) -> str:
        """What easing a limit would be enough, in words."""
        parts = []
        for shortfall in shortfalls[:3]:
            change = self.change(shortfall)
            more = "less" if change.amount < 0 else "more"
            parts.append(f"{_shown(abs(change.amount))} {change.unit} {more}{self._where(shortfall)}")
        rest = len(shortfalls) - len(parts)
        return " and ".join(parts) + (f" and {rest} smaller changes" if rest > 0 else "")

    def change(self, shortfall: Shortfall) -> Change:
        """The change of a key that makes up for a shortfall, rounded so that it is enough."""
        rule, axes, amount = _base(shortfall.rule), shortfall.axes, shortfall.missing
        path, unit = self.path(shortfall), self._unit(shortfall)
        if rule == "bound_date":
            amount, unit = round(amount * 12), "months"
        if rule == "service_cover":
            unit = "USD of revenue"
        if path.endswith("land.acres"):
            land = self.scenario.sites[axes["site"]].land
            amount, unit = amount * (land.acres_per_mw if land is not None else 1.0), "acres"
        sign = -1.0 if rule in LESS else 1.0
        month = self.calendar.label(axes["period"]) if self._dated(shortfall) else None
        return Change(path, sign * _rounded(amount, UP), unit, month)

    def _unit(self, shortfall: Shortfall) -> str:
        metric = self.scenario.demand.metric
        return {
            "demand": metric,
            "lease_offer": metric,
            "bound_compute": f"{metric}-hours",
            "power": "MW at the halls",
            "firm_power": "MW of firm power at the halls",
            "land": "MW of IT",
            "min_it_mw": "MW of IT",
        }.get(_base(shortfall.rule), shortfall.unit)

    def _dated(self, shortfall: Shortfall) -> bool:
        """Whether the key says from when on."""
        stock = shortfall.axes.get("stock")
        share = stock is not None and self.data.stocks.whole[stock] is not None
        undated = share or _base(shortfall.rule) in UNDATED or self.path(shortfall).endswith("commit_usd")
        return "period" in shortfall.axes and not undated

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
        if "class" in axes:
            words += f" for {CLASSES[axes['class']]}"
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
        if self._dated(shortfall):
            short = _base(shortfall.rule) in IN_PERIOD
            short |= "stock" in axes and not shortfall.arrives
            words += f" {'in' if short else 'by'} {self.calendar.label(axes['period'])}"
        return words


def _base(rule: str) -> str:
    return rule.rstrip("0123456789").rstrip("_")


def _rounded(value: float, way: Callable[[float], float] = round) -> float:
    """A value as it is shown: whole where it is nearly that, else four digits."""
    if abs(value - round(value)) < 1e-6 and abs(value) < 1e6:
        return float(round(value))
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 3)
    # Noise of the solver is not rounded up to a whole step.
    noise = 1e-6 if way is UP else -1e-6 if way is DOWN else 0.0
    return way(value / unit - noise) * unit


def _shown(value: float, way: Callable[[float], float] = round) -> str:
    value = _rounded(value, way)
    return f"{value:.4g}" if abs(value) >= 1e6 or abs(value) < 1e3 else f"{value:,.10g}"
