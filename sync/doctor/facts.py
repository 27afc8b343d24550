"""What a look at the set-up found, as values; the edges fill them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """How a part of the set-up is: fine, usable though worth a look, or not usable until a person mends it."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the answer."""

    name: str
    """A name that other programs can rely on, such as `spreadsheet/y-te`."""
    state: State
    what: str
    """What was found, one Vietnamese sentence."""
    remedy: str = ""
    """What to do; empty where nothing has to be done."""


@dataclass(frozen=True, slots=True)
class Account:
    """The credentials for Google."""

    kind: str
    """`key`, `workload`, `person`, `machine`, `other`, or `none` where there are no credentials."""
    address: str | None = None
    """The mail address that spreadsheets have to be shared with."""
    expiry: datetime | None = None
    """When the access token ends that Google gave now (UTC)."""
    clock_ahead: float | None = None
    """Seconds by which this machine's clock is ahead of Google's."""
    cause: str = ""
    """Why Google lets nobody in; empty where it does."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One spreadsheet as it was found: a file in the folder, or one in Google."""

    where: str
    """A file's name, or an address."""
    found: bool
    may_write: bool = False
    changed: datetime | None = None
    cause: str = ""
    """Why it was not found, or cannot be used."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What was recognised in a cluster's spreadsheet."""

    tab: str = ""
    columns: int = 0
    known_columns: int = 0
    """How many there are in all."""
    missing: tuple[str, ...] = ()
    """Titles of columns that are not there."""
    rows: int = 0
    renamed: bool = False
    error: str = ""
    """Why no table was recognised."""
    empty: bool = False
    """Nothing at all stands in the spreadsheet."""


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What the mail server said."""

    server: str | None
    """`None` where messages go into a folder."""
    folder: str = ""
    user: str | None = None
    has_password: bool = True
    error: str = ""
    sent_to: str = ""
    """Whom a test message went to; empty where none was asked for."""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class MasterFacts:
    """The master and what it remembers."""

    place: Place
    last_run: date | None = None
    runs: int = 0
    unsettled: int = 0
    """Messages that a person has to settle."""
    error: str = ""
