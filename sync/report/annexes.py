"""Annexes II and III: the counted activities by cluster, and the cells that are still to be corrected.

Free text comes masked from reading (`sync.personal`); evidence is shown as links only. Both lists have an end: a paper of a thousand
rows is read by nobody, and the master has them all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

from sync.model import Activity, ClusterData, Column, Finding, Severity, Stops
from sync.organization import Organization
from sync.prose import DASH, count, figure, period
from sync.report.freshness import marked, spoken
from sync.report.values import ActivityGroup, ActivityLine, CorrectionGroup, CorrectionLine, Link
from sync.vietnamese import SEVERITY

MOST_ACTIVITIES = 400
"""So many activities a report lists; the rest is counted."""
CORRECTIONS_EACH = 15
"""So many cells a report lists of one cluster, errors first; the rest is counted."""
MOST_CORRECTIONS = 150
"""So many of all clusters together."""
_OF_REGISTRATION = frozenset({Column.UNIT, Column.TARGET, Column.NAME, Column.PLANNED, Column.PLACE, Column.REGISTERED_QUANTITY})
Wanted = Callable[[Activity], tuple[bool, bool]]
"""Whether an activity's registration and its result belong in the list."""


def of_year(year: int) -> Wanted:
    """Return what wants the registrations and results that count for the year."""

    def wanted(one: Activity) -> tuple[bool, bool]:
        registered = one.counts_as_registered and one.planned is not None and one.planned.end.year == year
        return registered, one.counts_as_done and one.done is not None and one.done.end.year == year

    return wanted


def registered_in(year: int, months: Collection[int]) -> Wanted:
    """Return what wants the year's registrations planned to end in these months, and no results."""
    inner = of_year(year)
    return lambda one: (inner(one)[0] and one.planned is not None and one.planned.end.month in months, False)


def activity_groups(clusters: Sequence[ClusterData], organization: Organization, wanted: Wanted) -> Iterator[ActivityGroup]:
    """Yield the clusters that have counted activities, unit by unit, each by its days."""
    units = {unit: (number, name) for number, (unit, name) in enumerate(organization.shown_names().items())}
    left, others = MOST_ACTIVITIES, list[int]()
    for data in clusters:
        found = [(one, halves) for one in data.activities if any(halves := wanted(one))]
        found.sort(key=lambda entry: _order(entry[0], units))
        if found and not left:
            others.append(len(found))
        elif found:
            shown = found[:left]
            left -= len(shown)
            rows = (_activity(number, one, halves, units) for number, (one, halves) in enumerate(shown, 1))
            name = marked(organization.cluster(data.cluster).name, data)
            yield ActivityGroup(
                name, f"{count(len(found))} hoạt động", tuple(rows), more_of(len(found) - len(shown), "hoạt động", "Dữ liệu")
            )
    if others:
        more = more_of(sum(others), "hoạt động", "Dữ liệu")
        yield ActivityGroup(_others(len(others)), f"{count(sum(others))} hoạt động", (), more)


def _others(number: int) -> str:
    return f"{count(number)} khu vực, khối còn lại"


def _order(one: Activity, units: Mapping[str, tuple[int, str]]) -> tuple[int, date, int]:
    when = one.done or one.planned
    return units.get(one.unit or "", (len(units), ""))[0], when.start if when else date.max, one.row


def _activity(number: int, one: Activity, halves: tuple[bool, bool], units: Mapping[str, tuple[int, str]]) -> ActivityLine:
    registered, done = halves
    return ActivityLine(
        number=str(number),
        unit=units.get(one.unit or "", (0, DASH))[1],
        target=str(one.target),
        name=one.name or DASH,
        planned=period(one.planned) if registered and one.planned else DASH,
        registered=figure(one.registered_quantity if registered else None),
        done=period(one.done) if done and one.done else DASH,
        done_quantity=figure(one.done_quantity if done else None),
        evidence=tuple(links(one.evidence)) if done else (),
        no_evidence="chưa có" if done else DASH,
    )


def links(evidence: Sequence[str]) -> Iterator[Link]:
    """Yield the accepted addresses that are of the web, each with a word to show."""
    web = [address for address in evidence if address.startswith(("http://", "https://"))]
    for number, address in enumerate(web, 1):
        yield Link(f"Xem {number}" if len(web) > 1 else "Xem", address)


def more_of(number: int, what: str, tab: str) -> str:
    """Return how many are not listed and in which tab of the master they are; nothing where all are."""
    return f"Còn {count(number)} {what} khác: xem trang «{tab}» của bảng tổng hợp." if number > 0 else ""


def correction_groups(clusters: Sequence[ClusterData], known: Mapping[str, str]) -> Iterator[CorrectionGroup]:
    """Yield the clusters that have something to correct: errors first, at most `CORRECTIONS_EACH` cells each."""
    left, others = MOST_CORRECTIONS, list[ClusterData]()
    for data in clusters:
        lines = [*_reason(data, known), *map(_correction, sorted(data.findings, key=lambda found: found.severity is not Severity.ERROR))]
        if lines and not left:
            others.append(data)
        elif lines:
            shown = lines[: min(CORRECTIONS_EACH, left)]
            left -= len(shown)
            more = more_of(len(lines) - len(shown), "chỗ", "Cần sửa")
            yield CorrectionGroup(marked(known[data.cluster], data), counted(data.findings), tuple(shown), more)
    if others:
        findings = [found for data in others for found in data.findings]
        yield CorrectionGroup(_others(len(others)), counted(findings), (), more_of(len(findings), "chỗ", "Cần sửa"))


def counted(findings: Sequence[Finding]) -> str:
    """Return `02 lỗi, 01 chỗ cần xem lại`."""
    errors = sum(found.severity is Severity.ERROR for found in findings)
    parts = (("lỗi", errors), ("chỗ cần xem lại", len(findings) - errors))
    return ", ".join(f"{count(number)} {what}" for what, number in parts if number) or "không đọc được bảng"


def _reason(data: ClusterData, known: Mapping[str, str]) -> Iterator[CorrectionLine]:
    """Yield why the whole cluster could not be read, where no finding says it."""
    if data.error and all(found.message != data.error for found in data.findings):
        yield CorrectionLine(DASH, DASH, "Cả bảng", spoken(data.error, known))


def _correction(found: Finding) -> CorrectionLine:
    return CorrectionLine(found.tab or DASH, found.cell, SEVERITY[found.severity], found.message)


def is_of_registration(found: Finding) -> bool:
    """Return whether the finding matters to registrations: it keeps one out, or stands in a column that registers."""
    if found.stops in (Stops.REGISTRATION, Stops.ROW, Stops.CLUSTER):
        return True
    return found.stops is Stops.NOTHING and (found.column is None or found.column in _OF_REGISTRATION)
