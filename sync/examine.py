"""Asks each part of the set-up and puts the checks together: the work of `donghanh doctor`. Nothing is changed, but for a test mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Protocol

from sync.columns import TITLES
from sync.doctor import Account, Check, MailFacts, MasterFacts, Place, State, TableFacts, checks
from sync.edges.interface import Mailer, Spreadsheets
from sync.errors import ConfigError, DonghanhError, MailError, MailUnknown, SourceError
from sync.journal import UNSETTLED, load
from sync.model import Column, Sheet, Skipped
from sync.normalise import Reader
from sync.organization import Cluster
from sync.pdf import PdfMissing, Printer
from sync.settings_values import Settings, SmtpSettings
from sync.shown import is_empty
from sync.upward import as_cluster_sheet


class SetUp(Protocol):
    """What tells where the spreadsheets lie and whether they may be read and written."""

    def place(self, cluster: str) -> Place:
        """Return how a cluster's spreadsheet was found."""

    def master(self) -> Place:
        """Return how the master was found."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Where doctor looks."""

    home: Spreadsheets
    set_up: SetUp
    accounts: tuple[Account, ...]
    """None where no credentials are needed."""


def examine_spreadsheets(settings: Settings, edges: Examined, *, as_of: date, say: Callable[[str], None]) -> list[Check]:
    """Return a check for the credentials, for each cluster and for the master."""
    address = ", ".join(one.address for one in edges.accounts if one.address and not one.cause) or None
    found = [checks.account(one, settings.time_zone, number) for number, one in enumerate(edges.accounts, 1)]
    if edges.accounts and all(one.cause for one in edges.accounts):
        return found
    reader = Reader(settings.plan, settings.organization, settings.column_aliases)
    for cluster in (one for one in settings.organization.clusters if one.has_begun(as_of)):
        say(f"looking at {cluster.id}")
        place = edges.set_up.place(cluster.id)
        if cluster.reads_master and place.cause in ("", "read-only"):  # to look is enough: a district's master is the district's
            place = replace(place, may_write=place.found, cause="")
        table = _table(edges.home, reader, cluster, as_of) if place.found and place.cause in ("", "read-only") else None
        found.append(checks.spreadsheet(cluster.id, cluster.name, place, table, address=address, zone=settings.time_zone))
    return [*found, checks.master(_master(edges), address=address, as_of=as_of)]


def _table(home: Spreadsheets, reader: Reader, cluster: Cluster, as_of: date) -> TableFacts:
    """Return what is recognised in the spreadsheet."""
    sheet: Sheet | Skipped
    try:
        sheet = home.read(cluster.id)
        if cluster.reads_master:
            sheet, _ = as_cluster_sheet(sheet)
    except SourceError as error:
        return TableFacts(error=str(error))
    reading = reader.read(sheet, as_of=as_of)
    unneeded = (Column.NUMBER, Column.VERDICT) if cluster.reads_master else (Column.NUMBER,)
    missing = tuple(TITLES[one] for one in Column if one not in reading.columns and one not in unneeded)
    return TableFacts(
        tab=reading.tab or "",
        columns=len(reading.columns),
        known_columns=len(Column),
        missing=missing,
        rows=reading.read,
        renamed=any(one.code == "tab-renamed" for one in reading.findings),
        error=reading.error or "",
        empty=is_blank(sheet),
    )


def is_blank(sheet: Sheet | Skipped) -> bool:
    """Return whether nothing at all stands in the spreadsheet."""
    return isinstance(sheet, Sheet) and all(is_empty(cell) for tab in sheet.tabs for row in tab.rows for cell in row)


def _master(edges: Examined) -> MasterFacts:
    place = edges.set_up.master()
    if place.cause:
        return MasterFacts(place)
    try:
        memory = load(edges.home.read_memory())
    except DonghanhError as error:
        return MasterFacts(place, error=str(error))
    last = max((run.as_of for run in memory.runs), default=None)
    return MasterFacts(place, last, len(memory.runs), sum(mail.state in UNSETTLED for mail in memory.mails))


class MailServer(Mailer, Protocol):
    """A mailer that can try its server without sending."""

    def log_in(self) -> None:
        """Log in and do nothing; raise MailError."""


def examine_mail(
    settings: Settings,
    mailer: Mailer | None,
    server: MailServer | None,
    *,
    test_to: str = "",
    now: datetime,
    folder: str = "",
) -> Check:
    """Return the check of the mail: ``server`` is tried where there is one; ``mailer`` takes the test message, `None` where it cannot."""
    smtp = settings.mail.smtp
    if smtp and mailer is None:
        return checks.mail(MailFacts(_server(smtp), user=smtp.user, has_password=False))
    answer = ""
    try:
        if server:
            server.log_in()
        if test_to and mailer:
            answer = mailer.send(_test_message(settings, test_to, now))
    except (MailError, MailUnknown) as error:
        return checks.mail(MailFacts(_server(smtp) if smtp else None, folder, error=str(error)))
    return checks.mail(MailFacts(_server(smtp) if smtp else None, folder, smtp.user if smtp else None, sent_to=test_to, answer=answer))


def _server(smtp: SmtpSettings) -> str:
    return f"{smtp.host}:{smtp.port}"


def _test_message(settings: Settings, to: str, now: datetime) -> EmailMessage:
    """Return a message that says what it is; it carries no figures and no names."""
    sender = settings.mail.sender
    message = EmailMessage()
    message["From"], message["To"] = formataddr((sender.name, sender.email)), to
    message["Subject"] = "Thư thử của hệ thống Đồng hành"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<thu-thu-{now:%Y%m%dT%H%M%S%f}@{sender.email.partition('@')[2]}>"
    message["X-Donghanh-Key"] = f"thu-thu/{now:%Y-%m-%d}/{to}"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        "Kính gửi Anh/Chị,\n\nĐây là thư thử do lệnh donghanh doctor gửi. Nhận được thư này nghĩa là hệ thống gửi thư được.\n"
        "Anh/Chị không cần trả lời.\n\nTrân trọng./.\n"
    )
    return message


def examine_pdf(templates: Path, font: str) -> Check:
    """Return the check of what prints reports: one line is printed, and thrown away."""
    try:
        Printer(templates / "fonts").pdf('<!DOCTYPE html><html lang="vi"><title>Thử</title><p>Đồng hành</p></html>', font)
    except (PdfMissing, ConfigError) as error:
        return checks.pdf(str(error))
    return checks.pdf("")


def needs_a_person(found: list[Check]) -> bool:
    """Return whether exit status 1 is due."""
    return any(one.state is State.PROBLEM for one in found)
