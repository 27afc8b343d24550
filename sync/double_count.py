"""Finds what looks like the same event reported by two clusters: same target, overlapping days, names alike (contract section 5)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz, process

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
        for _, _, at in process.extract_iter(one.signature.words, words, scorer=fuzz.ratio, score_cutoff=ALIKE):
            if going_on[at].cluster_number != one.cluster_number:
                yield going_on[at], one
        going_on.append(one)
        words.append(one.signature.words)
        first_end = min(first_end, one.end)
