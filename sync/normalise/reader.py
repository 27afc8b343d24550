"""One cluster's Sheet → its activities and what is wrong with its cells. Judges nothing: the rules are in `check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sync.catalogue import finding
from sync.columns import TITLES, aliases
from sync.model import Activity, Cell, CellError, Column, Finding, Period, Reading, RowReading, Sheet, Skipped, Stops
from sync.normalise.cells import read_evidence, read_status
from sync.normalise.dates import read_date
from sync.normalise.legacy import from_legacy
from sync.normalise.names import TargetNames, UnitNames
from sync.normalise.numbers import read_money, read_quantity
from sync.normalise.reading import Problem, Read
from sync.normalise.rows import RowFacts, RowSorter
from sync.normalise.table import Table, find_table, sheet_year
from sync.organization import Organization
from sync.personal import kinds_in, mask
from sync.plan import Plan
from sync.shown import is_empty, show
from sync.text import clean

_MERGED = (Column.UNIT, Column.TARGET)
_FORMULA_ERROR: Read[Any] = Read(None, (Problem("formula-error"),))
_EMPTY: Read[Any] = Read(filled=False)
_NO_LINKS: Read[tuple[str, ...]] = Read((), filled=False)


class Reader:
    """Reads the clusters of one district; made once, used for every sheet (it remembers texts that it has read)."""

    def __init__(self, plan: Plan, organization: Organization, column_aliases: Mapping[Column, tuple[str, ...]] | None = None) -> None:
        self._plan = plan
        self._organization = organization
        self._aliases = aliases(dict(column_aliases or {}))
        self._units = UnitNames(organization)
        self._targets = TargetNames(plan)

    def read(self, source: Sheet | Skipped, *, as_of: date) -> Reading:
        """Return the reading of one cluster; where there is no table, its `error` says so and a finding stands in it."""
        if isinstance(source, Skipped):
            return Reading(cluster=source.cluster, source=source.source, fingerprint="", error=source.reason)
        table = find_table(source, self._aliases)
        if table is None:
            return _without_table(source)
        if missing := table.missing():
            return _without_columns(source, table, missing)
        return _TableReader(self, source, table, sheet_year(table, as_of.year)).reading()

    def unit(self, cell: Cell, cluster: str) -> Read[str]:
        """Return the unit that the cell means, seen from the cluster."""
        return self._units.read(cell if isinstance(cell, str) else show(cell), cluster)

    def target(self, cell: Cell) -> Read[int]:
        """Return the target that the cell means."""
        return self._targets.read(cell)

    def explain(self, code: str, extra: str) -> str:
        """Return what a sentence adds, ids turned into names."""
        if code == "unit-of-another-cluster":
            return self._organization.cluster(extra).name
        if code == "unknown-unit":
            return f"; gần giống nhất: {extra}" if extra else ""
        if code == "conflicting-target":
            return "".join(
                f"; chỉ tiêu {number} là «{self._plan.target(int(number)).name}»" for number in extra.split("|") if self._knows(number)
            )
        return extra

    def _knows(self, number: str) -> bool:
        return int(number) in {target.id for target in self._plan.targets}


def _without_table(sheet: Sheet) -> Reading:
    tab = sheet.tabs[0].title if sheet.tabs else ""
    needed = ", ".join(TITLES[column] for column in (Column.UNIT, Column.TARGET, Column.NAME, Column.PLANNED, Column.REGISTERED_QUANTITY))
    found = finding("no-header", cluster=sheet.cluster, tab=tab, row=1, at=1, column=None, extra=needed)
    return Reading(
        cluster=sheet.cluster, source=sheet.source, fingerprint=sheet.fingerprint, tab=tab, findings=(found,), error=found.message
    )


def _without_columns(sheet: Sheet, table: Table, missing: Sequence[str]) -> Reading:
    row, column = table.first_cell
    titled = ", ".join(f"«{title}»" for title in missing)
    found = finding("missing-column", cluster=sheet.cluster, tab=table.tab.title, row=row, at=column, column=None, extra=titled)
    return Reading(
        cluster=sheet.cluster,
        source=sheet.source,
        fingerprint=sheet.fingerprint,
        tab=table.tab.title,
        findings=(found,),
        error=found.message,
    )


class _TableReader:
    """Reads one table; collects findings on the way."""

    def __init__(self, reader: Reader, sheet: Sheet, table: Table, year: int) -> None:
        self._reader = reader
        self._sheet = sheet
        self._table = table
        self._year = year
        self._findings: list[Finding] = []
        self._fills = {column: self._merged_values(column) for column in _MERGED}

    def _merged_values(self, column: Column) -> dict[int, tuple[Cell, int]]:
        """Return row → (value, row of the block's first cell) for the rows that a block merged downwards covers."""
        at, rows, below = self._table.columns[column], self._table.tab.rows, self._table.header_row
        return {
            row: (_cell(rows[merge.top - 1], at), merge.top)
            for merge in self._table.tab.merges
            if merge.left == at and merge.bottom > merge.top > below
            for row in range(merge.top + 1, min(merge.bottom, len(rows)) + 1)
        }

    def reading(self) -> Reading:
        below = self._table.header_row
        filled = [(row, cells) for row, cells in enumerate(self._table.tab.rows[below:], below + 1) if not _is_blank(cells)]
        facts = [self._facts(row, cells) for row, cells in filled]
        activities = RowSorter(self._table).activities(facts)
        if self._table.renamed:
            self._say_renamed()
        rows = tuple(self._row(fact) for fact in activities)
        return Reading(
            cluster=self._sheet.cluster,
            source=self._sheet.source,
            fingerprint=self._sheet.fingerprint,
            tab=self._table.tab.title,
            header_row=below,
            columns=self._table.columns,
            rows=rows,
            findings=tuple(self._findings),
            read=len(filled),
            ignored=len(filled) - len(rows),
        )

    def _say_renamed(self) -> None:
        row, column = self._table.first_cell
        title = mask(self._table.tab.title)
        self._findings.append(
            finding(
                "tab-renamed", cluster=self._sheet.cluster, tab=title, row=row, at=column, column=None, value=title, suggestion="Hoạt động"
            )
        )

    def _facts(self, row: int, cells: Sequence[Cell]) -> RowFacts:
        unit, target = self._identity(Column.UNIT, row, cells), self._identity(Column.TARGET, row, cells)
        return RowFacts(
            row=row,
            cells=cells,
            unit=unit,
            target=target,
            name=self._cell(Column.NAME, cells),
            knows_unit=self._reads_unit(unit),
            knows_target=not isinstance(target, CellError) and self._reader.target(target).value is not None,
            has_date=any(self._date(column, cells).value for column in (Column.PLANNED, Column.DONE)),
            has_quantity=any(
                self._quantity(column, cells).value for column in (Column.REGISTERED_QUANTITY, Column.DONE_QUANTITY, Column.CHILDREN)
            ),
        )

    def _reads_unit(self, cell: Cell) -> bool:
        if cell == "" or isinstance(cell, CellError):
            return False
        read = self._reader.unit(cell, self._sheet.cluster)
        return read.value is not None or (read.filled and read.problems[-1].code == "unit-of-another-cluster")

    def _identity(self, column: Column, row: int, cells: Sequence[Cell]) -> Cell:
        own = self._cell(column, cells)
        if own == "" and row in self._fills[column]:
            return self._fills[column][row][0]
        return own

    def _cell(self, column: Column, cells: Sequence[Cell]) -> Cell:
        at = self._table.columns.get(column)
        return "" if at is None else _cell(cells, at)

    def _date(self, column: Column, cells: Sequence[Cell]) -> Read[Period]:
        cell = self._cell(column, cells)
        if isinstance(cell, CellError):
            return _FORMULA_ERROR
        return read_date(cell, self._year, date_1904=self._sheet.date_1904)

    def _quantity(self, column: Column, cells: Sequence[Cell]) -> Read[int]:
        cell = self._cell(column, cells)
        if isinstance(cell, CellError):
            return _FORMULA_ERROR
        return read_quantity(cell, approximate_allowed=column is Column.CHILDREN)

    def _row(self, fact: RowFacts) -> RowReading:
        return _RowReader(self, fact).reading()

    def read_cell(self, column: Column, fact: RowFacts) -> Read[Any]:
        """Return the reading of one column of a row."""
        cell = self._typed(column, fact)
        if isinstance(cell, CellError):
            return _FORMULA_ERROR
        if cell == "":
            return _EMPTY
        if column is Column.UNIT:
            return self._reader.unit(cell, self._sheet.cluster)
        if column is Column.TARGET:
            return self._reader.target(cell)
        if column in (Column.PLANNED, Column.DONE):
            return self._period(column, fact)
        if column is Column.BUDGET:
            return read_money(cell)
        if column is Column.STATUS:
            return read_status(show(cell) if not isinstance(cell, str) else cell)
        if column is Column.EVIDENCE:
            return read_evidence(cell if isinstance(cell, str) else show(cell))
        return self._quantity(column, fact.cells)

    def _period(self, column: Column, fact: RowFacts) -> Read[Period]:
        read = self._date(column, fact.cells)
        if column is Column.PLANNED and read.problems:
            # A month is a good plan; only a result must say its day (contract section 4).
            return Read(read.value, tuple(problem for problem in read.problems if problem.code != "imprecise-date"), read.filled)
        return read

    def _typed(self, column: Column, fact: RowFacts) -> Cell:
        if column is Column.UNIT:
            return fact.unit
        return fact.target if column is Column.TARGET else self._cell(column, fact.cells)

    def typed(self, column: Column, fact: RowFacts) -> Cell:
        """Return the cell as people left it, a merged block's value in each of its rows."""
        return self._typed(column, fact)

    def place(self, column: Column, row: int, cells: Sequence[Cell]) -> tuple[int, int]:
        """Return row and column of the cell that must change."""
        at = self._table.columns[column]
        merged = self._fills.get(column, {}).get(row)
        return (merged[1], at) if merged and _cell(cells, at) == "" else (row, at)

    def say(self, problem: Problem, column: Column, fact: RowFacts) -> Stops:
        """Add a finding at the cell and return what it stops."""
        row, at = self.place(column, fact.row, fact.cells)
        found = finding(
            problem.code,
            cluster=self._sheet.cluster,
            tab=self._table.tab.title,
            row=row,
            at=at,
            column=column,
            value=_masked(self._typed(column, fact)),
            suggestion=mask(problem.suggestion) if problem.suggestion else None,
            extra=self._reader.explain(problem.code, problem.extra),
        )
        self._findings.append(found)
        return found.stops

    def columns(self) -> Mapping[Column, int]:
        """Return where each column stands."""
        return self._table.columns

    def cluster(self) -> str:
        """Return the cluster's id."""
        return self._sheet.cluster

    def tab(self) -> str:
        """Return the tab's title."""
        return self._table.tab.title


_TYPED = (
    Column.UNIT, Column.TARGET, Column.PLANNED, Column.REGISTERED_QUANTITY, Column.DONE, Column.DONE_QUANTITY,
    Column.CHILDREN, Column.BUDGET, Column.EVIDENCE, Column.STATUS,
)  # fmt: skip
_FREE = (Column.NAME, Column.PLACE, Column.NOTE)


class _RowReader:
    """Reads one activity."""

    def __init__(self, table: _TableReader, fact: RowFacts) -> None:
        self._table = table
        self._fact = fact
        self._filled: set[Column] = set()
        self._stopped: set[Stops] = set()

    def reading(self) -> RowReading:
        values = {column: self._value(column) for column in _TYPED if column in self._table.columns()}
        texts = {column: self._text(column) for column in _FREE if column in self._table.columns()}
        activity = Activity(
            cluster=self._table.cluster(),
            tab=self._table.tab(),
            row=self._fact.row,
            code=self._code(),
            unit=values[Column.UNIT],
            target=values[Column.TARGET],
            name=texts[Column.NAME],
            planned=values.get(Column.PLANNED),
            place=texts.get(Column.PLACE),
            registered_quantity=values.get(Column.REGISTERED_QUANTITY),
            done=values.get(Column.DONE),
            done_quantity=values.get(Column.DONE_QUANTITY),
            children=values.get(Column.CHILDREN),
            budget_vnd=values.get(Column.BUDGET),
            evidence=values.get(Column.EVIDENCE) or (),
            status=values.get(Column.STATUS),
            note=texts.get(Column.NOTE),
        )
        return RowReading(activity, self._fact.cells, frozenset(self._filled), frozenset(self._stopped), self._places())

    def _value(self, column: Column) -> Any:
        read = self._table.read_cell(column, self._fact)
        if read.filled:
            self._filled.add(column)
        if read.problems:
            for problem in read.problems:
                self._say(problem, column)
            self._look_for_personal_data(column)
        return read.value

    def _text(self, column: Column) -> str | None:
        cell = self._table.typed(column, self._fact)
        if is_empty(cell):
            return None
        self._filled.add(column)
        if isinstance(cell, CellError):
            self._say(Problem("formula-error"), column)
            return None
        if isinstance(cell, str) and (converted := from_legacy(cell)):
            self._say(Problem("legacy-encoding", clean(converted)), column)
        self._look_for_personal_data(column)
        return _masked(cell)

    def _look_for_personal_data(self, column: Column) -> None:
        if kinds := kinds_in(_shown_number(self._table.typed(column, self._fact))):
            self._say(Problem("personal-data", extra=", ".join(kinds)), column)

    def _say(self, problem: Problem, column: Column) -> None:
        self._stopped.add(self._table.say(problem, column, self._fact))

    def _code(self) -> str | None:
        if Column.CODE not in self._table.columns():
            return None
        cell = self._table.typed(Column.CODE, self._fact)
        return None if is_empty(cell) or isinstance(cell, CellError) else mask(show(cell))

    def _places(self) -> dict[Column, tuple[int, int]]:
        places = {column: self._table.place(column, self._fact.row, self._fact.cells) for column in _MERGED}
        return {column: place for column, place in places.items() if place[0] != self._fact.row}


def _cell(cells: Sequence[Cell], at: int) -> Cell:
    if at > len(cells):
        return ""
    cell = cells[at - 1]
    return "" if isinstance(cell, str) and is_empty(cell) else cell


def _is_blank(cells: Sequence[Cell]) -> bool:
    return all(cell == "" for cell in cells) or all(is_empty(cell) for cell in cells)


def _shown_number(cell: Cell) -> str:
    """Return the cell as shown; a number that lost the zero of a phone or identity card gets it back, so that it is known as one."""
    text = show(cell)
    lost_zero = (
        isinstance(cell, int | float) and not isinstance(cell, bool) and ((len(text) == 9 and text[0] in "35789") or len(text) == 11)
    )
    return f"0{text}" if lost_zero and text.isdecimal() else text


def _masked(cell: Cell) -> str:
    shown = _shown_number(cell)
    return mask(shown) if kinds_in(shown) else show(cell)
