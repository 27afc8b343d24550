"""The page to look at: what it says, what it never says, and that it needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.district import District, district_of
from sync.edges.dry import DryDocuments, DryMailer, DrySpreadsheets
from sync.edges.outbox import Documents, Outbox
from sync.model import ClusterData, ClusterStatus, Finding, MailRecord, MailState, Memory, RowCount, RunRecord, Severity, Stops
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import Edges, run
from sync.sample import DEMO_AS_OF, lay_out
from sync.settings import load_settings
from sync.settings_values import Settings
from sync.site import corrections, site_view
from sync.site.figures import bar
from tests.district import good_row, judged, organization, plan, sheet
from tests.paper import FORM, MAIL, figures
from tests.test_cli import donghanh
from tests.test_run import home, prints

RENDERER = Renderer(default_templates_dir())
SETTINGS = Settings(plan=plan(), organization=organization(), form=FORM, mail=MAIL)
DAY = date(2024, 12, 15)


def district(*rows: Sequence[object], memory: Memory | None = None, as_of: date = DAY, **states: ClusterStatus) -> District:
    """Return the test district: these ward rows, an empty sheet each for the others; ``states`` are other than ok."""
    read = judged(sheet(*(rows or [good_row()])), sheet(cluster="khoi"), sheet(cluster="trung-tam"), as_of=as_of)  # type: ignore[arg-type]
    shown = [_in_state(data, states.get(data.cluster.replace("-", "_"), ClusterStatus.OK)) for data in read]
    return district_of(SETTINGS, shown, memory or Memory(), as_of=as_of, year=as_of.year)


def _in_state(data: ClusterData, status: ClusterStatus) -> ClusterData:
    if status is ClusterStatus.OK:
        return data
    error = f"Không mở được {data.cluster}.xlsx; chia sẻ bảng cho nguoi.phu.trach@example.org rồi chạy lại."
    return replace(data, status=status, error=error, data_as_of=date(2024, 11, 1))


def page(*rows: Sequence[object], **more: object) -> str:
    """Return the page of the test district."""
    return b"".join(RENDERER.page(site_view(district(*rows, **more)))).decode()  # type: ignore[arg-type]


class _Parts(HTMLParser):
    """What stands in a page: its text outside style and script, its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self._within not in ("style", "script"):
            self.words.append(data)

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [value for _, one, value in self.attributes if one == name]

    @property
    def text(self) -> str:
        """The words a reader sees, white space collapsed."""
        return " ".join("".join(self.words).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run on the sample district."""
    folder = tmp_path_factory.mktemp("mau")
    lay_out(folder / "so-lieu")
    _run(folder)
    return folder


def _run(folder: Path, renderer: Renderer = RENDERER) -> object:
    out = folder / "ket-qua"
    edges = Edges(home(folder), Outbox(out), Documents(out / "bao-cao"))
    return run(edges, load_settings(default_config_dir()), renderer, as_of=DEMO_AS_OF)


def test_everything_to_look_at_is_there(sample: Path) -> None:
    """Every target, cluster, unit and due day of the plan; each target with its figures."""
    parts = _Parts((sample / "ket-qua" / "bao-cao" / "theo-doi.html").read_text(encoding="utf-8"))
    known = load_settings(default_config_dir())
    named = [one.name for one in (*known.plan.targets, *known.organization.clusters, *known.organization.units)]
    assert [name for name in named if name not in parts.text] == []
    assert "34/40 hoạt động, đạt 85% Đăng ký 35·Còn thiếu 6" in parts.text
    assert "11/01/2026Báo cáo bổ sung cả năm 2025Sắp tới" in parts.text
    assert parts.values("datetime").count("2026-01-30") == 1


def test_the_same_data_give_the_same_bytes(sample: Path) -> None:
    """A second run finds the page as it is."""
    path = sample / "ket-qua" / "bao-cao" / "theo-doi.html"
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert _run(sample).written == ()  # type: ignore[attr-defined]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_the_command_writes_the_page_of_the_run(sample: Path) -> None:
    """The same day's page again, byte for byte, where the run's lies; another year on demand; nothing else changes."""
    out = sample / "ket-qua"
    before = prints(out)
    where = ("--workbooks", sample / "so-lieu", "--out", out, "--as-of", DEMO_AS_OF, "--quiet")
    done = donghanh("site", *where)
    assert (done.returncode, done.stdout.strip()) == (0, str(out / "bao-cao" / "theo-doi.html"))
    assert prints(out) == before
    elsewhere = ("--workbooks", sample / "so-lieu", "--out", sample / "khac", "--as-of", DEMO_AS_OF, "--quiet")
    assert donghanh("site", *elsewhere, "--year", 2024).returncode == 0
    (page,) = (sample / "khac").rglob("*.*")
    assert "<title>Theo dõi kế hoạch năm 2024" in page.read_text(encoding="utf-8")


def test_ids_are_unique_and_every_link_within_leads_somewhere(sample: Path) -> None:
    """Drilling in never ends nowhere, nor does a label or a table's title."""
    parts = _Parts((sample / "ket-qua" / "bao-cao" / "theo-doi.html").read_text(encoding="utf-8"))
    ids = parts.values("id")
    assert len(ids) == len(set(ids))
    within = [one.removeprefix("#") for one in parts.values("href") if one.startswith("#")]
    assert len(within) > 50
    named = [*within, *parts.values("aria-labelledby"), *(word for one in parts.values("for") for word in one.split())]
    assert set(named) <= set(ids)


def test_the_policy_names_what_may_run_and_nothing_is_fetched() -> None:
    """The hashes are those of the page's own style and script; nothing inline beside them, no address but those of evidence."""
    html = page()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    for tag in ("style", "script"):
        (held,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(held.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy.replace("&#39;", "'")
        assert not re.search(r"https?:|@import|url\(", held)
    assert "default-src 'none'" in policy.replace("&#39;", "'")
    assert "unsafe" not in policy
    parts = _Parts(html)
    assert not {name for _, name, _ in parts.attributes if name.startswith("on") or name in ("src", "style", "action", "srcset")}
    assert {value for tag, name, value in parts.attributes if (tag, name) == ("link", "href")} == {"data:,"}


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


def test_text_of_a_sheet_stays_text_and_links_lead_to_the_web_only() -> None:
    """What people type is never markup; what is no http(s) address is never a link."""
    rows = [
        good_row(name=HOSTILE, evidence="https://example.org/a?b=1&c=2"),
        good_row(name="Hai", done="21/03/2024", planned="21/03/2024", evidence="javascript:alert(1)"),
        good_row(name="Ba", target=HOSTILE, unit=HOSTILE),
    ]
    html = page(*rows)
    parts = _Parts(html)
    assert html.count("<script>") == 1
    assert "<img" not in html
    assert HOSTILE in parts.text
    outside = [value for value in parts.values("href") if not value.startswith(("#", "data:,"))]
    assert outside == ["https://example.org/a?b=1&c=2"]
    assert {value for tag, name, value in parts.attributes if (tag, name) == ("a", "rel")} == {"noopener noreferrer nofollow"}


@settings(max_examples=30)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_any_name_is_read_back_as_it_was_typed(name: str) -> None:
    """Whatever stands in a name comes out of the page as text."""
    shown = district(good_row())
    activities = tuple(replace(one, name=name) for one in shown.clusters[0].activities)
    changed = replace(shown, clusters=(replace(shown.clusters[0], activities=activities), *shown.clusters[1:]))
    words = "".join(_Parts(b"".join(RENDERER.page(site_view(changed))).decode()).words)
    assert name in words


def test_spreadsheets_on_the_web_can_be_opened_and_files_are_no_links() -> None:
    """Only what begins with https is a link."""
    for place, expected in (("https://docs.google.com/spreadsheets/d/x/edit", 4), ("phuong.xlsx", 0), ("javascript:alert(1)", 0)):
        html = b"".join(RENDERER.page(site_view(district(good_row(unit="?")), place=lambda cluster, place=place: place))).decode()
        assert [value for value in _Parts(html).values("href") if value == place] == [place] * expected


def test_no_personal_data() -> None:
    """Phones and addresses in cells are masked, in links and reasons too; heads and recipients are not on the page."""
    rows = [
        good_row(name="Liên hệ em Nguyễn Văn An lớp 5A, 0912345678", evidence="https://example.org/?u=an@example.org"),
    ]
    sent = MailRecord("nhac/2024/dot-2/results/week/cum.truong@example.org", "cum.truong@example.org", "Nhắc", DAY, MailState.UNKNOWN)
    html = page(*rows, memory=Memory(mails=(sent,)), khoi=ClusterStatus.FAILED)
    assert not re.search(r"0912345678|Nguyễn Văn An|[\w.]+@[\w.]+", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    assert "có, không hiện" in html
    assert "01 thư chưa rõ" in html


def test_heads_and_recipients_of_the_sample_are_not_named(sample: Path) -> None:
    """Neither their names nor where mail reaches them."""
    html = (sample / "ket-qua" / "bao-cao" / "theo-doi.html").read_text(encoding="utf-8")
    known = load_settings(default_config_dir())
    heads = [word for cluster in known.organization.clusters for head in cluster.heads for word in (head.name, head.email)]
    assert heads
    assert [word for word in (*heads, *(one.email for one in known.mail.recipients)) if word in html] == []


def test_a_cluster_without_fresh_data_is_told_of_at_the_top() -> None:
    """With the day of its rows, its reason, and the mark at every target that it touches."""
    shown = site_view(district(phuong=ClusterStatus.STALE))
    assert [(one.cluster, one.state) for one in shown.unread] == [("Khu vực phường", "số liệu của ngày 01/11/2024")]
    assert (shown.clusters[0].fresh.text, shown.clusters[0].fresh.tone) == ("Số liệu của ngày 01/11/2024", "warn")
    assert [one.line.mark for one in shown.targets if one.line.number == "3"] == ["(*)"]
    assert "Chưa đủ số liệu mới." in b"".join(RENDERER.page(shown)).decode()


@pytest.mark.parametrize(
    ("done", "goal", "projected", "expected"),
    [
        (23, 40, 30, ("57.5", "17.5", "100.0")), (13, 10, 13, ("100.0", "0.0", "76.9")), (0, 5, 0, ("0.0", "0.0", "100.0")),
        (17, 20, 25, ("68.0", "32.0", "80.0")), (3, None, 3, ("100.0", "0.0", "")), (0, None, 0, ("0.0", "0.0", "")),
    ],
)  # fmt: skip
def test_bars(done: int, goal: int | None, projected: int, expected: tuple[str, str, str]) -> None:
    """As long as the goal, or as what is done and planned where that is more."""
    shown = bar(figures(3, done, goal, projected=projected))
    assert (shown.done, shown.planned, shown.goal) == expected


def test_a_long_list_of_cells_has_an_end_and_says_so() -> None:
    """Errors come first; the rest is counted and where it is."""
    found = [_finding(number, Severity.WARNING) for number in range(2, 703)] + [_finding(1, Severity.ERROR)]
    data = ClusterData("phuong", ClusterStatus.OK, "phuong.xlsx", findings=tuple(found), rows=RowCount(702, 702, 0, 0))
    (group,) = corrections.corrections(replace(district(), clusters=(data,)), {})
    assert len(group.rows) == corrections.EACH
    assert (group.rows[0].cell, group.rows[0].state.text) == ("F1", "Lỗi")
    assert group.more == "Còn 202 chỗ khác: xem trang «Cần sửa» của bảng tổng hợp."


def _finding(row: int, severity: Severity) -> Finding:
    return Finding("phuong", "Hoạt động", f"F{row}", row, "bad-date", severity, Stops.NOTHING, "Câu.", "x")


def test_what_is_handed_in_and_what_a_unit_did() -> None:
    """A unit's states, its rows counted or not, and what is wrong in them."""
    late = RunRecord(date(2024, 12, 2), ("phuong",), RowCount(), 0, 0, "", "")
    shown = site_view(district(good_row(), good_row(name="Hai", done_quantity="mười", done="20/10/2024"), memory=Memory(runs=(late,))))
    unit = shown.clusters[0].units[0]
    assert [(one.name, one.state.text) for one in unit.duties] == [
        ("Báo cáo kết quả đợt 1 (hạn\u00a030/5)", "Trễ hạn"),
        ("Đăng ký đợt 2 (hạn\u00a030/8)", "Chưa nộp"),
        ("Báo cáo kết quả đợt 2 (hạn\u00a030/11)", "Chưa nộp"),
    ]
    assert [(one.name, one.state.text) for one in unit.activities] == [
        ("Ngày hội thiếu nhi khỏe", "Đã tính kết quả"),
        ("Hai", "Kết quả chưa tính"),
    ]
    assert unit.wrong == "01 lỗi"
    assert "loi" in unit.flags.split()
    assert shown.clusters[0].units[1].counted == "chưa có hoạt động"


def test_a_year_without_goals_and_the_first_year() -> None:
    """In 2028 nothing is held against a goal; in the plan's first year there are no earlier ones to show."""
    last = site_view(district(as_of=date(2028, 3, 1)))
    assert (last.year, last.headlines[0].value, last.targets[0].line.percent) == ("2028", "–", "–")
    assert list(last.year_names) == ["2024", "2025", "2026", "2027", "2028 (đến ngày 01/3/2028)"]
    assert [one.state for one in last.targets] == [None] * len(last.targets)
    assert not re.search(r"/–|đạt –|thiếu –", _Parts(b"".join(RENDERER.page(last)).decode()).text)
    assert site_view(district(as_of=date(2029, 1, 1))).year == "2028"
    assert site_view(district()).history == ()
    assert "Qua các năm" not in page()


def test_a_broken_template_of_ones_own_costs_the_page_and_nothing_else(tmp_path: Path) -> None:
    """The run's papers and mail are out; a person is told."""
    lay_out(tmp_path / "so-lieu")
    own = tmp_path / "mau"
    own.mkdir()
    shutil.copy(default_templates_dir() / "_site_years.html.j2", own)
    (own / "_site_years.html.j2").write_text("{{ trang.khong_co }}", encoding="utf-8")
    result = _run(tmp_path, Renderer(default_templates_dir(), own=own))
    (problem,) = result.problems  # type: ignore[attr-defined]
    assert "_site_years.html.j2:1" in problem
    assert result.needs_a_person  # type: ignore[attr-defined]
    assert len(list((tmp_path / "ket-qua" / "hop-thu-di").iterdir())) == 1
    assert not (tmp_path / "ket-qua" / "bao-cao" / "theo-doi.html").exists()


def test_a_dry_run_tells_of_a_broken_template_and_writes_nothing(tmp_path: Path) -> None:
    """It makes the page, too, for it shows what a whole run would say."""
    lay_out(tmp_path / "so-lieu")
    (tmp_path / "_site_years.html.j2").write_text("{{ trang.khong_co }}", encoding="utf-8")
    edges = Edges(DrySpreadsheets(home(tmp_path)), DryMailer(), DryDocuments())
    renderer = Renderer(default_templates_dir(), own=tmp_path)
    (problem,) = run(edges, load_settings(default_config_dir()), renderer, as_of=DEMO_AS_OF).problems
    assert "_site_years.html.j2:1" in problem
    assert not (tmp_path / "ket-qua").exists()


@pytest.mark.parametrize("name", ["_site_years.html.j2", "_site_style.css.j2", "theo-doi.html.j2"])
def test_a_template_that_breaks_later_leaves_the_page_of_before(tmp_path: Path, name: str) -> None:
    """Wherever on the way it breaks: the page of an earlier run stands as it was, nothing lies beside it, and one sentence says so."""
    lay_out(tmp_path / "so-lieu")
    _run(tmp_path)
    page = tmp_path / "ket-qua" / "bao-cao" / "theo-doi.html"
    page.write_bytes(page.read_bytes()[:5_000] + b"older")
    before = prints(tmp_path / "ket-qua"), page.stat().st_ino
    own = tmp_path / "mau"
    own.mkdir()
    (own / name).write_text((default_templates_dir() / name).read_text(encoding="utf-8") + "{{ khong_co.gi }}", encoding="utf-8")
    (problem,) = _run(tmp_path, Renderer(default_templates_dir(), own=own)).problems  # type: ignore[attr-defined]
    assert f"{name}:" in problem
    assert (prints(tmp_path / "ket-qua"), page.stat().st_ino) == before


def test_however_little_a_template_says_at_a_time_the_page_is_whole(tmp_path: Path) -> None:
    """Ten thousand empty cells on end are no end of the page."""
    (tmp_path / "theo-doi.html.j2").write_text("a{% for one in range(30000) %}{{ '' }}{% endfor %}b", encoding="utf-8")
    assert b"".join(Renderer(default_templates_dir(), own=tmp_path).page(site_view(district()))) == b"ab"
