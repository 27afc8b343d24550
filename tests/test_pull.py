"""Stage 1: every cluster comes out, as a Sheet or as Skipped, in the given order."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from sync.edges.workbooks import Workbooks
from sync.model import Sheet, Skipped
from sync.pull import pull


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
