"""Real workbooks: the master read back cell by cell, and what a unit sent, annotated."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineWorkbook

from sync.edges.workbook_style import LONGEST_TEXT, excel_length, fitting, row_heights, tab_titles
from sync.edges.workbook_writer import annotated_copy, master_bytes
from sync.layout import Chart, Feedback, Format, Note, Rule, Shown, TabView, Verdict, Workbook
from sync.model import Column
from sync.personal import mask

PHONE = "0903 123 456"
HIDDEN = "[đã che: số điện thoại]"
RED, YELLOW, GREEN = "FFF8CBAD", "FFFFF2CC", "FFE2EFDA"


def one_tab(*rows: tuple[Shown, ...], **more) -> Workbook:
    return Workbook("Tổng hợp", (TabView("Tab", rows, **more),))


def written(workbook: Workbook) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(master_bytes(workbook)))


def first_cell(shown: Shown):
    return written(one_tab((shown,)))["Tab"]["A1"]


# The master


def test_types_and_formats_come_back():
    """Numbers, money, days and shares are values with a format, not text; a whole share shows no decimals."""
    row = (
        Shown(1234, Format.WHOLE), Shown(2_000_000, Format.MONEY), Shown(date(2024, 3, 5), Format.DAY), Shown(0.575, Format.PERCENT), Shown(0.6, Format.PERCENT),
        Shown(date(2024, 3, 5), Format.WARN),
    )  # fmt: skip
    cells = written(one_tab(row))["Tab"][1]
    assert [cell.value for cell in cells] == [1234, 2_000_000, datetime(2024, 3, 5), 0.575, 0.6, datetime(2024, 3, 5)]
    assert [cell.number_format for cell in cells] == ["#,##0_)", "#,##0_)", "dd/mm/yyyy", "0.0%_)", "0%_)", "dd/mm/yyyy"]
    assert {cell.font.name for cell in cells} == {"Times New Roman"}


@pytest.mark.parametrize("value", ["=1+1", "+84", "@SUM(A1)", "-2", "{=A1}", "007", "https://example.org", "#REF!", "mailto:a@example.org"])
def test_text_stays_text(value):
    """What looks like a formula, number, error or address is the text that it is."""
    cell = first_cell(Shown(value))
    assert (cell.value, cell.data_type, cell.hyperlink) == (value, "s", None)


@pytest.mark.parametrize(
    "link", ["https://example.org/a?b=1#c", "HTTP://EXAMPLE.ORG/A", "internal:'Tab'!A1", "external:phan-hoi/y-te.xlsx#'Hoạt động'!F12"]
)
def test_links_that_may_be_followed(link):
    """Addresses of the web, of this workbook and of another are links, and show their text."""
    cell = first_cell(Shown("F12", Format.LINK, link))
    assert cell.value == "F12"
    assert cell.hyperlink is not None


def test_the_link_into_a_cluster_workbook_names_file_tab_and_cell():
    """Excel opens the file beside the master at that tab's cell, quotes in the tab's name included."""
    cell = first_cell(Shown("F12", Format.LINK, "cluster:y-te#'Hoạt động ''24'!F12"))
    assert (cell.hyperlink.target, cell.hyperlink.location) == ("phan-hoi\\y-te.xlsx", "'Hoạt động ''24'!F12")


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "file:///etc/passwd", "ftp://example.org/x", "mailto:a@example.org", "https://", "x", "https://example.org/" + "a" * 2080,
     "https://example.org/" + " " * 900, "https://example.org/\x07"],
)  # fmt: skip
def test_links_that_may_not_be_followed(link):
    """Other schemes, and addresses that are too long once escaped, are shown as text."""
    cell = first_cell(Shown("xem", Format.LINK, link))
    assert (cell.value, cell.hyperlink) == ("xem", None)


def test_excel_bears_so_many_links():
    """From the 65,531st link of a tab on, addresses are text; nothing is lost."""
    rows = tuple((Shown(f"n{number}", Format.LINK, f"https://example.org/{number}"),) for number in range(65_532))
    with zipfile.ZipFile(io.BytesIO(master_bytes(one_tab(*rows)))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert (sheet.count(b"<hyperlink "), sheet.count(b"<row ")) == (65_530, 65_532)


def test_a_long_text_is_cut_with_an_ellipsis():
    """A cell holds 32,767 characters, counted as Excel does; the cut is shown."""
    assert first_cell(Shown("x" * 40_000)).value == "x" * 32_766 + "…"
    cut = fitting("😀" * 20_000)
    assert cut == "😀" * 16_383 + "…"
    assert excel_length(cut) == LONGEST_TEXT
    assert fitting("y" * 32_767) == "y" * 32_767


def test_characters_that_no_workbook_holds_are_left_out():
    """Control characters and halves of characters would damage the file."""
    assert first_cell(Shown("a\x00b\x0bc\ud800d\nđ\te")).value == "abcd\nđ\te"


def test_the_same_workbook_is_the_same_bytes():
    """Made two seconds later, it is byte for byte the same; another content is not."""
    workbook = one_tab((Shown("a"), Shown(date(2024, 3, 5), Format.DAY)), filter_row=0)
    before = master_bytes(workbook)
    time.sleep(2.1)
    assert master_bytes(workbook) == before
    assert master_bytes(one_tab((Shown("b"),))) != before


def test_titles_of_tabs_are_made_acceptable():
    """Forbidden letters, length, emptiness, quotes at the ends, reserved and repeated names are seen to."""
    titles = tab_titles(["a/b:c", "x" * 40, "", "'q'", "Tổng hợp", "TỔNG HỢP", "History", "x" * 31])
    assert titles == ["a b c", "x" * 31, "Trang", "q", "Tổng hợp", "TỔNG HỢP (2)", "History (2)", "x" * 27 + " (2)"]
    assert written(Workbook("x", tuple(TabView(title, ((Shown(1),),)) for title in ("a/b", "a?b")))).sheetnames == ["a b", "a b (2)"]


def test_the_hidden_tab_carries_text_word_for_word():
    """The memory is very hidden, has no header, and each text comes back as it was: JSON, spaces at the ends, escapes."""
    rows = [["donghanh", "1"], ["run", '{"a": "=1", "b": "\\n  x"}'], ["code", "  _x000D_ 007  "], ["", "sau ô trống"]]
    view = TabView("_bo_nho", tuple(tuple(Shown(cell or None) for cell in row) for row in rows), hidden=True)
    data = master_bytes(Workbook("x", (TabView("Tab", ((Shown("x"),),)), view)))
    assert openpyxl.load_workbook(io.BytesIO(data))["_bo_nho"].sheet_state == "veryHidden"
    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("_bo_nho").to_python()
    assert [list(row) for row in read] == rows


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl does not read back Excel's own part of a data bar
def test_frame_filter_and_print():
    """Frozen header, filter to its last row, A4 landscape as wide as one page, the header printed again, merges, colours."""
    rows = (
        (Shown("T", Format.TITLE),),
        (Shown("H", Format.HEADER), Shown("I", Format.HEADER)),
        (Shown("Lỗi"), Shown(0.5)),
        (),
        (Shown("dưới", Format.NOTE),),
    )
    rules = (Rule(2, 0, 2, 0, "text", ("Lỗi",), Format.BAD), Rule(2, 1, 2, 1, "bar"))
    tab = TabView("Tab", rows, widths=(20, 10), frozen_rows=2, frozen_columns=1, filter_row=1, filter_last=2, merges=((4, 0, 4, 1),), rules=rules, repeat_rows=2, tab_colour="#C00000")  # fmt: skip
    sheet = written(Workbook("x", (tab,)))["Tab"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, str(sheet.print_title_rows)) == ("B3", "A2:B3", "$2:$2")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (1, 0, True)
    assert [str(block) for block in sheet.merged_cells.ranges] == ["A5:B5"]
    assert sheet["A5"].value == "dưới"
    assert sorted(str(place.sqref) for place in sheet.conditional_formatting) == ["A3", "B3"]
    assert (sheet.column_dimensions["A"].width, sheet.sheet_properties.tabColor.rgb) == (pytest.approx(20, abs=1), "FFC00000")


def test_the_chart_refers_to_its_tab():
    """The chart's series point at the tab under the title that it got, and it can be read aloud."""
    chart = Chart("Biểu đồ", 4, 0, 0, 1, 2, (("Chỉ tiêu", 1),), "Chỉ tiêu và thực hiện")
    rows = ((Shown("H"), Shown("I")), (Shown("a"), Shown(1)), (Shown("b"), Shown(2)))
    with zipfile.ZipFile(io.BytesIO(master_bytes(Workbook("x", (TabView("A/B", rows, charts=(chart,)),))))) as package:
        drawn, placed = package.read("xl/charts/chart1.xml").decode(), package.read("xl/drawings/drawing1.xml").decode()
    assert "'A B'!$B$2:$B$3" in drawn
    assert 'descr="Chỉ tiêu và thực hiện"' in placed


def test_rows_are_as_high_as_their_text():
    """A wrapped text of several lines gets room, over merged columns less; a short one the ordinary height."""
    long = Shown("từ " * 60, Format.WRAPPED)
    view = TabView(
        "Tab",
        ((long,), (long,), (Shown("ngắn", Format.WRAPPED),), (Shown("một\nhai\nba", Format.HEADER),), ()),
        widths=(20, 80),
        merges=((1, 0, 1, 1),),
    )
    heights = row_heights(view)
    assert heights[0] > 100 > heights[1] > heights[2]
    assert heights[3] == pytest.approx(3 * heights[2], abs=10)
    assert 4 not in heights
    assert row_heights(TabView("Tab", ((Shown("x" * 90_000, Format.WRAPPED),),), widths=(10,)))[0] == 409.0


# The annotated copy

HEADER = ["STT", "Mã HĐ", "Đơn vị", "Tên hoạt động", "Ghi chú", "Kết quả kiểm tra"]
PLACES = {Column.NUMBER: 1, Column.CODE: 2, Column.UNIT: 3, Column.NAME: 4, Column.NOTE: 5, Column.VERDICT: 6}
OK = Verdict(2, "YT-0001", "Đã tính đăng ký và kết quả.", "ok")
WRONG = Verdict(3, "YT-0002", "Chưa tính: thiếu đơn vị (ô C3).", "error")


def sent(*rows: list[object], title: str = "Hoạt động") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows or (HEADER, [1, None, "Đoàn phường", "Hội thi", None, None]):
        book.active.append(row)
    return book


def bytes_of(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def told(
    *,
    notes: tuple[Note, ...] = (),
    verdicts: tuple[Verdict, ...] = (),
    columns=PLACES,
    header_row: int | None = 1,
    tab="Hoạt động",
    progress=None,
) -> Feedback:
    return Feedback("y-te", tab, header_row, columns, notes, verdicts, progress)


def annotated(book: openpyxl.Workbook, feedback: Feedback) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(annotated_copy(bytes_of(book), feedback, mask)), rich_text=True)


def test_verdict_and_code_go_into_the_systems_columns():
    """Nothing else changes in the row; the verdict has the colour of its level."""
    sheet = annotated(sent(), told(verdicts=(OK,)))["Hoạt động"]
    assert [cell.value for cell in sheet[2]] == [1, "YT-0001", "Đoàn phường", "Hội thi", None, OK.text]
    assert sheet["F2"].fill.start_color.rgb == GREEN


def test_missing_columns_are_added_at_the_right_of_the_header():
    """In the last row of a two-row header, in the look of the header, in the first columns where nothing stands below."""
    book = sent(["Đơn vị", "Đăng ký", None, None, None], [None, "Thời gian", "Số lượng", None, None], ["A", 1, 2, "lạc", None])
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    book.active["C2"].font = Font(name="Arial", bold=True)
    book.active["C2"].fill = PatternFill("solid", start_color="FF00FF00")
    columns = {Column.UNIT: 1, Column.PLANNED: 2, Column.REGISTERED_QUANTITY: 3}
    sheet = annotated(book, told(verdicts=(WRONG,), columns=columns, header_row=2))["Hoạt động"]
    assert [cell.value for cell in sheet[2]] == [None, "Thời gian", "Số lượng", None, "Mã HĐ", "Kết quả kiểm tra"]
    assert [cell.value for cell in sheet[3]] == ["A", 1, 2, "lạc", "YT-0002", WRONG.text]
    assert (sheet["E2"].font.name, sheet["E2"].fill.start_color.rgb) == ("Arial", "FF00FF00")
    assert sheet["F3"].fill.start_color.rgb == RED


def test_one_missing_column_is_added_alone():
    """A sheet that has `Mã HĐ` gets the verdict only."""
    columns = {key: place for key, place in PLACES.items() if key is not Column.VERDICT}
    sheet = annotated(sent(HEADER[:5], [1, None, "A", "B", None]), told(verdicts=(OK,), columns=columns))["Hoạt động"]
    assert [cell.value for cell in sheet[1]] == HEADER
    assert [cell.value for cell in sheet[2]] == [1, "YT-0001", "A", "B", None, OK.text]


def test_far_away_formats_do_not_push_the_columns_away():
    """A format in the last column of the sheet is no content."""
    book = sent(["Đơn vị"], ["A"])
    book.active["XFD9"].fill = PatternFill("solid", start_color="FF00FF00")
    sheet = annotated(book, told(verdicts=(OK,), columns={Column.UNIT: 1}))["Hoạt động"]
    assert [sheet.cell(1, column).value for column in (1, 2, 3)] == ["Đơn vị", "Mã HĐ", "Kết quả kiểm tra"]


def test_a_long_verdict_has_room():
    """The system's column is wide, and the row as high as the verdict's lines; a row that is higher stays so."""
    book = sent(HEADER, [1, None, "A", "B", None, None], [2, None, "A", "C", None, None])
    book.active.row_dimensions[3].height = 300
    long = tuple(Verdict(row, None, "Chưa tính: " + "ngày không đọc được (ô F40), " * 8, "error") for row in (2, 3))
    sheet = annotated(book, told(verdicts=long))["Hoạt động"]
    assert sheet.column_dimensions["F"].width == 50
    assert 60 < sheet.row_dimensions[2].height < 150
    assert sheet.row_dimensions[3].height == 300


def test_findings_of_one_cell_are_joined():
    """One note with both sentences, the colour of the worse."""
    notes = (
        Note("C2", "Câu một.", "warning"),
        Note("C2", "Câu hai.", "error"),
        Note("D2", "Câu ba.", "warning"),
        Note("C2", "Câu một.", "warning"),
    )
    sheet = annotated(sent(), told(notes=notes))["Hoạt động"]
    assert sheet["C2"].comment.text == "[Đồng hành]\n• Câu một.\n• Câu hai."
    assert (sheet["C2"].fill.start_color.rgb, sheet["D2"].fill.start_color.rgb) == (RED, YELLOW)
    assert sheet["C2"].value == "Đoàn phường"


def test_a_persons_own_note_is_kept():
    """It comes first, with its personal data hidden."""
    book = sent()
    book.active["C2"].comment = Comment(f"Gọi {PHONE}", "Người phụ trách")
    sheet = annotated(book, told(notes=(Note("C2", "Câu.", "error"),)))["Hoạt động"]
    assert sheet["C2"].comment.text == f"Gọi {HIDDEN}\n———\n[Đồng hành]\n• Câu."


def test_merged_cells_get_their_note_at_the_first_cell():
    """Findings inside a block are told where it is shown; verdicts of rows merged in the system's column share it."""
    book = sent(HEADER, [1, None, "A", "B", None, None], [2, None, None, "C", None, None])
    book.active.merge_cells("C2:C3")
    book.active.merge_cells("F2:F3")
    sheet = annotated(book, told(notes=(Note("C3", "Câu.", "error"),), verdicts=(OK, WRONG)))["Hoạt động"]
    assert sheet["C2"].comment.text.endswith("• Câu.")
    assert sheet["F2"].value == f"Dòng 2: {OK.text}\nDòng 3: {WRONG.text}"
    assert (sheet["F2"].fill.start_color.rgb, sheet["B3"].value) == (RED, "YT-0002")


def test_a_persons_block_across_the_systems_column_is_left_alone():
    """A row merged from a unit's column into the system's keeps its text."""
    book = sent(HEADER, ["Nghỉ hè", None, None, None, None, None])
    book.active.merge_cells("A2:F2")
    sheet = annotated(book, told(verdicts=(OK,)))["Hoạt động"]
    assert sheet["A2"].value == "Nghỉ hè"
    assert [str(block) for block in sheet.merged_cells.ranges] == ["A2:F2"]


def test_personal_data_is_hidden_everywhere():
    """Cells of every tab, hidden ones too, notes, links, headings, lists, properties, formulas' own text: the phone is nowhere in the file."""
    book = sent(HEADER, [1, None, "A", f"Gọi {PHONE}", f'=CONCATENATE("{PHONE}",A1)', None])
    sheet = book.active
    sheet["D3"].value, sheet["D3"].comment = "x", Comment(f"số {PHONE}", "a")
    sheet["D4"].value, sheet["D4"].hyperlink = "gọi", "tel:0903123456"
    sheet["D5"].value = CellRichText("Liên hệ ", TextBlock(InlineFont(b=True), PHONE))
    sheet.oddFooter.left.text = f"Người lập {PHONE}"
    sheet.add_data_validation(DataValidation("list", formula1=f'"A,{PHONE}"', prompt=PHONE, sqref="C2"))
    book.create_sheet("Nháp").append([PHONE])
    book["Nháp"].sheet_state = "hidden"
    book.properties.title, book.properties.creator = PHONE, "Một người"
    data = annotated_copy(bytes_of(book), told(verdicts=(OK,)), mask)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
    assert [name for name, text in parts.items() if re.search(r"0903|123 ?456|Một người", text)] == []
    copy = openpyxl.load_workbook(io.BytesIO(data))
    assert (copy["Hoạt động"]["D2"].value, copy["Nháp"]["A1"].value) == (f"Gọi {HIDDEN}", HIDDEN)
    assert copy["Nháp"].sheet_state == "hidden"


def test_pictures_are_left_out(tmp_path: Path):
    """A photograph shows children, and is no part of what the system writes."""
    maker = pytest.importorskip("PIL.Image", reason="Pillow is not installed: openpyxl then drops pictures by itself")
    maker.new("RGB", (4, 4)).save(tmp_path / "x.png")
    book = sent()
    with (tmp_path / "x.png").open("rb") as picture:
        book.active.add_image(Image(picture), "H2")
        before = bytes_of(book)
    after = annotated_copy(before, told(), mask)
    media = [[name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "media" in name] for data in (before, after)]
    assert media == [["xl/media/image1.png"], []]


def test_formulas_formats_and_widths_stay():
    """What people made of their sheet is theirs: formulas, number formats, fonts, colours, widths, rich text, lists."""
    book = sent(HEADER, [1, None, "A", "=UPPER(C2)", 1234.5, None])
    sheet = book.active
    sheet["E2"].number_format, sheet["C2"].font, sheet.column_dimensions["D"].width = "0.00", Font(italic=True, color="FFFF0000"), 33
    sheet["D3"].value = CellRichText("đậm ", TextBlock(InlineFont(b=True), "chữ"))
    sheet.add_data_validation(DataValidation("list", formula1='"Đăng ký,Hủy"', sqref="C2"))
    copy = annotated(book, told(verdicts=(OK,)))["Hoạt động"]
    assert (copy["D2"].value, copy["D2"].data_type, copy["E2"].number_format) == ("=UPPER(C2)", "f", "0.00")
    assert (copy["C2"].font.i, copy["C2"].font.color.rgb, copy.column_dimensions["D"].width) == (True, "FFFF0000", 33)
    assert copy["D3"].value[1].font.b
    assert copy.data_validations.dataValidation[0].formula1 == '"Đăng ký,Hủy"'


@pytest.mark.parametrize("typed", ["=1+1", "=cmd|'/c calc'!A1", f"={PHONE}", "#REF!"])
def test_a_text_that_looks_like_a_formula_stays_text(typed):
    """Masked or not, a unit's text never begins to be reckoned with in the copy."""
    book = sent(HEADER, [1, None, "A", "x", None, None])
    book.active["D2"].value = typed
    book.active["D2"].data_type = "s"
    sheet = annotated(book, told(verdicts=(Verdict(2, "=1", "=HYPERLINK(1)", "ok"),)))["Hoạt động"]
    assert (sheet["D2"].value, sheet["D2"].data_type) == (mask(typed), "s")
    assert sheet["F2"].data_type == sheet["B2"].data_type == "s"


def test_the_progress_tab_is_put_at_the_end_and_replaced():
    """An older `Tiến độ` gives way; the new one has the master's look; other tabs stay."""
    book = sent()
    book.create_sheet("TIẾN ĐỘ").append(["cũ"])
    book.create_sheet("Nháp").append(["việc"])
    rows = (
        (Shown("TIẾN ĐỘ", Format.TITLE),),
        (Shown("câu " * 50, Format.STRONG),),
        (Shown("Đúng hạn"), Shown(5, Format.WHOLE), Shown(date(2024, 3, 5), Format.DAY)),
    )
    view = TabView(
        "Tiến độ", rows, widths=(20, 10, 10), merges=((1, 0, 1, 2),), rules=(Rule(2, 0, 2, 0, "text", ("Đúng hạn",), Format.GOOD),)
    )
    copy = annotated(book, told(progress=view))
    assert copy.sheetnames == ["Hoạt động", "Nháp", "Tiến độ"]
    sheet = copy["Tiến độ"]
    assert [cell.value for cell in sheet[3]] == ["Đúng hạn", 5, datetime(2024, 3, 5)]
    assert (sheet["A3"].fill.start_color.rgb, sheet["A3"].border.left.style, sheet["C3"].number_format) == (GREEN, "thin", "dd/mm/yyyy")
    assert sheet.row_dimensions[2].height > 50
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_the_tab_that_units_work_in_is_never_replaced():
    """Where they called it `Tiến độ`, ours gets another name."""
    view = TabView("Tiến độ", ((Shown("x"),),))
    copy = annotated(sent(title="Tiến độ"), told(verdicts=(OK,), tab="Tiến độ", progress=view))
    assert copy.sheetnames == ["Tiến độ", "Tiến độ (2)"]
    assert copy["Tiến độ"]["F2"].value == OK.text


def test_what_an_earlier_run_wrote_goes_where_a_unit_works_on_in_its_copy():
    """Notes and colours of corrected cells, verdicts of rows that are none any more: gone; people's own notes stay."""
    book = sent(HEADER, [1, None, "A", "B", None, None], ["", None, "Cộng", None, None, None])
    book.active["D2"].comment = Comment("của tôi", "a")
    notes = (Note("C2", "Câu.", "error"), Note("D2", "Câu.", "error"))
    once = annotated(book, told(notes=notes, verdicts=(OK, WRONG)))
    again = annotated(once, told(notes=(Note("E2", "Mới.", "warning"),), verdicts=(OK,)))["Hoạt động"]
    assert again["C2"].comment is None
    assert again["C2"].fill.fill_type is None
    assert again["D2"].comment.text == "của tôi"
    assert again["E2"].comment.text == "[Đồng hành]\n• Mới."
    assert (again["F3"].value, again["F2"].value) == (None, OK.text)


def test_the_same_copy_is_the_same_bytes():
    """Made two seconds later, from the same bytes, it is the same; notes, colours and tab included."""
    original = bytes_of(sent())
    feedback = told(notes=(Note("C2", "Câu.", "error"),), verdicts=(OK,), progress=TabView("Tiến độ", ((Shown("x"),),)))
    before = annotated_copy(original, feedback, mask)
    time.sleep(2.1)
    assert annotated_copy(original, feedback, mask) == before


def test_a_table_that_was_not_found_gets_no_verdicts():
    """No header: a note at A1 and the tab `Tiến độ`; a tab that is not there: the latter alone."""
    view = TabView("Tiến độ", ((Shown("x"),),))
    copy = annotated(sent(["abc"]), told(notes=(Note("A1", "Câu.", "error"),), header_row=None, columns={}, progress=view))
    assert copy["Hoạt động"]["A1"].comment.text.endswith("• Câu.")
    assert annotated(sent(["abc"]), told(tab=None, header_row=None, columns={}, progress=view)).sheetnames == ["Hoạt động", "Tiến độ"]
