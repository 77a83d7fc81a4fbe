"""Markets: construction cost by place, sales and property tax."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from optimizer.catalog.fact import CatalogError, Fact, facts_in, read_facts


@dataclass(frozen=True)
class Market:
    """A market.

    Attributes
    ----------
    id : str
        `us-tx`, `de`, …
    name, country : str
    state : str or None
    labour_index : float
        Cost of construction beside the United States' average.
    sales_rate : float
        Sales tax or irrecoverable VAT on plant and chips, state and local [fraction].
    property_rate : float
        Property tax a year on facility value [fraction].
    sales_exempt_from_usd : float or None
        Least investment from which the state exempts data centre equipment from sales tax; None: none is known [USD].
    facts : dict of str to Fact
    """

    id: str
    name: str
    country: str
    state: str | None
    labour_index: float
    sales_rate: float
    property_rate: float
    sales_exempt_from_usd: float | None
    facts: dict[str, Fact]


@lru_cache(maxsize=1)
def _markets() -> dict[str, Market]:
    book = read_facts("markets")
    default: dict[str, Any] = book["default"]
    result: dict[str, Market] = {}
    for name, entry in {"default": default, **book["markets"]}.items():
        facts = facts_in({**default, **entry})
        least = facts.get("sales_exempt_from_usd")
        result[name] = Market(
            id=name,
            name=entry["name"],
            country=entry["country"],
            state=entry.get("state"),
            labour_index=facts["labour_index"].value,
            sales_rate=facts["sales_rate"].value,
            property_rate=facts["property_rate"].value,
            sales_exempt_from_usd=least.value if least is not None else None,
            facts=facts,
        )
    return result


def market_ids() -> tuple[str, ...]:
    """Ids of all markets."""
    return tuple(_markets())


def market(market_id: str) -> Market:
    """A market.

    Raises
    ------
    CatalogError
        Unknown id.
    """
    known = _markets()
    if market_id not in known:
        raise CatalogError("market", market_id, known)
    return known[market_id]


def market_of(country: str, state: str | None = None) -> Market:
    """The market of a place: its state's, else its country's, else the default."""
    known = _markets()
    names = [country.lower(), "default"]
    if state is not None:
        names.insert(0, f"{country}-{state}".lower())
    return next(known[name] for name in names if name in known)
