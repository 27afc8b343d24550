"""A sheet and an answer come back from their bytes as they were; what a cluster is told has a mark that tells whether it is all said."""

from __future__ import annotations

import gc
import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.edges.google import decoding
from sync.edges.google.cache import Cache, Head, Version
from sync.edges.google.decoding import decoded
from sync.edges.google.home import days_good
from sync.edges.google.packing import mark_of, packed_answer, packed_sheet, unpacked_answer, unpacked_sheet
from sync.edges.google.pulls import Pulls
from sync.layout import Feedback, Format, Note, Rule, Shown, TabView, Verdict
from sync.model import CellError, Column, Merge, Sheet, Tab

CELLS = st.one_of(
    st.text(),
    st.text(st.characters(categories=("Cs", "Ll"))),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(["", CellError("#REF!")]),
)
TABS = st.builds(
    Tab, st.text(), st.lists(st.lists(CELLS)), st.lists(st.builds(Merge, *[st.integers(1, 99)] * 4)).map(tuple)
)  # fmt: skip
SHEET = Sheet("y-te", "https://…", (Tab("Hoạt động", [["a"]]),), "f")
DAY, VERSION = date(2025, 12, 5), Version("m", "1")


@given(st.lists(TABS).map(tuple))
def test_a_sheet_comes_back_as_it_was(tabs: tuple[Tab, ...]) -> None:
    """Value by value, type by type."""
    sheet = Sheet("y-te", "https://…", tabs, "f")
    again = unpacked_sheet(packed_sheet(sheet), cluster="y-te", source="https://…")
    assert again == sheet
    kinds = [[[[type(cell) for cell in row] for row in tab.rows] for tab in one.tabs] for one in (sheet, again)]
    assert kinds[0] == kinds[1]


def test_every_kind_of_cell_comes_back() -> None:
    """One of each, for those who do not trust in chance; a day is no moment, an error no text."""
    row = [
        "",
        "Hội thi",
        5.0,
        True,
        date(2024, 3, 15),
        datetime(2024, 3, 15, 8),
        time(8, 30),
        timedelta(days=2, seconds=1),
        CellError("#N/A"),
    ]
    sheet = replace(SHEET, tabs=(Tab("x", [row, []], (Merge(1, 1, 2, 2),)),))
    (tab,) = unpacked_sheet(packed_sheet(sheet), cluster="y-te", source="").tabs
    assert [(type(cell), cell) for cell in tab.rows[0]] == [(type(cell), cell) for cell in row]
    assert tab.merges == (Merge(1, 1, 2, 2),)


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_an_answer_comes_back_as_it_was(value: object) -> None:
    """Whatever JSON can hold."""
    assert unpacked_answer(packed_answer({"sheets": value})) == {"sheets": value}


ENTERED = st.sampled_from(["stringValue", "numberValue", "boolValue", "rowCount"])
VALUES = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, "1", "a", ""])
JSON = st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(ENTERED | st.just("userEnteredValue"), inner, max_size=2))


GRID_CELLS = st.dictionaries(ENTERED | st.just("userEnteredValue"), VALUES | st.dictionaries(ENTERED, VALUES, max_size=1), max_size=2)
GRIDS = st.lists(st.fixed_dictionaries({}, optional={"values": st.lists(GRID_CELLS), "more": JSON}))
SHEETS = st.lists(
    st.fixed_dictionaries({"properties": JSON}, optional={"data": st.lists(st.fixed_dictionaries({}, optional={"rowData": GRIDS}))})
)
BOOKS = st.fixed_dictionaries({"spreadsheetId": st.text()}, optional={"sheets": SHEETS, "namedRanges": JSON})


@given(JSON | BOOKS | st.builds(lambda book: {"updatedSpreadsheet": book}, BOOKS) | st.builds(lambda value: {"sheets": value}, JSON))
def test_a_large_answer_says_what_a_small_one_would(value: object) -> None:
    """Value by value, type by type; that equal cells are one object is nobody's business."""
    data = json.dumps(value).encode()
    assert repr(decoded(data, large=0)) == repr(decoded(data)) == repr(value)


@given(SHEETS)
def test_rows_that_are_decoded_one_by_one_say_the_same(sheets: list[dict[str, Any]]) -> None:
    """As often as one goes through them."""
    answer = decoded(bytearray(json.dumps({"sheets": sheets}).encode()), large=0, by_row=True)
    for sheet, told in zip(sheets, answer["sheets"], strict=True):
        for block, rows in zip(sheet.get("data", ()), (one.get("rowData", ()) for one in told.get("data", ())), strict=True):
            assert len(rows) == len(block.get("rowData", ()))
            assert repr(list(rows)) == repr(list(rows)) == repr(list(block.get("rowData", ())))


def book_of(*cells: object) -> bytes:
    """Return a spreadsheet of one row."""
    return json.dumps({"sheets": [{"data": [{"rowData": [{"values": cells}]}]}]}).encode()


def cells_of(answer: Any) -> list[Any]:
    """Return the cells of a spreadsheet of one row."""
    (row,) = answer["sheets"][0]["data"][0]["rowData"]
    return list(row["values"])


@pytest.mark.parametrize("by_row", [False, True])
def test_equal_cells_of_a_large_answer_are_one_object(by_row: bool) -> None:
    """What differs only in its type stays apart."""
    cell, other_type = ({"userEnteredValue": {"numberValue": value}} for value in (1, 1.0))
    one, other, third = cells_of(decoded(book_of(cell, cell, other_type), large=0, by_row=by_row))
    assert one is other
    assert type(third["userEnteredValue"]["numberValue"]) is float
    one, other = cells_of(decoded(book_of(cell, cell), by_row=by_row))
    assert one is not other


@pytest.mark.parametrize("large", [0, decoding.LARGE])
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (rb"\ud83d", "\ufffd"),
        (rb"a\uDE00 b\uD83D", "a\ufffd b\ufffd"),
        (rb"\ude00\ud83d\ude00\ud83d", "\ufffd😀\ufffd"),
        (rb"\ud83d\ud83d\ude00", "\ufffd😀"),
        (rb"\uD83D\uDE00 \\ud83d \\\ud83d \"\ud83d\u003d", '😀 \\ud83d \\\ufffd "\ufffd='),
        (b"\xed\xa0\xbd \xed\x95\x9c", "\ufffd 한"),
        (rb"\ud7ff\ue000", "\ud7ff\ue000"),
    ],
)
def test_half_of_a_surrogate_pair_is_no_letter(typed: bytes, read: str, large: int) -> None:
    """It is no Unicode, and no file or mail could hold it; what people type ends in the middle of a smiley now and then."""
    data = book_of({"stringValue": "?"}, {"a": 1}).replace(b"?", typed)
    for one in (data, bytearray(data)):
        for by_row in (False, True):
            assert cells_of(decoded(one, large=large, by_row=by_row)) == [{"stringValue": read}, {"a": 1}]


@pytest.mark.parametrize("by_row", [False, True])
def test_a_large_answer_leaves_nothing_to_collect(by_row: bool) -> None:
    """The cyclic collector is off during a run: a cycle would keep the cells of a master to the end."""
    cells_of(decoded(book_of({"a": 1}), large=0, by_row=by_row))
    gc.collect()
    gc.disable()
    try:
        for number in range(20):
            cells_of(decoded(book_of({"a": number}), large=0, by_row=by_row))
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_no_more_cells_are_known_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A master has as many as it likes: what is known then is begun anew."""
    monkeypatch.setattr(decoding, "_MOST", 2)
    cells = [{"userEnteredValue": {"numberValue": number % 5}} for number in range(30)]
    assert cells_of(decoded(book_of(*cells), large=0)) == cells


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"a": "\xe9"}'])
def test_what_is_no_json_is_said(data: bytes) -> None:
    """In either way."""
    for large in (0, 100):
        with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
            decoded(data, large=large)


VIEW = TabView(
    "Tiến độ",
    ((Shown("TIẾN ĐỘ", Format.TITLE),), (Shown("ghi ngày 05/12/2025"), Shown("x")), (Shown(5, Format.WHOLE),)),
    rules=(Rule(1, 1, 2, 2, "bar"),),
    volatile_rows=(1,),
)
FEEDBACK = Feedback(
    "y-te", "Hoạt động", 1, {Column.NAME: 1}, (Note("A2", "Thiếu đơn vị.", "error"),), (Verdict(2, "YT-0001", "Đã tính", "ok"),), VIEW
)


def with_row(number: int, *row: Shown) -> Feedback:
    """Return the feedback with another row in its progress tab."""
    rows = (*VIEW.rows[:number], row, *VIEW.rows[number + 1 :])
    return replace(FEEDBACK, progress=replace(VIEW, rows=rows))


DIFFERENT = {
    "tab": replace(FEEDBACK, tab="Khác"),
    "header": replace(FEEDBACK, header_row=2),
    "columns": replace(FEEDBACK, columns={Column.NAME: 2}),
    "note": replace(FEEDBACK, notes=(replace(FEEDBACK.notes[0], text="Thiếu tên."),)),
    "place of a note": replace(FEEDBACK, notes=(replace(FEEDBACK.notes[0], cell="A3"),)),
    "verdict": replace(FEEDBACK, verdicts=(replace(FEEDBACK.verdicts[0], text="Chưa tính"),)),
    "code": replace(FEEDBACK, verdicts=(replace(FEEDBACK.verdicts[0], code=None),)),
    "figure": with_row(2, Shown(6, Format.WHOLE)),
    "format": with_row(2, Shown(5, Format.MONEY)),
    "link": with_row(2, Shown(5, Format.WHOLE, "https://example.org")),
    "beside the day": with_row(1, Shown("ghi ngày 05/12/2025"), Shown("y")),
    "rule": replace(FEEDBACK, progress=replace(VIEW, rules=())),
    "no progress": replace(FEEDBACK, progress=None),
}


@pytest.mark.parametrize("what", list(DIFFERENT))
def test_whatever_else_is_told_has_another_mark(what: str) -> None:
    """Each part counts."""
    assert mark_of(DIFFERENT[what]) != mark_of(FEEDBACK)


def test_another_day_alone_has_the_same_mark() -> None:
    """The row that only says of which day it is makes no difference."""
    assert mark_of(with_row(1, Shown("ghi ngày 06/12/2025"), Shown("x"))) == mark_of(FEEDBACK)


def pulls(folder: Path, key: bytes | None = bytes(32)) -> Pulls:
    """Return what a fresh run knows."""
    return Pulls(Cache(folder, "fields", key))


def test_what_is_told_is_known_by_later_runs(tmp_path: Path) -> None:
    """Of the same version; of another one nothing is known."""
    first = pulls(tmp_path)
    first.keep("id", {"sheets": []}, SHEET, Head(DAY.isoformat(), VERSION, tabs={"Hoạt động": 7}))
    assert not first.is_told("id", FEEDBACK)
    first.note_told("id", FEEDBACK)
    assert first.is_told("id", FEEDBACK)
    second = pulls(tmp_path)
    assert not second.is_told("id", FEEDBACK)
    kept = second.unchanged("id", VERSION, not_before=DAY, own=False)
    assert kept is not None
    assert unpacked_sheet(kept.sheet, cluster=SHEET.cluster, source=SHEET.source) == SHEET
    assert second.is_told("id", FEEDBACK)
    assert not second.is_told("id", DIFFERENT["note"])
    assert second.answer("id") == {"sheets": []}
    assert (second.tab_id("id", "Hoạt động"), second.tab_id("id", "x"), second.tab_id("other", "Hoạt động")) == (7, None, None)
    second.keep("id", {"sheets": [1]}, SHEET, Head(DAY.isoformat(), Version("m", "2")))
    assert not second.is_told("id", FEEDBACK)
    assert pulls(tmp_path).unchanged("id", VERSION, not_before=DAY, own=False) is None


def test_what_many_spreadsheets_have_alike_is_one_object(tmp_path: Path) -> None:
    """There are ten thousand of one form: their tabs, the day, and the version that the listing says are not there once more each."""
    first, second = pulls(tmp_path), pulls(tmp_path)
    versions = {name: Version("m", name) for name in ("a", "b", "c")}
    for name, version in versions.items():
        tabs = {"Hoạt động": 7, "Khác": 8} if name != "c" else {"Khác": 8, "Hoạt động": 7}
        first.keep(name, {"sheets": []}, SHEET, Head(DAY.isoformat(), replace(version), tabs=tabs))
        assert second.unchanged(name, version, not_before=DAY, own=False) is not None
    for run in (first, second):
        assert run._heads["a"].tabs is run._heads["b"].tabs
        assert list(run._heads["c"].tabs) == ["Khác", "Hoạt động"]
        assert run._heads["a"].day is run._heads["b"].day
    assert all(second._heads[name].version is version for name, version in versions.items())


def test_a_sheet_with_the_program_s_own_tabs_is_not_taken_for_one_without(tmp_path: Path) -> None:
    """A spreadsheet that is a district's master in one configuration and a cluster's in another is read anew."""
    pulls(tmp_path).keep("id", {"sheets": []}, SHEET, Head(DAY.isoformat(), VERSION, own=True))
    assert pulls(tmp_path).unchanged("id", VERSION, not_before=DAY, own=False) is None
    assert pulls(tmp_path).unchanged("id", VERSION, not_before=DAY, own=True) is not None


def test_what_drive_does_not_know_serves_this_run_alone(tmp_path: Path) -> None:
    """As where there is no key: the answer is there for the feedback, and nothing stays."""
    for number, (key, version) in enumerate(((bytes(32), None), (None, VERSION))):
        one = pulls(tmp_path / str(number), key)
        one.keep("id", {"sheets": []}, SHEET, Head(DAY.isoformat(), version))
        one.note_told("id", FEEDBACK)
        assert one.answer("id") == {"sheets": []}
        assert one.is_told("id", FEEDBACK)
        assert not (tmp_path / str(number)).exists()


def test_full_pulls_are_spread_over_the_days() -> None:
    """A thousand read on one day are due after four to seven days, about a quarter on each; two months later about a sixth on each day."""
    first = Counter(days_good(f"id-{number}", DAY.isoformat(), 7) for number in range(1000))
    assert first.keys() == {4, 5, 6, 7}
    assert max(first.values()) < 333
    due = Counter[date]()
    for number in range(1000):
        day = DAY
        while day < DAY + timedelta(days=60):
            day += timedelta(days=days_good(f"id-{number}", day.isoformat(), 7) + 1)
            due[day] += 1
    month = [due[DAY + timedelta(days=number)] for number in range(30, 60)]
    assert 100 < min(month) <= max(month) < 220
    assert (days_good("id", DAY.isoformat(), 0), days_good("id", DAY.isoformat(), 1)) == (0, 1)
