"""Which reports are due as of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.calendar import due_reports
from tests.district import plan


@pytest.mark.parametrize(
    ("as_of", "keys"),
    [
        (date(2024, 2, 1), []),
        (date(2024, 5, 30), []),
        (date(2024, 5, 31), ["ket-qua/2024/dot-1"]),
        (date(2024, 11, 30), ["ket-qua/2024/dot-1"]),
        (date(2024, 12, 1), ["ket-qua/2024/dot-2"]),
        (date(2025, 4, 1), ["ket-qua/2024/dot-2"]),
        (date(2025, 5, 31), ["ket-qua/2025/dot-1"]),
        (date(2040, 1, 1), ["ket-qua/2027/dot-2"]),
    ],
)
def test_the_report_of_the_last_due_day_that_passed_is_due(as_of, keys):
    """A due day is a whole day; after it its report is due until the next one takes its place, however late the job runs."""
    assert [report.key for report in due_reports(plan(), as_of)] == keys


def test_nothing_from_before_the_plan_was_in_force_is_due():
    """A plan in force since June owes nothing for the end of May."""
    late = replace(plan(), in_force=date(2024, 6, 1))
    assert due_reports(late, date(2024, 11, 1)) == []
    assert [report.round.id for report in due_reports(late, date(2024, 12, 1))] == ["dot-2"]


def test_rounds_without_due_days_owe_nothing():
    """The summer has no day of its own and no report."""
    assert due_reports(replace(plan(), rounds=plan().rounds[1:2]), date(2025, 1, 1)) == []


@given(st.dates(date(2023, 1, 1), date(2029, 12, 31)))
def test_at_most_one_report_a_kind_and_never_from_the_future(as_of):
    """Whatever the day, no kind is due twice, every due day has passed, and no day turns a newer report into an older one."""
    reports = due_reports(plan(), as_of)
    assert len({report.kind for report in reports}) == len(reports)
    assert all(plan().in_force <= report.due < as_of for report in reports)
    tomorrow = due_reports(plan(), as_of + timedelta(days=1))
    assert [report.due for report in reports] <= [report.due for report in tomorrow]
