"""The one task that is handed to workers: open, read and check one cluster's spreadsheet. Pure, and made anew wherever it is sent to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from threading import Lock

from sync.check import Judged, check_cluster
from sync.model import Column, Sheet
from sync.normalise import Reader
from sync.organization import Organization
from sync.plan import Plan
from sync.pull import Fetched, opened
from sync.rules import Judge
from sync.upward import as_cluster_sheet


class ClusterTask:
    """Judges clusters of one district as of one day; remembers cells and answers, which it does not take along to another process."""

    def __init__(self, plan: Plan, organization: Organization, column_aliases: Mapping[Column, tuple[str, ...]], as_of: date) -> None:
        self._made_of = (plan, organization, dict(column_aliases), as_of)
        self._as_of = as_of
        self._making = Lock()
        self._hands: tuple[Reader, Judge] | None = None
        self._masters = frozenset(cluster.id for cluster in organization.clusters if cluster.reads_master)

    def __reduce__(self) -> tuple[type[ClusterTask], tuple[object, ...]]:
        return ClusterTask, self._made_of

    def __call__(self, fetched: Fetched) -> Judged:
        """Return what one cluster comes to, seen alone; a district's master is read as a cluster's sheet is, as of its own day."""
        source, told = opened(fetched), None
        if isinstance(source, Sheet) and source.cluster in self._masters:
            source, told = as_cluster_sheet(source)
        reader, judge = self._reader_and_judge()
        judged = check_cluster(reader.read(source, as_of=self._as_of), judge, as_of=self._as_of)
        return replace(judged, head=replace(judged.head, data_as_of=told)) if told else judged

    def _reader_and_judge(self) -> tuple[Reader, Judge]:
        """Return them, made when the first cluster comes: where nothing is to be judged none does, and who reads must learn all names."""
        with self._making:
            if self._hands is None:
                plan, organization, column_aliases, as_of = self._made_of
                self._hands = Reader(plan, organization, column_aliases), Judge(plan, organization, as_of)
            return self._hands
