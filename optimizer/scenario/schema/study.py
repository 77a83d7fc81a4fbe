"""The study as a whole: horizon, money, objective."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from optimizer.scenario.schema.base import (
    NUMBER_TAG,
    PATH_TAG,
    Currency,
    DollarsAUnit,
    Fraction,
    Month,
    Rate,
    Record,
    Usd,
    WholeNumber,
    as_path,
    no_truth_value,
    number_or_dated,
    quantity,
)

Objective = Literal[
    "minimize_cost", "maximize_compute", "minimize_carbon", "minimize_water", "earliest_target"
]
# What each objective makes least (or most, of compute).
AIMS: dict[str, str] = {
    "minimize_cost": "cost",
    "maximize_compute": "compute",
    "minimize_carbon": "carbon",
    "minimize_water": "water",
    "earliest_target": "date",
}
OBJECTIVES: dict[str, Objective] = {aim: name for name, aim in AIMS.items()}  # type: ignore[misc]


Aim = Literal["cost", "compute", "carbon", "water", "date"]


def _two_aims(aims: tuple[str, ...]) -> tuple[str, ...]:
    if len(aims) != 2 or aims[0] == aims[1]:
        raise ValueError("expected two different aims, such as [cost, carbon]")
    return aims


class Frontier(Record):
    """A frontier in place of one objective: least of the first aim (most, of compute) at each of several levels of the second."""

    pareto: Annotated[tuple[Aim, ...], AfterValidator(_two_aims)]
    """The two aims [names]."""
    points: Annotated[WholeNumber, Field(ge=2, le=50)] = 7
    """Levels of the second aim, both ends in [count]."""


# One objective or a frontier; a value is judged as what it looks like.
NAME_TAG, FRONTIER_TAG = "(name)", "(frontier)"


def _objective_tag(value: Any) -> str:
    return FRONTIER_TAG if isinstance(value, (dict, Frontier)) else NAME_TAG


ObjectiveOrFrontier = Annotated[
    Annotated[Objective, Tag(NAME_TAG)] | Annotated[Frontier, Tag(FRONTIER_TAG)],
    Discriminator(_objective_tag),
]


TAGS = (NAME_TAG, FRONTIER_TAG, NUMBER_TAG, PATH_TAG)


def aims_of(objective: Objective | Frontier) -> tuple[str, ...]:
    """The aim of an objective, or the two of a frontier."""
    return objective.pareto if isinstance(objective, Frontier) else (AIMS[objective],)


def aim_of(objective: Objective | Frontier) -> str:
    """What an objective makes least (or most, of compute); of a frontier, its first aim."""
    return objective.pareto[0] if isinstance(objective, Frontier) else AIMS[objective]


class Bounds(Record):
    """What a plan may cost, emit or use at most, and yield at least, over the whole study."""

    max_cost_usd: quantity("USD") | None = None  # type: ignore[valid-type]
    """Discounted cost, as minimize_cost counts it: resale and residual values credited [USD]."""
    max_co2_t: quantity("t", ge=0) | None = None  # type: ignore[valid-type]
    """CO2 of energy billed and of making chips and halls [t]."""
    max_water_m3: quantity("m3", ge=0) | None = None  # type: ignore[valid-type]
    """Water of all halls [m3]."""
    min_h100e_hours: quantity("h100e-h", ge=0) | None = None  # type: ignore[valid-type]
    """Least discounted compute of halls at work, as maximize_compute counts it [unit of demand.metric times h]."""
    target_by: Month | None = None
    """Month by which demand.target_it_mw must be in operation [YYYY-MM]."""


class Horizon(Record):
    """Periods in which halls may be started, and the date until which they run."""

    start: Month
    """First month of the first period [YYYY-MM]."""
    periods: Annotated[WholeNumber, Field(ge=1, le=80)]
    """Number of planning periods [count]."""
    months_per_period: Annotated[Literal[1, 2, 3, 4, 6, 12], BeforeValidator(no_truth_value)] = 6
    """Length of one period [months]."""
    operate_until: Month | None = None
    """Last month of operation: halls run, refresh and serve the last demand until then, when residual value is credited [YYYY-MM]. Default: the end of the last planning period."""


class IncomeTax(Record):
    """Tax on income: plans are then compared after tax. Losses are used at once by the owner's group."""

    rate: Fraction
    """Rate on income, federal and state together [fraction]."""
    bonus_share: Fraction | None = None
    """Share of chips, plant and power written off at once (not of the shell) [fraction]. Default: what the law allows, the catalog's."""
    chips: Literal["macrs_3", "macrs_5", "macrs_7"] = "macrs_5"
    """Schedule of chips [name]."""
    plant: Literal["macrs_5", "macrs_7", "macrs_15", "straight_39"] = "macrs_15"
    """Schedule of a hall's electrical and mechanical plant [name]."""
    power: Literal["macrs_5", "macrs_7", "macrs_15", "macrs_20"] = "macrs_15"
    """Schedule of connections and plant for power [name]."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


class Money(Record):
    """Price basis and discounting. Inputs are nominal dollars of `base_year` unless a key says otherwise."""

    base_year: Annotated[WholeNumber, Field(ge=1990, le=2100)] = 2025
    """Year of the money in which costs are stated and reported [year]."""
    wacc: Rate
    """Weighted average cost of capital, nominal, a year [fraction]."""
    inflation: quantity("fraction", ge=-0.1, le=1) = 0.025  # type: ignore[valid-type]
    """Inflation a year, used to deflate nominal rates and commitments [fraction]."""
    carbon_usd_per_t: number_or_dated(quantity("USD/t", ge=0)) = 0.0  # type: ignore[valid-type]
    """Price of emitted CO2, one or a dated path of them: {2027-01: 20, 2030-01: 60} [USD/t]."""
    unserved_usd_per_h100e_hour: quantity("USD/h100e-h", ge=0) | None = None  # type: ignore[valid-type]
    """Cost of demand that is not served [USD per H100e-hour; with another `demand.metric`, per unit of it and hour]. Without it all demand must be served."""
    revenue_usd_per_h100e_hour: number_or_dated(quantity("USD/h100e-h", ge=0)) | None = None  # type: ignore[valid-type]
    """Price at which served compute is sold, one or by date (it goes on stepping after the planning periods); needed for debt service cover [USD per H100e-hour; with another `demand.metric`, per unit of it and hour]."""
    budget_usd: Usd | None = None
    """Ceiling on capital spent from the first period until `operate_until`, in base-year money [USD]. With it and no sources, money comes from one source at the WACC."""
    embodied_carbon_priced: bool = False
    """Whether carbon_usd_per_t is paid on the CO2 of making chips and halls too [truth value]."""
    income_tax: IncomeTax | None = None
    """Tax on income. Without it plans are before tax."""
    currencies: dict[Currency, DollarsAUnit] = {}
    """US dollars of the base year that a unit of another currency is worth; money may then be written as "110 EUR/MWh" or "10 B EUR" [USD]."""


def revenue_path(money: Money) -> dict[int, float] | None:
    """Price of served compute by the month from which it holds [USD per unit of demand.metric and hour]; None without one."""
    price = money.revenue_usd_per_h100e_hour
    return None if price is None else as_path(price)
