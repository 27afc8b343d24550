"""Stage 7: what is due + recipients → messages → receipts. A message is claimed before it is sent, and never sent twice by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from zoneinfo import ZoneInfo

from sync.edges.interface import Mailer
from sync.errors import MailError
from sync.model import MailRecord, MailState
from sync.settings_values import MailSettings, Recipient


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says, before it has a recipient."""

    key: str
    """Report, year, round, version."""
    subject: str
    text: str
    html: str
    attachment_name: str
    attachment_html: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A finished message and its key."""

    key: str
    recipient: str
    subject: str
    message: EmailMessage


def messages(letter: Letter, mail: MailSettings, day: date, time_zone: str) -> list[Outgoing]:
    """Return one message for each person on the allow-list; everything in it comes from its key and ``day``, nothing from a clock."""
    return [_outgoing(letter, mail.sender, recipient, day, time_zone) for recipient in mail.recipients]


def _outgoing(letter: Letter, sender: Recipient, recipient: Recipient, day: date, time_zone: str) -> Outgoing:
    key = f"{letter.key}/{recipient.email}"
    digest = hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = formataddr((sender.name, sender.email))
    message["To"] = formataddr((recipient.name, recipient.email))
    message["Date"] = format_datetime(datetime.combine(day, time(7), ZoneInfo(time_zone)))
    message["Message-ID"] = f"<{digest}@{sender.email.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message.add_attachment(letter.attachment_html.encode(), maintype="text", subtype="html", filename=letter.attachment_name)
    _fix_boundaries(message, digest)
    return Outgoing(key, recipient.email, letter.subject, message)


def _fix_boundaries(message: EmailMessage, digest: str) -> None:
    """Boundaries are drawn by lot otherwise; from the key, the same message is the same bytes."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_donghanh_{digest}_{number}")


def deliver(
    outgoing: Sequence[Outgoing],
    *,
    known: Sequence[MailRecord],
    record: Callable[[MailRecord], None],
    mailer: Mailer,
    day: date,
) -> list[MailRecord]:
    """Send what was never claimed; return what became of each.

    ``record`` puts a state into the journal: the claim before the send, the outcome after it. A refused message does not stop the
    others; one whose claim has no outcome stays as it is, for a person to settle.
    """
    taken = {mail.key for mail in known if mail.state is not MailState.REFUSED}
    receipts = []
    for one in outgoing:
        if one.key not in taken:
            claim = MailRecord(one.key, one.recipient, one.subject, day, MailState.CLAIMED)
            record(claim)
            outcome = _sent(one, claim, mailer)
            record(outcome)
            receipts.append(outcome)
    return receipts


def _sent(one: Outgoing, claim: MailRecord, mailer: Mailer) -> MailRecord:
    try:
        where = mailer.send(one.message)
    except MailError as error:
        return MailRecord(claim.key, claim.recipient, claim.subject, claim.day, MailState.REFUSED, str(error))
    return MailRecord(claim.key, claim.recipient, claim.subject, claim.day, MailState.SENT, where)
