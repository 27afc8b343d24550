"""Stage 1: every cluster comes out, as a Sheet or as Skipped, in the given order."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from sync.edges.workbooks import Workbooks
from sync.model import Sheet, Skipped
from sync.pull import opened, pull, pull_through


@pytest.fixture
def home(tmp_path: Path) -> Workbooks:
    """A folder with two readable workbooks and one that is none."""
    for cluster in ("a", "c"):
        book = openpyxl.Workbook()
        book.active["A1"] = cluster
        book.save(tmp_path / f"{cluster}.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"%PDF-1.7")
    return Workbooks(tmp_path, tmp_path / "out", max_uncompressed_bytes=10**7, mask=str)


@pytest.mark.parametrize("workers", [1, 4])
def test_one_unreadable_cluster_never_stops_the_others(home, workers, monkeypatch):
    """Each cluster gives its sheet or its reason, in the given order, read in turn or side by side."""
    monkeypatch.setattr(Workbooks, "side_by_side", workers)
    c, b, missing, a = pull(["c", "b", "missing", "a"], home)
    assert isinstance(c, Sheet)
    assert isinstance(a, Sheet)
    assert (c.cluster, c.tabs[0].rows) == ("c", [["c"]])
    assert (a.cluster, a.source, a.tabs[0].rows) == ("a", "a.xlsx", [["a"]])
    assert isinstance(b, Skipped)
    assert "PDF" in b.reason
    assert isinstance(missing, Skipped)
    assert (missing.cluster, missing.source) == ("missing", "missing.xlsx")
    assert "missing.xlsx" in missing.reason


def test_progress_names_each_cluster(home):
    """Whoever asks hears of each cluster as it begins."""
    heard: list[str] = []
    pull(["a", "b"], home, progress=heard.append)
    assert heard == ["reading a", "reading b"]


class Clerk:
    """A worker that likes to get three clusters together."""

    many, portion = 2, 3

    def __init__(self) -> None:
        self.got: list[int] = []

    def at_work(self, task):
        """Carry out here, and note how many things came together."""

        def done(items):
            self.got.append(len(items))
            return task(items)

        return done


@pytest.mark.parametrize(("clusters", "got"), [(14, [2, 3, 3, 3, 3]), (9, [1, 2, 2, 2, 2]), (3, [1, 1, 1])])
def test_workers_get_clusters_in_portions(home, clusters, got):
    """Not so large that one worker idles; all come out, in the given order."""
    names, clerk = ["a", "b", "missing", "c"] * 4, Clerk()
    found = pull_through(opened, names[:clusters], home, workers=clerk)
    assert found == pull(names[:clusters], home)
    assert sorted(clerk.got) == got


@pytest.mark.parametrize("clusters", [3, 14])
def test_a_home_that_answers_slowly_is_asked_for_one_at_a_time(home, clusters, monkeypatch):
    """By several threads, which a portion would make wait for each other."""
    monkeypatch.setattr(Workbooks, "side_by_side", 4)
    clerk = Clerk()
    pull_through(opened, (["a", "b", "c"] * 5)[:clusters], home, workers=clerk)
    assert clerk.got == [1] * clusters


class Diary:
    """Earlier runs, which made something of some spreadsheets."""

    def __init__(self, **known: str) -> None:
        self.known, self.kept = known, dict[str, object]()

    def found(self, cluster: str) -> str | None:
        """Return what came of it."""
        return self.known.get(cluster)

    def keep(self, cluster: str, result: object) -> None:
        """Note what came of it."""
        self.kept[cluster] = result


def test_what_an_earlier_run_made_goes_to_no_worker(home):
    """It is received like any other, at its place; what cannot be fetched is neither known nor remembered."""
    diary, clerk = Diary(a="as before", missing="as before"), Clerk()
    a, missing, c, b = pull_through(opened, ["a", "missing", "c", "b"], home, workers=clerk, earlier=diary, received=lambda one: (one,))
    assert a == ("as before",)
    assert isinstance(missing[0], Skipped)
    assert (isinstance(c[0], Sheet), c[0].cluster) == (True, "c")
    assert diary.kept == {"c": c[0], "b": b[0]}
    assert sum(clerk.got) == 3


def test_where_all_is_known_no_worker_is_asked(home):
    """Asking one takes its time."""
    clerk = Clerk()
    assert pull_through(opened, ["a", "c"], home, workers=clerk, earlier=Diary(a="1", c="2")) == ["1", "2"]
    assert clerk.got == []


def test_no_clusters_give_nothing(home):
    """Nothing asked, nothing answered."""
    assert pull([], home) == []


def test_a_fault_of_the_program_is_not_swallowed(home):
    """Only what a spreadsheet is to blame for becomes Skipped."""

    class Broken:
        read_memory = write_master = write_feedback = place = None
        side_by_side = 1

        def fetch(self, cluster: str) -> Sheet:
            raise ZeroDivisionError(cluster)

    with pytest.raises(ZeroDivisionError):
        pull(["a"], Broken())
