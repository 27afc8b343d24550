"""The clusters and their units, to drill into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sync.district import District
from sync.model import Activity, ClusterData, ClusterStatus, Compliance, Finding
from sync.organization import Cluster, Unit
from sync.prose import count, day
from sync.report.annexes import counted, more_of
from sync.report.freshness import freshness
from sync.site import activities, duties
from sync.site.corrections import OF_UNIT, correction, errors_first, reason
from sync.site.corrections import flags as severities
from sync.site.figures import cluster_anchor, rows_of, unit_anchor
from sync.site.values import SiteCluster, SiteUnit, State, UnitDuty
from sync.vietnamese import CLUSTER

_TONES = {ClusterStatus.OK: "good", ClusterStatus.STALE: "warn", ClusterStatus.FAILED: "bad"}


@dataclass(frozen=True, slots=True)
class _Member:
    """One cluster with what is known of it."""

    cluster: Cluster
    data: ClusterData
    district: District
    asked: duties.Duties


def clusters(district: District, asked: duties.Duties) -> Iterator[SiteCluster]:
    """Yield every cluster with its units of the year."""
    for data in district.clusters:
        yield _cluster(_Member(district.settings.organization.cluster(data.cluster), data, district, asked))


def _cluster(one: _Member) -> SiteCluster:
    progress, plan = one.district.progress, one.district.settings.plan
    figures = [item for item in progress.by_cluster if item.cluster == one.cluster.id]
    units = tuple(_units(one))
    states = [state for unit in one.cluster.units for state in one.asked.of(unit.id)]
    missing = states.count(Compliance.MISSING)
    return SiteCluster(
        id=one.cluster.id,
        anchor=cluster_anchor(one.cluster.id),
        name=one.cluster.name,
        fresh=_fresh(one.data),
        why=reason(one.data, {item.id: item.name for item in one.district.settings.organization.clusters}),
        counted=f"{count(len(units))} đơn vị",
        wrong=_wrong(one.data.findings),
        missing=f"{count(missing)} lượt chưa nộp" if missing else "",
        figures=rows_of(figures, plan),
        units=units,
        targets=" ".join(str(item.target) for item in figures),
        flags=" ".join([*duties.flags(tuple(states)), *severities(one.data.findings)]),
    )


def _fresh(data: ClusterData) -> State:
    word = CLUSTER[data.status] if data.status is not ClusterStatus.STALE else freshness(data).capitalize()
    return State(word, _TONES[data.status])


def _wrong(found: Sequence[Finding]) -> str:
    return counted(found) if found else ""


def _units(one: _Member) -> Iterator[SiteUnit]:
    rows = activities.by_unit(one.data, one.district.progress.year)
    active = {item.unit for item in one.district.progress.by_unit if item.done or item.registered}
    for unit in one.cluster.units:
        if _is_there(unit, one.district.progress.year) or unit.id in active:
            yield _unit(unit, one, rows.get(unit.id, []))


def _is_there(unit: Unit, year: int) -> bool:
    """Return whether the unit exists on any day of the year."""
    return (unit.valid_from is None or unit.valid_from.year <= year) and (unit.valid_to is None or unit.valid_to.year >= year)


def _unit(unit: Unit, one: _Member, rows: list[Activity]) -> SiteUnit:
    progress, plan = one.district.progress, one.district.settings.plan
    states = one.asked.of(unit.id)
    at = {(row.tab, row.row): row for row in rows}
    found = errors_first([item for item in one.data.findings if (item.tab, item.row) in at])
    return SiteUnit(
        anchor=unit_anchor(unit.id),
        name=unit.name,
        note=_note(unit, date(progress.year, 1, 1), date(progress.year, 12, 31)),
        duties=tuple(_duties(states, one.asked)),
        figures=rows_of([item for item in progress.by_unit if item.unit == unit.id], plan),
        activities=tuple(activities.shown(rows)),
        counted=f"{count(len(rows))} hoạt động" if rows else "chưa có hoạt động",
        more=more_of(len(rows) - activities.MOST, "hoạt động", "Dữ liệu"),
        wrong=_wrong(found),
        corrections=tuple(correction(item, at[item.tab, item.row], {}) for item in found[:OF_UNIT]),
        flags=" ".join([*duties.flags(states), *severities(found)]),
    )


def _duties(states: Sequence[Compliance], asked: duties.Duties) -> Iterator[UnitDuty]:
    for duty, value in zip(asked.names, states, strict=True):
        if value is not Compliance.NOT_REQUIRED:
            yield UnitDuty(f"{duty.name} (hạn\u00a0{duty.due})", duties.state(value))


def _note(unit: Unit, first: date, last: date) -> str:
    parts = [f"từ ngày {day(unit.valid_from)}"] if unit.valid_from and unit.valid_from > first else []
    parts += [f"đến hết ngày {day(unit.valid_to)}"] if unit.valid_to and unit.valid_to < last else []
    return " ".join(parts)
