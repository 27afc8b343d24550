"""`spreadsheets.batchUpdate`: each request on a copy of the spreadsheet, the copy kept only if all of them went through.

Sources: the reference of `Request` and its members in the Sheets documentation and discovery document; the sentences of refusals
from recorded traffic of gspread's test suite and from reported threads where there is one. Two tabs or two named ranges of one name
are refused; that a deletion of an unknown id is refused, and with it the whole batch, is the documented rule of atomicity.
"""

from __future__ import annotations

import copy
import functools
import re
import zlib
from collections.abc import Callable

from tests.google import cells, masks
from tests.google.discovery import document
from tests.google.errors import Refused, invalid
from tests.google.state import (
    COLUMNS,
    PROTECTED,
    ROWS,
    Json,
    Spreadsheet,
    Tab,
    bounds,
    close,
    drop_empty,
    may_edit,
    new_tab,
    protected_json,
    shift,
)

LONGEST_TEXT = 50_000
"""Characters of a cell."""
MOST_METADATA = 30_000
"""Characters of the developer metadata of a spreadsheet, and of each of its tabs."""
Change = Callable[[Spreadsheet, Json], Json]
_CHANGES: dict[str, Change] = {}


def applied(book: Spreadsheet, requests: list[Json], editor: str | None = None) -> tuple[Spreadsheet, list[Json]]:
    """Return the changed copy and one reply a request; raise Refused, naming the request, where one cannot be carried out.

    `editor` is the account that asks, `None` for the owner: what is protected is closed to it.
    """
    if not requests:
        raise invalid("Must specify at least one request.")
    changed, replies = book.copy(), []
    for number, request in enumerate(requests):
        kinds = [kind for kind, what in request.items() if what is not None]
        if len(kinds) != 1:
            raise invalid(
                f"Invalid requests[{number}]: Must specify exactly one kind of request."
                if kinds
                else f"Invalid requests[{number}]: No request set."
            )
        kind = kinds[0]
        if kind not in _CHANGES:
            raise Refused(501, f"The stand-in does not know how to {kind}.")
        close(changed, editor)
        try:
            _ensure_complete(kind, request[kind])
            replies.append(_CHANGES[kind](changed, request[kind]))
        except Refused as refused:
            raise Refused(refused.code, f"Invalid requests[{number}].{kind}: {refused.message}") from refused
    changed.ensure_room()
    close(changed, None)
    return changed, replies


_NEEDED = {
    "range": ("repeatCell", "setDataValidation", "updateBorders", "sortRange", "mergeCells", "unmergeCells", "insertDimension", "deleteDimension",
              "insertRange", "deleteRange", "addDimensionGroup", "deleteDimensionGroup", "updateDimensionProperties"),
    "source": ("copyPaste", "cutPaste", "moveDimension"), "destination": ("copyPaste", "cutPaste"), "find": ("findReplace",),
    "protectedRange": ("updateProtectedRange",),
}  # fmt: skip
"""Member → kinds of request that make no sense without it; the documents do not tell, nor what Google says then."""
_DIMENSIONS = {
    "insertDimension": "range", "deleteDimension": "range", "addDimensionGroup": "range", "deleteDimensionGroup": "range", "moveDimension": "source",
    "updateDimensionProperties": "range",
}  # fmt: skip


def _ensure_complete(kind: str, asked: Json) -> None:
    missing = next((member for member, kinds in _NEEDED.items() if kind in kinds and member not in asked), None)
    if missing:
        raise invalid(f"No {missing} specified.")
    place = asked.get(_DIMENSIONS.get(kind, ""), {"dimension": ROWS})
    if place.get("dimension") not in (ROWS, COLUMNS):
        raise invalid("No dimension specified.")
    if place.get("startIndex", 0) < 0 or place.get("endIndex", 1) <= place.get("startIndex", 0):
        raise invalid(f"{_DIMENSIONS[kind]}.endIndex must be greater than {_DIMENSIONS[kind]}.startIndex, which must not be negative.")


def change(kind: str) -> Callable[[Change], Change]:
    """Name a function as the one that carries out this kind of request."""

    def register(function: Change) -> Change:
        _CHANGES[kind] = function
        return function

    return register


def new_id(book: Spreadsheet, kind: str, seed: str) -> int:
    """Return an id that is not taken: from the seed, so that the same doing gives the same ids."""
    taken = {tab.id for tab in book.tabs}
    taken |= {one["chartId"] for tab in book.tabs for one in tab.charts}
    taken |= {one["protectedRangeId"] for tab in book.tabs for one in tab.protected}
    taken |= {one.get("metadataId", 0) for one in _all_metadata(book)}
    taken |= {one["filterViewId"] for tab in book.tabs for one in tab.filter_views}
    number = zlib.crc32(f"{book.id} {kind} {seed}".encode()) & 0x7FFFFFFF
    while number in taken or number == 0:
        number = (number + 1) & 0x7FFFFFFF
    return number


def updated(fields: str | None, target: Json, source: Json, reference: str) -> Json:
    """Return the target with the fields that a mask names taken from the source; an empty mask is refused."""
    if not fields:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return masks.update(_mask(fields, reference), target, source)


@functools.cache
def _mask(fields: str, reference: str) -> masks.Mask:
    """Return a mask that was checked; they are never changed, and one is asked for with every cell."""
    try:
        return masks.resolved(masks.parse(fields), document("sheets")["schemas"], reference)
    except masks.UnknownField as unknown:
        raise invalid(f"Invalid field selection {unknown}") from unknown


def of_grid(given: Json, book: Spreadsheet) -> tuple[Tab, tuple[int, int, int, int]]:
    """Return the tab of a GridRange and its bounds."""
    tab = book.tab(given.get("sheetId"))
    return tab, bounds(tab, given)


# Tabs --------------------------------------------------------------------------------------------------------------------------


@change("addSheet")
def _add_sheet(book: Spreadsheet, asked: Json) -> Json:
    wanted = dict(asked.get("properties") or {})
    index = min(wanted.pop("index", len(book.tabs)), len(book.tabs))
    sheet_id = wanted.pop("sheetId", None)
    if sheet_id is None:
        sheet_id = new_id(book, "sheet", wanted.get("title") or str(len(book.tabs)))
    if any(tab.id == sheet_id for tab in book.tabs):
        raise invalid(f'The sheet with id "{sheet_id}" already exists. Please enter another id.')
    title = wanted.pop("title", None) or _free_title(book)
    _ensure_free_title(book, title)
    book.tabs.insert(index, new_tab(sheet_id, title, index, **wanted))
    book.renumber()
    return {"addSheet": {"properties": book.tab(sheet_id).properties}}


def _free_title(book: Spreadsheet) -> str:
    number = len(book.tabs) + 1
    while book.titled(f"Trang tính{number}"):
        number += 1
    return f"Trang tính{number}"


def _ensure_free_title(book: Spreadsheet, title: str, own: Tab | None = None) -> None:
    if any(tab is not own and tab.title == title for tab in book.tabs):
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if not title or len(title) > 100:
        raise invalid("The sheet name must be between 1 and 100 characters.")


@change("deleteSheet")
def _delete_sheet(book: Spreadsheet, asked: Json) -> Json:
    tab = book.tab(asked.get("sheetId"))
    if tab.closed:
        raise invalid(PROTECTED)
    if len(book.tabs) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    if not any(not one.properties.get("hidden") for one in book.tabs if one is not tab):
        raise invalid("You can't remove all the visible sheets in a document.")
    book.tabs.remove(tab)
    book.named_ranges = [one for one in book.named_ranges if one["range"].get("sheetId", 0) != tab.id]
    book.renumber()
    return {}


@change("duplicateSheet")
def _duplicate_sheet(book: Spreadsheet, asked: Json) -> Json:
    source = book.tab(asked.get("sourceSheetId"))
    title = asked.get("newSheetName") or f"Bản sao của {source.title}"
    _ensure_free_title(book, title)
    twin = source.copy()
    twin.properties = {**twin.properties, "title": title, "sheetId": asked.get("newSheetId") or new_id(book, "sheet", title)}
    for place in twin.ranges():
        place["sheetId"] = twin.id
    for chart in twin.charts:
        chart["chartId"] = new_id(book, "chart", f"{title} {chart['chartId']}")
    for protected in twin.protected:
        protected["protectedRangeId"] = new_id(book, "protected", f"{title} {protected['protectedRangeId']}")
    twin.metadata = [
        {**one, "metadataId": new_id(book, "metadata", f"{title} {one['metadataId']}"), "location": {**one["location"], "sheetId": twin.id}}
        for one in twin.metadata
    ]  # "The spreadsheet-scoped unique ID" (reference of DeveloperMetadata)
    book.tabs.insert(min(asked.get("insertSheetIndex", 0), len(book.tabs)), twin)
    book.renumber()
    return {"duplicateSheet": {"properties": twin.properties}}


@change("updateSheetProperties")
def _update_sheet(book: Spreadsheet, asked: Json) -> Json:
    wanted = asked.get("properties") or {}
    tab = book.tab(wanted.get("sheetId"))
    if "title" in wanted and "title" in (asked.get("fields") or ""):
        _ensure_free_title(book, wanted["title"], tab)
    changed = updated(asked.get("fields"), tab.properties, wanted, "SheetProperties")
    grid = changed["gridProperties"]
    _ensure_freezable(tab, grid)
    tab.properties = {**changed, "sheetId": tab.id}
    if tab.properties.get("hidden") and all(one.properties.get("hidden") for one in book.tabs):
        raise invalid("You can't hide all the sheets in a document.")
    _trim(tab)
    if "index" in wanted and "index" in (asked.get("fields") or ""):
        # The index is counted before the move, so a move to the right ends one place further left (reference of SheetProperties.index).
        at, target = book.tabs.index(tab), wanted["index"]
        book.tabs.remove(tab)
        book.tabs.insert(target - 1 if target > at else target, tab)
    book.renumber()
    return {}


def _ensure_freezable(tab: Tab, grid: Json) -> None:
    for name, what, size in (("Row", "rows", "rowCount"), ("Column", "columns", "columnCount")):
        frozen = grid.get(f"frozen{name}Count", 0)
        if frozen and frozen >= grid[size]:
            raise invalid(f"You can't freeze all visible {what} on the sheet.")
        if frozen and any(one[f"start{name}Index"] < frozen < one[f"end{name}Index"] for one in tab.merges):
            raise invalid(f"You can't freeze {what} which contain only part of a merged cell.")


def _trim(tab: Tab) -> None:
    """Forget what lies beyond a grid that was made smaller."""
    tab.cells = {row: {at: cell for at, cell in line.items() if at < tab.width} for row, line in tab.cells.items() if row < tab.height}
    for place in tab.ranges():
        for end, size in (("endRowIndex", tab.height), ("endColumnIndex", tab.width)):
            if place.get(end, 0) > size:
                place[end] = size
    drop_empty(tab)


@change("updateSpreadsheetProperties")
def _update_spreadsheet(book: Spreadsheet, asked: Json) -> Json:
    book.properties = updated(asked.get("fields"), book.properties, asked.get("properties") or {}, "SpreadsheetProperties")
    return {}


# Cells -------------------------------------------------------------------------------------------------------------------------


def _checked(cell: Json, book: Spreadsheet) -> Json:
    """Refuse what no cell can hold; find a typed formula's result anew."""
    entered = cell.get("userEnteredValue", {})
    if len(entered) > 1:
        raise invalid("Must specify exactly one kind of value in ExtendedValue.")
    for text in entered.values():
        if isinstance(text, str) and len(text) > LONGEST_TEXT:
            raise invalid(f"Your input contains more than the maximum of {LONGEST_TEXT} characters in a single cell.")
    if "errorValue" in entered:
        raise invalid("Invalid value: error values cannot be entered.")
    return cell


def _put(tab: Tab, row: int, column: int, fields: str, given: Json, book: Spreadsheet) -> None:
    before = tab.cell(row, column)
    cell = updated(fields, before, given, "CellData")
    written = {one.partition("(")[0].strip() for one in fields.split(",")}
    if "userEnteredValue" in written and not {"textFormatRuns", "*"} & written:
        cell.pop("textFormatRuns", None)  # "When writing a new user_entered_value, previous runs are erased."
    if cell.get("userEnteredValue") != before.get("userEnteredValue"):
        cell.pop(cells.RESULT, None)
        formula = cell.get("userEnteredValue", {}).get("formulaValue")
        if formula:
            from tests.google.formulas import result  # noqa: PLC0415

            cell[cells.RESULT] = result(formula, tab, book)
    tab.put(row, column, _checked(cell, book))


@change("updateCells")
def _update_cells(book: Spreadsheet, asked: Json) -> Json:
    rows = asked.get("rows") or []
    fields = asked.get("fields") or ""
    updated(fields, {}, {}, "CellData")  # a mask that is empty or wrong is refused though no cell be named
    if ("start" in asked) == ("range" in asked):
        raise invalid("Must specify exactly one of start or range.")
    if "start" in asked:
        start = asked["start"]
        tab = book.tab(start.get("sheetId"))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        widest = max((len(row.get("values") or []) for row in rows), default=0)
        if top + len(rows) > tab.height or left + widest > tab.width:
            raise invalid(f"Attempting to write column: {left + widest - 1}, beyond the last requested column of: {tab.width - 1}" if left + widest > tab.width
                          else f"Attempting to write row: {top + len(rows) - 1}, beyond the last requested row of: {tab.height - 1}")  # fmt: skip
        for down, row in enumerate(rows):
            for across, given in enumerate(row.get("values") or []):
                _put(tab, top + down, left + across, fields, given or {}, book)
        return {}
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    tab.ensure_open(top, left, bottom, right)
    for row in range(top, bottom):
        values = (rows[row - top].get("values") or []) if row - top < len(rows) else []
        if row - top >= len(rows) and row not in tab.cells:
            continue
        for column in range(left, right):
            given = values[column - left] if column - left < len(values) else {}
            if given or column in tab.cells.get(row, {}):
                _put(tab, row, column, fields, given or {}, book)
    if len(rows) > bottom - top:
        raise invalid("The number of rows exceeds the range.")
    return {}


@change("repeatCell")
def _repeat_cell(book: Spreadsheet, asked: Json) -> Json:
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    given = asked.get("cell") or {}
    for row in range(top, bottom):
        for column in range(left, right):
            _put(tab, row, column, asked.get("fields") or "", given, book)
    return {}


@change("appendCells")
def _append_cells(book: Spreadsheet, asked: Json) -> Json:
    tab = book.tab(asked.get("sheetId"))
    top = tab.extent(lambda cell: "userEnteredValue" in cell)[0]
    rows = asked.get("rows") or []
    tab.set_size(height=max(tab.height, top + len(rows)))
    for down, row in enumerate(rows):
        for across, given in enumerate(row.get("values") or []):
            _put(tab, top + down, across, asked.get("fields") or "", given or {}, book)
    return {}


@change("setDataValidation")
def _set_validation(book: Spreadsheet, asked: Json) -> Json:
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    rule = asked.get("rule")
    for row in range(top, bottom):
        for column in range(left, right):
            cell = {name: value for name, value in tab.cell(row, column).items() if name != "dataValidation"}
            tab.put(row, column, {**cell, **({"dataValidation": rule} if rule else {})})
    return {}


@change("updateBorders")
def _update_borders(book: Spreadsheet, asked: Json) -> Json:
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    inner = {"top": "innerHorizontal", "bottom": "innerHorizontal", "left": "innerVertical", "right": "innerVertical"}
    for row in range(top, bottom):
        for column in range(left, right):
            at_edge = {"top": row == top, "bottom": row == bottom - 1, "left": column == left, "right": column == right - 1}
            cell = tab.cell(row, column)
            form = dict(cell.get("userEnteredFormat", {}))
            borders = dict(form.get("borders", {}))
            for side, edge in at_edge.items():
                wanted = asked.get(side if edge else inner[side])
                if wanted is not None:
                    borders[side] = wanted
            tab.put(row, column, {**cell, "userEnteredFormat": {**form, "borders": borders}})
    return {}


@change("findReplace")
def _find_replace(book: Spreadsheet, asked: Json) -> Json:
    pattern = asked["find"] if asked.get("searchByRegex") else re.escape(asked["find"])
    try:
        search = re.compile(pattern, 0 if asked.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise invalid(f"Invalid regular expression: {asked['find']}") from error
    if "range" in asked:
        places = [of_grid(asked["range"], book)]
    else:
        tabs = book.tabs if asked.get("allSheets") else [book.tab(asked.get("sheetId"))]
        places = [(tab, (0, 0, tab.height, tab.width)) for tab in tabs]
    values = occurrences = 0
    lines: set[tuple[int, int]] = set()
    for tab, (top, left, bottom, right) in places:
        for row, line in list(tab.cells.items()):
            for column, cell in list(line.items()):
                text = cell.get("userEnteredValue", {}).get("stringValue")
                if text is None or not (top <= row < bottom and left <= column < right):
                    continue
                hits = [hit for hit in search.finditer(text) if not asked.get("matchEntireCell") or hit[0] == text]
                if hits:
                    replaced = search.sub(lambda hit: re.sub(r"\$(\d)", lambda part: hit[int(part[1])], asked.get("replacement", "")), text)
                    entered = cells.entered(replaced, book.properties["locale"])
                    tab.put(row, column, {**cell, "userEnteredValue": entered.get("userEnteredValue")})
                    values += 1
                    occurrences += len(hits)
                    lines.add((tab.id, row))
    told = {
        "valuesChanged": values,
        "rowsChanged": len(lines),
        "sheetsChanged": len({sheet_id for sheet_id, _ in lines}),
        "occurrencesChanged": occurrences,
    }
    return {"findReplace": {name: count for name, count in told.items() if count}}


@change("copyPaste")
def _copy_paste(book: Spreadsheet, asked: Json) -> Json:
    source, (top, left, bottom, right) = of_grid(asked["source"], book)
    target, (to_top, to_left, to_bottom, to_right) = of_grid(asked["destination"], book)
    kind = asked.get("pasteType", "PASTE_NORMAL")
    block = [[source.cell(row, column) for column in range(left, right)] for row in range(top, bottom)]
    height, width = max(bottom - top, to_bottom - to_top), max(right - left, to_right - to_left)
    for down in range(height):
        for across in range(width):
            given = block[down % (bottom - top)][across % (right - left)]
            before = target.cell(to_top + down, to_left + across)
            if kind == "PASTE_VALUES":
                pasted = {**before, "userEnteredValue": cells.effective(given) or None}
            elif kind == "PASTE_FORMAT":
                pasted = {**before, "userEnteredFormat": given.get("userEnteredFormat")}
            else:
                pasted = dict(given)
            target.put(to_top + down, to_left + across, pasted)
    return {}


@change("cutPaste")
def _cut_paste(book: Spreadsheet, asked: Json) -> Json:
    source, (top, left, bottom, right) = of_grid(asked["source"], book)
    target = book.tab(asked["destination"].get("sheetId"))
    to_top, to_left = asked["destination"].get("rowIndex", 0), asked["destination"].get("columnIndex", 0)
    block = {(row, column): source.cell(row, column) for row in range(top, bottom) for column in range(left, right)}
    for row, column in block:
        source.put(row, column, {})
    for (row, column), cell in block.items():
        target.put(to_top + row - top, to_left + column - left, cell)
    return {}


@change("sortRange")
def _sort_range(book: Spreadsheet, asked: Json) -> Json:
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    upright = [one for one in tab.merges if one["endRowIndex"] - one["startRowIndex"] > 1]
    if any(_meets(one, (top, left, bottom, right)) for one in upright):
        raise invalid("You can't perform a sort on a range that contains vertically merged cells.")
    lines = [{column: tab.cell(row, column) for column in range(left, right)} for row in range(top, bottom)]
    for order in reversed(asked.get("sortSpecs") or []):
        column = order.get("dimensionIndex", 0)
        empty = [line for line in lines if not cells.effective(line.get(column, {}))]
        filled = [line for line in lines if cells.effective(line.get(column, {}))]
        filled.sort(key=lambda line: _sort_key(cells.effective(line[column])), reverse=order.get("sortOrder") == "DESCENDING")
        lines = filled + empty
    for row, line in enumerate(lines, top):
        for column, cell in line.items():
            tab.put(row, column, cell)
    return {}


def _meets(place: Json, block: tuple[int, int, int, int]) -> bool:
    top, left, bottom, right = block
    return bool(
        place["startRowIndex"] < bottom
        and place["endRowIndex"] > top
        and place["startColumnIndex"] < right
        and place["endColumnIndex"] > left
    )


def _sort_key(value: Json) -> tuple[int, float, str]:
    if "numberValue" in value:
        return 0, float(value["numberValue"]), ""
    return (1, 0.0, str(value["stringValue"]).casefold()) if "stringValue" in value else (2, 0.0, str(value))


@change("mergeCells")
def _merge_cells(book: Spreadsheet, asked: Json) -> Json:
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    kind = asked.get("mergeType", "MERGE_ALL")
    if kind == "MERGE_ROWS":
        blocks = [(row, left, row + 1, right) for row in range(top, bottom)]
    elif kind == "MERGE_COLUMNS":
        blocks = [(top, column, bottom, column + 1) for column in range(left, right)]
    else:
        blocks = [(top, left, bottom, right)]
    for block in blocks:
        _merge(tab, block)
    return {}


def _merge(tab: Tab, block: tuple[int, int, int, int]) -> None:
    top, left, bottom, right = block
    grid = tab.properties["gridProperties"]
    for frozen, first, last, what in (
        (grid.get("frozenRowCount", 0), top, bottom, "rows"),
        (grid.get("frozenColumnCount", 0), left, right, "columns"),
    ):
        if first < frozen < last:
            raise invalid(f"You can't merge frozen and non-frozen {what}.")
    for one in list(tab.merges):
        meets = _meets(one, block)
        inside = (
            top <= one["startRowIndex"]
            and one["endRowIndex"] <= bottom
            and left <= one["startColumnIndex"]
            and one["endColumnIndex"] <= right
        )
        if meets and not inside:
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
        if meets:
            tab.merges.remove(one)
    places = [(row, column) for row in range(top, bottom) for column in range(left, right)]
    kept = next((tab.cell(row, column) for row, column in places if "userEnteredValue" in tab.cell(row, column)), tab.cell(top, left))
    for row, column in places:
        tab.put(
            row, column, {name: value for name, value in tab.cell(row, column).items() if name not in ("userEnteredValue", cells.RESULT)}
        )
    tab.put(top, left, {**tab.cell(top, left), **{name: kept[name] for name in ("userEnteredValue", cells.RESULT) if name in kept}})
    if len(places) > 1:
        tab.merges.append(
            {"sheetId": tab.id, "startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}
        )


@change("unmergeCells")
def _unmerge_cells(book: Spreadsheet, asked: Json) -> Json:
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    tab.ensure_open(top, left, bottom, right)
    for one in list(tab.merges):
        if one["startRowIndex"] < bottom and one["endRowIndex"] > top and one["startColumnIndex"] < right and one["endColumnIndex"] > left:
            if not (
                top <= one["startRowIndex"]
                and one["endRowIndex"] <= bottom
                and left <= one["startColumnIndex"]
                and one["endColumnIndex"] <= right
            ):
                raise invalid("You must select all cells in a merged range to merge or unmerge them.")
            tab.merges.remove(one)
    return {}


# Rows and columns --------------------------------------------------------------------------------------------------------------


@change("insertDimension")
def _insert_dimension(book: Spreadsheet, asked: Json) -> Json:
    place = asked["range"]
    tab, start = book.tab(place.get("sheetId")), place.get("startIndex", 0)
    count = place.get("endIndex", 0) - start
    size = tab.height if place.get("dimension") == ROWS else tab.width
    if start > size or count <= 0:
        raise invalid(f"range.startIndex[{start}] is too large: there are only {size} {place.get('dimension', '').lower()}.")
    if asked.get("inheritFromBefore") and start == 0:
        raise invalid("inheritFromBefore cannot be true if inserting at index 0.")
    if not asked.get("inheritFromBefore") and start == size:  # reported: pygsheets#46, gspread#1091
        raise invalid(f"range.startIndex must be less than the grid size ({size}) if inheritFromBefore is false.")
    shift(tab, place["dimension"], start, count)
    _shift_names(book, tab, place["dimension"], start, count)
    _inherit(tab, place["dimension"], start, count, start - 1 if asked.get("inheritFromBefore") else start + count)
    return {}


def _inherit(tab: Tab, dimension: str, start: int, count: int, neighbour: int) -> None:
    """Give inserted rows or columns the size and the cells' formats of their neighbour (reference of `inheritFromBefore`)."""
    lines = tab.rows if dimension == ROWS else tab.columns
    sizes = {name: value for name, value in lines.get(neighbour, {}).items() if name == "pixelSize"}
    for line in range(start, start + count):
        if sizes:
            lines[line] = sizes
    if dimension == ROWS:
        forms = {column: cell["userEnteredFormat"] for column, cell in tab.cells.get(neighbour, {}).items() if "userEnteredFormat" in cell}
        places = [(row, column, form) for row in range(start, start + count) for column, form in forms.items()]
    else:
        forms = {
            row: line[neighbour]["userEnteredFormat"] for row, line in tab.cells.items() if "userEnteredFormat" in line.get(neighbour, {})
        }
        places = [(row, column, form) for column in range(start, start + count) for row, form in forms.items()]
    for row, column, form in places:
        tab.put(row, column, {"userEnteredFormat": form})


@change("deleteDimension")
def _delete_dimension(book: Spreadsheet, asked: Json) -> Json:
    place = asked["range"]
    tab, start = book.tab(place.get("sheetId")), place.get("startIndex", 0)
    size = tab.height if place.get("dimension") == ROWS else tab.width
    end = place.get("endIndex", size)
    if end > size:
        raise invalid(
            f"Cannot delete a {place['dimension'].lower()[:-1]} that doesn't exist. Tried to delete index {end - 1} but there are only {size}."
        )
    if end - start >= size:
        raise invalid(f"You can't delete all the {place['dimension'].lower()} on the sheet.")
    frozen = tab.properties["gridProperties"].get("frozenRowCount" if place.get("dimension") == ROWS else "frozenColumnCount", 0)
    if frozen and start <= frozen and end >= size:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {place['dimension'].lower()}.")
    shift(tab, place["dimension"], start, start - end)
    _shift_names(book, tab, place["dimension"], start, start - end)
    return {}


def _shift_names(book: Spreadsheet, tab: Tab, dimension: str, start: int, count: int) -> None:
    from tests.google.state import move_range  # noqa: PLC0415

    shown = [named["range"] for named in book.named_ranges]
    shown += [place for one in book.tabs for place in one.chart_ranges()]
    for place in shown:
        if place.get("sheetId", 0) == tab.id:
            move_range(place, dimension, start, count)


@change("appendDimension")
def _append_dimension(book: Spreadsheet, asked: Json) -> Json:
    tab, length = book.tab(asked.get("sheetId")), asked.get("length", 0)
    if length <= 0:
        raise invalid("length must be greater than zero.")
    if asked.get("dimension") == ROWS:
        tab.set_size(height=tab.height + length)
    else:
        tab.set_size(width=tab.width + length)
    return {}


@change("moveDimension")
def _move_dimension(book: Spreadsheet, asked: Json) -> Json:
    place, target = asked["source"], asked.get("destinationIndex", 0)
    tab, start = book.tab(place.get("sheetId")), place.get("startIndex", 0)
    size = tab.height if place["dimension"] == ROWS else tab.width
    end = place.get("endIndex", size)
    if end > size or not 0 <= target <= size:
        raise invalid(f"Cannot move {place['dimension'].lower()} {start} to {end} to {target}: there are only {size}.")
    order = [number for number in range(size) if not start <= number < end]
    at = target if target <= start else target - (end - start)
    order[at:at] = range(start, end)
    places = {old: new for new, old in enumerate(order)}
    first, last = ("startRowIndex", "endRowIndex") if place["dimension"] == ROWS else ("startColumnIndex", "endColumnIndex")
    if any(one[first] < edge < one[last] for one in tab.merges for edge in (start, end, target)):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    for one in tab.ranges():
        moved = sorted(places[number] for number in range(one.get(first, 0), min(one.get(last, size), size)))
        if first in one and last in one and moved and moved[-1] - moved[0] == len(moved) - 1:
            one[first], one[last] = moved[0], moved[-1] + 1
    if place["dimension"] == ROWS:
        tab.cells = {places[row]: line for row, line in tab.cells.items()}
        tab.rows = {places[row]: line for row, line in tab.rows.items()}
    else:
        tab.cells = {row: {places[column]: cell for column, cell in line.items()} for row, line in tab.cells.items()}
        tab.columns = {places[column]: line for column, line in tab.columns.items()}
    return {}


@change("insertRange")
def _insert_range(book: Spreadsheet, asked: Json) -> Json:
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    _shift_block(tab, top, left, bottom, right, asked.get("shiftDimension", ROWS), insert=True)
    return {}


@change("deleteRange")
def _delete_range(book: Spreadsheet, asked: Json) -> Json:
    tab, (top, left, bottom, right) = of_grid(asked["range"], book)
    _shift_block(tab, top, left, bottom, right, asked.get("shiftDimension", ROWS), insert=False)
    return {}


def _shift_block(tab: Tab, top: int, left: int, bottom: int, right: int, dimension: str, *, insert: bool) -> None:
    down = dimension == ROWS
    moving = {
        (row, column): cell for row, line in tab.cells.items() for column, cell in line.items()
        if (row >= top and left <= column < right if down else column >= left and top <= row < bottom)
    }  # fmt: skip
    size = bottom - top if down else right - left
    _shift_merges(tab, (top, left, bottom, right), size if insert else -size, down=down)
    for row, column in moving:
        tab.put(row, column, {})
    for (row, column), cell in moving.items():
        gone = not insert and (row < bottom if down else column < right)
        to_row = row + (size if insert else -size) * down
        to_column = column + (size if insert else -size) * (not down)
        if not gone and to_row < tab.height and to_column < tab.width:
            tab.put(to_row, to_column, cell)


def _shift_merges(tab: Tab, block: tuple[int, int, int, int], size: int, *, down: bool) -> None:
    """Move the merged blocks that lie wholly within what moves; refuse to tear one apart."""
    top, left, bottom, right = block
    band = (top, left, tab.height, right) if down else (top, left, bottom, tab.width)
    first, last = ("startRowIndex", "endRowIndex") if down else ("startColumnIndex", "endColumnIndex")
    kept = []
    for one in tab.merges:
        if _meets(one, band):
            within = (
                band[0] <= one["startRowIndex"]
                and band[1] <= one["startColumnIndex"]
                and one["endRowIndex"] <= band[2]
                and one["endColumnIndex"] <= band[3]
            )
            if not within:
                raise invalid("You must select all cells in a merged range to merge or unmerge them.")
            if size < 0 and _meets(one, block):
                continue
            one[first], one[last] = one[first] + size, one[last] + size
        kept.append(one)
    tab.merges = kept


@change("updateDimensionProperties")
def _update_dimension(book: Spreadsheet, asked: Json) -> Json:
    place = asked.get("range") or {}
    tab = book.tab(place.get("sheetId"))
    lines, size = (tab.rows, tab.height) if place.get("dimension") == ROWS else (tab.columns, tab.width)
    for number in range(place.get("startIndex", 0), min(place.get("endIndex", size), size)):
        lines[number] = updated(asked.get("fields"), lines.get(number, {}), asked.get("properties") or {}, "DimensionProperties")
    return {}


@change("autoResizeDimensions")
def _auto_resize(book: Spreadsheet, asked: Json) -> Json:
    place = asked.get("dimensions") or {}
    tab = book.tab(place.get("sheetId"))
    if place.get("dimension") == COLUMNS:
        for column in range(place.get("startIndex", 0), place.get("endIndex", tab.width)):
            longest = max(
                (len(str(next(iter(cells.effective(line[column]).values()), ""))) for line in tab.cells.values() if column in line),
                default=0,
            )
            tab.columns[column] = {**tab.columns.get(column, {}), "pixelSize": max(21, 7 * longest + 6)}
    return {}


# What lies over the cells ------------------------------------------------------------------------------------------------------


@change("addNamedRange")
def _add_named_range(book: Spreadsheet, asked: Json) -> Json:
    wanted = dict(asked.get("namedRange") or {})
    name = wanted.get("name", "")
    _check_name(book, name)
    wanted.setdefault("namedRangeId", str(new_id(book, "named", name)))
    if any(one["namedRangeId"] == wanted["namedRangeId"] for one in book.named_ranges):
        raise invalid(f"A named range with id {wanted['namedRangeId']} already exists.")
    of_grid(wanted.get("range") or {}, book)
    book.named_ranges.append(wanted)
    return {"addNamedRange": {"namedRange": wanted}}


def _check_name(book: Spreadsheet, name: str) -> None:
    if not re.fullmatch(r"[^\W\d]\w{0,249}", name) or re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d+[Cc]\d+|true|false", name, re.IGNORECASE):
        raise invalid("The name of the named range is invalid.")
    if any(one["name"].casefold() == name.casefold() for one in book.named_ranges):
        raise invalid(f'A named range with name "{name}" already exists.')


@change("updateNamedRange")
def _update_named_range(book: Spreadsheet, asked: Json) -> Json:
    wanted = asked.get("namedRange") or {}
    for number, one in enumerate(book.named_ranges):
        if one["namedRangeId"] == wanted.get("namedRangeId"):
            changed = updated(asked.get("fields"), one, wanted, "NamedRange")
            if changed["name"] != one["name"]:
                _check_name(book, changed["name"])
            book.named_ranges[number] = changed
            return {}
    raise invalid(f"No named range with id: {wanted.get('namedRangeId')}")


@change("deleteNamedRange")
def _delete_named_range(book: Spreadsheet, asked: Json) -> Json:
    for one in book.named_ranges:
        if one["namedRangeId"] == asked.get("namedRangeId"):
            book.named_ranges.remove(one)
            return {}
    raise invalid(f"Cannot find named range with id: {asked.get('namedRangeId')}")


@change("addConditionalFormatRule")
def _add_rule(book: Spreadsheet, asked: Json) -> Json:
    rule = copy.deepcopy(asked.get("rule") or {})
    tab = _tab_of_rule(rule, book)
    tab.rules.insert(min(asked.get("index", 0), len(tab.rules)), rule)
    return {}


def _tab_of_rule(rule: Json, book: Spreadsheet) -> Tab:
    ranges = rule.get("ranges") or []
    if not ranges or len({one.get("sheetId", 0) for one in ranges}) != 1:
        raise invalid("All ranges of a conditional format rule must be on the same sheet.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("Must specify exactly one of booleanRule or gradientRule.")
    if "booleanRule" in rule and not (rule["booleanRule"].get("condition") or {}).get("type"):
        raise invalid("A condition must be specified for a boolean rule.")
    for one in ranges:
        of_grid(one, book)
    return book.tab(ranges[0].get("sheetId"))


@change("updateConditionalFormatRule")
def _update_rule(book: Spreadsheet, asked: Json) -> Json:
    index = asked.get("index", 0)
    tab = _tab_of_rule(asked["rule"], book) if "rule" in asked else book.tab(asked.get("sheetId"))
    if index >= len(tab.rules):
        raise invalid(f"No conditional format on sheet: {tab.id} at index: {index}")
    old = tab.rules[index]
    if "rule" in asked:
        tab.rules[index] = copy.deepcopy(asked["rule"])
        return {"updateConditionalFormatRule": {"oldRule": old, "newRule": tab.rules[index], **({"newIndex": index} if index else {})}}
    tab.rules.insert(asked.get("newIndex", 0), tab.rules.pop(index))
    return {"updateConditionalFormatRule": {"newRule": old, "oldIndex": index, "newIndex": asked.get("newIndex", 0)}}


@change("deleteConditionalFormatRule")
def _delete_rule(book: Spreadsheet, asked: Json) -> Json:
    tab, index = book.tab(asked.get("sheetId")), asked.get("index", 0)
    if index >= len(tab.rules):
        raise invalid(f"No conditional format on sheet: {tab.id} at index: {index}")
    return {"deleteConditionalFormatRule": {"rule": tab.rules.pop(index)}}


@change("addProtectedRange")
def _add_protected(book: Spreadsheet, asked: Json) -> Json:
    wanted = copy.deepcopy(asked.get("protectedRange") or {})
    if "range" in wanted:
        tab, _ = of_grid(wanted["range"], book)
        if _is_whole(wanted) and any(_is_whole(one) for one in tab.protected):
            raise invalid(f'Sheet "{tab.title}" already has sheet protection.')  # reported: google-api-python-client#1064
    elif "namedRangeId" in wanted:
        tab = book.tab(
            next((one["range"].get("sheetId", 0) for one in book.named_ranges if one["namedRangeId"] == wanted["namedRangeId"]), -1)
        )
    else:
        raise invalid("Must specify a range or a named range to protect.")
    wanted.setdefault("protectedRangeId", new_id(book, "protected", str(len(tab.protected))))
    wanted.pop("requestingUserCanEdit", None)
    if not may_edit(wanted, book.editor):  # who protects cells does not lock itself out
        editors = wanted.get("editors", {})
        wanted["editors"] = {**editors, "users": [*editors.get("users", ()), book.editor]}
    tab.protected.append(wanted)
    return {"addProtectedRange": {"protectedRange": protected_json(wanted, book.editor)}}


def _is_whole(protected: Json) -> bool:
    return not {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"} & set(protected.get("range", {"endRowIndex": 0}))


def _protected(book: Spreadsheet, number: int | None) -> tuple[Tab, int]:
    for tab in book.tabs:
        for at, one in enumerate(tab.protected):
            if one["protectedRangeId"] == number:
                if not may_edit(one, book.editor):
                    raise invalid(PROTECTED)
                return tab, at
    raise invalid(f"No protected range with id: {number}")


@change("updateProtectedRange")
def _update_protected(book: Spreadsheet, asked: Json) -> Json:
    tab, at = _protected(book, asked["protectedRange"].get("protectedRangeId"))
    tab.protected[at] = updated(asked.get("fields"), tab.protected[at], asked["protectedRange"], "ProtectedRange")
    return {}


@change("deleteProtectedRange")
def _delete_protected(book: Spreadsheet, asked: Json) -> Json:
    tab, at = _protected(book, asked.get("protectedRangeId"))
    tab.protected.pop(at)
    return {}


@change("addChart")
def _add_chart(book: Spreadsheet, asked: Json) -> Json:
    chart = copy.deepcopy(asked.get("chart") or {})
    spec = chart.get("spec") or {}
    if len([name for name in spec if name.endswith("Chart")]) != 1:
        raise invalid("Chart spec must specify exactly one kind of chart.")
    position = chart.get("position") or {}
    anchor = (position.get("overlayPosition") or {}).get("anchorCell")
    if anchor is not None:
        tab = book.tab(anchor.get("sheetId"))
    elif position.get("newSheet"):
        index = len(book.tabs)
        tab = new_tab(new_id(book, "sheet", f"chart {index}"), _free_title(book), index)
        book.tabs.append(tab)
    else:
        tab = book.tab(position.get("sheetId"))
    number = chart.get("chartId") or new_id(book, "chart", str(spec.get("title")))
    if any(one["chartId"] == number for one in _charts(book)):
        raise invalid(f"Chart with id: {number} already exists.")
    chart["chartId"] = number
    tab.charts.append(chart)
    return {"addChart": {"chart": chart}}


def _charts(book: Spreadsheet) -> list[Json]:
    return [one for tab in book.tabs for one in tab.charts]


@change("updateChartSpec")
def _update_chart(book: Spreadsheet, asked: Json) -> Json:
    for one in _charts(book):
        if one["chartId"] == asked.get("chartId"):
            one["spec"] = copy.deepcopy(asked.get("spec") or {})
            return {}
    raise invalid(f"No chart with id: {asked.get('chartId')}")


@change("updateEmbeddedObjectPosition")
def _move_chart(book: Spreadsheet, asked: Json) -> Json:
    for one in _charts(book):
        if one["chartId"] == asked.get("objectId"):
            one["position"] = asked.get("newPosition") or {}
            return {"updateEmbeddedObjectPosition": {"position": one["position"]}}
    raise invalid(f"No embedded object with id: {asked.get('objectId')}")


@change("deleteEmbeddedObject")
def _delete_object(book: Spreadsheet, asked: Json) -> Json:
    for tab in book.tabs:
        for one in tab.charts:
            if one["chartId"] == asked.get("objectId"):
                tab.charts.remove(one)
                return {}
    raise invalid(f"No embedded object with id: {asked.get('objectId')}")


@change("setBasicFilter")
def _set_filter(book: Spreadsheet, asked: Json) -> Json:
    wanted = copy.deepcopy(asked.get("filter") or {})
    tab, (top, left, bottom, right) = of_grid(wanted.get("range") or {}, book)
    wanted["range"] = {"sheetId": tab.id, "startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}
    tab.basic_filter = wanted
    return {}


@change("clearBasicFilter")
def _clear_filter(book: Spreadsheet, asked: Json) -> Json:
    tab = book.tab(asked.get("sheetId"))
    tab.basic_filter = None
    tab.rows = {row: {name: value for name, value in one.items() if name != "hiddenByFilter"} for row, one in tab.rows.items()}
    return {}


@change("addFilterView")
def _add_filter_view(book: Spreadsheet, asked: Json) -> Json:
    wanted = copy.deepcopy(asked.get("filter") or {})
    tab, _ = of_grid(wanted.get("range") or {}, book)
    wanted.setdefault("filterViewId", new_id(book, "filter", wanted.get("title", "")))
    tab.filter_views.append(wanted)
    return {"addFilterView": {"filter": wanted}}


@change("deleteFilterView")
def _delete_filter_view(book: Spreadsheet, asked: Json) -> Json:
    for tab in book.tabs:
        for one in tab.filter_views:
            if one["filterViewId"] == asked.get("filterId"):
                tab.filter_views.remove(one)
                return {}
    raise invalid(f"No filter view with id: {asked.get('filterId')}")


@change("addBanding")
def _add_banding(book: Spreadsheet, asked: Json) -> Json:
    wanted = copy.deepcopy(asked.get("bandedRange") or {})
    tab, _ = of_grid(wanted.get("range") or {}, book)
    wanted.setdefault("bandedRangeId", new_id(book, "banding", str(len(tab.banded))))
    tab.banded.append(wanted)
    return {"addBanding": {"bandedRange": wanted}}


@change("deleteBanding")
def _delete_banding(book: Spreadsheet, asked: Json) -> Json:
    for tab in book.tabs:
        for one in tab.banded:
            if one["bandedRangeId"] == asked.get("bandedRangeId"):
                tab.banded.remove(one)
                return {}
    raise invalid(f"No banded range with id: {asked.get('bandedRangeId')}")


def _all_metadata(book: Spreadsheet) -> list[Json]:
    return [*book.metadata, *(one for tab in book.tabs for one in tab.metadata)]


@change("createDeveloperMetadata")
def _create_metadata(book: Spreadsheet, asked: Json) -> Json:
    wanted = copy.deepcopy(asked.get("developerMetadata") or {})
    if not wanted.get("metadataKey") or not wanted.get("visibility"):
        raise invalid("developerMetadata must have a key and a visibility.")
    location = wanted.get("location") or {}
    wanted.setdefault("metadataId", new_id(book, "metadata", wanted["metadataKey"]))
    if any(one["metadataId"] == wanted["metadataId"] for one in _all_metadata(book)):
        raise invalid(f"Developer metadata with id {wanted['metadataId']} already exists.")
    if location.get("spreadsheet"):
        wanted["location"] = {"locationType": "SPREADSHEET", "spreadsheet": True}
        book.metadata.append(wanted)
    elif "sheetId" in location:
        wanted["location"] = {"locationType": "SHEET", "sheetId": location["sheetId"]}
        book.tab(location["sheetId"]).metadata.append(wanted)
    else:
        raise Refused(501, "The stand-in does not keep developer metadata of rows and columns.")
    _ensure_brief(book)
    return {"createDeveloperMetadata": {"developerMetadata": wanted}}


def _ensure_brief(book: Spreadsheet) -> None:
    """Refuse more metadata than is kept (Google's guide on metadata; what it says then is not documented)."""
    for held in (book.metadata, *(tab.metadata for tab in book.tabs)):
        if sum(len(one.get("metadataKey", "")) + len(one.get("metadataValue", "")) for one in held) > MOST_METADATA:
            raise invalid(f"Developer metadata exceeds the limit of {MOST_METADATA} characters.")


def _looked_up(asked: Json, book: Spreadsheet) -> list[Json]:
    found = []
    for looked in (one.get("developerMetadataLookup") or {} for one in asked.get("dataFilters") or [asked.get("dataFilter") or {}]):
        for one in _all_metadata(book):
            matches = all(
                one.get(name) == looked[name] for name in ("metadataId", "metadataKey", "metadataValue", "visibility") if name in looked
            )
            place = looked.get("metadataLocation") or {}
            if matches and ("sheetId" not in place or one["location"].get("sheetId") == place["sheetId"]) and one not in found:
                found.append(one)
    return found


@change("updateDeveloperMetadata")
def _update_metadata(book: Spreadsheet, asked: Json) -> Json:
    found = _looked_up(asked, book)
    if not found:
        raise invalid("No developer metadata matches the filters.")
    for one in found:
        one.update(updated(asked.get("fields"), one, asked.get("developerMetadata") or {}, "DeveloperMetadata"))
    _ensure_brief(book)
    return {"updateDeveloperMetadata": {"developerMetadata": found}}


@change("deleteDeveloperMetadata")
def _delete_metadata(book: Spreadsheet, asked: Json) -> Json:
    found = _looked_up(asked, book)
    book.metadata = [one for one in book.metadata if one not in found]
    for tab in book.tabs:
        tab.metadata = [one for one in tab.metadata if one not in found]
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": found}}


def _group(dimension: str) -> str:
    return "row_groups" if dimension == ROWS else "column_groups"


@change("addDimensionGroup")
def _add_group(book: Spreadsheet, asked: Json) -> Json:
    place = asked["range"]
    tab = book.tab(place.get("sheetId"))
    groups: list[Json] = getattr(tab, _group(place["dimension"]))
    depth = 1 + sum(
        one["range"].get("startIndex", 0) <= place.get("startIndex", 0) and one["range"]["endIndex"] >= place["endIndex"] for one in groups
    )
    groups.append({"range": place, "depth": depth})
    name = "rowGroupControlAfter" if place["dimension"] == ROWS else "columnGroupControlAfter"  # recorded: told from the first group on
    tab.properties = {**tab.properties, "gridProperties": {**tab.properties["gridProperties"], name: True}}
    return {"addDimensionGroup": {"dimensionGroups": groups}}


@change("deleteDimensionGroup")
def _delete_group(book: Spreadsheet, asked: Json) -> Json:
    place = asked["range"]
    groups: list[Json] = getattr(book.tab(place.get("sheetId")), _group(place["dimension"]))
    matching = [
        one
        for one in groups
        if (one["range"].get("startIndex", 0), one["range"]["endIndex"]) == (place.get("startIndex", 0), place["endIndex"])
    ]
    if not matching:
        raise invalid("The group does not exist.")
    groups.remove(matching[-1])
    return {"deleteDimensionGroup": {"dimensionGroups": groups}}


known = functools.partial(sorted, _CHANGES)
"""Return the kinds of request that are carried out."""
