"""What must be remembered between runs, as rows of text that any home can keep in a tab of the master (design, decision 1).

One row a thing: its kind and its JSON. A row of a kind that this version does not know is an error, never dropped. What follows from
another row has none of its own: a `coded-activity` is the entry of its code, too, a `run-again` read the same clusters as another run,
known by a mark of their names, and a `sheet` has its columns where all sheets with its `header` have them. Rows are ordered so that a new
activity is one row in one place: in Google each place costs a step.
The first row says how many follow, for one that a person deleted would be missed by nobody; nor does any stand there twice, as where
somebody pasted rows over others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain, groupby
from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sync.codes import entry_of, in_order
from sync.errors import SourceError
from sync.model import (
    Activity,
    ClusterData,
    ClusterStatus,
    CodeEntry,
    Column,
    Decision,
    DigestRecord,
    Finding,
    FirstSeen,
    Kind,
    MailRecord,
    MailState,
    Memory,
    RowCount,
    RunRecord,
)

FORMAT = "3"
_READABLE = ("1", "2", FORMAT)
"""The first had a row for each code and for each day on which something was seen first; the second said of each cluster its columns."""
_HEAD = "donghanh"
_MEND = "restore the master from a copy (in Google: File > Version history), or move it away to begin anew."
UNSETTLED = (MailState.UNKNOWN, MailState.REJECTED)
"""Messages that never go again by themselves: a person has to say what became of them."""
_ACTIVITY, _CODED = "activity", "coded-activity"
_RUN, _AGAIN = "run", "run-again"
_SHEET, _HEADER = "sheet", "header"
_DIGESTS_KEPT = 6
"""A digest is compared with the one before it; a few more are there for whoever looks."""


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """The days on which something of one unit was seen first."""

    unit: str
    seen: tuple[tuple[int, str, Kind, date], ...]
    """Year, round, kind and day."""

    def each(self) -> list[FirstSeen]:
        """Return them one by one."""
        return [FirstSeen(self.unit, *one) for one in self.seen]


@dataclass(frozen=True, slots=True)
class HeaderSeen:
    """Where things stand in a sheet, mostly in many alike."""

    mark: str
    """What sheets know it by."""
    tab: str | None
    row: int | None
    columns: Mapping[Column, int]


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """What came of a cluster's sheet, but for its activities and findings, which have rows of their own."""

    cluster: str
    status: ClusterStatus
    source: str
    rows: RowCount
    fingerprint: str
    data_as_of: date | None
    header: str
    error: str | None = None
    lost: tuple[Activity, ...] = ()
    dropped: tuple[Finding, ...] = ()


def dump(memory: Memory, *, like: Iterable[Sequence[str]] = ()) -> list[list[str]]:
    """Return the memory as rows of (kind, JSON), first the format's number and how many rows follow.

    ``like`` are rows as they stand: a text that is there already is the same object, for most of a memory is.
    """
    rows = _dump(memory)
    known = {row[1]: row[1] for row in like if len(row) > 1}
    return [[kind, known.get(text, text)] for kind, text in rows] if known else rows


def _dump(memory: Memory) -> list[list[str]]:
    unsaid = {(one.cluster, one.code): one for one in memory.codes}
    headers = dict[str, HeaderSeen]()
    clusters = [row for cluster in sorted(memory.last_good) for row in _dump_striking_out(memory.last_good[cluster], unsaid, headers)]
    rows = list(_dump_runs(memory.runs))
    things: Mapping[str, Iterable[object]] = {
        "unit-seen": _by_unit(memory.first_seen), "code": unsaid.values(), "mail": memory.mails, "digest": memory.digests,
        "decision": memory.decisions, _HEADER: (headers[mark] for mark in sorted(headers)),
    }  # fmt: skip
    for kind, found in things.items():
        rows += [[kind, _to_json(_TYPES[kind], thing)] for thing in found]
    return [[_HEAD, f"{FORMAT} {len(rows) + len(clusters)}"], *rows, *clusters]


def load(rows: Sequence[Sequence[str]]) -> Memory:
    """Return the memory that the rows hold; no rows are an empty memory. Raise SourceError where they are damaged."""
    filled = [row for row in rows if any(cell != "" for cell in row)]
    if not filled:
        return Memory()
    written = _rows_written(filled[0])
    if written not in (None, len(filled) - 1):
        raise SourceError(f"The master's memory tab is damaged: {len(filled) - 1} rows stand there, and {written} were written; {_MEND}")
    return _assemble(filled[1:])


def _rows_written(head: Sequence[str]) -> int | None:
    """Return how many rows were written after the first one; `None` where it does not say, as before rows were counted."""
    number, _, count = "".join(head[1:2]).partition(" ")
    if head[0] != _HEAD or number not in _READABLE or not (count or "0").isdecimal():
        raise SourceError(f"The master's memory tab is not one that this version of donghanh can read; {_MEND}")
    return int(count) if count else None


def interrupted(memory: Memory) -> Memory:
    """Return the memory with each claim that has no outcome marked `unknown`: a run died there, and nobody knows whether the mail went."""
    mails = tuple(replace(mail, state=MailState.UNKNOWN) if mail.state is MailState.CLAIMED else mail for mail in memory.mails)
    return replace(memory, mails=mails)


def with_mail(memory: Memory, record: MailRecord) -> Memory:
    """Return the memory with this message's state, in place of an earlier one of the same key."""
    others = [mail for mail in memory.mails if mail.key != record.key]
    return replace(memory, mails=(*others, record))


def with_run(memory: Memory, record: RunRecord) -> Memory:
    """Return the memory with this run; the same run twice is remembered once."""
    return memory if record in memory.runs else replace(memory, runs=(*memory.runs, record))


def with_digest(memory: Memory, record: DigestRecord) -> Memory:
    """Return the memory with what a letter told, in place of what the same letter told earlier."""
    others = [one for one in memory.digests if one.key != record.key]
    return replace(memory, digests=(*others, record)[-_DIGESTS_KEPT:])


def _dump_runs(runs: Sequence[RunRecord]) -> Iterator[list[str]]:
    """Yield a row a run. With thousands of clusters the names of those that were read are most of it, and mostly the same: named once."""
    named = set[tuple[str, ...]]()
    for one in runs:
        again = one.clusters_read in named
        yield [_AGAIN if again else _RUN, _to_json(RunRecord, replace(one, clusters_read=(_mark_of(one.clusters_read),)) if again else one)]
        named.add(one.clusters_read)


def _by_unit(first_seen: Sequence[FirstSeen]) -> Iterator[UnitSeen]:
    for unit, found in groupby(sorted(first_seen, key=attrgetter("unit")), key=attrgetter("unit")):
        yield UnitSeen(unit, tuple((one.year, one.round, one.kind, one.day) for one in found))


def _dump_striking_out(data: ClusterData, unsaid: dict[tuple[str, str], CodeEntry], headers: dict[str, HeaderSeen]) -> list[list[str]]:
    """Return the rows of a cluster, and strike out of ``unsaid`` the entries that follow from them: what is left needs rows of its own.

    A district's rows have codes, and no entries. The header of its sheet is put to the others.
    """
    mark = _mark_of_header(data.tab, data.header_row, tuple(data.columns.items()))
    headers.setdefault(mark, HeaderSeen(mark, data.tab, data.header_row, data.columns))
    more = (data.fingerprint, data.data_as_of, mark, data.error, data.lost, data.dropped)
    rows = [[_SHEET, _to_json(SheetSeen, SheetSeen(data.cluster, data.status, data.source, data.rows, *more))]]
    for one in data.activities:
        key = (one.cluster, one.code or "")
        follows = key in unsaid and unsaid[key] == entry_of(one)
        rows.append([_CODED if follows else _ACTIVITY, _to_json(Activity, one)])
        if follows:
            del unsaid[key]
    return rows + [["finding", _to_json(Finding, one)] for one in data.findings]


_KNOWN_BY: Mapping[str, Callable[[Any], object]] = {
    _RUN: lambda one: one, _AGAIN: lambda one: one, "unit-seen": attrgetter("unit"), "code": attrgetter("cluster", "code"),
    "mail": attrgetter("key"), "digest": attrgetter("key"), "decision": attrgetter("key"), "cluster": attrgetter("cluster"),
    _SHEET: attrgetter("cluster"), _HEADER: attrgetter("mark"),
}  # fmt: skip
"""Kind → what no two of its rows have alike; of activities it is their row, of findings nothing."""
_TYPES: Mapping[str, type] = {
    _RUN: RunRecord, _AGAIN: RunRecord, "first-seen": FirstSeen, "unit-seen": UnitSeen, "code": CodeEntry, "mail": MailRecord, "digest": DigestRecord,
    "decision": Decision, "cluster": ClusterData, _SHEET: SheetSeen, _HEADER: HeaderSeen, _ACTIVITY: Activity, _CODED: Activity, "finding": Finding,
}  # fmt: skip


def _assemble(rows: Iterable[Sequence[str]]) -> Memory:
    things: dict[str, list[Any]] = {kind: [] for kind in _TYPES}
    told, entries = list[tuple[str, RunRecord]](), list[CodeEntry]()
    for kind, thing in _parsed(rows):
        things[kind].append(thing)
        if kind in (_RUN, _AGAIN):
            told.append((kind, thing))
        if kind == _CODED:
            things[_ACTIVITY].append(thing)
            entries.append(entry_of(thing))
    for kind, key in _KNOWN_BY.items():
        _ensure_none_twice(kind, map(key, things[kind]))
    activities, findings = _by_cluster(things[_ACTIVITY]), _by_cluster(things["finding"])
    heads = (*things["cluster"], *_heads(things[_SHEET], {one.mark: one for one in things[_HEADER]}))
    _ensure_none_twice("cluster", (head.cluster for head in heads))
    clusters = {
        head.cluster: replace(
            head, activities=tuple(activities.get(head.cluster, ())), findings=tuple(findings.get(head.cluster, ()))
        )
        for head in heads
    }  # fmt: skip
    for found in activities.values():
        _ensure_none_twice(_ACTIVITY, (one.row for one in found))
    if alone := sorted((activities.keys() | findings.keys()) - clusters.keys()):
        raise SourceError(f"The master's memory tab is damaged: there is no row of {alone[0]} itself, only of what it said; {_MEND}")
    first_seen = [*things["first-seen"], *(one for unit in things["unit-seen"] for one in unit.each())]
    mails, decisions = (tuple(things[kind]) for kind in ("mail", "decision"))
    digests = tuple(sorted(things["digest"], key=attrgetter("day")))  # people may have sorted the rows, and the latest is last
    return Memory(
        tuple(_whole_runs(told)), tuple(first_seen), in_order(chain(things["code"], entries)), mails, digests, clusters, decisions
    )


def _heads(sheets: Iterable[SheetSeen], headers: Mapping[str, HeaderSeen]) -> Iterator[ClusterData]:
    """Yield the clusters without their activities and findings; raise SourceError where the header of one is gone or was edited."""
    for said in headers.values():
        if said.mark != _mark_of_header(said.tab, said.row, tuple(said.columns.items())):
            raise SourceError(f"The master's memory tab is damaged: the row of the header {said.mark} is not as it was written; {_MEND}")
    for one in sheets:
        header = headers.get(one.header)
        if header is None:
            raise SourceError(f"The master's memory tab is damaged: the header that the row of {one.cluster} names stands nowhere; {_MEND}")
        yield ClusterData(
            one.cluster, one.status, one.source, rows=one.rows, error=one.error, tab=header.tab, header_row=header.row,
            columns=header.columns, fingerprint=one.fingerprint, data_as_of=one.data_as_of, lost=one.lost, dropped=one.dropped,
        )  # fmt: skip


def _ensure_none_twice(kind: str, known_by: Iterable[object]) -> None:
    """Raise SourceError where two things of a kind have the same mark."""
    marks = list(known_by)
    if len(set(marks)) < len(marks):
        raise SourceError(f"The master's memory tab is damaged: a row of the kind {kind!r} stands there twice; {_MEND}")


def _whole_runs(runs: Sequence[tuple[str, RunRecord]]) -> Iterator[RunRecord]:
    """Yield the runs, each with the clusters that it read, in whatever order people may have sorted the rows; raise SourceError."""
    named = {_mark_of(run.clusters_read): run.clusters_read for kind, run in runs if kind == _RUN}
    for kind, run in runs:
        if kind == _RUN:
            yield run
        elif (mark := "".join(run.clusters_read)) in named:
            yield replace(run, clusters_read=named[mark])
        else:
            raise SourceError(f"The master's memory tab is damaged: the clusters that the run of {run.as_of} read stand nowhere; {_MEND}")


@lru_cache(maxsize=16)
def _mark_of(read: tuple[str, ...]) -> str:
    return blake2b("\n".join(read).encode(errors="surrogatepass"), digest_size=8).hexdigest()


@lru_cache(maxsize=256)
def _mark_of_header(tab: str | None, row: int | None, columns: tuple[tuple[Column, int], ...]) -> str:
    """Return the mark of what a header says: one that a person edited does not fit it any more, and many sheets would have its columns."""
    said = _to_json(HeaderSeen, HeaderSeen("", tab, row, dict(columns)))
    return blake2b(said.encode(errors="surrogatepass"), digest_size=6).hexdigest()


def _by_cluster(things: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for one in things:
        found[one.cluster].append(one)
    return found


def _parsed(rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, Any]]:
    for number, row in enumerate(rows, 2):
        kind = row[0]
        try:
            yield kind, _adapter(_TYPES[kind]).validate_json("".join(row[1:]))  # a text longer than a cell goes on to its right
        except (KeyError, IndexError, ValidationError) as error:
            raise SourceError(f"Row {number} of the master's memory tab ({kind!r}) is damaged; {_MEND}") from error


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _to_json(kind: type, thing: object) -> str:
    return str(_adapter(kind).dump_json(thing, exclude_defaults=kind is SheetSeen), "utf-8")
