"""Layers of a scenario: the files that it extends, its tables, and what is set from outside."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from optimizer.scenario.nodes import Entries, Items, Node, Scalar, child, names_of, node_of, plain
from optimizer.scenario.problems import Mark, refuse
from optimizer.scenario.schema.base import OUT_OF_ORDER_TEXT
from optimizer.scenario.site_tables import with_tables
from optimizer.scenario.yaml_nodes import parse, read_text

MOST_LAYERS = 20
MOST_FILES = 100
_MONTH = re.compile(r"\d{4}-\d{2}\Z")
_STEP = re.compile(r"([^.\[\]]+)|\[([^\[\]]*)\]")


def project_folder(file: Path) -> Path:
    """The folder that files named in a scenario must stay in: the nearest ancestor with pyproject.toml or .git,
    else the scenario's own."""
    folder = file.resolve().parent
    for candidate in (folder, *folder.parents):
        if (candidate / "pyproject.toml").is_file() or (candidate / ".git").exists():
            return candidate
    return folder


def inside_project(name: Any, mark: Mark, path: str, folder: Path, project: Path) -> Path:
    """A file named in a scenario, which must exist and stay in the project.

    Parameters
    ----------
    name : object
        As written; anything but text is refused.
    mark, path :
        Where it was written.
    folder : Path
        Folder that it is relative to.
    project : Path

    Raises
    ------
    ScenarioError
        E001 no such file, E010 outside the project folder, E103 not a file name.
    """
    if not isinstance(name, str) or not name or "\0" in name:
        raise refuse(mark, "E103", f"expected a file name, found {name!r}", path)
    if "://" in name:
        raise refuse(mark, "E010", f"expected a file in the project folder, found the address {name!r}", path)
    file = folder / name
    try:
        whole = file.resolve()
        exists = whole.is_file()
    except (OSError, RuntimeError) as error:
        raise refuse(mark, "E001", f"no such file: {name}", path) from error
    if not whole.is_relative_to(project):
        raise refuse(mark, "E010", f"{name!r} leads out of the project folder", path)
    if not exists:
        raise refuse(mark, "E001", f"no such file: {name}", path)
    return file


def read_layers(path: Path, overrides: Mapping[str, Any]) -> Entries:
    """The tree of a scenario after extends, tables and overrides.

    Parameters
    ----------
    path : Path
    overrides : mapping of str to object
        Path -> value; texts are read as YAML.
    """
    given = Mark(str(path), 0, 0)
    try:
        is_file, exists = path.is_file(), path.exists()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise refuse(given, "E001", f"can't be read: {reason}") from error
    if not is_file:
        raise refuse(given, "E001", "expected a file, found a folder" if exists else "no such file")
    merged = _file(path, given, project_folder(path), (), [])
    for key, value in overrides.items():
        merged = _set(merged, key, value)
    return _without_nulls(merged)


def _file(path: Path, mark: Mark, project: Path, above: tuple[Path, ...], read: list[Path]) -> Entries:
    """A file over what it extends; `above`: the files that extend it, `read`: every file read so far."""
    whole = path.resolve()
    read.append(whole)
    if len(read) > MOST_FILES:
        raise refuse(mark, "E004", f"more than {MOST_FILES} files read by extends", "extends")
    if whole in above:
        raise refuse(mark, "E010", f"{path.name} extends itself", "extends")
    if len(above) >= MOST_LAYERS:
        raise refuse(mark, "E010", f"more than {MOST_LAYERS} files extend each other", "extends")
    shown = os.path.normpath(path)
    node = parse(read_text(path, shown, mark), shown, "extends" if above else "file")
    if not isinstance(node, Entries):
        raise refuse(Mark(shown, 1, 1), "E103", "expected a mapping of keys")
    extends = node.nodes.get("extends")
    own = Entries(
        {key: value for key, value in node.nodes.items() if key != "extends"},
        {key: value for key, value in node.keys.items() if key != "extends"},
        node.mark,
    )
    own = with_tables(own, lambda name, at, key: inside_project(name, at, key, path.parent, project))
    base: Node | None = None
    for item in extends.nodes if isinstance(extends, Items) else [extends] if extends is not None else []:
        name = item.value if isinstance(item, Scalar) else None
        file = inside_project(name, item.mark, "extends", path.parent, project)
        layer = _file(file, item.mark, project, (*above, whole), read)
        base = layer if base is None else merge(base, layer)
    result = own if base is None else merge(base, own)
    assert isinstance(result, Entries)
    return result


def merge(base: Node, top: Node, path: str = "") -> Node:
    """The base with a layer over it: mappings merge, lists of named items merge by name, all else is replaced.

    Raises
    ------
    ScenarioError
        E106 a layer's own dates are out of order: merged, they would be sorted, and the mistake lost.
    """
    if isinstance(base, Entries) and isinstance(top, Entries):
        nodes = dict(base.nodes)
        keys = dict(base.keys)
        for key, value in top.nodes.items():
            inner = f"{path}.{key}" if path else key
            nodes[key] = merge(base.nodes[key], value, inner) if key in base.nodes else value
            keys[key] = top.keys[key]
        if nodes and all(_MONTH.match(key) for key in nodes):
            for earlier, later in pairwise(top.nodes):
                if later < earlier:
                    text = OUT_OF_ORDER_TEXT.format(before=earlier, entry=later)
                    raise refuse(top.keys[later], "E106", text, f"{path}.{later}")
            nodes = dict(sorted(nodes.items()))
        return Entries(nodes, keys, top.mark)
    if isinstance(base, Items) and isinstance(top, Items) and top.nodes:
        before, after = names_of(base), names_of(top)
        if before and after and len(set(before)) == len(before) and len(set(after)) == len(after):
            over = dict(zip(after, top.nodes, strict=True))
            kept = [
                merge(item, over.pop(name), f"{path}[{n}]") if name in over else item
                for n, (name, item) in enumerate(zip(before, base.nodes, strict=True))
            ]
            return Items((*kept, *over.values()), top.mark)
    return top


def _without_nulls(node: Entries) -> Entries:
    """Keys with null go back to their defaults."""

    def clean(inner: Node) -> Node:
        if isinstance(inner, Entries):
            return _without_nulls(inner)
        if isinstance(inner, Items):
            return Items(tuple(clean(item) for item in inner.nodes), inner.mark)
        return inner

    kept = {
        key: clean(value)
        for key, value in node.nodes.items()
        if not (isinstance(value, Scalar) and value.value is None)
    }
    return Entries(kept, {key: node.keys[key] for key in kept}, node.mark)


def steps_of(text: str) -> list[str | int] | None:
    """Steps of `sites[abilene].grid.loss`; a number in brackets is a place in a list. None if it is no path."""
    steps: list[str | int] = []
    end = 0
    for match in _STEP.finditer(text):
        between = text[end : match.start()]
        in_brackets = match[2] is not None
        if between != ("" if in_brackets or not steps else "."):
            return None
        inner = (match[2] if in_brackets else match[1]).strip().strip("'\"")
        if not inner or not text.isprintable():
            return None
        steps.append(int(inner) if in_brackets and inner.isdigit() else inner)
        end = match.end()
    return steps if steps and end == len(text) else None


def _set(root: Entries, key: str, value: Any) -> Entries:
    mark = Mark(f"--set {key}", 0, 0, "set")
    steps = steps_of(key)
    if steps is None:
        raise refuse(mark, "E011", "expected a path such as money.wacc or sites[abilene].grid.loss")
    node = node_of(plain(parse(value, mark.file, "set")) if isinstance(value, str) else value, mark)
    result = _placed(root, steps, node, mark, key)
    assert isinstance(result, Entries)
    return result


def _placed(node: Node | None, steps: list[str | int], value: Node, mark: Mark, key: str) -> Node:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(node, Items):
        place = _place(node, step, mark, key)
        items = list(node.nodes)
        items[place] = _placed(items[place], rest, value, mark, key)
        return Items(tuple(items), node.mark)
    if isinstance(step, int):
        step = str(step)
    if node is None or (isinstance(node, Scalar) and node.value is None):
        node = Entries({}, {}, mark)
    if isinstance(node, Scalar):
        raise refuse(mark, "E011", f"{step!r} can't be set inside the value {node.value!r}")
    found = child(node, step)
    nodes = {**node.nodes, step: _placed(found[0] if found else None, rest, value, mark, key)}
    keys = {**node.keys, step: mark}
    if all(_MONTH.match(name) for name in nodes):
        nodes = dict(sorted(nodes.items()))
    return Entries(nodes, keys, node.mark)


def _place(items: Items, step: str | int, mark: Mark, key: str) -> int:
    names = names_of(items)
    if names is not None and step in names:
        return names.index(step)
    if isinstance(step, int):
        if step < len(items.nodes):
            return step
        raise refuse(mark, "E011", f"no item {step}; the list has {len(items.nodes)}")
    known = [str(name) for name in names or ()]
    close = difflib.get_close_matches(str(step), known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(map(repr, close))}?" if close else f"known: {', '.join(known[:20])}"
    raise refuse(mark, "E011", f"no item named {step!r}; {hint if known else 'the list has no names'}")
