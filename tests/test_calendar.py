"""Which letters are owed as of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.calendar import Occasion, due_days, occasions, owed
from sync.plan import Plan
from tests.district import plan

BEGIN = date(2024, 3, 1)


def whole_plan() -> Plan:
    """Return the plan with its final review."""
    return replace(plan(), final_review=date(2028, 4, 15))


def keys(found: list[Occasion]) -> list[str]:
    return [one.key for one in found]


def test_the_whole_plan_day_by_day():
    """Every letter of the plan, with the day from which it is owed: worked out by hand."""
    assert [(f"{one.owed:%d/%m/%Y}", one.key, one.kinds) for one in occasions(whole_plan())] == [
        ("31/05/2024", "ket-qua/2024/dot-1", ("ket-qua",)),
        ("31/08/2024", "dang-ky/2024/dot-2", ("dang-ky",)),
        ("01/12/2024", "ket-qua/2024/dot-2", ("ket-qua", "nam")),
        ("11/01/2025", "nam/2024/bo-sung", ("nam",)),
        ("31/01/2025", "dang-ky/2025/dot-1", ("dang-ky",)),
        ("31/05/2025", "ket-qua/2025/dot-1", ("ket-qua",)),
        ("31/08/2025", "dang-ky/2025/dot-2", ("dang-ky",)),
        ("01/12/2025", "ket-qua/2025/dot-2", ("ket-qua", "nam")),
        ("11/01/2026", "nam/2025/bo-sung", ("nam",)),
        ("31/01/2026", "dang-ky/2026/dot-1", ("dang-ky",)),
        ("31/05/2026", "ket-qua/2026/dot-1", ("ket-qua",)),
        ("31/08/2026", "dang-ky/2026/dot-2", ("dang-ky",)),
        ("01/12/2026", "ket-qua/2026/dot-2", ("ket-qua", "nam")),
        ("11/01/2027", "nam/2026/bo-sung", ("nam",)),
        ("31/01/2027", "dang-ky/2027/dot-1", ("dang-ky",)),
        ("31/05/2027", "ket-qua/2027/dot-1", ("ket-qua",)),
        ("31/08/2027", "dang-ky/2027/dot-2", ("dang-ky",)),
        ("01/12/2027", "ket-qua/2027/dot-2", ("ket-qua", "nam")),
        ("11/01/2028", "nam/2027/bo-sung", ("nam",)),
        ("31/01/2028", "dang-ky/2028/dot-1", ("dang-ky",)),
        ("16/04/2028", "tong-ket/2028", ("tong-ket",)),
    ]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2024, 5, 30), []),
        (date(2024, 5, 31), ["ket-qua/2024/dot-1"]),
        (date(2024, 9, 1), ["ket-qua/2024/dot-1", "dang-ky/2024/dot-2"]),
        (date(2024, 12, 1), ["dang-ky/2024/dot-2", "ket-qua/2024/dot-2"]),
        (date(2025, 2, 1), ["ket-qua/2024/dot-2", "nam/2024/bo-sung", "dang-ky/2025/dot-1"]),
        (date(2040, 1, 1), ["ket-qua/2027/dot-2", "nam/2027/bo-sung", "dang-ky/2028/dot-1", "tong-ket/2028"]),
    ],
)
def test_of_each_series_the_letter_that_fell_due_last_is_owed(as_of, expected):
    """A due day is a whole day; after it its letter is owed, however late the job runs, until the next of its series takes its place."""
    assert keys(owed(whole_plan(), as_of, BEGIN)) == expected


def test_whoever_begins_gets_one_report_and_not_a_years():
    """Of what fell due before the first run only the last is owed; what falls due afterwards is owed like anything else."""
    first = date(2025, 12, 5)
    assert keys(owed(plan(), first, first)) == ["ket-qua/2025/dot-2"]
    assert keys(owed(plan(), date(2026, 1, 10), first)) == ["ket-qua/2025/dot-2"]
    assert keys(owed(plan(), date(2026, 2, 5), first)) == ["ket-qua/2025/dot-2", "nam/2025/bo-sung", "dang-ky/2026/dot-1"]


def test_nothing_from_before_the_plan_was_in_force_is_due():
    """A plan in force since June owes nothing for the end of May, and asks nothing of the units then."""
    late = replace(plan(), in_force=date(2024, 6, 1))
    assert keys(owed(late, date(2024, 8, 1), BEGIN)) == []
    assert due_days(late)[0].key == "2024/dot-2/registration"


def test_rounds_without_due_days_owe_nothing():
    """The summer has no day of its own and no report; the years close all the same."""
    assert {one.series for one in occasions(replace(plan(), rounds=plan().rounds[1:2]))} == {"bo-sung"}


@given(st.dates(date(2023, 1, 1), date(2029, 12, 31)), st.dates(date(2024, 3, 1), date(2028, 12, 31)))
def test_at_most_one_letter_a_series_and_never_from_the_future(as_of, since):
    """Whatever the day, no series is owed twice, all of it has fallen due, and no day turns a newer letter into an older one."""
    found = owed(whole_plan(), as_of, since)
    assert len({one.series for one in found}) == len(found)
    assert all(plan().in_force < one.owed <= as_of for one in found)
    later = {one.series: one.owed for one in owed(whole_plan(), as_of + timedelta(days=1), since)}
    assert all(one.series in later and one.owed <= later[one.series] for one in found)
