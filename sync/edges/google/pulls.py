"""What a run knows of the spreadsheets that it read: a few words of each in memory, all else packed and encrypted on the disk.

So the memory of a run does not follow what stands in the spreadsheets. What Drive says is unchanged comes from the cache, and of that only
the sheet is unpacked: the whole answer is wanted only where there is something to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from sys import intern
from typing import Any

from sync.edges.google.cache import Cache, Head, Pull, Version
from sync.edges.google.packing import mark_of, packed_answer, packed_sheet, unpacked_answer, unpacked_sheet
from sync.edges.google.results import Results
from sync.edges.spool import Spool
from sync.layout import Feedback
from sync.model import Sheet


@dataclass(frozen=True, slots=True)
class Kept:
    """A spreadsheet that did not change since it was read, not unpacked yet."""

    cluster: str
    source: str
    data: bytes

    def sheet(self) -> Sheet:
        """Return what stands in it."""
        return unpacked_sheet(self.data, cluster=self.cluster, source=self.source)


class Pulls:
    """The spreadsheets of one run by their ids, from as many threads as one likes."""

    def __init__(self, cache: Cache) -> None:
        self._cache, self._spool = cache, Spool(cache.folder)
        self._heads: dict[str, Head] = {}
        self._tabs: dict[tuple[tuple[str, int], ...], Mapping[str, int]] = {}
        """The tabs of spreadsheets, of which many have the same."""
        self._sheets: dict[str, bytes] = {}
        """Spreadsheet → a digest of its packed sheet."""

    def unchanged(self, spreadsheet_id: str, version: Version, *, not_before: date, own: bool) -> Pull | None:
        """Return what an earlier run read of this version, with or without the program's own tabs; `None` where it is to be read."""
        found = self._cache.get(spreadsheet_id, version, not_before=not_before)
        if found is None or found[0].head.own != own:
            return None
        pull, sealed = found
        self._know(spreadsheet_id, replace(pull, head=replace(pull.head, version=version)), sealed)
        return pull

    def keep(self, spreadsheet_id: str, answer: Mapping[str, Any], sheet: Sheet, head: Head) -> None:
        """Set aside what was read just now; for other runs too where Drive said which version it is."""
        pull = Pull(head, packed_sheet(sheet), packed_answer(answer))
        sealed = self._cache.sealed(spreadsheet_id, pull)
        self._know(spreadsheet_id, pull, sealed)
        if head.version:
            self._cache.put(spreadsheet_id, sealed)

    def _know(self, spreadsheet_id: str, pull: Pull, sealed: bytes) -> None:
        head = pull.head
        self._spool.put(spreadsheet_id, sealed)
        self._sheets[spreadsheet_id] = blake2b(pull.sheet, digest_size=16).digest()
        tabs = self._tabs.setdefault(tuple(head.tabs.items()), head.tabs)
        self._heads[spreadsheet_id] = replace(head, day=intern(head.day), tabs=tabs)

    def results(self, mark: str, places: Mapping[str, str], *, anew: bool) -> Results | None:
        """Return what keeps results of one mark of these clusters' spreadsheets (ids); `None` where nothing is kept."""

        def of(cluster: str) -> str | None:
            sheet = self._sheets.get(places[cluster])
            return f"{cluster} {places[cluster]} {sheet.hex()}" if sheet else None

        return Results(self._cache, mark, of, anew=anew) if self._cache.keeps else None

    def tab_id(self, spreadsheet_id: str, title: str) -> int | None:
        """Return the id of the tab of this title as it was read, `None` where there is none."""
        head = self._heads.get(spreadsheet_id)
        return head.tabs.get(title) if head else None

    def answer(self, spreadsheet_id: str) -> dict[str, Any] | None:
        """Return what Google said of the spreadsheet when it was read in this run; `None` where it was not."""
        pull = self._pull(spreadsheet_id)
        return unpacked_answer(pull.answer) if pull else None

    def _pull(self, spreadsheet_id: str) -> Pull | None:
        sealed = self._spool.get(spreadsheet_id)
        return self._cache.opened(spreadsheet_id, sealed) if sealed else None

    def is_told(self, spreadsheet_id: str, feedback: Feedback) -> bool:
        """Return whether all of it is known to stand in the spreadsheet as it was read."""
        head = self._heads.get(spreadsheet_id)
        return head is not None and bool(head.told) and head.told == mark_of(feedback)

    def note_told(self, spreadsheet_id: str, feedback: Feedback) -> None:
        """Remember, for later runs too, that all of it stands in the spreadsheet as it was read."""
        head, pull = self._heads[spreadsheet_id], self._pull(spreadsheet_id)
        self._heads[spreadsheet_id] = noted = replace(head, told=mark_of(feedback))
        if pull and noted.version:
            self._cache.put(spreadsheet_id, self._cache.sealed(spreadsheet_id, replace(pull, head=noted)))
