"""The operator's guide is walked through as it stands, in both ways; the guide to findings is what the catalogue makes it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from sync.catalogue import CATALOGUE
from sync.findings_guide import findings_guide
from sync.model import Kind
from sync.resources import default_config_dir
from sync.settings import load_settings
from tests.google import StandIn
from tests.test_init import TYPED

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
    """A folder, with the sample configuration if it is wanted, and a shell in which `donghanh` is this checkout's."""

    def __init__(self, folder: Path, *, configured: bool = True) -> None:
        self.folder = folder
        if configured:
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
        if command.startswith("donghanh") and command != "donghanh init":
            command += f" --as-of {DAY}"
        if command.startswith("cd "):
            self.folder = (self.folder / command.removeprefix("cd ")).resolve()
        done = subprocess.run(
            ["sh", "-c", "true" if command.startswith("cd ") else command], cwd=self.folder, env=self.environment,
            input=TYPED, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        return done

    def walk(self, section: str) -> list[subprocess.CompletedProcess[str]]:
        """Do what a section says, in order."""
        return [self.do(line) for line in commands(section)]


def statuses(done: list[subprocess.CompletedProcess[str]]) -> list[int]:
    """Return the exit statuses; what was said where one is not 0 shows in a failing test."""
    return [one.returncode for one in done]


@pytest.mark.skipif(shutil.which("sh") is None, reason="the guide's commands are for a shell")
def test_the_guide_leads_from_nothing_to_the_first_mail_without_google(tmp_path):
    """Section by section: what is said to be missing is missing, what is made is found, and a mail lies in the folder."""
    program = tmp_path / "chuong-trinh"
    program.mkdir()
    office = Office(program, configured=False)
    *made, first_look = office.walk("2")
    assert statuses(made) == [0, 0, 0], made[-1].stderr
    assert office.folder == tmp_path / "van-phong"
    assert first_look.returncode == 1
    assert first_look.stdout.count("→ Chạy donghanh provision") == 2
    assert statuses(office.walk("3a")) == [0, 0]
    assert statuses(office.walk("4")) == [0, 0, 0]
    results = office.folder / "ket-qua"
    assert (results / "tong-hop.xlsx").is_file()
    first_mails = list((results / "hop-thu-di").glob("*.eml"))
    assert len(first_mails) == 2  # one for each of the two recipients
    assert statuses(office.walk("5")) == [0]
    assert len(list((results / "hop-thu-di").glob("*.eml"))) == 3


def test_what_the_guide_adds_to_the_configuration_is_right(tmp_path):
    """The line for the mail server where it is shown; the addresses in Google under the keys that are shown; the English words are the program's."""
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    google, mail = (next(block for block in blocks if block.startswith(key)) for key in ("google:", "mail:"))
    shutil.copytree(default_config_dir(), tmp_path / "config")
    settings = tmp_path / "config" / "settings.yaml"
    text = settings.read_text(encoding="utf-8")
    clusters = [one.id for one in load_settings(default_config_dir()).organization.clusters]
    lines = google.splitlines()
    assert all(line.strip().split(":")[0] in clusters for line in lines[3:])
    shown = "\n".join(
        [*lines[:2], lines[2], *(f"    {one}: https://docs.google.com/spreadsheets/d/id-{one}/edit" for one in clusters)]
    ).replace("…", "master")
    settings.write_text(text.replace("mail:\n", f"mail:\n{mail.splitlines()[1]}\n", 1) + f"\n{shown}\n", encoding="utf-8")
    found = load_settings(tmp_path / "config")
    assert found.mail.smtp is not None
    assert (found.mail.smtp.host, found.google is not None) == ("smtp.gmail.com", True)
    said = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "sync").glob("settings*.py"))
    words = [row[0].strip("`").split(" …")[0] for row in rows_of_table(GUIDE, "thấy chữ | nghĩa là")]
    assert len(words) > 4
    assert [one for one in words if one.split("; did")[0] not in said] == []


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


def guide(name: str) -> str:
    """Return a guide's text."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def rows_of_table(text: str, head: str) -> list[list[str]]:
    """Return the cells of the table whose first line begins so."""
    found = re.search(rf"^\| {re.escape(head)}.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found, head
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in found[1].splitlines()]


RIGHT = {
    "Đơn vị": "Đoàn phường An Lạc", "Chỉ tiêu": "3", "Thời gian dự kiến": "14/03/2026", "Địa điểm": "Tiểu học An Lạc 1", "Số lượng đăng ký": "1",
    "Ngày thực hiện": "15/03/2026", "Số lượng thực hiện": "1", "Số thiếu nhi tham gia": "80", "Kinh phí (đồng)": "500.000", "Minh chứng": "https://example.org/bai",
    "Trạng thái": "Đã thực hiện", "Ghi chú": "",
}  # fmt: skip
"""A row that nothing is wrong with."""


def typed(office: Office, rows: list[dict[str, str]]) -> dict[int, list[str]]:
    """Type rows into the provisioned workbook of the wards and check it; return row number (from 1 below the header) → cells found fault with."""
    assert office.do("donghanh provision --cluster dia-ban-dan-cu --quiet").returncode == 0
    path = office.folder / "so-lieu" / "dia-ban-dan-cu.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Hoạt động"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for at, row in enumerate(rows, 2):
        for title, value in row.items():
            sheet.cell(at, places[title], value or None)
    book.save(path)
    names = {cell.column_letter: str(cell.value) for cell in sheet[1]}
    found: dict[int, list[str]] = {}
    for one in json.loads(office.do("donghanh check --format json --quiet").stdout)["findings"]:
        if one["cluster"] == "dia-ban-dan-cu":
            found.setdefault(one["row"] - 1, []).append(names[re.sub(r"\d", "", one["cell"])])
    return found


@pytest.mark.skipif(shutil.which("sh") is None, reason="the guide's commands are for a shell")
def test_what_units_are_warned_of_is_found_and_what_they_are_told_is_right(tmp_path):
    """Each usual mistake of the units' guide is found in its column; its right form is not found fault with."""
    told = rows_of_table(guide("don-vi.md"), "ở cột | hay ghi")
    assert len(told) > 10
    rows = [
        {**RIGHT, "Tên hoạt động": f"{word} số {at}", column: value}
        for at, (column, wrong, right, _) in enumerate(told)
        for word, value in (("Ngày hội", wrong), ("Hội thi kể chuyện", right))
    ]
    found = typed(Office(tmp_path), rows)
    assert {at: found.get(2 * at + 1) for at in range(len(told))} == {at: [row[0]] for at, row in enumerate(told)}
    assert [rows[row - 1] for row in found if row % 2 == 0] == []


def test_the_guides_know_the_due_days():
    """As the plan of the sample district has them; what a cluster head is told covers the summer as the plan does."""
    plan = load_settings(default_config_dir()).plan
    due = [
        f"{day.day:02d}/{day.month}" if day.month > 1 else f"{day.day:02d}/{day.month:02d}"
        for one in plan.reporting_rounds()
        for kind in Kind
        for day in [one.registration_due if kind is Kind.REGISTRATION else one.results_due]
        if day
    ]
    heads = rows_of_table(guide("cum-truong.md"), "hạn | nộp gì")
    assert [row[0] for row in heads] == due
    summer = [["he" in plan.covered(one.id, kind) for one in plan.reporting_rounds() for kind in Kind]]
    assert [["hè" in row[2] for row in heads]] == summer
    units = rows_of_table(guide("don-vi.md"), "| đợt 1")
    assert [cell.split(" ")[0] for row in zip(*units, strict=True) for cell in row][2:] == due


PICTURES = sorted((ROOT / "docs" / "anh").glob("*.png"))


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_pictures_are_small_made_by_the_script_and_used(path):
    """Below 150 kB, so that a guide opens on a phone."""
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert path.stat().st_size < 150_000
    assert f'"{path.stem}"' in (ROOT / "docs" / "pictures.py").read_text(encoding="utf-8")
    assert any(f"(anh/{path.name})" in text.read_text(encoding="utf-8") for text in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("name", ["don-vi.md", "cum-truong.md", "van-hanh.md"])
def test_every_guide_of_people_has_pictures_with_words_for_them(name):
    """A picture that cannot be seen is told."""
    shown = re.findall(r"!\[([^\]]*)\]\(anh/", guide(name))
    assert shown
    assert all(len(words) > 10 for words in shown)
