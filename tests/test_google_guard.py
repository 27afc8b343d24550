"""The guard over what belongs to the units can fail."""

from __future__ import annotations

import pytest

from tests.google.guard import trespasses
from tests.google.state import Spreadsheet, new_properties, new_tab


def book() -> Spreadsheet:
    """Return a spreadsheet of one row and a person's note."""
    tab = new_tab(0, "Hoạt động", 0)
    for column, words in enumerate(("Đơn vị", "Chỉ tiêu", "Kết quả kiểm tra")):
        tab.put(0, column, {"userEnteredValue": {"stringValue": words}})
    tab.put(1, 0, {"userEnteredValue": {"stringValue": "An Lạc"}, "note": "hỏi lại chị Lan"})
    return Spreadsheet("x", {"title": "x", **new_properties("vi_VN", "Asia/Ho_Chi_Minh")}, [tab])


def changed(what: str) -> Spreadsheet:
    """Return the spreadsheet with one thing done to it."""
    after = book()
    tab = after.tabs[0]
    cell = dict(tab.cells[1][0])
    edits = {
        "value": {**cell, "userEnteredValue": {"stringValue": "An Lạc A"}},
        "format": {**cell, "userEnteredFormat": {"textFormat": {"bold": True}}},
        "note": {**cell, "note": "[Đồng hành]\n• khác"},
        "joined note": {**cell, "note": "hỏi lại chị Lan\n———\n[Đồng hành]\n• Không đọc được"},
    }
    if what in edits:
        tab.put(1, 0, edits[what])
    elif what == "verdict":
        tab.put(1, 2, {"userEnteredValue": {"stringValue": "Đã tính"}})
    elif what == "merge":
        tab.merges.append({"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1})
    elif what == "tab":
        after.tabs.clear()
    return after


@pytest.mark.parametrize("what", ["value", "format", "note", "merge", "tab"])
def test_a_trespass_is_seen(what: str) -> None:
    """A cell, a format, a person's note, a merge, a tab."""
    assert trespasses(book(), changed(what))


@pytest.mark.parametrize("what", ["nothing", "verdict", "joined note"])
def test_what_belongs_to_the_system_is_none(what: str) -> None:
    """Its column, and its own part of a note."""
    assert trespasses(book(), changed(what)) == []
