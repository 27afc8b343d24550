"""On which days a due day is reminded of.

Of several stages that have come, only the latest is sent: whoever was not reminded in time gets one mail, not four.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from sync.calendar import DueDay, due_days
from sync.plan import Plan, day_after
from sync.working_days import last_working_day_before

OPENING, WEEK = timedelta(days=30), timedelta(days=7)
LAPSE = timedelta(days=30)
"""So long after the due day units are still reminded once; then the reports and the next round speak of it."""
APART = timedelta(days=3)
"""Where holidays move the last working day this near to the reminder of the week (or before it), one of the two is enough."""


class Stage(StrEnum):
    """The occasions of a reminder."""

    OPENING = "mo-dau"
    WEEK = "bay-ngay"
    LAST = "cuoi"
    AFTER = "qua-han"


def stages(due: date) -> list[tuple[date, Stage]]:
    """Return the days from which each reminder of a due day goes out, in order."""
    last = last_working_day_before(due)
    planned = [(due - OPENING, Stage.OPENING), (due - WEEK, Stage.WEEK), (last, Stage.LAST), (day_after(due), Stage.AFTER)]
    return [(day, stage) for day, stage in planned if stage is not Stage.WEEK or last - day >= APART]


def current(plan: Plan, as_of: date, since: date = date.min) -> list[tuple[DueDay, Stage]]:
    """Return what is reminded of on this day: of each due day the stage that came last, until it lapses.

    What came before ``since`` is left out: whoever begins does not want to write to every head on the first day.
    """
    found = []
    for due in due_days(plan):
        come = [(day, stage) for day, stage in stages(due.day) if day <= as_of]
        if come and come[-1][0] >= since and as_of <= due.day + LAPSE:
            found.append((due, come[-1][1]))
    return found


def next_stage(plan: Plan, as_of: date) -> tuple[date, DueDay, Stage] | None:
    """Return the first reminder after this day; `None` where the plan has none any more."""
    later = [(day, due, stage) for due in due_days(plan) for day, stage in stages(due.day) if day > as_of]
    return min(later, key=lambda one: one[0], default=None)
