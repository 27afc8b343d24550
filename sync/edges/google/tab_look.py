"""How a described tab looks, as requests: all of it anew, or no more than what differs from how it looked."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any

from sync.edges.google.over_cells import chart_json, rule_name, rules_of
from sync.edges.google.reading import KEY
from sync.edges.google.row_looks import NO_FORMAT, PLAIN, PLAIN_NAME, RowLook, row_looks
from sync.edges.google.style import colour, column_pixels, row_pixels
from sync.edges.google.tab_values import by_value
from sync.edges.google.tabs import Mark, Standing
from sync.edges.workbook_style import row_heights
from sync.layout import TabView

Json = dict[str, Any]
Merge = tuple[int, int, int, int]
_VERSION = "2"
"""Grows when this module writes the same description in another way."""
_USUAL_HEIGHT = 21
_FROZEN = "gridProperties(frozenRowCount,frozenColumnCount)"


class TabLook:
    """How a described tab looks."""

    def __init__(self, view: TabView, sheet_id: int, follow: Callable[[str], str | None]) -> None:
        self.view, self.sheet_id = view, sheet_id
        self.height, self.width = len(view.rows), max((len(row) for row in view.rows), default=0)
        self.links = {
            (row, column): address
            for row, cells in enumerate(view.rows)
            for column, shown in enumerate(cells)
            if shown.link and (address := follow(shown.link))
        }
        edge = view.frozen_columns
        self.merges: list[Merge] = [one for one in view.merges if not one[1] < edge <= one[3]]
        """Those that Google bears: none across the edge of the frozen columns, where the text flows over instead."""
        self.names, self.meanings = (
            ([PLAIN_NAME] * self.height, {PLAIN_NAME: PLAIN}) if view.hidden else row_looks(view, self.links, self.merges)
        )

    # What it is known by

    def frame(self) -> str:
        """Return a digest of all that is not laid row by row."""
        view = self.view
        kinds = [(one.left, one.right, one.kind, one.texts, one.format) for one in view.rules]
        laid = (view.widths, view.frozen_columns, view.filter_row is None, view.row_height, kinds, view.people_columns)
        return _digest((_VERSION, view.title, view.hidden, view.tab_colour, laid))

    def places(self, *, heights: bool) -> str:
        """Return a digest of how each row looks, and of where what lies over rows begins and ends; with row ``heights`` where asked."""
        view = self.view
        over = (
            view.frozen_rows,
            view.filter_row,
            view.filter_last,
            self.merges,
            [(one.top, one.bottom) for one in view.rules],
            view.charts,
        )
        high = sorted(row_heights(view).items()) if heights and not view.hidden else ()
        return _digest((self.height, over, self.names, high))

    @cached_property
    def rules(self) -> list[Json]:
        """The conditional formats, in order."""
        return [made for one in self.view.rules for made in rules_of(one, self.block(one.top, one.left, one.bottom + 1, one.right + 1))]

    def rule_names(self) -> tuple[str, ...]:
        """Return what the tab's own rules are known by."""
        return tuple(sorted({rule_name(rule) for rule in self.rules}))

    def chart_ids(self) -> tuple[int, ...]:
        """Return the ids of the tab's own charts."""
        return tuple(zlib.crc32(f"{KEY} {self.view.title} {number}".encode()) & 0x7FFFFFFF for number in range(len(self.view.charts)))

    def block(self, top: int, left: int, bottom: int, right: int) -> Json:
        """Return the GridRange of these bounds, the last two exclusive."""
        return {"sheetId": self.sheet_id, "startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}

    def merged(self) -> list[Json]:
        """Return the GridRanges of the merged blocks."""
        return [self.block(top, left, bottom + 1, right + 1) for top, left, bottom, right in self.merges]

    # All of it

    def forgotten(self, before: Standing, old: Mark) -> Iterator[Json]:
        """Take away what an earlier run laid over the cells: its merges, rules and charts, and a frozen edge that may cut new merges."""
        height, width = max(self.height, old.height), max(self.width, old.width)
        if any(before.frozen):
            yield self.properties({"gridProperties": {"frozenRowCount": 0, "frozenColumnCount": 0}}, _FROZEN)
        for one in before.merges:
            if one.get("startRowIndex", 0) < height and one.get("startColumnIndex", 0) < width:
                yield self.unmerged(one)
        yield from self.rules_forgotten(before, old)
        yield from self.charts_forgotten(before, old)

    def unmerged(self, place: Mapping[str, Any]) -> Json:
        """Return what takes a merged block apart."""
        return {"unmergeCells": {"range": {**place, "sheetId": self.sheet_id}}}

    def rules_forgotten(self, before: Standing, old: Mark) -> Iterator[Json]:
        """Take the program's own rules away."""
        own = {*old.rules, *self.rule_names()}
        for number in reversed(range(len(before.rules))):
            if rule_name(before.rules[number]) in own:
                yield {"deleteConditionalFormatRule": {"sheetId": self.sheet_id, "index": number}}

    def charts_forgotten(self, before: Standing, old: Mark) -> Iterator[Json]:
        """Take the program's own charts away."""
        own = {*old.charts, *self.chart_ids()}
        yield from ({"deleteEmbeddedObject": {"objectId": chart}} for chart in before.charts if chart in own)

    def laid(self, before: Standing, old: Mark, *, every_choice: bool) -> Iterator[Json]:
        """Lay it over the values; with ``every_choice`` lists to choose from are taken away though the tab has none."""
        height, width = max(self.height, old.height), max(self.width, old.width)
        if height and width:
            yield {"repeatCell": {"range": self.block(0, 0, height, width), "cell": {}, "fields": "userEnteredFormat"}}
        yield from self.formats([(row, column) for row in range(self.height) for column in range(self.width)], skip=NO_FORMAT)
        yield from ({"mergeCells": {"range": place, "mergeType": "MERGE_ALL"}} for place in self.merged())
        yield from self._widths()
        yield from self.heights(range(height))
        yield from self._frame(before)
        if self.view.people_columns or every_choice:
            yield from self.choices(range(height), range(width))
        yield from self.rules_laid()
        yield from self.charts_laid()

    def _widths(self) -> Iterator[Json]:
        widths = [column_pixels(width) for width in self.view.widths]
        for pixels, group in groupby(range(len(widths)), key=lambda at: widths[at]):
            places = list(group)
            yield self._resized("COLUMNS", places[0], places[-1], {"pixelSize": pixels})

    def _resized(self, dimension: str, first: int, last: int, properties: Json) -> Json:
        place = {"sheetId": self.sheet_id, "dimension": dimension, "startIndex": first, "endIndex": last + 1}
        return {"updateDimensionProperties": {"range": place, "properties": properties, "fields": ",".join(properties)}}

    def _frame(self, before: Standing) -> Iterator[Json]:
        grid = {"frozenRowCount": self.view.frozen_rows, "frozenColumnCount": self.view.frozen_columns, "hideGridlines": True}
        fields = "gridProperties(frozenRowCount,frozenColumnCount,hideGridlines)"
        if self.view.tab_colour:
            yield self.properties({"gridProperties": grid, "tabColorStyle": colour(self.view.tab_colour)}, f"{fields},tabColorStyle")
        else:
            yield self.properties({"gridProperties": grid}, fields)
        yield from self.filtered((before.filter or {}).get("range"))

    # Parts of it

    def filtered(self, there: Mapping[str, Any] | None) -> Iterator[Json]:
        """Lay the filter, unless it lies there already."""
        if (place := self.filter_place()) and there != place:
            yield {"setBasicFilter": {"filter": {"range": place}}}

    def filter_place(self) -> Json | None:
        """Return the range of the filter, `None` where there is none."""
        row = self.view.filter_row
        if row is None:
            return None
        last = self.view.filter_last if self.view.filter_last is not None else self.height - 1
        return self.block(row, 0, max(last, row + 1) + 1, max(len(self.view.rows[row]), 1))

    def rules_laid(self) -> Iterator[Json]:
        """Lay the conditional formats, before those of people."""
        yield from ({"addConditionalFormatRule": {"rule": rule, "index": number}} for number, rule in enumerate(self.rules))

    def charts_laid(self) -> Iterator[Json]:
        """Lay the charts."""
        for number, chart in zip(self.chart_ids(), self.view.charts, strict=True):
            yield {"addChart": {"chart": chart_json(chart, self.sheet_id, number)}}

    def frozen(self) -> Json:
        """Freeze the head."""
        grid = {"frozenRowCount": self.view.frozen_rows, "frozenColumnCount": self.view.frozen_columns}
        return self.properties({"gridProperties": grid}, _FROZEN)

    def thawed(self) -> Json:
        """Freeze nothing."""
        return self.properties({"gridProperties": {"frozenRowCount": 0, "frozenColumnCount": 0}}, _FROZEN)

    def look(self, row: int) -> RowLook:
        """Return how a row looks; below the last one nothing is laid."""
        return self.meanings[self.names[row]] if row < self.height else PLAIN

    def formats(self, places: Iterable[tuple[int, int]], *, skip: str = "") -> Iterator[Json]:
        """Lay each format over the cells of these that share it, row by row or column by column as they come; ``skip`` is there."""
        lines: dict[int, list[int]] = {}
        for row, column in places:
            lines.setdefault(row, []).append(column)
        spans = [(row, (left, right, form)) for row in sorted(lines) for left, right, form in self._alike(row, lines[row]) if form != skip]
        for (left, right, form), found in by_value(spans).items():
            cell = {"userEnteredFormat": json.loads(form)} if form != NO_FORMAT else {}
            for first, last in found:
                yield {"repeatCell": {"range": self.block(first, left, last + 1, right + 1), "cell": cell, "fields": "userEnteredFormat"}}

    def _alike(self, row: int, columns: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        look = self.look(row)
        for form, group in groupby(enumerate(columns), key=lambda pair: (pair[1] - pair[0], look.format(pair[1]))):
            found = [column for _, column in group]
            yield found[0], found[-1], form[1]

    def heights(self, rows: Collection[int], *, seen: bool = False) -> Iterator[Json]:
        """Give these rows the height of their text, those below the last one the usual; with ``seen`` they are shown, too."""
        high = self.pixels([row for row in rows if row < self.height])
        more = {"hiddenByUser": False} if seen else {}
        for pixels, found in by_value((row, high.get(row, _USUAL_HEIGHT)) for row in sorted(rows)).items():
            yield from (self._resized("ROWS", first, last, {"pixelSize": pixels, **more}) for first, last in found)

    def pixels(self, rows: Collection[int], view: TabView | None = None) -> dict[int, int]:
        """Return the height of each of these rows, in pixels, of this description or of another with the same looks."""
        found = row_heights(view or self.view, rows)
        return {row: row_pixels(found[row]) if row in found else _USUAL_HEIGHT for row in rows}

    def choices(self, rows: Iterable[int], columns: range | None = None) -> Iterator[Json]:
        """Take earlier lists away and lay the lists to choose from; other words are warned of, not refused."""
        people, wanted = self.view.people_columns, sorted(rows)
        left, right = (min(people), max(people) + 1) if people else (columns.start, columns.stop) if columns else (0, 0)
        if right == left:
            return
        for found in by_value((row, None) for row in wanted).values():
            for first, last in found:
                yield {"setDataValidation": {"range": self.block(first, left, last + 1, right)}}
        lists = ((row, one) for row in wanted for one in self.look(row).choices)
        for (column, words), found in by_value(lists).items():
            values = [{"userEnteredValue": word} for word in words]
            rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "strict": False, "showCustomUi": True}
            for first, last in found:
                yield {"setDataValidation": {"range": self.block(first, column, last + 1, column + 1), "rule": rule}}

    def properties(self, properties: Json, fields: str) -> Json:
        """Return a change of the sheet's properties."""
        return {"updateSheetProperties": {"properties": {"sheetId": self.sheet_id, **properties}, "fields": fields}}


def _digest(what: object) -> str:
    return hashlib.blake2b(repr(what).encode("utf-8", "replace"), digest_size=8).hexdigest()
