"""Descriptions of tabs → .xlsx bytes: XlsxWriter makes the master, openpyxl annotates a copy of what a unit sent."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet as Sheet
from xlsxwriter.format import Format as XlsxFormat
from xlsxwriter.worksheet import Worksheet

from sync.columns import TITLES
from sync.layout import Chart, Feedback, Format, Note, Rule, Shown, TabView, Workbook
from sync.model import Column

_FIXED = datetime(2024, 1, 1)
"""Documents carry no time of making: the same content is the same bytes."""
_ZIP_DAY = (2024, 1, 1, 0, 0, 0)
_LONGEST = 32_000
_MOST_LINKS, _LONGEST_LINK = 60_000, 2_000
_AUTHOR = "donghanh"
_HEADER_HEIGHT = 36
"""Points: two lines of a title."""
_NEW_WIDTH = {Column.CODE: 13, Column.VERDICT: 46}

_BASE: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
_GRID: dict[str, Any] = {**_BASE, "border": 1, "border_color": "#BFBFBF"}
_STYLES: dict[Format, dict[str, Any]] = {
    Format.TEXT: _GRID,
    Format.WRAPPED: {**_GRID, "text_wrap": True},
    Format.CENTRED: {**_GRID, "align": "center"},
    Format.WHOLE: {**_GRID, "num_format": "#,##0", "align": "right"},
    Format.MONEY: {**_GRID, "num_format": "#,##0", "align": "right"},
    Format.PERCENT: {**_GRID, "num_format": "0.0%", "align": "right"},
    Format.DAY: {**_GRID, "num_format": "dd/mm/yyyy", "align": "center"},
    Format.HEADER: {**_GRID, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "text_wrap": True, "align": "center"},
    Format.TITLE: {**_BASE, "bold": True, "font_size": 15, "font_color": "#1F4E79"},
    Format.SUBTITLE: {**_BASE, "italic": True, "font_color": "#595959"},
    Format.NOTE: {**_BASE, "italic": True, "font_size": 11, "font_color": "#7F7F7F"},
    Format.STRONG: {**_BASE, "bold": True},
    Format.STRONG_WHOLE: {**_GRID, "bold": True, "num_format": "#,##0", "align": "right"},
    Format.LINK: {**_GRID, "font_color": "#0563C1", "underline": 1},
    Format.GOOD: {**_BASE, "bg_color": "#E2EFDA", "font_color": "#375623"},
    Format.WARN: {**_BASE, "bg_color": "#FFF2CC", "font_color": "#7F6000"},
    Format.BAD: {**_BASE, "bg_color": "#F8CBAD", "font_color": "#9C0006"},
    Format.MUTED: {**_BASE, "font_color": "#A6A6A6"},
}
_CONDITIONAL = {form: {key: _STYLES[form][key] for key in ("bg_color", "font_color") if key in _STYLES[form]} for form in Format}


def master_bytes(workbook: Workbook) -> bytes:
    """Return the workbook as .xlsx; the same workbook is the same bytes. Text is never taken for a formula."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": workbook.title, "author": _AUTHOR, "created": _FIXED})
    _MasterWriter(book).write(workbook.tabs)
    book.close()
    return buffer.getvalue()


class _MasterWriter:
    """Writes tabs into one XlsxWriter workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._styles: dict[Format, XlsxFormat] = {form: book.add_format(style) for form, style in _STYLES.items()}
        self._conditional = {form: book.add_format(style) for form, style in _CONDITIONAL.items()}
        self._links = 0

    def write(self, tabs: Iterable[TabView]) -> None:
        """Write all tabs in order, the first one open."""
        for tab in tabs:
            sheet = self._book.add_worksheet(tab.title)
            if tab.hidden:
                sheet.very_hidden()
            self._cells(sheet, tab)
            self._frame(sheet, tab)
            self._print_setup(sheet, tab)
            for rule in tab.rules:
                self._rule(sheet, rule)
            for chart in tab.charts:
                self._chart(sheet, tab, chart)

    def _cells(self, sheet: Worksheet, tab: TabView) -> None:
        for row, cells in enumerate(tab.rows):
            for column, cell in enumerate(cells):
                self._cell(sheet, row, column, cell)

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: Shown) -> None:
        style = self._styles[cell.format]
        if cell.link and len(cell.link) <= _LONGEST_LINK and self._links < _MOST_LINKS:
            self._links += 1
            sheet.write_url(row, column, cell.link, style, str(cell.value)[:_LONGEST])
        elif cell.value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(cell.value, date):
            sheet.write_datetime(row, column, datetime(cell.value.year, cell.value.month, cell.value.day), style)
        elif isinstance(cell.value, str):
            sheet.write_string(row, column, cell.value if len(cell.value) <= _LONGEST else f"{cell.value[:_LONGEST]}…", style)
        else:
            sheet.write_number(row, column, cell.value, style)

    def _frame(self, sheet: Worksheet, tab: TabView) -> None:
        for column, width in enumerate(tab.widths):
            sheet.set_column(column, column, width)
        if tab.row_height:
            sheet.set_default_row(tab.row_height)
        if tab.frozen_rows or tab.frozen_columns:
            sheet.freeze_panes(tab.frozen_rows, tab.frozen_columns)
        if tab.filter_row is not None:
            last = tab.filter_last or max(len(tab.rows) - 1, tab.filter_row + 1)
            sheet.set_row(tab.filter_row, _HEADER_HEIGHT)
            sheet.autofilter(tab.filter_row, 0, last, max(len(tab.rows[tab.filter_row]) - 1, 0))
        for top, left, bottom, right in tab.merges:
            shown = tab.rows[top][left]
            sheet.merge_range(top, left, bottom, right, shown.value, self._styles[shown.format])
        if tab.tab_colour:
            sheet.set_tab_color(tab.tab_colour)
        sheet.hide_gridlines(2)

    def _print_setup(self, sheet: Worksheet, tab: TabView) -> None:
        sheet.set_paper(9)
        if tab.landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
        if tab.repeat_rows:
            sheet.repeat_rows(max(tab.repeat_rows - 1, 0), tab.repeat_rows - 1)
        sheet.set_footer("&L&A&RTrang &P/&N")

    def _rule(self, sheet: Worksheet, rule: Rule) -> None:
        place = (rule.top, rule.left, rule.bottom, rule.right)
        if rule.kind == "bar":
            bar = {
                "type": "data_bar",
                "bar_solid": True,
                "bar_color": "#9DC3E6",
                "min_type": "num",
                "min_value": 0,
                "max_type": "num",
                "max_value": 1,
            }
            sheet.conditional_format(*place, {**bar, "bar_only": True})
            return
        for words in rule.texts:
            sheet.conditional_format(
                *place, {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": self._conditional[rule.format]}
            )

    def _chart(self, sheet: Worksheet, tab: TabView, chart: Chart) -> None:
        drawn = self._book.add_chart({"type": "column"})
        colours = ("#BFBFBF", "#9DC3E6", "#1F4E79")
        for index, (name, column) in enumerate(chart.series):
            drawn.add_series(
                {
                    "name": name,
                    "categories": [tab.title, chart.first_row, chart.categories_column, chart.last_row, chart.categories_column],
                    "values": [tab.title, chart.first_row, column, chart.last_row, column],
                    "fill": {"color": colours[index % len(colours)]},
                    "gap": 80,
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"name": "Times New Roman", "size": 13}})
        drawn.set_legend({"position": "bottom"})
        drawn.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#E7E6E6"}}})
        drawn.set_size({"width": 1100, "height": 360})
        sheet.insert_chart(chart.row, chart.column, drawn, {"description": chart.alt_text})


_FILLS = {
    "error": PatternFill("solid", start_color="FFF8CBAD", end_color="FFF8CBAD"),
    "warning": PatternFill("solid", start_color="FFFFF2CC", end_color="FFFFF2CC"),
    "ok": PatternFill("solid", start_color="FFE2EFDA", end_color="FFE2EFDA"),
}


def annotated_copy(original: bytes, feedback: Feedback, mask: Callable[[str], str]) -> bytes:
    """Return a copy of the unit's workbook with verdicts, codes, notes and colours, and the tab `Tiến độ`.

    Personal data is masked in every cell and note of the copy; formulas, formats and everything else stay.
    """
    with warnings.catch_warnings():
        # openpyxl warns of Excel's newer formats that a copy cannot carry: nothing that its reader could do about.
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(original))
    for sheet in book.worksheets:
        _mask_cells(sheet, mask)
    if feedback.tab in book.sheetnames:
        sheet = book[feedback.tab]
        _write_verdicts(sheet, feedback)
        _write_notes(sheet, feedback.notes, mask)
    if feedback.progress:
        _write_progress(book, feedback.progress)
    book.properties.created = book.properties.modified = _FIXED
    buffer = io.BytesIO()
    book.save(buffer)
    return _with_fixed_times(buffer.getvalue())


def _mask_cells(sheet: Sheet, mask: Callable[[str], str]) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.data_type == "s":
                cell.value = mask(cell.value)
            if cell.comment is not None:
                cell.comment = Comment(mask(cell.comment.text), cell.comment.author)


def _write_verdicts(sheet: Sheet, feedback: Feedback) -> None:
    if feedback.header_row is None:
        return
    places = _own_columns(sheet, feedback.columns, feedback.header_row)
    for verdict in feedback.verdicts:
        _write_own(sheet, verdict.row, places[Column.CODE], verdict.code)
        cell = _write_own(sheet, verdict.row, places[Column.VERDICT], verdict.text)
        if cell is not None:
            cell.fill = _FILLS[verdict.level]
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _own_columns(sheet: Sheet, columns: Mapping[Column, int], header_row: int) -> dict[Column, int]:
    """Return where the system's two columns stand, set up at the right of the table where the sheet has none."""
    places = {column: columns[column] for column in (Column.CODE, Column.VERDICT) if column in columns}
    for column in (Column.CODE, Column.VERDICT):
        if column not in places:
            at = max(sheet.max_column, *columns.values(), *places.values()) + 1
            title = sheet.cell(header_row, at, TITLES[column])
            title.font = Font(bold=True)
            title.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
            sheet.column_dimensions[get_column_letter(at)].width = _NEW_WIDTH[column]
            places[column] = at
    return places


def _write_own(sheet: Sheet, row: int, column: int, value: str | None) -> Any:
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        return None
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _write_notes(sheet: Sheet, notes: Iterable[Note], mask: Callable[[str], str]) -> None:
    joined: dict[str, list[Note]] = {}
    for note in notes:
        joined.setdefault(_anchor(sheet, note.cell), []).append(note)
    for place, found in joined.items():
        cell = sheet[place]
        own = "\n".join(dict.fromkeys(f"• {note.text}" for note in found))
        before = f"{mask(cell.comment.text)}\n———\n" if cell.comment is not None else ""
        cell.comment = Comment(f"{before}[Đồng hành]\n{own}", _AUTHOR, height=40 + 36 * len(found) + (40 if before else 0), width=360)
        cell.fill = _FILLS["error" if any(note.severity == "error" for note in found) else "warning"]


def _anchor(sheet: Sheet, place: str) -> str:
    for block in sheet.merged_cells.ranges:
        if place in block:
            return str(block.start_cell.coordinate)
    return place


def _write_progress(book: openpyxl.Workbook, view: TabView) -> None:
    if view.title in book.sheetnames:
        del book[view.title]
    sheet = book.create_sheet(view.title)
    for row, cells in enumerate(view.rows, 1):
        for column, shown in enumerate(cells, 1):
            _write_shown(sheet, row, column, shown)
    for column, width in enumerate(view.widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for rule in view.rules:
        _colour(sheet, rule)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_shown(sheet: Sheet, row: int, column: int, shown: Shown) -> None:
    cell = sheet.cell(row, column)
    style = _STYLES[shown.format]
    cell.value = shown.value
    if isinstance(shown.value, str):
        cell.data_type = "s"
    cell.number_format = style.get("num_format", "General")
    cell.font = Font(
        name=style["font_name"],
        size=style["font_size"],
        bold=style.get("bold", False),
        italic=style.get("italic", False),
        color=_argb(style.get("font_color")),
    )
    cell.alignment = Alignment(wrap_text=style.get("text_wrap", False), horizontal=style.get("align"), vertical="center")
    if "bg_color" in style:
        cell.fill = PatternFill("solid", start_color=_argb(style["bg_color"]), end_color=_argb(style["bg_color"]))


def _colour(sheet: Sheet, rule: Rule) -> None:
    """Colour what is there now: the tab is written anew with each run, so it needs no conditional format."""
    style = _CONDITIONAL[rule.format]
    for row in sheet.iter_rows(rule.top + 1, rule.bottom + 1, rule.left + 1, rule.right + 1):
        for cell in row:
            if cell.value in rule.texts:
                if "bg_color" in style:
                    cell.fill = PatternFill("solid", start_color=_argb(style["bg_color"]), end_color=_argb(style["bg_color"]))
                cell.font = Font(name="Times New Roman", size=12, color=_argb(style["font_color"]))


def _argb(colour: str | None) -> str:
    return f"FF{(colour or '#000000')[1:]}"


def _with_fixed_times(data: bytes) -> bytes:
    """Return the package with the same day on each part, so that the same content is the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "docProps/core.xml":
                part = _without_now(part)
            new.writestr(zipfile.ZipInfo(info.filename, _ZIP_DAY), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _without_now(core: bytes) -> bytes:
    """Return the core properties with the day of saving, which openpyxl sets to now, made the fixed one."""
    start, end = core.find(b"<dcterms:modified"), core.find(b"</dcterms:modified>")
    if start < 0 or end < 0:
        return core
    inside = core.index(b">", start) + 1
    return core[:inside] + f"{_FIXED:%Y-%m-%dT%H:%M:%SZ}".encode() + core[end:]
