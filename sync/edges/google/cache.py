"""What was read last of each spreadsheet, kept on this machine as long as Drive says that nothing changed. Delete it and nothing is lost.

It holds what people wrote, personal data included: it is kept encrypted, under a key that does not lie beside it, or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync import __version__
from sync.edges.files import replace_atomically
from sync.edges.kept import PULLS, PULLS_SUFFIX
from sync.errors import PublishError

_SHAPE = f"4 {__version__}"
"""Its number grows when a pull is laid out, or what is in it is made, in another way."""
_OWNER_ONLY = 0o600
_NONCE = 12
_KEY_BYTES = 32
_LENGTHS = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class Version:
    """What Drive's listing says of a file; two that are equal are the same content."""

    modified: str
    number: str


@dataclass(frozen=True, slots=True)
class Head:
    """What is to be known of a pull without unpacking it."""

    day: str
    """When it was read (ISO)."""
    version: Version | None
    """`None` where Drive's listing did not know the spreadsheet: such a pull serves this run alone."""
    own: bool = False
    """Whether the sheet has the tabs of the program's own."""
    tabs: Mapping[str, int] = field(default_factory=dict)
    """Title → id of each tab."""
    told: str = ""
    """A mark of feedback of which all is said already in the spreadsheet as it stands here; empty where none is known."""


@dataclass(frozen=True, slots=True)
class Pull:
    """One spreadsheet as it was read, packed: only what is looked at is unpacked."""

    head: Head
    sheet: bytes
    """Its `Sheet` (packing.py)."""
    answer: bytes
    """What Google said (packing.py)."""


class Cache:
    """One encrypted file a spreadsheet, in a folder of the program's own."""

    def __init__(self, folder: Path, fields: str, key: bytes | None) -> None:
        """``key``: 32 bytes; without one nothing is kept and nothing is found, and what is sealed can be opened by this object alone."""
        self.folder = folder / PULLS
        self._fields = f"{_SHAPE} {fields}"
        self.keeps = key is not None
        self._cipher = AESGCM(key or os.urandom(_KEY_BYTES))

    def sealed(self, spreadsheet_id: str, pull: Pull) -> bytes:
        """Return the pull encrypted; it can be opened as this spreadsheet's alone."""
        head = json.dumps(asdict(pull.head), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        data = b"".join((_LENGTHS.pack(len(head), len(pull.sheet)), head, pull.sheet, pull.answer))
        return self.encrypted(data, spreadsheet_id)

    def opened(self, spreadsheet_id: str, sealed: bytes) -> Pull | None:
        """Return the pull again, `None` where it is not one of this spreadsheet, or was sealed under another key or in another shape."""
        decrypted = self.decrypted(sealed, spreadsheet_id)
        if decrypted is None:
            return None
        data = memoryview(decrypted)
        of_head, of_sheet = _LENGTHS.unpack_from(data)
        head, rest = json.loads(bytes(data[_LENGTHS.size :][:of_head])), data[_LENGTHS.size + of_head :]
        version = Version(**head["version"]) if head["version"] else None
        return Pull(Head(**{**head, "version": version}), bytes(rest[:of_sheet]), bytes(rest[of_sheet:]))

    def get(self, spreadsheet_id: str, version: Version, *, not_before: date) -> tuple[Pull, bytes] | None:
        """Return what was read of this version, opened and sealed; `None` where it was not, was read before a day, or cannot be used."""
        if not self.keeps:
            return None
        try:
            sealed = self.path(spreadsheet_id).read_bytes()
        except OSError:
            return None
        pull = self.opened(spreadsheet_id, sealed)
        is_this = pull is not None and pull.head.version == version and pull.head.day >= not_before.isoformat()
        return (pull, sealed) if pull and is_this else None

    def put(self, spreadsheet_id: str, sealed: bytes) -> None:
        """Keep what was read; where that fails the next run reads again, which is no fault."""
        self.put_parts(spreadsheet_id, (sealed,))

    def put_parts(self, name: str, sealed: Iterable[bytes]) -> None:
        """Keep many things as one, in one file; else as `put`."""
        if not self.keeps:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_atomically(self.path(name), sealed, new_mode=_OWNER_ONLY)
        except (OSError, PublishError):
            return

    def encrypted(self, data: bytes, what: str) -> bytes:
        """Return the bytes encrypted; they can be decrypted as this alone."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, data, self._bound_to(what))

    def decrypted(self, sealed: bytes, what: str) -> bytes | None:
        """Return the bytes again, `None` where they are not this, or were encrypted under another key or in another shape."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound_to(what))
        except (ValueError, InvalidTag):
            return None

    def path(self, name: str) -> Path:
        """Return where something of this name is kept."""
        return self.folder / f"{hashlib.blake2b(name.encode(), digest_size=12).hexdigest()}{PULLS_SUFFIX}"

    def _bound_to(self, what: str) -> bytes:
        return f"{self._fields} {what}".encode(errors="surrogatepass")
