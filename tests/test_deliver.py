"""Messages, claims and receipts."""

from __future__ import annotations

import dataclasses
import email
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from sync.deliver import Letter, Outgoing, deliver, messages
from sync.edges.outbox import Outbox
from sync.errors import MailError
from sync.model import ClusterStatus, Compliance, Document, MailRecord, MailState
from sync.render import Renderer
from sync.resources import default_templates_dir
from sync.settings_values import MailSettings, Recipient
from tests.district import organization
from tests.paper import BESIDE, DAY, MAIL, clusters, progress, view

ZONE = "Asia/Ho_Chi_Minh"
TWO = MailSettings(MAIL.sender, (Recipient("Bí thư", "bi-thu@example.org"), Recipient("Phó Bí thư", "pho@example.org")))


REPORT = Document("ket-qua-2024-dot-2.html", "text/html", "<html>Báo cáo</html>".encode())


def letter(**changed: Any) -> Letter:
    plain = Letter("ket-qua/2024/dot-2/v1", "Kết quả đợt 2", "Chữ\n", "<p>Chữ</p>", (REPORT,))
    return dataclasses.replace(plain, **changed)


class Post:
    """A mailer that keeps what it is given, refuses some, and notes what the journal knew at that moment."""

    def __init__(self, refused: tuple[str, ...] = (), *, broken: bool = False) -> None:
        self.sent: list[str] = []
        self.log: list[str] = []
        self._refused = refused
        self._broken = broken

    def record(self, mail: MailRecord) -> None:
        """Note the state that the journal was given."""
        self.log.append(f"{mail.state} {mail.recipient}")

    def send(self, message: EmailMessage) -> str:
        """Take, refuse, or break down."""
        address = message["To"].addresses[0].addr_spec
        self.log.append(f"send {address}")
        if self._broken:
            raise RuntimeError("the machine stopped")
        if address in self._refused:
            raise MailError(f"{address} is not accepted; check the address.")
        self.sent.append(address)
        return "accepted"


def given(post: Post, outgoing: list[Outgoing], known: tuple[MailRecord, ...] = ()) -> list[MailRecord]:
    return deliver(outgoing, known=known, record=post.record, mailer=post, day=DAY)


def known_as(state: MailState, one: Outgoing) -> MailRecord:
    return MailRecord(one.key, one.recipient, one.subject, date(2024, 12, 1), state)


def test_each_person_on_the_list_gets_one_message_and_nobody_else():
    """Every recipient has a message and a key of their own, addressed to them alone."""
    made = messages(letter(), TWO, DAY, ZONE)
    assert [one.key for one in made] == ["ket-qua/2024/dot-2/v1/bi-thu@example.org", "ket-qua/2024/dot-2/v1/pho@example.org"]
    assert [[address.addr_spec for address in one.message["To"].addresses] for one in made] == [["bi-thu@example.org"], ["pho@example.org"]]
    assert all(one.message["Cc"] is None and one.message["Bcc"] is None for one in made)


def test_an_address_listed_twice_is_one_person():
    """The same address in other capitals gets no second message."""
    double = MailSettings(MAIL.sender, (*TWO.recipients, Recipient("Bí thư", "BI-THU@example.org")))
    assert [one.recipient for one in messages(letter(), double, DAY, ZONE)] == ["bi-thu@example.org", "pho@example.org"]


def test_an_empty_list_sends_nothing():
    """Without recipients there is no message."""
    assert messages(letter(), MailSettings(MAIL.sender, ()), DAY, ZONE) == []


def test_a_message_has_text_html_and_the_report_as_a_file():
    """The body comes both ways, the report is attached under its name, and all of it survives the journey as typed."""
    raw = messages(letter(), MAIL, DAY, ZONE)[0].message.as_bytes()
    read = email.message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/html",
    ]  # fmt: skip
    assert read.get_body(("plain",)).get_content().strip() == "Chữ"
    assert read.get_body(("html",)).get_content().strip() == "<p>Chữ</p>"
    attached = next(read.iter_attachments())
    assert (attached.get_filename(), attached.get_content_charset()) == ("ket-qua-2024-dot-2.html", "utf-8")
    assert attached.get_content().strip() == "<html>Báo cáo</html>"
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998


def test_headers_come_from_key_and_day_only():
    """Sender, Vietnamese subject, date in the plan's time zone; the id follows from the key."""
    message = messages(letter(), MAIL, DAY, ZONE)[0].message
    read = email.message_from_bytes(message.as_bytes(), policy=policy.default)
    assert (read["Subject"], read["From"], read["To"]) == (
        "Kết quả đợt 2", "Đồng hành <donghanh@example.org>", "Ban Thường vụ <btv@example.org>",
    )  # fmt: skip
    assert read["Date"] == "Thu, 05 Dec 2024 07:00:00 +0700"
    assert read["Message-ID"].endswith("@example.org>")
    assert read["X-Donghanh-Key"] == "ket-qua/2024/dot-2/v1/btv@example.org"


def test_the_same_letter_is_the_same_bytes_and_another_version_another_id():
    """Nothing is drawn by lot; a new version is a new message."""
    first, again, other = (messages(one, MAIL, DAY, ZONE)[0] for one in (letter(), letter(), letter(key="ket-qua/2024/dot-2/v2")))
    assert first.message.as_bytes() == again.message.as_bytes()
    assert first.message["Message-ID"] != other.message["Message-ID"]


def test_a_line_break_in_a_subject_cannot_add_a_header():
    """A subject that tries to smuggle a header in is one line, and no run ends for it."""
    (one,) = messages(letter(subject="Kết quả\r\nBcc: x@example.org"), MAIL, DAY, ZONE)
    assert (one.message["Subject"], one.message["Bcc"]) == ("Kết quả Bcc: x@example.org", None)


def test_the_body_of_a_bad_year_stays_under_ninety_kilobytes():
    """Nobody handed in, nothing could be read, three hundred errors: mail programs still show all of it. What is attached does not count."""
    missing = {unit.id: (Compliance.MISSING, Compliance.LATE) for unit in organization().units}
    shown = view(figures=progress(states=missing), data=clusters(errors=300, phuong=ClusterStatus.FAILED, khoi=ClusterStatus.STALE))
    renderer = Renderer(default_templates_dir())
    body = letter(
        text=renderer.mail_text(shown, BESIDE),
        html=renderer.mail_html(shown, BESIDE),
        attachments=(),
        pictures=renderer.mail_pictures(shown),
    )
    assert len(messages(body, MAIL, DAY, ZONE)[0].message.as_bytes()) <= 90_000


def test_a_message_is_claimed_then_sent_then_noted():
    """The journal knows of the claim before the mailer has the message, and of the outcome after it."""
    post = Post()
    receipts = given(post, messages(letter(), MAIL, DAY, ZONE))
    assert post.log == ["claimed btv@example.org", "send btv@example.org", "sent btv@example.org"]
    assert [(one.state, one.detail, one.day) for one in receipts] == [(MailState.SENT, "accepted", DAY)]


@pytest.mark.parametrize("state", [MailState.SENT, MailState.UNKNOWN])
def test_what_went_or_may_have_gone_never_goes_again(state: MailState):
    """A message sent or of unknown fate is left alone, without a word in the journal."""
    post, outgoing = Post(), messages(letter(), MAIL, DAY, ZONE)
    assert given(post, outgoing, (known_as(state, outgoing[0]),)) == []
    assert post.log == []


def test_a_claim_without_outcome_becomes_unknown_and_is_not_repeated():
    """A run that died between claim and outcome leaves a message for a person to settle."""
    post, outgoing = Post(), messages(letter(), MAIL, DAY, ZONE)
    receipts = given(post, outgoing, (known_as(MailState.CLAIMED, outgoing[0]),))
    assert [one.state for one in receipts] == [MailState.UNKNOWN]
    assert post.log == ["unknown btv@example.org"]


def test_a_refused_message_is_noted_with_its_reason_and_the_others_go():
    """One bad address stops nobody else."""
    post = Post(refused=("bi-thu@example.org",))
    receipts = given(post, messages(letter(), TWO, DAY, ZONE))
    assert [one.state for one in receipts] == [MailState.REFUSED, MailState.SENT]
    assert receipts[0].detail == "bi-thu@example.org is not accepted; check the address."
    assert post.sent == ["pho@example.org"]


def test_a_refused_message_is_tried_again_by_the_next_run():
    """Refused means that it did not go; once the address is right it does."""
    post, outgoing = Post(), messages(letter(), MAIL, DAY, ZONE)
    assert [one.state for one in given(post, outgoing, (known_as(MailState.REFUSED, outgoing[0]),))] == [MailState.SENT]


def test_the_same_key_twice_in_one_run_goes_once():
    """A letter handed over twice is one message."""
    post = Post()
    assert len(given(post, messages(letter(), MAIL, DAY, ZONE) * 2)) == 1
    assert post.sent == ["btv@example.org"]


def test_a_new_version_goes_though_the_old_one_went():
    """The version is part of the key."""
    post, old = Post(), messages(letter(), MAIL, DAY, ZONE)[0]
    given(post, messages(letter(key="ket-qua/2024/dot-2/v2"), MAIL, DAY, ZONE), (known_as(MailState.SENT, old),))
    assert post.sent == ["btv@example.org"]


def test_a_run_that_dies_while_sending_leaves_the_claim():
    """A fault of the machine goes up with the claim already in the journal and no outcome after it."""
    post = Post(broken=True)
    with pytest.raises(RuntimeError):
        given(post, messages(letter(), MAIL, DAY, ZONE))
    assert post.log == ["claimed btv@example.org", "send btv@example.org"]


def test_nothing_is_sent_where_the_claim_cannot_be_kept():
    """If the journal cannot be written the mailer is never asked."""

    def full(mail: MailRecord) -> None:
        raise OSError("disk full")

    post = Post()
    with pytest.raises(OSError, match="disk full"):
        deliver(messages(letter(), MAIL, DAY, ZONE), known=(), record=full, mailer=post, day=DAY)
    assert post.sent == []


def test_the_outbox_takes_what_deliver_hands_over(tmp_path: Path):
    """Through the real outbox a message lies on the disk, and a lost journal does not write over it."""
    outgoing = messages(letter(), MAIL, DAY, ZONE)
    first = deliver(outgoing, known=(), record=lambda mail: None, mailer=Outbox(tmp_path), day=DAY)
    again = deliver(outgoing, known=(), record=lambda mail: None, mailer=Outbox(tmp_path), day=DAY)
    assert (tmp_path / first[0].detail).read_bytes() == outgoing[0].message.as_bytes()
    assert again[0].state is MailState.REFUSED
