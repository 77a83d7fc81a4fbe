"""Whose money pays, for what, and on which terms."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, model_serializer

from optimizer.scenario.schema.base import (
    Fraction,
    Identifier,
    Month,
    Mw,
    Rate,
    Record,
    Usd,
    WholeNumber,
    Years,
    dated,
    quantity,
)

AssetClass = Literal["land", "facility", "power", "chips"]
ASSET_CLASSES: tuple[str, ...] = get_args(AssetClass)


class Condition(Record):
    """What must have happened before a source may be drawn."""

    online_mw: Mw
    """IT megawatts in operation over all sites [MW]."""


class Round(Record):
    """A raise of equity: new shares at a valuation."""

    date: Month
    """Month in which the money comes [YYYY-MM]."""
    usd: quantity("USD", gt=0)  # type: ignore[valid-type]
    """Amount raised, nominal [USD]."""
    pre_money_usd: quantity("USD", gt=0) | None = None  # type: ignore[valid-type]
    """Value of the company before the raise; the new shares are usd / (pre_money_usd + usd) [USD]."""
    fee_share: quantity("fraction", ge=0, lt=1) = 0.0  # type: ignore[valid-type]
    """Share of the amount that the raise costs: what is left may be drawn, and the fee is paid as it is drawn [fraction]."""
    after: Condition | None = None
    """Condition on it."""


class Source(Record):
    """A source of money: equity, debt, a lease or a vendor's credit."""

    name: Identifier
    """Name of the source."""
    kind: Literal["equity", "debt", "lease", "vendor"]
    """What it is [name]."""
    commit_usd: Usd | None = None
    """Ceiling on all draws, nominal [USD]. Without it only other limits hold."""
    tranches: dated(Usd) = {}  # type: ignore[valid-type]
    """Ceiling by date in place of commit_usd: money that becomes available at each date and carries over, nominal [USD]."""
    tranche_months: quantity("months", gt=0) | None = None  # type: ignore[valid-type]
    """How long each tranche may be drawn; what is left then lapses, and tranches may not overlap [months]. Default: they carry over."""
    raises: tuple[Round, ...] = ()
    """Rounds of new equity, on top of commit_usd or of tranches that carry over. Equity."""
    rank: Annotated[WholeNumber, Field(ge=1, le=20)] = 1
    """Rank of the claim, 1 is senior: loan to cost and cover of a source count the money of its own rank and of those before it [count]. Debt, lease, vendor."""
    from_: Annotated[Month | None, Field(alias="from")] = None
    """First month in which it may be drawn [YYYY-MM]. Default: the start of the horizon."""
    until: Month | None = None
    """Last month in which it may be drawn [YYYY-MM]."""
    cost: Rate | None = None
    """Yearly cost of the money, nominal [fraction]. Equity, lease, vendor."""
    rate: Rate | None = None
    """Yearly interest, nominal [fraction]. Debt."""
    years: Years | None = None
    """Time over which the balance is paid back in level payments, in whole periods rounded up [years]. Default: 15 for debt, 5 for lease and vendor, the life of the study for equity."""
    loan_to_cost: Fraction | None = None
    """Ceiling on draws of all loans up to this one's rank as a share of the funded classes' spending so far, from the first draw on [fraction]. Debt and vendor."""
    min_dscr: quantity("ratio", ge=1, le=10) | None = None  # type: ignore[valid-type]
    """Least cover: (revenue - operating cost) / service of all sources up to this one's rank, in every period in which it is served [ratio]. Needs money.revenue_usd_per_h100e_hour."""
    funds: Annotated[tuple[AssetClass, ...], Field(min_length=1)]
    """Asset classes that it may pay for [names]."""
    after: Condition | None = None
    """Condition on the first draw."""
    source: str | None = None
    """Where this is from, or `assumption` [text]."""


def _not_empty(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    if not sources:
        raise ValueError("expected at least one source; leave finance out where money is no limit")
    return sources


class Finance(Record):
    """Sources of money. Without any, money is not a limit and costs the WACC."""

    sources: Annotated[tuple[Source, ...], AfterValidator(_not_empty)] = ()
    """Sources of money. Leave it out where money is no limit: an empty list is an error."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, as_it_is: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What is not given is left out, so that a written scenario can be read again."""
        document: dict[str, Any] = as_it_is(self)
        if not self.sources:
            document.pop("sources", None)
        return document
