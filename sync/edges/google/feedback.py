"""What a cluster is told, as changes of its own spreadsheet: the system's two columns, its notes, one rule, the tab `Tiến độ`.

Rows are recognised by what people wrote in them, so that an insertion or a sort between reading and writing puts no verdict on a
wrong row; and a look after the write, mostly the answer to it, shows one in between, and it is put right. What went astray is known
by itself, not by the row where it was written: people may have moved that on before anybody looked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync.columns import TITLES
from sync.edges.feedback_words import MARK, OUR_WORDS, OWN_COLUMNS, joined_codes, joined_note, joined_verdicts
from sync.edges.google.reading import grid_cells, own_columns, people_rows, tab_of
from sync.edges.google.style import colour
from sync.edges.google.tab_writer import tab_changes
from sync.edges.google.tabs import Json, Standing, free_title, new_sheet_id, own_tab, runs, standing_of
from sync.edges.xlsx_extent import column_number
from sync.layout import Feedback, Note, TabView, Verdict
from sync.model import Cell, Column, Merge, Tab

_WRONG = "Chưa tính"
"""What every verdict on a row that is not wholly counted holds: the rule colours it."""
_NEW_WIDTH = {Column.CODE: 95, Column.VERDICT: 380}
_PLACE = re.compile(r"\b([Ôô]) ([A-Z]{1,3})(\d+)")
_CODE = re.compile(r"[A-Z]{1,8}-\d{4,}")
_ROW = re.compile(r"\b[Dd]òng \d")
_Head = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of one spreadsheet, and what is open until it has been looked at after them."""

    requests: list[Json]
    unsure: frozenset[str] = frozenset()
    """Codes (one, or those that share a cell) that were not seen in their own row, and there alone, since they were written."""


def feedback_changes(feedback: Feedback, answer: Mapping[str, Any], *, unsure: Iterable[str] = ()) -> Plan:
    """Return what tells the cluster, given its spreadsheet as it stands; no request where it is told already.

    ``unsure`` is that of the plan before: written by this run, and taken away again wherever the row is not known as its own.
    """
    sheets = list(answer.get("sheets", ()))
    read = next((one for one in sheets if one["properties"]["title"] == feedback.tab), None)
    requests: list[Json] = []
    left = frozenset(unsure)
    if read is not None:
        writer = _Writer(feedback, read, left)
        requests += writer.requests()
        left = writer.unsure
    for other in sheets:
        if other is not read:
            requests += _forgotten_notes(other)
    if feedback.progress:
        requests += _progress(feedback.progress, sheets, feedback.tab)
    return Plan(requests, left)


def taken_back(feedback: Feedback, then: Mapping[str, Any], now: Mapping[str, Any], unsure: Iterable[str]) -> Plan:
    """Return what takes ``unsure`` away wherever it stands in the table that was read: no row of that can be recognised any more."""
    read = next((one["properties"] for one in then.get("sheets", ()) if one["properties"]["title"] == feedback.tab), None)
    there = [one for one in now.get("sheets", ()) if read and one["properties"].get("sheetId", 0) == read.get("sheetId", 0)]
    left = frozenset(unsure)
    found = [
        _update(int(sheet["properties"].get("sheetId", 0)), row, column + 1, [{}], "userEnteredValue")
        for sheet in there
        for row, line in enumerate(grid_cells(sheet), 1)
        for column in sorted(own_columns(tab_of(sheet)))
        if column < len(line) and line[column].get("userEnteredValue", {}).get("stringValue") in left
    ]
    return Plan(found, left)


class _Writer:
    """The changes of the tab that units work in."""

    def __init__(self, feedback: Feedback, sheet: _Head, unsure: frozenset[str]) -> None:
        self._feedback, self._sheet, self.unsure = feedback, sheet, unsure
        self._id = int(sheet["properties"].get("sheetId", 0))
        self._grid = grid_cells(sheet)
        self._merges = [_merge(one) for one in sheet.get("merges", ())]

    def requests(self) -> list[Json]:
        """Return them in order."""
        found: list[Json] = []
        if self._feedback.header_row is not None:
            places, made = self._own_columns(self._feedback.header_row)
            found += made
            for column, at in places.items():
                found += self._column(column, at, self._feedback.header_row)
            if Column.VERDICT in places:
                found += self._rule(places[Column.VERDICT] - 1, self._feedback.header_row)
        return found + self._notes()

    def _cell(self, row: int, column: int) -> Mapping[str, Any]:
        line = self._grid[row - 1] if row <= len(self._grid) else []
        found: Mapping[str, Any] = line[column - 1] if column <= len(line) else {}
        return found

    def _length(self, row: int) -> int:
        return len(self._grid[row - 1]) if row <= len(self._grid) else 0

    def _anchor(self, row: int, column: int) -> tuple[int, int]:
        """Return the cell that is shown here: itself, or the first one of its merged block."""
        for block in self._merges:
            if block.top <= row <= block.bottom and block.left <= column <= block.right:
                return block.top, block.left
        return row, column

    # The system's two columns

    def _own_columns(self, header_row: int) -> tuple[dict[Column, int], list[Json]]:
        """Return where they stand, and what sets them up at the right of the table where there are none."""
        # A column that an earlier attempt set up stands in the header already, though the reading did not know it.
        head = {self._text(header_row, at): at for at in range(1, self._length(header_row) + 1)}
        there = {column: at for column in OWN_COLUMNS if (at := head.get(TITLES[column]))}
        places = {**there, **{column: self._feedback.columns[column] for column in OWN_COLUMNS if column in self._feedback.columns}}
        missing, made = [column for column in OWN_COLUMNS if column not in places], []
        free = self._free_columns(header_row)
        for column in missing:
            places[column] = next(free)
            made += self._new_column(column, places[column], header_row)
        width = self._sheet["properties"].get("gridProperties", {}).get("columnCount", 0)
        if (beyond := max(places.values()) - width) > 0:
            made.insert(0, {"appendDimension": {"sheetId": self._id, "dimension": "COLUMNS", "length": beyond}})
        return places, made

    def _free_columns(self, header_row: int) -> Iterator[int]:
        """Yield the columns at the right of the header in which nothing stands beside or below it."""
        filled = {at for line in self._grid[max(header_row - 2, 0) :] for at, cell in enumerate(line, 1) if "userEnteredValue" in cell}
        for block in self._merges:
            if block.bottom >= header_row - 1:
                filled.update(range(block.left, block.right + 1))
        head = [at for at in range(1, self._length(header_row) + 1) if "userEnteredValue" in self._cell(header_row, at)]
        at = max([0, *self._feedback.columns.values(), *head]) + 1
        while True:
            if at not in filled:
                yield at
            at += 1

    def _new_column(self, column: Column, at: int, header_row: int) -> list[Json]:
        height = self._sheet["properties"].get("gridProperties", {}).get("rowCount", header_row)
        title = {"textFormat": {"bold": True}, "horizontalAlignment": "CENTER", "verticalAlignment": "MIDDLE", "wrapStrategy": "WRAP"}
        cell = {"userEnteredValue": {"stringValue": TITLES[column]}, "userEnteredFormat": title}
        place = {"sheetId": self._id, "dimension": "COLUMNS", "startIndex": at - 1, "endIndex": at}
        below = {"sheetId": self._id, "startRowIndex": header_row, "startColumnIndex": at - 1, "endColumnIndex": at}
        made: list[Json] = [
            self._update(header_row, at, [cell], "userEnteredValue,userEnteredFormat"),
            {"updateDimensionProperties": {"range": place, "properties": {"pixelSize": _NEW_WIDTH[column]}, "fields": "pixelSize"}},
        ]
        if height > header_row:
            form = {"userEnteredFormat": {"wrapStrategy": "WRAP", "verticalAlignment": "TOP"}}
            made.append({"repeatCell": {"range": below, "cell": form, "fields": "userEnteredFormat(wrapStrategy,verticalAlignment)"}})
        return made

    def _column(self, column: Column, at: int, header_row: int) -> list[Json]:
        """Return what makes every cell of one of the two columns right, a write a run of rows."""
        wanted = self._wanted(column, at, header_row)
        differing = {row: text for row, text in wanted.items() if self._text(row, at) != text}
        if column is Column.CODE:
            elsewhere = {self._text(row, at) for row in differing}
            self.unsure -= {text for row, text in wanted.items() if row not in differing} - elsewhere
            self.unsure |= {text for text in differing.values() if text}
        found = []
        for first, last in runs(sorted(differing)):
            texts = [differing[row] for row in range(first, last + 1)]
            cells = [{"userEnteredValue": {"stringValue": text}} if text else {} for text in texts]
            found.append(self._update(first, at, cells, "userEnteredValue"))
        return found

    def _wanted(self, column: Column, at: int, header_row: int) -> dict[int, str]:
        """Return row → text for each row whose cell the system has something to say about, `""` for what is to go."""
        wanted: dict[int, str] = {}
        if column is Column.VERDICT:
            wanted = {row: "" for row in range(header_row + 1, len(self._grid) + 1) if self._text(row, at).startswith(OUR_WORDS)}
        else:
            wanted = dict.fromkeys(self._left_behind(at, header_row), "")
        by_cell: dict[int, list[Verdict]] = defaultdict(list)
        for one in self._feedback.verdicts:
            row, left = self._anchor(one.row, at)
            if left == at:  # a block that begins further left is a person's
                by_cell[row].append(one)
        for row, found in by_cell.items():
            wanted[row] = joined_verdicts(found) if column is Column.VERDICT else joined_codes(found)
        return wanted

    def _left_behind(self, at: int, header_row: int) -> Iterator[int]:
        """Yield the rows with another row's code, or with a code and nothing of people's: they sorted or cleared their columns alone."""
        others = {one.code for one in self._feedback.verdicts}
        own = {TITLES[column] for column in OWN_COLUMNS}
        beside = {column for column in range(1, self._length(header_row) + 1) if self._text(header_row, column) in own} | {at}
        for row in range(header_row + 1, len(self._grid) + 1):
            text = self._text(row, at)
            if text in self.unsure:
                yield row
            elif _CODE.fullmatch(text):
                line = enumerate(self._grid[row - 1], 1)
                if text in others or all(column in beside or "userEnteredValue" not in cell for column, cell in line):
                    yield row

    def _text(self, row: int, column: int) -> str:
        value = self._cell(row, column).get("userEnteredValue", {})
        return str(value.get("stringValue", "" if not value else "\0"))  # a formula or figure is never what it should be

    def _rule(self, column: int, header_row: int) -> list[Json]:
        """Return what leaves exactly one rule of the system's own, over its column."""
        place = {"sheetId": self._id, "startRowIndex": header_row, "startColumnIndex": column, "endColumnIndex": column + 1}
        rule = {
            "ranges": [place],
            "booleanRule": {
                "condition": {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": _WRONG}]},
                "format": {"backgroundColorStyle": colour("#F8CBAD")},
            },
        }
        ours = [number for number, one in enumerate(self._sheet.get("conditionalFormats", ())) if _is_ours(one)]
        if not ours:
            return [{"addConditionalFormatRule": {"rule": rule, "index": 0}}]
        found: list[Json] = [{"deleteConditionalFormatRule": {"sheetId": self._id, "index": number}} for number in reversed(ours[1:])]
        there = self._sheet["conditionalFormats"][ours[0]].get("ranges", [])
        if len(there) != 1 or there[0].get("startColumnIndex", 0) != column or there[0].get("endColumnIndex") != column + 1:
            found.append({"updateConditionalFormatRule": {"rule": rule, "index": ours[0]}})
        return found

    # Notes

    def _notes(self) -> list[Json]:
        wanted: dict[tuple[int, int], list[str]] = defaultdict(list)
        for note in self._feedback.notes:
            wanted[self._anchor(*_place_of(note))].append(note.text)
        for row, line in enumerate(self._grid, 1):
            for column, cell in enumerate(line, 1):
                if MARK in cell.get("note", ""):
                    wanted.setdefault((row, column), [])
        found = []
        for (row, column), sentences in sorted(wanted.items()):
            there = str(self._cell(row, column).get("note", ""))
            right = joined_note(there, sentences)
            if right != there and self._is_in_grid(row, column):
                found.append(self._update(row, column, [{"note": right} if right else {}], "note"))
        return found

    def _is_in_grid(self, row: int, column: int) -> bool:
        grid = self._sheet["properties"].get("gridProperties", {})
        return row <= int(grid.get("rowCount", 0)) and column <= int(grid.get("columnCount", 0))

    def _update(self, row: int, column: int, cells: Sequence[Json], fields: str) -> Json:
        return _update(self._id, row, column, cells, fields)


def _update(sheet_id: int, row: int, column: int, cells: Sequence[Json], fields: str) -> Json:
    start = {"sheetId": sheet_id, "rowIndex": row - 1, "columnIndex": column - 1}
    return {"updateCells": {"start": start, "rows": [{"values": [cell]} for cell in cells], "fields": fields}}


def _is_ours(rule: Mapping[str, Any]) -> bool:
    condition = rule.get("booleanRule", {}).get("condition", {})
    return condition.get("type") == "TEXT_CONTAINS" and [one.get("userEnteredValue") for one in condition.get("values", ())] == [_WRONG]


def _merge(block: Mapping[str, Any]) -> Merge:
    return Merge(block.get("startRowIndex", 0) + 1, block.get("startColumnIndex", 0) + 1, block["endRowIndex"], block["endColumnIndex"])


def _place_of(note: Note) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", note.cell)
    if found is None:
        raise ValueError(f"a note at {note.cell!r}")  # the program's own mistake
    return int(found[2]), column_number(found[1])


def _forgotten_notes(sheet: _Head) -> list[Json]:
    """Return what takes the system's notes away from a tab that is not the one that was read (any more)."""
    sheet_id, found = int(sheet["properties"].get("sheetId", 0)), []
    for row, line in enumerate(grid_cells(sheet)):
        for column, cell in enumerate(line):
            if MARK in cell.get("note", ""):
                left = joined_note(cell["note"], ())
                start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
                found.append({"updateCells": {"start": start, "rows": [{"values": [{"note": left} if left else {}]}], "fields": "note"}})
    return found


# The tab `Tiến độ`


def _progress(view: TabView, sheets: Sequence[_Head], read: str | None) -> list[Json]:
    """Return what makes the progress tab look as described; nothing where all that differs is when it was said."""
    tabs = [standing_of(one) for one in sheets]
    own = own_tab(view, [one for one in tabs if one.title != read])
    title = own.title if own else free_title(view.title, tabs)
    sheet_id = own.id if own else new_sheet_id(view.title, {one.id for one in tabs})
    shown = replace(view, title=title)
    made = tab_changes(shown, own, sheet_id=sheet_id, index=len(tabs), follow=lambda link: None).requests
    if own and own.mark and made and not _says_anything_new(shown, own, sheet_id):
        return []
    return made


def _says_anything_new(view: TabView, own: Standing, sheet_id: int) -> bool:
    """Return whether anything but the volatile rows differs: with these as they stand, something would still be written."""
    rows = list(view.rows)
    for number in view.volatile_rows:
        there = own.lines[number][0] if number < len(own.lines) and own.lines[number] else None
        rows[number] = (replace(rows[number][0], value=there if isinstance(there, str) else None), *rows[number][1:])
    return bool(tab_changes(replace(view, rows=tuple(rows)), own, sheet_id=sheet_id, index=0, follow=lambda link: None).requests)


# Rows that moved


def relocated(feedback: Feedback, then: Mapping[str, Any], now: Mapping[str, Any]) -> Feedback | None:
    """Return the feedback for the spreadsheet as it is now, given what it was made from; `None` where the table itself was changed.

    A row is recognised by people's own cells. What is said of rows that are gone or were edited is left out: the next run reads them.
    """
    before, after = _tab(then, feedback.tab), _tab(now, feedback.tab)
    if before is None or after is None:
        return None if feedback.tab else feedback
    if feedback.header_row is None:
        return feedback if before.rows == after.rows else None
    old, new = _contents(before, feedback), _contents(after, feedback)
    if old[: feedback.header_row] != new[: feedback.header_row]:
        return None
    moved = _moves(old, new, feedback.header_row)
    same = all(row == to for row, to in moved.items()) and len(moved) == sum(bool(row) for row in old[feedback.header_row :])
    if same and len(old) == len(new):
        return feedback
    moved |= {row: row for row in range(1, feedback.header_row + 1)}
    verdicts = (_moved_verdict(one, moved) for one in feedback.verdicts)
    notes = (_moved_note(one, moved, feedback.header_row) for one in feedback.notes)
    return replace(feedback, verdicts=tuple(one for one in verdicts if one), notes=tuple(one for one in notes if one))


def _tab(answer: Mapping[str, Any], title: str | None) -> Tab | None:
    return next((tab_of(one) for one in answer.get("sheets", ()) if one["properties"]["title"] == title), None)


def _contents(tab: Tab, feedback: Feedback) -> list[tuple[Cell, ...]]:
    """Return people's cells row by row: without the system's columns, and without the running number, which changes with the place."""
    left_out = {feedback.columns[column] - 1 for column in (*OWN_COLUMNS, Column.NUMBER) if column in feedback.columns}
    return people_rows(tab, own_columns(tab) | left_out)


def _moves(old: Sequence[tuple[Cell, ...]], new: Sequence[tuple[Cell, ...]], header_row: int) -> dict[int, int]:
    """Return old row → new row, from 1, for the rows that are still there; rows that are alike keep their order, or none is taken."""
    places: tuple[dict[str, list[int]], dict[str, list[int]]] = (defaultdict(list), defaultdict(list))
    for rows, found in zip((old, new), places, strict=True):
        for number, row in enumerate(rows[header_row:], header_row + 1):
            if row:
                found[repr(row)].append(number)
    then, now = places
    return {
        row: to
        for content, rows in then.items()
        if len(rows) == len(now.get(content, ()))
        for row, to in zip(rows, now[content], strict=True)
    }


def _moved_verdict(one: Verdict, moved: Mapping[int, int]) -> Verdict | None:
    if one.row not in moved or (text := _moved_text(one.text, moved)) is None:
        return None
    return replace(one, row=moved[one.row], text=text)


def _moved_note(note: Note, moved: Mapping[int, int], header_row: int) -> Note | None:
    row, _ = _place_of(note)
    if row <= header_row:
        return note
    if row not in moved or (text := _moved_text(note.text, moved)) is None:
        return None
    return replace(note, cell=re.sub(r"\d+$", str(moved[row]), note.cell), text=text)


def _moved_text(text: str, moved: Mapping[int, int]) -> str | None:
    """Return the sentence with the cells that it names as they are now; `None` where it speaks of other rows and rows have moved."""
    if _ROW.search(text) and any(old != new for old, new in moved.items()):
        return None
    if any(int(found[3]) not in moved for found in _PLACE.finditer(text)):
        return None
    return _PLACE.sub(lambda found: f"{found[1]} {found[2]}{moved[int(found[3])]}", text)
