"""Every dated obligation of the plan with what became of it: the units' due days, the committee's letters, the reminders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sync.calendar import REGISTRATIONS, RESULTS, REVIEW, SUPPLEMENT, Occasion, due_days, occasions, owed
from sync.journal import UNSETTLED
from sync.model import MailRecord, MailState, Memory
from sync.organization import Cluster
from sync.reminders import Stage, current, stages
from sync.settings_values import Settings
from sync.vietnamese import KIND

LETTERS = {REGISTRATIONS: "Báo cáo đăng ký", RESULTS: "Báo cáo kết quả", SUPPLEMENT: "Báo cáo bổ sung cả"}


class Standing(StrEnum):
    """What became of an obligation."""

    PAST = "past"
    """A due day that has gone by."""
    SENT = "sent"
    UNKNOWN = "unknown"
    """Nobody knows whether the mail went: `donghanh mail settle`."""
    REJECTED = "rejected"
    """The server turned an address away for good: `donghanh mail settle`."""
    WAITING = "waiting"
    """Due, and waiting for a cluster that the last run could not read."""
    UNSENT = "unsent"
    """Due: goes out with the next run."""
    SUPERSEDED = "superseded"
    """Never went, and a later one has taken its place."""
    BEFORE = "before"
    """Fell due before the first run."""
    LAPSED = "lapsed"
    """A reminder whose time went by without one: nothing was owed, or no run came."""
    NEXT = "next"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Reminding:
    """One reminder of a due day."""

    day: date
    stage: Stage
    state: Standing
    mails: int
    """So many went out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation: a due day of the units (``kind`` `registration` or `results`) or a letter to the committee (`report`)."""

    day: date
    """The due day; of a letter, the first day on which it goes out."""
    kind: str
    key: str
    title: str
    state: Standing
    mails: tuple[MailRecord, ...] = ()
    reminders: tuple[Reminding, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """The plan's calendar as of a day."""

    as_of: date
    entries: tuple[Entry, ...]
    unsettled: tuple[MailRecord, ...]
    """For a person to settle."""
    without_head: tuple[tuple[int, tuple[str, ...]], ...]
    """Year → clusters that owe something in it and have nobody to be reminded, for the years with a due day still ahead."""


def agenda(settings: Settings, memory: Memory, as_of: date) -> Agenda:
    """Return the calendar, in order of days; ``memory`` is the master's."""
    entries = sorted([*_due_days(settings, memory, as_of), *_letters(settings, memory, as_of)], key=lambda one: (one.day, one.key))
    first = next((index for index, one in enumerate(entries) if one.state is Standing.PLANNED), None)
    told = [_as_next(one) if index == first else one for index, one in enumerate(entries)]
    unsettled = tuple(mail for mail in memory.mails if mail.state in UNSETTLED)
    return Agenda(as_of, tuple(told), unsettled, tuple(_without_head(settings, as_of)))


def _as_next(one: Entry) -> Entry:
    return Entry(one.day, one.kind, one.key, one.title, Standing.NEXT, one.mails, one.reminders)


def _due_days(settings: Settings, memory: Memory, as_of: date) -> Iterator[Entry]:
    since = memory.runs[0].as_of if memory.runs else as_of
    now = {(due.key, stage) for due, stage in current(settings.plan, as_of, since)}
    for due in due_days(settings.plan):
        title = f"Hạn {KIND[due.kind].lower()} {due.round.name.lower()} năm {due.year}"
        listed = []
        for day, stage in stages(due.day) if settings.mail.reminders else ():
            sent = sum(mail.key.startswith(f"nhac/{due.key}/{stage.value}/") and mail.state is MailState.SENT for mail in memory.mails)
            listed.append(Reminding(day, stage, _reminded(sent, day, as_of, is_now=(due.key, stage) in now), sent))
        state = Standing.PAST if due.day < as_of else Standing.PLANNED
        yield Entry(due.day, due.kind.value, due.key, title, state, reminders=tuple(listed))


def _reminded(sent: int, day: date, as_of: date, *, is_now: bool) -> Standing:
    if sent:
        return Standing.SENT
    if day > as_of:
        return Standing.PLANNED
    return Standing.UNSENT if is_now else Standing.LAPSED


def _letters(settings: Settings, memory: Memory, as_of: date) -> Iterator[Entry]:
    since = memory.runs[0].as_of if memory.runs else as_of
    wanted = {one.key for one in owed(settings.plan, as_of, since)}
    for one in occasions(settings.plan):
        mails = tuple(mail for mail in memory.mails if mail.key.startswith(f"{one.key}/"))
        state = _state(one, mails, settings, memory, as_of) if one.key in wanted else _closed(one, mails, as_of, since)
        yield Entry(one.owed, "report", one.key, _title(one), state, mails)


def _title(one: Occasion) -> str:
    if one.series == REVIEW:
        return "Báo cáo tổng kết kế hoạch"
    words = [
        LETTERS[one.series],
        one.round.name.lower() if one.round else "",
        f"năm {one.year}",
        "và báo cáo năm" if len(one.kinds) > 1 else "",
    ]
    return " ".join(word for word in words if word)


def _state(one: Occasion, mails: Sequence[MailRecord], settings: Settings, memory: Memory, as_of: date) -> Standing:
    """Return how a letter stands that is owed now."""
    states = {mail.key: mail.state for mail in mails}
    of_all = [states.get(f"{one.key}/v1/{to.email.lower()}") for to in settings.mail.owed_a_letter(one.owed, begun=bool(mails))]
    for bad, told in ((MailState.UNKNOWN, Standing.UNKNOWN), (MailState.REJECTED, Standing.REJECTED)):
        if bad in of_all:
            return told
    if all(state is MailState.SENT for state in of_all):
        return Standing.SENT
    return Standing.WAITING if _waits(one, mails, settings, memory, as_of) else Standing.UNSENT


def _waits(one: Occasion, mails: Sequence[MailRecord], settings: Settings, memory: Memory, as_of: date) -> bool:
    if mails or not memory.runs or as_of >= one.owed + timedelta(days=settings.mail.wait_days):
        return False
    last = memory.runs[-1]
    asked = sum(cluster.has_begun(last.as_of) for cluster in settings.organization.clusters)
    return last.as_of >= one.owed and len(last.clusters_read) < asked


def _closed(one: Occasion, mails: Sequence[MailRecord], as_of: date, since: date) -> Standing:
    """Return how a letter stands that is not owed now: still to come, or gone by."""
    if one.owed > as_of:
        return Standing.PLANNED
    states = {mail.state for mail in mails}
    if MailState.UNKNOWN in states:
        return Standing.UNKNOWN
    if MailState.SENT in states:
        return Standing.SENT
    return Standing.BEFORE if one.owed <= since else Standing.SUPERSEDED


def _without_head(settings: Settings, as_of: date) -> Iterator[tuple[int, tuple[str, ...]]]:
    coming = [due for due in due_days(settings.plan) if due.day >= as_of] if settings.mail.reminders else []
    for year in sorted({due.year for due in coming}):
        days = [due.day for due in coming if due.year == year]
        lacking = [one.name for one in settings.organization.clusters if any(one.owes.values()) and _lacks_head(one, days)]
        if lacking:
            yield year, tuple(lacking)


def _lacks_head(cluster: Cluster, days: Sequence[date]) -> bool:
    return any(cluster.life.has(day) and cluster.head_on(day) is None for day in days)
