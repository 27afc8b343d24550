"""Dates as people type them (contract section 4): days first, always; a date is a period.

The words are first written as signs, so that the grammar below stays small:
``từ ngày 12 đến 15 tháng 3 năm 2024`` becomes ``12 > 15/3/2024``, ``tháng 3/2024`` becomes ``m3/2024``.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from sync.model import Cell, Period
from sync.normalise.reading import Problem, Read, unreadable
from sync.text import clean

EPOCH_1900 = date(1899, 12, 30)
DAYS_BETWEEN_EPOCHS = 1462
FIRST_SERIAL, LAST_SERIAL = 36526, 73050
"""1 January 2000 and 31 December 2099: numbers outside are no days of any plan, but typing errors such as 2024."""

_YEAR = r"(20\d\d|\d\d)"
_LONG_YEAR = r"(20\d\d)"
_DAY = re.compile(rf"(\d{{1,2}})\s*([/.\-])\s*(\d{{1,2}})\s*\2\s*{_YEAR}")
_DAY_MIXED = re.compile(rf"(\d{{1,2}})()\s*[/.]\s*(\d{{1,2}})\s*[/.,\- ]\s*{_LONG_YEAR}")
_ISO_DAY = re.compile(rf"{_LONG_YEAR}\s*([/.\-])\s*(\d{{1,2}})\s*\2\s*(\d{{1,2}})")
_SHORT_DAY = re.compile(r"(\d{1,2})(?:\s*[/\-]\s*|\.)(\d{1,2})")
_BARE_DAY = re.compile(r"\d{1,2}")
_MONTH = re.compile(rf"m?\s*(\d{{1,2}})\s*[/.\- ]\s*{_LONG_YEAR}")
_SHORT_MONTH = re.compile(r"m\s*(\d{1,2})")
_BARE_MONTH = re.compile(r"m?\s*(\d{1,2})")
_WEEK = re.compile(r"tuan\s*(?:thu\s*)?(\d|i{1,3}|iv|v)\s*[,\-/]?\s*(?:cua\s*|trong\s*)?(m.*)")
_QUARTER = re.compile(rf"(?:quy|qui|q)\s*([1-4]|i{{1,3}}|iv)(?:\s*[/.\- ]\s*{_LONG_YEAR})?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}

_NO_DAY = r"(?!\d|\s*(?:[/.]\s*\d|-\d{1,2}-|thang))"
_NO_DAYS = rf"{_NO_DAY}(?!\s*-\s*\d{{1,2}}\s*[/.])"
"""Behind minutes: `8h 15/3` and `8 giờ 15 tháng 3` are eight o'clock on the fifteenth, `8h 12-15/3` on the twelfth and later."""
_TIME = re.compile(
    rf"\b\d{{1,2}}\s*(?::\d{{2}}(?::\d{{2}}(?:\.\d+)?)?z?|(?:h|g)\d{{2}}{_NO_DAY}|(?:h|g)\s\d{{2}}{_NO_DAYS}|(?:h|g)|gio(?:\s*\d{{1,2}}{_NO_DAYS}(?:\s*phut)?)?)(?!\w)"
)
_WEEKDAY = re.compile(r"^(?:(?:thu\s*(?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b[\s,.:\-]*|(?:t[2-7]|cn)(?:\s*,\s*|\s+(?=ngay)))")
_FILLER = re.compile(r"\b(?:ngay|tu|luc|vao|buoi|sang|chieu|toi(?=\s*(?:,|ngay|$))|trua)\b")
_EVENING = re.compile(r"\btối\b")
"""Looked for with its accent: without it, it is `tới`, until."""
_UNTIL = re.compile(r"\s*(?:\bden(?:\s+het)?\b|\btoi\b|[–—→~]|->)\s*")
_EDGES = " ,;.-"


@lru_cache(maxsize=65_536)
def _read_text(text: str, year: int) -> Read[Period]:
    signs = _as_signs(text)
    if signs.isdecimal() and len(signs) == 5:
        return _read_serial(int(signs))
    for candidate in _grammar(signs, year):
        if candidate is not None:
            return candidate
    return unreadable("bad-date", suggestion=_swapped(signs, year))


def read_date(cell: Cell, year: int, *, date_1904: bool = False) -> Read[Period]:
    """Return the period that a cell of a date column means.

    ``year`` stands in where none was typed (warning `assumed-year`); serial days count from 1900, or 1904 if ``date_1904``.
    """
    if isinstance(cell, datetime):
        return _one_day(cell.date())
    if isinstance(cell, str):
        shown = clean(cell)
        return _read_text(shown, year) if shown else Read(filled=False)
    if isinstance(cell, date):
        return _one_day(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _read_serial(cell + (DAYS_BETWEEN_EPOCHS if date_1904 else 0))
    return unreadable("bad-date")


@lru_cache(maxsize=8_192)
def _one_day(day: date) -> Read[Period]:
    return Read(Period(day, day)) if 2000 <= day.year < 2100 else unreadable("bad-date")


def _read_serial(serial: float) -> Read[Period]:
    if not FIRST_SERIAL <= serial < LAST_SERIAL + 1:
        return unreadable("bad-date")
    return _one_day(EPOCH_1900 + timedelta(days=int(serial)))


def _as_signs(text: str) -> str:
    letters = unicodedata.normalize("NFD", _EVENING.sub(" ", text.lower()))
    bare = "".join(c for c in letters if not unicodedata.combining(c)).replace("đ", "d")
    bare = re.sub(r"(?<=\d)t(?=\d\d:)", " ", bare)
    bare = _TIME.sub(" ", _WEEKDAY.sub("", bare))
    bare = _FILLER.sub(" ", bare)
    bare = _UNTIL.sub(">", bare)
    bare = re.sub(r"\s*\bthang\s*(?=\d)", "m", bare)
    bare = re.sub(r"\bt\s?(?=\d{1,2}\s*(?:[/.\->]|$))", "m", bare)
    if not bare.lstrip().startswith("tuan"):
        bare = re.sub(r"(?<=\d)\s*m(?=\d)", "/", bare)
    bare = re.sub(r"\s*,?\s*\bnam\s*(?=\d)", "/", bare)
    return re.sub(r"\s+", " ", bare).strip(_EDGES)


def _grammar(signs: str, year: int) -> Iterator[Read[Period] | None]:
    yield _week(signs, year)
    yield _quarter(signs, year)
    yield _single(signs, year)
    yield _range(signs, year)


def _single(signs: str, year: int) -> Read[Period] | None:
    day = _full_day(signs)
    if day:
        return _one_day(day)
    month = _month(signs, year)
    if month:
        return month
    return _short_day(signs, year)


def _full_day(signs: str) -> date | None:
    for pattern in (_DAY, _DAY_MIXED):
        if found := pattern.fullmatch(signs):
            return _calendar_day(found[4], found[3], found[1])
    if found := _ISO_DAY.fullmatch(signs):
        return _calendar_day(found[1], found[3], found[4])
    return None


def _short_day(signs: str, year: int) -> Read[Period] | None:
    found = _SHORT_DAY.fullmatch(signs)
    day = found and _calendar_day(year, found[2], found[1])
    return Read(Period(day, day), (Problem("assumed-year", f"{day:%d/%m/%Y}"),)) if day else None


def _month(signs: str, year: int) -> Read[Period] | None:
    if found := _MONTH.fullmatch(signs):
        return _months(int(found[2]), int(found[1]), int(found[1]))
    if found := _SHORT_MONTH.fullmatch(signs):
        return _months(year, int(found[1]), int(found[1]), assumed=True)
    return None


def _months(year: int, first: int, last: int, *, assumed: bool = False) -> Read[Period] | None:
    if not 1 <= first <= last <= 12:
        return None
    period = Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
    return _imprecise(period, assumed=assumed)


def _imprecise(period: Period, *, assumed: bool) -> Read[Period]:
    problems = [Problem("imprecise-date")]
    if assumed:
        problems.append(Problem("assumed-year"))
    return Read(period, tuple(problems))


def _week(signs: str, year: int) -> Read[Period] | None:
    found = _WEEK.fullmatch(signs)
    month = found and _month(found[2].strip(_EDGES), year)
    if not (found and month and month.value):
        return None
    number = _ROMAN.get(found[1]) or int(found[1])
    first, last_of_month = 7 * number - 6, month.value.end.day
    if number < 1 or first > last_of_month:
        return None
    last = min(7 * number, last_of_month)
    return Read(Period(month.value.start.replace(day=first), month.value.start.replace(day=last)), month.problems)


def _quarter(signs: str, year: int) -> Read[Period] | None:
    found = _QUARTER.fullmatch(signs)
    if not found:
        return None
    number = _ROMAN.get(found[1]) or int(found[1])
    return _months(int(found[2] or year), 3 * number - 2, 3 * number, assumed=not found[2])


def _range(signs: str, year: int) -> Read[Period] | None:
    for place in re.finditer(r"[>\-]", signs):
        left, right = signs[: place.start()].strip(_EDGES), signs[place.end() :].strip(_EDGES)
        found = _month_range(left, right, year) or _day_range(left, right, year)
        if found:
            return found
    return None


def _day_range(left: str, right: str, year: int) -> Read[Period] | None:
    end = _full_day(right)
    problems: tuple[Problem, ...] = ()
    if end is None:
        short = _short_day(right, year)
        if short is None or short.value is None:
            return None
        end, problems = short.value.end, (Problem("assumed-year"),)
    start = _start_before(left, end)
    return Read(Period(start, end), problems) if start and start <= end else None


def _start_before(left: str, end: date) -> date | None:
    if _BARE_DAY.fullmatch(left):
        return _calendar_day(end.year, end.month, left)
    if found := _SHORT_DAY.fullmatch(left):
        crosses_new_year = int(found[2]) > end.month
        return _calendar_day(end.year - crosses_new_year, found[2], found[1])
    return _full_day(left)


def _month_range(left: str, right: str, year: int) -> Read[Period] | None:
    first, last = _BARE_MONTH.fullmatch(left), _month(right if right.startswith("m") else f"m{right}", year)
    if not left.startswith("m") or last is None or last.value is None:
        return None
    if first:
        return _months(last.value.end.year, int(first[1]), last.value.end.month, assumed=len(last.problems) > 1)
    start = _month(left, year)
    if start is None or start.value is None or start.value.start > last.value.end:
        return None
    return _imprecise(Period(start.value.start, last.value.end), assumed=False)


def _calendar_day(year: int | str, month: int | str, day: int | str) -> date | None:
    number = int(year)
    try:
        return date(number + 2000 if number < 100 else number, int(month), int(day))
    except ValueError:
        return None


def _swapped(signs: str, year: int) -> str | None:
    if found := _DAY.fullmatch(signs) or _DAY_MIXED.fullmatch(signs):
        day = _calendar_day(found[4], found[1], found[3])
    elif found := _ISO_DAY.fullmatch(signs):
        day = _calendar_day(found[1], found[4], found[3])
    elif found := _SHORT_DAY.fullmatch(signs):
        day = _calendar_day(year, found[1], found[2])
    else:
        day = None
    return f"{day:%d/%m/%Y}" if day else None
