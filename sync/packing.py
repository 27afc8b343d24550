"""Columns of values, packed small for the way from one process to another: what stands in many cells goes once.

Row by row, or value by value, the one who unpacks would take as long as the one who read the rows.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat
from operator import is_
from typing import Any

from sync.model import Period

_BETWEEN = "\0"
"""Stands between texts: no spreadsheet holds it."""
_AS_IT_IS, _SAME, _TEXTS, _LINKS, _PERIODS = range(5)
Packed = tuple[int, Any]
"""How it is packed, and what."""


def packed(column: Sequence[Any]) -> Packed:
    """Return a column that is not empty, packed. Pickle itself sends numbers, and an object that is there already, in no time."""
    if isinstance(column, range):
        return _AS_IT_IS, column
    if all(map(is_, column, repeat(column[0]))):
        return _SAME, column[0]
    kinds = set(map(type, column))
    if kinds == {str}:
        return _texts(column)
    if kinds == {tuple} and set(map(len, column)) == {1}:
        how, what = _texts([one for (one,) in column])
        return (_LINKS, what) if how == _TEXTS else (_AS_IT_IS, column)
    return _periods(column) if Period in kinds else (_AS_IT_IS, column)


def unpacked(column: Packed, count: int) -> Sequence[Any]:
    """Return a packed column's values, ``count`` of them."""
    how, what = column
    if how == _SAME:
        return [what] * count
    if how == _TEXTS:
        return list(what.split(_BETWEEN))
    if how == _LINKS:
        return list(zip(what.split(_BETWEEN), strict=True))
    if how == _PERIODS:
        places, starts, ends = what
        return list(map(list(map(period_of, starts, ends)).__getitem__, places))
    values: Sequence[Any] = what
    return values


def _texts(column: Sequence[Any]) -> Packed:
    """Return texts as one, where most of them stand there but once."""
    if set(map(type, column)) == {str} and len(set(column)) * 2 > len(column):
        together = _BETWEEN.join(column)
        if together.count(_BETWEEN) == len(column) - 1:
            return _TEXTS, together
    return _AS_IT_IS, column


def _periods(column: Sequence[Period | None]) -> Packed:
    """Return periods as numbers of days, each once."""
    ids = list(map(id, column))
    distinct = dict(zip(ids, column, strict=True))
    number = dict(zip(distinct, range(len(distinct)), strict=True))
    places = array("H" if len(distinct) <= 65_536 else "L", map(number.__getitem__, ids))
    starts = array("l", [one.start.toordinal() if one else 0 for one in distinct.values()])
    ends = array("l", [one.end.toordinal() if one else 0 for one in distinct.values()])
    return _PERIODS, (places, starts, ends)


@lru_cache(maxsize=65_536)
def period_of(start: int, end: int) -> Period | None:
    """Return the period between two days, as numbers, `None` for 0; the same one each time, for many rows have it."""
    return Period(date.fromordinal(start), date.fromordinal(end)) if start else None
