"""Stage 3: the rules of the plan (contract section 5). None raises, none drops a row.

The rules for one row are in `rules`; those over a whole cluster or the whole district follow here.
At the end a row counts, or something at its cells says why not (contract section 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import compress
from operator import or_
from typing import Any

from sync.catalogue import finding, reading_order
from sync.double_count import NO_EVENTS, Events, events, same_events, told_apart, with_pairs
from sync.model import (
    Activity,
    Cell,
    ClusterData,
    ClusterStatus,
    Column,
    Finding,
    Kind,
    Reading,
    RowCount,
    Rows,
    Status,
    Stops,
    activities_of,
)
from sync.organization import Organization
from sync.packing import Packed, packed, unpacked
from sync.personal import masked_cell
from sync.plan import Plan
from sync.rules import Judge, Said


def check(readings: Sequence[Reading], *, plan: Plan, organization: Organization, as_of: date) -> list[ClusterData]:
    """Return each cluster's activities, judged, with all their findings, in the order of ``readings``.

    Rows always reconcile: ``read = counted + excluded + ignored``.
    """
    judge = Judge(plan, organization, as_of)
    return with_double_counts([check_cluster(reading, judge, as_of=as_of) for reading in readings], organization)


@dataclass(frozen=True, slots=True)
class Judged:
    """One cluster, judged by all rules that need no other cluster."""

    head: ClusterData
    """All but its activities, where these are columns still."""
    columns: tuple[Sequence[Any], ...] = ()
    """The fields of its activities, column by column."""
    events: Events = NO_EVENTS
    """What the others' results are held against."""

    def whole(self) -> Judged:
        """Return it with its activities in the head: they are made where they stay, while their columns are at hand."""
        return Judged(replace(self.head, activities=activities_of(self.columns)), (), self.events) if self.columns else self

    def texts(self) -> Sequence[Sequence[str]]:
        """Return what `events` hold that the columns do not say."""
        return (self.events.numbers, self.events.words) if self.events.places else ()

    @staticmethod
    def of(head: ClusterData, columns: tuple[Sequence[Any], ...], texts: Sequence[Sequence[str]]) -> Judged:
        """Return what has such a head, columns and texts."""
        if not texts:
            return Judged(head, columns)
        done, targets, periods = (columns[_FIELDS.index(name)] for name in ("counts_as_done", "target", "done"))
        places = list(compress(range(len(done)), done))
        return Judged(head, columns, events(places, compress(targets, done), list(compress(periods, done)), *texts))

    def __reduce__(self) -> tuple[Callable[..., Judged], tuple[Any, ...]]:
        """Go from process to process packed."""
        count, done = len(self.columns[0]) if self.columns else 0, len(self.events.places)
        packed_columns = [packed(one) for one in self.columns] if count else ()
        return _unpacked, (self.head, count, packed_columns, done, [packed(one) for one in self.texts()])


_FIELDS = tuple(one.name for one in fields(Activity))


def _unpacked(head: ClusterData, count: int, packed_columns: Sequence[Packed], done: int, packed_texts: Sequence[Packed]) -> Judged:
    columns = tuple(unpacked(one, count) for one in packed_columns)
    return Judged.of(head, columns, [unpacked(one, done) for one in packed_texts])


def check_cluster(reading: Reading, judge: Judge, *, as_of: date) -> Judged:
    """Return what one cluster's reading comes to, seen alone."""
    if reading.rows is None:
        data = ClusterData(
            cluster=reading.cluster,
            status=ClusterStatus.FAILED,
            source=reading.source,
            findings=reading.findings,
            error=reading.error,
            tab=reading.tab,
            fingerprint=reading.fingerprint,
        )
        return Judged(data)
    return _ClusterCheck(reading, reading.rows, as_of).run(judge)


class _ClusterCheck:
    """Runs the rules over one cluster."""

    def __init__(self, reading: Reading, rows: Rows, as_of: date) -> None:
        self._reading = reading
        self._rows = rows
        self._as_of = as_of
        self._findings = list(reading.findings)
        self._stopped = dict(rows.stopped)
        self._named = _without_gaps([rows.values[name] for name in _WHOLE], len(rows.cells))

    def run(self, judge: Judge) -> Judged:
        for index, said in judge.said(self._reading.cluster, self._reading.columns, self._rows):
            self._say(index, said)
        registered, done = self._registered(), self._done()
        held_back = self._without_duplicates(registered, done)
        self._look_for_evidence(done)
        counted = sum(map(or_, registered, done))
        columns = self._rows.judged(registered, done, held_back) if done else ()
        return Judged(self._head(counted), columns, self._events(done))

    def _events(self, done: Sequence[bool]) -> Events:
        targets, periods = (compress(self._rows.values[name], done) for name in ("target", "done"))
        names = list(compress(self._rows.name_keys, done))
        return events(list(compress(range(len(done)), done)), targets, list(periods), *told_apart(names))

    def _without_duplicates(self, registered: list[bool], done: list[bool]) -> list[tuple[Kind, ...]]:
        """`duplicate-row`: take the marks of such rows away, and return of each row which halves nothing else keeps out."""
        held_back: list[tuple[Kind, ...]] = [()] * len(done)
        for index, earlier in _duplicates(self._rows):
            row = self._rows.values["row"][earlier]
            self._say(index, Said("duplicate-row", Column.NAME, str(row), other=(self._reading.cluster, row)))
            halves = ((Kind.REGISTRATION, registered[index]), (Kind.RESULTS, done[index]))
            held_back[index] = tuple(kind for kind, counts in halves if counts)
            registered[index] = done[index] = False
        return held_back

    def _say(self, index: int, said: Said) -> None:
        found = self._finding(index, said)
        self._findings.append(found)
        self._stopped[index] = self._stopped.get(index, frozenset()) | {found.stops}

    def _finding(self, index: int, said: Said) -> Finding:
        at = self._reading.columns[said.column]
        own = (self._rows.values["row"][index], at, _cell(self._rows.cells[index], at))
        line, at, cell = self._rows.places.get(index, {}).get(said.column, own)
        return finding(
            said.code,
            cluster=self._reading.cluster,
            tab=self._reading.tab or "",
            row=line,
            at=at,
            column=said.column,
            value=masked_cell(cell, counts=said.column is Column.BUDGET),
            suggestion=said.suggestion,
            extra=said.extra,
            stopping=said.stops,
            other=said.other,
        )

    def _registered(self) -> list[bool]:
        """Return which rows count as registered (contract section 6)."""
        marks = self._with_all("planned", "registered_quantity")
        statuses = self._rows.values["status"]
        if Status.CANCELLED in statuses:
            marks = [counts and status is not Status.CANCELLED for counts, status in zip(marks, statuses, strict=True)]
        return self._unless(marks, Stops.REGISTRATION)

    def _done(self) -> list[bool]:
        """Return which rows count as done (contract section 6)."""
        marks, as_of = self._with_all("done", "done_quantity"), self._as_of
        periods = zip(marks, self._rows.values["done"], strict=True)
        return self._unless([counts and period.start <= as_of for counts, period in periods], Stops.RESULT)

    def _with_all(self, *needed: str) -> list[bool]:
        """Return which rows name unit, target and activity, and say both of the half's; only columns with gaps are looked at row by row."""
        marks = self._named
        for column in (self._rows.values[name] for name in needed):
            if not all(column):
                marks = [counts and bool(value) for counts, value in zip(marks, column, strict=True)]
        return marks

    def _unless(self, marks: list[bool], stop: Stops) -> list[bool]:
        """Return the marks without those of rows that a finding keeps out."""
        marks = list(marks)
        for index, stopped in self._stopped.items():
            if stop in stopped or Stops.ROW in stopped:
                marks[index] = False
        return marks

    def _look_for_evidence(self, done: Sequence[bool]) -> None:
        """`missing-evidence`: counted as done, and nothing there."""
        if Column.EVIDENCE not in self._reading.columns:
            return
        filled = self._rows.filled
        without = {columns for columns in set(filled) if Column.EVIDENCE not in columns}
        for index in compress(range(len(filled)), map(without.__contains__, filled)):
            if done[index]:
                self._say(index, Said("missing-evidence", Column.EVIDENCE))

    def _head(self, counted: int) -> ClusterData:
        reading, count = self._reading, len(self._rows.cells)
        return ClusterData(
            cluster=reading.cluster,
            status=ClusterStatus.OK,
            source=reading.source,
            findings=tuple(sorted(dict.fromkeys(self._findings), key=reading_order)),
            rows=RowCount(read=reading.read, counted=counted, excluded=count - counted, ignored=reading.ignored),
            tab=reading.tab,
            header_row=reading.header_row,
            columns=reading.columns,
            fingerprint=reading.fingerprint,
            data_as_of=self._as_of,
        )


_WHOLE = ("unit", "target", "name")
"""What a row must say to count at all."""


def _without_gaps(columns: Iterable[Sequence[Any]], count: int) -> list[bool]:
    """Return which rows have a value in each of the columns."""
    marks = [True] * count
    for column in columns:
        if not all(column):
            marks = [whole and value is not None for whole, value in zip(marks, column, strict=True)]
    return marks


def _duplicates(rows: Rows) -> Iterator[tuple[int, int]]:
    """Yield (index, index of the earlier one) of rows that say again what an earlier row of the cluster said."""
    values = rows.values
    keys = list(zip(values["unit"], values["target"], rows.name_keys, strict=True))
    if len(set(keys)) == len(keys):
        return
    groups: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for index, (key, name, status) in enumerate(zip(keys, values["name"], values["status"], strict=True)):
        if name is not None and None not in key and status is not Status.CANCELLED:
            groups[key].append(index)
    for group in groups.values():
        for place, index in enumerate(group[1:], 1):
            earlier = next((other for other in group[:place] if _same_time(values, other, index)), None)
            if earlier is not None:
                yield index, earlier


def _same_time(values: Mapping[str, Sequence[Any]], one: int, other: int) -> bool:
    """Return whether two rows mean the same time: what both say is equal, and they say something in common."""
    said = [
        (times[one], times[other]) for times in (values["planned"], values["done"]) if times[one] is not None and times[other] is not None
    ]
    return bool(said) and all(a == b for a, b in said)


def with_double_counts(judged: Sequence[Judged], organization: Organization) -> list[ClusterData]:
    """Return the clusters with `possible-double-count` on both rows: another cluster reports what looks like the same event."""
    return with_pairs([one.whole().head for one in judged], same_events(one.events for one in judged), organization)


def _cell(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at - 1] if at <= len(cells) else ""
