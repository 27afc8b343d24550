"""What the master and the feedback show, as data and as real workbooks."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from sync.catalogue import CATALOGUE
from sync.edges.workbook_writer import annotated_copy, master_bytes
from sync.edges.xlsx import read_xlsx
from sync.layout import Format, Shown, TabView, Workbook
from sync.model import ClusterData, ClusterStatus, Memory, Progress, RowCount, RunRecord, Sheet
from sync.personal import mask
from sync.publish import feedback, master_workbook
from sync.publish.verdicts import REASONS
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


def master(clusters: list[ClusterData], *, memory: Memory = Memory(), memory_rows: list[list[str]] | None = None, as_of: date = AS_OF) -> Workbook:  # fmt: skip # noqa: B008
    """Return the master of these clusters for 2024."""
    progress = roll_up(clusters, plan=plan(), organization=organization(), memory=memory, year=2024, as_of=as_of)
    return master_workbook(
        progress=[replace(progress, year=2023), progress], year=2024, clusters=clusters, plan=plan(), organization=organization(), memory=memory,
        memory_rows=memory_rows or [], as_of=as_of,
    )  # fmt: skip


def view(workbook: Workbook, title: str) -> TabView:
    """Return one tab."""
    return next(tab for tab in workbook.tabs if tab.title == title)


def lines(tab: TabView) -> list[list[object]]:
    """Return the values of a tab."""
    return [[shown.value for shown in row] for row in tab.rows]


def row_of(tab: TabView, *start: object) -> list[object]:
    """Return the row that begins with these values."""
    return next(row for row in lines(tab) if row[: len(start)] == list(start))


def said(*rows: list[object], as_of: date = AS_OF) -> list[str]:
    """Return the verdicts of these rows."""
    data = judged(sheet(*rows), as_of=as_of)[0]
    progress = roll_up([data], plan=plan(), organization=organization(), memory=Memory(), year=2024, as_of=as_of)
    told = feedback(data, progress=progress, plan=plan(), organization=organization(), codes={}, as_of=as_of)
    return [one.text for one in told.verdicts]


def test_a_verdict_says_what_was_counted_and_why_the_rest_was_not() -> None:
    """Both halves, one, none; the reason in a few words with its cell; warnings apart."""
    assert said(
        good_row(),
        good_row(name="A", done="", done_quantity="", status="", evidence=""),
        good_row(name="B", done="31/4/2024"),
        good_row(name="C", planned="", registered_quantity=""),
        good_row(name="D", planned="31/4/2024"),
        good_row(name="E", unit="Lạ", target="99"),
        good_row(name="F", planned="x", done_quantity="x"),
        good_row(name="G", status="Hủy", done="", done_quantity="", evidence=""),
        good_row(name="H", status="Hoãn", done="", done_quantity="", evidence=""),
        good_row(name="I", evidence="", children="khoảng 50"),
    ) == [
        "Đã tính đăng ký và kết quả.",
        "Đã tính đăng ký. Chưa có kết quả.",
        "Đã tính đăng ký. Chưa tính kết quả: ngày không đọc được (ô I4).",
        "Đã tính kết quả (không có phần đăng ký).",
        "Đã tính kết quả. Chưa tính đăng ký: ngày không đọc được (ô F6).",
        "Chưa tính: không rõ đơn vị (ô C7), không rõ chỉ tiêu (ô D7).",
        "Chưa tính đăng ký: ngày không đọc được (ô F8). Chưa tính kết quả: số không đọc được (ô J8).",
        "Không tính: hoạt động đã hủy.",
        "Đã tính đăng ký. Hoạt động đang hoãn.",
        "Đã tính đăng ký và kết quả. Nên xem lại: số ước chừng (ô K11), chưa có minh chứng (ô M11).",
    ]


def test_every_code_has_its_few_words() -> None:
    """No verdict falls back on words that say nothing."""
    assert set(REASONS) == set(CATALOGUE)


def test_the_summary_shows_figures_of_its_year_and_never_a_total_of_targets() -> None:
    """Goal, registered, the rounds, done, rate, missing, state; the tab has one row a target and no sum."""
    tab = view(
        master(judged(sheet(good_row(), good_row(name="B", done_quantity=22.0, registered_quantity=2.0, done="20/9/2024")))), "Tổng hợp"
    )
    assert row_of(tab, 3)[2:13] == ["hoạt động", 40, 3, 1, 0, 22, 23, 0.575, 0.575, 17, 23]
    assert [row[0] for row in lines(tab) if row and isinstance(row[0], int)][:4] == [1, 2, 3, 5]
    assert not any("cộng" in str(row[:2]).lower().split() or "tổng" in str(row[:2]).lower().split() for row in lines(tab)[4:8])
    chart = tab.charts[0]
    assert [tab.rows[row][1].value for row in range(chart.first_row, chart.last_row + 1)] == [target.name for target in plan().targets]
    assert [tab.rows[chart.first_row - 1][column].value for _, column in chart.series] == ["Chỉ tiêu năm", "Đăng ký cả năm", "Đã thực hiện"]


def test_clusters_that_were_not_read_are_named_with_their_day_beside_the_figures_they_touch() -> None:
    """A stale cluster with the day of its rows, a failed one without; in the head of each tab, at the target, in the table of clusters."""
    fresh = judged(sheet(good_row()), sheet(cluster="khoi"))
    stale = replace(fresh[0], status=ClusterStatus.STALE, data_as_of=date(2024, 12, 1), error="Không mở được tệp.")
    failed = replace(fresh[1], status=ClusterStatus.FAILED, data_as_of=None, error="Không có tệp.")
    workbook = master([stale, failed])
    warning = "Chưa đủ số liệu: Khu vực phường (số liệu cũ, đọc ngày 01/12/2024); Khối sự nghiệp (chưa có số liệu)."
    for title in ("Tổng hợp", "Theo cụm", "Theo đơn vị", "Tiến độ nộp", "Dữ liệu", "Cần sửa"):
        assert lines(view(workbook, title))[2] == [warning]
    tab = view(workbook, "Tổng hợp")
    assert row_of(tab, 3)[-1] == "Khu vực phường: số liệu cũ, ngày 01/12/2024"
    assert row_of(tab, 5)[-1] == "Khối sự nghiệp: chưa có số liệu"
    assert row_of(tab, 1, "Khu vực phường")[2:4] + row_of(tab, 1, "Khu vực phường")[-1:] == [
        "Dùng số liệu cũ",
        date(2024, 12, 1),
        "Không mở được tệp.",
    ]
    assert row_of(tab, 2, "Khối sự nghiệp")[2:4] == ["Không đọc được", "chưa có"]
    assert lines(view(master(fresh), "Tổng hợp"))[1] == ["Số liệu tính đến ngày 15/12/2024, đủ 2/2 cụm."]


def test_who_handed_in_and_the_rates_below_outside_the_filter() -> None:
    """A line a unit with its state; five lines a cluster with counts and rate, under the same columns."""
    tab = view(master(judged(sheet(good_row(), good_row(name="B", unit="Đoàn phường Tân Tạo")))), "Tiến độ nộp")
    assert lines(tab)[3][2:] == ["Đăng ký Đợt 1\n(hạn 30/01/2024)", "Báo cáo kết quả Đợt 1\n(hạn 30/05/2024)", "Đăng ký Đợt 2\n(hạn 30/08/2024)", "Báo cáo kết quả Đợt 2\n(hạn 30/11/2024)"]  # fmt: skip
    assert row_of(tab, "Khu vực phường", "Đoàn phường An Lạc")[2:] == ["Không yêu cầu", "Đúng hạn", "Chưa nộp", "Chưa nộp"]
    assert row_of(tab, "Khu vực phường", "Số đơn vị phải nộp")[2:] == [None, 8, 8, 8]
    assert row_of(tab, "Khu vực phường", "Tỷ lệ đã nộp")[2:] == [None, 0.25, 0, 0]
    last = tab.rows[tab.filter_last or 0]
    assert [shown.value for shown in last[:2]] == ["Trung tâm", "Trung tâm thiếu nhi"]


def test_each_activity_is_there_with_its_place_and_typed_values() -> None:
    """Excluded rows too; days are days, money and counts numbers, one link can be followed, several are text."""
    data = judged(
        sheet(good_row(planned="12-15/3/2024"), good_row(name="B", unit="Lạ", evidence="https://example.org/1 https://example.org/2"))
    )
    tab = view(master(data), "Dữ liệu")
    first, second = tab.rows[-2:]
    assert [shown.value for shown in first[1:4]] == ["Khu vực phường", "Hoạt động", 2]
    assert [shown.value for shown in first[4:10]] == [
        "Đoàn phường An Lạc",
        3,
        "Liên đội",
        "Ngày hội thiếu nhi khỏe",
        date(2024, 3, 12),
        date(2024, 3, 15),
    ]
    assert [shown.value for shown in first[14:17]] == [1, 120, 2_000_000]
    assert (first[17].link, second[17].link, second[17].value) == (
        "https://example.org/1",
        None,
        "https://example.org/1\nhttps://example.org/2",
    )
    assert [shown.value for shown in (*first[20:22], *second[20:22])] == ["có", "có", "không", "không"]


def test_each_finding_leads_to_its_cell() -> None:
    """Severity, code, sentence, value and suggestion, and the address of the cell, quotes in the tab's name doubled."""
    tab = view(master(judged(sheet(good_row(done="04/25/2024"), title="Đợt '24"))), "Cần sửa")
    row = next(row for row in tab.rows if len(row) > 4 and row[4].value == "bad-date")
    assert row[2].link == "cluster:phuong#'Đợt ''24'!I2"
    assert [shown.value for shown in (row[3], *row[6:8])] == ["Lỗi", "04/25/2024", "25/04/2024"]
    assert lines(view(master(judged(sheet())), "Cần sửa"))[-1] == ["Chưa có dòng nào."]


def test_runs_are_listed_the_newest_first() -> None:
    """From the memory, one line a run."""
    runs = tuple(RunRecord(date(2024, month, 1), ("phuong",), RowCount(5, 3, 1, 1), 1, 2, "abc", "0.1.0") for month in (1, 2))
    assert [row[0] for row in lines(view(master([], memory=Memory(runs=runs)), "Nhật ký"))[-2:]] == [date(2024, 2, 1), date(2024, 1, 1)]


def test_the_memory_is_word_for_word_and_longer_than_a_cell_where_it_must_be() -> None:
    """A text that no cell holds goes on to its right: nothing of the memory is cut."""
    long = "x" * 70_000
    rows = lines(view(master([], memory_rows=[["donghanh", "1"], ["activity", long]]), "_bo_nho"))
    assert rows[0] == ["donghanh", "1"]
    assert rows[1][0] == "activity"
    assert "".join(map(str, rows[1][1:])) == long
    assert max(len(str(cell)) for cell in rows[1]) <= 32_767


def test_the_progress_tab_says_what_is_owed_and_by_when() -> None:
    """Overdue units by name, those still in time, the next due day, across the year's end."""
    data = judged(sheet(good_row()))[0]
    progress = roll_up([data], plan=plan(), organization=organization(), memory=Memory(), year=2024, as_of=AS_OF)
    tab = feedback(data, progress=progress, plan=plan(), organization=organization(), codes={}, as_of=AS_OF).progress
    assert tab is not None
    sentences = [str(row[0]) for row in lines(tab) if len(row) == 1]
    assert any(line.startswith("Còn nợ báo cáo kết quả Đợt 1 (đã quá hạn 30/05/2024): Đoàn phường An Lạc A,") for line in sentences)
    assert "Hạn kế tiếp: đăng ký Đợt 1 năm 2025, chậm nhất ngày 30/01/2025." in sentences
    assert "Bảng không có lỗi nào." in sentences
    assert row_of(tab, "3. Hoạt động tại các Liên đội")[1:7] == ["hoạt động", 40, 1, 1, 0.025, 39]
    early = date(2024, 5, 1)
    before = roll_up([data], plan=plan(), organization=organization(), memory=Memory(), year=2024, as_of=early)
    waiting = feedback(data, progress=before, plan=plan(), organization=organization(), codes={}, as_of=early).progress
    assert waiting is not None
    assert any(
        str(row[0]).startswith("Chưa có báo cáo kết quả Đợt 1 (hạn 30/05/2024): Đoàn phường An Lạc A,") for row in lines(waiting) if row
    )


def test_a_cluster_whose_table_was_not_found_is_told_so() -> None:
    """The note stands on the tab that was looked at, and the tab `Tiến độ` begins with the reason."""
    data = judged(sheet(["abc"], header=False))[0]
    progress = roll_up([data], plan=plan(), organization=organization(), memory=Memory(), year=2024, as_of=AS_OF)
    told = feedback(data, progress=progress, plan=plan(), organization=organization(), codes={}, as_of=AS_OF)
    assert (data.status, told.tab, told.header_row, told.verdicts) == (ClusterStatus.FAILED, "Hoạt động", None, ())
    assert [note.cell for note in told.notes] == ["A1"]
    assert told.progress is not None
    assert str(told.progress.rows[2][0].value).startswith("Không đọc được bảng nên chưa có số liệu.")
