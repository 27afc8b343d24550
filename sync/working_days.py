"""Working days in Viet Nam: Monday to Friday, public holidays with Tết and the days moved for them left out."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

COUNTRY = "VN"
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Return whether offices work on that day.

    Holidays come from the library's tables: the Government's moved days are in them once it has published them, so far ahead only
    the fixed ones are.
    """
    return day.weekday() < _SATURDAY and day not in holidays.country_holidays(COUNTRY, years=day.year)


def last_working_day_before(day: date) -> date:
    """Return the last working day that is strictly earlier than ``day``."""
    earlier = day - timedelta(days=1)
    while not is_working_day(earlier):
        earlier -= timedelta(days=1)
    return earlier
