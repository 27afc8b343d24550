"""Every request to Google goes through here: Sheets and Drive by their methods, for one account or for several."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import google.auth
from google.auth import identity_pool
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import service_account
from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

from sync.edges.google.credential import Asked, Bound, Credential, Effort
from sync.edges.google.limits import Pace, Turns
from sync.edges.google.pool import Lock, Pool
from sync.edges.google.staging import body_of
from sync.edges.google.trouble import Cause, Named, Refusal, for_operator
from sync.errors import UsageError

T = TypeVar("T")
SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly")
"""No more than reading and writing shared spreadsheets, and listing what changed."""
SHARING = (*SCOPES, "https://www.googleapis.com/auth/drive")
"""What `provision --share` needs besides: nothing less may give a right on a file that a person made."""


def connect(
    *,
    endpoint: str | None,
    pace: Pace,
    most_bytes: int,
    scopes: tuple[str, ...] = SCOPES,
    key_files: Sequence[str] = (),
    masters: Collection[str] = (),
) -> Client:
    """Return the client for these files (a service account's key, or a workload identity), else for what google-auth's default chain finds.

    ``endpoint`` sends Sheets and Drive to another address; ``most_bytes`` bounds one answer, ten times as many one about the
    ``masters``. Raises UsageError where there are none, or
    one cannot be read.
    """
    found = [_of_file(Path(file), scopes) for file in key_files] or [_of_surroundings(scopes)]
    return Client(*found, endpoint=endpoint, pace=pace, most_bytes=most_bytes, masters=masters)


def _of_surroundings(scopes: tuple[str, ...]) -> Credentials:
    try:
        found, _ = google.auth.default(scopes=list(scopes))
    except (GoogleAuthError, ValueError, OSError) as error:
        raise UsageError(for_operator(Refusal(Cause.NO_KEY, str(error)), Named("", None))) from error
    return found


def _of_file(file: Path, scopes: tuple[str, ...]) -> Credentials:
    kinds: dict[object, Any] = {
        "service_account": service_account.Credentials.from_service_account_info,
        "external_account": identity_pool.Credentials.from_info,
    }
    try:
        info = json.loads(file.read_text(encoding="utf-8"))
        found: Credentials = kinds[info["type"]](info, scopes=list(scopes))
    except (GoogleAuthError, ValueError, OSError, LookupError, TypeError) as error:
        raise UsageError(
            f"google.credentials in settings.yaml: {file} is no key file of a service account, nor a workload identity file "
            f"({type(error).__name__})."
        ) from error
    return found


class Client:
    """Sheets and Drive, from as many threads as one likes."""

    def __init__(
        self,
        *credentials: Credentials,
        endpoint: str | None = None,
        pace: Pace,
        most_bytes: int = 100_000_000,
        masters: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        lock: Lock = threading.Lock,
    ) -> None:
        """``lock`` makes the locks under which a thread may wait for an answer.

        An answer may have ``most_bytes``; about one of the ``masters`` (ids) ten times as many, for a master grows with the district
        and nobody fills it but programs: refused as too big, it would stop every later run.
        """
        self.effort = Effort()
        self._sleep, turns, bound = sleep, Turns(clock, sleep), Bound(most_bytes, frozenset(masters))
        members = [
            Credential(one, endpoint=endpoint, pace=pace, bound=bound, effort=self.effort, turns=turns, sleep=sleep) for one in credentials
        ]
        self._listing = ("", "")
        self._pool = Pool(members, turns, pace, see=self._see, lock=lock)

    @property
    def accounts(self) -> tuple[Credential, ...]:
        """Every account, those that were set aside too."""
        return self._pool.members

    @property
    def account(self) -> str | None:
        """The mail addresses that spreadsheets have to be shared with, `None` where the credentials do not tell."""
        return ", ".join(one.account for one in self._pool.active() if one.account) or None

    @property
    def kind(self) -> str:
        """What the first credentials are: `key`, `workload`, `person`, `machine` or `other`."""
        return self._pool.active()[0].kind

    @property
    def expiry(self) -> datetime | None:
        """When the first access token ends (UTC), `None` before the first request."""
        return self._pool.active()[0].expiry

    @property
    def now(self) -> float | None:
        """Google's own clock at the last answer (seconds since 1970): machines' clocks differ, Google's is one."""
        return max((one.now for one in self._pool.members if one.now is not None), default=None)

    def troubles(self) -> list[str]:
        """Return a sentence for each account that was set aside."""
        return self._pool.troubles()

    def spreadsheet(self, spreadsheet_id: str, fields: str, *ranges: str) -> dict[str, Any]:
        """Return a spreadsheet's JSON, of all its tabs or of these ranges, one read; raise Refusal."""
        params = {"fields": fields, **({"ranges": list(ranges)} if ranges else {})}
        return self._pool.ask(Asked("read", "get", SPREADSHEET_URL % spreadsheet_id, {"params": params}, spreadsheet_id))

    def spreadsheet_by_row(self, spreadsheet_id: str, fields: str) -> dict[str, Any]:
        """Return the same of all tabs, but the rows of a large one as `decoding.Rows`, which are decoded when one comes to them."""
        asked = Asked("read", "get", SPREADSHEET_URL % spreadsheet_id, {"params": {"fields": fields}}, spreadsheet_id, by_row=True)
        return self._pool.ask(asked)

    def pause(self, seconds: float) -> None:
        """Wait, and count it."""
        self.effort.add(waited=seconds)
        self._sleep(seconds)

    def change(self, spreadsheet_id: str, changes: list[dict[str, Any]], fields: str = "", *, repeatable: bool = False) -> dict[str, Any]:
        """Carry the changes out, all or none, one write; return the spreadsheet as it is then, as far as `fields` ask for it.

        Raises Refusal; with `maybe_done` it is not known whether the changes were made. ``repeatable`` changes may be made twice.
        """
        params, more = {"fields": "spreadsheetId"}, dict[str, Any]()
        if fields:
            more = {"includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
            params = {"fields": f"updatedSpreadsheet({fields})"}
        address = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet_id
        given = {"params": params, "data": body_of(changes, **more), "headers": {"Content-Type": "application/json; charset=utf-8"}}
        answer = self._pool.ask(Asked("write", "post", address, given, spreadsheet_id, repeatable=repeatable))
        return dict(answer.get("updatedSpreadsheet", {}))

    def files(self, query: str, fields: str, wanted: Collection[str] = (), *, kept: Callable[[dict[str, Any]], T]) -> dict[str, T]:
        """Return every file of the query by its id, a thousand a request; raise Refusal. Of each no more is there than ``kept`` returns.

        The first account is asked; the next ones only as long as one of the ``wanted`` files is not among what the others see.
        """
        self._listing, found = (query, fields), dict[str, T]()
        for member in self._pool.active():
            try:
                found = self._seen_by(member, kept) | found
            except Refusal as refused:
                self._pool.set_aside(member, refused)
                continue
            if found.keys() >= set(wanted):
                break
        return found

    def files_of(self, member: Credential, query: str, fields: str) -> dict[str, dict[str, Any]]:
        """Return every file of the query that this account may see, by its id; raise Refusal."""
        self._listing = (query, fields)
        return self._seen_by(member, dict)

    def _see(self, member: Credential) -> None:
        if self._listing[0]:
            self._seen_by(member, lambda one: None)

    def _seen_by(self, member: Credential, kept: Callable[[dict[str, Any]], T]) -> dict[str, T]:
        (query, fields), found, token = self._listing, dict[str, T](), ""
        may_write = dict[str, bool]()
        while True:
            params: dict[str, Any] = {
                "q": query, "pageSize": 1000, "fields": f"nextPageToken,files({fields})", "supportsAllDrives": True,
                "includeItemsFromAllDrives": True, **({"pageToken": token} if token else {}),
            }  # fmt: skip
            answer = member.ask(Asked("listing", "get", DRIVE_FILES_API_V3_URL, {"params": params}))
            for one in answer.get("files", []):
                number = one["id"]
                found[number] = kept(one)
                may_write[number] = bool(one.get("capabilities", {}).get("canEdit", True))
            token = answer.get("nextPageToken", "")
            if not token:
                member.listed = may_write
                return found

    def permissions(self, file_id: str) -> list[dict[str, Any]]:
        """Return who may do what with a file; raise Refusal."""
        params = {"fields": "permissions(emailAddress,role,type)", "supportsAllDrives": True}
        asked = Asked("listing", "get", f"{DRIVE_FILES_API_V3_URL}/{file_id}/permissions", {"params": params}, file_id)
        return list(self._pool.ask(asked).get("permissions", ()))

    def share(self, file_id: str, email: str) -> None:
        """Make the address an editor of the file; Google sends it no mail. Needs the scopes `SHARING`; raises Refusal."""
        params = {"sendNotificationEmail": False, "supportsAllDrives": True, "fields": "id"}
        given = {"params": params, "json": {"type": "user", "role": "writer", "emailAddress": email}}
        address = f"{DRIVE_FILES_API_V3_URL}/{file_id}/permissions"
        self._pool.ask(Asked("write", "post", address, given, file_id, repeatable=False))
