"""The model as arrays: columns, rows and triplets, with names that lead back to the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

NONE = -1  # where there is no column


@dataclass(frozen=True)
class Family:
    """Rows or columns of one kind.

    Attributes
    ----------
    name : str
        Rule or variable, such as `power`.
    first, count : int
        Ids first … first + count - 1.
    axes : dict of str to ndarray of shape (count,)
        Index by axis (site, period, …), in order.
    """

    name: str
    first: int
    count: int
    axes: dict[str, Ids]

    @property
    def ids(self) -> Ids:
        """Ids of the family."""
        return np.arange(self.first, self.first + self.count)

    def label(self, position: int) -> str:
        """`name[axis, axis]` of one member."""
        return f"{self.name}[{','.join(str(int(index[position])) for index in self.axes.values())}]"


@dataclass(frozen=True)
class Model:
    """minimize cost·x + offset, row_lower <= A x <= row_upper, lower <= x <= upper, some x integer.

    Attributes
    ----------
    cost, lower, upper : ndarray of shape (n_columns,)
    integer : ndarray of bool, shape (n_columns,)
    row_lower, row_upper : ndarray of shape (n_rows,)
    row_start, column, value : CSR form of A
    columns, rows : dict of str to Family
    offset : float
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    row_lower: Floats
    row_upper: Floats
    row_start: Ids
    column: Ids
    value: Floats
    columns: dict[str, Family]
    rows: dict[str, Family]
    offset: float = 0.0

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    def row_of_entry(self) -> Ids:
        """Row of each nonzero."""
        return np.repeat(np.arange(self.n_rows), np.diff(self.row_start))

    def activity(self, x: Floats) -> Floats:
        """A x, shape (n_rows,)."""
        weights = self.value * x[self.column]
        result: Floats = np.bincount(self.row_of_entry(), weights=weights, minlength=self.n_rows).astype(
            float
        )
        return result

    def row_name(self, row: int) -> str:
        """Name of a row, `rule[site,period]`."""
        return _name(self.rows, row)

    def column_name(self, column: int) -> str:
        """Name of a column."""
        return _name(self.columns, column)

    def violation(self, x: Floats) -> float:
        """Largest violation of a row or bound, relative to 1 + |limit|."""
        activity = self.activity(x)
        worst = 0.0
        for value, low, high in ((activity, self.row_lower, self.row_upper), (x, self.lower, self.upper)):
            finite = np.isfinite(low)
            worst = max(worst, float(np.max((low - value)[finite] / (1 + np.abs(low[finite])), initial=0.0)))
            finite = np.isfinite(high)
            worst = max(
                worst, float(np.max((value - high)[finite] / (1 + np.abs(high[finite])), initial=0.0))
            )
        return worst

    def lp_text(self) -> Iterator[str]:
        """Lines of the model in a readable form, for golden files of small cases."""
        yield "minimize"
        yield "  " + _terms(np.flatnonzero(self.cost), self.cost[self.cost != 0], self.column_name)
        yield "subject to"
        for r in range(self.n_rows):
            part = slice(self.row_start[r], self.row_start[r + 1])
            yield (
                f"  {self.row_name(r)}: {self.row_lower[r]:g} <= "
                f"{_terms(self.column[part], self.value[part], self.column_name)} <= {self.row_upper[r]:g}"
            )
        yield "bounds"
        for j in range(self.n_columns):
            kind = " integer" if self.integer[j] else ""
            yield f"  {self.lower[j]:g} <= {self.column_name(j)} <= {self.upper[j]:g}{kind}"


def _terms(columns: Ids, values: Floats, name: Any) -> str:
    return " ".join(f"{v:+.6g} {name(int(c))}" for c, v in zip(columns, values, strict=True)) or "0"


def _name(families: dict[str, Family], position: int) -> str:
    for family in families.values():
        if family.first <= position < family.first + family.count:
            return family.label(position - family.first)
    raise IndexError(position)


@dataclass
class ModelBuilder:
    """Collects columns, rows and triplets; `build` makes the frozen Model."""

    _columns: dict[str, Family] = field(default_factory=dict)
    _rows: dict[str, Family] = field(default_factory=dict)
    _column_parts: list[tuple[Floats, Floats, Floats, NDArray[np.bool_]]] = field(default_factory=list)
    _row_parts: list[tuple[Floats, Floats]] = field(default_factory=list)
    _entries: list[tuple[Ids, Ids, Floats]] = field(default_factory=list)
    _n_columns: int = 0
    _n_rows: int = 0
    offset: float = 0.0

    @classmethod
    def of(cls, model: Model) -> ModelBuilder:
        """A builder that goes on from a model: its rows and columns keep their ids."""
        return cls(
            dict(model.columns),
            dict(model.rows),
            [(model.cost, model.lower, model.upper, model.integer)],
            [(model.row_lower, model.row_upper)],
            [(model.row_of_entry(), model.column, model.value)],
            model.n_columns,
            model.n_rows,
            model.offset,
        )

    def columns(
        self,
        name: str,
        axes: Mapping[str, ArrayLike],
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        cost: ArrayLike = 0.0,
        integer: bool = False,
    ) -> Family:
        """Add a family of columns; bounds and cost broadcast."""
        index = {axis: np.atleast_1d(np.asarray(v, dtype=np.int64)) for axis, v in axes.items()}
        count = len(next(iter(index.values())))
        family = Family(name, self._n_columns, count, index)
        self._columns[name] = family
        self._column_parts.append(
            (
                np.broadcast_to(np.asarray(cost, float), count).copy(),
                np.broadcast_to(np.asarray(lower, float), count).copy(),
                np.broadcast_to(np.asarray(upper, float), count).copy(),
                np.full(count, integer),
            )
        )
        self._n_columns += count
        return family

    def rows(
        self,
        name: str,
        axes: Mapping[str, ArrayLike],
        lower: ArrayLike = -np.inf,
        upper: ArrayLike = np.inf,
    ) -> Family:
        """Add a family of rows; limits broadcast."""
        index = {axis: np.atleast_1d(np.asarray(v, dtype=np.int64)) for axis, v in axes.items()}
        count = len(next(iter(index.values())))
        family = Family(name, self._n_rows, count, index)
        self._rows[name] = family
        self._row_parts.append(
            (
                np.broadcast_to(np.asarray(lower, float), count).copy(),
                np.broadcast_to(np.asarray(upper, float), count).copy(),
            )
        )
        self._n_rows += count
        return family

    def add(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike) -> None:
        """Add coefficients at (row, column); equal places add up; zeros are dropped."""
        r, c, v = np.broadcast_arrays(
            np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64), np.asarray(values, float)
        )
        keep = v.ravel() != 0
        self._entries.append((r.ravel()[keep], c.ravel()[keep], v.ravel()[keep]))

    def build(self) -> Model:
        """The frozen model; duplicate entries are summed."""
        cost, lower, upper, integer = (
            np.concatenate([part[i] for part in self._column_parts]) for i in range(4)
        )
        row_lower, row_upper = (
            (np.concatenate([part[i] for part in self._row_parts]) if self._row_parts else np.zeros(0))
            for i in range(2)
        )
        if self._entries:
            r, c, v = (np.concatenate([entry[i] for entry in self._entries]) for i in range(3))
        else:
            r, c, v = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        order = np.lexsort((c, r))
        r, c, v = r[order], c[order], v[order]
        first = np.ones(len(r), dtype=bool)
        first[1:] = (r[1:] != r[:-1]) | (c[1:] != c[:-1])
        at = np.flatnonzero(first)
        v = np.add.reduceat(v, at) if len(at) else v
        r, c = r[first], c[first]
        row_start = np.concatenate(([0], np.cumsum(np.bincount(r, minlength=self._n_rows))))
        return Model(
            cost=np.asarray(cost, float),
            lower=np.asarray(lower, float),
            upper=np.asarray(upper, float),
            integer=np.asarray(integer, bool),
            row_lower=row_lower,
            row_upper=row_upper,
            row_start=row_start.astype(np.int64),
            column=c,
            value=v,
            columns=dict(self._columns),
            rows=dict(self._rows),
            offset=self.offset,
        )
