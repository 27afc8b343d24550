"""The nouns that pass between stages. Values only: frozen, no behaviour beyond what can be derived from their own fields.

Days are `datetime.date`; quantities are whole numbers; money is đồng; `row` and `column` count from 1 as people do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, make_dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


class CellError(str):
    """A formula's error as the sheet shows it, such as ``#REF!``."""

    __slots__ = ()


Cell = str | int | float | bool | datetime | date | time | timedelta
"""One cell as people left it. Empty is ``""``; an error value is a `CellError`; a date-formatted number is a date."""


class Column(StrEnum):
    """The columns of the tab `Hoạt động` (contract section 2), in their order as provisioned."""

    NUMBER = "number"
    CODE = "code"
    UNIT = "unit"
    TARGET = "target"
    NAME = "name"
    PLANNED = "planned"
    PLACE = "place"
    REGISTERED_QUANTITY = "registered_quantity"
    DONE = "done"
    DONE_QUANTITY = "done_quantity"
    CHILDREN = "children"
    BUDGET = "budget_vnd"
    EVIDENCE = "evidence"
    STATUS = "status"
    NOTE = "note"
    VERDICT = "verdict"


class Severity(StrEnum):
    """An error keeps a row, or half of it, out of the figures; a warning never does (contract section 5)."""

    ERROR = "error"
    WARNING = "warning"


class Stops(StrEnum):
    """What a finding keeps out of the figures."""

    NOTHING = "nothing"
    REGISTRATION = "registration"
    RESULT = "result"
    ROW = "row"
    CLUSTER = "cluster"


class Status(StrEnum):
    """What a unit says of its own activity."""

    REGISTERED = "registered"
    DONE = "done"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class ClusterStatus(StrEnum):
    """`ok`: read in this run. `stale`: earlier rows stand in. `failed`: could not be read, and nothing stands in."""

    OK = "ok"
    STALE = "stale"
    FAILED = "failed"


class ProgressStatus(StrEnum):
    """How a target stands against its yearly goal (contract section 6)."""

    EXCEEDED = "exceeded"
    MET = "met"
    ON_COURSE = "on-course"
    AT_RISK = "at-risk"
    MISSED = "missed"


class Compliance(StrEnum):
    """Whether a unit has handed in what it owes for a round (contract section 6)."""

    ON_TIME = "on-time"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not-due"
    NOT_REQUIRED = "not-required"


class Kind(StrEnum):
    """The two things a unit hands in for each round."""

    REGISTRATION = "registration"
    RESULTS = "results"


class Choice(StrEnum):
    """What a person may decide about a finding, or about something handed in late (`Quyết định` in the master)."""

    KEEP_BOTH = "keep-both"
    DROP = "drop"
    ACCEPT = "accept"
    EXCUSE = "excuse"


class Standing(StrEnum):
    """What has become of a decision.

    `misfit`: it does not fit what it stands beside. `contradicted`: another decision says the opposite. `fallen`: what it was made about
    is no longer so. `waiting`: the cluster has no rows at all in this run. `remark`: a reason alone, nothing decided.
    """

    IN_FORCE = "in-force"
    MISFIT = "misfit"
    CONTRADICTED = "contradicted"
    FALLEN = "fallen"
    WAITING = "waiting"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block, both corners included; rows and columns from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab, cells from A1: ``rows[0][0]`` is A1; rows may differ in length."""

    title: str
    rows: Sequence[Sequence[Cell]]
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One cluster's spreadsheet exactly as people left it."""

    cluster: str
    source: str
    """Where it came from, for people: a path or an address."""
    tabs: tuple[Tab, ...]
    fingerprint: str
    """Changes whenever the content does."""
    date_1904: bool = False
    """Serial days count from 1904 (old Macs) instead of 1900."""
    table: str = ""
    """The tab that the table stands in; empty for `Hoạt động`."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A cluster whose spreadsheet could not be read, with the sentence that says why and what to do."""

    cluster: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should put right, at the cell that must change (contract sections 3 and 5)."""

    cluster: str
    tab: str
    cell: str
    row: int
    code: str
    severity: Severity
    stops: Stops
    message: str
    """One Vietnamese sentence: what is wrong and how to put it right. Personal data masked."""
    value: str
    """What the cell shows, personal data masked."""
    suggestion: str | None = None
    """The value that would be accepted, if there is one."""
    column: Column | None = None
    other: tuple[str, int] | None = None
    """Cluster and row of the other row that it speaks of."""
    key: str = ""
    """What a person's decision about it is bound to: what the row says, not where it stands. Empty before `sync.decisions` gave one."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One row that is an activity. What could not be read is `None`; free text is as typed, personal data masked."""

    cluster: str
    tab: str
    row: int
    code: str | None
    unit: str | None
    target: int | None
    name: str | None
    planned: Period | None
    place: str | None
    registered_quantity: int | None
    done: Period | None
    done_quantity: int | None
    children: int | None
    budget_vnd: int | None
    evidence: tuple[str, ...]
    status: Status | None
    note: str | None
    counts_as_registered: bool = False
    counts_as_done: bool = False
    registered_by: str | None = None
    """The unit that registered it, where that is another than ``unit``: one name, a unit before a merger and one after it."""
    held_back: tuple[Kind, ...] = ()
    """The halves that nothing but `duplicate-row` keeps out of the figures."""
    set_aside: tuple[Kind, ...] = ()
    """The halves that a decision keeps out of the figures, though they were handed in."""

    @property
    def registering_unit(self) -> str | None:
        """The unit that the registration belongs to; the result belongs to ``unit``."""
        return self.registered_by or self.unit


ACTIVITY_FIELDS = tuple(one.name for one in fields(Activity) if one.default is MISSING)
"""What reading fills in, in the order of `Activity`; the two marks are for the rules, and `registered_by` comes behind them."""


def _of_same_fields(kind: type[Any]) -> Any:
    """Return a class of the same fields that is not frozen."""
    return make_dataclass(f"_Open{kind.__name__}", [one.name for one in fields(kind)], slots=True)


_opened: Callable[[Any], Any] = cache(_of_same_fields)


def made(kind: type[T], *values: Any) -> T:
    """Return a frozen value with slots from all its fields, in their order.

    What is frozen sets each field by a call of its own, which takes three times as long. So it is made open, and frozen then.
    """
    one = _opened(kind)(*values)
    one.__class__ = kind
    found: T = one
    return found


def made_of_columns(kind: type[T], columns: Iterable[Iterable[Any]]) -> tuple[T, ...]:
    """Return such a value for each place of the columns, which are all its fields, in their order."""
    found = tuple(map(_opened(kind), *columns))
    for one in found:
        one.__class__ = kind
    return found


def activities_of(columns: Iterable[Iterable[Any]]) -> tuple[Activity, ...]:
    """Return an activity for each place of the columns, which are the fields of `Activity`, all of them, in their order."""
    return made_of_columns(Activity, columns)


@dataclass(frozen=True, slots=True)
class Rows:
    """A cluster's activities column by column, nothing judged yet: each sequence has an entry for each activity, in the sheet's order.

    Columns, because people repeat themselves: what stands in many cells of a column is read, and judged, once.
    """

    values: Mapping[str, Sequence[Any]]
    """Field of `Activity` → its values."""
    cells: Sequence[Sequence[Cell]]
    """The whole rows as people left them."""
    filled: Sequence[frozenset[Column]]
    """Those of the columns that a rule asks for which say something; a zero or a dash in a quantity says nothing."""
    name_keys: Sequence[str]
    """The names folded for comparing, empty where there is none."""
    stopped: Mapping[int, frozenset[Stops]] = field(default_factory=dict)
    """Index → what the findings of reading keep out of the figures; most rows have none."""
    places: Mapping[int, Mapping[Column, tuple[int, int, Cell]]] = field(default_factory=dict)
    """Index → row, column and content of the cell to change where it is not in this row: the first cell of a merged block."""

    def activities(self) -> tuple[Activity, ...]:
        """Return the rows one by one."""
        marks = [False] * len(self.cells)
        return activities_of(self.judged(marks, marks, [()] * len(self.cells)))

    def judged(self, registered: Sequence[bool], done: Sequence[bool], held_back: Sequence[tuple[Kind, ...]]) -> tuple[Sequence[Any], ...]:
        """Return the fields of `Activity` as columns; the rules say what a row counts as, and what nothing but a duplicate keeps out."""
        read = (self.values[name] for name in ACTIVITY_FIELDS)
        return (*read, registered, done, self.values["registered_by"], held_back, [()] * len(self.cells))


@dataclass(frozen=True, slots=True)
class Reading:
    """One cluster's spreadsheet after normalise: rows and findings, nothing judged yet."""

    cluster: str
    source: str
    fingerprint: str
    tab: str | None = None
    header_row: int | None = None
    """The last row of the header, from 1."""
    columns: Mapping[Column, int] = field(default_factory=dict)
    """Where each column stands, from 1."""
    rows: Rows | None = None
    """`None` where nothing could be read."""
    findings: tuple[Finding, ...] = ()
    read: int = 0
    ignored: int = 0
    error: str | None = None
    """Why nothing could be read, where the table was not found or lacks a column, or the spreadsheet was skipped."""


@dataclass(frozen=True, slots=True)
class RowCount:
    """``read = counted + excluded + ignored``, always (contract section 3)."""

    read: int = 0
    counted: int = 0
    excluded: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class ClusterData:
    """What one cluster's spreadsheet came to."""

    cluster: str
    status: ClusterStatus
    source: str
    activities: tuple[Activity, ...] = ()
    findings: tuple[Finding, ...] = ()
    rows: RowCount = RowCount()
    error: str | None = None
    """Why it could not be read; `None` where status is ok."""
    tab: str | None = None
    """The tab that was read."""
    header_row: int | None = None
    """The last row of the header, from 1."""
    columns: Mapping[Column, int] = field(default_factory=dict)
    """Where each column stands, from 1."""
    fingerprint: str = ""
    data_as_of: date | None = None
    """The day of the run that read these rows; earlier than the run's own day where status is stale."""
    lost: tuple[Activity, ...] = ()
    """Where the cluster is held because it suddenly lost rows: which of the earlier ones went."""
    dropped: tuple[Finding, ...] = ()
    """One at each row that a decision keeps out of the figures: said there, and nothing to correct."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Goal, registered and done of one target in one slice (year, round, cluster or unit); quantities, never rows."""

    target: int
    goal: int | None
    registered: int
    done: int
    percent: str | None
    """`done` of `goal`, one decimal, half up in exact arithmetic, with a point: ``"57.5"``. `None` without goal."""
    missing: int | None
    projected: int
    status: ProgressStatus | None
    round: str | None = None
    cluster: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Inherited:
    """What one unit, merged or not, brings to the figures of a successor: a part of its own quantities, which stay its own."""

    unit: str
    part: int
    """In per cent; 100 for the successor itself and for whole mergers."""
    registered: int
    done: int


@dataclass(frozen=True, slots=True)
class SuccessorFigures:
    """A year's registered and done of one target on the ground that is now one unit's: its own and what those before it brought."""

    target: int
    unit: str | None
    """`None`: of parts that left the district."""
    cluster: str | None
    registered: int
    done: int
    sources: tuple[Inherited, ...]
    """They add up to ``registered`` and ``done``."""

    @property
    def is_inherited(self) -> bool:
        """Whether anything of it is another unit's."""
        return any(one.unit != self.unit and (one.registered or one.done) for one in self.sources)


@dataclass(frozen=True, slots=True)
class UnitCompliance:
    """Whether one unit has registered and reported for one round of the year."""

    unit: str
    cluster: str
    round: str
    registration: Compliance
    results: Compliance


@dataclass(frozen=True, slots=True)
class ReportingRate:
    """How many units of a cluster handed in, for one round and kind."""

    cluster: str
    round: str
    kind: Kind
    expected: int
    on_time: int
    late: int
    missing: int


@dataclass(frozen=True, slots=True)
class Late:
    """Something that a unit handed in after its day, with the day of the first run that saw it."""

    unit: str
    cluster: str
    round: str
    kind: Kind
    year: int
    due: date
    first_seen: date
    excused: bool = False
    """A person accepted it: it counts as handed in on time."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything that is added up for one year, as of one day."""

    year: int
    as_of: date
    targets: tuple[Figures, ...]
    by_round: tuple[Figures, ...]
    by_cluster: tuple[Figures, ...]
    by_unit: tuple[Figures, ...]
    """Of the unit that existed on the day of each row; history is never moved."""
    compliance: tuple[UnitCompliance, ...]
    reporting_rates: tuple[ReportingRate, ...]
    by_successor: tuple[SuccessorFigures, ...] = ()
    """The quantities of ``by_unit`` by the units that exist now, for those that others were merged into."""
    late: tuple[Late, ...] = ()
    """What was handed in late, excused or not."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as the journal remembers it. No time of day: the same run twice on a day is the same record."""

    as_of: date
    clusters_read: tuple[str, ...]
    """Ids of the clusters that could be read."""
    rows: RowCount
    errors: int
    warnings: int
    fingerprint: str
    """Of everything that was read and of the configuration."""
    version: str


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """The day of the first run that saw a counting row of this unit for this round."""

    unit: str
    year: int
    round: str
    kind: Kind
    day: date


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A `Mã HĐ` and the activity it was given to, so that it is given to the same one again."""

    code: str
    cluster: str
    unit: str | None
    target: int | None
    name_key: str
    """The name folded for comparing."""
    planned: Period | None
    done: Period | None
    row: int
    """Where it stood last."""


class MailState(StrEnum):
    """`claimed` before the send; an outcome after it. A claim without an outcome is `unknown` and never repeated by itself.

    `refused`: did not go, and is tried again by the next run. `rejected`: did not go and will not as it is (a wrong address), until a
    person settles it.
    """

    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MailRecord:
    """One message, by its key (report, round, recipient, version)."""

    key: str
    recipient: str
    subject: str
    day: date
    state: MailState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """What a report's mail told, so that the next one can say what has changed since."""

    key: str
    """Of the letter, without its recipient."""
    day: date
    year: int
    figures: tuple[tuple[int, int, int], ...]
    """Target, registered, done."""
    errors: int
    """Cells to correct."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person wrote into `Quyết định` and `Lý do` of the master, word for word, and what about."""

    key: str
    """As in `Finding`."""
    choice: str
    reason: str
    day: date
    """Of the run that first read it like this."""
    about: Finding
    """As it was last shown: the old text where the decision has fallen."""
    fallen: date | None = None
    """The day of the run that no longer found what it was made about."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision, and what has become of it."""

    decision: Decision
    standing: Standing
    sentence: str
    """For the person who decided: what the program makes of it."""
    years: frozenset[int] = frozenset()
    """The years whose figures or compliance it touches; none where it cannot be said."""


@dataclass(frozen=True, slots=True)
class Document:
    """A finished file: a report in one of its forms, or what lies beside it."""

    name: str
    media_type: str
    """Such as `text/html` or `application/pdf`."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a mail or a report."""

    cid: str
    """What the body calls it by: `<img src="cid:…">`."""
    alt: str
    """What it shows, in words, for who cannot see it."""
    png: bytes


@dataclass(frozen=True, slots=True)
class Memory:
    """What must outlive a run (design, decision 1). Lies in the master."""

    runs: tuple[RunRecord, ...] = ()
    first_seen: tuple[FirstSeen, ...] = ()
    codes: tuple[CodeEntry, ...] = ()
    mails: tuple[MailRecord, ...] = ()
    digests: tuple[DigestRecord, ...] = ()
    """The latest last."""
    last_good: Mapping[str, ClusterData] = field(default_factory=dict)
    """By cluster id: the rows of the last run that could read it, as they were before any decision."""
    decisions: tuple[Decision, ...] = ()
    """None is ever dropped before a person empties both of its cells."""
