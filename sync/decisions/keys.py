"""What a decision is bound to: what the row says, and the other row of a pair; never where it stands.

A key is made anew from each reading. It changes with every edit of what the row says, and not with rows that are sorted or inserted,
columns that are moved, a value that is typed in another way and means the same, or what the program itself writes beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sync.model import Activity, ClusterData, Finding, Late, Period

Row = tuple[str, int]
"""Cluster and number of a row."""
_UNREAD = frozenset(
    {"bad-date", "bad-number", "bad-money", "bad-link", "unknown-status", "unknown-unit", "unit-of-another-cluster", "unknown-target",
     "conflicting-target", "formula-error"}
)  # fmt: skip
"""Findings about what could not be read: there the cell's own text is what the row says."""


def keyed(clusters: Sequence[ClusterData]) -> list[ClusterData]:
    """Return the clusters with a key on every finding."""
    said = _contents(clusters)
    return [replace(data, findings=_with_keys(data.findings, said)) if data.findings else data for data in clusters]


def late_key(one: Late) -> str:
    """Return the key of something that was handed in late."""
    return _digest("late", one.unit, one.year, one.round, one.kind.value, one.due.isoformat(), one.first_seen.isoformat())


def _with_keys(findings: Sequence[Finding], said: Mapping[Row, str]) -> tuple[Finding, ...]:
    """Return the findings with keys; of rows that say the same the first has the first key, in the order of the sheet."""
    seen: Counter[str] = Counter()
    made = []
    for found in findings:
        own, other = said.get((found.cluster, found.row), ""), said.get(found.other, "") if found.other else ""
        key = _digest(found.cluster, found.code, found.column, found.value, own, found.other[0] if found.other else "", other)
        made.append(replace(found, key=f"{key}-{seen[key]}" if seen[key] else key))
        seen[key] += 1
    return tuple(made)


def _contents(clusters: Sequence[ClusterData]) -> dict[Row, str]:
    """Return what each row with a finding, and each row that one speaks of, says."""
    wanted = {place for data in clusters for found in data.findings for place in ((found.cluster, found.row), found.other)}
    contents = {}
    for data in clusters:
        unread = defaultdict(list)
        for found in data.findings:
            if found.code in _UNREAD:
                unread[found.row].append((str(found.column), found.value))
        for one in data.activities:
            if (one.cluster, one.row) in wanted:
                contents[one.cluster, one.row] = _content(one, unread[one.row])
    return contents


def _content(one: Activity, unread: Sequence[tuple[str, str]]) -> str:
    return _digest(
        one.unit, one.target, one.name, _span(one.planned), one.place, one.registered_quantity, _span(one.done), one.done_quantity,
        one.children, one.budget_vnd, *one.evidence, one.status, one.note, *sorted(unread),
    )  # fmt: skip


def _span(period: Period | None) -> str:
    return f"{period.start.isoformat()} {period.end.isoformat()}" if period else ""


def _digest(*parts: object) -> str:
    told = json.dumps([str(part) if part is not None else None for part in parts], ensure_ascii=False)
    return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()
