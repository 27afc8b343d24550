"""What a cell means is found out once for each distinct cell of a column, for people repeat themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sync.model import Cell, CellError
from sync.normalise.reading import Problem, Read
from sync.shown import is_empty

MOST = 65_536
"""So many distinct cells are remembered; then it begins anew, so that memory stays bounded however large the district."""
EMPTY: Read[Any] = Read(filled=False)
_FORMULA_ERROR: Read[Any] = Read(None, (Problem("formula-error"),))
_LOOK_EQUAL = frozenset({bool, CellError})
"""True equals 1.0 and an error equals its text, for Python: these are never looked up, but read each time."""


class Memo(dict[Cell, Read[Any]]):
    """Cell → what it reads as. White space alone is empty, and an error of a formula is one in every column."""

    def __init__(self, read: Callable[[Cell], Read[Any]]) -> None:
        super().__init__()
        self._of_filled = read

    def __missing__(self, cell: Cell) -> Read[Any]:
        is_text = type(cell) is str and cell[:1].isalnum()  # most cells: neither empty nor an error
        found = self[cell] = self._of_filled(cell) if is_text else self.read(cell)
        return found

    def read(self, cell: Cell) -> Read[Any]:
        """Return what one cell reads as, not remembered."""
        if is_empty(cell):
            return EMPTY
        return _FORMULA_ERROR if isinstance(cell, CellError) else self._of_filled(cell)

    def column(self, cells: Sequence[Cell]) -> list[Read[Any]]:
        """Return what the cells read as, in their order."""
        if len(self) > MOST:
            self.clear()
        if _LOOK_EQUAL.isdisjoint(map(type, cells)):
            return list(map(self.__getitem__, cells))
        return [self.read(cell) if type(cell) in _LOOK_EQUAL else self[cell] for cell in cells]
