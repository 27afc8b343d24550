"""The sweep: personal data planted in everything that people fill in, and looked for in everything that the system writes."""

from __future__ import annotations

import email
import email.policy
import html
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pypdf
import pytest
from click.testing import CliRunner
from openpyxl.comments import Comment

from sync.cli import cli
from sync.columns import aliases
from sync.edges.xlsx import read_xlsx
from sync.model import Column
from sync.normalise.table import find_table
from sync.resources import default_config_dir
from sync.sample import lay_out
from sync.settings import load_settings
from tests.google import StandIn
from tests.google.workbooks import spreadsheet_of
from tests.personal_corpus import Planted, planted

DAY = "2025-12-05"
FREE = (Column.NAME, Column.PLACE, Column.NOTE, Column.EVIDENCE, Column.STATUS, Column.UNIT, Column.PLANNED, Column.CHILDREN)
CLUSTERS = ("nha-thieu-nhi", "y-te", "noi-chinh")
JOB = ("run", "remind")
LOOKS = ("check", "activities", "rollup", "due", "doctor")


@dataclass
class District:
    """A district whose people told the system too much."""

    folder: Path
    secrets: tuple[str, ...]
    findable: int
    """Cells of the table in which something was planted."""


def squashed(text: str) -> str:
    """Return letters and digits alone, so that no line break or separator hides a value."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).lower())


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    """Every free-text column of every workbook, notes, further columns, further tabs and what stands around the table."""
    folder = tmp_path_factory.mktemp("sweep")
    cells = planted(seed=99, count=100)
    used: list[Planted] = []
    count = 0
    for path in lay_out(folder / "so-lieu"):
        if path.stem in CLUSTERS:
            count += _plant(path, cells, used)
        else:
            path.unlink()  # three small tables make short reports
    secrets = {squashed(secret) for one in used for secret in one.secrets}
    return District(folder, tuple(sorted(one for one in secrets if len(one) >= 8)), count)


def _plant(path: Path, cells: Iterator[Planted], used: list[Planted]) -> int:
    def one() -> str:
        used.append(next(cells))
        return used[-1].text

    table = find_table(read_xlsx(path.read_bytes(), cluster=path.stem, source=path.name, max_uncompressed_bytes=10**8), aliases())
    assert table is not None
    count = 0
    book = openpyxl.load_workbook(path)
    sheet, name = book["Hoạt động"], table.columns[Column.NAME]
    rows = [row for row in range(table.header_row + 1, sheet.max_row + 1) if sheet.cell(row, table.columns[Column.TARGET]).value][:12]
    columns = [table.columns[column] for column in FREE if column in table.columns]
    for number, row in enumerate(rows):
        for at in {columns[number % len(columns)], name, columns[(number + 3) % len(columns)]}:
            sheet.cell(row, at).value = f"Hoạt động {number}: {one()}" if at == name else one()
            count += 1
    sheet.cell(rows[-1] + 1, max(table.columns.values()) + 3).value = one()
    sheet.cell(rows[0], name).comment = Comment(one(), "cô giáo")
    sheet.oddFooter.center.text = one()
    book.properties.description = one()
    book.create_sheet("Danh sách").append([one(), one()])
    book.save(path)
    return count


def donghanh(district: District, command: Sequence[str], *more: str) -> str:
    """Run a command in this process; return both its streams."""
    place = ("--workbooks", str(district.folder / "so-lieu"), "--out", str(district.folder / "out"), "--as-of", DAY)
    ended = CliRunner().invoke(cli, [*command, *place, *more], standalone_mode=False)
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.output + ended.stderr


def texts(data: bytes, name: str) -> Iterator[str]:
    """Yield every text that a file holds, whatever it is wrapped in."""
    if name.endswith(".eml"):
        message = email.message_from_bytes(data, policy=email.policy.default)
        yield "\n".join(f"{key}: {value}" for key, value in message.items())
        for part in message.walk():
            if not part.is_multipart():
                yield from texts(part.get_payload(decode=True) or b"", part.get_filename() or f"x.{part.get_content_subtype()}")
    elif name.endswith((".xlsx", ".docx")):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for inner in package.namelist():
                yield from texts(package.read(inner), inner)
    elif name.endswith(".pdf"):
        reader = pypdf.PdfReader(io.BytesIO(data))
        yield "".join(page.extract_text() for page in reader.pages)
        yield str(reader.metadata)
    elif not name.endswith(".png"):
        text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), html.unescape(data.decode("utf-8", "replace")))
        yield text
        yield re.sub(r"<[^>]*>", "", text)  # a value may be cut in two by a tag


def found_in(district: District, shown: str) -> list[str]:
    """Return the planted values that the text holds."""
    held = squashed(shown)
    return [secret for secret in district.secrets if secret in held]


def test_the_sweep_can_find_something(district: District) -> None:
    """In the workbooks themselves every value is found, so what finds nothing elsewhere is no broken search."""
    held = "".join(text for path in (district.folder / "so-lieu").iterdir() for text in texts(path.read_bytes(), path.name))
    assert len(district.secrets) > 80
    assert found_in(district, held) == list(district.secrets)


def test_nothing_that_is_written_holds_any(district: District) -> None:
    """Master, copies, reports in every form, snapshots, mails with their attachments: after the job and each report on demand."""
    said = "".join(donghanh(district, [command], "--verbose") for command in JOB)
    said += "".join(donghanh(district, ["report", kind]) for kind in ("dang-ky", "tien-do")) + donghanh(district, ["site"])
    files = [path for path in sorted((district.folder / "out").rglob("*")) if path.is_file()]
    kinds = {path.suffix for path in files}
    assert {".xlsx", ".html", ".pdf", ".docx", ".json", ".eml"} <= kinds
    held = {str(path): found for path in files for text in texts(path.read_bytes(), path.name) if (found := found_in(district, text))}
    assert held == {}
    assert found_in(district, said) == []


def test_nothing_that_is_printed_holds_any(district: District) -> None:
    """Every command that looks, as text and as JSON, both streams; and each planted cell of the table is said to be personal."""
    for command in LOOKS:
        for form in ("text", "json"):
            assert found_in(district, donghanh(district, [command], "--format", form, "--verbose")) == []
    found = json.loads(
        CliRunner().invoke(cli, ["check", "--workbooks", str(district.folder / "so-lieu"), "--as-of", DAY, "--format", "json"]).stdout
    )
    personal = {(one["cluster"], one["cell"]) for one in found["findings"] if one["code"] == "personal-data"}
    assert len(personal) == district.findable


def test_nothing_in_google_holds_any(district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The master, what is written beside people's cells, and what is kept on the machine."""
    with StandIn(reads=None, writes=None) as google:
        ids = {
            path.stem: google.add(spreadsheet_of(path, f"id-{path.stem}")) for path in sorted((district.folder / "so-lieu").glob("*.xlsx"))
        }
        google.add(title="Tổng hợp", file_id="master")
        config = _configured(tmp_path, ids)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.key_file(tmp_path)))
        monkeypatch.setenv("DONGHANH_GOOGLE_ENDPOINT", google.url)
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
        theirs = {one: _own_words(google, file) for one, file in ids.items()}
        ended = CliRunner().invoke(
            cli, ["run", "--config", str(config), "--out", str(tmp_path / "out"), "--as-of", DAY, "--verbose"], standalone_mode=False
        )
        assert ended.exception is None, ended.exception
        written = _own_words(google, "master") + "".join(_said_since(theirs[one], _own_words(google, file)) for one, file in ids.items())
    assert "đã che" in written
    assert found_in(district, written + ended.output + ended.stderr) == []
    pulls = list((tmp_path / "out" / ".da-doc").iterdir())
    assert len(pulls) == len(ids) + 1  # and what came of them
    assert [path for path in pulls for secret in district.secrets if secret.encode() in path.read_bytes()] == []


def _configured(folder: Path, ids: dict[str, str]) -> Path:
    config = folder / "config"
    config.mkdir()
    for file in default_config_dir().glob("*.yaml"):
        (config / file.name).write_bytes(file.read_bytes())
    every = {one.id: f"khong-co-{one.id}" for one in load_settings(default_config_dir()).organization.clusters} | ids
    named = "".join(f"    {one}: {file}\n" for one, file in every.items())
    with (config / "settings.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"\ngoogle:\n  master: master\n  spreadsheets:\n{named}")
    return config


def _own_words(google: StandIn, file: str) -> str:
    """Return everything that stands in a spreadsheet of the stand-in, one text a line."""
    tabs = google.books[file].tabs
    cells = [cell for tab in tabs for line in tab.cells.values() for cell in line.values()]
    pieces = [
        str(piece) for cell in cells for key, value in cell.items() for piece in (value.values() if isinstance(value, dict) else [value])
    ]
    return "\n".join([*(str(tab.properties) for tab in tabs), *pieces])


def _said_since(before: str, after: str) -> str:
    """Return the lines that were not there before: what the system wrote."""
    known = set(before.split("\n"))
    return "\n".join(line for line in after.split("\n") if line not in known)
