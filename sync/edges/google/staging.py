"""A change of the master too large for one request: laid down in a hidden tab piece by piece, then put in its place by one small batch.

Readers see the old master until that batch, which is atomic as every batch is: it copies the hidden tab's blocks to where they belong
and removes the tab. A run that dies on the way leaves a hidden tab behind, which the next write removes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
AT_ONCE = 8_000_000
"""Bytes of a request that goes out as it is: Google is reported to refuse those above 10,485,760."""
PIECE = 5_000_000
"""Bytes of a piece. Google advises 2 MB, for speed; each is a write of the sixty in a minute, which a master in many pieces uses up."""
_WORTH_IT = 20_000
"""Bytes of a block of cells that is laid down; smaller ones stay in the batch."""
_TITLE = "_dang_ghi_"
_ROWS = 500
"""Rows that are written out at a time to see how large they are."""
_HEAD = 30
"""Rows whose height is set one by one; below them Google fits each to its text."""


@dataclass(frozen=True, slots=True)
class Staged:
    """One change in three steps."""

    sheet_id: int
    tab: Json
    """Makes the hidden tab."""
    pieces: list[list[Json]]
    """Fill it, each of a size that Google likes; may be carried out twice."""
    batch: list[Json]
    """Puts everything in its place, all or nothing."""


def body_of(requests: Sequence[Json], **more: Any) -> bytes:
    """Return the body of a batch: Vietnamese as it is, for escaped it would be twice as large."""
    return json.dumps({"requests": requests, **more}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class TooLargeError(Exception):
    """Changes are too much for one request."""


class Room:
    """Room for the changes of one request, or for so many bytes."""

    def __init__(self, most: int | None = None) -> None:
        self._left = AT_ONCE if most is None else most

    def take(self, requests: Iterable[Json]) -> None:
        """Take room for these; raise TooLargeError as soon as it is used up, for no more is written out than is needed to know."""
        for part in (part for one in requests for part in _parts_of(one)):
            self._left -= len(body_of(part))
            if self._left < 0:
                raise TooLargeError


def _is_beyond(request: Json, most: int) -> bool:
    try:
        Room(most).take([request])
    except TooLargeError:
        return True
    return False


def _parts_of(request: Json) -> Iterator[Sequence[Json]]:
    rows = request.get("updateCells", {}).get("rows", ())
    if len(rows) <= _ROWS:
        yield [request]
    else:
        yield from (rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS))


def title_of(write_id: str) -> str:
    """Return the title of the hidden tab of one write."""
    return f"{_TITLE}{write_id}"


def left_over(titles: Mapping[int, str]) -> list[int]:
    """Return the ids of hidden tabs that writes which did not come to their end have left."""
    return [number for number, title in titles.items() if re.fullmatch(rf"{_TITLE}g[0-9a-f]+", title)]


def staged(requests: Iterable[Json], *, write_id: str, sheet_id: int) -> Staged:
    """Return the same changes with every large block of cells laid down in a tab of its own first."""
    stage = _Stage(sheet_id)
    batch = [kept for one in requests if (kept := stage.replaced(one))]
    grid = {"rowCount": max(stage.height, 1), "columnCount": max(stage.width, 1)}
    properties = {"sheetId": sheet_id, "title": title_of(write_id), "hidden": True, "gridProperties": grid}
    batch = [*_heights_fitted(batch, stage.tabs), {"deleteSheet": {"sheetId": sheet_id}}]
    return Staged(sheet_id, {"addSheet": {"properties": properties}}, stage.pieces, batch)


class _Stage:
    """The hidden tab while it is planned: blocks one below the other, from column A."""

    def __init__(self, sheet_id: int) -> None:
        self.sheet_id, self.height, self.width = sheet_id, 0, 0
        self.pieces: list[list[Json]] = []
        self.tabs: dict[int, tuple[Json, int]] = {}
        """Tab → where its block belongs, and how many rows further down it lies here."""
        self._room = 0

    def replaced(self, request: Json) -> Json | None:
        """Return the request, or for a large block of cells the one that copies it from here; none for the formats laid over it."""
        if "updateCells" in request and _is_beyond(request, _WORTH_IT):
            return self._copied(request["updateCells"])
        if "repeatCell" in request and self._is_within(place := request["repeatCell"]["range"]):
            self._format(request["repeatCell"], place)
            return None
        return request

    def _copied(self, asked: Json) -> Json:
        target, first = asked["range"], self.height
        width = target["endColumnIndex"] - target["startColumnIndex"]
        self._lay(asked["rows"], asked["fields"], width)
        self.width = max(self.width, width)
        self.tabs[target["sheetId"]] = target, first - target["startRowIndex"]
        source = self._block(first, self.height, width)
        return {"copyPaste": {"source": source, "destination": target, "pasteType": "PASTE_NORMAL", "pasteOrientation": "NORMAL"}}

    def _is_within(self, place: Json) -> bool:
        around = self.tabs.get(place["sheetId"], ({}, 0))[0]
        return bool(around) and all(
            around[f"start{side}Index"] <= place[f"start{side}Index"] and place[f"end{side}Index"] <= around[f"end{side}Index"]
            for side in ("Row", "Column")
        )

    def _format(self, asked: Json, place: Json) -> None:
        around, down = self.tabs[place["sheetId"]]
        moved = {"startRowIndex": down, "endRowIndex": down, "startColumnIndex": -around["startColumnIndex"]}
        moved["endColumnIndex"] = moved["startColumnIndex"]
        shifted = {name: place[name] + by for name, by in moved.items()}
        request = {"repeatCell": {**asked, "range": {"sheetId": self.sheet_id, **shifted}}}
        self._make_room(len(body_of([request])))
        self.pieces[-1].append(request)

    def _make_room(self, size: int) -> bool:
        """Begin another piece where so many bytes more are too many for this one; return whether one was begun."""
        begun = size > self._room
        if begun:
            self.pieces.append([])
            self._room = PIECE
        self._room -= size
        return begun

    def _lay(self, rows: Sequence[Json], fields: str, width: int) -> None:
        part: list[Json] = []
        for row in rows:
            size = len(body_of([row]))
            if size > self._room:
                self._put(part, fields, width)
                part = []
            self._make_room(size)
            part.append(row)
        self._put(part, fields, width)

    def _put(self, rows: list[Json], fields: str, width: int) -> None:
        if rows:
            place = self._block(self.height, self.height + len(rows), width)
            self.pieces[-1].append({"updateCells": {"range": place, "rows": rows, "fields": fields}})
            self.height += len(rows)

    def _block(self, top: int, bottom: int, width: int) -> Json:
        return {"sheetId": self.sheet_id, "startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": 0, "endColumnIndex": width}


def _heights_fitted(batch: Iterable[Json], tabs: Collection[int]) -> list[Json]:
    """Leave the height of every row of a large table to Google: one request instead of one for each change of height."""
    kept, below = list[Json](), dict[int, int]()
    for request in batch:
        place = request.get("updateDimensionProperties", {}).get("range", {})
        if place.get("dimension") == "ROWS" and place["sheetId"] in tabs and place["startIndex"] >= _HEAD:
            below[place["sheetId"]] = max(below.get(place["sheetId"], 0), place["endIndex"])
        else:
            kept.append(request)
    fitted = [
        {"autoResizeDimensions": {"dimensions": {"sheetId": tab, "dimension": "ROWS", "startIndex": _HEAD, "endIndex": last}}}
        for tab, last in below.items()
    ]
    return [*kept, *fitted]
