"""What a cluster still owes for one due day; nothing for a cluster that has done its part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sync.calendar import DueDay
from sync.model import Activity, ClusterData, ClusterStatus, Compliance, Finding, Kind, Progress, Severity, Status, Stops, UnitCompliance
from sync.organization import Organization
from sync.plan import Plan
from sync.prose import count
from sync.reminders.values import CellOwing, ClusterOwing, UnitOwing
from sync.report.freshness import freshness, spoken

CELLS = 20
"""So many cells are named in a mail; all of them are in the spreadsheet."""
_OWED = {Compliance.MISSING, Compliance.NOT_DUE}
_PUT_OFF = {Status.CANCELLED, Status.POSTPONED}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known on the day of the reminder."""

    plan: Plan
    organization: Organization
    progress: Progress
    """Of the due day's year."""
    clusters: Sequence[ClusterData]
    place: Callable[[str], str]
    """Cluster → where its spreadsheet lies."""


def owing(due: DueDay, facts: Facts) -> Iterator[tuple[str, ClusterOwing]]:
    """Yield the id of each cluster that owes something for the due day, and what."""
    shown, states = facts.organization.shown_names(), defaultdict[str, list[tuple[str, Compliance]]](list)
    for one in facts.progress.compliance:
        if one.round == due.round.id:
            states[one.cluster].append((one.unit, _state(one, due)))
    for data in facts.clusters:
        asked = [(unit, state) for unit, state in states[data.cluster] if state is not Compliance.NOT_REQUIRED]
        missing = [unit for unit, state in asked if state in _OWED]
        wrong = list(_wrong_cells(data, due))
        if asked and (missing or wrong or data.status is not ClusterStatus.OK):
            handed_in = f"Đã có {count(len(asked) - len(missing))}/{count(len(asked))} đơn vị."
            units = tuple(UnitOwing(shown[unit], _detail(unit, data, due, facts)) for unit in missing)
            yield data.cluster, _of_cluster(data, facts, handed_in, units, wrong)


def _state(one: UnitCompliance, due: DueDay) -> Compliance:
    return one.registration if due.kind is Kind.REGISTRATION else one.results


def _of_cluster(data: ClusterData, facts: Facts, handed_in: str, units: tuple[UnitOwing, ...], wrong: Sequence[Finding]) -> ClusterOwing:
    place = facts.place(data.cluster)
    return ClusterOwing(
        name=facts.organization.cluster(data.cluster).name,
        place=place,
        address=place if place.startswith("https://") else "",
        handed_in=handed_in,
        units=units,
        cells=tuple(CellOwing(found.cell, found.message) for found in wrong[:CELLS]),
        more=f"Còn {count(len(wrong) - CELLS)} ô nữa, ghi ở cột Kết quả kiểm tra." if len(wrong) > CELLS else "",
        unread=_unread(data, facts.organization),
    )


def _unread(data: ClusterData, organization: Organization) -> str:
    if data.status is ClusterStatus.OK:
        return ""
    known = {cluster.id: cluster.name for cluster in organization.clusters}
    return f"Chưa đọc được bảng ({freshness(data)}): {spoken(data.error or '', known)}"


def _wrong_cells(data: ClusterData, due: DueDay) -> Iterator[Finding]:
    """Yield the errors that keep something of the due day's year out of the figures it asks for."""
    rows = {one.row: one for one in data.activities}
    for found in data.findings:
        about_results_only = due.kind is Kind.REGISTRATION and found.stops is Stops.RESULT
        if found.severity is Severity.ERROR and not about_results_only and _is_of_year(rows.get(found.row), due.year):
            yield found


def _is_of_year(one: Activity | None, year: int) -> bool:
    """Return whether the row may belong to the year: a row without a readable day may."""
    days = [period.end.year for period in (one.planned, one.done) if period] if one else []
    return not days or year in days


def _detail(unit: str, data: ClusterData, due: DueDay, facts: Facts) -> str:
    """Return which of the unit's registered activities of the round have no result yet."""
    if due.kind is Kind.REGISTRATION:
        return ""
    covered = facts.plan.covered(due.round.id, Kind.RESULTS)
    waiting = [
        one
        for one in data.activities
        if one.unit == unit and _is_planned_in(one, due.year, covered, facts.plan) and not one.counts_as_done and one.status not in _PUT_OFF
    ]
    if not waiting:
        return "chưa có hoạt động nào của đợt này trong bảng"
    return f"có {count(len(waiting))} hoạt động chưa ghi kết quả ({_rows(waiting)})"


def _is_planned_in(one: Activity, year: int, covered: Sequence[str], plan: Plan) -> bool:
    if one.planned is None or one.planned.end.year != year:
        return False
    inner = plan.round_of(one.planned.end)
    return inner is not None and inner.id in covered


def _rows(listed: Sequence[Activity]) -> str:
    return f"dòng {', '.join(str(one.row) for one in listed)}"
