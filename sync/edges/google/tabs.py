"""A described tab → the changes that make a tab of Google look like it, and no change where it does already.

Text goes in as `stringValue`, so it can never become a formula. Cells are compared with what stands there and written row by row where
they differ; how a tab looks (formats, widths, rules, charts) is written when its mark, kept in the tab's developer metadata, differs.
Beyond the rows and columns that the program wrote itself nothing is touched: there people may have added their own.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sync.edges.google.reading import KEY, entered_cells
from sync.edges.google.style import cell_format, colour, column_pixels, row_pixels, rule_format
from sync.edges.workbook_style import fitting, row_heights
from sync.layout import Chart, Rule, Shown, TabView

Json = dict[str, Any]
Spans = dict[int, tuple[int, int]]
"""Row → first and last column."""
FIELDS = (
    "properties(sheetId,title,index,hidden,gridProperties(rowCount,columnCount,frozenRowCount,frozenColumnCount)),merges,"
    "conditionalFormats,charts(chartId),basicFilter(range),developerMetadata(metadataId,metadataKey,metadataValue),"
    "data(startRow,startColumn,rowData(values(userEnteredValue)))"
)
"""What has to be known of a tab that is to be written, seen from `sheets`."""
_EPOCH = date(1899, 12, 30)
_SPARE_ROWS, _SPARE_COLUMNS = 5, 1
_CHART_COLOURS = ("#BFBFBF", "#9DC3E6", "#1F4E79")
_format = attrgetter("format")
_LOOK = "1"
"""Grows when this module writes the same description in another way."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the program noted in a tab of its own: how it looks, how far it reaches, which rules and charts are its own."""

    number: int
    digest: str = ""
    height: int = 0
    width: int = 0
    rules: tuple[str, ...] = ()
    charts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A tab as it stands in the spreadsheet."""

    id: int
    title: str
    height: int
    width: int
    cells: tuple[tuple[Json, ...], ...] = ()
    """The values as entered, row by row from A1."""
    merges: tuple[Mapping[str, Any], ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    charts: tuple[int, ...] = ()
    filter: Mapping[str, Any] | None = None
    mark: Mark | None = None
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one tab, and the tab as it stands when they are made."""

    requests: list[Json]
    after: Standing


def standing_of(sheet: Mapping[str, Any]) -> Standing:
    """Return a tab of the API's JSON."""
    properties, grid = sheet["properties"], sheet["properties"].get("gridProperties", {})
    return Standing(
        id=int(properties.get("sheetId", 0)),
        title=str(properties["title"]),
        height=int(grid.get("rowCount", 0)),
        width=int(grid.get("columnCount", 0)),
        cells=entered_cells(sheet),
        merges=tuple(sheet.get("merges", ())),
        rules=tuple(sheet.get("conditionalFormats", ())),
        charts=tuple(one["chartId"] for one in sheet.get("charts", ())),
        filter=sheet.get("basicFilter"),
        mark=_mark_of(sheet.get("developerMetadata", ())),
        frozen=bool(grid.get("frozenRowCount") or grid.get("frozenColumnCount")),
    )


def _mark_of(metadata: Iterable[Mapping[str, Any]]) -> Mark | None:
    for one in metadata:
        if one.get("metadataKey") == KEY:
            try:
                noted = json.loads(one.get("metadataValue", "{}"))
                return Mark(int(one["metadataId"]), noted["d"], noted["h"], noted["w"], tuple(noted["r"]), tuple(noted["c"]))
            except (ValueError, KeyError, TypeError):
                return Mark(int(one["metadataId"]))
    return None


def own_tab(view: TabView, tabs: Iterable[Standing]) -> Standing | None:
    """Return the program's own tab for a description, `None` where there is none: a person's tab of the same title is not taken for it.

    It is known by its id and mark, whatever people call it now; in a copy, which may have neither, by title and first words.
    """
    known = list(tabs)
    own = next((one for one in known if one.mark and one.id == new_sheet_id(view.title, ())), None)
    return own or next((one for one in known if one.title.casefold() == view.title.casefold() and _is_like(view, one)), None)


def _is_like(view: TabView, tab: Standing) -> bool:
    if tab.mark or not tab.cells:
        return True
    there = str(tab.cells[0][0].get("stringValue", "")) if tab.cells[0] else ""
    shown = str(view.rows[0][0].value or "") if view.rows and view.rows[0] else ""
    return re.sub(r"\d", "", there) == re.sub(r"\d", "", shown)  # the year in a title changes


def free_title(title: str, tabs: Iterable[Standing]) -> str:
    """Return the title, or one like it, that no tab has."""
    taken = {one.title.casefold() for one in tabs}
    number, found = 1, title
    while found.casefold() in taken:
        number += 1
        found = f"{title} ({number})"
    return found


def new_sheet_id(title: str, taken: Iterable[int]) -> int:
    """Return the id for a tab of this title: the same each time, so that a repeated attempt cannot make a second tab."""
    number, others = zlib.crc32(f"{KEY} {title}".encode()) & 0x7FFFFFFF, set(taken)
    while number in others or number == 0:
        number += 1
    return number


def tab_changes(
    view: TabView, standing: Standing | None, *, sheet_id: int, index: int, follow: Callable[[str], str | None], anew: bool = False
) -> Changes:
    """Return what makes the tab look as described; no request where nothing differs.

    ``standing`` is the tab of this title, `None` where there is none yet; ``follow`` turns a link of the description into an address.
    ``anew`` lays a tab of which anything differs out as if it were new: every row in one block, and how it looks.
    """
    return _Writer(view, standing, sheet_id, index, follow, anew).changes()


@dataclass
class _Writer:
    view: TabView
    standing: Standing | None
    sheet_id: int
    index: int
    follow: Callable[[str], str | None]
    anew: bool = False
    requests: list[Json] = field(default_factory=list)

    def changes(self) -> Changes:
        view, before = self.view, self.standing or Standing(self.sheet_id, self.view.title, 0, 0)
        self.height, self.width = len(view.rows), max((len(row) for row in view.rows), default=0)
        self.old = before.mark or Mark(0)
        self.links = {place: link for place in self._places() if (link := self._link(*place))}
        digest = self._digest()
        width = self._make_room(before)
        wanted = self._wanted()
        parts = {part: self._differing(before, wanted, part) for part in self._parts(len(wanted[0]) if wanted else 0)}
        look = self.old.digest != digest or self.standing is None or (self.anew and any(parts.values()))
        if look and not view.hidden:
            self._forget_look(before)
        for part, rows in parts.items():
            self._write(self._to_write(part, rows, wanted, look=look), wanted)
        if look and not view.hidden:
            self._look(before)
        if look or (self.old.height, self.old.width) != (self.height, self.width):
            self._note(digest)
        return Changes(self.requests, self._after(before, wanted, width, digest) if self.requests else before)

    def _after(self, before: Standing, wanted: list[list[Json]], width: int, digest: str) -> Standing:
        """Return the tab as it stands once the changes are made; what people added beside the block is not kept track of."""
        own_rules, own_charts = {*self.old.rules, *self._rule_names()}, {*self.old.charts, *self._chart_ids()}
        return Standing(
            self.sheet_id,
            before.title,
            max(before.height, self.height + _SPARE_ROWS),
            max(before.width, width),
            tuple(tuple(row) for row in wanted),
            tuple(self._block(top, left, bottom + 1, right + 1) for top, left, bottom, right in self._merges()),
            (*self._rules(), *(rule for rule in before.rules if rule_name(rule) not in own_rules)),
            (*self._chart_ids(), *(chart for chart in before.charts if chart not in own_charts)),
            before.filter,
            Mark(self.old.number or self._mark_number(), digest, self.height, self.width, self._rule_names(), self._chart_ids()),
            bool(self.view.frozen_rows or self.view.frozen_columns),
        )

    def _places(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row, cells in enumerate(self.view.rows) for column, shown in enumerate(cells) if shown.link)

    def _link(self, row: int, column: int) -> str | None:
        link = self.view.rows[row][column].link
        return self.follow(link) if link else None

    def _digest(self) -> str:
        digest = hashlib.blake2b(digest_size=12)
        view = self.view
        looks = [list(map(str, map(_format, row))) for row in view.rows] if not view.hidden else []
        heights = row_heights(view) if not view.hidden else {}
        laid = (view.widths, view.frozen_rows, view.frozen_columns, view.filter_row, view.filter_last, view.merges, view.rules, view.charts)
        lists = (view.dropdowns, view.people_columns) if view.people_columns else ()
        frame = (_LOOK, view.title, laid, *lists, view.hidden, view.tab_colour, sorted(heights.items()), looks, sorted(self.links.items()))
        digest.update(repr(frame).encode())
        return digest.hexdigest()

    # The grid

    def _make_room(self, before: Standing) -> int:
        """Make the tab, or make it large enough; people's columns beside it move to the right rather than be written over."""
        height, width = self.height + _SPARE_ROWS, self.width + _SPARE_COLUMNS
        if self.standing is None:
            properties: Json = {
                "sheetId": self.sheet_id,
                "title": self.view.title,
                "index": self.index,
                "gridProperties": {"rowCount": height, "columnCount": max(width, 2)},
            }
            if self.view.hidden:
                properties["hidden"] = True
            self.requests.append({"addSheet": {"properties": properties}})
            return width
        grown = self.width - self.old.width if self.old.number else 0
        if grown > 0 and self._is_peoples(before, range(self.old.width, self.width)):
            place = {"sheetId": self.sheet_id, "dimension": "COLUMNS", "startIndex": self.old.width, "endIndex": self.width}
            self.requests.append({"insertDimension": {"range": place, "inheritFromBefore": self.old.width > 0}})
            return before.width + grown
        grid = {name: size for name, size, has in (("rowCount", height, before.height), ("columnCount", width, before.width)) if size > has}
        if grid:
            fields = ",".join(f"gridProperties.{name}" for name in grid)
            self.requests.append(
                {"updateSheetProperties": {"properties": {"sheetId": self.sheet_id, "gridProperties": grid}, "fields": fields}}
            )
        return max(width, before.width)

    def _is_peoples(self, before: Standing, columns: range) -> bool:
        return any(row[at] for row in before.cells for at in columns if at < len(row))

    # The values

    def _wanted(self) -> list[list[Json]]:
        """Return every value of the program's own block, as far as it reaches or has reached."""
        height, width = max(self.height, self.old.height), max(self.width, self.old.width)
        rows = [[_value(shown) for shown in row] + [{}] * (width - len(row)) for row in self.view.rows]
        return rows + [[{}] * width for _ in range(height - len(rows))]

    def _parts(self, width: int) -> Iterator[range]:
        """Yield the columns that are written together: what is written beside people's cells never carries them along."""
        own = [at for at in range(width) if at not in self.view.people_columns]
        for columns in (own, self.view.people_columns):
            yield from (range(first, last + 1) for first, last in runs(columns))

    def _differing(self, before: Standing, wanted: list[list[Json]], part: range) -> Spans:
        """Return each row in which a value of these columns is not what it should be, with the first and the last such column."""
        found = {}
        for number, row in enumerate(wanted):
            there: tuple[Json, ...] = before.cells[number] if number < len(before.cells) else ()
            there = there[: len(row)] + ({},) * (len(row) - len(there))
            if tuple(row) != there and (wrong := [at for at in part if row[at] != there[at]]):
                found[number] = wrong[0], wrong[-1]
        return found

    def _to_write(self, part: range, rows: Spans, wanted: list[list[Json]], *, look: bool) -> Spans:
        """Return what is written of these columns: with a new look the links too, and laid out anew each row of the program's own."""
        if not look or part.start in self.view.people_columns:
            return rows
        if self.anew:
            return dict.fromkeys(range(len(wanted)), (part.start, part.stop - 1))
        return rows | {row: self._linked(row, part, rows.get(row)) for row, column in self.links if column in part}

    def _linked(self, row: int, part: range, differing: tuple[int, int] | None) -> tuple[int, int]:
        """Return the columns that are written of a row with links."""
        places = [column for column in part if (row, column) in self.links]
        return min(*places, *(differing or places)), max(*places, *(differing or places))

    def _write(self, rows: Mapping[int, tuple[int, int]], wanted: list[list[Json]]) -> None:
        """Write each run of rows in one block, as wide as they differ."""
        for columns, group in groupby(sorted(rows), key=lambda row: rows[row]):
            left, right = columns
            for first, last in runs(list(group)):
                lines = [
                    {"values": [self._cell(row, column, wanted[row][column]) for column in range(left, right + 1)]}
                    for row in range(first, last + 1)
                ]
                place = self._block(first, left, last + 1, right + 1)
                self.requests.append({"updateCells": {"range": place, "rows": lines, "fields": "userEnteredValue,textFormatRuns"}})

    def _cell(self, row: int, column: int, value: Json) -> Json:
        cell: Json = {"userEnteredValue": value} if value else {}
        if link := self.links.get((row, column)):
            cell["textFormatRuns"] = [{"startIndex": 0, "format": {"link": {"uri": link}}}]
        return cell

    def _block(self, top: int, left: int, bottom: int, right: int) -> Json:
        return {"sheetId": self.sheet_id, "startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}

    # The look

    def _forget_look(self, before: Standing) -> None:
        """Take away what an earlier run laid over the cells: its merges, rules and charts, and a frozen edge that may cut new merges."""
        height, width = max(self.height, self.old.height), max(self.width, self.old.width)
        if before.frozen:
            self._properties(
                {"gridProperties": {"frozenRowCount": 0, "frozenColumnCount": 0}}, "gridProperties(frozenRowCount,frozenColumnCount)"
            )
        for one in before.merges:
            if one.get("startRowIndex", 0) < height and one.get("startColumnIndex", 0) < width:
                self.requests.append({"unmergeCells": {"range": {**one, "sheetId": self.sheet_id}}})
        own = {*self.old.rules, *self._rule_names()}
        for number in reversed(range(len(before.rules))):
            if rule_name(before.rules[number]) in own:
                self.requests.append({"deleteConditionalFormatRule": {"sheetId": self.sheet_id, "index": number}})
        for chart in before.charts:
            if chart in {*self.old.charts, *self._chart_ids()}:
                self.requests.append({"deleteEmbeddedObject": {"objectId": chart}})

    def _look(self, before: Standing) -> None:
        self._formats()
        for top, left, bottom, right in self._merges():
            self.requests.append({"mergeCells": {"range": self._block(top, left, bottom + 1, right + 1), "mergeType": "MERGE_ALL"}})
        self._sizes()
        self._frame(before)
        self._choices()
        for number, rule in enumerate(self._rules()):
            self.requests.append({"addConditionalFormatRule": {"rule": rule, "index": number}})
        for number, chart in zip(self._chart_ids(), self.view.charts, strict=True):
            self.requests.append({"addChart": {"chart": _chart(chart, self.sheet_id, number)}})

    def _formats(self) -> None:
        """Reset the block, then lay each format over the rows that share it, column by column."""
        height, width = max(self.height, self.old.height), max(self.width, self.old.width)
        if height and width:
            self.requests.append({"repeatCell": {"range": self._block(0, 0, height, width), "cell": {}, "fields": "userEnteredFormat"}})
        uncut = {(top, left) for top, left, *_ in set(self.view.merges) - set(self._merges())}
        for column in range(self.width):
            looks = [json.dumps(self._format(row, column, uncut), sort_keys=True) for row in range(self.height)]
            for look, group in groupby(range(self.height), key=lambda row: looks[row]):
                rows = list(group)
                if look != "{}":
                    place = self._block(rows[0], column, rows[-1] + 1, column + 1)
                    self.requests.append(
                        {"repeatCell": {"range": place, "cell": {"userEnteredFormat": json.loads(look)}, "fields": "userEnteredFormat"}}
                    )

    def _format(self, row: int, column: int, uncut: set[tuple[int, int]]) -> Json:
        cells = self.view.rows[row]
        if column >= len(cells):
            return {}
        found = cell_format(cells[column])
        return {**found, "wrapStrategy": "OVERFLOW_CELL"} if (row, column) in uncut else found

    def _merges(self) -> list[tuple[int, int, int, int]]:
        """Return the merges that Google bears: none across the edge of the frozen columns, where the text flows over instead."""
        edge = self.view.frozen_columns
        return [one for one in self.view.merges if not one[1] < edge <= one[3]]

    def _sizes(self) -> None:
        widths = [column_pixels(width) for width in self.view.widths]
        for pixels, group in groupby(range(len(widths)), key=lambda at: widths[at]):
            self._resize("COLUMNS", list(group), pixels)
        heights = {row: row_pixels(points) for row, points in row_heights(self.view).items()}
        for pixels, group in groupby(range(self.height), key=lambda row: heights.get(row, 21)):
            self._resize("ROWS", list(group), pixels)

    def _resize(self, dimension: str, places: list[int], pixels: int) -> None:
        place = {"sheetId": self.sheet_id, "dimension": dimension, "startIndex": places[0], "endIndex": places[-1] + 1}
        self.requests.append({"updateDimensionProperties": {"range": place, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}})

    def _frame(self, before: Standing) -> None:
        view = self.view
        grid = {"frozenRowCount": view.frozen_rows, "frozenColumnCount": view.frozen_columns, "hideGridlines": True}
        fields = "gridProperties(frozenRowCount,frozenColumnCount,hideGridlines)"
        if view.tab_colour:
            self._properties({"gridProperties": grid, "tabColorStyle": colour(view.tab_colour)}, f"{fields},tabColorStyle")
        else:
            self._properties({"gridProperties": grid}, fields)
        if view.filter_row is not None:
            last = view.filter_last if view.filter_last is not None else self.height - 1
            place = self._block(view.filter_row, 0, max(last, view.filter_row + 1) + 1, max(len(view.rows[view.filter_row]), 1))
            if (before.filter or {}).get("range") != place:
                self.requests.append({"setBasicFilter": {"filter": {"range": place}}})

    def _choices(self) -> None:
        """Take earlier lists away and lay the lists to choose from; other words are warned of, not refused."""
        if not self.view.people_columns:
            return
        height = max(self.height, self.old.height)
        left, right = min(self.view.people_columns), max(self.view.people_columns) + 1
        self.requests.append({"setDataValidation": {"range": self._block(0, left, height, right)}})
        for one in self.view.dropdowns:
            values = [{"userEnteredValue": choice} for choice in one.choices]
            rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "strict": False, "showCustomUi": True}
            place = self._block(one.top, one.column, one.bottom + 1, one.column + 1)
            self.requests.append({"setDataValidation": {"range": place, "rule": rule}})

    def _properties(self, properties: Json, fields: str) -> None:
        self.requests.append({"updateSheetProperties": {"properties": {"sheetId": self.sheet_id, **properties}, "fields": fields}})

    def _rules(self) -> list[Json]:
        return [
            made for rule in self.view.rules for made in _rules_of(rule, self._block(rule.top, rule.left, rule.bottom + 1, rule.right + 1))
        ]

    def _rule_names(self) -> tuple[str, ...]:
        return tuple(sorted({rule_name(rule) for rule in self._rules()}))

    def _chart_ids(self) -> tuple[int, ...]:
        return tuple(zlib.crc32(f"{KEY} {self.view.title} {number}".encode()) & 0x7FFFFFFF for number in range(len(self.view.charts)))

    # The mark

    def _mark_number(self) -> int:
        return zlib.crc32(f"{KEY} mark {self.sheet_id}".encode()) & 0x7FFFFFFF

    def _note(self, digest: str) -> None:
        noted = {"d": digest, "h": self.height, "w": self.width, "r": self._rule_names(), "c": self._chart_ids()}
        value = json.dumps(noted, ensure_ascii=False, separators=(",", ":"))
        if self.old.number:
            lookup = {"developerMetadataLookup": {"metadataId": self.old.number}}
            self.requests.append(
                {
                    "updateDeveloperMetadata": {
                        "dataFilters": [lookup],
                        "developerMetadata": {"metadataValue": value},
                        "fields": "metadataValue",
                    }
                }
            )
        else:
            made = {
                "metadataId": self._mark_number(),
                "metadataKey": KEY,
                "metadataValue": value,
                "visibility": "DOCUMENT",
                "location": {"sheetId": self.sheet_id},
            }
            self.requests.append({"createDeveloperMetadata": {"developerMetadata": made}})


def _value(shown: Shown) -> Json:
    """Return the ExtendedValue of a cell: text is text, whatever it begins with."""
    value = shown.value
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        text = fitting(value)
        return {"stringValue": text} if text else {}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"numberValue": (value - _EPOCH).days if isinstance(value, date) else value}


def entered_text(value: Mapping[str, Any]) -> str:
    """Return an ExtendedValue as text: a formula as it was typed, a whole number without decimals."""
    if "numberValue" in value:
        return f"{value['numberValue']:.15g}"
    return str(next(iter(value.values()), ""))


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of each run of numbers without a gap."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        yield run[0], run[-1]


def rule_name(rule: Mapping[str, Any]) -> str:
    """Return what a rule is known by: its condition; Google gives rules no ids, and may write their colours in its own way."""
    if "gradientRule" in rule:
        ends = [rule["gradientRule"].get(end, {}) for end in ("minpoint", "maxpoint")]
        return "gradient " + " ".join(f"{end.get('type')}:{end.get('value')}" for end in ends)
    condition = rule.get("booleanRule", {}).get("condition", {})
    return f"{condition.get('type')} " + "|".join(str(one.get("userEnteredValue")) for one in condition.get("values", ()))


def _rules_of(rule: Rule, place: Json) -> Iterator[Json]:
    if rule.kind == "bar":
        ends = {
            "minpoint": {"colorStyle": colour("#FFFFFF"), "type": "NUMBER", "value": "0"},
            "maxpoint": {"colorStyle": colour("#9DC3E6"), "type": "NUMBER", "value": "1"},
        }
        yield {"ranges": [place], "gradientRule": ends}
        return
    for words in rule.texts:
        condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": words}]}
        yield {"ranges": [place], "booleanRule": {"condition": condition, "format": rule_format(rule.format)}}


def _chart(chart: Chart, sheet_id: int, number: int) -> Json:
    def source(column: int) -> Json:
        place = {
            "sheetId": sheet_id,
            "startRowIndex": chart.first_row - 1,
            "endRowIndex": chart.last_row + 1,
            "startColumnIndex": column,
            "endColumnIndex": column + 1,
        }
        return {"sourceRange": {"sources": [place]}}

    series = [
        {
            "series": source(column),
            "targetAxis": "LEFT_AXIS",
            "colorStyle": colour(_CHART_COLOURS[at % 3]),
            "dataLabel": {"type": "DATA", "placement": "OUTSIDE_END"},
        }
        for at, (_, column) in enumerate(chart.series)
    ]
    basic = {
        "chartType": "COLUMN",
        "legendPosition": "BOTTOM_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": source(chart.categories_column)}],
        "series": series,
    }
    anchor = {"sheetId": sheet_id, "rowIndex": chart.row, "columnIndex": chart.column}
    return {
        "chartId": number,
        "spec": {"title": chart.title, "altText": chart.alt_text, "basicChart": basic},
        "position": {"overlayPosition": {"anchorCell": anchor, "widthPixels": 1250, "heightPixels": 350}},
    }
