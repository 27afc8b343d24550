"""What says the same is one object, and what does not is what it is now."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from sync.alike import Whole, as_remembered
from sync.check import Judged
from sync.model import Activity, ClusterData, ClusterStatus, Column, Finding, Period, RowCount, Severity, Stops

BLANK = {one.name: None for one in fields(Activity)} | {
    "cluster": "c1", "tab": "Hoạt động", "evidence": (), "counts_as_registered": True, "counts_as_done": False, "held_back": (), "set_aside": (),
}  # fmt: skip


def activity(row: int, name: str) -> Activity:
    planned = Period(date(2026, 3, 1), date(2026, 3, row))
    return Activity(**{**BLANK, "row": row, "code": f"C1-{row:04d}", "name": f"Chiến dịch {name}", "planned": planned})


def finding(row: int) -> Finding:
    return Finding("c1", "Hoạt động", f"E{row}", row, "no-date", Severity.WARNING, Stops.NOTHING, f"Dòng {row}", "", column=Column.PLANNED)


def cluster() -> ClusterData:
    """Return the same cluster anew: not one part of it is the object that another call returns."""
    return ClusterData(
        cluster="c1",
        status=ClusterStatus.OK,
        source="".join(["so-lieu/", "c1.xlsx"]),
        activities=tuple(activity(row, "xanh") for row in (5, 6, 7)),
        findings=(finding(6),),
        rows=RowCount(4, 3, 0, 1),
        tab="".join(["Hoạt", " động"]),
        header_row=4,
        columns={Column.UNIT: 2, Column.NAME: 5},
        fingerprint="".join(["a1", "b2"]),
        data_as_of=date(2026, 11, 26),
    )


def test_what_did_not_change_is_the_object_that_is_remembered() -> None:
    before, now = cluster(), cluster()
    assert now.activities[0] is not before.activities[0]
    assert as_remembered(now, before) is before
    found = as_remembered(replace(now, data_as_of=date(2026, 11, 27)), before)
    assert found == replace(now, data_as_of=date(2026, 11, 27))
    others = [one.name for one in fields(ClusterData) if one.name != "data_as_of"]
    assert all(getattr(found, name) is getattr(before, name) for name in others)


def test_what_changed_is_as_it_is_now_and_the_rest_is_shared() -> None:
    before = cluster()
    first, second, third = cluster().activities
    now = replace(
        cluster(), activities=(first, replace(second, children=30), third, activity(8, "hồng")), findings=(), data_as_of=date(2026, 11, 27)
    )
    found = as_remembered(now, before)
    assert found == now
    assert [one is old for one, old in zip(found.activities, before.activities, strict=False)] == [True, False, True]
    assert found.source is before.source
    assert found.columns is before.columns


def test_rows_that_went_are_gone() -> None:
    now = replace(cluster(), activities=cluster().activities[:1])
    assert as_remembered(now, cluster()) == now


@pytest.mark.parametrize("name", ["source", "rows", "tab", "header_row", "columns", "fingerprint", "findings", "activities"])
def test_what_a_cluster_has_no_more_is_not_taken_from_before(name: str) -> None:
    empty = ClusterData("c1", ClusterStatus.OK, "")
    now = replace(cluster(), **{name: getattr(empty, name)})
    assert getattr(as_remembered(now, cluster()), name) == getattr(empty, name)


def test_a_cluster_of_which_nothing_is_remembered_is_as_it_was_read() -> None:
    data = cluster()
    assert as_remembered(data, None) is data


def test_columns_that_several_clusters_have_alike_are_one_object() -> None:
    whole = Whole({})
    first, second = (whole(Judged(replace(cluster(), cluster=name))).head for name in ("c1", "c2"))
    assert first.columns is second.columns
    assert (first.cluster, second.cluster) == ("c1", "c2")
