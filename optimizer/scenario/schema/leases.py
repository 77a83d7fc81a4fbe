"""Compute on offer by lease: clouds that rent out what they own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from optimizer.scenario.schema.base import (
    Country,
    Fraction,
    H100e,
    Identifier,
    Months,
    Record,
    dated,
    quantity,
)


class Lease(Record):
    """Compute that a neocloud rents out, beside halls of one's own."""

    name: Identifier
    """Name of the offer, once in a scenario and no site's name."""
    available: dated(H100e)  # type: ignore[valid-type]
    """Compute on offer from each date on, as it works on the reference's utilisation [unit of demand.metric]."""
    usd_per_h100e_hour: quantity("USD/h100e-hour", gt=0)  # type: ignore[valid-type]
    """Price of a contract signed at the first date, energy and operation in it, base-year money [USD per unit of demand.metric and hour]."""
    price_decline_per_year: Fraction = 0.0
    """Fall of the price of contracts signed later [fraction a year]."""
    months: Months = 36.0
    """Term of a contract, rounded up to whole periods; it may be extended until the end of the study at its price [months]."""
    take_or_pay: Fraction = 1.0
    """Share of the price that is owed for compute that is not used [fraction]."""
    exit_after_months: Months | None = None
    """Earliest exit from a contract. Default: none before the end of the term [months]."""
    exit_fee_months: Months = 12.0
    """Most months of its price that an early exit costs [months]."""
    lat: quantity("degrees north", ge=-90, le=90) | None = None  # type: ignore[valid-type]
    """Latitude; without a place it serves only work without a region [degrees north]."""
    lon: quantity("degrees east", ge=-180, le=180) | None = None  # type: ignore[valid-type]
    """Longitude [degrees east]."""
    country: Country = "US"
    """Country [ISO 3166 two letters]."""
    workloads: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Workloads that it can do [names]. Default: all but cpu work."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""
