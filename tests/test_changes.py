"""What changes while a plan runs: goals by year, an early end and a handover, letterhead and recipients by day, clusters that begin and end."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from python_calamine import CalamineWorkbook

from sync.agenda import agenda
from sync.calendar import due_days, occasions
from sync.check import check
from sync.edges.outbox import Documents, Outbox
from sync.edges.workbooks import Workbooks
from sync.errors import SourceError
from sync.model import Memory
from sync.normalise import Reader
from sync.personal import mask
from sync.provision import sheet_form
from sync.provisioning import provision
from sync.render import Renderer
from sync.report import report_view
from sync.resources import default_config_dir, default_templates_dir
from sync.rollup import roll_up
from sync.run import Edges, run
from sync.settings import load_settings
from sync.settings_schema import DatedRecipientFile, EarlyEndFile, HeadFile, ReportChangeFile, UnitFile
from sync.settings_values import MailSettings, Recipient, Settings
from sync.settle import settle
from sync.yearly import in_year
from tests.district import good_row, judged, plan, sheet
from tests.paper import FORM
from tests.test_existence import judged as judge_wards
from tests.two_regimes import facts, lay_out

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = default_config_dir() / "examples" / "sap-nhap-2025"
MERGER = date(2025, 7, 1)


@pytest.fixture(scope="module")
def example() -> Settings:
    """Return the configuration that crosses the merger."""
    return load_settings(EXAMPLE)


def changed(tmp_path: Path, file: str, old: str, new: str) -> Settings:
    """Return the packaged configuration with one change."""
    folder = tmp_path / "config"
    shutil.copytree(default_config_dir(), folder, ignore=shutil.ignore_patterns("examples"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_settings(folder)


def test_numbers_hold_from_their_year_on() -> None:
    """Each until the next one; nothing before the first."""
    assert [in_year({2024: 40, 2026: 25}, year) for year in (2023, 2024, 2025, 2026, 2030)] == [0, 40, 40, 25, 25]


def test_goals_and_parts_are_those_of_the_year(example: Settings) -> None:
    """A target's goal, its carriers and who is expected to contribute change with the year; a target without goal asks nothing of anyone."""
    wards, blocks = example.plan.target(3), example.plan.target(4)
    assert [wards.in_year(year).goal for year in (2024, 2025, 2026, 2027)] == [40, 40, 25, 25]
    assert (blocks.in_year(2025).allocations, blocks.in_year(2026).allocations) == ({"noi-chinh": 10}, {"dia-ban-dan-cu": 5})
    assert not blocks.in_year(2025).is_expected_of("dia-ban-dan-cu")
    assert not blocks.in_year(2026).is_expected_of("noi-chinh")
    assert example.plan.in_year(2026).target(4).goal == 5
    assert plan().in_year(2026) == plan()


def test_quotas_hold_while_the_unit_exists(example: Settings) -> None:
    """A new ward's quota begins with its year; an old ward has none after its end."""
    progress = {
        year: roll_up([], plan=example.plan, organization=example.organization, memory=Memory(), year=year, as_of=date(2027, 1, 1))
        for year in (2025, 2026)
    }
    goals = {year: {one.unit: one.goal for one in one_year.by_unit if one.target == 3 and one.goal} for year, one_year in progress.items()}
    assert goals[2025] == {}
    assert sum(goals[2026].values()) == 25
    assert set(goals[2026]) == {f"dp-{name}-2025" for name in ("an-lac", "binh-tan", "tan-tao", "binh-tri-dong", "binh-hung-hoa")}


def test_a_plan_that_ends_early(tmp_path: Path) -> None:
    """What is due later falls away, a year cut short has no goal, later rows say why they do not count, and the review is as of the end."""
    settings = changed(
        tmp_path, "plan.yaml", "in_force: 2024-03-01", "early_end: {last_day: 2025-06-30, handed_to: Đoàn phường Bình Tân, reason: bỏ cấp huyện}\nin_force: 2024-03-01"
    )  # fmt: skip
    ended = settings.plan
    assert (ended.last_day, ended.final_review, ended.measured_years) == (date(2025, 6, 30), date(2025, 6, 30), (2024,))
    assert max(due.day for due in due_days(ended)) == date(2025, 5, 30)
    assert [one.key for one in occasions(ended) if one.owed > date(2025, 5, 31)] == ["tong-ket/2025"]
    assert not [one for one in agenda(settings, Memory(), date(2025, 7, 2)).entries if one.day > date(2025, 7, 1)]
    shown = report_view(
        "tien-do",
        progress=roll_up([], plan=ended, organization=settings.organization, memory=Memory(), year=2025, as_of=date(2025, 7, 1)),
        clusters=[],
        plan=ended,
        organization=settings.organization,
        form=FORM,
        as_of=date(2025, 7, 1),
        version="1",
        fingerprint="x",
    )
    assert shown.year_note.startswith(
        "Kế hoạch dự kiến đến ngày 30/4/2028, kết thúc sớm ngày 30/6/2025 (bỏ cấp huyện) và được bàn giao cho Đoàn phường Bình Tân."
    )
    assert "không có chỉ tiêu cả năm" in shown.year_note


def test_a_row_after_an_early_end_says_who_carries_on(tmp_path: Path) -> None:
    """The finding names the last day and the successor."""
    settings = changed(
        tmp_path, "plan.yaml", "in_force: 2024", "early_end: {last_day: 2025-06-30, handed_to: Đoàn phường Bình Tân}\nin_force: 2024"
    )
    row = good_row(planned="15/9/2025", done="", done_quantity="", evidence="", status="")
    read = Reader(settings.plan, settings.organization).read(sheet(row, cluster="dia-ban-dan-cu"), as_of=date(2025, 9, 1))
    found = check([read], plan=settings.plan, organization=settings.organization, as_of=date(2025, 9, 1))[0].findings
    assert [one.code for one in found] == ["outside-plan"]
    assert "(01/01/2024–30/06/2025; kế hoạch kết thúc sớm, bàn giao cho Đoàn phường Bình Tân)" in found[0].message


def test_letterhead_names_and_recipients_are_those_of_the_day(example: Settings) -> None:
    """Each change holds from its day on and leaves the rest; a day before brings back what was."""
    days = (date(2024, 6, 1), date(2025, 1, 15), date(2025, 6, 30), MERGER)
    of = [example.on(day) for day in days]
    assert [one.form.signer for one in of] == ["", "Đỗ Hải Yến", "Đỗ Hải Yến", "Bùi Khánh Linh"]
    assert [one.form.issuing_body for one in of] == ["BCH ĐOÀN QUẬN BÌNH TÂN"] * 3 + ["BCH ĐOÀN PHƯỜNG BÌNH TÂN"]
    assert [one.form.superior_body for one in of] == ["THÀNH ĐOÀN TP. HỒ CHÍ MINH"] * 4
    assert [one.organization.name for one in of][2:] == ["Quận Đoàn Bình Tân", "Đoàn phường Bình Tân (đầu mối 05 phường)"]
    assert [one.mail.recipients[0].email for one in of][2:] == ["ban-thuong-vu@example.org", "doan-phuong@example.org"]
    assert example.on(MERGER).on(days[0]) == example.on(days[0])


def test_a_new_recipient_gets_nothing_that_went_out_before() -> None:
    """What fell due before their first day is theirs only if nobody has had it."""
    old, new = Recipient("A", "a@example.org"), Recipient("B", "b@example.org", valid_from=MERGER)
    both, after = MailSettings(old, (old, new)), MailSettings(old, (new,))
    before = MERGER - timedelta(days=1)
    assert both.owed_a_letter(before, begun=True) == (old,)
    assert both.owed_a_letter(MERGER, begun=False) == (old, new)
    assert after.owed_a_letter(before, begun=True) == ()
    assert after.owed_a_letter(before, begun=False) == (new,)


def test_spreadsheets_are_made_for_who_exists(example: Settings) -> None:
    """No spreadsheet for a cluster that has ended or not begun; a ward's list holds each name once, and those of the year only."""

    class Nowhere:
        def place(self, cluster: str) -> str:
            return cluster

        def look(self, cluster: str) -> None:
            raise SourceError(f"asked for {cluster}")

        def fit(self, form: object, place: object) -> None:
            raise AssertionError

        def share(self, cluster: str, email: str) -> bool:
            raise AssertionError

    asked = {
        year: {one.cluster for one in provision(example, Nowhere(), as_of=date(year, 3, 1), say=lambda line: None)} for year in (2024, 2026)
    }
    assert asked[2024] - asked[2026] == {"ban-thuong-vu", "noi-chinh", "hanh-chinh-su-nghiep"}
    assert asked[2026] - asked[2024] == {"dau-moi"}
    wards = example.organization.cluster("dia-ban-dan-cu")
    listed = {
        year: next(one.entry.choices for one in sheet_form(example, wards, as_of=date(year, 9, 1)).columns if one.column.value == "unit")
        for year in (2024, 2025, 2026)
    }
    assert (len(listed[2024]), len(listed[2025]), len(listed[2026])) == (10, 11, 5)


def test_a_new_head_is_not_missed_and_a_missing_one_is_named(example: Settings, tmp_path: Path) -> None:
    """`due` names the clusters that have nobody on a due day to come; one that has ended is not asked for a head."""
    assert agenda(example, Memory(), date(2025, 8, 1)).without_head == (
        (2028, ("Nhà thiếu nhi Quận", "Khối Y tế", "Khối Trường học", "Khối Công nhân lao động")),
    )
    gap = changed(
        tmp_path,
        "organization.yaml",
        "      - {year: 2025, name: Võ Nhật Minh,",
        "      - {valid_from: 2025-01-01, valid_to: 2025-05-31, name: Võ Nhật Minh,",
    )
    assert (2025, ("Khối Y tế",)) in agenda(gap, Memory(), date(2025, 6, 1)).without_head


def test_a_sheet_without_days_keeps_the_unit_as_named() -> None:
    """A row that says no day belongs to whichever unit of the name comes first, and counts for nothing anyway."""
    row = good_row(planned="", registered_quantity="", done="", done_quantity="", evidence="", status="")
    data = judge_wards(row)
    assert data.activities[0].unit == "al"
    assert not data.activities[0].counts_as_registered
    assert judged(sheet(good_row()))[0].activities[0].registered_by is None


def test_what_the_guide_shows_is_right() -> None:
    """Every block of docs/thay-doi.md is what the configuration's files take."""
    text = (ROOT / "docs" / "thay-doi.md").read_text(encoding="utf-8")
    units, heads, settings, goals, end = (
        yaml.safe_load(re.sub(r"(\d{4}-\d\d-\d\d)", r"'\1'", block)) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    )
    assert [UnitFile(**one).successor for one in units] == [{"dp-an-lac-2025": 100}, {"dp-binh-tan-2025": 40, "dp-tan-tao-2025": 60}, {}]
    terms = [HeadFile(**one) for one in heads["heads"]]
    assert [(one.year, one.valid_from) for one in terms] == [(2024, None), (None, date(2025, 1, 1)), (None, MERGER)]
    assert ReportChangeFile(**settings["report"]["changes"][0]).signer == "Bùi Khánh Linh"
    assert [DatedRecipientFile(**one).valid_to for one in settings["mail"]["recipients"]] == [date(2025, 6, 30), None]
    assert goals == {"goal": {2024: 40, 2026: 25}, "allocations": {"noi-chinh": {2024: 10, 2026: 0}, "dia-ban-dan-cu": {2026: 10}}}
    assert EarlyEndFile(**end["early_end"]).handed_to == "Đoàn phường Bình Tân"


def test_settling_a_mail_leaves_out_who_had_not_begun(example: Settings, tmp_path: Path) -> None:
    """The master that is written again as of the last run, before the merger, does not show a cluster that begins with it."""
    sheets, out, day = tmp_path / "so-lieu", tmp_path / "ra", date(2025, 5, 31)
    sheets.mkdir()
    lay_out(sheets, day, facts())
    home = Workbooks(sheets, out, max_uncompressed_bytes=10**8, mask=mask)
    quiet = replace(example, mail=replace(example.mail, reminders=False), site=False)
    mailed = run(Edges(home, Outbox(out), Documents(out)), quiet, Renderer(default_templates_dir(), forms=()), as_of=day).mails
    settle(home, example.on(day), mailed[0].key, "resend")
    rows = CalamineWorkbook.from_path(str(out / "tong-hop.xlsx")).get_sheet_by_name("Tổng hợp").to_python()
    shown = {cell for row in rows for cell in row}
    assert "Ban Thường vụ Quận Đoàn" in shown
    assert "Ban Thường vụ Đoàn phường Bình Tân" not in shown
