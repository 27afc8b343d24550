"""The kinds of values that stand in the files under config/, each with what was expected where it is another."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from sync.plan import MonthDay


def month_day(value: Any) -> Any:
    """Turn `30/01` (day/month) into its two numbers."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})", value) if isinstance(value, str) else None
    if not found:
        raise ValueError("expected day/month such as 30/01")
    # 2023 is no leap year: a due day must exist every year.
    try:
        date(2023, int(found[2]), int(found[1]))
    except ValueError:
        raise ValueError("expected a day that exists every year, as day/month such as 30/01") from None
    return MonthDay(int(found[2]), int(found[1]))


def whole(low: int, high: int | None = None) -> BeforeValidator:
    """Return what takes a whole number from ``low`` to ``high``."""
    words = f"a whole number above {low - 1}" if high is None else f"a whole number from {low} to {high}"

    def check(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or value < low or (high is not None and value > high):
            raise ValueError(words)
        return value

    return BeforeValidator(check)


def yearly(value: Any) -> Any:
    """Take a number, or numbers by the first year in which each holds; 0 then says that nothing is asked any more."""
    if not isinstance(value, dict):
        if type(value) is not int or value < 1:
            raise ValueError("a whole number above 0")
        return {0: value}
    if not value or not all(type(year) is int and 2000 <= year <= 2099 and type(one) is int and one >= 0 for year, one in value.items()):
        raise ValueError("a whole number above 0, or numbers by the year from which each holds, such as {2024: 40, 2026: 30}")
    return value


def parts(value: Any) -> Any:
    """Take one unit's id, or units with the part that went to each in per cent."""
    if isinstance(value, str):
        return {value: 100}
    if not isinstance(value, dict) or not value or not all(type(part) is int and 1 <= part <= 100 for part in value.values()):
        raise ValueError("a unit's id, or units with the part that went to each in per cent, such as {dp-a: 60, dp-b: 40}")
    return value


def day(value: Any) -> date:
    """Take `2024-03-01` and nothing else: pydantic would read 20240301 as seconds since 1970."""
    try:
        return date.fromisoformat(value if len(value) == len("2024-03-01") else "")
    except (TypeError, ValueError):
        raise ValueError("a day of the calendar, such as 2024-03-01") from None


def months(value: Any) -> Any:
    """Take the first and the last month of a round."""
    if not isinstance(value, list) or len(value) != 2 or any(type(month) is not int or not 1 <= month <= 12 for month in value):
        raise ValueError("the first and the last month, such as [1, 5]")
    return value


def fraction(value: Any) -> Any:
    """Take a part of one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ValueError("a number above 0 and at most 1")
    return value


def given(value: Any) -> Any:
    """Refuse `owes:` with nothing after it, which could mean everything or nothing."""
    if value is None:
        raise ValueError("the rounds owed, or {} for none")
    return value


def spreadsheet_id(value: Any) -> Any:
    """Take a spreadsheet's id, or the address that the browser shows."""
    found = re.search(r"/spreadsheets/d/([A-Za-z0-9_-]+)", value) if isinstance(value, str) else None
    bare = found[1] if found else value
    if not isinstance(bare, str) or not re.fullmatch(r"[A-Za-z0-9_-]{3,}", bare):
        raise ValueError("the spreadsheet's address as the browser shows it, or the id in it")
    return bare


def key_file(value: Any) -> Any:
    """Take `$NAME` or a whole path: a path seen from somewhere could lead under config/, where no secret belongs."""
    named = isinstance(value, str) and re.fullmatch(r"\$[A-Za-z_][A-Za-z0-9_]*", value)
    if not named and not (isinstance(value, str) and Path(value).is_absolute()):
        raise ValueError("$NAME of the environment variable that holds a key file's path, or that path from the root on")
    return value


def scheduler_address(value: Any) -> Any:
    """Take the address of a Dask scheduler."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z]+://\S+", value):
        raise ValueError("the scheduler's address, such as tcp://10.0.0.1:8786")
    return value


Day = Annotated[date, BeforeValidator(day)]
DueDay = Annotated[MonthDay, BeforeValidator(month_day)]


def one_line(text: str) -> str:
    """Refuse line breaks and invisible signs: names go into headers of mails, file names and cells."""
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in text):
        raise ValueError("expected one line of text without invisible signs")
    return text


Email = Annotated[str, Field(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, Field(min_length=1), AfterValidator(one_line)]
Count = Annotated[int, whole(1)]
YearlyCount = Annotated[dict[int, int], BeforeValidator(yearly)]
Year = Annotated[int, whole(2000, 2099)]
TargetId = Annotated[int, whole(1, 99)]
Millimetres = Annotated[int, whole(5, 60)]
SpreadsheetId = Annotated[str, BeforeValidator(spreadsheet_id)]
