"""A report as PDF and as Word: the measures of the guide read back out of the files."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from pypdf import PdfReader

from sync import pdf as pdf_module
from sync.errors import ConfigError
from sync.model import ClusterStatus, Document
from sync.pdf import PdfMissing
from sync.render import Renderer
from sync.resources import default_templates_dir
from sync.snapshot import dump, load
from sync.word import word
from tests.paper import FORM, clusters, view

ALL = ("html", "pdf", "docx")
MADE = datetime(2025, 12, 5)


def has_pango() -> bool:
    try:
        pdf_module._weasyprint()
    except PdfMissing:
        return False
    return True


needs_pango = pytest.mark.skipif(not has_pango(), reason="Pango is not installed: no PDF can be made here")


@pytest.fixture(scope="module")
def files() -> dict[str, Document]:
    made = Renderer(default_templates_dir(), ALL).documents("bao-cao", view(subject_until="đợt 2 năm 2024"))
    return {one.name.rpartition(".")[2]: one for one in made}


@pytest.fixture(scope="module")
def paper(files: dict[str, Document]) -> docx.document.Document:
    return docx.Document(io.BytesIO(files["docx"].data))


def paragraph(paper: docx.document.Document, text: str):
    """Return the paragraph that is this text, in the body or in a table."""
    cells = (cell for table in paper.tables for row in table.rows for cell in row.cells)
    for one in itertools.chain(paper.paragraphs, *(cell.paragraphs for cell in cells)):
        if one.text.strip() == text:
            return one
    raise AssertionError(f"{text!r} is not in the document")


def test_word_has_the_paper_and_margins_of_the_guide(paper):
    """A4 upright with 20, 20, 30, 20 mm; the annex across, its pages counted anew; no number on first pages."""
    body, annex = paper.sections[0], paper.sections[-1]
    measures = [body.page_width, body.page_height, body.top_margin, body.bottom_margin, body.left_margin, body.right_margin]
    assert [round(Emu(one).mm) for one in measures] == [210, 297, 20, 20, 30, 20]
    assert [round(Emu(one).mm) for one in (annex.page_width, annex.page_height)] == [297, 210]
    for section in (body, annex):
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert "PAGE" in section.header.paragraphs[0]._p.xml
        assert section.first_page_header.paragraphs[0].text == ""


@pytest.mark.parametrize(
    ("text", "size", "bold", "italic"),
    [
        ("THÀNH ĐOÀN TP. HỒ CHÍ MINH", 14, False, False), ("BCH ĐOÀN QUẬN BÌNH TÂN", 14, True, False), ("ĐOÀN TNCS HỒ CHÍ MINH", 15, True, False),
        ("DỰ THẢO", 13, True, False), ("BÁO CÁO", 16, True, False), ("TM. BAN THƯỜNG VỤ QUẬN ĐOÀN", 14, True, False),
        ("Nơi nhận:", 13, True, False), ("- Thành Đoàn;", 11, False, False), ("PHỤ LỤC I", 14, True, False),
    ],
)  # fmt: skip
def test_word_has_the_sizes_of_the_guide(paper, text: str, size: int, bold: bool, italic: bool):
    """Size, bold and italic of each part of the form."""
    run = paragraph(paper, text).runs[0]
    assert (run.font.size, bool(run.bold), bool(run.italic)) == (Pt(size), bold, italic)


def test_word_s_body_is_the_guide_s(paper):
    """Times New Roman 14 in every script, Vietnamese, justified, first line 1.27 cm, 6 pt after."""
    normal = paper.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert normal.font.size == Pt(14)
    assert normal.element.rPr.find(qn("w:lang")).get(qn("w:val")) == "vi-VN"
    form = normal.paragraph_format
    assert (form.first_line_indent, form.space_after, form.alignment) == (Emu(720 * 635), Pt(6), 3)


def test_word_s_headings_are_headings_and_tables_are_tables(paper):
    """Sections as heading 1, targets as heading 2; bordered tables repeat their heads and split no row."""
    headings = [(one.style.name, one.text) for one in paper.paragraphs if one.style.name.startswith("Heading")]
    assert ("Heading 1", "I. Công tác chỉ đạo, triển khai") in headings
    assert any(style == "Heading 2" and text.startswith("1. ") for style, text in headings)
    bordered = [table for table in paper.tables if table.style.name == "Table Grid"]
    assert bordered
    for table in bordered:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table.rows[-1]._tr.trPr.find(qn("w:tblHeader")) is None


def test_word_s_parts_stand_in_the_form_s_order(files):
    """From the superior body to the recipients, as the guide has them; the trace of the figures comes last."""
    xml = docx.Document(io.BytesIO(files["docx"].data)).element.body
    text = " ".join("".join(piece.text or "" for piece in one.iter(qn("w:t"))) for one in xml.iter(qn("w:p")))
    parts = [
        "THÀNH ĐOÀN TP. HỒ CHÍ MINH", "BCH ĐOÀN QUẬN BÌNH TÂN", "***", "-BC/ĐTN", "DỰ THẢO", "BÁO CÁO", "-------", "I. Công tác", "II. Kết quả", "III. Đánh giá chung", "IV. Phương hướng", "TM. BAN THƯỜNG VỤ QUẬN ĐOÀN", "Nơi nhận:", "- Lưu", "dữ liệu và cấu hình", "PHỤ LỤC I",
    ]  # fmt: skip
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert "Kính gửi" not in text


def test_word_s_links_are_links_and_groups_stand_out():
    """An http(s) address opens from Word, any other is text; a group's name is bold and stays with its first row; cells have room."""
    html = (
        '<div class="trang"><table class="bang"><tr class="nhom"><td colspan="2">Khối Y tế</td></tr>'
        '<tr><td><a href="https://example.org/1?a=b&amp;c">Xem</a></td><td><a href="javascript:x">Không</a></td></tr></table></div>'
    )
    made = docx.Document(io.BytesIO(word(html, FORM, title="T", made=MADE)))
    table = made.tables[0]
    links = list(table._tbl.iter(qn("w:hyperlink")))
    assert [piece.text for one in links for piece in one.iter(qn("w:t"))] == ["Xem"]
    assert made.part.rels[links[0].get(qn("r:id"))].target_ref == "https://example.org/1?a=b&c"
    assert table.cell(1, 1).text == "Không"
    group = table.cell(0, 0).paragraphs[0]
    assert (group.runs[0].bold, group.paragraph_format.keep_with_next) == (True, True)
    assert [int(one.get(qn("w:w"))) > 0 for one in table._tbl.tblPr.find(qn("w:tblCellMar"))] == [True] * 4


def test_word_leaves_no_signature_alone(paper):
    """The last line to write on and the title of who signs go with what follows; the lines before may part."""
    room = [one for one in paper.paragraphs if one.text == "\t"]
    assert [bool(one.paragraph_format.keep_with_next) for one in room] == [False] * (len(room) - 1) + [True]
    assert paragraph(paper, "TM. BAN THƯỜNG VỤ QUẬN ĐOÀN").paragraph_format.keep_with_next


def test_word_spans_cells_as_the_page_does():
    """A cell over two rows and one over two columns push the others to their places."""
    html = '<div class="trang"><table class="bang"><tr><th rowspan="2">A</th><th colspan="2">B</th></tr><tr><td>C</td><td>D</td></tr></table></div>'
    table = docx.Document(io.BytesIO(word(html, FORM, title="T", made=MADE))).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["A", "B", "B"], ["A", "C", "D"]]


def test_word_keeps_bold_words_lists_and_pictures():
    """Bold within a sentence, a list as dashes, a picture with its words; white space as a browser shows it."""
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    html = f'<div class="trang"><p>Một  <b>hai</b>\n ba</p><ul><li>bốn</li></ul><p class="hinh"><img alt="Năm" src="data:image/png;base64,{dot}"></p></div>'
    made = docx.Document(io.BytesIO(word(html, FORM, title="T", made=MADE)))
    assert [one.text for one in made.paragraphs[:2]] == ["Một hai ba", "- bốn"]
    assert [(run.text, run.bold) for run in made.paragraphs[0].runs][1] == ("hai", True)
    assert made.inline_shapes[0]._inline.docPr.get("descr") == "Năm"


def test_word_is_a_whole_package_without_a_clock(files):
    """No member is damaged or dated; the same report is the same bytes."""
    with zipfile.ZipFile(io.BytesIO(files["docx"].data)) as package:
        assert package.testzip() is None
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    again = Renderer(default_templates_dir(), ("docx",)).documents("bao-cao", view(subject_until="đợt 2 năm 2024"))[0]
    assert again.data == files["docx"].data


@needs_pango
def test_the_pdf_is_tagged_titled_and_carries_its_letters(files):
    """Tagged, Vietnamese, titled; every font lies inside; A4 upright and across."""
    pdf = PdfReader(io.BytesIO(files["pdf"].data))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("vi")
    assert str(pdf.metadata.title).startswith("Báo cáo Kết quả thực hiện")
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            inside = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inside)
    assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox[2:]] == [210, 297]
    assert [round(float(side) / 72 * 25.4) for side in pdf.pages[-1].mediabox[2:]] == [297, 210]


@needs_pango
def test_the_pdf_s_text_stands_within_the_margins_in_the_form_s_order(files):
    """No letter left of 30 mm, the parts in their order, a page number from page 2 on."""
    pdf = PdfReader(io.BytesIO(files["pdf"].data))
    left: list[float] = []
    pdf.pages[0].extract_text(
        visitor_text=lambda text, page, line, _font, _size: left.append((line[4] * page[0] + page[4]) / 72 * 25.4) if text.strip() else None
    )
    assert 29.5 <= min(left) <= 30.5
    assert max(left) < 190
    text = " ".join(pdf.pages[0].extract_text().split())
    places = [text.find(part) for part in ("BÁO CÁO", "Kết quả thực hiện kế hoạch", "-------", "I. CÔNG TÁC")]
    assert -1 not in places
    assert places == sorted(places)


@needs_pango
@pytest.mark.parametrize(
    ("text", "size", "face"),
    [
        ("THÀNH ĐOÀN TP.", 14, ""), ("BCH ĐOÀN QUẬN", 14, "Bold"), ("ĐOÀN TNCS HỒ", 15, "Bold"), ("Bình Tân, ngày", 13, "Italic"),
        ("Số:", 14, ""), ("DỰ THẢO", 13, "Bold"), ("BÁO CÁO", 16, "Bold"), ("Kết quả thực hiện kế hoạch", 14, "Bold"),
        ("I. CÔNG TÁC", 14, "Bold"), ("Số liệu lấy từ", 14, ""), ("TM. BAN THƯỜNG VỤ", 14, "Bold"), ("Nơi nhận:", 13, "Bold"),
        ("- Thành Đoàn;", 11, ""), ("PHỤ LỤC I", 14, "Bold"),
    ],
)  # fmt: skip
def test_the_pdf_has_the_sizes_and_faces_of_the_guide(drawn, text: str, size: int, face: str):
    """Each part of the form as it was drawn: points, upright or italic, bold or not."""
    found = {(round(points), name) for words, points, name in drawn if words.startswith(text)}
    assert found == {(size, face)}


@pytest.fixture(scope="module")
def drawn(files: dict[str, Document]) -> list[tuple[str, float, str]]:
    """Return every line of the PDF with its size in points and the face of its letters."""
    found: list[tuple[str, float, str]] = []

    def seen(text, page, line, font, size):
        if text.strip() and font:
            name = str(font["/BaseFont"]).partition(",")[2].lstrip("-")
            found.append((" ".join(text.split()), size * abs(line[3] * page[3]), name))

    for page in PdfReader(io.BytesIO(files["pdf"].data)).pages:
        page.extract_text(visitor_text=seen)
    return found


@needs_pango
def test_the_pdf_numbers_its_pages_from_the_second_and_each_annex_anew(files):
    """No number on the first page of the body and of each annex; 2, 3, … on those that follow."""
    pages = [page.extract_text().splitlines() for page in PdfReader(io.BytesIO(files["pdf"].data)).pages]
    starts = [0, *(at for at, lines in enumerate(pages) if any(line.startswith("PHỤ LỤC ") for line in lines)), len(pages)]
    assert len(starts) >= 4
    numbers = [[line.strip() for line in lines[:1] + lines[-1:] if line.strip().isdecimal()] for lines in pages]
    for first, after in itertools.pairwise(starts):
        assert numbers[first:after] == [[], *([str(number)] for number in range(2, after - first + 1))]


@needs_pango
def test_the_pdf_is_the_same_bytes_in_another_process(tmp_path: Path, files):
    """Made again from the snapshot by the command, every form is what it was."""
    shown = view(subject_until="đợt 2 năm 2024")
    (tmp_path / "s.json").write_bytes(dump("bao-cao", shown, clusters()))
    command = [
        sys.executable,
        "-c",
        "from sync.cli import main; main()",
        "report",
        "--from-snapshot",
        str(tmp_path / "s.json"),
        "--out",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).resolve().parents[1])
    for ending, document in files.items():
        assert (tmp_path / f"bao-cao.{ending}").read_bytes() == document.data


@needs_pango
def test_nothing_is_fetched_for_a_pdf(tmp_path: Path):
    """A template that names a file of the machine gets nothing of it."""
    (tmp_path / "x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>BÍ MẬT</text></svg>', encoding="utf-8")
    html = f'<html lang="vi"><head><title>T</title></head><body><p>Chữ</p><img alt="x" src="{(tmp_path / "x.svg").as_uri()}"></body></html>'
    made = pdf_module.Printer(default_templates_dir() / "fonts").pdf(html, "Times New Roman")
    assert "BÍ MẬT" not in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_without_pango_the_run_goes_on_and_says_so_once(monkeypatch: pytest.MonkeyPatch):
    """Word and HTML are made, the sentence says what to install."""

    def missing() -> None:
        raise PdfMissing("no PDF is made: Pango is not installed")

    monkeypatch.setattr(pdf_module, "_weasyprint", missing)
    said: list[str] = []
    renderer = Renderer(default_templates_dir(), ALL, said.append)
    for name in ("a", "b"):
        assert [one.name for one in renderer.documents(name, view())] == [f"{name}.html", f"{name}.docx"]
    assert len(said) == 1


def test_a_snapshot_tells_where_the_figures_came_from_and_gives_the_view_back():
    """Sources with state and fingerprint; the view that comes back is equal."""
    shown, data = view(), clusters(phuong=ClusterStatus.STALE)
    kept = load(dump("ten", shown, data), "s.json")
    assert (kept.name, kept.view) == ("ten", shown)
    assert b'"status": "stale"' in dump("ten", shown, data)


@pytest.mark.parametrize(
    "spoiled", [b"", b"[]", b"{}", b'{"format": "x"}', b'{"format": "donghanh-report/1", "name": "a", "view": {"kind": 1}}']
)
def test_what_is_no_snapshot_is_a_sentence(spoiled: bytes):
    """One sentence that names the file."""
    with pytest.raises(ConfigError, match=r"^s\.json is not a snapshot"):
        load(spoiled, "s.json")


def test_a_library_that_weasyprint_can_do_without_is_no_matter(tmp_path: Path):
    """Where Pango is there and HarfBuzz' subset library is not, WeasyPrint warns as it is imported: a fresh Debian."""
    (tmp_path / "weasyprint.py").write_text("import warnings\nwarnings.warn('will be required', DeprecationWarning)\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from sync.pdf import _weasyprint; print(_weasyprint().__file__)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "weasyprint.py" in done.stdout
