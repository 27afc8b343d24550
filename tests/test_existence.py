"""Rows on either side of a merger: names used again, units that had ended or not begun, halves of one row that belong to two units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sync.check import check
from sync.compliance import seen_now
from sync.model import Cell, ClusterData, Compliance, Kind, Memory, Severity, Stops
from sync.normalise import Reader
from sync.organization import Organization, Unit
from sync.rollup import roll_up
from tests import district
from tests.district import codes_at, good_row, plan, sheet

LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)
AS_OF = date(2025, 12, 15)
OLD = {"valid_to": LAST}


def merged() -> Organization:
    """Return the test district after a merger: An Lạc and An Lạc A became An Lạc, Tân Tạo went to Tân Tạo and to Bình Tân."""
    wards = (
        Unit("al", "Đoàn phường An Lạc", "phuong", successors={"al-moi": 100}, **OLD),
        Unit("al-a", "Đoàn phường An Lạc A", "phuong", successors={"al-moi": 100}, **OLD),
        Unit("tt", "Đoàn phường Tân Tạo", "phuong", successors={"tt-moi": 60, "bt": 30}, **OLD),
        Unit("al-moi", "Đoàn phường An Lạc", "phuong", valid_from=FIRST),
        Unit("tt-moi", "Đoàn phường Tân Tạo", "phuong", valid_from=FIRST),
        Unit("bt", "Đoàn phường Bình Tân", "phuong", valid_from=FIRST),
    )
    base = district.organization()
    return replace(base, clusters=(replace(base.clusters[0], units=wards), *base.clusters[1:]))


def judged(*rows: list[Cell], organization: Organization | None = None) -> ClusterData:
    """Return what a sheet of wards comes to."""
    known = organization or merged()
    reading = Reader(plan(), known).read(sheet(*rows), as_of=AS_OF)
    return check([reading], plan=plan(), organization=known, as_of=AS_OF)[0]


def only(**changed: Cell) -> list[Cell]:
    """Return a row without the half that is not given."""
    half = {"planned": "", "registered_quantity": "", "done": "", "done_quantity": "", "evidence": "", "status": "", **changed}
    return good_row(**half)


@pytest.mark.parametrize(
    ("typed", "day", "unit"),
    [
        ("Đoàn phường An Lạc", "30/6/2025", "al"), ("Đoàn phường An Lạc", "01/7/2025", "al-moi"), ("P. An Lạc", "28/6 - 02/7/2025", "al-moi"),
        ("an lac", "tháng 6/2025", "al"), ("Tân Tạoo", "15/9/2025", "tt-moi"), ("Tân Tạoo", "15/3/2025", "tt"), ("Tân Tạo", "15/3/2024", "tt"), ("TÂN TẠO", "15/9/2025", "tt-moi"),
        ("Bình Tân", "15/9/2025", "bt"), ("An Lạc A", "15/3/2025", "al-a"),
    ],
)  # fmt: skip
def test_a_name_is_the_unit_of_its_day(typed: str, day: str, unit: str) -> None:
    """A name that is used again means the unit that existed when the activity ended, a slip of the keyboard in it likewise."""
    data = judged(only(unit=typed, planned=day, registered_quantity=1.0))
    assert [one.unit for one in data.activities] == [unit]
    assert {found.code for found in data.findings} <= {"corrected-unit", "outside-rounds"}
    assert data.activities[0].counts_as_registered


def test_one_row_across_the_merger_belongs_to_both() -> None:
    """Registered for June by the old An Lạc, done in July by the new one: each half counts for its own unit."""
    data = judged(good_row(planned="15/5/2025", registered_quantity=3.0, done="05/9/2025", done_quantity=2.0))
    one = data.activities[0]
    assert (one.registering_unit, one.unit, one.counts_as_registered, one.counts_as_done) == ("al", "al-moi", True, True)
    assert seen_now([data], plan()) == {("al", 2025, "dot-1", Kind.REGISTRATION), ("al-moi", 2025, "dot-2", Kind.RESULTS)}
    progress = roll_up([data], plan=plan(), organization=merged(), memory=Memory(), year=2025, as_of=AS_OF)
    found = {figures.unit: (figures.registered, figures.done) for figures in progress.by_unit if figures.target == 3}
    assert (found["al"], found["al-moi"]) == ((3, 0), (0, 2))


@pytest.mark.parametrize(
    ("row", "mark", "said", "suggestion"),
    [
        (only(unit="An Lạc A", done="15/9/2025", done_quantity=1.0), (False, False), "chỉ có đến hết ngày 30/6/2025, mà kết quả là ngày 15/9/2025; vào ngày ấy là Đoàn phường An Lạc;", "Đoàn phường An Lạc"),
        (only(unit="Bình Tân", planned="15/3/2025", registered_quantity=1.0), (False, False), "chỉ có từ ngày 01/7/2025, mà thời gian dự kiến là ngày 15/3/2025; vào ngày ấy là Đoàn phường Tân Tạo;", "Đoàn phường Tân Tạo"),
        (good_row(unit="An Lạc A", planned="15/5/2025", done="15/9/2025"), (True, False), "mà kết quả là ngày 15/9/2025", None),
        (good_row(unit="Bình Tân", planned="15/5/2025", done="15/9/2025"), (False, True), "mà thời gian dự kiến là ngày 15/5/2025", None),
        (good_row(unit="An Lạc A", planned="15/9/2025", done="16/9/2025"), (False, False), "chỉ có đến hết ngày 30/6/2025", "Đoàn phường An Lạc"),
    ],
)  # fmt: skip
def test_a_unit_that_did_not_exist_is_a_finding(row: list[Cell], mark: tuple[bool, bool], said: str, suggestion: str | None) -> None:
    """It stands at the unit's cell, keeps out the half that it is about, and says since when, until when, and who existed then."""
    data = judged(row)
    assert codes_at(data) == {("C2", "unit-not-existing")} | ({("M2", "missing-evidence")} if mark[1] and not row[12] else set())
    found = data.findings[0]
    one = data.activities[0]
    assert (one.counts_as_registered, one.counts_as_done) == mark
    assert said in found.message
    assert "hãy ghi đơn vị có vào ngày ấy" in found.message
    assert (found.suggestion, found.severity) == (suggestion, Severity.ERROR)
    assert found.stops is (Stops.ROW if mark == (False, False) else Stops.RESULT if mark[0] else Stops.REGISTRATION)


def test_several_mergers_in_a_line_are_followed() -> None:
    """Whoever types the oldest name is told who exists now, not who came in between."""
    second = tuple(
        replace(one, valid_to=date(2025, 10, 31), successors={"moi": 100}) if one.id in {"al-moi", "bt"} else one
        for one in merged().clusters[0].units
    )
    units = (*second, Unit("moi", "Đoàn phường Mới", "phuong", valid_from=date(2025, 11, 1)))
    later = replace(merged(), clusters=(replace(merged().clusters[0], units=units), *merged().clusters[1:]))
    row = only(unit="An Lạc A", done="15/11/2025", done_quantity=1.0)
    assert "vào ngày ấy là Đoàn phường Mới;" in judged(row, organization=later).findings[0].message


def test_nobody_owes_anything_outside_their_days() -> None:
    """Old units owe what fell due by 30/6/2025, new ones what falls due from 01/7/2025 on."""
    progress = roll_up([judged()], plan=plan(), organization=merged(), memory=Memory(), year=2025, as_of=AS_OF)
    asked = {
        (one.unit, one.round, kind)
        for one in progress.compliance
        for kind, state in (("đk", one.registration), ("kq", one.results))
        if one.cluster == "phuong" and state is not Compliance.NOT_REQUIRED
    }
    old, new = ("al", "al-a", "tt"), ("al-moi", "tt-moi", "bt")
    kinds = ("đk", "kq")
    assert asked == {(unit, "dot-1", kind) for unit in old for kind in kinds} | {(unit, "dot-2", kind) for unit in new for kind in kinds}
    listed = {one.unit for year in (2024, 2026) for one in roll_up([judged()], plan=plan(), organization=merged(), memory=Memory(), year=year, as_of=AS_OF).by_unit if one.cluster == "phuong" and year == 2024}  # fmt: skip
    assert listed == set(old)


def test_two_units_of_one_name_are_told_apart_on_paper() -> None:
    """A name that two units have is shown with its days, every other name as it is."""
    shown = merged().shown_names()
    assert (shown["al"], shown["al-moi"]) == ("Đoàn phường An Lạc (đến 30/6/2025)", "Đoàn phường An Lạc (từ 01/7/2025)")
    assert shown["bt"] == "Đoàn phường Bình Tân"
