"""The methods of Sheets v4 that are answered; the rest is refused with 501, never made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.google import drive, masks
from tests.google.a1 import grid_range
from tests.google.access import Account
from tests.google.changes import applied
from tests.google.errors import Refused, invalid
from tests.google.state import Json, Spreadsheet, close, new_tab, spreadsheet_json
from tests.google.values import Values

if TYPE_CHECKING:
    from tests.google.server import StandIn

Parameters = dict[str, list[str]]


class SheetsMethods:
    """Carries out one method."""

    def __init__(self, google: StandIn) -> None:
        self._google = google

    def call(
        self, method: str, names: dict[str, str], parameters: Parameters, body: Any, account: Account, mask: masks.Mask | None
    ) -> Json:
        """Return the answer; raise Refused."""
        bare = method.removeprefix("sheets.spreadsheets.")
        if bare == "create":
            return self._create(body, account)
        book = self._visible(names["spreadsheetId"], account)
        if bare == "get":
            return self._get(book, parameters, mask, self._editor(book.id, account))
        if bare == "getByDataFilter":
            return self._filtered(book, body, mask, self._editor(book.id, account))
        if bare == "batchUpdate":
            self._ensure_writable(book.id, account)
            return self._batch_update(book, body, mask, self._editor(book.id, account))
        if bare == "sheets.copyTo":
            target = body.get("destinationSpreadsheetId", "")
            self._ensure_writable(target, account)
            return self._copy_to(book, int(names["sheetId"]), target, account)
        if bare.startswith("values."):
            return self._values(book, bare.removeprefix("values."), names, parameters, body, account)
        raise Refused(501, f"The stand-in does not know the method {method}.")

    def _visible(self, file_id: str, account: Account) -> Spreadsheet:
        file = self._google.drive.files.get(file_id)
        if file is None:
            raise Refused(404, "Requested entity was not found.")
        if file.role_of(account.email) is None:
            raise Refused(403, "The caller does not have permission")
        if file.mime != drive.SHEET_TYPE:
            raise _not_a_sheet(file.mime)
        return self._google.books[file_id]

    def _ensure_writable(self, file_id: str, account: Account) -> None:
        self._visible(file_id, account)
        if self._google.drive.files[file_id].role_of(account.email) not in ("owner", "writer"):
            raise Refused(403, "The caller does not have permission")

    def _editor(self, file_id: str, account: Account) -> str | None:
        """Return the account's address, `None` where it owns the file: nothing is protected from an owner."""
        return None if self._google.drive.files[file_id].role_of(account.email) == "owner" else account.email

    def _changed(self, book: Spreadsheet) -> None:
        self._google.books[book.id] = book
        self._google.drive.touch(book.id)
        self._google.drive.files[book.id].name = book.properties["title"]

    def _create(self, body: Any, account: Account) -> Json:
        file_id = self._google.files.new_file(
            (body.get("properties") or {}).get("title") or "Bảng tính chưa có tiêu đề", drive.SHEET_TYPE, account, []
        )
        book = self._google.books[file_id]
        book.properties = {**book.properties, **(body.get("properties") or {})}
        if body.get("sheets"):
            book.tabs = []
            for index, wanted in enumerate(body["sheets"]):
                given = dict(wanted.get("properties") or {})
                given.pop("index", None)
                book.tabs.append(new_tab(given.pop("sheetId", index), given.pop("title", f"Trang tính{index + 1}"), index, **given))
        return spreadsheet_json(book, lambda *path: path[:2] != ("sheets", "data"))

    def _get(self, book: Spreadsheet, parameters: Parameters, mask: masks.Mask | None, reader: str | None) -> Json:
        ranges = parameters.get("ranges", [])
        blocks = _blocks(book, [grid_range(book, one) for one in ranges]) if ranges else None
        return _told(book, mask, blocks, reader, grid=parameters.get("includeGridData", ["false"])[0].lower() in ("true", "1"))

    def _filtered(self, book: Spreadsheet, body: Any, mask: masks.Mask | None, reader: str | None) -> Json:
        places = []
        for one in body.get("dataFilters") or []:
            if "a1Range" in one:
                places.append(grid_range(book, one["a1Range"]))
            elif "gridRange" in one:
                places.append(one["gridRange"])
            else:
                raise Refused(501, "The stand-in does not filter by developer metadata.")
        return _told(book, mask, _blocks(book, places), reader, grid=bool(body.get("includeGridData")))

    def _batch_update(self, book: Spreadsheet, body: Any, mask: masks.Mask | None, editor: str | None) -> Json:
        changed, replies = applied(book, [one or {} for one in body.get("requests") or []], editor)
        self._changed(changed)
        answer: Json = {"spreadsheetId": book.id, "replies": replies}
        if body.get("includeSpreadsheetInResponse"):
            ranges = body.get("responseRanges") or []
            blocks = _blocks(changed, [grid_range(changed, one) for one in ranges]) if ranges else None
            inner = mask.get("updatedSpreadsheet") if mask else None
            answer["updatedSpreadsheet"] = _told(changed, inner, blocks, editor, grid=bool(body.get("responseIncludeGridData")))
        return answer

    def _copy_to(self, book: Spreadsheet, sheet_id: int, target_id: str, account: Account) -> Json:
        target = self._visible(target_id, account).copy()
        twin = book.tab(sheet_id).copy()
        title, number = f"Bản sao của {twin.title}", 1
        while target.titled(title):
            number += 1
            title = f"Bản sao của {twin.title} {number}"
        twin.properties = {**twin.properties, "title": title, "sheetId": max(tab.id for tab in target.tabs) + 1}
        for place in twin.ranges():
            place["sheetId"] = twin.id
        target.tabs.append(twin)
        target.renumber()
        self._changed(target)
        return twin.properties

    def _values(self, book: Spreadsheet, name: str, names: dict[str, str], parameters: Parameters, body: Any, account: Account) -> Json:
        values = Values(book)
        if name in ("get", "batchGet", "batchGetByDataFilter"):
            return values.read(name, names, parameters, body)
        self._ensure_writable(book.id, account)
        values = Values(book.copy())
        close(values.book, self._editor(book.id, account))
        answer = values.write(name, names, parameters, body)
        values.book.ensure_room()
        close(values.book, None)
        self._changed(values.book)
        return answer


def _not_a_sheet(mime: str) -> Refused:
    """Return what Sheets answers to the id of another type of file (measured: brekkylab/backlot)."""
    if mime in (drive.XLSX_TYPE, "application/vnd.ms-excel"):
        said = "This operation is not supported for this document. The document must not be an Office file."
        return Refused(400, said, status="FAILED_PRECONDITION")
    if mime.startswith("application/vnd.google-apps.") and mime != drive.FOLDER_TYPE:
        return Refused(404, "Requested entity was not found.")
    return invalid("Request contains an invalid argument.")


def _told(book: Spreadsheet, mask: masks.Mask | None, blocks: dict[int, list[Json]] | None, reader: str | None, *, grid: bool) -> Json:
    """Return the spreadsheet; cells only where a mask asks for them, or `includeGridData` without a mask."""
    if mask is None:
        return spreadsheet_json(book, lambda *path: path[:2] != ("sheets", "data") or grid, blocks, reader=reader)
    return spreadsheet_json(book, lambda *path: masks.wants(mask, *path), blocks, reader=reader)


def _blocks(book: Spreadsheet, places: list[Json]) -> dict[int, list[Json]]:
    blocks: dict[int, list[Json]] = {}
    for place in places:
        blocks.setdefault(place.get("sheetId", 0), []).append(place)
    for sheet_id in blocks:
        book.tab(sheet_id)
    return blocks
