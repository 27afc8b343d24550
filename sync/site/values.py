"""What the page's template sees: finished strings, and keys by which its script filters.

`flags` are words such as `loi chua-nop`; `clusters` and `targets` are ids, apart by spaces. They hold letters, digits and hyphens only.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.report import Link, TargetLine, TargetYears, Unread

PAGE = "theo-doi.html"
"""The page's file: always the same name, so that a bookmark stays good."""


@dataclass(frozen=True, slots=True)
class State:
    """A word and its tone: `good`, `warn`, `bad` or `plain`; each tone has a shape of its own beside its colour."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar's parts in per cent of its length, with a point: ``"57.5"``."""

    done: str
    planned: str
    """From where `done` ends."""
    goal: str
    """Where the goal is; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the few figures that the page begins with."""

    label: str
    value: str
    note: str
    tone: str
    section: str
    """Id of the section that has it all."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The figures of one target in one cluster or unit, or of one cluster in a target."""

    label: str
    anchor: str
    """Id of the place on the page that the label leads to; empty for none."""
    goal: str
    registered: str
    done: str
    missing: str
    state: State | None


@dataclass(frozen=True, slots=True)
class SiteTarget:
    """One target with all that is known of it."""

    line: TargetLine
    state: State | None
    """`None` in a year without goals."""
    bar: Bar
    parts: tuple[FigureRow, ...]
    """Cluster by cluster."""
    clusters: str
    flags: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that units hand in."""

    name: str
    due: str
    """`30/01`."""


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """How a unit stands with a duty."""

    name: str
    state: State


@dataclass(frozen=True, slots=True)
class SiteActivity:
    """One row of a unit. Personal data masked; links lead to http(s) only."""

    code: str
    target: str
    name: str
    planned: str
    registered: str
    done: str
    done_quantity: str
    evidence: tuple[Link, ...]
    no_evidence: str
    state: State


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell to put right. Personal data masked."""

    cell: str
    tab: str
    state: State
    what: str
    unit: str
    target: str
    """Number of the row's target; empty where it is not known."""
    flags: str


@dataclass(frozen=True, slots=True)
class SiteUnit:
    """One unit: what it did, what it owes."""

    anchor: str
    name: str
    note: str
    """That it exists for a part of the time only; empty for most."""
    duties: tuple[UnitDuty, ...]
    figures: tuple[FigureRow, ...]
    activities: tuple[SiteActivity, ...]
    counted: str
    """`04 hoạt động`."""
    more: str
    """How many are not listed and where they are; empty where all are."""
    missing: str
    """`02 lượt chưa nộp`; empty where it owes nothing."""
    wrong: str
    """`02 lỗi, 01 chỗ cần xem lại`; empty where nothing is."""
    corrections: tuple[Correction, ...]
    """Of its own rows, as many as the page lists of a unit."""
    flags: str


@dataclass(frozen=True, slots=True)
class SiteCluster:
    """One cluster."""

    id: str
    anchor: str
    name: str
    address: str
    """Where its spreadsheet can be opened by a link; empty where it is a file."""
    fresh: State
    """Whether its spreadsheet was read, or of which day its rows are."""
    why: str
    """Why it was not read; empty where it was."""
    counted: str
    """`18 đơn vị`."""
    wrong: str
    missing: str
    """`03 lượt chưa nộp`; empty where nobody owes anything."""
    figures: tuple[FigureRow, ...]
    units: tuple[SiteUnit, ...]
    targets: str
    flags: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How units handed in what was due on one day; empty text for nobody."""

    sentence: str
    late: str
    """`03 đơn vị: A; B; C`."""
    missing: str


@dataclass(frozen=True, slots=True)
class HandedInRow:
    """A unit's state with each duty."""

    unit: str
    anchor: str
    states: tuple[State, ...]
    flags: str


@dataclass(frozen=True, slots=True)
class HandedInGroup:
    """The units of one cluster that owe anything in the year."""

    id: str
    cluster: str
    targets: str
    rows: tuple[HandedInRow, ...]


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One dated obligation."""

    day: str
    iso: str
    title: str
    state: State
    reminders: str
    is_next: bool


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The obligations of one year."""

    year: str
    is_open: bool
    """Whether the page shows it without being asked."""
    counted: str
    entries: tuple[CalendarEntry, ...]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is to be put right in one cluster's spreadsheet."""

    id: str
    cluster: str
    address: str
    counted: str
    why: str
    """Why the whole spreadsheet was not read; empty where it was, or where a cell says it."""
    rows: tuple[Correction, ...]
    more: str
    flags: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a filter's list."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class SiteView:
    """Everything that the page's template may use."""

    organization: str
    plan: str
    year: str
    as_of: str
    iso: str
    completeness: str
    year_note: str
    unread: tuple[Unread, ...]
    mark_note: str
    headlines: tuple[Headline, ...]
    targets: tuple[SiteTarget, ...]
    round_names: tuple[str, ...]
    clusters: tuple[SiteCluster, ...]
    duties: tuple[Duty, ...]
    handed_in: tuple[HandedIn, ...]
    states: tuple[HandedInGroup, ...]
    calendar: tuple[CalendarYear, ...]
    unsettled: str
    """How many messages wait for a person; empty where none do."""
    corrections: tuple[Corrections, ...]
    quality: tuple[str, ...]
    decisions: tuple[str, ...]
    year_names: tuple[str, ...]
    history: tuple[TargetYears, ...]
    """Of every year of the plan; empty in its first."""
    cluster_choices: tuple[Choice, ...]
    target_choices: tuple[Choice, ...]
    trace: str
