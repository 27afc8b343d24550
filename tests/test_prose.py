"""Figures and sentences in Vietnamese."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import prose
from sync.model import ProgressStatus
from sync.rollup import percent
from tests.district import plan
from tests.paper import figures, progress

KNOWN = {"trung-tam": "Trung tâm", "phuong": "Khu vực phường", "khoi": "Khối sự nghiệp"}


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0"), (1, "01"), (9, "09"), (10, "10"), (999, "999"), (1234, "1.234"), (1_234_567, "1.234.567")]
)
def test_counts_in_prose_have_two_digits_and_thousands_points(number, written):
    """A count under ten takes a zero before it, nothing stays a plain zero, thousands are parted by points."""
    assert prose.count(number) == written


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (5, "5"), (1234, "1.234"), (None, "–")])
def test_figures_in_tables_are_plain(number, written):
    """A table shows the bare number, and a dash where there is none."""
    assert prose.figure(number) == written


@pytest.mark.parametrize(
    ("percent_text", "written"),
    [("57.5", "57,5%"), ("60.0", "60%"), ("0.0", "0%"), ("100.0", "100%"), ("1240.0", "1.240%"), ("1234.5", "1.234,5%"), (None, "–")],
)
def test_rates_have_a_decimal_comma_and_no_idle_zero(percent_text, written):
    """A rate takes a decimal comma, drops `,0`, and parts thousands."""
    assert prose.rate(percent_text) == written


@given(st.integers(0, 10_000), st.integers(1, 500))
def test_a_rate_reads_back_as_the_percent_it_was_made_from(done, goal):
    """Whatever the figures, the written rate is the same number as the roll-up's, and never ends in `,0%`."""
    text = percent(done, goal)
    written = prose.rate(text)
    assert float(written.rstrip("%").replace(".", "").replace(",", ".")) == float(text)
    assert not written.endswith(",0%")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2025, 2, 9), "09/02/2025"),
        (date(2025, 5, 30), "30/5/2025"),
        (date(2025, 11, 1), "01/11/2025"),
        (date(2025, 1, 30), "30/01/2025"),
    ],
)
def test_days_take_zeros_as_documents_do(value, written):
    """Days under ten and months one and two take a zero, other months do not."""
    assert prose.day(value) == written


def test_the_day_of_signing_stays_open_until_somebody_sets_it():
    """The place is printed and the day left blank; a given day is written out."""
    assert "ngày      tháng      năm" in prose.place_and_day("Bình Tân", None)
    assert prose.place_and_day("Bình Tân", date(2025, 2, 9)) == "Bình Tân, ngày 09 tháng 02 năm 2025"


@pytest.mark.parametrize(("listed", "written"), [([], ""), (["A"], "A"), (["A", "B"], "A và B"), (["A", "B", "C"], "A, B và C")])
def test_names_are_joined_as_in_a_sentence(listed, written):
    """Names take commas and one `và`."""
    assert prose.names(listed) == written


def test_counted_names_stop_at_the_limit_and_say_how_many_follow():
    """A list longer than the limit counts the rest, one at the limit does not."""
    assert prose.counted(["A", "B", "C"], 2) == "03 đơn vị: A; B và 01 đơn vị khác"
    assert prose.counted(["A", "B"], 2) == "02 đơn vị: A; B"
    assert prose.counted([], 2) == ""


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((38, 38, 0, 0), "đủ 38 đơn vị nộp đúng hạn"),
        ((5, 0, 0, 5), "05 đơn vị phải nộp, chưa đơn vị nào nộp"),
        ((5, 3, 0, 2), "05 đơn vị phải nộp, đúng hạn 03, chưa nộp 02"),
        ((5, 3, 1, 1), "05 đơn vị phải nộp, đúng hạn 03, trễ hạn 01, chưa nộp 01"),
    ],
)
def test_how_units_handed_in_is_said_without_idle_zeros(numbers, said):
    """All, none and some read as people say them; nobody late is not mentioned."""
    assert prose.handed_in(*numbers) == said


def told(one, *, closed=False, by_round=()):
    return prose.target_sentence(one, progress(one, by_round=by_round), plan(), closed=closed)


def test_a_target_on_its_way_has_rate_rest_rounds_and_what_is_planned():
    """The sentence gives done of the goal, the rounds, the rate, what is missing, the registrations and what is still planned."""
    rounds = (figures(3, 11, None, round="dot-1"), figures(3, 12, None, round="dot-2"))
    assert told(figures(3, 23, 40, registered=35, projected=34), by_round=rounds) == (
        "Đã thực hiện 23/40 hoạt động (đợt 1: 11; đợt 2: 12), đạt 57,5% chỉ tiêu năm, còn thiếu 17 hoạt động. "
        "Số đăng ký trong năm: 35 hoạt động, còn 11 hoạt động theo kế hoạch (nếu thực hiện đủ thì cả năm được 34/40)."
    )


def test_nothing_done_and_nothing_registered_is_said_in_words():
    """A zero target reads as a sentence, without a verdict."""
    assert told(figures(5, 0, 20)) == (
        "Chưa thực hiện suất nào (0/20 suất), đạt 0% chỉ tiêu năm, còn thiếu 20 suất. Trong năm chưa có đăng ký."
    )


def test_one_done_takes_a_zero_before_it():
    """A single result is written with two digits."""
    assert "Đã thực hiện 01/05 thư viện, đạt 20% chỉ tiêu năm, còn thiếu 04 thư viện." in told(figures(1, 1, 5, registered=1))


def test_a_goal_just_met_is_a_hundred_per_cent_without_excess():
    """Exactly the goal is `đạt 100% chỉ tiêu`, no more."""
    text = told(figures(3, 40, 40, registered=40))
    assert "đạt 100% chỉ tiêu." in text
    assert "vượt" not in text


def test_a_goal_passed_names_the_excess_only():
    """Fifty of forty is 125% reached, 25% over, never 125% over."""
    text = told(figures(3, 50, 40, registered=50))
    assert "đạt 125% chỉ tiêu, vượt 25%." in text
    assert "vượt 125%" not in text


def test_an_excess_too_small_to_show_is_not_called_nothing():
    """One over ten thousand shows no `vượt 0%`."""
    assert "vượt" not in told(figures(3, 10_001, 10_000))


def test_a_rest_too_small_to_show_is_not_called_a_hundred_per_cent():
    """One short of ten thousand is nearly a hundred per cent, and the rest is named."""
    assert "đạt gần 100% chỉ tiêu năm, còn thiếu 01 hoạt động" in told(figures(3, 9_999, 10_000))


@given(done=st.integers(0, 60), registered=st.integers(0, 60), more=st.integers(0, 60))
def test_no_verdict_before_the_year_has_closed(done, registered, more):
    """Whatever the figures of an open year, no sentence says that the target was missed."""
    assert "chưa đạt" not in told(figures(3, done, 40, registered=registered, projected=done + more)).lower()


def test_a_closed_year_says_that_a_target_was_missed_and_plans_nothing():
    """After the year's end the verdict stands, and nothing is still planned."""
    text = told(replace(figures(3, 23, 40, registered=35, projected=34), status=ProgressStatus.MISSED), closed=True)
    assert "đạt 57,5% chỉ tiêu năm, chưa đạt chỉ tiêu, còn thiếu 17 hoạt động." in text
    assert "theo kế hoạch" not in text


def test_a_year_without_goal_gives_bare_counts():
    """Where the year is not measured there is no rate and nothing missing."""
    assert told(figures(3, 3, None, registered=5, projected=5)) == (
        "Đã thực hiện 03 hoạt động. Số đăng ký trong năm: 05 hoạt động, còn 02 hoạt động theo kế hoạch (nếu thực hiện đủ thì cả năm được 05)."
    )


def test_a_part_without_owner_is_said():
    """The part that no cluster carries is named beside the part that one does."""
    assert prose.allocation(plan().target(1), KNOWN) == "Kế hoạch giao Trung tâm 01 thư viện; chưa phân bổ 04 thư viện."


def test_a_target_without_any_owner_is_said():
    """A target that nobody carries says so for the whole goal."""
    nobody = replace(plan().target(1), allocations={})
    assert prose.allocation(nobody, KNOWN) == "Kế hoạch chưa phân bổ chỉ tiêu này: 05 thư viện chưa có đơn vị phụ trách."


def test_a_target_given_out_in_full_needs_no_word_about_it():
    """Nothing is said of the allocation where all of it has owners."""
    assert prose.allocation(plan().target(3), KNOWN) == ""


@pytest.mark.parametrize(
    ("one", "closed", "said"),
    [
        (figures(3, 23, 40, projected=34), False, "thực hiện hết kế hoạch đã đăng ký mới được 34/40; cần thêm 06 hoạt động."),
        (figures(3, 23, 40), False, "đã thực hiện 23/40, trong kế hoạch không còn hoạt động nào; cần thêm 17 hoạt động."),
        (figures(3, 23, 40), True, "hết năm được 23/40, thiếu 17 hoạt động."),
        (figures(3, 23, 40, projected=40), False, ""),
        (figures(3, 40, 40), False, ""),
        (figures(3, 3, None), False, ""),
    ],
)
def test_what_the_committee_must_decide_follows_from_the_projection(one, closed, said):
    """A target that will fall short asks for the rest; one on course, met or unmeasured asks for nothing."""
    assert prose.needed(one, plan().target(3), closed=closed).removeprefix("Hoạt động tại các Liên đội: ") == said
