"""The shape of the files under config/: unknown keys are refused, every value is typed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sync.model import Column
from sync.plan import MonthDay
from sync.settings_types import (
    Count,
    Day,
    DueDay,
    Email,
    Identifier,
    Millimetres,
    SpreadsheetId,
    TargetId,
    Text,
    Year,
    YearlyCount,
    fraction,
    given,
    key_file,
    months,
    parts,
    scheduler_address,
    whole,
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class RoundFile(_Strict):
    """One round, or the months between rounds."""

    id: Identifier
    name: Text
    months: Annotated[list[int], BeforeValidator(months)]
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
    goal: YearlyCount
    measure: Text
    allocations: dict[Identifier, YearlyCount] = {}
    season: Identifier | None = None


class EarlyEndFile(_Strict):
    """That the plan ended before its time."""

    last_day: Day
    reason: str = ""
    handed_to: str = ""


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
    early_end: EarlyEndFile | None = None
    rounds: Annotated[list[RoundFile], Field(min_length=1)]
    targets: Annotated[list[TargetFile], Field(min_length=1)]


class HeadFile(_Strict):
    """The head of a cluster: in one year, or from one day to another."""

    year: Year | None = None
    name: Text
    email: Email
    unit: Identifier | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class UnitFile(_Strict):
    """One unit."""

    id: Identifier
    name: Text
    aliases: list[Text] = []
    valid_from: Day | None = None
    valid_to: Day | None = None
    successor: Annotated[dict[Identifier, int], BeforeValidator(parts)] = {}
    quotas: dict[TargetId, YearlyCount] = {}


class OwesFile(_Strict):
    """What a cluster's units hand in, by round."""

    registration: list[Identifier] = []
    results: list[Identifier] = []


class ClusterFile(_Strict):
    """One cluster."""

    id: Identifier
    name: Text
    code_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,8}$")]
    reads: Literal["sheet", "master"] = "sheet"
    valid_from: Day | None = None
    valid_to: Day | None = None
    owes: Annotated[OwesFile | None, BeforeValidator(given)] = None
    heads: list[HeadFile] = []
    units: Annotated[list[UnitFile], Field(min_length=1)]


class NameChangeFile(_Strict):
    """What the committee is called from a day on."""

    valid_from: Day
    name: Text | None = None
    place: Text | None = None


class OrganizationFile(_Strict):
    """organization.yaml."""

    name: Text
    place: Text
    changes: list[NameChangeFile] = []
    words_before_name: list[Text] = []
    words_after_name: list[Text] = []
    clusters: Annotated[list[ClusterFile], Field(min_length=1)]


class LimitsFile(_Strict):
    """Where the program stops trusting its input."""

    max_workbook_mb: Annotated[int, whole(1, 2000)] = 100
    loss_threshold: Annotated[float, BeforeValidator(fraction)] = 0.33
    min_rows_for_loss: Count = 3
    master_days: Count = 7


class GoogleFile(_Strict):
    """Where the spreadsheets lie in Google."""

    master: SpreadsheetId
    spreadsheets: dict[Identifier, SpreadsheetId]
    reads_per_minute: Annotated[int, whole(1, 60)] = 55
    writes_per_minute: Annotated[int, whole(1, 60)] = 55
    project_reads_per_minute: Annotated[int, whole(1, 300)] = 275
    project_writes_per_minute: Annotated[int, whole(1, 300)] = 275
    credentials: list[Annotated[str, BeforeValidator(key_file)]] = []
    full_pull_days: Count = 7


class RecipientFile(_Strict):
    """A person or office with a mail address."""

    name: Text
    email: Email


class DatedRecipientFile(RecipientFile):
    """Who gets the reports, from which to which day."""

    valid_from: Day | None = None
    valid_to: Day | None = None


class SmtpFile(_Strict):
    """The server that takes the mail. It has no password: that comes from the environment."""

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$")]
    port: Annotated[int, whole(1, 65535)] = 587
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
    recipients: Annotated[list[DatedRecipientFile], Field(min_length=1)]
    smtp: SmtpFile | None = None
    reminders: bool = True
    wait_days: Annotated[int, whole(0, 30)] = 3


class ReportChangeFile(_Strict):
    """What letterhead and signature say from a day on; what is left out stays as it was."""

    valid_from: Day
    organisation_line: Text | None = None
    superior_body: Text | None = None
    issuing_body: Text | None = None
    number_sign: Text | None = None
    place: Text | None = None
    district: Text | None = None
    signing_title: Text | None = None
    signing_office: str | None = None
    signer: str | None = None
    recipients: list[Text] | None = None


class ReportFile(_Strict):
    """Letterhead, signature, measures."""

    organisation_line: Text
    superior_body: Text
    issuing_body: Text
    number_sign: Text
    place: Text
    district: Text
    signing_title: Text
    signing_office: str = ""
    signer: str = ""
    recipients: list[Text]
    changes: list[ReportChangeFile] = []
    margin_top_mm: Millimetres = 20
    margin_bottom_mm: Millimetres = 20
    margin_left_mm: Millimetres = 30
    margin_right_mm: Millimetres = 20
    font: Text = "Times New Roman"


class WorkFile(_Strict):
    """Who reads and checks the clusters."""

    executor: Literal["threads", "processes", "dask"] = "threads"
    workers: Annotated[int, whole(1, 256)] | None = None
    scheduler: Annotated[str, BeforeValidator(scheduler_address)] | None = None

    @model_validator(mode="after")
    def _dask_has_a_scheduler(self) -> WorkFile:
        if (self.executor == "dask") != (self.scheduler is not None):
            raise ValueError("`scheduler`, such as tcp://10.0.0.1:8786, with `executor: dask` and with nothing else")
        if self.executor == "dask" and self.workers is not None:
            raise ValueError("`executor: dask` without `workers`: how many there are is known to the scheduler")
        return self


class SettingsFile(_Strict):
    """settings.yaml."""

    time_zone: Text = "Asia/Ho_Chi_Minh"
    workbooks: Text = "so-lieu"
    limits: LimitsFile = LimitsFile()
    site: bool = False
    retention_days: Count = 730
    columns: dict[Column, list[Text]] = {}
    google: GoogleFile | None = None
    work: WorkFile = WorkFile()
    mail: MailFile
    report: ReportFile
