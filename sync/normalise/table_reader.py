"""The rows below one header → columns of values and findings at cells. A column is read at once, each distinct cell of it once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sync.catalogue import finding
from sync.columns import ASKED_FOR, PAIRS, TITLES
from sync.folding import fold_all
from sync.model import ACTIVITY_FIELDS, Cell, Column, Finding, Period, Reading, Rows, Sheet, Stops
from sync.normalise.memo import ColumnRead, Memo, nothing
from sync.normalise.reading import Problem
from sync.normalise.rows import RowFacts, RowSorter
from sync.normalise.table import Table
from sync.personal import mask, masked_cell
from sync.shown import is_empty

_MERGED = (Column.UNIT, Column.TARGET)
_DATES = (Column.PLANNED, Column.DONE)
_QUANTITIES = (Column.REGISTERED_QUANTITY, Column.DONE_QUANTITY, Column.CHILDREN)
_READ = tuple(Column(name) for name in ACTIVITY_FIELDS if name in set(Column))

UnitOn = Callable[[str | None, Cell, str, Period | None], str | None]
"""Unit as read, its cell, the cluster, a period → the unit that the cell means then: names are used again after a merger."""


class TableReader:
    """Reads one table; collects findings on the way."""

    def __init__(
        self,
        sheet: Sheet,
        table: Table,
        memos: Mapping[Column, Memo],
        explain: Callable[[str, str], str],
        unit_on: UnitOn | None = None,
    ) -> None:
        self._sheet = sheet
        self._table = table
        self._explain = explain
        self._unit_on = unit_on
        self._findings: list[Finding] = []
        below = table.header_row
        self._cells: Sequence[Sequence[Cell]] = table.tab.rows[below:]
        self._numbers: Sequence[int] = range(below + 1, below + 1 + len(self._cells))
        self._across = _across(self._cells)
        """The columns, where all rows are as long."""
        if blank := self._blank_rows():
            self._numbers = [row for index, row in enumerate(self._numbers) if index not in blank]
            self._cells = [cells for index, cells in enumerate(self._cells) if index not in blank]
            self._across = _across(self._cells)
        self._fills = {column: fills for column in _MERGED if (fills := self._merged_values(column))}
        self._reads = {column: memos[column].column(self._column(column)) for column in table.columns if column in memos}

    def _blank_rows(self) -> set[int]:
        """Return the indexes of rows in which nothing stands; where every row names a unit there are none."""
        at = self._table.columns[Column.UNIT]
        if at <= len(self._across) and all(map(_begins_with_a_letter, set(self._across[at - 1]))):
            return set()
        return {index for index, cells in enumerate(self._cells) if _is_blank(cells)}

    def _merged_values(self, column: Column) -> dict[int, tuple[Cell, int]]:
        """Return row → (value, row of the block's first cell) for the rows that a block merged downwards covers."""
        at, rows, below = self._table.columns[column], self._table.tab.rows, self._table.header_row
        values: dict[int, tuple[Cell, int]] = {}
        reached = 0  # blocks that overlap are nobody's table: each row is looked at once all the same
        for merge in sorted(self._table.tab.merges, key=attrgetter("top")):
            if merge.left == at and merge.bottom > merge.top > below:
                value = (_cell(rows[merge.top - 1], at), merge.top)
                values |= dict.fromkeys(range(max(merge.top, reached) + 1, min(merge.bottom, len(rows)) + 1), value)
                reached = max(reached, merge.bottom)
        return values

    def _column(self, column: Column) -> Sequence[Cell]:
        at = self._table.columns[column]
        if column in self._fills:
            return [self._at(column, index) for index in range(len(self._cells))]
        if at <= len(self._across):
            return self._across[at - 1]
        return [row[at - 1] if at <= len(row) else "" for row in self._cells]

    def _at(self, column: Column, index: int) -> Cell:
        """Return a cell of a row, white space alone as empty, a merged block's value in each row: what is left below nobody sees."""
        fill = self._fills.get(column, {}).get(self._numbers[index])
        return fill[0] if fill else _cell(self._cells[index], self._table.columns[column])

    def reading(self) -> Reading:
        """Return what the table came to."""
        read = len(self._cells)
        sorter = RowSorter(self._table)
        kept = sorter.activities(read, self._doubtful())
        if self._table.renamed:
            self._say_renamed()
        for header, *below in sorter.other_tables:
            if below:
                self._say_other_table(header, self._numbers[below[0]], self._numbers[below[-1]])
        rows = self._rows(kept)
        self._say_lone_columns()
        return Reading(
            cluster=self._sheet.cluster,
            source=self._sheet.source,
            fingerprint=self._sheet.fingerprint,
            tab=self._table.tab.title,
            header_row=self._table.header_row,
            columns=self._table.columns,
            rows=rows,
            findings=tuple(self._findings),
            read=read,
            ignored=read - len(kept),
        )

    def _doubtful(self) -> dict[int, RowFacts]:
        """Return the facts of each row that may be no activity; most have a unit, a target, a name and a day, and are one surely."""
        unit, target, planned, done = (self._read(column).without_value() for column in (Column.UNIT, Column.TARGET, *_DATES))
        doubtful = unit | target | (planned & done) | set(self._read(Column.NAME).unfilled())
        return {index: self._facts(index) for index in sorted(doubtful)}

    def _read(self, column: Column) -> ColumnRead:
        return self._reads.get(column) or nothing(len(self._cells))

    def _facts(self, index: int) -> RowFacts:
        unit = self._reads[Column.UNIT].at(index)
        return RowFacts(
            row=self._numbers[index],
            cells=self._cells[index],
            unit=self._at(Column.UNIT, index),
            target=self._at(Column.TARGET, index),
            name=self._at(Column.NAME, index),
            knows_unit=unit.value is not None or (bool(unit.problems) and unit.problems[-1].code == "unit-of-another-cluster"),
            knows_target=self._reads[Column.TARGET].values[index] is not None,
            has_date=self._has_any(_DATES, index),
            has_quantity=self._has_any(_QUANTITIES, index),
        )

    def _has_any(self, columns: Sequence[Column], index: int) -> bool:
        return any(column in self._reads and self._reads[column].values[index] is not None for column in columns)

    def _rows(self, kept: Sequence[int]) -> Rows:
        if len(kept) < len(self._cells):
            self._keep(kept)
        count = len(kept)
        values: dict[str, Sequence[Any]] = {str(one): self._read(one).values for one in _READ}
        values[Column.EVIDENCE] = [links or () for links in values[Column.EVIDENCE]]
        values[Column.UNIT], values["registered_by"] = self._units_by_day(values)
        values |= {"cluster": [self._sheet.cluster] * count, "tab": [self._table.tab.title] * count, "row": self._numbers}
        return Rows(
            values=values,
            cells=self._cells,
            filled=self._what_is_filled(),
            name_keys=fold_all([name or "" for name in values[Column.NAME]]),
            stopped=self._say_problems(),
            places={index: places for index in range(count) if (places := self._places(index))} if self._fills else {},
        )

    def _units_by_day(self, values: Mapping[str, Sequence[Any]]) -> tuple[Sequence[Any], Sequence[Any]]:
        """Return the unit of each row's day, and where another one of the name registered it, that one."""
        units = values[Column.UNIT]
        if self._unit_on is None:
            return units, [None] * len(units)
        ask, cluster, here, registering = self._unit_on, self._sheet.cluster, [], []
        for index, (unit, planned, done) in enumerate(zip(units, values[Column.PLANNED], values[Column.DONE], strict=True)):
            cell = self._at(Column.UNIT, index)
            own, first = ask(unit, cell, cluster, done or planned), ask(unit, cell, cluster, planned or done)
            here.append(own)
            registering.append(first if first != own else None)
        return here, registering

    def _keep(self, kept: Sequence[int]) -> None:
        """Forget the rows that are no activities."""
        self._numbers = [self._numbers[index] for index in kept]
        self._cells = [self._cells[index] for index in kept]
        self._reads = {column: reads.kept(kept) for column, reads in self._reads.items()}

    def _what_is_filled(self) -> list[frozenset[Column]]:
        """Return which of the columns that are asked for say something in each row; rows that fill the same ones share the answer."""
        asked = [column for column in self._reads if column in ASKED_FOR]
        gaps: dict[int, tuple[Column, ...]] = {}
        for column in asked:
            for index in self._reads[column].unfilled():
                gaps[index] = (*gaps.get(index, ()), column)
        columns = frozenset(asked)
        known = {left_out: columns.difference(left_out) for left_out in set(gaps.values())}
        found = [columns] * len(self._cells)
        for index, left_out in gaps.items():
            found[index] = known[left_out]
        return found

    def _say_problems(self) -> dict[int, frozenset[Stops]]:
        """Add the findings of all cells, row by row; return what they stop, by the row's index."""
        troubled = [
            (index, place, column)
            for place, (column, reads) in enumerate(self._reads.items())
            if column is not Column.CODE
            for index, read in reads.odd.items()
            if read.problems
        ]
        stopped: dict[int, frozenset[Stops]] = {}
        for index, _, column in sorted(troubled):
            said = {self._say(problem, column, index) for problem in self._reads[column].odd[index].problems}
            stopped[index] = stopped.get(index, frozenset()) | said
        return stopped

    def _places(self, index: int) -> Mapping[Column, tuple[int, int, Cell]]:
        places = {column: (*self._place(column, index), self._at(column, index)) for column in _MERGED}
        return {column: place for column, place in places.items() if place[0] != self._numbers[index]}

    def _place(self, column: Column, index: int) -> tuple[int, int]:
        """Return row and column of the cell that must change."""
        at, row = self._table.columns[column], self._numbers[index]
        merged = self._fills.get(column, {}).get(row)
        return (merged[1], at) if merged else (row, at)

    def _say(self, problem: Problem, column: Column, index: int) -> Stops:
        """Add a finding at the cell and return what it stops."""
        row, at = self._place(column, index)
        found = finding(
            problem.code,
            cluster=self._sheet.cluster,
            tab=self._table.tab.title,
            row=row,
            at=at,
            column=column,
            value=masked_cell(self._at(column, index), counts=column is Column.BUDGET),
            suggestion=mask(problem.suggestion) if problem.suggestion else None,
            extra=self._explain(problem.code, problem.extra),
        )
        self._findings.append(found)
        return found.stops

    def _say_renamed(self) -> None:
        row, column = self._table.first_cell
        title = mask(self._table.tab.title)
        found = finding(
            "tab-renamed", cluster=self._sheet.cluster, tab=title, row=row, at=column, column=None, value=title, suggestion="Hoạt động"
        )
        self._findings.append(found)

    def _say_other_table(self, header: int, first: int, last: int) -> None:
        """Say at the header (its index) of another table that the rows below it are not read."""
        cells = self._cells[header]
        at = next(place for place, cell in enumerate(cells, 1) if not is_empty(cell))
        found = finding(
            "other-table", cluster=self._sheet.cluster, tab=self._table.tab.title, row=self._numbers[header], at=at, column=None,
            value=masked_cell(cells[at - 1]), extra=f"các dòng {first}–{last}" if last > first else f"dòng {first}",
        )  # fmt: skip
        self._findings.append(found)

    def _say_lone_columns(self) -> None:
        """Say of each date without a column of quantities, or the other way round, that nothing comes of it, if anything stands there."""
        for pair in PAIRS:
            for column, other in (pair, pair[::-1]):
                if other not in self._reads and column in self._reads and len(self._reads[column].unfilled()) < len(self._cells):
                    self._say_lone(column, TITLES[other])

    def _say_lone(self, column: Column, other: str) -> None:
        tab, at = self._table.tab, self._table.columns[column]
        row = next(row for row in range(self._table.header_row, 0, -1) if _cell(tab.rows[row - 1], at) != "")
        found = finding(
            "lone-column", cluster=self._sheet.cluster, tab=tab.title, row=row, at=at, column=column,
            value=masked_cell(_cell(tab.rows[row - 1], at)), extra=other,
        )  # fmt: skip
        self._findings.append(found)


def _cell(cells: Sequence[Cell], at: int) -> Cell:
    if at > len(cells):
        return ""
    cell = cells[at - 1]
    return "" if is_empty(cell) else cell


def _across(rows: Sequence[Sequence[Cell]]) -> list[tuple[Cell, ...]]:
    """Return the columns of the rows; none where these differ in length."""
    return list(zip(*rows, strict=True)) if len(set(map(len, rows))) == 1 else []


def _begins_with_a_letter(cell: Cell) -> bool:
    return isinstance(cell, str) and cell[:1].isalnum()


def _is_blank(cells: Sequence[Cell]) -> bool:
    return all(map(is_empty, cells))
