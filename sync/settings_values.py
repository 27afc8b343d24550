"""The settings as values, for the stages: no YAML, no validation, nothing but what was read and found right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sync.model import Column
from sync.organization import Life, Organization
from sync.plan import Plan


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the program stops trusting its input."""

    max_workbook_mb: int = 100
    """A workbook that unpacks to more is refused (MB)."""
    loss_threshold: float = 0.33
    """A cluster that lost this part of its counted rows, or more, keeps the earlier ones until a person confirms."""
    min_rows_for_loss: int = 3
    """Clusters with fewer counted rows than this are not guarded so."""
    master_days: int = 7
    """A district's master whose figures are older than this (days) is stale."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone whom the program may write to."""

    name: str
    email: str
    valid_from: date | None = None
    valid_to: date | None = None
    """From which to which day they get the reports."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The server that takes the mail."""

    host: str
    port: int = 587
    security: str = "starttls"
    """`starttls` or `tls`; never without."""
    user: str | None = None
    """The password is in the environment, `DONGHANH_SMTP_PASSWORD`."""
    timeout_seconds: int = 30
    tries: int = 4
    """So often a message is tried in one run where the server refuses it for the moment."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Who writes to whom, and by which server."""

    sender: Recipient
    recipients: tuple[Recipient, ...]
    """The allow-list: the committee, as it is on the day of the settings."""
    smtp: SmtpSettings | None = None
    """`None`: messages are put into a folder."""
    reminders: bool = True
    """Whether cluster heads are reminded by mail."""
    wait_days: int = 3
    """So many days a report that is due waits for a cluster that could not be read."""

    def owed_a_letter(self, owed: date, *, begun: bool) -> tuple[Recipient, ...]:
        """Return whom a letter goes to that fell due on the day ``owed``: a recipient since later gets nothing that went out before.

        A letter that nobody has had, ``begun`` or not, goes to whoever gets the letters now.
        """
        then = tuple(one for one in self.recipients if one.valid_from is None or one.valid_from <= owed)
        return then or (() if begun else self.recipients)


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What the letterhead and the signature say, and the measures of the paper (mm and pt)."""

    organisation_line: str
    superior_body: str
    issuing_body: str
    number_sign: str
    place: str
    signing_title: str
    recipients: tuple[str, ...]
    district: str
    """How running text names the district's union."""
    signing_office: str = ""
    """The office of who signs, such as `PHÓ BÍ THƯ`; left blank where nobody is named."""
    signer: str = ""
    margin_top_mm: int = 20
    margin_bottom_mm: int = 20
    margin_left_mm: int = 30
    margin_right_mm: int = 20
    font: str = "Times New Roman"


@dataclass(frozen=True, slots=True)
class GoogleSettings:
    """Which Google spreadsheets there are, and how fast they are asked for."""

    master: str
    """Id of the master."""
    clusters: Mapping[str, str]
    """Cluster id → id of its spreadsheet."""
    masters: frozenset[str] = frozenset()
    """Clusters whose spreadsheet is a district's master."""
    reads_per_minute: int = 55
    """For each account."""
    writes_per_minute: int = 55
    project_reads_per_minute: int = 275
    """For all accounts of a Google project together."""
    project_writes_per_minute: int = 275
    credentials: tuple[str, ...] = ()
    """Key files, each as a path or as `$NAME` of the environment variable that holds it; none for google-auth's default chain."""
    full_pull_days: int = 7
    """Days after which a spreadsheet is read again though Google says that it did not change."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What changes from a day on, in order; the first of each holds from the beginning."""

    forms: tuple[tuple[date, ReportForm], ...] = ()
    names: tuple[tuple[date, tuple[str, str]], ...] = ()
    """Name and place of the committee."""
    recipients: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """Who reads and checks the clusters. What comes out is the same."""

    executor: str = "threads"
    """`threads` of this process, `processes` of this machine, or `dask`: processes of any machine."""
    workers: int | None = None
    """How many threads or processes; `None`: one thread, or a process for each core."""
    scheduler: str | None = None
    """Address of the Dask scheduler."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything under config/, read and cross-checked; letterhead, names and recipients as they are on one day (`on`)."""

    plan: Plan
    organization: Organization
    form: ReportForm
    mail: MailSettings
    limits: Limits = Limits()
    time_zone: str = "Asia/Ho_Chi_Minh"
    workbooks_folder: str = "so-lieu"
    """Where the clusters' workbooks lie, seen from where the command is given."""
    google: GoogleSettings | None = None
    """Where the spreadsheets lie in Google; `None` where they are workbooks in a folder."""
    site: bool = False
    """Whether a run also writes the page to look at."""
    work: WorkSettings = WorkSettings()
    retention_days: int = 730
    column_aliases: Mapping[Column, tuple[str, ...]] = field(default_factory=dict)
    fingerprint: str = ""
    """Changes whenever a file under config/ does."""
    dated: Dated = Dated()

    def on(self, day: date) -> Settings:
        """Return the settings with letterhead, signature, the committee's name and the recipients of that day."""
        forms = [form for first, form in self.dated.forms if first <= day]
        names = [name for first, name in self.dated.names if first <= day]
        current = tuple(one for one in self.dated.recipients if Life(one.valid_from, one.valid_to).has(day))
        name, place = names[-1] if names else (self.organization.name, self.organization.place)
        return replace(
            self,
            form=forms[-1] if forms else self.form,
            mail=replace(self.mail, recipients=current) if current else self.mail,
            organization=replace(self.organization, name=name, place=place),
        )
