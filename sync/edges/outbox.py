"""A folder of .eml files as the mailer: for trying out, for offices without SMTP, for tests."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from sync.edges.files import write_atomically
from sync.errors import MailError, PublishError

FOLDER = "hop-thu-di"


class Outbox:
    """Writes each message into `<out>/hop-thu-di/`, named by its Message-ID, never over another."""

    def __init__(self, out: Path) -> None:
        self._folder = out / FOLDER

    def send(self, message: EmailMessage) -> str:
        """Write the message and return where it lies relative to the outbox's parent; raise MailError."""
        name = message["Message-ID"].strip("<>").partition("@")[0]
        path = self._folder / f"{name}.eml"
        if path.exists():
            raise MailError(f"{path} is there already; move it away if the message is to be written again.")
        try:
            write_atomically(path, message.as_bytes())
        except PublishError as error:
            raise MailError(str(error)) from error
        return f"{FOLDER}/{path.name}"


class Documents:
    """Puts finished reports into `<out>/bao-cao/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, text: str) -> str | None:
        """Write one document; return its path, `None` if it is as it was; raise PublishError."""
        path = self._folder / name
        return str(path) if write_atomically(path, text.encode()) else None
