"""Mistakes that people make, at random places of the shipped scenarios: they are shown on the line where they were made."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer import catalog
from optimizer.scenario import ScenarioError, load

from .rich import FREE, Place, places, schema_keys

CONFIGS = Path(__file__).parents[2] / "configs"
TABLE = "sites/us_offers.csv"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KEYS = schema_keys()
# (scenario, seed, mistakes); the table's are made apart.
RUNS = (("minimal.yaml", 11, 120), ("global.yaml", 12, 120), ("stargate.yaml", 13, 140))
LEAST_COUNT = 200
LEAST_SHARE = 0.98

# Keys whose value is an id, with the ids that exist.
IDS: dict[str, Callable[[], Any]] = {
    "chips.offered[]": catalog.chips,
    "sites[].weather": catalog.weather_ids,
    "sites[].price.hub": catalog.price_hubs,
    "sites[].price.retail_state": catalog.retail_states,
    "sites[].onsite.gas.technology": catalog.supply_ids,
    "sites[].existing[].chip": catalog.chips,
    "sites[].committed[].chip": catalog.chips,
}
# Mappings with names of chips or regions as keys.
NAMED = ("chips.supply_racks", "demand.workloads[].shares")
WRONG_UNITS = ("EUR", "MWh", "furlongs", "BTU", "per mille", "kVA", "days")


@dataclass(frozen=True)
class Mistake:
    """A changed text and the line that was changed.

    Attributes
    ----------
    kind : str
    file : str
        File that was changed, relative to the configs.
    line : int
    what : str
        Path and change, for the list of misses.
    text : str
    """

    kind: str
    file: str
    line: int
    what: str
    text: str


def misspelt(word: str, rng: np.random.Generator) -> str:
    """A word with two letters swapped, one dropped, doubled or replaced."""
    at = int(rng.integers(len(word)))
    how = int(rng.integers(4))
    if how == 0 and len(word) > 1:
        at = min(at, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if how == 1 and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if how == 2:
        return word[: at + 1] + word[at:]
    return word[:at] + LETTERS[int(rng.integers(26))] + word[at + 1 :]


def range_of(template: str) -> tuple[float | None, float | None]:
    """Least and greatest value of a number."""
    low = high = None
    for node in KEYS.get(template, ()):
        low = node.get("minimum", node.get("exclusiveMinimum", low))
        high = node.get("maximum", node.get("exclusiveMaximum", high))
    return low, high


def unit_of(template: str) -> str | None:
    return next((node["unit"] for node in KEYS.get(template, ()) if "unit" in node), None)


def kinds_of(template: str) -> set[str]:
    return {node["type"] for node in KEYS.get(template, ()) if "type" in node}


def number_in(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def typo_in_key(place: Place, text: str, rng: np.random.Generator) -> str | None:
    if place.is_item or place.template.rpartition(".")[0] in FREE or place.template.endswith("{}"):
        return None
    key = misspelt(text[place.key_start : place.key_end], rng)
    siblings = place.template.rpartition(".")[0]
    if (f"{siblings}.{key}" if siblings else key) in KEYS or not key.strip("_"):
        return None
    return place.with_key(text, key)


def wrong_unit(place: Place, text: str, rng: np.random.Generator) -> str | None:
    """A number of which nobody can say what it means, negative, or a percentage in place of a fraction."""
    number = number_in(text[place.start : place.end]) if place.is_scalar else None
    unit = unit_of(place.template)
    if number is None or unit is None or unit == "YYYY-MM":
        return None
    low, high = range_of(place.template)
    options = [f"{number:g} {WRONG_UNITS[int(rng.integers(len(WRONG_UNITS)))]}"]
    for factor in (-1.0, 100.0, 1000.0, 1e6):
        moved = number * factor
        if (low is not None and moved < low) or (high is not None and moved > high):
            options.append(f"{moved:g}")
    return place.with_value(text, options[int(rng.integers(len(options)))])


def wrong_type(place: Place, text: str, rng: np.random.Generator) -> str | None:
    kinds = kinds_of(place.template)
    if unit_of(place.template) == "YYYY-MM":
        options = ["soon", "2027-13", "2027-1", "[2027-01]"]
    elif kinds & {"number", "integer"} and "object" not in kinds:
        options = ["many", "true", "[1, 2]", "{low: 1}"]
    elif "boolean" in kinds:
        options = ["maybe", "12", "[true]"]
    elif kinds & {"object", "array"}:
        options = ["12", "words"]
    elif "string" in kinds:
        options = ["12", "false", "[a, b]", "{a: b}"]
    else:
        return None
    return place.with_value(text, options[int(rng.integers(len(options)))])


def unknown_id(place: Place, text: str, rng: np.random.Generator) -> str | None:
    parent = place.template.rpartition(".")[0]
    if parent in NAMED and place.template.endswith("{}"):
        key = text[place.key_start : place.key_end]
        wrong = misspelt(key, rng)
        return None if wrong == key or wrong in catalog.chips() else place.with_key(text, wrong)
    if not place.is_scalar:
        return None
    enum = {str(option) for node in KEYS.get(place.template, ()) for option in node.get("enum", ())}
    known = set(IDS[place.template]()) if place.template in IDS else enum
    word = text[place.start : place.end]
    wrong = misspelt(word, rng)
    if not known or wrong in known or wrong == word:
        return None
    return place.with_value(text, wrong)


KINDS: dict[str, Callable[[Place, str, np.random.Generator], str | None]] = {
    "typo in a key": typo_in_key,
    "wrong unit": wrong_unit,
    "wrong type": wrong_type,
    "unknown id": unknown_id,
}


def mistakes_in(name: str, seed: int, count: int) -> Iterator[Mistake]:
    """Mistakes in a scenario's own file, of each kind in turn, no two the same."""
    text = (CONFIGS / name).read_text(encoding="utf-8")
    found = places(text)
    rng = np.random.default_rng(seed)
    made: set[str] = set()
    while len(made) < count:
        kind = tuple(KINDS)[len(made) % len(KINDS)]
        place = found[int(rng.integers(len(found)))]
        changed = KINDS[kind](place, text, rng)
        if changed is None or changed == text or changed in made:
            continue
        made.add(changed)
        line = changed.splitlines()[place.line - 1].strip()
        yield Mistake(kind, name, place.line, f"{place.path}: {line[:160]}", changed)


def mistakes_in_table(seed: int, count: int) -> Iterator[Mistake]:
    """Mistakes in the cells and the header of the table of sites."""
    lines = (CONFIGS / TABLE).read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    header = lines[first].split(",")
    rng = np.random.default_rng(seed)
    made: set[str] = set()
    while len(made) < count:
        row = int(rng.integers(first, len(lines)))
        column = int(rng.integers(len(header)))
        cells = lines[row].split(",")
        if len(cells) != len(header):  # a comma in quotes
            continue
        template, old = f"sites[].{header[column]}", cells[column]
        if row == first:
            new = misspelt(old, rng)
            kind = "typo in a column"
            if f"sites[].{new}" in KEYS or new in header:
                continue
        elif not old:
            continue
        elif template in IDS:
            new, kind = misspelt(old, rng), "unknown id"
            if new in IDS[template]():
                continue
        elif number_in(old) is not None:
            low, high = range_of(template)
            options = [f"{old} furlongs", "many"]
            options += ["-5"] if low == 0 else []
            options += ["4000"] if high is not None else []
            new, kind = options[int(rng.integers(len(options)))], "wrong number"
        elif "offer_mw" in template:
            options = [
                old.replace(":", "=", 1),
                old.replace("-", "/", 1),
                old.replace(":", ":-", 1),
                old + ";x",
            ]
            new, kind = options[int(rng.integers(len(options)))], "wrong date or value"
        elif template.endswith("sales_exempt"):
            new, kind = "perhaps", "wrong type"
        else:
            continue
        changed = "\n".join(
            [*lines[:row], ",".join([*cells[:column], new, *cells[column + 1 :]]), *lines[row + 1 :]]
        )
        if changed in made or new == old:
            continue
        made.add(changed)
        yield Mistake(kind, TABLE, row + 1, f"{header[column]}: {old} -> {new}", changed)


def all_mistakes() -> list[Mistake]:
    return [
        *(mistake for name, seed, count in RUNS for mistake in mistakes_in(name, seed, count)),
        *mistakes_in_table(14, 60),
    ]


def where_shown(mistake: Mistake, folder: Path) -> list[tuple[str, int]] | None:
    """Files and lines of the problems of a scenario with the mistake; None if it is taken as valid."""
    (folder / mistake.file).write_text(mistake.text, encoding="utf-8")
    try:
        load(folder / ("stargate.yaml" if mistake.file == TABLE else mistake.file))
    except ScenarioError as error:
        return [(str(Path(problem.file).relative_to(folder)), problem.line) for problem in error.problems]
    finally:
        shutil.copy(CONFIGS / mistake.file, folder / mistake.file)
    return None


def test_mistakes_are_shown_on_their_line(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    folder = tmp_path / "configs"
    mistakes = all_mistakes()
    assert len(mistakes) >= LEAST_COUNT
    misses = []
    for mistake in mistakes:
        shown = where_shown(mistake, folder)
        if shown is None:
            misses.append(f"taken as valid: {mistake.kind}: {mistake.file}:{mistake.line} {mistake.what}")
        elif (mistake.file, mistake.line) not in shown:
            lines = sorted(set(shown))[:3]
            misses.append(f"shown at {lines}: {mistake.kind}: {mistake.file}:{mistake.line} {mistake.what}")
    share = 1 - len(misses) / len(mistakes)
    print(f"{len(mistakes)} mistakes, {share:.2%} shown on their line", *misses, sep="\n")
    assert share >= LEAST_SHARE


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_is_made_often(kind: str) -> None:
    made = [m for name, seed, count in RUNS for m in mistakes_in(name, seed, count) if m.kind == kind]
    assert len(made) >= 60
    assert len({mistake.text for mistake in made}) == len(made)


@pytest.mark.parametrize("name", [name for name, _, _ in RUNS])
def test_unchanged_scenarios_are_valid(tmp_path: Path, name: str) -> None:
    """Else any mistake would count as shown."""
    shutil.copytree(CONFIGS, tmp_path / "configs")
    assert load(tmp_path / "configs" / name).name == Path(name).stem
