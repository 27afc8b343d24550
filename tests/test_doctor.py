"""`donghanh doctor`: each part of the set-up broken in turn, over real HTTP, SMTP and files; nothing is changed by looking."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from google.oauth2.service_account import Credentials

from sync.doctor import Account, Check, MasterFacts, Place, State, checks
from sync.doctor.words import CAUSES
from sync.edges.google import GoogleSheets, Pace
from sync.edges.google.client import SCOPES, Client
from sync.edges.google.setup import GoogleSetup
from sync.edges.google.trouble import Cause
from sync.edges.outbox import Outbox
from sync.edges.smtp import Smtp
from sync.examine import Examined, examine_mail, examine_spreadsheets
from sync.resources import default_config_dir
from sync.sample import DEMO_AS_OF, lay_out
from sync.settings import load_settings
from sync.settings_values import GoogleSettings
from tests.google import StandIn
from tests.google.caller import Clock
from tests.google.workbooks import spreadsheet_of
from tests.post_office import PASSWORD, post_office

NOW = datetime(2025, 12, 5, 8, 0, tzinfo=UTC)


def donghanh(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    command = [sys.executable, "-c", "from sync.cli import main; main()", *map(str, arguments)]
    shown = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "DONGHANH_"))} | environment
    shown["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False, env=shown)


def by_name(found: list[Check]) -> dict[str, Check]:
    """Return the checks by name."""
    return {one.name: one for one in found}


@pytest.fixture
def google() -> Iterator[StandIn]:
    """Google with a clock that can be moved."""
    with StandIn(reads=None, writes=None, clock=Clock(datetime.now(UTC).timestamp())) as found:
        yield found
        assert found.broken == []


def looked(google: StandIn, folder: Path, *, ahead: float = 0.0) -> dict[str, Check]:
    """Return the checks of the district laid out in the stand-in, seen from a machine whose clock is ahead."""
    settings = load_settings(default_config_dir())
    credentials = Credentials.from_service_account_file(str(google.key_file(folder)), scopes=list(SCOPES))
    client = Client(credentials, endpoint=google.url, pace=Pace(10**5, 10**5, attempts=2), sleep=lambda seconds: None)
    places = GoogleSettings("master", {cluster.id: f"id-{cluster.id}" for cluster in settings.organization.clusters})
    home = GoogleSheets(client, places, folder / "out", as_of=DEMO_AS_OF, cache_key=bytes(32))
    set_up = GoogleSetup(client, places, lambda: datetime.now(UTC).timestamp() + ahead)
    edges = Examined(home, set_up, set_up.accounts())
    return by_name(examine_spreadsheets(settings, edges, as_of=DEMO_AS_OF, say=lambda line: None))


def laid(google: StandIn, folder: Path) -> None:
    """Lay the sample district out."""
    lay_out(folder / "so-lieu")
    for path in sorted((folder / "so-lieu").glob("*.xlsx")):
        google.add(spreadsheet_of(path, f"id-{path.stem}"))
    google.add(title="Tổng hợp", file_id="master")


def test_a_good_set_up_in_google_is_all_right(google, tmp_path):
    """Each spreadsheet is found, may be written, its table is recognised, and nothing was written."""
    laid(google, tmp_path)
    found = looked(google, tmp_path)
    assert {one.state for name, one in found.items() if name != "spreadsheet/truong-hoc"} <= {State.OK, State.WARNING}
    assert google.account.email in found["credentials"].what
    assert "tệp khóa" in found["credentials"].what
    assert "khớp" in found["credentials"].what
    assert "đọc và ghi được" in found["spreadsheet/y-te"].what
    assert "sửa lần cuối" in found["spreadsheet/y-te"].what
    assert found["master"].state is State.OK
    assert google.asked("write") == []


def test_each_trouble_with_a_spreadsheet_has_its_own_remedy(google, tmp_path):
    """Not shared, view only, trashed, deleted, empty: five lines, five remedies, and the others are looked at all the same."""
    laid(google, tmp_path)
    google.share("id-y-te", None)
    google.share("id-noi-chinh", "reader")
    google.drive.files["id-truong-hoc"].trashed = True
    del google.drive.files["id-ban-thuong-vu"], google.books["id-ban-thuong-vu"]
    google.add(title="Trống", file_id="id-nha-thieu-nhi")
    found = looked(google, tmp_path)
    wrong = {name.removeprefix("spreadsheet/"): one for name, one in found.items() if one.state is State.PROBLEM}
    assert set(wrong) == {"y-te", "noi-chinh", "truong-hoc", "ban-thuong-vu", "nha-thieu-nhi"}
    assert google.account.email in wrong["y-te"].remedy
    assert "“Người chỉnh sửa”" in wrong["noi-chinh"].remedy
    assert "Thùng rác" in wrong["truong-hoc"].remedy
    assert "đường dẫn" in wrong["ban-thuong-vu"].remedy
    assert "donghanh provision" in wrong["nha-thieu-nhi"].remedy
    assert found["spreadsheet/dia-ban-dan-cu"].state is not State.PROBLEM


def test_a_clock_that_goes_wrong_is_said_before_google_refuses(google, tmp_path):
    """Three minutes ahead is a warning; ten minutes and Google lets nobody in, which is the only line then."""
    laid(google, tmp_path)
    warned = looked(google, tmp_path, ahead=180)["credentials"]
    assert warned.state is State.WARNING
    assert "nhanh 3 phút" in warned.what
    google.clock.now -= 7200
    refused = looked(google, tmp_path)
    assert list(refused) == ["credentials"]
    assert "giờ của máy này sai" in refused["credentials"].what


def test_an_api_that_is_off_and_a_master_that_is_not_shared(google, tmp_path):
    """What no spreadsheet is to blame for is said once; the master has its own line."""
    laid(google, tmp_path)
    google.share("master", None)
    assert looked(google, tmp_path)["master"].state is State.PROBLEM
    google.disabled.add("drive")
    found = looked(google, tmp_path)
    assert "chưa bật API" in found["credentials"].what
    assert len(found) == 1


@pytest.mark.parametrize("cause", [one for one in Cause if one not in (Cause.STORAGE, Cause.PROTECTED, Cause.INVALID)])
def test_each_cause_of_a_refusal_has_words(cause):
    """The rest cannot happen by looking."""
    assert cause in CAUSES
    assert checks.account(Account("key", "a@b", cause=str(cause), detail="…"), "Asia/Ho_Chi_Minh").remedy.endswith(".")


def test_mail_is_tried_without_sending_and_a_test_mail_arrives(tmp_path):
    """Log in alone sends nothing; `--send-test` sends one message that says what it is; a wrong password is a problem."""
    settings = load_settings(default_config_dir())
    with post_office(tmp_path) as (office, trust):
        named: Any = _with_smtp(settings, office.settings())
        server = Smtp(office.settings(), PASSWORD, trust=trust, wait=lambda seconds: None)
        assert examine_mail(named, server, server, now=NOW).state is State.OK
        assert office.accepted == []
        sent = examine_mail(named, server, server, test_to="toi@example.org", now=NOW)
        server.close()
        assert [one["To"] for one in office.accepted] == ["toi@example.org"]
        assert "toi@example.org" in sent.what
        wrong = Smtp(office.settings(), "nope", trust=trust, wait=lambda seconds: None)
        refused = examine_mail(named, wrong, wrong, test_to="toi@example.org", now=NOW)
        assert refused.state is State.PROBLEM
        assert "mật khẩu ứng dụng" in refused.remedy
        assert len(office.accepted) == 1
    missing = examine_mail(named, None, None, now=NOW)
    assert missing.state is State.PROBLEM
    assert "DONGHANH_SMTP_PASSWORD" in missing.remedy


def _with_smtp(settings: Any, smtp: Any) -> Any:
    return replace(settings, mail=replace(settings.mail, smtp=smtp))


def test_without_a_server_the_test_mail_lies_in_the_folder(tmp_path):
    """An office without SMTP sees where its mail is put."""
    found = examine_mail(load_settings(default_config_dir()), Outbox(tmp_path), None, test_to="toi@example.org", now=NOW, folder="x")
    assert found.state is State.WARNING
    (lying,) = (tmp_path / "hop-thu-di").glob("*.eml")
    assert b"toi@example.org" in lying.read_bytes()


def test_the_command_over_a_folder_of_workbooks(tmp_path):
    """A file that is missing is status 1 with its remedy; JSON carries the same; nothing is written."""
    lay_out(tmp_path / "so-lieu")
    (tmp_path / "so-lieu" / "y-te.xlsx").unlink()
    before = sorted(tmp_path.rglob("*"))
    done = donghanh("doctor", "--as-of", DEMO_AS_OF, cwd=tmp_path)
    assert done.returncode == 1
    assert "donghanh provision" in done.stdout
    told = json.loads(donghanh("doctor", "--as-of", DEMO_AS_OF, "--format", "json", cwd=tmp_path).stdout)
    states = {one["name"]: one["state"] for one in told["checks"]}
    assert states["spreadsheet/y-te"] == "problem"
    assert states["next-due"] == states["pdf"] == states["configuration"] == "ok"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_broken_configuration_is_status_2_and_google_without_a_key_is_status_1(tmp_path):
    """With the configuration wrong nothing else can be looked at; without a key everything else still is."""
    shutil.copytree(default_config_dir(), tmp_path / "config")
    path = tmp_path / "config" / "settings.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("sender:", "sendr:"), encoding="utf-8")
    done = donghanh("doctor", cwd=tmp_path)
    assert done.returncode == 2
    assert "settings.yaml:" in done.stdout
    clusters = load_settings(default_config_dir()).organization.clusters
    named = "".join(f"    {one.id}: id-{one.id}\n" for one in clusters)
    path.write_text(f"{good}\ngoogle:\n  master: master\n  spreadsheets:\n{named}", encoding="utf-8")
    done = donghanh("doctor", cwd=tmp_path, HOME=str(tmp_path), GOOGLE_APPLICATION_CREDENTIALS=str(tmp_path / "none.json"))
    assert done.returncode == 1
    assert "GOOGLE_APPLICATION_CREDENTIALS" in done.stdout
    assert "PDF" in done.stdout


def test_the_next_due_day_is_the_plan_s():
    """The day itself still counts; after the plan's end there is none."""
    plan = load_settings(default_config_dir()).plan
    assert "30/01/2026, đăng ký đợt 1 năm 2026 (hôm nay)" in checks.next_due(plan, date(2026, 1, 30)).what
    assert "30/05/2026" in checks.next_due(plan, date(2026, 1, 31)).what
    assert "không còn hạn" in checks.next_due(plan, date(2028, 4, 1)).what


def test_a_daily_job_that_stopped_is_noticed() -> None:
    """More than three days without a run are said, with what to look at; a weekend is not."""
    there = MasterFacts(Place("tong-hop.xlsx", found=True, may_write=True), last_run=date(2026, 3, 6), runs=40)
    weekend, stopped = (checks.master(there, address=None, as_of=day) for day in (date(2026, 3, 9), date(2026, 3, 10)))
    assert weekend.state is State.OK
    assert (stopped.state, "Đã 4 ngày không chạy" in stopped.what) == (State.WARNING, True)
    assert "lich-chay" in stopped.remedy
