"""Stage 1: each cluster's spreadsheet → Sheet, or Skipped with its reason. People's own cells, untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sync.edges.interface import Spreadsheets
from sync.errors import SourceError
from sync.model import Sheet, Skipped


def pull(clusters: Sequence[str], home: Spreadsheets, *, progress: Callable[[str], None] | None = None) -> list[Sheet | Skipped]:
    """Return a Sheet or a Skipped for each cluster id, in the given order; one that cannot be read never stops the others.

    As many are read side by side as the home likes best; `progress` receives a line of English as each begins, from several threads then.
    """

    def one(cluster: str) -> Sheet | Skipped:
        if progress:
            progress(f"reading {cluster}")
        return _read(cluster, home)

    if home.side_by_side <= 1:
        return [one(cluster) for cluster in clusters]
    with ThreadPoolExecutor(home.side_by_side) as pool:
        return list(pool.map(one, clusters))


def _read(cluster: str, home: Spreadsheets) -> Sheet | Skipped:
    try:
        return home.read(cluster)
    except SourceError as error:
        return Skipped(cluster, home.place(cluster), str(error))
