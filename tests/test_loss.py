"""Sudden loss: which rows went, and when the earlier ones stand."""

from __future__ import annotations

import pytest

from sync.loss import lost_rows, sudden_loss
from sync.model import Cell, ClusterData
from sync.settings_values import Limits
from tests.district import good_row, judge_rows

LIMITS = Limits()


def rows(count: int) -> list[list[Cell]]:
    return [
        good_row(name=f"Ngày hội số {number}", planned=f"{number:02d}/03/2024", done=f"{number:02d}/03/2024")
        for number in range(1, count + 1)
    ]


def cluster(*lines: list[Cell]) -> ClusterData:
    return judge_rows(*lines)


@pytest.mark.parametrize(("gone", "held"), [(3, False), (4, True), (12, True)])
def test_a_third_of_the_counted_rows_is_the_line(gone: int, held: bool):
    """Three of twelve are ordinary work, four are a loss."""
    assert (sudden_loss(cluster(*rows(12)), cluster(*rows(12)[gone:]), LIMITS) is not None) is held


def test_the_sentence_names_the_rows_that_went_and_how_to_let_it_through():
    """Five rows by number and name, the others counted."""
    said = sudden_loss(cluster(*rows(12)), cluster(*rows(12)[7:]), LIMITS) or ""
    assert said.startswith("Bảng mất 7 trong 12 hoạt động đã tính lần trước: dòng 2 «Ngày hội số 1»; ")
    assert said.endswith("dòng 6 «Ngày hội số 5» và 2 dòng khác; số liệu cũ được giữ đến khi có người xác nhận (--accept-loss phuong).")


def test_sorting_and_correcting_rows_loses_none():
    """The other way round, with every name or every day corrected, each row is still the same one."""
    before = cluster(*rows(6))
    assert lost_rows(before, cluster(*reversed(rows(6)))) == []
    assert (
        lost_rows(before, cluster(*(good_row(name=f"Hội {n}", planned=f"{n:02d}/03/2024", done=f"{n:02d}/03/2024") for n in range(1, 7))))
        == []
    )
    assert (
        lost_rows(before, cluster(*(good_row(name=f"Ngày hội số {n}", planned="15/4/2024", done=f"{n:02d}/04/2024") for n in range(1, 7))))
        == []
    )


def test_a_table_that_was_pasted_over_is_a_loss_though_its_length_stayed():
    """As many rows, all of them others."""
    others = [good_row(name=f"Khác {number}", planned=f"{number:02d}/05/2024", done=f"{number:02d}/05/2024") for number in range(1, 7)]
    assert len(lost_rows(cluster(*rows(6)), cluster(*others))) == 6


def test_rows_that_stopped_counting_are_lost_too():
    """A unit's column overwritten with nonsense keeps the rows and loses the figures."""
    spoiled = [good_row(unit="xyz", name=f"Ngày hội số {number}") for number in range(1, 7)]
    assert sudden_loss(cluster(*rows(6)), cluster(*spoiled), LIMITS)


def test_two_rows_less_of_a_handful_of_equal_ones_are_seen():
    """Rows of one name are told apart by their number."""
    same = [good_row(name="Chung", planned=f"{number:02d}/03/2024", done=f"{number:02d}/03/2024") for number in range(1, 5)]
    assert len(lost_rows(cluster(*same), cluster(*same[2:]))) == 2
