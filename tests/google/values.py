"""`spreadsheets.values`: reading and writing by A1 ranges (reference of the resource; recorded traffic of gspread's test suite)."""

from __future__ import annotations

from typing import Any

from tests.google import cells
from tests.google.a1 import grid_range, text_of
from tests.google.errors import Refused, invalid
from tests.google.formulas import result
from tests.google.state import COLUMNS, Cell, Json, Spreadsheet, Tab, bounds

Parameters = dict[str, list[str]]
Block = tuple[Tab, int, int, int, int]


class Values:
    """The values of one spreadsheet; what it writes it writes into the spreadsheet that it was given."""

    def __init__(self, book: Spreadsheet) -> None:
        self.book = book

    def read(self, name: str, names: dict[str, str], parameters: Parameters, body: Any) -> Json:
        """Answer `get`, `batchGet` and `batchGetByDataFilter`."""
        if name == "get":
            return self._block_json(names["range"], _plain(parameters))
        if name == "batchGet":
            found = [self._block_json(one, _plain(parameters)) for one in parameters.get("ranges", [])]
            return {"spreadsheetId": self.book.id, "valueRanges": found}
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
        if name == "batchUpdate":
            return self._batch_update(body)
        raise Refused(501, f"The stand-in does not know spreadsheets.values.{name}.")

    def _place(self, text: str) -> Block:
        place = grid_range(self.book, text)
        tab = self.book.tab(place.get("sheetId"))
        return (tab, *bounds(tab, place))

    def _block_json(self, text: str, options: dict[str, str]) -> Json:
        tab, top, left, bottom, right = self._place(text)
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
        render = options.get("valueRenderOption", "FORMATTED_VALUE")
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
            what = f"row: {bottom + 1}" if height > bottom - top else f"column: {right + 1}"
            raise invalid(
                f"Requested writing within range [{text_of(tab, top, left, bottom, right)}], but tried writing to {what.split(':', maxsplit=1)[0]} [{what.split(': ')[1]}]"
            )
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
                if value is not None:
                    self._put(tab, top + down, left + across, value, raw=option == "RAW")
        width = max((len(line) for line in lines), default=0)
        counted = sum(value is not None for line in lines for value in line)
        told = {
            "spreadsheetId": self.book.id, "updatedRange": text_of(tab, top, left, top + max(len(lines), 1), left + max(width, 1)),
            "updatedRows": len(lines), "updatedColumns": width, "updatedCells": counted,
        }  # fmt: skip
        return {name: value for name, value in told.items() if value != 0}

    def _put(self, tab: Tab, row: int, column: int, value: Any, *, raw: bool) -> None:
        if isinstance(value, str) and len(value) > 50_000:
            raise invalid("Your input contains more than the maximum of 50000 characters in a single cell.")
        if isinstance(value, dict | list):
            raise invalid(f"Invalid values[{row}][{column}]: {value}")
        before = {name: kept for name, kept in tab.cell(row, column).items() if name not in ("userEnteredValue", cells.RESULT)}
        if raw and isinstance(value, str):
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
            from tests.google.state import ROWS, shift  # noqa: PLC0415

            shift(tab, ROWS, at_row, len(lines))
        self._grow(tab, at_row + len(lines), at_column + max((len(line) for line in lines), default=0))
        told: Json = {"spreadsheetId": self.book.id, "updates": self._written(tab, at_row, at_column, lines, options)}
        if table:
            told["tableRange"] = text_of(tab, *table)
        return told

    def _clear(self, text: str) -> str:
        tab, top, left, bottom, right = self._place(text)
        for row in [row for row in tab.cells if top <= row < bottom]:
            for column in [column for column in tab.cells.get(row, {}) if left <= column < right]:
                cell = {name: kept for name, kept in tab.cell(row, column).items() if name not in ("userEnteredValue", cells.RESULT)}
                tab.put(row, column, cell)
        return text_of(tab, top, left, bottom, right)

    def _batch_update(self, body: Any) -> Json:
        answers = [self._update(one["range"], one, {"valueInputOption": body.get("valueInputOption")}) for one in body.get("data") or []]
        sums = {f"totalUpdated{name}": sum(one.get(f"updated{name}", 0) for one in answers) for name in ("Rows", "Columns", "Cells")}
        sheets = len({one["updatedRange"].split("!")[0] for one in answers})
        return {"spreadsheetId": self.book.id, **sums, "totalUpdatedSheets": sheets, "responses": answers}


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
    """Return the table that touches the range: rows and columns side by side with something in them, as `append` looks for one."""
    filled = {(row, column) for row, line in tab.cells.items() for column, cell in line.items() if "userEnteredValue" in cell}
    inside = [place for place in filled if top <= place[0] < bottom and left <= place[1] < right]
    if not inside:
        return None
    first_row, last_row = min(row for row, _ in inside), max(row for row, _ in inside)
    first_column, last_column = min(column for _, column in inside), max(column for _, column in inside)
    while True:
        near = [
            (row, column) for row, column in filled
            if first_row - 1 <= row <= last_row + 1 and first_column - 1 <= column <= last_column + 1
            and not (first_row <= row <= last_row and first_column <= column <= last_column)
        ]  # fmt: skip
        if not near:
            return first_row, first_column, last_row + 1, last_column + 1
        first_row, last_row = min(first_row, *(row for row, _ in near)), max(last_row, *(row for row, _ in near))
        first_column, last_column = min(first_column, *(column for _, column in near)), max(last_column, *(column for _, column in near))
