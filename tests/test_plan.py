"""The plan's own arithmetic: rounds, due days, what is unallocated."""

from __future__ import annotations

from datetime import date

import pytest

from sync.model import Kind
from sync.plan import day_after
from tests.district import plan


def test_a_day_belongs_to_the_round_of_its_month() -> None:
    """January to May is round 1, June to August the summer, September to December round 2."""
    months = [plan().round_of(date(2024, month, 1)) for month in range(1, 13)]
    assert [one.id if one else None for one in months] == ["dot-1"] * 5 + ["he"] * 3 + ["dot-2"] * 4


def test_a_round_without_due_days_is_owed_with_others() -> None:
    """The summer has no due day; it is registered with round 1 and reported with round 2."""
    assert plan().due_day("he", Kind.REGISTRATION, 2024) is None
    assert plan().due_day("dot-1", Kind.REGISTRATION, 2024) == date(2024, 1, 30)
    assert plan().due_day("dot-2", Kind.RESULTS, 2025) == date(2025, 11, 30)
    assert plan().covered("dot-1", Kind.REGISTRATION) == ("dot-1", "he")
    assert plan().covered("dot-2", Kind.RESULTS) == ("he", "dot-2")
    assert [one.id for one in plan().reporting_rounds()] == ["dot-1", "dot-2"]


def test_what_no_cluster_was_given_is_everyones() -> None:
    """A target with an unallocated part is expected of every cluster, a wholly allocated one only of its own."""
    assert plan().target(1).unallocated == 4
    assert plan().target(1).is_expected_of("phuong")
    assert plan().target(3).is_expected_of("phuong")
    assert not plan().target(3).is_expected_of("khoi")


def test_unknown_ids_are_key_errors() -> None:
    """Asking for a target or round that the plan does not have is the program's own mistake."""
    with pytest.raises(KeyError, match="9"):
        plan().target(9)
    with pytest.raises(KeyError, match="dot-3"):
        plan().round("dot-3")


def test_a_year_ends_in_december_or_with_the_plan() -> None:
    """The last year ends when the plan does."""
    assert plan().year_end(2024) == date(2024, 12, 31)
    assert plan().year_end(2028) == date(2028, 4, 30)
    assert day_after(date(2024, 2, 28)) == date(2024, 2, 29)
