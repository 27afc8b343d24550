"""What a look at the set-up finds in Google: who the program is there, and of each spreadsheet whether it may be read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sync.doctor.facts import Account, Place
from sync.edges.google.client import Client
from sync.edges.google.credential import Credential
from sync.edges.google.trouble import SET_UP, Cause, Refusal
from sync.settings_values import GoogleSettings

_SHEETS, _XLSX = "application/vnd.google-apps.spreadsheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_QUERY = f"mimeType = '{_SHEETS}' or mimeType = '{_XLSX}'"
_FIELDS = "id,name,mimeType,modifiedTime,trashed,capabilities"


class GoogleSetup:
    """A listing for each account tells of all spreadsheets; only those that it does not name are asked for by themselves."""

    def __init__(self, client: Client, places: GoogleSettings, clock: Callable[[], float]) -> None:
        """``clock`` tells this machine's time (seconds since 1970)."""
        self._client, self._places, self._clock = client, places, clock
        self._listing: Mapping[str, Mapping[str, Any]] | None = None
        self._refused: dict[Credential, Refusal] = {}

    def accounts(self) -> tuple[Account, ...]:
        """Return who the program is to Google, for each of its credentials."""
        self._listed("")
        return tuple(self._account(one, self._refused.get(one)) for one in self._client.accounts)

    def _account(self, one: Credential, refused: Refusal | None) -> Account:
        if refused and (refused.cause in SET_UP or refused.may_pass):
            return Account(one.kind, one.account, cause=str(refused.cause), detail=refused.detail)
        ahead = self._clock() - one.now if one.now is not None else None
        return Account(one.kind, one.account, one.expiry, ahead)

    def place(self, cluster: str) -> Place:
        """Return how a cluster's spreadsheet was found."""
        return self._place(self._places.clusters.get(cluster, ""))

    def master(self) -> Place:
        """Return how the master was found."""
        return self._place(self._places.master)

    def _place(self, spreadsheet_id: str) -> Place:
        where = f"https://docs.google.com/spreadsheets/d/{spreadsheet_id}/edit"
        listed = self._listed(spreadsheet_id)
        if listed is None:
            return self._unlisted(spreadsheet_id, where)
        changed = datetime.fromisoformat(listed["modifiedTime"].replace("Z", "+00:00")) if "modifiedTime" in listed else None
        cause = _cause(listed)
        return Place(f"“{listed.get('name', '')}”", found=True, may_write=not cause, changed=changed, cause=cause)

    def _unlisted(self, spreadsheet_id: str, where: str) -> Place:
        """A spreadsheet open to anyone with the address is in no listing, and may be read all the same."""
        try:
            self._client.spreadsheet(spreadsheet_id, "spreadsheetId")
        except Refusal as refused:
            return Place(where, found=False, cause=str(refused.cause), detail=refused.detail)
        return Place(where, found=True, cause="" if self._refused else str(Cause.READ_ONLY))

    def _listed(self, spreadsheet_id: str) -> Mapping[str, Any] | None:
        if self._listing is None:
            self._listing = self._all_listed()
        return self._listing.get(spreadsheet_id)

    def _all_listed(self) -> Mapping[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for member in self._client.accounts:
            try:
                found = self._client.files_of(member, _QUERY, _FIELDS) | found
            except Refusal as refused:
                self._refused[member] = refused
        return found


def _cause(listed: Mapping[str, Any]) -> str:
    if listed.get("trashed"):
        return str(Cause.TRASHED)
    if listed.get("mimeType") == _XLSX:
        return str(Cause.NOT_A_SHEET)
    return "" if listed.get("capabilities", {}).get("canEdit", True) else str(Cause.READ_ONLY)
