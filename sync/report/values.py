"""What templates see: finished strings only, but for the day of the figures and the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sync.settings_values import ReportForm

MARK = "(*)"
"""Stands at every figure that a cluster without fresh data touches."""


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target: its sentences for section II, its cells for annex I."""

    number: str
    name: str
    short_name: str
    measure: str
    goal: str
    registered: str
    rounds: tuple[str, ...]
    """Done in each round of the year; a dash for a round that has not begun."""
    done: str
    percent: str
    missing: str
    assessment: str
    tone: str
    """`good`, `warn`, `bad` or `plain`, for the colour on a screen."""
    mark: str
    """`(*)` where a cluster without fresh data touches the figures, else nothing."""
    sentence: str
    remarks: tuple[str, ...]
    """What has to be said beside the figures: parts without owner, clusters whose data are not fresh."""
    registered_rounds: tuple[str, ...] = ()
    """Registered for each round of the year; a dash where nothing is there and the round's day has not passed."""
    unregistered: str = ""
    """How much of the goal nobody has registered; a dash where the year has no goal."""
    registered_by: str = ""
    """Which clusters registered how much; a dash where none did."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """How one cluster, one year or all together handed in: four cells for each duty of the table."""

    cluster: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueTable:
    """Who handed in what for one round, or in each year."""

    round: str
    duties: tuple[str, ...]
    rows: tuple[DueRow, ...]
    total: DueRow
    head: str = "Khu vực, khối"
    """What the rows are."""


@dataclass(frozen=True, slots=True)
class Arrears:
    """The units that are late with one duty or still owe it; empty text for nobody."""

    what: str
    late: str
    missing: str
    late_short: str
    """At most `NAMES_IN_MAIL` names."""
    missing_short: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A cluster without fresh data."""

    cluster: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of evidence: shown as a link, never as a picture."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One counted activity of annex II; a half that does not count has dashes. Personal data masked."""

    number: str
    unit: str
    target: str
    name: str
    planned: str
    registered: str
    done: str
    done_quantity: str
    evidence: tuple[Link, ...]
    no_evidence: str
    """What stands where there is no link: `chưa có` for a result without one, a dash where there is no result."""


@dataclass(frozen=True, slots=True)
class ActivityGroup:
    """The counted activities of one cluster."""

    cluster: str
    """With `(*)` where its data are not fresh."""
    counted: str
    rows: tuple[ActivityLine, ...]
    more: str
    """How many are not listed and where they are; empty where all are."""


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One cell to correct. Personal data masked."""

    tab: str
    cell: str
    severity: str
    what: str


@dataclass(frozen=True, slots=True)
class CorrectionGroup:
    """What is to be corrected in one cluster's spreadsheet."""

    cluster: str
    counted: str
    rows: tuple[CorrectionLine, ...]
    more: str
    """How many are not listed and where they are; empty where all are."""


@dataclass(frozen=True, slots=True)
class SettledLine:
    """One decision in force. Personal data masked."""

    number: str
    cluster: str
    place: str
    """Tab and cell; a dash for what was handed in late."""
    what: str
    choice: str
    reason: str
    day: str


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What one target came to in one year."""

    done: str
    percent: str


@dataclass(frozen=True, slots=True)
class TargetYears:
    """One target through the years of the plan."""

    number: str
    name: str
    measure: str
    goal: str
    """Of each measured year."""
    years: tuple[YearFigures, ...]
    total: str
    """Of all years; one target's own quantity, never added to another's."""
    met: str
    """In how many of the closed years the goal was reached: `02/04`."""
    mark: str
    sentence: str
    trend: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusterYears:
    """What one cluster did for one target, year by year."""

    cluster: str
    target: str
    measure: str
    years: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeirLine:
    """What one target came to on the ground that is now one unit's."""

    unit: str
    target: str
    measure: str
    registered: str
    done: str
    sources: str
    """Which unit did how much of it: `Đoàn phường An Lạc A 02; Đoàn phường Tân Tạo (40%) 01`."""


@dataclass(frozen=True, slots=True)
class ChartTarget:
    """One target of a year as plain numbers in its own measure, for the charts."""

    number: str
    name: str
    measure: str
    mark: str
    goal: int | None
    registered: int
    done: int
    percent: str | None
    """As in `Figures`: ``"57.5"``."""
    steps: tuple[tuple[date, int], ...]
    """Each day on which something was done, with all that was done by its end."""


@dataclass(frozen=True, slots=True)
class YearChart:
    """One year as plain numbers, for the charts."""

    year: int
    first: date
    last: date
    """First and last day that count for the year."""
    until: date
    """The day to which the figures reach."""
    due: tuple[date, ...]
    """Days by which results were or are due."""
    registration: bool
    """Whether the report tells of registrations and never of results."""
    targets: tuple[ChartTarget, ...]


@dataclass(frozen=True, slots=True)
class ChartYear:
    """One year of a target: a goal of `None` is none, ``over`` says whether the year has closed."""

    year: int
    goal: int | None
    done: int
    over: bool


@dataclass(frozen=True, slots=True)
class ChartTargetYears:
    """One target through the years as plain numbers, for the charts."""

    number: str
    name: str
    measure: str
    mark: str
    years: tuple[ChartYear, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a template may use."""

    kind: str
    title: str
    subject: str
    year: str
    as_of: str
    as_of_day: date
    """The same day as a value: what files say of when they were made."""
    place_and_day: str
    form: ReportForm
    opening: str
    completeness: str
    handed_in: tuple[str, ...]
    due_tables: tuple[DueTable, ...]
    arrears: tuple[Arrears, ...]
    targets: tuple[TargetLine, ...]
    round_names: tuple[str, ...]
    unread: tuple[Unread, ...]
    mark_note: str
    """What `(*)` means here; empty where every cluster was read."""
    facts: tuple[str, ...]
    quality: tuple[str, ...]
    decisions: tuple[str, ...]
    trace: str
    year_note: str = ""
    """What has to be known of the year: without goals, not over yet, closed; empty where nothing."""
    by_round: tuple[str, ...] = ()
    """A sentence a round: what was done in it."""
    activities: tuple[ActivityGroup, ...] = ()
    corrections: tuple[CorrectionGroup, ...] = ()
    settled: tuple[SettledLine, ...] = ()
    """What people decided about single rows and late hand-ins, as far as it holds."""
    settled_note: str = ""
    """How many are not listed, how many have fallen; empty where neither."""
    year_names: tuple[str, ...] = ()
    """Heads of the columns of `history`; the last year with its cut-off where it is not over."""
    history: tuple[TargetYears, ...] = ()
    cluster_history: tuple[ClusterYears, ...] = ()
    year_chart: YearChart | None = None
    """What the charts of one year are drawn from; `None` in a final review."""
    heirs: tuple[HeirLine, ...] = ()
    """A year's figures by the units that exist now; empty where none was merged."""
    history_chart: tuple[ChartTargetYears, ...] = ()
    """What the chart of a final review is drawn from."""
