"""What `due` tells: every obligation, what became of it, what a person has to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import icalendar
import pytest

from sync.agenda import Agenda, Entry, Standing, agenda
from sync.agenda_ics import agenda_ics
from sync.journal import with_mail
from sync.model import MailRecord, MailState, Memory, RowCount, RunRecord
from sync.organization import Head
from sync.settings_values import MailSettings, Recipient, Settings
from tests.district import organization, plan
from tests.paper import FORM

TO = Recipient("Ban Thường vụ", "btv@example.org")
EVERY = ("phuong", "khoi", "trung-tam")


def settings() -> Settings:
    """Return the test district with its final review, one recipient, and heads for 2024."""
    clusters = tuple(replace(one, heads=(Head(2024, "A", f"{one.id}@example.org"),)) for one in organization().clusters)
    district = replace(organization(), clusters=clusters)
    return Settings(replace(plan(), final_review=date(2028, 4, 15)), district, FORM, MailSettings(TO, (TO,)))


def ran(*days: date, read: tuple[str, ...] = EVERY) -> Memory:
    """Return a memory of runs on these days that read these clusters."""
    return Memory(runs=tuple(RunRecord(day, read, RowCount(), 0, 0, "f", "1") for day in days))


def mailed(memory: Memory, key: str, state: MailState, to: str = TO.email) -> Memory:
    """Return the memory with the fate of one message."""
    return with_mail(memory, MailRecord(f"{key}/v1/{to}", to, "Thư", date(2024, 6, 1), state))


def entry(told: Agenda, key: str) -> Entry:
    """Return the one obligation of this key."""
    return next(one for one in told.entries if one.key == key)


def standing(memory: Memory, as_of: date, key: str = "ket-qua/2024/dot-1") -> Standing:
    """Return how a letter stands."""
    return entry(agenda(settings(), memory, as_of), key).state


BEGAN = ran(date(2024, 4, 1))


@pytest.mark.parametrize(
    ("memory", "as_of", "state"),
    [
        (Memory(), date(2024, 5, 30), Standing.PLANNED),
        (Memory(), date(2024, 6, 1), Standing.UNSENT),
        (BEGAN, date(2024, 6, 1), Standing.UNSENT),
        (mailed(BEGAN, "ket-qua/2024/dot-1", MailState.SENT), date(2024, 6, 1), Standing.SENT),
        (mailed(BEGAN, "ket-qua/2024/dot-1", MailState.SENT), date(2025, 1, 1), Standing.SENT),
        (mailed(BEGAN, "ket-qua/2024/dot-1", MailState.UNKNOWN), date(2024, 6, 1), Standing.UNKNOWN),
        (mailed(BEGAN, "ket-qua/2024/dot-1", MailState.UNKNOWN), date(2025, 1, 1), Standing.UNKNOWN),
        (mailed(BEGAN, "ket-qua/2024/dot-1", MailState.REJECTED), date(2024, 6, 1), Standing.REJECTED),
        (mailed(BEGAN, "ket-qua/2024/dot-1", MailState.REFUSED), date(2024, 6, 1), Standing.UNSENT),
        (BEGAN, date(2024, 12, 2), Standing.SUPERSEDED),
        (ran(date(2024, 12, 5)), date(2024, 12, 6), Standing.BEFORE),
        (ran(date(2024, 4, 1), date(2024, 6, 1), read=("khoi",)), date(2024, 6, 1), Standing.WAITING),
        (ran(date(2024, 4, 1), date(2024, 6, 1), read=("khoi",)), date(2024, 6, 3), Standing.UNSENT),
    ],
)
def test_every_fate_of_a_letter_has_a_name(memory: Memory, as_of: date, state: Standing):
    """Planned, unsent, sent, unknown, rejected, superseded, from before, waiting: nothing is passed over."""
    assert standing(memory, as_of) is state


def test_the_next_obligation_is_marked_once():
    """Of all that is to come the first is `next`."""
    told = agenda(settings(), BEGAN, date(2024, 5, 25))
    assert [one.key for one in told.entries if one.state is Standing.NEXT] == ["2024/dot-1/results"]
    after = [one.day for one in told.entries if one.state is Standing.PLANNED]
    assert min(after) >= date(2024, 5, 31)


def test_all_of_the_plan_is_there_in_order():
    """16 due days, 21 letters, the final review last."""
    told = agenda(settings(), Memory(), date(2024, 1, 1))
    assert [one.day for one in told.entries] == sorted(one.day for one in told.entries)
    assert [sum(one.kind == kind for one in told.entries) for kind in ("registration", "results", "report")] == [8, 8, 21]
    assert told.entries[-1].title == "Báo cáo tổng kết kế hoạch"


def test_reminders_stand_beside_their_due_day():
    """Those that went with their number, one whose time went by, one that is due, those to come."""
    memory = mailed(
        mailed(BEGAN, "nhac/2024/dot-1/results/bay-ngay", MailState.SENT, "a@example.org"),
        "nhac/2024/dot-1/results/bay-ngay",
        MailState.SENT,
        "b@example.org",
    )
    found = entry(agenda(settings(), memory, date(2024, 5, 29)), "2024/dot-1/results").reminders
    assert [(one.stage.value, one.state, one.mails) for one in found] == [
        ("mo-dau", Standing.LAPSED, 0),
        ("bay-ngay", Standing.SENT, 2),
        ("cuoi", Standing.UNSENT, 0),
        ("qua-han", Standing.PLANNED, 0),
    ]


def test_what_a_person_has_to_settle_is_listed_and_who_cannot_be_reminded():
    """Unknown and rejected messages; the years ahead without heads, never the years gone by."""
    told = agenda(settings(), mailed(BEGAN, "ket-qua/2024/dot-1", MailState.UNKNOWN), date(2025, 2, 1))
    assert [mail.key for mail in told.unsettled] == ["ket-qua/2024/dot-1/v1/btv@example.org"]
    assert [year for year, _ in told.without_head] == [2025, 2026, 2027, 2028]
    assert agenda(replace(settings(), mail=replace(settings().mail, reminders=False)), BEGAN, date(2025, 2, 1)).without_head == ()


def test_the_calendar_file_can_be_read_by_others_and_keeps_its_identities():
    """Whole days, one identity each, a warning a week before a due day; the same bytes each time."""
    told = agenda(settings(), BEGAN, date(2024, 5, 1))
    text = agenda_ics(told, "Quận Đoàn")
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) == len(told.entries)
    first = events[0]
    assert (first["DTSTART"].dt, str(first["SUMMARY"])) == (date(2024, 5, 30), "Hạn báo cáo kết quả đợt 1 năm 2024")
    assert [bool(event.walk("VALARM")) for event in events[:2]] == [True, False]
    assert agenda_ics(told, "Quận Đoàn") == text
