"""A folder of .eml files as the mailer: for trying out, for offices without SMTP, for tests."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email.message import EmailMessage
from functools import partial
from hashlib import blake2b, file_digest
from pathlib import Path

from sync.edges.files import new_part, replace_atomically, write_atomically
from sync.edges.kept import MAILS
from sync.errors import MailError, PublishError

FOLDER = MAILS
_SEAL = ".dung-yen.json"
KEY_HEADER = "X-Donghanh-Key"
"""Carries the message's key (report, round, version, recipient)."""


class Outbox:
    """Writes each message into `<out>/hop-thu-di/`, named after its key, never over another."""

    def __init__(self, out: Path) -> None:
        self._folder = out / FOLDER

    def send(self, message: EmailMessage) -> str:
        """Write the message whole or not at all; return where it lies, seen from the outbox's parent; raise MailError."""
        path = self._folder / file_name(message)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write_new(path, message.as_bytes())
        except OSError as error:
            advice = f"see that {self._folder} is a folder with room that may be written, then run again"
            raise MailError(f"{path} could not be written ({error.strerror}); {advice}.") from error
        return f"{FOLDER}/{path.name}"


def file_name(message: EmailMessage) -> str:
    """Return the message's file name: its key in letters that every file system takes, and its id so that no two keys meet."""
    digest = str(message["Message-ID"]).strip("<>").partition("@")[0]
    key = re.sub(r"[^A-Za-z0-9.]+", "-", str(message[KEY_HEADER] or "")).strip("-.")[:100]
    return f"{key}-{digest[:8]}.eml" if key else f"{digest}.eml"


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that was not there; MailError if it was, and then nothing has changed."""
    handle, part = new_part(path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not _name(part, path):
            raise MailError(f"{path} is there already; move it away if the message is to be written again.")
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, path: Path) -> bool:
    """Give the finished file its name in one step; return False where the name is taken."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return False
    except OSError:
        # Some network shares and sticks know no links: look first, then rename.
        if path.exists():
            return False
        part.replace(path)
    return True


class Documents:
    """Puts finished reports into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[str, str] = {}
        """Name → digest of what this run put here."""

    def write(self, name: str, data: bytes) -> str | None:
        """Write one document; return its path, `None` if it is as it was; raise PublishError."""
        return self.write_parts(name, (data,))

    def write_parts(self, name: str, parts: Iterable[bytes]) -> str | None:
        """As `write`, for a large document that is made part by part; raise, too, what making one of them raises."""
        path, digest = self._folder / name, _new_digest()

        def noted() -> Iterator[bytes]:
            for part in parts:
                digest.update(part)
                yield part

        is_other = replace_atomically(path, noted(), only_if_other=True)
        self._written[name] = digest.hexdigest()
        return str(path) if is_other else None

    def stand(self, mark: str) -> bool:
        """Return whether the last run that was sealed has this mark, and all that it put here is as it was."""
        try:
            sealed = json.loads((self._folder / _SEAL).read_text(encoding="utf-8"))
            return sealed["mark"] == mark and all(
                _digest_of_file(self._folder / name) == digest for name, digest in sealed["documents"].items()
            )
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return False  # what is not there, or not as it was left, is made again

    def seal(self, mark: str) -> None:
        """Remember the mark of this run and what it put here; where that fails the next run makes it all again, which is no fault."""
        with suppress(PublishError):
            write_atomically(self._folder / _SEAL, json.dumps({"mark": mark, "documents": self._written}, indent=1).encode())


_new_digest = partial(blake2b, digest_size=16)


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, _new_digest).hexdigest()
