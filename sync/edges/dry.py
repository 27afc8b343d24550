"""Edges that read the world and change nothing in it: a dry run is these in place of the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from email.message import EmailMessage

from sync.edges.interface import Results, Spreadsheets, Unopened
from sync.layout import Feedback, Workbook
from sync.model import Sheet


class DrySpreadsheets:
    """Reads through to another home; writes nothing."""

    def __init__(self, home: Spreadsheets) -> None:
        self._home = home

    @property
    def side_by_side(self) -> int:
        """As the other home has it."""
        return self._home.side_by_side

    def place(self, cluster: str) -> str:
        """As the other home has it."""
        return self._home.place(cluster)

    def master_place(self) -> str:
        """As the other home has it."""
        return self._home.master_place()

    def fetch(self, cluster: str) -> Unopened | Sheet:
        """Fetch through."""
        return self._home.fetch(cluster)

    def read(self, cluster: str) -> Sheet:
        """Read through."""
        return self._home.read(cluster)

    def results(self, mark: str) -> Results | None:
        """As the other home has it: like what was read, it is kept on this machine alone."""
        return self._home.results(mark)

    def read_memory(self) -> Sequence[Sequence[str]]:
        """Read through."""
        return self._home.read_memory()

    def read_decisions(self) -> Sequence[Sequence[str]]:
        """Read through."""
        return self._home.read_decisions()

    def write_master(self, workbook: Workbook, *, hold: bool = False) -> str | None:
        """Write nothing."""
        return None

    def write_feedback(self, feedback: Feedback) -> str | None:
        """Write nothing."""
        return None

    def seen(self) -> str | None:
        """Tell nothing: a dry run shows what a whole run would do."""
        return None

    def troubles(self) -> Sequence[str]:
        """As the other home has them."""
        return self._home.troubles()


NOT_SENT = "dry run: not sent"
"""The fate of a message that a dry run would have sent."""


class DryMailer:
    """Sends nothing."""

    def send(self, message: EmailMessage) -> str:
        """Return what would be sent."""
        return NOT_SENT


class DryDocuments:
    """Keeps nothing."""

    def write(self, name: str, data: bytes) -> str | None:
        """Write nothing."""
        return None

    def write_parts(self, name: str, parts: Iterable[bytes]) -> str | None:
        """Make the parts, for one of them may be wrong, and write nothing."""
        deque(parts, 0)
        return None

    def stand(self, mark: str) -> bool:
        """Know of nothing."""
        return False

    def seal(self, mark: str) -> None:
        """Remember nothing."""
