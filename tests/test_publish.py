"""What the master and the feedback show, as data and as real workbooks."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from sync.edges.workbook_writer import annotated_copy, master_bytes
from sync.edges.xlsx import read_xlsx
from sync.layout import Format, Shown, TabView, Workbook
from sync.model import Memory, Progress, Sheet
from sync.personal import mask
from sync.publish import feedback, master_workbook
from sync.rollup import roll_up
from tests.district import AS_OF, HEADER, good_row, judged, organization, plan, sheet


def original(*rows: list[object], header: tuple[str, ...] = HEADER) -> bytes:
    """Return a unit's workbook."""
    book = openpyxl.Workbook()
    tab = book.active
    tab.title = "Hoạt động"
    for row in (header, *rows):
        tab.append([None if cell == "" else cell for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data: bytes, cluster: str = "phuong") -> Sheet:
    """Return the workbook as the program reads it."""
    return read_xlsx(data, cluster=cluster, source="x.xlsx", max_uncompressed_bytes=10**8)


def figures(*sheets: Sheet) -> tuple[list, Progress]:  # type: ignore[type-arg]
    """Return the clusters and their year's figures."""
    data = judged(*sheets)
    return data, roll_up(data, plan=plan(), organization=organization(), memory=Memory(), year=2024, as_of=AS_OF)


def told(data: bytes, codes: dict[int, str] | None = None) -> openpyxl.Workbook:
    """Return the annotated copy of a unit's workbook."""
    clusters, progress = figures(read(data))
    said = feedback(clusters[0], progress=progress, plan=plan(), organization=organization(), codes=codes or {}, as_of=AS_OF)
    copy = annotated_copy(data, said, mask)
    assert copy == annotated_copy(data, said, mask)
    return openpyxl.load_workbook(io.BytesIO(copy))


def test_each_wrong_cell_has_a_note_and_each_row_a_verdict_and_code() -> None:
    """Note and colour at the cell, the verdict says what counts, the code is there, `Tiến độ` is there."""
    book = told(original(good_row(), good_row(name="Hội thi", planned="30/2/2024")), {2: "DBDC-0001", 3: "DBDC-0002"})
    tab = book["Hoạt động"]
    assert tab["F3"].comment is not None
    assert "30/2/2024" in tab["F3"].comment.text
    assert tab["F3"].fill.start_color.rgb == "FFF8CBAD"
    assert tab["F2"].comment is None
    assert (tab["B2"].value, tab["B3"].value) == ("DBDC-0001", "DBDC-0002")
    assert tab["P2"].value == "Đã tính đăng ký và kết quả."
    assert tab["P3"].value.startswith("Đã tính kết quả")
    assert "F3" in tab["P3"].value
    assert book.sheetnames == ["Hoạt động", "Tiến độ"]
    shown = {str(cell.value) for row in book["Tiến độ"].iter_rows() for cell in row if cell.value}
    assert "3. Hoạt động tại các Liên đội" in shown
    assert any("hạn 30/11/2024" in text or "Còn nợ" in text for text in shown)


def test_a_persons_note_is_kept_and_personal_data_is_masked_everywhere() -> None:
    """In cells, in notes, in other tabs."""
    book = openpyxl.load_workbook(io.BytesIO(original(good_row(planned="30/2/2024", note="gọi 0903 123 456"))))
    book["Hoạt động"]["F2"].comment = Comment("Hỏi lại chị Hai, 0903 123 456", "Thư ký")
    book.create_sheet("Danh bạ")["A1"] = "0903 123 456"
    buffer = io.BytesIO()
    book.save(buffer)
    copy = told(buffer.getvalue())
    assert "Hỏi lại chị Hai" in copy["Hoạt động"]["F2"].comment.text
    everything = " ".join(
        str(cell.value) + (cell.comment.text if cell.comment else "") for sheet in copy for row in sheet.iter_rows() for cell in row
    )
    assert "123 456" not in everything


def test_a_sheet_without_the_systems_columns_gets_them() -> None:
    """At the right of the table, in the header's row."""
    keep = [index for index, title in enumerate(HEADER) if title not in ("Mã HĐ", "Kết quả kiểm tra")]
    row = [good_row()[index] for index in keep]
    tab = told(original(row, header=tuple(HEADER[index] for index in keep)), {2: "DBDC-0001"})["Hoạt động"]
    assert [tab.cell(1, column).value for column in (15, 16)] == ["Mã HĐ", "Kết quả kiểm tra"]
    assert tab.cell(2, 15).value == "DBDC-0001"


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_the_master_is_complete_and_remembers() -> None:
    """Seven tabs for people, one hidden; text stays text; days and numbers are real; the same bytes each time."""
    clusters, progress = figures(sheet(good_row(name="=1+1"), good_row(name="B", unit="Lạ")))
    workbook = master_workbook(
        progress=[progress], year=2024, clusters=clusters, plan=plan(), organization=organization(), memory=Memory(), memory_rows=[["donghanh", "1"]], as_of=AS_OF
    )  # fmt: skip
    data = master_bytes(workbook)
    assert data == master_bytes(workbook)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Tổng hợp", "Theo cụm", "Theo đơn vị", "Tiến độ nộp", "Dữ liệu", "Cần sửa", "Nhật ký", "_bo_nho"]
    assert book["_bo_nho"].sheet_state == "veryHidden"
    cells = {cell.value: cell for row in book["Dữ liệu"].iter_rows() for cell in row if cell.value is not None}
    assert cells["=1+1"].data_type == "s"
    assert any(cell.is_date for cell in cells.values())
    links = [cell.hyperlink.location or cell.hyperlink.target for row in book["Cần sửa"].iter_rows() for cell in row if cell.hyperlink]
    assert links
    assert book["Tổng hợp"].freeze_panes
    for title in book.sheetnames[:-1]:
        assert int(str(book[title].freeze_panes).lstrip("ABCDEFGH")) <= 8, f"{title} freezes more than a screen can spare"
    assert len(book["Tổng hợp"]._charts) in (0, 1)
    summary = {str(cell.value) for row in book["Tổng hợp"].iter_rows() for cell in row}
    assert "chưa phân bổ: 4" in summary
    assert any("15/12/2024" in text for text in summary)


@pytest.mark.parametrize("value", ["x" * 40_000, "=HYPERLINK(1)", "@SUM", "+1", "http://" + "a" * 3000])
def test_no_text_breaks_the_workbook(tmp_path: Path, value: str) -> None:
    """Long text is cut where Excel must cut, formula signs stay text, addresses too long for a link are text."""
    view = TabView(
        "T", ((Shown(value, Format.LINK, value if value.startswith("http") else None), Shown(date(2024, 3, 15), Format.DAY), Shown(None)),)
    )
    tab = openpyxl.load_workbook(io.BytesIO(master_bytes(Workbook("t", (view,)))))["T"]
    assert tab["A1"].data_type == "s"
    assert str(tab["A1"].value)[:32_000] == value[:32_000]
    assert tab["A1"].hyperlink is None
