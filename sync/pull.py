"""Stage 1: each cluster's spreadsheet → Sheet, or Skipped with its reason. People's own cells, untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync.edges.interface import Spreadsheets
from sync.errors import SourceError
from sync.model import Sheet, Skipped
from sync.side_by_side import side_by_side


def pull(clusters: Sequence[str], home: Spreadsheets, *, progress: Callable[[str], None] | None = None) -> list[Sheet | Skipped]:
    """Return a Sheet or a Skipped for each cluster id, in the given order; one that cannot be read never stops the others.

    As many are read side by side as the home likes best; `progress` receives a line of English as each begins, from several threads then.
    """

    def one(cluster: str) -> Sheet | Skipped:
        if progress:
            progress(f"reading {cluster}")
        return _read(cluster, home)

    return side_by_side(one, clusters, home.side_by_side)


def _read(cluster: str, home: Spreadsheets) -> Sheet | Skipped:
    try:
        return home.read(cluster)
    except SourceError as error:
        return Skipped(cluster, home.place(cluster), str(error))
