"""The clusters and their units, to drill into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sync.district import District
from sync.model import Activity, ClusterData, ClusterStatus, Compliance, Figures, Finding
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

T = TypeVar("T")
_TONES = {ClusterStatus.OK: "good", ClusterStatus.STALE: "warn", ClusterStatus.FAILED: "bad"}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the whole district, by cluster and unit."""

    district: District
    asked: duties.Duties
    names: Mapping[str, str]
    addresses: Mapping[str, str]
    by_cluster: Mapping[str, Sequence[Figures]]
    by_unit: Mapping[str, Sequence[Figures]]
    listed: int
    """So many activities a unit lists."""


def clusters(district: District, asked: duties.Duties, addresses: Mapping[str, str]) -> Iterator[SiteCluster]:
    """Yield every cluster with its units of the year; ``addresses`` are of the spreadsheets that can be opened by a link."""
    progress, organization = district.progress, district.settings.organization
    known = _Known(
        district=district,
        asked=asked,
        names={one.id: one.name for one in organization.clusters},
        addresses=addresses,
        by_cluster=_grouped((one.cluster, one) for one in progress.by_cluster),
        by_unit=_grouped((one.unit, one) for one in progress.by_unit),
        listed=activities.listed(district.clusters, len(organization.units)),
    )
    for data in district.clusters:
        yield _cluster(organization.cluster(data.cluster), data, known)


def _grouped(pairs: Iterable[tuple[str | None, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key or "", []).append(value)
    return found


def _cluster(cluster: Cluster, data: ClusterData, known: _Known) -> SiteCluster:
    figures = known.by_cluster.get(cluster.id, ())
    units = tuple(_units(cluster, data, known))
    states = [state for unit in cluster.units for state in known.asked.of(unit.id)]
    return SiteCluster(
        id=cluster.id,
        anchor=cluster_anchor(cluster.id),
        name=cluster.name,
        address=known.addresses.get(cluster.id, ""),
        fresh=_fresh(data),
        why=reason(data, known.names),
        counted=f"{count(len(units))} đơn vị",
        wrong=_wrong(data.findings),
        missing=_missing(states),
        figures=rows_of(figures, known.district.settings.plan),
        units=units,
        targets=" ".join(str(item.target) for item in figures),
        flags=" ".join([*duties.flags(tuple(states)), *severities(data.findings)]),
    )


def _fresh(data: ClusterData) -> State:
    word = CLUSTER[data.status] if data.status is not ClusterStatus.STALE else freshness(data).capitalize()
    return State(word, _TONES[data.status])


def _missing(states: Sequence[Compliance]) -> str:
    missing = states.count(Compliance.MISSING)
    return f"{count(missing)} lượt chưa nộp" if missing else ""


def _wrong(found: Sequence[Finding]) -> str:
    return counted(found) if found else ""


def _units(cluster: Cluster, data: ClusterData, known: _Known) -> Iterator[SiteUnit]:
    year = known.district.progress.year
    rows = activities.by_unit(data, year)
    at = {(row.tab, row.row): row for listed in rows.values() for row in listed}
    found = _grouped((at[key].unit, one) for one in data.findings if (key := (one.tab, one.row)) in at)
    for unit in cluster.units:
        active = any(item.done or item.registered for item in known.by_unit.get(unit.id, ()))
        if unit.life.has_day_in(year) or active:
            yield _unit(unit, rows.get(unit.id, []), [(one, at[one.tab, one.row]) for one in errors_first(found.get(unit.id, ()))], known)


def _unit(unit: Unit, rows: Sequence[Activity], found: Sequence[tuple[Finding, Activity]], known: _Known) -> SiteUnit:
    progress, states = known.district.progress, known.asked.of(unit.id)
    wrong = [one for one, _ in found]
    return SiteUnit(
        anchor=unit_anchor(unit.id),
        name=unit.name,
        note=_note(unit, date(progress.year, 1, 1), date(progress.year, 12, 31)),
        duties=tuple(_duties(states, known.asked)),
        figures=rows_of(known.by_unit.get(unit.id, ()), known.district.settings.plan),
        activities=tuple(activities.shown(rows[: known.listed])),
        counted=f"{count(len(rows))} hoạt động" if rows else "chưa có hoạt động",
        more=more_of(len(rows) - known.listed, "hoạt động", "Dữ liệu"),
        missing=_missing(states),
        wrong=_wrong(wrong),
        corrections=tuple(correction(one, row, {}) for one, row in found[:OF_UNIT]),
        flags=" ".join([*duties.flags(states), *severities(wrong)]),
    )


def _duties(states: Sequence[Compliance], asked: duties.Duties) -> Iterator[UnitDuty]:
    for duty, value in zip(asked.names, states, strict=True):
        if value is not Compliance.NOT_REQUIRED:
            yield UnitDuty(f"{duty.name} (hạn\u00a0{duty.due})", duties.state(value))


def _note(unit: Unit, first: date, last: date) -> str:
    parts = [f"từ ngày {day(unit.valid_from)}"] if unit.valid_from and unit.valid_from > first else []
    parts += [f"đến hết ngày {day(unit.valid_to)}"] if unit.valid_to and unit.valid_to < last else []
    return " ".join(parts)
