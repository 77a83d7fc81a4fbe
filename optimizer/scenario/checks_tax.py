"""Cross checks of taxes at sites."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer import catalog
from optimizer.scenario.findings import Finding
from optimizer.scenario.schema import Scenario, Site
from optimizer.scenario.site_tax import market_of


def tax_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of `sites[].tax`."""
    for i, site in enumerate(scenario.sites):
        tax, at = site.tax, ("sites", i, "tax")
        if tax.sales_exempt_by_state:
            yield from _by_state(site, (*at, "sales_exempt_by_state"))
        waived = tax.property_abatement
        if waived is not None and waived.chips and not tax.property_rate_chips:
            text = "chips are taxed by property_rate_chips, which is not given: nothing of it could be waived"
            yield Finding("E213", (*at, "property_abatement", "chips"), text)


def _by_state(site: Site, path: tuple[str | int, ...]) -> Iterator[Finding]:
    """A state's threshold: one must be known, and nothing else may say the same."""
    for other, given in (
        ("sales_exempt", site.tax.sales_exempt),
        ("sales_exempt_from_usd", site.tax.sales_exempt_from_usd is not None),
    ):
        if given:
            yield Finding("E209", path, f"expected sales_exempt_by_state or {other}, found both")
            return
    if site.market is not None and site.market not in catalog.market_ids():
        return
    market = market_of(site)
    if market.sales_exempt_from_usd is None:
        known = [
            name for name in catalog.market_ids() if catalog.market(name).sales_exempt_from_usd is not None
        ]
        text = f"the catalog has no threshold for the market {market.id}; give sales_exempt_from_usd"
        yield Finding("E213", path, f"{text}; known: {', '.join(known)}")
