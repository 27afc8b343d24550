"""The ready-made schedules: pinned workflows with least rights, a cron line that never runs twice at once, a systemd timer."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCHEDULE = ROOT / "docs" / "lich-chay"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit(path: Path):
    """A tag can be moved; a commit cannot."""
    used = re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_given_job_by_job(path: Path):
    """The workflow has none, each job says which it needs, and none may write to the code."""
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"].get("contents", "read") == "read"
        assert job["timeout-minutes"] <= 30


def test_one_daily_run_at_a_time_and_none_is_cut_off():
    """A second run waits; a run that writes is never cancelled."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "daily.yml").read_text(encoding="utf-8"))
    assert workflow["concurrency"] == {"group": "daily", "cancel-in-progress": False}


def test_no_secret_stands_in_a_command_line():
    """Secrets reach a step by its environment, where no process list shows them."""
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            assert [step for step in job["steps"] if "${{" in str(step.get("run", ""))] == []


def cron_line(folder: Path) -> str:
    line = next(one for one in (SCHEDULE / "crontab").read_text(encoding="utf-8").splitlines() if one[:1].isdigit())
    return line.split(maxsplit=5)[5].replace("/srv/donghanh", str(folder))


@pytest.mark.skipif(shutil.which("flock") is None, reason="flock is not installed")
def test_the_cron_line_gives_the_password_on_and_never_runs_twice_at_once(tmp_path: Path):
    """While one run holds the lock another one ends without running."""
    program = tmp_path / ".venv" / "bin" / "donghanh"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\nprintf "%s %s\\n" "$DONGHANH_SMTP_PASSWORD" "$*" >>ran\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / ".env").write_text("DONGHANH_SMTP_PASSWORD=bí-mật\n", encoding="utf-8")
    line = cron_line(tmp_path)
    holder = subprocess.Popen(["flock", "-n", str(tmp_path / ".lock"), "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdin
    assert holder.stdout
    holder.stdin.write(b"held\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == b"held\n"
    assert subprocess.run(["sh", "-c", line], check=False).returncode == 1
    holder.communicate()
    assert subprocess.run(["sh", "-c", line], check=False).returncode == 0
    assert (tmp_path / "ran").read_text(encoding="utf-8") == "bí-mật run --config config --out out --quiet\n"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_timer(tmp_path: Path):
    """The calendar line is one that systemd reads, and the units have no mistake that it names."""
    timer = (SCHEDULE / "donghanh.timer").read_text(encoding="utf-8")
    when = re.search(r"OnCalendar=(.+)", timer)
    assert when
    assert subprocess.run(["systemd-analyze", "calendar", when[1]], check=False, capture_output=True).returncode == 0
    for name in ("donghanh.service", "donghanh.timer"):
        text = (SCHEDULE / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace("/srv/donghanh/.venv/bin/donghanh", shutil.which("true") or "/bin/true"), encoding="utf-8"
        )
    said = subprocess.run(["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], check=False, capture_output=True, text=True)
    ours = [line for line in said.stderr.splitlines() if "donghanh" in line and "User" not in line]
    assert ours == []
