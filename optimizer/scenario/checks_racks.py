"""Cross checks of racks: when they are on sale and delivered, and whether a hall carries one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from optimizer import catalog
from optimizer.scenario.checks_chips import catalog_id, rack_kw, used_chips
from optimizer.scenario.findings import Finding
from optimizer.scenario.nodes import Step
from optimizer.scenario.schema import ChipSettings, HallBlock, Scenario, month_label
from optimizer.scenario.study_periods import count, last_month, last_start, period_of, whole_periods

# The catalog's release is the month of volume; first customers have racks some quarters before it.
EARLY_MONTHS = 12
# Racks of the last sale may wait for the hall that is built for them.
LATE_MONTHS = 18


@dataclass(frozen=True)
class _Sale:
    """A chip with its settings: months of release and last sale, periods in which it is sold, power of a rack [kW]."""

    chip: str
    release: int
    last_sale: int | None
    first: int
    end: int
    family: str
    life_months: float
    rack_kw: float
    offered: bool

    def on_sale(self, period: int) -> bool:
        """Whether racks can be bought in a period."""
        return self.first <= period < self.end


def rack_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of racks."""
    sales = {chip: sale for chip in used_chips(scenario) if (sale := _sale(scenario, chip)) is not None}
    yield from _never_sold(scenario, sales)
    yield from _too_large(scenario, sales)
    for s, site in enumerate(scenario.sites):
        for key, blocks in (("existing", site.existing), ("committed", site.committed)):
            for n, block in enumerate(blocks):
                if block.chip in sales:
                    yield from _block(block, sales[block.chip], key, ("sites", s, key, n))
    chips = scenario.chips
    for key, deliveries in (
        ("supply_racks", chips.supply_racks),
        ("supply_vendor_racks", chips.supply_vendor_racks),
    ):
        for name, path in deliveries.items():
            yield from never_arrives(scenario, ("chips", key, name), path, "racks")


def never_arrives(
    scenario: Scenario, at: tuple[Step, ...], path: dict[int, float], what: str
) -> Iterator[Finding]:
    """The finding of a dated path that says nothing of the planning periods."""
    last = last_start(scenario.horizon)
    if not path:
        yield Finding("E106", at, f"expected at least one date with {what}, found an empty mapping")
    elif min(path) > last:
        first = month_label(min(path))
        text = (
            f"{first}, the first date, lies after the start of the last planning period ({month_label(last)})"
        )
        yield Finding("E205", (*at, first), text, True)


def _sale(scenario: Scenario, chip: str) -> _Sale | None:
    name = catalog_id(scenario, chip)
    if name is None:
        return None
    fact, horizon = catalog.chip(name), scenario.horizon
    own = scenario.chips.settings.get(chip, ChipSettings())
    release = fact.release if own.release is None else own.release
    last_sale = own.last_sale
    if last_sale is None and release <= fact.release:
        last_sale = fact.last_sale  # what comes later than its base is sold on
    life = fact.life_years if own.life_years is None else own.life_years
    return _Sale(
        chip,
        release,
        last_sale,
        first=period_of(horizon, release),
        end=min(count(horizon), period_of(horizon, last_sale + 1))
        if last_sale is not None
        else count(horizon),
        family=own.family or fact.family,
        life_months=12 * life,
        rack_kw=rack_kw(fact, own),
        offered=chip in scenario.chips.offered,
    )


def _never_sold(scenario: Scenario, sales: dict[str, _Sale]) -> Iterator[Finding]:
    """Chips on offer that no new hall could be filled with, nor any that is refreshed."""
    planning = range(scenario.horizon.periods)
    refreshed = _refreshed(scenario, sales)
    for i, chip in enumerate(scenario.chips.offered):
        sale = sales.get(chip)
        if sale is None or chip in refreshed or any(map(sale.on_sale, planning)):
            continue
        own = scenario.chips.settings.get(chip)
        if own is not None and own.last_sale is not None and own.last_sale < sale.release:
            continue  # a finding of its own
        at: tuple[Step, ...] = ("chips", "offered", i)
        if own is not None and own.last_sale is not None and sale.end <= 0:
            at = ("chips", "settings", chip, "last_sale")
        elif own is not None and own.release is not None:
            at = ("chips", "settings", chip, "release")
        yield Finding("E205", at, f"{chip!r} could never be bought: it {_why_never(scenario, sale)}")


def _why_never(scenario: Scenario, sale: _Sale) -> str:
    horizon, comes = scenario.horizon, month_label(sale.release)
    if sale.last_sale is not None and sale.last_sale < horizon.start:
        return f"is sold until {month_label(sale.last_sale)}, before the horizon starts in {month_label(horizon.start)}"
    if sale.release > last_month(horizon):
        return f"comes in {comes}, after the horizon"
    if sale.first >= horizon.periods:
        last = month_label(last_start(horizon))
        return f"comes in {comes}, after the start of the last planning period ({last}), and no refresh can take it"
    until = month_label(sale.last_sale or 0)
    return f"is sold from {comes} until {until}, and no period starts then"


def _refreshed(scenario: Scenario, sales: dict[str, _Sale]) -> set[str]:
    """Chips that may follow at the end of others' lives."""
    horizon, rule = scenario.horizon, scenario.chips.refresh
    early = scenario.chips.early_refresh_years or ()
    found: set[str] = set()
    ends: set[tuple[str, int]] = set()
    waiting: list[tuple[str, int]] = []

    def lives(sale: _Sale, first: int) -> None:
        for months in (sale.life_months, *(12 * years for years in early if 12 * years < sale.life_months)):
            end = (sale.family, first + max(1, whole_periods(horizon, months)))
            if end not in ends and end[1] < count(horizon):
                ends.add(end)
                waiting.append(end)

    for k in range(whole_periods(horizon, scenario.hall.build_months), horizon.periods):
        for sale in sales.values():
            if sale.offered and sale.on_sale(k):
                lives(sale, k)
    for site in scenario.sites:
        for block in (*site.existing, *site.committed):
            if block.chip not in sales:
                continue
            sale = sales[block.chip]
            if block.online >= horizon.start:
                lives(sale, period_of(horizon, block.online))
            else:
                # A life that ended before the study ends in its first period.
                for months in (sale.life_months, *(12 * years for years in early)):
                    gone = period_of(horizon, block.online + round(min(months, sale.life_months)))
                    waiting.append((sale.family, max(1, gone)))
    while waiting and rule != "none":
        family, end = waiting.pop()
        for sale in sales.values():
            follows = rule == "all" or sale.family == family
            if sale.offered and sale.on_sale(end) and follows:
                found.add(sale.chip)
                lives(sale, end)
    return found


def _block(block: HallBlock, sale: _Sale, key: str, at: tuple[Step, ...]) -> Iterator[Finding]:
    """Halls that stand or are decided with chips that were not to be had when they came online."""
    online, comes = month_label(block.online), month_label(sale.release)
    if block.online < sale.release - EARLY_MONTHS:
        earliest = month_label(sale.release - EARLY_MONTHS)
        text = f"{block.chip} comes in {comes}; expected a month from {earliest} (a year before it) on, found {online}"
        yield Finding("E205", (*at, "online"), text)
    if key == "committed" and sale.last_sale is not None and block.online > sale.last_sale + LATE_MONTHS:
        latest = month_label(sale.last_sale + LATE_MONTHS)
        text = f"{block.chip} is sold until {month_label(sale.last_sale)}; expected {latest} at the latest, found {online}"
        yield Finding("E205", (*at, "online"), text)
    if _racks(block.it_mw, sale) < 1:
        text = f"a rack of {block.chip} takes {sale.rack_kw:g} kW, found a hall of {1000 * block.it_mw:g} kW"
        yield Finding("E208", (*at, "it_mw"), text)


def _too_large(scenario: Scenario, sales: dict[str, _Sale]) -> Iterator[Finding]:
    """Chips on offer of which no hall carries a rack."""
    halls = [block.it_mw for site in scenario.sites for block in (*site.existing, *site.committed)]
    largest = max(scenario.hall.it_mw, *halls) if halls else scenario.hall.it_mw
    offered = [(i, sales[chip]) for i, chip in enumerate(scenario.chips.offered) if chip in sales]
    if offered and not any(_racks(scenario.hall.it_mw, sale) for _, sale in offered):
        least = min((sale for _, sale in offered), key=lambda sale: sale.rack_kw)
        text = f"expected room for a rack of {least.chip} ({least.rack_kw:g} kW), found {1000 * scenario.hall.it_mw:g} kW"
        yield Finding("E208", ("hall", "it_mw"), text)
        return
    for i, sale in offered:
        if not _racks(largest, sale):
            text = f"a rack of {sale.chip!r} takes {sale.rack_kw:g} kW, more than any hall has ({1000 * largest:g} kW)"
            yield Finding("E208", ("chips", "offered", i), text)


def _racks(hall_mw: float, sale: _Sale) -> int:
    return floor(1000 * hall_mw / sale.rack_kw + 1e-9)
