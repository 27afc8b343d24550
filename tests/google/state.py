"""Spreadsheets as the service keeps them: typed cells, merges, notes, formats, rules, ranges that move with rows and columns.

Rows and columns count from 0, ends are exclusive, as in the API. A cell is the API's own `CellData` as a person or program entered
it; what follows from it (effective value, what is shown) is made on reading, by `cells.py`. A cell is replaced, never changed in
place, so that a copy of a whole spreadsheet is cheap: `batchUpdate` works on a copy and is therefore all or nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.google import cells
from tests.google.discovery import THEME
from tests.google.errors import invalid

Cell = dict[str, Any]
Json = dict[str, Any]
Block = tuple[int, int, int, int]
"""Top, left, bottom, right; the last two exclusive."""
ROWS, COLUMNS = "ROWS", "COLUMNS"
MOST_CELLS = 10_000_000
"""Of a spreadsheet (Google's page on its limits)."""
PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit."
)
"""Google's sentence (reported: node-google-spreadsheet#20)."""
DEFAULT_FORMAT: Json = {
    "backgroundColor": {"red": 1, "green": 1, "blue": 1},
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {"foregroundColor": {}, "fontFamily": "arial,sans,sans-serif", "fontSize": 10, "bold": False, "italic": False, "strikethrough": False, "underline": False},
}  # fmt: skip
THEME_COLOURS: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [{"colorType": kind, "color": {"rgbColor": colour}} for kind, colour in THEME.items()],
}


@dataclass
class Tab:
    """One sheet of a spreadsheet (the API calls it sheet)."""

    properties: Json
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    rows: dict[int, Json] = field(default_factory=dict)
    """Row → its metadata where it has any (hiddenByUser, hiddenByFilter, pixelSize, developerMetadata)."""
    columns: dict[int, Json] = field(default_factory=dict)
    merges: list[Json] = field(default_factory=list)
    rules: list[Json] = field(default_factory=list)
    protected: list[Json] = field(default_factory=list)
    charts: list[Json] = field(default_factory=list)
    banded: list[Json] = field(default_factory=list)
    filter_views: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    metadata: list[Json] = field(default_factory=list)
    row_groups: list[Json] = field(default_factory=list)
    column_groups: list[Json] = field(default_factory=list)
    closed: list[tuple[Block, list[Block]]] = field(default_factory=list)
    """While a request is carried out: (block, blocks within it that are open) that its account must not change."""

    @property
    def id(self) -> int:
        """The sheet's id."""
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """The sheet's title."""
        return str(self.properties["title"])

    @property
    def height(self) -> int:
        """Rows of the grid."""
        return int(self.properties["gridProperties"]["rowCount"])

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return int(self.properties["gridProperties"]["columnCount"])

    def set_size(self, *, height: int | None = None, width: int | None = None) -> None:
        """Set the grid's size."""
        grid = dict(self.properties["gridProperties"])
        if height is not None:
            grid["rowCount"] = height
        if width is not None:
            grid["columnCount"] = width
        self.properties = {**self.properties, "gridProperties": grid}

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell as entered, `{}` where nothing was."""
        return self.cells.get(row, {}).get(column, {})

    def ensure_open(self, top: int, left: int, bottom: int, right: int) -> None:
        """Refuse a change of cells that are protected from the account that asks."""
        for (first, begin, last, end), holes in self.closed:
            meets = top < last and bottom > first and left < end and right > begin
            if meets and not any(one[0] <= top and one[1] <= left and bottom <= one[2] and right <= one[3] for one in holes):
                raise invalid(PROTECTED)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Replace a cell; an empty one is forgotten."""
        if self.closed:
            self.ensure_open(row, column, row + 1, column + 1)
        kept = {name: value for name, value in cell.items() if value not in (None, {}, "", [])}
        if kept:
            self.cells.setdefault(row, {})[column] = kept
        elif row in self.cells:
            self.cells[row].pop(column, None)
            if not self.cells[row]:
                del self.cells[row]

    def extent(self, wanted: Callable[[Cell], bool] = bool) -> tuple[int, int]:
        """Return how many rows and columns are needed to hold every cell of which `wanted` is true."""
        height = width = 0
        for row, line in self.cells.items():
            for column, cell in line.items():
                if wanted(cell):
                    height, width = max(height, row + 1), max(width, column + 1)
        return height, width

    def copy(self) -> Tab:
        """Return a copy that can be changed without changing this one."""
        return Tab(
            properties=copy.deepcopy(self.properties),
            cells={row: dict(line) for row, line in self.cells.items()},
            rows=dict(self.rows),
            columns=dict(self.columns),
            merges=copy.deepcopy(self.merges),
            rules=copy.deepcopy(self.rules),
            protected=copy.deepcopy(self.protected),
            charts=copy.deepcopy(self.charts),
            banded=copy.deepcopy(self.banded),
            filter_views=copy.deepcopy(self.filter_views),
            basic_filter=copy.deepcopy(self.basic_filter),
            metadata=copy.deepcopy(self.metadata),
            row_groups=copy.deepcopy(self.row_groups),
            column_groups=copy.deepcopy(self.column_groups),
        )

    def ranges(self) -> Iterator[Json]:
        """Yield every grid range that belongs to the tab, to be changed in place."""
        yield from self.merges
        for rule in self.rules:
            yield from rule.get("ranges", ())
        for protected in self.protected:
            if "range" in protected:
                yield protected["range"]
        for banded in self.banded:
            yield banded["range"]
        for view in self.filter_views:
            if "range" in view:
                yield view["range"]
        if self.basic_filter and "range" in self.basic_filter:
            yield self.basic_filter["range"]

    def chart_ranges(self) -> Iterator[Json]:
        """Yield every grid range that a chart of the tab shows, to be changed in place; it may lie in another tab."""
        waiting: list[Any] = [chart.get("spec") for chart in self.charts]
        while waiting:
            one = waiting.pop()
            if isinstance(one, dict):
                yield from one.get("sources", ()) if "sources" in one else ()
                waiting += [value for name, value in one.items() if name != "sources"]
            elif isinstance(one, list):
                waiting += one


@dataclass
class Spreadsheet:
    """One spreadsheet."""

    id: str
    properties: Json
    tabs: list[Tab]
    named_ranges: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    owner: str = ""
    """The owner's address: always among those who may edit what is protected (recorded traffic)."""
    editor: str | None = None
    """Whose request is carried out: `None` for the owner's."""

    def copy(self) -> Spreadsheet:
        """Return a copy that can be changed without changing this one."""
        return Spreadsheet(
            self.id,
            copy.deepcopy(self.properties),
            [tab.copy() for tab in self.tabs],
            copy.deepcopy(self.named_ranges),
            copy.deepcopy(self.metadata),
            self.owner,
        )

    def tab(self, sheet_id: int | None) -> Tab:
        """Return the tab of this id; an absent id is 0, as with every number of the API."""
        for tab in self.tabs:
            if tab.id == (sheet_id or 0):
                return tab
        raise invalid(f"No grid with id: {sheet_id or 0}")

    def titled(self, title: str) -> Tab | None:
        """Return the tab of this title: as written, else in whatever case, as Google looks ranges up."""
        exact = next((tab for tab in self.tabs if tab.title == title), None)
        return exact or next((tab for tab in self.tabs if tab.title.casefold() == title.casefold()), None)

    def renumber(self) -> None:
        """Give every tab the index at which it stands."""
        for index, tab in enumerate(self.tabs):
            tab.properties = {**tab.properties, "index": index}

    def ensure_room(self) -> None:
        """Refuse what would be more cells than a spreadsheet holds."""
        count = sum(tab.height * tab.width for tab in self.tabs)
        if count > MOST_CELLS:
            raise invalid(f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells.")


def new_tab(sheet_id: int, title: str, index: int, *, rows: int = 1000, columns: int = 26, **properties: Any) -> Tab:
    """Return an empty tab of the size that Google gives a new one."""
    grid = {"rowCount": rows, "columnCount": columns, **properties.pop("gridProperties", {})}
    return Tab({"sheetId": sheet_id, "title": title, "index": index, "sheetType": "GRID", "gridProperties": grid, **properties})


def new_spreadsheet(
    spreadsheet_id: str, title: str, *, locale: str = "vi_VN", time_zone: str = "Asia/Ho_Chi_Minh", tab: str = "Trang tính1"
) -> Spreadsheet:
    """Return a spreadsheet with one empty tab, as the service makes it."""
    properties = {"title": title, **new_properties(locale, time_zone)}
    return Spreadsheet(spreadsheet_id, properties, [new_tab(0, tab, 0)])


def new_properties(locale: str, time_zone: str) -> Json:
    """Return the properties of a new spreadsheet, but for its title (recorded traffic)."""
    return {
        "locale": locale, "autoRecalc": "ON_CHANGE", "timeZone": time_zone, "defaultFormat": DEFAULT_FORMAT, "spreadsheetTheme": THEME_COLOURS,
    }  # fmt: skip


def bounds(tab: Tab, given: Json) -> tuple[int, int, int, int]:
    """Return (top, left, bottom, right) of a GridRange, open ends closed at the grid's; refuse one outside the grid."""
    top, left = given.get("startRowIndex", 0) or 0, given.get("startColumnIndex", 0) or 0
    bottom = given["endRowIndex"] if given.get("endRowIndex") is not None else tab.height
    right = given["endColumnIndex"] if given.get("endColumnIndex") is not None else tab.width
    if top < 0 or left < 0 or bottom > tab.height or right > tab.width:
        raise invalid(f"Range exceeds grid limits. Max rows: {tab.height}, max columns: {tab.width}")
    if bottom <= top or right <= left:
        raise invalid("endRowIndex must be greater than startRowIndex and endColumnIndex greater than startColumnIndex")
    return top, left, bottom, right


def shift(tab: Tab, dimension: str, start: int, count: int) -> None:
    """Insert (`count` above 0) or delete rows or columns: cells, metadata and every range move with them."""
    _ensure_open_lines(tab, dimension, start, count)
    if dimension == ROWS:
        tab.cells = _moved(tab.cells, start, count)
        tab.rows = _moved(tab.rows, start, count)
        tab.set_size(height=tab.height + count)
    else:
        tab.cells = {row: line for row, cells_ in tab.cells.items() if (line := _moved(cells_, start, count))}
        tab.columns = _moved(tab.columns, start, count)
        tab.set_size(width=tab.width + count)
    for place in tab.ranges():
        move_range(place, dimension, start, count)
    for chart in tab.charts:
        _shift_anchor(chart, dimension, start, count)
    for group in tab.row_groups if dimension == ROWS else tab.column_groups:
        _shift_group(group, start, count)
    _shift_frozen(tab, dimension, start, count)
    drop_empty(tab)


def _shift_anchor(chart: Json, dimension: str, start: int, count: int) -> None:
    """A chart hangs on a cell and moves with it; where that is deleted it hangs on the one that takes its place."""
    cell = chart.get("position", {}).get("overlayPosition", {}).get("anchorCell")
    if cell is not None:
        name = "rowIndex" if dimension == ROWS else "columnIndex"
        cell[name] = _moved_at(cell.get(name, 0), start, count)


def _shift_group(group: Json, start: int, count: int) -> None:
    ends = {"startRowIndex": group["range"].get("startIndex", 0), "endRowIndex": group["range"]["endIndex"]}
    move_range(ends, ROWS, start, count)
    group["range"] = {**group["range"], "startIndex": ends["startRowIndex"], "endIndex": ends["endRowIndex"]}


def _shift_frozen(tab: Tab, dimension: str, start: int, count: int) -> None:
    """Rows inserted among the frozen are frozen too; those deleted from among them are no more."""
    grid = tab.properties["gridProperties"]
    name = "frozenRowCount" if dimension == ROWS else "frozenColumnCount"
    frozen = grid.get(name, 0)
    if start < frozen:
        left = frozen + count if count > 0 else frozen - (min(frozen, start - count) - start)
        tab.properties = {**tab.properties, "gridProperties": {**grid, name: left}}


def drop_empty(tab: Tab) -> None:
    """Forget the ranges of which nothing is left, and what hangs on them."""
    tab.merges = [one for one in tab.merges if _still_merged(one)]
    tab.rules = [{**rule, "ranges": kept} for rule in tab.rules if (kept := [one for one in rule["ranges"] if not _is_empty(one)])]
    tab.protected = [one for one in tab.protected if "range" not in one or not _is_empty(one["range"])]
    tab.banded = [one for one in tab.banded if not _is_empty(one["range"])]
    tab.filter_views = [one for one in tab.filter_views if "range" not in one or not _is_empty(one["range"])]
    for name in ("row_groups", "column_groups"):
        setattr(tab, name, [one for one in getattr(tab, name) if one["range"]["endIndex"] > one["range"].get("startIndex", 0)])
    if tab.basic_filter and "range" in tab.basic_filter and _is_empty(tab.basic_filter["range"]):
        tab.basic_filter = None


def _ensure_open_lines(tab: Tab, dimension: str, start: int, count: int) -> None:
    """Refuse to delete protected rows or columns, and to insert some within a protected block."""
    for (top, left, bottom, right), _ in tab.closed:
        first, last = (top, bottom) if dimension == ROWS else (left, right)
        size = tab.height if dimension == ROWS else tab.width
        everything = first == 0 and last >= size
        if everything or (first < start < last if count > 0 else start < last and start - count > first):
            raise invalid(PROTECTED)


def close(book: Spreadsheet, editor: str | None) -> None:
    """Note in each tab which cells this account must not change; `None` is the owner, who may change all."""
    book.editor = editor
    for tab in book.tabs:
        tab.closed = [
            (bounds(tab, _place_of(one, book)), [bounds(tab, hole) for hole in one.get("unprotectedRanges", ())])
            for one in tab.protected if not may_edit(one, editor)
        ]  # fmt: skip


def may_edit(protected: Json, editor: str | None) -> bool:
    """Return whether the account may change what is protected: its editors and the owner may; where it only warns, everybody may."""
    users = protected.get("editors", {}).get("users", ())
    return editor is None or bool(protected.get("warningOnly")) or editor.casefold() in {user.casefold() for user in users}


def _place_of(protected: Json, book: Spreadsheet) -> Json:
    named: Json = next((one["range"] for one in book.named_ranges if one["namedRangeId"] == protected.get("namedRangeId")), {})
    place: Json = protected.get("range", named)
    return place


def _moved(lines: dict[int, Any], start: int, count: int) -> dict[int, Any]:
    moved = {}
    for number, line in lines.items():
        if number < start:
            moved[number] = line
        elif count > 0 or number >= start - count:
            moved[number + count] = line
    return moved


def move_range(place: Json, dimension: str, start: int, count: int) -> None:
    """Move a range's two ends of one dimension; an open end stays open."""
    first, last = ("startRowIndex", "endRowIndex") if dimension == ROWS else ("startColumnIndex", "endColumnIndex")
    if place.get(first) is not None:
        place[first] = _moved_at(place[first], start, count)
    if place.get(last) is not None:
        # What is inserted right behind a range is not part of it.
        place[last] = place[last] if count > 0 and place[last] <= start else _moved_at(place[last], start, count)


def _moved_at(number: int, start: int, count: int) -> int:
    if number < start or (count < 0 and number == start):
        return number
    return number + count if count > 0 else max(start, number + count)


def _is_empty(place: Json) -> bool:
    rows = place.get("endRowIndex") is not None and place["endRowIndex"] <= place.get("startRowIndex", 0)
    columns = place.get("endColumnIndex") is not None and place["endColumnIndex"] <= place.get("startColumnIndex", 0)
    return rows or columns


def _still_merged(place: Json) -> bool:
    height = place["endRowIndex"] - place.get("startRowIndex", 0)
    width = place["endColumnIndex"] - place.get("startColumnIndex", 0)
    return height > 0 and width > 0 and height * width > 1


def cell_json(cell: Cell, book: Spreadsheet, asked: Callable[..., bool]) -> Json:
    """Return a cell as `spreadsheets.get` tells it, without what was not asked for."""
    shown: Json = {}
    if "userEnteredValue" in cell:
        if asked("userEnteredValue"):
            shown["userEnteredValue"] = cell["userEnteredValue"]
        effective = cells.effective(cell)
        if effective and asked("effectiveValue"):
            shown["effectiveValue"] = effective
        if asked("formattedValue"):
            shown["formattedValue"] = cells.formatted(effective, cells.number_format(cell), book.properties["locale"])
    if "userEnteredFormat" in cell and asked("userEnteredFormat"):
        shown["userEnteredFormat"] = cell["userEnteredFormat"]
    if asked("effectiveFormat"):
        shown["effectiveFormat"] = _effective_format(cell, book)
    if asked("hyperlink") and (link := cells.hyperlink(cell)):
        shown["hyperlink"] = link
    for name in ("note", "dataValidation", "textFormatRuns"):
        if name in cell and asked(name):
            shown[name] = cell[name]
    return shown


def _effective_format(cell: Cell, book: Spreadsheet) -> Json:
    base, own = book.properties["defaultFormat"], cell.get("userEnteredFormat", {})
    return {**base, **own, "textFormat": {**base["textFormat"], **own.get("textFormat", {})}}


def protected_json(protected: Json, reader: str | None, owner: str = "") -> Json:
    """Return a protected range as it is told to an account: who else may edit only those are told who may themselves."""
    told = {name: value for name, value in protected.items() if name != "editors"}
    if may_edit(protected, reader):
        editors = protected.get("editors", {})
        users = [
            *([owner] if owner and not protected.get("warningOnly") else []),
            *(one for one in editors.get("users", ()) if one != owner),
        ]
        told |= {"requestingUserCanEdit": True, "editors": {**editors, "users": users}}
    return told


def tab_json(tab: Tab, book: Spreadsheet, asked: Callable[..., bool], blocks: list[Json] | None, reader: str | None = None) -> Json:
    """Return a tab as `spreadsheets.get` tells it; `blocks` are the ranges asked for, `None` for the whole grid."""
    found: Json = {"properties": tab.properties}
    if asked("data"):
        found["data"] = [_grid_json(tab, book, asked, place) for place in (blocks if blocks is not None else [{}])]
    lists = {
        "merges": tab.merges, "conditionalFormats": tab.rules, "protectedRanges": [protected_json(one, reader, book.owner) for one in tab.protected], "charts": tab.charts,
        "bandedRanges": tab.banded, "filterViews": tab.filter_views, "developerMetadata": tab.metadata,
        "rowGroups": tab.row_groups, "columnGroups": tab.column_groups,
    }  # fmt: skip
    found.update({name: listed for name, listed in lists.items() if listed})
    if tab.basic_filter:
        found["basicFilter"] = tab.basic_filter
    return found


def _grid_json(tab: Tab, book: Spreadsheet, asked: Callable[..., bool], place: Json) -> Json:
    """One block of cells: without empty rows at its end, and each row without empty cells at its own."""
    top, left, bottom, right = bounds(tab, place)
    grid: Json = {name: at for name, at in (("startRow", top), ("startColumn", left)) if at}
    if asked("data", "rowData"):
        rows: list[Json] = []
        for row in sorted(number for number in tab.cells if top <= number < bottom):
            line = tab.cells[row]
            filled = [column for column in line if left <= column < right]
            if not filled:
                continue
            rows += [{} for _ in range(row - top - len(rows))]
            values = [
                cell_json(line.get(column, {}), book, lambda *path: asked("data", "rowData", "values", *path)) if column in line else {}
                for column in range(left, max(filled) + 1)
            ]
            rows.append({"values": values})
        if rows:
            grid["rowData"] = rows
    if asked("data", "rowMetadata"):
        grid["rowMetadata"] = [{"pixelSize": 21, **tab.rows.get(row, {})} for row in range(top, bottom)]
    if asked("data", "columnMetadata"):
        grid["columnMetadata"] = [{"pixelSize": 100, **tab.columns.get(column, {})} for column in range(left, right)]
    return grid


def spreadsheet_json(
    book: Spreadsheet, asked: Callable[..., bool], blocks: dict[int, list[Json]] | None = None, *, reader: str | None = None
) -> Json:
    """Return the whole spreadsheet as `spreadsheets.get` tells it, before a field mask is laid over it."""
    tabs = [tab for tab in book.tabs if blocks is None or tab.id in blocks]
    found: Json = {
        "spreadsheetId": book.id,
        "properties": book.properties,
        "sheets": [
            tab_json(tab, book, lambda *path: asked("sheets", *path), blocks[tab.id] if blocks is not None else None, reader)
            for tab in tabs
        ],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
    }
    if book.named_ranges:
        found["namedRanges"] = book.named_ranges
    if book.metadata:
        found["developerMetadata"] = book.metadata
    return found
