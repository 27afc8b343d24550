"""The main job from end to end, on folders (real files, the real outbox)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from sync.edges.outbox import Documents, Outbox
from sync.edges.workbooks import Workbooks
from sync.errors import MailError, SourceError
from sync.journal import dump, load, with_mail
from sync.model import ClusterStatus, MailRecord, MailState, Memory
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, RunResult, district_now, run
from sync.sample import DEMO_AS_OF, lay_out
from sync.settings import load_settings


def home(folder: Path) -> Workbooks:
    """Return the district's home: units' workbooks in one folder, everything written in another."""
    return Workbooks(folder / "so-lieu", folder / "ket-qua", max_uncompressed_bytes=10**8, mask=mask)


def main_job(folder: Path, as_of: date = DEMO_AS_OF, mailer: object = None, accept_loss: tuple[str, ...] = ()) -> RunResult:
    """Run the main job on the folder."""
    out = folder / "ket-qua"
    edges = Edges(home(folder), mailer or Outbox(out), Documents(out / "bao-cao"))  # type: ignore[arg-type]
    return run(edges, load_settings(default_config_dir()), Renderer(default_templates_dir()), as_of=as_of, accept_loss=accept_loss)


def prints(folder: Path) -> dict[str, str]:
    """Return the hash of every file below the folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture
def district(tmp_path: Path) -> Path:
    """Return a folder with the sample district."""
    lay_out(tmp_path / "so-lieu")
    return tmp_path


def test_a_report_that_cannot_be_written_holds_no_mail_back(district: Path) -> None:
    """A disk that is full after the master: the committee has its mail with the report, and the run says what is missing."""
    (district / "ket-qua").mkdir()
    (district / "ket-qua" / "bao-cao").write_text("a file where the folder should be")
    result = main_job(district)
    assert [mail.state for mail in result.mails] == [MailState.SENT]
    assert all("could not be written" in one for one in result.problems)
    assert sum(one.endswith("`donghanh report` makes it again.") for one in result.problems) == 6
    assert result.needs_a_person


def test_everything_is_written_and_one_mail_goes_out(district: Path) -> None:
    """Master, eight feedbacks, three reports, one message, no reminder that came before the first run; the units' folder stays as it was."""
    before = prints(district / "so-lieu")
    result = main_job(district)
    assert prints(district / "so-lieu") == before
    assert {path.name for path in (district / "ket-qua" / "phan-hoi").iterdir()} == {path.split("/")[-1] for path in before}
    sent = [path.name.split("-v1-")[0] for path in sorted((district / "ket-qua" / "hop-thu-di").glob("*.eml"))]
    assert sent == ["ket-qua-2025-dot-2"]
    assert sorted(path.name for path in (district / "ket-qua" / "bao-cao").iterdir()) == [
        "ket-qua-2025-dot-2.html",
        "ket-qua-2025-dot-2.json",
        "nam-2025.html",
        "nam-2025.json",
        "theo-doi.html",
        "tien-do-2025-12-05.html",
        "tien-do-2025-12-05.json",
    ]
    assert {mail.state for mail in result.mails} == {MailState.SENT}
    assert not result.needs_a_person


def test_the_same_run_twice_changes_nothing_and_mails_nothing(district: Path) -> None:
    """The second run of a day leaves every file byte for byte as it was."""
    main_job(district)
    before = prints(district)
    again = main_job(district)
    assert (prints(district), again.written, again.mails) == (before, (), ())


def test_a_cluster_with_nothing_new_is_remembered_as_the_object_that_was(district: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ten thousand of them each would be there twice: as an earlier run left it and as it is."""
    main_job(district)
    loaded = list[Memory]()

    def noted(rows: Sequence[Sequence[str]]) -> Memory:
        loaded.append(load(rows))
        return loaded[-1]

    monkeypatch.setattr("sync.run.load", noted)
    (district / "so-lieu" / "y-te.xlsx").write_bytes((district / "so-lieu" / "noi-chinh.xlsx").read_bytes())
    settings = load_settings(default_config_dir())
    found = district_now(home(district), settings, as_of=DEMO_AS_OF, accept_loss=("y-te",)).memory.last_good
    (before,) = loaded
    assert {name for name, data in found.items() if data is not before.last_good[name]} == {"y-te"}


def test_a_later_run_does_not_mail_the_same_report_again(district: Path) -> None:
    """Days later the report of the same due day has been sent; the one of the next due day goes out."""
    main_job(district)
    assert main_job(district, DEMO_AS_OF + timedelta(days=3)).mails == ()
    later = [mail.key.split("/")[:3] for mail in main_job(district, date(2026, 6, 1)).mails if not mail.key.startswith("nhac/")]
    assert later == [["nam", "2025", "bo-sung"], ["dang-ky", "2026", "dot-1"], ["ket-qua", "2026", "dot-1"]]


def test_a_report_that_goes_out_in_the_new_year_shows_its_own_year(district: Path) -> None:
    """The job was down in December: in January the report of round 2 carries the old year's figures, not the new year's."""
    mail = main_job(district, date(2026, 1, 10)).mails[0]
    assert mail.key.startswith("ket-qua/2025/dot-2/")
    assert "2025" in mail.subject
    assert "2026, đợt" not in mail.subject
    text = (district / "ket-qua" / "bao-cao" / "ket-qua-2025-dot-2.html").read_text(encoding="utf-8")
    assert "130%" in text


def test_a_corrected_cell_loses_its_finding_and_keeps_its_code(district: Path) -> None:
    """Someone corrects one workbook: the finding goes, the activity is counted, its `Mã HĐ` stays."""
    first = main_job(district)
    path = district / "so-lieu" / "truong-hoc.xlsx"
    wrong = next(found for data in first.clusters for found in data.findings if found.code == "unknown-target")
    book = openpyxl.load_workbook(path)
    book["Hoạt động"][wrong.cell] = "7"
    book.save(path)
    second = main_job(district)
    after = next(data for data in second.clusters if data.cluster == "truong-hoc")
    assert not any((found.cell, found.code) == (wrong.cell, wrong.code) for found in after.findings)
    codes = [
        {one.row: one.code for data in result.clusters for one in data.activities if data.cluster == "truong-hoc"}
        for result in (first, second)
    ]
    assert codes[0] == codes[1]
    assert all(codes[0].values())


def test_a_cluster_that_cannot_be_read_keeps_its_last_rows(district: Path) -> None:
    """Marked stale with its day; the others go on; a person is needed."""
    main_job(district)
    (district / "so-lieu" / "y-te.xlsx").write_bytes(b"no workbook")
    later = DEMO_AS_OF + timedelta(days=1)
    result = main_job(district, later)
    states = {data.cluster: data for data in result.clusters}
    assert (states["y-te"].status, states["y-te"].data_as_of, len(states["y-te"].activities)) == (ClusterStatus.STALE, DEMO_AS_OF, 12)
    assert states["truong-hoc"].status is ClusterStatus.OK
    assert result.needs_a_person
    assert "Khối Y tế" in (district / "ket-qua" / "bao-cao" / f"tien-do-{later}.html").read_text(encoding="utf-8")


def test_a_cluster_that_lost_most_of_its_rows_waits_for_a_person(district: Path) -> None:
    """Its earlier rows stand until --accept-loss."""
    main_job(district)
    path = district / "so-lieu" / "noi-chinh.xlsx"
    book = openpyxl.load_workbook(path)
    book["Hoạt động"].delete_rows(4, 20)
    book.save(path)
    kept = next(data for data in main_job(district).clusters if data.cluster == "noi-chinh")
    assert (kept.status, len(kept.activities)) == (ClusterStatus.STALE, 12)
    assert "--accept-loss noi-chinh" in (kept.error or "")
    taken = next(data for data in main_job(district, accept_loss=("noi-chinh",)).clusters if data.cluster == "noi-chinh")
    assert (taken.status, len(taken.activities)) == (ClusterStatus.OK, 2)


def test_one_feedback_that_cannot_be_written_does_not_stop_the_others(district: Path) -> None:
    """A folder stands where one file should go: said, a person is needed, everything else is there."""
    (district / "ket-qua" / "phan-hoi" / "y-te.xlsx").mkdir(parents=True)
    result = main_job(district)
    assert [("y-te.xlsx" in problem) for problem in result.problems] == [True]
    assert result.needs_a_person
    assert len([path for path in (district / "ket-qua" / "phan-hoi").iterdir() if path.is_file()]) == 7
    assert {mail.state for mail in result.mails} == {MailState.SENT}


class _Refusing:
    """A mailer that takes nothing."""

    def send(self, message: object) -> str:
        """Refuse."""
        raise MailError("The server refused the recipient.")


class _Dying:
    """A mailer in whose hands the program dies."""

    def send(self, message: object) -> str:
        """Die between claim and outcome."""
        raise KeyboardInterrupt


def test_a_refused_mail_is_shown_and_tried_again(district: Path) -> None:
    """Refused once, sent by the next run."""
    assert [mail.state for mail in main_job(district, mailer=_Refusing()).mails] == [MailState.REFUSED]
    assert [mail.state for mail in main_job(district).mails] == [MailState.SENT]


def test_a_death_between_claim_and_outcome_is_unknown_and_never_repeated(district: Path) -> None:
    """The claim lies in the master before the send; the next run shows it and sends nothing."""
    with pytest.raises(KeyboardInterrupt):
        main_job(district, mailer=_Dying())
    result = main_job(district)
    assert [mail.state for mail in result.unsettled_mails] == [MailState.UNKNOWN]
    assert result.unsettled_mails[0].key not in {mail.key for mail in result.mails}
    assert result.needs_a_person


def test_a_damaged_master_stops_the_run_and_is_not_overwritten(district: Path) -> None:
    """Its memory is worth more than a run."""
    main_job(district)
    master = district / "ket-qua" / "tong-hop.xlsx"
    master.write_bytes(b"PK damaged")
    with pytest.raises(SourceError, match="restore it from a copy"):
        main_job(district)
    assert master.read_bytes() == b"PK damaged"


def test_the_memory_in_the_master_is_the_memory_of_the_run(district: Path) -> None:
    """What the hidden tab holds can be read back and written again unchanged."""
    main_job(district)
    memory = load(home(district).read_memory())
    assert load(dump(memory)) == memory
    assert len(memory.codes) == sum(len(data.activities) for data in memory.last_good.values())
    record = MailRecord("k", "a@example.org", "s", DEMO_AS_OF, MailState.SENT)
    assert record in with_mail(memory, record).mails
