"""Stage 1: each cluster's spreadsheet → Sheet, or Skipped with its reason. People's own cells, untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sync.edges.interface import Spreadsheets, Unopened, Workers
from sync.errors import SourceError
from sync.model import Sheet, Skipped
from sync.side_by_side import HERE, side_by_side

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
) -> list[R]:
    """Return what the task makes of each cluster's spreadsheet, in the given order.

    Spreadsheets are asked for here, by as many threads as the home likes or the workers need, and opened at the workers: no more are in
    memory at a time. `progress` receives a line of English as each begins, from several threads then.
    """
    done = workers.at_work(task)

    def one(cluster: str) -> R:
        if progress:
            progress(f"reading {cluster}")
        return done(_fetched(cluster, home))

    return side_by_side(one, clusters, max(home.side_by_side, workers.many))


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
