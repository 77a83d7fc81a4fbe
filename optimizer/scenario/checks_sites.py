"""Cross checks of sites: ids of the catalog, power, price, and halls that stand or are decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optimizer import catalog
from optimizer.scenario.checks_chips import chip_cooling
from optimizer.scenario.checks_power import power_by_month, power_findings
from optimizer.scenario.findings import Finding, duplicates, unknown
from optimizer.scenario.schema import HallBlock, Scenario, Site, goes_with, month_label, names_weather_file
from optimizer.scenario.study_periods import last_start


def site_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of all sites."""
    yield from duplicates("site", (site.name for site in scenario.sites), ("sites",))
    for i, site in enumerate(scenario.sites):
        yield from _ids(site, i)
        yield from power_findings(scenario, site, i)
        last = last_start(scenario.horizon)
        if site.available_from is not None and site.available_from > last:
            text = (
                f"expected {month_label(last)} or earlier, the start of the last planning period, "
                f"found {month_label(site.available_from)}"
            )
            yield Finding("E205", ("sites", i, "available_from"), text)
        if site.tax.sales_exempt and site.tax.sales_exempt_from_usd is not None:
            text = "expected sales_exempt: true or sales_exempt_from_usd, found both"
            yield Finding("E209", ("sites", i, "tax", "sales_exempt_from_usd"), text, True)
        for key, blocks in (("existing", site.existing), ("committed", site.committed)):
            for n, block in enumerate(blocks):
                yield from _block(scenario, site, block, key, ("sites", i, key, n))
        yield from _fits(scenario, site, i)


def _ids(site: Site, i: int) -> Iterator[Finding]:
    at = ("sites", i)
    if not names_weather_file(site.weather) and site.weather not in catalog.weather_ids():
        yield unknown("weather", site.weather, catalog.weather_ids(), (*at, "weather"))
    if site.market is not None and site.market not in catalog.market_ids():
        yield unknown("market", site.market, catalog.market_ids(), (*at, "market"))
    countries = {catalog.market(name).country for name in catalog.market_ids()} | set(
        catalog.carbon_countries()
    )
    if site.country not in countries and (site.market is None or site.carbon_kg_per_mwh is None):
        text = f"unknown country {site.country!r}; give market and carbon_kg_per_mwh for a country that the catalog does not have"
        yield Finding("E201", (*at, "country"), text)
    if site.carbon_region is not None and site.carbon_region not in catalog.carbon_regions():
        yield unknown("carbon region", site.carbon_region, catalog.carbon_regions(), (*at, "carbon_region"))
    elif site.carbon_kg_per_mwh is None and site.state is not None:
        try:
            catalog.carbon_rate(site.carbon_region, site.state, site.country)
        except catalog.CatalogError as error:
            yield Finding("E201", (*at, "state"), str(error))


def _block(
    scenario: Scenario, site: Site, block: HallBlock, key: str, at: tuple[Any, ...]
) -> Iterator[Finding]:
    horizon, known, settings = scenario.horizon, catalog.chips(), scenario.chips.settings
    taken = chip_cooling(scenario, block.chip)
    if block.chip not in known and block.chip not in settings:
        yield unknown("chip", block.chip, {*known, *settings}, (*at, "chip"))
    elif taken is not None and not goes_with(block.cooling, taken):
        text = f"{block.chip} takes {taken} cooling; {block.cooling} does not give it"
        yield Finding("E208", (*at, "cooling"), text)
    start = month_label(horizon.start)
    if key == "existing" and block.online > horizon.start:
        text = f"existing halls are online by the start ({start}), found {month_label(block.online)}; later ones are committed"
        yield Finding("E205", (*at, "online"), text)
    if key == "committed":
        last = last_start(horizon)
        if not horizon.start <= block.online <= last:
            text = f"committed halls come online from {start} to {month_label(last)}, found {month_label(block.online)}"
            yield Finding("E205", (*at, "online"), text)


def _fits(scenario: Scenario, site: Site, i: int) -> Iterator[Finding]:
    """Blocks against the site's ceiling and its power; IT megawatts alone, so that a finding is certain."""
    blocks = [(block, ("sites", i, "existing", n)) for n, block in enumerate(site.existing)]
    blocks += [(block, ("sites", i, "committed", n)) for n, block in enumerate(site.committed)]
    if not blocks:
        return
    total = sum(block.it_mw for block, _ in blocks)
    if site.max_it_mw is not None and total > site.max_it_mw + 1e-9:
        text = (
            f"halls that stand or are decided take {total:g} MW, more than the ceiling {site.max_it_mw:g} MW"
        )
        yield Finding("E208", ("sites", i, "max_it_mw"), text)
    if site.land is not None and total * site.land.acres_per_mw > site.land.acres + 1e-9:
        text = f"halls that stand or are decided take {total * site.land.acres_per_mw:g} acres, found {site.land.acres:g}"
        yield Finding("E208", ("sites", i, "land", "acres"), text)
    # Power that comes during a period counts from its start here, and every way's together: what is found then is certain.
    horizon = scenario.horizon
    steps = power_by_month(scenario, site)
    most = max(steps.values(), default=0.0)
    if total > most > 0:
        _, at = max(blocks, key=lambda pair: pair[0].it_mw)
        text = f"halls that stand or are decided take {total:g} MW of IT alone, and the site never has more than {most:g} MW"
        yield Finding("E208", (*at, "it_mw"), text)
        return
    for block, at in sorted(blocks, key=lambda pair: pair[0].online):
        if (block.online <= horizon.start) != (at[2] == "existing") and block.online != horizon.start:
            continue  # a date that is a finding of its own
        late = max(0, block.online - horizon.start)
        first = horizon.start + -(-late // horizon.months_per_period) * horizon.months_per_period
        last = first + horizon.months_per_period - 1
        taken = sum(b.it_mw for b, _ in blocks if b.online <= first)
        there = max((mw for month, mw in steps.items() if month <= last), default=0.0)
        if taken > there + 1e-9:
            text = (
                f"halls that stand or are decided take {taken:g} MW of IT alone in {month_label(first)}, and the site "
                f"has {there:g} MW by then; expected grid.offer_mw or onsite plant that is there when they run"
            )
            yield Finding("E208", (*at, "online"), text)
            return
