"""The demo over Google's interface: laid out, run, looked at, typed into, run again with a command of one's own."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from sync import google_demo
from sync.errors import UsageError

PROGRAM = [sys.executable, "-c", "from sync.cli import main; main()"]
INTERRUPTIBLE = [sys.executable, "-c", f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {PROGRAM[-1]}"]
"""What ignores SIGINT (nohup, `&` of a script) leaves that to all that it starts, these tests and the program included."""


def test_the_demo_stays_and_a_cell_typed_on_its_page_is_read_by_the_command_that_it_prints(tmp_path: Path) -> None:
    """The finding at a wrong unit goes when somebody puts the cell right in the stand-in."""
    command = [*INTERRUPTIBLE, "demo", "--google-stand-in", "--stay", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo, ending(demo):
        assert demo.stderr is not None
        said = ""
        while "donghanh run" not in said:
            line = demo.stderr.readline()
            assert line, said
            said += line
        address = re.search(r"The sheets: (\S+)", said)[1]
        shown = shlex.split(next(line for line in said.splitlines() if "donghanh run" in line))
        named = dict(one.split("=", 1) for one in shown if re.match("[A-Z_]+=", one))
        before = checked(shown, named)
        wrong = next(one for one in before if one["code"] == "unknown-unit" and one["suggestion"] is None)
        home = requests.get(address, timeout=10)
        assert f"/spreadsheets/d/{wrong['cluster']}/edit" in home.text
        page = requests.get(f"{address}/spreadsheets/d/{wrong['cluster']}/edit", timeout=10).text
        tab = re.search(rf'<option value="(\d+)">{wrong["tab"]}', page)[1]
        unit = next(one["value"] for one in before if one["cluster"] == wrong["cluster"] and one["code"] == "corrected-unit")
        typed = {"tab": tab, "cell": wrong["cell"], "value": unit}
        assert requests.post(f"{address}/cells/{wrong['cluster']}", data=typed, timeout=10).ok
        assert requests.post(f"{address}/cells/{wrong['cluster']}", data={**typed, "cell": "??"}, timeout=10).status_code == 400
        assert ("unknown-unit", wrong["cell"]) not in {(one["code"], one["cell"]) for one in checked(shown, named)}
        demo.send_signal(signal.SIGINT)
        out, _ = demo.communicate(timeout=30)
    assert demo.returncode == 0
    assert "đã soạn, chưa gửi thư" in out
    pages = sorted(path.name for path in (tmp_path / "google" / "trang").glob("*.html"))
    assert len(pages) == 9
    assert "Kết quả kiểm tra" in (tmp_path / "google" / "trang" / "noi-chinh.html").read_text(encoding="utf-8")


@contextmanager
def ending(process: subprocess.Popen) -> Iterator[None]:
    """End the process when a test fails: it would stay for ever."""
    try:
        yield
    finally:
        process.kill()


def checked(shown: list[str], named: dict[str, str]) -> list[dict]:
    """Return the findings by `check` with the configuration and the environment of the command that was printed."""
    given = shown[shown.index("run") + 1 :]
    command = [*PROGRAM, "check", *given, "--format", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **named}, check=False)
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout)["findings"]


def test_without_a_stand_in_the_demo_says_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed wheel has the entry point, and not what it names."""
    monkeypatch.setattr(google_demo, "GROUP", "donghanh.nothing")
    with pytest.raises(UsageError, match="checkout"):
        google_demo.stand_in(tmp_path, tmp_path)
