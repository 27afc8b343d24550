"""A judged cluster ↔ the bytes as which it waits for the next run: JSON, which says what it says and cannot run anything."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, fields
from datetime import date
from itertools import repeat
from operator import is_
from typing import Any, NamedTuple

from sync.check import Judged
from sync.model import Activity, ClusterData, ClusterStatus, Column, Finding, Kind, Period, RowCount, Severity, Status, Stops
from sync.packing import period_of

_LEVEL = 1
"""Of zlib: what is gained beyond it costs more time than it is worth."""
_FIELDS = tuple(one.name for one in fields(Activity))
_SAID = tuple(one.name for one in fields(Finding))
_HEAD = ("cluster", "status", "source", "error", "tab", "header_row", "columns", "fingerprint")
"""Of `ClusterData`, what JSON holds as it is; rows that went, or were decided on, are none of a cluster that was only judged."""
_COLUMNS: Mapping[str, Column] = {str(one): one for one in Column}


def dumped(judged: Judged) -> bytes:
    """Return a judged cluster, whose activities are columns still, as bytes."""
    head = judged.head
    document = {
        "head": {name: getattr(head, name) for name in _HEAD},
        "day": head.data_as_of.isoformat() if head.data_as_of else None,
        "rows": astuple(head.rows),
        "findings": [[getattr(one, name) for name in _SAID] for one in head.findings],
        "columns": list(map(_column, _FIELDS, judged.columns)),
        "texts": judged.texts(),
    }
    # Half of a surrogate pair, which no home lets in, would stop nothing here.
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), _LEVEL)


def loaded(data: bytes) -> Judged:
    """Return the judged cluster again."""
    document = json.loads(zlib.decompress(data))
    told = document["head"]
    head = ClusterData(
        **{
            **told,
            "status": ClusterStatus(told["status"]),
            "columns": {_COLUMNS[name]: at for name, at in told["columns"].items()},
            "rows": RowCount(*document["rows"]),
            "findings": tuple(map(_finding, document["findings"])),
            "data_as_of": date.fromisoformat(document["day"]) if document["day"] else None,
        }
    )
    return Judged.of(head, tuple(map(_column_again, _FIELDS, document["columns"])), document["texts"])


def _finding(said: Sequence[Any]) -> Finding:
    values = dict(zip(_SAID, said, strict=True))
    values |= {"severity": Severity(values["severity"]), "stops": Stops(values["stops"])}
    if values["column"]:
        values["column"] = _COLUMNS[values["column"]]
    if values["other"]:
        values["other"] = tuple(values["other"])
    return Finding(**values)


class _Form(NamedTuple):
    """How JSON holds the values of a column, and how they come back."""

    to: Callable[[Any], Any]
    back: Callable[[Any], Any]


def _days(period: Period | None) -> tuple[int, int]:
    return (period.start.toordinal(), period.end.toordinal()) if period else (0, 0)


_PERIODS = _Form(_days, lambda days: period_of(*days))
_KINDS = _Form(tuple, lambda names: tuple(map(Kind, names)))
_STATUSES: Mapping[str | None, Status | None] = {None: None, **{str(one): one for one in Status}}
_FORMS = {
    "planned": _PERIODS, "done": _PERIODS, "status": _Form(lambda status: status, _STATUSES.__getitem__), "evidence": _Form(tuple, tuple),
    "held_back": _KINDS, "set_aside": _KINDS,
}  # fmt: skip
"""Of the fields whose values JSON has no word for; those of the others come back as they went."""


def _column(name: str, values: Sequence[Any]) -> object:
    """Return a column as JSON holds it; what is the same in all rows stands there once, with their number."""
    form, count = _FORMS.get(name), len(values)
    if all(map(is_, values, repeat(values[0]))):
        return {"same": form.to(values[0]) if form else values[0], "in": count}
    return list(map(form.to, values) if form else values)


def _column_again(name: str, held: Any) -> Sequence[Any]:
    form = _FORMS.get(name)
    if isinstance(held, dict):
        return [form.back(held["same"]) if form else held["same"]] * held["in"]
    values: list[Any] = list(map(form.back, held)) if form else held
    return values
