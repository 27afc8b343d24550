"""Finds what looks like the same event reported by two clusters: same target, overlapping days, names alike (contract section 5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz, process

from sync.catalogue import finding, reading_order
from sync.model import ClusterData, Column, Finding
from sync.organization import Organization
from sync.text import fold

CODE = "possible-double-count"
ALIKE = 90
"""Names are alike from this score of 100 on: word order aside, about one letter in ten may differ."""

_NUMBER = re.compile(r"\d+")


class Signature(NamedTuple):
    """What two names have to share to mean one event, and what has to be alike."""

    numbers: tuple[str, ...]
    """Numbers in a name (`lần 1`, `lần 2`) are data: only names with the same numbers can mean one event."""
    words: str
    """In the order of the alphabet."""


class Done(NamedTuple):
    """One counted result. Results compare by their first day, then by cluster and place, as the days are swept."""

    start: date
    cluster_number: int
    place: int
    """Index among the cluster's activities."""
    end: date
    target: int
    signature: Signature


def signature(name_key: str) -> Signature:
    """Return the signature of a folded name."""
    return Signature(tuple(_NUMBER.findall(name_key)), " ".join(sorted(name_key.split())))


def with_pairs(clusters: Sequence[ClusterData], pairs: Iterable[tuple[Done, Done]], organization: Organization) -> list[ClusterData]:
    """Return the clusters with `possible-double-count` on both rows of each pair, in place of those that were found earlier."""
    names = {cluster.id: cluster.name for cluster in organization.clusters}
    said: dict[int, list[Finding]] = defaultdict(list)
    for one, other in pairs:
        for here, there in ((one, other), (other, one)):
            said[here.cluster_number].append(_double_count(clusters, here, there, names))
    return [_with(data, said.get(number, ())) for number, data in enumerate(clusters)]


def looked_for_again(clusters: Sequence[ClusterData], organization: Organization) -> list[ClusterData]:
    """Return the clusters with the pairs that their counted rows make now."""
    return with_pairs(clusters, same_events(_counted_results(clusters)), organization)


def _counted_results(clusters: Sequence[ClusterData]) -> Iterator[Done]:
    for number, data in enumerate(clusters):
        for place, one in enumerate(data.activities):
            if one.counts_as_done and one.target is not None and one.name is not None and one.done is not None:
                yield Done(one.done.start, number, place, one.done.end, one.target, signature(fold(one.name)))


def _with(data: ClusterData, said: Sequence[Finding]) -> ClusterData:
    kept = [found for found in data.findings if found.code != CODE]
    if not said and len(kept) == len(data.findings):
        return data
    return replace(data, findings=tuple(sorted((*kept, *said), key=reading_order)))


def _double_count(clusters: Sequence[ClusterData], here: Done, there: Done, names: Mapping[str, str]) -> Finding:
    data, other = clusters[here.cluster_number], clusters[there.cluster_number]
    activity, row = data.activities[here.place], other.activities[there.place].row
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


def same_events(done: Iterable[Done]) -> Iterator[tuple[Done, Done]]:
    """Yield pairs of results of different clusters that look like one event."""
    groups: dict[tuple[int, tuple[str, ...]], list[Done]] = defaultdict(list)
    for one in done:
        groups[one.target, one.signature.numbers].append(one)
    for group in groups.values():
        group.sort()
        yield from _in_one_group(group)


def _in_one_group(group: Sequence[Done]) -> Iterator[tuple[Done, Done]]:
    """Sweep over the days: only what is still going on when the next begins can overlap it."""
    going_on: list[Done] = []
    words: list[str] = []
    first_end = date.max
    for one in group:
        if first_end < one.start:
            going_on = [other for other in going_on if other.end >= one.start]
            words = [other.signature.words for other in going_on]
            first_end = min((other.end for other in going_on), default=date.max)
        found = process.extract(one.signature.words, words, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
        for at in sorted(at for _, _, at in found):  # extract_iter would leave a cycle each time, and with it the list
            if going_on[at].cluster_number != one.cluster_number:
                yield going_on[at], one
        going_on.append(one)
        words.append(one.signature.words)
        first_end = min(first_end, one.end)
