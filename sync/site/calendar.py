"""The dated obligations of the plan, year by year. Who was written to is not told: addresses stay out of the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sync.agenda import Agenda, Entry, Standing
from sync.prose import count
from sync.prose import day as day_of
from sync.site.values import CalendarEntry, CalendarYear, State

_STATES = {
    Standing.PAST: State("Đã qua", "plain"), Standing.SENT: State("Đã gửi", "good"), Standing.UNKNOWN: State("Không rõ đã gửi chưa", "bad"),
    Standing.REJECTED: State("Bị từ chối", "bad"), Standing.WAITING: State("Đang đợi bảng chưa đọc được", "warn"),
    Standing.UNSENT: State("Chưa gửi, gửi ở lần chạy tới", "warn"), Standing.SUPERSEDED: State("Không gửi nữa, đã có báo cáo sau", "plain"),
    Standing.BEFORE: State("Trước lần chạy đầu tiên", "plain"), Standing.LAPSED: State("Không gửi", "plain"),
    Standing.NEXT: State("Sắp tới", "good"), Standing.PLANNED: State("Chưa đến ngày", "plain"),
}  # fmt: skip


def calendar(agenda: Agenda) -> Iterator[CalendarYear]:
    """Yield the years in order; open are the one of the day and the one of what comes next."""
    for year, listed in groupby(agenda.entries, key=lambda one: one.day.year):
        entries = tuple(_entry(one) for one in listed)
        is_open = year == agenda.as_of.year or any(one.is_next for one in entries)
        yield CalendarYear(str(year), is_open, f"{count(len(entries))} mốc", entries)


def unsettled(agenda: Agenda) -> str:
    """Return how many messages wait for whoever runs the program."""
    number = len(agenda.unsettled)
    return f"Có {count(number)} thư chưa rõ đã đi hay bị từ chối: người vận hành xem bằng lệnh «donghanh mail list»." if number else ""


def _entry(one: Entry) -> CalendarEntry:
    return CalendarEntry(
        day=f"{one.day:%d/%m/%Y}",
        iso=one.day.isoformat(),
        title=one.title,
        state=_STATES[one.state],
        reminders="; ".join(f"{day_of(item.day)}: đã gửi {count(item.mails)} thư" for item in one.reminders if item.mails),
        is_next=one.state is Standing.NEXT,
    )
