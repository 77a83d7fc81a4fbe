"""Cross checks of chips."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer import catalog
from optimizer.scenario.findings import Finding, unknown
from optimizer.scenario.schema import ChipSettings, Scenario, goes_with, month_label
from optimizer.scenario.study_periods import last_month


def used_chips(scenario: Scenario) -> dict[str, None]:
    """Chips on offer, standing or decided, in order."""
    used = dict.fromkeys(scenario.chips.offered)
    for site in scenario.sites:
        used |= dict.fromkeys(block.chip for block in (*site.existing, *site.committed))
    return used


def catalog_id(scenario: Scenario, chip: str) -> str | None:
    """Catalog chip behind an id; None if there is none."""
    settings = scenario.chips.settings.get(chip)
    name = settings.based_on if settings is not None and settings.based_on is not None else chip
    return name if name in catalog.chips() else None


def chip_cooling(scenario: Scenario, chip: str) -> str | None:
    """What cools a chip, settings applied; None for one that nobody knows."""
    name, own = catalog_id(scenario, chip), scenario.chips.settings.get(chip)
    given = None if own is None else own.cooling
    return given if name is None else given or catalog.chip(name).cooling


def _announced(scenario: Scenario, chip: str) -> bool:
    """Whether settings of a chip that is not on offer tell of a generation that lowers others' prices."""
    known = all(catalog_id(scenario, offered) is not None for offered in scenario.chips.offered)
    own = scenario.chips.settings[chip]
    return known and own.release is not None and scenario.chips.price_cut_per_generation > 0


def chip_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of chips, their settings, supply and vendors."""
    chips, known = scenario.chips, catalog.chips()
    settings = chips.settings
    for i, chip in enumerate(chips.offered):
        if chip not in known and chip not in settings:
            yield unknown("chip", chip, {*known, *settings}, ("chips", "offered", i))
        if chip in chips.offered[:i]:
            yield Finding("E202", ("chips", "offered", i), f"{chip!r} is offered twice")
    for chip, values in settings.items():
        if values.based_on is not None and values.based_on not in known:
            yield unknown("chip", values.based_on, known, ("chips", "settings", chip, "based_on"))
        elif values.based_on is None and chip not in known:
            text = (
                f"{chip!r} is not in the catalog; give based_on, a catalog chip whose other values are taken"
            )
            yield Finding("E201", ("chips", "settings", chip), text, True)
    used = used_chips(scenario)
    for key in ("settings", "supply_racks"):
        for chip in getattr(chips, key):
            if chip not in used and not (key == "settings" and _announced(scenario, chip)):
                yield unknown("chip among chips.offered:", chip, used, ("chips", key, chip), True)
    systems = {*scenario.cooling, *(c for site in scenario.sites for c in site.cooling or ())}
    for i, chip in enumerate(chips.offered):
        taken = chip_cooling(scenario, chip)
        if taken is not None and not any(goes_with(cooling, taken) for cooling in systems):
            text = f"{chip!r} takes {taken} cooling; none of the cooling systems on offer gives it"
            yield Finding("E211", ("chips", "offered", i), text)
    yield from _racks(scenario)
    yield from _settings(scenario)
    yield from _vendors(scenario)


def rack_kw(fact: catalog.Chip, own: ChipSettings) -> float:
    """Power of a rack with a chip's settings [kW]."""
    if own.it_kw_per_rack is not None:
        return float(own.it_kw_per_rack)
    kw = fact.it_kw_per_chip
    if own.host in catalog.hosts() and fact.host != "none":
        kw += catalog.host(own.host).it_kw_per_accelerator - catalog.host(fact.host).it_kw_per_accelerator
    return kw * (own.chips_per_rack or fact.chips_per_rack)


def _racks(scenario: Scenario) -> Iterator[Finding]:
    """Halls that take no rack on offer."""
    most = scenario.hall.max_rack_kw
    named = [(chip, catalog_id(scenario, chip)) for chip in scenario.chips.offered]
    racks = [
        rack_kw(catalog.chip(name), scenario.chips.settings.get(chip, ChipSettings()))
        for chip, name in named
        if name is not None
    ]
    if most is not None and len(racks) == len(named) and min(racks) > most + 1e-9:
        text = f"no rack on offer is that light; the lightest takes {min(racks):g} kW, found {most:g}"
        yield Finding("E211", ("hall", "max_rack_kw"), text)


def _settings(scenario: Scenario) -> Iterator[Finding]:
    for chip, own in scenario.chips.settings.items():
        at, name = ("chips", "settings", chip), catalog_id(scenario, chip)
        if name is None:
            continue
        fact = catalog.chip(name)
        if own.host is not None and own.host not in catalog.hosts():
            yield unknown("host", own.host, catalog.hosts(), (*at, "host"))
        elif own.host is not None and fact.host == "none":
            yield Finding("E208", (*at, "host"), f"{fact.name} has no hosts beside it", True)
        if own.rack_price_usd is not None and own.rack_price_path:
            text = "expected rack_price_usd or rack_price_path, found both"
            yield Finding("E209", (*at, "rack_price_path"), text, True)
        if own.availability is not None and own.repair_hours is not None:
            text = "expected availability, which holds failures and repair, or repair_hours, found both"
            yield Finding("E209", (*at, "repair_hours"), text, True)
        cooled = own.cooling or fact.cooling
        for key in ("liquid_share", "supply_c_max"):
            if getattr(own, key) is not None and cooled == "air":
                text = f"{chip!r} takes air cooling: no liquid reaches it"
                yield Finding("E208", (*at, key), text, True)
        if cooled != "air" and fact.liquid_share == 0 and own.liquid_share is None:
            text = f"{fact.name} gives no heat to liquid; cooling {cooled} needs liquid_share"
            yield Finding("E213", (*at, "cooling"), text)
        both = own.countries is not None and own.barred_countries
        if both and not set(own.countries or ()) - set(own.barred_countries):
            yield Finding("E208", (*at, "barred_countries"), "no country is left", True)
        if own.last_sale is not None and own.last_sale < (own.release or fact.release):
            text = f"expected {month_label(own.release or fact.release)} (release) or later"
            yield Finding("E205", (*at, "last_sale"), f"{text}, found {month_label(own.last_sale)}")
        if own.development_from is not None and own.development_usd is None:
            text = "development_from needs development_usd"
            yield Finding("E213", (*at, "development_from"), text, True)
        end = last_month(scenario.horizon)
        if own.development_from is not None and own.development_from > end:
            text = f"expected a month of the study, which ends in {month_label(end)}, found {month_label(own.development_from)}"
            yield Finding("E205", (*at, "development_from"), text)


def _vendors(scenario: Scenario) -> Iterator[Finding]:
    vendors = set()
    for chip in used_chips(scenario):
        name, own = catalog_id(scenario, chip), scenario.chips.settings.get(chip)
        if name is not None:
            vendors.add(own.vendor if own is not None and own.vendor else catalog.chip(name).vendor)
    for key in ("supply_vendor_racks", "max_vendor_share"):
        for vendor in getattr(scenario.chips, key):
            if vendor not in vendors:
                yield unknown("vendor of chips on offer:", vendor, vendors, ("chips", key, vendor), True)
