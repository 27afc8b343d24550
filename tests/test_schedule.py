"""The ready-made schedules: pinned workflows with least rights, a cron line that never runs twice at once, a systemd timer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sync.resources import default_config_dir
from sync.sample import lay_out

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


def daily() -> dict[str, dict[str, object]]:
    """Return the steps of the daily job by name."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "daily.yml").read_text(encoding="utf-8"))
    return {step.get("name", step.get("uses", "")): step for step in workflow["jobs"]["run"]["steps"]}


def test_the_order_of_the_daily_job():
    """What was pulled is restored before the run and kept after it; nothing in the clear outlives the job; the ping comes last, after success."""
    steps = list(daily())
    order = [
        "Pulls of the run before",
        "Run",
        "Keep the pulls for the next run",
        "Wipe what was pulled and the key",
        "Heartbeat",
    ]
    assert [name for name in steps if name in order] == order
    assert daily()["Heartbeat"]["if"] == "success()"
    assert daily()["Keep the reports, and letters that no server took, for a month"]["with"]["retention-days"] == 30
    for name in ("Pulls of the run before", "Keep the pulls for the next run"):
        assert daily()[name]["with"]["path"] == "${{ runner.temp }}/out/.da-doc"


def job(folder: Path, config: Path) -> subprocess.CompletedProcess[str]:
    """Do what the job's step «Run» does, in a folder with the program and this configuration."""
    program = folder / ".venv" / "bin" / "donghanh"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from sync.cli import main; main()" "$@" --as-of 2025-12-05\n', encoding="utf-8"
    )
    program.chmod(0o755)
    (folder / ".github").symlink_to(ROOT / ".github")
    shutil.copytree(config, folder / "config")
    places = {name: str(folder / name.lower()) for name in ("RUNNER_TEMP", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    (folder / "runner_temp").mkdir()
    (folder / "github_step_summary").write_text("before\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "DONGHANH_"))}
    environment = {**kept, **places, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DRY_RUN": "false", "DONGHANH_CACHE_PASSPHRASE": ""}
    line = str(daily()["Run"]["run"])
    return subprocess.run(
        ["bash", "-e", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_job_page_says_what_the_run_came_to(tmp_path: Path):
    """Targets, clusters and letters as tables; what is missing first, and the job red; nobody's address on the page."""
    lay_out(tmp_path / "so-lieu")
    (tmp_path / "so-lieu" / "y-te.xlsx").write_bytes(b"no workbook")
    done = job(tmp_path, default_config_dir())
    page = (tmp_path / "github_step_summary").read_text(encoding="utf-8")
    assert done.returncode == 1
    assert "::error::" in done.stdout
    assert page.startswith("before\n## Quận Đoàn Bình Tân: số liệu đến 05/12/2025\n\n**Có 1 việc cần người xem**")
    assert "\n- Khối Y tế: " in page
    assert "\n| 5. Trao học bổng cho thiếu nhi khó khăn | 20 | " in page
    assert "\n| Khối Y tế | Không đọc được | 0 | 0 | 0 | 0 | 0 |\n" in page
    assert re.search(r"\n\| \\\[Đồng hành\\\] Kết quả .* \| chưa gửi, trong mục Artifacts \| 1 \|\n", page)
    assert "@example" not in page
    widths = [line.count(" | ") for line in page.splitlines() if line.startswith("|")]
    assert set(widths) == {2, 5, 6}


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_job_page_says_why_nothing_was_done(tmp_path: Path):
    """A configuration that is wrong is named on the page, with its file and line."""
    wrong = tmp_path / "wrong"
    shutil.copytree(default_config_dir(), wrong)
    (wrong / "plan.yaml").write_text("name: kế hoạch\n", encoding="utf-8")
    folder = tmp_path / "job"
    folder.mkdir()
    assert job(folder, wrong).returncode == 2
    assert "config/plan.yaml:1: targets: is missing" in (folder / "github_step_summary").read_text(encoding="utf-8")


def zizmor(*where: object) -> subprocess.CompletedProcess[str]:
    """Run zizmor without network, with the findings that strict people ask for."""
    program = Path(sys.executable).parent / "zizmor"
    if not program.exists():
        pytest.skip("zizmor is not installed beside this Python")
    return subprocess.run([program, "--offline", "--persona", "pedantic", *map(str, where)], capture_output=True, text=True, check=False)


def test_zizmor_finds_nothing(tmp_path: Path):
    """In the workflows that come with the project; in one that takes its input into a shell it does."""
    found = zizmor(ROOT / ".github")
    assert found.returncode == 0, found.stdout
    careless = tmp_path / "careless.yml"
    careless.write_text(
        "on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n",
        encoding="utf-8",
    )
    assert "template-injection" in zizmor(careless).stdout


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
