"""Mail over a real SMTP server that refuses, breaks off and hangs."""

from __future__ import annotations

import dataclasses
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.deliver import Letter, Outgoing, messages
from sync.edges.smtp import Smtp
from sync.errors import MailError, MailUnknown
from sync.settings_values import MailSettings, Recipient
from tests.paper import DAY, MAIL
from tests.post_office import PASSWORD, PostOffice, post_office

TWO = MailSettings(MAIL.sender, (Recipient("Bí thư", "bi-thu@example.org"), Recipient("Phó Bí thư", "pho@example.org")))
BI_THU, PHO = "bi-thu@example.org", "pho@example.org"


def outgoing() -> list[Outgoing]:
    letter = Letter("ket-qua/2024/dot-2/v1", "Kết quả đợt 2", "Chữ\n.\n..hai chấm\n", "<p>Chữ</p>")
    return messages(letter, TWO, DAY, "Asia/Ho_Chi_Minh")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[PostOffice, ssl.SSLContext]]:
    with post_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def smtp(office: tuple[PostOffice, ssl.SSLContext], waits: list[float]) -> Iterator[Smtp]:
    client = Smtp(office[0].settings(), PASSWORD, wait=waits.append, trust=office[1])
    yield client
    client.close()


def test_messages_arrive_as_they_were_over_one_encrypted_connection(office, smtp: Smtp):
    """Two messages, each to its one recipient; dots at the start of lines survive."""
    assert [smtp.send(one.message) for one in outgoing()] == ["250 OK: queued"] * 2
    assert [str(message["To"]) for message in office[0].accepted] == ["Bí thư <bi-thu@example.org>", "Phó Bí thư <pho@example.org>"]
    assert office[0].accepted[0].get_body(("plain",)).get_content().splitlines() == ["Chữ", ".", "..hai chấm"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # it does not see that the port is encrypted already
def test_tls_from_the_first_byte_works_too(tmp_path: Path):
    """Port 465's way."""
    with post_office(tmp_path, tls=True) as (office, trust):
        client = Smtp(office.settings(security="tls"), PASSWORD, trust=trust)
        client.send(outgoing()[0].message)
        client.close()
        assert len(office.accepted) == 1


def test_a_recipient_refused_for_good_is_permanent_and_stops_no_other(office, smtp: Smtp, waits: list[float]):
    """5xx at RCPT: said with the address, not tried again; the next message goes over the same connection."""
    office[0].recipients[BI_THU] = "550 no such user"
    first, second = outgoing()
    with pytest.raises(MailError, match=r"bi-thu@example\.org was refused; check the address \(550 no such user\)") as caught:
        smtp.send(first.message)
    assert caught.value.permanent
    assert waits == []
    assert smtp.send(second.message) == "250 OK: queued"


def test_a_recipient_refused_for_now_is_tried_again_and_left_for_the_next_run(office, smtp: Smtp, waits: list[float]):
    """4xx: four tries with waits between them, then a refusal that is not final."""
    office[0].recipients[BI_THU] = "450 mailbox busy"
    with pytest.raises(MailError) as caught:
        smtp.send(outgoing()[0].message)
    assert not caught.value.permanent
    assert len(waits) == 3
    assert all(0 <= wait <= 60 for wait in waits)


def test_what_was_refused_for_the_moment_goes_when_the_server_takes_it(office, smtp: Smtp):
    """451 after the text, then 250: one message arrived."""
    office[0].answers = ["451 try later"]
    assert smtp.send(outgoing()[0].message) == "250 OK: queued"
    assert len(office[0].accepted) == 1


def test_a_message_refused_after_its_text_is_final(office, smtp: Smtp):
    """554 at the end: the server has said that it does not have it."""
    office[0].answers = ["554 looks like spam"]
    with pytest.raises(MailError, match="554 looks like spam") as caught:
        smtp.send(outgoing()[0].message)
    assert caught.value.permanent


@pytest.mark.parametrize("moment", ["rcpt", "data"])
def test_a_connection_lost_before_the_full_stop_is_tried_again(office, smtp: Smtp, moment: str):
    """Nothing had been taken: a second connection brings it, once."""
    office[0].drop = [moment]
    assert smtp.send(outgoing()[0].message) == "250 OK: queued"
    assert len(office[0].accepted) == 1


@pytest.mark.parametrize(("moment", "arrived"), [("lost", 0), ("kept", 1)])
def test_a_connection_lost_after_the_full_stop_is_unknown_and_never_repeated(
    office, smtp: Smtp, waits: list[float], moment: str, arrived: int
):
    """From here the two cases look the same, so neither is sent again."""
    office[0].drop = [moment]
    with pytest.raises(MailUnknown, match="before it said whether it has the message"):
        smtp.send(outgoing()[0].message)
    assert waits == []
    assert len(office[0].accepted) == arrived


def test_a_server_that_hangs_is_given_up_in_time(office):
    """No answer to DATA: the message did not go, and the sentence says so."""
    office[0].drop = ["hang", "hang"]
    client = Smtp(office[0].settings(timeout_seconds=1, tries=2), PASSWORD, wait=lambda seconds: None, trust=office[1])
    with pytest.raises(MailError, match="no answer in time"):
        client.send(outgoing()[0].message)
    assert office[0].accepted == []


def test_a_certificate_of_another_name_or_authority_is_refused(tmp_path: Path, office):
    """Nothing is sent, not even the password."""
    with pytest.raises(MailError, match=r"no certificate that can be trusted .* mail\.smtp\.host") as caught:
        Smtp(office[0].settings(), PASSWORD).send(outgoing()[0].message)
    assert not caught.value.permanent
    with post_office(tmp_path, name="post.example.org") as (other, trust), pytest.raises(MailError, match="certificate"):
        Smtp(other.settings(), PASSWORD, trust=trust).send(outgoing()[0].message)


def test_a_wrong_password_is_a_sentence_without_the_password(office):
    """It names the setting and the variable."""
    with pytest.raises(MailError, match="DONGHANH_SMTP_PASSWORD") as caught:
        Smtp(office[0].settings(), "s3cr3t-w0rd", trust=office[1]).send(outgoing()[0].message)
    assert "s3cr3t-w0rd" not in str(caught.value)
    assert not caught.value.permanent


def test_a_password_that_smtp_cannot_carry_is_a_sentence(office):
    """No traceback about encodings."""
    with pytest.raises(MailError, match="letters other than"):
        Smtp(office[0].settings(), "mật khẩu", trust=office[1]).send(outgoing()[0].message)


def test_a_server_without_encryption_gets_nothing(office):
    """A plain port is left before the password is said."""
    plain = dataclasses.replace(office[0].settings(tries=1), security="tls")
    with pytest.raises(MailError, match="does not answer"):
        Smtp(plain, PASSWORD, wait=lambda seconds: None, trust=office[1]).send(outgoing()[0].message)
    assert office[0].accepted == []


def test_a_port_where_nobody_listens_is_a_sentence(office):
    """Tried so often, then said with host and port."""
    closed = office[0].settings(port=1, tries=2)
    with pytest.raises(MailError, match=r"localhost:1 does not answer .* mail\.smtp\.port"):
        Smtp(closed, PASSWORD, wait=lambda seconds: None, trust=office[1]).send(outgoing()[0].message)
