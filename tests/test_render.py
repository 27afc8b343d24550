"""Views and templates → HTML, with the project's own templates and with broken ones."""

from __future__ import annotations

import builtins
import dataclasses
import errno
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sync.errors import ConfigError
from sync.loss_letter import LossView
from sync.model import ClusterStatus, Compliance
from sync.render import VIEWS, Renderer
from sync.report import (
    ActivityGroup,
    ActivityLine,
    Arrears,
    ClusterYears,
    CorrectionGroup,
    CorrectionLine,
    Digest,
    DueRow,
    DueTable,
    HeirLine,
    Link,
    ReportView,
    TargetLine,
    TargetYears,
    Unread,
    YearFigures,
)
from sync.resources import default_templates_dir
from sync.settings_values import ReportForm
from tests.district import organization
from tests.paper import BESIDE, FORM, clusters, figures, progress, view

TEMPLATES = default_templates_dir()
MISSING = {unit.id: (Compliance.MISSING, Compliance.LATE) for unit in organization().units}
CASES = {
    "plain": view(),
    "stale": view(data=clusters(phuong=ClusterStatus.STALE, khoi=ClusterStatus.FAILED)),
    "nobody handed in": view(figures=progress(states=MISSING)),
    "300 findings": view(data=clusters(errors=300, bare=20)),
    "no goals": view(figures=progress(figures(3, 0, None))),
    "exceeded": view(figures=progress(figures(3, 50, 40, registered=50))),
    "progress report": view("tien-do"),
}
NOUNS = (
    ReportView, TargetLine, DueTable, DueRow, Arrears, Unread, ActivityGroup, ActivityLine, CorrectionGroup, CorrectionLine, Link,
    TargetYears, YearFigures, ClusterYears, HeirLine, ReportForm, LossView, Digest,
)  # fmt: skip
_VOID = {"meta", "br", "img", "hr", "link", "input"}


class _Tags(HTMLParser):
    """Holds every tag against the one that closes it, and gathers the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.text.append(data)


def text_of(html: str) -> str:
    """Return the visible text; every tag has to be closed in its order."""
    parser = _Tags()
    parser.feed(html)
    assert parser.open == []
    return " ".join(" ".join(parser.text).replace("\u00a0", " ").split())


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(TEMPLATES)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the templates that a test may spoil."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "mau"))


@pytest.mark.parametrize("name", CASES)
def test_every_case_renders_whole(renderer: Renderer, name: str):
    """Report and mail are well-formed, leave no template sign and no Python value behind, and fetch nothing."""
    shown = CASES[name]
    for html in (renderer.html(shown), renderer.mail_html(shown, BESIDE)):
        text = text_of(html)
        assert not re.search(r"\{\{|\{%|None|\(\)|dataclass|object at", text)
        assert not re.search(r"src=\"(?!data:image/png;base64,|cid:)|url\(|<script|<link|<(?!a )[^>]*href=", html)


def test_the_report_has_the_official_form_in_its_order(renderer: Renderer):
    """Letterhead, draft box, kind, subject, dashes, sections, signature, recipients and annex follow each other."""
    text = text_of(renderer.html(view(subject_until="đợt 2 năm 2024")))
    order = (
        "THÀNH ĐOÀN TP. HỒ CHÍ MINH", "BCH ĐOÀN QUẬN BÌNH TÂN", "***", "Số: -BC/ĐTN", "DỰ THẢO", "ĐOÀN TNCS HỒ CHÍ MINH", "Bình Tân, ngày",
        "BÁO CÁO", "Kết quả thực hiện kế hoạch", "-------", "số liệu tính đến ngày 05/12/2024", "I. Công tác chỉ đạo", "II. Kết quả thực hiện",
        "1. Lắp đặt thư viện", "III. Đánh giá chung", "IV. Phương hướng", "TM. BAN THƯỜNG VỤ QUẬN ĐOÀN", "Nơi nhận:", "- Thành Đoàn;", "- Lưu: HĐĐ.",
        "PHỤ LỤC I",
    )  # fmt: skip
    places = [text.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("never", ["Kính gửi", "CỘNG HÒA", "Độc lập"])
def test_what_a_union_s_report_never_carries_is_not_there(renderer: Renderer, never: str):
    """No addressee line and no state motto."""
    assert never not in renderer.html(view())


def test_the_paper_has_the_measures_of_the_settings(renderer: Renderer):
    """Margins and font are those of the configuration, the annex lies across, table heads repeat."""
    html = renderer.html(view(form=dataclasses.replace(FORM, margin_left_mm=35, font="Tinos")))
    assert "margin: 20mm 20mm 20mm 35mm" in html
    assert 'font: 14pt/1.2 "Tinos", Tinos, "Liberation Serif", serif' in html
    assert "size: A4 landscape" in html
    assert "display: table-header-group" in html


def test_the_annex_has_a_row_for_each_target_and_as_many_cells_as_heads(renderer: Renderer):
    """Each target's row has a cell for number, name, measure, goal, registered, each round, total, rate, rest and assessment."""
    annex = renderer.html(view()).partition("PHỤ LỤC I")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(<td.*?)</tr>", annex)
    assert [row.count("<td") for row in rows] == [12] * 4


def test_a_stale_cluster_stands_beside_its_figures_in_report_and_mail(renderer: Renderer):
    """The mark stands at the touched figure and its explanation with it."""
    shown = CASES["stale"]
    assert "<b>0</b> (*)" in renderer.html(shown)
    for text in (text_of(renderer.html(shown)), text_of(renderer.mail_html(shown, BESIDE)), renderer.mail_text(shown, BESIDE)):
        assert "(*) Khu vực phường: số liệu của ngày 01/11/2024; Khối sự nghiệp: chưa có số liệu." in text


def test_what_people_typed_is_text_and_never_markup(renderer: Renderer):
    """A name full of signs is shown as typed in HTML, and as it is in plain text."""
    evil = "<script>alert('x')</script> & Cơ sở"
    shown = view(form=dataclasses.replace(FORM, issuing_body=evil))
    html = renderer.html(shown)
    assert "<script>" not in html
    assert evil in text_of(html)
    spoken = dataclasses.replace(view(), decisions=(evil,))
    assert "<script>" not in renderer.mail_html(spoken, BESIDE)
    assert f"- {evil}\n" in renderer.mail_text(spoken, BESIDE)


def test_the_mail_begins_with_the_targets_and_keeps_its_styles_in_the_elements(renderer: Renderer):
    """The targets come before everything that explains them; mail programs that drop style sheets still see the table."""
    html = renderer.mail_html(CASES["nobody handed in"], BESIDE)
    text = text_of(html)
    assert text.index("Thư viện") < text.index("Cần quyết định") < text.index("Chưa nộp, nộp trễ hạn") < text.index("Chất lượng số liệu")
    assert re.search(r'<td[^>]*style="[^"]*border-bottom', html)
    assert 'role="presentation"' in html


def test_the_plain_mail_says_what_the_other_says(renderer: Renderer):
    """Every target, decision, unit list and cluster without data stands in the plain text too."""
    shown = view(figures=progress(states=MISSING), data=clusters(khoi=ClusterStatus.FAILED))
    text = renderer.mail_text(shown, BESIDE)
    said = [line.short_name for line in shown.targets] + list(shown.decisions) + [one.missing_short for one in shown.arrears]
    assert all(part in text for part in said)
    assert "- Khối sự nghiệp: chưa có số liệu. Không có tệp khoi.xlsx." in text


def test_the_same_view_gives_the_same_bytes(renderer: Renderer):
    """Nothing in a report comes from a clock or from chance."""
    assert Renderer(TEMPLATES).html(view()) == renderer.html(view())
    assert Renderer(TEMPLATES).mail_html(view(), BESIDE) == renderer.mail_html(view(), BESIDE)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{{ bao_cao.khong_co }}", "khong_co"),
        ("{{ bao_cao.targets[99].name }}", "README"),
        ("{{ 1 + bao_cao.year }}", "unsupported operand"),
        ("{{ khong_co_gi.name }}", "khong_co_gi"),
        ("{% if %}", "cannot be read"),
        ("{{ bao_cao.year | khong_co }}", "khong_co"),
        ("{% include 'khong-co.j2' %}", "khong-co.j2 is not in the folder"),
        ("{{ cycler() }}", "at least one item"),
    ],
)
def test_a_mistake_in_a_template_names_file_and_line(own: Path, wrong: str, said: str):
    """A wrong name, sum, sign, filter or file is one sentence with the innermost template's file and line."""
    spoilt = own / "_targets.html.j2"
    spoilt.write_text(f"<p>một</p>\n<p>hai</p>\n{wrong}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Renderer(own).html(view())
    assert f"{spoilt}:3: " in str(caught.value)
    assert said in str(caught.value)


def test_a_template_that_may_not_be_read_is_a_sentence(own: Path, monkeypatch: pytest.MonkeyPatch):
    """It is the template that is named, not what was to be made of it."""
    spoilt, read = str(own / "_targets.html.j2"), builtins.open

    def refusing(file: Any, *args: Any, **more: Any) -> Any:
        if str(file) == spoilt:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), spoilt)
        return read(file, *args, **more)

    monkeypatch.setattr(builtins, "open", refusing)
    with pytest.raises(ConfigError, match=r"ket-qua\.html\.j2:\d+: .*_targets\.html\.j2"):
        Renderer(own).html(view())


def test_a_template_that_is_not_there_is_a_sentence(own: Path):
    """A missing report template is named."""
    (own / "ket-qua.html.j2").unlink()
    with pytest.raises(ConfigError, match=r"ket-qua\.html\.j2"):
        Renderer(own).html(view())


def test_a_template_saved_in_another_encoding_is_a_sentence(own: Path):
    """A template that is not UTF-8 says how to save it."""
    (own / "tien-do.html.j2").write_bytes("tiến độ".encode("utf-16"))
    with pytest.raises(ConfigError, match="save it again as UTF-8"):
        Renderer(own).html(view("tien-do"))


def test_a_template_saved_by_notepad_renders_the_same(own: Path):
    """The invisible mark that some editors put first leaves no trace."""
    page = own / "_page.html.j2"
    page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes())
    assert Renderer(own).html(view()) == Renderer(TEMPLATES).html(view())


def test_a_style_sheet_from_elsewhere_is_never_fetched(own: Path):
    """A link to a style sheet in the mail is left alone; rendering needs no network."""
    mail = own / "mail.html.j2"
    link = '<link rel="stylesheet" href="http://127.0.0.1:9/a.css"></head>'
    mail.write_text(mail.read_text(encoding="utf-8").replace("</head>", link), encoding="utf-8")
    assert "border-bottom" in Renderer(own).mail_html(view(), BESIDE)


@pytest.mark.parametrize("noun", NOUNS)
def test_the_readme_lists_every_name_a_template_may_use(noun: type):
    """Whoever edits a template finds each name in the folder's README."""
    readme = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    assert [field.name for field in dataclasses.fields(noun) if f"`{field.name}`" not in readme] == []


def test_the_readme_lists_every_template():
    """No template lies there unexplained."""
    readme = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in TEMPLATES.glob("*.j2") if f"`{path.name}`" not in readme] == []


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (#rrggbb) as WCAG 2 reckons it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_mail_can_be_read_on_a_light_and_on_a_dark_ground(renderer: Renderer):
    """Every colour of letters has 4.5 to 1 on its ground; the dark ones stay in a style sheet, which alone can know of the ground."""
    html = renderer.mail_html(view(), BESIDE)
    sheets = "".join(re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL))
    dark = re.findall(r"[ {;]color: ?(#[0-9a-f]{6})", sheets.partition("prefers-color-scheme")[2])
    light = re.findall(r'style="[^"]*?(?<!-)color: ?(#[0-9a-f]{6})', html)
    assert len(dark) >= 5
    assert len(set(light)) >= 2
    assert min(_contrast(one, "#121212") for one in dark) >= 4.5
    assert min(_contrast(one, "#ffffff") for one in light) >= 4.5


@pytest.mark.parametrize("corrections", [True, False])
@pytest.mark.parametrize("heirs", [True, False])
@pytest.mark.parametrize("settled", [True, False])
def test_the_annexes_of_the_year_are_numbered_without_a_gap(renderer: Renderer, corrections: bool, heirs: bool, settled: bool):
    """Whichever of them there are."""
    wrong = CorrectionGroup("Khối Y tế", "01 lỗi", (CorrectionLine("Hoạt động", "F12", "Lỗi", "Không đọc được ngày."),), "")
    shown = dataclasses.replace(
        view("nam"),
        corrections=(wrong,) if corrections else (),
        heirs=(HeirLine("An Lạc", "Thư viện sách", "thư viện", "02", "01", "An Lạc A 01"),) if heirs else (),
        settled_note="Một việc đã quyết định." if settled else "",
    )
    numbers = re.findall(r"PHỤ LỤC ([IVX]+)<", renderer.html(shown))
    assert numbers == ["I", "II", "III", "IV", "V"][: 2 + corrections + heirs + settled]


def test_a_template_sees_the_fields_of_a_view_and_nothing_behind_them(tmp_path: Path) -> None:
    """Views are asked about by a shorter way than Jinja2's own: that is safe as long as they have fields alone."""
    for shown in VIEWS:
        own = {name for name in vars(shown) if not name.startswith("_")}
        assert own == {field.name for field in dataclasses.fields(shown)}, shown
    shutil.copytree(TEMPLATES, tmp_path, dirs_exist_ok=True)
    (tmp_path / "ket-qua.html.j2").write_text("{{ bao_cao.__class__ }}", encoding="utf-8")
    with pytest.raises(ConfigError, match="__class__"):
        Renderer(tmp_path).html(view())
