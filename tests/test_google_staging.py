"""A master too large for one request: pieces in a hidden tab, then one small batch; whoever reads sees the old master or the new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from google.oauth2.credentials import Credentials

from sync.edges.google import GoogleSheets, Pace, staging
from sync.edges.google.cache import Version
from sync.edges.google.client import Client
from sync.edges.google.home import _Listed
from sync.edges.google.trouble import Cause, Refusal
from sync.errors import PublishError
from sync.layout import DECISIONS_TAB, MEMORY_TAB, Format, Rule, Shown, TabView, Workbook
from sync.settings_values import GoogleSettings
from tests.google import Fault, StandIn
from tests.google.state import Spreadsheet

DAY = date(2025, 12, 5)


@pytest.fixture
def google() -> Iterator[StandIn]:
    """The stand-in with an empty master."""
    with StandIn(reads=None, writes=None, seed=7) as found:
        found.access.anyone = found.account
        found.add(title="Tổng hợp", file_id="master")
        yield found
        assert found.broken == []


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that a small master is beyond."""
    monkeypatch.setattr(staging, "AT_ONCE", 9_000)
    monkeypatch.setattr(staging, "PIECE", 4_000)
    monkeypatch.setattr(staging, "_WORTH_IT", 1_000)


def home(google: StandIn, folder: Path) -> GoogleSheets:
    """Return a fresh home, as each run has one."""
    pace = Pace(10**5, 10**5, 10**5, 10**5, attempts=3)
    client = Client(Credentials("any"), endpoint=google.url, pace=pace, sleep=lambda seconds: None)
    return GoogleSheets(client, GoogleSettings("master", {}), folder, as_of=DAY)


def workbook(rows: int, word: str = "Hoạt động") -> Workbook:
    """Return a master of so many rows: text, numbers, days, links, a merge, a rule, and a memory."""
    head = ((Shown("DỮ LIỆU", Format.TITLE),), (), tuple(Shown(one, Format.HEADER) for one in ("Tên", "Số", "Ngày", "Liên kết")))
    body = tuple(
        (
            Shown(f"{word} thứ {number}", Format.WRAPPED),
            Shown(number, Format.WHOLE if number % 3 else Format.STRONG_WHOLE),
            Shown(DAY, Format.DAY),
            Shown("=1+1" if number % 2 else "https://example.org/a", Format.LINK, None if number % 2 else "https://example.org/a"),
        )
        for number in range(rows)
    )
    rule = Rule(3, 1, rows + 3, 1, "text", ("Đạt",), Format.GOOD)
    data = TabView("Dữ liệu", (*head, *body), widths=(40, 10, 12, 30), frozen_rows=3, filter_row=2, merges=((0, 0, 0, 3),), rules=(rule,))
    memory = TabView(MEMORY_TAB, tuple((Shown("donghanh"), Shown(f"{word} {number}")) for number in range(rows)), hidden=True)
    return Workbook("Tổng hợp", (data, memory))


def picture(book: Spreadsheet) -> dict[str, object]:
    """Return what a reader sees of every tab, and the rules over it; who asked and how high rows are is left out."""
    return {
        tab.title: (tab.id, tab.properties, tab.cells, tab.merges, tab.rules, tab.basic_filter, tab.columns, tab.metadata)
        for tab in book.tabs
    }


def at_once(rows: int, word: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, before: int = 0) -> dict[str, object]:
    """Return the picture of a master that was written in one batch, over one of other rows where there are any ``before``."""
    with monkeypatch.context() as patched, StandIn(reads=None, writes=None) as google:
        patched.setattr(staging, "AT_ONCE", 10**9)
        google.access.anyone = google.account
        google.add(title="Tổng hợp", file_id="master")
        if before:
            home(google, folder).write_master(workbook(before))
        home(google, folder).write_master(workbook(rows, word))
        return picture(google.books["master"])


def test_a_master_beyond_ten_megabytes_is_written_and_no_request_is_beyond_google_s_limit(google, tmp_path):
    """Twenty-four megabytes: pieces of five, a small batch, no hidden tab left; read again it is what was written."""
    rows = tuple((Shown("donghanh"), *(Shown(f"{number} {'ồ' * 9_990}") for number in range(8))) for _ in range(100))
    given = Workbook("Tổng hợp", (TabView(MEMORY_TAB, rows, hidden=True),))
    assert home(google, tmp_path).write_master(given) is not None
    writes = google.asked("write")
    assert {one.status for one in writes} == {200}
    assert sum(one.received for one in writes) > google.largest_request
    assert max(one.received for one in writes) < 5_100_000
    assert len(writes) == 1 + 5 + 1
    assert writes[-1].received < 20_000
    assert [tab.title for tab in google.books["master"].tabs if tab.title.startswith("_")] == [MEMORY_TAB]
    assert [list(row) for row in home(google, tmp_path).read_memory()] == [[str(cell.value) for cell in row] for row in rows]
    since = google.last()
    assert home(google, tmp_path).write_master(given) is None
    assert google.asked("write", since=since) == []


@pytest.mark.usefixtures("small")
def test_laid_down_or_at_once_it_looks_the_same(google, tmp_path, monkeypatch):
    """First write and change: values, formats, links, merges, rules, marks; text that begins with = stays text."""
    home(google, tmp_path).write_master(workbook(60))
    assert len(google.asked("write")) > 4
    assert picture(google.books["master"]) == at_once(60, "Hoạt động", tmp_path, monkeypatch)
    home(google, tmp_path).write_master(workbook(90, "Việc"))
    assert picture(google.books["master"]) == at_once(90, "Việc", tmp_path, monkeypatch, before=60)
    home(google, tmp_path).write_master(workbook(70, "Việc"))
    assert max(one.received for one in google.asked("write")) < 9_500


@pytest.mark.usefixtures("small")
def test_people_s_columns_beside_a_large_table_stay(google, tmp_path):
    """What the committee wrote to the right of the table is where it was."""
    home(google, tmp_path).write_master(workbook(60))
    tab = google.books["master"].titled("Dữ liệu")
    note = {"values": [{"userEnteredValue": {"stringValue": "đã gọi điện"}}]}
    google.edit(
        "master",
        [{"updateCells": {"start": {"sheetId": tab.id, "rowIndex": 9, "columnIndex": 4}, "rows": [note], "fields": "userEnteredValue"}}],
    )
    home(google, tmp_path).write_master(workbook(80, "Việc"))
    assert google.books["master"].titled("Dữ liệu").cell(9, 4)["userEnteredValue"] == {"stringValue": "đã gọi điện"}


@pytest.mark.usefixtures("small")
def test_a_death_at_any_request_leaves_the_old_master_and_the_next_run_writes_the_new_one(google, tmp_path):
    """Before each request of the write the program dies; readers see the old master, and the hidden tab goes with the next write."""
    home(google, tmp_path).write_master(workbook(60))
    old, named = picture(google.books["master"]), list(google.books["master"].named_ranges)
    for deaths in range(100):
        dying = home(google, tmp_path)
        dying.read_memory()
        carried_out, sent = dying._client.change, [0]

        def change(*given: object, limit: int = deaths, sent: list[int] = sent, carried_out=carried_out, **more: object) -> object:
            if sent[0] == limit:
                raise KeyboardInterrupt
            sent[0] += 1
            return carried_out(*given, **more)

        dying._client.change = change
        try:
            dying.write_master(workbook(90, "Việc"))
        except KeyboardInterrupt:
            seen = picture(google.books["master"])
            assert {title: one for title, one in seen.items() if title in old} == old
            assert google.books["master"].named_ranges == named
            hidden = [tab for tab in google.books["master"].tabs if tab.title not in old]
            assert all(tab.properties["hidden"] for tab in hidden)
            assert (home(google, tmp_path).write_master(workbook(60)) is not None) == bool(hidden)
            assert picture(google.books["master"]) == old
            named = list(google.books["master"].named_ranges)
        else:
            break
    assert deaths > 5
    assert set(picture(google.books["master"])) == set(old)


@pytest.mark.usefixtures("small")
def test_of_two_runs_one_writes_and_the_other_leaves_nothing_behind(google, tmp_path):
    """While one lays its pieces down another writes: the first is told, its hidden tab is gone, the other's master stands."""
    home(google, tmp_path).write_master(workbook(60))
    slow, quick = home(google, tmp_path), home(google, tmp_path)
    slow.read_memory()
    carried_out, sent = slow._client.change, [0]

    def change(*given: object, **more: object) -> object:
        sent[0] += 1
        if sent[0] == 3:
            quick.read_memory()
            quick.write_master(workbook(61))
        return carried_out(*given, **more)

    slow._client.change = change
    with pytest.raises(PublishError, match="Another run"):
        slow.write_master(workbook(90, "Việc"))
    book = google.books["master"]
    assert len(book.titled("Dữ liệu").cells) == 61 + 2
    assert [tab.title for tab in book.tabs if tab.title.startswith("_dang")] == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "fault", [Fault(status=503, carried_out=True), Fault(status=503), Fault(cut="after"), Fault(cut="before"), Fault(status=429)]
)
def test_a_fault_at_any_request_of_the_write_ends_in_the_same_master(google, tmp_path, monkeypatch, fault):
    """Carried out or not, answered or not: what stands there in the end is what one batch would have made."""
    wanted = at_once(60, "Hoạt động", tmp_path, monkeypatch)
    for number in range(1, 9):
        google.books["master"] = Spreadsheet("master", google.books["master"].properties, [], owner=google.books["master"].owner)
        google.books["master"] = google.books["master"].copy()
        google.faults.script = [replace(fault, method="batchUpdate", numbers=(google.last() + 1 + number,), times=1)]
        try:
            home(google, tmp_path).write_master(workbook(60))
        finally:
            google.faults.script = []
        found = picture(google.books["master"])
        assert {title: one for title, one in found.items() if title in wanted} == {
            title: one for title, one in wanted.items() if title in found
        }
        assert {"Dữ liệu", MEMORY_TAB} <= set(found)


def protect(google: StandIn, tab_title: str, first_column: int = 4) -> None:
    """Protect the cells beside a table from the account, as a person does for notes of their own; or those of the table, too."""
    tab = google.books["master"].titled(tab_title)
    place = {"sheetId": tab.id, "startColumnIndex": first_column, "endColumnIndex": 5, "startRowIndex": 0, "endRowIndex": 40}
    google.edit("master", [{"addProtectedRange": {"protectedRange": {"range": place}}}])


def without_third(rows: int) -> Workbook:
    """Return a master of which the third row is gone."""
    data, memory = workbook(rows).tabs
    return Workbook("Tổng hợp", (replace(data, rows=data.rows[:5] + data.rows[6:]), memory))


def test_cells_protected_beside_the_table_do_not_stop_the_write(google, tmp_path):
    """Known before: no row is moved. Come meanwhile: Google refuses, and the rows are written over where they stand."""
    home(google, tmp_path).write_master(workbook(60))
    late = home(google, tmp_path)
    late.read_memory()
    protect(google, "Dữ liệu")
    since = google.last()
    assert late.write_master(without_third(60)) is not None
    assert [one.status for one in google.asked("write", since=since)] == [400, 200]
    since = google.last()
    assert home(google, tmp_path).write_master(workbook(60)) is not None
    assert [one.status for one in google.asked("write", since=since)] == [200]
    assert len(google.books["master"].titled("Dữ liệu").cells) == 60 + 2


def test_what_google_does_not_finish_is_tried_again_without_moving_rows(google, tmp_path):
    """Twice no answer: it may be the moving that takes too long. Neither a row is lost by it nor written twice."""
    home(google, tmp_path).write_master(workbook(60))
    late, bodies = home(google, tmp_path), list[str]()
    late.read_memory()
    inner = late._client.change

    def change(spreadsheet_id: str, changes: list, *given: object, **more: object) -> object:
        bodies.append("moved" if any("deleteDimension" in one for one in changes) else "written over")
        if len(bodies) < 3:
            raise Refusal(Cause.BUSY, maybe_done=True)
        return inner(spreadsheet_id, changes, *given, **more)

    late._client.change = change
    assert late.write_master(without_third(60)) is not None
    assert bodies == ["moved", "moved", "written over"]
    seen = [
        line[0]["userEnteredValue"]["stringValue"]
        for row, line in sorted(google.books["master"].titled("Dữ liệu").cells.items())
        if row > 2
    ]
    assert seen == [f"Hoạt động thứ {number}" for number in range(60) if number != 2]


def test_what_may_not_be_written_in_any_way_is_said_and_leaves_nothing_behind(google, tmp_path, monkeypatch):
    """Rows may not move, writing them over is too much for one request, and what was laid aside may not go to its place either."""
    home(google, tmp_path).write_master(workbook(60))
    late = home(google, tmp_path)
    late.read_memory()
    monkeypatch.setattr(staging, "AT_ONCE", 5_000)
    monkeypatch.setattr(staging, "_WORTH_IT", 1_000)
    protect(google, "Dữ liệu", first_column=0)
    old, since = picture(google.books["master"]), google.last()
    with pytest.raises(PublishError, match="protected"):
        late.write_master(without_third(60))
    assert [one.status for one in google.asked("write", since=since)] == [400, 200, 200, 400, 200]
    assert picture(google.books["master"]) == old


def test_a_request_has_room_for_its_last_byte_and_not_for_one_more():
    """However its rows are counted: five hundred at a time."""
    rows = [{"values": [{"userEnteredValue": {"stringValue": "ồ"}}]}] * 1_100
    one, many = {"deleteSheet": {"sheetId": 1}}, {"updateCells": {"rows": rows}}
    exactly = len(staging.body_of([one])) + sum(len(staging.body_of(part)) for part in (rows[:500], rows[500:1_000], rows[1_000:]))
    staging.Room(exactly).take([one, many])
    room = staging.Room(exactly)
    room.take([many])
    room.take([one])
    with pytest.raises(staging.TooLargeError):
        room.take([one])
    with pytest.raises(staging.TooLargeError):
        staging.Room(exactly - 1).take([one, many])
    with pytest.raises(staging.TooLargeError):
        staging.Room(0).take([one])


def test_rows_of_the_memory_are_the_master_s_own_where_they_are_text(google, tmp_path):
    """They are not there twice; a number that a person typed among them is no text."""
    home(google, tmp_path).write_master(workbook(3))
    tab = google.books["master"].titled(MEMORY_TAB)
    typed = {"values": [{"userEnteredValue": {"numberValue": 7}}]}
    google.edit(
        "master",
        [{"updateCells": {"start": {"sheetId": tab.id, "rowIndex": 1, "columnIndex": 1}, "rows": [typed], "fields": "userEnteredValue"}}],
    )
    found = home(google, tmp_path)
    rows, lines = found.read_memory(), found._master._state.tabs[tab.id].lines
    assert [row is line for row, line in zip(rows, lines, strict=True)] == [number != 1 for number in range(len(lines))]
    assert (lines[1][1], rows[1][1]) == (7, "")
    assert all(isinstance(cell, str) for row in rows for cell in row)


def test_what_was_seen_is_the_memory_and_the_decisions_themselves(google, tmp_path):
    """Drive's listing may be behind them: another row is another mark though the version is the same, as is another spreadsheet's."""
    decisions = TabView(DECISIONS_TAB, ((Shown("DỮ LIỆU CẦN SỬA"),), (Shown("đúng, bỏ qua"),)))
    given = Workbook(
        "Tổng hợp", (decisions, TabView(MEMORY_TAB, ((Shown("donghanh"), Shown("3")), (Shown("run"), Shown("{}"))), hidden=True))
    )
    home(google, tmp_path).write_master(given)

    def seen(version: str = "1", unchanged: str = "1") -> str | None:
        found = home(google, tmp_path)
        found.read_memory()
        found._listing = {"master": _Listed("Tổng hợp", Version("m", version), is_workbook=False, trashed=False)}
        found._unchanged["phuong"] = Version("m", unchanged)
        return found.seen()

    marks = [seen(), seen(version="2"), seen(unchanged="2")]
    for title in (DECISIONS_TAB, MEMORY_TAB):
        start = {"sheetId": google.books["master"].titled(title).id, "rowIndex": 1, "columnIndex": 0}
        typed = [{"values": [{"userEnteredValue": {"stringValue": "khác"}}]}]
        google.edit("master", [{"updateCells": {"start": start, "rows": typed, "fields": "userEnteredValue"}}])
        marks.append(seen())
    assert None not in marks
    assert len(set(marks)) == len(marks) == 5
    assert seen() == marks[-1]
