"""The rules of the plan, each with its finding at its cell (contract section 5)."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import rules
from sync.catalogue import CATALOGUE, stops
from sync.columns import ASKED_FOR, TITLES
from sync.existence import Lives
from sync.model import Cell, CellError, ClusterData, Column, Figures, Finding, Severity, Status, Stops, UnitCompliance, made
from sync.rules import ROW_RULES, Rulebook
from tests.district import AS_OF, codes_at, good_row, judge_rows, judged, organization, plan, sheet


def marks(data: ClusterData) -> list[tuple[bool, bool]]:
    """Return (counts as registered, counts as done) of each activity."""
    return [(one.counts_as_registered, one.counts_as_done) for one in data.activities]


def test_a_good_row_counts_twice_and_says_nothing() -> None:
    """Registered and done, no finding."""
    data = judge_rows(good_row())
    assert (marks(data), data.findings) == ([(True, True)], ())


@pytest.mark.parametrize(
    ("changed", "cell", "code", "mark"),
    [
        ({"unit": ""}, "C2", "missing-unit", (False, False)),
        ({"target": ""}, "D2", "missing-target", (False, False)),
        ({"name": " "}, "E2", "missing-name", (False, False)),
        ({"unit": "Không có"}, "C2", "unknown-unit", (False, False)),
        ({"unit": "Công an"}, "C2", "unit-of-another-cluster", (False, False)),
        ({"target": "9"}, "D2", "unknown-target", (False, False)),
        ({"target": "3. Học bổng"}, "D2", "conflicting-target", (False, False)),
        ({"planned": ""}, "F2", "missing-planned-date", (False, True)),
        ({"registered_quantity": "0"}, "H2", "missing-registered-quantity", (False, True)),
        ({"done": ""}, "I2", "missing-done-date", (True, False)),
        ({"done_quantity": "-"}, "J2", "missing-done-quantity", (True, False)),
        ({"planned": "30/2/2024"}, "F2", "bad-date", (False, True)),
        ({"done": "abc"}, "I2", "bad-date", (True, False)),
        ({"registered_quantity": "2,5"}, "H2", "bad-number", (False, True)),
        ({"done_quantity": "mười"}, "J2", "bad-number", (True, False)),
        ({"children": "nhiều"}, "K2", "bad-number", (True, True)),
        ({"unit": CellError("#REF!")}, "C2", "formula-error", (False, False)),
        ({"name": CellError("#N/A")}, "E2", "formula-error", (False, False)),
        ({"planned": CellError("#REF!")}, "F2", "formula-error", (False, True)),
        ({"done_quantity": CellError("#VALUE!")}, "J2", "formula-error", (True, False)),
        ({"budget_vnd": CellError("#REF!")}, "L2", "formula-error", (True, True)),
        ({"note": CellError("#REF!")}, "O2", "formula-error", (True, True)),
        ({"planned": "31/12/2023"}, "F2", "outside-plan", (False, True)),
        ({"done": "31/12/2023"}, "I2", "outside-plan", (True, False)),
        ({"done": "16/12/2024"}, "I2", "result-in-future", (True, False)),
        ({"status": "Hủy"}, "N2", "conflicting-status", (False, False)),
        ({"status": "Hoãn"}, "N2", "conflicting-status", (True, False)),
        ({"target": "5"}, "D2", "unexpected-target", (True, True)),
        ({"planned": "15/6/2024"}, "F2", "outside-rounds", (True, True)),
        ({"done": "31/8/2024"}, "I2", "outside-rounds", (True, True)),
        ({"registered_quantity": 41.0}, "H2", "implausible-quantity", (True, True)),
        ({"done_quantity": 41.0}, "J2", "implausible-quantity", (True, True)),
        ({"evidence": ""}, "M2", "missing-evidence", (True, True)),
        ({"evidence": "có ảnh"}, "M2", "bad-link", (True, True)),
        ({"evidence": "javascript:alert(1)"}, "M2", "bad-link", (True, True)),
        ({"budget_vnd": "xã hội hóa"}, "L2", "bad-money", (True, True)),
        ({"status": "xong rồi"}, "N2", "unknown-status", (True, True)),
        ({"children": "~50"}, "K2", "approximate-number", (True, True)),
        ({"planned": "15/3"}, "F2", "assumed-year", (True, True)),
        ({"done": "tháng 3/2024"}, "I2", "imprecise-date", (True, True)),
        ({"unit": "An Lạ A"}, "C2", "corrected-unit", (True, True)),
        ({"name": "Héi thi"}, "E2", "legacy-encoding", (True, True)),
        ({"note": "0903 123 456"}, "O2", "personal-data", (True, True)),
        ({"place": 903123456.0}, "G2", "personal-data", (True, True)),
    ],
)
def test_one_mistake_gives_one_finding_at_its_cell(changed: dict[str, Cell], cell: str, code: str, mark: tuple[bool, bool]) -> None:
    """The finding stands at the cell to change, and stops just what the contract says."""
    data = judge_rows(good_row(**changed))
    assert (codes_at(data), marks(data)) == ({(cell, code)}, [mark])


@pytest.mark.parametrize(
    "changed",
    [
        {"planned": "01/01/2024"}, {"planned": "28/12/2023 - 02/01/2024"}, {"done": "15/12/2024"}, {"target": "1", "registered_quantity": 5.0, "done_quantity": 5.0},
        {"registered_quantity": 40.0}, {"planned": "31/5/2024"}, {"planned": "01/9/2024"}, {"status": ""}, {"status": "đã thực hiện"}, {"evidence": "https://a.example.org, http://b.example.org/x"},
        {"planned": "", "registered_quantity": ""}, {"planned": "tháng 3/2024"}, {"children": "", "budget_vnd": "", "place": ""},
    ],
)  # fmt: skip
def test_what_is_right_says_nothing(changed: dict[str, Cell]) -> None:
    """The edges of every rule, from the right side."""
    assert codes_at(judge_rows(good_row(**changed))) == set()


def test_a_target_with_a_season_may_be_run_in_it() -> None:
    """The summer is no finding for target 2."""
    row = good_row(unit="Trung tâm thiếu nhi", target="2", planned="15/6/2024", done="20/7/2024")
    assert judged(sheet(row, cluster="trung-tam"))[0].findings == ()


def test_a_registered_row_needs_no_result() -> None:
    """Nothing done and nothing said of it: only the registration counts."""
    row = good_row(done="", done_quantity="", evidence="", status="Đăng ký")
    assert (marks(judge_rows(row)), codes_at(judge_rows(row))) == ([(True, False)], set())
    row = good_row(done="", done_quantity="", evidence="", status="Đã thực hiện")
    assert codes_at(judge_rows(row)) == {("I2", "missing-done-date"), ("J2", "missing-done-quantity")}


def test_a_row_with_nothing_planned_or_done() -> None:
    """Both halves of the registration are asked for."""
    row = good_row(planned="", registered_quantity="", done="", done_quantity="", evidence="", status="")
    assert codes_at(judge_rows(row)) == {("F2", "missing-planned-date"), ("H2", "missing-registered-quantity")}


def test_a_cancelled_activity_is_explained_by_its_status() -> None:
    """It counts as nothing, and is excluded without a finding."""
    data = judge_rows(good_row(done="", done_quantity="", evidence="", status="Huỷ"))
    assert (data.findings, data.rows.excluded) == ((), 1)


def test_the_same_row_twice() -> None:
    """The later one is kept out and names the earlier one; another day or another name is another activity."""
    data = judge_rows(good_row(), good_row(name="NGÀY HỘI thiếu nhi khoẻ"), good_row(done="21/3/2024"), good_row(name="Khác"))
    assert (codes_at(data), marks(data)[1]) == ({("E3", "duplicate-row")}, (False, False))
    assert "dòng 2" in data.findings[0].message


def test_registered_in_one_row_and_reported_in_another() -> None:
    """A row that repeats the registration of an earlier one is a duplicate, so nothing is registered twice."""
    planned_only = good_row(done="", done_quantity="", evidence="", status="Đăng ký")
    assert ("E3", "duplicate-row") in codes_at(judge_rows(planned_only, good_row()))
    result_only = good_row(planned="", registered_quantity="")
    assert codes_at(judge_rows(planned_only, result_only)) == set()


def test_the_same_event_in_two_clusters() -> None:
    """Shown on both rows, each naming the other; never taken out."""
    one, other = good_row(target="1"), good_row(unit="Công an", target="1", name="Ngày hội Thiếu nhi khỏe", done="19-21/3/2024")
    data = judged(sheet(one), sheet(other, cluster="khoi"))
    assert [codes_at(cluster) for cluster in data] == [{("E2", "possible-double-count")}] * 2
    assert "dòng 2 của Khối sự nghiệp" in data[0].findings[0].message
    assert [marks(cluster) for cluster in data] == [[(True, True)]] * 2


@pytest.mark.parametrize(
    "changed", [{"done": "21/3/2024"}, {"name": "Ngày hội thiếu nhi khỏe lần 2"}, {"name": "Hội thi vẽ tranh"}, {"target": "5"}]
)
def test_events_that_are_not_the_same(changed: dict[str, Cell]) -> None:
    """Another day, another number in the name, another name or another target is another event."""
    one = good_row(target="1")
    other = good_row(**{"unit": "Công an", "target": "1", **changed})
    assert [codes_at(cluster) for cluster in judged(sheet(one), sheet(other, cluster="khoi"))] == [set(), set()]


def test_personal_data_never_leaves_the_sheet() -> None:
    """Neither activity nor finding repeats it."""
    data = judge_rows(good_row(name="Hội thi, gọi 0903 123 456", budget_vnd="gọi 0903 123 456", evidence="gọi 0903 123 456"))
    assert "123 456" not in repr(data)
    assert {code for _, code in codes_at(data)} >= {"personal-data", "bad-money", "bad-link"}


def test_a_column_that_is_not_there_is_not_checked() -> None:
    """No evidence column, no missing evidence; only results, only results are asked for."""
    header = [TITLES[column] for column in (Column.UNIT, Column.TARGET, Column.NAME, Column.DONE, Column.DONE_QUANTITY)]
    data = judged(sheet(header, ["An Lạc", 3.0, "Hội thi", "20/3/2024", 1.0], ["An Lạc", 3.0, "Hội trại", "", ""], header=False))[0]
    assert codes_at(data) == {("D3", "missing-done-date"), ("E3", "missing-done-quantity")}
    assert marks(data) == [(False, True), (False, False)]


def test_the_catalogue() -> None:
    """Every code has one sentence; a warning is what stops nothing."""
    for code, entry in CATALOGUE.items():
        assert entry.sentence
        assert not entry.sentence.endswith(".")
        for column in Column:
            found = stops(code, column)
            assert (found is Stops.NOTHING) == (found.value == "nothing")
    assert judge_rows(good_row(children="x")).findings[0].severity is Severity.WARNING
    added = {"dropped-by-decision", "lone-column", "other-table"}
    """A row that a person dropped, and what would be lost without a word."""
    assert added < set(CATALOGUE)
    assert len(CATALOGUE) == 36 + len(added)


def test_no_rule_asks_for_a_column_that_reading_does_not_answer_for() -> None:
    """What is filled is told of the columns of `ASKED_FOR` alone: no rule may say anything else where others are filled, too."""
    book = Rulebook(plan(), Lives(organization()), AS_OF, {}, frozenset(), "phuong", frozenset(Column))
    by_filled = next(group for group in ROW_RULES if "filled" in group.looks_at)
    for filled in (frozenset(some) for count in range(len(ASKED_FOR) + 1) for some in combinations(sorted(ASKED_FOR), count)):
        for status in (None, *Status):
            for rule in by_filled.rules:
                assert list(rule(book, filled, status)) == list(rule(book, filled | (frozenset(Column) - ASKED_FOR), status))


CHANGES: dict[str, Cell] = {
    "target": "1",
    "registered_quantity": 2.0,
    "done_quantity": 99.0,
    "status": "Hủy",
    "done": "",
    "planned": "",
    "name": "",
}


@given(st.lists(st.sets(st.sampled_from(sorted(CHANGES)), max_size=2), min_size=1, max_size=12))
def test_few_values_are_judged_at_once_as_row_by_row(changes: list[set[str]]) -> None:
    """Whether what is said of a row is asked for it or for all values that its column holds."""
    rows = [good_row(**{column: CHANGES[column] for column in some}) for some in changes]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rules, "_FEW", 0)
        at_once = judge_rows(*rows)
        patched.setattr(rules, "_FEW", 10**9)
        assert judge_rows(*rows) == at_once


def test_values_that_are_made_open_are_what_their_class_makes() -> None:
    """Field by field: no checker sees the order of what `made` is given."""
    for kind in (Finding, Figures, UnitCompliance):
        values = [f"{field.name}!" for field in dataclasses.fields(kind)]
        assert made(kind, *values) == kind(*values)
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made(kind, *values), dataclasses.fields(kind)[0].name, "x")
