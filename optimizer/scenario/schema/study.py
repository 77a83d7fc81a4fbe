"""The study as a whole: horizon, money, objective."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from optimizer.scenario.schema.base import Month, Rate, Record, Usd, WholeNumber, no_truth_value, quantity

Objective = Literal["minimize_cost", "maximize_compute"]


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


class Money(Record):
    """Price basis and discounting. Inputs are nominal dollars of `base_year` unless a key says otherwise."""

    base_year: Annotated[WholeNumber, Field(ge=1990, le=2100)] = 2025
    """Year of the money in which costs are stated and reported [year]."""
    wacc: Rate
    """Weighted average cost of capital, nominal, a year [fraction]."""
    inflation: quantity("fraction", ge=-0.1, le=1) = 0.025  # type: ignore[valid-type]
    """Inflation a year, used to deflate nominal rates and commitments [fraction]."""
    carbon_usd_per_t: quantity("USD/t", ge=0) = 0.0  # type: ignore[valid-type]
    """Price of emitted CO2 [USD/t]."""
    unserved_usd_per_h100e_hour: quantity("USD/h100e-h", ge=0) | None = None  # type: ignore[valid-type]
    """Cost of demand that is not served [USD per H100e-hour; with another `demand.metric`, per unit of it and hour]. Without it all demand must be served."""
    revenue_usd_per_h100e_hour: quantity("USD/h100e-h", ge=0) | None = None  # type: ignore[valid-type]
    """Price at which served compute is sold; needed for debt service cover [USD per H100e-hour; with another `demand.metric`, per unit of it and hour]."""
    budget_usd: Usd | None = None
    """Ceiling on capital spent from the first period until `operate_until`, in base-year money [USD]. With it and no sources, money comes from one source at the WACC."""
