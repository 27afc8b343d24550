"""What earlier runs made of spreadsheets, kept beside them as long as all that it follows from is the same. Delete it and nothing is lost.

All results lie in one file, each encrypted as that of one sheet under one mark. So a run writes once, and not once a spreadsheet, and
whatever else lies there (a result of another day, another spreadsheet's, half of one) cannot be decrypted as what is asked for.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator

from sync.edges.google.cache import Cache
from sync.edges.spool import Spool

_NAME = "what came of them"
_LENGTH = struct.Struct(">I")


class Results:
    """The results of one mark, from as many threads as one likes; while a run goes on they lie on the disk."""

    def __init__(self, cache: Cache, mark: str, sheet_of: Callable[[str], str | None], *, anew: bool) -> None:
        """``sheet_of`` a cluster: what its sheet is known by as this run has it. With ``anew`` nothing of earlier runs is found."""
        self._cache, self._mark, self._sheet_of = cache, mark, sheet_of
        self._spool = Spool(cache.folder)
        self._sizes: dict[str, int] = {}
        """Cluster → bytes of its result as it is kept."""
        self._has_news = False
        if not anew:
            self._take_up()

    def found(self, cluster: str) -> bytes | None:
        """Return what came of the cluster's sheet as this run has it; `None` where that is not known."""
        sealed, what = self._spool.get(cluster), self._what(cluster)
        return self._cache.decrypted(sealed, what) if sealed and what else None

    def keep(self, cluster: str, result: bytes) -> None:
        """Keep what came of it."""
        if what := self._what(cluster):
            self._put(cluster, self._cache.encrypted(result, what))
            self._has_news = True

    def save(self) -> None:
        """Leave all of it to the runs to come, where any of it is new."""
        if self._has_news:
            self._cache.put_parts(_NAME, self._parts())

    def _what(self, cluster: str) -> str | None:
        sheet = self._sheet_of(cluster)
        return f"{self._mark} {sheet}" if sheet else None

    def _put(self, cluster: str, sealed: bytes) -> None:
        self._spool.put(cluster, sealed)
        self._sizes[cluster] = len(sealed)

    def _take_up(self) -> None:
        """Set aside what earlier runs left: nothing, where it is of another mark or was damaged."""
        try:
            with self._cache.path(_NAME).open("rb") as file:
                (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
                index = self._cache.decrypted(file.read(length), self._mark)
                for cluster, size in json.loads(index or "[]"):
                    self._put(cluster, file.read(size))
        except (OSError, MemoryError, struct.error):  # MemoryError: a length that is none
            return

    def _parts(self) -> Iterator[bytes]:
        """Yield the index, and each result."""
        sizes = list(self._sizes.items())
        index = self._cache.encrypted(json.dumps(sizes, ensure_ascii=False).encode(errors="surrogatepass"), self._mark)
        yield _LENGTH.pack(len(index))
        yield index
        for cluster, size in sizes:
            yield self._spool.get(cluster) or bytes(size)
