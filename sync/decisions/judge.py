"""Everything that people decided, carried out, with what has become of each decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.compliance import remember_seen
from sync.decisions import words
from sync.decisions.answers import merged, read_answers
from sync.decisions.carry_out import carry_out
from sync.decisions.keys import Row, keyed
from sync.decisions.late import late_findings
from sync.double_count import looked_for_again
from sync.model import ClusterData, ClusterStatus, Decision, Finding, Memory, Ruling, Standing
from sync.organization import Organization
from sync.plan import Plan
from sync.text import fold


@dataclass(frozen=True, slots=True)
class Decided:
    """What was read, as the decisions leave it."""

    clusters: tuple[ClusterData, ...]
    """Findings that are left to correct, each with its key."""
    memory: Memory
    """With what this reading saw, and the decisions brought up to date."""
    rulings: tuple[Ruling, ...] = ()
    late: tuple[Finding, ...] = ()
    """What was handed in late, this year or the one before, and nobody has decided on."""


def remembered(memory: Memory, rows: Sequence[Sequence[str]], organization: Organization, as_of: date) -> Memory:
    """Return the memory with what people wrote into the tab `Cần sửa`, whose rows these are."""
    clusters = {fold(cluster.name): cluster.id for cluster in organization.clusters}
    return replace(memory, decisions=merged(memory.decisions, read_answers(rows), clusters, as_of))


def judge(clusters: Sequence[ClusterData], *, plan: Plan, organization: Organization, memory: Memory, as_of: date) -> Decided:
    """Carry every decision of the memory out; a cluster that was not read keeps the decisions about the rows that stand in for it."""
    decisions = {one.key: one for one in memory.decisions}
    carried = carry_out(_as_last_read(clusters, memory, organization), decisions, organization)
    told = [_with_own_findings(now, data, memory) for now, data in zip(carried.clusters, clusters, strict=True)]
    memory = replace(memory, first_seen=remember_seen(memory, told, plan, as_of))
    late = late_findings(told, plan=plan, organization=organization, memory=memory, as_of=as_of)
    court = _Court(told, {**carried.found, **{found.key: found for found, _ in late}}, carried.contradicted, as_of)
    rulings = tuple(court.rule(one, {found.key: year for found, year in late}) for one in memory.decisions)
    memory = replace(memory, decisions=tuple(one.decision for one in rulings))
    open_late = tuple(found for found, year in late if found.key not in decisions and year >= as_of.year - 1)
    return Decided(tuple(told), memory, rulings, open_late)


def _as_last_read(clusters: Sequence[ClusterData], memory: Memory, organization: Organization) -> Sequence[ClusterData]:
    """Return the clusters, those that were not read with the findings of the rows that stand in for them."""
    if all(data.status is not ClusterStatus.STALE for data in clusters):
        return clusters
    return looked_for_again([replace(data, findings=_of_its_rows(data, memory)) for data in clusters], organization)


def _of_its_rows(data: ClusterData, memory: Memory) -> tuple[Finding, ...]:
    """Return the findings of the rows that stand in for a cluster, else its own."""
    last = memory.last_good.get(data.cluster)
    stands_in = data.status is ClusterStatus.STALE and last is not None and last.activities == data.activities
    return last.findings if last is not None and stands_in else data.findings


def _with_own_findings(now: ClusterData, before: ClusterData, memory: Memory) -> ClusterData:
    """Return the cluster with the findings that say why it could not be read, where there are any."""
    if before.status is ClusterStatus.STALE and before.findings != _of_its_rows(before, memory):
        return replace(now, findings=keyed([replace(before, activities=())])[0].findings)
    return now


class _Court:
    """Says what has become of each decision."""

    def __init__(self, clusters: Sequence[ClusterData], found: Mapping[str, Finding], contradicted: frozenset[str], as_of: date) -> None:
        self._found, self._contradicted, self._as_of = found, contradicted, as_of
        self._without_rows = {data.cluster for data in clusters if data.status is ClusterStatus.FAILED}
        self._years = _years(clusters)

    def rule(self, decision: Decision, late: Mapping[str, int]) -> Ruling:
        """Return the ruling; ``late`` are the years of what was handed in late, by key."""
        found = self._found.get(decision.key)
        if found is None:
            return self._gone(decision)
        current = replace(decision, about=found, fallen=None)
        standing, sentence = self._standing(current)
        years = frozenset({late[decision.key]}) if decision.key in late else self._years.get((found.cluster, found.row), frozenset())
        return Ruling(current, standing, sentence, years)

    def _gone(self, decision: Decision) -> Ruling:
        if decision.about.cluster in self._without_rows and decision.fallen is None:
            return Ruling(decision, Standing.WAITING, words.WAITING)
        fallen = replace(decision, fallen=decision.fallen or self._as_of)
        return Ruling(fallen, Standing.FALLEN, words.fallen(fallen))

    def _standing(self, decision: Decision) -> tuple[Standing, str]:
        choice = words.choice_of(decision.choice)
        if not decision.choice:
            return Standing.REMARK, words.REMARK
        if choice is None or choice not in words.fitting(decision.about):
            return Standing.MISFIT, words.misfit(decision.choice, decision.about)
        if decision.key in self._contradicted:
            return Standing.CONTRADICTED, words.CONTRADICTED
        return Standing.IN_FORCE, words.in_force(choice, decision.day)


def _years(clusters: Sequence[ClusterData]) -> dict[Row, frozenset[int]]:
    """Return the years that each row's halves belong to."""
    return {
        (one.cluster, one.row): frozenset(period.end.year for period in (one.planned, one.done) if period)
        for data in clusters
        for one in data.activities
    }
