"""Spreadsheets to and from other types of file, as Drive converts them.

Sources: page "Export MIME types for Google Workspace documents"; recorded traffic of gspread's test suite (a CSV that is uploaded over
a spreadsheet leaves one new tab, titled as the file, in Pacific time; a CSV that is exported has no line end after its last row).
"""

from __future__ import annotations

import csv
import io
import zlib

import xlsxwriter

from tests.google import cells
from tests.google.drive import XLSX_TYPE
from tests.google.errors import Refused
from tests.google.state import Json, Spreadsheet, Tab, new_tab


def exported(book: Spreadsheet, kind: str) -> bytes:
    """Return the spreadsheet as a file of this type: the first tab's cells as shown, or all tabs with their values."""
    if kind in ("text/csv", "text/tab-separated-values"):
        return _separated(book, "," if kind == "text/csv" else "\t").encode()
    if kind == XLSX_TYPE:
        return _workbook(book)
    raise Refused(400, "The requested conversion is not supported.", reason="badRequest", location=("convertTo", "parameter"))


def _separated(book: Spreadsheet, separator: str) -> str:
    tab = book.tabs[0]
    height, width = tab.extent(lambda cell: "userEnteredValue" in cell)
    written = io.StringIO()
    table = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    for row in range(height):
        table.writerow(_shown(tab.cell(row, column), book) for column in range(width))
    return written.getvalue().removesuffix("\r\n")


def _shown(cell: Json, book: Spreadsheet) -> str:
    return cells.formatted(cells.effective(cell), cells.number_format(cell), book.properties["locale"])


def _workbook(book: Spreadsheet) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as file:
        for tab in book.tabs:
            sheet = file.add_worksheet(tab.title[:31])
            for row, line in tab.cells.items():
                for column, cell in line.items():
                    value = next(iter(cells.effective(cell).values()), None)
                    if isinstance(value, dict):
                        sheet.write_string(row, column, _shown(cell, book))
                    elif isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif value is not None:
                        sheet.write(row, column, value)
    return written.getvalue()


def imported(book: Spreadsheet, text: str, title: str) -> Spreadsheet:
    """Return the spreadsheet with the CSV in the place of all its tabs."""
    rows = list(csv.reader(io.StringIO(text)))
    tab = new_tab(zlib.crc32(title.encode()) & 0x7FFFFFFF or 1, title, 0, rows=max(1000, len(rows)), columns=max(26, *map(len, rows), 0))
    _lay(tab, rows, book.properties["locale"])
    return Spreadsheet(book.id, {**book.properties, "timeZone": "America/Los_Angeles"}, [tab], owner=book.owner)


def _lay(tab: Tab, rows: list[list[str]], locale: str) -> None:
    for row, line in enumerate(rows):
        for column, text in enumerate(line):
            tab.put(row, column, cells.entered(text, locale))
