"""The operator's guide is walked through as it stands, in both ways; the guide to findings is what the catalogue makes it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sync.catalogue import CATALOGUE
from sync.findings_guide import findings_guide
from sync.resources import default_config_dir
from sync.settings import load_settings
from tests.google import StandIn

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "van-hanh.md").read_text(encoding="utf-8")
DAY = "2026-06-01"
"""Two days after round 1's results were due: a report goes out."""


def commands(section: str) -> list[str]:
    """Return the commands that the section of this heading shows."""
    found = re.search(rf"^## {section}.*?(?=^## |\Z)", GUIDE, re.DOTALL | re.MULTILINE)
    assert found, section
    blocks = re.findall(r"```sh\n(.*?)```", found[0], re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


class Office:
    """A folder with the configuration, and a shell in which `donghanh` is this checkout's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(default_config_dir(), folder / "config")
        program = folder / "bin" / "donghanh"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from sync.cli import main; main()" "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "DONGHANH_"))}
        self.environment = {**kept, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(folder)}

    def do(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a line of the guide, on a day on which a report is due."""
        command = line.split("#", maxsplit=1)[0].strip()
        if command.startswith("donghanh"):
            command += f" --as-of {DAY}"
        return subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=self.environment, capture_output=True, text=True, encoding="utf-8", check=False
        )

    def walk(self, section: str) -> list[subprocess.CompletedProcess[str]]:
        """Do what a section says, in order."""
        return [self.do(line) for line in commands(section)]


def statuses(done: list[subprocess.CompletedProcess[str]]) -> list[int]:
    """Return the exit statuses; what was said where one is not 0 shows in a failing test."""
    return [one.returncode for one in done]


@pytest.mark.skipif(shutil.which("sh") is None, reason="the guide's commands are for a shell")
def test_the_guide_leads_from_nothing_to_the_first_mail_without_google(tmp_path):
    """Section by section: what is said to be missing is missing, what is made is found, and a mail lies in the folder."""
    office = Office(tmp_path)
    kept, first_look = office.walk("2")
    assert kept.returncode == 0
    assert first_look.returncode == 1
    assert "donghanh provision" in first_look.stdout
    assert statuses(office.walk("3a")) == [0, 0]
    assert statuses(office.walk("4")) == [0, 0, 0]
    assert (tmp_path / "ket-qua" / "tong-hop.xlsx").is_file()
    first_mail = list((tmp_path / "ket-qua" / "hop-thu-di").glob("*.eml"))
    assert len(first_mail) == 1
    assert statuses(office.walk("5")) == [0]
    assert len(list((tmp_path / "ket-qua" / "hop-thu-di").glob("*.eml"))) == 2


@pytest.mark.skipif(shutil.which("sh") is None, reason="the guide's commands are for a shell")
def test_the_guide_leads_to_the_first_mail_with_google(tmp_path):
    """The office's empty files are fitted out, shared with the heads, and the run writes the master there."""
    office = Office(tmp_path)
    clusters = [one.id for one in load_settings(default_config_dir()).organization.clusters]
    with StandIn(reads=None, writes=None) as google:
        for cluster in clusters:
            google.add(title=cluster, file_id=f"id-{cluster}")
        google.add(title="Tổng hợp", file_id="master")
        named = "".join(f"    {cluster}: https://docs.google.com/spreadsheets/d/id-{cluster}/edit\n" for cluster in clusters)
        with (tmp_path / "config" / "settings.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\ngoogle:\n  master: https://docs.google.com/spreadsheets/d/master/edit\n  spreadsheets:\n{named}")
        key = google.key_file(tmp_path)
        office.environment |= {"DONGHANH_GOOGLE_ENDPOINT": google.url, "GOOGLE_APPLICATION_CREDENTIALS": str(key)}
        fitted, looked = office.walk("3b")
        assert (fitted.returncode, looked.returncode) == (0, 0), fitted.stdout + looked.stdout
        assert fitted.stdout.count("quyền chỉnh sửa") == len(clusters)
        assert office.do(commands("4")[-1]).returncode == 0
        assert len(google.books["master"].tabs) > 3
        assert google.broken == []
    assert len(list((tmp_path / "ket-qua" / "hop-thu-di").glob("*.eml"))) == 1


def test_the_guide_to_findings_is_made_from_the_catalogue():
    """`python -m sync.findings_guide > docs/loi-va-cach-sua.md` brings it up to date."""
    text = (ROOT / "docs" / "loi-va-cach-sua.md").read_text(encoding="utf-8")
    assert text == findings_guide()
    assert all(text.count(f"| `{code}` |") == 1 for code in CATALOGUE)
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and "`" in line]
    assert all(len(row) == 4 and len(row[2]) > 8 and "hãy" not in row[1] + row[2] for row in rows)


def test_every_link_of_the_guides_leads_somewhere():
    """Files that a guide points to are there."""
    for guide in (ROOT / "docs").glob("*.md"):
        links = re.findall(r"\]\((?!https?:)([^)#]+)\)", guide.read_text(encoding="utf-8"))
        assert [link for link in links if not (guide.parent / link).exists()] == []
