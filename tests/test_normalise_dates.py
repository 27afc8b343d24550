"""Dates as people type them (contract section 4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import Period
from sync.normalise.dates import read_date

DAY = [
    "15/03/2024", "15-3-24", "15.3.2024", "2024-03-15", "2024/3/15", "15/3/2024 8:00", "ngày 15 tháng 3 năm 2024", "Thứ sáu, 15/3/2024",
    "thứ 6 ngày 15/3/2024", "T6, 15/3/2024", "15 / 3 / 2024", "7h30 ngày 15/3/2024", "2024-03-15T08:00:00", "8:00 - 11:00 15/3/2024",
    "15 tháng 3/2024", "sáng 15/3/2024", "45366", "15/3/2024.", "15-3/2024 8g00".replace("-", "/"), "NGÀY 15 THÁNG 3 NĂM 2024",
]  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        "8h 15/3/2024",
        "8h 15 tháng 3 năm 2024",
        "8 giờ 15 tháng 3 năm 2024",
        "8h30 15-3-2024",
        "8g 15.3.2024",
        "Tối 15/3/2024",
        "8h30 - 10h, 15/3/2024",
    ],
)
def test_an_hour_before_a_day_takes_nothing_of_it(typed: str) -> None:
    """`8 giờ 15 tháng 3` is no quarter past eight in March."""
    assert read_date(typed, 2024).value == Period(date(2024, 3, 15), date(2024, 3, 15))


@pytest.mark.parametrize("typed", DAY)
def test_a_day_in_any_dress_is_that_day(typed: str) -> None:
    """Every usual way to type 15 March 2024 is read as that day, without a word."""
    read = read_date(typed, 2024)
    assert (read.value, read.problems) == (Period(date(2024, 3, 15), date(2024, 3, 15)), ())


@pytest.mark.parametrize(
    ("typed", "start", "end", "codes"),
    [
        ("12-15/3/2024", date(2024, 3, 12), date(2024, 3, 15), []),
        ("từ 12/3 đến 15/3/2024", date(2024, 3, 12), date(2024, 3, 15), []),
        ("từ ngày 12 đến ngày 15 tháng 3 năm 2024", date(2024, 3, 12), date(2024, 3, 15), []),
        ("28/2 - 02/3/2024", date(2024, 2, 28), date(2024, 3, 2), []),
        ("12/3/2024 - 15/3/2024", date(2024, 3, 12), date(2024, 3, 15), []),
        ("28/12 - 02/01/2025", date(2024, 12, 28), date(2025, 1, 2), []),
        ("12 – 15/3/2024", date(2024, 3, 12), date(2024, 3, 15), []),
        ("8h 12-15/3/2024", date(2024, 3, 12), date(2024, 3, 15), []),
        ("8 giờ 12 - 15/3/2024", date(2024, 3, 12), date(2024, 3, 15), []),
        ("8h30 - 15/3/2024", date(2024, 3, 15), date(2024, 3, 15), []),
        ("12-15/3", date(2024, 3, 12), date(2024, 3, 15), ["assumed-year"]),
        ("15/3", date(2024, 3, 15), date(2024, 3, 15), ["assumed-year"]),
        ("ngày 15 tháng 3", date(2024, 3, 15), date(2024, 3, 15), ["assumed-year"]),
        ("tháng 3/2024", date(2024, 3, 1), date(2024, 3, 31), ["imprecise-date"]),
        ("T3/2024", date(2024, 3, 1), date(2024, 3, 31), ["imprecise-date"]),
        ("03/2024", date(2024, 3, 1), date(2024, 3, 31), ["imprecise-date"]),
        ("tháng 2 năm 2024", date(2024, 2, 1), date(2024, 2, 29), ["imprecise-date"]),
        ("tháng 3", date(2024, 3, 1), date(2024, 3, 31), ["imprecise-date", "assumed-year"]),
        ("tháng 3-5/2024", date(2024, 3, 1), date(2024, 5, 31), ["imprecise-date"]),
        ("từ tháng 3 đến tháng 5 năm 2024", date(2024, 3, 1), date(2024, 5, 31), ["imprecise-date"]),
        ("tháng 12/2024 - tháng 1/2025", date(2024, 12, 1), date(2025, 1, 31), ["imprecise-date"]),
        ("tuần 2 tháng 3/2024", date(2024, 3, 8), date(2024, 3, 14), ["imprecise-date"]),
        ("tuần 5 tháng 3/2024", date(2024, 3, 29), date(2024, 3, 31), ["imprecise-date"]),
        ("tuần thứ 4 tháng 2 năm 2024", date(2024, 2, 22), date(2024, 2, 28), ["imprecise-date"]),
        ("Quý II/2024", date(2024, 4, 1), date(2024, 6, 30), ["imprecise-date"]),
        ("quý 4 năm 2024", date(2024, 10, 1), date(2024, 12, 31), ["imprecise-date"]),
        ("quý I", date(2024, 1, 1), date(2024, 3, 31), ["imprecise-date", "assumed-year"]),
    ],
)
def test_periods(typed: str, start: date, end: date, codes: list[str]) -> None:
    """Ranges, months, weeks and quarters are read as first to last day, with what has to be said about them."""
    read = read_date(typed, 2024)
    assert (read.value, [problem.code for problem in read.problems]) == (Period(start, end), codes)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("30/02/2024", None), ("31/4/2024", None), ("29/2/2023", None), ("abc", None), ("03/25/2024", "25/03/2024"), ("3/25", "25/03/2024"),
        ("2024-25-03", "25/03/2024"), ("10-12/2024", None), ("13/2024", None), ("2024", None), ("15/3/202", None), ("15/3/1924", None), ("12, 13/3/2024", None),
        ("15/3/2024 - 12/3/2024", None), ("1. 12-15/3/2024", None), ("Bình Tân, ngày 30 tháng 5 năm 2024", None), ("tuần 5 tháng 2/2023", None), ("tuần 0 tháng 3/2024", None),
        ("tháng 13/2024", None), ("quý 5/2024", None), ("tháng 5 - tháng 3/2024", None), ("12-40/3/2024", None), ("abc - 15/3/2024", None), ("00/00/0000", None),
    ],
)  # fmt: skip
def test_what_is_no_date_is_never_guessed(typed: str, suggestion: str | None) -> None:
    """An unreadable date gives nothing but `bad-date`; where day and month make sense swapped, that is the suggestion."""
    read = read_date(typed, 2024)
    assert read.value is None
    assert [(problem.code, problem.suggestion) for problem in read.problems] == [("bad-date", suggestion)]


def test_typed_cells() -> None:
    """Date cells and serial days mean that day; other typed cells mean none."""
    fifteenth = Period(date(2024, 3, 15), date(2024, 3, 15))
    assert [read_date(cell, 2024).value for cell in (datetime(2024, 3, 15, 8), date(2024, 3, 15), 45366, 45366.5)] == [fifteenth] * 4
    assert read_date(45366 - 1462, 2024, date_1904=True).value == fifteenth
    assert [read_date(cell, 2024).value for cell in (True, time(8), timedelta(days=2), 2024, 15.3, -1, 1e9, datetime(1905, 7, 16))] == [
        None
    ] * 8


def test_an_empty_cell_says_nothing() -> None:
    """White space of every kind is an empty cell, not a bad date."""
    assert [(read_date(cell, 2024).filled, read_date(cell, 2024).problems) for cell in ("", "  \u00a0\u200b")] == [(False, ())] * 2


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{0.day}/{0.month}/{0.year}", "{0:%d-%m-%y}", "ngày {0.day} tháng {0.month} năm {0.year}", "{0:%Y-%m-%d}"]),
)
def test_every_day_survives_every_dress(day: date, dress: str) -> None:
    """Day in, same day out."""
    assert read_date(dress.format(day), 2001).value == Period(day, day)


@given(st.text(max_size=30))
def test_no_text_raises(text: str) -> None:
    """Whatever is typed is either a period in order, nothing, or a bad date."""
    read = read_date(text, 2024)
    assert read.value is None or read.value.start <= read.value.end
    assert read.value is not None or not read.filled or read.problems[0].code == "bad-date"
