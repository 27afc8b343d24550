"""What a provisioned spreadsheet looks like, as plain data. Rows and columns of the guide count from 0, those of a table from 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sync.layout import Format, TabView
from sync.model import Column


@dataclass(frozen=True, slots=True)
class Entry:
    """What may be entered in a column. It warns and never refuses: people know cases that no rule does."""

    kind: str
    """`list`, `day`, `whole` (above zero), `amount` (zero or more), or `own`: the system writes here, nobody else has to."""
    help: str
    """One Vietnamese sentence: what to type."""
    choices: tuple[str, ...] = ()
    choices_at: tuple[int, int] | None = None
    """First and last row of the guide in whose first column the choices stand."""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class InputColumn:
    """One column of the tab `Hoạt động`."""

    column: Column
    title: str
    width: float
    """In characters."""
    look: str = "text"
    """`text` (wrapped), `day` (dd/mm/yyyy), `number` (thousands separated) or `centre`."""
    entry: Entry | None = None

    @property
    def own(self) -> bool:
        """Whether the system writes this column."""
        return self.entry is not None and self.entry.kind == "own"


@dataclass(frozen=True, slots=True)
class SheetForm:
    """One cluster's spreadsheet."""

    cluster: str
    title: str
    guide: TabView
    tab: str
    columns: tuple[InputColumn, ...]
    colours: tuple[tuple[str, Format], ...]
    """What stands somewhere in a verdict → how it is coloured; the first that fits decides."""
    time_zone: str
    rows: int = 500
    """Prepared rows in Google, the header included: every formatted cell is read again with each pull."""


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where the table stands in a spreadsheet that is there already, from 1."""

    tab: str
    header_row: int
    columns: Mapping[Column, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was done to one spreadsheet."""

    made: bool = False
    repaired: tuple[str, ...] = ()
    """What was put right, in Vietnamese."""
    left: tuple[str, ...] = ()
    """What was left as it is, and why."""
