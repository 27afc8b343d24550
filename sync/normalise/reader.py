"""One cluster's Sheet → its activities and what is wrong with its cells. Judges nothing: the rules are in `check`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sync.catalogue import finding
from sync.columns import TITLES, aliases
from sync.model import Cell, Column, Period, Reading, Sheet, Skipped
from sync.normalise.cells import read_code, read_evidence, read_free_cell, read_status, without_personal
from sync.normalise.dates import read_date
from sync.normalise.glance import links, plain_texts
from sync.normalise.memo import Memo
from sync.normalise.names import TargetNames, UnitNames
from sync.normalise.numbers import read_money, read_quantity
from sync.normalise.reading import Read
from sync.normalise.table import Table, find_table, sheet_year
from sync.normalise.table_reader import TableReader
from sync.organization import Organization
from sync.plan import Plan
from sync.shown import show


class Reader:
    """Reads the clusters of one district; made once, used for every sheet (it remembers cells that it has read)."""

    def __init__(self, plan: Plan, organization: Organization, column_aliases: Mapping[Column, tuple[str, ...]] | None = None) -> None:
        self._plan = plan
        self._organization = organization
        self._aliases = aliases(dict(column_aliases or {}))
        self._units = UnitNames(organization)
        self._targets = TargetNames(plan)
        self._always = _everyones_memos(self._targets)
        self._dates: dict[tuple[int, bool], dict[Column, Memo]] = {}

    def read(self, source: Sheet | Skipped, *, as_of: date) -> Reading:
        """Return the reading of one cluster; where there is no table, its `error` says so and a finding stands in it."""
        if isinstance(source, Skipped):
            return Reading(cluster=source.cluster, source=source.source, fingerprint="", error=source.reason)
        table = find_table(source, self._aliases)
        if table is None:
            return _without_table(source)
        if missing := table.missing():
            return _without_columns(source, table, missing)
        memos = self._memos(source, sheet_year(table, as_of.year))
        return TableReader(source, table, memos, self._explain, self._unit_on if self._units.with_namesake else None).reading()

    def _memos(self, sheet: Sheet, year: int) -> Mapping[Column, Memo]:
        """Return what reads each column of a sheet: a unit is seen from its cluster, a day without year from the sheet's year."""
        calendar = year, sheet.date_1904
        dates = self._dates.get(calendar) or self._dates.setdefault(calendar, _date_memos(year, date_1904=sheet.date_1904))
        units, cluster = self._units, sheet.cluster
        named = Memo(without_personal(Column.UNIT, lambda cell: units.read(_text(cell), cluster)))
        named.update(units.as_written.get(cluster, ()))
        return {**self._always, **dates, Column.UNIT: named}

    def _unit_on(self, unit: str | None, cell: Cell, cluster: str, period: Period | None) -> str | None:
        """Return the unit that the cell means on the last day of a period; ``unit`` is what it means on any."""
        if unit not in self._units.with_namesake or period is None:
            return unit
        return self._units.on(_text(cell), cluster, period.end)

    def _explain(self, code: str, extra: str) -> str:
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


def _everyones_memos(targets: TargetNames) -> dict[Column, Memo]:
    """Return what reads the columns whose cells mean the same in every sheet."""
    free = Memo(read_free_cell, plain_texts)
    typed: dict[Column, Callable[[Cell], Read[Any]]] = {
        Column.TARGET: targets.read,
        Column.REGISTERED_QUANTITY: read_quantity,
        Column.DONE_QUANTITY: read_quantity,
        Column.CHILDREN: lambda cell: read_quantity(cell, approximate_allowed=True),
        Column.BUDGET: read_money,
        Column.EVIDENCE: lambda cell: read_evidence(_text(cell)),
        Column.STATUS: lambda cell: read_status(_text(cell)),
    }
    memos = {column: Memo(without_personal(column, read), links if column is Column.EVIDENCE else None) for column, read in typed.items()}
    return {**memos, Column.CODE: Memo(read_code), Column.NAME: Memo(read_free_cell, plain_texts), Column.PLACE: free, Column.NOTE: free}


def _date_memos(year: int, *, date_1904: bool) -> dict[Column, Memo]:
    def read(cell: Cell) -> Read[Period]:
        return read_date(cell, year, date_1904=date_1904)

    plan = without_personal(Column.PLANNED, lambda cell: _plan_may_be_a_month(read(cell)))
    return {Column.PLANNED: Memo(plan), Column.DONE: Memo(without_personal(Column.DONE, read))}


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else show(cell)


def _plan_may_be_a_month(read: Read[Period]) -> Read[Period]:
    """A month is a good plan; only a result must say its day (contract section 4)."""
    if not read.problems:
        return read
    return Read(read.value, tuple(problem for problem in read.problems if problem.code != "imprecise-date"), read.filled)
