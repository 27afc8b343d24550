"""`donghanh provision` in Google, over real HTTP: an empty file of the office's is fitted out, filled in, counted, and repaired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.oauth2.service_account import Credentials

from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import SHARING, Client
from sync.edges.google.form import GoogleFitter, advice
from sync.edges.outbox import Documents, Outbox
from sync.model import ClusterStatus, Column
from sync.provisioning import Outcome, provision
from sync.render import Renderer
from sync.resources import default_templates_dir
from sync.run import Edges, run
from sync.settings_values import GoogleSettings
from tests.google import StandIn
from tests.google.caller import Caller
from tests.google.cells import serial
from tests.test_provision import DAY, FILLED, SETTINGS

PLACES = GoogleSettings("master", {one.id: f"id-{one.id}" for one in SETTINGS.organization.clusters})


@pytest.fixture
def google() -> Iterator[StandIn]:
    """Google with an empty file for each cluster, made by the office and shared with the account."""
    with StandIn(reads=None, writes=None) as found:
        for cluster in SETTINGS.organization.clusters:
            found.add(title=cluster.name, file_id=PLACES.clusters[cluster.id])
        found.add(title="Tổng hợp", file_id="master")
        yield found
        assert found.broken == []


def client_of(google: StandIn, folder: Path) -> Client:
    """Return a client of the account."""
    credentials = Credentials.from_service_account_file(str(google.key_file(folder)), scopes=list(SHARING))
    return Client(credentials, endpoint=google.url, pace=Pace(10**5, 10**5, attempts=2), sleep=lambda seconds: None)


def provisioned(google: StandIn, folder: Path, *only: str, share: bool = False, dry: bool = False) -> dict[str, Outcome]:
    """Run it; return the outcomes by cluster."""
    change: Any = (lambda place, changes: None) if dry else None
    fitter = GoogleFitter(client_of(google, folder), PLACES, change=change)
    return {one.cluster: one for one in provision(SETTINGS, fitter, as_of=DAY, only=only, share=share, say=lambda line: None)}


def fill(google: StandIn, cluster: str = "y-te", row: int = 2) -> None:
    """Type one activity in, as a person does: only the cells of the row."""
    values = [FILLED.get(column) for column in Column]
    with Caller(google) as person:
        for at, value in enumerate(values):
            if value is not None:
                typed = serial(value) if hasattr(value, "year") else value
                place = f"'Hoạt động'!{chr(ord('A') + at)}{row}"
                person.write(PLACES.clusters[cluster], place, [[typed]], "RAW")


def test_an_empty_file_is_fitted_out_filled_in_and_counted(google, tmp_path):
    """One write a file; the run counts the row, finds nothing, tells the cluster; the run after changes nothing."""
    made = provisioned(google, tmp_path)
    assert all(one.made and not one.error for one in made.values())
    assert [tab.title for tab in google.books["id-y-te"].tabs] == ["Hướng dẫn", "Hoạt động"]
    assert len(google.asked("write")) == 8
    fill(google)
    edges = Edges(GoogleSheets(client_of(google, tmp_path), PLACES, tmp_path, as_of=DAY), Outbox(tmp_path), Documents(tmp_path))
    result = run(edges, SETTINGS, Renderer(default_templates_dir()), as_of=DAY)
    assert {one.status for one in result.clusters} == {ClusterStatus.OK}
    assert [found for one in result.clusters for found in one.findings] == []
    (activity,) = [one for data in result.clusters for one in data.activities]
    assert activity.counts_as_registered
    assert activity.counts_as_done
    with Caller(google) as person:
        assert person.read("id-y-te", "'Hoạt động'!P2")[0][0] == "Đã tính đăng ký và kết quả."
        assert person.read("id-y-te", "'Hoạt động'!F2")[0][0] == "15/03/2026"
        assert person.read("id-y-te", "'Hoạt động'!K2")[0][0] == "1.200"
    before = google.last()
    again = provisioned(google, tmp_path)
    assert [one.method for one in google.asked("write", since=before)] == []
    assert not any(one.made or one.repaired or one.error for one in again.values())


def test_what_is_the_system_s_is_repaired_and_people_s_cells_stay(google, tmp_path):
    """A dropdown, a protection, a colour and the guide are put back; the row stays; a second time there is nothing to do."""
    provisioned(google, tmp_path, "y-te")
    fill(google)
    tab = next(tab for tab in google.books["id-y-te"].tabs if tab.title == "Hoạt động")
    with Caller(google) as person:
        column = {"sheetId": tab.id, "startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 2, "endColumnIndex": 3}
        person.batch(
            "id-y-te",
            {"setDataValidation": {"range": column}},
            {"deleteProtectedRange": {"protectedRangeId": tab.protected[0]["protectedRangeId"]}},
            {"deleteConditionalFormatRule": {"sheetId": tab.id, "index": 0}},
        )
        person.write("id-y-te", "'Hướng dẫn'!A1", [["xóa rồi"]])
    before = _people(google)
    outcome = provisioned(google, tmp_path, "y-te")["y-te"]
    assert set(outcome.repaired) == {
        "bảo vệ của cột «Mã HĐ»", "quy tắc nhập của cột «Đơn vị»", "màu của cột «Kết quả kiểm tra»", "trang «Hướng dẫn»",
    }  # fmt: skip
    assert _people(google) == before
    since = google.last()
    assert provisioned(google, tmp_path, "y-te")["y-te"].repaired == ()
    assert google.asked("write", since=since) == []


def _people(google: StandIn) -> dict[tuple[int, int], Any]:
    tab = next(tab for tab in google.books["id-y-te"].tabs if tab.title == "Hoạt động")
    return {
        (row, column): (cell.get("userEnteredValue"), cell.get("userEnteredFormat"), cell.get("note"))
        for row, line in tab.cells.items()
        for column, cell in line.items()
        if "userEnteredValue" in cell
    }


def test_rules_warn_and_protection_warns(google, tmp_path):
    """People who know better may go on; the account itself can always write its columns."""
    provisioned(google, tmp_path, "y-te")
    tab = next(tab for tab in google.books["id-y-te"].tabs if tab.title == "Hoạt động")
    rules = [cell["dataValidation"] for cell in tab.cells[1].values() if "dataValidation" in cell]
    assert len(rules) == 9
    assert not any(rule.get("strict") for rule in rules)
    assert [one["warningOnly"] for one in tab.protected] == [True, True]
    assert tab.properties["gridProperties"]["frozenRowCount"] == 1


def test_a_file_that_is_not_shared_is_told_with_the_way_that_works(google, tmp_path):
    """The others are fitted out; a table that people made is left alone; nothing is written by a dry run."""
    google.share("id-y-te", None)
    with Caller(google) as person:
        person.write("id-noi-chinh", "A1", [["Đơn vị", "Chỉ tiêu", "Tên hoạt động", "Thời gian dự kiến", "Số lượng đăng ký"]])
    dry = provisioned(google, tmp_path, dry=True)
    assert [one for one in google.asked("write") if one.verb == "POST"] == []
    assert dry["truong-hoc"].made
    found = provisioned(google, tmp_path)
    assert google.account.email in found["y-te"].error
    assert found["noi-chinh"].notes == ("bảng do khu vực, khối tự lập nên được giữ nguyên",)
    assert found["truong-hoc"].made
    assert "không cho tài khoản dịch vụ tạo hay sở hữu tệp" in advice(google.account.email)


def test_a_spreadsheet_with_other_tabs_gets_the_table_beside_them(google, tmp_path):
    """No tab of people's is renamed or filled, not even an empty one; a tab `Hoạt động` with other words in it is told."""
    with Caller(google) as person:
        person.batch("id-y-te", {"addSheet": {"properties": {"title": "Để dành"}}})
        person.write("id-y-te", "'Trang tính1'!A1", [["của tôi"]])
        person.batch("id-noi-chinh", {"addSheet": {"properties": {"title": "Hoạt động"}}})
        person.write("id-noi-chinh", "'Hoạt động'!A1", [["Ghi gì ở đây?"]])
    found = provisioned(google, tmp_path, "y-te", "noi-chinh")
    assert found["y-te"].made
    assert {tab.title for tab in google.books["id-y-te"].tabs} == {"Hướng dẫn", "Hoạt động", "Trang tính1", "Để dành"}
    assert "dòng tiêu đề" in found["noi-chinh"].error
    assert {tab.title for tab in google.books["id-noi-chinh"].tabs} == {"Trang tính1", "Hoạt động"}


def test_sharing_with_the_head_of_the_year_once(google, tmp_path):
    """The head of 2026 becomes an editor; the second time nothing is asked of Drive but who may edit."""
    first = provisioned(google, tmp_path, "y-te", share=True)
    assert first["y-te"].shared_with == "y-te.2026@example.org"
    assert google.drive.files["id-y-te"].role_of("y-te.2026@example.org") == "writer"
    assert provisioned(google, tmp_path, "y-te", share=True)["y-te"].shared_with == ""
