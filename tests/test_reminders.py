"""Who is reminded, when, and of what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.calendar import DueDay, due_days
from sync.model import ClusterData, ClusterStatus, Kind, Memory
from sync.organization import Head, Organization
from sync.reminders import Reminders, Stage, current, next_stage, reminders, stages
from sync.reminders.build import left
from sync.reminders.owing import CELLS, Facts
from sync.rollup import roll_up
from sync.working_days import is_working_day, last_working_day_before
from tests.district import good_row, judged, organization, plan, sheet

WARDS = [unit.name for unit in organization().clusters[0].units]


def with_heads(*clusters: str, email: str = "{}@example.org", year: int = 2024) -> Organization:
    """Return the district where these clusters have a head for the year."""
    known = organization()
    heads = {name: (Head(year, f"Trưởng {name}", email.format(name)),) for name in clusters}
    return replace(known, clusters=tuple(replace(one, heads=heads.get(one.id, ())) for one in known.clusters))


def due(kind: Kind = Kind.RESULTS, round_id: str = "dot-1", year: int = 2024) -> DueDay:
    """Return a due day of the plan."""
    return next(one for one in due_days(plan()) if one.key == f"{year}/{round_id}/{kind.value}")


def reminded(
    *read: ClusterData, of: DueDay | None = None, as_of: date = date(2024, 6, 1), district: Organization | None = None
) -> Reminders:
    """Return the reminders for what these clusters hold."""
    known = district or with_heads("phuong", "khoi", "trung-tam")
    progress = roll_up(list(read), plan=plan(), organization=known, memory=Memory(), year=(of or due()).year, as_of=as_of)
    facts = Facts(plan(), known, progress, read, lambda cluster: f"https://docs.google.com/spreadsheets/d/{cluster}/edit")
    return reminders(of or due(), Stage.AFTER, facts, "9")


def whole(**changed: object) -> list[list[object]]:
    """Return a good row of every ward."""
    return [good_row(unit=name, name=f"Ngày hội {name}", **changed) for name in WARDS]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2025, 1, 30), date(2025, 1, 24)),  # Tết
        (date(2024, 5, 30), date(2024, 5, 29)),
        (date(2025, 11, 30), date(2025, 11, 28)),  # a Sunday
        (date(2025, 5, 2), date(2025, 4, 29)),  # 30 April, 1 May
        (date(2024, 9, 2), date(2024, 8, 30)),
    ],
)
def test_the_last_working_day_knows_weekends_and_holidays(day, last):
    """Tết included; the day itself is never it."""
    assert last_working_day_before(day) == last


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_the_last_working_day_is_one_and_no_later_one_is(day):
    """Between it and the day nobody works."""
    last = last_working_day_before(day)
    assert is_working_day(last)
    assert not any(is_working_day(last + timedelta(days=ahead)) for ahead in range(1, (day - last).days))


def test_the_four_stages_of_an_ordinary_due_day():
    """Opening, seven days before, the last working day, the day after."""
    assert stages(date(2024, 5, 30)) == [
        (date(2024, 4, 30), Stage.OPENING),
        (date(2024, 5, 23), Stage.WEEK),
        (date(2024, 5, 29), Stage.LAST),
        (date(2024, 5, 31), Stage.AFTER),
    ]


def test_before_tet_two_reminders_on_two_days_running_are_one():
    """The last working day before 30/01/2025 is the 24th, the day after the reminder of the week."""
    assert [stage for _, stage in stages(date(2025, 1, 30))] == [Stage.OPENING, Stage.LAST, Stage.AFTER]


@pytest.mark.parametrize(
    ("as_of", "stage"),
    [
        (date(2024, 4, 29), None),
        (date(2024, 4, 30), Stage.OPENING),
        (date(2024, 5, 22), Stage.OPENING),
        (date(2024, 5, 28), Stage.WEEK),
        (date(2024, 5, 30), Stage.LAST),
        (date(2024, 5, 31), Stage.AFTER),
        (date(2024, 6, 29), Stage.AFTER),
        (date(2024, 6, 30), None),
    ],
)
def test_only_the_latest_stage_that_has_come_is_sent(as_of, stage):
    """Nobody gets the opening and the last warning on one day; a month after the due day nobody is reminded any more."""
    assert [found for _, found in current(plan(), as_of)] == ([stage] if stage else [])


def test_what_came_before_the_first_run_is_not_made_up_for():
    """Whoever sets the system up after the reminder of the week does not write to every head on the first day; the next stage goes out."""
    first = date(2024, 5, 24)
    assert current(plan(), first, since=first) == []
    assert [stage for _, stage in current(plan(), date(2024, 5, 29), since=first)] == [Stage.LAST]


def test_the_next_reminder_is_known_until_the_plan_ends():
    """In March 2024 it is the opening of round 1's results; after the last due day there is none."""
    found = next_stage(plan(), date(2024, 3, 15))
    assert found is not None
    assert (found[0], found[1].key, found[2]) == (date(2024, 4, 30), "2024/dot-1/results", Stage.OPENING)
    assert next_stage(plan(), date(2028, 4, 1)) is None


def test_a_cluster_that_has_done_its_part_hears_nothing():
    """Every ward has a counted result of the round, and no cell is wrong."""
    assert reminded(*judged(sheet(*whole()))).to == ()


def test_units_are_named_with_what_is_known_of_them():
    """One ward has nothing, another has registered and not reported; the head reads both, and how many are there."""
    rows = whole()
    rows[0] = good_row(unit=WARDS[0], name="Hội trại", done="", done_quantity="", children="", evidence="", status="Đăng ký")
    ((head, shown),) = reminded(*judged(sheet(*rows[:-1]))).to
    (cluster,) = shown.clusters
    assert head.email == "phuong@example.org"
    assert shown.title == "Báo cáo kết quả đợt 1 năm 2024: đã quá hạn 02 ngày"
    assert cluster.handed_in == "Đã có 06/08 đơn vị."
    assert [(one.name, one.detail) for one in cluster.units] == [
        (WARDS[0], "có 01 hoạt động chưa ghi kết quả (dòng 2)"),
        (WARDS[-1], "chưa có hoạt động nào của đợt này trong bảng"),
    ]
    assert cluster.address == "https://docs.google.com/spreadsheets/d/phuong/edit"


def test_cells_that_keep_a_result_out_are_named():
    """A day that cannot be read stops the result: its cell and sentence are in the mail although another row counts for the ward."""
    rows = [*whole(), good_row(name="Thư viện xanh", done="32/3/2024")]
    ((_, shown),) = reminded(*judged(sheet(*rows))).to
    assert [(one.cell, "32/3/2024" in one.what) for one in shown.clusters[0].cells] == [("I10", True)]
    assert shown.clusters[0].units == ()


def test_errors_of_results_are_no_matter_of_registering():
    """A wrong result does not bring a reminder to register."""
    rows = [
        *whole(planned="15/10/2024", done="", done_quantity=""),
        good_row(name="Thư viện xanh", planned="20/10/2024", done="32/10/2024"),
    ]
    assert reminded(*judged(sheet(*rows)), of=due(Kind.REGISTRATION, "dot-2"), as_of=date(2024, 9, 1)).to == ()


def test_errors_of_another_year_are_left_to_the_sheet():
    """What is wrong in a row of 2024 is no reason to write about 2025."""
    of_next = [*whole(planned="15/03/2025", done="20/03/2025"), good_row(name="Cũ", planned="15/03/2024", done="32/3/2024")]
    found = reminded(
        *judged(sheet(*of_next), as_of=date(2025, 6, 2)),
        of=due(year=2025),
        as_of=date(2025, 6, 2),
        district=with_heads("phuong", year=2025),
    )
    assert found.to == ()


def test_many_cells_are_counted_from_some_number_on():
    """A mail names twenty and says how many more there are."""
    rows = [*whole(), *[good_row(name=f"Trại {number}", done="x") for number in range(CELLS + 3)]]
    ((_, shown),) = reminded(*judged(sheet(*rows))).to
    assert len(shown.clusters[0].cells) == CELLS
    assert shown.clusters[0].more.startswith("Còn 03 ô nữa")


def test_an_unreadable_table_is_said_to_its_head():
    """The units stand on older rows; the head hears that the table could not be read, and of which day the rows are."""
    (data,) = judged(sheet(*whole()))
    stale = replace(data, status=ClusterStatus.STALE, error="Không mở được tệp phuong.xlsx.", data_as_of=date(2024, 5, 2))
    ((_, shown),) = reminded(stale).to
    assert "02/5/2024" in shown.clusters[0].unread
    assert "Không mở được tệp" in shown.clusters[0].unread


def test_a_head_of_two_clusters_gets_one_mail():
    """One mail a head, never one a cluster; capitals in the address do not make two people."""
    known = with_heads("phuong", "khoi")
    wards, block = known.clusters[0], known.clusters[1]
    same = replace(block, heads=(replace(wards.heads[0], email="PHUONG@example.org"),))
    found = reminded(*judged(sheet(), sheet(cluster="khoi")), district=replace(known, clusters=(wards, same, known.clusters[2])))
    assert [len(shown.clusters) for _, shown in found.to] == [2]


def test_a_cluster_without_a_head_is_named_and_one_that_owes_nothing_is_not():
    """Round 1's results are not asked of the centre: no reminder though its sheet is empty."""
    found = reminded(*judged(sheet(), sheet(cluster="trung-tam")), district=with_heads("trung-tam"))
    assert found.to == ()
    assert found.without_head == ("Khu vực phường",)


@pytest.mark.parametrize(
    ("as_of", "words"),
    [(date(2024, 5, 23), "còn 07 ngày"), (date(2024, 5, 29), "còn 01 ngày"), (date(2024, 5, 30), "hôm nay là ngày cuối"), (date(2024, 5, 31), "đã quá hạn 01 ngày")],
)  # fmt: skip
def test_how_long_there_is(as_of, words):
    """Counted from the day of the figures, not from the stage."""
    assert left(date(2024, 5, 30), as_of) == words
