"""Stage 1: each cluster's spreadsheet → Sheet, or Skipped with its reason. People's own cells, untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sync.edges.interface import Spreadsheets, Unopened, Workers
from sync.errors import SourceError
from sync.model import Sheet, Skipped
from sync.side_by_side import HERE, side_by_side

T = TypeVar("T")
R = TypeVar("R")
Fetched = Unopened | Sheet | Skipped
"""What came of asking for a spreadsheet."""


class Earlier(Protocol[R]):
    """What earlier runs made of spreadsheets."""

    def found(self, cluster: str) -> R | None:
        """Return what came of the spreadsheet, where it is known to come out like that again."""

    def keep(self, cluster: str, result: R) -> None:
        """Remember, for the runs to come, what came of the spreadsheet."""


class Nothing(Generic[R]):
    """There was no earlier run."""

    def found(self, cluster: str) -> R | None:
        """Know nothing."""

    def keep(self, cluster: str, result: R) -> None:
        """Remember nothing."""


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
    earlier: Earlier[R] | None = None,
) -> list[R]:
    """Return what the task makes of each cluster's spreadsheet, in the given order, and ``received`` of that, here and as soon as it comes.

    Spreadsheets are asked for here, by as many threads as the home likes or the workers need, and opened at the workers: no more portions
    are in memory at a time. What is known from ``earlier`` runs goes to no worker. `progress` receives a line of English as each begins,
    from several threads then.
    """
    portion = min(workers.portion, len(clusters) // (2 * workers.many)) if home.side_by_side == 1 else 1
    done, known = workers.at_work(Each(task)), earlier or Nothing()

    def some(names: Sequence[str]) -> list[R]:
        fetched = []
        for cluster in names:
            if progress:
                progress(f"reading {cluster}")
            fetched.append(_fetched(cluster, home))
        return [received(one) for one in _come_of(names, fetched, done, known)]

    portions = [clusters[start : start + max(portion, 1)] for start in range(0, len(clusters), max(portion, 1))]
    return [result for results in side_by_side(some, portions, max(home.side_by_side, workers.many)) for result in results]


def _come_of(
    clusters: Sequence[str], fetched: Sequence[Fetched], done: Callable[[Sequence[Fetched]], list[R]], earlier: Earlier[R]
) -> list[R]:
    """Return what comes of each: what earlier runs made of it, where that is known; of what could not be fetched nothing is."""
    found = [None if isinstance(one, Skipped) else earlier.found(cluster) for cluster, one in zip(clusters, fetched, strict=True)]
    left = [at for at, known in enumerate(found) if known is None]
    made = dict(zip(left, done([fetched[at] for at in left]) if left else (), strict=True))
    for at, result in made.items():
        if not isinstance(fetched[at], Skipped):
            earlier.keep(clusters[at], result)
    return [made[at] if known is None else known for at, known in enumerate(found)]


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
