"""The shape of the files under config/: unknown keys are refused, every value is typed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sync.model import Column
from sync.plan import MonthDay


def _month_day(value: Any) -> Any:
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


def _whole(low: int, high: int | None = None) -> BeforeValidator:
    words = f"a whole number above {low - 1}" if high is None else f"a whole number from {low} to {high}"

    def check(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or value < low or (high is not None and value > high):
            raise ValueError(words)
        return value

    return BeforeValidator(check)


def _day(value: Any) -> date:
    """Take `2024-03-01` and nothing else: pydantic would read 20240301 as seconds since 1970."""
    try:
        return date.fromisoformat(value if len(value) == len("2024-03-01") else "")
    except (TypeError, ValueError):
        raise ValueError("a day of the calendar, such as 2024-03-01") from None


def _months(value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 2 or any(type(month) is not int or not 1 <= month <= 12 for month in value):
        raise ValueError("the first and the last month, such as [1, 5]")
    return value


def _fraction(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ValueError("a number above 0 and at most 1")
    return value


def _given(value: Any) -> Any:
    """Refuse `owes:` with nothing after it, which could mean everything or nothing."""
    if value is None:
        raise ValueError("the rounds owed, or {} for none")
    return value


Day = Annotated[date, BeforeValidator(_day)]
DueDay = Annotated[MonthDay, BeforeValidator(_month_day)]
Email = Annotated[str, Field(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, _whole(1)]
Year = Annotated[int, _whole(2000, 2099)]
TargetId = Annotated[int, _whole(1, 99)]
Millimetres = Annotated[int, _whole(5, 60)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class RoundFile(_Strict):
    """One round, or the months between rounds."""

    id: Identifier
    name: Text
    months: Annotated[list[int], BeforeValidator(_months)]
    registration_due: DueDay | None = None
    results_due: DueDay | None = None
    registration_with: Identifier | None = None
    results_with: Identifier | None = None


class TargetFile(_Strict):
    """One yearly target."""

    id: TargetId
    name: Text
    short_name: Text
    aliases: list[Text] = []
    goal: Count
    measure: Text
    allocations: dict[Identifier, Count] = {}
    season: Identifier | None = None


class PlanFile(_Strict):
    """plan.yaml."""

    name: Text
    number: str = ""
    first_day: Day
    last_day: Day
    in_force: Day
    measured_years: list[Year]
    year_closing: DueDay = MonthDay(1, 10)
    final_review: Day | None = None
    rounds: Annotated[list[RoundFile], Field(min_length=1)]
    targets: Annotated[list[TargetFile], Field(min_length=1)]


class HeadFile(_Strict):
    """The head of a cluster in one year."""

    year: Year
    name: Text
    email: Email
    unit: Identifier | None = None


class UnitFile(_Strict):
    """One unit."""

    id: Identifier
    name: Text
    aliases: list[Text] = []
    valid_from: Day | None = None
    valid_to: Day | None = None
    successor: Identifier | None = None
    quotas: dict[TargetId, Count] = {}


class OwesFile(_Strict):
    """What a cluster's units hand in, by round."""

    registration: list[Identifier] = []
    results: list[Identifier] = []


class ClusterFile(_Strict):
    """One cluster."""

    id: Identifier
    name: Text
    code_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,8}$")]
    owes: Annotated[OwesFile | None, BeforeValidator(_given)] = None
    heads: list[HeadFile] = []
    units: Annotated[list[UnitFile], Field(min_length=1)]


class OrganizationFile(_Strict):
    """organization.yaml."""

    name: Text
    place: Text
    words_before_name: list[Text] = []
    words_after_name: list[Text] = []
    clusters: Annotated[list[ClusterFile], Field(min_length=1)]


class LimitsFile(_Strict):
    """Where the program stops trusting its input."""

    max_workbook_mb: Annotated[int, _whole(1, 2000)] = 100
    loss_threshold: Annotated[float, BeforeValidator(_fraction)] = 0.33
    min_rows_for_loss: Count = 3


def _spreadsheet_id(value: Any) -> Any:
    """Take a spreadsheet's id, or the address that the browser shows."""
    found = re.search(r"/spreadsheets/d/([A-Za-z0-9_-]+)", value) if isinstance(value, str) else None
    bare = found[1] if found else value
    if not isinstance(bare, str) or not re.fullmatch(r"[A-Za-z0-9_-]{3,}", bare):
        raise ValueError("the spreadsheet's address as the browser shows it, or the id in it")
    return bare


SpreadsheetId = Annotated[str, BeforeValidator(_spreadsheet_id)]


def _key_file(value: Any) -> Any:
    """Take `$NAME` or a whole path: a path seen from somewhere could lead under config/, where no secret belongs."""
    named = isinstance(value, str) and re.fullmatch(r"\$[A-Za-z_][A-Za-z0-9_]*", value)
    if not named and not (isinstance(value, str) and Path(value).is_absolute()):
        raise ValueError("$NAME of the environment variable that holds a key file's path, or that path from the root on")
    return value


class GoogleFile(_Strict):
    """Where the spreadsheets lie in Google."""

    master: SpreadsheetId
    spreadsheets: dict[Identifier, SpreadsheetId]
    reads_per_minute: Annotated[int, _whole(1, 60)] = 55
    writes_per_minute: Annotated[int, _whole(1, 60)] = 55
    project_reads_per_minute: Annotated[int, _whole(1, 300)] = 275
    project_writes_per_minute: Annotated[int, _whole(1, 300)] = 275
    credentials: list[Annotated[str, BeforeValidator(_key_file)]] = []
    full_pull_days: Count = 7


class RecipientFile(_Strict):
    """A person or office with a mail address."""

    name: Text
    email: Email


class SmtpFile(_Strict):
    """The server that takes the mail. It has no password: that comes from the environment."""

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$")]
    port: Annotated[int, _whole(1, 65535)] = 587
    security: Literal["starttls", "tls"] = "starttls"
    user: Text | None = None
    timeout_seconds: Count = 30
    tries: Count = 4

    @model_validator(mode="before")
    @classmethod
    def _no_password(cls, value: Any) -> Any:
        if isinstance(value, dict) and "password" in value:
            raise ValueError("no password in a file: it is read from the environment variable DONGHANH_SMTP_PASSWORD")
        return value


class MailFile(_Strict):
    """Who writes to whom, and by which server."""

    sender: RecipientFile
    recipients: Annotated[list[RecipientFile], Field(min_length=1)]
    smtp: SmtpFile | None = None
    reminders: bool = True
    wait_days: Annotated[int, _whole(0, 30)] = 3


class ReportFile(_Strict):
    """Letterhead, signature, measures."""

    organisation_line: Text
    superior_body: Text
    issuing_body: Text
    number_sign: Text
    place: Text
    district: Text
    signing_title: Text
    recipients: list[Text]
    margin_top_mm: Millimetres = 20
    margin_bottom_mm: Millimetres = 20
    margin_left_mm: Millimetres = 30
    margin_right_mm: Millimetres = 20
    font: Text = "Times New Roman"


class SettingsFile(_Strict):
    """settings.yaml."""

    time_zone: Text = "Asia/Ho_Chi_Minh"
    workbooks: Text = "so-lieu"
    limits: LimitsFile = LimitsFile()
    site: bool = False
    retention_days: Count = 730
    columns: dict[Column, list[Text]] = {}
    google: GoogleFile | None = None
    mail: MailFile
    report: ReportFile
