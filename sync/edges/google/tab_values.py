"""The values of a tab, row by row, as plain values that can be compared; and the blocks in which what differs is written."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sync.edges.google.alignment import Line
from sync.edges.google.tabs import runs
from sync.edges.workbook_style import fitting
from sync.layout import Shown, TabView

Json = dict[str, Any]
Value = TypeVar("Value", bound=Hashable)
_EPOCH = date(1899, 12, 30)
_CELL, _REQUEST = 45, 220
"""Bytes that one more cell, and one more request, take."""


def wanted_lines(view: TabView, width: int) -> list[Line]:
    """Return the values of each row, as wide as said: text, number, or nothing."""
    return [tuple([_plain(shown) for shown in row]) + (None,) * (width - len(row)) for row in view.rows]


def _plain(shown: Shown) -> Hashable:
    """Return a value as a cell of Google holds it: text is text, whatever it begins with; days are numbers."""
    value = shown.value
    if value is None:
        return None
    if isinstance(value, str):
        return fitting(value) or None
    if isinstance(value, bool):
        return "boolValue", value
    return (value - _EPOCH).days if isinstance(value, date) else value


def as_wide(lines: Iterable[Line], width: int) -> list[Line]:
    """Return rows cut, or filled up, to a width; those that have it are the same objects."""
    return [line if len(line) == width else line[:width] + (None,) * (width - len(line)) for line in lines]


def entered(value: Hashable) -> Json:
    """Return the ExtendedValue of a plain value."""
    if value is None:
        return {}
    if isinstance(value, str):
        return {"stringValue": value}
    return {value[0]: value[1]} if isinstance(value, tuple) else {"numberValue": value}


def content_digest(lines: Iterable[Line], left_out: Sequence[int]) -> str:
    """Return a digest of the values, without those of people's columns."""
    digest = hashlib.blake2b(digest_size=6)
    for line in lines:
        kept = [float(one) if isinstance(one, int) else one for at, one in enumerate(line) if at not in left_out]
        digest.update(repr(kept).encode("utf-8", "replace"))
    return digest.hexdigest()


def parts(width: int, peoples: Sequence[int]) -> Iterator[range]:
    """Yield the columns that are written together: what is written beside people's cells never carries them along."""
    for columns in ([at for at in range(width) if at not in peoples], peoples):
        yield from (range(first, last + 1) for first, last in runs(columns))


@dataclass(slots=True)
class Block:
    """Cells that are written together; the last row and column are among them."""

    top: int
    left: int
    bottom: int
    right: int

    def grown(self, row: int, left: int, right: int) -> Block:
        """Return it with some cells of the row behind it."""
        return Block(self.top, min(self.left, left), row, max(self.right, right))

    @property
    def size(self) -> int:
        """The number of its cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def blocks(differing: Mapping[int, Sequence[int]], part: range) -> list[Block]:
    """Return the blocks that cover the differing cells of some neighbouring columns with few bytes: row → columns, both rising."""
    done, open_ = list[Block](), list[Block]()
    for row in sorted(differing):
        still = [one for one in open_ if one.bottom == row - 1]
        done += [one for one in open_ if one.bottom < row - 1]
        open_ = []
        for left, right in _spans([at for at in differing[row] if at in part]):
            costs = [((one.grown(row, left, right).size - one.size - (right - left + 1)) * _CELL, at) for at, one in enumerate(still)]
            least, at = min(costs, default=(_REQUEST, -1))
            open_.append(still.pop(at).grown(row, left, right) if least < _REQUEST else Block(row, left, row, right))
        done += still
    return sorted((*done, *open_), key=lambda one: (one.top, one.left))


def _spans(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the spans of columns, those with a narrow gap between them as one."""
    first = last = -1
    for at in columns:
        if first >= 0 and (at - last - 1) * _CELL > _REQUEST:
            yield first, last
            first = at
        first, last = (first if first >= 0 else at), at
    if first >= 0:
        yield first, last


def by_value(rows: Iterable[tuple[int, Value]]) -> dict[Value, list[tuple[int, int]]]:
    """Return each value with the runs of rows that have it."""
    found = defaultdict[Value, list[int]](list)
    for row, value in rows:
        found[value].append(row)
    return {value: list(runs(numbers)) for value, numbers in found.items()}
