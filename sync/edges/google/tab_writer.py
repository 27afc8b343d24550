"""A described tab → the changes that make a tab of Google look like it, and no change where it does already.

Text goes in as `stringValue`, so it can never become a formula. A row that stays what it was is not written again, wherever it moves to:
rows are inserted and deleted around it. Of the others the cells go out that differ, in values or in how they look. Beyond the rows and
columns that the program wrote itself nothing is touched: there people may have added their own.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from sync.edges.google.alignment import Line
from sync.edges.google.over_cells import rule_name
from sync.edges.google.reading import KEY
from sync.edges.google.row_looks import PLAIN_NAME, packed, unpacked
from sync.edges.google.row_steps import Plan, Rows, in_place, kept_rows, looks_after, planned
from sync.edges.google.tab_look import TabLook
from sync.edges.google.tab_relaid import Laid, Relaid
from sync.edges.google.tab_values import as_wide, blocks, content_digest, entered, parts, wanted_lines
from sync.edges.google.tabs import Mark, Standing
from sync.layout import TabView

Json = dict[str, Any]
_SPARE_ROWS, _SPARE_COLUMNS = 5, 1
_REMEMBERED = 1 << 12
"""Cells that are known again: as many as stand in a few hundred rows."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one tab, and the tab as it stands when they are made."""

    requests: list[Json]
    after: Standing


def tab_changes(
    view: TabView,
    standing: Standing | None,
    *,
    sheet_id: int,
    index: int,
    follow: Callable[[str], str | None],
    anew: bool = False,
    by_row: bool = False,
    move_rows: bool = True,
) -> Changes:
    """Return what makes the tab look as described; no request where nothing differs.

    ``standing`` is the tab of this title, `None` where there is none yet; ``follow`` turns a link of the description into an address.
    ``anew`` lays a tab of which anything differs out as if it were new: every row in one block, and how it looks. ``by_row`` remembers in
    the tab how each row looks, so that later no more is written than differs; ``move_rows`` then lets rows be inserted and deleted.
    """
    return _Writer(view, standing, TabLook(view, sheet_id, follow), index, anew, by_row, move_rows).changes()


@dataclass
class _Writer:
    view: TabView
    standing: Standing | None
    look: TabLook
    index: int
    anew: bool
    by_row: bool
    move_rows: bool
    requests: list[Json] = field(default_factory=list)

    def changes(self) -> Changes:
        self.sheet_id, self.height = self.look.sheet_id, self.look.height
        before = self.standing or Standing(self.sheet_id, self.view.title, 0, 0)
        self.old = before.mark or Mark(0)
        self.width, self.reach = max(self.look.width, self.old.width), max(self.height, self.old.height)
        self.wanted = wanted_lines(self.view, self.width) + [(None,) * self.width] * (self.reach - self.height)
        there = self._standing_lines(before)
        self.frame, self.places = self.look.frame(), self.look.places(heights=not self.by_row)
        same_look = self.standing is not None and (self.old.digest, self.old.places) == (self.frame, self.places)
        if self.wanted == there and same_look and (self.old.height, self.old.width) == (self.height, self.look.width):
            return Changes([], before)
        touched = self._is_touched(there)
        names = None if touched else self._standing_looks(before, same_look=same_look)
        if names is None:
            return self._all_over(before, look=touched or not same_look)
        return self._what_differs(before, there, names)

    def _standing_lines(self, before: Standing) -> list[Line]:
        """Return the program's rows as they stand, as many as it wrote or wants."""
        there = as_wide(before.lines[: self.reach], self.width)
        return there + [(None,) * self.width] * (self.reach - len(there))

    def _is_touched(self, there: Sequence[Line]) -> bool:
        """Return whether people edited or sorted what the program wrote."""
        if not self.by_row or not self.old.content:
            return False
        return content_digest([line[: self.old.width] for line in there[: self.old.height]], self.view.people_columns) != self.old.content

    def _standing_looks(self, before: Standing, *, same_look: bool) -> list[str] | None:
        """Return how each row looks as it stands, `None` where that is not known, or all is to be laid out."""
        if self.standing is None or not self.by_row or self.anew or self.old.digest != self.frame or before.height < self.old.height:
            return None
        if self._grown_columns(before) or not self.old.content:
            return None
        if self.view.hidden:
            return [PLAIN_NAME] * self.old.height
        names = unpacked(self.old.looks) if self.old.looks else self.look.names if same_look else None
        return names if names is not None and len(names) == self.old.height else None

    # Everything, row by row in its place

    def _all_over(self, before: Standing, *, look: bool) -> Changes:
        before = self._make_room(before, self.height + _SPARE_ROWS)
        there = self._standing_lines(before)
        people = self.view.people_columns
        differing = self._differing(there)
        own = list(parts(self.width, people))
        look = look or (self.anew and bool(differing))
        if look and not self.view.hidden:
            self.requests += self.look.forgotten(before, self.old)
            if self.standing is not None and self.by_row and self.reach:
                self._forget_links([part for part in own if part.start not in people])
        if look:
            for row, column in self.look.links:
                differing.setdefault(row, []).append(column)
        for part in own:
            if look and self.anew and part.start not in people:
                self._write_block(0, part.start, self.reach - 1, part.stop - 1)
            else:
                self._write({row: sorted(set(columns)) for row, columns in differing.items()}, part)
        if look and not self.view.hidden:
            self.requests += self.look.laid(before, self.old, every_choice=self.by_row)
        self._note()
        return Changes(self.requests, self._after(before, in_place(there[: self.old.height], self.wanted)))

    def _forget_links(self, own: Sequence[range]) -> None:
        for part in own:
            self.requests.append(
                {"updateCells": {"range": self.look.block(0, part.start, self.reach, part.stop), "fields": "textFormatRuns"}}
            )

    def _differing(self, there: Sequence[Line]) -> dict[int, list[int]]:
        """Return each row in which a value is not what it should be, with the columns."""
        return {
            number: [at for at, value in enumerate(line) if value != there[number][at]]
            for number, line in enumerate(self.wanted[: len(there)])
            if line != there[number]
        }

    # What differs, rows moved to their place

    def _what_differs(self, before: Standing, there: list[Line], names: list[str]) -> Changes:
        old = there[: self.old.height]
        rows = Rows(
            self.view, old, self.wanted[: self.height], names, self.look.names, self.look.meanings,
            kept_rows(before, self.old.width, self.old.height),
        )  # fmt: skip
        plan = planned(rows) if self.move_rows and not before.locked else in_place(old, rows.new)
        moved = sum(step.added - (step.last - step.first) for step in plan.steps)
        before = self._make_room(before, self.height + _SPARE_ROWS - moved)
        looks = looks_after(plan, rows)
        lines = [old[at] if at is not None else (None,) * self.width for at in plan.sources]
        if not plan.steps:  # below the old rows may stand anything; what the old ones reach beyond the new is emptied
            lines[len(old) :] = there[len(old) : self.height]
            lines, looks = lines + there[self.height :], looks + names[self.height :]
        unknown = {row for row, at in enumerate(plan.sources) if at is None}
        laid = Laid(lines, looks, unknown, set(plan.added()))
        if self.view.hidden:
            self.requests += plan.requests(self.sheet_id)
            self._write_lines(laid)
        else:
            around = Relaid(self.look, before, plan, laid, self.wanted, same_places=self.old.places == self.places)
            self.requests += around.first()
            self._write_lines(laid)
            self.requests += around.then()
        self._note()
        return Changes(self.requests, self._after(before, plan))

    def _write_lines(self, laid: Laid) -> None:
        """Write the cells that differ in value or in what they lead to."""
        differing = self._differing(laid.lines)
        own = [at for at in range(self.width) if at not in self.view.people_columns]
        for row, name in enumerate(laid.looks):
            there, look = self.look.meanings.get(name), self.look.look(row)
            if row in laid.unknown:
                differing.setdefault(row, []).extend(column for column, *_ in look.links)
            elif there is None or there.links != look.links:
                differing.setdefault(row, []).extend(own if there is None else [column for column, *_ in (*there.links, *look.links)])
        for part in parts(self.width, self.view.people_columns):
            self._write({row: sorted(set(columns)) for row, columns in differing.items()}, part)

    # The grid

    def _grown_columns(self, before: Standing) -> int:
        """Return how many columns people's own have to move to the right."""
        grown = self.look.width - self.old.width if self.old.number else 0
        columns = range(self.old.width, self.look.width)
        return grown if grown > 0 and any(line[at] is not None for line in before.lines for at in columns if at < len(line)) else 0

    def _make_room(self, before: Standing, height: int) -> Standing:
        """Make the tab, or make it large enough; people's columns beside it move to the right rather than be written over."""
        width = self.look.width + _SPARE_COLUMNS
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
            return replace(before, height=height, width=width)
        if grown := self._grown_columns(before):
            at = self.old.width
            place = {"sheetId": self.sheet_id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + grown}
            self.requests.append({"insertDimension": {"range": place, "inheritFromBefore": at > 0}})
            lines = tuple((*line[:at], *((None,) * grown if len(line) > at else ()), *line[at:]) for line in before.lines)
            before = replace(before, lines=lines, width=before.width + grown)
        sizes = (("rowCount", height, before.height), ("columnCount", width, before.width))
        grid = {name: size for name, size, has in sizes if size > has}
        if grid:
            fields = ",".join(f"gridProperties.{name}" for name in grid)
            self.requests.append(self.look.properties({"gridProperties": grid}, fields))
        return replace(before, height=max(height, before.height), width=max(width, before.width))

    # The values

    def _write(self, differing: Mapping[int, Sequence[int]], part: range) -> None:
        for one in blocks(differing, part):
            self._write_block(one.top, one.left, one.bottom, one.right)

    def _write_block(self, top: int, left: int, bottom: int, right: int) -> None:
        lines = [{"values": [self._cell(row, column) for column in range(left, right + 1)]} for row in range(top, bottom + 1)]
        place = self.look.block(top, left, bottom + 1, right + 1)
        if lines:
            self.requests.append({"updateCells": {"range": place, "rows": lines, "fields": "userEnteredValue,textFormatRuns"}})

    def _cell(self, row: int, column: int) -> Json:
        cell = _plain_cell(self.wanted[row][column])
        if link := self.look.links.get((row, column)):
            return {**cell, "textFormatRuns": [{"startIndex": 0, "format": {"link": {"uri": link}}}]}
        return cell

    # The mark

    @cached_property
    def _mark(self) -> Mark:
        content = content_digest([line[: self.look.width] for line in self.wanted[: self.height]], self.view.people_columns)
        return Mark(
            self.old.number or zlib.crc32(f"{KEY} mark {self.sheet_id}".encode()) & 0x7FFFFFFF,
            self.frame,
            self.height,
            self.look.width,
            self.look.rule_names(),
            self.look.chart_ids(),
            self.places,
            packed(self.look.names) if self.by_row and not self.view.hidden else "",
            content if self.by_row else "",
        )

    def _note(self) -> None:
        mark = self._mark
        if mark == self.old:
            return
        noted = {"d": mark.digest, "h": mark.height, "w": mark.width, "r": mark.rules, "c": mark.charts, "p": mark.places}
        noted |= {"l": mark.looks, "v": mark.content} if self.by_row else {}
        value = json.dumps(noted, ensure_ascii=False, separators=(",", ":"))
        if self.old.number:
            lookup = {"developerMetadataLookup": {"metadataId": self.old.number}}
            asked = {"dataFilters": [lookup], "developerMetadata": {"metadataValue": value}, "fields": "metadataValue"}
            self.requests.append({"updateDeveloperMetadata": asked})
        else:
            made = {
                "metadataId": mark.number,
                "metadataKey": KEY,
                "metadataValue": value,
                "visibility": "DOCUMENT",
                "location": {"sheetId": self.sheet_id},
            }
            self.requests.append({"createDeveloperMetadata": {"developerMetadata": made}})

    def _after(self, before: Standing, plan: Plan) -> Standing:
        """Return the tab as it stands once the changes are made."""
        own_rules, own_charts = {*self.old.rules, *self.look.rule_names()}, {*self.old.charts, *self.look.chart_ids()}
        moved = sum(step.added - (step.last - step.first) for step in plan.steps)
        below = self.old.height if plan.steps else self.reach
        there = before.lines
        old = [there[at] if at is not None and at < len(there) else () for at in self._sources(before, plan)]
        lines = [_beside(line, then, self.width) for line, then in zip(self.wanted[: len(old)], old, strict=True)]
        return Standing(
            self.sheet_id,
            before.title,
            before.height + moved,
            before.width,
            (*lines, *there[below:]),
            tuple(self.look.merged()),
            (*self.look.rules, *(rule for rule in before.rules if rule_name(rule) not in own_rules)),
            (*self.look.chart_ids(), *(chart for chart in before.charts if chart not in own_charts)),
            {"range": reach} if (reach := self.look.filter_place()) else before.filter,
            self._mark,
            (self.view.frozen_rows, self.view.frozen_columns),
            frozenset(place for at in before.noted if (place := plan.places.get(at, at)) < self.height),
            before.locked,
        )

    def _sources(self, before: Standing, plan: Plan) -> list[int | None]:
        """Return the old row of each row that the program wrote, also of those that it emptied or wrote over."""
        return plan.sources if plan.steps else list(range(self.reach))


@lru_cache(_REMEMBERED, typed=True)
def _plain_cell(value: Hashable) -> Json:
    """Return a cell without a link; equal ones that follow each other soon are one object, which nobody may change."""
    made = entered(value)
    return {"userEnteredValue": made} if made else {}


def _beside(line: Line, old: Line, width: int) -> Line:
    """Return a row with what people wrote beside the old one, which it is itself where nothing of it is another value."""
    made = (*line, *old[width:])
    return old if made == (*old, *(None,) * (len(made) - len(old))) else made
