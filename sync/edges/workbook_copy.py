"""A unit's workbook → a copy that says what the system found: openpyxl writes verdicts, codes, notes and the tab `Tiến độ`.

Nothing personal is repeated: texts, notes, links and pictures of the copy are masked or left out.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sync.columns import TITLES
from sync.edges.feedback_words import BEGIN, OUR_WORDS, OWN_COLUMNS, joined_codes, joined_note, joined_verdicts
from sync.edges.workbook_mask import mask_book
from sync.edges.workbook_progress import write_tab
from sync.edges.workbook_style import FONT, tab_titles, text_height
from sync.layout import Feedback, Note, TabView, Verdict
from sync.model import Column

AUTHOR = "donghanh"
FIXED = datetime(2024, 1, 1)
"""Documents carry no time of making: the same content is the same bytes."""
_ZIP_DAY = (2024, 1, 1, 0, 0, 0)
_LAST_COLUMN = 16_384
_WIDEST_BLOCK = 400
"""Columns of a merged block beyond which it is a format of the whole row, not a part of the table."""
_ORDINARY_HEIGHT = 20
"""Points of a row with one line."""
_NEW_WIDTH = {Column.CODE: 13, Column.VERDICT: 50}
_LEVELS = {"error": "FFF8CBAD", "warning": "FFFFF2CC", "ok": "FFE2EFDA"}
_FILLS = {level: PatternFill("solid", start_color=colour, end_color=colour) for level, colour in _LEVELS.items()}


def annotated_copy(original: bytes, feedback: Feedback, mask: Callable[[str], str]) -> bytes:
    """Return a copy of the unit's workbook with verdicts, codes, notes and colours, and the tab `Tiến độ`.

    ``mask`` hides personal data; formulas and formats stay. The same arguments give the same bytes. Raises whatever openpyxl
    raises, which is many things, on a workbook that it cannot open or save.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names each part of a workbook that it leaves out
        book = openpyxl.load_workbook(io.BytesIO(original), rich_text=True)
        _annotate(book, feedback, mask)
        return package(book)


def _annotate(book: openpyxl.Workbook, feedback: Feedback, mask: Callable[[str], str]) -> None:
    mask_book(book, mask)
    for sheet in book.worksheets:
        _forget_earlier_notes(sheet)
    if feedback.tab in book.sheetnames:
        sheet = book[feedback.tab]
        _write_verdicts(sheet, feedback)
        _write_notes(sheet, feedback.notes)
    if feedback.progress:
        _replace_tab(book, feedback.progress, feedback.tab)


def _forget_earlier_notes(sheet: Worksheet) -> None:
    """Take away what an earlier run left, where a unit goes on working in its copy."""
    for cell in list(sheet._cells.values()):
        if isinstance(cell, Cell) and cell.comment is not None and BEGIN in cell.comment.text:
            theirs = joined_note(cell.comment.text, ()).strip()
            cell.comment = Comment(theirs, cell.comment.author) if theirs else None
            if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb in _LEVELS.values():
                cell.fill = PatternFill()


def _write_verdicts(sheet: Worksheet, feedback: Feedback) -> None:
    if feedback.header_row is None:
        return
    places = _own_columns(sheet, feedback.columns, feedback.header_row)
    if (column := places.get(Column.VERDICT)) is not None:
        _clear_verdicts(sheet, column, feedback.header_row)
        for cell, found in _by_cell(sheet, feedback.verdicts, column).items():
            _put(cell, joined_verdicts(found))
            cell.fill = copy(_FILLS[min((one.level for one in found), key=list(_LEVELS).index)])
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            _make_room(sheet, cell)
    if (column := places.get(Column.CODE)) is not None:
        for cell, found in _by_cell(sheet, feedback.verdicts, column).items():
            _put(cell, joined_codes(found) or None)


def _make_room(sheet: Worksheet, cell: Cell) -> None:
    """Widen the system's column and heighten the row where the verdict would be cut off."""
    own = sheet.column_dimensions[get_column_letter(cell.column)]
    own.width = max(own.width, _NEW_WIDTH[Column.VERDICT])
    row = sheet.row_dimensions[cell.row]
    needed = text_height(str(cell.value), own.width)
    if needed > max(row.height or 0.0, _ORDINARY_HEIGHT):
        row.height = min(needed, 409.0)


def _own_columns(sheet: Worksheet, columns: Mapping[Column, int], header_row: int) -> dict[Column, int]:
    """Return where the system's two columns stand, set up at the right of the table where the sheet has none."""
    places = {column: columns[column] for column in OWN_COLUMNS if column in columns}
    missing = [column for column in OWN_COLUMNS if column not in places]
    beside = _anchor(sheet, header_row, max(columns.values(), default=1))
    for column, at in zip(missing, _free_columns(sheet, columns, header_row) if missing else (), strict=False):
        _write_title(sheet.cell(header_row, at), TITLES[column], beside)
        letters = get_column_letter(at)
        sheet.column_dimensions[letters].width = _NEW_WIDTH[column]
        sheet.column_dimensions[letters].hidden = False
        places[column] = at
    return places


def _free_columns(sheet: Worksheet, columns: Mapping[Column, int], header_row: int) -> Iterable[int]:
    """Return the columns at the right of the header in which nothing stands beside or below it, from the left."""
    written = [place for place, cell in sheet._cells.items() if cell.value not in (None, "")]
    filled = {column for row, column in written if row >= header_row - 1}
    for block in sheet.merged_cells.ranges:
        if block.max_row >= header_row - 1 and block.max_col - block.min_col < _WIDEST_BLOCK:
            filled.update(range(block.min_col, block.max_col + 1))
    first = max([0, *columns.values(), *(column for row, column in written if row == header_row)]) + 1
    return (at for at in range(first, _LAST_COLUMN + 1) if at not in filled)


def _write_title(cell: Any, title: str, beside: Any) -> None:
    """Write a header's cell in the look of the table's last one."""
    cell.value = title
    if beside is not None and beside.has_style:
        cell.font, cell.fill, cell.border = copy(beside.font), copy(beside.fill), copy(beside.border)
    else:
        cell.font = Font(name=FONT, bold=True)
    cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")


def _clear_verdicts(sheet: Worksheet, column: int, header_row: int) -> None:
    """Empty the verdicts of an earlier run: a row may be no activity any more."""
    for (row, at), cell in list(sheet._cells.items()):
        if at != column or row <= header_row or not isinstance(cell, Cell):
            continue
        if isinstance(cell.value, str) and cell.value.startswith(OUR_WORDS):
            cell.value = None
            cell.fill = PatternFill()


def _by_cell(sheet: Worksheet, verdicts: Iterable[Verdict], column: int) -> dict[Cell, list[Verdict]]:
    """Return the verdicts by the cell that can hold them: rows merged in the system's column share one."""
    cells: dict[Cell, list[Verdict]] = {}
    for one in verdicts:
        cell = _anchor(sheet, one.row, column)
        if cell is not None and cell.column == column:  # a block that begins further left is a person's
            cells.setdefault(cell, []).append(one)
    return cells


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell | None:
    """Return the cell that is shown here: itself, or the first one of its merged block."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    for block in sheet.merged_cells.ranges:
        if block.min_row <= row <= block.max_row and block.min_col <= column <= block.max_col:
            first = sheet.cell(block.min_row, block.min_col)
            return first if isinstance(first, Cell) else None
    return None


def _put(cell: Cell, value: str | None) -> None:
    cell.value = value or None
    if value:
        cell.data_type = "s"


def _write_notes(sheet: Worksheet, notes: Iterable[Note]) -> None:
    joined: dict[Cell, list[Note]] = {}
    for note in notes:
        at = sheet[note.cell]
        cell = _anchor(sheet, at.row, at.column)
        if cell is not None:
            joined.setdefault(cell, []).append(note)
    for cell, found in joined.items():
        text = joined_note(cell.comment.text if cell.comment is not None else "", [note.text for note in found])
        lines = sum(1 + len(line) // 55 for line in text.split("\n"))
        cell.comment = Comment(text, AUTHOR, height=20 * lines + 24, width=380)
        cell.fill = copy(_FILLS["error" if any(note.severity == "error" for note in found) else "warning"])


def _replace_tab(book: openpyxl.Workbook, view: TabView, read: str | None) -> None:
    """Put the tab at the end, in place of an earlier one; the tab that units work in is never replaced, whatever its name."""
    old = next((sheet for sheet in book.worksheets if sheet.title.casefold() == view.title.casefold()), None)
    if old is not None and old.title != read:
        book.remove(old)
    title = tab_titles([*book.sheetnames, view.title])[-1]
    write_tab(book.create_sheet(title), view)


def package(book: openpyxl.Workbook) -> bytes:
    """Return the workbook as a package in which no moment of making stands."""
    properties: Any = book.properties
    properties.creator = properties.lastModifiedBy = AUTHOR
    properties.created = properties.modified = FIXED
    properties.lastPrinted = None
    buffer = io.BytesIO()
    book.save(buffer)
    return _with_fixed_times(buffer.getvalue())


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
    return core[:inside] + f"{FIXED:%Y-%m-%dT%H:%M:%SZ}".encode() + core[end:]
