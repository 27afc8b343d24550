"""Bytes of an .xlsx → Sheet: real files by openpyxl, XlsxWriter and zipfile, whole, odd, broken and hostile."""

from __future__ import annotations

import io
import struct
import time as clock
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

import sync.edges.xlsx as reader
from sync.edges.xlsx import read_tab, read_xlsx
from sync.edges.xlsx_extent import column_letters, column_number, is_usual
from sync.errors import SourceError
from sync.model import CellError, Merge, Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def read(data: bytes, limit: int = 50_000_000) -> Sheet:
    return read_xlsx(data, cluster="y-te", source="y-te.xlsx", max_uncompressed_bytes=limit)


def refusal(data: bytes, limit: int = 50_000_000) -> str:
    """Return the sentence of the refusal, after looking that it is one and names the file."""
    with pytest.raises(SourceError) as caught:
        read(data, limit)
    sentence = str(caught.value)
    assert "y-te.xlsx" in sentence
    assert sentence.endswith(".")
    assert "hãy" in sentence
    return sentence


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def parts_of(sheet_xml: str | bytes, *, workbook: str = "") -> dict[str, bytes | str]:
    """Return the parts of a workbook with the one tab `T`, whose XML is given."""
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}<sheets><sheet name="T" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml,
    }


def worksheet(rows: str, tail: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'


def cells(xml: str) -> bytes:
    """Return a workbook whose first row is the given XML."""
    return zipped(parts_of(worksheet(f'<row r="1">{xml}</row>')))


# What is read


def test_percentages_are_text():
    """As people see them: a number that shows as `100%` is no quantity; a sign that the format writes behind a number is none."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    tab = book.add_worksheet()
    shown = ["0%", "0.00%", '0" %"', "[>1]0.0%;0%", "General"]
    for at, one in enumerate(shown):
        tab.write_number(0, at, 1, book.add_format({"num_format": one}))
        tab.write_formula(1, at, "=1/3", book.add_format({"num_format": one}), 1 / 3)
        tab.write_string(2, at, "một", book.add_format({"num_format": one}))
    book.close()
    rows = read(out.getvalue()).tabs[0].rows
    third = "33.33333333%"
    assert rows == [["100%", "100%", 1, "100%", 1], [third, third, 1 / 3, third, 1 / 3], ["một"] * 5]
    assert read_tab(out.getvalue(), "Sheet1", source="x", max_uncompressed_bytes=10**7)[0] == [1] * 5


def test_percentages_by_another_program():
    """LibreOffice writes what Excel leaves out."""
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="9"><alignment/></xf></cellXfs></styleSheet>'
    row = '<c r="A1" s="1" t="n"><v>0.5</v></c><c s="1" r="B1"><v>1</v></c><c r="C1" s="1"/><c r="D1" s="0"><v>1</v></c><c r="E1" s="1" t="e"><v>#REF!</v></c>'
    parts = parts_of(worksheet(f'<row r="1">{row}</row>'))
    relations = str(parts["xl/_rels/workbook.xml.rels"]).replace(
        "/></", f'/><Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></'
    )
    data = zipped({**parts, "xl/_rels/workbook.xml.rels": relations, "xl/styles.xml": styles})
    assert read(data).tabs[0].rows == [["50%", "100%", "", 1, CellError("#REF!")]]


def test_values_keep_their_types():
    """Text, numbers, truth values, days, moments, times and durations come out as what they are."""
    book = openpyxl.Workbook()
    book.active.append(["Đoàn", 5, 2.5, True, date(2024, 3, 15), datetime(2024, 3, 15, 8, 30), time(7, 45), timedelta(hours=30), None, "x"])
    assert read(saved(book)).tabs[0].rows == [
        ["Đoàn", 5, 2.5, True, date(2024, 3, 15), datetime(2024, 3, 15, 8, 30), time(7, 45), timedelta(hours=30), "", "x"]
    ]
    assert read(saved(book)).tabs[0].rows[0][3] is True


def test_cells_stand_where_they_are():
    """`rows[0][0]` is A1 even where the first filled cell is far inside."""
    book = openpyxl.Workbook()
    book.active["C4"] = "x"
    rows = read(saved(book)).tabs[0].rows
    assert rows[3][2] == "x"
    assert [cell for row in rows for cell in row if cell] == ["x"]


def test_hidden_tabs_and_chart_tabs_are_there():
    """Every tab comes in its order, hidden and very hidden ones too; a tab that is a chart has no rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    first, chart_tab, hidden, very_hidden = (
        book.add_worksheet("A"),
        book.add_chartsheet("Biểu đồ"),
        book.add_worksheet("B"),
        book.add_worksheet("C"),
    )
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=A!$A$1:$A$2"})
    chart_tab.set_chart(chart)
    for tab, text in ((first, "a"), (hidden, "b"), (very_hidden, "c")):
        tab.write(0, 0, text)
    hidden.hide()
    very_hidden.very_hidden()
    book.close()
    assert [(tab.title, tab.rows) for tab in read(out.getvalue()).tabs] == [("A", [["a"]]), ("Biểu đồ", []), ("B", [["b"]]), ("C", [["c"]])]


def test_hidden_and_filtered_rows_are_there():
    """A row that is hidden is read like any other."""
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append(["b"])
    book.active.row_dimensions[2].hidden = True
    assert read(saved(book)).tabs[0].rows == [["a"], ["b"]]


def test_merges_count_from_one_and_end_with_the_cells():
    """Merged blocks have both corners, counted from 1; one that runs to Excel's last row ends where the cells end, one beyond them is left out."""
    rows = "".join(f'<row r="{row}">' + "".join(f'<c r="{column}{row}"><v>1</v></c>' for column in "ABC") + "</row>" for row in (1, 2, 3))
    blocks = "".join(f'<mergeCell ref="{block}"/>' for block in ("A1:B2", "C2:C1048576", "H8:J9", "B3:A3"))
    merges = read(zipped(parts_of(worksheet(rows, f"<mergeCells>{blocks}</mergeCells>")))).tabs[0].merges
    assert merges == (Merge(1, 1, 2, 2), Merge(2, 3, 3, 3))


def test_merges_by_a_real_program():
    """A block that openpyxl merged is the block that comes out."""
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["c", "d"]):
        book.active.append(row)
    book.active.merge_cells("A1:A2")
    assert read(saved(book)).tabs[0].merges == (Merge(1, 1, 2, 1),)


@pytest.mark.parametrize(
    "tail",
    [
        "", "<!-- mergeCells -->", '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>', '<mergeCells count="1" ><mergeCell ref="A1:A2"/></mergeCells><pageMargins/>',
        '<!-- </sheetData> --><mergeCells><mergeCell ref="A1:A2"/></mergeCells>', '<mergeCells/>', '<mergeCells><mergeCell ref="A1:A2"/></mergeCells><!-- </sheetData> -->',
        '<x:mergeCells xmlns:x="urn:x"><mergeCell ref="A1:A2"/></x:mergeCells>', '<mergeCells><mergeCell ref="A1:A2"/></mergeCells><mergeCells><mergeCell ref="B1:B2"/></mergeCells>',
        '<extLst><ext>mergeCells</ext></extLst>', "<!-- <mergeCells> --><mergeCells><mergeCell ref='A1:A2'/></mergeCells>",
    ],
)  # fmt: skip
def test_merges_are_those_that_calamine_finds_where_they_were_written(tail):
    """They are put in front of the cells to be found sooner, which changes neither them nor a cell."""
    data = zipped(
        parts_of(worksheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>', tail))
    )
    untouched = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    tab = read(data).tabs[0]
    assert [list(row) for row in tab.rows] == untouched.to_python()
    assert [((one.top - 1, one.left - 1), (one.bottom - 1, one.right - 1)) for one in tab.merges] == list(
        untouched.merged_cell_ranges or ()
    )


def test_a_worksheet_that_is_not_what_its_checksum_says_is_refused():
    """Also where it is handed on changed, with a checksum of its own."""
    data = zipped(parts_of(worksheet('<row r="1"><c r="A1"><v>12345</v></c></row>')), zipfile.ZIP_STORED)
    assert data.count(b"12345") == 1
    assert "bị hỏng" in refusal(data.replace(b"12345", b"12346"))


def test_the_1904_calendar_is_told_and_dates_are_right():
    """A workbook of an old Mac carries the flag, and its date cells are the days that the Mac shows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"date_1904": True})
    book.add_worksheet("T").write_datetime(0, 0, datetime(2024, 3, 15), book.add_format({"num_format": "dd/mm/yyyy"}))
    book.close()
    sheet = read(out.getvalue())
    assert sheet.date_1904
    assert sheet.tabs[0].rows == [[date(2024, 3, 15)]]
    assert not read(cells('<c r="A1"><v>1</v></c>')).date_1904


@pytest.mark.parametrize("shown", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#ERROR!", "#SPILL!", "Err:502"])
def test_error_cells_are_errors(shown):
    """An error value comes as `CellError`, also the ones that Google and LibreOffice write and Excel does not know."""
    rows = read(cells(f'<c r="A1"><v>1</v></c><c r="C1" s="0" t="e"><f>A1+B1</f><v>{shown}</v></c>')).tabs[0].rows
    assert rows == [[1.0, "", shown]]
    assert isinstance(rows[0][2], CellError)
    assert not isinstance(rows[0][1], CellError)


def test_error_cells_of_several_tabs_by_a_real_program():
    """Errors are found in the tab they stand in; text that reads alike stays text."""
    book = openpyxl.Workbook()
    book.active["B2"] = "#N/A"
    book.active["C2"] = 'người ta viết t="e"'
    other = book.create_sheet("Khác")
    other["A1"] = "#REF!"
    first, second = read(saved(book)).tabs
    assert first.rows[1] == ["", CellError("#N/A"), 'người ta viết t="e"']
    assert isinstance(first.rows[1][1], CellError)
    assert not isinstance(first.rows[1][2], CellError)
    assert isinstance(second.rows[0][0], CellError)


@pytest.mark.parametrize(
    "xml",
    [
        "<c r='A1' t='e'><v>#REF!</v></c>",
        '<c t="e"><f/><v>#REF!</v></c>',
        '<c r="A1" t="e"> <f t="shared" si="0">A2</f> <v>#REF!</v></c>',
    ],
)
def test_error_cells_written_in_other_ways(xml):
    """Single quotes, missing references and formulas of every form are no hindrance."""
    parts = parts_of(worksheet(f'<row r="1">{xml}</row>').replace('"1.0"', "'1.0'"))
    assert read(zipped(parts)).tabs[0].rows == [[CellError("#REF!")]]


def test_an_error_cell_without_value_is_empty():
    """Where a program wrote no error text, there is nothing to show, and the next cell keeps its value."""
    assert read(cells('<c r="A1" t="e"/><c r="B1"><v>7</v></c>')).tabs[0].rows == [["", 7.0]]


def test_prefixed_xml_of_other_programs():
    """A namespace prefix before every name, as the OpenXML SDK writes it, changes nothing."""
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" t="e"><x:v>#REF!</x:v></x:c><x:c><x:v>4</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    assert read(zipped(parts_of(xml))).tabs[0].rows == [["", "", ""], ["", CellError("#REF!"), 4.0]]


def test_rows_and_cells_without_references():
    """Where a program writes no positions, they are counted."""
    xml = worksheet('<row r="3"><c><v>1</v></c></row><row><c t="inlineStr"><is><t>x</t></is></c></row>')
    assert read(zipped(parts_of(xml))).tabs[0].rows == [[""], [""], [1.0], ["x"]]


def test_text_with_colons_is_no_prefix():
    """Inline text that looks like prefixed XML is judged cell by cell and read as it is."""
    assert read(cells('<c r="A1" t="inlineStr"><is><t>a:c: b</t></is></c>')).tabs[0].rows == [["a:c: b"]]


def test_part_names_with_backslashes_and_other_case():
    """Packages of careless programs are read as Excel reads them."""
    parts = {
        name.replace("xl/workbook.xml", "xl\\Workbook.xml"): content
        for name, content in parts_of(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>')).items()
    }
    assert read(zipped(parts)).tabs[0].rows == [[1.0]]


def test_an_uncompressed_package():
    """A package without compression is read all the same."""
    assert read(zipped(parts_of(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>')), zipfile.ZIP_STORED)).tabs[0].rows == [[1.0]]


def test_the_fingerprint_follows_the_bytes():
    """The same bytes have the same fingerprint, other bytes another."""
    one, two = cells('<c r="A1"><v>1</v></c>'), cells('<c r="A1"><v>2</v></c>')
    assert read(one).fingerprint == read(one).fingerprint != read(two).fingerprint


def test_one_tab_by_its_title():
    """A single tab can be had by its title; a title that is not there gives nothing; a damaged file is refused."""
    data = cells('<c r="B1"><v>1</v></c>')
    assert read_tab(data, "T", source="m.xlsx", max_uncompressed_bytes=10**6) == [["", 1.0]]
    assert read_tab(data, "U", source="m.xlsx", max_uncompressed_bytes=10**6) is None
    with pytest.raises(SourceError, match=r"m\.xlsx"):
        read_tab(cells('<c r="A1" t="zz"><v>1</v></c>'), "T", source="m.xlsx", max_uncompressed_bytes=10**6)


# Much and far


def test_a_hundred_thousand_blank_formatted_rows():
    """Blank formatted rows cost little time and leave no rows behind, whatever columns they fill."""
    blank = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}" s="0"/>' for column in ("A", "H", "P", "AB")) + "</row>"
        for row in range(2, 100_002)
    )
    data = zipped(parts_of(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>' + blank)))
    began = clock.perf_counter()
    assert read(data).tabs[0].rows == [[1.0]]
    assert clock.perf_counter() - began < 5


def test_blank_text_at_the_end_leaves_no_rows():
    """Rows at the end that hold empty text alone are dropped; a zero is no empty text."""
    xml = worksheet('<row r="2"><c r="A2"><v>0</v></c></row><row r="900"><c r="D900" t="str"><v></v></c></row>')
    assert read(zipped(parts_of(xml))).tabs[0].rows == [["", "", "", ""], [0.0, "", "", ""]]


def test_blank_formatted_cells_far_away_are_no_hindrance():
    """A whole row or column that was given a colour is no value far away."""
    assert read(cells('<c r="A1"><v>1</v></c><c r="XFD1" s="0"/><c r="XFC1" s="0"></c>')).tabs[0].rows == [[1.0]]


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("XFD1048576", "XFD1048576"),
        ("A1048576", "A1048576"),
        ("XFD1", "XFD1"),
        ("SG2", "SG2"),
        ("CV190000", "CV190000"),
        ("ZZZZZZZZZZ1", "ZZZZZZZZZZ1"),
        ("A99999999999", "A99999999999"),
        ("xfd1048576", "XFD1048576"),
    ],
)
def test_a_value_far_away_is_refused_by_name(reference, named):
    """A value in the sheet's last corner is refused at once, and the sentence names cell and tab."""
    sentence = refusal(cells(f'<c r="A1"><v>1</v></c><c r="{reference}"><v>1</v></c>'))
    assert f"ô {named} " in sentence
    assert "“T”" in sentence


def test_a_far_value_by_a_real_program():
    """The same with a file that openpyxl wrote."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Đơn vị"
    book.active["XFD1048576"] = "lạc"
    assert "XFD1048576" in refusal(saved(book))


@pytest.mark.parametrize(
    "xml",
    [
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="0" r="XFD1048576"><v>1</v></c>',
        '<c  r="XFD1048576"><v>1</v></c>',
        '<x:c r="XFD1048576"><v>1</v></x:c>',
        '<c r="XFD1048576" note="/>"><v>1</v></c>',
        '<c r="XFD1048576"><is><t>a</t></is></c>',
    ],
)
def test_a_far_value_in_unusual_xml(xml):
    """However the cell is written, it is found before a table of milliards of cells is made."""
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{xml}</row>'
    data = zipped(parts_of(worksheet(rows).replace("<worksheet ", f'<worksheet xmlns:x="{MAIN}" ')))
    assert "XFD1048576" in refusal(data)


@pytest.mark.parametrize(
    "cell",
    [
        "/>",
        ' s="1"/>',
        ' s="1" />',
        ' s="1" t="s"><v>0</v></c>',
        ' t="inlineStr"><is/></c>',
        ' s="12" t="str"><v>a</v></c>',
        "><v>1</v></c>",
    ],
)
def test_cells_as_programs_write_them_need_no_closer_look(cell):
    """Or every sheet of that program would take several times as long; an error does, to be marked."""
    assert is_usual(worksheet(f'<row r="1"><c r="A1"{cell}</row>').encode())
    assert not is_usual(worksheet(f'<row r="1"><c r="A1"{cell}<c r="B1" s="1" t="e"><v>#N/A</v></c></row>').encode())


def test_a_far_value_behind_what_seems_the_end():
    """The end of the cells in a comment is none."""
    xml = worksheet('<row r="1"><c r="A1"><v>1</v></c><!-- </sheetData> --><c r="C900000"><v>1</v></c></row>').replace(
        "</sheetData></", "</sheetData ></"
    )
    assert "C900000" in refusal(zipped(parts_of(xml)))


def test_a_far_value_by_position_alone():
    """A row that counts itself far down is far down for cells without reference."""
    xml = worksheet('<row r="1"><c><v>1</v></c></row><row r="1048570"><c><v>1</v></c></row>')
    assert "A1048570" in refusal(zipped(parts_of(xml)))


def test_a_far_value_in_a_workbook_with_odd_tables_of_contents():
    """Where the tab cannot be named, the cell still is."""
    parts = parts_of(worksheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'))
    parts["xl/_rels/workbook.xml.rels"] = "<broken"
    sentence = refusal(zipped(parts))
    assert "XFD1048576" in sentence
    assert "trang tính" not in sentence


def test_an_ordinary_wide_table_is_read():
    """Columns past Z are nothing unusual."""
    book = openpyxl.Workbook()
    book.active["AZ3"] = "x"
    assert read(saved(book)).tabs[0].rows[2][51] == "x"


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("xfd", 16384)])
def test_column_names(letters, number):
    """Letters and numbers of columns are each other's inverse."""
    assert column_number(letters) == number
    assert column_letters(number) == letters.upper()


# What is no workbook


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "rỗng"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "ảnh"),
        (b"\xff\xd8\xff\xe0....", "ảnh"),
        (b"{\\rtf1\\ansi}", "RTF"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\r\n <!DOCTYPE html><table><tr><td>1</td></tr></table>", "HTML"),
        ("\ufeff<html><table></table></html>".encode(), "HTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML"),
        ("Đơn vị;Chỉ tiêu;Tên hoạt động\r\nAn Lạc;1;Hội thi\r\n".encode(), "CSV"),
        ("\ufeffĐơn vị,Chỉ tiêu\n".encode(), "CSV"),
        ("Đơn vị\tChỉ tiêu\n".encode("utf-16"), "CSV"),
        (b"\0" * 5000, "không phải là bảng tính Excel"),
        (b"xin chao", "không phải là bảng tính Excel"),
    ],
)
def test_other_kinds_of_file_are_named(data, said):
    """A file of another kind under the name of a workbook is called what it is."""
    assert said in refusal(data)


def ole(stream: str) -> bytes:
    """Return what matters of an OLE container: its magic and the name of a stream in its directory."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 512


@pytest.mark.parametrize(
    ("stream", "said"), [("Workbook", "Excel kiểu cũ (.xls)"), ("EncryptedPackage", "mật khẩu"), ("WordDocument", "Word")]
)
def test_old_office_files(stream, said):
    """The old container is an old workbook, an encrypted new one, or a document."""
    assert said in refusal(ole(stream))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("xl/workbook.bin", ".xlsb"),
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("content.xml", "OpenDocument"),
        ("Index/Document.iwa", "Numbers"),
        ("y-te.xlsx", "nén (.zip)"),
        ("anything.txt", "không phải là bảng tính Excel"),
    ],
)
def test_other_packages(name, said):
    """A zip that is no workbook is called what it is."""
    assert said in refusal(zipped({name: "x"}))


# Damaged and hostile packages


def test_every_truncation_is_refused():
    """A workbook cut off anywhere is refused with a sentence, never read in part."""
    book = openpyxl.Workbook()
    book.active.append(["Đơn vị", "Chỉ tiêu"])
    data = saved(book)
    for length in range(0, len(data) - 1, 97):
        refusal(data[:length])


def test_flipped_bytes_are_refused_or_harmless():
    """A flipped byte in a part that holds cells is found out by its checksum."""
    data = bytearray(zipped(parts_of(worksheet("".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 300))))))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        info = package.getinfo("xl/worksheets/sheet1.xml")
    start = info.header_offset + 30 + len(info.filename)
    for offset in range(start, start + info.compress_size, 41):
        broken = bytearray(data)
        broken[offset] ^= 0x55
        assert "hỏng" in refusal(bytes(broken))


def test_an_honest_bomb_is_refused_unopened():
    """A part that says that it is larger than allowed is not unpacked at all."""
    data = zipped(parts_of(b" " * 60_000_000))
    assert len(data) < 100_000
    assert "quá lớn" in refusal(data)


def test_parts_count_together():
    """The limit holds for all parts together."""
    parts = parts_of(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet3.xml"] = b" " * 600
    assert len(read(zipped(parts), limit=10_000).tabs) == 1
    assert "quá lớn" in refusal(zipped(parts), limit=1_800)


def test_large_pictures_do_not_count():
    """What holds no cell is never unpacked."""
    parts = parts_of(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    parts["xl/media/image1.png"] = parts["xl/theme/theme1.xml"] = b" " * 100_000
    assert read(zipped(parts), limit=10_000).tabs[0].rows == [[1.0]]


def test_a_lying_bomb_is_not_unpacked():
    """A part that unpacks to more than it says is refused after its declared size and one byte."""
    data = bytearray(zipped(parts_of(b" " * 40_000_000)))
    declared = struct.pack("<L", 40_000_000)
    while (at := data.find(declared)) >= 0:
        data[at : at + 4] = struct.pack("<L", 1_000)
    assert "hỏng" in refusal(bytes(data), limit=10_000)


def test_an_unknown_compression_is_refused():
    """A part packed in another way than Excel's is called damaged."""
    assert "hỏng" in refusal(zipped(parts_of(worksheet("")), zipfile.ZIP_LZMA))


def test_a_zip_with_a_password_is_refused():
    """A package with the encryption flag asks for the password to be taken away."""
    data = bytearray(zipped(parts_of(worksheet(""))))
    at = data.find(b"PK\1\2")
    data[at + 8] |= 1
    assert "mật khẩu" in refusal(bytes(data))


def test_a_header_that_points_nowhere_is_refused():
    """A central directory that points outside the file is called damaged."""
    data = bytearray(zipped(parts_of(worksheet(""))))
    at = data.find(b"PK\1\2")
    data[at + 42 : at + 46] = struct.pack("<L", 2**31)
    assert "hỏng" in refusal(bytes(data))


@pytest.mark.parametrize(
    "xml",
    [
        worksheet('<row r="1"><c r="A1"><v>1</v></c></row>').encode("utf-16"),
        worksheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        worksheet('<row r="1"><c r="$A$1"><v>1</v></c></row>'),
        worksheet("<row r='1'><c r='?'><v>1</v></c></row>"),
        worksheet("<row r='1'><c r='A1'><v>1</v></row>"),
        worksheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1" r="XFD1048576"><v>1</v></c></row>'),
        worksheet('<row r="1"><c r="A1"><v>1</v></c><c r="AB1" s="0" r="XFD1048576"><v>1</v></c></row>'),
        worksheet("<row r='x'><c><v>1</v></c></row>"),
    ],
)
def test_cells_without_sense_are_refused(xml):
    """XML that cannot be understood is called damaged, never taken for an empty sheet."""
    assert "hỏng" in refusal(zipped(parts_of(xml)))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" r="C9">', '<c r="A1"\tr="C9">', '<c r="A1"\nr="C9">', '<c r="A1"r="C9">', '<c r="A1" r ="C9">', '<c r="A1" s="0"\tr="C9">', '<c r="A1" t="n"r="C9">',
        "<c r=\"A1\" s='0' r=\"C9\">", '<c r="A1" s=">" r="C9">', '<c r="A1" s= ">" r="C9">', '<c r="A1" s="0" t="/>" r="C9">', '<c r="A1"  r="C9">', '<c r="AB1"\tr="C9">',
    ],
)  # fmt: skip
def test_a_second_reference_is_refused_however_it_is_written(cell):
    """Calamine would believe it, so it could stand anywhere, unchecked: behind a tab, behind no blank, behind a sign in quotes."""
    assert "hỏng" in refusal(zipped(parts_of(worksheet(f'<row r="1">{cell}<v>1</v></c></row>'))))


def test_a_missing_worksheet_is_refused():
    """A tab whose part is missing is called damaged."""
    parts = parts_of("")
    del parts["xl/worksheets/sheet1.xml"]
    assert "hỏng" in refusal(zipped(parts))


class Panic(BaseException):
    """Derives from BaseException alone, as the panics of pyo3 do."""


@pytest.mark.parametrize(("raised", "seen"), [(Panic, SourceError), (KeyboardInterrupt, KeyboardInterrupt), (MemoryError, MemoryError)])
def test_a_panic_is_a_refusal_and_a_wish_to_stop_is_not(monkeypatch, raised, seen):
    """A panic inside calamine skips the workbook alone; an interrupt still stops the program. No file that panics is known, so this one is made to."""

    def fail(*_):
        raise raised("boom")

    monkeypatch.setattr(reader, "_tab", fail)
    with pytest.raises(seen):
        read(cells('<c r="A1"><v>1</v></c>'))
