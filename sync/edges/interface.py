"""The two seams between the program and the world."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Protocol

from sync.layout import Feedback, Workbook
from sync.model import Sheet


class Places(Protocol):
    """Where spreadsheets lie, for people: a file's name, an address."""

    def place(self, cluster: str) -> str:
        """Return where the cluster's spreadsheet lies."""

    def master_place(self) -> str:
        """Return where the master lies."""


class Spreadsheets(Places, Protocol):
    """A home for spreadsheets: a folder of workbooks, or Google."""

    @property
    def side_by_side(self) -> int:
        """How many clusters are best read, or told, at a time."""

    def read(self, cluster: str) -> Sheet:
        """Return the cluster's spreadsheet as people left it; raise SourceError with a finished sentence."""

    def read_memory(self) -> Sequence[Sequence[str]]:
        """Return the rows of the master's memory tab, none if there is no master yet; raise SourceError if it cannot be read."""

    def write_master(self, workbook: Workbook, *, hold: bool = False) -> str | None:
        """Write the master, all or nothing; return where it lies, `None` if nothing had to change; raise PublishError.

        With ``hold`` more writes of this run follow, and where runs can meet no other one may write until one without it.
        """

    def write_feedback(self, feedback: Feedback) -> str | None:
        """Tell one cluster, without touching the sheet that units work in; return as `write_master` does."""

    def troubles(self) -> Sequence[str]:
        """Return a sentence for each thing that stopped nothing, and that a person has to see to all the same."""


class Mailer(Protocol):
    """Takes finished messages."""

    def send(self, message: EmailMessage) -> str:
        """Hand the message over and return where it went; raise MailError."""


class Documents(Protocol):
    """Takes finished reports."""

    def write(self, name: str, data: bytes) -> str | None:
        """Put the document in its place; return where, `None` if it is there already as it is; raise PublishError."""
