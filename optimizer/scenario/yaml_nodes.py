"""YAML text to a tree with marks, guarded: YAML 1.2 core values, no duplicate keys, a budget on size and depth.

PyYAML's C parser only splits the text into events; values and structure are made here, without recursion.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from optimizer.scenario.nodes import Entries, Items, Node, Scalar
from optimizer.scenario.problems import Mark, Problem, ScenarioError, problem_at, refuse

MOST_BYTES = 5_000_000
MOST_DEPTH = 64
MOST_NODES = 100_000
MOST_ALIASES = 100
MOST_DIGITS = 60

_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
# Where the mark of a key waits until its value is known; no YAML text can hold it as a key.
_PENDING = "\0"
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")


def read_text(file: Path, shown: str, mark: Mark) -> str:
    """A file's text.

    Raises
    ------
    ScenarioError
        At `mark`: it can't be read, is too large, or is not UTF-8.
    """
    try:
        if file.is_dir():
            raise refuse(mark, "E001", f"{shown}: expected a file, found a folder")
        if file.stat().st_size > MOST_BYTES:
            raise refuse(mark, "E004", f"{shown}: larger than {MOST_BYTES // 1_000_000} MB")
        raw = file.read_bytes()
    except OSError as error:
        raise refuse(mark, "E001", f"{shown}: can't be read: {error.strerror or error}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = Mark(shown, raw[: error.start].count(b"\n") + 1, 1)
        raise refuse(where, "E002", "not UTF-8 text") from error


def parse(text: str, shown: str, layer: str = "file") -> Node:
    """The tree of one YAML document.

    Parameters
    ----------
    text : str
    shown : str
        Name of the file, for marks.
    layer : str

    Raises
    ------
    ScenarioError
        Syntax, duplicate keys (all of them), tags, merge keys, values that are not finite, budgets.
    """
    builder = _Builder(shown, layer)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        mark = Mark(shown, at.line + 1, at.column + 1, layer) if at else Mark(shown, 1, 1, layer)
        what = " ".join(part for part in (error.context, error.problem) if part)
        # The parser of newer releases has a limit of its own, before ours is reached.
        code = "E004" if "nesting depth" in what else "E003"
        raise refuse(mark, code, f"not YAML: {what}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise refuse(Mark(shown, 1, 1, layer), "E003", f"not YAML: {' '.join(str(error).split())}") from error
    return builder.result()


@dataclass
class _Open:
    """A collection that is being read."""

    mark: Mark
    is_mapping: bool
    anchor: str | None
    nodes: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)
    key: str | None = None
    size: int = 1


class _Builder:
    def __init__(self, shown: str, layer: str) -> None:
        self.shown, self.layer = shown, layer
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0
        self.aliases = 0
        self.anchors: dict[str, tuple[Node, int] | None] = {}
        self.problems: list[Problem] = []

    def mark(self, event: Any) -> Mark:
        return Mark(self.shown, event.start_mark.line + 1, event.start_mark.column + 1, self.layer)

    def result(self) -> Node:
        if self.problems:
            raise ScenarioError(tuple(self.problems))
        return self.root if self.root is not None else Scalar(None, Mark(self.shown, 1, 1, self.layer))

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self.guard(event)
            self.note_blank(event)
            self.put(Scalar(self.value(event), self.mark(event)), 1, event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self.guard(event)
            if len(self.stack) >= MOST_DEPTH:
                raise refuse(self.mark(event), "E004", f"nested deeper than {MOST_DEPTH} levels")
            if self.stack and self.stack[-1].is_mapping and self.stack[-1].key is None:
                raise refuse(self.mark(event), "E003", "a key must be text, found a list or mapping")
            if event.anchor:
                self.anchors[event.anchor] = None
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            self.stack.append(_Open(self.mark(event), is_mapping, event.anchor))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            done = self.stack.pop()
            node: Node = (
                Entries(done.entries, done.keys, done.mark)
                if done.is_mapping
                else Items(tuple(done.nodes), done.mark)
            )
            if done.anchor:
                self.anchors[done.anchor] = (node, done.size)
            self.put(node, done.size, event)
        elif isinstance(event, yaml.AliasEvent):
            self.alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise refuse(self.mark(event), "E003", "expected one document, found a second one")

    def note_blank(self, event: Any) -> None:
        """A blank is never zero and never a default by accident."""
        if event.value or not event.implicit[0]:
            return
        top = self.stack[-1] if self.stack else None
        if top is not None and top.is_mapping and top.key is not None:
            text = "no value: give one, or null for the default"
            self.problems.append(problem_at(top.keys[_PENDING], "E009", top.key, text))
        elif top is not None and not top.is_mapping:
            self.problems.append(problem_at(self.mark(event), "E009", "", "an empty item"))

    def guard(self, event: Any) -> None:
        self.count(1, event)
        if event.tag is not None and event.tag != "!":
            raise refuse(self.mark(event), "E006", f"tags are not taken, found {event.tag!r}")

    def count(self, nodes: int, event: Any) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise refuse(self.mark(event), "E004", f"more than {MOST_NODES} values, aliases counted in full")

    def alias(self, event: Any) -> None:
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise refuse(self.mark(event), "E004", f"more than {MOST_ALIASES} aliases")
        if event.anchor not in self.anchors:
            raise refuse(self.mark(event), "E003", f"no anchor {event.anchor!r}")
        known = self.anchors[event.anchor]
        if known is None:
            raise refuse(self.mark(event), "E007", f"alias {event.anchor!r} stands inside its own anchor")
        self.count(known[1], event)
        self.put(known[0], known[1], event)

    def put(self, node: Node, size: int, event: Any) -> None:
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.ScalarEvent) and anchor:
            self.anchors[anchor] = (node, size)
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        top.size += size
        if not top.is_mapping:
            top.nodes.append(node)
        elif top.key is None:
            self.key(top, node, event)
        else:
            if top.key in top.entries:
                first = top.keys[top.key]
                text = f"duplicate key {top.key!r}; the first stands at line {first.line}"
                self.problems.append(problem_at(top.keys[_PENDING], "E005", top.key, text))
            else:
                top.entries[top.key] = node
                top.keys[top.key] = top.keys[_PENDING]
            del top.keys[_PENDING]
            top.key = None

    def key(self, top: _Open, node: Node, event: Any) -> None:
        mark = self.mark(event)
        if not isinstance(node, Scalar):
            raise refuse(mark, "E003", "a key must be text, found a list or mapping")
        # Months and numbers as keys are meant as they are written.
        text = event.value if isinstance(event, yaml.ScalarEvent) else str(node.value)
        if text == "<<":
            raise refuse(mark, "E006", "merge keys are not taken; use extends")
        if text == "":
            raise refuse(mark, "E003", "a key must be text, found nothing")
        top.key = text
        top.keys[_PENDING] = mark

    def value(self, event: Any) -> Any:
        if not event.implicit[0]:  # quoted, or a block of text
            return event.value
        return core_value(event.value, self.mark(event))


def core_value(text: str, mark: Mark) -> Any:
    """The value of a plain scalar by the core schema of YAML 1.2: null, truth value, integer, float or text.

    Raises
    ------
    ScenarioError
        A number that is not finite, or longer than any that is meant.
    """
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    is_number = _INTEGER.match(text) or _FLOAT.match(text) or _OCTAL.match(text) or _HEX.match(text)
    if is_number and len(text) > MOST_DIGITS:
        raise refuse(mark, "E008", f"a number of more than {MOST_DIGITS} digits")
    if _INTEGER.match(text):
        return int(text)
    if _OCTAL.match(text) or _HEX.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        number = float(text)
        if math.isinf(number):
            raise refuse(mark, "E008", f"the number {text} is too large")
        return number
    if _NOT_FINITE.match(text):
        raise refuse(mark, "E008", f"expected a finite number, found {text}")
    return text


def core_value_or_text(text: str) -> Any:
    """What a plain scalar of this text would be read as; None for one that would be refused."""
    try:
        return core_value(text, Mark("", 0, 0))
    except ScenarioError:
        return None
