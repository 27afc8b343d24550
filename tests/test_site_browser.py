"""The page to look at, clicked through in Chromium: by hand, by keyboard, without its script, on a phone, on paper; axe-core looks for barriers."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sync.district import District, district_of
from sync.edges.workbooks import Workbooks
from sync.model import ClusterData, ClusterStatus, Memory, RowCount, RunRecord
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_config_dir, default_templates_dir
from sync.run import district_now
from sync.sample import DEMO_AS_OF, lay_out
from sync.settings import load_settings
from sync.site import site_view
from tests.district import good_row
from tests.test_site import district

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the page to look at was not clicked through")
PHONE, DESKTOP = (360, 740), (1280, 900)
UNIT = "#dv-dp-an-lac"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return four pages: the sample district's, the same with old and missing data and 300 findings, one where nothing is yet, a small one."""
    folder = tmp_path_factory.mktemp("trang")
    lay_out(folder / "so-lieu")
    settings = load_settings(default_config_dir())
    home = Workbooks(folder / "so-lieu", folder / "ket-qua", max_uncompressed_bytes=10**8, mask=mask)
    sample = district_now(home, settings, as_of=DEMO_AS_OF)
    given = {"as_of": DEMO_AS_OF, "year": DEMO_AS_OF.year}
    troubled = district_of(settings, [_troubled(one) for one in sample.clusters], sample.memory, **given)
    nothing = [ClusterData(one.cluster, ClusterStatus.OK, one.source) for one in sample.clusters]
    shown = {"sample": sample, "troubled": troubled, "empty": district_of(settings, nothing, Memory(), **given), "small": _small()}
    renderer = Renderer(default_templates_dir())
    for name, one in shown.items():
        (folder / f"{name}.html").write_bytes(b"".join(renderer.page(site_view(one))))
    return {name: folder / f"{name}.html" for name in shown}


def _small() -> District:
    """Return the test district with one of everything: rows right, wrong and without evidence; late, missing, old and unread."""
    rows = [good_row(), good_row(name="Hai", done_quantity="mười", done="20/10/2024"), good_row(name="Ba", evidence="")]
    early = RunRecord(date(2024, 12, 2), ("phuong",), RowCount(), 0, 0, "", "")
    return district(*rows, memory=Memory(runs=(early,)), khoi=ClusterStatus.FAILED, trung_tam=ClusterStatus.STALE)


def _troubled(data: ClusterData) -> ClusterData:
    if data.cluster == "dia-ban-dan-cu":
        return replace(data, status=ClusterStatus.STALE, error="Không mở được tệp.", data_as_of=DEMO_AS_OF, findings=_many(data))
    if data.cluster == "y-te":
        return ClusterData("y-te", ClusterStatus.FAILED, data.source, rows=RowCount(), error="Không có tệp y-te.xlsx.")
    return data


def _many(data: ClusterData) -> tuple:
    return tuple(replace(data.findings[at % len(data.findings)], cell=f"F{at}") for at in range(300))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield one
        one.close()


@pytest.fixture
def look(browser: Browser, pages: dict[str, Path]) -> Iterator[Open]:
    """Return what opens a page; whatever it asks the network for, or complains about, fails the test."""
    contexts, trouble = [], []

    def opened(name: str = "sample", size: tuple[int, int] = DESKTOP, scheme: str = "light", script: bool = True, at: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, java_script_enabled=script, locale="vi-VN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: trouble.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        page.goto(pages[name].as_uri() + at)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


def serious(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical, with the place."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")]


BARRIERS = [
    ("small", PHONE, "light"), ("small", PHONE, "dark"), ("small", DESKTOP, "light"), ("small", DESKTOP, "dark"),
    ("sample", PHONE, "dark"), ("sample", DESKTOP, "light"), ("empty", PHONE, "light"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "size", "scheme"), BARRIERS)
def test_axe_finds_no_barrier_with_everything_open(look: Open, name: str, size: tuple[int, int], scheme: str):
    """Light and dark, narrow and wide; late, missing, old, unread, wrong and right are all there."""
    page = look(name, size, scheme)
    page.click("#mo-het")
    assert page.locator("details:not([open])").count() == 0
    assert serious(page) == []


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_axe_finds_no_barrier_as_it_opens_and_filtered(look: Open, size: tuple[int, int], scheme: str):
    """Neither closed nor with something found nor with nothing found."""
    page = look("small", size, scheme)
    assert serious(page) == []
    for word in ("an lac", "không có đâu"):
        page.fill("#loc-chu", word)
        expect(page.locator("output")).to_contain_text("hoạt động" if word == "an lac" else "Không tìm thấy")
        assert serious(page) == []


def test_axe_can_find_a_barrier(look: Open):
    """A page that is spoiled on purpose is found out."""
    page = look()
    page.evaluate("document.querySelector('#loc-chu').previousElementSibling.remove(); document.documentElement.lang = ''")
    assert {one.split(":")[0] for one in serious(page)} >= {"html-has-lang"}


def test_drilling_from_a_target_to_a_unit_and_its_rows(look: Open):
    """Target → cluster → unit: each opens in its place and shows its figures, rows and cells to correct."""
    page = look()
    page.click("#ct-3 > summary")
    expect(page.locator("#ct-3")).to_contain_text("Đã thực hiện 34/40 hoạt động")
    page.click("#ct-3 a[href='#kv-dia-ban-dan-cu']")
    expect(page.locator("#kv-dia-ban-dan-cu")).to_have_attribute("open", "")
    page.click(f"{UNIT} > summary")
    expect(page.locator(UNIT)).to_contain_text("Hành trình đến địa chỉ đỏ")
    expect(page.locator(UNIT)).to_contain_text("Đăng ký đợt 1 (hạn 30/01)")
    expect(page.locator(f"{UNIT} .o-dv li").first).to_contain_text("Không đọc được ngày «30/02/2025»")
    link = page.locator(f"{UNIT} tbody a[target]").first
    assert link.get_attribute("href", timeout=1000).startswith("https://")


def test_a_link_to_a_unit_opens_the_way_to_it(look: Open):
    """From the table of who handed in, from an address, and where a filter had hidden it."""
    page = look(at=UNIT)
    expect(page.locator(f"{UNIT} .nop-dv")).to_be_visible()
    page.click("#dong-het")
    page.click("#nop ~ details.bang-nop > summary")
    page.click("table.nop a[href='#dv-dp-tan-tao']")
    expect(page.locator("#dv-dp-tan-tao .nop-dv")).to_be_visible()
    page.select_option("#loc-khu", "y-te")
    expect(page.locator(UNIT)).to_be_hidden()
    page.evaluate(f"location.hash = '{UNIT}'")
    expect(page.locator(f"{UNIT} .nop-dv")).to_be_visible()
    assert page.input_value("#loc-khu") == ""


def shown(page: Page, kind: str) -> int:
    """Return how many items of this kind are not filtered away."""
    return page.locator(f"[data-muc='{kind}']:not([hidden])").count()


def test_search_needs_neither_accents_nor_case_and_clearing_it_restores_the_page(look: Open):
    """Units, rows and cells are found; what was open before is open again."""
    page = look()
    page.click("#ct-1 > summary")
    before = page.locator("details[open]").count(), shown(page, "don-vi"), shown(page, "o")
    page.fill("#loc-chu", "DIA CHI do")
    expect(page.locator("#loc-ket-qua")).to_contain_text("hoạt động")
    assert shown(page, "hoat-dong") >= 1
    texts = page.locator("[data-muc='hoat-dong']:not([hidden])").all_text_contents()
    assert all("địa chỉ đỏ" in text for text in texts)
    expect(page.locator(f"{UNIT} tr[data-muc='hoat-dong']:not([hidden])").first).to_be_visible()
    page.click("#loc-bo")
    expect(page.locator("#loc-ket-qua")).to_be_empty()
    assert (page.locator("details[open]").count(), shown(page, "don-vi"), shown(page, "o")) == before
    assert page.evaluate("document.activeElement.id") == "loc-chu"


def test_filters_of_cluster_target_and_state_hold_together(look: Open):
    """Each narrows the list; who owes nothing goes, and cells of other targets go."""
    page = look()
    page.select_option("#loc-khu", "truong-hoc")
    expect(page.locator("#kv-y-te")).to_be_hidden()
    assert page.locator("[data-muc='khu']:not([hidden])").count() == 1
    page.select_option("#loc-tt", "chua-nop")
    rows = page.locator("table.nop tr[data-muc='nop']:not([hidden])")
    expect(rows.filter(has_not_text="Chưa nộp")).to_have_count(0)
    assert rows.count() > 0
    page.select_option("#loc-tt", "loi")
    page.select_option("#loc-ct", "7")
    expect(page.locator("[data-muc='chi-tieu']:not([hidden])")).to_have_count(1)
    cells = page.locator("[data-muc='o']:not([hidden])").all()
    assert {one.get_attribute("data-ct") for one in cells} == {"7"}


def test_a_search_that_finds_nothing_says_so(look: Open):
    """In every part, and where a screen reader hears it."""
    page = look()
    page.fill("#loc-chu", "không có đâu")
    expect(page.locator("output")).to_have_text("Không tìm thấy gì; thử bớt chữ hoặc bỏ lọc.")
    parts = page.locator("[data-phan]").count()
    expect(page.locator("[data-trong]:visible")).to_have_count(parts)


def test_the_keyboard_is_enough(look: Open):
    """The first stop leads to the content; a target opens by its key; the search is reached and left."""
    page = look()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung"
    expect(page.locator(".bo-qua")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"
    page.focus("#ct-2 > summary")
    page.keyboard.press("Space")
    expect(page.locator("#ct-2")).to_have_attribute("open", "")
    page.keyboard.press("Enter")
    assert page.locator("#ct-2").get_attribute("open") is None
    page.focus("#loc-chu")
    page.keyboard.type("thư viện")
    page.keyboard.press("Enter")
    expect(page.locator("#ct-1")).to_be_visible()
    expect(page.locator("#ct-2")).to_be_hidden()


def test_without_its_script_everything_can_be_read(look: Open):
    """No dead controls; parts open by themselves; nothing is hidden for good."""
    page = look(script=False)
    expect(page.locator("#loc")).to_be_hidden()
    page.click("#kv-dia-ban-dan-cu > summary")
    page.click(f"{UNIT} > summary")
    expect(page.locator(f"{UNIT} table.hoat-dong")).to_be_visible()
    expect(page.locator("table.nop")).to_be_visible()
    page.click("#can-sua ~ details >> nth=0")
    expect(page.locator("tr[data-muc='o']").first).to_be_visible()


def test_what_a_screen_reader_hears_of_a_target_and_of_a_table(look: Open):
    """Name, figures and state in one go; tables keep their rows and heads though a phone shows them as cards."""
    page = look(size=PHONE)
    page.click("#ct-4 > summary")
    heard = page.locator("#ct-4").aria_snapshot()
    assert re.search(r"4\. Trang bị kỹ năng thực hành xã hội", heard)
    assert "Vượt chỉ tiêu" in heard
    assert 'columnheader "Đã thực hiện"' in heard
    assert re.search(r"row \"Khối Nội chính .*12", heard) or 'rowheader "Khối Nội chính"' in heard


def test_on_a_phone_nothing_is_cut_off(look: Open):
    """With everything open no text lies outside the screen."""
    page = look("troubled", PHONE)
    page.click("#mo-het")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    outside = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(one => {
            const box = one.getBoundingClientRect();
            return box.width > 1 && box.height > 1 && (box.right > innerWidth + 1 || box.left < -1) && !one.closest('.an, thead');
        }).map(one => one.outerHTML.slice(0, 120))"""
    )
    assert outside == []


def test_letters_twice_as_large_stay_on_a_phone(look: Open):
    """Whoever needs large letters scrolls in one direction only."""
    page = look("troubled", PHONE)
    page.click("#mo-het")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_paper_has_the_open_parts_and_no_controls(look: Open, tmp_path: Path):
    """Black on white even where the screen is dark; what is closed stays closed."""
    page = look(scheme="dark")
    page.click("#ct-1 > summary")
    page.emulate_media(media="print")
    expect(page.locator("#loc")).to_be_hidden()
    expect(page.locator(".muc-luc")).to_be_hidden()
    expect(page.locator("#ct-1 table").first).to_be_visible()
    expect(page.locator("#ct-2 table").first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


def test_the_policy_stops_a_script_that_got_in(look: Open, pages: dict[str, Path], browser: Browser, tmp_path: Path):
    """Were there ever a hole in the escaping, the browser would not run what came through it."""
    html = pages["sample"].read_text(encoding="utf-8")
    spoiled = tmp_path / "x.html"
    spoiled.write_text(html.replace("</h1>", "</h1><script>window.got = 1</script><img src=x onerror='window.got = 2'>"), encoding="utf-8")
    page = browser.new_page()
    page.goto(spoiled.as_uri())
    expect(page.locator("#loc")).to_be_visible()
    assert page.evaluate("window.got === undefined")
    page.close()
