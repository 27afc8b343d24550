"""Columns come out of a package as they went in, the same objects where they were the same (one process to another)."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.model import Kind, Period, Status
from sync.packing import packed, unpacked

PERIODS = st.builds(
    lambda first, days: Period(date(2024, 1, 1) + timedelta(first), date(2024, 1, 1) + timedelta(first + days)),
    st.integers(0, 3),
    st.integers(0, 9),
)
TEXTS = st.one_of(st.text(max_size=3), st.sampled_from(["", "Ngày hội", "a\0b", "\0"]))
VALUES: list[st.SearchStrategy[Any]] = [
    TEXTS, st.none() | TEXTS, PERIODS, st.none() | PERIODS, st.integers(), st.none() | st.integers(), st.booleans(), st.none() | st.sampled_from(Status),
    st.lists(TEXTS, max_size=2).map(tuple), TEXTS.map(lambda text: (text,)), st.lists(st.sampled_from(Kind), max_size=2).map(tuple), st.none(),
]  # fmt: skip


@given(st.one_of([st.lists(values, min_size=1, max_size=9) for values in VALUES]))
def test_what_goes_in_comes_out(column: list[Any]) -> None:
    """Values and their types, in their order."""
    there = unpacked(pickle.loads(pickle.dumps(packed(column))), len(column))
    assert list(there) == column
    assert list(map(type, there)) == list(map(type, column))


def test_a_range_and_what_people_repeat_go_once() -> None:
    """A column of one value, and one of all different texts, take little more than those."""
    name = "Ngày hội thiếu nhi vui khỏe"
    assert list(unpacked(packed(range(2, 5)), 3)) == [2, 3, 4]
    assert len(pickle.dumps(packed([name] * 1000))) < 200
    period = Period(date(2024, 3, 1), date(2024, 3, 2))
    assert len(pickle.dumps(packed([period, None] * 500))) < 5_000
