"""Cross checks of sites: ids of the catalog, power, price, and halls that stand or are decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optimizer import catalog
from optimizer.scenario.findings import Finding, duplicates, unknown
from optimizer.scenario.schema import HallBlock, Scenario, Site, goes_with, month_label, names_weather_file

_PRICES = ("hub", "retail_state", "flat_usd_per_mwh", "file", "tariff")


def site_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of all sites."""
    yield from duplicates("site", (site.name for site in scenario.sites), ("sites",))
    for i, site in enumerate(scenario.sites):
        yield from _ids(site, i)
        yield from _power(site, i)
        yield from _price(site, i)
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
    gas = site.onsite.gas if site.onsite is not None else None
    if gas is not None and gas.technology not in catalog.supply_ids():
        path = (*at, "onsite", "gas", "technology")
        yield unknown("supply technology", gas.technology, catalog.supply_ids(), path)
    elif gas is not None and not catalog.supply(gas.technology).heat_rate_btu_per_kwh:
        path = (*at, "onsite", "gas", "technology")
        yield Finding("E201", path, f"{gas.technology!r} burns no gas")


def _power(site: Site, i: int) -> Iterator[Finding]:
    gas = site.onsite is not None and site.onsite.gas is not None
    if site.grid is None and not gas:
        text = f"site {site.name!r} has no power; expected a grid offer (grid.offer_mw), plant of its own (onsite.gas), or both"
        yield Finding("E206", ("sites", i), text)
    elif site.grid is not None and not gas and not any(site.grid.offer_mw.values()):
        text = f"site {site.name!r} has no power: the grid offers 0 MW at every date"
        yield Finding("E206", ("sites", i, "grid", "offer_mw"), text)
    if site.grid is not None and site.price is None:
        text = f"site {site.name!r} has a grid offer and no price; expected price with one of {', '.join(_PRICES)}"
        yield Finding("E207", ("sites", i, "grid"), text, True)


def _price(site: Site, i: int) -> Iterator[Finding]:
    price = site.price
    if price is None:
        return
    given = [key for key in _PRICES if getattr(price, key) is not None]
    at = ("sites", i, "price")
    if len(given) != 1:
        text = f"expected exactly one of {', '.join(_PRICES)}, found {' and '.join(given) or 'none'}"
        yield Finding("E207", at, text, True)
    if price.year is not None and price.hub is None:
        yield Finding("E207", (*at, "year"), "a year goes with a hub only")
    if price.hub is not None and price.hub not in catalog.price_hubs():
        yield unknown("price hub", price.hub, catalog.price_hubs(), (*at, "hub"))
    elif (
        price.hub is not None and price.year is not None and price.year not in catalog.price_years(price.hub)
    ):
        years = ", ".join(map(str, catalog.price_years(price.hub)))
        yield Finding("E201", (*at, "year"), f"{price.hub} has the years {years}, found {price.year}")
    if price.retail_state is not None and price.retail_state not in catalog.retail_states():
        yield unknown(
            "state with a retail price", price.retail_state, catalog.retail_states(), (*at, "retail_state")
        )


def _block(
    scenario: Scenario, site: Site, block: HallBlock, key: str, at: tuple[Any, ...]
) -> Iterator[Finding]:
    horizon, known, settings = scenario.horizon, catalog.chips(), scenario.chips.settings.get(block.chip)
    chip = settings.based_on if settings is not None and settings.based_on is not None else block.chip
    if block.chip not in known and settings is None:
        yield unknown("chip", block.chip, {*known, *scenario.chips.settings}, (*at, "chip"))
    elif chip in known and not goes_with(block.cooling, known[chip].cooling):
        text = f"{block.chip} takes {known[chip].cooling} cooling; {block.cooling} does not give it"
        yield Finding("E208", (*at, "cooling"), text)
    start = month_label(horizon.start)
    if key == "existing" and block.online > horizon.start:
        text = f"existing halls are online by the start ({start}), found {month_label(block.online)}; later ones are committed"
        yield Finding("E205", (*at, "online"), text)
    if key == "committed":
        last = horizon.start + (horizon.periods - 1) * horizon.months_per_period
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
    gas = site.onsite.gas if site.onsite is not None else None
    offer = site.grid.offer_mw if site.grid is not None else {}
    most = max(offer.values(), default=0.0) + (gas.max_mw if gas is not None else 0.0)
    if total > most and (offer or gas is not None) and most > 0:
        _, at = max(blocks, key=lambda pair: pair[0].it_mw)
        text = f"halls that stand or are decided take {total:g} MW of IT alone, and the site never has more than {most:g} MW"
        yield Finding("E208", (*at, "it_mw"), text)
        return
    # Power that comes during a period counts from its start here: what is found then is certain.
    horizon = scenario.horizon
    for block, at in sorted(blocks, key=lambda pair: pair[0].online):
        if (block.online <= horizon.start) != (at[2] == "existing") and block.online != horizon.start:
            continue  # a date that is a finding of its own
        late = max(0, block.online - horizon.start)
        first = horizon.start + -(-late // horizon.months_per_period) * horizon.months_per_period
        last = first + horizon.months_per_period - 1
        taken = sum(b.it_mw for b, _ in blocks if b.online <= first)
        there = max((mw for month, mw in offer.items() if month <= last), default=0.0)
        if gas is not None and horizon.start + gas.lead_months <= last:
            there += gas.max_mw
        if taken > there + 1e-9:
            text = (
                f"halls that stand or are decided take {taken:g} MW of IT alone in {month_label(first)}, and the site "
                f"has {there:g} MW by then; expected grid.offer_mw or onsite.gas that is there when they run"
            )
            yield Finding("E208", (*at, "online"), text)
            return
