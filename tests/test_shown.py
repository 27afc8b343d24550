"""Cells as a person sees them, and the small readers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from sync.columns import aliases
from sync.model import Cell, CellError, Column, Status
from sync.normalise.cells import read_evidence, read_free_text, read_status
from sync.shown import is_empty, show


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("  a\u00a0 b ", "a b"), (CellError("#REF!"), "#REF!"), (True, "TRUE"), (False, "FALSE"), (datetime(2024, 3, 5, 8), "05/03/2024"), (date(2024, 3, 5), "05/03/2024"),
        (time(8, 30), "08:30"), (timedelta(hours=25), "1 day, 1:00:00"), (5.0, "5"), (2.5, "2.5"), (7, "7"),
    ],
)  # fmt: skip
def test_show(cell: Cell, shown: str) -> None:
    """Whole numbers without a point, days first."""
    assert show(cell) == shown


def test_empty() -> None:
    """White space of every kind is empty; a zero, a no and an error are not."""
    assert all(is_empty(cell) for cell in (None, "", " ", "\u200b\u00a0\n"))
    assert not any(is_empty(cell) for cell in (0, 0.0, False, "-", CellError("#N/A"), "a"))


def test_status_in_an_old_encoding() -> None:
    """Converted, then matched; blank says nothing."""
    read = read_status("§· thùc hiÖn")
    assert (read.value, [problem.code for problem in read.problems]) == (Status.DONE, ["legacy-encoding"])
    assert not read_status(" \u200b").filled


def test_evidence() -> None:
    """Addresses are taken, whatever else stands there is said; blank says nothing."""
    assert read_evidence("https://a.example.org/x, http://b.example.org").value == ("https://a.example.org/x", "http://b.example.org")
    place = "https://www.example.org/maps/@10.75,106.6,17z;x"
    assert read_evidence(f"\u200b{place}\u200b, {place};http://b.example.org;").value == (place, place, "http://b.example.org")
    assert not read_evidence(f"\ufeff{place}").problems
    mixed = read_evidence("Ảnh: https://a.example.org")
    assert (mixed.value, [problem.code for problem in mixed.problems]) == (("https://a.example.org",), ["bad-link"])
    assert read_evidence("http://").problems[0].code == "bad-link"
    assert not read_evidence(" \n").filled


def test_free_text_says_both() -> None:
    """An old encoding and personal data in one cell are two problems; the text comes back masked."""
    read = read_free_text("§oµn, tel 0903 123 456")
    assert [problem.code for problem in read.problems] == ["legacy-encoding", "personal-data"]
    assert "123 456" not in (read.value or "")
    assert not read_free_text("\u200b").filled


def test_further_header_names() -> None:
    """The configuration's names join the table; a blank name is none."""
    names = aliases({Column.UNIT: ("Chi hội", " ")})
    assert names["chi hoi"] is Column.UNIT
    assert "" not in names
