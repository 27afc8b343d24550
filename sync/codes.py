"""`Mã HĐ`: given to every activity once, and kept for life (issue of the feedback; the units' sheets need not carry it).

A row is known again by its own code, else by what it says: first everything, then less and less. A row that is not known gets
the next number of its cluster; a number is never given twice, even after its row has gone. A code on a row that is another
activity is not believed where the one that is remembered stands there, word for word, without a code: it went astray.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from sync.model import Activity, ClusterData, CodeEntry
from sync.text import fold

_Key = Callable[[CodeEntry], object]
_KEYS: tuple[_Key, ...] = (
    lambda one: (one.unit, one.target, one.name_key, one.planned, one.done),
    lambda one: (one.unit, one.target, one.name_key, one.planned),
    lambda one: (one.unit, one.target, one.name_key, one.done),
    lambda one: (one.unit, one.target, one.name_key),
    lambda one: (one.row, one.unit, one.name_key),
    lambda one: (one.row, one.target, one.name_key),
    lambda one: (one.row, one.unit, one.target),
)


def give_codes(data: ClusterData, prefix: str, known: Sequence[CodeEntry]) -> tuple[ClusterData, tuple[CodeEntry, ...]]:
    """Return the cluster with a code on each activity, and all entries of the cluster: those known before and the new ones."""
    ledger = _Ledger(data.cluster, prefix, {one.code: one for one in known if one.cluster == data.cluster})
    codes = ledger.codes([entry_of(one) for one in data.activities])
    if codes != [one.code for one in data.activities]:
        given = (one if one.code == code else replace(one, code=code) for one, code in zip(data.activities, codes, strict=True))
        data = replace(data, activities=tuple(given))
    return data, in_order(ledger.entries.values())


def in_order(entries: Iterable[CodeEntry]) -> tuple[CodeEntry, ...]:
    """Return entries cluster by cluster, in the order in which their codes were given."""
    return tuple(sorted(entries, key=lambda one: (one.cluster, len(one.code), one.code)))


def entry_of(one: Activity) -> CodeEntry:
    """Return what is remembered of the code of an activity that is there."""
    return CodeEntry(one.code or "", one.cluster, one.unit, one.target, fold(one.name or ""), one.planned, one.done, one.row)


@dataclass(slots=True)
class _Ledger:
    """The codes of one cluster while they are given out."""

    cluster: str
    prefix: str
    entries: dict[str, CodeEntry]
    used: set[str] = field(default_factory=set)

    def codes(self, rows: Sequence[CodeEntry]) -> list[str]:
        """Return a code for each row, in order."""
        given: dict[int, str] = {}
        astray = self._astray(rows)
        for index, row in enumerate(rows):
            if self._is_own(row.code) and row.code not in self.used and index not in astray:
                given[index] = self._take(row.code, row)
        for key in _KEYS:
            self._recognise(rows, key, given)
        numbers = count(self._highest() + 1)
        for index, row in enumerate(rows):
            if index not in given:
                given[index] = self._take(f"{self.prefix}-{next(numbers):04d}", row)
        return [given[index] for index in range(len(rows))]

    def _recognise(self, rows: Sequence[CodeEntry], key: _Key, given: dict[int, str]) -> None:
        free: dict[object, list[str]] = {}
        for code, entry in self.entries.items():
            if code not in self.used:
                free.setdefault(key(entry), []).append(code)
        for index, row in enumerate(rows):
            if index not in given and free.get(key(row)):
                given[index] = self._take(free[key(row)].pop(0), row)

    def _astray(self, rows: Sequence[CodeEntry]) -> frozenset[int]:
        """Return the places of rows that bear the code of another one, which bears none."""
        everything, name = _KEYS[0], _KEYS[3]
        others = [index for index, row in enumerate(rows) if (entry := self.entries.get(row.code)) and name(entry) != name(row)]
        if not others:
            return frozenset()
        bare = {everything(row) for row in rows if not self._is_own(row.code)}
        return frozenset(index for index in others if everything(self.entries[rows[index].code]) in bare)

    def _is_own(self, code: str) -> bool:
        return re.fullmatch(rf"{re.escape(self.prefix)}-\d{{4,}}", code) is not None

    def _take(self, code: str, row: CodeEntry) -> str:
        self.used.add(code)
        now = replace(row, code=code)
        if self.entries.get(code) != now:  # where it is the same the object that is remembered stays, and this one goes
            self.entries[code] = now
        return code

    def _highest(self) -> int:
        """Return the highest number that was ever given."""
        return max((int(code.rpartition("-")[2]) for code in self.entries), default=0)
