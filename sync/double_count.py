"""Finds what looks like the same event reported by two clusters: same target, overlapping days, names alike (contract section 5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from sync.model import Period

ALIKE = 90
"""Names are alike from this score of 100 on: word order aside, about one letter in ten may differ."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Done:
    """One counted result."""

    cluster_number: int
    place: int
    """Index among the cluster's activities."""
    cluster: str
    target: int
    name_key: str
    period: Period


def same_events(done: Sequence[Done]) -> Iterator[tuple[Done, Done]]:
    """Yield pairs of results of different clusters that look like one event."""
    by_target: dict[int, list[Done]] = defaultdict(list)
    for one in done:
        by_target[one.target].append(one)
    for group in by_target.values():
        yield from _in_one_target(sorted(group, key=lambda one: (one.period.start, one.cluster_number, one.place)))


def _in_one_target(group: Sequence[Done]) -> Iterator[tuple[Done, Done]]:
    """Sweep over the days: only what is still going on when the next begins can overlap it."""
    going_on: dict[tuple[str, ...], list[Done]] = defaultdict(list)
    for one in group:
        # Numbers in a name (`lần 1`, `lần 2`) are data: only names with the same numbers can mean one event.
        numbers = tuple(_NUMBER.findall(one.name_key))
        overlapping = [other for other in going_on[numbers] if other.period.end >= one.period.start]
        for other in overlapping:
            if other.cluster_number != one.cluster_number and names_alike(other.name_key, one.name_key):
                yield other, one
        overlapping.append(one)
        going_on[numbers] = overlapping


def names_alike(one: str, other: str) -> bool:
    """Return whether two folded names, whose numbers are the same, may mean one event."""
    return one == other or fuzz.token_sort_ratio(one, other, score_cutoff=ALIKE) > 0
