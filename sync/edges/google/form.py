"""A described spreadsheet → the changes that fit a Google spreadsheet out, or repair what is the system's in it.

The tab that people work in bears a mark of its own: only a tab that was made here is ever repaired. Values go only into the header of
a new tab and into the guide; everything else is rules, protection and looks.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sync.edges.feedback_words import MARK
from sync.edges.google.client import Client
from sync.edges.google.over_cells import rule_name
from sync.edges.google.reading import FIELDS as READ_FIELDS
from sync.edges.google.reading import grid_cells, sheet_of
from sync.edges.google.style import cell_format, colour, column_pixels, rule_format
from sync.edges.google.tab_writer import tab_changes
from sync.edges.google.tabs import Json, free_title, new_sheet_id, own_tab, standing_of
from sync.edges.google.trouble import Cause, Named, Refusal, for_people
from sync.errors import PublishError, SourceError
from sync.layout import Format, Shown
from sync.model import Column, Sheet
from sync.provision.values import Entry, Fitted, InputColumn, SheetForm, TablePlace
from sync.settings_values import GoogleSettings

FIELDS = (
    READ_FIELDS.replace("gridProperties(rowCount,columnCount)", "gridProperties(rowCount,columnCount,frozenRowCount,frozenColumnCount)")
    .replace("developerMetadata,", "developerMetadata,charts(chartId),basicFilter(range),protectedRanges,")
    .replace("userEnteredValue,note", "userEnteredValue,dataValidation,note")
)
"""What is read of a cluster's spreadsheet, and what its rules and protections are."""
MADE = "donghanh-bang"
"""Key of the mark on a tab that was made here."""
_PATTERNS = {"day": ("DATE", "dd/mm/yyyy"), "number": ("NUMBER", "#,##0")}
_LOCALE = "vi_VN"


class GoogleFitter:
    """Fits clusters' spreadsheets out. A service account owns no storage: people make the (empty) files and share them."""

    def __init__(self, client: Client, places: GoogleSettings, *, change: Callable[[str, list[Json]], object] | None = None) -> None:
        """``change`` carries changes out; for a dry run it is one that does not."""
        self._client, self._places = client, places
        self._change = change or client.change
        self._dry = change is not None
        self._looked: tuple[str, Json] | None = None
        """The cluster that was looked at last, and what stands there: one is fitted out after the other."""

    def place(self, cluster: str) -> str:
        """Return the address of the cluster's spreadsheet."""
        return f"https://docs.google.com/spreadsheets/d/{self._places.clusters.get(cluster, '?')}/edit"

    def look(self, cluster: str) -> Sheet:
        """Return the spreadsheet as it stands; raise SourceError."""
        try:
            answer = self._client.spreadsheet(self._places.clusters[cluster], FIELDS)
        except Refusal as refused:
            raise SourceError(for_people(refused, self._named(cluster))) from refused
        self._looked = cluster, answer
        return sheet_of(answer, cluster=cluster, source=self.place(cluster))

    def fit(self, form: SheetForm, place: TablePlace | None) -> Fitted:
        """Make the tabs, or repair what is the system's, where was looked last; one write at most. Raises PublishError."""
        cluster, answer = self._looked or ("", {})
        if cluster != form.cluster:
            raise ValueError(f"{form.cluster} was not looked at")  # the program's own mistake
        requests, fitted = form_changes(form, place, answer)
        if requests:
            try:
                self._change(self._places.clusters[form.cluster], requests)
            except Refusal as refused:
                cause = Cause.READ_ONLY if refused.cause is Cause.NOT_SHARED else refused.cause
                raise PublishError(for_people(Refusal(cause, refused.detail), self._named(form.cluster))) from refused
        return fitted

    def share(self, cluster: str, email: str) -> bool:
        """Let the address edit the spreadsheet, without a mail from Google; return False where it may already."""
        spreadsheet_id = self._places.clusters[cluster]
        try:
            known = self._client.permissions(spreadsheet_id)
            may = {str(one.get("emailAddress", "")).casefold() for one in known if one.get("role") in ("owner", "organizer", "writer")}
            if email.casefold() in may:
                return False
            if not self._dry:
                self._client.share(spreadsheet_id, email)
        except Refusal as refused:
            advice = f"hãy tự mở bảng, bấm “Chia sẻ” và thêm {email} với quyền “Người chỉnh sửa”"
            raise PublishError(f"Chưa chia sẻ được với {email} ({refused.detail or refused.cause}); {advice}.") from refused
        return True

    def _named(self, cluster: str) -> Named:
        return Named(f"của {cluster}", self._client.account)


def form_changes(form: SheetForm, place: TablePlace | None, answer: Mapping[str, Any]) -> tuple[list[Json], Fitted]:
    """Return the changes that fit the spreadsheet out, and what they come to; no change where all is as it should be."""
    sheets = list(answer.get("sheets", ()))
    table = next((one for one in sheets if place and one["properties"]["title"] == place.tab), None)
    if place is None or table is None:
        return [*_new_table(form, answer), *_guide(form, sheets)], Fitted(made=True)
    if not any(one.get("metadataKey") == MADE for one in table.get("developerMetadata", ())):
        return [], Fitted(left=("bảng do khu vực, khối tự lập nên được giữ nguyên",))
    repairs = _Repairs(form, place, table)
    requests = repairs.requests()
    if made := _guide(form, sheets):
        requests += made
        repairs.said.append("trang «Hướng dẫn»")
    return requests, Fitted(repaired=tuple(repairs.said))


def _guide(form: SheetForm, sheets: Sequence[Json]) -> list[Json]:
    tabs = [standing_of(one) for one in sheets]
    own = own_tab(form.guide, [one for one in tabs if one.title != form.tab and (one.mark or one.lines)])
    sheet_id = own.id if own else new_sheet_id(form.guide.title, {one.id for one in tabs})
    shown = replace(form.guide, title=own.title if own else free_title(form.guide.title, tabs))
    return tab_changes(shown, own, sheet_id=sheet_id, index=0, follow=lambda link: None).requests


# A new table


def _new_table(form: SheetForm, answer: Mapping[str, Any]) -> list[Json]:
    """Return what makes the tab: an empty one that is there is taken, so that no `Trang tính1` is left lying about."""
    sheets = list(answer.get("sheets", ()))
    blank = _blank_tab(form, sheets)
    grid = {"rowCount": form.rows, "columnCount": len(form.columns), "frozenRowCount": 1}
    if blank:
        sheet_id = int(blank["properties"].get("sheetId", 0))
        fields = "title,gridProperties(rowCount,columnCount,frozenRowCount)"
        requests: list[Json] = [
            {"updateSheetProperties": {"properties": {"sheetId": sheet_id, "title": form.tab, "gridProperties": grid}, "fields": fields}}
        ]
    else:
        sheet_id = new_sheet_id(form.tab, {int(one["properties"].get("sheetId", 0)) for one in sheets})
        requests = [{"addSheet": {"properties": {"sheetId": sheet_id, "title": form.tab, "index": 0, "gridProperties": grid}}}]
    if answer.get("properties", {}).get("locale") != _LOCALE and blank and len(sheets) == 1:
        properties = {"locale": _LOCALE, "timeZone": form.time_zone}
        requests.append({"updateSpreadsheetProperties": {"properties": properties, "fields": "locale,timeZone"}})
    requests += _header(form, sheet_id)
    height = int(grid["rowCount"])
    for at, one in enumerate(form.columns):
        requests += _column(one, at, sheet_id, height)
    place = TablePlace(form.tab, 1, {one.column: at for at, one in enumerate(form.columns, 1)})
    made = {"properties": {"sheetId": sheet_id, "gridProperties": {"rowCount": height}}}
    mark = {
        "metadataId": _number(MADE, sheet_id),
        "metadataKey": MADE,
        "metadataValue": form.cluster,
        "visibility": "DOCUMENT",
        "location": {"sheetId": sheet_id},
    }
    return [*requests, *_Repairs(form, place, made).requests(), {"createDeveloperMetadata": {"developerMetadata": mark}}]


def _blank_tab(form: SheetForm, sheets: Sequence[Json]) -> Json | None:
    """Return the tab to take: an empty one of the right title, or the first one of a spreadsheet in which nothing stands."""
    blank = [one for one in sheets if not any(grid_cells(one)) and not one.get("developerMetadata")]
    titled = next((one for one in blank if str(one["properties"]["title"]).casefold() == form.tab.casefold()), None)
    return titled or (blank[0] if blank and len(blank) == len(sheets) else None)


def _header(form: SheetForm, sheet_id: int) -> list[Json]:
    cells = [
        {"userEnteredValue": {"stringValue": one.title}, "userEnteredFormat": _own_header(one) if one.own else _header_of(one)}
        for one in form.columns
    ]
    start = {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": 0}
    height = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    return [
        {"updateCells": {"start": start, "rows": [{"values": cells}], "fields": "userEnteredValue,userEnteredFormat"}},
        {"updateDimensionProperties": {"range": height, "properties": {"pixelSize": 52}, "fields": "pixelSize"}},
    ]


def _header_of(one: InputColumn) -> Json:
    return cell_format(Shown(one.title, Format.HEADER))


def _own_header(one: InputColumn) -> Json:
    """Return the grey header that sets the system's columns apart."""
    found = _header_of(one)
    text = {**found["textFormat"], "foregroundColorStyle": colour("#595959")}
    return {**found, "textFormat": text, "backgroundColorStyle": colour("#D9D9D9")}


def _column(one: InputColumn, at: int, sheet_id: int, height: int) -> list[Json]:
    """Return width and look of a column below its header."""
    look: Json = {
        "textFormat": {"fontFamily": "Times New Roman", "fontSize": 12},
        "wrapStrategy": "WRAP",
        "verticalAlignment": "TOP",
        "horizontalAlignment": {"text": "LEFT", "number": "RIGHT"}.get(one.look, "CENTER"),
    }
    if one.look in _PATTERNS:
        kind, pattern = _PATTERNS[one.look]
        look["numberFormat"] = {"type": kind, "pattern": pattern}
    if one.own:
        look["backgroundColorStyle"] = colour("#F5F5F5")
    place = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    below = {"sheetId": sheet_id, "startRowIndex": 1, "endRowIndex": height, "startColumnIndex": at, "endColumnIndex": at + 1}
    return [
        {"updateDimensionProperties": {"range": place, "properties": {"pixelSize": column_pixels(one.width)}, "fields": "pixelSize"}},
        {"repeatCell": {"range": below, "cell": {"userEnteredFormat": look}, "fields": "userEnteredFormat"}},
    ]


# What is the system's


class _Repairs:
    """Rules of entry, protection of the system's columns, colours of the verdict."""

    def __init__(self, form: SheetForm, place: TablePlace, table: Json) -> None:
        self._form, self._place, self._table = form, place, table
        self._id = int(table["properties"].get("sheetId", 0))
        self._grid = grid_cells(table)
        self.said: list[str] = []

    def requests(self) -> list[Json]:
        """Return them, and note in `said` what they put right."""
        found: list[Json] = []
        for one in self._form.columns:
            at = self._place.columns.get(one.column)
            if at is None or one.entry is None:
                continue
            made = self._protection(one, at) if one.own else self._validation(one, one.entry, at)
            if made:
                found += made
                self.said.append(f"{'bảo vệ' if one.own else 'quy tắc nhập'} của cột «{one.title}»")
        if colours := self._colours():
            found += colours
            self.said.append("màu của cột «Kết quả kiểm tra»")
        return found

    def _below(self, at: int) -> Json:
        height = self._table["properties"].get("gridProperties", {}).get("rowCount", self._form.rows)
        first = self._place.header_row
        return {
            "sheetId": self._id,
            "startRowIndex": first,
            "endRowIndex": max(height, first + 1),
            "startColumnIndex": at - 1,
            "endColumnIndex": at,
        }

    def _validation(self, one: InputColumn, entry: Entry, at: int) -> list[Json]:
        wanted = {"condition": _condition(entry), "inputMessage": entry.help, "strict": False, "showCustomUi": True}
        rows = self._grid[self._place.header_row :]
        if rows and all(_is_rule(line[at - 1] if at <= len(line) else {}, wanted) for line in rows):
            return []
        return [{"setDataValidation": {"range": self._below(at), "rule": wanted}}]

    def _protection(self, one: InputColumn, at: int) -> list[Json]:
        number = _number(f"protected {one.column}", self._id)
        for known in self._table.get("protectedRanges", ()):
            place = known.get("range", {})
            if known.get("protectedRangeId") == number and (place.get("startColumnIndex", 0), place.get("endColumnIndex")) == (at - 1, at):
                return []
        made = {"protectedRangeId": number, "range": self._below(at), "description": f"{MARK} {one.title}", "warningOnly": True}
        gone = [
            {"deleteProtectedRange": {"protectedRangeId": number}}
            for known in self._table.get("protectedRanges", ())
            if known.get("protectedRangeId") == number
        ]
        return [*gone, {"addProtectedRange": {"protectedRange": made}}]

    def _colours(self) -> list[Json]:
        """Return the rules that are not there, each put where those before it leave it."""
        at = self._place.columns.get(Column.VERDICT)
        if at is None:
            return []
        there = {rule_name(one) for one in self._table.get("conditionalFormats", ())}
        place = {"sheetId": self._id, "startRowIndex": self._place.header_row, "startColumnIndex": at - 1, "endColumnIndex": at}
        found: list[Json] = []
        for number, (words, form) in enumerate(self._form.colours):
            condition = {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": words}]}
            rule = {"ranges": [place], "booleanRule": {"condition": condition, "format": rule_format(form)}}
            if rule_name(rule) not in there:
                known = len(there) + len(found)
                found.append({"addConditionalFormatRule": {"rule": rule, "index": min(number, known)}})
        return found


def _condition(entry: Entry) -> Json:
    if entry.kind == "list":
        return {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": choice} for choice in entry.choices]}
    if entry.kind == "day" and entry.first and entry.last:
        # ISO is the one way of writing a day that every locale reads alike.
        return {"type": "DATE_BETWEEN", "values": [{"userEnteredValue": day.isoformat()} for day in (entry.first, entry.last)]}
    return {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "1" if entry.kind == "whole" else "0"}]}


def _is_rule(cell: Mapping[str, Any], wanted: Json) -> bool:
    """Return whether the cell has the rule; Google may write its other members in its own way."""
    there = cell.get("dataValidation", {})
    found, right = there.get("condition", {}), wanted["condition"]
    values = [one.get("userEnteredValue") for one in found.get("values", ())]
    return (
        found.get("type") == right["type"]
        and not there.get("strict")
        and (right["type"] == "DATE_BETWEEN" or values == [one["userEnteredValue"] for one in right.get("values", ())])
    )


def _number(words: str, sheet_id: int) -> int:
    return (zlib.crc32(f"donghanh {words} {sheet_id}".encode()) & 0x7FFFFFFF) or 1


def advice(account: str | None) -> str:
    """Return what Google lets a service account own, and the way that works."""
    who = account or "địa chỉ của tài khoản dịch vụ"
    return (
        "Google không cho tài khoản dịch vụ tạo hay sở hữu tệp. Cách làm: văn phòng tạo một Google Trang tính trống cho mỗi khu vực, khối, "
        f"bấm “Chia sẻ”, thêm {who} với quyền “Người chỉnh sửa”, ghi đường dẫn vào config/settings.yaml (mục google), "
        "rồi chạy lại donghanh provision."
    )
