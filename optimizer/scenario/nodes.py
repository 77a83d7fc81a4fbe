"""A document as a tree in which every key and value knows where it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from optimizer.scenario.problems import Mark


@dataclass(frozen=True)
class Scalar:
    """Text, number, truth value or null."""

    value: Any
    mark: Mark


@dataclass(frozen=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True)
class Entries:
    """A mapping; `keys` says where each key was written."""

    nodes: dict[str, Node]
    keys: dict[str, Mark]
    mark: Mark


Node = Scalar | Items | Entries
Step = str | int


def plain(node: Node) -> Any:
    """The node's value without marks."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return {key: plain(value) for key, value in node.nodes.items()}


def node_of(value: Any, mark: Mark) -> Node:
    """A node of a program's value, all at one mark."""
    if isinstance(value, dict):
        nodes = {str(key): node_of(inner, mark) for key, inner in value.items()}
        return Entries(nodes, dict.fromkeys(nodes, mark), mark)
    if isinstance(value, (list, tuple)):
        return Items(tuple(node_of(inner, mark) for inner in value), mark)
    return Scalar(value, mark)


def child(node: Node, step: Step) -> tuple[Node, Mark] | None:
    """A node's child and where its key (or, in a list, it) was written; None if there is none."""
    if isinstance(node, Entries) and isinstance(step, str) and step in node.nodes:
        return node.nodes[step], node.keys[step]
    if isinstance(node, Items) and isinstance(step, int) and 0 <= step < len(node.nodes):
        return node.nodes[step], node.nodes[step].mark
    return None


def names_of(items: Items) -> tuple[Any, ...] | None:
    """Names of a list whose every item is a mapping with a `name`, else None."""
    names = []
    for item in items.nodes:
        name = item.nodes.get("name") if isinstance(item, Entries) else None
        if not isinstance(name, Scalar):
            return None
        names.append(name.value)
    return tuple(names)


def path_text(steps: Iterable[Step]) -> str:
    """`sites[0].grid.offer_mw` of a path's steps."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text
