"""A spreadsheet ↔ the bytes as which it waits: the answer as it came, and the Sheet that was made of it, which is a tenth of that."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import astuple, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sync.layout import Feedback
from sync.model import Cell, CellError, Merge, Sheet, Tab

_LEVEL = 3
"""Of zlib: what is gained beyond it costs more time than it is worth."""
_PLAIN = (str, float, int, bool)
"""What JSON gives back as it was."""


def packed_answer(answer: Mapping[str, Any]) -> bytes:
    """Return the JSON of a spreadsheet packed."""
    return _packed(answer)


def unpacked_answer(data: bytes) -> dict[str, Any]:
    """Return the JSON of a spreadsheet again."""
    answer: dict[str, Any] = json.loads(zlib.decompress(data))
    return answer


def packed_sheet(sheet: Sheet) -> bytes:
    """Return tabs and fingerprint of a sheet of Google's packed."""
    tabs = [(tab.title, [[_coded(cell) for cell in row] for row in tab.rows], [astuple(one) for one in tab.merges]) for tab in sheet.tabs]
    return _packed((sheet.fingerprint, tabs))


def unpacked_sheet(data: bytes, *, cluster: str, source: str) -> Sheet:
    """Return the sheet again, as `reading.sheet_of` made it."""
    fingerprint, tabs = json.loads(zlib.decompress(data), object_hook=_decoded)
    made = (Tab(title, rows, tuple(Merge(*one) for one in merges)) for title, rows, merges in tabs)
    return Sheet(cluster=cluster, source=source, tabs=tuple(made), fingerprint=fingerprint)


def _packed(value: object) -> bytes:
    # Half of a surrogate pair, which no home lets in, would stop nothing here.
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), _LEVEL)


def _coded(cell: Cell) -> object:
    """Return a cell as JSON holds it; what JSON has no word for is one name and value."""
    if type(cell) in _PLAIN:
        return cell
    if isinstance(cell, CellError):
        return {"error": str(cell)}
    if isinstance(cell, timedelta):
        return {"span": [cell.days, cell.seconds, cell.microseconds]}
    kind = "moment" if isinstance(cell, datetime) else "day" if isinstance(cell, date) else "time"
    return {kind: cell.isoformat()} if isinstance(cell, date | time) else str(cell)


def _decoded(coded: dict[str, Any]) -> Cell:
    ((kind, value),) = coded.items()
    cell: Cell = _KINDS[kind](value)
    return cell


_KINDS: Mapping[str, Any] = {
    "error": CellError, "span": lambda parts: timedelta(*parts), "moment": datetime.fromisoformat, "day": date.fromisoformat,
    "time": time.fromisoformat,
}  # fmt: skip


def mark_of(feedback: Feedback) -> str:
    """Return a mark that changes with all that a cluster is told, but not with rows that only say of which day it is.

    Where nothing had to be written of one feedback, nothing has to be of another with the same mark: what only differs in those rows is
    never written for their sake.
    """
    told = feedback
    if (view := feedback.progress) and view.volatile_rows:
        rows = [
            (replace(row[0], value=None), *row[1:]) if number in view.volatile_rows and row else row for number, row in enumerate(view.rows)
        ]
        told = replace(feedback, progress=replace(view, rows=tuple(rows)))
    data = json.dumps(told, ensure_ascii=False, default=_parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _parts(value: object) -> object:
    """Return a value of layout.py as JSON can hold it."""
    if is_dataclass(value):
        return _all_fields(value.__class__)(value)
    return dict(value) if isinstance(value, Mapping) else str(value)


@lru_cache
def _all_fields(kind: type[Any]) -> Callable[[object], object]:
    return attrgetter(*(one.name for one in fields(kind)))
