"""What was read last of each spreadsheet, kept on this machine as long as Drive says that nothing changed. Delete it and nothing is lost.

It holds what people wrote, personal data included: the files can be read by their owner alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sync.edges.files import write_atomically
from sync.errors import PublishError

FOLDER = ".da-doc"
_SHAPE = "1"
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Version:
    """What Drive's listing says of a file; two that are equal are the same content."""

    modified: str
    number: str


class Cache:
    """One file a spreadsheet, in a folder of the program's own."""

    def __init__(self, folder: Path, fields: str) -> None:
        self._folder = folder / FOLDER
        self._fields = hashlib.blake2b(f"{_SHAPE} {fields}".encode(), digest_size=8).hexdigest()

    def get(self, spreadsheet_id: str, version: Version, *, not_before: date) -> dict[str, Any] | None:
        """Return what was read of this version, `None` where it was not, was read before a day, or cannot be used."""
        try:
            kept = json.loads(gzip.decompress(self._path(spreadsheet_id).read_bytes()))
        except (OSError, ValueError, EOFError):
            return None
        wanted = {"id": spreadsheet_id, "fields": self._fields, "modified": version.modified, "number": version.number}
        if not isinstance(kept, dict) or any(kept.get(name) != value for name, value in wanted.items()):
            return None
        answer = kept.get("answer")
        fresh = str(kept.get("day", "")) >= not_before.isoformat()
        return answer if fresh and isinstance(answer, dict) else None

    def put(self, spreadsheet_id: str, version: Version, answer: Mapping[str, Any], day: date) -> None:
        """Keep what was read; where that fails the next run reads again, which is no fault."""
        known = {"id": spreadsheet_id, "fields": self._fields, "modified": version.modified, "number": version.number}
        kept = {**known, "day": day.isoformat(), "answer": answer}
        data = gzip.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), 3, mtime=0)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomically(self._path(spreadsheet_id), data)
            self._path(spreadsheet_id).chmod(_OWNER_ONLY)
        except (OSError, PublishError):
            return

    def _path(self, spreadsheet_id: str) -> Path:
        return self._folder / f"{hashlib.blake2b(spreadsheet_id.encode(), digest_size=12).hexdigest()}.json.gz"
