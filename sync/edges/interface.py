"""The seams between the program and the world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from email.message import EmailMessage
from typing import Protocol, TypeVar

from sync.layout import Feedback, Workbook
from sync.model import Sheet

T = TypeVar("T")
R = TypeVar("R")


class Places(Protocol):
    """Where spreadsheets lie, for people: a file's name, an address."""

    def place(self, cluster: str) -> str:
        """Return where the cluster's spreadsheet lies."""

    def master_place(self) -> str:
        """Return where the master lies."""


class Unopened(Protocol):
    """A spreadsheet that was fetched and not made sense of yet: a value, which may be opened in another process."""

    @property
    def cluster(self) -> str:
        """Whose it is."""

    @property
    def source(self) -> str:
        """Where it came from, for people."""

    def sheet(self) -> Sheet:
        """Return what stands in it; raise SourceError with a finished sentence."""


class Results(Protocol):
    """Keeps what came of spreadsheets, from run to run: personal data is in it, so whoever keeps it keeps it closed."""

    def found(self, cluster: str) -> bytes | None:
        """Return what came of the cluster's spreadsheet as it was fetched last; `None` where that is not known."""

    def keep(self, cluster: str, result: bytes) -> None:
        """Keep what came of the cluster's spreadsheet as it was fetched last."""

    def save(self) -> None:
        """Leave it to the runs to come; where that fails they have nothing of it, which is no fault."""


class Spreadsheets(Places, Protocol):
    """A home for spreadsheets: a folder of workbooks, or Google."""

    @property
    def side_by_side(self) -> int:
        """How many clusters are best read, or told, at a time."""

    def fetch(self, cluster: str) -> Unopened | Sheet:
        """Return the cluster's spreadsheet, opened or not; raise SourceError with a finished sentence. What asks the world is done here."""

    def read(self, cluster: str) -> Sheet:
        """Return the cluster's spreadsheet as people left it; raise SourceError with a finished sentence."""

    def results(self, mark: str) -> Results | None:
        """Return what keeps results beside the spreadsheets; `None` where nothing is kept.

        The mark is of all that they follow from but the spreadsheets: what was kept under another one is never found.
        """

    def read_memory(self) -> Sequence[Sequence[str]]:
        """Return the rows of the master's memory tab, none if there is no master yet; raise SourceError if it cannot be read."""

    def read_decisions(self) -> Sequence[Sequence[str]]:
        """Return the rows of the master's tab in which people decide, from the same reading as `read_memory`; none if there is none."""

    def write_master(self, workbook: Workbook, *, hold: bool = False) -> str | None:
        """Write the master, all or nothing; return where it lies, `None` if nothing had to change; raise PublishError.

        With ``hold`` more writes of this run follow, and where runs can meet no other one may write until one without it.
        """

    def write_feedback(self, feedback: Feedback) -> str | None:
        """Tell one cluster, without touching the sheet that units work in; return as `write_master` does."""

    def seen(self) -> str | None:
        """Return a mark of all that this run has read, the master included; `None` where some of it is new, failed, or was not compared.

        Where a later run has the same mark, every spreadsheet stands as this run found it.
        """

    def troubles(self) -> Sequence[str]:
        """Return a sentence for each thing that stopped nothing, and that a person has to see to all the same."""


class Workers(Protocol):
    """Who reads and checks clusters: threads of this process, other processes, other machines."""

    @property
    def many(self) -> int:
        """How many portions of clusters to hand out at a time, so that nobody is idle."""

    @property
    def portion(self) -> int:
        """How many clusters to hand out together, at most, so that handing out takes little beside the work."""

    def at_work(self, task: Callable[[T], R]) -> Callable[[T], R]:
        """Return a function that has a worker carry out the task for one item, and waits for it.

        The task is handed over once. It is pure: where a worker is lost, another one does the same again.
        """


class Mailer(Protocol):
    """Takes finished messages."""

    def send(self, message: EmailMessage) -> str:
        """Hand the message over and return where it went; raise MailError."""


class Documents(Protocol):
    """Takes finished reports."""

    def write(self, name: str, data: bytes) -> str | None:
        """Put the document in its place; return where, `None` if it is there already as it is; raise PublishError."""

    def write_parts(self, name: str, parts: Iterable[bytes]) -> str | None:
        """As `write`, for a large document that is made part by part; raise, too, what making one of them raises."""

    def stand(self, mark: str) -> bool:
        """Return whether what a run of this mark put here is still as it was; the mark is of the last run that was sealed."""

    def seal(self, mark: str) -> None:
        """Remember, for the runs to come, the mark of this one and what it put here; where that fails nothing is remembered."""
