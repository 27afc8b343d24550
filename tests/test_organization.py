"""Clusters and units: who exists when, who leads in which year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sync.organization import Head
from tests.district import organization


def test_a_unit_exists_from_its_first_to_its_last_day() -> None:
    """Both ends belong to it; a unit without dates always exists."""
    unit = replace(organization().unit("dp-0"), valid_from=date(2024, 1, 2), valid_to=date(2025, 6, 30))
    days = (date(2024, 1, 1), date(2024, 1, 2), date(2025, 6, 30), date(2025, 7, 1))
    assert [unit.exists_on(day) for day in days] == [False, True, True, False]
    assert organization().unit("dp-0").exists_on(date(1990, 1, 1))


def test_a_cluster_knows_its_head_of_the_year() -> None:
    """The head is the one named for that year, and nobody where none is named."""
    cluster = replace(organization().cluster("khoi"), heads=(Head(2024, "A", "a@example.org"), Head(2025, "B", "b@example.org")))
    assert cluster.head_on(date(2025, 3, 1)) == Head(2025, "B", "b@example.org")
    assert cluster.head_on(date(2024, 12, 31), 2025) == Head(2025, "B", "b@example.org")
    assert cluster.head_on(date(2026, 1, 1)) is None


def test_units_stand_cluster_by_cluster() -> None:
    """All units are listed in the order of their clusters."""
    assert [unit.id for unit in organization().units][-3:] == ["cong-an", "thpt", "trung-tam"]


def test_unknown_ids_are_key_errors() -> None:
    """Asking for a cluster or unit that is not there is the program's own mistake."""
    with pytest.raises(KeyError, match="khong-co"):
        organization().cluster("khong-co")
    with pytest.raises(KeyError, match="khong-co"):
        organization().unit("khong-co")
