"""Stage 1: each cluster's spreadsheet → Sheet, or Skipped with its reason. People's own cells, untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sync.edges.interface import Spreadsheets, Unopened, Workers
from sync.errors import SourceError
from sync.model import Sheet, Skipped
from sync.side_by_side import HERE, side_by_side

T = TypeVar("T")
R = TypeVar("R")
Fetched = Unopened | Sheet | Skipped
"""What came of asking for a spreadsheet."""


def pull(clusters: Sequence[str], home: Spreadsheets, *, progress: Callable[[str], None] | None = None) -> list[Sheet | Skipped]:
    """Return a Sheet or a Skipped for each cluster id, in the given order; one that cannot be read never stops the others."""
    return pull_through(opened, clusters, home, progress=progress)


def pull_through(
    task: Callable[[Fetched], R],
    clusters: Sequence[str],
    home: Spreadsheets,
    *,
    workers: Workers = HERE,
    progress: Callable[[str], None] | None = None,
    received: Callable[[R], R] = lambda result: result,
) -> list[R]:
    """Return what the task makes of each cluster's spreadsheet, in the given order, and ``received`` of that, here and as soon as it comes.

    Spreadsheets are asked for here, by as many threads as the home likes or the workers need, and opened at the workers: no more portions
    are in memory at a time. `progress` receives a line of English as each begins, from several threads then.
    """
    portion = min(workers.portion, len(clusters) // (2 * workers.many)) if home.side_by_side == 1 else 1
    done = workers.at_work(Each(task))

    def some(names: Sequence[str]) -> list[R]:
        fetched = []
        for cluster in names:
            if progress:
                progress(f"reading {cluster}")
            fetched.append(_fetched(cluster, home))
        return [received(one) for one in done(fetched)]

    portions = [clusters[start : start + max(portion, 1)] for start in range(0, len(clusters), max(portion, 1))]
    return [result for results in side_by_side(some, portions, max(home.side_by_side, workers.many)) for result in results]


@dataclass(frozen=True, slots=True)
class Each(Generic[T, R]):
    """Carries a task out for each of several things, for asking a worker takes its time."""

    task: Callable[[T], R]

    def __call__(self, items: Sequence[T]) -> list[R]:
        """Return what comes of each, in their order."""
        return [self.task(item) for item in items]


def opened(fetched: Fetched) -> Sheet | Skipped:
    """Return what stands in a spreadsheet, or why it cannot be read."""
    if isinstance(fetched, Sheet | Skipped):
        return fetched
    try:
        return fetched.sheet()
    except SourceError as error:
        return Skipped(fetched.cluster, fetched.source, str(error))


def _fetched(cluster: str, home: Spreadsheets) -> Fetched:
    try:
        return home.fetch(cluster)
    except SourceError as error:
        return Skipped(cluster, home.place(cluster), str(error))
