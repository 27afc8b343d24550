"""`spreadsheets.values`: reading and writing by A1 ranges (reference of the resource; recorded traffic of gspread's test suite)."""

from __future__ import annotations

import json
from typing import Any

from tests.google import cells
from tests.google.a1 import grid_range, letters, text_of
from tests.google.errors import Refused, invalid
from tests.google.formulas import result
from tests.google.state import COLUMNS, ROWS, Cell, Json, Spreadsheet, Tab, bounds, shift

Parameters = dict[str, list[str]]
Block = tuple[Tab, int, int, int, int]


class Values:
    """The values of one spreadsheet; what it writes it writes into the spreadsheet that it was given."""

    def __init__(self, book: Spreadsheet) -> None:
        self.book = book
        self._written_places: set[tuple[int, int, int]] = set()

    def read(self, name: str, names: dict[str, str], parameters: Parameters, body: Any) -> Json:
        """Answer `get`, `batchGet` and `batchGetByDataFilter`."""
        if name == "get":
            return self._block_json(names["range"], _plain(parameters))
        if name == "batchGet":
            found = [self._block_json(one, _plain(parameters)) for one in parameters.get("ranges", [])]
            return {"spreadsheetId": self.book.id, "valueRanges": found}
        if name == "batchGetByDataFilter":
            options = {one: str(value) for one, value in body.items() if one != "dataFilters"}
            matched = [
                {"valueRange": self._shown_block(*self._filtered(one), options), "dataFilters": [one]}
                for one in body.get("dataFilters") or []
            ]
            return {"spreadsheetId": self.book.id, "valueRanges": matched}
        raise Refused(501, f"The stand-in does not know spreadsheets.values.{name}.")

    def write(self, name: str, names: dict[str, str], parameters: Parameters, body: Any) -> Json:
        """Answer `update`, `append`, `clear`, `batchUpdate` and `batchClear`."""
        options = _plain(parameters)
        if name == "update":
            return self._update(names["range"], body, options)
        if name == "append":
            return self._append(names["range"], body, options)
        if name == "clear":
            return {"spreadsheetId": self.book.id, "clearedRange": self._clear(names["range"])}
        if name == "batchClear":
            return {"spreadsheetId": self.book.id, "clearedRanges": [self._clear(one) for one in body.get("ranges") or []]}
        if name == "batchClearByDataFilter":
            places = [text_of(tab, *block) for tab, block in map(self._filtered, body.get("dataFilters") or [])]
            return {"spreadsheetId": self.book.id, "clearedRanges": [self._clear(place) for place in places]}
        if name == "batchUpdate":
            return self._batch_update(body)
        raise Refused(501, f"The stand-in does not know spreadsheets.values.{name}.")

    def _place(self, text: str) -> Block:
        place = grid_range(self.book, text)
        tab = self.book.tab(place.get("sheetId"))
        return (tab, *bounds(tab, place))

    def _filtered(self, data_filter: Json) -> tuple[Tab, tuple[int, int, int, int]]:
        if "a1Range" in data_filter:
            tab, *block = self._place(data_filter["a1Range"])
            return tab, (block[0], block[1], block[2], block[3])
        if "gridRange" not in data_filter:
            raise Refused(501, "The stand-in does not filter by developer metadata.")
        tab = self.book.tab(data_filter["gridRange"].get("sheetId"))
        return tab, bounds(tab, data_filter["gridRange"])

    def _block_json(self, text: str, options: dict[str, str]) -> Json:
        tab, *block = self._place(text)
        return self._shown_block(tab, (block[0], block[1], block[2], block[3]), options)

    def _shown_block(self, tab: Tab, block: tuple[int, int, int, int], options: dict[str, str]) -> Json:
        top, left, bottom, right = block
        by_columns = options.get("majorDimension") == COLUMNS
        lines = [
            [self._shown(tab.cell(row, column), options) for column in range(left, right)]
            for row in range(top, min(bottom, tab.extent()[0]))
        ]
        if by_columns:
            lines = [[line[at] for line in lines] for at in range(right - left)] if lines else []
        lines = [_trimmed(line) for line in lines]
        while lines and not lines[-1]:
            lines.pop()
        found: Json = {"range": text_of(tab, top, left, bottom, right), "majorDimension": "COLUMNS" if by_columns else "ROWS"}
        return {**found, "values": lines} if lines else found

    def _shown(self, cell: Cell, options: dict[str, str]) -> Any:
        render = options.get("valueRenderOption") or "FORMATTED_VALUE"
        value, form = cells.effective(cell), cells.number_format(cell)
        if render == "FORMULA" and "formulaValue" in cell.get("userEnteredValue", {}):
            return cell["userEnteredValue"]["formulaValue"]
        as_text = form.get("type") in cells.DATE_TYPES and options.get("dateTimeRenderOption") == "FORMATTED_STRING"
        if render == "FORMATTED_VALUE" or as_text or "errorValue" in value:
            return cells.formatted(value, form, self.book.properties["locale"])
        return next(iter(value.values()), "")

    def _update(self, text: str, body: Any, options: dict[str, str]) -> Json:
        tab, top, left, bottom, right = self._place(text)
        lines = _lines(body)
        height, width = len(lines), max((len(line) for line in lines), default=0)
        alone = bottom - top == 1 and right - left == 1
        if not alone and (height > bottom - top or width > right - left):
            beyond = f"row [{bottom + 1}]" if height > bottom - top else f"column [{letters(right)}]"
            raise invalid(f"Requested writing within range [{text_of(tab, top, left, bottom, right)}], but tried writing to {beyond}")
        self._grow(tab, top + height, left + width)
        return self._written(tab, top, left, lines, options)

    def _grow(self, tab: Tab, height: int, width: int) -> None:
        tab.set_size(height=max(tab.height, height), width=max(tab.width, width))

    def _written(self, tab: Tab, top: int, left: int, lines: list[list[Any]], options: dict[str, str]) -> Json:
        option = options.get("valueInputOption")
        if option not in ("RAW", "USER_ENTERED"):
            raise invalid("'valueInputOption' is required but not specified")
        for down, line in enumerate(lines):
            for across, value in enumerate(line):
                if isinstance(value, dict | list):
                    kind = "struct_value" if isinstance(value, dict) else "list_value"  # reported: pygsheets#338
                    raise invalid(f"Invalid values[{down}][{across}]: {kind} {json.dumps(value, ensure_ascii=False)}")
                if value is not None:
                    self._put(tab, top + down, left + across, value, raw=option == "RAW")
        width = max((len(line) for line in lines), default=0)
        places = {(top + down, left + across) for down, line in enumerate(lines) for across, value in enumerate(line) if value is not None}
        self._written_places |= {(tab.id, *place) for place in places}
        told: Json = {
            "spreadsheetId": self.book.id, "updatedRange": text_of(tab, top, left, top + max(len(lines), 1), left + max(width, 1)),
            **_counts({(tab.id, *place) for place in places}, "updated"),
        }  # fmt: skip
        if options.get("includeValuesInResponse", "").lower() in ("true", "1"):
            shown = {
                "valueRenderOption": options.get("responseValueRenderOption", ""),
                "dateTimeRenderOption": options.get("responseDateTimeRenderOption", ""),
            }
            told["updatedData"] = self._shown_block(tab, (top, left, top + max(len(lines), 1), left + max(width, 1)), shown)
        return told

    def _put(self, tab: Tab, row: int, column: int, value: Any, *, raw: bool) -> None:
        if isinstance(value, str) and len(value) > 50_000:
            raise invalid("Your input contains more than the maximum of 50000 characters in a single cell.")
        before = {name: kept for name, kept in tab.cell(row, column).items() if name not in ("userEnteredValue", cells.RESULT)}
        as_text = before.get("userEnteredFormat", {}).get("numberFormat", {}).get("type") == "TEXT" and not str(value).startswith("=")
        if isinstance(value, str) and (raw or as_text):
            given: Json = {"userEnteredValue": {"stringValue": value}} if value else {}
        else:
            given = cells.entered(value, self.book.properties["locale"])
        if "numberFormat" in before.get("userEnteredFormat", {}):
            given.pop("userEnteredFormat", None)
        form = {**before.get("userEnteredFormat", {}), **given.get("userEnteredFormat", {})}
        cell = {**before, **given, **({"userEnteredFormat": form} if form else {})}
        formula = cell.get("userEnteredValue", {}).get("formulaValue")
        if formula:
            cell[cells.RESULT] = result(formula, tab, self.book)
        tab.put(row, column, cell)

    def _append(self, text: str, body: Any, options: dict[str, str]) -> Json:
        tab, top, left, bottom, right = self._place(text)
        table = _table(tab, top, left, bottom, right)
        lines = _lines(body)
        at_row, at_column = (table[2], table[1]) if table else (top, left)
        if options.get("insertDataOption") == "INSERT_ROWS" and table:
            shift(tab, ROWS, at_row, len(lines))
        self._grow(tab, at_row + len(lines), at_column + max((len(line) for line in lines), default=0))
        told: Json = {"spreadsheetId": self.book.id, "updates": self._written(tab, at_row, at_column, lines, options)}
        if table:
            told["tableRange"] = text_of(tab, *table)
        return told

    def _clear(self, text: str) -> str:
        tab, top, left, bottom, right = self._place(text)
        tab.ensure_open(top, left, bottom, right)
        for row in [row for row in tab.cells if top <= row < bottom]:
            for column in [column for column in tab.cells.get(row, {}) if left <= column < right]:
                cell = {name: kept for name, kept in tab.cell(row, column).items() if name not in ("userEnteredValue", cells.RESULT)}
                tab.put(row, column, cell)
        return text_of(tab, top, left, bottom, right)

    def _batch_update(self, body: Any) -> Json:
        options = {name: str(value) for name, value in body.items() if name != "data"}
        answers = [self._update(one.get("range", ""), one, options) for one in body.get("data") or []]
        sheets = len({place[0] for place in self._written_places})
        sums = {**_counts(self._written_places, "totalUpdated"), **({"totalUpdatedSheets": sheets} if sheets else {})}
        return {"spreadsheetId": self.book.id, **sums, "responses": answers}


def _counts(places: set[tuple[int, int, int]], prefix: str) -> Json:
    """Return how many rows, columns and cells were written: each once, and only those that received something (recorded traffic)."""
    rows, columns = {(place[0], place[1]) for place in places}, {(place[0], place[2]) for place in places}
    counts = {"Rows": len(rows), "Columns": len(columns), "Cells": len(places)}
    return {f"{prefix}{name}": count for name, count in counts.items() if count}


def _plain(parameters: Parameters) -> dict[str, str]:
    return {name: values[0] for name, values in parameters.items()}


def _lines(body: Any) -> list[list[Any]]:
    lines = [list(line) for line in body.get("values") or []]
    if body.get("majorDimension") != COLUMNS:
        return lines
    height = max((len(line) for line in lines), default=0)
    return [[line[at] if at < len(line) else None for line in lines] for at in range(height)]


def _trimmed(line: list[Any]) -> list[Any]:
    while line and line[-1] == "":
        line.pop()
    return line


def _table(tab: Tab, top: int, left: int, bottom: int, right: int) -> tuple[int, int, int, int] | None:
    """Return the last table that the range meets, `None` where it meets none (guide "Reading & writing values", appending).

    A table is what hangs together: filled cells side by side or corner to corner, and what its bounding block touches. Of tables that
    end in the same row the one to the right is the last (recorded traffic).
    """
    filled = {(row, column) for row, line in tab.cells.items() for column, cell in line.items() if "userEnteredValue" in cell}
    inside = sorted(place for place in filled if top <= place[0] < bottom and left <= place[1] < right)
    tables: list[tuple[int, int, int, int]] = []
    for row, column in inside:
        if not any(one[0] <= row < one[2] and one[1] <= column < one[3] for one in tables):
            tables.append(_grown(filled, (row, column)))
    return max(tables, key=lambda table: (table[2], table[3]), default=None)


def _grown(filled: set[tuple[int, int]], start: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the block of the table that holds a place."""
    top, left, bottom, right = start[0], start[1], start[0] + 1, start[1] + 1
    while True:
        ring = [(row, column) for row in (top - 1, bottom) for column in range(left - 1, right + 1)]
        ring += [(row, column) for row in range(top, bottom) for column in (left - 1, right)]
        near = [place for place in ring if place in filled]
        if not near:
            return top, left, bottom, right
        top, bottom = min(top, *(row for row, _ in near)), max(bottom, *(row + 1 for row, _ in near))
        left, right = min(left, *(column for _, column in near)), max(right, *(column + 1 for _, column in near))
