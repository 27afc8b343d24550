"""The folder of workbooks: real files, read, missing, misnamed, unreadable; the master and the feedback that come of them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from sync.edges.workbooks import Workbooks
from sync.errors import PublishError, SourceError, UsageError
from sync.layout import Feedback, Note, Shown, TabView, Workbook
from sync.model import Column


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for the clusters' workbooks, beside the one that is written to."""
    made = tmp_path / "so-lieu"
    made.mkdir()
    return made


def home(folder: Path, limit: int = 10_000_000, say: Callable[[str], None] = print) -> Workbooks:
    def mask(text: str) -> str:
        return text.replace("0901234567", "***")

    return Workbooks(folder, folder.parent / "out", max_uncompressed_bytes=limit, mask=mask, say=say)


def save(path: Path, *rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows or (["Đơn vị"],):
        book.active.append(row)
    book.save(path)
    return path.read_bytes()


def refusal(folder: Path, cluster: str = "y-te") -> str:
    with pytest.raises(SourceError) as caught:
        home(folder).read(cluster)
    assert str(caught.value).endswith(".")
    return str(caught.value)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything: be nobody for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def master(*rows: tuple[str, ...], tab: str = "_bo_nho") -> Workbook:
    return Workbook(
        "Tổng hợp",
        (TabView("Tổng hợp", ((Shown("x"),),)), TabView(tab, tuple(tuple(Shown(cell) for cell in row) for row in rows), hidden=True)),
    )


# Reading


def test_a_cluster_is_read_from_the_file_of_its_name(folder):
    """`y-te.xlsx` is the workbook of the cluster `y-te`, and the folder is as it was."""
    before = save(folder / "y-te.xlsx", ["Đơn vị", 1])
    sheet = home(folder).read("y-te")
    assert (sheet.cluster, sheet.source, sheet.tabs[0].rows) == ("y-te", "y-te.xlsx", [["Đơn vị", 1.0]])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"y-te.xlsx": before}


def test_an_open_workbook_is_read_from_what_was_saved(folder):
    """Excel's lock file beside a readable workbook is of no interest."""
    save(folder / "y-te.xlsx")
    (folder / "~$y-te.xlsx").write_bytes(b"x")
    assert home(folder).read("y-te").tabs[0].rows == [["Đơn vị"]]


@pytest.mark.parametrize("lock", ["~$y-te.xlsx", ".~lock.y-te.xlsx#"])
def test_a_lock_file_is_mentioned_where_reading_fails(folder, lock):
    """A workbook that cannot be read while a program has it open: the sentence says so."""
    (folder / "y-te.xlsx").write_bytes(save(folder / "other.xlsx")[:900])
    assert "đang được mở" not in refusal(folder)
    (folder / lock).write_bytes(b"x")
    assert "đang được mở" in refusal(folder)


def test_a_missing_file(folder):
    """The sentence names the file, the folder and what to do."""
    assert refusal(folder) == "Không có tệp y-te.xlsx trong thư mục so-lieu; hãy chép tệp vào đó."


@pytest.mark.parametrize(
    "name", ["y-te (1).xlsx", "Y-TE.XLSX", "Bản sao của Y tế.xlsx", "Copy of y_te.xlsx", "y-te.xlsx.xlsx", "y-te cuối 2.xlsx"]
)
def test_a_file_under_a_similar_name_is_pointed_out(folder, name):
    """A download's second copy, capitals, accents: the sentence names the file that there is and the name that it should have."""
    save(folder / name)
    sentence = refusal(folder)
    assert f"“{name}”" in sentence
    assert "đổi tên thành y-te.xlsx" in sentence


def test_the_newest_of_several_similar_files_is_pointed_out(folder):
    """Of several copies the one changed last is most likely meant."""
    for age, name in enumerate(("y-te (2).xlsx", "y-te (1).xlsx")):
        save(folder / name)
        os.utime(folder / name, (1_000_000 - age, 1_000_000 - age))
    assert "“y-te (2).xlsx”" in refusal(folder)


def test_a_file_of_another_kind_is_pointed_out(folder):
    """An old `.xls` of the right name has to be saved anew, not renamed."""
    (folder / "y-te.xls").write_bytes(b"x")
    assert "“y-te.xls”; nếu đó là bảng của cụm, hãy mở bằng Excel và lưu thành y-te.xlsx" in refusal(folder)


def test_a_name_of_bytes_that_are_no_letters_is_said_in_letters(folder):
    """The sentence stands in the master, in reports and on the page, which take text alone."""
    try:
        (folder / os.fsdecode(b"y-te (\xff).xlsx")).write_bytes(b"x")
    except OSError:
        pytest.skip("this disk takes no such name")
    assert "“y-te (\ufffd).xlsx”" in refusal(folder)


@pytest.mark.parametrize("name", ["y-te-hoc-duong.xlsx", "y.xlsx", "te.xlsx", "~$y-te.xlsx"])
def test_files_of_others_are_not_pointed_out(folder, name):
    """A name that only begins alike belongs to somebody else; a lock file is no workbook."""
    (folder / name).write_bytes(b"x")
    assert "nhưng có tệp" not in refusal(folder)


def test_a_folder_in_the_place_of_a_file(folder):
    """What is no file is not read."""
    (folder / "y-te.xlsx").mkdir()
    assert "không phải là tệp" in refusal(folder)


def test_a_pipe_in_the_place_of_a_file(folder):
    """A pipe would be waited for without end; it is refused instead."""
    os.mkfifo(folder / "y-te.xlsx")
    assert "không phải là tệp" in refusal(folder)


def test_a_file_that_may_not_be_read(folder):
    """No permission is said to be that."""
    save(folder / "y-te.xlsx")
    (folder / "y-te.xlsx").chmod(0)
    with as_nobody():
        assert "không có quyền đọc" in refusal(folder)


def test_a_file_larger_than_all_that_may_be_unpacked(folder):
    """A huge file is refused before it is read."""
    with (folder / "y-te.xlsx").open("wb") as file:
        file.truncate(50_000_000)
    assert "quá lớn (50 MB)" in refusal(folder)


def test_a_missing_folder_skips_each_cluster(tmp_path):
    """Without the folder every cluster has its sentence."""
    assert "Không có tệp y-te.xlsx trong thư mục nowhere" in refusal(tmp_path / "nowhere")


# The folder


def test_a_folder_with_a_workbook_will_do(folder):
    """One workbook is enough."""
    save(folder / "y-te.XLSX")
    home(folder).ensure_folder()
    assert not (folder.parent / "out").exists()


def test_a_folder_that_will_not_do(folder):
    """A folder that is missing, is a file or holds nothing but a lock file is a mistake of the command line."""
    with pytest.raises(UsageError, match=r"There is no folder .*nowhere; .*--workbooks\.$"):
        home(folder / "nowhere").ensure_folder()
    (folder / "~$y-te.xlsx").write_bytes(b"x")
    with pytest.raises(UsageError, match=r"holds no \.xlsx file"):
        home(folder).ensure_folder()
    with pytest.raises(UsageError, match="cannot be read"):
        home(folder / "~$y-te.xlsx").ensure_folder()


def test_feedback_never_goes_over_the_workbooks(tmp_path):
    """Choosing the folder of an earlier run's feedback as input would replace it: that is refused."""
    folder = tmp_path / "out" / "phan-hoi"
    folder.mkdir(parents=True)
    save(folder / "y-te.xlsx")
    with pytest.raises(UsageError, match="would replace"):
        Workbooks(folder, tmp_path / "out", max_uncompressed_bytes=10**7, mask=str).ensure_folder()


# The master


def test_no_master_is_an_empty_memory(folder):
    """Before the first run there is nothing to remember."""
    assert home(folder).read_memory() == []


def test_the_memory_comes_back_as_text(folder):
    """What was written as text comes back as text, every cell of it."""
    rows = (("kind", "a", "b"), ("run", "2024-03-15", "007"), ("mail", "=1+1", "Đã gửi"))
    written = home(folder).write_master(master(*rows))
    assert written == str(folder.parent / "out" / "tong-hop.xlsx")
    assert [tuple(row) for row in home(folder).read_memory()] == list(rows)


def test_the_same_master_is_not_written_again(folder):
    """Nothing changed, nothing written."""
    one = home(folder)
    assert one.write_master(master(("a",)))
    assert one.write_master(master(("a",))) is None
    assert home(folder).write_master(master(("a",))) is None
    assert home(folder).write_master(master(("b",)))


@pytest.mark.parametrize("damage", [b"", b"%PDF", b"PK\3\4 half a file"])
def test_a_damaged_master_is_neither_forgotten_nor_replaced(folder, damage):
    """A master that cannot be read is an error and stays as it is, whatever is tried."""
    one = home(folder)
    one.write_master(master(("a",)))
    path = folder.parent / "out" / "tong-hop.xlsx"
    path.write_bytes(damage)
    with pytest.raises(SourceError, match="is damaged; restore"):
        one.read_memory()
    for writer in (one, home(folder)):
        with pytest.raises(PublishError, match="not replaced"):
            writer.write_master(master(("b",)))
    assert path.read_bytes() == damage


def test_a_workbook_without_memory_is_no_master(folder):
    """Somebody's own file of that name is not overwritten."""
    (folder.parent / "out").mkdir()
    before = save(folder.parent / "out" / "tong-hop.xlsx")
    with pytest.raises(SourceError, match="has no tab _bo_nho"):
        home(folder).read_memory()
    with pytest.raises(PublishError, match="not replaced"):
        home(folder).write_master(master(("b",)))
    assert (folder.parent / "out" / "tong-hop.xlsx").read_bytes() == before


def test_a_master_whose_memory_somebody_emptied_is_no_new_one(folder):
    """What was mailed would be mailed again."""
    home(folder).write_master(master(("donghanh", "2 0")))
    path = folder.parent / "out" / "tong-hop.xlsx"
    book = openpyxl.load_workbook(path)
    book["_bo_nho"].delete_rows(1, 9)
    book.save(path)
    with pytest.raises(SourceError, match=r"tab _bo_nho of the master .* is empty; restore"):
        home(folder).read_memory()


def test_a_master_that_may_not_be_read(folder):
    """A folder in its place, or no permission, is no empty memory."""
    (folder.parent / "out" / "tong-hop.xlsx").mkdir(parents=True)
    with pytest.raises(SourceError, match="cannot be read"):
        home(folder).read_memory()
    with pytest.raises(PublishError, match="not replaced"):
        home(folder).write_master(master(("b",)))


# The feedback

FEEDBACK = Feedback("y-te", "Sheet", 1, {Column.NAME: 1}, (Note("A2", "Thiếu đơn vị.", "error"),))


def test_feedback_is_a_copy_with_notes(folder):
    """The copy has the note and no telephone number; the cluster's own file is as it was; the same feedback is not written twice."""
    before = save(folder / "y-te.xlsx", ["Tên hoạt động"], ["Hội thi, 0901234567"])
    one = home(folder)
    one.read("y-te")
    written = one.write_feedback(FEEDBACK)
    assert written == str(folder.parent / "out" / "phan-hoi" / "y-te.xlsx")
    cell = openpyxl.load_workbook(written).active["A2"]
    assert cell.value == "Hội thi, ***"
    assert "Thiếu đơn vị." in cell.comment.text
    assert (folder / "y-te.xlsx").read_bytes() == before
    assert one.write_feedback(FEEDBACK) is None


def test_feedback_is_about_what_was_read(folder):
    """A unit saves its workbook while the run goes on: the notes would stand in other rows, so the copy stays as it was until the next run."""
    save(folder / "y-te.xlsx", ["Tên hoạt động"], ["Hội thi"])
    one = home(folder)
    one.read("y-te")
    written = Path(one.write_feedback(FEEDBACK))
    before = written.read_bytes()
    said: list[str] = []
    one = home(folder, say=said.append)
    one.read("y-te")
    save(folder / "y-te.xlsx", ["Mới"], ["Tên hoạt động"], ["Hội thi"])
    assert one.write_feedback(FEEDBACK) is None
    assert written.read_bytes() == before
    assert said == ["y-te: the file was saved anew meanwhile; the next run reads it again"]
    one = home(folder)
    one.read("y-te")
    assert one.write_feedback(FEEDBACK)
    assert CalamineWorkbook.from_path(written).get_sheet_by_index(0).to_python()[0][0] == "Mới"


def test_a_file_that_is_gone_before_its_feedback(folder):
    """There is nothing to annotate: one sentence says so."""
    save(folder / "y-te.xlsx", ["Tên hoạt động"], ["Hội thi"])
    one = home(folder)
    one.read("y-te")
    (folder / "y-te.xlsx").unlink()
    with pytest.raises(PublishError, match=r"Không có tệp y-te\.xlsx"):
        one.write_feedback(FEEDBACK)


def test_feedback_without_reading_first(folder):
    """A cluster that was not read in this run is annotated from its file; without a file there is nothing to annotate."""
    with pytest.raises(PublishError, match=r"Không có tệp y-te\.xlsx"):
        home(folder).write_feedback(FEEDBACK)
    save(folder / "y-te.xlsx", ["Tên hoạt động"], ["Hội thi"])
    assert home(folder).write_feedback(FEEDBACK)


def test_a_workbook_that_cannot_be_annotated(folder):
    """What reads well need not open in the library that annotates: that is a fault with a sentence, and nothing is written."""
    save(folder / "y-te.xlsx", ["Tên hoạt động"], ["Hội thi"])
    with zipfile.ZipFile(folder / "y-te.xlsx") as whole, zipfile.ZipFile(folder / "without.xlsx", "w") as broken:
        for name in whole.namelist():
            if name != "[Content_Types].xml":
                broken.writestr(name, whole.read(name))
    (folder / "without.xlsx").replace(folder / "y-te.xlsx")
    one = home(folder)
    assert one.read("y-te").tabs[0].rows[1] == ["Hội thi"]
    with pytest.raises(PublishError, match=r"y-te\.xlsx could not be annotated"):
        one.write_feedback(FEEDBACK)
    assert not (folder.parent / "out").exists()


# Two runs at once


def test_of_two_runs_that_read_the_same_master_one_writes(folder):
    """The other is told, and what the first one wrote stands; a third that reads it writes again."""
    one, other = home(folder), home(folder)
    assert one.read_memory() == other.read_memory() == []
    one.write_master(master(("a",)))
    with pytest.raises(PublishError, match="Another run wrote"):
        other.write_master(master(("b",)))
    assert [list(row) for row in home(folder).read_memory()] == [["a"]]
    third = home(folder)
    third.read_memory()
    assert third.write_master(master(("b",)))


def test_while_a_run_holds_the_master_no_other_one_writes(folder):
    """It holds it from its first claim to its last outcome, and not longer than it lives."""
    one, other = home(folder), home(folder)
    one.write_master(master(("a",)), hold=True)
    other.read_memory()
    with pytest.raises(PublishError, match="Another run is writing"):
        other.write_master(master(("b",)))
    one.write_master(master(("a",), ("c",)), hold=True)
    one.write_master(master(("a",), ("c",)))
    late = home(folder)
    late.read_memory()
    assert late.write_master(master(("d",)), hold=True)
    del late
    assert home(folder).write_master(master(("e",)))


def test_a_run_that_failed_holds_nothing(folder):
    """What could not be written is written by the next one."""
    one = home(folder)
    one.write_master(master(("a",)), hold=True)
    (folder.parent / "out" / "tong-hop.xlsx").write_bytes(b"")
    with pytest.raises(PublishError, match="not replaced"):
        one.write_master(master(("b",)), hold=True)
    (folder.parent / "out" / "tong-hop.xlsx").unlink()
    assert home(folder).write_master(master(("c",)))
