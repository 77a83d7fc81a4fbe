"""Where each value of a scenario was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.scenario.layers import steps_of
from optimizer.scenario.nodes import Entries, Items, Node, Step, child, names_of
from optimizer.scenario.problems import Mark


@dataclass(frozen=True)
class Origins:
    """Marks of a scenario's values, by path.

    Parameters
    ----------
    root : Entries
        Tree after all layers.
    """

    root: Entries

    def where(self, path: str) -> Mark | None:
        """Where a value was written: file, line, column and layer.

        Parameters
        ----------
        path : str
            `sites[0].grid.loss`; an item may be named, `sites[abilene]`.

        Returns
        -------
        Mark or None
            Of the key's value; None where the value is a default.
        """
        steps = steps_of(path)
        return None if steps is None else self._found(steps)[0]

    def nearest(self, path: str) -> Mark:
        """Where a value was written, or the nearest mapping or list around it."""
        steps = steps_of(path)
        return self.root.mark if steps is None else self._found(steps)[1]

    def key(self, steps: Sequence[Step]) -> Mark:
        """Where the last step's key was written, or the nearest around it."""
        return self._found(steps)[2]

    def value(self, steps: Sequence[Step]) -> Mark:
        """Where the value at these steps was written, or the nearest around it."""
        return self._found(steps)[1]

    def files(self) -> tuple[str, ...]:
        """Files that the values were written in, sorted."""
        found: set[str] = set()
        stack: list[Node] = [self.root]
        while stack:
            node = stack.pop()
            if node.mark.layer != "set":
                found.add(node.mark.file)
            if isinstance(node, Entries):
                stack += node.nodes.values()
                found |= {mark.file for mark in node.keys.values() if mark.layer != "set"}
            elif isinstance(node, Items):
                stack += node.nodes
        return tuple(sorted(found))

    def _found(self, steps: Sequence[Step]) -> tuple[Mark | None, Mark, Mark]:
        node: Node = self.root
        near = key = self.root.mark
        for step in steps:
            found = child(node, _place(node, step))
            if found is None:
                return None, near, key
            node, key = found
            # A mapping's own mark is its first key; what stands before it says more.
            near = key if isinstance(node, (Entries, Items)) else node.mark
        return near, near, key


def _place(node: Node, step: Step) -> Step:
    """The place of a named item."""
    if isinstance(node, Items) and isinstance(step, str):
        names = names_of(node)
        return names.index(step) if names and step in names else step
    return step
