""".xlsx files laid out as spreadsheets, as an import by Drive does: typed values, formulas with their results, formats of numbers, merges, notes."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.google import cells
from tests.google.state import Json, Spreadsheet, Tab, new_properties, new_tab

MOST_ROWS = 20_000


def spreadsheet_of(path: Path, spreadsheet_id: str, *, locale: str = "vi_VN") -> Spreadsheet:
    """Return the workbook as a spreadsheet."""
    data = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        typed = openpyxl.load_workbook(io.BytesIO(data))
        shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    book = Spreadsheet(spreadsheet_id, {"title": path.stem, **new_properties(locale, "Asia/Ho_Chi_Minh")}, [])
    mac = typed.epoch == CALENDAR_MAC_1904
    for index, sheet in enumerate(typed.worksheets):
        results = shown.worksheets[index]
        tab = new_tab(index + 1, sheet.title, index, rows=max(sheet.max_row, 1000), columns=max(sheet.max_column, 26))
        if sheet.sheet_state != "visible":
            tab.properties = {**tab.properties, "hidden": True}
        for cell in list(sheet._cells.values()):
            _lay(tab, cell, results._cells.get((cell.row, cell.column)), mac=mac)
        for number, row in sheet.row_dimensions.items():
            if row.hidden:
                tab.rows[number - 1] = {"hiddenByUser": True}
        for block in sheet.merged_cells.ranges:
            tab.merges.append(
                {
                    "sheetId": tab.id,
                    "startRowIndex": block.min_row - 1,
                    "endRowIndex": block.max_row,
                    "startColumnIndex": block.min_col - 1,
                    "endColumnIndex": block.max_col,
                }
            )
        book.tabs.append(tab)
    return book


def _lay(tab: Tab, cell: Any, result: Any, *, mac: bool) -> None:
    if not isinstance(cell, XlsxCell):
        return
    laid: Json = {}
    value = cell.value
    if cell.data_type == "f":
        text = value if isinstance(value, str) else getattr(value, "text", "=")
        laid["userEnteredValue"] = {"formulaValue": text}
        laid[cells.RESULT] = _value(result.value if result is not None else None, getattr(result, "data_type", "n"), mac=mac)
        value = result.value if result is not None else None
    elif value is not None:
        laid["userEnteredValue"] = _value(value, cell.data_type, mac=mac)
        if "errorValue" in laid["userEnteredValue"]:  # an error that was pasted as a value comes in as the formula that gives it
            laid[cells.RESULT] = laid["userEnteredValue"]
            laid["userEnteredValue"] = {"formulaValue": f"={value}"}
    kind = _kind(value, cell.number_format)
    if kind:
        laid["userEnteredFormat"] = {"numberFormat": {"type": kind, "pattern": cell.number_format}}
    if cell.comment is not None:
        laid["note"] = cell.comment.text
    if cell.hyperlink is not None and cell.hyperlink.target:
        form = laid.get("userEnteredFormat", {})
        laid["userEnteredFormat"] = {**form, "textFormat": {"link": {"uri": cell.hyperlink.target}}}
    tab.put(cell.row - 1, cell.column - 1, laid)


def _value(value: Any, kind: str, *, mac: bool) -> Json:
    if value is None or value == "":
        return {}
    if kind == "e" or (isinstance(value, str) and value in cells.ERRORS and kind != "s"):
        return {"errorValue": {"type": cells.ERRORS.get(value, "ERROR"), "message": ""}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, datetime | date):
        number = cells.serial(value)
        return {"numberValue": int(number) if number == int(number) else number}
    if isinstance(value, time):
        return {"numberValue": (value.hour * 3600 + value.minute * 60 + value.second) / 86400}
    if isinstance(value, timedelta):
        return {"numberValue": value / timedelta(days=1)}
    if isinstance(value, int | float):
        return {"numberValue": value}
    return {"stringValue": str(value)}


def _kind(value: Any, number_format: str) -> str | None:
    if isinstance(value, datetime):
        return "DATE" if (value.hour, value.minute, value.second) == (0, 0, 0) and "h" not in number_format.lower() else "DATE_TIME"
    if isinstance(value, date):
        return "DATE"
    if isinstance(value, time | timedelta):
        return "TIME"
    if "%" in number_format:
        return "PERCENT"
    return "NUMBER" if number_format not in ("General", "@", "") and isinstance(value, int | float) else None
