"""A short form of `make fuzz`, and a test for each thing that it found."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.edges.google.reading import FIELDS
from sync.edges.workbook_guard import ensure_openable
from sync.errors import ConfigError, PublishError, SourceError
from sync.normalise.numbers import read_money, read_quantity
from sync.personal import mask
from sync.render import Renderer
from sync.resources import default_templates_dir
from tests.district import good_row, judge_rows
from tests.fuzz import oracle
from tests.fuzz.mutate import Seeded
from tests.google import StandIn
from tests.google.caller import Caller
from tests.google.workbooks import spreadsheet_of
from tests.paper import view

SEEDS = st.integers(0, 2**32).map(Seeded)
SHORT = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What `spreadsheets.get` says of a sheet of the sample district."""
    path = tmp_path_factory.mktemp("fuzz") / "y-te.xlsx"
    path.write_bytes(oracle.whole_workbook(oracle.CLUSTER))
    with StandIn(reads=None, writes=None) as google:
        file = google.add(spreadsheet_of(path, "id-y-te"))
        with Caller(google) as caller:
            return caller.get(f"/v4/spreadsheets/{file}", fields=FIELDS)


@SHORT
@given(SEEDS)
def test_broken_workbooks(tmp_path: Path, lot: Seeded) -> None:
    """Parts and zip broken: one sentence, or a reading whose rows reconcile and a copy."""
    oracle.workbook(lot, tmp_path)


@SHORT
@given(SEEDS)
def test_any_bytes(lot: Seeded) -> None:
    """Anything in the place of a workbook."""
    oracle.raw_bytes(lot)


@SHORT
@given(SEEDS)
def test_odd_cells(lot: Seeded) -> None:
    """Odd cells, header included: rows reconcile, and JSON and figures can be made."""
    oracle.cells(lot)


@SHORT
@given(SEEDS)
def test_broken_answers(tmp_path: Path, whole: Any, lot: Seeded) -> None:
    """Whatever Google's answer lacks or holds instead: one sentence."""
    oracle.answer(lot, whole, tmp_path)


@settings(SHORT, max_examples=10)
@given(SEEDS)
def test_broken_configuration(tmp_path: Path, lot: Seeded) -> None:
    """Broken YAML and values: every one a `ConfigError`."""
    oracle.configuration(lot, tmp_path)


@settings(SHORT, max_examples=5)
@given(SEEDS)
def test_broken_templates(tmp_path: Path, lot: Seeded) -> None:
    """Broken templates: every one a `ConfigError`."""
    oracle.template(lot, view(), tmp_path)


def test_a_fuzzer_that_finds_nothing_can_find_something(tmp_path: Path, whole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that stumbles is caught, in a workbook and in an answer: the oracles look."""
    monkeypatch.setattr("sync.normalise.reader.find_table", lambda sheet, aliases: sheet.nothing)
    with pytest.raises(AttributeError):
        oracle.cells(Seeded(1))
    with pytest.raises(AttributeError):
        [oracle.answer(Seeded(seed), whole, tmp_path) for seed in range(30)]


# What it found


@pytest.mark.parametrize(
    "cell", [float("inf"), float("-inf"), float("nan"), 1e308, "9" * 5_000, "1" + ".000" * 2_000, 99999999999999999999.0]
)
@pytest.mark.parametrize(
    "column", ["done_quantity", "registered_quantity", "children", "budget_vnd", "target", "planned", "number", "unit"]
)
def test_numbers_that_are_none(column: str, cell: float | str) -> None:
    """An endless number, or one of five thousand digits, is a finding at its cell; the run's sums never see it."""
    data = judge_rows(good_row(**{column: cell}), good_row(name="Khác"))
    assert data.rows.read == data.rows.counted + data.rows.excluded + data.rows.ignored == 2
    assert all(one.done_quantity is None or one.done_quantity < 10**12 for one in data.activities)


@pytest.mark.parametrize("read", [read_quantity, read_money])
def test_the_largest_number(read: Callable[[str], Any]) -> None:
    """Just below the bound a number is one."""
    assert read("999.999.999.999").value == 999_999_999_999
    assert read("1.000.000.000.000").value is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: answer["sheets"][0].pop("properties"),
        lambda answer: answer["sheets"].insert(0, 7),
        lambda answer: answer["sheets"][0].update(data=[[]]),
        lambda answer: answer["sheets"][0]["data"][0]["rowData"].insert(2, {"values": [None]}),
        lambda answer: answer["sheets"][0]["data"][0]["rowData"].insert(2, {"values": [{"effectiveValue": {"numberValue": []}}]}),
        lambda answer: answer["sheets"][0].update(merges=[{}]),
        lambda answer: answer.update(sheets="x"),
    ],
)
def test_half_an_answer_is_no_answer(tmp_path: Path, whole: Any, spoil: Callable[[Any], object]) -> None:
    """It is said of the spreadsheet, and no traceback is seen."""
    answer = oracle.mutate.copy.deepcopy(whole)
    spoil(answer)
    home = oracle.home_with(answer, tmp_path, key=None)
    with pytest.raises(SourceError, match="makes no sense"):
        home.read(oracle.CLUSTER)


def test_a_template_that_includes_itself(tmp_path: Path) -> None:
    """It is one sentence."""
    (tmp_path / "_page.html.j2").write_text(
        "{% include 'ket-qua.html.j2' %}{% block x %}{% endblock %}{% include '_page.html.j2' %}", encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="includes itself"):
        Renderer(default_templates_dir(), own=tmp_path).html(view())


@pytest.mark.parametrize(
    "reach",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ bao_cao.__init__.__globals__ }}",
        "{{ range(10**9) | list }}",
        "{{ lipsum.__globals__.os.popen('id') }}",
    ],
)
def test_a_template_reaches_nothing_but_the_view(tmp_path: Path, reach: str) -> None:
    """Not the program, not the machine, and no endless list."""
    (tmp_path / "_style.css.j2").write_text(reach, encoding="utf-8")
    with pytest.raises(ConfigError):
        Renderer(default_templates_dir(), own=tmp_path).html(view())


@pytest.mark.parametrize(
    "tail",
    [
        '<mergeCells><mergeCell ref="A300:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>',
        "<mergeCells>" + '<mergeCell ref="A400:XFD400"/>' * 20 + "</mergeCells>",
    ],
)
def test_blocks_over_the_whole_sheet(tmp_path: Path, tail: str) -> None:
    """Openpyxl would make a cell of each of seventeen milliards: the workbook is read, and its copy is refused with one sentence."""
    home = home_of(tmp_path, with_sheet(lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + tail.encode(), 1)))
    feedback = oracle.feedback_of(oracle.judged(home.read(oracle.CLUSTER)))
    with pytest.raises(PublishError, match="merged cells or links"):
        home.write_feedback(feedback)


@pytest.mark.parametrize(
    "reference", ['ref="$A$300:$XFD$1048576"', "count='1' ref = 'A300&#58;XFD1048576'", 'ref="A:XFD"', 'ref="1:1048576"']
)
def test_blocks_in_other_words(reference: str) -> None:
    """However the block is written, its cells are counted."""
    data = with_sheet(
        lambda xml: xml.replace(b"</sheetData>", f"</sheetData><mergeCells><x:mergeCell {reference}/></mergeCells>".encode(), 1)
    )
    with pytest.raises(PublishError, match="merged cells or links"):
        ensure_openable(data, source="y-te.xlsx", limit=oracle.LIMIT)
    ensure_openable(oracle.whole_workbook(oracle.CLUSTER), source="y-te.xlsx", limit=oracle.LIMIT)


def test_many_blocks_over_one_another(tmp_path: Path) -> None:
    """Fifty thousand blocks over the same rows are read as one would be."""
    blocks = b"<mergeCells>" + b"".join(b'<mergeCell ref="C%d:C9000"/>' % (8 + number % 90) for number in range(50_000)) + b"</mergeCells>"
    home = home_of(
        tmp_path,
        with_sheet(lambda xml: xml.replace(b"</sheetData>", b'<row r="9000"><c r="A9000"><v>1</v></c></row></sheetData>' + blocks, 1)),
    )
    assert oracle.judged(home.read(oracle.CLUSTER)).rows.read > 0


@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE x>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_document_types_and_entities(tmp_path: Path, part: str, head: bytes) -> None:
    """No spreadsheet program writes one: the file is damaged, whatever the entities would do."""
    home = home_of(tmp_path, changed(part, lambda xml: xml.replace(b"?>", b"?>" + head, 1)))
    with pytest.raises(SourceError, match="hỏng"):
        home.read(oracle.CLUSTER)


def test_an_entity_in_a_part_that_is_not_read(tmp_path: Path) -> None:
    """The theme holds no cell, and openpyxl reads it all the same."""
    home = home_of(tmp_path, changed("xl/theme/theme1.xml", lambda xml: xml.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)))
    feedback = oracle.feedback_of(oracle.judged(home.read(oracle.CLUSTER)))
    with pytest.raises(PublishError, match="no spreadsheet program writes"):
        home.write_feedback(feedback)


def test_a_bomb_in_a_part_that_is_not_read(tmp_path: Path) -> None:
    """A picture that unpacks to more than the limit: the cells are read, the copy is refused with one sentence."""
    data = io.BytesIO(oracle.whole_workbook(oracle.CLUSTER))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as package:
        for number in range(7):
            package.writestr(f"xl/media/image{number}.png", bytes(10_000_000))
    home = home_of(tmp_path, data.getvalue())
    feedback = oracle.feedback_of(oracle.judged(home.read(oracle.CLUSTER)))
    with pytest.raises(PublishError, match="unpacks to more"):
        home.write_feedback(feedback)


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook of the sample district with one part changed, after looking that it was."""
    parts = dict(oracle.whole_parts(oracle.CLUSTER))
    before, parts[part] = parts[part], change(parts[part])
    assert parts[part] != before
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with the XML of its first tab changed."""
    return changed("xl/worksheets/sheet1.xml", change)


def home_of(folder: Path, data: bytes) -> Any:
    """Return the home of one workbook."""
    (folder / "in").mkdir()
    (folder / "in" / f"{oracle.CLUSTER}.xlsx").write_bytes(data)
    return oracle.Workbooks(folder / "in", folder / "out", max_uncompressed_bytes=oracle.LIMIT, mask=mask)
