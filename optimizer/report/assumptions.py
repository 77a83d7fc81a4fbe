"""What a plan rests on without firm ground: assumptions of the scenario and weak figures of the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from optimizer import catalog
from optimizer.plan import Plan
from optimizer.scenario.economics import economics_of
from optimizer.scenario.schema import Record


@dataclass(frozen=True)
class Assumption:
    """A figure or a part of the scenario without firm ground.

    Attributes
    ----------
    where : str
        Path in the scenario, or the catalog's entry and figure.
    value : str
        The figure with its unit; empty where a whole part of the scenario is meant.
    source : str
        What is said about its origin.
    """

    where: str
    value: str
    source: str


def of_scenario(plan: Plan) -> tuple[Assumption, ...]:
    """Parts of the scenario whose `source` says that they are assumed."""
    return tuple(_assumed("", plan.scenario))


def of_catalog(plan: Plan) -> tuple[Assumption, ...]:
    """Weak figures of the chips, cooling systems, markets and cost tables that the plan uses."""
    scenario = plan.scenario
    lives = plan.content.lives
    chips = sorted({stage.chip for life in lives for stage in life.stages})
    coolings = sorted({life.cooling for life in lives})
    used = {life.site for life in lives}
    entries: list[tuple[str, Any]] = [("economics", economics_of(scenario).facts)]
    for chip in chips:
        settings = scenario.chips.settings.get(chip)
        base = settings.based_on if settings is not None and settings.based_on is not None else chip
        entries.append((f"chip {base}", catalog.chip(base)))
    for name in coolings:
        system = catalog.cooling(name)
        entries.append(
            (f"cooling {name}", {"capex_usd_per_kw": system.capex_usd_per_kw, **system.parameters})
        )
    markets = {
        market.id: market
        for market in (
            catalog.market(site.market) if site.market else catalog.market_of(site.country, site.state)
            for site in scenario.sites
            if site.name in used
        )
    }
    entries.extend((f"market {name}", markets[name]) for name in sorted(markets))
    found: dict[tuple[str, str], Assumption] = {}
    for where, entry in entries:
        for path, fact in _weak("", entry):
            value = f"{fact.value:g} {fact.unit}" if isinstance(fact.value, (int, float)) else str(fact.value)
            item = Assumption(f"{where}: {path}", value, fact.source)
            found.setdefault((where, path), item)
    return tuple(found.values())


def _assumed(path: str, value: Any) -> Iterator[Assumption]:
    if isinstance(value, Record):
        said = getattr(value, "source", None)
        if isinstance(said, str) and "assum" in said.lower():
            yield Assumption(path, "", said)
        for name, field in type(value).model_fields.items():
            key = f"{path}.{field.alias or name}" if path else field.alias or name
            yield from _assumed(key, getattr(value, name))
    elif isinstance(value, (tuple, list)):
        for index, item in enumerate(value):
            yield from _assumed(f"{path}[{getattr(item, 'name', index)}]", item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _assumed(f"{path}.{key}", item)


def _weak(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, catalog.Fact):
        if value.weak:
            yield path, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _weak(f"{path}.{field.name}" if path else field.name, getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _weak(f"{path}.{key}" if path else str(key), item)
    elif isinstance(value, (tuple, list)):
        for index, item in enumerate(value):
            yield from _weak(f"{path}[{index}]", item)
