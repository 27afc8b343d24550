"""Personal data hidden in everything that a workbook carries: cells, notes, links, headings, lists, properties, pictures, caches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.worksheet.worksheet import Worksheet

Mask = Callable[[str], str]
_HEADINGS = ("oddHeader", "evenHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter")
_LIST_TEXTS = ("prompt", "promptTitle", "error", "errorTitle", "formula1", "formula2")
_PROPERTIES = ("title", "subject", "description", "keywords", "category")


def mask_book(book: openpyxl.Workbook, mask: Mask) -> None:
    """Mask the workbook in place. What cannot be masked is left out: pictures, charts, pivot tables, copies of other workbooks."""
    loose: Any = book
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):
            if isinstance(cell, Cell):
                _mask_cell(cell, mask)
        _mask_surroundings(sheet, mask)
        _leave_out(sheet)
    for name in _PROPERTIES:
        if value := getattr(loose.properties, name):
            setattr(loose.properties, name, mask(value))
    for custom in list(loose.custom_doc_props.names):
        del loose.custom_doc_props[custom]
    for link in loose._external_links:
        if link.externalBook is not None:
            link.externalBook.sheetDataSet = None


def _mask_cell(cell: Cell, mask: Mask) -> None:
    if cell.comment is not None and (hidden := mask(cell.comment.text)) != cell.comment.text:
        cell.comment.text = hidden
    if cell.hyperlink is not None:
        _mask_link(cell, mask)
    shown: Any = cell.value
    typed = getattr(shown, "text", None) if cell.data_type == "f" and not isinstance(shown, str) else shown  # a formula over a block
    if not isinstance(typed, str | CellRichText) or cell.data_type == "e":
        return
    plain = str(typed)
    if (hidden := mask(plain)) != plain:
        cell.value = hidden
        cell.data_type = "s"


def _mask_link(cell: Cell, mask: Mask) -> None:
    """Take a link away that is itself personal, such as `mailto:` or `tel:`; mask what it says of itself."""
    link: Any = cell.hyperlink
    if any(mask(part) != part for part in (link.target, link.location) if part):
        cell.hyperlink = None
        return
    for name in ("tooltip", "display"):
        if value := getattr(link, name):
            setattr(link, name, mask(value))


def _mask_surroundings(sheet: Worksheet, mask: Mask) -> None:
    loose: Any = sheet
    for name in _HEADINGS:
        heading = getattr(loose, name)
        for part in (heading.left, heading.center, heading.right):
            if part.text:
                part.text = mask(part.text)
    for rule in loose.data_validations.dataValidation:
        for name in _LIST_TEXTS:
            if value := getattr(rule, name):
                setattr(rule, name, ",".join(mask(item) for item in value.split(",")))  # a list's choices stand side by side
    for column in loose.auto_filter.filterColumn:
        if column.filters is not None:
            column.filters.filter = [mask(value) for value in column.filters.filter]


def _leave_out(sheet: Worksheet) -> None:
    """Leave out photographs, and what keeps a hidden copy of cells: charts and pivot tables."""
    loose: Any = sheet
    loose._images, loose._charts, loose._pivots = [], [], []
