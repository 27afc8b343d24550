"""The shape of the files under config/: unknown keys are refused, every value is typed."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

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


DueDay = Annotated[MonthDay, BeforeValidator(_month_day)]
Email = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, Field(min_length=1)]
Month = Annotated[int, Field(ge=1, le=12)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class RoundFile(_Strict):
    """One round, or the months between rounds."""

    id: Identifier
    name: Text
    months: Annotated[list[Month], Field(min_length=2, max_length=2)]
    registration_due: DueDay | None = None
    results_due: DueDay | None = None
    registration_with: Identifier | None = None
    results_with: Identifier | None = None


class TargetFile(_Strict):
    """One yearly target."""

    id: Annotated[int, Field(ge=1, le=99)]
    name: Text
    short_name: Text
    aliases: list[Text] = []
    goal: Annotated[int, Field(ge=1)]
    measure: Text
    allocations: dict[Identifier, Annotated[int, Field(ge=1)]] = {}
    season: Identifier | None = None


class PlanFile(_Strict):
    """plan.yaml."""

    name: Text
    number: str = ""
    first_day: date
    last_day: date
    in_force: date
    measured_years: list[Annotated[int, Field(ge=2000, le=2099)]]
    rounds: Annotated[list[RoundFile], Field(min_length=1)]
    targets: Annotated[list[TargetFile], Field(min_length=1)]


class HeadFile(_Strict):
    """The head of a cluster in one year."""

    year: Annotated[int, Field(ge=2000, le=2099)]
    name: Text
    email: Email
    unit: Identifier | None = None


class UnitFile(_Strict):
    """One unit."""

    id: Identifier
    name: Text
    aliases: list[Text] = []
    valid_from: date | None = None
    valid_to: date | None = None
    successor: Identifier | None = None
    quotas: dict[int, Annotated[int, Field(ge=1)]] = {}


class OwesFile(_Strict):
    """What a cluster's units hand in, by round."""

    registration: list[Identifier] = []
    results: list[Identifier] = []


class ClusterFile(_Strict):
    """One cluster."""

    id: Identifier
    name: Text
    code_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,8}$")]
    owes: OwesFile | None = None
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

    max_workbook_mb: Annotated[int, Field(ge=1, le=2000)] = 100
    loss_threshold: Annotated[float, Field(gt=0, le=1)] = 0.5
    min_rows_for_loss: Annotated[int, Field(ge=1)] = 10


class RecipientFile(_Strict):
    """A person or office with a mail address."""

    name: Text
    email: Email


class MailFile(_Strict):
    """Who writes to whom."""

    sender: RecipientFile
    recipients: Annotated[list[RecipientFile], Field(min_length=1)]


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
    margin_top_mm: Annotated[int, Field(ge=5, le=60)] = 20
    margin_bottom_mm: Annotated[int, Field(ge=5, le=60)] = 20
    margin_left_mm: Annotated[int, Field(ge=5, le=60)] = 30
    margin_right_mm: Annotated[int, Field(ge=5, le=60)] = 20
    font: Text = "Times New Roman"


class SettingsFile(_Strict):
    """settings.yaml."""

    time_zone: Text = "Asia/Ho_Chi_Minh"
    workbooks: Text = "so-lieu"
    limits: LimitsFile = LimitsFile()
    retention_days: Annotated[int, Field(ge=1)] = 730
    columns: dict[Column, list[Text]] = {}
    mail: MailFile
    report: ReportFile
