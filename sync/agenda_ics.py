"""The agenda as iCalendar (RFC 5545), for people's own calendars; an entry keeps its identity, so importing twice makes no copies."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from sync.agenda import Agenda, Entry

WARNING = timedelta(days=-7)
"""A calendar reminds people so long before a due day of the units."""


def agenda_ics(agenda: Agenda, name: str) -> str:
    """Return the calendar file's text; whole-day events, the same bytes for the same agenda."""
    calendar = Calendar()
    calendar.add("prodid", "-//donghanh//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for one in agenda.entries:
        calendar.add_component(_event(one, agenda))
    return str(calendar.to_ical(), "utf-8").replace("\r\n", "\n")


def _event(one: Entry, agenda: Agenda) -> Event:
    event = Event()
    event.add("uid", f"{one.key.replace('/', '-')}@donghanh")
    event.add("dtstamp", datetime.combine(agenda.as_of, time(), UTC))
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", one.title)
    event.add("transp", "TRANSPARENT")
    if one.kind != "report":
        event.add_component(_alarm(one.title))
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", WARNING)
    return alarm
