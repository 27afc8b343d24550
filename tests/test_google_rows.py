"""Writes that follow the change: whatever stood there, after the write the master is what a write onto an empty one would have made."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.edges.google import master, row_looks
from sync.edges.google.alignment import aligned, everything, words
from sync.edges.google.staging import body_of
from sync.layout import DECISIONS_TAB, KEY_COLUMN, MEMORY_TAB, Chart, Dropdown, Format, Shown, TabView, Workbook
from sync.publish.cells import header, table_tab, text
from tests.google.changes import applied
from tests.google.state import Spreadsheet, Tab, new_spreadsheet, spreadsheet_json

DAY = date(2025, 12, 5)
BASE = "https://docs.google.com/spreadsheets/d/"
Json = dict[str, Any]


def follow(link: str) -> str | None:
    """Return an address as the home does."""
    cluster, _, cell = link.removeprefix("cluster:").partition("#")
    return link if link.startswith("https://") else f"{BASE}{cluster}/edit#gid=0&range={cell.rpartition('!')[2]}"


def write(book: Spreadsheet, wanted: Workbook, **more: Any) -> tuple[Spreadsheet, list[Json]]:
    """Return the spreadsheet after a write, and what was sent."""
    state = master.state_of(spreadsheet_json(book, lambda *path: True))
    requests, after = master.master_changes(wanted, state, write_id=f"g{state.write:016x}", hold_until=0, follow=follow, **more)
    if not requests:
        return book, []
    changed, _ = applied(book, requests, "program@example.org")
    told = master.state_of(spreadsheet_json(changed, lambda *path: True))
    assert plain_state(after) == plain_state(told)
    return changed, requests


def plain_state(state: master.MasterState) -> object:
    """Return of a state what the next write goes by, however it was come by."""
    tabs = {}
    for number, one in state.tabs.items():
        if one.mark:
            lines = [list(row) for row in one.lines]
            for row in lines:
                while row and row[-1] is None:
                    row.pop()
            while lines and not lines[-1]:
                lines.pop()
            merges = sorted(json.dumps(place, sort_keys=True) for place in one.merges)
            tabs[number] = (one.title, lines, merges, one.filter, one.mark, one.frozen, one.height, one.width, one.rules)
    return tabs, state.write


def empty() -> Spreadsheet:
    """Return a spreadsheet as an office makes it."""
    return new_spreadsheet("master", "Tổng hợp")


def picture(book: Spreadsheet, *, grid: bool = True) -> dict[str, dict[str, object]]:
    """Return all that a reader sees of the program's tabs, and what they remember; heights and widths that are the usual are left out."""
    return {tab.title: _seen(tab, grid=grid) for tab in book.tabs if tab.metadata}


def _seen(tab: Tab, *, grid: bool) -> dict[str, object]:
    lines = [
        {number: size for number, one in lines.items() if (size := one.get("pixelSize", usual)) != usual}
        for lines, usual in ((tab.rows, 21), (tab.columns, 100))
    ]
    hidden = [number for number, one in tab.rows.items() if one.get("hiddenByUser")]
    properties = {name: value for name, value in tab.properties.items() if name != "gridProperties"}
    sizes = {
        name: value
        for name, value in tab.properties["gridProperties"].items()
        if value and (grid or name not in ("rowCount", "columnCount"))
    }
    merges = sorted(json.dumps(one, sort_keys=True) for one in tab.merges)
    return {
        "cells": tab.cells, "merges": merges, "rules": tab.rules, "charts": tab.charts, "filter": tab.basic_filter, "marks": tab.metadata,
        "sizes": lines, "hidden": hidden, "properties": properties, "grid": sizes,
    }  # fmt: skip


# Workbooks


def row(number: int, words_: str, figure: int | None, look: int) -> tuple[Shown, ...]:
    """Return a row of `Dữ liệu`: a code, words, a figure, a share, a link, a day."""
    address = f"https://example.org/{number}"
    link = (Shown(address, Format.LINK, address), text(f"{address}\n{address}", Format.WRAPPED), text(None))[look % 3]
    day = Shown(DAY + timedelta(days=look // 3), Format.WARN if look % 2 else Format.DAY)
    share = Shown((figure or 0) / 1000, Format.PERCENT)
    return (
        text(f"HD-{number:03}"),
        text(words_, Format.WRAPPED),
        Shown(figure, Format.WHOLE),
        share,
        link,
        text("không" if look else "có"),
        day,
    )


rows = st.builds(
    row, st.integers(0, 30), st.sampled_from(["Dọn kênh", "Dọn kênh " * 9, "Trồng cây", "Thăm hỏi"]),
    st.none() | st.integers(0, 1000), st.integers(0, 5),
)  # fmt: skip


def data_tab(body: list[tuple[Shown, ...]], day: int, below: int, stale: bool) -> TabView:
    """Return a tab such as `Dữ liệu`, or `Tiến độ nộp` with its lines below the table."""
    head = [(text("DỮ LIỆU", Format.TITLE),), (text(f"Số liệu ngày {day}", Format.SUBTITLE),)]
    head += [(text("Chưa đủ số liệu: Cụm 3.", Format.WARN),)] if stale else []
    widths = (12.0, 30.0, 9.0, 9.0, 26.0, 9.0, 12.0)
    more = [(), *((text(f"Cụm {number}", Format.WRAPPED), text(None), Shown(number, Format.WHOLE)) for number in range(below))]
    titles = header("Mã", "Tên", "Số", "Tỷ lệ", "Minh chứng", "Tính", "Ngày")
    return table_tab(
        "Dữ liệu", head, titles, body, widths=widths, colour="#7F7F7F", state_columns=(5,), frozen_columns=1, below=more if below else []
    )


def decisions_tab(keys: list[int], decided: dict[int, str]) -> TabView:
    """Return a tab such as `Cần sửa`: links that are no address of their own, lists to choose from, cells of people's."""
    titles = header("Cụm", "Ô", "Nội dung", "Quyết định", "Lý do", KEY_COLUMN)
    body = [
        (
            text(f"Cụm {key % 3}", Format.WRAPPED), Shown(f"F{key}", Format.LINK, f"cluster:c{key % 3}#'KH'!F{key}"),
            text("Thiếu ngày " * (key % 4 + 1), Format.WRAPPED), text(decided.get(key), Format.ANSWER), text(None, Format.ANSWER),
            text(f"k{key}", Format.MUTED),
        )
        for key in keys
    ]  # fmt: skip
    head = [(text("DỮ LIỆU CẦN SỬA", Format.TITLE),), (text("Hai cột là của văn phòng.", Format.NOTE),)]
    tab = table_tab(DECISIONS_TAB, head, titles, body, widths=(22.0, 8.0, 62.0, 22.0, 30.0, 16.0), colour="#C00000", state_columns=(2,))
    if not keys:
        return tab
    top = tab.frozen_rows
    return replace(tab, dropdowns=(Dropdown(top, top + len(keys) - 1, 3, ("Giữ", "Bỏ")),), people_columns=(3, 4))


def summary_tab(figures: list[int], stale: bool) -> TabView:
    """Return a tab such as `Tổng hợp`, with its chart."""
    head = [(text("TỔNG HỢP", Format.TITLE),), *([(text("Chưa đủ", Format.WARN),)] if stale else []), header("Chỉ tiêu", "Số", "Tỷ lệ")]
    body = [(text(f"Chỉ tiêu {at}"), Shown(one, Format.WHOLE), Shown(one / 1000, Format.PERCENT)) for at, one in enumerate(figures)]
    chart = Chart("Hình", len(head) + len(body) + 1, 0, 0, len(head), len(head) + len(body) - 1, (("Số", 1),), "Hình")
    return TabView("Tổng hợp", (*head, *body), (40.0, 9.0, 9.0), frozen_rows=len(head), charts=(chart,))


def memory_tab(documents: list[str]) -> TabView:
    """Return the memory: a document a row, a long one in two cells."""
    cells = [
        (text("donghanh"), text("1")),
        *((text("activity"), *(text(one[at : at + 9]) for at in range(0, len(one), 9))) for one in documents),
    ]
    return TabView(MEMORY_TAB, tuple(cells), hidden=True)


@st.composite
def workbooks(draw: st.DrawFn) -> Workbook:
    """Make a master."""
    body = draw(st.lists(rows, max_size=14))
    keys = draw(st.lists(st.integers(0, 20), unique=True, max_size=8))
    decided = draw(st.dictionaries(st.sampled_from(keys), st.sampled_from(["Giữ", "Bỏ"]))) if keys else {}
    tabs = (
        summary_tab(draw(st.lists(st.integers(0, 1000), min_size=1, max_size=4)), draw(st.booleans())),
        data_tab(body, draw(st.integers(1, 3)), draw(st.sampled_from([0, 0, 2, 5])), draw(st.booleans())),
        decisions_tab(keys, decided),
        memory_tab(draw(st.lists(st.sampled_from([f"việc {number}" * 2 for number in range(9)]), max_size=12))),
    )
    return Workbook("Tổng hợp", tabs)


@st.composite
def edited(draw: st.DrawFn, wanted: Workbook) -> Workbook:
    """Make a master that comes from another by a few edits: rows go, come, and change; the figures are of the next day."""
    tabs = []
    for tab in wanted.tabs:
        first = (tab.filter_row + 1) if tab.filter_row is not None else 1
        if tab.charts or tab.people_columns or tab.title == DECISIONS_TAB:
            tabs.append(tab)
            continue
        lines = list(tab.rows)
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(first, len(lines)))
            line = draw(rows) if not tab.hidden else (text("activity"), text("mới"))
            where, what = slice(at, at + draw(st.integers(0, 2))), [line] * draw(st.integers(0, 2))
            lines[where] = what
        if tab.hidden:
            tabs.append(memory_tab(["".join(str(cell.value or "") for cell in line[1:]) for line in lines[1:]]))
        else:
            tabs.append(data_tab([line for line in lines[first:] if len(line) == 7], 2, 0, stale=False))
    return replace(wanted, tabs=tuple(tabs))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_after_a_write_the_master_is_what_a_write_onto_an_empty_one_makes(data):
    """Any master after any other, and one with a few edits after it: values, formats, links, merges, rules, lists, heights, marks."""
    first = data.draw(workbooks())
    second = data.draw(st.one_of(workbooks(), edited(first)))
    third = data.draw(edited(second))
    book, _ = write(empty(), first)
    for wanted in (second, third):
        book, _ = write(book, wanted, move_rows=data.draw(st.sampled_from([True, True, False])))
        ensure_as_anew(book, wanted)
        assert write(book, wanted)[1] == []


def ensure_as_anew(book: Spreadsheet, wanted: Workbook) -> None:
    """Fail where the spreadsheet is not what a write onto an empty one makes; the grid may be larger."""
    seen, anew = (picture(one, grid=False) for one in (book, write(empty(), wanted)[0]))
    assert seen.keys() == anew.keys()
    for title, tab in anew.items():
        for part, value in tab.items():
            assert (title, part, seen[title][part]) == (title, part, value)


def district(count: int, *, day: int = 1, without: tuple[int, ...] = (), more: dict[int, int] | None = None) -> Workbook:
    """Return a master of so many rows, some left out, others put in before a row: row → how many."""
    body, documents = [], []
    for number in range(count):
        for extra in range((more or {}).get(number, 0)):
            body.append(row(1000 + 10 * number + extra, "Việc mới", 5, 1))
            documents.append(f"việc mới {number} {extra}")
        if number not in without:
            body.append(row(number, "Dọn kênh " * (number % 3 + 1), number, number % 3))
            documents.append(f"việc {number}")
    return Workbook("Tổng hợp", (data_tab(body, day, 0, stale=False), memory_tab(documents)))


def sent(book: Spreadsheet, wanted: Workbook) -> tuple[Spreadsheet, int]:
    """Return the spreadsheet after a write, and the bytes of it."""
    changed, requests = write(book, wanted)
    return changed, len(body_of(requests))


def kinds(requests: list[Json]) -> set[str]:
    """Return which kinds of request were sent."""
    return {next(iter(one)) for one in requests}


def test_what_goes_out_is_the_change_and_not_the_district():
    """One row more in the middle, one less, and each again the next day, when a figure of the head differs: few bytes, however many rows."""
    for more, without in (({7: 1}, ()), ({}, (9,)), ({7: 2, 30: 1}, (9, 12, 13))):
        sizes = []
        for count in (60, 600):
            book, whole = sent(empty(), district(count))
            book, size = sent(book, district(count, day=2, more=more, without=without))
            ensure_as_anew(book, district(count, day=2, more=more, without=without))
            sizes.append(size)
            assert size < whole / 3
        assert sizes[1] < sizes[0] * 1.2


def test_the_day_of_all_figures_moves_on_and_a_row_comes():
    """All rows differ in one cell, yet they are known again by their words; the column goes out, the rows do not."""
    old, new = district(300), district(300, more={7: 1})
    body = tuple((*cells[:-1], Shown(DAY + timedelta(days=9), cells[-1].format)) if len(cells) == 7 and at > 3 else cells for at, cells in enumerate(new.tabs[0].rows))  # fmt: skip
    new = replace(new, tabs=(replace(new.tabs[0], rows=body), new.tabs[1]))
    book, whole = sent(empty(), old)
    book, size = sent(book, new)
    ensure_as_anew(book, new)
    assert size < whole / 10


def test_a_new_run_on_top_moves_the_older_ones_down():
    """The first row of a table stays its first row, so that what people reach from it with reaches the new one too."""
    book, _ = write(empty(), district(40))
    tab = book.titled("Dữ liệu")
    first = next(number for number, line in tab.cells.items() if line[0].get("userEnteredValue") == {"stringValue": "HD-000"})
    place = {"sheetId": tab.id, "startRowIndex": first, "endRowIndex": first + 40, "startColumnIndex": 2, "endColumnIndex": 3}
    book, _ = applied(book, [{"addNamedRange": {"namedRange": {"name": "CuaToi", "range": place}}}])
    book, requests = write(book, district(40, more={0: 1}))
    ensure_as_anew(book, district(40, more={0: 1}))
    assert "insertDimension" in kinds(requests)
    reach = next(one["range"] for one in book.named_ranges if one["name"] == "CuaToi")
    assert (reach["startRowIndex"], reach["endRowIndex"]) == (first, first + 41)


def typed(book: Spreadsheet, row_: int, column: int, what: Json, tab: str = "Dữ liệu") -> Spreadsheet:
    """Return the spreadsheet after a person typed something, or put a note."""
    start = {"sheetId": book.titled(tab).id, "rowIndex": row_, "columnIndex": column}
    asked = {"start": start, "rows": [{"values": [what]}], "fields": ",".join(what)}
    return applied(book, [{"updateCells": asked}])[0]


NOTE = {"userEnteredValue": {"stringValue": "đã gọi điện"}}


def test_what_people_wrote_beside_a_row_goes_with_it():
    """Above and below it rows come and go."""
    book, _ = write(empty(), district(40))
    book = typed(book, 20, 7, NOTE)
    code = book.titled("Dữ liệu").cell(20, 0)
    book, requests = write(book, district(40, more={3: 2}, without=(9, 30)))
    assert {"insertDimension", "deleteDimension"} <= kinds(requests)
    assert book.titled("Dữ liệu").cell(21, 0) == code
    assert book.titled("Dữ liệu").cell(21, 7) == NOTE


@pytest.mark.parametrize("what", [NOTE, {"note": "hỏi lại"}])
def test_a_row_with_people_s_words_is_never_deleted(what):
    """Its activity is gone: the words stay where they are, as nothing of the tab is moved then; the memory's rows are."""
    column = 7 if what is NOTE else 2
    book, _ = write(empty(), district(40))
    book = typed(book, 20, column, what)
    gone = next(
        number for number in range(40) if book.titled("Dữ liệu").cell(20, 0)["userEnteredValue"]["stringValue"] == f"HD-{number:03}"
    )
    book, requests = write(book, district(40, without=(gone,)))
    moved = {one["deleteDimension"]["range"]["sheetId"] for one in requests if "deleteDimension" in one}
    assert moved == {book.titled(MEMORY_TAB).id}
    name = next(iter(what))
    assert book.titled("Dữ liệu").cell(20, column)[name] == what[name]
    again, _ = write(typed(book, 20, column, {name: {} if what is NOTE else ""}), district(40))
    ensure_as_anew(again, district(40))


def test_a_decision_typed_meanwhile_goes_with_its_row():
    """Between reading and writing: the row moves with it; where the finding is gone it goes too, and falls to no other finding."""

    def wanted(*keys: int) -> Workbook:
        return Workbook("Tổng hợp", (decisions_tab(list(keys), {}), memory_tab([])))

    book, _ = write(empty(), wanted(1, 2, 3, 4))
    state = master.state_of(spreadsheet_json(book, lambda *path: True))
    tab = book.titled(DECISIONS_TAB)
    at = {line[5]["userEnteredValue"]["stringValue"]: number for number, line in tab.cells.items() if 5 in line}
    for key in ("k2", "k3"):
        book = typed(book, at[key], 3, {"userEnteredValue": {"stringValue": "Bỏ"}}, DECISIONS_TAB)
    requests, _ = master.master_changes(wanted(9, 8, 1, 7, 3, 4), state, write_id="gb", hold_until=0, follow=follow)
    book = applied(book, requests)[0]
    found = {line[5]["userEnteredValue"]["stringValue"]: line.get(3, {}).get("userEnteredValue") for line in book.titled(DECISIONS_TAB).cells.values() if 5 in line}  # fmt: skip
    assert {key for key, said in found.items() if said == {"stringValue": "Bỏ"}} == {"k3"}
    assert found.keys() >= {"k9", "k8", "k1", "k7", "k3", "k4"}


def test_rows_that_people_sorted_are_laid_out_again():
    """Their formats went with them, their heights did not: what is remembered of rows is not true any more, and all is laid out."""
    book, _ = write(empty(), district(40))
    tab = book.titled("Dữ liệu")
    place = {"sheetId": tab.id, "startRowIndex": 4, "endRowIndex": 44, "startColumnIndex": 0, "endColumnIndex": 7}
    order = [{"dimensionIndex": 2, "sortOrder": "DESCENDING"}]
    book = applied(book, [{"sortRange": {"range": place, "sortSpecs": order}}])[0]
    book, _ = write(book, district(40, more={5: 1}))
    ensure_as_anew(book, district(40, more={5: 1}))


def test_protected_cells_beside_the_table_keep_rows_where_they_are():
    """Rows can then be neither inserted nor deleted, but written over they can."""
    book, _ = write(empty(), district(40))
    tab = book.titled("Dữ liệu")
    place = {"sheetId": tab.id, "startRowIndex": 0, "endRowIndex": 30, "startColumnIndex": 7, "endColumnIndex": 8}
    book = applied(book, [{"addProtectedRange": {"protectedRange": {"range": place}}}])[0]
    state = master.state_of(spreadsheet_json(book, lambda *path: True, reader="program@example.org"))
    wanted = district(40, more={5: 1}, without=(9, 10))
    requests, _ = master.master_changes(wanted, state, write_id="gb", hold_until=0, follow=follow)
    book = applied(book, requests, "program@example.org")[0]
    ensure_as_anew(book, wanted)


def test_a_second_write_of_the_same_run_goes_by_what_the_first_one_left():
    """Nothing is read between them; people's words beside the rows are known all the same."""
    book, _ = write(empty(), district(40))
    book = typed(book, 20, 7, NOTE)
    state = master.state_of(spreadsheet_json(book, lambda *path: True))
    last = district(40, more={3: 2, 20: 1}, without=(9, 15, 16, 17, 18))
    for number, wanted in enumerate((district(40, more={3: 2}), district(40, more={3: 2}, without=(9,)), last)):
        requests, state = master.master_changes(wanted, state, write_id=f"gb{number}", hold_until=0, follow=follow)
        book = applied(book, requests)[0]
    beside = [line[7] for line in book.titled("Dữ liệu").cells.values() if 7 in line]
    assert beside == [NOTE]


def test_rows_of_more_looks_than_a_mark_holds_are_laid_out_as_ever(monkeypatch):
    """Then it is not known how each row looked: a row more, and all of the look goes out; values alone, and it does not."""
    monkeypatch.setattr(row_looks, "_LONGEST", 10)
    book, _ = write(empty(), district(40))
    wanted = district(40, more={5: 1})
    book, requests = write(book, wanted)
    assert "addConditionalFormatRule" in kinds(requests)
    ensure_as_anew(book, wanted)
    later = replace(wanted, tabs=(data_tab([*wanted.tabs[0].rows[4:]], 3, 0, stale=False), wanted.tabs[1]))
    book, requests = write(book, later)
    assert "repeatCell" not in kinds(requests)
    ensure_as_anew(book, later)


def test_without_moving_rows_the_master_is_the_same():
    """Where Google refuses to."""
    book, _ = write(empty(), district(40))
    wanted = district(40, more={5: 2}, without=(9, 10, 11))
    book, requests = write(book, wanted, move_rows=False)
    assert not {"insertDimension", "deleteDimension"} & kinds(requests)
    ensure_as_anew(book, wanted)


# Which row is which

lines = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d", None]), st.integers(0, 2)), max_size=40)


@settings(max_examples=300, deadline=None)
@given(lines, lines, st.sampled_from([None, 0]))
def test_rows_that_are_found_rise_and_only_the_same_are_taken_for_it(old, new, identity):
    """Whatever stands there; where a column tells rows apart, rows that differ in it are two."""
    found = aligned(old, new, (everything, words), identity=identity)
    places = [at for at in found if at is not None]
    assert len(found) == len(new)
    assert places == sorted(set(places))
    if identity is not None:
        assert all(at is None or old[at][0] == line[0] for line, at in list(zip(new, found, strict=True))[1:])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_rows_that_stay_are_found(data):
    """Of a table without twins, whatever is taken away and put in between: every row that stays is known again."""
    old = [(f"HD-{number}", number) for number in range(data.draw(st.integers(1, 60)))]
    gone = data.draw(st.sets(st.integers(1, 59)))
    new = [line for number, line in enumerate(old) if number not in gone]
    for at in sorted(data.draw(st.lists(st.integers(1, 60), max_size=20))):
        new.insert(min(at, len(new)), (f"mới {at}", at))
    found = aligned(old, new, (everything, words))
    assert all(at is not None and old[at] == line for line, at in zip(new, found, strict=True) if line in old)


class Counted:
    """A value that counts how often it is compared."""

    compared = 0

    def __init__(self, value: Hashable) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return isinstance(other, Counted) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


def test_the_work_grows_with_the_rows_and_not_with_their_square():
    """Twenty thousand rows of which every tenth is new, and twenty thousand of which none is the same: so many comparisons a row at most."""
    for count in (20_000,):
        for make in (lambda number: (Counted(number),), lambda number: (Counted(number % 7),), lambda number: (Counted(-1 - number),)):
            old = [(Counted(number),) for number in range(count)]
            new = [make(number) if number % 10 == 0 or make(0) != (Counted(0),) else (Counted(number),) for number in range(count)]
            Counted.compared = 0
            aligned(old, new, (everything, words))
            assert Counted.compared < 20 * count


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([f"{number:010x}" for number in range(300)]), max_size=400))
def test_looks_are_remembered(names):
    """As they were; what is not such a text is nothing."""
    assert row_looks.unpacked(row_looks.packed(names)) == names
    assert row_looks.unpacked("không phải") is None
    assert row_looks.unpacked(row_looks.packed(names)[:-8]) is None
