"""A report's HTML → a real Word document that an office can edit. The only module that knows python-docx.

The templates stay the one place of wording: this maps their elements and classes to Word's own headings, tables, sections and fields.
Measures are those of the union's guide to the form of documents (29-HD/TWĐTN-VP).
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import docx
import lxml.html
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from sync.settings_values import ReportForm
from sync.word_tables import add_table
from sync.zips import same_bytes

_ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of an element looks; points, and a first line that is indented or not."""

    size: float = 14
    bold: bool = False
    italic: bool = False
    align: str = "justify"
    indent: bool = True
    before: float = 0
    after: float = 6
    grey: bool = False
    underline: bool = False
    box: bool = False
    keep_spaces: bool = False
    keep: bool = False  # on the page of what follows
    link: str = ""


_PLAIN = Look(align="center", indent=False, after=0)
LOOKS = {
    "ten-loai": Look(16, bold=True, align="center", indent=False, before=12, after=2),
    "trich-yeu": Look(bold=True, align="center", indent=False, after=0),
    "gach": Look(align="center", indent=False, after=12),
    "ghi-chu": Look(12, italic=True, indent=False, before=4),
    "dau-vet": Look(9, italic=True, align="left", indent=False, before=8, after=0, grey=True),
    "phu-luc-ten": Look(bold=True, align="center", indent=False, after=2),
    "phu-luc-y": Look(italic=True, align="center", indent=False, after=8),
    "cap-tren": _PLAIN,
    "ban-hanh": replace(_PLAIN, bold=True),
    "so": replace(_PLAIN, keep_spaces=True),
    "du-thao": Look(13, bold=True, align="center", indent=False, before=6, after=0, box=True),
    "doan": Look(15, bold=True, align="center", indent=False, after=0, underline=True),
    "ngay": Look(13, italic=True, align="center", indent=False, before=8, after=0, keep_spaces=True),
    "tieu-de": Look(13, bold=True, align="left", indent=False, after=0),
    "noi-nhan": Look(11, align="left", indent=False, after=0),
    "phai": replace(_PLAIN, bold=False),
    "cho-ky": Look(align="center", indent=False, before=70, after=0),
    "hinh": Look(12, align="center", indent=False, before=6, after=0, keep=True),
    "hinh-ten": Look(12, bold=True, align="center", indent=False, before=4),
}
_CELL = Look(12, align="left", indent=False, after=0)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BLOCKS = {"p", "div", "h2", "h3", "table", "ul", "ol", "li", "figure", "figcaption"}


def word(html: str, form: ReportForm, *, title: str, made: datetime) -> bytes:
    """Return the report as .docx; ``made`` is written as its day of creation, so that the same report is the same bytes."""
    return same_bytes(_Writer(form, title, made).write(html))


class _Writer:
    """Writes one document."""

    def __init__(self, form: ReportForm, title: str, made: datetime) -> None:
        self._form = form
        self._document = docx.Document()
        self._styles()
        core = self._document.core_properties
        core.title, core.author, core.language = title, form.issuing_body, "vi-VN"
        core.comments, core.last_modified_by, core.created, core.modified = "", "", made, made

    def write(self, html: str) -> bytes:
        """Return the finished package."""
        page_tree = lxml.html.fromstring(html, parser=lxml.html.HTMLParser(remove_comments=True))
        for number, page in enumerate(page_tree.xpath('//div[contains(concat(" ", @class, " "), " trang ")]')):
            self._section(number, across="ngang" in _classes(page))
            self._blocks(self._document, page, None)
        kept = io.BytesIO()
        self._document.save(kept)
        return kept.getvalue()

    def _styles(self) -> None:
        styles = self._document.styles
        self._style(styles["Normal"], Look(), False)
        self._style(styles["Heading 1"], Look(bold=True, align="left", before=6, after=6), True)
        self._style(styles["Heading 2"], Look(bold=True, align="left", before=4, after=4), True)
        styles["Heading 1"].font.all_caps = True
        header = styles["Header"] if "Header" in styles else styles.add_style("Header", WD_STYLE_TYPE.PARAGRAPH)
        self._style(header, Look(13, align="center", indent=False, after=0), False)

    def _style(self, style: Any, look: Look, heading: bool) -> None:
        font, form = style.font, style.paragraph_format
        font.name, font.size, font.bold, font.italic = self._form.font, Pt(look.size), look.bold, look.italic
        font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), self._form.font)
        _child(style.element.rPr, "w:lang", val="vi-VN", eastAsia="vi-VN")
        form.alignment, form.keep_with_next, form.widow_control = _ALIGN[look.align], heading, True
        form.first_line_indent, form.line_spacing_rule = (Emu(720 * 635) if look.indent else Emu(0)), WD_LINE_SPACING.SINGLE
        form.space_before, form.space_after = Pt(look.before), Pt(look.after)

    def _section(self, number: int, *, across: bool) -> None:
        section = self._document.sections[0] if number == 0 else self._document.add_section(WD_SECTION.NEW_PAGE)
        form = self._form
        sides = (form.margin_top_mm, form.margin_right_mm, form.margin_bottom_mm, form.margin_left_mm) if not across else (20, 20, 20, 20)
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (Mm(side) for side in sides)
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(297), Mm(210)) if across else (Mm(210), Mm(297))
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True
        _child(section._sectPr, "w:pgNumType", start="1")
        section.header.is_linked_to_previous = False
        section.first_page_header.is_linked_to_previous = False
        paragraph = section.header.paragraphs[0]
        paragraph.style = self._document.styles["Header"]
        _page_field(paragraph)

    def _width(self) -> Emu:
        """Return the width of the text of the page that is being written."""
        section = self._document.sections[-1]
        sides = (section.page_width, section.left_margin, section.right_margin)
        page, left, right = (side or Mm(0) for side in sides)
        return Emu(page - left - right)

    def _blocks(self, home: Any, element: Any, look: Look | None) -> None:
        """Write what lies in the element into the document or a cell, blocks as blocks, loose text as a paragraph."""
        if (element.text or "").strip() or not any(child.tag in _BLOCKS for child in element):
            self._paragraph(home, element, look or Look())
            return
        for child in element:
            if child.tag not in _BLOCKS:
                self._paragraph(home, child, look or Look(), whole=True)
            else:
                self._block(home, child, look)

    def _block(self, home: Any, element: Any, look: Look | None) -> None:
        known = next((LOOKS[name] for name in _classes(element) if name in LOOKS), look)
        if element.tag == "table":
            add_table(home, element, self._width(), self._cell)
        elif element.tag in {"h2", "h3"}:
            self._heading(home, element)
        elif "de-trong" in _classes(element):
            after = element.getnext()
            self._dotted_line(home, keep=after is not None and "ky" in _classes(after))
        elif element.tag == "li":
            self._paragraph(home, element, replace(known or Look(), indent=True), mark="- ")
        else:
            self._blocks(home, element, known)

    def _heading(self, home: Any, element: Any) -> None:
        home.add_paragraph(_text(element), style="Heading 1" if element.tag == "h2" else "Heading 2")

    def _dotted_line(self, home: Any, *, keep: bool) -> None:
        """Leave a line to write on; ``keep`` it with what follows, so that no signature stands alone on a page."""
        line = home.add_paragraph("\t")
        line.paragraph_format.first_line_indent = Emu(0)
        line.paragraph_format.keep_with_next = keep or None
        line.paragraph_format.tab_stops.add_tab_stop(self._width(), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)

    def _cell(self, cell: Any, element: Any) -> None:
        """Write a table's cell; a bordered table's text is smaller."""
        classes = set(_classes(element)) | set(_classes(element.getparent()))
        bordered = "bang" in _classes(next(element.iterancestors("table")))
        look = _CELL if bordered else _PLAIN
        if bordered:
            align = "center" if element.tag == "th" or "giua" in classes else "right" if "con-so" in classes else "left"
            look = replace(_CELL, align=align, bold=element.tag == "th" or bool({"tong", "nhom"} & classes), keep="nhom" in classes)
        elif "phai" in classes:
            look = replace(LOOKS["phai"], keep="cung" in classes)
        empty = cell.paragraphs[0]
        self._blocks(cell, element, look)
        if len(cell.paragraphs) > 1:
            empty._p.getparent().remove(empty._p)

    def _paragraph(self, home: Any, element: Any, look: Look, *, mark: str = "", whole: bool = False) -> None:
        paragraph = home.add_paragraph()
        _apply(paragraph.paragraph_format, look)
        pieces = list(_pieces(element, look, whole=whole))
        for text, piece in _collapsed([(mark, look), *pieces] if mark else pieces):
            self._run(paragraph, text, piece)
        for picture in element.iter("img"):
            self._picture(paragraph, picture)

    def _run(self, paragraph: Any, text: str, look: Look) -> None:
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(look.size), look.bold, look.italic
        run.underline = look.underline or None
        if look.grey:
            run.font.color.rgb = RGBColor(0x44, 0x44, 0x44)
        if look.box:
            _child(run._r.get_or_add_rPr(), "w:bdr", val="single", sz="8", space="3", color="000000")
        if look.link:
            _linked(paragraph, run, look.link)

    def _picture(self, paragraph: Any, element: Any) -> None:
        if data := element.get("src", "").partition("base64,")[2]:
            shape = paragraph.add_run().add_picture(io.BytesIO(base64.b64decode(data)), width=self._width())
            shape._inline.docPr.set("descr", element.get("alt", ""))


def _classes(element: Any) -> list[str]:
    return str(element.get("class") or "").split()


def _text(element: Any) -> str:
    return " ".join(str(element.text_content()).split())


def _pieces(element: Any, look: Look, *, whole: bool) -> Iterator[tuple[str, Look]]:
    """Yield the texts of an element in order, each as it looks; ``whole`` for an element that stands by itself."""
    inner = look
    if element.tag in {"b", "strong"}:
        inner = replace(look, bold=True)
    elif element.tag in {"i", "em"}:
        inner = replace(look, italic=True)
    elif element.tag == "a" and str(element.get("href")).startswith(("https://", "http://")):
        inner = replace(look, link=str(element.get("href")))
    elif element.tag == "br":
        yield "\n", look
    yield element.text or "", inner
    for child in element:
        yield from _pieces(child, inner, whole=False)
        yield child.tail or "", inner
    if whole:
        yield element.tail or "", look


def _collapsed(pieces: list[tuple[str, Look]]) -> Iterator[tuple[str, Look]]:
    """Yield the texts with white space as a browser shows it: runs of it as one space, none at the ends; no-break spaces stay."""
    open_space = True
    shown: list[tuple[str, Look]] = []
    for text, look in pieces:
        if look.keep_spaces:
            shown.append((text, look))
            continue
        kept = []
        for letter in text:
            if letter == "\n" and text == "\n":
                kept.append(letter)
                open_space = True
            elif letter in " \n\t\r":
                kept.append("" if open_space else " ")
                open_space = True
            else:
                kept.append(letter)
                open_space = False
        shown.append(("".join(kept), look))
    if shown and not shown[-1][1].keep_spaces:
        shown[-1] = (shown[-1][0].rstrip(" "), shown[-1][1])
    yield from ((text, look) for text, look in shown if text)


def _apply(form: Any, look: Look) -> None:
    form.alignment = _ALIGN[look.align]
    if not look.indent:
        form.first_line_indent = Emu(0)
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.keep_with_next = look.keep or None


def _linked(paragraph: Any, run: Any, address: str) -> None:
    """Make a run of the paragraph a link that Word opens."""
    run.font.color.rgb, run.underline = RGBColor(0x05, 0x63, 0xC1), True
    link = _child(paragraph._p, "w:hyperlink", history="1")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    link.append(run._r)


def _page_field(paragraph: Any) -> None:
    """Put the number of the page into the header."""
    for kind, text in (("begin", None), (None, "PAGE"), ("separate", None), (None, ""), ("end", None)):
        run = paragraph.add_run()
        if kind:
            _child(run._r, "w:fldChar", fldCharType=kind)
        elif text:
            _child(run._r, "w:instrText").text = text
        else:
            run.text = "2"


def _child(parent: Any, name: str, **values: str) -> Any:
    child = OxmlElement(name)
    for key, value in values.items():
        child.set(qn(f"w:{key}"), value)
    parent.append(child)
    return child
