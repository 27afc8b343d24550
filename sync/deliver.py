"""Stage 7: what is due + recipients → messages → receipts. A message is claimed before it is sent, and never sent twice by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from zoneinfo import ZoneInfo

from sync.edges.interface import Mailer
from sync.errors import MailError, MailUnknown
from sync.model import Document, MailRecord, MailState, Picture
from sync.settings_values import MailSettings, Recipient


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says, before it has a recipient."""

    key: str
    """Report, year, round, version."""
    subject: str
    text: str
    html: str
    attachments: tuple[Document, ...] = ()
    pictures: tuple[Picture, ...] = ()
    """Shown inside the HTML, by content id."""
    to: tuple[Recipient, ...] = ()
    """Whom it goes to; nobody named: the committee."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A finished message and its key."""

    key: str
    recipient: str
    subject: str
    message: EmailMessage


def messages(letter: Letter, mail: MailSettings, day: date, time_zone: str) -> list[Outgoing]:
    """Return one message for each of the letter's recipients, the committee where it names none.

    Everything in it comes from its key and ``day``, nothing from a clock.
    """
    once: dict[str, Recipient] = {}
    for recipient in letter.to or mail.recipients:
        once.setdefault(recipient.email.lower(), recipient)
    return [_outgoing(letter, mail.sender, recipient, day, time_zone) for recipient in once.values()]


def _outgoing(letter: Letter, sender: Recipient, recipient: Recipient, day: date, time_zone: str) -> Outgoing:
    key = f"{letter.key}/{recipient.email.lower()}"
    digest = hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(letter.subject)
    message["From"] = formataddr((_one_line(sender.name), sender.email))
    message["To"] = formataddr((_one_line(recipient.name), recipient.email))
    message["Date"] = format_datetime(datetime.combine(day, time(7), ZoneInfo(time_zone)))
    message["Message-ID"] = f"<{digest}@{sender.email.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Donghanh-Key"] = key
    # Base64 throughout: the smallest for Vietnamese, and safe on servers that know only seven bits and short lines.
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    _add_pictures(message, letter.pictures)
    for document in letter.attachments:
        main, _, sub = document.media_type.partition("/")
        charset = {"charset": "utf-8"} if main == "text" else {}
        message.add_attachment(document.data, maintype=main, subtype=sub, cte="base64", filename=document.name, params=charset)
    _fix_boundaries(message, digest)
    return Outgoing(key, recipient.email, letter.subject, message)


def _one_line(text: str) -> str:
    """Return the text as a header bears it: a line break would begin another header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _add_pictures(message: EmailMessage, pictures: Sequence[Picture]) -> None:
    """Put the pictures beside the HTML, so that nothing is fetched when the mail is read."""
    shown = message.get_body(("html",))
    assert shown is not None, "pictures belong to an HTML body"
    for picture in pictures:
        shown.add_related(picture.png, "image", "png", cid=f"<{picture.cid}>", disposition="inline", filename=f"{picture.cid}.png")


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
    others and is tried again by the next run, unless it was rejected for good; a claim without an outcome becomes `unknown`. Both of
    these wait for a person to settle them (`donghanh mail settle`).
    """
    states = {mail.key: mail for mail in known}
    receipts = []
    for one in outgoing:
        outcome = _settle(one, states.get(one.key), record, mailer, day)
        if outcome:
            states[one.key] = outcome
            receipts.append(outcome)
    return receipts


def _settle(one: Outgoing, before: MailRecord | None, record: Callable[[MailRecord], None], mailer: Mailer, day: date) -> MailRecord | None:
    """Return what became of the message now; `None` where nothing was to be done."""
    if before is None or before.state is MailState.REFUSED:
        return _claim_and_send(one, record, mailer, day)
    if before.state is MailState.CLAIMED:
        unknown = replace(before, state=MailState.UNKNOWN)
        record(unknown)
        return unknown
    return None


def _claim_and_send(one: Outgoing, record: Callable[[MailRecord], None], mailer: Mailer, day: date) -> MailRecord:
    claim = MailRecord(one.key, one.recipient, one.subject, day, MailState.CLAIMED)
    record(claim)
    try:
        outcome = replace(claim, state=MailState.SENT, detail=mailer.send(one.message))
    except MailError as error:
        outcome = replace(claim, state=MailState.REJECTED if error.permanent else MailState.REFUSED, detail=str(error))
    except MailUnknown as error:
        outcome = replace(claim, state=MailState.UNKNOWN, detail=str(error))
    record(outcome)
    return outcome
