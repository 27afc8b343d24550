"""Google as the home of spreadsheets, over real HTTP against the stand-in: the same results as from workbooks, and few requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from google.oauth2.service_account import Credentials

from sync.columns import aliases
from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import SCOPES, Client
from sync.edges.google.home import _ATTEMPTS
from sync.edges.google.limits import Allowance, Turns
from sync.edges.google.master import FIELDS as MASTER_FIELDS
from sync.edges.google.reading import tab_of
from sync.edges.google.trouble import Cause, Refusal
from sync.edges.outbox import Documents, Outbox
from sync.edges.workbooks import Workbooks
from sync.errors import PublishError, SourceError, UsageError
from sync.journal import load
from sync.layout import DECISIONS_TAB, MEMORY_TAB, Shown, TabView, Workbook
from sync.model import Column
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, RunResult, run
from sync.sample import DEMO_AS_OF, lay_out
from sync.settings import load_settings
from sync.settings_values import GoogleSettings
from sync.text import fold
from tests.google import Fault, StandIn, server
from tests.google.state import Tab
from tests.google.workbooks import spreadsheet_of

pytestmark = pytest.mark.usefixtures("units_untouched")
NEXT_DAY = date(2025, 12, 6)
CLUSTER = "noi-chinh"


@dataclass
class District:
    """The sample district in the stand-in."""

    google: StandIn
    folder: Path
    clusters: dict[str, str]

    def home(self, day: date = DEMO_AS_OF) -> GoogleSheets:
        """Return a fresh home, as each run has one."""
        credentials = Credentials.from_service_account_file(str(self.google.key_file(self.folder)), scopes=list(SCOPES))
        client = Client(credentials, endpoint=self.google.url, pace=Pace(10**5, 10**5, attempts=9), sleep=lambda seconds: None)
        return GoogleSheets(client, GoogleSettings("master", self.clusters), self.folder / "out", as_of=day, cache_key=bytes(32))

    def run(self, day: date = DEMO_AS_OF, home: GoogleSheets | None = None) -> RunResult:
        """Run the main job."""
        edges = Edges(home or self.home(day), Outbox(self.folder / "out"), Documents(self.folder / "out"))
        return run(edges, load_settings(default_config_dir()), Renderer(default_templates_dir()), as_of=day)

    def asked_in(self, action: Callable[[], object]) -> list[tuple[str, str | None]]:
        """Return (kind, file) of every request that an action makes."""
        before = self.google.last()
        action()
        return [(one.kind, one.file) for one in self.google.asked(since=before) if one.kind != "token"]


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    """The sample district, shared with the account; the master is empty."""
    with another_district(tmp_path) as found:
        yield found


@contextmanager
def another_district(folder: Path) -> Iterator[District]:
    """The sample district in a stand-in of its own."""
    lay_out(folder / "so-lieu")
    with StandIn(reads=None, writes=None, seed=7) as google:
        clusters = {path.stem: google.add(spreadsheet_of(path, f"id-{path.stem}")) for path in sorted((folder / "so-lieu").glob("*.xlsx"))}
        google.add(title="Tổng hợp", file_id="master")
        yield District(google, folder, clusters)
        assert google.broken == []


def plain(result: RunResult) -> object:
    """Return what a run came to, without where its sheets lie."""
    clusters = [replace(one, source="", fingerprint="", columns={}) for one in result.clusters]
    return clusters, result.progress


def test_both_homes_come_to_the_same(district):
    """Rows, findings, figures and who has reported are the same from Google as from workbooks, run after run."""
    out = district.folder / "workbooks"
    for day in (date(2025, 2, 3), date(2025, 6, 2), DEMO_AS_OF):
        home = Workbooks(district.folder / "so-lieu", out, max_uncompressed_bytes=10**8, mask=mask)
        edges = Edges(home, Outbox(out), Documents(out))
        from_files = run(edges, load_settings(default_config_dir()), Renderer(default_templates_dir()), as_of=day)
        assert plain(district.run(day)) == plain(from_files)


def test_a_number_that_shows_as_a_percentage_is_one():
    """A `100%` that somebody typed for "all of it" is no quantity, in Google as in a workbook."""
    form = {"numberFormat": {"type": "PERCENT"}}
    values = [{"effectiveValue": {"numberValue": number}, "effectiveFormat": form} for number in (1, 0.5, 1 / 3)]
    tab = tab_of({"properties": {"title": "T"}, "data": [{"rowData": [{"values": values}]}]})
    assert tab.rows == [["100%", "50%", "33.33333333%"]]


def test_few_requests(district):
    """A changed spreadsheet is one read and at most one write; the same day again writes nothing; unchanged sheets are not read."""
    first = district.asked_in(district.run)
    for file in district.clusters.values():
        assert first.count(("read", file)) == 1
        assert first.count(("write", file)) <= 1
    assert first.count(("read", "master")) == 1
    second = district.asked_in(district.run)
    assert [one for one in second if one[0] == "write"] == []
    third = district.asked_in(district.run)
    assert sorted(third) == [("drive", None), ("read", "master")]
    fourth = district.asked_in(lambda: district.run(NEXT_DAY))
    assert sorted(fourth) == [("drive", None), ("read", "master"), ("write", "master")]


def people(tab: Tab, own: set[int]) -> dict[tuple[int, int], object]:
    """Return every cell of a tab but those of the system's columns, notes of the system's left out."""
    found = {}
    for row, line in tab.cells.items():
        for column, cell in line.items():
            kept = {name: value for name, value in cell.items() if not (name == "note" and "[Đồng hành]" in str(value))}
            if column not in own and kept:
                found[row, column] = kept
    return found


def test_no_cell_of_a_unit_is_touched(district):
    """Before and after differ in the system's columns, its notes, its one rule, and the tab `Tiến độ`."""
    names = aliases()
    before = {file: book.copy() for file, book in district.google.books.items()}
    district.run()
    for file in district.clusters.values():
        old, new = before[file], district.google.books[file]
        titles = [tab.title for tab in old.tabs]
        assert [tab.title for tab in new.tabs if tab.title not in titles] == ["Tiến độ"]
        for tab in old.tabs:
            now = new.titled(tab.title)
            own = {
                column
                for line in now.cells.values()
                for column, cell in line.items()
                if names.get(fold(cell.get("userEnteredValue", {}).get("stringValue", ""))) in (Column.CODE, Column.VERDICT)
            }
            assert people(now, own) == people(tab, own)
            assert now.merges == tab.merges
            assert len(now.rules) <= len(tab.rules) + 1


def told_of(tab: Tab) -> dict[str, tuple[str, str, str]]:
    """Return name → (code, verdict, notes) of every row that the system says something of."""
    names, found = aliases(), {}
    for row, line in tab.cells.items():
        head = {names.get(fold(cell.get("userEnteredValue", {}).get("stringValue", ""))): at for at, cell in line.items()}
        if Column.NAME in head and Column.UNIT in head:
            places = head
            continue
        if row and "places" in locals():
            said = [
                line.get(places.get(one, -1), {}).get("userEnteredValue", {}).get("stringValue", "")
                for one in (Column.NAME, Column.CODE, Column.VERDICT)
            ]
            notes = " ".join(f"{at}:{cell['note']}" for at, cell in sorted(line.items()) if "note" in cell)
            if said[1] or said[2] or notes:
                found[f"{said[0]} {line.get(places[Column.UNIT], {}).get('userEnteredValue')}"] = (
                    said[1],
                    said[2].split("(")[0],
                    notes.split("•")[0],
                )
    return found


CHANGES = {
    "insert": lambda sheet_id: {"insertDimension": {"range": {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 5, "endIndex": 6}}},
    "delete": lambda sheet_id: {"deleteDimension": {"range": {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 5, "endIndex": 7}}},
    "sort": lambda sheet_id: {
        "sortRange": {
            "range": {"sheetId": sheet_id, "startRowIndex": 1, "endRowIndex": 12, "startColumnIndex": 0, "endColumnIndex": 30},
            "sortSpecs": [{"dimensionIndex": 4, "sortOrder": "DESCENDING"}],
        }
    },
}


@pytest.mark.parametrize("moment", ["before the look", "after the look"])
@pytest.mark.parametrize("change", list(CHANGES))
def test_rows_that_people_move_keep_what_is_said_of_them(district, tmp_path_factory, change, moment):
    """Rows moved between reading and writing: whatever is then said stands at the activity that it is about, and is what an undisturbed run says."""
    file = district.clusters[CLUSTER]
    undisturbed = district.google.books[file].copy()
    sheet_id = undisturbed.tabs[0].id
    grid = {
        "updateSheetProperties": {
            "properties": {"sheetId": sheet_id, "gridProperties": {"columnCount": 30}},
            "fields": "gridProperties.columnCount",
        }
    }
    district.google.edit(file, [grid])
    home, done = district.home(), []
    name = "_as_it_is" if moment == "before the look" else "_changed"
    inner = getattr(home, name)

    def disturbed(spreadsheet_id, *others):
        if spreadsheet_id == file and not done:
            done.append(True)
            district.google.edit(file, [CHANGES[change](sheet_id)])
        return inner(spreadsheet_id, *others)

    setattr(home, name, disturbed)
    district.run(home=home)
    assert done
    first = told_of(district.google.books[file].tabs[0])
    assert len(first) > 3
    district.run()
    settled = told_of(district.google.books[file].tabs[0])
    for row, (code, verdict, notes) in first.items():
        assert settled[row][:2] == (code, verdict)
        assert notes in ("", settled[row][2])  # a sentence that names another row by its number waits for the next run
    assert [one for one in district.asked_in(district.run) if one[0] == "write"] == []


def test_a_code_does_not_stay_where_people_cleared_their_own_columns(district):
    """Their cells of a row are emptied, and sorted to the end: neither code nor verdict stands in an empty row after the next run."""
    file = district.clusters[CLUSTER]
    district.run()
    tab = district.google.books[file].tabs[0]
    row = max(row for row, line in tab.cells.items() if told_of_row(tab, row)[0] and len(line) > 5)
    code, verdict = told_of_row(tab, row)
    assert code
    assert verdict
    theirs = [column for column in tab.cells[row] if column not in own_columns_of(tab)]
    for column in theirs:
        start = {"sheetId": tab.id, "rowIndex": row, "columnIndex": column}
        district.google.edit(file, [{"updateCells": {"start": start, "rows": [{"values": [{}]}], "fields": "userEnteredValue"}}])
    district.run(NEXT_DAY)
    assert told_of_row(district.google.books[file].tabs[0], row) == ("", "")


def test_a_row_typed_meanwhile_does_not_keep_the_code_of_another(district):
    """Copied with its code while the run is at work: the run knows the one row and not the other, and takes the code from that."""
    file = district.clusters[CLUSTER]
    district.run()
    tab = district.google.books[file].tabs[0]
    told = [row for row in sorted(tab.cells) if told_of_row(tab, row)[0] not in ("", "Mã HĐ")]
    known, changed, new = told[0], told[1], max(told) + 1
    code = told_of_row(tab, known)[0]
    names = {fold(cell.get("userEnteredValue", {}).get("stringValue", "")): at for at, cell in tab.cells[0].items()}
    unit, name = names[fold("Đơn vị")], names[fold("Tên hoạt động")]
    put(district, file, tab.id, changed, unit, "không rõ đơn vị nào")
    home, done = district.home(NEXT_DAY), []
    inner = home._as_it_is

    def disturbed(spreadsheet_id, *others):
        if spreadsheet_id == file and not done:
            done.append(True)
            put(district, file, tab.id, new, name, "Việc vừa gõ thêm")
            put(district, file, tab.id, new, own_columns_of(tab)[0], code)
        return inner(spreadsheet_id, *others)

    home._as_it_is = disturbed
    district.run(NEXT_DAY, home)
    after = district.google.books[file].tabs[0]
    assert done
    assert told_of_row(after, known)[0] == code
    assert told_of_row(after, new)[0] != code


def test_the_next_run_gives_every_activity_its_own_code_again(district):
    """Rows are typed, moved and edited meanwhile and the answer is lost: what was written over the register knows; no number is given twice."""
    file = district.clusters[CLUSTER]
    district.run()
    edited = key_of(district.google.books[file].tabs[0].cells[9])
    type_in(district, file, 5, "Trại hè mới")
    type_in(district, file, 11, "Ngày hội mới")  # below the row that will be edited
    before, home, sent = codes_of(district, file), district.home(NEXT_DAY), []
    district.google.faults.script.append(Fault(cut="half", method="batchUpdate", path=file, times=1))
    carried_out = home._client.change

    def change(spreadsheet_id, *given, **more):
        if spreadsheet_id != file or sent:
            return carried_out(spreadsheet_id, *given, **more)
        sent.append(file)
        type_in(district, file, 5, "Vừa gõ thêm")
        put(district, file, district.google.books[file].tabs[0].id, 11, 7, "Nhà thiếu nhi mới")
        try:
            return carried_out(spreadsheet_id, *given, **more)
        finally:
            type_in(district, file, 1, "Cũng vừa gõ thêm")
            take_out(district, file, "Trại hè mới")

    home._client.change = change
    assert district.run(NEXT_DAY, home).problems == ()
    register = {one.name_key: one.code for one in load(home.read_memory()).codes if one.cluster == CLUSTER}
    told = codes_of(district, file)
    unsaid = {"Vừa gõ thêm", "Cũng vừa gõ thêm", edited}
    assert told == {name: "" if name in unsaid else before[name] or register[fold(name)] for name in told}
    district.run(NEXT_DAY)
    after = codes_of(district, file)
    assert after == {name: before.get(name) or told[name] or after[name] for name in told}  # that of the edited row too
    assert {after["Vừa gõ thêm"], after["Cũng vừa gõ thêm"]}.isdisjoint({"", *register.values()})
    assert len(set(after.values())) == len(after)


def test_the_next_run_does_not_believe_a_code_that_went_astray(district):
    """A row is typed where a code is written, and Google answers nothing more: nobody could look. Both rows have their own codes in the end."""
    file = district.clusters[CLUSTER]
    district.run()
    type_in(district, file, 5, "Trại hè mới")
    home = district.home(NEXT_DAY)
    carried_out = home._client.change

    def change(spreadsheet_id, *given, **more):
        if spreadsheet_id == file:
            type_in(district, file, 5, "Vừa gõ thêm")
            district.google.faults.script.append(Fault(cut="half", path=file))
        return carried_out(spreadsheet_id, *given, **more)

    home._client.change = change
    assert len(district.run(NEXT_DAY, home).problems) == 1
    district.google.faults.script.clear()
    register = {one.name_key: one.code for one in load(home.read_memory()).codes if one.cluster == CLUSTER}
    told = codes_of(district, file)
    assert told["Vừa gõ thêm"] == register[fold("Trại hè mới")]
    district.run(NEXT_DAY)
    after = codes_of(district, file)
    assert after["Trại hè mới"] == told["Vừa gõ thêm"]
    assert after["Vừa gõ thêm"] not in {"", *register.values()}
    assert after == {name: code or after[name] for name, code in told.items()} | {"Vừa gõ thêm": after["Vừa gõ thêm"]}
    assert [one for one in district.asked_in(lambda: district.run(NEXT_DAY)) if one[0] == "write"] == []


def type_in(district: District, file: str, row: int, name: str) -> None:
    """Insert a row, and type an activity into it that is like the one above, or the first."""
    tab = district.google.books[file].tabs[0]
    pattern = tab.cells[max(row - 1, 1)]
    place = {"sheetId": tab.id, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    district.google.edit(file, [{"insertDimension": {"range": place, "inheritFromBefore": False}}])
    for column in (0, 1, 3, 4, 5, 6):
        cells = {"rows": [{"values": [{"userEnteredValue": pattern[column]["userEnteredValue"]}]}], "fields": "userEnteredValue"}
        district.google.edit(file, [{"updateCells": {**cells, "start": {"sheetId": tab.id, "rowIndex": row, "columnIndex": column}}}])
    put(district, file, tab.id, row, 2, name)


def take_out(district: District, file: str, name: str) -> None:
    """Delete an activity's row."""
    tab = district.google.books[file].tabs[0]
    (row,) = (row for row, line in tab.cells.items() if key_of(line) == name)
    place = {"sheetId": tab.id, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    district.google.edit(file, [{"deleteDimension": {"range": place}}])


def key_of(line: dict[int, dict[str, object]]) -> str:
    """Return what tells an activity of this cluster apart: its evidence, else its name."""
    evidence, name = (line.get(column, {}).get("userEnteredValue", {}).get("stringValue", "") for column in (9, 2))
    return evidence or name


def codes_of(district: District, file: str) -> dict[str, str]:
    """Return key → code of every activity."""
    tab = district.google.books[file].tabs[0]
    return {key_of(line): told_of_row(tab, row)[0] for row, line in tab.cells.items() if row and key_of(line)}


def put(district: District, file: str, tab: int, row: int, column: int, text: str) -> None:
    """Type something into a cell, as a person does."""
    cell = {"rows": [{"values": [{"userEnteredValue": {"stringValue": text}}]}], "fields": "userEnteredValue"}
    district.google.edit(file, [{"updateCells": {**cell, "start": {"sheetId": tab, "rowIndex": row, "columnIndex": column}}}])


def own_columns_of(tab: Tab) -> tuple[int, int]:
    """Return where code and verdict stand."""
    titled = {cell.get("userEnteredValue", {}).get("stringValue"): column for line in tab.cells.values() for column, cell in line.items()}
    return titled["Mã HĐ"], titled["Kết quả kiểm tra"]


def told_of_row(tab: Tab, row: int) -> tuple[str, str]:
    """Return the code and the verdict in a row."""
    code, verdict = (tab.cell(row, column).get("userEnteredValue", {}).get("stringValue", "") for column in own_columns_of(tab))
    return code, verdict


def test_a_tab_of_a_person_is_never_taken_for_the_program_s(district):
    """Neither in the master nor in a cluster's spreadsheet, though it bears the same title; and one of ours may be renamed."""
    file = district.clusters[CLUSTER]
    for place, title in (("master", "Dữ liệu"), (file, "Tiến độ")):
        district.google.edit(place, [{"addSheet": {"properties": {"sheetId": 77, "title": title}}}])
        words = {
            "rows": [{"values": [{"userEnteredValue": {"stringValue": "của tôi"}}]}],
            "start": {"sheetId": 77},
            "fields": "userEnteredValue",
        }
        district.google.edit(place, [{"updateCells": words}])
    district.run()
    for place, title in (("master", "Dữ liệu (2)"), (file, "Tiến độ (2)")):
        book = district.google.books[place]
        assert [cell for line in book.tab(77).cells.values() for cell in line.values()] == [
            {"userEnteredValue": {"stringValue": "của tôi"}}
        ]
        assert book.titled(title) is not None
    ours = district.google.books["master"].titled("Tổng hợp")
    district.google.edit(
        "master", [{"updateSheetProperties": {"properties": {"sheetId": ours.id, "title": "Bảng chính"}, "fields": "title"}}]
    )
    count = len(district.google.books["master"].tabs)
    district.run(NEXT_DAY)
    assert len(district.google.books["master"].tabs) == count
    assert district.google.books["master"].tab(ours.id).title == "Bảng chính"


@pytest.mark.parametrize("asked", ["deleteSheet", "updateCells"])
def test_a_memory_that_somebody_deleted_is_missed(district, asked):
    """The tab or what stands in it: what was mailed would be mailed again. Nothing is written, so that the old version can come back."""
    district.run()
    tab = district.google.books["master"].titled(MEMORY_TAB)
    emptied = {"range": {"sheetId": tab.id}, "fields": "userEnteredValue"}
    district.google.edit("master", [{asked: {"sheetId": tab.id} if asked == "deleteSheet" else emptied}])
    left = district.google.books["master"].copy()
    with pytest.raises(SourceError, match=r"hidden tab _bo_nho is gone or empty.*File > Version history"):
        district.run(NEXT_DAY)
    assert district.google.books["master"].tabs == left.tabs


def test_while_mail_goes_out_others_read_but_do_not_write(district):
    """A held master can be looked at; a run is told, and may write when the hold has passed."""
    home = district.home()
    home.read_memory()
    workbook = Workbook("Thử", (TabView("Thử", ((Shown("một"),),)), TabView(MEMORY_TAB, ((Shown("donghanh"), Shown("1")),), hidden=True)))
    assert home.write_master(workbook, hold=True)
    other = district.home()
    assert [list(row) for row in other.read_memory()] == [["donghanh", "1"]]
    with pytest.raises(PublishError, match="holds the master"):
        other.write_master(replace(workbook, tabs=(TabView("Khác", ((Shown("hai"),),)), *workbook.tabs)))
    district.google.clock = lambda: time.time() + 1000
    district.google.access.expire_tokens()
    late = district.home()
    late.read_memory()
    assert late.write_master(workbook)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429, retry_after=1, times=3), Fault(status=503, html=True, times=3), Fault(status=500, times=3), Fault(cut="before", times=3),
        Fault(cut="after", times=2), Fault(cut="half", times=2), Fault(wrong_json=True, times=2), Fault(status=503, carried_out=True, times=2),
        Fault(status=503, carried_out=True, method="batchUpdate", times=2), Fault(cut="after", method="batchUpdate", times=2),
        Fault(status=502, html=True, method="token", times=1), Fault(probability=0.2, status=503), Fault(probability=0.2, cut="after"),
    ],
)  # fmt: skip
def test_faults_that_pass_change_nothing(district, fault):
    """Whatever goes wrong for a while, the master and the feedback end as they would have, and nothing is said twice."""
    district.google.faults.script.append(fault)
    result = district.run()
    district.google.faults.script.clear()
    assert result.problems == ()
    assert district.google.faults.struck
    assert [one for one in district.asked_in(district.run) if one[0] == "write"] == []
    mails = [mail.key for mail in result.mails]
    assert len(mails) == len(set(mails))


def test_an_answer_whose_date_makes_no_sense_is_an_answer(district, monkeypatch):
    """A proxy's own words in the header Date undo neither a reading nor a write."""
    monkeypatch.setattr(server._Handler, "date_time_string", lambda self, when=None: "today")
    result = district.run()
    assert result.problems == ()
    assert result.mails
    assert not result.needs_a_person


def test_the_last_attempt_to_tell_a_cluster_counts(district):
    """All but the last write are lost: what the last one said is looked at, and nobody is called busy."""
    file = district.clusters[CLUSTER]
    lost = Fault(status=503, path=file, method="batchUpdate", times=_ATTEMPTS - 1)
    district.google.faults.script.append(lost)
    home = district.home()
    home._sleep = lambda seconds: None
    assert district.run(home=home).problems == ()
    assert lost.times == 0
    assert told_of(district.google.books[file].tabs[0])


def test_a_cluster_that_is_no_longer_shared_is_named_and_the_rest_goes_on(district):
    """Its earlier rows stand in, the sentence says with whom to share it."""
    district.run()
    district.google.share(district.clusters[CLUSTER], None)
    result = district.run(NEXT_DAY)
    stale = [one for one in result.clusters if one.status == "stale"]
    assert [one.cluster for one in stale] == [CLUSTER]
    assert district.google.account.email in (stale[0].error or "")
    assert result.needs_a_person
    assert len([one for one in result.clusters if one.status == "ok"]) == len(district.clusters) - 1


def test_two_runs_at_once_write_once(district):
    """Both have read the same master; the second is told, and nothing of it is written."""
    one, other = district.home(), district.home()
    other.read_memory()
    assert district.run(home=one).problems == ()
    book = district.google.books["master"].copy()
    other.read_memory = list  # it has read the master already, before the first one wrote
    with pytest.raises(PublishError, match="Another run"):
        district.run(home=other)
    assert district.google.books["master"].named_ranges == book.named_ranges


def test_an_empty_machine_knows_everything(district):
    """The memory lies in the master: without the folder of the first run no mail goes out twice."""
    first = district.run()
    assert first.mails
    elsewhere = District(district.google, district.folder / "elsewhere", district.clusters)
    elsewhere.folder.mkdir()
    again = elsewhere.run()
    assert again.mails == ()
    assert again.progress == first.progress


def test_what_is_wrong_with_the_set_up_is_one_sentence(district):
    """Each names what to do."""
    district.google.disabled.add("sheets")
    with pytest.raises(UsageError, match="not enabled"):
        district.run()
    district.google.disabled.clear()
    district.google.share("master", None)
    with pytest.raises(SourceError, match="add that address as Editor"):
        district.run()
    district.google.share("master", "writer")
    district.google.account.disabled = True
    try:
        with pytest.raises(UsageError, match="key"):
            district.run()
    finally:
        district.google.account.disabled = False


def test_no_minute_sees_more_than_its_share():
    """Two hundred requests as fast as can be: in no sixty seconds more than the limit, and no longer than the limit makes it."""
    now = [0.0]
    sent = []
    bucket, turns = Allowance(55), Turns(lambda: now[0], lambda seconds: now.__setitem__(0, now[0] + seconds))
    for _ in range(200):
        turns.wait(turns.take([bucket]))
        sent.append(now[0])
    assert max(sum(start <= one < start + 60 for one in sent) for start in sent) == 55
    assert sent[-1] <= 1.1 * 60 * 200 / 60


def test_a_master_may_be_ten_times_as_large_as_what_people_fill_in(district):
    """It grows with the district: refused as too big, it would stop every later run."""
    district.run()
    credentials = Credentials.from_service_account_file(str(district.google.key_file(district.folder)), scopes=list(SCOPES))

    def read(most: int, masters: tuple[str, ...] = ()) -> int:
        client = Client(credentials, endpoint=district.google.url, pace=Pace(attempts=1), most_bytes=most, masters=masters)
        client.spreadsheet("master", MASTER_FIELDS)
        return client.effort.received

    size = read(100_000_000)
    assert read(size // 9, ("master",)) == size
    for most, masters in ((size // 9, ()), (size // 9, ("mast",)), (size // 11, ("master",))):
        with pytest.raises(Refusal) as refused:
            read(most, masters)
        assert refused.value.cause is Cause.TOO_BIG


def test_half_of_a_letter_stops_nothing(district):
    """Typed in a name, in a note and beside a decision: the row counts, the next runs remember it, and the decision is what it was."""
    file = district.clusters[CLUSTER]
    type_in(district, file, 5, "Trại hè \ud83d")
    first, second = district.run(), district.run()
    assert (first.problems, second.written) == ((), ())
    (data,) = (one for one in first.clusters if one.cluster == CLUSTER)
    (named,) = (one for one in data.activities if one.name.startswith("Trại hè"))
    assert (named.name, data.error) == ("Trại hè \ufffd", None)
    tab = district.google.books["master"].titled(DECISIONS_TAB)
    at = next(row for row, line in tab.cells.items() if len(line) > 10) + 1
    for column, text in ((8, "đúng, bỏ qua"), (9, "cô Hoa \ude00 nói")):
        put(district, "master", tab.id, at, column, text)
    assert [one.reason for one in load_memory(district, NEXT_DAY).decisions] == ["cô Hoa \ufffd nói"]


def test_decisions_in_a_copy_are_read_where_the_tab_itself_was_deleted(district):
    """People duplicate a tab, work in the copy and delete the one that they take for the old one."""
    district.run()
    tab = district.google.books["master"].titled(DECISIONS_TAB)
    copied = {"sourceSheetId": tab.id, "insertSheetIndex": 0, "newSheetId": 77, "newSheetName": "Cần sửa mới"}
    district.google.edit("master", [{"duplicateSheet": copied}, {"deleteSheet": {"sheetId": tab.id}}])
    at = next(row for row, line in tab.cells.items() if len(line) > 10) + 1
    put(district, "master", 77, at, 8, "đúng, bỏ qua")
    assert [one.choice for one in load_memory(district, NEXT_DAY).decisions] == ["đúng, bỏ qua"]
    assert [one for one in district.asked_in(lambda: district.run(NEXT_DAY)) if one[0] == "write"] == []


def load_memory(district, day):
    """Run once more, and return what is remembered then."""
    district.run(day)
    return load(district.home(day).read_memory())
