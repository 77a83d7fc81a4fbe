"""What a site's taxes are where keys leave them to the catalog (docs/economics.md, section 5)."""

from __future__ import annotations

from optimizer import catalog
from optimizer.scenario.schema import Site


def market_of(site: Site) -> catalog.Market:
    """Construction, labour and tax market of a site."""
    if site.market is not None:
        return catalog.market(site.market)
    return catalog.market_of(site.country, site.state)


def sales_exempt_from_usd(site: Site) -> float | None:
    """Capital from which sales tax comes back: the site's, or its market's if the key asks for it; None: never [USD]."""
    if site.tax.sales_exempt_by_state:
        return market_of(site).sales_exempt_from_usd
    return site.tax.sales_exempt_from_usd
