"""Personal data is found by kind and masked (contract section 5, `personal-data`)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Column
from sync.personal import find_personal, kinds_in, mask, search
from sync.personal.harmless import is_harmless
from tests.district import codes_at, good_row, judge_rows
from tests.personal_corpus import DISGUISES, clean, planted


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Liên hệ anh Nam 0903 123 456", "Liên hệ anh Nam [đã che: số điện thoại]"),
        ("0903.123.456 hoặc +84 903 123 457", "[đã che: số điện thoại] hoặc [đã che: số điện thoại]"),
        ("(028) 3875 1234", "[đã che: số điện thoại]"),
        ("CCCD 079204001234", "CCCD [đã che: số căn cước]"),
        ("079204001234", "[đã che: số căn cước]"),
        ("CMND: 024 123 456", "CMND: [đã che: số căn cước]"),
        ("STK 0123456789 VCB", "STK [đã che: số tài khoản] VCB"),
        ("gửi a.b@example.org nhé", "gửi [đã che: địa chỉ thư điện tử] nhé"),
        ("em Nguyễn Văn An lớp 4A", "[đã che: tên và lớp hoặc ngày sinh của trẻ em]"),
        ("Trần Thị Bình, sinh ngày 12/3/2014", "[đã che: tên và lớp hoặc ngày sinh của trẻ em]"),
    ],
)
def test_masked(text: str, masked: str) -> None:
    """What is personal is replaced by its kind, the rest stays."""
    assert mask(text) == masked
    assert mask(masked) == masked
    assert kinds_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Trường TH Lê Văn Tám lớp 5",
        "2.000.000 đồng",
        "tổ chức lớp 5A",
        "https://example.org/0903123456",
        "năm học 2024-2025",
        "học sinh lớp 5",
        "15/03/2024",
        "1000000000",
        "Đường Lê Lợi, ngày 12/3/2024",
        "Hội thi Nguyễn Thị Minh Khai năm 2024",
        "Giải Lê Quý Đôn, năm 25",
    ],
)
def test_left_alone(text: str) -> None:
    """Figures, dates, schools named after people, classes and addresses of the web are no personal data."""
    assert (mask(text), kinds_in(text)) == (text, ())


def squashed(text: str) -> str:
    """Return letters and digits alone: how a value is searched for, however it is set."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).lower())


def test_every_planted_one_is_found() -> None:
    """Phones, cards, accounts, addresses and children: in every dress and old encoding each is told by its kind, and nothing of it is left."""
    missed = []
    for one in planted(seed=7, count=400):
        masked = mask(one.text)
        if one.kind not in kinds_in(one.text) or any(squashed(secret) in squashed(masked) for secret in one.secrets):
            missed.append((one, masked))
    assert missed == []


def test_false_alarms() -> None:
    """Of a thousand clean cells and more at most one in a hundred is taken for personal, however it was typed."""
    alarms = Counter({name: sum(bool(kinds_in(disguise(text))) for text in clean()) for name, disguise in DISGUISES})
    assert len(clean()) > 1_000
    assert {name: count for name, count in alarms.items() if count > len(clean()) / 100} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Văn An, Trần Thị Bình lớp 4A",
        "lớp 4A: Nguyễn Văn An, Trần Thị Bình",
        "Nguyễn Văn An, nam 25/3/2014",
        "Nguyễn Văn An năm 2014",
        "Nguyễn Văn An - 0903123456 - 4A",
        "em Tý lớp 4A",
        "bé Bông, lớp Lá",
        "nguyễn văn an lớp 4a",
        "Trần Thị B. lớp 4A",
        "Thăm em Nguyễn Trãi lớp 4A",
        "ĐT 0903123456/0912345678",
        "1.0903123456",
        "SĐT: 38751234",
        "số thẻ 9704 3612 3456 7890",
        "０９０３１２３４５６",
        "Mã BHYT GD4797920412345",
        "0903123456, nhà ở 12/5 đường Mã Lò",
    ],
)
def test_hostile_dresses(text: str) -> None:
    """Lists of children, one class for all, a number between name and class, names of heroes, letters of full width."""
    masked = mask(text)
    assert not re.search(r"Nguyễn|nguyễn|Trần|Tý|Bông|\d{4}|Mã Lò|０", masked)
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Đoàn Viên 2012",
        "Hà Nội 2015",
        "Cúp Kim Đồng 2015",
        "0 1 2 3 4 5 6 7 8 9 10 11",
        "20240315123000",
        "05/03/2024 08/04",
        "hotline 1800 1567",
    ],
)
def test_no_alarm(text: str) -> None:
    """Years, counts, moments and public hotlines are nobody's data."""
    assert kinds_in(text) == ()


@given(st.text(alphabet=st.sampled_from("0912 .-/()+@nNguyễVaăTị lớp4A\u200b\u0301\u00ad:;,emHS\nsinh[]{}đ"), max_size=80))
def test_masking_is_whole(text: str) -> None:
    """Any text: pieces lie within it, do not overlap, and a masked text has none left to mask."""
    found = find_personal(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    assert not find_personal(mask(text))


@pytest.mark.parametrize(
    "text",
    [
        "0 " * 16_000,
        "Nguyễn Văn " * 3_000,
        "a@" * 16_000,
        "em An " * 5_000 + "lớp 4",
        "1234567890" * 3_000,
        "((((" * 8_000,
        "so nha 1/" * 4_000,
    ],
)
def test_long_cells(text: str) -> None:
    """The longest cell that a spreadsheet holds is searched in time that grows with its length (the suite would stand still otherwise)."""
    assert isinstance(mask(text), str)


@pytest.mark.parametrize(
    "column", [Column.NAME, Column.PLACE, Column.NOTE, Column.EVIDENCE, Column.STATUS, Column.UNIT, Column.CHILDREN, Column.BUDGET]
)
@pytest.mark.parametrize("cell", ["0903 123 456", "0903123456"])
def test_said_at_its_cell(column: Column, cell: str) -> None:
    """Wherever it stands, the finding is at its cell, and neither row nor finding repeats it."""
    data = judge_rows(good_row(**{column.value: cell}))
    letter = "ABCDEFGHIJKLMNOP"[list(Column).index(column)]
    assert (f"{letter}2", "personal-data") in codes_at(data)
    assert "903123456" not in squashed(repr((data.activities, data.findings)))


@pytest.mark.parametrize("column", [Column.NAME, Column.NOTE, Column.CHILDREN, Column.DONE_QUANTITY])
def test_numbers_that_lost_their_zero(column: Column) -> None:
    """A phone that the spreadsheet made a number of is a phone still; a sum of money of nine digits is none."""
    assert "personal-data" in {code for _, code in codes_at(judge_rows(good_row(**{column.value: 903123456.0})))}
    assert codes_at(judge_rows(good_row(budget_vnd=350_000_000.0))) == set()


WORDS = (
    "em Nguyễn Văn An nguyễn văn an Nguyen Van lớp lop 4A 4a (5) 5, 3/2 sinh 2014 12 301 nhà ở số nha o duong đường hẻm 12/3 ngày hội toán sn ns at a cong công gmail cham com vn"
    " Hồ Chí Minh tại trú cư ngụ \u00adn ®oµn líp Ñoaøn điện thoại 090 3 zalo tk stk VCB hội, (trại) «đọc» «5» ấp kp to tổ dc bé Hân 7 . - \u200b2"
).split(" ")


@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text(max_size=30))
def test_what_is_harmless_at_a_glance_holds_nothing_for_the_long_look(text: str) -> None:
    """The short cut never hides what the search would find."""
    assert not is_harmless(text) or search._found(text) == ()


def test_most_texts_are_harmless_at_a_glance() -> None:
    """Otherwise the short cut is none."""
    assert [is_harmless(text) for text in ("Ngày hội đọc sách lần 5", "Trại hè, toán và vẽ", "lớp 5", "12 3", "toán 2")] == [
        True,
        True,
        False,
        False,
        False,
    ]
