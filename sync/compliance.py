"""Who has registered and reported, and when it was first seen (contract section 6).

Nobody is called late without a run that proves it: a unit is late only if the first run after the due day that could read its
cluster did not see a counting row, and a later run did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from sync.model import ClusterData, ClusterStatus, Compliance, FirstSeen, Kind, Late, Memory, ReportingRate, UnitCompliance, made
from sync.organization import Cluster, Organization, Unit
from sync.plan import Plan, Round

Seen = tuple[str, int, str, Kind]
"""Unit, year, round with a due day of its own, kind."""
_Owing = tuple[int, str, Kind]
"""The same of any unit."""


def seen_now(clusters: Iterable[ClusterData], plan: Plan) -> set[Seen]:
    """Return for which unit, year, round and kind a counting row is there. One that a decision drops from the figures was handed in too."""
    registration, results = Kind.REGISTRATION, Kind.RESULTS
    owed_with = _owed_with(plan)
    registered, reported = _Owed(owed_with, registration), _Owed(owed_with, results)
    found: set[tuple[str | None, _Owing | None]] = set()
    for data in clusters:
        found |= {
            (one.registered_by or one.unit, registered[one.planned.end])
            for one in data.activities
            if (one.counts_as_registered or registration in one.set_aside) and one.planned
        }
        found |= {
            (one.unit, reported[one.done.end]) for one in data.activities if (one.counts_as_done or results in one.set_aside) and one.done
        }
    return {(unit, *what) for unit, what in found if unit is not None and what is not None}


class _Owed(dict[date, "_Owing | None"]):
    """Last day of a row → year, round and kind of what it is a sign of, if it is owed: days are few where rows are many."""

    def __init__(self, owed_with: Mapping[tuple[int, Kind], str], kind: Kind) -> None:
        super().__init__()
        self._owed_with, self._kind = owed_with, kind

    def __missing__(self, day: date) -> _Owing | None:
        inner = self._owed_with.get((day.month, self._kind))
        owed = self[day] = None if inner is None else (day.year, inner, self._kind)
        return owed


def _owed_with(plan: Plan) -> dict[tuple[int, Kind], str]:
    """Return (month, kind) → the round with whose day it is owed."""
    owed_with = {(inner, kind): one.id for one in plan.reporting_rounds() for kind in Kind for inner in plan.covered(one.id, kind)}
    inner = {month: next((one.id for one in plan.rounds if one.has_month(month)), "") for month in range(1, 13)}
    return {(month, kind): owed_with[inner[month], kind] for month in inner for kind in Kind if (inner[month], kind) in owed_with}


def remember_seen(memory: Memory, clusters: Sequence[ClusterData], plan: Plan, as_of: date) -> tuple[FirstSeen, ...]:
    """Return what was remembered and what this run saw, each with the first day, in a stable order."""
    first = {(one.unit, one.year, one.round, one.kind): one.day for one in memory.first_seen}
    for seen in seen_now((data for data in clusters if data.status is ClusterStatus.OK), plan):
        first[seen] = min(first.get(seen, as_of), as_of)
    return tuple(FirstSeen(*seen, day) for seen, day in sorted(first.items()))


def compliance(
    evidence: Evidence, *, plan: Plan, organization: Organization, year: int, as_of: date, excused: AbstractSet[Seen] = frozenset()
) -> tuple[UnitCompliance, ...]:
    """Return for each unit and round of the year whether registration and results are there, and in time.

    What a person excused (the keys in ``excused``, see `late_hand_ins`) counts as handed in on time.
    """
    judge = _Judge(evidence, plan, year, as_of=as_of, excused=excused)
    rounds = [one.id for one in plan.reporting_rounds()]
    found = []
    for cluster in organization.clusters:
        asked = {(one.round, one.kind): one for one in judge.asked_of(cluster)}
        pairs = [(one, asked.get((one, Kind.REGISTRATION)), asked.get((one, Kind.RESULTS))) for one in rounds]
        found += [
            made(UnitCompliance, unit.id, cluster.id, one, judge.of(unit, registration), judge.of(unit, results))
            for unit in cluster.units
            for one, registration, results in pairs
        ]
    return tuple(found)


def late_hand_ins(evidence: Evidence, *, plan: Plan, organization: Organization, year: int, as_of: date) -> tuple[Late, ...]:
    """Return what was handed in late for the year, whether or not anybody excused it."""
    judge = _Judge(evidence, plan, year, as_of=as_of)
    return tuple(
        Late(unit.id, cluster.id, one.round, one.kind, year, one.due, judge.first_seen(unit, one))
        for cluster in organization.clusters
        if (asked := judge.asked_of(cluster))
        for unit in cluster.units
        for one in asked
        if judge.of(unit, one) is Compliance.LATE
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing that a cluster's units owe in the year."""

    round: str
    kind: Kind
    due: date
    proof: date | None
    """The first day after the due day on which the cluster was read; `None` where it was not yet."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the runs prove."""

    first_seen: Mapping[Seen, date]
    present: frozenset[Seen]
    read_on: Mapping[str, tuple[date, ...]]
    """Cluster → the days of the runs that could read it, in order."""


class _Judge:
    """Says what is asked of a cluster, and how each of its units stands with that."""

    def __init__(self, evidence: Evidence, plan: Plan, year: int, *, as_of: date, excused: AbstractSet[Seen] = frozenset()) -> None:
        self._excused = excused
        self._plan = plan.in_year(year)
        self._year = year
        self._as_of = as_of
        self._evidence = evidence

    def asked_of(self, cluster: Cluster) -> list[_Asked]:
        """Return what the plan asks of the cluster's units, those apart that do not exist on the day."""
        seasons = {target.season for target in self._plan.targets if cluster.id in target.allocations}
        days = self._evidence.read_on.get(cluster.id, ())
        return [
            _Asked(one.id, kind, due, next((day for day in days if day > due), None))
            for one in self._plan.reporting_rounds()
            for kind in Kind
            if (due := self._plan.due_day(one.id, kind, self._year))
            and self._plan.in_force <= due <= self._plan.last_day
            and one.id in cluster.owes.get(kind, ())
            and self._has_target_in(seasons, one, kind)
        ]

    def _has_target_in(self, seasons: set[str | None], one: Round, kind: Kind) -> bool:
        """Return whether a target of the cluster falls in the round: one with a season of its own is owed only with that season."""
        covered = self._plan.covered(one.id, kind)
        return any(season is None or season in covered for season in seasons)

    def of(self, unit: Unit, asked: _Asked | None) -> Compliance:
        """Return how this unit stands with what is asked of its cluster, `None` where it is not."""
        if asked is None or not unit.exists_on(asked.due):
            return Compliance.NOT_REQUIRED
        seen: Seen = (unit.id, self._year, asked.round, asked.kind)
        if seen in self._evidence.present:
            return Compliance.ON_TIME if seen in self._excused or self._was_in_time(seen, asked) else Compliance.LATE
        return Compliance.MISSING if self._as_of > asked.due else Compliance.NOT_DUE

    def first_seen(self, unit: Unit, asked: _Asked) -> date:
        """Return the day of the first run that saw it; this run's where none before did."""
        return self._evidence.first_seen.get((unit.id, self._year, asked.round, asked.kind), self._as_of)

    def _was_in_time(self, seen: Seen, asked: _Asked) -> bool:
        first = self._evidence.first_seen.get(seen, self._as_of)
        return asked.proof is None or first <= asked.proof


def evidence_of(clusters: Sequence[ClusterData], plan: Plan, memory: Memory, as_of: date) -> Evidence:
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
    return Evidence(first, frozenset(seen_now(clusters, plan)), days)


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
        expected=len(states) - states.count(Compliance.NOT_REQUIRED),
        on_time=states.count(Compliance.ON_TIME),
        late=states.count(Compliance.LATE),
        missing=states.count(Compliance.MISSING),
    )
