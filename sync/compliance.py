"""Who has registered and reported, and when it was first seen (contract section 6).

Nobody is called late without a run that proves it: a unit is late only if the first run after the due day that could read its
cluster did not see a counting row, and a later run did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from sync.model import Activity, ClusterData, ClusterStatus, Compliance, FirstSeen, Kind, Late, Memory, ReportingRate, UnitCompliance
from sync.organization import Cluster, Organization, Unit
from sync.plan import Plan, Round

Seen = tuple[str, int, str, Kind]
"""Unit, year, round with a due day of its own, kind."""


def seen_now(clusters: Iterable[ClusterData], plan: Plan) -> set[Seen]:
    """Return for which unit, year, round and kind a counting row is there."""
    owed_with = _owed_with(plan)
    ends = set(_counting(one for data in clusters for one in data.activities))
    return {
        (unit, year, owed_with[month, kind], kind) for unit, kind, year, month in ends if unit is not None and (month, kind) in owed_with
    }


def _owed_with(plan: Plan) -> dict[tuple[int, Kind], str]:
    """Return (month, kind) → the round with whose day it is owed."""
    owed_with = {(inner, kind): one.id for one in plan.reporting_rounds() for kind in Kind for inner in plan.covered(one.id, kind)}
    inner = {month: next((one.id for one in plan.rounds if one.has_month(month)), "") for month in range(1, 13)}
    return {(month, kind): owed_with[inner[month], kind] for month in inner for kind in Kind if (inner[month], kind) in owed_with}


def _counting(activities: Iterable[Activity]) -> Iterator[tuple[str | None, Kind, int, int]]:
    """Yield for which unit a row is a sign of what, and the year and month to which that belongs.

    One that a decision drops from the figures was handed in too.
    """
    registration, results = Kind.REGISTRATION, Kind.RESULTS
    for one in activities:
        if one.planned and (one.counts_as_registered or registration in one.set_aside):
            end = one.planned.end
            yield one.registering_unit, registration, end.year, end.month
        if one.done and (one.counts_as_done or results in one.set_aside):
            end = one.done.end
            yield one.unit, results, end.year, end.month


def remember_seen(memory: Memory, clusters: Sequence[ClusterData], plan: Plan, as_of: date) -> tuple[FirstSeen, ...]:
    """Return what was remembered and what this run saw, each with the first day, in a stable order."""
    first = {(one.unit, one.year, one.round, one.kind): one.day for one in memory.first_seen}
    for seen in seen_now((data for data in clusters if data.status is ClusterStatus.OK), plan):
        first[seen] = min(first.get(seen, as_of), as_of)
    return tuple(FirstSeen(*seen, day) for seen, day in sorted(first.items()))


def compliance(
    clusters: Sequence[ClusterData],
    *,
    plan: Plan,
    organization: Organization,
    memory: Memory,
    year: int,
    as_of: date,
    excused: AbstractSet[Seen] = frozenset(),
) -> tuple[UnitCompliance, ...]:
    """Return for each unit and round of the year whether registration and results are there, and in time.

    What a person excused (the keys in ``excused``, see `late_hand_ins`) counts as handed in on time.
    """
    judge = _Judge(clusters, plan, memory, year, as_of=as_of, excused=excused)
    return tuple(
        UnitCompliance(
            unit=unit.id,
            cluster=cluster.id,
            round=one.id,
            registration=judge.of(cluster, unit, one, Kind.REGISTRATION),
            results=judge.of(cluster, unit, one, Kind.RESULTS),
        )
        for cluster in organization.clusters
        for unit in cluster.units
        for one in plan.reporting_rounds()
    )


def late_hand_ins(
    clusters: Sequence[ClusterData], *, plan: Plan, organization: Organization, memory: Memory, year: int, as_of: date
) -> tuple[Late, ...]:
    """Return what was handed in late for the year, whether or not anybody excused it."""
    judge = _Judge(clusters, plan, memory, year, as_of=as_of)
    return tuple(
        Late(unit.id, cluster.id, one.id, kind, year, due, judge.first_seen(unit, one, kind))
        for cluster in organization.clusters
        for unit in cluster.units
        for one in plan.reporting_rounds()
        for kind in Kind
        if judge.of(cluster, unit, one, kind) is Compliance.LATE and (due := plan.due_day(one.id, kind, year))
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the runs prove."""

    first_seen: Mapping[Seen, date]
    present: frozenset[Seen]
    read_on: Mapping[str, tuple[date, ...]]
    """Cluster → the days of the runs that could read it, in order."""


class _Judge:
    """Decides one unit, round and kind at a time."""

    def __init__(
        self,
        clusters: Sequence[ClusterData],
        plan: Plan,
        memory: Memory,
        year: int,
        *,
        as_of: date,
        excused: AbstractSet[Seen] = frozenset(),
    ) -> None:
        self._excused = excused
        self._plan = plan.in_year(year)
        self._year = year
        self._as_of = as_of
        self._evidence = _evidence(clusters, plan, memory, as_of)
        self._seasons: dict[str, set[str | None]] = {}

    def of(self, cluster: Cluster, unit: Unit, one: Round, kind: Kind) -> Compliance:
        """Return how this unit stands."""
        due = self._plan.due_day(one.id, kind, self._year)
        if due is None or not self._is_required(cluster, unit, one, kind, due):
            return Compliance.NOT_REQUIRED
        seen: Seen = (unit.id, self._year, one.id, kind)
        if seen in self._evidence.present:
            in_time = seen in self._excused or self._was_in_time(seen, cluster.id, due)
            return Compliance.ON_TIME if in_time else Compliance.LATE
        return Compliance.MISSING if self._as_of > due else Compliance.NOT_DUE

    def first_seen(self, unit: Unit, one: Round, kind: Kind) -> date:
        """Return the day of the first run that saw it; this run's where none before did."""
        return self._evidence.first_seen.get((unit.id, self._year, one.id, kind), self._as_of)

    def _is_required(self, cluster: Cluster, unit: Unit, one: Round, kind: Kind, due: date) -> bool:
        if due < self._plan.in_force or due > self._plan.last_day or not unit.exists_on(due):
            return False
        return one.id in cluster.owes.get(kind, ()) and self._has_target_in(cluster, one, kind)

    def _has_target_in(self, cluster: Cluster, one: Round, kind: Kind) -> bool:
        """Return whether a target of the cluster falls in the round: one with a season of its own is owed only with that season."""
        if cluster.id not in self._seasons:
            self._seasons[cluster.id] = {target.season for target in self._plan.targets if cluster.id in target.allocations}
        covered = self._plan.covered(one.id, kind)
        return any(season is None or season in covered for season in self._seasons[cluster.id])

    def _was_in_time(self, seen: Seen, cluster: str, due: date) -> bool:
        proof = next((day for day in self._evidence.read_on.get(cluster, ()) if day > due), None)
        first = self._evidence.first_seen.get(seen, self._as_of)
        return proof is None or first <= proof


def _evidence(clusters: Sequence[ClusterData], plan: Plan, memory: Memory, as_of: date) -> _Evidence:
    """Gather what earlier runs saw, up to ``as_of``, and what this one sees."""
    read_on: dict[str, set[date]] = defaultdict(set)
    for run in memory.runs:
        for cluster in run.clusters_read:
            if run.as_of <= as_of:
                read_on[cluster].add(run.as_of)
    for data in clusters:
        if data.status is ClusterStatus.OK:
            read_on[data.cluster].add(as_of)
    first = {(one.unit, one.year, one.round, one.kind): one.day for one in memory.first_seen if one.day <= as_of}
    days = {cluster: tuple(sorted(found)) for cluster, found in read_on.items()}
    return _Evidence(first, frozenset(seen_now(clusters, plan)), days)


def reporting_rates(reported: Sequence[UnitCompliance], organization: Organization) -> tuple[ReportingRate, ...]:
    """Return per cluster, round and kind how many units were expected, and how they stand; nothing where nothing is asked."""
    counts: dict[tuple[str, str, Kind], list[Compliance]] = defaultdict(list)
    for one in reported:
        counts[one.cluster, one.round, Kind.REGISTRATION].append(one.registration)
        counts[one.cluster, one.round, Kind.RESULTS].append(one.results)
    order = {cluster.id: number for number, cluster in enumerate(organization.clusters)}
    rates = [_rate(*key, states) for key, states in sorted(counts.items(), key=lambda item: (order[item[0][0]], item[0][1], item[0][2]))]
    return tuple(rate for rate in rates if rate.expected)


def _rate(cluster: str, round_id: str, kind: Kind, states: Sequence[Compliance]) -> ReportingRate:
    return ReportingRate(
        cluster=cluster,
        round=round_id,
        kind=kind,
        expected=sum(state is not Compliance.NOT_REQUIRED for state in states),
        on_time=states.count(Compliance.ON_TIME),
        late=states.count(Compliance.LATE),
        missing=states.count(Compliance.MISSING),
    )
