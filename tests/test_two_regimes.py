"""2024 to 2028 with the second example configuration: workbooks, runs on every due day, and figures counted again without the program."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sync.edges.outbox import Documents, Outbox
from sync.edges.workbooks import Workbooks
from sync.journal import load
from sync.model import Compliance, Memory, Progress
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.rollup import percent, roll_up
from sync.run import Edges, RunResult, run
from sync.settings import load_settings
from sync.settings_values import Settings
from tests.two_regimes import GOALS, MERGER, NEW, OLD, TYPED_AFTER, WHERE_TO, Fact, facts, lay_out, run_days

CONFIG = default_config_dir() / "examples" / "sap-nhap-2025"
YEARS = range(2024, 2029)
END = date(2028, 4, 16)
FACTS = facts()
COUNTED = [one for one in FACTS if one.done and one.counts and one.done + TYPED_AFTER <= END]
Sums = dict[tuple[object, ...], int]


@dataclass(frozen=True)
class Life:
    """The runs of all years, and where they left their papers."""

    settings: Settings
    folder: Path
    runs: dict[date, RunResult]
    papers: dict[date, tuple[str, ...]]
    """Names of the reports that each run wrote."""
    letters: dict[date, list[tuple[str, str]]]
    """(recipient, subject) of what each run mailed."""
    memory: Memory
    tabs: dict[date, set[str]]
    """Tabs of the master after each run."""

    def year(self, year: int, as_of: date = END) -> Progress:
        """Return the year's figures as the last run's sheets have them."""
        clusters = self.runs[END].clusters
        plan, organization = self.settings.plan, self.settings.organization
        return roll_up(clusters, plan=plan, organization=organization, memory=self.memory, year=year, as_of=as_of)

    def page(self, name: str) -> str:
        """Return a report's text."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", (self.folder / "ra" / "bao-cao" / name).read_text(encoding="utf-8"))).split())


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Live through the years once; heads are reminded in the year of the merger only, for each mail writes the master twice."""
    folder = tmp_path_factory.mktemp("hai-thoi-ki")
    sheets, out = folder / "so-lieu", folder / "ra"
    sheets.mkdir()
    settings, renderer = replace(load_settings(CONFIG), site=False), Renderer(default_templates_dir(), forms=("html",))
    runs, papers, letters, tabs = {}, {}, {}, {}
    for day in run_days():
        lay_out(sheets, day, FACTS)
        home = Workbooks(sheets, out, max_uncompressed_bytes=10**8, mask=mask)
        of_day = replace(settings, mail=replace(settings.mail, reminders=day.year == MERGER.year))
        runs[day] = run(Edges(home, Outbox(out), Documents(out / "bao-cao")), of_day, renderer, as_of=day)
        papers[day] = tuple(Path(place).name for place in runs[day].written if place.endswith(".html") and "bao-cao" in place)
        tabs[day] = set(load_workbook(out / "tong-hop.xlsx", read_only=True).sheetnames)
        letters[day] = [(mail.recipient, mail.subject) for mail in runs[day].mails]
    return Life(settings, folder, runs, papers, letters, load(home.read_memory()), tabs)


def counted(*names: str, registered: bool = False) -> Sums:
    """Return what the facts come to by year and the named attributes."""
    sums: Counter[tuple[object, ...]] = Counter()
    for one in FACTS if registered else COUNTED:
        year = (one.planned if registered or not one.done else one.done).year
        sums[year, *(_slice(one, name, registered=registered) for name in names)] += one.registered if registered else one.quantity
    return dict(sums)


def _slice(one: Fact, name: str, *, registered: bool) -> object:
    return (one.registered_by if registered else one.done_by) if name == "unit" else getattr(one, name)


def test_every_run_reads_everything_and_sends_what_is_due(life: Life) -> None:
    """No cluster fails or goes stale, before, on and after the merger; the only findings are those of the row that crosses it."""
    for day, result in life.runs.items():
        assert [(data.cluster, data.status.value) for data in result.clusters if data.status.value != "ok"] == [], day
        assert not result.problems
        assert len(result.clusters) == (8 if day < MERGER else 9)
    codes = Counter(found.code for data in life.runs[END].clusters for found in data.findings)
    assert set(codes) == {"unit-not-existing", "outside-rounds"}
    assert codes["unit-not-existing"] == 1
    found = next(found for data in life.runs[END].clusters for found in data.findings if found.code == "unit-not-existing")
    assert "chỉ có đến hết ngày 30/6/2025, mà kết quả là ngày 09/7/2025; vào ngày ấy là Đoàn phường Tân Tạo;" in found.message


@pytest.mark.parametrize("year", YEARS)
def test_a_years_figures_are_what_happened(life: Life, year: int) -> None:
    """Registered and done by target, cluster and unit are the facts' own sums, and the goals are those of the year."""
    progress = life.year(year)
    for registered in (False, True):
        what = "registered" if registered else "done"
        found: Sums = {}
        for one in progress.targets:
            found[year, one.target] = getattr(one, what)
        assert {key: number for key, number in found.items() if number} == {
            key: one for key, one in counted("target", registered=registered).items() if key[0] == year
        }
        by_cluster = {(year, one.target, one.cluster): getattr(one, what) for one in progress.by_cluster if getattr(one, what)}
        assert by_cluster == {key: one for key, one in counted("target", "cluster", registered=registered).items() if key[0] == year}
        by_unit = {(year, one.target, one.unit): getattr(one, what) for one in progress.by_unit if getattr(one, what)}
        assert by_unit == {key: one for key, one in counted("target", "unit", registered=registered).items() if key[0] == year}
    assert tuple(one.goal for one in progress.targets) == GOALS.get(year, (None,) * 8)
    for one in progress.targets:
        assert one.percent == (percent(one.done, one.goal) if one.goal else None)


def test_both_regimes_add_up(life: Life) -> None:
    """In 2025 the ten old wards and the five new ones together are the wards' whole; in every other year one regime is."""
    for year in YEARS:
        done: Counter[str] = Counter()
        for one in life.year(year).by_unit:
            if one.target == 3 and one.cluster == "dia-ban-dan-cu":
                done["old" if one.unit in OLD.values() else "new"] += one.done
        whole = sum(one.quantity for one in COUNTED if one.target == 3 and one.done and one.done.year == year)
        assert done["old"] + done["new"] == whole > 0
        assert (done["old"] > 0, done["new"] > 0) == (year <= 2025, year >= 2025)
    before = sum(one.quantity for one in COUNTED if one.target == 3 and one.done and one.done.year == 2025 and one.done < MERGER)
    assert sum(one.done for one in life.year(2025).by_unit if one.target == 3 and one.unit in OLD.values()) == before


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_figures_per_successor_add_up(life: Life, year: int) -> None:
    """Each new ward has its own and what its old wards brought, nothing twice, and what left the district beside them."""
    progress = life.year(year)
    of_wards = {(one.unit, one.target): one for one in progress.by_unit if one.cluster == "dia-ban-dan-cu"}
    for target in {target for _, target in of_wards}:
        heirs = [one for one in progress.by_successor if one.target == target]
        for what in ("registered", "done"):
            assert sum(getattr(one, what) for one in heirs) == sum(
                getattr(one, what) for (_, number), one in of_wards.items() if number == target
            )
        shared: dict[str, int] = defaultdict(int)
        for heir in heirs:
            assert heir.unit is None or heir.unit in NEW.values()
            for source in heir.sources:
                shared[source.unit] += source.done
                if heir.unit and source.unit in WHERE_TO:
                    assert heir.unit in WHERE_TO[source.unit]
        assert shared == {unit: one.done for (unit, number), one in of_wards.items() if number == target}
    assert life.year(2025, MERGER - timedelta(days=1)).by_successor == ()


def test_nobody_is_held_to_anything_outside_their_days(life: Life) -> None:
    """On every run: old wards and abolished blocks owe nothing due after 30/6/2025, new ones nothing due before 01/7/2025."""
    due = {
        ("dot-1", "registration"): (1, 30),
        ("dot-1", "results"): (5, 30),
        ("dot-2", "registration"): (8, 30),
        ("dot-2", "results"): (11, 30),
    }
    gone = {*OLD.values(), "btv-quan-doan", "cong-an", "quan-su"}
    asked: Counter[tuple[str, int]] = Counter()
    for result in life.runs.values():
        for one in result.progress.compliance:
            for kind in ("registration", "results"):
                if getattr(one, kind) is not Compliance.NOT_REQUIRED:
                    day = date(result.progress.year, *due[one.round, kind])
                    assert not (one.unit in gone and day >= MERGER), (one, day)
                    assert not (one.unit in {*NEW.values(), "btv-doan-phuong"} and day < MERGER), (one, day)
                    asked["old" if one.unit in OLD.values() else "new" if one.unit in NEW.values() else "other", day.year] += 1
    assert all(asked["old", year] for year in (2024, 2025))
    assert all(asked["new", year] for year in (2025, 2026, 2027, 2028))
    assert not asked["old", 2026] + asked["new", 2024]


def test_who_was_in_time_stays_so(life: Life) -> None:
    """All registered in time but one ward in the spring of 2024; what old wards handed in is theirs years later."""
    for year in (2024, 2025, 2026, 2027):
        wards = OLD if year == 2024 else NEW
        states = {one.unit: one for one in life.year(year).compliance if one.round == "dot-2" and one.unit in wards.values()}
        assert {one.registration for one in states.values()} == {Compliance.ON_TIME}, year
    spring = {one.unit: one for one in life.year(2025).compliance if one.round == "dot-1"}
    assert {spring[ward].registration for ward in OLD.values()} == {Compliance.ON_TIME}
    assert spring["dp-tan-tao"].registration is Compliance.ON_TIME
    assert {one.registration for one in spring.values() if one.unit in NEW.values()} == {Compliance.NOT_REQUIRED}


def test_reports_have_the_letterhead_and_the_signer_of_their_day(life: Life) -> None:
    """Letterhead, committee, signer and places of receipt change on 01/7/2025, for the papers that are made from then on."""
    seen: Counter[str] = Counter()
    for day, names in life.papers.items():
        for name in names:
            if name.startswith("theo-doi"):
                continue
            text = life.page(name)
            old, new = "BCH ĐOÀN QUẬN BÌNH TÂN", "BCH ĐOÀN PHƯỜNG BÌNH TÂN"
            expected, other = (old, new) if day < MERGER else (new, old)
            assert expected in text, (day, name)
            assert other not in text, (day, name)
            assert ("Đảng ủy phường" in text, "Quận ủy" in text) == (day >= MERGER, day < MERGER)
            assert ("BÍ THƯ Đỗ Hải Yến" in text) == (date(2025, 1, 15) <= day < MERGER), (day, name)
            assert ("PHÓ BÍ THƯ Bùi Khánh Linh" in text) == (day >= MERGER), (day, name)
            seen[expected] += 1
    assert min(seen.values()) >= 8


def test_letters_go_to_whoever_reads_and_leads_on_the_day(life: Life) -> None:
    """The committee of the day gets the reports, each once; the head of the day is reminded; nobody gets what went out before."""
    committee = {"ban-thuong-vu@example.org": [], "doan-phuong@example.org": []}
    heads: dict[str, list[date]] = defaultdict(list)
    for day, mailed in life.letters.items():
        for recipient, subject in mailed:
            (committee if recipient in committee else heads)[recipient].append(day)
            assert subject.startswith("[Đồng hành]")
    assert max(committee["ban-thuong-vu@example.org"]) < MERGER <= min(committee["doan-phuong@example.org"])
    assert life.letters[MERGER] == []
    assert date(2025, 5, 23) in heads["dia-ban-dan-cu.2025@example.org"]
    assert max(heads["dia-ban-dan-cu.2025@example.org"]) < MERGER
    assert min(heads["nam-phuong@example.org"]) == date(2025, 8, 19)
    subjects = Counter(subject for mailed in life.letters.values() for recipient, subject in mailed if recipient in committee)
    assert set(subjects.values()) == {1}
    assert sum("Tổng kết" in subject for subject in subjects) == 1
    assert sum("(bổ sung)" in subject for subject in subjects) == 4


def test_the_papers_say_the_same_numbers(life: Life) -> None:
    """The yearly report of 2025 says what both regimes did together; the final review adds the years up."""
    done = counted("target")
    for year in GOALS:
        text = life.page(f"nam-{year}-bo-sung.html")
        for target, goal in enumerate(GOALS[year], 1):
            number = done.get((year, target), 0)
            assert f"{number:02d}/{goal:02d}" in text or f"({number}/{goal:02d}" in text, (year, target, number, goal)
    review = life.page("tong-ket-2028.html")
    wards = [done[year, 3] for year in YEARS]
    assert f"trong các năm thực hiện {sum(wards)}" in review or str(sum(wards)) in review
    assert "40; từ năm 2026: 25" in review


def test_successors_stand_in_the_report_and_the_master(life: Life) -> None:
    """The yearly report of 2025 has an annex of the new wards, that of 2024, made before the merger, has none; the master had a tab."""
    assert "THEO ĐƠN VỊ KẾ THỪA" not in life.page("nam-2024-bo-sung.html")
    annex = life.page("nam-2025-bo-sung.html").partition("THEO ĐƠN VỊ KẾ THỪA")[2]
    done, planned = counted("unit", "target"), counted("unit", "target", registered=True)
    wards = ("dp-an-lac", "dp-an-lac-a", "dp-binh-tri-dong-b", "dp-an-lac-2025")
    whole, registered = (sum(sums.get((2025, ward, 3), 0) for ward in wards) for sums in (done, planned))
    assert f"Đoàn phường An Lạc (từ 01/7/2025) Hoạt động Liên đội hoạt động {registered} {whole} " in annex
    assert f"Đoàn phường An Lạc (đến 30/6/2025) {done[2025, 'dp-an-lac', 3]:02d};" in annex
    assert "Phần đã chuyển ra ngoài địa bàn" in annex
    assert "(40%)" in annex
    assert life.tabs[date(2025, 12, 1)] - life.tabs[date(2025, 5, 31)] == {"Theo đơn vị kế thừa"}


def test_mails_lie_in_the_outbox_as_they_went(life: Life) -> None:
    """Each message names its recipient, and the reminders greet the head of their day."""
    greeted = defaultdict(set)
    for file in (life.folder / "ra" / "hop-thu-di").glob("*.eml"):
        message = message_from_bytes(file.read_bytes())
        to = str(make_header(decode_header(message["To"])))
        if "nhac" in file.name:
            greeted[to.rpartition("<")[2].rstrip(">")].add(to.partition(" <")[0].strip('"'))
    assert greeted["dia-ban-dan-cu.2025@example.org"] == {"Ngô Thanh Tâm"}
    assert greeted["nam-phuong@example.org"] == {"Bùi Khánh Linh"}
