"""Word of rows that went: to the head of the cluster by mail, once a loss; to whoever runs the program beside the next report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import xlsxwriter

from sync.edges.outbox import Documents, Outbox
from sync.edges.workbooks import Workbooks
from sync.errors import MailError
from sync.loss_letter import ROWS, loss_lines, loss_view
from sync.model import ClusterStatus, MailState
from sync.organization import Head, Organization
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_templates_dir
from sync.run import Edges, RunResult, run
from sync.settings_values import Settings
from tests.district import HEADER, good_row, judge_rows, organization, plan
from tests.paper import FORM, MAIL
from tests.test_reminders import with_heads

FIRST, SECOND, THIRD = date(2024, 4, 2), date(2024, 4, 3), date(2024, 4, 4)
HEAD = "phuong@example.org"


class District:
    """A folder whose wards' table has so many rows."""

    def __init__(self, folder: Path, known: Organization) -> None:
        self.folder, self.settings = folder, Settings(plan(), known, FORM, MAIL)
        self.mailer: object = Outbox(folder / "out")
        for cluster, unit in (("khoi", "Đoàn Công an quận"), ("trung-tam", "Trung tâm thiếu nhi")):
            self.save(cluster, [good_row(unit=unit, target="5")])

    def save(self, cluster: str, rows: list[list[object]]) -> None:
        """Save a cluster's workbook anew."""
        path = self.folder / "so-lieu" / f"{cluster}.xlsx"
        path.parent.mkdir(exist_ok=True)
        with xlsxwriter.Workbook(path) as book:
            tab = book.add_worksheet("Hoạt động")
            for number, row in enumerate([list(HEADER), *rows]):
                tab.write_row(number, 0, row)

    def wards(self, *numbers: int) -> None:
        """Let these activities stand in the wards' table."""
        self.save(
            "phuong", [good_row(name=f"Ngày hội số {one}", planned=f"{one:02d}/03/2024", done=f"{one:02d}/03/2024") for one in numbers]
        )

    def run(self, day: date, *accept_loss: str) -> RunResult:
        """Run the main job."""
        home = Workbooks(self.folder / "so-lieu", self.folder / "out", max_uncompressed_bytes=10**8, mask=mask)
        edges = Edges(home, self.mailer, Documents(self.folder / "out" / "bao-cao"))  # type: ignore[arg-type]
        return run(edges, self.settings, Renderer(default_templates_dir()), as_of=day, accept_loss=accept_loss)

    def letters(self, address: str = HEAD) -> list[EmailMessage]:
        """Return what lies in the outbox for someone, without reminders."""
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.folder.glob("out/hop-thu-di/*.eml"))]
        return [one for one in found if address in str(one["To"]) and "nhac/" not in str(one["X-Donghanh-Key"])]


@pytest.fixture
def district(tmp_path: Path) -> District:
    """Return the district after a run that saw six rows of the wards'."""
    found = District(tmp_path, with_heads("phuong"))
    found.wards(*range(1, 7))
    assert not found.run(FIRST).needs_a_person
    return found


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_head_is_told_once_which_rows_went(district: District):
    """Each row by its number, name and unit; the next runs say nothing more while the loss lasts."""
    district.wards(1, 2)
    result = district.run(SECOND)
    assert result.needs_a_person
    assert [one.status for one in result.clusters] == [ClusterStatus.STALE, ClusterStatus.OK, ClusterStatus.OK]
    [letter] = district.letters()
    assert letter["Subject"] == "[Đồng hành] Bảng của Khu vực phường mất 04 hoạt động"
    said = text_of(letter)
    assert "So với lần đọc ngày 02/4/2024, bảng không còn 04 trong 06 hoạt động" in said
    assert [f"dòng {number + 1} «Ngày hội số {number}» (Đoàn phường An Lạc)" in said for number in range(1, 7)] == [False] * 2 + [True] * 4
    district.wards(1)
    assert district.run(SECOND).needs_a_person
    assert district.run(THIRD).needs_a_person
    assert len(district.letters()) == 1


def test_another_loss_is_another_letter(district: District):
    """After the first one was let through, what goes later is told again; what came back needs no letter."""
    district.wards(1, 2, 3)
    district.run(SECOND)
    assert not district.run(THIRD, "phuong").needs_a_person
    district.wards(1, 2, 3, 4, 5, 6)
    assert not district.run(date(2024, 4, 5)).needs_a_person
    district.wards(6)
    district.run(date(2024, 4, 6))
    assert len(district.letters()) == 2


def test_a_letter_that_was_refused_goes_with_the_next_run(district: District):
    """Through the same claims as every other mail."""

    class Refusing:
        def send(self, message: EmailMessage) -> str:
            raise MailError("not now")

    outbox, district.mailer = district.mailer, Refusing()
    district.wards(1)
    assert [mail.state for mail in district.run(SECOND).mails] == [MailState.REFUSED]
    district.mailer = outbox
    assert [mail.key for mail in district.run(THIRD).mails] == [f"mat-dong/phuong/2024-04-02/v1/{HEAD}"]


@pytest.mark.parametrize("reminders", [True, False])
def test_a_cluster_without_head_is_a_note_and_mail_that_is_switched_off_is_none(tmp_path: Path, reminders: bool):
    """Nobody is written to; the run still says what happened."""
    found = District(tmp_path, organization())
    found.settings = replace(found.settings, mail=replace(MAIL, reminders=reminders))
    found.wards(*range(1, 7))
    found.run(FIRST)
    found.wards(1)
    result = found.run(SECOND)
    assert [one for one in result.notes if "mất dòng" in one] == (
        ["Không báo được Khu vực phường mất dòng: organization.yaml chưa ghi người phụ trách năm 2024 (heads)."] if reminders else []
    )
    assert result.needs_a_person
    assert found.letters() == []


def test_the_next_report_tells_whoever_runs_the_program(district: District):
    """Beside the figures: the rows, and the command that lets the loss through."""
    district.wards(1, 2)
    district.run(date(2024, 6, 4))  # the letter of round 1 no longer waits for the cluster
    [report] = [one for one in district.letters("btv@example.org") if "ket-qua/2024/dot-1" in str(one["X-Donghanh-Key"])]
    said = " ".join(text_of(report).split())
    assert "BẢNG ĐƯỢC GIỮ SỐ LIỆU CŨ VÌ MẤT DÒNG - Khu vực phường mất 04 trong 06 hoạt động so với ngày 02/4/2024: dòng 4" in said
    assert "Nếu đúng: donghanh run --accept-loss phuong" in said


def test_a_great_loss_is_told_in_a_short_letter():
    """So many rows are named, the others counted; in Google the way back is its history of versions."""
    last = judge_rows(*(good_row(name=f"Hội {n}", planned=f"{n % 28 + 1}/03/2024", done=f"{n % 28 + 1}/03/2024") for n in range(90)))
    held = replace(last, lost=last.activities)
    place = "https://docs.google.com/spreadsheets/d/x/edit"
    view = loss_view(held, Head(2024, "Lê Văn Tám", HEAD), organization(), place, "9")
    assert (len(view.rows), view.more) == (ROWS, "và 60 dòng nữa.")
    assert view.address == place
    assert "Nhật ký phiên bản" in view.advice[0]
    [line] = loss_lines([held, last], organization())
    assert line.endswith("và 60 dòng nữa. Nếu đúng: donghanh run --accept-loss phuong")
