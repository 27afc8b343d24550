"""A year's figures divided among the clusters, so that whoever tells one cluster does not look through the whole district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol, TypeVar

from sync.model import Progress


class _OfCluster(Protocol):
    @property
    def cluster(self) -> str | None:
        """Whose it is."""


T = TypeVar("T", bound=_OfCluster)


def shares(progress: Progress, clusters: Iterable[str]) -> dict[str, Progress]:
    """Return for each of the clusters (ids) the progress with only what is its own: figures, compliance, rates, lateness.

    Targets, rounds and successors are the district's, and stay whole.
    """
    by_cluster, by_unit = _divided(progress.by_cluster), _divided(progress.by_unit)
    compliance, rates, late = _divided(progress.compliance), _divided(progress.reporting_rates), _divided(progress.late)
    return {
        cluster: replace(
            progress,
            by_cluster=tuple(by_cluster[cluster]),
            by_unit=tuple(by_unit[cluster]),
            compliance=tuple(compliance[cluster]),
            reporting_rates=tuple(rates[cluster]),
            late=tuple(late[cluster]),
        )
        for cluster in clusters
    }


def _divided(items: Iterable[T]) -> Mapping[str | None, list[T]]:
    found: dict[str | None, list[T]] = defaultdict(list)
    for one in items:
        found[one.cluster].append(one)
    return found
