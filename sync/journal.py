"""What must be remembered between runs, as rows of text that any home can keep in a tab of the master (design, decision 1).

One row a thing: its kind and its JSON. A row of a kind that this version does not know is an error, never dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sync.errors import SourceError
from sync.model import (
    Activity,
    ClusterData,
    CodeEntry,
    Decision,
    DigestRecord,
    Finding,
    FirstSeen,
    MailRecord,
    MailState,
    Memory,
    RunRecord,
)

FORMAT = "1"
_HEAD = "donghanh"
UNSETTLED = (MailState.UNKNOWN, MailState.REJECTED)
"""Messages that never go again by themselves: a person has to say what became of them."""
_SIMPLE: Mapping[str, type] = {
    "run": RunRecord,
    "first-seen": FirstSeen,
    "code": CodeEntry,
    "mail": MailRecord,
    "digest": DigestRecord,
    "decision": Decision,
}
_DIGESTS_KEPT = 6
"""A digest is compared with the one before it; a few more are there for whoever looks."""


def dump(memory: Memory) -> list[list[str]]:
    """Return the memory as rows of (kind, JSON), the format's number first."""
    rows = [[_HEAD, FORMAT]]
    simple = (
        ("run", memory.runs), ("first-seen", memory.first_seen), ("code", memory.codes), ("mail", memory.mails), ("digest", memory.digests),
        ("decision", memory.decisions),
    )  # fmt: skip
    for kind, things in simple:
        rows += [[kind, _to_json(_SIMPLE[kind], thing)] for thing in things]
    for cluster_id in sorted(memory.last_good):
        rows += _dump_cluster(memory.last_good[cluster_id])
    return rows


def load(rows: Sequence[Sequence[str]]) -> Memory:
    """Return the memory that the rows hold; no rows are an empty memory. Raise SourceError where they are damaged."""
    filled = [row for row in rows if any(cell != "" for cell in row)]
    if not filled:
        return Memory()
    if list(filled[0][:2]) != [_HEAD, FORMAT]:
        raise SourceError(
            "The master's memory tab is not one that this version of donghanh can read; restore the master from a copy, or move it away to begin anew."
        )
    return _assemble(filled[1:])


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


def _dump_cluster(data: ClusterData) -> list[list[str]]:
    head = replace(data, activities=(), findings=())
    rows = [["cluster", _to_json(ClusterData, head)]]
    rows += [["activity", _to_json(Activity, one)] for one in data.activities]
    return rows + [["finding", _to_json(Finding, one)] for one in data.findings]


def _assemble(rows: Iterable[Sequence[str]]) -> Memory:
    things: dict[str, list[Any]] = {kind: [] for kind in (*_SIMPLE, "cluster", "activity", "finding")}
    for kind, thing in _parsed(rows):
        things[kind].append(thing)
    activities, findings = _by_cluster(things["activity"]), _by_cluster(things["finding"])
    clusters = {
        head.cluster: replace(head, activities=tuple(activities[head.cluster]), findings=tuple(findings[head.cluster]))
        for head in things["cluster"]
    }
    runs, first_seen, codes, mails, digests, decisions = (tuple(things[kind]) for kind in _SIMPLE)
    return Memory(runs, first_seen, codes, mails, digests, clusters, decisions)


def _by_cluster(things: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for one in things:
        found[one.cluster].append(one)
    return found


def _parsed(rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, Any]]:
    types = {**_SIMPLE, "cluster": ClusterData, "activity": Activity, "finding": Finding}
    for number, row in enumerate(rows, 2):
        kind = row[0]
        try:
            yield kind, _adapter(types[kind]).validate_json("".join(row[1:]))  # a text longer than a cell goes on to its right
        except (KeyError, IndexError, ValidationError) as error:
            raise SourceError(
                f"Row {number} of the master's memory tab ({kind!r}) is damaged; restore the master from a copy, or move it away to begin anew."
            ) from error


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _to_json(kind: type, thing: object) -> str:
    return str(_adapter(kind).dump_json(thing), "utf-8")
