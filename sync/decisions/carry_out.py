"""Decisions → which rows count and which findings are left.

Nothing depends on an order: all decisions hold at once, but for those that clash, of which none does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from sync.catalogue import finding, reading_order
from sync.decisions.keys import Row, keyed
from sync.decisions.words import DUPLICATE, choice_of, fitting
from sync.double_count import CODE as DOUBLE_COUNT
from sync.double_count import looked_for_again
from sync.model import Activity, Choice, ClusterData, Column, Decision, Finding, Kind, RowCount
from sync.organization import Organization
from sync.personal import mask

_ALWAYS_SAID = "personal-data"
"""Of a dropped row nothing has to be mended but this."""
_BARE = frozenset({"bad-link", "missing-evidence"})


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """The clusters as the decisions leave them."""

    clusters: list[ClusterData]
    found: Mapping[str, Finding]
    """Key → finding, of all that there is to decide, decided or not."""
    contradicted: frozenset[str]
    """Keys of the decisions that clash, of which none holds."""


def carry_out(clusters: Sequence[ClusterData], decisions: Mapping[str, Decision], organization: Organization) -> CarriedOut:
    """Return the clusters with every decision carried out that fits and that no other one contradicts.

    Each row still counts or something at its cells says why not: what a decision drops is named in `ClusterData.dropped`.
    """
    clusters = keyed(clusters)
    chosen = _chosen(clusters, decisions)
    lifted = {
        (found.cluster, found.row) for found in _all(clusters) if chosen.get(found.key) is Choice.KEEP_BOTH and found.code == DUPLICATE
    }
    if lifted:
        clusters = keyed(looked_for_again([_lifted(data, lifted) for data in clusters], organization))
        chosen |= _chosen(clusters, decisions)
    found = {one.key: one for one in _all(clusters)}
    pairs = _Pairs([one for one in found.values() if one.code == DOUBLE_COUNT], chosen)
    settled = {key for key in chosen if key not in pairs.contradicted} | pairs.settled
    reasons = {(one.cluster, one.row): one for one in found.values() if chosen.get(one.key) is Choice.DROP and one.key in settled}
    outcome = _Outcome(settled, reasons, decisions, organization)
    return CarriedOut([outcome.told(data) for data in clusters], found, pairs.contradicted)


def _all(clusters: Sequence[ClusterData]) -> Iterator[Finding]:
    return (found for data in clusters for found in data.findings)


def _chosen(clusters: Sequence[ClusterData], decisions: Mapping[str, Decision]) -> dict[str, Choice]:
    """Return the choices that fit, by key."""
    picked = {found.key: (choice_of(decisions[found.key].choice), found) for found in _all(clusters) if found.key in decisions}
    return {key: choice for key, (choice, found) in picked.items() if choice is not None and choice in fitting(found)}


class _Pairs:
    """The decisions about pairs of rows: which are settled, which rows are dropped, which decisions clash."""

    def __init__(self, found: Sequence[Finding], chosen: Mapping[str, Choice]) -> None:
        self._found = [(one, (one.cluster, one.row), one.other) for one in found if one.other]
        self._chosen = chosen
        self._drops = [(one.key, here, there) for one, here, there in self._found if chosen.get(one.key) is Choice.DROP]
        self._kept = {frozenset((here, there)) for one, here, there in self._found if chosen.get(one.key) is Choice.KEEP_BOTH}
        self.contradicted = frozenset(self._clashing() | self._without_end())
        self.dropped = {here for key, here, _ in self._drops if key not in self.contradicted}
        kept = {pair for pair in self._kept if not any(pair == frozenset((here, there)) for _, here, there in self._drops)}
        self.settled = {
            one.key for one, here, there in self._found if here in self.dropped or there in self.dropped or frozenset((here, there)) in kept
        }

    def _clashing(self) -> set[str]:
        """Return the decisions that keep and drop the same pair."""
        dropped = {frozenset((here, there)) for _, here, there in self._drops}
        both = dropped & self._kept
        return {one.key for one, here, there in self._found if one.key in self._chosen and frozenset((here, there)) in both}

    def _without_end(self) -> set[str]:
        """Return the drops of which no row would be left: each row has to lead, drop by drop, to one that still counts."""
        left: dict[Row, set[Row]] = defaultdict(set)
        for _, here, there in self._drops:
            left[here].add(there)
        while safe := {row for row, others in left.items() if any(other not in left for other in others)}:
            for row in safe:
                del left[row]
        return {key for key, here, _ in self._drops if here in left}


def _lifted(data: ClusterData, rows: AbstractSet[Row]) -> ClusterData:
    """Return the cluster with these duplicates counted after all."""
    here = {row for cluster, row in rows if cluster == data.cluster}
    if not here:
        return data
    activities = tuple(_counting(one, one.held_back) if one.row in here else one for one in data.activities)
    bare = [_without_evidence(data, one) for one in activities if one.row in here and _has_no_evidence(data, one)]
    return replace(_recounted(data, activities), findings=tuple(sorted((*data.findings, *bare), key=reading_order)))


def _has_no_evidence(data: ClusterData, one: Activity) -> bool:
    said = any(found.row == one.row and found.code in _BARE for found in data.findings)
    return Column.EVIDENCE in data.columns and one.counts_as_done and not one.evidence and not said


def _without_evidence(data: ClusterData, one: Activity) -> Finding:
    at = data.columns[Column.EVIDENCE]
    return finding("missing-evidence", cluster=data.cluster, tab=one.tab, row=one.row, at=at, column=Column.EVIDENCE)


def _counting(one: Activity, halves: Sequence[Kind], *, aside: tuple[Kind, ...] = ()) -> Activity:
    registered, done = Kind.REGISTRATION in halves, Kind.RESULTS in halves
    return replace(one, counts_as_registered=registered, counts_as_done=done, set_aside=aside)


def _recounted(data: ClusterData, activities: tuple[Activity, ...]) -> ClusterData:
    counted = sum(one.counts_as_registered or one.counts_as_done for one in activities)
    rows = RowCount(data.rows.read, counted, len(activities) - counted, data.rows.ignored)
    return replace(data, activities=activities, rows=rows)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the decisions come to."""

    settled: AbstractSet[str]
    """Keys of the findings that are left to nobody."""
    reasons: Mapping[Row, Finding]
    """Row that is dropped → the finding that it was decided on."""
    decisions: Mapping[str, Decision]
    organization: Organization

    def told(self, data: ClusterData) -> ClusterData:
        """Return the cluster without what is settled, its dropped rows out of the figures and named."""
        findings = tuple(found for found in data.findings if found.key not in self.settled)
        here = {row: why for (cluster, row), why in self.reasons.items() if cluster == data.cluster}
        if not here:
            return data if len(findings) == len(data.findings) else replace(data, findings=findings)
        activities = tuple(_dropped(one) if one.row in here else one for one in data.activities)
        left = tuple(found for found in findings if found.row not in here or found.code == _ALWAYS_SAID)
        said = tuple(_why(here[row], self.decisions[here[row].key], self.organization) for row in sorted(here))
        return replace(_recounted(data, activities), findings=left, dropped=said)


def _dropped(one: Activity) -> Activity:
    halves = ((Kind.REGISTRATION, one.counts_as_registered), (Kind.RESULTS, one.counts_as_done))
    aside = tuple(kind for kind, counts in halves if counts)
    return _counting(one, (), aside=aside or one.held_back)


def _why(found: Finding, decision: Decision, organization: Organization) -> Finding:
    """Return what stands at the cell of a dropped row: the other row, the day, the reason."""
    cluster, row = found.other or (found.cluster, found.row)
    where = f"dòng {row}" + (f" của {organization.cluster(cluster).name}" if cluster != found.cluster else "")
    reason = f", lý do: {mask(decision.reason).rstrip('.')}" if decision.reason else ""
    made = finding(
        "dropped-by-decision",
        cluster=found.cluster,
        tab=found.tab,
        row=found.row,
        at=1,
        column=found.column,
        value=found.value,
        extra=f"{where} (quyết định ngày {decision.day:%d/%m/%Y}{reason})",
    )
    return replace(made, cell=found.cell, key=found.key)
