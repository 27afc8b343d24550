"""The methods of Drive v3 that are answered (see `drive.py` for where their behaviour comes from)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tests.google import drive
from tests.google.access import Account
from tests.google.conversions import exported, imported
from tests.google.errors import Refused
from tests.google.masks import Mask
from tests.google.state import Json, new_spreadsheet

if TYPE_CHECKING:
    from tests.google.server import StandIn

Parameters = dict[str, list[str]]


class DriveMethods:
    """Carries out one method."""

    def __init__(self, google: StandIn) -> None:
        self._google = google

    def call(self, method: str, names: dict[str, str], parameters: Parameters, body: Any, account: Account, mask: Mask | None) -> Any:
        """Return the answer, `None` for an empty one; raise Refused."""
        bare = method.removeprefix("drive.")
        store = self._google.drive
        if bare == "files.list":
            return self._list(parameters, account)
        if bare == "files.create":
            file_id = self.new_file(
                body.get("name") or "Untitled", body.get("mimeType") or "application/octet-stream", account, body.get("parents") or []
            )
            return store.json(store.files[file_id], account.email)
        if bare == "files.get" and parameters.get("alt", ["json"])[0] == "media":
            return self._content(store.visible(names["fileId"], account.email))
        if bare == "files.export":
            return self._export(store.visible(names["fileId"], account.email), parameters)
        if bare == "files.update.upload":
            return self._upload(names["fileId"], body, parameters, account)
        if bare == "comments.list":
            store.visible(names["fileId"], account.email)
            if not parameters.get("fields"):
                raise Refused(
                    400, "The 'fields' parameter is required for this method.", reason="required", location=("fields", "parameter")
                )
            return {"kind": "drive#commentList", "comments": []}
        if bare == "files.get":
            return store.json(store.visible(names["fileId"], account.email), account.email)
        if bare == "files.copy":
            return self._copy(names["fileId"], body, account)
        if bare == "files.update":
            return self._update(names["fileId"], body, parameters, account)
        if bare == "files.delete":
            return self._delete(names["fileId"], account)
        if bare.startswith("permissions."):
            return self._permissions(bare.removeprefix("permissions."), names, body, account)
        raise Refused(501, f"The stand-in does not know the method {method}.")

    def new_file(self, name: str, mime: str, account: Account, parents: list[str]) -> str:
        """Make a file of the account's own and return its id; a service account owns no storage."""
        store = self._google.drive
        if not store.storage:
            raise Refused(403, "The user's Drive storage quota has been exceeded.", reason="storageQuotaExceeded", domain="usageLimits")
        file_id = hashlib.sha256(f"{name} {len(store.files)}".encode()).hexdigest()[:44]
        owner = {"kind": "drive#permission", "id": "1", "type": "user", "role": "owner", "emailAddress": account.email}
        store.add(drive.File(file_id, name, mime, parents=list(parents), permissions=[owner]))
        if mime == drive.SHEET_TYPE:
            book = new_spreadsheet(file_id, name, locale="en_US", time_zone="Etc/GMT", tab="Sheet1")
            book.owner = account.email
            self._google.books[file_id] = book
        return file_id

    def _list(self, parameters: Parameters, account: Account) -> Json:
        size = int(parameters.get("pageSize", ["100"])[0])
        if not 1 <= size <= 1000:
            raise Refused(400, f"Invalid value '{size}'. Values must be within the range: [1, 1000]", reason="invalidParameter")
        start = self._start(parameters.get("pageToken", [""])[0])
        found = self._google.drive.listed(account.email, parameters.get("q", [""])[0], parameters.get("orderBy", [""])[0])
        answer: Json = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [self._google.drive.json(file, account.email) for file in found[start : start + size]],
        }
        if start + size < len(found):
            answer["nextPageToken"] = f"~!!~{start + size}"
        return answer

    def _start(self, token: str) -> int:
        if not token:
            return 0
        if not token.startswith("~!!~") or not token[4:].isdigit():
            raise Refused(400, "Invalid Value", reason="invalid")
        return int(token[4:])

    def _copy(self, file_id: str, body: Any, account: Account) -> Json:
        store = self._google.drive
        source = store.visible(file_id, account.email)
        copy_id = self.new_file(body.get("name") or f"Copy of {source.name}", source.mime, account, body.get("parents") or source.parents)
        if source.mime == drive.SHEET_TYPE:
            book = self._google.books[file_id].copy()
            book.id, book.owner = copy_id, account.email
            book.properties = {**book.properties, "title": store.files[copy_id].name}
            self._google.books[copy_id] = book
        return store.json(store.files[copy_id], account.email)

    def _update(self, file_id: str, body: Any, parameters: Parameters, account: Account) -> Json:
        store = self._google.drive
        file = store.writable(file_id, account.email)
        file.name, file.trashed = body.get("name", file.name), body.get("trashed", file.trashed)
        file.description = body.get("description", file.description)
        if "name" in body and file_id in self._google.books:
            book = self._google.books[file_id]
            book.properties = {**book.properties, "title": file.name}
        file.parents = [one for one in file.parents if one not in parameters.get("removeParents", [""])[0].split(",")]
        file.parents += [one for one in parameters.get("addParents", [""])[0].split(",") if one]
        store.touch(file_id)
        return store.json(file, account.email)

    def _content(self, file: drive.File) -> tuple[str, bytes]:
        if file.mime.startswith("application/vnd.google-apps."):
            said = "Only files with binary content can be downloaded. Use Export with Docs Editors files."
            raise Refused(403, said, reason="fileNotDownloadable", location=("alt", "parameter"))
        return file.mime, file.content

    def _export(self, file: drive.File, parameters: Parameters) -> tuple[str, bytes]:
        if file.mime != drive.SHEET_TYPE:
            raise Refused(403, "Export only supports Docs Editors files.", reason="fileNotExportable")
        kind = parameters.get("mimeType", [""])[0]
        return kind, exported(self._google.books[file.id], kind)

    def _upload(self, file_id: str, body: bytes, parameters: Parameters, account: Account) -> Json:
        """Replace the content of a file by what is uploaded: a spreadsheet's by the CSV."""
        store = self._google.drive
        file = store.writable(file_id, account.email)
        if file.mime == drive.SHEET_TYPE:
            self._google.books[file_id] = imported(self._google.books[file_id], body.decode("utf-8-sig"), file.name)
        else:
            file.content = body
        store.touch(file_id)
        return store.json_v2(file, account.email) if "v2" in parameters else store.json(file, account.email)

    def _delete(self, file_id: str, account: Account) -> None:
        file = self._google.drive.visible(file_id, account.email)
        if file.role_of(account.email) != "owner":
            raise Refused(403, "The user does not have sufficient permissions for this file.", reason="insufficientFilePermissions")
        del self._google.drive.files[file_id]
        self._google.books.pop(file_id, None)

    def _permissions(self, bare: str, names: dict[str, str], body: Any, account: Account) -> Any:
        store = self._google.drive
        file = store.writable(names["fileId"], account.email)
        if bare == "list":
            return {"kind": "drive#permissionList", "permissions": file.permissions}
        if bare == "create":
            kind, role = body.get("type"), body.get("role")
            if kind not in ("user", "group", "domain", "anyone") or role not in (
                "owner",
                "organizer",
                "fileOrganizer",
                "writer",
                "commenter",
                "reader",
            ):
                raise Refused(
                    400,
                    "The permission type field is required." if not kind else "The specified role is invalid or not supported.",
                    reason="required" if not kind else "invalid",
                )
            number = (
                "anyoneWithLink"
                if kind == "anyone"
                else hashlib.sha1(str(body.get("emailAddress") or body.get("domain")).encode()).hexdigest()[:20]
            )
            made = {"kind": "drive#permission", "id": number, **{name: value for name, value in body.items() if value is not None}}
            file.permissions = [one for one in file.permissions if one["id"] != number] + [made]
            return made
        found = next((one for one in file.permissions if one["id"] == names["permissionId"]), None)
        if found is None:
            raise Refused(404, f"Permission not found: {names['permissionId']}.", reason="notFound")
        if bare == "get":
            return found
        if bare == "update":
            found.update(body)
            return found
        file.permissions.remove(found)
        return None
