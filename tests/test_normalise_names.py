"""Units and targets by the names that people give them (contract section 4)."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.legacy import from_legacy
from sync.model import Cell
from sync.normalise.names import TargetNames, UnitNames
from tests.district import organization, plan

UNITS = UnitNames(organization())
TARGETS = TargetNames(plan())
NAMES = {unit.id: unit.name for unit in organization().units}


def unit(typed: str) -> tuple[str | None, list[str]]:
    """Return the name of the unit that a ward's sheet means, and the codes of what was said."""
    read = UNITS.read(typed, "phuong")
    return NAMES.get(read.value or ""), [problem.code for problem in read.problems]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Đoàn phường An Lạc A", "An Lạc A"), ("P. An Lạc A", "An Lạc A"), ("An Lac A", "An Lạc A"), ("ĐOÀN PHƯỜNG TÂN TẠO", "Tân Tạo"), ("Phường Tân Tạo", "Tân Tạo"),
        ("Đoàn phường Bình Hưng Hoà B", "Bình Hưng Hòa B"), ("  Đoàn   phường Bình Trị Đông ", "Bình Trị Đông"), ("An LạcA", "An Lạc A"), ("An Lạc-A", "An Lạc A"),
        ("Ðoàn phường An Lạc", "An Lạc"), ("An Lạc\nA", "An Lạc A"),
    ],
)  # fmt: skip
def test_a_unit_in_any_dress(typed: str, name: str) -> None:
    """Case, accents, tone placement, spaces and the words before the name make no difference."""
    assert unit(typed) == (f"Đoàn phường {name}", [])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Đoàn phường Bình Trị Đôg A", "Bình Trị Đông A"), ("Bình Hưng Hao B", "Bình Hưng Hòa B"), ("Bnh Trị Đông B", "Bình Trị Đông B"),
        ("Đoàn phườg An Lạc", "An Lạc"), ("Tân Tạ", "Tân Tạo"), ("An Lạ A", "An Lạc A"),
    ],
)  # fmt: skip
def test_a_slip_of_the_keyboard_is_corrected(typed: str, name: str) -> None:
    """One clearly nearest name is taken, with the warning and the name as suggestion."""
    assert unit(typed) == (f"Đoàn phường {name}", ["corrected-unit"])
    assert UNITS.read(typed, "phuong").problems[0].suggestion == f"Đoàn phường {name}"


@pytest.mark.parametrize(
    "typed",
    [
        "An Lạc C",
        "An Lạc AB",
        "Tân Tạo B",
        "An LạcB",
        "AN LẠCC",
        "Bình Hưng HàoC",
        "Bình Hưng Hòa",
        "Tân Tạo 1",
        "An Lạc B A",
        "Tân Tạo AA",
        "Bình Trị Đông C",
        "Tân",
        "ABC",
        "Quận 5",
        "Tân Lạc",
    ],
)
def test_the_letter_of_a_ward_is_never_a_slip(typed: str) -> None:
    """A name with another letter, one more or one less is unknown, and the nearest names are offered."""
    assert unit(typed) == (None, ["unknown-unit"])
    assert UNITS.read(typed, "phuong").problems[0].extra


def test_a_unit_of_another_cluster() -> None:
    """A known unit that belongs elsewhere is an error that names its cluster."""
    read = UNITS.read("Công an quận", "phuong")
    assert (read.value, read.problems[0].code, read.problems[0].extra) == (None, "unit-of-another-cluster", "khoi")
    assert UNITS.read("Công an", "khoi").value == "cong-an"
    assert UNITS.read("THPT AL", "khoi").value == "thpt"


def test_old_encodings_are_converted_then_matched() -> None:
    """TCVN3 and VNI names are matched, with the text to type instead."""
    for typed in ("§oµn ph­êng An L¹c A", "Ñoaøn phöôøng An Laïc A"):
        read = UNITS.read(typed, "phuong")
        assert NAMES[read.value or ""] == "Đoàn phường An Lạc A"
        assert [(problem.code, problem.suggestion) for problem in read.problems] == [("legacy-encoding", "Đoàn phường An Lạc A")]


@pytest.mark.parametrize(
    "text",
    [
        "Đoàn phường",
        "café",
        "naïve",
        "® Đoàn",
        "5 × 3",
        "«Rung chuông vàng»",
        "Trại hè · vui",
        "20°C",
        "https://x.org/§oµn",
        "Âm nhạc",
        "a b",
    ],
)
def test_other_text_is_not_taken_for_an_old_encoding(text: str) -> None:
    """Unicode text, signs between words and addresses stay as they are."""
    assert from_legacy(text) is None


@pytest.mark.parametrize("text", ["Chi đoàn Thư viện Xuân Lââm", "Đoàn Nhà máy Sơn Sááng", "Xuân Lââm", "Bình Trị Đôông A"])
def test_a_doubled_accent_is_a_slip_and_no_old_encoding(text: str) -> None:
    """One impossible word among good Unicode words does not turn the good ones into something else."""
    assert from_legacy(text) is None


@given(st.sampled_from(sorted(NAMES.values())), st.sampled_from("BCDEGHIK"))
def test_no_ward_is_corrected_to_another(name: str, letter: str) -> None:
    """Whatever letter follows a ward's name, the answer is that ward or none."""
    typed = f"{name} {letter}"
    found = unit(typed)[0]
    assert found is None or found == typed


@pytest.mark.parametrize("typed", ["3", "03", "3.", 3.0, 3, "3.0", "CT3", "CT 03", "Chỉ tiêu 3", "Chỉ tiêu số 3", "3. Hoạt động tại các Liên đội", "3 - Liên đội", "3)", "Hoạt động tại các Liên đội",
                                   "hoat dong tai cac lien doi", "Liên đội", "Tổ chức hoạt động tại Liên đội", "Chỉ tiêu: Liên đội", "3. việc khác",
                                   "3. Hoạt động Liên đội: trao học bổng", "3. Ngày hội đọc sách và xét học bổng của trường"])  # fmt: skip
def test_a_target_in_any_dress(typed: Cell) -> None:
    """Number, name, short name, or number and name."""
    assert (TARGETS.read(typed).value, TARGETS.read(typed).problems) == (3, ())


@pytest.mark.parametrize("typed", ["9", "0", "ba", "3 và 5", "3, 5", "3/8", 3.5, 9.0, True, datetime(2024, 3, 3), "4", "Liên", "3O"])
def test_what_names_no_target(typed: Cell) -> None:
    """Anything else is unknown; two numbers are no number."""
    assert (TARGETS.read(typed).value, [problem.code for problem in TARGETS.read(typed).problems]) == (None, ["unknown-target"])


@pytest.mark.parametrize(
    "typed",
    ["3. Trao học bổng cho thiếu nhi khó khăn", "3. Học bổng cho học sinh nghèo vượt khó", "CT3 - Tặng học bổng", "3: trao học bổng"],
)
def test_number_and_name_that_disagree(typed: str) -> None:
    """Neither is taken, though the name is not quite the other target's."""
    read = TARGETS.read(typed)
    assert (read.value, read.problems[0].code, read.problems[0].extra) == (None, "conflicting-target", "3|5")


def test_an_old_encoding_in_a_target() -> None:
    """The name is converted, then matched."""
    read = TARGETS.read("Trao häc bæng cho thiÕu nhi khã kh¨n")
    assert (read.value, read.problems[0].code) == (5, "legacy-encoding")
    assert not TARGETS.read(" ").filled
    assert not UNITS.read(" - ", "phuong").filled
