"""What a cell means is found out once for each distinct cell of a column, for people repeat themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import compress, filterfalse
from typing import Any, NamedTuple

from sync.model import Cell, CellError
from sync.normalise.reading import Problem, Read
from sync.shown import is_empty

MOST = 65_536
"""So many distinct cells are remembered; then it begins anew, so that memory stays bounded however large the district."""
EMPTY: Read[Any] = Read(filled=False)
_FORMULA_ERROR: Read[Any] = Read(None, (Problem("formula-error"),))
_ERRORS = frozenset(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"))
"""Errors of formulas as they are shown: where values alone were pasted, the text of one is left."""
_LOOK_EQUAL = frozenset({bool, CellError})
"""True equals 1.0 and an error equals its text, for Python: these are never looked up, but read each time."""
Glance = Callable[[Sequence[Any]], Sequence[Any]]
"""Texts of one column → their values, told at one go; `None` for those that have to be read one by one."""
_TRIAL = 4_096
"""So many cells are remembered before it is asked whether remembering is worth its while."""
_WORTH = 8
"""It is, where one cell in so many was known."""


class ColumnRead(NamedTuple):
    """What the cells of a column read as."""

    values: list[Any]
    odd: Mapping[int, Read[Any]]
    """Index → reading, where there is more to say of a cell than its value: that it is empty or has none, or something wrong with it."""

    def at(self, index: int) -> Read[Any]:
        """Return what one cell reads as."""
        return self.odd.get(index) or Read(self.values[index])

    def unfilled(self) -> list[int]:
        """Return the indexes of the cells that say nothing."""
        return [index for index, read in self.odd.items() if not read.filled]

    def without_value(self) -> set[int]:
        """Return the indexes of the cells that have no value."""
        values = self.values
        return {index for index in self.odd if values[index] is None}

    def kept(self, indexes: Sequence[int]) -> ColumnRead:
        """Return the column with these cells alone."""
        odd = self.odd
        return ColumnRead(
            [self.values[index] for index in indexes], {place: odd[index] for place, index in enumerate(indexes) if index in odd}
        )


def nothing(count: int) -> ColumnRead:
    """Return what a column of empty cells reads as."""
    return ColumnRead([None] * count, dict.fromkeys(range(count), EMPTY))


class Memo(dict[Cell, Any]):
    """Cell → the value that it reads as. White space alone is empty, and an error of a formula is one in every column."""

    def __init__(self, read: Callable[[Cell], Read[Any]], glance: Glance | None = None) -> None:
        super().__init__()
        self._of_filled = read
        self._glance = glance
        self._odd: dict[Cell, Read[Any]] = {}
        self._seen = self._known = 0

    def __missing__(self, cell: Cell) -> Any:
        found = self.read(cell)
        if _is_odd(found):
            self._odd[cell] = found
        self[cell] = found.value
        return found.value

    def read(self, cell: Cell) -> Read[Any]:
        """Return what one cell reads as, not remembered."""
        if type(cell) is str and cell[:1].isalnum():  # most cells: neither empty nor an error
            return self._of_filled(cell)
        if is_empty(cell):
            return EMPTY
        return _FORMULA_ERROR if isinstance(cell, CellError) or cell in _ERRORS else self._of_filled(cell)

    def column(self, cells: Sequence[Cell]) -> ColumnRead:
        """Return what the cells read as, in their order."""
        if len(self) > MOST:
            self.clear()
            self._odd.clear()
        types = set(map(type, cells))
        if not _LOOK_EQUAL.isdisjoint(types):
            return self._one_by_one(cells, [None] * len(cells))
        if len(types) == 1 and cells[0] == cells[-1] and cells.count(cells[0]) == len(cells):
            return self._all_alike(cells)
        glance = self._glance if types == {str} else None
        if glance and self._seen >= _TRIAL and self._known * _WORTH < self._seen:
            return self._one_by_one(cells, glance(cells))
        values = self._at_a_glance(glance, cells) if glance else list(map(self.__getitem__, cells))
        odd = self._odd
        if not odd or odd.keys().isdisjoint(cells):
            return ColumnRead(values, {})
        is_odd = list(map(odd.__contains__, cells))
        return ColumnRead(
            values, dict(zip(compress(range(len(cells)), is_odd), map(odd.__getitem__, compress(cells, is_odd)), strict=True))
        )

    def _all_alike(self, cells: Sequence[Cell]) -> ColumnRead:
        """Return what cells read as that are all the same, as those of a column that nobody fills in."""
        value, odd = self[cells[0]], self._odd.get(cells[0])
        return ColumnRead([value] * len(cells), dict.fromkeys(range(len(cells)), odd) if odd else {})

    def _at_a_glance(self, glance: Glance, texts: Sequence[Any]) -> list[Any]:
        """Return the values of texts; those that can be told at a glance are remembered too, for they may come again."""
        self._seen += len(texts)
        values = list(map(self.get, texts))
        if None not in values:
            self._known += len(texts)
            return values
        new = list(filterfalse(self.__contains__, texts))
        self._known += len(texts) - len(new)
        if new:
            self.update((text, value) for text, value in zip(new, glance(new), strict=True) if value is not None)
        return list(map(self.__getitem__, texts))

    def _one_by_one(self, cells: Sequence[Cell], told: Sequence[Any]) -> ColumnRead:
        """Return what the cells read as whose values are told, or `None` where they are not; nothing is remembered."""
        values, odd = list(told), {}
        for index in [index for index, value in enumerate(told) if value is None]:
            read = self.read(cells[index])
            values[index] = read.value
            if _is_odd(read):
                odd[index] = read
        return ColumnRead(values, odd)


def _is_odd(read: Read[Any]) -> bool:
    return read.value is None or bool(read.problems) or not read.filled
