"""Charts: what they say in words, what is drawn, and that they reach every form of a report."""

from __future__ import annotations

import base64
import io
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import matplotlib
import pytest
from PIL import Image
from pypdf import PdfReader

from sync import charts
from sync.charts import Chart
from sync.charts.course import course
from sync.charts.sheet import DONE, LIGHT, PIXELS_PER_MM
from sync.charts.targets import targets
from sync.charts.years import years
from sync.errors import ConfigError
from sync.model import Memory
from sync.pdf import PdfMissing, _weasyprint
from sync.render import Renderer
from sync.report import ChartTarget, ChartTargetYears, ChartYear, ReportView, YearChart
from sync.report.numbers import target_years, year_chart
from sync.resources import default_templates_dir
from sync.rollup import percent, roll_up
from sync.snapshot import dump, load
from tests.district import good_row, judged, organization, plan, sheet
from tests.paper import BESIDE, clusters, figures, progress, view

FONTS = default_templates_dir() / "fonts"
DUE = (date(2024, 5, 30), date(2024, 11, 30))
LETTERS = "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđ"


def target(done: int, goal: int | None = 40, registered: int = 0, number: int = 1, **changed: object) -> ChartTarget:
    """Return a target of which all was done on one day of March."""
    share = percent(done, goal) if goal else None
    made = ChartTarget(
        str(number), "Thư viện sách", "thư viện", "", goal, registered, done, share, ((date(2024, 3, 1), done),) if done else ()
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def year(*given: ChartTarget, until: date = date(2024, 12, 5), due: tuple[date, ...] = DUE, registration: bool = False) -> YearChart:
    return YearChart(2024, date(2024, 1, 1), date(2024, 12, 31), until, due, registration, given)


def through(*done: int, goal: int | None = 40) -> ChartTargetYears:
    """Return a target through the years from 2024, the last without goal and not over."""
    last = len(done) - 1
    listed = (ChartYear(2024 + index, goal if index < last else None, number, index < last) for index, number in enumerate(done))
    return ChartTargetYears("1", "Thư viện sách", "thư viện", "", tuple(listed))


def opened(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(chart.picture.png)).convert("RGB")


def runs(chart: Chart, colour: str = DONE) -> list[tuple[int, int, int]]:
    """Return, line by line, each unbroken stretch of the colour longer than a letter: line, first and last pixel."""
    image, wanted = opened(chart), tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    found = []
    for y in range(image.height):
        line = bytes(pixel == wanted for pixel in image.crop((0, y, image.width, y + 1)).get_flattened_data())
        found += [(y, match.start(), match.end() - 1) for match in re.finditer(b"\x01{6,}", line)]
    return found


AWKWARD: dict[str, tuple[ChartTarget, ...]] = {
    "nothing done": (target(0, registered=5), target(8, number=2)),
    "nothing registered, nothing done": (target(0),),
    "exceeded": (target(65, 20, 70),),
    "exactly all": (target(40, registered=40),),
    "one without goal": (target(3, None), target(3, 5, number=2)),
    "twenty": tuple(target(index, 20, index, index) for index in range(1, 21)),
    "long names and large figures": (
        target(442_100_000, 500_000_000, 1, name="Bồi dưỡng năng khiếu miễn phí cho thiếu nhi có hoàn cảnh khó khăn", measure="đồng"),
    ),
    "every letter": (target(1, name=f"{LETTERS} {LETTERS.upper()} $x_1$", mark="(*)"),),
}


@pytest.mark.parametrize("name", AWKWARD)
def test_every_case_is_drawn_to_its_size_with_all_its_letters(name: str) -> None:
    """A real PNG of eight pixels a millimetre on white; a letter that the font lacks would be a warning, and so an error."""
    chart = year(*AWKWARD[name])
    for made in (targets(chart, 257, FONTS), targets(chart, 120, FONTS), course(chart, 257, FONTS)):
        image = opened(made)
        assert made.picture.png.startswith(b"\x89PNG")
        assert image.size == (int(made.width_mm * PIXELS_PER_MM + 1e-6), int(made.height_mm * PIXELS_PER_MM + 1e-6))
        assert made.height_mm <= 170
        assert image.getpixel((image.width - 1, 0)) == (255, 255, 255)


def test_a_letter_that_the_font_lacks_is_noticed() -> None:
    """The check of the test before can fail."""
    with pytest.raises(UserWarning, match="missing from font"):
        targets(year(target(1, name="語")), 257, FONTS)


def test_the_same_numbers_are_the_same_bytes() -> None:
    """Drawn twice, and drawn where a person's own matplotlibrc says otherwise."""
    chart = year(target(34, registered=38))
    first = targets.__wrapped__(chart, 257, FONTS)
    assert targets.__wrapped__(chart, 257, FONTS) == first
    with matplotlib.rc_context({"text.antialiased": False, "path.sketch": (5, 5, 5), "font.size": 30, "savefig.dpi": 10}):
        assert targets.__wrapped__(chart, 257, FONTS) == first


def test_nothing_in_a_picture_says_when_or_by_what_it_was_made() -> None:
    """Only size, colours and resolution."""
    assert set(Image.open(io.BytesIO(targets(year(target(1)), 120, FONTS).picture.png)).info) <= {"dpi"}


def test_bars_are_as_long_as_their_part_of_the_goal() -> None:
    """40% of one goal is half as long as 80% of another, whatever the goals are."""
    found = {
        last - first for _, first, last in runs(targets(year(target(2, 5), target(32, 40, number=2)), 257, FONTS)) if last - first > 60
    }
    short, long = min(found), max(found)
    assert long / short == pytest.approx(2, abs=0.02)


def test_a_bar_far_beyond_its_goal_is_cut_through_and_points_on() -> None:
    """325% is as long as 150% and has two cuts near its end, beside the one that the goal's mark makes; the words say it."""

    def longest(done: int) -> list[tuple[int, int]]:
        found = runs(targets(year(target(done, 20)), 257, FONTS))
        line = max(found, key=lambda run: run[2])[0]
        return [(first, last) for y, first, last in found if y == line]

    assert [len(longest(done)) for done in (20, 30, 31, 65)] == [1, 2, 4, 4]
    assert longest(65)[-1][1] < 0.9 * 257 * PIXELS_PER_MM
    assert "65/20 thư viện (325%)" in targets(year(target(65, 20)), 257, FONTS).picture.alt


def test_registrations_are_drawn_and_never_a_rate() -> None:
    """A report on registrations says how many of the goal: no percentages, no word of what was done."""
    chart = targets(year(target(3, 40, 38), registration=True), 257, FONTS)
    assert "1. Thư viện sách: đăng ký 38 thư viện, chỉ tiêu năm 40." in chart.picture.alt
    assert "%" not in chart.picture.alt
    assert "thực hiện" not in chart.picture.alt.lower()
    assert max(last - first for _, first, last in runs(chart, LIGHT)) > 60
    assert not [run for run in runs(chart) if run[2] - run[1] > 60]


def test_the_year_s_line_ends_at_the_day_of_the_figures() -> None:
    """Nothing is drawn beyond it: half a year is half the plot."""
    whole = max(last for _, _, last in runs(course(year(target(20), until=date(2024, 12, 31)), 257, FONTS)))
    half = max(last for _, _, last in runs(course(year(target(20), until=date(2024, 7, 1)), 257, FONTS)))
    assert half / whole == pytest.approx(0.5, abs=0.01)


def test_the_year_in_words_says_each_due_day_that_has_passed() -> None:
    """What was done by then, and by the day of the figures."""
    steps = ((date(2024, 3, 1), 3), (date(2024, 5, 30), 11), (date(2024, 6, 1), 23))
    alt = course(year(target(23, steps=steps), until=date(2024, 8, 15)), 257, FONTS).picture.alt
    assert "1. Thư viện sách: đến 30/5 được 11, đến 15/8/2024 được 23/40 thư viện." in alt
    assert "30/11" not in alt


def test_the_years_side_by_side_tell_what_is_not_over() -> None:
    """Closed years are dark, the one that is not over is light; the words have every year and its goal."""
    chart = years((through(6, 5, 0, 9, 3, goal=5),), 257, FONTS)
    assert "1. Thư viện sách (thư viện): năm 2024 06/05, năm 2025 05/05, năm 2026 0/05, năm 2027 09/05, năm 2028 03." in chart.picture.alt
    assert len({first for _, first, last in runs(chart) if last - first > 100}) == 3
    assert len({first for _, first, last in runs(chart, LIGHT) if last - first > 100}) == 1


@pytest.mark.parametrize("given", [(through(0),), (through(1, 2),), tuple(through(7, 0, 325, 9, 2) for _ in range(20))])
def test_one_year_and_twenty_targets_are_drawn(given: Sequence[ChartTargetYears]) -> None:
    """Any number of years and targets has its place on the page."""
    made = years(tuple(given), 257, FONTS)
    assert opened(made).width == 257 * PIXELS_PER_MM
    assert made.height_mm <= 170


def test_dark_and_light_are_told_apart_without_colours() -> None:
    """The greys of a black-and-white printer stand as far apart as letters from paper."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05

    assert light(LIGHT) / light(DONE) >= 4.5


def test_numbers_come_from_the_activities_and_end_at_what_was_done() -> None:
    """The steps are the days of the counted results; their last is the roll-up's figure."""
    rows = [
        good_row(done="20/03/2024", done_quantity=2.0),
        good_row(done="28/11/2024 - 10/12/2024", name="Hội trại"),
        good_row(done="", done_quantity="", evidence="", name="Ba"),
    ]
    data = judged(sheet(*rows), sheet(cluster="khoi"), sheet(cluster="trung-tam"), as_of=date(2024, 12, 5))
    summed = roll_up(data, plan=plan(), organization=organization(), memory=Memory(), year=2024, as_of=date(2024, 12, 5))
    chart = year_chart(summed, data, plan(), {one.id: one.name for one in organization().clusters}, registration=False)
    shown = next(one for one in chart.targets if one.number == "3")
    assert shown.steps == ((date(2024, 3, 20), 2), (date(2024, 12, 5), 3))
    assert (shown.done, shown.registered) == (3, 3)
    assert (chart.first, chart.until, chart.due) == (date(2024, 1, 1), date(2024, 12, 5), DUE)


def test_the_years_of_the_plan_know_which_of_them_are_over() -> None:
    """A year without goal has none; one whose last day has not passed is not over."""
    given = [progress(figures(3, 9), year=2024), progress(figures(3, 4, None), year=2025, as_of=date(2025, 6, 1))]
    found = next(
        one
        for one in target_years(given, clusters(), plan(), {one.id: one.name for one in organization().clusters}, date(2025, 6, 1))
        if one.number == "3"
    )
    assert found.years == (ChartYear(2024, 40, 9, True), ChartYear(2025, None, 4, False))


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("ket-qua", ["chi-tieu", "cong-don"]),
        ("tien-do", ["chi-tieu", "cong-don"]),
        ("nam", ["chi-tieu", "cong-don"]),
        ("dang-ky", ["chi-tieu"]),
        ("tong-ket", ["qua-cac-nam"]),
    ],
)
def test_each_report_has_its_charts(kind: str, names: list[str]) -> None:
    """Which charts stand in which report."""
    assert [one.picture.cid for one in charts.for_paper(view(kind), FONTS)] == names


def test_a_year_without_goals_has_no_chart_of_goals() -> None:
    """What was done is shown by the day; nothing at all is not drawn."""
    done = view("tien-do", progress(figures(3, 12, None)))
    assert [one.picture.cid for one in charts.for_paper(done, FONTS)] == ["cong-don"]
    assert "so với" not in next(charts.for_paper(done, FONTS)).caption
    assert list(charts.for_paper(view("tien-do", progress(figures(3, 0, None))), FONTS)) == []
    assert list(charts.for_mail(done, FONTS)) == []


@pytest.fixture(scope="module")
def shown() -> ReportView:
    """Return the view of a report with figures of some weight."""
    return view(figures=progress(figures(3, 23, 40, registered=35), figures(1, 13, 4, registered=4)))


@pytest.fixture(scope="module")
def drawn(shown: ReportView) -> list[Chart]:
    return list(charts.for_paper(shown, FONTS))


def test_the_page_carries_its_pictures_and_their_words(shown: ReportView, drawn: list[Chart]) -> None:
    """Each as data within the page, after the table of annex I; Word, which cannot show that, gets the words."""
    html = Renderer(default_templates_dir(), ("html",)).html(shown)
    annex = html.partition("PHỤ LỤC I<")[2].partition("PHỤ LỤC II<")[0]
    inside = [base64.b64decode(data) for data in re.findall(r'<img src="data:image/png;base64,([^"]+)"', annex)]
    assert inside == [one.picture.png for one in drawn]
    assert all(annex.count(one.picture.alt) == 2 for one in drawn)
    assert annex.index("</table>") < annex.index("<img") < annex.index(f"Biểu đồ 1. {drawn[0].caption}")
    assert "Thư viện: đã thực hiện 13/04" in drawn[0].picture.alt


def test_word_has_the_pictures_with_their_words(shown: ReportView, drawn: list[Chart]) -> None:
    """Each as wide as the page's text, kept with its caption, and no comment of the page as text."""
    made = Renderer(default_templates_dir(), ("docx",)).documents("a", shown)[0]
    paper = docx.Document(io.BytesIO(made.data))
    assert [one._inline.docPr.get("descr") for one in paper.inline_shapes] == [one.picture.alt for one in drawn]
    assert [round(one.width.mm) for one in paper.inline_shapes] == [257, 257]
    text = [one.text for one in paper.paragraphs]
    assert not [line for line in text if "[if" in line or line.startswith("Biểu đồ. ")]
    at = text.index(f"Biểu đồ 1. {drawn[0].caption}")
    assert paper.paragraphs[at - 1].paragraph_format.keep_with_next


def test_the_pdf_has_the_pictures_as_figures_with_their_words(shown: ReportView, drawn: list[Chart]) -> None:
    """Tagged, so that who cannot see them hears the figures."""
    try:
        _weasyprint()
    except PdfMissing:
        pytest.skip("Pango is not installed: no PDF can be made here")
    made = Renderer(default_templates_dir(), ("pdf",)).documents("a", shown)[0]
    pdf = PdfReader(io.BytesIO(made.data))
    assert [str(one["/Alt"]) for one in _figures(pdf)] == [one.picture.alt for one in drawn]
    assert len({image.indirect_reference for page in pdf.pages for image in page.images}) == len(drawn)


def _figures(pdf: PdfReader):
    """Yield the figures of the structure, in the order of reading."""
    left = [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        node = left.pop().get_object()
        if isinstance(node, list):
            left += reversed(node)
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                yield node
            elif not isinstance(node.get("/K", 0), int):
                left.append(node["/K"])


def test_a_snapshot_gives_the_same_pictures(shown: ReportView, drawn: list[Chart]) -> None:
    """The numbers lie in it, the pictures do not."""
    kept = dump("a", shown, clusters())
    again = load(kept, "a.json").view
    assert again == shown
    for function in (targets, course):
        function.cache_clear()
    assert list(charts.for_paper(again, FONTS)) == drawn
    assert b"iVBOR" not in kept


def test_a_mail_names_its_picture_by_content_id(tmp_path: Path, shown: ReportView) -> None:
    """A template of the mail finds the chart in `bieu_do`; the picture itself goes beside it, small."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "mail.html.j2").write_text('<html><body>{% include "_chart.html.j2" %}</body></html>', encoding="utf-8")
    renderer = Renderer(default_templates_dir(), own=own)
    html, pictures = renderer.mail_html(shown, BESIDE), renderer.mail_pictures(shown)
    assert [f"cid:{one.cid}" for one in pictures] == re.findall(r'<img src="([^"]+)"', html) == ["cid:chi-tieu"]
    assert pictures[0].alt in html
    assert len(pictures[0].png) < 60_000


def test_fonts_that_are_not_there_are_a_sentence(tmp_path: Path) -> None:
    """Which file, and what to do."""
    folder = tmp_path / "fonts"
    shutil.copytree(FONTS, folder)
    (folder / "Tinos-Bold.woff2").unlink()
    with pytest.raises(ConfigError, match=r"Tinos-Bold\.woff2 is missing"):
        targets(year(target(1)), 257, folder)
