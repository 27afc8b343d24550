"""What a spreadsheet shows, as plain data: made by `publish`, written by whichever home the spreadsheets have.

Rows and columns count from 0 here, as the writing libraries do; only `Note` and `Verdict` speak of people's cells, from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sync.model import Column

DATA_TAB = "Dữ liệu"
"""The master's tab of every row, which a level above reads."""
MEMORY_TAB = "_bo_nho"
"""The master's hidden tab that is the program's memory."""
DECISIONS_TAB = "Cần sửa"
"""The master's tab in which people decide; what they write there is read back before the master is written again."""
COLUMN_OF_CHOICES, COLUMN_OF_REASONS = "Quyết định", "Lý do"
"""The two columns of that tab that belong to people."""
KEY_COLUMN = "Dấu vết"
"""The column of that tab by which a row is known again wherever people sort it to."""


class Format(StrEnum):
    """How a value is shown. Each home maps a format to number format, font, colour and alignment."""

    TEXT = "text"
    WRAPPED = "wrapped"
    CENTRED = "centred"
    WHOLE = "whole"
    MONEY = "money"
    PERCENT = "percent"
    DAY = "day"
    HEADER = "header"
    TITLE = "title"
    SUBTITLE = "subtitle"
    NOTE = "note"
    STRONG = "strong"
    STRONG_WHOLE = "strong-whole"
    LINK = "link"
    ANSWER = "answer"
    """A cell that people fill in: what they type stays text."""
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: a typed value and how it is shown. Text is always text, never a formula."""

    value: str | int | float | date | None
    format: Format = Format.TEXT
    link: str | None = None
    """An address, `internal:'Tab'!A1`, or `cluster:ID#'Tab'!A1`, a cell of a cluster's spreadsheet, which each home can find."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A conditional format over a block of cells: a data bar, or a colour where the text equals one of `texts`."""

    top: int
    left: int
    bottom: int
    right: int
    kind: str
    """`bar` (0–1 as a data bar) or `text`."""
    texts: tuple[str, ...] = ()
    format: Format = Format.GOOD


@dataclass(frozen=True, slots=True)
class Chart:
    """A clustered bar chart; `series` are (name, column) over the rows `first_row`–`last_row`."""

    title: str
    row: int
    column: int
    categories_column: int
    first_row: int
    last_row: int
    series: tuple[tuple[str, int], ...]
    alt_text: str


@dataclass(frozen=True, slots=True)
class Dropdown:
    """A list to choose from, in one column over some rows. Other words are warned of, never refused: the cells are people's."""

    top: int
    bottom: int
    column: int
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TabView:
    """One tab as it should look."""

    title: str
    rows: tuple[tuple[Shown, ...], ...]
    widths: tuple[float, ...] = ()
    """In characters."""
    frozen_rows: int = 0
    frozen_columns: int = 0
    filter_row: int | None = None
    """The header row that carries the filter."""
    filter_last: int | None = None
    """The last row that the filter reaches; `None` for the last of all."""
    merges: tuple[tuple[int, int, int, int], ...] = ()
    """(top, left, bottom, right)."""
    rules: tuple[Rule, ...] = ()
    charts: tuple[Chart, ...] = ()
    landscape: bool = True
    repeat_rows: int = 0
    """Rows printed again on each page, counted from the top up to and with the header."""
    volatile_rows: tuple[int, ...] = ()
    """Rows that only say of which day all this is: where nothing else differs, no home has to write the tab anew."""
    hidden: bool = False
    tab_colour: str | None = None
    row_height: float | None = None
    """In points, for every row; `None` lets each row fit its text."""
    dropdowns: tuple[Dropdown, ...] = ()
    people_columns: tuple[int, ...] = ()
    """Columns whose cells are people's: not written where they hold already what they should, whatever is written beside them."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A whole spreadsheet."""

    title: str
    tabs: tuple[TabView, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence and a colour at one of people's cells (A1, such as ``F12``)."""

    cell: str
    text: str
    severity: str
    """`error` or `warning`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the system writes into its own two columns of one row."""

    row: int
    code: str | None
    text: str
    level: str
    """`error`, `warning` or `ok`."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one cluster is told."""

    cluster: str
    tab: str | None
    """The tab that was read; `None` where none could be."""
    header_row: int | None
    """The last row of the header, from 1."""
    columns: Mapping[Column, int] = field(default_factory=dict)
    """Where each column stands, from 1."""
    notes: tuple[Note, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    progress: TabView | None = None
    """The tab `Tiến độ`."""
