"""What was read last of each spreadsheet, kept on this machine as long as Drive says that nothing changed. Delete it and nothing is lost.

It holds what people wrote, personal data included: it is kept encrypted, under a key that does not lie beside it, or not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.edges.files import write_atomically
from sync.edges.kept import PULLS, PULLS_SUFFIX
from sync.errors import PublishError

_SHAPE = "2"
_OWNER_ONLY = 0o600
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Version:
    """What Drive's listing says of a file; two that are equal are the same content."""

    modified: str
    number: str


class Cache:
    """One encrypted file a spreadsheet, in a folder of the program's own."""

    def __init__(self, folder: Path, fields: str, key: bytes | None) -> None:
        """``key``: 32 bytes; without one nothing is kept and nothing is found."""
        self._folder = folder / PULLS
        self._fields = hashlib.blake2b(f"{_SHAPE} {fields}".encode(), digest_size=8).hexdigest()
        self._cipher = AESGCM(key) if key else None

    def get(self, spreadsheet_id: str, version: Version, *, not_before: date) -> dict[str, Any] | None:
        """Return what was read of this version, `None` where it was not, was read before a day, or cannot be used."""
        kept = self._opened(spreadsheet_id)
        wanted = {"id": spreadsheet_id, "fields": self._fields, "modified": version.modified, "number": version.number}
        if not isinstance(kept, dict) or any(kept.get(name) != value for name, value in wanted.items()):
            return None
        answer = kept.get("answer")
        fresh = str(kept.get("day", "")) >= not_before.isoformat()
        return answer if fresh and isinstance(answer, dict) else None

    def _opened(self, spreadsheet_id: str) -> Any:
        if self._cipher is None:
            return None
        try:
            data = self._path(spreadsheet_id).read_bytes()
            return json.loads(gzip.decompress(self._cipher.decrypt(data[:_NONCE], data[_NONCE:], spreadsheet_id.encode())))
        except (OSError, ValueError, EOFError, InvalidTag):
            return None

    def put(self, spreadsheet_id: str, version: Version, answer: Mapping[str, Any], day: date) -> None:
        """Keep what was read; where that fails the next run reads again, which is no fault."""
        if self._cipher is None:
            return
        known = {"id": spreadsheet_id, "fields": self._fields, "modified": version.modified, "number": version.number}
        kept = {**known, "day": day.isoformat(), "answer": answer}
        data = gzip.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), 3, mtime=0)
        nonce = os.urandom(_NONCE)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self._path(spreadsheet_id)
            write_atomically(path, nonce + self._cipher.encrypt(nonce, data, spreadsheet_id.encode()), new_mode=_OWNER_ONLY)
        except (OSError, PublishError):
            return

    def _path(self, spreadsheet_id: str) -> Path:
        return self._folder / f"{hashlib.blake2b(spreadsheet_id.encode(), digest_size=12).hexdigest()}{PULLS_SUFFIX}"
