"""`donghanh provision` in a folder of workbooks: made, filled in, counted; repaired where it is the system's; people's cells never."""

from __future__ import annotations

import io
import zipfile
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sync.edges.workbook_form import WorkbookFitter
from sync.edges.workbooks import Workbooks
from sync.layout import Format
from sync.model import ClusterStatus, Column, Kind, Memory, Sheet, Tab
from sync.personal import mask
from sync.provision import TablePlace, sheet_form
from sync.provision.compare import changed_by_people
from sync.provisioning import Outcome, provision
from sync.resources import default_config_dir
from sync.run import read_district
from sync.sample import lay_out
from sync.settings import load_settings
from tests.test_doctor import donghanh

DAY = date(2026, 4, 1)
SETTINGS = load_settings(default_config_dir())
FILLED: dict[Column, Any] = {
    Column.UNIT: "Đoàn Bệnh viện quận",
    Column.TARGET: "6. Chăm sóc, tư vấn sức khỏe",
    Column.NAME: "Khám mắt học đường",
    Column.PLANNED: datetime(2026, 3, 15),
    Column.REGISTERED_QUANTITY: 2,
    Column.DONE: datetime(2026, 3, 16),
    Column.DONE_QUANTITY: 2,
    Column.CHILDREN: 1200,
    Column.EVIDENCE: "https://example.org/1",
    Column.STATUS: "Đã thực hiện",
}


def home(folder: Path) -> Workbooks:
    """Return the folder as a home."""
    return Workbooks(folder / "so-lieu", folder / "out", max_uncompressed_bytes=10**8, mask=mask)


def provisioned(folder: Path, *only: str, **options: Any) -> dict[str, Outcome]:
    """Run it; return the outcomes by cluster."""
    fitter = WorkbookFitter(home(folder), folder / "so-lieu", limit=10**8, **options)
    return {one.cluster: one for one in provision(SETTINGS, fitter, as_of=DAY, only=only, say=lambda line: None)}


def edited(folder: Path, change: Any, cluster: str = "y-te") -> Path:
    """Let a person change a workbook, as Excel would save it; return its path."""
    path = folder / "so-lieu" / f"{cluster}.xlsx"
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def fill(book: Any, row: int = 2) -> None:
    """Type one activity in."""
    for at, column in enumerate(Column, 1):
        if column in FILLED:
            cell = book["Hoạt động"].cell(row, at, FILLED[column])
            cell._style = copy(book["Hoạt động"].column_dimensions[cell.column_letter]._style)  # as Excel does


def test_a_row_typed_into_a_new_workbook_is_counted_without_a_finding(tmp_path):
    """Made → filled in → read: all eight are read, one row counts, nothing is found, in registration and result."""
    made = provisioned(tmp_path)
    assert len(made) == 8
    assert all(one.made and not one.error for one in made.values())
    edited(tmp_path, fill)
    read = read_district(home(tmp_path), SETTINGS, as_of=DAY, memory=Memory())
    assert {one.status for one in read} == {ClusterStatus.OK}
    assert [found for one in read for found in one.findings] == []
    (activity,) = [one for data in read for one in data.activities]
    assert activity.counts_as_registered
    assert activity.counts_as_done


def test_a_second_run_writes_nothing_and_the_same_form_is_the_same_bytes(tmp_path):
    """Nothing to do is nothing done; two machines make the same files."""
    provisioned(tmp_path)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "so-lieu").iterdir()}
    again = provisioned(tmp_path)
    assert not any(one.made or one.repaired or one.by_people or one.notes for one in again.values())
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "so-lieu").iterdir()} == before
    provisioned(tmp_path / "other")
    assert {path.name: path.read_bytes() for path in (tmp_path / "other" / "so-lieu").iterdir()} == {
        name: data for name, (data, _) in before.items()
    }


def test_what_is_the_system_s_is_repaired_and_people_s_cells_stay(tmp_path):
    """The guide, the lists, the rules and the colours come back; the row, the extra column and the extra tab stay, and are told."""
    provisioned(tmp_path, "y-te")

    def change(book: Any) -> None:
        fill(book)
        sheet = book["Hoạt động"]
        sheet["Q1"], sheet["Q2"] = "Người liên hệ", "chị Hoa"
        sheet["E1"] = "Nội dung hoạt động"
        sheet.data_validations.dataValidation = sheet.data_validations.dataValidation[3:]
        book["Hướng dẫn"]["A1"] = "xóa rồi"
        book.create_sheet("Nháp")["A1"] = "của tôi"

    path = edited(tmp_path, change)
    before = _cells(path)
    outcome = provisioned(tmp_path, "y-te")["y-te"]
    assert "trang «Hướng dẫn»" in outcome.repaired
    assert "quy tắc nhập của cột «Đơn vị»" in outcome.repaired
    assert outcome.by_people == (
        "cột «Tên hoạt động» nay tên là «Nội dung hoạt động»", "có thêm cột «Người liên hệ»", "có thêm trang «Nháp»",
    )  # fmt: skip
    after = _cells(path)
    assert {place: value for place, value in after.items() if place[0] != "Hướng dẫn"} == {
        place: value for place, value in before.items() if place[0] != "Hướng dẫn"
    }
    assert str(after["Hướng dẫn", "A1"]).startswith("Hướng dẫn ghi bảng")
    assert provisioned(tmp_path, "y-te")["y-te"].repaired == ()


def _cells(path: Path) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    }


def test_a_file_that_people_made_is_left_byte_for_byte(tmp_path):
    """Also one with a formula in a provisioned file, whose result a rewriting would lose."""
    lay_out(tmp_path / "so-lieu")
    before = {path.name: path.read_bytes() for path in (tmp_path / "so-lieu").iterdir()}
    outcomes = provisioned(tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "so-lieu").iterdir()} == before
    assert all(one.error or one.notes == ("bảng do khu vực, khối tự lập nên được giữ nguyên",) for one in outcomes.values())
    provisioned(tmp_path / "own", "y-te")

    def change(book: Any) -> None:
        fill(book)
        book["Hoạt động"]["K2"] = "=100+20"
        book["Hướng dẫn"]["A1"] = "xóa rồi"

    path = edited(tmp_path / "own", change)
    with_result = _with_result(path.read_bytes(), "120")
    path.write_bytes(with_result)
    outcome = provisioned(tmp_path / "own", "y-te")["y-te"]
    assert "được giữ nguyên" in outcome.notes[0]
    assert path.read_bytes() == with_result


def _with_result(data: bytes, result: str) -> bytes:
    """Return the workbook with the result beside its one formula, as Excel saves it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b"<f>100+20</f><v/>", f"<f>100+20</f><v>{result}</v>".encode())
            part = part.replace(b"<f>100+20</f><v></v>", f"<f>100+20</f><v>{result}</v>".encode())
            new.writestr(name, part)
    assert f"<v>{result}</v>".encode() in b"".join(zipfile.ZipFile(buffer).read(one) for one in zipfile.ZipFile(buffer).namelist())
    return buffer.getvalue()


def test_an_empty_file_is_fitted_out_and_one_with_something_else_is_not(tmp_path):
    """An office that made an empty file gets the table in it; a list of guests stays what it is."""
    for name, text in (("y-te", None), ("noi-chinh", "Danh sách khách mời")):
        book = openpyxl.Workbook()
        book.worksheets[0]["A1"] = text
        (tmp_path / "so-lieu").mkdir(exist_ok=True)
        book.save(tmp_path / "so-lieu" / f"{name}.xlsx")
    before = (tmp_path / "so-lieu" / "noi-chinh.xlsx").read_bytes()
    found = provisioned(tmp_path, "y-te", "noi-chinh")
    assert found["y-te"].made
    assert openpyxl.load_workbook(tmp_path / "so-lieu" / "y-te.xlsx").sheetnames == ["Hướng dẫn", "Hoạt động"]
    assert "nội dung khác" in found["noi-chinh"].notes[0]
    assert (tmp_path / "so-lieu" / "noi-chinh.xlsx").read_bytes() == before


def test_a_dry_run_and_one_cluster_alone(tmp_path):
    """`--dry-run` names what would be made and makes nothing; `--cluster` makes one; an unknown one is wrong use."""
    done = donghanh("provision", "--dry-run", "--as-of", DAY, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("đã kẻ bảng mới") == 8
    assert list(tmp_path.iterdir()) == []
    done = donghanh("provision", "--cluster", "y-te", "--as-of", DAY, "--format", "json", cwd=tmp_path)
    assert '"made": true' in done.stdout
    assert [path.name for path in (tmp_path / "so-lieu").iterdir()] == ["y-te.xlsx"]
    assert donghanh("provision", "--cluster", "y", cwd=tmp_path).returncode == 2
    assert donghanh("provision", "--share", cwd=tmp_path).returncode == 2


def test_every_rule_warns_and_none_blocks(tmp_path):
    """No sheet is locked; each rule lets people go on; lists have names that Excel keeps."""
    provisioned(tmp_path, "y-te")
    book = openpyxl.load_workbook(tmp_path / "so-lieu" / "y-te.xlsx")
    sheet = book["Hoạt động"]
    rules = sheet.data_validations.dataValidation
    assert {rule.errorStyle for rule in rules} == {"warning"}
    assert len(rules) == 11
    assert not sheet.protection.sheet
    assert sheet.freeze_panes == "A2"
    named = book.defined_names["ds_don_vi"].attr_text
    first, last = named.rpartition("!")[2].replace("$", "").split(":")
    units = [row[0].value for row in book["Hướng dẫn"][first:last]]
    assert units == [unit.name for unit in SETTINGS.organization.cluster("y-te").units]
    assert sheet.column_dimensions["F"].number_format == "dd/mm/yyyy"
    assert sheet.column_dimensions["L"].number_format == "#,##0"


@pytest.mark.parametrize("cluster", SETTINGS.organization.clusters, ids=lambda one: one.id)
def test_the_form_says_what_the_configuration_says(cluster):
    """Every column of the plan's order; the guide names each target, each unit and the cluster's due days, and its example is its own."""
    form = sheet_form(SETTINGS, cluster, as_of=DAY)
    assert [one.column for one in form.columns] == list(Column)
    texts = [str(shown.value) for row in form.guide.rows for shown in row]
    assert all(f"{target.id}. {target.name}" in texts for target in SETTINGS.plan.targets)
    assert all(unit.name in texts for unit in cluster.units)
    owed = {day for one in SETTINGS.plan.reporting_rounds() for kind, day in _due(one) if one.id in cluster.owes[kind]}
    assert {text for text in texts if text in ("30/01", "30/05", "30/08", "30/11")} == owed
    carried = [f"{target.id}. {target.name}" for target in SETTINGS.plan.targets if cluster.id in target.allocations]
    shown_as_own = [str(row[0].value) for row in form.guide.rows if len(row) == 3 and row[2].format is Format.GOOD]
    assert shown_as_own == carried
    assert texts[texts.index("Chỉ tiêu", texts.index("Cột")) + 2] == carried[0]


def _due(one: Any) -> list[tuple[Kind, str]]:
    """Return the due days of a round as the guide writes them."""
    days = ((Kind.REGISTRATION, one.registration_due), (Kind.RESULTS, one.results_due))
    return [(kind, f"{day.day:02d}/{day.month:02d}") for kind, day in days]


def test_units_of_the_year_alone_are_offered():
    """A unit that ended last year is in no list; one that begins this year is."""
    cluster = SETTINGS.organization.cluster("y-te")
    first, second, third = cluster.units
    changed = replace(cluster, units=(replace(first, valid_to=date(2025, 6, 30)), second, replace(third, valid_from=date(2026, 7, 1))))
    form = sheet_form(SETTINGS, changed, as_of=DAY)
    (unit,) = [one for one in form.columns if one.column is Column.UNIT]
    assert unit.entry is not None
    assert unit.entry.choices == (second.name, third.name)


def test_what_people_changed_is_told():
    """Renamed tab, moved header, missing column, other order."""
    form = sheet_form(SETTINGS, SETTINGS.organization.cluster("y-te"), as_of=DAY)
    sheet = Sheet("y-te", "y-te.xlsx", (Tab("Bảng 1", [["BẢNG THEO DÕI"], ["Chỉ tiêu", "Đơn vị"]], ()),), "")
    told = changed_by_people(form, sheet, TablePlace("Bảng 1", 2, {Column.TARGET: 1, Column.UNIT: 2}))
    assert told[:2] == ["trang «Hoạt động» nay tên là «Bảng 1»", "dòng tiêu đề nay ở dòng 2"]
    assert told[2].startswith("không còn cột «STT», «Mã HĐ»")
    assert told[3] == "thứ tự các cột đã đổi"
