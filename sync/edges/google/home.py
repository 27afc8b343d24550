"""Google as the home of spreadsheets: one listing says what changed, one read a changed spreadsheet, at most one write each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TypeVar

from sync.edges.google import feedback as telling
from sync.edges.google.cache import Cache, Head, Version
from sync.edges.google.client import Client
from sync.edges.google.master_writer import Master
from sync.edges.google.pulls import Kept, Pulls
from sync.edges.google.reading import FIELDS, has_tabs, is_loading, sheet_of, tab_ids
from sync.edges.google.results import Results
from sync.edges.google.tabs import Json
from sync.edges.google.trouble import SET_UP, Cause, Named, Refusal, for_operator, for_people, understood
from sync.errors import PublishError, SourceError, UsageError
from sync.layout import DATA_TAB, Feedback, Workbook
from sync.model import Sheet
from sync.settings_values import GoogleSettings
from sync.side_by_side import side_by_side

T = TypeVar("T")
_SHEETS, _XLSX = "application/vnd.google-apps.spreadsheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LISTED = f"mimeType = '{_SHEETS}' or mimeType = '{_XLSX}'"
_LISTED_FIELDS = "id,name,mimeType,modifiedTime,version,trashed,capabilities(canEdit)"
_SIDE_BY_SIDE = 16
_ATTEMPTS = 6
"""Times that a spreadsheet is looked at again where a write was interrupted, or people worked in between."""
_LOADING_WAITS = (5.0, 20.0)
"""Seconds after which a spreadsheet that is still fetching is read again."""


class GoogleSheets:
    """Reads clusters' spreadsheets, writes the master and the clusters' feedback; raises sentences, never Google's own errors."""

    def __init__(
        self,
        client: Client,
        places: GoogleSettings,
        cache_folder: Path,
        *,
        as_of: date,
        full: bool = False,
        say: Callable[[str], None] = lambda line: None,
        sleep: Callable[[float], None] | None = None,
        cache_key: bytes | None = None,
    ) -> None:
        """``cache_key`` opens what earlier runs kept under ``cache_folder``; without one every spreadsheet is read, and nothing is kept."""
        self._client, self._places, self._as_of, self._full, self._say = client, places, as_of, full, say
        self._pulls = Pulls(Cache(cache_folder, FIELDS, cache_key))
        self._listing: Mapping[str, _Listed] | None = None
        self._later_versions: Mapping[str, str] | None = None
        self._listing_lock = threading.Lock()
        self._masters = frozenset(places.clusters[one] for one in places.masters if one in places.clusters)
        self._was_read = self._failed = False
        """Whether any spreadsheet came from Google itself, not from the cache; whether any could not be had, or told."""
        self._unchanged: dict[str, Version] = {}
        """Spreadsheet → version, of those that came from the cache."""
        self._sleep = sleep or client.pause
        self._master = Master(client, places.master, self._follow, self._sleep)

    @property
    def side_by_side(self) -> int:
        """How many spreadsheets are read at a time."""
        return _SIDE_BY_SIDE

    def place(self, cluster: str) -> str:
        """Return the address of the cluster's spreadsheet."""
        return f"https://docs.google.com/spreadsheets/d/{self._places.clusters.get(cluster, '?')}/edit"

    def master_place(self) -> str:
        """Return the address of the master."""
        return f"https://docs.google.com/spreadsheets/d/{self._places.master}/edit"

    def effort(self) -> str:
        """Return what talking to Google took."""
        return self._client.effort.sentence()

    def troubles(self) -> Sequence[str]:
        """Return a sentence for each account that Google refused while others did the work."""
        return self._client.troubles()

    def seen(self) -> str | None:
        """Return a mark of the master's memory and decisions as they were read, and of the version of every spreadsheet.

        `None` where a spreadsheet was read anew, could not be read, or Drive does not know its version. People's changes to the rest of the
        master are seen by its version, at the latest when Drive has caught up with them.
        """
        master = _version_of((self._listing or {}).get(self._places.master))
        if self._was_read or self._failed or master is None:
            return None
        digest = blake2b(digest_size=16)
        for part in chain((master,), self._master.seen(), ((),), sorted(self._unchanged.items())):
            digest.update(repr(part).encode(errors="surrogatepass"))
        return digest.hexdigest()

    # Reading

    def read(self, cluster: str) -> Sheet:
        """Return the cluster's spreadsheet, from the cache where Drive says that nothing changed; raise SourceError.

        Raises UsageError where the set-up is at fault and no spreadsheet could be read at all.
        """
        found = self.fetch(cluster)
        return found if isinstance(found, Sheet) else found.sheet()

    def fetch(self, cluster: str) -> Kept | Sheet:
        """Return the cluster's spreadsheet, packed where it did not change; raise as `read` does."""
        if cluster not in self._places.clusters:
            raise SourceError(f"Cấu hình chưa ghi mã bảng tính Google của {cluster}; hãy thêm vào settings.yaml, mục google.")
        try:
            with understood():
                return self._fetched(cluster)
        except Refusal as refused:
            self._failed = True
            if refused.cause is Cause.INVALID and self._places.clusters[cluster] in self._masters:
                raise SourceError(
                    f"Bảng tổng hợp {self._named(cluster).name} chưa có trang “{DATA_TAB}”; hãy nhắc quận chạy tổng hợp."
                ) from refused
            raise self._told(refused, self._named(cluster)) from refused

    def results(self, mark: str) -> Results | None:
        """Return what keeps results of this mark beside the spreadsheets; `None` where nothing is kept."""
        return self._pulls.results(mark, self._places.clusters, anew=self._full)

    def _fetched(self, cluster: str) -> Kept | Sheet:
        spreadsheet_id, listed = self._places.clusters[cluster], self._listed(self._places.clusters[cluster])
        if listed and listed.trashed:
            raise Refusal(Cause.TRASHED)
        if listed and listed.is_workbook:
            raise Refusal(Cause.NOT_A_SHEET)
        version = _version_of(listed)
        own = spreadsheet_id in self._masters  # a district's master has no tabs but the program's own
        if version and not self._full:
            days = self._places.full_pull_days
            kept = self._pulls.unchanged(spreadsheet_id, version, not_before=self._as_of - timedelta(days=days), own=own)
            if kept and date.fromisoformat(kept.head.day) + timedelta(days=days_good(spreadsheet_id, kept.head.day, days)) >= self._as_of:
                self._unchanged[spreadsheet_id] = version
                return Kept(cluster, self.place(cluster), kept.sheet)
        answer = self._settled(spreadsheet_id)
        self._was_read = True
        sheet = sheet_of(answer, cluster=cluster, source=self.place(cluster), own=own)
        whole = version if has_tabs(answer) else None
        self._pulls.keep(spreadsheet_id, answer, sheet, Head(self._as_of.isoformat(), whole, own, tab_ids(answer)))
        return sheet

    def _settled(self, spreadsheet_id: str) -> Json:
        """Read; read again where functions that fetch from elsewhere have not finished."""
        only = (f"'{DATA_TAB}'",) if spreadsheet_id in self._masters else ()
        answer = self._client.spreadsheet(spreadsheet_id, FIELDS, *only)
        for pause in _LOADING_WAITS:
            if not is_loading(answer):
                break
            self._sleep(pause)
            answer = self._client.spreadsheet(spreadsheet_id, FIELDS, *only)
        return answer

    def _listed(self, spreadsheet_id: str) -> _Listed | None:
        """Return what Drive's listing says of a spreadsheet; the listing is asked for once, by whoever comes first."""
        with self._listing_lock:
            if self._listing is None:
                self._listing = self._list(_listed)
            return self._listing.get(spreadsheet_id)

    def _list(self, kept: Callable[[Json], T]) -> Mapping[str, T]:
        try:
            return self._client.files(_LISTED, _LISTED_FIELDS, {self._places.master, *self._places.clusters.values()}, kept=kept)
        except Refusal as refused:
            if refused.cause in SET_UP:
                raise
            self._say("Drive does not say what changed; every spreadsheet is read")
            return {}

    def _named(self, cluster: str) -> Named:
        listed = (self._listing or {}).get(self._places.clusters.get(cluster, ""))
        return Named(f"“{listed.name}”" if listed and listed.name else f"của {cluster}", self._client.account)

    def _told(self, refused: Refusal, named: Named) -> SourceError | UsageError:
        if refused.cause in SET_UP:
            return UsageError(for_operator(refused, named))
        return SourceError(for_people(refused, named))

    # The master

    def read_memory(self) -> Sequence[Sequence[str]]:
        """Return the rows of the master's memory tab; raise SourceError where the master cannot be read.

        Drive is asked at the same time what changed, for that takes as long and is wanted next.
        """
        try:
            with understood():
                memory, _ = side_by_side(lambda step: step(), (self._master.memory, self._list_ahead), 2)
        except Refusal as refused:
            sentence = for_operator(refused, self._master_named())
            raise (UsageError if refused.cause in SET_UP else SourceError)(sentence) from refused
        return memory

    def _list_ahead(self) -> list[list[str]]:
        with suppress(Refusal):  # whoever needs the listing is told
            self._listed("")
        return []

    def _list_later(self) -> None:
        """Ask Drive what changed since the first listing, where a cluster is likely to be told of what was read."""
        if self._was_read:
            with suppress(Refusal):
                self._relisted()

    def read_decisions(self) -> Sequence[Sequence[str]]:
        """Return the rows of the tab in which people decide, as `read_memory` found them."""
        return self._master.decisions()

    def _master_named(self) -> Named:
        return Named("The master spreadsheet", self._client.account)

    def write_master(self, workbook: Workbook, *, hold: bool = False) -> str | None:
        """Write what differs, all or nothing; return the master's address, `None` if nothing did.

        With ``hold`` no other run may write until a write without it, or until a quarter of an hour has passed. Raises PublishError
        where another run holds the master, or has written it since it was read here: then nothing was written.
        """
        try:
            with understood():
                return self.master_place() if self._master.write(workbook, hold=hold, beside=self._list_later) else None
        except Refusal as refused:
            raise PublishError(for_operator(_of_writing(refused), self._master_named())) from refused

    def _follow(self, link: str) -> str | None:
        """Return the address, for Google, of a link of the description."""
        if not link.startswith("cluster:"):
            return link if link.startswith(("https://", "http://")) else None
        cluster, _, cell = link.removeprefix("cluster:").partition("#")
        return self._cell_address(cluster, cell)

    def _cell_address(self, cluster: str, cell: str) -> str | None:
        """Return the address of `'Tab'!F12` in a cluster's spreadsheet."""
        if cluster not in self._places.clusters:
            return None
        title, _, place = cell.rpartition("!")
        tab = self._pulls.tab_id(self._places.clusters[cluster], title.strip("'").replace("''", "'"))
        return self.place(cluster) if tab is None else f"{self.place(cluster)}#gid={tab}&range={place}"

    # Feedback

    def write_feedback(self, feedback: Feedback) -> str | None:
        """Tell a cluster in its own spreadsheet; return its address, `None` where it is told already; raise PublishError."""
        try:
            with understood():
                return self.place(feedback.cluster) if self._tell(feedback) else None
        except Refusal as refused:
            raise PublishError(for_people(_of_writing(refused), self._named(feedback.cluster))) from refused

    def _tell(self, feedback: Feedback) -> bool:
        """Write what differs. A look before, and one after (mostly the answer to the write), show whether people moved rows in between."""
        spreadsheet_id = self._places.clusters.get(feedback.cluster, "")
        if self._pulls.is_told(spreadsheet_id, feedback) or (then := self._pulls.answer(spreadsheet_id)) is None:
            return False  # all of it is said, or nothing was read that anything could be said about
        if not telling.feedback_changes(feedback, then).requests:
            self._pulls.note_told(spreadsheet_id, feedback)
            return False
        now, unsure, told = self._as_it_is(spreadsheet_id, then), frozenset[str](), False
        for attempt in range(_ATTEMPTS + 1):  # the last time round only looks whether the last write said it all
            here = telling.relocated(feedback, then, now)
            plan = telling.feedback_changes(here, now, unsure=unsure) if here else telling.taken_back(feedback, then, now, unsure)
            if not plan.requests:
                if here is None:
                    self._failed = True
                    self._say(f"{feedback.cluster}: the table was changed meanwhile; the next run reads it again")
                return told
            if attempt == _ATTEMPTS:
                break
            now, unsure, told = self._changed(spreadsheet_id, plan.requests, attempt), plan.unsure, True
        raise Refusal(Cause.BUSY, "people are working in it")

    def _changed(self, spreadsheet_id: str, requests: list[Json], attempt: int) -> Json:
        """Carry the changes out and return the spreadsheet as it is then, also where nobody knows whether they were carried out."""
        try:
            return self._client.change(spreadsheet_id, requests, FIELDS)
        except Refusal as refused:
            # What makes no sense (any more) may have made sense before people deleted rows: a look tells.
            if not (refused.maybe_done or refused.cause is Cause.INVALID) or attempt == _ATTEMPTS - 1:
                raise
            self._sleep(2.0**attempt)
            return self._client.spreadsheet(spreadsheet_id, FIELDS)

    def _as_it_is(self, spreadsheet_id: str, then: Json) -> Json:
        """Return the spreadsheet as it is now: as it was read, unless Drive knows of a change since."""
        before = (self._listing or {}).get(spreadsheet_id)
        if before and before.version.number == self._relisted().get(spreadsheet_id):
            return then
        return self._client.spreadsheet(spreadsheet_id, FIELDS)

    def _relisted(self) -> Mapping[str, str]:
        """Return the versions in Drive's listing as it is when the first feedback is due."""
        with self._listing_lock:
            if self._later_versions is None:
                self._later_versions = self._list(lambda one: str(one.get("version")))
            return self._later_versions


def days_good(spreadsheet_id: str, read_on: str, days: int) -> int:
    """Return for how many days what was read on a day is good where Drive says that nothing changed: ``days`` at most, half at least.

    It is another number each time, so that what was read on one day is not all due on one day again.
    """
    lot = blake2b(f"{read_on} {spreadsheet_id}".encode(), digest_size=4).digest()
    return days - int.from_bytes(lot) % (days // 2 + 1)


@dataclass(frozen=True, slots=True)
class _Listed:
    """What is kept of what Drive's listing says of a file, for as many files as there are."""

    name: str
    version: Version
    is_workbook: bool
    """An Excel file that lies in Drive."""
    trashed: bool


def _listed(one: Json) -> _Listed:
    version = Version(str(one.get("modifiedTime")), str(one.get("version")))
    return _Listed(str(one.get("name", "")), version, one.get("mimeType") == _XLSX, bool(one.get("trashed")))


def _version_of(listed: _Listed | None) -> Version | None:
    return listed.version if listed else None


def _of_writing(refused: Refusal) -> Refusal:
    """Return what a refusal means where the spreadsheet could be read before: what is missing then is the right to write."""
    return Refusal(Cause.READ_ONLY, refused.detail) if refused.cause is Cause.NOT_SHARED else refused
