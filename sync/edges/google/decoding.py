"""The JSON of an answer, read so that a large one, a master's, does not take ten times its size for a moment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

Json = dict[str, Any]
LARGE = 1_000_000
"""Bytes from which looking for equal cells is worth the memory: some three hundred rows of a master."""
_LONGEST, _MOST = 300, 1 << 13
"""Bytes of a cell that is looked for, and how many are known at a time."""
_Parts = dict[str, msgspec.Raw]
_ESCAPED = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)")
"""An escape of JSON; whole pairs of surrogates are one, half of a pair is the group."""
_RAW = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
"""Half of a pair as bytes that only look like UTF-8."""


class Rows:
    """The rows of a tab, each decoded when one comes to it. Equal cells are one object, which nobody may change."""

    def __init__(self, rows: list[msgspec.Raw], known: dict[bytes, Json]) -> None:
        self._rows, self._known = rows, known

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Json]:
        """Yield each row's RowData; raise ValueError where one is no JSON after all."""
        for row in self._rows:
            yield self._row(row)

    def _row(self, row: msgspec.Raw) -> Json:
        found: Json = {}
        for name, value in msgspec.json.decode(row, type=_Parts).items():
            found[name] = [self._cell(bytes(cell)) for cell in _list_of(value)] if name == "values" else json.loads(bytes(value))
        return found

    def _cell(self, data: bytes) -> Json:
        found = self._known.get(data)
        if found is None:
            found = json.loads(data)
            if len(data) <= _LONGEST:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[data] = found
        return found


def decoded(data: bytes | bytearray, *, large: int = LARGE, by_row: bool = False) -> Any:
    """Return the value of a JSON document; raise ValueError. In a large one equal cells are one object, which nobody may change.

    Half of a surrogate pair is U+FFFD. ``by_row`` leaves the rows of a large one as `Rows`: they take the document's own size until one has
    gone through them.
    """
    data = _without_halves(data)
    if len(data) <= large:
        return json.loads(data)
    try:
        return _spreadsheet(msgspec.json.decode(data, type=_Parts), {}, by_row=by_row)
    except msgspec.DecodeError:  # no spreadsheet, or no JSON
        return json.loads(data)


def _without_halves(data: bytes | bytearray) -> bytes | bytearray:
    """Return the document with U+FFFD for each half of a surrogate pair, which no file, mail or database takes.

    What people type ends in the middle of a smiley now and then. Looked for from behind, which takes a third of the time.
    """
    if data.rfind(b"\\ud") >= 0 or data.rfind(b"\\uD") >= 0:
        data = _ESCAPED.sub(lambda found: b"\\ufffd" if found[1] else found[0], data)
    return _RAW.sub("\ufffd".encode(), data) if b"\xed" in data else data


def _spreadsheet(parts: Mapping[str, msgspec.Raw], known: dict[bytes, Json], *, by_row: bool) -> Json:
    """Go down to the rows: (`updatedSpreadsheet` →) `sheets` → `data` → `rowData`; all else is decoded as it is."""
    return {name: _part(name, value, known, by_row=by_row) for name, value in parts.items()}


def _part(name: str, value: msgspec.Raw, known: dict[bytes, Json], *, by_row: bool) -> Any:
    if name == "updatedSpreadsheet":
        return _spreadsheet(msgspec.json.decode(value, type=_Parts), known, by_row=by_row)
    if name in ("sheets", "data"):
        return [_spreadsheet(one, known, by_row=by_row) for one in msgspec.json.decode(value, type=list[_Parts])]
    if name == "rowData":
        rows = Rows(_list_of(value), known)
        return rows if by_row else list(rows)
    return json.loads(bytes(value))


def _list_of(value: msgspec.Raw) -> list[msgspec.Raw]:
    return msgspec.json.decode(value, type=list[msgspec.Raw])
