"""The shape of the files under config/: unknown keys are refused, and every value says what it expects."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sync.model import Column
from sync.plan import MonthDay
from sync.text import clean, fold


def _whole(low: int, high: int | None = None) -> BeforeValidator:
    words = f"a whole number above {low - 1}" if high is None else f"a whole number from {low} to {high}"

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < low or (high is not None and value > high):
            raise ValueError(words)
        return value

    return BeforeValidator(check)


def _text(words: str, accepts: Callable[[str], object]) -> BeforeValidator:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"{words}; put it in quotes" if isinstance(value, int | float) else words)
        if not accepts(clean(value)):
            raise ValueError(words)
        return clean(value)

    return BeforeValidator(check)


def _pattern(pattern: str, words: str) -> BeforeValidator:
    return _text(words, re.compile(pattern).fullmatch)


def _day(value: Any) -> date:
    """Take `2024-03-01`; a day of the calendar, nothing shorter or longer."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("a day of the calendar, year-month-day such as 2024-03-01") from None
    raise ValueError("a day, year-month-day such as 2024-03-01")


def _month_day(value: Any) -> MonthDay:
    """Take `30/01`, day/month; it must be there every year, so 29/02 is none (2023 is no leap year)."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})", value) if isinstance(value, str) else None
    try:
        day = date(2023, int(found[2]), int(found[1])) if found else None
    except ValueError:
        raise ValueError("a day that every year has, day/month such as 30/01") from None
    if day is None:
        raise ValueError("a day of every year, day/month such as 30/01")
    return MonthDay(day.month, day.day)


def _months(value: Any) -> tuple[int, int]:
    words = "the first and the last month, such as [1, 5]"
    if not isinstance(value, list) or len(value) != 2 or not all(type(month) is int and 1 <= month <= 12 for month in value):
        raise ValueError(words)
    return value[0], value[1]


def _fraction(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ValueError("a number above 0 and at most 1")
    return float(value)


def _given(value: Any) -> Any:
    """Refuse `owes:` with nothing after it: it could mean everything or nothing."""
    if value is None:
        raise ValueError("what is owed by round, or {} for nothing")
    return value


Day = Annotated[date, BeforeValidator(_day)]
DueDay = Annotated[MonthDay, BeforeValidator(_month_day)]
Months = Annotated[tuple[int, int], BeforeValidator(_months)]
Year = Annotated[int, _whole(2000, 2099)]
Count = Annotated[int, _whole(1)]
Millimetres = Annotated[int, _whole(5, 60)]
Fraction = Annotated[float, BeforeValidator(_fraction)]
Text = Annotated[str, _text("text", bool)]
Maybe = Annotated[str, _text("text, or \"\" for none", lambda text: True)]
Name = Annotated[str, _text("a name with a letter or digit", fold)]
Email = Annotated[str, _pattern(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "a mail address such as ten@example.org")]
Identifier = Annotated[str, _pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "an id of small letters a-z, digits and hyphens")]
CodePrefix = Annotated[str, _pattern(r"[A-Z]{1,8}", "1 to 8 capital letters A-Z")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoundFile(_Strict):
    """One round, or the months between rounds."""

    id: Identifier
    name: Text
    months: Months
    registration_due: DueDay | None = None
    results_due: DueDay | None = None
    registration_with: Identifier | None = None
    results_with: Identifier | None = None


class TargetFile(_Strict):
    """One yearly target."""

    id: Annotated[int, _whole(1, 99)]
    name: Name
    short_name: Name
    aliases: list[Name] = []
    goal: Count
    measure: Text
    allocations: dict[Identifier, Count] = {}
    season: Identifier | None = None


class PlanFile(_Strict):
    """plan.yaml."""

    name: Text
    number: Maybe = ""
    first_day: Day
    last_day: Day
    in_force: Day
    measured_years: Annotated[list[Year], Field(min_length=1)]
    rounds: Annotated[list[RoundFile], Field(min_length=1)]
    targets: Annotated[list[TargetFile], Field(min_length=1)]


class HeadFile(_Strict):
    """The head of a cluster in one year."""

    year: Year
    name: Name
    email: Email
    unit: Identifier | None = None


class UnitFile(_Strict):
    """One unit."""

    id: Identifier
    name: Name
    aliases: list[Name] = []
    valid_from: Day | None = None
    valid_to: Day | None = None
    successor: Identifier | None = None
    quotas: dict[Annotated[int, _whole(1, 99)], Count] = {}


class OwesFile(_Strict):
    """What a cluster's units hand in, by round."""

    registration: list[Identifier] = []
    results: list[Identifier] = []


class ClusterFile(_Strict):
    """One cluster."""

    id: Identifier
    name: Name
    code_prefix: CodePrefix
    owes: Annotated[OwesFile | None, BeforeValidator(_given)] = None
    heads: list[HeadFile] = []
    units: Annotated[list[UnitFile], Field(min_length=1)]


class OrganizationFile(_Strict):
    """organization.yaml."""

    name: Name
    place: Text
    words_before_name: list[Name] = []
    words_after_name: list[Name] = []
    clusters: Annotated[list[ClusterFile], Field(min_length=1)]


class SpreadsheetsFile(_Strict):
    """Where the clusters' spreadsheets and the master live."""

    kind: Literal["workbooks"] = "workbooks"
    folder: Text = "so-lieu"


class LimitsFile(_Strict):
    """Where the program stops trusting its input."""

    max_workbook_mb: Annotated[int, _whole(1, 2000)] = 100
    loss_threshold: Fraction = 0.5
    min_rows_for_loss: Count = 10


class RecipientFile(_Strict):
    """A person or office with a mail address."""

    name: Name
    email: Email


class MailFile(_Strict):
    """Who writes to whom, and by which way."""

    home: Literal["outbox"] = "outbox"
    sender: RecipientFile
    recipients: list[RecipientFile] = []


class ReportFile(_Strict):
    """Letterhead, signature, measures. What names the committee has no default."""

    organisation_line: Text = "ĐOÀN TNCS HỒ CHÍ MINH"
    superior_body: Text
    issuing_body: Text
    number_sign: Text = "-BC/ĐTN"
    place: Text | None = None
    district: Text | None = None
    signing_title: Text
    recipients: list[Text] = []
    margin_top_mm: Millimetres = 20
    margin_bottom_mm: Millimetres = 20
    margin_left_mm: Millimetres = 30
    margin_right_mm: Millimetres = 20
    font: Annotated[str, _pattern(r"[\w -]+", "a font's name: letters, digits, spaces and hyphens")] = "Times New Roman"


class SettingsFile(_Strict):
    """settings.yaml."""

    time_zone: Text = "Asia/Ho_Chi_Minh"
    spreadsheets: SpreadsheetsFile = SpreadsheetsFile()
    limits: LimitsFile = LimitsFile()
    retention_days: Count = 730
    columns: dict[Column, list[Name]] = {}
    mail: MailFile | None = None
    report: ReportFile
