"""Each distinct cell is read once, and still every cell is read as if it were alone (contract section 4)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.folding import fold_all
from sync.model import Cell, CellError, Column
from sync.normalise import Reader, memo
from sync.normalise.cells import read_evidence, read_free_cell
from sync.normalise.glance import links, plain_texts
from sync.normalise.reading import Read
from sync.text import fold
from tests.district import AS_OF, good_row, judge_rows, organization, plan, sheet

CELLS: list[Cell] = [
    "", " ", "-", 0.0, 1.0, 3.0, True, False, 2.5, 45366.0, date(2024, 3, 15), datetime(2024, 3, 15, 8), CellError("3"), CellError("1"), "#REF!", "3", "1",
    CellError("#REF!"), "15/3/2024", "15/3", "tháng 3/2024", "An Lạc A", "Công an", "Cộng", "Hủy", "2 triệu", "~50", "0903 123 456", "https://a.example.org", "Héi thi",
    "https://a.example.org/b", "https://a.example.org/c,d", "https://a.example.org/é", "Ngày  hội", "Ngày hội ", "Ngày\nhội", "Ngày hội",
]  # fmt: skip
ROW = st.dictionaries(st.sampled_from([str(column) for column in Column]), st.sampled_from(CELLS), max_size=4)


@pytest.mark.parametrize("trial", [0, 4_096])
@given(changes=st.lists(ROW, max_size=8))
def test_rows_read_together_are_read_as_if_each_stood_alone(trial: int, changes: list[dict[str, Cell]]) -> None:
    """True is not 1 and an error is not its text, though Python calls them equal; a row says the same whoever stands above it.

    So it is where cells that are told at a glance are no longer remembered.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(memo, "_TRIAL", trial)
        compare(changes)


def compare(changes: list[dict[str, Cell]]) -> None:
    lines = [good_row(**changed) for changed in changes] + [good_row()]
    together = Reader(plan(), organization())
    alone = [Reader(plan(), organization()).read(sheet(line, good_row()), as_of=AS_OF).rows for line in lines]
    for _ in range(2):  # the second time everything is remembered
        rows = together.read(sheet(*lines), as_of=AS_OF).rows
        assert rows is not None
        found = {one.row: one for one in rows.activities()}
        for number, single in enumerate(alone, 2):
            assert single is not None
            wanted = next((one for one in single.activities() if one.row == 2), None)
            assert (number in found) == (wanted is not None)
            if wanted is not None:
                assert {name: getattr(found[number], name) for name in ("unit", "target", "name", "planned", "done", "done_quantity", "status", "evidence", "note")} == {
                    name: getattr(wanted, name) for name in ("unit", "target", "name", "planned", "done", "done_quantity", "status", "evidence", "note")
                }  # fmt: skip


@pytest.mark.parametrize("column", ["unit", "target", "name", "planned", "done_quantity", "note"])
def test_an_error_that_was_pasted_as_text_is_one(column: str) -> None:
    """No activity is called `#REF!`."""
    data = judge_rows(good_row(**{column: "#N/A"}))
    assert [found.code for found in data.findings] == ["formula-error"]


@given(st.text(), st.text())
def test_a_text_is_folded_word_by_word(one: str, other: str) -> None:
    """What stands in one word changes nothing about the next."""
    assert fold(f"{one} {other}") == " ".join(filter(None, (fold(one), fold(other))))


PIECES = st.sampled_from(
    ["Ngày", "hội", "lần", "2", "12", "lớp 5A", " ", "  ", "\n", "\t", "\u00a0", "-", "0903 123 456", "Héi", "Đ", "Ð", "à", "a\u0300", "toán", "vè", "em Lê Văn An", "y", "."]
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(st.lists(PIECES, max_size=5).map(" ".join), st.lists(PIECES, max_size=5).map("".join), st.text(max_size=9)), max_size=6
)


@given(TEXTS)
def test_texts_folded_together_are_folded_as_if_each_stood_alone(texts: list[str]) -> None:
    """Whatever stands between their words, or whether there are any."""
    assert fold_all(texts) == list(map(fold, texts))


def test_every_letter_is_folded_as_it_is_alone() -> None:
    """At the beginning of a word, within it, at its end and for itself."""
    letters = [chr(code) for code in range(0x10000)]
    texts = [text for letter in letters for text in (f"{letter}b", f"a{letter}b", f"a{letter}", f"a {letter}")]
    assert fold_all([text for text in texts if "\n" not in text]) == [fold(text) for text in texts if "\n" not in text]


@given(TEXTS)
def test_of_a_text_that_is_plain_at_a_glance_nothing_need_be_said(texts: list[str]) -> None:
    """It reads as it stands, and what stands beside it changes nothing."""
    told = plain_texts(texts)
    assert list(told) == [plain_texts([text])[0] for text in texts]
    assert [read_free_cell(text) for text, value in zip(texts, told, strict=True) if value is not None] == [
        Read(value) for value in told if value is not None
    ]


def test_most_names_are_plain_at_a_glance() -> None:
    """Or nothing would be gained; one beside them that is not changes nothing."""
    names = ["Ngày hội thiếu nhi khỏe lần 2", "Hội thi vẽ tranh", "Trại hè, toán và vẽ", "Đọc sách  cùng em", "lớp 5A: 0903 123 456"]
    assert list(plain_texts(names)) == [*names[:3], None, None]


LINKS = [
    "https://a.example.org/b?c=1#d", "http://a.vn/b", "https://a.vn", "https://a.vn?b/c", "http:/a.vn/b", "https://a.vn:80/b", "https://a.vn:x/b", "https://a.vn/b c",
    "https://a.vn/b,c", "https://a.vn/b;c", "https://a.vn/<b>", "https://a.vn/é", "xem https://a.vn/b", "https://-/b", "https://a.v/b", "", " ", "https://a.vn/b\n",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(LINKS), st.text("htps:/.avn?# ", max_size=14).map("http".__add__)), max_size=5))
def test_a_link_that_is_told_at_a_glance_is_one(texts: list[str]) -> None:
    """It reads as that one address."""
    assert all(
        value is None or read_evidence(text) == Read(value) == Read((text,)) for text, value in zip(texts, links(texts), strict=True)
    )


def test_most_links_are_told_at_a_glance() -> None:
    """Those of one host and those of another, and without those that are none."""
    assert list(links([LINKS[0], LINKS[1], "https://a.vn:x/b"])) == [(LINKS[0],), (LINKS[1],), None]
    assert list(links(["", LINKS[1], "", "http://a.vn/c", LINKS[0]])) == [None, (LINKS[1],), None, ("http://a.vn/c",), (LINKS[0],)]
    assert list(links(["", LINKS[1], "http://a.vn/c", ""])) == [None, (LINKS[1],), ("http://a.vn/c",), None]
