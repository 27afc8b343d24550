"""The JSON of a spreadsheet, as `spreadsheets.get` tells it → Sheet: typed values, never what is shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sync.columns import aliases
from sync.edges.feedback_words import OWN_COLUMNS
from sync.model import Cell, CellError, Merge, Sheet, Tab
from sync.text import fold

Json = Mapping[str, Any]
FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,index,hidden,gridProperties(rowCount,columnCount)),merges,conditionalFormats,developerMetadata,"
    "data(startRow,startColumn,rowMetadata(hiddenByUser,hiddenByFilter),"
    "rowData(values(effectiveValue,userEnteredValue,note,effectiveFormat(numberFormat(type))))))"
)
"""One read brings all that is read, and all that has to be known to write beside it."""
_EPOCH = datetime(1899, 12, 30)
_ERRORS = {
    "ERROR": "#ERROR!", "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!", "NAME": "#NAME?",
    "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "Loading...",
}  # fmt: skip
KEY = "donghanh"
"""Of the developer metadata that a tab of the program's own bears."""
_NAMES = aliases()
_HEADER_ROWS, _LEAST_TITLES = 30, 3


def sheet_of(answer: Json, *, cluster: str, source: str, own: bool = False) -> Sheet:
    """Return people's tabs, hidden ones too, cells as people left them; `source` is where it lies, for people.

    With ``own`` the program's own tabs are there too.
    """
    tabs = tuple(tab_of(one) for one in answer.get("sheets", ()) if own or not _is_own(one))
    return Sheet(cluster=cluster, source=source, tabs=tabs, fingerprint=_fingerprint(tabs))


def _is_own(sheet: Json) -> bool:
    return any(one.get("metadataKey") == KEY for one in sheet.get("developerMetadata", ()))


def tab_of(sheet: Json) -> Tab:
    """Return one tab."""
    rows = [[_cell(one) for one in line] for line in grid_cells(sheet)]
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    height, width = len(rows), max((len(row) for row in rows), default=0)
    merges = tuple(_merges(sheet.get("merges", ()), height, width))
    return Tab(str(sheet["properties"]["title"]), rows, merges)


def grid_cells(sheet: Json) -> list[Sequence[Json]]:
    """Return the CellData of a tab's JSON, row by row from A1."""
    blocks: Sequence[Json] = sheet.get("data", ())
    return [line.get("values", ()) for line in blocks[0].get("rowData", ())] if blocks else []


def _merges(blocks: Iterable[Json], height: int, width: int) -> Iterable[Merge]:
    for one in blocks:
        top, left = one.get("startRowIndex", 0), one.get("startColumnIndex", 0)
        if top < height and left < width:
            yield Merge(top + 1, left + 1, min(one["endRowIndex"], height), min(one["endColumnIndex"], width))


def _cell(cell: Json) -> Cell:
    value = cell.get("effectiveValue")
    if not value:
        return ""
    if "numberValue" in value:
        return _number(float(value["numberValue"]), str(cell.get("effectiveFormat", {}).get("numberFormat", {}).get("type", "")))
    if "stringValue" in value:
        return str(value["stringValue"])
    if "boolValue" in value:
        return bool(value["boolValue"])
    if "errorValue" in value:
        return CellError(_ERRORS.get(str(value["errorValue"].get("type")), "#ERROR!"))
    return ""


def _number(number: float, kind: str) -> Cell:
    """Return a number, or the day, time or percentage that its format makes it; a day too far away for a calendar stays a number."""
    if kind == "PERCENT":
        return f"{number * 100:.10g}%"
    if kind not in ("DATE", "DATE_TIME", "TIME"):
        return number
    try:
        moment = _EPOCH + timedelta(days=number)
    except OverflowError:
        return number
    moment = (moment + timedelta(microseconds=500)).replace(microsecond=moment.microsecond // 1000 * 1000)
    if kind == "TIME":
        return time(moment.hour, moment.minute, moment.second) if 0 <= number < 1 else timedelta(days=number)
    whole_day = moment.time() == time()
    return date(moment.year, moment.month, moment.day) if whole_day else moment


def is_loading(answer: Json) -> bool:
    """Return whether a function such as IMPORTRANGE is still fetching: what it shows now is not what people see in a minute."""
    cells = (cell for sheet in answer.get("sheets", ()) for line in grid_cells(sheet) for cell in line)
    return any(cell.get("effectiveValue", {}).get("errorValue", {}).get("type") == "LOADING" for cell in cells)


def has_tabs(answer: Json) -> bool:
    """Return whether the answer has the shape of one: half of it is not worth keeping."""
    sheets = answer.get("sheets")
    return isinstance(sheets, list) and all(isinstance(one.get("properties", {}).get("title"), str) for one in sheets)


def tab_ids(answer: Json) -> dict[str, int]:
    """Return title → id of each tab."""
    return {str(one["properties"]["title"]): int(one["properties"].get("sheetId", 0)) for one in answer.get("sheets", ())}


def _fingerprint(tabs: Iterable[Tab]) -> str:
    """Return a mark that changes with people's cells, and not with what the program itself wrote beside them."""
    digest = hashlib.blake2b(digest_size=16)
    for tab in tabs:
        digest.update(f"{tab.title}\n{tab.merges}\n".encode())
        for row in people_rows(tab, own_columns(tab)):
            digest.update(json.dumps(row, ensure_ascii=False, default=repr).encode())
    return digest.hexdigest()


def own_columns(tab: Tab) -> frozenset[int]:
    """Return the columns, from 0, that a header gives to the system; a row is a header where it names several columns."""
    found: set[int] = set()
    for row in tab.rows[:_HEADER_ROWS]:
        named = {at: column for at, cell in enumerate(row) if isinstance(cell, str) and cell and (column := _NAMES.get(fold(cell)))}
        if len(named) >= _LEAST_TITLES:
            found |= {at for at, column in named.items() if column in OWN_COLUMNS}
    return frozenset(found)


def people_rows(tab: Tab, left_out: frozenset[int]) -> list[tuple[Cell, ...]]:
    """Return each row without these columns, and without empty cells at its end."""
    found = []
    for row in tab.rows:
        kept = ["" if at in left_out else cell for at, cell in enumerate(row)]
        while kept and kept[-1] == "":
            kept.pop()
        found.append(tuple(kept))
    while found and not found[-1]:
        found.pop()
    return found
