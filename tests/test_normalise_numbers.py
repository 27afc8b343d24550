"""Quantities and money as people type them (contract section 4)."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Cell
from sync.normalise.numbers import number_in_words, read_money, read_quantity


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("5", 5), (5.0, 5), (5, 5), ("5.0", 5), ("05", 5), ("1.000", 1000), ("1,000", 1000), ("1.234.567", 1234567), ("02 chương trình", 2),
        ("10 (mười)", 10), ("3 (ba) chương trình", 3), ("120 em", 120), ("5 em.", 5), ("3 lần", 3), ("5 đội", 5), (" 7 ", 7), ("999", 999), ("12 (mười hai)", 12),
        ("2 ô chữ", 2), ("10 em (mười)", 10), ("3 bài", 3), ("5 tấm", 5), ("5 năm", 5), ("02 lớp", 2), ("2 lần", 2), ("3 Olympic", 3), ("2 chuyến đến bảo tàng", 2), ("5 hoạt động (dự kiến)", 5), (3.0000000000000004, 3),
        (0.9999999999999999, 1),
    ],
)  # fmt: skip
def test_whole_numbers(typed: Cell, number: int) -> None:
    """Whole numbers above zero, with grouping, a leading zero, a unit of measure or the number in words behind them."""
    read = read_quantity(typed)
    assert (read.value, read.problems, read.filled) == (number, (), True)


@pytest.mark.parametrize("typed", ["", "  ", "0", "00", 0.0, "-", "–", "0 chương trình"])
def test_nothing(typed: Cell) -> None:
    """Zero, a dash and an empty cell say nothing."""
    read = read_quantity(typed)
    assert (read.value, read.problems, read.filled) == (None, (), False)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("2,5", None), (2.5, None), ("-3", None), (-3, None), ("10-15", None), ("5+3", None), ("mười", "10"), ("hai mươi lăm", "25"), ("một trăm linh năm", "105"),
        ("x", None), ("15/3", None), (datetime(2024, 3, 15), None), (True, None), ("5 nghìn", None), ("2 tá", None), ("10 (chín)", None), ("1 000", "1000"),
        ("0.500", None), ("5%", None), ("1.000,5", None), ("50 em/lớp", None), ("1.0000", None), ("~50", "50"), ("khoảng 50", "50"), ("hơn 50 em", "50"), ("50+", "50"),
        (float("inf"), None), (float("nan"), None), ("nhiều", None), ("1,00,000", None),
        ("1O", "10"), ("2o", "20"), ("1O chương trình", "10"), ("1l", "11"), ("O5", "5"), ("5O", "50"), ("5 mươi", None), ("5 mười", None), ("10 em (chín)", None), ("5 mấy", None), ("2 đến ba", None),
        ("2 hay ba", None), ("5½", None), ("5²", None), ("5 hoạt động trở lên", "5"), ("5 hơn", "5"), ("5 (ước tính)", "5"), ("50 em (khoảng)", "50"),
    ],
)  # fmt: skip
def test_what_is_not_surely_a_number_is_none(typed: Cell, suggestion: str | None) -> None:
    """Anything else is `bad-number`, with the figure that was probably meant as a suggestion only."""
    read = read_quantity(typed)
    assert read.value is None
    assert [(problem.code, problem.suggestion) for problem in read.problems] == [("bad-number", suggestion)]


@pytest.mark.parametrize("typed", ["~50", "khoảng 50", "hơn 50", "50+", "trên 50 em", "50 trở lên", "50 em trở lên", "50 (khoảng)"])
def test_about_figures_are_read_only_for_children(typed: str) -> None:
    """About fifty children are fifty, with a warning."""
    read = read_quantity(typed, approximate_allowed=True)
    assert (read.value, [problem.code for problem in read.problems]) == (50, ["approximate-number"])


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("2000000", 2_000_000), (2e6, 2_000_000), ("2.000.000", 2_000_000), ("2,000,000 đ", 2_000_000), ("2 triệu", 2_000_000), ("2tr", 2_000_000),
        ("1,5 triệu", 1_500_000), ("1.5 triệu", 1_500_000), ("500k", 500_000), ("500 ngàn", 500_000), ("500 nghìn đồng", 500_000), ("1,2 tỷ", 1_200_000_000),
        ("1,2 tỉ", 1_200_000_000), ("500.000 VNĐ", 500_000), ("0", 0), ("500K", 500_000), ("1.500 ngàn", 1_500_000),
    ],
)  # fmt: skip
def test_money(typed: Cell, amount: int) -> None:
    """Amounts in đồng, in thousands, millions and milliards."""
    assert (read_money(typed).value, read_money(typed).problems) == (amount, ())


@pytest.mark.parametrize(
    "typed", ["xã hội hóa", "-", "2tr5", "1,5", "khoảng 2 triệu", -5, 1.5, True, datetime(2024, 1, 1), "1,234 tỷ", "2.000.000/lớp"]
)
def test_what_is_no_amount_is_a_warning(typed: Cell) -> None:
    """Anything else that is not empty gives `bad-money` and no amount."""
    assert (read_money(typed).value, [problem.code for problem in read_money(typed).problems]) == (None, ["bad-money"])


def test_empty_money_says_nothing() -> None:
    """An empty cell is no finding."""
    assert (read_money(" ").filled, read_money(" ").problems) == (False, ())


@pytest.mark.parametrize(
    ("words", "number"), [("mười", 10), ("hai mươi", 20), ("hai trăm ba mươi mốt".replace("mốt", "một"), 231), ("", None), ("mấy", None)]
)
def test_number_words(words: str, number: int | None) -> None:
    """Vietnamese number words below a thousand."""
    assert number_in_words(words) == number


@given(st.integers(1, 10**9))
def test_every_number_survives_grouping(number: int) -> None:
    """Number in, same number out, however it is grouped."""
    for typed in (str(number), f"{number:,}", f"{number:,}".replace(",", "."), f"{number} em", float(number)):
        assert read_quantity(typed).value == number


@given(st.text(max_size=20))
def test_no_text_raises(text: str) -> None:
    """Whatever is typed gives a number above zero, nothing, or `bad-number`."""
    read = read_quantity(text)
    assert read.value is None or read.value > 0
    assert (read.value is None and read.filled) == bool(read.problems)
    assert read_money(text).value is None or not read_money(text).problems
