"""The search for events that two clusters report, held against looking at every pair (contract section 5)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from sync import double_count
from sync.double_count import ALIKE, Events, events, same_events, told_apart
from sync.model import Period

FIRST = date(2024, 3, 1)
NAMES = [
    "ngai hoi thieu nhi", "ngai hoi thieu nhii", "hoi ngai thieu nhi", "hoi thi lan 1", "hoi thi lan 2", "1 hoi thi lan", "hoi thi ve tranh",
    "hoi thi ve tranh 3a", "hoi trai he", "3 hoi thi ve tranh a", "", "lan 12", "lan 1 2",
]  # fmt: skip
RESULT = st.builds(
    lambda target, first, days, name: (target, Period(FIRST + timedelta(first), FIRST + timedelta(first + days)), name),
    st.integers(1, 2), st.integers(0, 6), st.sampled_from([0, 0, 0, 1, 3, 9]), st.sampled_from(NAMES),
)  # fmt: skip


def looks_the_same(one: tuple[int, Period, str], other: tuple[int, Period, str]) -> bool:
    (target, period, name), (target_2, period_2, name_2) = one, other
    words, words_2 = (" ".join(sorted(key.split())) for key in (name, name_2))
    return (
        target == target_2
        and period.start <= period_2.end
        and period_2.start <= period.end
        and re.findall(r"\d+", name) == re.findall(r"\d+", name_2)
        and ratio(words, words_2) >= ALIKE
    )


def events_of(rows: list[tuple[int, Period, str]]) -> Events:
    return events(range(len(rows)), *([row[at] for row in rows] for at in (0, 1)), *told_apart([name for *_, name in rows]))


@pytest.mark.parametrize("at_once", [1, 2, 256])
@given(clusters=st.lists(st.lists(RESULT, max_size=6), max_size=5))
def test_every_pair_that_looks_the_same_is_found_once(at_once: int, clusters: list[list[tuple[int, Period, str]]]) -> None:
    """Whoever begins first and however long they last; rows of one cluster are never held against each other."""
    results = {(number, place): one for number, rows in enumerate(clusters) for place, one in enumerate(rows)}
    wanted = {frozenset(pair) for pair in combinations(results, 2) if pair[0][0] != pair[1][0] and looks_the_same(*map(results.get, pair))}
    columns = [events_of(rows) for rows in clusters]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(double_count, "_AT_ONCE", at_once)
        found = [frozenset(pair) for pair in same_events(columns)]
    assert len(found) == len(set(found))
    assert set(found) == wanted
