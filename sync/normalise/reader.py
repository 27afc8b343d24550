"""One cluster's Sheet → its activities and what is wrong with its cells. Judges nothing: the rules are in `check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sync.catalogue import finding
from sync.columns import TITLES, aliases
from sync.model import Activity, Cell, CellError, Column, Finding, Period, Reading, RowReading, Sheet, Skipped, Stops
from sync.normalise.cells import read_evidence, read_free_text, read_status
from sync.normalise.dates import read_date
from sync.normalise.names import TargetNames, UnitNames
from sync.normalise.numbers import read_money, read_quantity
from sync.normalise.reading import Problem, Read
from sync.normalise.rows import RowFacts, RowSorter
from sync.normalise.table import Table, find_table, sheet_year
from sync.organization import Organization
from sync.personal import kinds_in, mask
from sync.plan import Plan
from sync.shown import is_empty, show

_MERGED = (Column.UNIT, Column.TARGET)
_FORMULA_ERROR: Read[Any] = Read(None, (Problem("formula-error"),))
_EMPTY: Read[Any] = Read(filled=False)
_NO_PLACES: Mapping[Column, tuple[int, int]] = {}
_DATES = (Column.PLANNED, Column.DONE)
_QUANTITIES = (Column.REGISTERED_QUANTITY, Column.DONE_QUANTITY, Column.CHILDREN)
_FREE = (Column.NAME, Column.PLACE, Column.NOTE)


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
        self._readers = self._cell_readers()

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
        values = {column: _cell(cells, at) for column, at in self._table.columns.items()}
        for column, fills in self._fills.items():
            if row in fills and values[column] == "":
                values[column] = fills[row][0]
        reads = {column: self._read(column, cell) for column, cell in values.items() if column in self._readers}
        unit = reads[Column.UNIT]
        return RowFacts(
            row=row,
            cells=cells,
            unit=values[Column.UNIT],
            target=values[Column.TARGET],
            name=values[Column.NAME],
            knows_unit=unit.value is not None or (bool(unit.problems) and unit.problems[-1].code == "unit-of-another-cluster"),
            knows_target=reads[Column.TARGET].value is not None,
            has_date=any(column in reads and reads[column].value is not None for column in _DATES),
            has_quantity=any(column in reads and reads[column].value is not None for column in _QUANTITIES),
            values=values,
            reads=reads,
        )

    def _read(self, column: Column, cell: Cell) -> Read[Any]:
        if cell == "":
            return _EMPTY
        return _FORMULA_ERROR if isinstance(cell, CellError) else self._readers[column](cell)

    def _cell_readers(self) -> dict[Column, Callable[[Cell], Read[Any]]]:
        """Return what reads the cells of each typed column."""
        reader, cluster, year, date_1904 = self._reader, self._sheet.cluster, self._year, self._sheet.date_1904
        return {
            Column.UNIT: lambda cell: reader.unit(cell, cluster),
            Column.TARGET: reader.target,
            Column.PLANNED: lambda cell: _plan_may_be_a_month(read_date(cell, year, date_1904=date_1904)),
            Column.REGISTERED_QUANTITY: read_quantity,
            Column.DONE: lambda cell: read_date(cell, year, date_1904=date_1904),
            Column.DONE_QUANTITY: read_quantity,
            Column.CHILDREN: lambda cell: read_quantity(cell, approximate_allowed=True),
            Column.BUDGET: read_money,
            Column.EVIDENCE: lambda cell: read_evidence(cell if isinstance(cell, str) else show(cell)),
            Column.STATUS: lambda cell: read_status(cell if isinstance(cell, str) else show(cell)),
            **dict.fromkeys(_FREE, _free_text),
        }

    def _row(self, fact: RowFacts) -> RowReading:
        filled: set[Column] = set()
        stopped: set[Stops] = set()
        for column, read in fact.reads.items():
            if read.filled:
                filled.add(column)
            if read.problems:
                stopped.update(self.say(problem, column, fact) for problem in self._problems(column, read, fact))
        return RowReading(self._activity(fact), fact.cells, frozenset(filled), frozenset(stopped), self._places(fact))

    def _problems(self, column: Column, read: Read[Any], fact: RowFacts) -> Iterator[Problem]:
        """Yield the problems of one cell; what could not be read may hold personal data."""
        yield from read.problems
        if column not in _FREE and (kinds := kinds_in(_shown_number(fact.values[column]))):
            yield Problem("personal-data", extra=", ".join(kinds))

    def _activity(self, fact: RowFacts) -> Activity:
        reads = fact.reads
        return Activity(
            cluster=self._sheet.cluster,
            tab=self._table.tab.title,
            row=fact.row,
            code=_code(fact.values.get(Column.CODE, "")),
            unit=reads[Column.UNIT].value,
            target=reads[Column.TARGET].value,
            name=reads[Column.NAME].value,
            planned=reads.get(Column.PLANNED, _EMPTY).value,
            place=reads.get(Column.PLACE, _EMPTY).value,
            registered_quantity=reads.get(Column.REGISTERED_QUANTITY, _EMPTY).value,
            done=reads.get(Column.DONE, _EMPTY).value,
            done_quantity=reads.get(Column.DONE_QUANTITY, _EMPTY).value,
            children=reads.get(Column.CHILDREN, _EMPTY).value,
            budget_vnd=reads.get(Column.BUDGET, _EMPTY).value,
            evidence=reads.get(Column.EVIDENCE, _EMPTY).value or (),
            status=reads.get(Column.STATUS, _EMPTY).value,
            note=reads.get(Column.NOTE, _EMPTY).value,
        )

    def _places(self, fact: RowFacts) -> Mapping[Column, tuple[int, int]]:
        if not any(self._fills.values()):
            return _NO_PLACES
        places = {column: self.place(column, fact.row, fact.cells) for column in _MERGED}
        return {column: place for column, place in places.items() if place[0] != fact.row}

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
            value=_masked(fact.values[column]),
            suggestion=mask(problem.suggestion) if problem.suggestion else None,
            extra=self._reader.explain(problem.code, problem.extra),
        )
        self._findings.append(found)
        return found.stops


def _plan_may_be_a_month(read: Read[Period]) -> Read[Period]:
    """A month is a good plan; only a result must say its day (contract section 4)."""
    if not read.problems:
        return read
    return Read(read.value, tuple(problem for problem in read.problems if problem.code != "imprecise-date"), read.filled)


def _free_text(cell: Cell) -> Read[str]:
    if isinstance(cell, str):
        return read_free_text(cell)
    masked = _masked(cell)
    kinds = kinds_in(_shown_number(cell))
    return Read(masked, (Problem("personal-data", extra=", ".join(kinds)),) if kinds else ())


def _code(cell: Cell) -> str | None:
    return None if is_empty(cell) or isinstance(cell, CellError) else mask(show(cell))


def _cell(cells: Sequence[Cell], at: int) -> Cell:
    if at > len(cells):
        return ""
    cell = cells[at - 1]
    return "" if is_empty(cell) else cell


def _is_blank(cells: Sequence[Cell]) -> bool:
    return all(is_empty(cell) for cell in cells)


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
