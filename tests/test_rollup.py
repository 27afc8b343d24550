"""Figures and who has handed in (contract section 6)."""

from __future__ import annotations

from datetime import date

import pytest

from sync.compliance import remember_seen
from sync.journal import with_run
from sync.model import Cell, ClusterData, Compliance, Figures, Memory, Progress, RowCount, RunRecord, Sheet
from sync.rollup import percent, roll_up
from tests.district import AS_OF, good_row, judged, organization, plan, sheet


def rolled(*sheets: Sheet, as_of: date = AS_OF, year: int | None = None, memory: Memory | None = None) -> Progress:
    """Return the figures of the sheets."""
    data = judged(*sheets, as_of=as_of)
    return roll_up(data, plan=plan(), organization=organization(), memory=memory or Memory(), year=year or as_of.year, as_of=as_of)


def target(progress: Progress, number: int) -> Figures:
    """Return one target's figures of the year."""
    return next(one for one in progress.targets if one.target == number)


def done_in(progress: Progress, number: int) -> dict[str | None, int]:
    """Return what was done of one target by round."""
    return {one.round: one.done for one in progress.by_round if one.target == number}


@pytest.mark.parametrize(
    ("done", "goal", "shown"),
    [(23, 40, "57.5"), (1, 3, "33.3"), (2, 3, "66.7"), (0, 5, "0.0"), (25, 20, "125.0"), (1, 16, "6.3"), (1, 80, "1.3")],
)
def test_per_cent_is_exact_and_half_up(done: int, goal: int, shown: str) -> None:
    """No floating point: 1/80 is 1.25 and goes up."""
    assert percent(done, goal) == shown


def test_quantities_are_summed_not_rows() -> None:
    """Five libraries in one row are five; registered and done are apart."""
    progress = rolled(
        sheet(
            good_row(registered_quantity=3.0, done_quantity=5.0),
            good_row(name="B", registered_quantity=4.0, done="", done_quantity="", evidence="", status=""),
        )
    )
    one = target(progress, 3)
    assert (one.registered, one.done, one.goal, one.percent, one.missing) == (7, 5, 40, "12.5", 35)
    assert target(progress, 5).done == 0


def test_year_and_round_are_those_of_the_end() -> None:
    """A period belongs where it ends: May is round 1, June the summer, September round 2, January the next year."""
    rows = [
        good_row(name=name, planned="15/3/2024", done=done)
        for name, done in (("A", "28-31/5/2024"), ("B", "31/5/2024 - 01/6/2024"), ("C", "01/9/2024"))
    ]
    rows.append(good_row(name="D", planned="30/12/2024 - 02/01/2025", done="", done_quantity="", evidence="", status=""))
    progress = rolled(sheet(*rows))
    assert done_in(progress, 3) == {"dot-1": 1, "he": 1, "dot-2": 1}
    assert target(progress, 3).registered == 3
    assert target(rolled(sheet(*rows), year=2025), 3).registered == 1


@pytest.mark.parametrize(
    ("done", "planned_later", "as_of", "status"),
    [
        (41.0, 0.0, date(2024, 12, 15), "exceeded"),
        (40.0, 0.0, date(2024, 12, 15), "met"),
        (39.0, 1.0, date(2024, 12, 15), "on-course"),
        (38.0, 1.0, date(2024, 12, 15), "at-risk"),
        (39.0, 1.0, date(2024, 12, 31), "at-risk"),
        (39.0, 1.0, date(2025, 1, 1), "missed"),
        (40.0, 0.0, date(2025, 1, 1), "met"),
    ],
)
def test_status(done: float, planned_later: float, as_of: date, status: str) -> None:
    """Exceeded, met, on course while what is still planned suffices, missed only after the year's end."""
    later: list[list[Cell]] = [
        good_row(name="B", planned="20/12/2024", registered_quantity=planned_later, done="", done_quantity="", evidence="", status="")
    ]
    progress = rolled(
        sheet(good_row(registered_quantity=1.0, done_quantity=done), *(later if planned_later else [])), as_of=as_of, year=2024
    )
    assert target(progress, 3).status == status


@pytest.mark.parametrize(
    ("changed", "projected"), [({}, 1), ({"status": "Hoãn"}, 0), ({"planned": "15/12/2024"}, 1), ({"planned": "14/12/2024"}, 0)]
)
def test_still_planned(changed: dict[str, Cell], projected: int) -> None:
    """Planned for today or later, not put off."""
    row = good_row(**{"planned": "20/12/2024", "done": "", "done_quantity": "", "evidence": "", "status": "", **changed})
    assert target(rolled(sheet(row)), 3).projected == projected


def test_a_year_that_is_not_measured_has_no_goal() -> None:
    """2028 is shown, but held against nothing."""
    progress = rolled(sheet(good_row(planned="01/3/2028", done="02/3/2028")), as_of=date(2028, 4, 1))
    one = target(progress, 3)
    assert (one.done, one.goal, one.percent, one.missing, one.status) == (1, None, None, None, None)


def test_slices() -> None:
    """The same figures by cluster and unit; a cluster has its part of the goal, and what it did beside it is shown too."""
    progress = rolled(
        sheet(good_row(), good_row(unit="Tân Tạo", target="1", name="B")),
        sheet(good_row(unit="Công an", target="5", done_quantity=5.0), cluster="khoi"),
    )
    by_cluster = {(one.cluster, one.target): (one.goal, one.done) for one in progress.by_cluster}
    assert by_cluster == {
        ("phuong", 1): (None, 1),
        ("phuong", 3): (40, 1),
        ("khoi", 5): (20, 5),
        ("trung-tam", 1): (1, 0),
        ("trung-tam", 2): (10, 0),
    }
    by_unit = {(one.unit, one.target): one.done for one in progress.by_unit}
    assert (by_unit["dp-0", 3], by_unit["dp-5", 1], by_unit["dp-5", 3], by_unit["cong-an", 5]) == (1, 1, 0, 5)


def state(progress: Progress, unit: str, round_id: str) -> tuple[Compliance, Compliance]:
    """Return (registration, results) of a unit for a round."""
    return next((one.registration, one.results) for one in progress.compliance if (one.unit, one.round) == (unit, round_id))


ON_TIME, LATE, MISSING, NOT_DUE, NOT_REQUIRED = (
    Compliance.ON_TIME,
    Compliance.LATE,
    Compliance.MISSING,
    Compliance.NOT_DUE,
    Compliance.NOT_REQUIRED,
)


def test_who_has_handed_in() -> None:
    """What is there is in time without a run that proves otherwise; what is not there is missing once its day has passed."""
    progress = rolled(sheet(good_row(planned="15/3/2025", done="20/3/2025")), as_of=date(2025, 8, 30))
    assert state(progress, "dp-0", "dot-1") == (ON_TIME, ON_TIME)
    assert state(progress, "dp-0", "dot-2") == (NOT_DUE, NOT_DUE)
    assert state(progress, "dp-1", "dot-1") == (MISSING, MISSING)
    assert state(rolled(sheet(), as_of=date(2025, 8, 31)), "dp-0", "dot-2") == (MISSING, NOT_DUE)


def test_nothing_is_owed_before_the_plan_was_in_force() -> None:
    """30/01/2024 lies before March 2024."""
    assert state(rolled(sheet()), "dp-0", "dot-1") == (NOT_REQUIRED, MISSING)


def test_the_summer_is_owed_with_its_neighbours() -> None:
    """Planned in the summer is registered with round 1, done in the summer is reported with round 2; nothing else is asked of the centre."""
    row = good_row(unit="Trung tâm thiếu nhi", target="2", planned="15/6/2025", done="20/7/2025")
    progress = rolled(sheet(row, cluster="trung-tam"), as_of=date(2025, 12, 15))
    assert state(progress, "trung-tam", "dot-1") == (ON_TIME, NOT_REQUIRED)
    assert state(progress, "trung-tam", "dot-2") == (NOT_REQUIRED, ON_TIME)


def remembered(memory: Memory, data: list[ClusterData], day: date) -> Memory:
    """Return the memory after a run on that day."""
    read = tuple(one.cluster for one in data if one.status == "ok")
    seen = remember_seen(memory, data, plan(), day)
    return with_run(Memory(memory.runs, seen), RunRecord(day, read, RowCount(), 0, 0, "", ""))


def test_late_only_where_a_run_proves_it() -> None:
    """The first run after the due day that could read the cluster did not see it, a later one did."""
    row = good_row(planned="15/3/2025", done="", done_quantity="", evidence="", status="")
    empty, full = sheet(), sheet(row)
    after_due = remembered(Memory(), judged(empty, as_of=date(2025, 1, 31)), date(2025, 1, 31))
    assert state(rolled(full, as_of=date(2025, 2, 5), memory=after_due), "dp-0", "dot-1")[0] is LATE
    before_due = remembered(Memory(), judged(empty, as_of=date(2025, 1, 30)), date(2025, 1, 30))
    assert state(rolled(full, as_of=date(2025, 2, 5), memory=before_due), "dp-0", "dot-1")[0] is ON_TIME
    unread = remembered(Memory(), judged(Sheet("phuong", "", (), ""), as_of=date(2025, 1, 31)), date(2025, 1, 31))
    assert state(rolled(full, as_of=date(2025, 2, 5), memory=unread), "dp-0", "dot-1")[0] is ON_TIME


def test_what_was_seen_in_time_stays_in_time() -> None:
    """Seen on the first run after the due day; later runs do not make it late."""
    row = good_row(planned="15/3/2025", done="", done_quantity="", evidence="", status="")
    memory = remembered(Memory(), judged(sheet(row), as_of=date(2025, 1, 31)), date(2025, 1, 31))
    memory = remembered(memory, judged(sheet(row), as_of=date(2025, 3, 1)), date(2025, 3, 1))
    assert state(rolled(sheet(row), as_of=date(2025, 3, 2), memory=memory), "dp-0", "dot-1")[0] is ON_TIME
    assert state(rolled(sheet(), as_of=date(2025, 3, 2), memory=memory), "dp-0", "dot-1")[0] is MISSING


def test_rates_add_up() -> None:
    """Expected is on time, late and missing together, once due; clusters of which nothing is asked have no line."""
    progress = rolled(sheet(good_row(planned="15/3/2025", done="20/3/2025")), as_of=date(2025, 12, 31))
    rates = {(one.cluster, one.round, one.kind): one for one in progress.reporting_rates}
    assert all(one.expected == one.on_time + one.late + one.missing for one in rates.values())
    assert (rates["phuong", "dot-1", "registration"].on_time, rates["phuong", "dot-1", "registration"].expected) == (1, 8)
    assert ("trung-tam", "dot-1", "results") not in rates
