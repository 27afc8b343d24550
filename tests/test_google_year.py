"""The two homes side by side through a year, and a fault at every single request of a run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from google.oauth2.service_account import Credentials

from sync.edges.dry import DryDocuments
from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import SCOPES, Client
from sync.edges.interface import Spreadsheets
from sync.edges.workbooks import Workbooks
from sync.errors import PublishError, SourceError
from sync.model import ClusterStatus, MailState
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, RunResult, run
from sync.sample import lay_out
from sync.settings import load_settings
from sync.settings_values import GoogleSettings
from tests.google import Fault, StandIn
from tests.google.workbooks import spreadsheet_of

pytestmark = pytest.mark.usefixtures("units_untouched")
DAY = date(2025, 12, 5)


class Post:
    """Counts what goes out."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def send(self, message: EmailMessage) -> str:
        """Take it."""
        self.keys.append(str(message["X-Donghanh-Key"]))
        return "ok"


@dataclass
class Both:
    """The sample district in a folder and in the stand-in."""

    google: StandIn
    folder: Path
    clusters: dict[str, str]

    def from_google(self, patience: float = 60) -> GoogleSheets:
        """Return a fresh home in the stand-in, as each run has one; ``patience`` is how many seconds it waits for an answer."""
        credentials = Credentials.from_service_account_file(str(self.google.key_file(self.folder)), scopes=list(SCOPES))
        client = Client(
            credentials, endpoint=self.google.url, pace=Pace(10**5, 10**5, attempts=9, read_timeout=patience), sleep=lambda seconds: None
        )
        return GoogleSheets(client, GoogleSettings("master", self.clusters), self.folder / "da-doc", as_of=DAY, cache_key=bytes(32))

    def from_files(self) -> Workbooks:
        """Return the home in the folder."""
        return Workbooks(self.folder / "so-lieu", self.folder / "out", max_uncompressed_bytes=10**8, mask=mask)

    def write(self, cluster: str, row: int, column: int, value: str) -> None:
        """Type something into one cell of both."""
        path = self.folder / "so-lieu" / f"{cluster}.xlsx"
        book = openpyxl.load_workbook(path)
        book.worksheets[0].cell(row, column).value = value
        book.save(path)
        sheet = self.google.books[self.clusters[cluster]].tabs[0].id
        start = {"sheetId": sheet, "rowIndex": row - 1, "columnIndex": column - 1}
        cell = {"rows": [{"values": [{"userEnteredValue": {"stringValue": value}}]}], "start": start, "fields": "userEnteredValue"}
        self.google.edit(self.clusters[cluster], [{"updateCells": cell}])

    def close(self, cluster: str, *, closed: bool) -> None:
        """Take a table away from the program in both homes, or give it back."""
        path = self.folder / "so-lieu" / f"{cluster}.xlsx"
        path.rename(path.with_suffix(".bak")) if closed else path.with_suffix(".bak").rename(path)
        self.google.share(self.clusters[cluster], None if closed else "writer")


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    """Return the district in both homes; the stand-in saw no request that Google's documents do not allow."""
    lay_out(tmp_path / "so-lieu")
    with StandIn(reads=None, writes=None, seed=7) as google:
        clusters = {one.stem: google.add(spreadsheet_of(one, f"id-{one.stem}")) for one in sorted((tmp_path / "so-lieu").glob("*.xlsx"))}
        google.add(title="Tổng hợp", file_id="master")
        yield Both(google, tmp_path, clusters)
        assert google.broken == []


def ran(home: Spreadsheets, post: Post, day: date) -> RunResult:
    """Run the main job in a home."""
    return run(Edges(home, post, DryDocuments()), load_settings(default_config_dir()), Renderer(default_templates_dir(), ()), as_of=day)


def plain(result: RunResult) -> object:
    """Return what a run came to, without where its sheets lie and how each home words a trouble."""
    clusters = [replace(one, source="", fingerprint="", columns={}, error=None) for one in result.clusters]
    return clusters, result.progress, [(mail.key, mail.state) for mail in result.mails], result.notes, result.needs_a_person


def test_run_after_run_through_a_year_both_homes_say_the_same(both: Both):
    """Cells are changed, rows typed, a header broken and mended, a table closed and opened again: rows, findings, figures, mails are the same."""
    header = openpyxl.load_workbook(both.folder / "so-lieu" / "noi-chinh.xlsx").worksheets[0]
    at = next((cell.row, cell.column, cell.value) for line in header.iter_rows(max_row=30) for cell in line if cell.value == "Đơn vị")
    last = header.max_row + 1
    steps = {
        date(2025, 1, 2): lambda: None,
        date(2025, 1, 31): lambda: both.write("noi-chinh", last, at[1], "Đoàn Công an quận"),
        date(2025, 2, 1): lambda: both.write("noi-chinh", last, at[1], "Đoàn Công an phường nào đó"),
        date(2025, 3, 10): lambda: both.write("noi-chinh", at[0], at[1], "???"),
        date(2025, 5, 31): lambda: both.write("noi-chinh", at[0], at[1], str(at[2])),
        date(2025, 6, 1): lambda: both.close("y-te", closed=True),
        date(2025, 8, 31): lambda: both.close("y-te", closed=False),
        date(2025, 11, 28): lambda: both.write("truong-hoc", 8, 3, "không rõ"),
        date(2025, 12, 1): lambda: both.close("y-te", closed=True),
        date(2025, 12, 2): lambda: None,
        date(2025, 12, 5): lambda: both.close("y-te", closed=False),
        date(2026, 1, 11): lambda: None,
    }
    posts, seen = (Post(), Post()), set()
    for day, change in steps.items():
        change()
        google, files = ran(both.from_google(), posts[0], day), ran(both.from_files(), posts[1], day)
        assert plain(google) == plain(files)
        seen |= {one.status for one in google.clusters}
    assert posts[0].keys == posts[1].keys
    assert len(posts[0].keys) == len(set(posts[0].keys)) > 20
    assert seen == {ClusterStatus.OK, ClusterStatus.STALE}


FAULTS = (
    Fault(status=429, retry_after=1), Fault(status=500), Fault(status=503, carried_out=True), Fault(cut="before"), Fault(cut="after"),
    Fault(cut="half"), Fault(wrong_json=True), Fault(status=503, html=True),
)  # fmt: skip
LASTING = (Fault(status=429), Fault(status=503, html=True), Fault(cut="half"))


def test_a_fault_at_any_request_leaves_the_truth_in_the_master(both: Both):
    """Each request of a run meets one of the faults in turn: what the run comes to and what it mails is the same, and the next writes nothing."""
    untouched = {file: book.copy() for file, book in both.google.books.items()}
    start = both.google.last()
    clean, post = ran(both.from_google(), (once := Post()), DAY), once.keys
    requests = both.google.last() - start
    assert requests > 2 * len(both.clusters)
    for number in range(requests):
        for file, book in untouched.items():
            both.google.books[file] = book.copy()
            both.google.drive.touch(file)
        shutil.rmtree(both.folder / "da-doc", ignore_errors=True)
        fault = replace(FAULTS[number % len(FAULTS)], numbers=(both.google.last() + number + 1,))
        both.google.faults.script, both.google.faults.struck, taken = [fault], [], Post()
        result = ran(both.from_google(), taken, DAY)
        assert both.google.faults.struck, number
        assert plain(result) == plain(clean)
        assert taken.keys == post
        assert all(mail.state is MailState.SENT for mail in result.mails)
        both.google.faults.script = []
        if number % 3:
            continue
        before = both.google.last()
        again = ran(both.from_google(), taken, DAY)
        assert [one.kind for one in both.google.asked("write", since=before)] == []
        assert again.mails == ()


@pytest.mark.parametrize("fault", LASTING, ids=lambda one: str(one.status or one.cut or "wrong JSON"))
def test_a_fault_that_lasts_leaves_one_cluster_behind_and_says_so(both: Both, fault: Fault):
    """The others are read, counted and told; the one keeps its last rows, is named, and a person is needed; afterwards all is well again."""
    ran(both.from_google(), Post(), date(2025, 12, 4))
    clean = ran(both.from_files(), Post(), DAY)
    both.google.drive.touch(both.clusters["y-te"])
    both.google.faults.script = [replace(fault, path=both.clusters["y-te"])]
    result = ran(both.from_google(), Post(), DAY)
    assert {one.cluster: one.status for one in result.clusters if one.status is not ClusterStatus.OK} == {"y-te": ClusterStatus.STALE}
    assert result.needs_a_person
    assert result.progress.targets == clean.progress.targets
    shown = both.google.books["master"].titled("Tổng hợp")
    assert any("số liệu cũ" in str(cell.get("userEnteredValue", "")) for line in shown.cells.values() for cell in line.values())
    both.google.faults.script = []
    assert not any(one.status is ClusterStatus.STALE for one in ran(both.from_google(), Post(), DAY).clusters)


def test_what_lasts_at_the_master_stops_the_run_before_any_mail(both: Both):
    """Unreadable or unwritable: one sentence, no mail, the sheet as it was; once it is back everything that is due goes out."""
    post = Post()
    for method, error in (("spreadsheets.get", SourceError), ("batchUpdate", PublishError)):
        both.google.faults.script = [Fault(status=500, path="/master", method=method)]
        before = both.google.books["master"].copy()
        with pytest.raises(error):
            ran(both.from_google(), post, DAY)
        assert post.keys == []
        assert [tab.cells for tab in both.google.books["master"].tabs] == [tab.cells for tab in before.tabs]
    both.google.faults.script = []
    ran(both.from_google(), post, DAY)
    assert post.keys


def test_a_sheet_that_cannot_be_written_is_named_and_told_with_the_next_run(both: Both):
    """Its rows count all the same; its verdicts come when it can be written again."""
    file = both.clusters["y-te"]
    both.google.faults.script = [Fault(status=500, path=file, method="batchUpdate")]
    result = ran(both.from_google(), Post(), DAY)
    assert len(result.problems) == 1
    assert result.needs_a_person
    assert all(one.status is ClusterStatus.OK for one in result.clusters)
    assert both.google.books[file].titled("Tiến độ") is None
    both.google.faults.script = []
    assert ran(both.from_google(), Post(), DAY).problems == ()
    assert both.google.books[file].titled("Tiến độ") is not None


@pytest.mark.parametrize("method", ["drive.files.list", "spreadsheets.get", "batchUpdate"])
def test_an_answer_that_does_not_come_in_time_changes_nothing(both: Both, method: str):
    """The request is tried again, or looked after where it may have been carried out."""
    clean = ran(both.from_files(), Post(), DAY)
    both.google.faults.script = [Fault(delay=7, method=method, times=1)]
    post = Post()
    result = ran(both.from_google(patience=5), post, DAY)
    assert both.google.faults.struck
    assert plain(result) == plain(clean)
    assert len(post.keys) == len(set(post.keys)) == len(clean.mails)
