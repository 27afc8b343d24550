"""What people could type, or send, to make the system do what nobody wants."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import io
import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from sync.cli import cli
from sync.deliver import messages
from sync.edges.feedback_words import MARK, joined_note
from sync.edges.google.client import SCOPES, SHARING
from sync.errors import ConfigError
from sync.model import Column
from sync.normalise.cells import read_evidence
from sync.personal import mask
from sync.resources import default_config_dir
from sync.sample import lay_out
from sync.settings import load_settings
from sync.settings_values import MailSettings, Recipient
from tests.district import good_row, judge_rows
from tests.google import StandIn
from tests.google.workbooks import spreadsheet_of
from tests.paper import MAIL
from tests.test_deliver import ZONE, letter
from tests.test_sweep import texts

DAY, MAIL_DAY = "2025-12-05", date(2024, 12, 5)
ROOT = Path(__file__).resolve().parent.parent
FORMULAS = (
    '=HYPERLINK("https://example.org/x","xem")',
    "+84+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "=cmd|'/c calc'!A1",
    "=IMPORTXML(A1)",
    "\u200b=1+1",
    "＝1+1",
)
SCRIPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7*7 }}",
    "javascript:alert(1)",
    "</td></table><b>",
)
IMITATIONS = (
    "[Đồng hành]\n• Không có gì phải sửa",
    "Đã tính: đăng ký và kết quả",
    "Mọi việc đã xong, không có gì cần người xem.",
    "\n\nCẦN QUYẾT ĐỊNH\n- Chuyển kinh phí",
)
BAD_LINKS = (
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://example.org/x",
    "mailto:a@b.vn",
    "https:///x",
    "//example.org/x",
    "\\\\may\\chia-se",
    "vbscript:x",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small district whose people type formulas, script and imitations into every free column, run once; every other cluster has no file."""
    folder = tmp_path_factory.mktemp("malice")
    for path in lay_out(folder / "so-lieu"):
        if path.stem != "nha-thieu-nhi":
            path.unlink()
            continue
        book = openpyxl.load_workbook(path)
        sheet = book["Hoạt động"]
        header = next(row for row in sheet.iter_rows(max_row=9) if any(cell.value == "Tên hoạt động" for cell in row))
        at = {cell.value: cell.column for cell in header}
        typed = (*FORMULAS, *SCRIPTS, *IMITATIONS)
        rows = [row for row in range(header[0].row + 1, sheet.max_row) if sheet.cell(row, at["Chỉ tiêu"]).value]
        for row, title, text in zip(
            rows * 9, ("Tên hoạt động", "Địa điểm", "Ghi chú", "Minh chứng", "Trạng thái") * 99, typed * 9, strict=False
        ):
            cell = sheet.cell(row, at[title])
            cell.value, cell.data_type = text, "s"
        book.save(path)
    place = ("--workbooks", str(folder / "so-lieu"), "--out", str(folder / "out"), "--as-of", DAY)
    ended = CliRunner().invoke(cli, ["run", *place], standalone_mode=False)
    assert ended.exception is None, ended.exception
    assert CliRunner().invoke(cli, ["site", *place], standalone_mode=False).exception is None
    return folder / "out"


def test_no_text_becomes_a_formula_in_a_workbook(hostile: Path) -> None:
    """Neither in the master nor in a copy: no cell is a formula, and the texts are there as typed."""
    for path in (hostile / "tong-hop.xlsx", hostile / "phan-hoi" / "nha-thieu-nhi.xlsx"):
        with zipfile.ZipFile(path) as package:
            parts = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(re.search(rb"<f[ >]", part) for part in parts), path.name
    held = "".join(texts((hostile / "tong-hop.xlsx").read_bytes(), "x.xlsx"))
    assert sum(formula.strip() in held for formula in FORMULAS) >= 3


def test_no_text_becomes_a_formula_in_google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every value that is written is a `stringValue`: the stand-in holds no formula that was not there."""
    lay_out(tmp_path / "so-lieu")
    book = openpyxl.load_workbook(tmp_path / "so-lieu" / "y-te.xlsx")
    for row, text in enumerate((*FORMULAS, *FORMULAS), 2):
        book["Hoạt động"].cell(row, 5).value = text
        book["Hoạt động"].cell(row, 5).data_type = "s"
    book.save(tmp_path / "so-lieu" / "y-te.xlsx")
    with StandIn(reads=None, writes=None) as google:
        file = google.add(spreadsheet_of(tmp_path / "so-lieu" / "y-te.xlsx", "id-y-te"))
        google.add(title="Tổng hợp", file_id="master")
        config = tmp_path / "config"
        shutil.copytree(default_config_dir(), config)
        every = {one.id: f"khong-co-{one.id}" for one in load_settings(config).organization.clusters} | {"y-te": file}
        with (config / "settings.yaml").open("a", encoding="utf-8") as settings:
            settings.write(
                "\ngoogle:\n  master: master\n  spreadsheets:\n" + "".join(f"    {one}: {place}\n" for one, place in every.items())
            )
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.key_file(tmp_path)))
        monkeypatch.setenv("DONGHANH_GOOGLE_ENDPOINT", google.url)
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
        ended = CliRunner().invoke(
            cli, ["run", "--config", str(config), "--out", str(tmp_path / "out"), "--as-of", "2025-06-20"], standalone_mode=False
        )
        assert ended.exception is None, ended.exception
        cells = [
            cell for one in ("master", file) for tab in google.books[one].tabs for line in tab.cells.values() for cell in line.values()
        ]
    assert any("HYPERLINK" in str(cell.get("userEnteredValue")) for cell in cells)
    formulas = [value["formulaValue"] for cell in cells if "formulaValue" in (value := cell.get("userEnteredValue") or {})]
    assert [formula for formula in formulas if "#REF!" not in formula] == [], "but for the sample's own error there is none"


def test_no_script_in_reports_mail_or_page(hostile: Path) -> None:
    """What was typed is text: no element, no handler, no template of it, whatever it says; links lead to http(s) or stay inside."""
    pages = {str(path): path.read_text(encoding="utf-8") for path in hostile.rglob("*.html")}
    for path in hostile.rglob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(("html",))
        pages[str(path)] = body.get_content() if body else ""
    assert len(pages) >= 3
    shown = "".join(pages.values())
    assert "&lt;script&gt;alert(1)" in shown
    for page in pages.values():
        assert "<script>alert" not in page
        assert not re.search(r"<(?:img|svg)\b[^>]*\son\w+\s*=", page)
        assert all(
            re.match(r"(?:https?://|#|cid:|data:image/png|data:,|tong-hop|\.\./|[\w\-]+\.(?:xlsx|html))", link)
            for link in re.findall(r"(?:href|src)=\"([^\"]+)\"", page)
        )


def test_a_formula_for_csv_is_text(hostile: Path) -> None:
    """The system writes no CSV: nothing under --out is one, and no command offers it."""
    assert list(hostile.rglob("*.csv")) == []
    assert "csv" not in CliRunner().invoke(cli, ["activities", "--help"]).output.lower()


@pytest.mark.parametrize(
    "name", ["A\r\nBcc: x@example.org", "A\nX-Other: y", "A\u2028B", "A\x00B", "A\u202etxt.exe", '"A" <x@example.org>,', "=?utf-8?q?x?="]
)
def test_no_name_becomes_a_header(name: str) -> None:
    """However a name or subject got in: one header each, one recipient, nothing else."""
    settings = MailSettings(Recipient(name, MAIL.sender.email), (Recipient(name, "btv@example.org"),))
    (one,) = messages(letter(subject=f"Kết quả {name}"), settings, MAIL_DAY, ZONE)
    read = email.message_from_bytes(one.message.as_bytes(), policy=email.policy.default)
    assert {key.lower() for key in read} == {
        "subject",
        "from",
        "to",
        "date",
        "message-id",
        "auto-submitted",
        "x-donghanh-key",
        "mime-version",
        "content-type",
    }
    assert [address.addr_spec for address in read["To"].addresses] == ["btv@example.org"]
    assert [address.addr_spec for address in read["From"].addresses] == [MAIL.sender.email]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("settings.yaml", "name: Đồng hành", 'name: "A\\nBcc: x@example.org"'),
        ("settings.yaml", "name: Ban Thường vụ Quận Đoàn", 'name: "A\\u202eB"'),
        ("settings.yaml", "email: ban-thuong-vu@example.org", 'email: "a@b.vn\\nBcc: x@y.vn"'),
        ("settings.yaml", "email: ban-thuong-vu@example.org", 'email: "a@b.vn, c@d.vn"'),
        ("plan.yaml", "name: Đợt 1", 'name: "Đợt 1\\r\\nBcc: x@y.vn"'),
        *(
            ("organization.yaml", "id: y-te", f"id: {one}")
            for one in ("../y-te", "y/te", '"y\\nte"', ".", "..", '"y te"', "Y-TE", '"C:\\\\x"', '"y-te\\0"', "~y")
        ),
        ("settings.yaml", "time_zone: Asia/Ho_Chi_Minh", 'time_zone: !!python/object/apply:os.system ["touch pwned"]'),
        ("settings.yaml", "workbooks: so-lieu", "workbooks: !!python/name:os.system"),
        ("settings.yaml", "time_zone: Asia/Ho_Chi_Minh", "time_zone: ../../etc/passwd"),
        ("settings.yaml", "time_zone: Asia/Ho_Chi_Minh", "a: &a [1]\nb: *a\ntime_zone: Asia/Ho_Chi_Minh"),
    ],
)
def test_no_configuration_breaks_out(tmp_path: Path, file: str, old: str, new: str) -> None:
    """Headers, paths, objects of YAML and its bombs are refused with file and line."""
    shutil.copytree(default_config_dir(), tmp_path / "config")
    path = tmp_path / "config" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(file)):
        load_settings(tmp_path / "config")
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("link", BAD_LINKS)
def test_links_only_of_the_web(link: str) -> None:
    """Anything but http and https is said to be no link, and is none anywhere after."""
    read = read_evidence(link)
    assert (read.value, [one.code for one in read.problems]) == ((), ["bad-link"])
    data = judge_rows(good_row(evidence=f"{link} https://example.org/1"))
    assert data.activities[0].evidence == ("https://example.org/1",)


@pytest.mark.parametrize("text", IMITATIONS)
@pytest.mark.parametrize("column", [Column.NAME, Column.PLACE, Column.NOTE])
def test_a_text_that_imitates_the_system_is_one_line_of_a_unit(column: Column, text: str) -> None:
    """It never begins a line of its own, and changes nothing about how the row is judged."""
    data = judge_rows(good_row(**{column.value: text}))
    shown = getattr(data.activities[0], column.value)
    assert "\n" not in shown
    assert data.rows.counted == 1


def test_a_note_that_imitates_the_system_keeps_its_words() -> None:
    """A person's sentence with the mark in it is kept whole; only the system's own part is replaced."""
    theirs = f"Xem {MARK} rồi sửa, cô Hoa nhé"
    told = joined_note(theirs, ["Sai ngày."])
    assert told.startswith(theirs)
    assert joined_note(told, ["Thiếu tên."]).startswith(theirs)
    assert joined_note(told, []).strip() == theirs


@pytest.mark.parametrize("text", ["[đã che: 0903123456]", "[đã che: em Nguyễn Văn An lớp 4A]", "[đã che: số điện thoại 0903123456]"])
def test_a_mask_that_somebody_typed_hides_nothing(text: str) -> None:
    """Personal data in what looks like the system's own mask is found all the same."""
    assert not re.search(r"0903123456|Nguyễn", mask(text))


def test_a_zip_within_a_name(tmp_path: Path) -> None:
    """Parts whose names lead out of the package are looked at as parts, and never put anywhere."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("../../boo.xml", "<x/>")
        package.writestr("/etc/xl/workbook.xml", "<x/>")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "y-te.xlsx").write_bytes(out.getvalue())
    ended = CliRunner().invoke(
        cli, ["check", "--workbooks", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--as-of", DAY], standalone_mode=False
    )
    assert ended.exception is None
    assert "y-te.xlsx" in ended.output
    assert not list(tmp_path.rglob("*boo*"))


# Secrets and rights


def test_no_more_rights_than_needed() -> None:
    """Sheets, and the list of files; the right to share only for `provision --share`."""
    assert set(SCOPES) == {"https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive.metadata.readonly"}
    assert set(SHARING) - set(SCOPES) == {"https://www.googleapis.com/auth/drive"}


def test_no_secret_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that Google refuses, a password, a passphrase: neither streams nor files repeat any of them."""
    lay_out(tmp_path / "so-lieu")
    with StandIn(reads=None, writes=None) as google:
        key = google.key_file(tmp_path)
        config = tmp_path / "config"
        shutil.copytree(default_config_dir(), config)
        every = "".join(f"    {one.id}: id-{one.id}\n" for one in load_settings(config).organization.clusters)
        text = (config / "settings.yaml").read_text(encoding="utf-8")
        text = text.replace("  reminders: true", "  smtp: {host: localhost, port: 9, user: a@example.org, tries: 1}\n  reminders: true", 1)
        (config / "settings.yaml").write_text(f"{text}\ngoogle:\n  master: master\n  spreadsheets:\n{every}", encoding="utf-8")
        secrets = ["mat-khau-hop-thu-bi-mat", "cau-mat-khau-rat-dai-va-kho", "PRIVATE KEY", re.search(r"MII\w{30}", key.read_text())[0]]
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
        monkeypatch.setenv("DONGHANH_GOOGLE_ENDPOINT", google.url)
        monkeypatch.setenv("DONGHANH_SMTP_PASSWORD", secrets[0])
        monkeypatch.setenv("DONGHANH_CACHE_PASSPHRASE", secrets[1])
        said = ""
        for command in ("run", "doctor", "check", "due"):
            ended = CliRunner().invoke(
                cli, [command, "--config", str(config), "--out", str(tmp_path / "out"), "--as-of", DAY, "--verbose"], standalone_mode=False
            )
            said += ended.output + ended.stderr + repr(ended.exception)
    assert said
    assert [secret for secret in secrets if secret in said] == []
    files = [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [secret for secret in secrets for data in files if secret.encode() in data] == []


def test_no_secret_may_be_given_on_the_command_line() -> None:
    """What stands there is seen in the list of processes: no command takes a password, key or passphrase."""
    options = [option for command in cli.commands.values() for one in command.params for option in one.opts]
    assert options
    assert [option for option in options if re.search("password|passphrase|secret|token", option)] == []


def test_the_threat_model_is_one_page() -> None:
    """SECURITY.md names who could do what, what stops them, and what is not defended."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert len(text.split()) <= 900
    assert all(word in text for word in ("not defended", "DONGHANH_CACHE_PASSPHRASE", "retention_days", "pip-audit"))


def test_a_hostile_name_is_seen_whole_in_the_letter() -> None:
    """A header that looks encoded is shown as typed, not decoded into something else."""
    settings = dataclasses.replace(MAIL, recipients=(Recipient("Bí thư", "a@example.org"),))
    (one,) = messages(letter(subject="=?utf-8?b?QmNjOiB4?= x"), settings, MAIL_DAY, ZONE)
    read = email.message_from_bytes(one.message.as_bytes(), policy=email.policy.default)
    assert "Bcc" not in read
