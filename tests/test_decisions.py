"""Decisions in the master, end to end in both homes: made, carried out, reported, and fallen when the row changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from google.oauth2.service_account import Credentials

from sync.catalogue import column_letters
from sync.check import check
from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import SCOPES, Client
from sync.edges.interface import Spreadsheets
from sync.edges.outbox import Documents, Outbox
from sync.edges.workbooks import MASTER, Workbooks
from sync.errors import SourceError
from sync.layout import COLUMN_OF_CHOICES, COLUMN_OF_REASONS, DECISIONS_TAB, KEY_COLUMN
from sync.model import Activity, ClusterData, Column, Compliance, Kind, Progress, ReportingRate
from sync.normalise import Reader
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, RunResult, run
from sync.sample import DEMO_AS_OF, lay_out
from sync.settings import load_settings
from sync.settings_values import GoogleSettings
from tests.google import StandIn
from tests.google.workbooks import spreadsheet_of

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
ONE, OTHER = "noi-chinh", "dia-ban-dan-cu"
NAME = "Tuyên truyền Luật Trẻ em"
DAYS = tuple(DEMO_AS_OF + timedelta(days=number) for number in range(6))
TABLE_TITLES = (COLUMN_OF_CHOICES, COLUMN_OF_REASONS, KEY_COLUMN)
SETTINGS = load_settings(default_config_dir())
Line = dict[str, str]
"""Title → what stands in one row of the tab `Cần sửa`."""


@dataclass
class Folders:
    """The sample district in two folders; people work in the files with openpyxl."""

    folder: Path

    def home(self, day: date) -> Spreadsheets:
        """Return the home as each run has it."""
        del day
        return Workbooks(self.folder / "so-lieu", self.folder / "out", max_uncompressed_bytes=10**8, mask=mask)

    def edit(self, cluster: str, cell: str, value: str | int | None) -> None:
        """Let a unit change a cell."""
        path = self.folder / "so-lieu" / f"{cluster}.xlsx"
        book = openpyxl.load_workbook(path)
        book["Hoạt động"][cell] = value
        book.save(path)

    def insert_row(self, cluster: str, above: int) -> None:
        """Let a unit insert an empty row."""
        path = self.folder / "so-lieu" / f"{cluster}.xlsx"
        book = openpyxl.load_workbook(path)
        book["Hoạt động"].insert_rows(above)
        book.save(path)

    def in_master(self, change: Callable[[list[list[Any]]], None]) -> None:
        """Let a person change the tab `Cần sửa`."""
        path = self.folder / "out" / MASTER
        book = openpyxl.load_workbook(path)
        sheet = book[DECISIONS_TAB]
        rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
        change(rows)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if type(sheet.cell(number, column)).__name__ != "MergedCell":
                    sheet.cell(number, column).value = value
        book.save(path)

    def writes_in(self, action: Callable[[], RunResult]) -> list[str]:
        """Return what a run wrote."""
        return list(action().written)

    def told(self, cluster: str) -> str:
        """Return all that the feedback says, notes too."""
        book = openpyxl.load_workbook(self.folder / "out" / "phan-hoi" / f"{cluster}.xlsx")
        cells = [cell for line in book["Hoạt động"].iter_rows() for cell in line]
        return "\n".join(str(text) for cell in cells for text in (cell.value, cell.comment.text if cell.comment else None) if text)


@dataclass
class Google:
    """The sample district in the stand-in; people work in the spreadsheets by its interface."""

    folder: Path
    google: StandIn
    clusters: dict[str, str]

    def home(self, day: date) -> Spreadsheets:
        """Return the home as each run has it."""
        credentials = Credentials.from_service_account_file(str(self.google.key_file(self.folder)), scopes=list(SCOPES))
        client = Client(credentials, endpoint=self.google.url, pace=Pace(10**5, 10**5, attempts=9), sleep=lambda seconds: None)
        return GoogleSheets(client, GoogleSettings("master", self.clusters), self.folder / "out", as_of=day)

    def edit(self, cluster: str, cell: str, value: str | int | None) -> None:
        """Let a unit change a cell."""
        letters, number = re.fullmatch(r"([A-Z])(\d+)", cell).groups()
        start = {"sheetId": self._tab(cluster).id, "rowIndex": int(number) - 1, "columnIndex": ord(letters) - ord("A")}
        self._type(self.clusters[cluster], start, [[value]])

    def insert_row(self, cluster: str, above: int) -> None:
        """Let a unit insert an empty row."""
        place = {"sheetId": self._tab(cluster).id, "dimension": "ROWS", "startIndex": above - 1, "endIndex": above}
        self.google.edit(self.clusters[cluster], [{"insertDimension": {"range": place}}])

    def _tab(self, cluster: str) -> Any:
        return self.google.books[self.clusters[cluster]].titled("Hoạt động")

    def _type(self, file: str, start: dict[str, int], rows: Sequence[Sequence[Any]]) -> None:
        lines = [{"values": [_typed(value) for value in row]} for row in rows]
        self.google.edit(file, [{"updateCells": {"start": start, "rows": lines, "fields": "userEnteredValue"}}])

    def in_master(self, change: Callable[[list[list[Any]]], None]) -> None:
        """Let a person change the tab `Cần sửa`."""
        tab = self.google.books["master"].titled(DECISIONS_TAB)
        height = max(tab.cells) + 1
        rows = [[tab.cell(row, column).get("userEnteredValue", {}).get("stringValue") for column in range(12)] for row in range(height)]
        change(rows)
        self._type("master", {"sheetId": tab.id, "rowIndex": 0, "columnIndex": 0}, rows)

    def writes_in(self, action: Callable[[], RunResult]) -> list[str]:
        """Return what a run wrote; the master is read once and written once at most."""
        before = self.google.last()
        action()
        asked = [(one.kind, one.file) for one in self.google.asked(since=before)]
        assert asked.count(("read", "master")) == 1
        assert asked.count(("write", "master")) <= 1
        return [str(file) for kind, file in asked if kind == "write"]

    def told(self, cluster: str) -> str:
        """Return all that stands in the cluster's table, notes too."""
        cells = [cell for line in self._tab(cluster).cells.values() for cell in line.values()]
        return "\n".join(
            str(text) for cell in cells for text in (*cell.get("userEnteredValue", {}).values(), cell.get("note")) if text is not None
        )


def _typed(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return {"userEnteredValue": {"stringValue": value} if isinstance(value, str) else {"numberValue": value}}


Office = Folders | Google


@pytest.fixture(params=["workbooks", "google"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The sample district in each home."""
    lay_out(tmp_path / "so-lieu")
    if request.param == "workbooks":
        yield Folders(tmp_path)
        return
    with StandIn(reads=None, writes=None, seed=7) as google:
        files = sorted((tmp_path / "so-lieu").glob("*.xlsx"))
        clusters = {path.stem: google.add(spreadsheet_of(path, f"id-{path.stem}")) for path in files}
        google.add(title="Tổng hợp", file_id="master")
        yield Google(tmp_path, google, clusters)
        assert google.broken == []


def main_job(office: Office, day: date, home: Spreadsheets | None = None) -> RunResult:
    """Run the main job."""
    out = office.folder / "out"
    edges = Edges(home or office.home(day), Outbox(out), Documents(out / "bao-cao"))
    return run(edges, SETTINGS, Renderer(default_templates_dir()), as_of=day)


def lines(office: Office) -> list[Line]:
    """Return the table of `Cần sửa` as it stands."""
    home = office.home(DEMO_AS_OF)
    home.read_memory()
    rows = home.read_decisions()
    head = next(number for number, row in enumerate(rows) if all(title in row for title in TABLE_TITLES))
    return [{title: row[at] for at, title in enumerate(rows[head]) if title and at < len(row)} for row in rows[head + 1 :]]


def line(office: Office, code: str, cluster: str = "") -> Line:
    """Return the one row of this code, of the cluster whose name holds these words."""
    (found,) = [one for one in lines(office) if one["Mã"] == code and cluster in one["Cụm"] and one["Mức độ"] != "Hết hiệu lực"]
    return found


def decide(office: Office, key: str, choice: str, reason: str = "") -> None:
    """Let a person decide beside the row with this key."""

    def change(rows: list[list[Any]]) -> None:
        head = next(row for row in rows if all(title in row for title in TABLE_TITLES))
        at = {title: head.index(title) for title in TABLE_TITLES}
        (row,) = [row for row in rows if row[at[KEY_COLUMN]] == key]
        row[at[COLUMN_OF_CHOICES]], row[at[COLUMN_OF_REASONS]] = choice or None, reason or None

    office.in_master(change)


def cluster(result: RunResult, name: str) -> ClusterData:
    """Return one cluster of a run."""
    return next(data for data in result.clusters if data.cluster == name)


def done(progress: Progress, target: int) -> int:
    """Return what was done for a target."""
    return next(one.done for one in progress.targets if one.target == target)


def test_a_double_count_is_settled_and_falls_when_the_row_is_edited(office: Office) -> None:
    """Figures, feedback and report follow the next run; nothing is written on an unchanged one; an edit brings the double count back."""
    first = main_job(office, DAYS[0])
    row = next(one for one in cluster(first, ONE).activities if one.name == NAME)
    before = done(first.progress, row.target)
    key = line(office, "possible-double-count", "Nội chính")[KEY_COLUMN]
    decide(office, key, "là một – bỏ dòng này", "hai khối cùng tổ chức, gọi 0903123456")

    second = main_job(office, DAYS[1])
    assert done(second.progress, row.target) == before - row.done_quantity
    assert not [found for data in second.clusters for found in data.findings if found.code == "possible-double-count"]
    data = cluster(second, ONE)
    assert data.rows == replace(
        cluster(first, ONE).rows, counted=cluster(first, ONE).rows.counted - 1, excluded=cluster(first, ONE).rows.excluded + 1
    )
    assert [(found.cell, found.code) for found in data.dropped] == [("C12", "dropped-by-decision")]
    told = office.told(ONE)
    assert "Không tính: là một với dòng khác, theo quyết định (ô C12)." in told
    assert "lý do: hai khối cùng tổ chức" in told
    assert "0903123456" not in told
    shown = line(office, "possible-double-count")
    assert (shown["Mức độ"], shown["Quyết định"], shown["Lý do"]) == (
        "Đã quyết định",
        "là một – bỏ dòng này",
        "hai khối cùng tổ chức, gọi 0903123456",
    )
    assert "Đã áp dụng từ ngày 06/12/2025" in shown["Tình trạng quyết định"]
    page = report(office, DAYS[1])
    assert "NHỮNG VIỆC ĐÃ QUYẾT ĐỊNH" in page
    assert "hai khối cùng tổ chức" in page
    assert "0903123456" not in page
    assert office.writes_in(lambda: main_job(office, DAYS[1])) == []

    office.edit(ONE, "C12", f" {NAME} ")
    assert done(main_job(office, DAYS[2]).progress, row.target) == before - row.done_quantity  # what it says is what it said
    office.edit(ONE, "C12", f"{NAME}.")
    third = main_job(office, DAYS[3])
    assert done(third.progress, row.target) == before
    assert len([found for data in third.clusters for found in data.findings if found.code == "possible-double-count"]) == 2
    top = lines(office)[0]
    assert (top["Mức độ"], top["Ô"], top["Đang ghi"], top["Quyết định"]) == ("Hết hiệu lực", "C12", NAME, "là một – bỏ dòng này")
    assert "Hết hiệu lực từ ngày 08/12/2025" in top["Tình trạng quyết định"]
    page = report(office, DAYS[3])
    assert "Có 01 quyết định trước đây đã hết hiệu lực" in page
    assert "hai khối cùng tổ chức" not in page
    assert office.writes_in(lambda: main_job(office, DAYS[3])) == []

    decide(office, key, "", "")
    main_job(office, DAYS[4])
    assert [one for one in lines(office) if one["Mức độ"] == "Hết hiệu lực"] == []


def report(office: Office, day: date) -> str:
    """Return the day's report."""
    return (office.folder / "out" / "bao-cao" / f"tien-do-{day}.html").read_text(encoding="utf-8")


def test_the_other_row_of_a_pair_is_part_of_what_was_decided(office: Office) -> None:
    """Its edit brings the dropped row back: what it was one with is no longer there."""
    first = main_job(office, DAYS[0])
    row = next(one for one in cluster(first, OTHER).activities if one.name == NAME)
    decide(office, line(office, "possible-double-count", "Nội chính")[KEY_COLUMN], "là một - bỏ dòng này")
    main_job(office, DAYS[1])
    office.edit(OTHER, f"E{row.row}", "Hội thi vẽ tranh")
    third = main_job(office, DAYS[2])
    assert done(third.progress, row.target) == done(first.progress, row.target)
    assert lines(office)[0]["Mức độ"] == "Hết hiệu lực"


def test_decisions_survive_sorting_deleted_rows_moved_cells_and_a_run_that_died(office: Office) -> None:
    """A person sorts the tab and deletes lines of it, a unit inserts rows, a run dies before it writes: not one word is lost."""
    main_job(office, DAYS[0])
    decided = {
        line(office, "implausible-quantity")[KEY_COLUMN]: ("đúng, bỏ qua", "đã hỏi lại"),
        line(office, "possible-double-count", "Nội chính")[KEY_COLUMN]: ("giữ cả hai", "hai buổi khác nhau"),
        line(office, "missing-evidence")[KEY_COLUMN]: ("giữ cả hai", "chọn nhầm"),
        line(office, "bad-money")[KEY_COLUMN]: ("", "chờ hỏi kế toán"),
    }
    for key, answer in decided.items():
        decide(office, key, *answer)

    class Dying(type(office.home(DAYS[1]))):  # type: ignore[misc]
        """A home in whose hands the program dies."""

        def write_master(self, workbook: object, *, hold: bool = False) -> str | None:
            """Die."""
            raise KeyboardInterrupt

    home = office.home(DAYS[1])
    home.__class__ = Dying
    with pytest.raises(KeyboardInterrupt):
        main_job(office, DAYS[1], home)
    second = main_job(office, DAYS[1])
    assert not {"implausible-quantity", "possible-double-count"} & {found.code for data in second.clusters for found in data.findings}

    def shuffle(rows: list[list[Any]]) -> None:
        head = next(number for number, row in enumerate(rows) if all(title in row for title in TABLE_TITLES)) + 1
        table = sorted((row for row in rows[head:] if row[11]), key=lambda row: str(row[11]))
        gone = next(row for row in table if row[8] == "giữ cả hai")
        table.remove(gone)
        rows[head:] = [*table, *([None] * 12 for _ in range(len(rows) - head - len(table)))]

    office.in_master(shuffle)
    office.insert_row(ONE, 5)
    main_job(office, DAYS[2])
    now = {one[KEY_COLUMN]: (one["Quyết định"], one["Lý do"]) for one in lines(office) if one["Quyết định"] or one["Lý do"]}
    assert now == decided
    assert [one["Ô"] for one in lines(office) if one["Mã"] == "possible-double-count"] == ["C13"]
    said = {one["Mã"]: one["Tình trạng quyết định"] for one in lines(office)}
    assert said["missing-evidence"] == "Không có tác dụng: «giữ cả hai» không hợp với mã missing-evidence; hãy chọn «đúng, bỏ qua»."
    assert said["bad-money"].startswith("Chưa quyết định")


def test_lateness_is_excused_in_the_master(office: Office) -> None:
    """A unit that registered late has a line of its own in `Cần sửa`; excused, it has handed in on time, in figures, tabs and report."""
    data, row = only_registration(office)
    cell = f"{column_letters(data.columns[Column.REGISTERED_QUANTITY])}{row.row}"
    office.edit(data.cluster, cell, None)
    main_job(office, date(2025, 2, 3))
    office.edit(data.cluster, cell, row.registered_quantity)
    late = main_job(office, date(2025, 2, 10))
    assert registration(late.progress, row.unit) is Compliance.LATE
    shown = line(office, "late-registration")
    assert (shown["Mức độ"], shown["Đang ghi"], shown["Ô"]) == ("Trễ hạn", "10/02/2025", "")
    decide(office, shown[KEY_COLUMN], "đúng, bỏ qua")
    misfit = main_job(office, date(2025, 2, 11))
    assert registration(misfit.progress, row.unit) is Compliance.LATE
    assert line(office, "late-registration")["Tình trạng quyết định"].endswith("hãy chọn «chấp nhận nộp muộn».")
    decide(office, shown[KEY_COLUMN], "chấp nhận nộp muộn", "mất điện")
    excused = main_job(office, date(2025, 2, 12))
    assert registration(excused.progress, row.unit) is Compliance.ON_TIME
    before, after = (rate(result.progress, data.cluster) for result in (late, excused))
    assert (after.on_time, after.late, after.expected) == (before.on_time + 1, before.late - 1, before.expected)
    assert "mất điện" in report(office, date(2025, 2, 12))
    assert office.writes_in(lambda: main_job(office, date(2025, 2, 12))) == []
    main_job(office, date(2027, 2, 12))
    assert [one["Mức độ"] for one in lines(office) if one["Lý do"] == "mất điện"] == ["Đã quyết định"]


def only_registration(office: Office) -> tuple[ClusterData, Activity]:
    """Return a row that is all that its unit has registered for the first round, and its cluster."""
    reader = Reader(SETTINGS.plan, SETTINGS.organization, SETTINGS.column_aliases)
    for one in (one for one in SETTINGS.organization.clusters if "dot-1" in one.owes.get(Kind.REGISTRATION, ())):
        reading = reader.read(office.home(DEMO_AS_OF).read(one.id), as_of=DEMO_AS_OF)
        (data,) = check([reading], plan=SETTINGS.plan, organization=SETTINGS.organization, as_of=DEMO_AS_OF)
        rows: dict[str, list[Activity]] = {}
        for row in data.activities:
            if row.counts_as_registered and row.unit and row.planned and date(2025, 1, 1) <= row.planned.end < date(2025, 9, 1):
                rows.setdefault(row.unit, []).append(row)
        found = [row for row, *others in rows.values() if not others]
        if found:
            return data, found[0]
    raise AssertionError("no unit has registered one row alone")


def registration(progress: Progress, unit: str | None) -> Compliance:
    """Return how a unit stands with the registration of the first round."""
    return next(one.registration for one in progress.compliance if (one.unit, one.round) == (unit, "dot-1"))


def rate(progress: Progress, name: str) -> ReportingRate:
    """Return how a cluster stands with it."""
    wanted = (name, "dot-1", Kind.REGISTRATION)
    return next(one for one in progress.reporting_rates if (one.cluster, one.round, one.kind) == wanted)


def test_a_header_that_was_sorted_with_its_rows_is_found(office: Office) -> None:
    """Sorted as a whole sheet, so that rows stand above the header: they are read all the same, and the tab is laid out anew."""
    main_job(office, DAYS[0])
    key = line(office, "possible-double-count", "Nội chính")[KEY_COLUMN]
    decide(office, key, "giữ cả hai")
    office.in_master(lambda rows: rows.reverse())
    main_job(office, DAYS[1])
    after = line(office, "possible-double-count", "Nội chính")
    assert (after[COLUMN_OF_CHOICES], after[KEY_COLUMN]) == ("giữ cả hai", key)


@pytest.mark.parametrize("title", [COLUMN_OF_CHOICES, COLUMN_OF_REASONS, KEY_COLUMN])
def test_a_header_that_was_typed_over_is_said_before_anything_is_written_over(office: Office, title: str) -> None:
    """What was decided cannot be read then, and would be gone."""
    main_job(office, DAYS[0])
    decide(office, line(office, "possible-double-count", "Nội chính")[KEY_COLUMN], "giữ cả hai")

    def rename(rows: list[list[Any]]) -> None:
        head = next(row for row in rows if all(one in row for one in TABLE_TITLES))
        head[head.index(title)] = "Decision"

    office.in_master(rename)
    with pytest.raises(SourceError, match=r"“Cần sửa” has no header with «Quyết định», «Lý do», «Dấu vết».*put the titles back"):
        main_job(office, DAYS[1])
