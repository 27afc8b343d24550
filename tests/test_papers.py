"""What a run mails: the digest beside the report, what waits, and reminders that go once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from sync.edges.dry import DryDocuments
from sync.errors import MailUnknown
from sync.model import MailState
from sync.remind import remind
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, RunResult, run
from sync.settings import load_settings
from sync.settings_values import Settings
from tests.simulated_year import Year


class Post:
    """Takes messages and keeps them; loses the answer to those of a key."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []
        self.lost = ""

    def send(self, message: EmailMessage) -> str:
        """Keep it."""
        self.kept.append(message)
        if self.lost and self.lost in str(message["X-Donghanh-Key"]):
            raise MailUnknown("The line broke before the answer.")
        return "ok"

    def text(self, key: str) -> str:
        """Return the plain text of the one message whose key begins so."""
        (found,) = [one for one in self.kept if str(one["X-Donghanh-Key"]).startswith(key)]
        body = found.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


class Office:
    """The sample district, run on days of a year."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = load_settings(default_config_dir())
        self.home, self.post = Year(folder, self.settings), Post()
        self.edges = Edges(self.home, self.post, DryDocuments())
        self.renderer = Renderer(default_templates_dir(), forms=())

    def run(self, day: date) -> RunResult:
        """Run the main job."""
        self.home.today = day
        return run(self.edges, self.settings, self.renderer, as_of=day)

    def remind(self, day: date) -> RunResult:
        """Send the reminders alone."""
        self.home.today = day
        return remind(self.edges, self.settings, self.renderer, as_of=day)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return the office before its first run."""
    return Office(tmp_path)


def test_a_letter_says_what_has_changed_since_the_one_before(office: Office):
    """Each target that moved, from what to what; the first letter has nothing to compare with."""
    office.run(date(2025, 2, 1))
    office.run(date(2025, 5, 31))
    assert "THAY ĐỔI SO VỚI" not in office.post.text("dang-ky/2025/dot-1")
    told = office.post.text("ket-qua/2025/dot-1")
    assert "THAY ĐỔI SO VỚI THƯ NGÀY 01/02/2025" in told
    assert any(line.startswith("- Hoạt động Liên đội: đăng ký từ ") and "đã thực hiện từ " in line for line in told.splitlines())
    assert "Bảng tổng hợp: https://docs.google.com/spreadsheets/d/tong-hop/edit" in told


def test_the_last_results_of_a_year_come_with_the_yearly_report(office: Office):
    """One letter, both reports attached; the supplement in January is another."""
    office.run(date(2025, 10, 1))
    office.run(date(2025, 12, 4))
    office.run(date(2026, 1, 11))
    (both,) = [one for one in office.post.kept if str(one["X-Donghanh-Key"]).startswith("ket-qua/2025/dot-2")]
    assert "đợt 2 và cả năm" in both["Subject"]
    assert "(bổ sung)" in office.post.text("nam/2025/bo-sung") or "BỔ SUNG" in office.post.text("nam/2025/bo-sung")


def test_a_due_report_waits_some_days_for_a_cluster_and_then_goes_naming_it(office: Office):
    """Three days; the run says for whom it waits; once someone has had it, nobody waits any more."""
    office.run(date(2025, 11, 20))
    waiting = office.run(date(2025, 12, 1))
    assert [note for note in waiting.notes if "Khối Y tế" in note and "04/12/2025" in note]
    assert not [mail for mail in waiting.mails if mail.key.startswith("ket-qua/")]
    office.settings = replace(office.settings, mail=replace(office.settings.mail, wait_days=1))
    went = office.run(date(2025, 12, 2))
    assert [mail.key.split("/")[0] for mail in went.mails] == ["ket-qua"]
    assert "KHU VỰC, KHỐI CHƯA CÓ SỐ LIỆU MỚI\n- Khối Y tế" in office.post.text("ket-qua/2025/dot-2")


def test_the_next_letter_tells_the_operator_what_is_to_be_settled(office: Office):
    """A message of unknown fate is listed with the command that settles it, and is never sent again by itself."""
    office.post.lost = "dang-ky/2025/dot-1"
    assert office.run(date(2025, 2, 1)).needs_a_person
    office.post.lost = ""
    office.run(date(2025, 5, 31))
    told = office.post.text("ket-qua/2025/dot-1")
    assert "- dang-ky/2025/dot-1/v1/ban-thuong-vu@example.org: không rõ thư đã đi chưa" in told
    assert "donghanh mail settle" in told
    assert office.post.text("dang-ky/2025/dot-1")


def test_run_and_remind_share_their_claims(office: Office):
    """Whoever was reminded by one is not reminded by the other; the next stage goes out again."""
    office.run(date(2025, 5, 1))
    first = office.remind(date(2025, 5, 23))
    assert {mail.state for mail in first.mails} == {MailState.SENT}
    assert all(mail.key.startswith("nhac/2025/dot-1/results/bay-ngay/v1/") for mail in first.mails)
    assert office.run(date(2025, 5, 24)).mails == ()
    assert [mail.key.split("/")[4] for mail in office.run(date(2025, 5, 29)).mails] == ["cuoi"] * len(first.mails)


def test_reminders_can_be_switched_off(office: Office):
    """Then neither command writes to a head."""
    office.settings = replace(office.settings, mail=replace(office.settings.mail, reminders=False))
    office.run(date(2025, 5, 1))
    assert office.remind(date(2025, 5, 23)).mails == office.run(date(2025, 5, 24)).mails == ()


def test_a_head_reads_of_a_table_that_could_not_be_read(office: Office):
    """Y tế's table is closed: its head hears why, and of which day the rows are."""
    office.run(date(2025, 11, 28))
    office.run(date(2025, 12, 1))
    told = office.post.text("nhac/2025/dot-2/results/qua-han/v1/y-te")
    assert "Chưa đọc được bảng (số liệu của ngày 28/11/2025): Không mở được bảng" in told
