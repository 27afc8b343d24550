"""Stage 3: the rules of the plan (contract section 5). Each declares its codes and yields findings; none raises, none drops a row.

A rule for one row takes a `Case` and yields `Said`; rules over a whole cluster or the whole district follow below them.
At the end a row counts, or something at its cells says why not (contract section 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.catalogue import finding
from sync.columns import PAIRS
from sync.double_count import Done, same_events
from sync.model import (
    Activity,
    Cell,
    ClusterData,
    ClusterStatus,
    Column,
    Finding,
    Period,
    Reading,
    RowCount,
    RowReading,
    Severity,
    Status,
    Stops,
)
from sync.organization import Organization
from sync.personal import mask
from sync.plan import Plan, Target
from sync.shown import show
from sync.text import fold

_REGISTRATION, _RESULT = PAIRS


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What the rules ask of the plan, looked up once."""

    plan: Plan
    as_of: date
    targets: Mapping[int, Target]
    in_season: frozenset[tuple[int, int]]
    """(target, month) pairs in which the target may be run."""


def rulebook(plan: Plan, as_of: date) -> Rulebook:
    """Return the plan as the rules ask it."""
    reporting = {one.id for one in plan.reporting_rounds()}
    in_season = frozenset(
        (target.id, month)
        for target in plan.targets
        for one in plan.rounds
        if one.id in reporting or one.id == target.season
        for month in range(one.first_month, one.last_month + 1)
    )
    return Rulebook(plan, as_of, {target.id: target for target in plan.targets}, in_season)


@dataclass(slots=True)
class Case:
    """One row under judgement."""

    row: RowReading
    activity: Activity
    columns: Mapping[Column, int]
    book: Rulebook

    def has(self, *columns: Column) -> bool:
        """Return whether the sheet has all of these columns: what it has not is not checked."""
        return all(column in self.columns for column in columns)

    def lacks(self, column: Column) -> bool:
        """Return whether the sheet has the column and this row says nothing in it."""
        return column in self.columns and column not in self.row.filled

    def says_any(self, columns: Iterable[Column]) -> bool:
        """Return whether the row says something in one of the columns."""
        return any(column in self.row.filled for column in columns)


@dataclass(frozen=True, slots=True)
class Said:
    """A finding without its place: the place is the case's cell of that column."""

    code: str
    column: Column
    extra: str = ""
    suggestion: str | None = None


Rule = Callable[[Case], Iterator[Said]]


def required(case: Case) -> Iterator[Said]:
    """`missing-unit`, `missing-target`, `missing-name`."""
    for column, code in ((Column.UNIT, "missing-unit"), (Column.TARGET, "missing-target"), (Column.NAME, "missing-name")):
        if case.lacks(column):
            yield Said(code, column)


def registration_is_whole(case: Case) -> Iterator[Said]:
    """`missing-planned-date`, `missing-registered-quantity`: one of the two is filled, or the row has nothing done."""
    something_done = case.has(*_RESULT) and case.says_any(_RESULT)
    if not case.has(*_REGISTRATION) or (something_done and not case.says_any(_REGISTRATION)):
        return
    for column, code in zip(_REGISTRATION, ("missing-planned-date", "missing-registered-quantity"), strict=True):
        if case.lacks(column):
            yield Said(code, column)


def result_is_whole(case: Case) -> Iterator[Said]:
    """`missing-done-date`, `missing-done-quantity`: the other is filled, the status says done, or the sheet holds only results."""
    only_results = not case.has(*_REGISTRATION)
    if not case.has(*_RESULT) or not (case.says_any(_RESULT) or case.activity.status is Status.DONE or only_results):
        return
    for column, code in zip(_RESULT, ("missing-done-date", "missing-done-quantity"), strict=True):
        if case.lacks(column):
            yield Said(code, column)


def within_plan(case: Case) -> Iterator[Said]:
    """`outside-plan`: a period belongs to the day on which it ends (contract section 6)."""
    plan = case.book.plan
    for column, period in _periods(case.activity):
        if not plan.first_day <= period.end <= plan.last_day:
            yield Said("outside-plan", column, f" ({plan.first_day:%d/%m/%Y}–{plan.last_day:%d/%m/%Y})")


def not_in_future(case: Case) -> Iterator[Said]:
    """`result-in-future`: begins after the day of the run."""
    if case.activity.done and case.activity.done.start > case.book.as_of:
        yield Said("result-in-future", Column.DONE)


def status_agrees(case: Case) -> Iterator[Said]:
    """`conflicting-status`: called off or put off, and yet a result."""
    if case.activity.status in (Status.CANCELLED, Status.POSTPONED) and case.says_any(_RESULT):
        yield Said("conflicting-status", Column.STATUS)


def expected_target(case: Case) -> Iterator[Said]:
    """`unexpected-target`: the plan gives the whole of this target to other clusters."""
    if case.activity.target is None:
        return
    target = case.book.targets[case.activity.target]
    if not target.is_expected_of(case.activity.cluster):
        yield Said("unexpected-target", Column.TARGET, f"{target.id} ({target.name}) cho khu vực khác")


def within_rounds(case: Case) -> Iterator[Said]:
    """`outside-rounds`: the month belongs to no round, and the target has no season of its own there."""
    if case.activity.target is None:
        return
    plan = case.book.plan
    for column, period in _periods(case.activity):
        inside_plan = plan.first_day <= period.end <= plan.last_day
        if inside_plan and (case.activity.target, period.end.month) not in case.book.in_season:
            yield Said("outside-rounds", column)


def plausible(case: Case) -> Iterator[Said]:
    """`implausible-quantity`: above the district's goal for the whole year."""
    if case.activity.target is None:
        return
    target = case.book.targets[case.activity.target]
    quantities = (
        (Column.REGISTERED_QUANTITY, case.activity.registered_quantity),
        (Column.DONE_QUANTITY, case.activity.done_quantity),
    )
    for column, quantity in quantities:
        if quantity is not None and quantity > target.goal:
            yield Said("implausible-quantity", column, f"{target.goal} {target.measure}")


ROW_RULES: tuple[Rule, ...] = (
    required,
    registration_is_whole,
    result_is_whole,
    within_plan,
    not_in_future,
    status_agrees,
    expected_target,
    within_rounds,
    plausible,
)


def check(readings: Sequence[Reading], *, plan: Plan, organization: Organization, as_of: date) -> list[ClusterData]:
    """Return each cluster's activities, judged, with all their findings, in the order of ``readings``.

    Rows always reconcile: ``read = counted + excluded + ignored``.
    """
    book = rulebook(plan, as_of)
    judged = [_ClusterCheck(reading, book).run() for reading in readings]
    return _with_double_counts(judged, organization)


class _ClusterCheck:
    """Runs the rules over one cluster."""

    def __init__(self, reading: Reading, book: Rulebook) -> None:
        self._reading = reading
        self._book = book
        self._as_of = book.as_of
        self._findings = list(reading.findings)

    def run(self) -> ClusterData:
        if self._reading.error is not None:
            return self._failed()
        stopped = [self._judge(row) for row in self._reading.rows]
        for index, earlier in _duplicates(self._reading.rows):
            stopped[index] = stopped[index] | {self._say(self._reading.rows[index], Said("duplicate-row", Column.NAME, str(earlier)))}
        activities = [_counted(row, stops, self._as_of) for row, stops in zip(self._reading.rows, stopped, strict=True)]
        self._look_for_evidence(activities)
        return self._data(activities)

    def _failed(self) -> ClusterData:
        return ClusterData(
            cluster=self._reading.cluster,
            status=ClusterStatus.FAILED,
            source=self._reading.source,
            findings=self._reading.findings,
            error=self._reading.error,
            tab=self._reading.tab,
            fingerprint=self._reading.fingerprint,
        )

    def _judge(self, row: RowReading) -> frozenset[Stops]:
        case = Case(row, row.activity, self._reading.columns, self._book)
        said = [self._say(row, one) for rule in ROW_RULES for one in rule(case)]
        return row.stopped.union(said)

    def _say(self, row: RowReading, said: Said) -> Stops:
        found = self._finding(row, said)
        self._findings.append(found)
        return found.stops

    def _finding(self, row: RowReading, said: Said) -> Finding:
        at = self._reading.columns[said.column]
        line, at = row.places.get(said.column, (row.activity.row, at))
        return finding(
            said.code,
            cluster=self._reading.cluster,
            tab=row.activity.tab,
            row=line,
            at=at,
            column=said.column,
            value=mask(show(_cell(row.cells, at))),
            suggestion=said.suggestion,
            extra=said.extra,
        )

    def _look_for_evidence(self, activities: Sequence[Activity]) -> None:
        """`missing-evidence`: counted as done, and nothing there."""
        if Column.EVIDENCE not in self._reading.columns:
            return
        for row, activity in zip(self._reading.rows, activities, strict=True):
            if activity.counts_as_done and Column.EVIDENCE not in row.filled:
                self._say(row, Said("missing-evidence", Column.EVIDENCE))

    def _data(self, activities: Sequence[Activity]) -> ClusterData:
        counted = sum(one.counts_as_registered or one.counts_as_done for one in activities)
        reading = self._reading
        return ClusterData(
            cluster=reading.cluster,
            status=ClusterStatus.OK,
            source=reading.source,
            activities=tuple(activities),
            findings=tuple(sorted(dict.fromkeys(self._findings), key=_place)),
            rows=RowCount(read=reading.read, counted=counted, excluded=len(activities) - counted, ignored=reading.ignored),
            tab=reading.tab,
            header_row=reading.header_row,
            columns=reading.columns,
            fingerprint=reading.fingerprint,
            data_as_of=self._as_of,
        )


def _counted(row: RowReading, stopped: frozenset[Stops], as_of: date) -> Activity:
    """Return the activity with its two marks (contract section 6)."""
    one = row.activity
    whole = one.unit is not None and one.target is not None and one.name is not None and Stops.ROW not in stopped
    registered = bool(
        whole and one.planned and one.registered_quantity and Stops.REGISTRATION not in stopped and one.status is not Status.CANCELLED
    )
    done = bool(whole and one.done and one.done_quantity and Stops.RESULT not in stopped and one.done.start <= as_of)
    return replace(one, counts_as_registered=registered, counts_as_done=done) if registered or done else one


def _duplicates(rows: Sequence[RowReading]) -> Iterator[tuple[int, int]]:
    """Yield (index, row of the earlier one) of rows that say again what an earlier row of the cluster said."""
    groups: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        one = row.activity
        if one.unit is not None and one.target is not None and one.name is not None and one.status is not Status.CANCELLED:
            groups[one.unit, one.target, fold(one.name)].append(index)
    for group in groups.values():
        for place, index in enumerate(group):
            earlier = next((other for other in group[:place] if _same_time(rows[other].activity, rows[index].activity)), None)
            if earlier is not None:
                yield index, rows[earlier].activity.row


def _same_time(one: Activity, other: Activity) -> bool:
    """Return whether two rows mean the same time: what both say is equal, and they say something in common."""
    said = [(a, b) for a, b in ((one.planned, other.planned), (one.done, other.done)) if a is not None and b is not None]
    return bool(said) and all(a == b for a, b in said)


def _with_double_counts(clusters: Sequence[ClusterData], organization: Organization) -> list[ClusterData]:
    """`possible-double-count`, on both rows: another cluster reports what looks like the same event."""
    done = [
        Done(number, place, one.cluster, one.target, fold(one.name), one.done)
        for number, data in enumerate(clusters)
        for place, one in enumerate(data.activities)
        if one.counts_as_done and one.target is not None and one.name is not None and one.done is not None
    ]
    said: dict[int, list[Finding]] = defaultdict(list)
    for one, other in same_events(done):
        for here, there in ((one, other), (other, one)):
            said[here.cluster_number].append(_double_count(clusters, here, there, organization))
    return [
        replace(data, findings=tuple(sorted((*data.findings, *said[number]), key=_place))) if number in said else data
        for number, data in enumerate(clusters)
    ]


def _double_count(clusters: Sequence[ClusterData], here: Done, there: Done, organization: Organization) -> Finding:
    data, other = clusters[here.cluster_number], clusters[there.cluster_number]
    activity = data.activities[here.place]
    return finding(
        "possible-double-count",
        cluster=data.cluster,
        tab=activity.tab,
        row=activity.row,
        at=data.columns[Column.NAME],
        column=Column.NAME,
        value=activity.name or "",
        extra=f"dòng {other.activities[there.place].row} của {organization.cluster(other.cluster).name}",
    )


def _periods(activity: Activity) -> Iterator[tuple[Column, Period]]:
    if activity.planned:
        yield Column.PLANNED, activity.planned
    if activity.done:
        yield Column.DONE, activity.done


def _cell(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at - 1] if at <= len(cells) else ""


def _place(found: Finding) -> tuple[int, int, str, bool]:
    letters = found.cell.rstrip("0123456789")
    return found.row, len(letters), letters, found.severity is Severity.WARNING
