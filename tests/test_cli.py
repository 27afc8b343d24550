"""The command line as people use it: what it prints, what it leaves, how it ends (contract section 1)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sync.sample import lay_out

DAY = ("--as-of", "2025-12-05")


def donghanh(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    command = [sys.executable, "-c", "from sync.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of workbooks."""
    place = tmp_path_factory.mktemp("so-lieu")
    lay_out(place)
    return place


def test_help_imports_neither_pandas_nor_gspread() -> None:
    """`--help` answers at once."""
    code = "import sys; sys.argv=['donghanh','--help']\nfrom sync.cli import cli\ntry: cli()\nexcept SystemExit: pass\nprint([m for m in ('pandas','gspread','openpyxl','pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
    assert "rollup" in done.stdout


def test_check_prints_json_and_exits_1_with_errors(folder: Path) -> None:
    """Standard output is one JSON document, not escaped to ASCII, and nothing else."""
    done = donghanh("check", "--workbooks", folder, *DAY, "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert list(document) == ["as_of", "clusters", "findings"]
    assert set(document["findings"][0]) == {"cluster", "tab", "cell", "row", "code", "severity", "message", "value", "suggestion"}
    assert all(
        one["rows"]["read"] == one["rows"]["counted"] + one["rows"]["excluded"] + one["rows"]["ignored"] for one in document["clusters"]
    )
    assert "hãy" in done.stdout


def test_check_in_text_reads_like_a_linter(folder: Path) -> None:
    """Grouped by cluster, the cell first, a count at the end."""
    lines = donghanh("check", "--workbooks", folder, *DAY).stdout.splitlines()
    assert lines[0] == "Khu vực Địa bàn dân cư (dia-ban-dan-cu.xlsx)"
    assert any(line.startswith("  ") and "lỗi" in line and line.endswith("[bad-date]") for line in lines)
    assert lines[-1].endswith("không phải hoạt động.")


def test_activities_and_rollup(folder: Path, tmp_path: Path) -> None:
    """The rows and the figures as JSON have the contract's names; text is for people."""
    rows = json.loads(donghanh("activities", "--workbooks", folder, *DAY, "--format", "json").stdout)["activities"]
    assert {"planned_start", "done_end", "registered_quantity", "counts_as_done", "evidence", "budget_vnd"} <= set(rows[0])
    figures = json.loads(donghanh("rollup", "--workbooks", folder, *DAY, "--format", "json", "--year", 2024, "--out", tmp_path).stdout)
    assert list(figures) == [
        "year",
        "as_of",
        "targets",
        "by_round",
        "by_cluster",
        "by_unit",
        "by_successor",
        "compliance",
        "reporting_rates",
    ]
    assert figures["year"] == 2024
    assert isinstance(figures["targets"][0]["percent"], float)
    assert "Trao học bổng" in donghanh("rollup", "--workbooks", folder, *DAY, "--out", tmp_path).stdout
    assert "hoạt động" in donghanh("activities", "--workbooks", folder, *DAY).stdout


def test_report_writes_its_forms(folder: Path, tmp_path: Path) -> None:
    """Their paths are the answer."""
    for kind in ("ket-qua", "tien-do"):
        done = donghanh("report", kind, "--workbooks", folder, *DAY, "--out", tmp_path)
        written = [Path(line) for line in done.stdout.splitlines()]
        assert done.returncode == 0
        assert {"html", "docx", "json"} <= {path.suffix[1:] for path in written if path.exists()}


def test_run_demo_and_dry_run(tmp_path: Path) -> None:
    """The demo lays out and runs; a dry run writes nothing; a second run says that nothing changed."""
    done = donghanh("demo", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "demo" / "ket-qua" / "tong-hop.xlsx").exists()
    assert "không có gì thay đổi" in donghanh("demo", cwd=tmp_path).stdout
    dry = donghanh("run", "--workbooks", tmp_path / "demo" / "so-lieu", *DAY, "--out", tmp_path / "dry", "--dry-run", "--verbose")
    assert (dry.returncode, (tmp_path / "dry").exists()) == (0, False)
    assert "reading y-te" in dry.stderr
    assert "chạy thử: không ghi và không gửi gì" in dry.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "--workbooks", "nowhere"], "There is no folder nowhere"),
        (["check", "--workbooks", "."], "holds no .xlsx file"),
        (["check", "--as-of", "05/12/2025"], "write it as YYYY-MM-DD"),
        (["check", "--config", "nowhere"], "there is no such folder"),
        (["run", "--accept-loss", "x"], "There is no cluster 'x'"),
        (["nonsense"], "No such command"),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    """No traceback, nothing on standard output, nothing written."""
    done = donghanh(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_units_folder_is_never_written_to(folder: Path) -> None:
    """Asked to write where units work, the program refuses."""
    done = donghanh("run", "--workbooks", folder, *DAY, "--out", folder)
    assert done.returncode == 2
    assert "choose another one with --out" in done.stderr


def test_due_lists_the_calendar_and_remind_mails_nobody_twice(folder: Path, tmp_path: Path) -> None:
    """`remind` claims by the same keys as `run`: the second time it says when the next one is; `due` knows what went; `.ics` is a calendar."""
    where = ("--workbooks", folder, "--out", tmp_path / "ra", "--as-of", "2025-08-25")
    assert donghanh("remind", *where, "--dry-run").stdout.count("  sẽ gửi thư") == 6
    assert not (tmp_path / "ra").exists()
    first = donghanh("remind", *where)
    assert (first.returncode, first.stdout.count("đã soạn, chưa gửi thư")) == (0, 6)
    assert sorted(path.name for path in (tmp_path / "ra").iterdir()) == [".dang-ghi", "hop-thu-di", "tong-hop.xlsx"]
    assert donghanh("mail", "list", *where).stdout.count("đã soạn") == 6
    again = donghanh("remind", *where).stdout
    assert "không có ai cần nhắc" in again
    assert "Lần nhắc tới: 29/08/2025" in again
    told = json.loads(donghanh("due", *where, "--format", "json").stdout)
    (duty,) = [one for one in told["obligations"] if one["key"] == "2025/dot-2/registration"]
    assert [one["mails"] for one in duty["reminders"]] == [0, 6, 0, 0]
    assert "nhắc 31/07; 23/08 đã gửi 06 thư" in donghanh("due", *where).stdout
    assert donghanh("due", *where, "--format", "ics").stdout.startswith("BEGIN:VCALENDAR")


def test_a_folder_whose_name_is_no_text_is_named_all_the_same(folder: Path, tmp_path: Path) -> None:
    """Its bytes are shown as figures where standard output takes text alone."""
    out = tmp_path / os.fsdecode(b"bao-cao-\xfe")
    command = [sys.executable, "-c", "from sync.cli import main; main()", "report", "ket-qua", "--workbooks", folder, "--out", out, *DAY]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"}, check=False)
    if not out.exists():
        pytest.skip("this disk takes no such name")
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"bao-cao-\udcfe" in done.stdout
