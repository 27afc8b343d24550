"""What a report was made from, for machines: enough to make it again, byte for byte, and to see where its figures came from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sync import __version__
from sync.errors import ConfigError
from sync.model import ClusterData
from sync.report import ReportView

FORMAT = "donghanh-report/1"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A finished view and the name of its files."""

    name: str
    view: ReportView


def dump(name: str, view: ReportView, clusters: Sequence[ClusterData]) -> bytes:
    """Return the snapshot as JSON: the finished view, and of every cluster what was read, when, and its fingerprint."""
    sources = [
        {"cluster": data.cluster, "status": data.status, "as_of": data.data_as_of, "fingerprint": data.fingerprint, "rows": data.rows.read}
        for data in clusters
    ]
    shown = TypeAdapter(ReportView).dump_python(view, mode="json")
    document = {"format": FORMAT, "version": __version__, "name": name, "sources": sources, "view": shown}
    return (json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def load(data: bytes, source: str) -> Snapshot:
    """Return what `dump` wrote; raise ConfigError where this is no snapshot of this version's reports."""
    try:
        document: dict[str, Any] = json.loads(data)
        if document["format"] != FORMAT:
            raise KeyError("format")
        return Snapshot(str(document["name"]), TypeAdapter(ReportView).validate_python(_tuples(document["view"])))
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise ConfigError(f"{source} is not a snapshot of a report that donghanh {__version__} can read ({FORMAT}).") from error


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
