"""Cross checks of power: prices, the grid's terms, plant of one's own, contracts, limits over all sites."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer import catalog
from optimizer.scenario.findings import Finding, duplicates, unknown
from optimizer.scenario.grid_steps import at_month, curtailable_steps, firm_steps
from optimizer.scenario.schema import Scenario, Site, month_label, plants_of

PRICES = ("hub", "retail_state", "flat_usd_per_mwh", "file", "tariff")


def power_findings(scenario: Scenario, site: Site, i: int) -> Iterator[Finding]:
    """Findings of one site."""
    yield from _has_power(scenario, site, i)
    yield from _price(site, i)
    yield from _grid(scenario, site, i)
    yield from _onsite(site, i)
    for n, ppa in enumerate(site.ppa):
        if site.grid is None:
            text = "a contract for clean energy goes with a grid offer; the site has none"
            yield Finding("E206", ("sites", i, "ppa", n), text)
        if ppa.from_ > _end(scenario):
            text = f"the study ends in {month_label(_end(scenario))}, found {month_label(ppa.from_)}"
            yield Finding("E205", ("sites", i, "ppa", n, "from"), text)


def fleet_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of what holds for the power of all sites."""
    for technology in scenario.power.unit_slots:
        if technology not in catalog.supply_ids():
            path = ("power", "unit_slots", technology)
            yield unknown("supply technology", technology, catalog.supply_ids(), path)


def power_by_month(scenario: Scenario, site: Site) -> dict[int, float]:
    """Most megawatts that a site can have from each month on, every way's together, nameplates counted."""
    start = scenario.horizon.start
    firm, tranche = firm_steps(scenario, site), curtailable_steps(scenario, site)
    arrivals = []
    onsite = site.onsite
    for plant, technology in plants_of(onsite).values():
        if technology in catalog.supply_ids():
            lead = catalog.supply(technology).lead_months if plant.lead_months is None else plant.lead_months
            arrivals.append((start + plant.permit_months + lead, plant.max_mw))
    for asset in () if onsite is None else (onsite.solar, onsite.wind, onsite.battery):
        if asset is not None:
            arrivals.append((start + asset.permit_months + (asset.lead_months or 0.0), asset.max_mw))
    months = sorted({*firm, *tranche, *(int(at) for at, _ in arrivals)})
    return {
        month: at_month(firm, month)
        + at_month(tranche, month)
        + sum(mw for at, mw in arrivals if int(at) <= month)
        for month in months
    }


def _end(scenario: Scenario) -> int:
    horizon = scenario.horizon
    last = horizon.start + horizon.periods * horizon.months_per_period - 1
    return max(last, horizon.operate_until or 0)


def _has_power(scenario: Scenario, site: Site, i: int) -> Iterator[Finding]:
    own = site.onsite is not None and any(
        getattr(site.onsite, name) is not None
        for name in ("gas", "engines", "fuel_cells", "reactor", "solar", "wind", "battery")
    )
    if site.grid is None and not own:
        text = f"site {site.name!r} has no power; expected a grid offer (grid.offer_mw), plant of its own (onsite.gas), or both"
        yield Finding("E206", ("sites", i), text)
    elif site.grid is not None and not own:
        steps = {**firm_steps(scenario, site), **curtailable_steps(scenario, site)}
        if not any(steps.values()):
            text = f"site {site.name!r} has no power: the grid offers 0 MW at every date"
            yield Finding("E206", ("sites", i, "grid", "offer_mw"), text)
    if site.grid is not None and site.price is None:
        text = f"site {site.name!r} has a grid offer and no price; expected price with one of {', '.join(PRICES)}"
        yield Finding("E207", ("sites", i, "grid"), text, True)


def _price(site: Site, i: int) -> Iterator[Finding]:
    price = site.price
    if price is None:
        return
    given = [key for key in PRICES if getattr(price, key) is not None]
    at = ("sites", i, "price")
    if len(given) != 1:
        text = f"expected exactly one of {', '.join(PRICES)}, found {' and '.join(given) or 'none'}"
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
    if price.demand_ratchet and not price.demand_usd_per_kw_month:
        text = "a ratchet goes with demand_usd_per_kw_month; a tariff has its own"
        yield Finding("E207", (*at, "demand_ratchet"), text)
    yield from duplicates("rider", (rider.name for rider in price.riders), (*at, "riders"))


def _grid(scenario: Scenario, site: Site, i: int) -> Iterator[Finding]:
    grid = site.grid
    if grid is None:
        return
    at = ("sites", i, "grid")
    for n, position in enumerate(grid.queue):
        comes = position.requested + position.study_months + position.build_months
        if comes > _end(scenario):
            text = f"these megawatts come in {month_label(int(comes))}, after the study's end {month_label(_end(scenario))}"
            yield Finding("E205", (*at, "queue", n, "requested"), text)
    tranche = grid.curtailable
    if tranche is not None and (tranche.by == "load") != (tranche.load_file is not None):
        text = "`by: load` and load_file go together"
        yield Finding("E207", (*at, "curtailable", "by"), text)
    contract = grid.contract
    if contract is not None and grid.min_take == 0:
        for key in ("ramp", "exit_fee_months"):
            if getattr(contract, key):
                text = f"{key} goes with grid.min_take, which is 0"
                yield Finding("E207", (*at, "contract", key), text)
    if contract is not None and len(contract.ramp) > contract.years:
        text = f"the ramp has {len(contract.ramp)} years, the contract {contract.years:g}"
        yield Finding("E208", (*at, "contract", "ramp"), text)


def _onsite(site: Site, i: int) -> Iterator[Finding]:
    for key, (plant, technology) in plants_of(site.onsite).items():
        at = ("sites", i, "onsite", key)
        if technology not in catalog.supply_ids():
            yield unknown("supply technology", technology, catalog.supply_ids(), (*at, "technology"))
        elif not catalog.supply(technology).heat_rate_btu_per_kwh:
            yield Finding("E201", (*at, "technology"), f"{technology!r} burns no fuel")
        most, least = plant.max_mmbtu_per_day, plant.min_mmbtu_per_day
        if most is not None and least > most:
            text = f"fuel that must be paid ({least:g}) is more than can be had ({most:g} MMBtu a day)"
            yield Finding("E208", (*at, "min_mmbtu_per_day"), text)
        if set(plant.then) - {"stay"} and site.grid is None:
            text = "a plant leaves when the grid comes; the site has no grid offer"
            yield Finding("E207", (*at, "then"), text)
