"""Finds what looks like the same event reported by two clusters: same target, overlapping days, names alike (contract section 5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import repeat
from operator import contains
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from sync.catalogue import finding, reading_order
from sync.model import ClusterData, Column, Finding, Period
from sync.organization import Organization
from sync.text import fold

CODE = "possible-double-count"
ALIKE = 90
"""Names are alike from this score of 100 on: word order aside, about one letter in ten may differ."""

_NO_NUMBER = re.compile(r"[^\d\n]+")
_NUMBERS_ALONE = {code: " " for code in range(128) if chr(code) not in "0123456789\n"}
"""The same for most names, ten times as fast."""
_AT_ONCE = 256
"""So many names of one day are held against all others at a time, so that what that takes in memory has an end."""


Row = tuple[int, int]
"""Number of a cluster, index among its activities."""


class Events(NamedTuple):
    """What a cluster counts as done, column by column: what is held against the others' results."""

    places: Sequence[int] = ()
    """Index among the cluster's activities."""
    targets: Sequence[int] = ()
    starts: Sequence[date] = ()
    ends: Sequence[date] = ()
    numbers: Sequence[str] = ()
    """Numbers in a name (`lần 1`, `lần 2`) are data: only names with the same ones can mean one event."""
    words: Sequence[str] = ()
    """Those of the name, in the order of the alphabet."""


NO_EVENTS = Events()
_Going = tuple[int, int, date, str]
"""One result: cluster, place, last day, words."""
_Days = Mapping[date, list[_Going]]
"""First day → results, in the order of clusters and places."""


def told_apart(name_keys: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the numbers and the words of folded names, as `Events` has them."""
    return _numbers(name_keys), [" ".join(sorted(key.split())) for key in name_keys]


def events(
    places: Sequence[int], targets: Iterable[int], periods: Sequence[Period], numbers: Sequence[str], words: Sequence[str]
) -> Events:
    """Return a cluster's counted results, each column an entry for each of them."""
    if not places:
        return NO_EVENTS
    return Events(places, tuple(targets), [period.start for period in periods], [period.end for period in periods], numbers, words)


def _numbers(name_keys: Sequence[str]) -> list[str]:
    """Return the numbers in each name, told apart by commas; at one go, for there is no line break in a folded name."""
    together = "\n".join(name_keys)
    left = together.translate(_NUMBERS_ALONE) if together.isascii() else _NO_NUMBER.sub(" ", together)
    numbers = list(map(str.strip, left.split("\n")))
    return [",".join(some.split()) for some in numbers] if any(map(contains, numbers, repeat(" "))) else numbers


def with_pairs(clusters: Sequence[ClusterData], pairs: Iterable[tuple[Row, Row]], organization: Organization) -> list[ClusterData]:
    """Return the clusters with `possible-double-count` on both rows of each pair, in place of those that were found earlier."""
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    said: dict[int, list[Finding]] = defaultdict(list)
    for one, other in pairs:
        for here, there in ((one, other), (other, one)):
            said[here[0]].append(_double_count(clusters, here, there, names))
    return [_with(data, said.get(number, ())) for number, data in enumerate(clusters)]


def looked_for_again(clusters: Sequence[ClusterData], organization: Organization) -> list[ClusterData]:
    """Return the clusters with the pairs that their counted rows make now."""
    return with_pairs(clusters, same_events(map(_counted_results, clusters)), organization)


def _counted_results(data: ClusterData) -> Events:
    found = [
        (place, one.target, one.done, fold(one.name))
        for place, one in enumerate(data.activities)
        if one.counts_as_done and one.target is not None and one.name is not None and one.done is not None
    ]
    if not found:
        return NO_EVENTS
    places, targets, periods, names = zip(*found, strict=True)
    return events(places, targets, periods, *told_apart(names))


def _with(data: ClusterData, said: Sequence[Finding]) -> ClusterData:
    kept = [found for found in data.findings if found.code != CODE]
    if not said and len(kept) == len(data.findings):
        return data
    return replace(data, findings=tuple(sorted((*kept, *said), key=reading_order)))


def _double_count(clusters: Sequence[ClusterData], here: Row, there: Row, names: Mapping[str, str]) -> Finding:
    data, other = clusters[here[0]], clusters[there[0]]
    activity, row = data.activities[here[1]], other.activities[there[1]].row
    return finding(
        CODE,
        cluster=data.cluster,
        tab=activity.tab,
        row=activity.row,
        at=data.columns[Column.NAME],
        column=Column.NAME,
        value=activity.name or "",
        extra=f"dòng {row} của {names[other.cluster]}",
        other=(other.cluster, row),
    )


def same_events(clusters: Iterable[Events]) -> Iterator[tuple[Row, Row]]:
    """Yield pairs of results of different clusters that look like one event."""
    groups: dict[tuple[int, str], _Days] = defaultdict(lambda: defaultdict(list))
    for number, one in enumerate(clusters):
        results = zip(repeat(number), one.places, one.ends, one.words)
        for key, day, result in zip(zip(one.targets, one.numbers, strict=True), one.starts, results, strict=True):
            groups[key][day].append(result)
    for group in groups.values():
        yield from _in_one_group(group)


def _in_one_group(group: _Days) -> Iterator[tuple[Row, Row]]:
    """Sweep over the days: only what is still going on when the next begin can overlap them. Those of one day are compared at once."""
    going_on: list[_Going] = []
    for day in sorted(group):
        going_on = [one for one in going_on if one[2] >= day]
        for some in _portions(group[day]):
            known = len(going_on)
            going_on += some
            if len(going_on) > 1:
                for at, earlier in _alike([one[3] for one in some], [one[3] for one in going_on]):
                    here, there = going_on[earlier], some[at]
                    if earlier < known + at and here[0] != there[0]:
                        yield here[:2], there[:2]


def _portions(results: list[_Going]) -> Iterator[list[_Going]]:
    return (results[start : start + _AT_ONCE] for start in range(0, len(results), _AT_ONCE))


def _alike(names: Sequence[str], others: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (index, index of another one) of the names that are alike, in their order."""
    rows, columns = process.cdist(names, others, scorer=ratio, score_cutoff=ALIKE).nonzero()  # less than the cutoff is 0
    return zip(rows.tolist(), columns.tolist(), strict=True)
