"""`Mã HĐ` is given once and kept for life."""

from __future__ import annotations

from sync.codes import give_codes
from sync.model import Cell, CodeEntry
from tests.district import good_row, judge_rows

Rows = list[list[Cell]]


def given(rows: Rows, known: tuple[CodeEntry, ...] = ()) -> tuple[list[str | None], tuple[CodeEntry, ...]]:
    """Return the codes of the rows in order, and the entries to remember."""
    data, entries = give_codes(judge_rows(*rows), "DBDC", known)
    return [one.code for one in data.activities], entries


A, B, C = good_row(name="Hội thi"), good_row(name="Hội trại"), good_row(name="Ngày hội")


def test_new_rows_are_numbered_in_order() -> None:
    """From one on, with the cluster's prefix."""
    assert given([A, B])[0] == ["DBDC-0001", "DBDC-0002"]


def test_a_cluster_whose_codes_all_stand_is_the_same_object() -> None:
    """Thousands of clusters have nothing new in most runs."""
    data, known = give_codes(judge_rows(A, B), "DBDC", ())
    again, same = give_codes(data, "DBDC", known)
    assert again is data
    assert same == known
    none = judge_rows()
    assert give_codes(none, "DBDC", ()) == (none, ())


def test_rows_keep_their_codes_when_sorted_inserted_between_or_corrected() -> None:
    """A row is known again by what it says, not by where it stands."""
    _, known = given([A, B])
    assert given([C, B, A], known)[0] == ["DBDC-0003", "DBDC-0002", "DBDC-0001"]
    moved = good_row(name="Hội thi", done="22/3/2024")
    renamed = good_row(name="Hội trại xuân")
    assert given([moved, renamed], known)[0] == ["DBDC-0001", "DBDC-0002"]


def test_a_number_is_never_given_twice() -> None:
    """A row that has gone keeps its number; the next new one gets the next."""
    _, known = given([A, B])
    _, known = given([A], known)
    codes, known = given([A, good_row(name="Khác", unit="Tân Tạo", target="1")], known)
    assert codes == ["DBDC-0001", "DBDC-0003"]
    assert given([A, B], known)[0] == ["DBDC-0001", "DBDC-0002"]


def test_a_code_on_another_activity_is_not_believed_while_its_own_row_bears_none() -> None:
    """A write of the program's that went astray, and nobody could look: the register knows whose the code is."""
    _, known = given([A, B])
    stray = good_row(name="Hội diễn", unit="Tân Tạo", code="DBDC-0001")
    assert given([stray, A, B], known)[0] == ["DBDC-0003", "DBDC-0001", "DBDC-0002"]
    both = good_row(name="Hội trại", code="DBDC-0001")
    assert given([both, A], known)[0] == ["DBDC-0002", "DBDC-0001"]  # known by what it says itself


def test_a_row_that_was_written_anew_keeps_its_code() -> None:
    """Nothing else is the activity that the register knows, so it is this one; nor is a row taken for it that only looks like it."""
    _, known = given([A, B])
    anew = good_row(name="Hội diễn", unit="Tân Tạo", code="DBDC-0001")
    assert given([anew, B], known)[0] == ["DBDC-0001", "DBDC-0002"]
    assert given([anew, good_row(name="Hội thi", done="22/3/2024"), B], known)[0] == ["DBDC-0001", "DBDC-0003", "DBDC-0002"]


def test_a_code_in_the_sheet_counts_unless_it_stands_there_twice() -> None:
    """A copied row gets a number of its own; a foreign code is none."""
    first = good_row(name="Hội thi", code="DBDC-0007")
    copied = good_row(name="Hội trại", code="DBDC-0007")
    foreign = good_row(name="Ngày hội", code="XX-1")
    assert given([first, copied, foreign])[0] == ["DBDC-0007", "DBDC-0008", "DBDC-0009"]
